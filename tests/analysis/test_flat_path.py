"""The flat path: loss, gradient and one-point quotient against the dense network, and the bound for all t."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from flint import arb, ctx

from symrelu.analysis import flat_path
from symrelu.analysis.flat_path import derive_flat_path, ratio_bound
from symrelu.analysis.moved_rows import ALPHA, D, T, turned_apart, weight_matrix
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.taylor import TaylorDomain
from symrelu.model.dense import DenseNetwork
from symrelu.model.kernel import Pair


@pytest.fixture(scope="module")
def derived() -> dict[int, Any]:
    return {extra: derive_flat_path(extra) for extra in (1, 2, 3)}


def dense_values(W: list[list[Any]], nearest: list[list[Any]], digits: int = 50) -> tuple[Any, Any, Any]:
    """Loss, squared gradient and one-point quotient by the dense network."""
    network = DenseNetwork.orthonormal(len(W[0]), digits)
    convert = network.mp.convert
    G = network.gradient(W)
    shift = [[convert(x) - convert(y) for x, y in zip(a, b, strict=True)] for a, b in zip(W, nearest, strict=True)]
    squared = sum(g * g for row in G for g in row)
    product = sum(g * x for one, other in zip(G, shift, strict=True) for g, x in zip(one, other, strict=True))
    return network.loss(W), squared, product / sum(x * x for row in shift for x in row)


def close(found: Any, ball: arb, relative: str = "1e-18") -> bool:
    """Whether an mpf agrees with a ball."""
    with mpmath.workdps(50), working(200):
        value = arb(mpmath.nstr(found, 45))
        return bool(abs(value - ball) < abs(value) * arb(relative))


@pytest.mark.parametrize("t", [Fraction(7, 10), Fraction(1, 3), Fraction(1, 1000)])
@pytest.mark.parametrize(("d", "extra"), [(2, 1), (3, 1), (6, 1), (2, 2), (5, 2), (4, 3)])
def test_dense_network(d: int, extra: int, t: Fraction, derived: dict[int, Any]) -> None:
    part = Fraction(1, extra + 1)
    W, nearest = (weight_matrix(d, turned_apart(part, x, extra)) for x in (t, Fraction(0)))
    dense = dense_values(W, nearest)
    point = derived[extra].at(d, t)
    for found, ball in zip(dense, (point.loss, point.gradient_squared, point.one_point), strict=True):
        assert close(found, ball)
    exact = {
        T: sympy.Rational(t.numerator, t.denominator),
        ALPHA: sympy.atan(sympy.Rational(t.numerator, t.denominator)),
        D: d,
    }
    path = derived[extra]
    for found, form in zip(dense, (path.loss, path.gradient_squared, path.one_point), strict=True):
        with mpmath.workdps(50):
            assert abs(mpmath.mpf(str(form.subs(exact).evalf(45))) / mpmath.mpf(found) - 1) < 1e-30


def test_the_gradient_is_that_of_the_loss_by_finite_differences() -> None:
    network, h = DenseNetwork.orthonormal(3, 50), Fraction(1, 10**12)
    W = weight_matrix(3, turned_apart(Fraction(1, 2), Fraction(1, 4), 1))
    gradient = network.gradient(W)
    for row, column in ((0, 0), (0, 1), (1, 1), (2, 1), (3, 2)):
        losses = [
            network.loss([[w + s * h * ((i, j) == (row, column)) for j, w in enumerate(r)] for i, r in enumerate(W)])
            for s in (1, -1)
        ]
        assert float((losses[0] - losses[1]) / (2 * network.mp.convert(h))) == pytest.approx(
            float(gradient[row][column]), abs=1e-11
        )


def test_leading_terms(derived: dict[int, Any]) -> None:
    assert derived[1].leading == {
        "loss": (1 / (6 * sympy.pi), 3),
        "gradient_squared": ((D + 10) / (16 * sympy.pi**2), 4),
        "one_point": (1 / sympy.pi, 1),
        "ratio": (sympy.factor(3 * (D + 10) / (8 * sympy.pi)), 1),
    }
    for extra in (2, 3):  # after division by the squared size of the rows nothing depends on m
        assert derived[extra].leading["ratio"] == derived[1].leading["ratio"]


def test_the_quotient_goes_down_to_zero(derived: dict[int, Any]) -> None:
    for d in (2, 5, 100):
        for t in ("1e-3", "1e-9", "1e-40"):
            with working(200):
                scaled = derived[1].at(d, t).ratio / arb(t) / (3 * arb(d + 10) / (8 * arb.pi()))
                assert abs(scaled - 1) < arb(t)


@pytest.mark.parametrize(("a", "b"), [("0.5", "0.5"), ("0.9", "0.1"), ("0.3", "0.3"), ("0.25", "0.05")])
def test_leading_terms_near_other_global_minima(a: str, b: str) -> None:
    """Rows a e_1 + s e_2, b e_1 - s e_2 and, if a + b < 1, a third row: the terms of the module's docstring."""
    x, y, s, d = Fraction(a), Fraction(b), Fraction(1, 10**8), 4
    rest = [(1 - x - y, Fraction(0))] if x + y < 1 else []
    W, nearest = (weight_matrix(d, [(x, e), (y, -e), *rest]) for e in (s, Fraction(0)))
    found = dense_values(W, nearest, 80)
    c, z = float(x * y / (x + y)), float(s)
    steep = (d + 10) / (16 * c * c) + len(rest) * float(1 / x - 1 / y) ** 2 / 4
    expected = z**3 / (3 * mpmath.pi * c), steep * z**4 / mpmath.pi**2, z / (2 * mpmath.pi * c)
    for one, other in zip(found, expected, strict=True):
        assert float(one / other) == pytest.approx(1, abs=1e-5)


# -- the bound for all t -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", ["1/2", "1/4", "1/100", "1e-6"])
@pytest.mark.parametrize(("d", "extra"), [(2, 1), (9, 1), (4, 3)])
def test_points_lie_in_the_bound(d: int, extra: int, t: str, derived: dict[int, Any]) -> None:
    a, b, c = ratio_bound()
    x = Fraction(t)
    quotient = derived[extra].at(d, t).ratio * x.denominator / x.numerator
    assert (a + (d - 2) * b + (extra - 1) * c).contains(quotient)


def test_the_bound_is_narrow() -> None:
    a, b, c = ratio_bound()
    assert a < 1.44 and a > 1.2
    assert b < 0.121 and b > 0.1
    assert c < 0.011


def test_a_smaller_radius_tightens_it() -> None:
    (a, _, _), (wide, _, _) = ratio_bound(Fraction(1, 100)), ratio_bound()
    assert wide.contains(a)
    with working(100):
        assert abs(a - 9 / (2 * arb.pi())) < arb("1e-3")  # 3 . 3/2 / pi at t = 0


def test_division_by_a_power_encloses_the_quotient_and_needs_exact_zeros() -> None:
    with working(100):
        t = TaylorDomain(0, Fraction(1, 2), 8).variable()
        cosine_like = (t * t + 1).sqrt() - 1
        quotient = flat_path._without_power(cosine_like, 2)
        for x in (Fraction(1, 2), Fraction(-1, 3), Fraction(1, 50)):
            point = arb(x.numerator) / x.denominator
            exact = ((point * point + 1).sqrt() - 1) / (point * point)
            assert quotient.range().contains(exact)
            if x in (Fraction(1, 2), Fraction(1, 50)):
                assert quotient.range_on(x, x).overlaps(exact)
                assert quotient.range_on(x, x).rad() < 2e-3
        with pytest.raises(Undecided, match="exactly zero"):
            flat_path._without_power(cosine_like, 3)


# -- it can fail ---------------------------------------------------------------------------------------------------


def test_a_wrong_closed_form_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = flat_path._forms
    for which in (0, 1):

        def wrong(t: Any, alpha: Any, root: Any, which: int = which) -> Any:
            height, (turn, stretch, lag) = right(t, alpha, root)
            return (height * 2, (turn, stretch, lag)) if which == 0 else (height, (turn, 2 * stretch, lag))

        monkeypatch.setattr(flat_path, "_forms", wrong)
        with pytest.raises(Undecided, match=("loss", "gradient_squared")[which]):
            derive_flat_path()


@pytest.mark.parametrize("part", ["phi", "S"])
def test_a_wrong_kernel_is_noticed(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = vars(Pair)[part].func
    monkeypatch.setattr(Pair, part, property(lambda pair: 2 * right(pair)))
    with pytest.raises(Undecided):
        derive_flat_path()


@pytest.mark.parametrize(("d", "t"), [(1, "1/10"), (3, "0.708"), (3, "0"), (3, "nan")])
def test_points_out_of_range(d: Any, t: str, derived: dict[int, Any]) -> None:
    with pytest.raises(UsageError):
        derived[1].at(d, t)


def test_text_json_latex_html(derived: dict[int, Any]) -> None:
    path = derived[1]
    data = json.loads(json.dumps(path.to_json()))
    assert data["evidence"] == "exact"
    assert data["leading"]["ratio"] == {"coefficient": "3*(d + 10)/(8*pi)", "power": 1}
    assert data["ratio_over_t"]["to"] == "1/2"
    assert "alpha/pi" in path.to_text()
    assert r"\sqrt{2} t" in path.to_latex()
    assert "<table>" in path._repr_html_()
    assert repr(path) == "FlatPath(k = d+1: |grad L|^2 / L = 3*(d + 10)/(8*pi)*t + ...)"
    assert repr(path.at(4, "1/8")).startswith("FlatPoint(d=4, t=1/8: |grad L|^2 / L = 0.2")
    assert ctx.prec < 1000
