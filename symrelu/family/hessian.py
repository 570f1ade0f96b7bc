"""2 pi Hessian of L applied to vectors of each isotypic type, in Gram variables.

On a row i, the Hessian is a diagonal part, D_i X_i, and a sum over the other students, sum_j O_ij X_j, where each pair
contributes (kernel.py, with the coefficients a, b, b', q of the pair; for ReLU radial is S)

    D:  (radial/A) X_i + w_i (a w_i.X_i + b w_j.X_i) + w_j (b w_i.X_i + q w_j.X_i)
    O:  phi X_j   + w_i (b w_i.X_j + q w_j.X_j) + w_j (q w_i.X_j + b' w_j.X_j).

The row's own term adds slope X_i + bend w_i w_i.X_i, bend being zero for ReLU; slope and radial are in `curvature`.

The sums over j are done by hand from sum_{j != i} xi_j = -xi_i, sum_{j != i} xi_j e_j = xi - xi_i e_i and
Z 1 = 0; they are the only mathematics here. Types and vectors are described in isotypic.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symrelu.family.gram import GramTable, Relation, Row
from symrelu.family.reduced import curvature, signed_rows
from symrelu.model.kernel import KernelPair
from symrelu.symmetry.types import IsotypicType, Kind


@dataclass
class Vector:
    """The part of a vector on one row orbit: block-constant `p`, coefficient `gamma` of e_i, and `beta` of xi."""

    p: list[Any]
    gamma: Any = 0
    beta: Any = 0

    @staticmethod
    def zero(blocks: int) -> Vector:
        return Vector([0] * blocks)

    @staticmethod
    def of_row(row: Row) -> Vector:
        """w_i itself: u + delta e_i."""
        return Vector(list(row.values), row.delta)

    def add(self, factor: Any, other: Vector) -> None:
        self.p = [x + factor * y for x, y in zip(self.p, other.p, strict=True)]
        self.gamma = self.gamma + factor * other.gamma
        self.beta = self.beta + factor * other.beta


def hessian_image(table: GramTable, kind: IsotypicType, source: int, vector: Vector) -> list[Vector]:
    """The image, orbit by orbit, of the vector that is `vector` on orbit `source` and zero on the others."""
    blocks = len(table.sizes)
    X = [vector if source == R else None for R in range(len(table.students))]
    match kind.kind:
        case Kind.TRIVIAL:
            return [_trivial(table, R, X) for R in range(len(X))]
        case Kind.STANDARD:
            act = [_standard if row.attached == kind.block else _standard_elsewhere for row in table.students]
            return [act[R](table, kind.block, R, X) for R in range(len(X))]
        case Kind.EXTERIOR | Kind.SYMMETRIC:
            sign = -1 if kind.kind is Kind.EXTERIOR else 1
            scalars = [_tensor(table, kind.block, sign, R, source) for R in range(len(X))]
        case Kind.PRODUCT:
            scalars = [_product(table, kind, R, source) for R in range(len(X))]
    return [Vector([0] * blocks, beta=scalar) for scalar in scalars]


def _dot(table: GramTable, row: Row, p: list[Any]) -> Any:
    """w . p for block-constant p; the row's own delta counts once in its block."""
    total: Any = sum((n * (u * x) for n, u, x in zip(table.sizes, row.values, p, strict=True)), 0)
    return total if row.attached is None else total + row.delta * p[row.attached]


def _row_sum(table: GramTable, row: Row, other: Row, relation: Relation, number: Any) -> Vector:
    """The sum of the rows w_j of a class, as a vector on row i."""
    total = Vector([number * u for u in other.values])
    if other.attached is not None:
        if relation is Relation.SAME:
            total.gamma = other.delta
        else:
            # sum_{j != i} e_j = 1 - e_i, or 1 when the block is not that of i.
            total.p[other.attached] = total.p[other.attached] + other.delta
            if relation is Relation.OTHER:
                total.gamma = -other.delta
    return total


def _entry(other: Row, row: Row, relation: Relation) -> Any:
    """The entry of w_j in the column that is row i's own index."""
    assert row.attached is not None
    return other.at_index(row.attached) if relation is Relation.SAME else other.values[row.attached]


def _add_bend(table: GramTable, row: Row, alpha: Any, image: Vector) -> None:
    """What the own term does besides its part of the curvature: bend w (w.X), alpha being w.X."""
    bend = table.own(row).bend
    if bend is not None:
        image.add(bend * alpha, Vector.of_row(row))


def _trivial(table: GramTable, i: int, X: list[Vector | None]) -> Vector:
    row, image = table.students[i], Vector.zero(len(table.sizes))
    w, own = Vector.of_row(row), X[i]
    if own is not None:
        image.add(curvature(table, row), own)
        alpha = _dot(table, row, own.p) + (0 if row.attached is None else own.gamma * row.diagonal)
        _add_bend(table, row, alpha, image)
        for sign, other in signed_rows(table):
            for relation, number in table.classes(row, other):
                pair = table.pair(row, other, relation)
                m = _dot(table, other, own.p)
                if row.attached is not None:
                    m = m + own.gamma * _entry(other, row, relation)
                image.add(sign * (number * (pair.a * alpha + pair.b * m)), w)
                image.add(sign * (pair.b * alpha + pair.q * m), _row_sum(table, row, other, relation, number))
    for R, other in enumerate(table.students):
        moved = X[R]
        if moved is None:
            continue
        for relation, number in table.classes(row, other):
            pair = table.pair(row, other, relation)
            # X_j = p' + gamma' e_j, just as w_j = u' + delta' e_j.
            mover = Row(other.attached, tuple(moved.p), _diagonal(other, moved))
            image.add(pair.phi, _row_sum(table, row, mover, relation, number))
            mu = _dot(table, row, moved.p)
            alpha = _dot(table, other, moved.p)
            if other.attached is not None:
                mu = mu + moved.gamma * _entry(row, other, relation)
                alpha = alpha + moved.gamma * other.diagonal
            image.add(number * (pair.b * mu + pair.q * alpha), w)
            image.add(pair.q * mu + pair.b_swapped * alpha, _row_sum(table, row, other, relation, number))
    return image


def _diagonal(row: Row, vector: Vector) -> Any:
    return None if row.attached is None else vector.p[row.attached] + vector.gamma


def _standard(table: GramTable, block: int, i: int, X: list[Vector | None]) -> Vector:
    """Type s of `block` on a row attached to it; p and gamma stand for xi_i (p + gamma e_i)."""
    row, image = table.students[i], Vector.zero(len(table.sizes))
    w, delta, own = Vector.of_row(row), row.delta, X[i]
    xi = Vector([0] * len(table.sizes), beta=1)
    xi_off_index = Vector([0] * len(table.sizes), gamma=-1, beta=1)  # sum_{j != i} xi_j e_j
    if own is not None:
        image.add(curvature(table, row), own)
        alpha = _dot(table, row, own.p) + own.gamma * row.diagonal + own.beta * delta
        _add_bend(table, row, alpha, image)
        for sign, other in signed_rows(table):
            for relation, number in table.classes(row, other):
                pair = table.pair(row, other, relation)
                rows = _row_sum(table, row, other, relation, number)
                m = _dot(table, other, own.p) + own.gamma * _entry(other, row, relation)
                if relation is Relation.SAME:
                    m = m + own.beta * other.delta
                image.add(sign * (number * (pair.a * alpha + pair.b * m)), w)
                image.add(sign * (pair.b * alpha + pair.q * m), rows)
                if relation is Relation.OTHER:  # w_j . (beta xi) = beta delta' xi_j
                    pull = own.beta * other.delta
                    image.add(-sign * (pair.b * pull), w)
                    image.add(-sign * (pair.q * pull), Vector(list(other.values)))
                    image.add(sign * (pair.q * pull * other.delta), xi_off_index)
    for R, other in enumerate(table.students):
        moved = X[R]
        if moved is None:
            continue
        for relation, number in table.classes(row, other):
            pair = table.pair(row, other, relation)
            rows = _row_sum(table, row, other, relation, number)
            pull = moved.beta * delta  # w_i . (beta' xi) = beta' delta xi_i, for every j
            image.add(number * (pair.phi * moved.beta), xi)
            if other.attached != block:
                image.add(number * (pair.b * pull), w)
                image.add(pair.q * pull, rows)
                continue
            mu = _dot(table, row, moved.p) + moved.gamma * _entry(row, other, relation)
            alpha = _dot(table, other, moved.p) + moved.gamma * other.diagonal + moved.beta * other.delta
            if relation is Relation.SAME:
                mu = mu + pull
                image.add(pair.phi, Vector(list(moved.p), moved.gamma))
                image.add(pair.b * mu + pair.q * alpha, w)
                image.add(pair.q * mu + pair.b_swapped * alpha, rows)
            else:
                image.add(-pair.phi, Vector(list(moved.p)))
                image.add(pair.phi * moved.gamma, xi_off_index)
                image.add(number * (pair.b * pull) - pair.b * mu - pair.q * alpha, w)
                image.add(pair.q * pull, rows)
                along = pair.q * mu + pair.b_swapped * alpha
                image.add(-along, Vector(list(other.values)))
                image.add(along * other.delta, xi_off_index)
    return image


def _standard_elsewhere(table: GramTable, block: int, i: int, X: list[Vector | None]) -> Vector:
    """Type s of `block` on a row that is not attached to it: a multiple of xi."""
    row, own = table.students[i], X[i]
    beta: Any = 0
    if own is not None:
        beta = beta + own.beta * (curvature(table, row) + _pull_on_block(table, row, block))
    for R, other in enumerate(table.students):
        moved = X[R]
        if moved is None:
            continue
        for relation, number in table.classes(row, other):
            pair = table.pair(row, other, relation)
            beta = beta + number * (pair.phi * moved.beta)
            if other.attached == block:
                mu = _dot(table, row, moved.p) + moved.gamma * row.values[block]
                alpha = _dot(table, other, moved.p) + moved.gamma * other.diagonal + moved.beta * other.delta
                along = pair.q * mu + pair.b_swapped * alpha
                beta = beta + pair.phi * moved.gamma + along * other.delta
    return Vector([0] * len(table.sizes), beta=beta)


def _pull_on_block(table: GramTable, row: Row, block: int) -> Any:
    """sum_j +- q delta_j^2 over the rows j != i attached to the block: what sum_j q w_j w_j^T adds there."""
    total: Any = 0
    for sign, other in signed_rows(table):
        if other.attached == block:
            for relation, _ in table.classes(row, other):
                if relation is not Relation.SAME:
                    pair: KernelPair = table.pair(row, other, relation)
                    total = total + sign * (pair.q * other.delta * other.delta)
    return total


def _tensor(table: GramTable, block: int, sign: int, i: int, source: int) -> Any:
    """Types x (sign -1) and y (sign +1): lambda_x, lambda_y of the literature for a single attached orbit."""
    row, other = table.students[i], table.students[source]
    if row.attached != block:
        return 0
    total: Any = 0
    if i == source:
        total = curvature(table, row) + _pull_on_block(table, row, block)
    for relation, _ in table.classes(row, other):
        pair = table.pair(row, other, relation)
        if relation is Relation.SAME:
            total = total + pair.phi
        else:
            total = total - pair.phi + sign * (pair.q * row.delta * other.delta)
    return total


def _product(table: GramTable, kind: IsotypicType, i: int, source: int) -> Any:
    """Type s_a*s_b."""
    row, other = table.students[i], table.students[source]
    if row.attached not in (kind.block, kind.other_block):
        return 0
    across = kind.other_block if row.attached == kind.block else kind.block
    assert across is not None
    total: Any = 0
    if i == source:
        total = curvature(table, row) + _pull_on_block(table, row, across)
    for relation, _ in table.classes(row, other):
        pair = table.pair(row, other, relation)
        if relation is Relation.SAME:
            total = total + pair.phi
        elif relation is Relation.OTHER:
            total = total - pair.phi
        else:
            total = total + pair.q * row.delta * other.delta
    return total
