"""One-point strong convexity, measured: the float network against the dense one, the counts against exact moments."""

from __future__ import annotations

import json
from math import atan, log, pi, sqrt
from random import Random
from typing import Any

import pytest
import sympy

from symrelu.analysis import one_point
from symrelu.analysis.one_point import (
    D,
    approx_descent,
    approx_gradient,
    approx_one_point_shares,
    from_nearest,
    limit_share,
    limit_variance,
    minimum,
    smoothness,
    wilson,
)
from symrelu.arithmetic.outcome import UsageError
from symrelu.model.dense import DenseNetwork


@pytest.fixture(scope="module")
def measured() -> one_point.OnePointShares:
    return approx_one_point_shares(sizes=(4, 8, 12), samples=300)


def uneven(d: int, part: str) -> list[list[Any]]:
    rows: list[list[Any]] = [[int(i == j) for j in range(d)] for i in range(d)]
    mine = DenseNetwork.orthonormal(d).mp.mpf(part)
    return [[mine, *[0] * (d - 1)], [1 - mine, *[0] * (d - 1)], *rows[1:]]


# -- the network in floats ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [2, 3, 5])
def test_gradient_of_the_dense_network(d: int) -> None:
    generator = Random(d)
    for scale in (1.0, 0.01):
        W = [[x + scale * generator.gauss(0, 1) for x in row] for row in minimum(d)]
        found, dense = approx_gradient(W), DenseNetwork.orthonormal(d, 30).gradient(W)
        for one, other in zip(found, dense, strict=True):
            assert one == pytest.approx([float(x) for x in other], abs=1e-12)


def test_gradient_by_differences_of_the_dense_loss() -> None:
    network, generator = DenseNetwork.orthonormal(3, 40), Random(5)
    W = [[network.mp.mpf(x + generator.gauss(0, 0.3)) for x in row] for row in minimum(3)]
    gradient, h = approx_gradient([[float(x) for x in row] for row in W]), network.mp.mpf("1e-12")
    for i, j in ((0, 0), (1, 2), (3, 1)):
        sides = [[[x + s * h * ((p, q) == (i, j)) for q, x in enumerate(r)] for p, r in enumerate(W)] for s in (1, -1)]
        difference = (network.loss(sides[0]) - network.loss(sides[1])) / (2 * h)
        assert float(difference) == pytest.approx(gradient[i][j], abs=1e-11)


def test_the_flat_direction_is_seen() -> None:
    for t in (0.5, 0.1, 0.02):
        W = minimum(5)
        W[0][1], W[1][1] = t / 2, -t / 2
        shift = from_nearest(W)
        quotient = one_point._inner(approx_gradient(W), shift) / one_point._inner(shift, shift)
        assert quotient == pytest.approx(atan(t) / pi, rel=1e-8)


# -- the exact limit ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["0.5", "0.2"])
@pytest.mark.parametrize("d", [2, 3, 5])
def test_mean_and_variance_from_the_dense_hessian(d: int, part: str) -> None:
    H = DenseNetwork.orthonormal(d, 20).hessian(uneven(d, part))
    N = d * (d + 1)
    trace, square = sum(H[i, i] for i in range(N)), sum(H[i, j] ** 2 for i in range(N) for j in range(N))
    assert float(trace / N) == pytest.approx(0.5, abs=1e-15)
    variance = 2 * (N * square - trace**2) / (N**2 * (N + 2))
    assert float(limit_variance().subs(D, d)) == pytest.approx(float(variance), rel=1e-13)


def test_the_variance_falls_like_one_over_eight_d() -> None:
    assert sympy.limit(8 * D * limit_variance(), D, sympy.oo) == 1


def test_the_limiting_bound_rises_to_one_below_a_half_only() -> None:
    bounds = [limit_share(d, 0.4) for d in (4, 20, 100, 10**4, 10**6)]
    assert bounds == sorted(bounds) and bounds[-1] > 0.9999
    assert limit_share(10**6, 0.5) == 0.0


@pytest.mark.parametrize("d", [2, 4])
def test_smoothness_bounds_the_largest_eigenvalue(d: int) -> None:
    largest = float(DenseNetwork.orthonormal(d, 20).eigenvalues(uneven(d, "0.5"))[-1])
    assert largest <= smoothness(d) < 1.5 * largest


# -- the measurement -----------------------------------------------------------------------------------------------


def test_moments_agree_with_the_limit(measured: one_point.OnePointShares) -> None:
    for s in measured.shares:
        expected = sqrt(float(limit_variance().subs(D, s.d)))
        assert abs(s.mean - 0.5) < 4 * expected / sqrt(s.samples) + 0.02  # third order terms at radius 1/10
        assert abs(log(s.deviation / expected)) < 0.2


def test_it_holds_in_most_directions_and_in_more_as_d_grows(measured: one_point.OnePointShares) -> None:
    shares = [s.share for s in measured.shares]
    assert shares == sorted(shares)
    assert 0.85 < shares[0] < 0.97 and shares[-1] > 0.99
    for s in measured.shares:
        assert s.interval[0] < s.share <= s.interval[1]
        assert s.share >= limit_share(s.d, 0.25) - 0.05


def test_a_large_constant_fails_in_most_directions() -> None:
    (share,) = approx_one_point_shares(sizes=(6,), samples=150, mu=0.65).shares
    assert share.interval[1] < 0.5


def test_the_step_contracts_where_it_should(measured: one_point.OnePointShares) -> None:
    for s in measured.shares:
        assert s.holds <= s.contracted <= s.closer <= s.samples
        assert s.closer_to_set >= s.holds
    # A step far too long does not come closer: the counts can fail.
    (share,) = approx_one_point_shares(sizes=(4,), samples=40, mu=60.0).shares
    assert (share.closer, share.closer_to_set, share.contracted) == (0, 0, 0)


def test_seeds_reproduce() -> None:
    one, same, other = (approx_one_point_shares(sizes=(4,), samples=20, seed=seed).to_json() for seed in (3, 3, 4))
    assert one == same
    assert one["shares"][0]["mean"] != other["shares"][0]["mean"]
    assert approx_one_point_shares(sizes=(5, 4), samples=20, seed=3).shares[1].mean == pytest.approx(
        float(one["shares"][0]["mean"]), abs=1e-6
    )


def test_directions_lie_uniformly_on_the_sphere() -> None:
    generator = Random(1)
    samples = [one_point._direction(generator, 3, 0.5) for _ in range(2000)]
    for X in samples[:10]:
        assert sum(x * x for row in X for x in row) == pytest.approx(0.25)
    for i, j in ((0, 0), (3, 2)):
        assert sum(X[i][j] for X in samples) / 2000 == pytest.approx(0, abs=0.015)
        assert sum(X[i][j] ** 2 for X in samples) / 2000 == pytest.approx(0.25 / 12, rel=0.15)


def test_the_nearest_minimum_is_on_the_segment() -> None:
    W = minimum(3)
    W[0][0], W[1][0], W[0][1] = 0.7, 0.4, 0.1
    assert [row[:2] for row in from_nearest(W)[:2]] == [pytest.approx([0.05, 0.1]), pytest.approx([0.05, 0.0])]
    W[0][0], W[1][0] = 1.2, -0.1  # lambda = 1: past the end of the segment
    assert [row[0] for row in from_nearest(W)[:2]] == pytest.approx([0.2, -0.1])


def test_plain_descent_comes_closer_and_leaves_the_good_directions() -> None:
    found = approx_descent(6, steps=15)
    distances, quotients = zip(*found, strict=True)
    assert len(found) == 16
    assert list(distances) == sorted(distances, reverse=True)
    assert quotients[0] > 0.25 > 0.15 > quotients[-1] > 0


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 0.2775), (8, 0.4902, 0.9433), (10, 0.7225, 1.0)])
def test_wilson(count: int, low: float, high: float) -> None:
    assert wilson(count, 10) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    "wrong", [{"radius": 0.3}, {"radius": 0.0}, {"mu": 0.0}, {"samples": 0}, {"sizes": ()}, {"sizes": (1, 4)}]
)
def test_wrong_use(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        approx_one_point_shares(**wrong)


def test_text_json_latex_html(measured: one_point.OnePointShares) -> None:
    data = json.loads(json.dumps(measured.to_json()))
    assert data["evidence"] == "numeric"
    assert "econstructed" in data["guarantee"]
    assert [share["d"] for share in data["shares"]] == [4, 8, 12]
    text = measured.to_text()
    assert "seed 1" in text and "92.00%" in text and "radius" not in text.splitlines()[5]
    assert r"92.00\%" in measured.to_latex()
    assert "<table>" in measured._repr_html_()
    assert repr(measured).startswith("OnePointShares(radius 0.1, mu 0.25: d=4: 92.00%")


# -- mutations ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["S", "phi"])
def test_a_wrong_kernel_is_noticed(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = one_point._pair

    def wrong(A: float, B: float, c: float) -> Any:
        pair = right(A, B, c)
        pair.__dict__.update(S=pair.S, phi=pair.phi)  # cached properties
        pair.__dict__[part] *= 1.2
        return pair

    monkeypatch.setattr(one_point, "_pair", wrong)
    with pytest.raises(AssertionError):
        test_gradient_of_the_dense_network(3)
