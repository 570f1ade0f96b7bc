"""The reduced equations of a family over exact series: d = s^-2 (or s^-4), the entries unknown or known to some order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.online import Unknown
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials, SymbolicRootPolynomials
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable

Terms = dict[int, Constant]
Radicand = Any  # an integer or a polynomial in pi, whose square root is adjoined


def coefficient_field(definition: Definition, root: Radicand | None = None) -> ConstantField:
    """The field a family's coefficients are sought in: Q(pi), or Q(pi, sqrt(root)), or Q(pi, sqrt(p)), p a symbol."""
    if definition.symbolic_p:
        return ConstantField(SymbolicRootPolynomials())
    root = root or definition.root_of
    return ConstantField(RootPolynomials(root) if root else PiPolynomials())


@dataclass
class SeriesPoint:
    """A point whose entries are online series (or exact integers), and its Gram table."""

    arithmetic: ExactSeries
    entries: dict[str, Any]
    table: GramTable

    @property
    def unknowns(self) -> list[Unknown]:
        return [entry for entry in self.entries.values() if isinstance(entry, Unknown)]


def series_point(
    definition: Definition, field: ConstantField, terms: dict[str, Terms], known: int | None = None, unit: Any = 1
) -> SeriesPoint:
    """The point with the given coefficients of s^j for each entry.

    With `known` the entries are known below s^known and refuse to be asked for more; otherwise they are open unknowns.
    The variable is sigma = s / unit: a unit that is a product of primes of the field keeps the denominators of the
    coefficients from growing with the order.
    """
    arithmetic = ExactSeries(field)
    powers = [field.number(1)]  # unit^j

    def scaled(value: Constant, power: int) -> Constant:
        while len(powers) <= power:
            powers.append(powers[-1] * unit)
        return value * powers[power]

    entries: dict[str, Any] = {}
    exact = definition.exact_point
    for name in definition.shape.names:
        if exact is not None:
            # Zero stays the integer 0, which formulas recognise; other integers must not divide as floats.
            entries[name] = arithmetic.laurent({0: field.number(exact[name])}) if exact[name] else 0
            continue
        given = terms[name]
        start = min(given, default=0)
        top = max(given, default=0) if known is None else known - 1
        coefficients = [scaled(given.get(j, field.number(0)), j) for j in range(start, top + 1)]
        entries[name] = arithmetic.unknown(start, coefficients)
        entries[name].open = known is None
    inverse = field.number(1) / unit
    growth = 2 * definition.ramification
    d = arithmetic.laurent({-growth: inverse**growth})
    sizes = [size.at(d, _symbol_p(field, arithmetic)) for size in definition.shape.blocks]
    return SeriesPoint(
        arithmetic, entries, GramTable(definition.shape, arithmetic, sizes, entries, definition.activation)
    )


def _symbol_p(field: ConstantField, arithmetic: ExactSeries) -> Any:
    """p = r^2 where p is a symbol; the sizes contain no p otherwise."""
    if not isinstance(field.ring, SymbolicRootPolynomials):
        return 0
    return arithmetic.laurent({0: field.constant(field.ring.root * field.ring.root)})
