"""Inverting a matrix over Laurent series up to O(s): pivoting by valuation.

The columns of J over K((s)) span a lattice; a reduced basis of it has leading vectors that are linearly independent.
Reducing J column by column gives Laurent polynomials M with J M = I + O(s), which is all that lifting needs of J^(-1).
"""

from __future__ import annotations

from dataclasses import dataclass

from symrelu.arithmetic.constants import Constant, ConstantField

SparseSeries = dict[int, Constant]


@dataclass
class _Column:
    image: list[SparseSeries]  # a column of J M, known below s^known
    combination: list[SparseSeries]  # the column of M
    known: int

    def valuation(self) -> int:
        powers = [power for series in self.image for power in series]
        if not powers:
            raise ArithmeticError("the Jacobian is singular to the order computed: more leading terms are needed")
        return min(powers)

    def shift(self, by: int) -> None:
        self.image = [{power + by: value for power, value in series.items()} for series in self.image]
        self.combination = [{power + by: value for power, value in series.items()} for series in self.combination]
        self.known += by


def truncated_inverse(jacobian: list[list[SparseSeries]], known: int, field: ConstantField) -> list[list[SparseSeries]]:
    """Laurent polynomials M with J M = I + O(s), for a square J whose coefficients below s^known are given.

    ArithmeticError when J is singular to that order.
    """
    size = len(jacobian)
    columns = [
        _Column(
            [dict(row[j]) for row in jacobian], [{0: field.number(1)} if i == j else {} for i in range(size)], known
        )
        for j in range(size)
    ]
    while True:
        for column in columns:
            column.shift(-column.valuation())
            if column.known <= 0:
                raise ArithmeticError("too few terms of the Jacobian to invert it: more leading terms are needed")
        leading = [[_constant_term(column.image[i], field) for column in columns] for i in range(size)]
        relation = null_vector(leading, field)
        if relation is None:
            break
        _combine(columns, relation)
    inverse = solve_identity(leading, field)
    return [
        [_sum([(column.combination[i], inverse[c][j]) for c, column in enumerate(columns)]) for j in range(size)]
        for i in range(size)
    ]


def _constant_term(series: SparseSeries, field: ConstantField) -> Constant:
    return series[0] if 0 in series else field.number(0)


def _combine(columns: list[_Column], relation: list[Constant]) -> None:
    """Replace one column by the combination whose leading vector vanishes."""
    involved = [j for j, factor in enumerate(relation) if factor]
    # The column known to the fewest orders is given up: the combination is known no better anyway.
    target = min(involved, key=lambda j: columns[j].known)
    size = len(columns)
    known = min(columns[j].known for j in involved)
    image = [_sum([(columns[j].image[i], relation[j]) for j in involved]) for i in range(size)]
    image = [{power: value for power, value in series.items() if power < known} for series in image]
    combination = [_sum([(columns[j].combination[i], relation[j]) for j in involved]) for i in range(size)]
    columns[target] = _Column(image, combination, known)


def _sum(parts: list[tuple[SparseSeries, Constant]]) -> SparseSeries:
    total: SparseSeries = {}
    for series, factor in parts:
        if factor:
            for power, value in series.items():
                total[power] = total[power] + value * factor if power in total else value * factor
    return {power: value for power, value in total.items() if value}


def echelon(matrix: list[list[Constant]], width: int) -> tuple[list[list[Constant]], list[int]]:
    """Reduced row echelon form of the first `width` columns, and the pivot columns."""
    rows, pivots = [list(row) for row in matrix], []
    for column in range(width):
        pivot = next((i for i in range(len(pivots), len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        top = len(pivots)
        rows[top], rows[pivot] = rows[pivot], rows[top]
        unit = rows[top][column].inverse()
        rows[top] = [value * unit for value in rows[top]]
        for i, row in enumerate(rows):
            if i != top and row[column]:
                factor = row[column]
                rows[i] = [x - factor * y for x, y in zip(row, rows[top], strict=True)]
        pivots.append(column)
    return rows, pivots


def null_vector(matrix: list[list[Constant]], field: ConstantField) -> list[Constant] | None:
    """A non-zero x with matrix x = 0, or None."""
    size = len(matrix[0])
    rows, pivots = echelon(matrix, size)
    free = next((j for j in range(size) if j not in pivots), None)
    if free is None:
        return None
    x = [field.number(0)] * size
    x[free] = field.number(1)
    for i, pivot in enumerate(pivots):
        x[pivot] = -rows[i][free]
    return x


def solve_identity(matrix: list[list[Constant]], field: ConstantField) -> list[list[Constant]]:
    """The inverse of an invertible matrix of constants."""
    size = len(matrix)
    extended = [list(row) + [field.number(int(i == j)) for j in range(size)] for i, row in enumerate(matrix)]
    rows, _ = echelon(extended, size)
    return [row[size:] for row in rows]
