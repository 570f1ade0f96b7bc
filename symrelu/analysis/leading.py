"""Finding the leading terms of a family: numbers at tiny s, then exact constants, to be proved by substitution.

The branch is followed to s = j 2^-40 (d about 10^22), j = 1..n, to hundreds of digits; the polynomial in s through
these points gives the first coefficients of each entry to many digits, and those are identified in the family's field.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.identify import identify
from symrelu.arithmetic.precision import working

_STEP = 40  # s is a multiple of 2^-40
_POINTS = 12
_BITS = _STEP * (_POINTS + 6)
_SEARCH = 7  # leading powers are looked for below s^7


class NumericalSeries:
    """Approximate coefficients of the entries of a branch in powers of s: `coefficients[entry][power]`."""

    def __init__(self, branch: Branch):
        names = branch.definition.shape.names
        nodes = [Fraction(j, 2**_STEP) for j in range(1, _POINTS + 1)]
        # From the largest s to the smallest, the way the branch is followed.
        points = {s: branch.approx(1 / s**2, _BITS) for s in reversed(nodes)}
        with working(_BITS + 128):
            self.coefficients = {name: _polynomial([points[s][i] for s in nodes]) for i, name in enumerate(names)}

    @staticmethod
    def good_bits(power: int) -> int:
        """The bits to which the coefficient of s^power can be trusted (the points' factorial and growth allowed for)."""
        return _STEP * (_POINTS - power) - 80

    def leading(self, name: str) -> tuple[int, arb] | None:
        """The first power whose coefficient is not zero to its precision, and the coefficient."""
        for power, value in enumerate(self.coefficients[name][:_SEARCH]):
            if abs(value) > arb(2) ** (-self.good_bits(power) // 2):
                return power, value
        return None


def _polynomial(values: list[arb]) -> list[arb]:
    """Coefficients of the polynomial in s through (j 2^-step, values[j-1]), by Newton's divided differences."""
    n = len(values)
    differences = list(values)
    for level in range(1, n):
        for i in range(n - 1, level - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) / level
    coefficients = [arb(0)] * n
    for level in range(n - 1, -1, -1):  # Horner: p <- p (x - (level + 1)) + difference, x = s 2^step
        shifted = [arb(0), *coefficients[:-1]]
        coefficients = [b - (level + 1) * a for a, b in zip(coefficients, shifted, strict=True)]
        coefficients[0] = coefficients[0] + differences[level]
    return [(c * arb(2) ** (_STEP * j)).mid() for j, c in enumerate(coefficients)]


def find_leading_terms(series: NumericalSeries, field: ConstantField, below: int) -> dict[str, dict[int, Constant]]:
    """Exact coefficients of each entry: the leading one, and all of s^j with j < below, where they are recognised.

    An entry stops before its first coefficient that is not recognised in the field.
    """
    found: dict[str, dict[int, Constant]] = {}
    for name in series.coefficients:
        start, exact = series.leading(name), dict[int, Constant]()
        for power in range(start[0], max(start[0] + 1, below)) if start is not None else ():
            value = identify(series.coefficients[name][power], series.good_bits(power), field)
            if value is None:
                break
            exact[power] = value
        found[name] = exact
    return found
