"""Descent directions by Cauchy's interlacing theorem: which neurons, and which of their weights, have to move.

Let (B, G) be the Hessian's pencil on an isotypic type and (B_U, G_U) its compression to the matrices of that type which
vanish outside some entries of the shape (outside the weights diag1, off1, w12, ... of some row orbits): r of the n
coordinates are left out. Then (Cauchy, by the principle of Courant and Fischer)

    lambda_i(B) <= lambda_i(B_U) <= lambda_(i+r)(B),        n_-(B_U) <= n_-(B) <= n_-(B_U) + r,

n_- counting negative eigenvalues. Two uses are made of it at the critical point of an enlarged family with m more neurons
than targets, and both spectra are enclosed independently, so that the inequalities are checked as well:

* `subnetworks`: m free rows are kept fixed, U being the motions of the smaller network that is left, with as many neurons
  as targets. If that one is definite, the type has at most r descent directions (times its dimension), and none
  without the rows left out.
* `carriers`: the smallest sets of entries whose motion alone, all other weights fixed, lowers the loss. A negative
  eigenvalue there forces one of the whole Hessian.

Source: Arjevani & Field 2022 (2210.06088) find descent directions in this way; the subspaces here are found by search, and
proved by ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.chain import along_branch
from symrelu.analysis.interlacing_result import Compression, Inequality, Interlacing, TypeInterlacing
from symrelu.analysis.point import Component, CriticalPoint, enclose_point
from symrelu.analysis.signature import block, block_pivots, sign_on_domain
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import digits_to_bits
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import BasisVector, isotypic_basis, isotypic_types
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.solvers.definiteness import enclose_eigenvalues, inertia
from symrelu.symmetry.types import IsotypicType, Kind


def interlacing(branch: Branch, d: Fraction | int, digits: int = 20) -> Interlacing:
    """The descent directions of a family at d and the compressions that prove them, all in certified balls.

    UsageError, BranchEnds or Undecided as `enclose_point`; a set of entries whose signs stay open carries nothing.
    """
    point = enclose_point(branch, Fraction(d), digits)
    with working(point.bits):
        table = point.table()
        kinds = isotypic_types(point.definition.shape, point.definition.sizes(point.d))
        found = [
            _Pencil(point, table, kind, component).interlacing()
            for kind, component in zip(kinds, point.components, strict=True)
            if component.counts and component.negative
        ]
    return Interlacing(point, found)


class _Pencil:
    """The pencil of one type in balls, with the entry of the shape that each of its coordinates belongs to."""

    def __init__(self, point: CriticalPoint, table: GramTable, kind: IsotypicType, component: Component):
        self.shape, self.component = point.definition.shape, component
        self._bits = digits_to_bits(point.digits) + 8
        two_pi = 2 * arb.pi()
        matrix, gram = block(table, kind)
        self.matrix, self.gram = [[arb(x) / two_pi for x in row] for row in matrix], [arb(g) for g in gram]
        self.entries = coordinate_entries(table, kind)
        self.extra = _extra_rows(self.shape)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row orbit (from 0) of each entry that occurs."""
        orbits = {entry.name: entry.row for entry in self.shape.entries}
        return {name: orbits[name] for name in dict.fromkeys(self.entries)}

    def interlacing(self) -> TypeInterlacing:
        return TypeInterlacing(self.component, self._subnetworks(), self._carriers())

    def _subnetworks(self) -> list[Compression]:
        free = [R for R, row in enumerate(self.shape.rows) if row.attached is None]
        kept = (
            tuple(name for name, R in self.rows.items() if R not in fixed) for fixed in combinations(free, self.extra)
        )
        return [self.compression(entries) for entries in kept if 0 < len(entries) < len(self.rows)]

    def _carriers(self) -> list[Compression]:
        """All sets of entries of the least number whose motion lowers the loss, steepest descent first."""
        for number in range(1, len(self.rows)):
            sets = [entries for entries in combinations(self.rows, number) if self._negative(entries)]
            if sets:
                found = [self.compression(entries) for entries in sets]
                return sorted(found, key=lambda c: float(c.eigenvalues[0].mid()))
        return []

    def _indices(self, entries: Sequence[str]) -> list[int]:
        return [i for i, name in enumerate(self.entries) if name in entries]

    def _negative(self, entries: Sequence[str]) -> int:
        try:
            return inertia(_principal(self.matrix, self._indices(entries)))[0]
        except Undecided:
            return 0

    def compression(self, entries: tuple[str, ...]) -> Compression:
        indices = self._indices(entries)
        matrix, whole = _principal(self.matrix, indices), self.component.eigenvalues
        values = enclose_eigenvalues(matrix, [self.gram[i] for i in indices], self._bits)
        r = len(whole) - len(values)
        inequalities = [Inequality(whole[i], value, whole[i + r]) for i, value in enumerate(values)]
        if any(x.low > x.middle or x.middle > x.high for x in inequalities):
            raise ArithmeticError(f"Cauchy's inequalities fail on {', '.join(entries)}: one of the spectra is wrong")
        moving = {self.rows[name] for name in entries}
        fixed = tuple(R + 1 for R in range(len(self.shape.rows)) if R not in moving)
        return Compression(entries, fixed, r, values, inertia(matrix)[0], inequalities)


def _principal(matrix: list[list[Any]], indices: list[int]) -> list[list[Any]]:
    return [[matrix[i][j] for j in indices] for i in indices]


def _extra_rows(shape: Shape) -> int:
    """How many neurons there are more than targets; 0 where that depends on d."""
    targets = [size for size, carries in zip(shape.blocks, shape.teacher, strict=True) if carries]
    extra = shape.neurons + sum(targets, Size.constant(0)).scaled(Fraction(-1))
    return max(int(extra.constant_part), 0) if extra.is_constant else 0


def coordinate_entries(table: GramTable, kind: IsotypicType) -> list[str]:
    """For each tensor of the basis of a type the entry of the shape outside which it vanishes.

    >>> from symrelu.family.catalogue import definition
    >>> from symrelu.family.isotypic import isotypic_types
    >>> from symrelu.family.system import ReducedSystem
    >>> from symrelu.arithmetic.balls import Balls
    >>> table = ReducedSystem(definition("II"), Balls(), arb(9)).table([arb(1)] * 5)
    >>> coordinate_entries(table, isotypic_types(table.shape)[1])
    ['diag1', 'off1', 'off1', 'w12', 'w21']
    """
    return [_entry(table.shape, kind, vector) for vector in isotypic_basis(table, kind)]


def _entry(shape: Shape, kind: IsotypicType, vector: BasisVector) -> str:
    if kind.kind is Kind.TRIVIAL:
        return vector.name
    attached, constant = shape.rows[vector.row].attached, [b for b, x in enumerate(vector.vector.p) if x]
    diagonal = not constant and not vector.vector.beta
    if diagonal:
        column = attached
    elif constant:
        (column,) = constant
    else:  # xi, eta or Z_i: it stands in the columns of the type, for a product in those of the block across
        column = kind.other_block if kind.kind is Kind.PRODUCT and attached == kind.block else kind.block
    return next(e.name for e in shape.entries if (e.row, e.block, e.diagonal) == (vector.row, column, diagonal))


def prove_descent(
    branch: Branch, type_name: str, entries: Sequence[str], low: Fraction | int, high: Fraction | int
) -> list[tuple[Fraction, Fraction, int]]:
    """The number of negative eigenvalues of a compression for every real d in [low, high], by ascending intervals.

    Where it is positive the motion of these entries lowers the loss, for each d. Undecided or BranchEnds where the proof
    fails; UsageError for a type or an entry that does not occur.
    """
    shape = branch.definition.shape
    kind = next((kind for kind in isotypic_types(shape) if kind.name == type_name), None)
    if kind is None:
        raise UsageError(f"type {type_name!r} does not occur in {branch.definition.name}")

    def count(tube: Tube) -> int:
        names = coordinate_entries(tube.table, kind)
        unknown = [name for name in entries if name not in names]
        if unknown or not entries:
            raise UsageError(f"{unknown or 'no entry'} given for type {kind.name}, which moves {', '.join(names)}")
        with working(BITS):
            matrix, _ = block(tube.table, kind)
            pivots = block_pivots(_principal(matrix, [i for i, name in enumerate(names) if name in entries]))
            return sum(sign_on_domain(pivot) < 0 for pivot in pivots)

    return sorted(along_branch(branch, Fraction(low), Fraction(high), count))
