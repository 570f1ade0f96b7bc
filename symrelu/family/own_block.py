"""H_ii - I/2: the block of the Hessian that a single row sees of itself, by types of the row's stabiliser.

(I/2 is the own term of ReLU; for another homogeneous activation read (1 + slope^2)/2 I, as for leaky ReLU, throughout.)

Let row i be replaced by the parallel copies lambda w_i and (1 - lambda) w_i. With perturbations X_1, X_2 of the copies,
X = X_1 + X_2, v = X_1 - lambda X, and Y those of the other rows, the second variation is

    D^2 L(X, Y) + (1/lambda + 1/(1 - lambda)) v^T (H_ii - I/2) v,

since d2F/dw2 is homogeneous of degree -1, d2F/dwdv of degree 0, and the pair of copies contributes |X|^2 / 2 (own terms
I/2, cross terms I/2 at theta = 0). So the index of the split point is that of the point plus that of H_ii - I/2. The
kernel is homogeneous of degree 1 in w, so that w_i is in the kernel of H_ii - I/2: the loss does not depend on lambda.
Source: Safran, Yehudai & Shamir 2021 (2006.01005), on splitting a neuron; the identity here is
derived from the kernel (model/kernel.py) and checked on the dense network.

The stabiliser of a row of an attached orbit permutes the other n_a - 1 columns of its block a, and those of each other
block. In the shape in which column i is a block of its own (refinement.py) it is the whole group, and row i a free row:
H_ii is what the Hessian there does to this row. Hence no formula stands here but that of hessian.py, and what is here runs
on every arithmetic. The types are t (one dimension for each block of the refined shape) and, for each block of more than
one column, its standard type, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.family.gram import GramTable
from symrelu.family.hessian import hessian_image
from symrelu.family.isotypic import Matrix, isotypic_basis
from symrelu.family.refinement import refine
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.symmetry.types import IsotypicType, Kind

_ONE = Size.constant(1)


@dataclass(frozen=True)
class OwnType:
    """A type of the stabiliser of a row: t, or s with the number of the column block in the family's own shape.

    `dimension` is that of the type, linear in d and p; `copies` is the number of eigenvalues of H_ii - I/2 of this type,
    that of w_i itself left out; `words` names the type; `kind` is the type in the refined shape.
    """

    name: str
    dimension: Size
    copies: int
    words: str
    kind: IsotypicType

    @property
    def is_trivial(self) -> bool:
        """Whether w_i itself is of this type."""
        return self.kind.kind is Kind.TRIVIAL


@dataclass(frozen=True)
class OwnBlock:
    """2 pi (H_ii - I/2) on a type: its matrix on an orthogonal basis with squared norms `gram` (columns are images).

    `row` holds the coordinates of w_i itself, a vector of the kernel, where the type is the trivial one, and is None for
    the others, which are scalars.
    """

    type: OwnType
    action: Matrix
    gram: list[Any]
    row: list[Any] | None

    @property
    def pencil(self) -> Matrix:
        """B = G H, symmetric: B v = lambda G v."""
        return [[g * entry for entry in row] for g, row in zip(self.gram, self.action, strict=True)]

    def without_row(self, place: int) -> Matrix:
        """The matrix on the quotient by w_i, in the basis without vector `place`: its eigenvalues are the others.

        The coordinate of w_i at `place` must not be zero.
        """
        assert self.row is not None
        kept = [i for i in range(len(self.row)) if i != place]
        ratios = {i: self.row[i] / self.row[place] for i in kept}
        return [[self.action[i][j] - ratios[i] * self.action[place][j] for j in kept] for i in kept]

    def characteristic(self, place: int) -> list[Any]:
        """det(z - H) without the factor z of w_i: its coefficients, lowest first, the leading 1 left out.

        `place` as for `without_row`; it is not used where w_i is not of this type.
        """
        matrix = self.action if self.row is None else self.without_row(place)
        n, coefficients = len(matrix), list[Any]()
        power: Matrix = [[int(i == j) for j in range(n)] for i in range(n)]
        for k in range(1, n + 1):  # Faddeev and LeVerrier
            power = [[sum((matrix[i][m] * power[m][j] for m in range(n)), 0) for j in range(n)] for i in range(n)]
            coefficients.append(sum((power[i][i] for i in range(n)), 0) * Fraction(-1, k))
            power = [
                [x + coefficients[-1] if i == j else x for j, x in enumerate(line)] for i, line in enumerate(power)
            ]
        return coefficients[::-1]


def negative_roots(signs: list[int | None]) -> int | None:
    """How many roots of a monic polynomial with real roots only are negative, from the signs of its coefficients.

    `signs` are those of `characteristic`, None where one is open; None when they do not tell. As many roots are negative
    as the coefficients of p(-z) change sign, zeros left out (Descartes). An inner coefficient may vanish between two of
    different sign in p(-z), and then its own sign does not matter.

    >>> negative_roots([-1, None]), negative_roots([1, None])
    (1, None)
    """
    counts = set()
    for chosen in product(*([sign] if sign is not None else [-1, 0, 1] for sign in signs)):
        mirrored = [sign * (-1) ** j for j, sign in enumerate([*chosen, 1]) if sign]
        counts.add(sum(one != other for one, other in pairwise(mirrored)))
    return counts.pop() if len(counts) == 1 else None


def own_types(shape: Shape, row: int) -> list[OwnType]:
    """The types of the stabiliser of a row of orbit `row` (from 0) on R^d, the trivial one first."""
    refined, _, origins = _stabiliser(shape, row)
    names = [str(size) for size in refined.blocks]
    kinds = [(IsotypicType(Kind.TRIVIAL), IsotypicType(Kind.TRIVIAL))] + [
        (IsotypicType(Kind.STANDARD, b), IsotypicType(Kind.STANDARD, origins[b]))
        for b, size in enumerate(refined.blocks)
        if not size.is_one
    ]
    return [
        OwnType(
            named.name,
            _ONE if kind.kind is Kind.TRIVIAL else refined.blocks[kind.block] + Size.constant(-1),
            len(refined.blocks) - 1 if kind.kind is Kind.TRIVIAL else 1,
            kind.describe(names),
            kind,
        )
        for kind, named in kinds
    ]


def own_blocks(table: GramTable, row: int) -> list[OwnBlock]:
    """H_ii - I/2 for a row of orbit `row`, type by type (those of `own_types`), in the arithmetic of the table.

    UsageError for an activation that is not homogeneous: there split copies are not a critical point.
    """
    if not table.activation.homogeneous:
        raise UsageError(
            f"splitting a neuron is understood for homogeneous activations, not for {table.activation.name}"
        )
    seen, own = _seen_by(table, row)
    return [_own_block(seen, own, kind) for kind in own_types(table.shape, row)]


def _own_block(table: GramTable, own: int, kind: OwnType) -> OwnBlock:
    basis = [vector for vector in isotypic_basis(table, kind.kind) if vector.row == own]
    columns = []
    for source in basis:
        image = hessian_image(table, kind.kind, own, source.vector)[own]
        columns.append([target.coordinate(image) for target in basis])
    own_slope = table.own(table.students[own]).slope  # 2 pi times the own term 1/2
    action = [
        [entry - own_slope if i == j else entry for j, entry in enumerate(line)]
        for i, line in enumerate(zip(*columns, strict=True))
    ]
    coordinates = list(table.students[own].values) if kind.is_trivial else None
    return OwnBlock(kind, action, [vector.norm for vector in basis], coordinates)


def _seen_by(table: GramTable, row: int) -> tuple[GramTable, int]:
    """The same point with the column of the row a block of its own, and the row there."""
    shape, attached = table.shape, table.shape.rows[row].attached
    if attached is None:
        return table, row
    refined, own, _ = _stabiliser(shape, row)
    entries = [
        table.students[e.row].diagonal if e.diagonal else table.students[e.row].values[e.block] for e in shape.entries
    ]
    _, values = refine(shape, entries, attached, _parts(shape, attached))
    sizes = [part for b, n in enumerate(table.sizes) for part in ([n - 1, 1] if b == attached else [n])]
    point = dict(zip(refined.names, values, strict=True))
    return GramTable(refined, table.arithmetic, sizes, point, table.activation), own


def _stabiliser(shape: Shape, row: int) -> tuple[Shape, int, list[int]]:
    """The shape in which a row of the orbit is free, the place of this row there, and where each block comes from."""
    attached = shape.rows[row].attached
    if attached is None:
        return shape, row, list(range(len(shape.blocks)))
    refined, _ = refine(shape, [None] * len(shape.entries), attached, _parts(shape, attached))
    # Each orbit attached to the block has become two, that of the single column being the second.
    own = row + 1 + sum(other.attached == attached for other in shape.rows[:row])
    return refined, own, [b for b in range(len(shape.blocks)) for _ in range(2 if b == attached else 1)]


def _parts(shape: Shape, block: int) -> list[Size]:
    return [shape.blocks[block] + Size.constant(-1), _ONE]
