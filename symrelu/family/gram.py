"""Rows of a family and the Gram data of every class of pairs, at a point, in any arithmetic.

Students and targets are rows of the same kind (a teacher neuron has diagonal entry 1 and zeros elsewhere). Two rows are
compared coordinate by coordinate: their special columns i and j stand alone, the rest of each block comes with its
multiplicity, so that an inner product is sum_g m_g w_g v_g, and the Gram determinant is the sum over pairs g < h of
m_g m_h (w_g v_h - w_h v_g)^2 (Lagrange's identity), which never cancels, however small the angle.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from symrelu.family.shape import Shape
from symrelu.model.kernel import RELU, Activation, Arithmetic, KernelPair, OwnTerm


class Relation(Enum):
    """How a row j of another orbit stands to a given row i."""

    SAME = "same index of the same block"
    OTHER = "another index of the same block"
    ANY = "the orbits share no block"


@dataclass(frozen=True)
class Row:
    """A row orbit at a point: `values[b]` is u on block b, `diagonal` the entry at its own index (attached only)."""

    attached: int | None
    values: tuple[Any, ...]
    diagonal: Any = None

    @property
    def delta(self) -> Any:
        """Coefficient of e_i (0 for a free row)."""
        return 0 if self.attached is None else self.diagonal - self.values[self.attached]

    def at_index(self, block: int) -> Any:
        """The entry at the row's own index when `block` is its block, u otherwise."""
        return self.diagonal if block == self.attached else self.values[block]


class GramTable:
    """All pairs of a point: `students`, `targets`, `sizes`, and `pair(row, other, relation)` with its multiplicity."""

    def __init__(
        self,
        shape: Shape,
        arithmetic: Arithmetic,
        sizes: list[Any],
        point: dict[str, Any],
        activation: Activation = RELU,
    ):
        """`sizes[b]` and `point[name]` are numbers of `arithmetic`; exact zeros and ones may be Python integers."""
        self.activation = activation
        self.shape = shape
        self.arithmetic = arithmetic
        self.sizes = sizes
        self.students = [self._student(R, point) for R in range(len(shape.rows))]
        self.targets = [self._target(b) for b, carries in enumerate(shape.teacher) if carries]
        self._pairs: dict[tuple[int, int, Relation], KernelPair] = {}
        self._norms: dict[int, Any] = {}
        self._own: dict[int, OwnTerm] = {}
        self.curvatures: dict[int, Any] = {}  # kept by reduced.curvature: every block of the Hessian asks for them

    def _student(self, row: int, point: dict[str, Any]) -> Row:
        values: list[Any] = [0] * len(self.shape.blocks)
        diagonal = None
        for entry in self.shape.entries:
            if entry.row == row:
                if entry.diagonal:
                    diagonal = point[entry.name]
                else:
                    values[entry.block] = point[entry.name]
        return Row(self.shape.rows[row].attached, tuple(values), diagonal)

    def _target(self, block: int) -> Row:
        unit = tuple(int(b == block) for b in range(len(self.shape.blocks)))
        if self.shape.blocks[block].is_one:
            return Row(None, unit)
        return Row(block, (0,) * len(unit), 1)

    def orbit_size(self, row: Row) -> Any:
        return 1 if row.attached is None else self.sizes[row.attached]

    @property
    def is_teacher(self) -> bool:
        """Whether the students are exactly the targets, so that the two networks are one function."""
        return self.students == self.targets and all(
            isinstance(x, int) for row in self.students for x in (*row.values, row.diagonal or 0)
        )

    def classes(self, row: Row, other: Row) -> list[tuple[Relation, Any]]:
        """The classes of rows j of `other` as seen from one row i of `row`, with their numbers; j = i left out."""
        if row is other and row.attached is None:
            return []
        if row.attached is None or row.attached != other.attached:
            return [(Relation.ANY, self.orbit_size(other))]
        others = (Relation.OTHER, self.sizes[row.attached] - 1)
        return [others] if row is other else [(Relation.SAME, 1), others]

    def norm_squared(self, row: Row) -> Any:
        if id(row) not in self._norms:
            self._norms[id(row)] = _inner(self._columns(row, row, Relation.SAME))
        return self._norms[id(row)]

    def own(self, row: Row) -> OwnTerm:
        """What the row contributes to the loss by itself."""
        if id(row) not in self._own:
            self._own[id(row)] = self.activation.own(self.arithmetic, self.norm_squared(row))
        return self._own[id(row)]

    def pair(self, row: Row, other: Row, relation: Relation) -> KernelPair:
        key = (id(row), id(other), relation)
        if key not in self._pairs:
            columns = self._columns(row, other, relation)
            self._pairs[key] = self.activation.pair(
                self.arithmetic,
                self.norm_squared(row),
                self.norm_squared(other),
                _inner(columns),
                _gram_determinant(columns),
            )
        return self._pairs[key]

    def _columns(self, row: Row, other: Row, relation: Relation) -> list[tuple[Any, Any, Any]]:
        """The columns as groups (multiplicity, entry of row, entry of other)."""
        groups: list[tuple[Any, Any, Any]] = []
        special = [0] * len(self.sizes)
        if row.attached is not None:
            a = row.attached
            entry = other.at_index(a) if relation is Relation.SAME else other.values[a]
            groups.append((1, row.diagonal, entry))
            special[a] += 1
        if other.attached is not None and relation is not Relation.SAME:
            groups.append((1, row.values[other.attached], other.diagonal))
            special[other.attached] += 1
        groups.extend(
            (size - taken if taken else size, row.values[b], other.values[b])
            for b, (size, taken) in enumerate(zip(self.sizes, special, strict=True))
        )
        return groups


def _inner(columns: list[tuple[Any, Any, Any]]) -> Any:
    return sum((m * (w * v) for m, w, v in columns), 0)


def _gram_determinant(columns: list[tuple[Any, Any, Any]]) -> Any:
    total: Any = 0
    for position, (m, w, v) in enumerate(columns):
        for n, x, y in columns[:position]:
            minor = x * v - w * y
            total = total + m * n * (minor * minor)
    return total
