"""Points near the global minima of an over-parameterised network, and the arithmetics that treat them exactly.

Teacher V = I_d, k = d + m students, m >= 1. L(W) = 0 says that sum_i relu(w_i.x) = sum_j relu(x_j) for every x. Kinks of
positive strength cannot cancel, so every w_i other than 0 is a multiple of some e_j; the strengths on x_j = 0 add up to
1, and no multiple is negative, since its linear part would remain. So the global minima are exactly the W with rows
lambda_i e_j(i), lambda_i >= 0, the lambda_i of each e_j adding up to 1. Here m + 1 rows share e_1 and are moved in the
plane of e_1 and e_2, by angles that are multiples of alpha; the other rows stay at e_2, ..., e_d.

**Distance.** Let every moved row have the first entry 1/(m+1). A global minimum W* that takes a row e_j, j >= 2, to another
axis is at squared distance >= 1 from W; one that takes a moved row to another axis, at >= 1/(m+1)^2. All others have the
e_j in place and multiples of e_1 that add up to 1: nearest is W* = (e_1/(m+1), ..., e_2, ...). So it is nearest of all, as
long as |W - W*| <= 1/(m+1).

Real d is formal: the rows e_3, ..., e_d and the columns 3, ..., d enter by their number alone.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import sympy

from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import digits_to_bits, exact_real
from symrelu.arithmetic.symbols import Symbols
from symrelu.family.gram import GramTable
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.kernel import Arithmetic

D, T, ALPHA = (sympy.Symbol(name, positive=True) for name in ("d", "t", "alpha"))
MOST_EXTRA = 6  # the derivations take longer with every row

Plane = list[tuple[Any, Any]]  # coordinates along e_1 and e_2


class TurnedPlane(Symbols):
    """Expressions in positive symbols and t = tan(alpha) in which every angle is n alpha + q pi/2, and proved to be.

    The two rays have to agree as expressions, hence modulo pi for all t > 0, and where every symbol is 1: a ray that
    depends continuously on the symbols cannot jump to its opposite. Undecided for any other angle.
    """

    @staticmethod
    def sqrt(x: Any) -> Any:
        return sympy.sqrt(sympy.factor(x))

    @staticmethod
    def angle(sine: Any, cosine: Any, product: Any) -> Any:
        for n in range(-2, 3):
            for quarter in range(3):
                if not 0 < n + 2 * quarter < 4:  # the angle at alpha = pi/4, in units of pi/4, lies in (0, pi)
                    continue
                turned = (1 + sympy.sign(n) * sympy.I * T) ** abs(n) * sympy.I**quarter
                x, y = sympy.expand(turned).as_real_imag()
                if sympy.expand(sine * x - cosine * y) == 0:
                    inner = sympy.sympify(sine * y + cosine * x)
                    if inner.subs(dict.fromkeys(inner.free_symbols, 1)) > 0:
                        return n * ALPHA + quarter * sympy.pi / 2
        raise Undecided(f"the angle with tangent ({sine})/({cosine}) is not proved to be n alpha + q pi/2")


class RationalBalls(Balls):
    """Balls over exact rational Gram data (fmpq), so that parallel rows are recognised whatever their lengths."""

    @staticmethod
    def is_zero(x: Any) -> bool:
        return bool(x == 0)


def turned_together(parts: list[Any], t: Any) -> Plane:
    """lambda_i (e_1 + t e_2)."""
    return [(part, part * t) for part in parts]


def turned_apart(part: Any, t: Any, extra: int) -> Plane:
    """lambda (e_1 + t e_2), lambda (e_1 - t e_2), and m - 1 rows lambda e_1."""
    return [(part, part * t), (part, -part * t), *[(part, 0)] * (extra - 1)]


def moved_rows(arithmetic: Arithmetic, d: Any, rows: Plane) -> GramTable:
    """The network with rows x e_1 + y e_2, then e_2, ..., e_d, as a point of its fixed-point space.

    The shape has blocks of 1, 1 and d - 2 columns; `d` and the coordinates are numbers of the arithmetic.
    """
    one = Size.constant(1)
    shape = Shape.build([one, one, Size.parse("d-2")], [None] * len(rows) + [1, 2])
    moved: list[Any] = [coordinate for x, y in rows for coordinate in (x, y, 0)]
    entries = [*moved, 0, 1, 0, 0, 0, 1, 0]  # e_2; then the e_j: columns 1 and 2, diagonal, off the diagonal
    return GramTable(shape, arithmetic, [1, 1, d - 2], dict(zip(shape.names, entries, strict=True)))


def weight_matrix(d: int, rows: Plane) -> list[list[Any]]:
    """The same network written out, for integer d >= 2."""
    unit = [[int(i == j) for j in range(d)] for i in range(d)]
    return [[x, y, *[0] * (d - 2)] for x, y in rows] + unit[1:]


def read_point(d: int | str | Fraction, t: int | str | Fraction, largest_square: Fraction) -> tuple[Fraction, Fraction]:
    """(d, t) exactly; UsageError unless d >= 2, t > 0 and t^2 <= largest_square, where the nearest minimum is known."""
    size, tangent = exact_real(d, "d ="), exact_real(t, "t =")
    if size < 2:
        raise UsageError(f"d = {size}: rows are turned from e_1 towards e_2, which needs d >= 2")
    if not (tangent > 0 and tangent * tangent <= largest_square):
        raise UsageError(f"t = {tangent} must satisfy 0 < t^2 <= {largest_square}")
    return size, tangent


def bits_for(digits: int, d: Fraction, t: Fraction) -> int:
    """Enough for the loss, of third order in t and made of terms of order one, and for sums over d rows."""
    return digits_to_bits(digits) + 64 + 4 * ceil(1 / t).bit_length() + 2 * ceil(d).bit_length()


def require_extra(extra: int) -> None:
    """UsageError unless the number of extra neurons is one for which derivations are quick."""
    if isinstance(extra, bool) or not isinstance(extra, int) or not 1 <= extra <= MOST_EXTRA:
        raise UsageError(f"extra = {extra}: the number of extra neurons must be an integer from 1 to {MOST_EXTRA}")
