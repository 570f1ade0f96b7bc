"""Deriving the exact series of a family: leading terms found, then lifted order by order, so proved by substitution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from flint import ctx

from symrelu.analysis.series_problem import Radicand, SeriesPoint, Terms, coefficient_field, series_point
from symrelu.arithmetic.constants import Constant, ConstantField, NotInField
from symrelu.family.definition import Definition
from symrelu.family.isotypic import isotypic_action
from symrelu.family.reduced import gradient
from symrelu.family.system import TRIVIAL
from symrelu.solvers.hensel import Lifting, LiftingProblem, lift, prepare, regular_from


class LeadingTerms(Protocol):
    """A source of leading terms; the entries are series in s = d^(-1/(2 ramification))."""

    @property
    def ramification(self) -> int: ...

    def __call__(self, below: int, root: Radicand | None) -> tuple[ConstantField, dict[str, Terms]]:
        """The coefficient field, with the square root of `root`, and the first terms of each entry."""
        ...


# Leading terms only, then all terms below s^3, s^4, ...: as few as the lifting is content with.
ATTEMPTS = (0, 3, 4, 5, 6)
PATIENT_ATTEMPTS = (9, 10, 12)
_TRIAL = 6  # orders that are lifted before leading terms are trusted to suffice
_STEP = 5
_HENSEL_ORDER = 10
_WARM_UP = 10  # orders after which the growth of the denominators is known


class Derivation:
    """The series of one family, extended on demand and kept: `terms(order)` gives every entry below s^order.

    ArithmeticError when no leading terms are found from which the system can be lifted.
    """

    def __init__(self, definition: Definition, leading: LeadingTerms, attempts: tuple[int, ...] = ATTEMPTS):
        self.definition, self._leading, self._attempts = definition, leading, attempts
        self._lifting: Lifting | None = None
        self._point: SeriesPoint | None = None
        self._unit: Any = 1
        self._kept: tuple[int, dict[str, Terms]] = (0, {})
        self._field: ConstantField | None = None

    @property
    def field(self) -> ConstantField:
        """The field of the coefficients that are kept."""
        for terms in self._kept[1].values():
            for value in terms.values():
                return value.field
        self._start()
        assert self._field is not None
        return self._field

    @property
    def bits(self) -> int:
        """Exact coefficients need no precision: any will do."""
        return ctx.prec

    def require_digits(self, digits: int) -> None:
        """Exact coefficients have all digits."""

    def generators(self) -> list[tuple[str, str, Any]]:
        """Nothing besides pi and the root that the field names."""
        return []

    def loss_start(self) -> int:
        """Exact zeros are recognised: nothing is known in advance."""
        return 0

    def shown(self, order: int) -> dict[str, Terms]:
        """The coefficients as they are to be shown."""
        return self.terms(order)

    def is_regular(self) -> bool:
        """Whether the terms below d^-5 determine one formal solution to all orders.

        Jacobian and residual are computed afresh at these terms; a residual that starts late enough is Hensel's condition.
        """
        if self.definition.exact_point is not None:
            return True
        order = _HENSEL_ORDER * self.definition.ramification
        point = series_point(self.definition, self.field, self.terms(order))
        jacobian = isotypic_action(point.table, TRIVIAL)[0]
        problem = LiftingProblem(point.arithmetic, point.unknowns, gradient(point.table), jacobian)
        lifting = prepare(problem, search=2 * order)
        return lifting.stage >= regular_from(lifting)

    def terms(self, order: int, progress: Callable[[int], None] | None = None) -> dict[str, Terms]:
        """All coefficients of s^j with j < order (at least; those known beyond are left out), zeros left out."""
        names = self.definition.shape.names
        if self.definition.exact_point is not None:
            exact = self.definition.exact_point
            return {name: {0: self.field.number(exact[name])} if exact[name] else {} for name in names}
        if order > self.finished:
            try:
                self._extend(order, progress)
            except BaseException:
                # A graph whose correction was cut short is inconsistent: the next call starts anew.
                self._field, self._lifting, self._unit = None, None, 1
                raise
        kept = self._kept[1]
        return {name: {j: c for j, c in kept.get(name, {}).items() if j < order} for name in names}

    def _extend(self, order: int, progress: Callable[[int], None] | None) -> None:
        self._start()
        assert self._lifting is not None
        if order > _WARM_UP and self._unit == 1:
            lift(self._lifting, _WARM_UP, progress)
            self._rescale()
        while self.finished < order:
            # In steps, so that an interruption loses little.
            step = min(order, self.finished + _STEP)
            lift(self._lifting, step, progress)
            self._kept = step, self._known(step)

    @property
    def finished(self) -> int:
        """The order below which all entries are known and kept."""
        return self._kept[0]

    def _start(self) -> None:
        """Find leading terms, as few as the lifting is content with."""
        if self._field is not None:
            return
        if self.definition.exact_point is not None:
            self._field = coefficient_field(self.definition)
            return
        failure: ArithmeticError | None = None
        root: Radicand | None = None
        attempts = list(self._attempts)
        self.definition = replace(self.definition, ramification=self._leading.ramification)
        while attempts:
            try:
                field, leading = self._leading(attempts[0], root)
                lifting = self._prepare(field, leading)
                lift(lifting, lifting.stage + min(lifting.lowest) + _TRIAL)
            except NotInField as error:
                failure = error
                if error.adjoin is not None and root is None:
                    root = error.adjoin  # the field grows, and the same leading terms are tried again
                else:
                    attempts.pop(0)
            except ArithmeticError as error:
                failure = error
                attempts.pop(0)
            else:
                self._field, self._lifting = field, lifting
                return
        raise ArithmeticError(f"the series of {self.definition.name} cannot be derived: {failure}")

    def _prepare(self, field: ConstantField, leading: dict[str, Terms]) -> Lifting:
        # The Jacobian is needed to a few orders only: it gets a graph of its own, so that lifting stays lean.
        other = series_point(self.definition, field, leading)
        jacobian = isotypic_action(other.table, TRIVIAL)[0]
        self._point = series_point(self.definition, field, leading)
        problem = LiftingProblem(self._point.arithmetic, self._point.unknowns, gradient(self._point.table), jacobian)
        return prepare(problem)

    def _rescale(self) -> None:
        """Go on in sigma = s / unit, unit the product of primes by which the denominators grow from order to order."""
        assert self._lifting is not None and self._point is not None and self._field is not None
        old, field = self._lifting, self._field
        unit = self._growth()
        current = {
            name: {j: c for j in range(u.start, u.top + 1) if (c := u.coefficient(j))}
            for name, u in zip(self.definition.shape.names, old.problem.unknowns, strict=True)
        }
        self._unit = unit
        self._point = series_point(self.definition, field, current, unit=unit)
        problem = LiftingProblem(self._point.arithmetic, self._point.unknowns, gradient(self._point.table), [])
        inverse = [
            [{j: c * unit ** (j - o) for j, c in series.items()} for series, o in zip(row, old.offsets, strict=True)]
            for row in old.inverse
        ]
        self._lifting = Lifting(problem, old.offsets, inverse, old.stage)

    def _growth(self) -> Constant:
        """prod f^slope, slope being what the exponent of the prime f in the denominators gains per order."""
        assert self._lifting is not None and self._field is not None
        field, unit = self._field, self._field.number(1)
        first, last = _WARM_UP - 5, _WARM_UP - 1
        for i in range(len(field.primes)):
            gains = [
                _exponent(u.coefficient(last), i) - _exponent(u.coefficient(first), i)
                for u in self._lifting.problem.unknowns
            ]
            unit = unit * field.prime(i) ** max(round(max(gains) / (last - first)), 0)
        return unit

    def _known(self, order: int) -> dict[str, Terms]:
        assert self._lifting is not None
        inverse = 1 / self._unit if self._unit != 1 else None
        result: dict[str, Terms] = {}
        for name, unknown in zip(self.definition.shape.names, self._lifting.problem.unknowns, strict=True):
            result[name] = {
                j: c if inverse is None else c * inverse**j
                for j in range(unknown.start, order)
                if (c := unknown.coefficient(j))
            }
        return result


def _exponent(value: Constant, i: int) -> int:
    return value.exponents[i] if i < len(value.exponents) else 0
