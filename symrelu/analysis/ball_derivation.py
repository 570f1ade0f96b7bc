"""Deriving the series of a family whose leading coefficients have no closed form: exact equations, certified balls.

The leading coefficients come from leading_system.py, each in a ball with its exact equation. Every further coefficient
solves a linear system with the matrix E'(y), the right-hand side being a coefficient of the gradient, in ball arithmetic.
That the solution exists, and that the gradient's coefficients of lower order vanish, is proved there, so that balls around
zero in their place are dropped.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from symrelu.analysis.leading import NumericalSeries
from symrelu.analysis.leading_system import LeadingSystem
from symrelu.analysis.series_problem import Terms, series_point
from symrelu.arithmetic.ball_field import BallField
from symrelu.arithmetic.constants import Constant
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import digits_to_bits
from symrelu.family.definition import Definition
from symrelu.family.reduced import gradient, regular_rows
from symrelu.solvers.hensel import Lifting, LiftingProblem, lift

_DIGITS = 40  # to which coefficients are given unless more are asked for
_ATTEMPTS = 5


class BallDerivation:
    """The series of one family in balls, extended on demand and kept: `terms(order)` gives every entry below s^order.

    Every coefficient's ball contains the exact one and has a radius below 10^-digits of its size (or of one). `known` are
    the exact terms that entries begin with; `equations` define the first coefficients after them.
    """

    def __init__(self, definition: Definition, series: NumericalSeries, digits: int = _DIGITS):
        """ArithmeticError when the leading system is not regular; Undecided when its solution is not isolated."""
        self.definition, self.digits = definition, digits
        self.system = LeadingSystem(definition, series)
        self.field = BallField("balls")
        self._bits = digits_to_bits(digits) + 64
        self._kept: tuple[int, dict[str, Terms]] = (0, {})
        self.leading: dict[str, arb] = {}
        self._isolate(self._bits)

    @property
    def finished(self) -> int:
        """The order below which all entries are known and kept."""
        return self._kept[0]

    @property
    def bits(self) -> int:
        """The precision at which the coefficients were computed."""
        return self._bits

    def is_regular(self) -> bool:
        """One formal solution begins with the leading terms: proved with them (leading_system.py)."""
        return True

    def require_digits(self, digits: int) -> None:
        """From now on coefficients have at least so many digits."""
        if digits > self.digits:
            self.digits, self._kept = digits, (0, {})
            self._bits = max(self._bits, digits_to_bits(digits) + 64)
            self._isolate(self._bits)

    def generators(self) -> list[tuple[str, str, arb]]:
        """The leading coefficients without closed form: symbol, exact equation, ball."""
        texts = self.system.equation_texts()
        return [(f"y_{name}", texts[name], ball) for name, ball in self.leading.items()]

    def loss_start(self) -> int:
        """The power below which the coefficients of the loss vanish identically."""
        return self.system.loss_start

    def terms(self, order: int, progress: Callable[[int], None] | None = None) -> dict[str, Terms]:
        """All coefficients of s^j, j < order, as balls; those known to be zero are left out."""
        for _ in range(_ATTEMPTS):
            if order <= self.finished:
                break
            terms = self._lifted(order, progress)
            if self._precise(terms):
                self._kept = order, terms
            else:
                self._bits += self._bits // 2
        if order > self.finished:
            raise Undecided(f"the coefficients below s^{order} do not get {self.digits} digits")
        names = self.definition.shape.names
        return {name: {j: c for j, c in self._kept[1].get(name, {}).items() if j < order} for name in names}

    def shown(self, order: int) -> dict[str, Terms]:
        """As `terms`, with the exact constants where the coefficients are known exactly."""
        terms, known = self.terms(order), self.system.known
        return {name: {j: known[name].get(j, c) for j, c in series.items()} for name, series in terms.items()}

    def _isolate(self, bits: int) -> None:
        box, self._inverse = self.system.solve(bits)
        self.leading = dict(zip(self.definition.shape.names, box, strict=True))

    def _lifted(self, order: int, progress: Callable[[int], None] | None) -> dict[str, Terms]:
        system, names = self.system, self.definition.shape.names
        with working(self._bits):
            self._isolate(self._bits)
            start = {
                name: {j: self._ball(c.ball()) for j, c in system.known[name].items()}
                | {system.powers[name]: self._ball(self.leading[name])}
                for name in names
            }
            point = series_point(self.definition, self.field, start)
            residuals = regular_rows(self.definition.shape, gradient(point.table))
            problem = LiftingProblem(point.arithmetic, point.unknowns, residuals, [])
            inverse = [
                [{system.powers[name]: self._ball(self._inverse[i, r])} for r in range(len(names))]
                for i, name in enumerate(names)
            ]
            lift(Lifting(problem, system.orders, inverse, stage=1), order, progress)
            return {
                name: {j: c for j in range(unknown.start, order) if (c := unknown.coefficient(j))}
                for name, unknown in zip(names, problem.unknowns, strict=True)
            }

    def _ball(self, value: arb) -> Constant:
        return self.field.constant(value)

    def _precise(self, terms: dict[str, Terms]) -> bool:
        bound = arb(10) ** (-self.digits)
        return all(
            bool(c.num.rad() <= bound * (1 + abs(c.num.mid()))) for series in terms.values() for c in series.values()
        )
