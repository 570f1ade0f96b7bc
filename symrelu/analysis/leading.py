"""Finding the leading terms of a family: numbers at tiny s, then exact constants, to be proved by substitution.

The branch is followed to s = j 2^-40 (d about 10^22 when s = d^(-1/2)), j = 1..n, to hundreds of digits; the polynomial
in s through these points gives the first coefficients of each entry to many digits, and those are identified in the
family's field. Where the entries are no series in d^(-1/2), which shows in coefficients out of all proportion, they are
tried as series in d^(-1/4).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.identify import identify
from symrelu.arithmetic.precision import working

_STEP, _FINE_STEP = 40, 100  # s is a multiple of 2^-40, or of 2^-100 where more digits are needed
_POINTS = 14
_SEARCH = 9  # leading powers are looked for below s^9
_RAMIFICATIONS = (1, 2)
_PROPORTION = 14  # bits by which coefficients of a series may grow from one to the next


def numerical_series(branch: Branch) -> NumericalSeries:
    """The series of a branch in d^(-1/2), or else in d^(-1/4); ArithmeticError if it seems to be neither."""
    for ramification in _RAMIFICATIONS:
        series = NumericalSeries(branch, ramification)
        if series.in_proportion:
            return series
    raise ArithmeticError(f"{branch.definition.name} does not look like a power series in d^(-1/2) or d^(-1/4)")


class NumericalSeries:
    """Approximate coefficients of a branch in powers of s = d^(-1/(2 ramification)): `coefficients[entry][power]`."""

    def __init__(self, branch: Branch, ramification: int = 1, fine: bool = False):
        self._branch, self.ramification = branch, ramification
        self._step = _FINE_STEP if fine else _STEP
        names, bits = branch.definition.shape.names, self._step * (_POINTS + 6)
        nodes = [Fraction(j, 2**self._step) for j in range(1, _POINTS + 1)]
        # From the largest s to the smallest, the way the branch is followed.
        points = {s: branch.approx(1 / s ** (2 * ramification), bits) for s in reversed(nodes)}
        with working(bits + 128):
            self.coefficients = {
                name: interpolated_coefficients([points[s][i] for s in nodes], self._step)
                for i, name in enumerate(names)
            }

    @cached_property
    def finer(self) -> NumericalSeries:
        """The same coefficients to more digits."""
        return NumericalSeries(self._branch, self.ramification, fine=True)

    @property
    def in_proportion(self) -> bool:
        """Whether the first coefficients have the size of those of a convergent series."""
        return all(
            abs(value) < arb(2) ** (_PROPORTION * (power + 1))
            for values in self.coefficients.values()
            for power, value in enumerate(values[:4])
        )

    def good_bits(self, power: int) -> int:
        """The bits to which the coefficient of s^power can be trusted (the points' factorial and growth allowed for)."""
        return self._step * (_POINTS - power) - 8 * _POINTS

    def leading(self, name: str) -> tuple[int, arb] | None:
        """The first power whose coefficient is not zero to its precision, and the coefficient."""
        for power, value in enumerate(self.coefficients[name][:_SEARCH]):
            if abs(value) > arb(2) ** (-self.good_bits(power) // 2):
                return power, value
        return None


def recognised_terms(series: NumericalSeries, name: str, field: ConstantField) -> tuple[dict[int, Constant], int]:
    """The exact coefficients of an entry before the first one that is not recognised, and the power of that one."""
    exact: dict[int, Constant] = {}
    for power in range(_SEARCH):
        value = identify(series.coefficients[name][power], series.good_bits(power), field)
        if value is None:
            return exact, power
        if value:
            exact[power] = value
    raise ArithmeticError(f"all leading coefficients of {name} are recognised: there is no equation for them")


def _recognise_square(number: arb, bits: int, field: ConstantField) -> None:
    """Raise NotInField if the square of a number is recognised in a field that has no root of its own."""
    if field.root is None:
        with working(bits + 64):
            square = identify(number * number, bits - 8, field)
        if square is not None:
            square.sqrt()


def interpolated_coefficients(values: list[arb], step: int) -> list[arb]:
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
    return [(c * arb(2) ** (step * j)).mid() for j, c in enumerate(coefficients)]


def find_leading_terms(series: NumericalSeries, field: ConstantField, below: int) -> dict[str, dict[int, Constant]]:
    """Exact coefficients of each entry: the leading one, and all of s^j with j < below, where they are recognised.

    An entry stops before its first coefficient that is not recognised in the field. NotInField where one is not, but its
    square is: it names the root to adjoin.
    """
    found: dict[str, dict[int, Constant]] = {}
    for name in series.coefficients:
        start, exact = series.leading(name), dict[int, Constant]()
        for power in range(start[0], max(start[0] + 1, below)) if start is not None else ():
            number, bits = series.coefficients[name][power], series.good_bits(power)
            value = identify(number, bits, field)
            if value is None:
                _recognise_square(number, bits, field)
                break
            exact[power] = value
        found[name] = exact
    return found
