"""AF22-estimates: series and limits against numbers at large d, and wrong ones are noticed."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from symrelu.analysis.expansion import S
from symrelu.claims import estimates_claims as claims
from symrelu.claims.shared import limits, point
from symrelu.claims.verdict import Verdict


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    return claims.analytic_estimates()


def test_there_are_estimates(verdict: Verdict) -> None:
    assert (verdict.verdict, verdict.evidence) == ("holds", "certified")
    for text in (
        "II+1 0.2672548139/d",
        "less than II with 0.29736/d",
        "not a power series in d^(-1/2)",
        "paper's are not",
    ):
        assert text in verdict.detail


@pytest.mark.parametrize("name", ["A+1", "I+1"])
def test_the_exact_loss_is_the_certified_one_at_a_large_d(name: str) -> None:
    loss, order = claims.EXACT[name]
    root = 4 if name == "I+1" else 2
    for d in (10**8, 10**12):
        s = d ** (-1 / root)
        assert abs(float(loss.subs(S, s)) - float(point(name, d).loss.mid())) < 30 * s**order + 1e-15


@pytest.mark.parametrize(("name", "coefficient"), [("II+1", 0.26725), ("II+2", 0.26719)])
def test_the_loss_in_balls_is_the_certified_one_at_a_large_d(name: str, coefficient: float) -> None:
    assert float(point(name, 10**8).loss.mid()) * 10**8 == pytest.approx(coefficient, abs=1e-5)


@pytest.mark.parametrize("name", ["A+1", "II+1", "II+2"])
def test_limits_are_approached(name: str) -> None:
    d = 10**8
    for component in point(name, d).point.components:
        found = limits(name)[component.type.name]
        bounded = [float(value.mid()) for value in component.eigenvalues if value * 8 < d]
        assert len(component.eigenvalues) - len(bounded) == len(found.pivots)
        assert bounded == pytest.approx([float(value.mid()) for value in found.bounded], abs=5e-3)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("EXACT", {"A+1": (claims.EXACT["A+1"][0] + S**3 / 10**9, 4)}, "A+1: the loss is"),
        ("EXACT", {"I+1": (claims.EXACT["I+1"][0] + S**4 * (sympy.sqrt(2) - 1) / 10**9, 5)}, "I+1: the loss is"),
        ("PARAMETER", {"A+1": "s = d^(-1/4)", "I+1": "s = d^(-1/4)"}, "A+1 is not a series in s = d^(-1/4)"),
        ("BALLS", {"II+1": "0.29736"}, "II+1: the loss does not start with 0.29736/d"),
    ],
)
def test_a_wrong_estimate_fails(
    verdict: Verdict, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, reason: str
) -> None:
    if name == "EXACT":
        monkeypatch.setattr(claims, "_in_words", str)
        monkeypatch.setattr(claims, "BALLS", {})
    monkeypatch.setattr(claims, name, value)
    found = claims.analytic_estimates()
    assert found.verdict == "fails"
    assert reason in found.detail


def test_constants_of_the_field_are_compared_exactly() -> None:
    pi, root = sympy.pi, claims.ROOT
    assert claims._zero((root**3 - (pi - 2) * root) * S + (pi**2 - 4) / (pi - 2) - pi - 2)
    assert not claims._zero(root - sympy.Rational(10684, 10000))


def test_another_limit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = dict(limits("A+1"))
    monkeypatch.setattr(claims, "limits", lambda name: {**found, "x1": found["y1"]})
    assert len(claims._wrong_limits("A+1")) == 1
