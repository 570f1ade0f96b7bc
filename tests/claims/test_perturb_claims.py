"""AF22-perturb: the claim holds where it was certified, and a wrong radius, distance or index is noticed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symrelu.claims import perturb_claims
from symrelu.claims.perturb_claims import perturbed_targets, random_target


@pytest.fixture(scope="module")
def verdict():
    """All four cases, once."""
    return perturbed_targets()


def test_the_claim_holds_with_certified_radii(verdict):
    assert (verdict.verdict, verdict.evidence) == ("holds", "certified")
    assert verdict.range == "(d,k) = (6,6), (7,7), (8,8), (8,9)"
    for text in (
        "II at (d,k) = (6,6): |V - I|_F <= 0.00124",
        "II at (d,k) = (7,7): |V - I|_F <= 0.0052",
        "II at (d,k) = (8,8): |V - I|_F <= 0.0078",
        "II+1 at (d,k) = (8,9): |V - I|_F <= 0.00164",
        "sufficient, not necessary",
    ):
        assert text in verdict.detail


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"distance": Fraction(1, 10**6)}, "it moves by"),
        ({"index": 1}, "instead of 1"),
        ({"least": Fraction(1, 100)}, "instead of 0"),
        ({"radius": Fraction(1, 10)}, "a target at the certified radius"),
    ],
)
def test_a_wrong_statement_fails(monkeypatch, wrong: dict[str, Any], reason):
    real = perturb_claims.persistence
    monkeypatch.setattr(perturb_claims, "CASES", (("II", 6),))
    monkeypatch.setattr(perturb_claims, "persistence", lambda *data: replace(real(*data), **wrong))
    found = perturbed_targets()
    assert found.verdict == "fails"
    assert reason in found.detail


def test_a_saddle_is_not_counted_as_a_minimum(monkeypatch):
    monkeypatch.setattr(perturb_claims, "CASES", (("II", 5),))
    found = perturbed_targets()
    assert found.verdict == "fails"
    assert "II at d = 5 is not a minimum" in found.detail


def test_far_beyond_the_radius_the_point_may_be_lost(monkeypatch):
    monkeypatch.setattr(perturb_claims, "CASES", (("II", 6),))
    monkeypatch.setattr(perturb_claims, "BEYOND", 60)
    found = perturbed_targets()
    assert found.verdict == "holds"
    assert "0 of 1 random targets" in found.detail


def test_random_targets_have_the_size_asked_for():
    for seed in range(3):
        target = random_target(4, Fraction(1, 100), seed)
        square = sum((x - (p == q)) ** 2 for p, row in enumerate(target) for q, x in enumerate(row))
        assert Fraction(999_999, 10**6) ** 2 < square * 10**4 <= 1
    assert random_target(4, Fraction(1, 100), 1) != random_target(4, Fraction(1, 100), 2)


def test_the_seeded_targets_are_the_same_in_every_run():
    assert random_target(3, Fraction(1), 5) == random_target(3, Fraction(1), 5)
