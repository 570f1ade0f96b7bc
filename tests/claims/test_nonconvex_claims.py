"""SYS-nonconvex and SYS-most: they hold, say so with their numbers, and notice what is wrong."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
import sympy

from symrelu.analysis.moved_rows import D, T
from symrelu.analysis.one_point import approx_one_point_shares
from symrelu.claims import nonconvex_claims as claims
from symrelu.claims.verdict import Verdict


@pytest.fixture(scope="module")
def nonconvex() -> Verdict:
    return claims.local_nonconvexity()


@pytest.fixture(scope="module")
def most() -> Verdict:
    return claims.most_directions()


def test_nonconvexity_holds_exactly(nonconvex: Verdict) -> None:
    assert (nonconvex.verdict, nonconvex.evidence) == ("holds", "exact")
    for text in (
        "-2 sqrt(2) eps/(pi (2 eps^2 + 1))",
        "t^3/(6 pi)",
        "t^4 (d + 10)/(16 pi^2)",
        "1.44 + 0.12 (d-2)",
        "atan(t)/pi",
    ):
        assert text in nonconvex.detail


def test_most_directions_holds_numerically(most: Verdict) -> None:
    assert (most.verdict, most.evidence) == ("holds", "numeric")
    for text in ("4: 92.0%", "radius 0.1", "mu = 0.25", "econstructed", "1800 are closer to W*", "98.0% at d = 100"):
        assert text in most.detail


def test_they_are_quick(nonconvex: Verdict, most: Verdict) -> None:
    start = time.process_time()
    claims.local_nonconvexity()
    claims.most_directions()
    assert time.process_time() - start < 10


@pytest.mark.parametrize("change", [{"kappa": -2 * T / (sympy.pi * (1 + T**2))}, {"kappa": T / sympy.pi}])
def test_a_wrong_eigenvalue_fails(change: dict[str, Any]) -> None:
    right = claims.derive_negative_curvature(1)
    assert claims._wrong_curvature(right) == []
    assert claims._wrong_curvature(dataclasses.replace(right, **change))


@pytest.mark.parametrize("change", [{"loss": T**3}, {"gradient_squared": D * T**4}, {"one_point": T}])
def test_a_wrong_path_fails(change: dict[str, Any]) -> None:
    right = claims.derive_flat_path(1)
    assert claims._wrong_path(right) == []
    assert claims._wrong_path(dataclasses.replace(right, **change))


def test_a_bound_that_does_not_hold_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    right = claims.derive_flat_path(1)
    small = tuple(ball * 9 / 10 for ball in claims.ratio_bound())
    monkeypatch.setattr(claims, "ratio_bound", lambda: small)
    assert any("|grad L|^2 / L" in text for text in claims._wrong_path(right))


def test_few_directions_or_a_step_that_does_not_contract_fail() -> None:
    few = approx_one_point_shares(sizes=(4,), samples=60, mu=0.7)
    assert any("of the directions" in text for text in claims._wrong_shares(few))
    good = approx_one_point_shares(sizes=(4, 6), samples=60)
    assert claims._wrong_shares(good) == []
    one, other = good.shares
    broken = dataclasses.replace(good, shares=[dataclasses.replace(one, contracted=1), other])
    assert any("failed to contract" in text for text in claims._wrong_shares(broken))
    shifted = dataclasses.replace(good, shares=[dataclasses.replace(one, mean=0.8), other])
    assert any("far from 1/2" in text for text in claims._wrong_shares(shifted))
    worse = dataclasses.replace(good, shares=[one, dataclasses.replace(other, holds=35)])
    assert any("falls" in text for text in claims._wrong_shares(worse))


def test_a_failure_becomes_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        claims, "approx_one_point_shares", lambda **_: approx_one_point_shares((4,), mu=0.7, samples=60)
    )
    verdict = claims.most_directions()
    assert verdict.verdict == "fails"
    assert "of the directions" in verdict.detail
