"""The reduced system of a family as a map of its entries: values, Jacobian, tables, in a chosen arithmetic."""

from __future__ import annotations

from typing import Any

from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import Matrix, isotypic_action
from symrelu.family.reduced import gradient
from symrelu.model.kernel import Arithmetic
from symrelu.symmetry.types import IsotypicType, Kind

TRIVIAL = IsotypicType(Kind.TRIVIAL)


class ReducedSystem:
    """2 pi grad L on the fixed-point space of a family at d, d being a number of the arithmetic.

    Called with the entries in the order of the shape, it returns (values, Jacobian): the system a solver wants.
    """

    def __init__(self, definition: Definition, arithmetic: Arithmetic, d: Any):
        self.definition, self.arithmetic = definition, arithmetic
        self.sizes = definition.sizes(d)

    def table(self, entries: list[Any]) -> GramTable:
        shape = self.definition.shape
        point = dict(zip(shape.names, entries, strict=True))
        return GramTable(shape, self.arithmetic, self.sizes, point, self.definition.activation)

    def values(self, entries: list[Any]) -> list[Any]:
        return gradient(self.table(entries))

    def __call__(self, entries: list[Any]) -> tuple[list[Any], Matrix]:
        table = self.table(entries)
        return gradient(table), isotypic_action(table, TRIVIAL)[0]
