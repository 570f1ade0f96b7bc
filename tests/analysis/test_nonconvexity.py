"""Negative curvature near the global minima, judged by the dense network and by enumerating the global minima."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from typing import Any

import pytest
import sympy
from flint import arb, ctx, fmpq

from symrelu.analysis import nonconvexity
from symrelu.analysis.moved_rows import ALPHA, T, TurnedPlane, turned_apart, turned_together, weight_matrix
from symrelu.analysis.nonconvexity import EPS, derive_negative_curvature
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.model.dense import DenseNetwork
from symrelu.model.kernel import Pair


@pytest.fixture(scope="module")
def derived() -> dict[int, Any]:
    return {extra: derive_negative_curvature(extra) for extra in (1, 2, 3)}


def together(d: int, extra: int, t: Fraction) -> list[list[Any]]:
    return weight_matrix(d, turned_together([Fraction(1, extra + 1)] * (extra + 1), t))


def distance_to_minima(W: list[list[Any]], teacher: int) -> float:
    """By enumeration: every way to give each row an axis, the multiples of each axis projected on lambda >= 0, sum 1."""
    rows = [[float(x) for x in row] for row in W]
    best = float("inf")
    for axes in itertools.product(range(teacher), repeat=len(rows)):
        if set(axes) != set(range(teacher)):
            continue
        total = sum(x * x for row in rows for x in row)
        for axis in range(teacher):
            own = [row[axis] for row, a in zip(rows, axes, strict=True) if a == axis]
            kept = simplex(own)
            total += sum((x - y) ** 2 - x * x for x, y in zip(own, kept, strict=True))
        best = min(best, total)
    return best**0.5


def simplex(values: list[float]) -> list[float]:
    """The nearest point with non-negative coordinates of sum 1."""
    for size in range(len(values), 0, -1):
        largest = sorted(values, reverse=True)[:size]
        shift = (sum(largest) - 1) / size
        if largest[-1] - shift >= 0:
            return [max(x - shift, 0.0) for x in values]
    raise AssertionError


# -- the global minima ---------------------------------------------------------------------------------------------


def test_multiples_of_the_targets_that_add_up_to_them_are_global_minima_and_others_are_not() -> None:
    network = DenseNetwork.orthonormal(3)
    shared = [["0.2", 0, 0], ["0.5", 0, 0], ["0.3", 0, 0], [0, 1, 0], [0, 0, 1]]
    assert abs(network.loss(shared)) < 1e-45
    for row, factor in ((0, "0.3"), (0, "-0.2")):
        assert network.loss([[factor, 0, 0] if i == row else w for i, w in enumerate(shared)]) > 1e-4
    negative = [["1.5", 0, 0], ["-0.5", 0, 0], [0, 1, 0], [0, 0, 1]]  # the sum is right, the kink is not
    assert network.loss(negative) > 1e-2


@pytest.mark.parametrize(("d", "extra"), [(2, 1), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3)])
def test_the_distance_is_to_the_nearest_of_all_global_minima(d: int, extra: int, derived: dict[int, Any]) -> None:
    largest = Fraction(1, extra + 1) ** Fraction(1, 2)  # t <= 1/sqrt(m+1)
    for t in (Fraction(1, 10), Fraction(largest).limit_denominator(1000)):
        expected = float(derived[extra].distance.subs(T, sympy.Rational(t.numerator, t.denominator)))
        assert distance_to_minima(together(d, extra, t), d) == pytest.approx(expected, rel=1e-12)


def test_far_away_another_global_minimum_is_nearer(derived: dict[int, Any]) -> None:
    assert distance_to_minima(together(3, 1, Fraction(3)), 3) < float(derived[1].distance.subs(T, 3)) - 0.1


# -- the Hessian ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("d", "extra"), [(2, 1), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3), (3, 3)])
def test_dense_eigenvalues_with_multiplicities(d: int, extra: int, derived: dict[int, Any]) -> None:
    t = Fraction(1, 7)
    found = [float(x) for x in DenseNetwork.orthonormal(d, 30).eigenvalues(together(d, extra, t))]
    curvature, value = derived[extra], sympy.Rational(1, 7)
    in_plane = float(curvature.eigenvalue.subs(T, value))
    across = float(((extra + 1) * curvature.kappa_across).subs(T, value))
    expected = [in_plane] * extra + [across] * (extra * (d - 2)) + [0.0] * extra
    assert found[: extra * d] == pytest.approx(expected, abs=1e-14)
    assert found[extra * d] > 0.01  # and nothing else is negative


def test_unequal_parts_have_the_predicted_image() -> None:
    t, parts = Fraction(1, 5), [Fraction(1, 5), Fraction(3, 10), Fraction(1, 2)]
    network = DenseNetwork.orthonormal(3, 30)
    H = network.hessian(weight_matrix(3, turned_together(parts, t)))
    kappa = float(derive_negative_curvature(2).kappa.subs(T, sympy.Rational(1, 5)))
    v = [-0.2, 1.0, 0.0]
    X = network.mp.matrix(v + [-x for x in v] + [0.0] * 9)
    expected = [kappa * x * 5 for x in v] + [-kappa * x / 0.3 for x in v] + [0.0] * 9
    assert [float(x) for x in H * X] == pytest.approx(expected, abs=1e-14)


def test_finite_differences_of_the_gradient_see_it_through_rows_that_are_not_parallel(derived: dict[int, Any]) -> None:
    network, t, h = DenseNetwork.orthonormal(3), Fraction(1, 10), Fraction(1, 10**9)
    v = [-t, Fraction(1), Fraction(0)]
    X = [v, [-x for x in v], [0, 0, 0], [0, 0, 0]]
    sides = [
        network.gradient(
            [[w + s * h * x for w, x in zip(a, b, strict=True)] for a, b in zip(together(3, 1, t), X, strict=True)]
        )
        for s in (1, -1)
    ]
    product = sum(
        (p - q) * network.mp.convert(x)
        for one, other, row in zip(*sides, X, strict=True)
        for p, q, x in zip(one, other, row, strict=True)
    ) / (2 * network.mp.convert(h))
    quotient = product / network.mp.convert(2 * (1 + t * t))
    assert float(quotient) == pytest.approx(float(derived[1].eigenvalue.subs(T, sympy.Rational(1, 10))), rel=1e-6)


@pytest.mark.parametrize("extra", [1, 2, 3])
@pytest.mark.parametrize(("d", "t"), [(2, "1/2"), ("7/2", "1e-5"), (40, "0.3"), (10**6, "1e-30")])
def test_balls_from_the_kernel_contain_the_closed_form(d: Any, t: str, extra: int, derived: dict[int, Any]) -> None:
    ball = derived[extra].at(d, t, 30)
    x = Fraction(t)
    before, ctx.prec = ctx.prec, 2000
    try:
        q = fmpq(x.numerator, x.denominator)
        exact = -(extra + 1) * arb(q) / (arb.pi() * (1 + q * q))
        assert ball.contains(exact)
        assert ball < 0
        assert ball.rad() < abs(exact) * arb(10) ** -25
    finally:
        ctx.prec = before


def test_the_leading_coefficients(derived: dict[int, Any]) -> None:
    assert derived[1].leading == -2 * sympy.sqrt(2) / sympy.pi
    assert sympy.simplify(derived[2].leading + 3 * sympy.sqrt(3) / sympy.pi) == 0
    assert (
        sympy.simplify(derived[1].eigenvalue_at_distance + 2 * sympy.sqrt(2) * EPS / (sympy.pi * (1 + 2 * EPS**2))) == 0
    )


# -- it can fail -----------------------------------------------------------------------------------------------------


def test_a_wrong_direction_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nonconvexity, "_in_plane", lambda t: {"w{}2": 1})
    with pytest.raises(Undecided, match="w11"):
        derive_negative_curvature()


@pytest.mark.parametrize("part", ["b", "q", "S"])
def test_a_wrong_kernel_is_noticed(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = vars(Pair)[part].func
    monkeypatch.setattr(Pair, part, property(lambda pair: -right(pair)))
    with pytest.raises(Undecided):
        derive_negative_curvature()


def test_angles_are_recognised_in_every_quadrant_and_others_refused() -> None:
    plane = TurnedPlane()
    for n, quarter in ((1, 0), (2, 0), (0, 1), (-1, 1), (1, 1), (-1, 2), (-2, 2)):
        angle = n * ALPHA + quarter * sympy.pi / 2
        x, y = ((1 + sympy.sign(n) * sympy.I * T) ** abs(n) * sympy.I**quarter).expand().as_real_imag()
        assert plane.angle(3 * y, 3 * x, None) == angle
    for sine, cosine in ((1, 1), (T, 2), (T**2, 1), (-T, -1)):
        with pytest.raises(Undecided):
            plane.angle(sine, cosine, None)


@pytest.mark.parametrize("extra", [0, 7, -1, True, "1"])
def test_extra_neurons_out_of_range(extra: Any) -> None:
    with pytest.raises(UsageError, match="from 1 to 6"):
        derive_negative_curvature(extra)


@pytest.mark.parametrize(("d", "t"), [(1, "1/10"), ("1.99", "1/10"), (3, 0), (3, "-1/10"), (3, "0.71"), ("x", "1/10")])
def test_points_out_of_range(d: Any, t: Any, derived: dict[int, Any]) -> None:
    with pytest.raises(UsageError):
        derived[1].at(d, t)


# -- it shows itself ---------------------------------------------------------------------------------------------------


def test_text_json_latex_html(derived: dict[int, Any]) -> None:
    found = derived[2]
    data = json.loads(json.dumps(found.to_json()))
    assert (data["neurons"], data["evidence"], data["multiplicity_across"]) == ("d+2", "exact", "2*d - 4")
    assert sympy.simplify(sympy.parse_expr(data["eigenvalue"], local_dict={"t": T}) - found.eigenvalue) == 0
    assert "-3*t/(pi*(t**2 + 1))" in found.to_text()
    assert r"\pi" in found.to_latex()
    assert "<table>" in found._repr_html_()
    assert repr(found) == "NegativeCurvature(k = d+2, distance eps: -3*sqrt(3)*eps/(pi*(3*eps**2 + 1)))"


def test_the_weight_matrix_is_written_out() -> None:
    assert weight_matrix(3, turned_apart(Fraction(1, 3), 2, 2)) == [
        [Fraction(1, 3), Fraction(2, 3), 0],
        [Fraction(1, 3), Fraction(-2, 3), 0],
        [Fraction(1, 3), 0, 0],
        [0, 1, 0],
        [0, 0, 1],
    ]
