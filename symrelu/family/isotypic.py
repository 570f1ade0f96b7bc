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

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.family.gram import GramTable
from symrelu.family.hessian import Vector, hessian_image
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.symmetry.types import IsotypicType, Kind

Matrix = list[list[Any]]


@dataclass(frozen=True)
class BasisVector:
    """A test tensor: the orbit it lives on, its row there, and its squared Frobenius norm (|xi| = |eta| = |Z| = 1)."""

    name: str
    row: int
    vector: Vector
    norm: Any


def isotypic_basis(table: GramTable, kind: IsotypicType) -> list[BasisVector]:
    """Orthogonal test tensors of a type, with their squared norms in the arithmetic of the table."""
    sizes, blocks = table.sizes, len(table.sizes)

    def unit(block: int) -> list[Any]:
        return [int(b == block) for b in range(blocks)]

    basis = []
    for R, row in enumerate(table.students):
        attached, label = row.attached, R + 1
        match kind.kind:
            case Kind.TRIVIAL:
                for entry in table.shape.entries:
                    if entry.row != R:
                        continue
                    if entry.diagonal:
                        vector, norm = Vector([0] * blocks, gamma=1), sizes[entry.block]
                    elif entry.block == attached:
                        n = sizes[entry.block]
                        vector, norm = Vector(unit(entry.block), gamma=-1), n * (n - 1)
                    else:
                        vector, norm = Vector(unit(entry.block)), table.orbit_size(row) * sizes[entry.block]
                    basis.append(BasisVector(entry.name, R, vector, norm))
            case Kind.STANDARD if attached == kind.block:
                n = sizes[attached]
                basis.append(BasisVector(f"diagonal{label}", R, Vector([0] * blocks, gamma=1), 1))
                basis.append(BasisVector(f"skew{label}", R, Vector(unit(attached), beta=-1), 2 * n))
                if not kind.size_is_two:
                    symmetric = Vector(unit(attached), gamma=-2, beta=1)
                    basis.append(BasisVector(f"symmetric{label}", R, symmetric, 2 * (n - 2)))
                basis.extend(
                    BasisVector(f"rows{label}_{b + 1}", R, Vector(unit(b)), sizes[b])
                    for b in range(blocks)
                    if b != attached
                )
            case Kind.STANDARD:
                vector = Vector([0] * blocks, beta=1)
                basis.append(BasisVector(f"columns{label}", R, vector, table.orbit_size(row)))
            case Kind.EXTERIOR | Kind.SYMMETRIC if attached == kind.block:
                basis.append(BasisVector(f"tensor{label}", R, Vector([0] * blocks, beta=1), 1))
            case Kind.PRODUCT if attached is not None and attached in (kind.block, kind.other_block):
                basis.append(BasisVector(f"product{label}", R, Vector([0] * blocks, beta=1), 1))
    return basis


def isotypic_action(table: GramTable, kind: IsotypicType) -> tuple[Matrix, list[BasisVector]]:
    """The matrix H of 2 pi Hessian on the basis of a type (columns are images), and the basis."""
    basis = isotypic_basis(table, kind)
    columns = []
    for source in basis:
        image = hessian_image(table, kind, source.row, source.vector)
        columns.append([_coordinate(table, kind, image, target) for target in basis])
    return [list(row) for row in zip(*columns, strict=True)], basis


def symmetric_pencil(action: Matrix, basis: list[BasisVector]) -> tuple[Matrix, list[Any]]:
    """(B, G): B = G H symmetric, G the diagonal of the Gram matrix."""
    gram = [vector.norm for vector in basis]
    return [[g * entry for entry in row] for g, row in zip(gram, action, strict=True)], gram


def _coordinate(table: GramTable, kind: IsotypicType, image: list[Vector], target: BasisVector) -> Any:
    """The coefficient of a basis vector in an image: read off its (p, gamma, beta) on that orbit."""
    vector, row = image[target.row], table.students[target.row]
    attached = row.attached
    if kind.kind is Kind.TRIVIAL:
        block = next((b for b, x in enumerate(target.vector.p) if x == 1), attached)
        diagonal = not any(target.vector.p)
        assert block is not None
        return vector.p[block] + vector.gamma if diagonal else vector.p[block]
    if kind.kind is Kind.STANDARD and attached == kind.block:
        own = vector.p[attached]
        # X_i = xi_i (own 1 + gamma e_i) + beta xi: entries xi_i own + xi_l beta off, (own + gamma + beta) xi_i on the
        # diagonal.
        match target.vector.gamma, target.vector.beta:
            case 1, _:
                return own + vector.gamma + vector.beta
            case _, -1:
                # With two rows the symmetric tensor vanishes: xi_l = -xi_i leaves own - beta on 1 - (-1) = 2.
                return (own - vector.beta) / 2
            case -2, _:
                return (own + vector.beta) / 2
        block = next(b for b, x in enumerate(target.vector.p) if x == 1)
        return vector.p[block]
    return vector.beta


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
    types += [
        IsotypicType(Kind.PRODUCT, a, b) for a in proper for b in proper if a < b and (a in hosts or b in hosts)
    ]
    return types
