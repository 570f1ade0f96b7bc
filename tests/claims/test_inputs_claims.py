"""AF20-inputs: what the check finds, and that it notices what is wrong."""

from fractions import Fraction

import pytest
from sympy import Integer, Rational

from symrelu import family
from symrelu.analysis.extra_inputs import prove_inputs_convex
from symrelu.arithmetic.outcome import Undecided
from symrelu.claims import inputs_claims
from symrelu.claims.inputs_claims import ADDED, extra_inputs
from symrelu.claims.shared import D


@pytest.fixture
def quick(monkeypatch):
    """Only what a test looks at: the other parts are in the full check."""
    monkeypatch.setattr(inputs_claims, "ALONG", ("A",))
    monkeypatch.setattr(inputs_claims, "LARGEST_D", 6)
    monkeypatch.setattr(inputs_claims, "MINIMA", ("II+1",))
    monkeypatch.setattr(inputs_claims, "DENSE", (("global", 3),))


def test_the_claim_holds() -> None:
    verdict = extra_inputs()
    assert (verdict.verdict, verdict.evidence) == ("holds", "exact")
    assert "A: d/4 + 1/4 - 1/pi s, n times; 1/4 - 1/pi s, n(d-1) times" in verdict.detail
    assert "1/4, n(d-2) times" in verdict.detail
    assert "I+2 (t*o, -0.00448488), II+2 (t*o, -0.043163)" in verdict.detail
    assert "d <= 100" in verdict.range


def test_a_wrong_coefficient_is_found(monkeypatch, quick) -> None:
    monkeypatch.setitem(ADDED, "II", [(n, value + Rational(1, 7)) for n, value in ADDED["II"]])
    verdict = extra_inputs()
    assert verdict.verdict == "fails"
    assert verdict.detail.startswith("II:")


def test_a_wrong_multiplicity_is_found(monkeypatch, quick) -> None:
    monkeypatch.setitem(ADDED, "A", [(n + Integer(1) if n == D - 1 else n, value) for n, value in ADDED["A"]])
    verdict = extra_inputs()
    assert verdict.verdict == "fails"
    assert "A: the multiplicities" not in verdict.detail  # those found are right, those expected are not
    assert verdict.detail.startswith("A: ")


def test_a_saddle_in_place_of_a_minimum_is_found(monkeypatch, quick) -> None:
    monkeypatch.setattr(inputs_claims, "MINIMA", ("II+2",))
    verdict = extra_inputs()
    assert verdict.verdict == "fails"
    assert "II+2 at d = 20 with 2 extra inputs descends in ['s1', 't*o']" in verdict.detail


def test_a_family_along_which_k_is_indefinite_is_not_certified() -> None:
    with pytest.raises(Undecided, match=r"t\*o"):
        prove_inputs_convex(family("II+2")._numbers(), Fraction(20), Fraction(20) + Fraction(1, 100))
