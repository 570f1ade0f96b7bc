"""A path into the global minima of an over-parameterised network along which L is almost flat, exactly.

Teacher V = I_d, k = d + m. Two rows are turned apart, w_1, w_2 = (e_1 +- t e_2)/(m+1), t = tan(alpha) > 0, beside m - 1 rows
e_1/(m+1) and the rows e_2, ..., e_d (moved_rows.py). For 0 < t <= 1/sqrt(2) the nearest global minimum W* is the point t = 0,
at distance sqrt(2) t/(m+1), and for every t > 0

    L          = ((1 + t^2) alpha - t) / (pi (m+1)^2)    third order
    |grad L|^2 = (3 t^2 alpha^2 + (d-2) (sqrt(1+t^2) - 1)^2 + (m-1) (t - alpha)^2) / (pi^2 (m+1)^2)    fourth order
    <grad L(W), W - W*> = (alpha/pi) |W - W*|^2.

So |grad L|^2 / L = 3 (d+10)/(8 pi) t + ... tends to 0, and no inequality |grad L|^2 >= mu L (Polyak-Lojasiewicz) with mu > 0
holds near W*; nor does one-point strong convexity with mu, for t < tan(pi mu).

Near every other global minimum it is the same: let two rows of a target be w_1 = a e_1 + s e_2, w_2 = b e_1 - s e_2. Then

    L                   = s^3/(3 pi c) + ...
    |grad L|^2          = ((d+10)/(16 c^2) + r (1/a - 1/b)^2/4) s^4/pi^2 + ...
    <grad L(W), W - W*> = (s/(2 pi c) + ...) |W - W*|^2

with 1/c = 1/a + 1/b and r other rows of that target, and all global minima are limits of ones with a, b > 0. (These leading
terms are by hand, and checked numerically in the tests.)

Source of the claims: Safran, Yehudai & Shamir 2021 (2006.01005); construction and constants are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import sympy
from flint import arb, fmpq

from symrelu.analysis.moved_rows import (
    ALPHA,
    D,
    RationalBalls,
    T,
    TurnedPlane,
    bits_for,
    moved_rows,
    read_point,
    require_extra,
    turned_apart,
)
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ball_json, certain_digits, to_fmpq
from symrelu.arithmetic.taylor import TaylorDomain, TaylorModel
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_basis
from symrelu.family.reduced import gradient, loss
from symrelu.render.latex import latex_formula
from symrelu.render.shown import Tabulated
from symrelu.render.text import table as text_table
from symrelu.symmetry.types import IsotypicType, Kind

_HEADINGS = ["", "exact, every d >= 2", "leading term"]
_RANGE = Fraction(1, 2)  # of t, for the uniform bound


@dataclass(frozen=True)
class FlatPoint:
    """Certified balls at one point of the path; `one_point` is <grad L, W - W*> / |W - W*|^2."""

    d: Fraction
    t: Fraction
    loss: arb
    gradient_squared: arb
    one_point: arb
    evidence = "certified"

    @property
    def ratio(self) -> arb:
        """|grad L|^2 / L."""
        return self.gradient_squared / self.loss

    def __repr__(self) -> str:
        ratio, quotient = (certain_digits(ball, 8) for ball in (self.ratio, self.one_point))
        return f"FlatPoint(d={self.d}, t={self.t}: |grad L|^2 / L = {ratio}, one-point quotient {quotient})"


@dataclass(frozen=True)
class FlatPath(Tabulated):
    """The closed forms above for `extra` = m, expressions in t, alpha = atan(t) and d."""

    extra: int
    loss: Any
    gradient_squared: Any
    one_point: Any
    evidence = "exact"

    @property
    def distance(self) -> Any:
        """From W to the set of global minima, for t <= 1/sqrt(2)."""
        return sympy.sqrt(2) * T / (self.extra + 1)

    @cached_property
    def leading(self) -> dict[str, tuple[Any, int]]:
        """Leading coefficient and power of t: of loss, gradient_squared, their quotient "ratio", and one_point."""
        found = {name: _leading(getattr(self, name)) for name in ("loss", "gradient_squared", "one_point")}
        (above, n), (below, m) = found["gradient_squared"], found["loss"]
        return {**found, "ratio": (sympy.factor(above / below), n - m)}

    def at(self, d: int | str | Fraction, t: int | str | Fraction, digits: int = 20) -> FlatPoint:
        """Balls from the kernel; UsageError unless d >= 2 and 0 < t^2 <= 1/2."""
        size, tangent = read_point(d, t, Fraction(1, 2))
        with working(bits_for(digits, size, tangent)):
            part, x = fmpq(1, self.extra + 1), to_fmpq(tangent)
            network = moved_rows(RationalBalls(), to_fmpq(size), turned_apart(part, x, self.extra))
            values = _values(network, part * x, arb.pi())
            return FlatPoint(size, tangent, *(arb(value) for value in values))

    def to_json(self) -> dict[str, Any]:
        bound = dict(zip(("1", "d-2", "m-1"), ratio_bound(), strict=True))
        return {
            "neurons": f"d+{self.extra}",
            "distance": str(self.distance),
            "loss": str(self.loss),
            "gradient_squared": str(self.gradient_squared),
            "one_point": str(self.one_point),
            "leading": {name: {"coefficient": str(x), "power": n} for name, (x, n) in self.leading.items()},
            "ratio_over_t": {"to": str(_RANGE), **{name: ball_json(ball, 10) for name, ball in bound.items()}},
            "evidence": self.evidence,
        }

    def to_text(self) -> str:
        return text_table(_HEADINGS, self._rows(str))

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return ["", "exact, every $d \\ge 2$", "leading term"], self._rows(latex_formula)

    def _title(self) -> str:
        return f"A path on which the gradient vanishes faster than the loss, k = d+{self.extra}"

    def _badges(self) -> list[str]:
        return ["exact"]

    def _rows(self, show: Any) -> list[list[str]]:
        terms = {name: show(coefficient * T**power) for name, (coefficient, power) in self.leading.items()}
        return [
            ["distance to the global minima", show(self.distance), ""],
            ["L", show(self.loss), terms["loss"]],
            ["|grad L|^2", show(self.gradient_squared), terms["gradient_squared"]],
            ["|grad L|^2 / L", "", terms["ratio"]],
            ["<grad L, W - W*> / |W - W*|^2", show(self.one_point), terms["one_point"]],
        ]

    def __repr__(self) -> str:
        return f"FlatPath(k = d+{self.extra}: |grad L|^2 / L = {self.leading['ratio'][0]}*t + ...)"


def derive_flat_path(extra: int = 1) -> FlatPath:
    """Derive loss, gradient and one-point quotient from the kernel with symbols for t and d.

    Undecided if they are not the closed forms above, identically, which would be an error of a formula.
    """
    require_extra(extra)
    part = sympy.Rational(1, extra + 1)
    network = moved_rows(TurnedPlane(), D, turned_apart(part, T, extra))
    height, squares = _forms(T, ALPHA, sympy.sqrt(1 + T**2))
    slope = sum(number * square for number, square in zip((1, D - 2, extra - 1), squares, strict=True))
    expected = height * part**2 / sympy.pi, slope * part**2 / sympy.pi**2, ALPHA / sympy.pi
    found = _values(network, part * T, sympy.pi)
    for name, one, other in zip(("loss", "gradient_squared", "one_point"), found, expected, strict=True):
        if sympy.simplify(sympy.expand(one - other)) != 0:
            raise Undecided(f"{name} is {sympy.simplify(one)}, not {other}")
    return FlatPath(extra, *expected)


@cache
def ratio_bound(radius: Fraction = _RANGE, order: int = 16) -> tuple[arb, arb, arb]:
    """Balls a, b, c such that |grad L|^2 / L lies in t (a + (d-2) b + (m-1) c) for all 0 < t <= radius, d >= 2, m >= 1.

    Taylor models on |t| <= radius of the closed forms, from which the powers of t divide out as exact zeros.
    """
    with working(128):
        t = TaylorDomain(0, radius, order).variable()
        height, squares = _forms(t, t.atan(), (t * t + 1).sqrt())
        below = _without_power(height, 3) * arb.pi()
        a, b, c = ((_without_power(square, 4) / below).range() for square in squares)
        return a, b, c


def _forms(t: Any, alpha: Any, root: Any) -> tuple[Any, tuple[Any, Any, Any]]:
    """pi (m+1)^2 L and the three parts of pi^2 (m+1)^2 |grad L|^2, in any arithmetic; root = sqrt(1 + t^2)."""
    turn, stretch, lag = t * alpha, root - 1, t - alpha
    return (t * t + 1) * alpha - t, (turn * turn * 3, stretch * stretch, lag * lag)


def _values(network: GramTable, shift: Any, pi: Any) -> tuple[Any, Any, Any]:
    """L, |grad L|^2 and <grad L, W - W*>/|W - W*|^2, where W - W* has the entries w12 = shift and w22 = -shift."""
    components = dict(zip(network.shape.names, gradient(network), strict=True))
    norms = {vector.name: vector.norm for vector in isotypic_basis(network, IsotypicType(Kind.TRIVIAL))}
    squared = sum((norms[name] * (g * g) for name, g in components.items()), 0)
    one_point = (components["w12"] - components["w22"]) / (2 * shift)
    return loss(network) / (2 * pi), squared / (4 * pi * pi), one_point / (2 * pi)


def _leading(expression: Any) -> tuple[Any, int]:
    """(c, n) with expression = c t^n + O(t^(n+1)), alpha being atan(t)."""
    series = sympy.expand(sympy.series(expression.subs(ALPHA, sympy.atan(T)), T, 0, 6).removeO())
    power = next(n for n in range(6) if sympy.simplify(series.coeff(T, n)) != 0)
    return sympy.factor(series.coeff(T, power)), power


def _without_power(model: TaylorModel, power: int) -> TaylorModel:
    """model / t^power about the centre 0; Undecided unless the coefficients below t^power are exact zeros."""
    domain, polynomial = model.domain, model.polynomial
    if not all(c.is_zero() for c in polynomial.coeffs()[:power]):
        raise Undecided(f"a coefficient below t^{power} is not exactly zero")
    # All quotients on one domain of lower order; what exceeds it goes into the remainder.
    smaller = TaylorDomain(domain.center, domain.radius, domain.order - _MOST_DIVIDED)
    rest = TaylorModel(domain, polynomial.right_shift(power + smaller.order), 0).range()
    spare = smaller.order + power
    tail = arb(0, domain.radius ** (domain.order - spare)) if domain.order > spare else arb(1)
    low = polynomial.right_shift(power).truncate(smaller.order)
    return TaylorModel(smaller, low, rest + tail * model.remainder)


_MOST_DIVIDED = 4
