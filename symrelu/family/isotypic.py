"""The Hessian of a family, isotypic component by isotypic component, in Gram variables.

For xi in R^{n_a} with zero sum, eta likewise in block b, and Z an n_a x n_a matrix with zero diagonal and zero row sums,
a vector of each type is, in the row i of an orbit,

    t       X_i = p + gamma e_i                           (p constant on each block; gamma for attached orbits)
    s_a     X_i = xi_i (p + gamma e_i) + beta xi          (attached to a),      beta xi   (otherwise)
    x_a     X_i = coefficient Z_i, Z antisymmetric        (attached to a)
    y_a     X_i = coefficient Z_i, Z symmetric            (attached to a)
    s_a*s_b X_i = coefficient xi_i eta  (attached to a),  coefficient eta_i xi  (attached to b)

The Hessian maps each type to itself. `isotypic_action` gives the matrix of 2 pi Hessian on the basis of
`isotypic_basis`, whose Frobenius Gram matrix is diagonal; B = G H is the symmetric pencil B v = lambda G v.
Source: Arjevani & Field 2020 (2008.01805), sections 5-7, here for any shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.family.gram import GramTable
from symrelu.family.hessian import Vector, hessian_image
from symrelu.family.shape import Entry, Shape
from symrelu.family.sizes import Size
from symrelu.symmetry.types import IsotypicType, Kind

Matrix = list[list[Any]]


@dataclass(frozen=True)
class BasisVector:
    """A test tensor on one row orbit, its squared Frobenius norm (|xi| = |eta| = |Z| = 1), and its coordinate.

    `coordinate(image)` is the coefficient of this tensor in a vector of the same type, given that vector on the orbit.
    """

    name: str
    row: int
    vector: Vector
    norm: Any
    coordinate: Callable[[Vector], Any]


def isotypic_basis(table: GramTable, kind: IsotypicType) -> list[BasisVector]:
    """Orthogonal test tensors of a type, with their squared norms in the arithmetic of the table."""
    match kind.kind:
        case Kind.TRIVIAL:
            return [_entry_tensor(table, entry) for entry in table.shape.entries]
        case Kind.STANDARD:
            return [
                tensor
                for R, row in enumerate(table.students)
                for tensor in (_own_tensors(table, kind, R) if row.attached == kind.block else [_beta_tensor(table, R)])
            ]
        case Kind.EXTERIOR | Kind.SYMMETRIC:
            hosts = (kind.block,)
        case Kind.PRODUCT:
            hosts = (kind.block, kind.other_block)
    return [_beta_tensor(table, R, 1) for R, row in enumerate(table.students) if row.attached in hosts]


def _entry_tensor(table: GramTable, entry: Entry) -> BasisVector:
    """Type t: one entry of the shape."""
    b, row, n = entry.block, table.students[entry.row], table.sizes[entry.block]
    if entry.diagonal:
        return BasisVector(entry.name, entry.row, _vector(table, gamma=1), n, lambda X: X.p[b] + X.gamma)
    if b == row.attached:
        return BasisVector(entry.name, entry.row, _vector(table, b, gamma=-1), n * (n - 1), lambda X: X.p[b])
    return BasisVector(entry.name, entry.row, _vector(table, b), table.orbit_size(row) * n, lambda X: X.p[b])


def _own_tensors(table: GramTable, kind: IsotypicType, R: int) -> list[BasisVector]:
    """Type s_a on an orbit attached to a: entries xi_i on the diagonal, xi_i -+ xi_l off it, and xi_i in other blocks.

    A vector xi_i (p + gamma e_i) + beta xi has the entry p_a xi_i + beta xi_l off the diagonal of block a. With two
    columns xi_l = -xi_i, and the symmetric tensor vanishes.
    """
    a, n, label = kind.block, table.sizes[kind.block], R + 1
    tensors = [
        BasisVector(f"diagonal{label}", R, _vector(table, gamma=1), 1, lambda X: X.p[a] + X.gamma + X.beta),
        BasisVector(f"skew{label}", R, _vector(table, a, beta=-1), 2 * n, lambda X: (X.p[a] - X.beta) / 2),
    ]
    if not kind.size_is_two:
        symmetric = _vector(table, a, gamma=-2, beta=1)
        norm = 2 * (n - 2)
        tensors.append(BasisVector(f"symmetric{label}", R, symmetric, norm, lambda X: (X.p[a] + X.beta) / 2))
    for b, size in enumerate(table.sizes):
        if b != a:
            tensors.append(BasisVector(f"rows{label}_{b + 1}", R, _vector(table, b), size, lambda X, b=b: X.p[b]))
    return tensors


def _beta_tensor(table: GramTable, R: int, norm: Any = None) -> BasisVector:
    """The tensor whose row i is xi (types s elsewhere), Z_i or xi_i eta: one coefficient, kept in beta."""
    size = table.orbit_size(table.students[R]) if norm is None else norm
    return BasisVector(f"tensor{R + 1}", R, _vector(table, beta=1), size, lambda X: X.beta)


def _vector(table: GramTable, block: int | None = None, gamma: int = 0, beta: int = 0) -> Vector:
    return Vector([int(b == block) for b in range(len(table.sizes))], gamma, beta)


def isotypic_action(table: GramTable, kind: IsotypicType) -> tuple[Matrix, list[BasisVector]]:
    """The matrix H of 2 pi Hessian on the basis of a type (columns are images), and the basis."""
    basis = isotypic_basis(table, kind)
    columns = []
    for source in basis:
        image = hessian_image(table, kind, source.row, source.vector)
        columns.append([target.coordinate(image[target.row]) for target in basis])
    return [list(row) for row in zip(*columns, strict=True)], basis


def symmetric_pencil(action: Matrix, basis: list[BasisVector]) -> tuple[Matrix, list[Any]]:
    """(B, G): B = G H symmetric, G the diagonal of the Gram matrix."""
    gram = [vector.norm for vector in basis]
    return [[g * entry for entry in row] for g, row in zip(gram, action, strict=True)], gram


def isotypic_types(shape: Shape, sizes: list[Fraction] | None = None) -> list[IsotypicType]:
    """The types that occur in M(k, d) for a shape, trivial type first, then block by block, products last.

    `sizes` are the block sizes at one d, where there is one: blocks of exactly two columns are special.
    """
    types = [IsotypicType(Kind.TRIVIAL)]
    proper = [b for b, size in enumerate(shape.blocks) if not size.is_one]
    hosts = {row.attached for row in shape.rows}
    for b in proper:
        two = shape.blocks[b] == Size.constant(2) or (sizes is not None and sizes[b] == 2)
        types.append(IsotypicType(Kind.STANDARD, b, size_is_two=two))
        if b in hosts:
            types += [IsotypicType(Kind.EXTERIOR, b), IsotypicType(Kind.SYMMETRIC, b)]
    types += [IsotypicType(Kind.PRODUCT, a, b) for a in proper for b in proper if a < b and (a in hosts or b in hosts)]
    return types
