"""AF22-interlacing: what the check finds, and that it notices what is wrong."""

from dataclasses import replace

import pytest

from symrelu.claims import interlacing_claims
from symrelu.claims.interlacing_claims import DESCENTS, descent_by_interlacing


@pytest.fixture
def only_a(monkeypatch):
    """A+1 at d = 10 alone; the test changes what is expected of it."""

    def expect(**changes):
        monkeypatch.setattr(interlacing_claims, "DESCENTS", (replace(DESCENTS[0], **changes),))
        monkeypatch.setattr(interlacing_claims, "RANGES", {"A+1": (10, 11)})
        return descent_by_interlacing()

    return expect


def test_the_claim_holds_and_names_subspaces_and_both_spectra() -> None:
    verdict = descent_by_interlacing()
    assert (verdict.verdict, verdict.evidence) == ("holds", "certified")
    assert "A+1 (s1), d = 10: -0.013843 < -0.013813 on (off1, w21)" in verdict.detail
    assert "II+2 (s1), d = 10: -0.045239 < -0.035796 on (w31, w41)" in verdict.detail
    assert "rows of A in it at d = 100: 0.0904, 0.224, 25.21; A itself: 0.08978, 0.1974, 25.22" in verdict.detail
    assert "A+1 on [10, 100]" in verdict.range


def test_what_is_expected_is_found(only_a) -> None:
    assert only_a().verdict == "holds"


def test_another_subspace_is_noticed(only_a) -> None:
    verdict = only_a(carriers={10: ("diag1", "w21")})
    assert verdict.verdict == "fails"
    assert "carried by off1, w21, not by diag1, w21" in verdict.detail


def test_a_subspace_that_does_not_descend_on_the_range_is_noticed(only_a) -> None:
    assert "does not descend everywhere on [10, 11]" in only_a(carriers={10: ("diag1", "off1")}).detail


def test_a_minimum_is_noticed(monkeypatch) -> None:
    """II+1 has no descent direction: nothing to derive, and the check says so instead of stopping."""
    expected = replace(DESCENTS[0], family="II+1", carriers={20: ("w31",)}, smaller="II", fixed=(3,))
    monkeypatch.setattr(interlacing_claims, "DESCENTS", (expected,))
    monkeypatch.setattr(interlacing_claims, "RANGES", {})
    verdict = descent_by_interlacing()
    assert verdict.verdict == "fails"
    assert "II+1 at d = 20 does not descend in s1 alone" in verdict.detail
