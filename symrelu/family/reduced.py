"""The reduced loss and gradient of a family, in Gram variables (mathematics of Arjevani & Field 2021, section 4).

Everything is multiplied by 2 pi, and the gradient is taken with respect to one entry of the full matrix: its component
for `off1`, say, is dL/dw_ij for a single i != j. It vanishes exactly at critical points of L on the full space
(principle of symmetric criticality), and its derivative is the full Hessian acting on invariant matrices.
"""

from __future__ import annotations

from typing import Any

from symrelu.family.gram import GramTable, Relation, Row
from symrelu.family.shape import Entry, Shape


def signed_rows(table: GramTable) -> list[tuple[int, Row]]:
    """Students count +1, targets -1: the network's error is one signed sum of neurons."""
    return [(1, row) for row in table.students] + [(-1, row) for row in table.targets]


def curvature(table: GramTable, row: Row) -> Any:
    """kappa = slope_i + sum_j +-radial_ij / A_i: the coefficient of w_i in 2 pi grad_i L, and of I in its own Hessian block.

    For ReLU it is pi + sum_j +-S_ij / A_i.
    """
    if id(row) not in table.curvatures:
        total: Any = 0
        for sign, other in signed_rows(table):
            for relation, number in table.classes(row, other):
                total = total + sign * number * table.pair(row, other, relation).radial
        # At W = V students and targets cancel exactly; an integer 0 must not become a float.
        own = total if isinstance(total, int) else total / table.norm_squared(row)
        table.curvatures[id(row)] = table.own(row).slope + own
    return table.curvatures[id(row)]


def gradient(table: GramTable) -> list[Any]:
    """2 pi dL/d(entry) for each entry of the shape: kappa_i w_i + sum_j +-phi_ij w_j, coordinate by coordinate."""
    kappas = [curvature(table, row) for row in table.students]
    components = []
    for entry in table.shape.entries:
        row = table.students[entry.row]
        total = kappas[entry.row] * (row.diagonal if entry.diagonal else row.values[entry.block])
        for sign, other in signed_rows(table):
            for relation, number in table.classes(row, other):
                column = _column_sum(row, other, relation, number, entry)
                total = total + sign * (table.pair(row, other, relation).phi * column)
        components.append(total)
    return components


def regular_rows(shape: Shape, components: list[Any]) -> list[Any]:
    """The components of a gradient, but in each block of columns all less the first one off the diagonal.

    The linear part of the network's error, (sum_i w_i - sum_j v_j) . x / 2, adds the same vector to every row of the
    gradient. It is the stiffest part (its curvature grows like d) and hides what the other equations say: here only one
    equation per block keeps it.
    """
    first: dict[int, int] = {}
    for i, entry in enumerate(shape.entries):
        if not entry.diagonal:
            first.setdefault(entry.block, i)
    return [
        value if first.get(entry.block, i) == i else value - components[first[entry.block]]
        for i, (entry, value) in enumerate(zip(shape.entries, components, strict=True))
    ]


def _column_sum(row: Row, other: Row, relation: Relation, number: Any, entry: Entry) -> Any:
    """Sum of the entries of all rows j of the class in the column that `entry` stands for (a column of row i)."""
    value = other.values[entry.block]
    if relation is Relation.SAME:
        return other.diagonal if entry.diagonal else value
    if entry.block != other.attached or entry.diagonal:
        return number * value
    # One of the rows j has its own index in this column.
    return other.diagonal + (number - 1) * value


def loss(table: GramTable) -> Any:
    """2 pi L = sum over unordered pairs of the signed rows of 2 pi F(w_i, w_j), the own terms being half of 2 pi G(|w_i|^2)."""
    if table.is_teacher:
        return 0
    total: Any = 0
    rows = signed_rows(table)
    for position, (sign, row) in enumerate(rows):
        pairs = table.own(row).value
        for other_sign, other in rows[: position + 1]:
            weight = 1 if other is row else 2
            for relation, number in table.classes(row, other):
                pairs = pairs + sign * other_sign * weight * (number * table.pair(row, other, relation).F)
        total = total + table.orbit_size(row) * pairs
    return total / 2
