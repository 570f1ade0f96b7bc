"""The branches of a shape: a repeatable search of the reduced system for minima of the loss on the fixed-point space.

A family with extra neurons is not determined by its shape: several branches of critical points share it. Here the loss,
restricted to the fixed-point space, is minimised from pseudo-random starts at one d; the minima found are told apart,
polished to critical points, and followed to large d, where the attached rows say which family of the catalogue they
enlarge (not too large: the free rows of some branches become parallel in the limit). A search proves nothing: it finds
branches, and does not show that there are no others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import pi, sqrt
from random import Random
from typing import Any

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.arithmetic.floats import Floats
from symrelu.family.definition import Definition, Start
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, symmetric_pencil
from symrelu.family.reduced import gradient, loss
from symrelu.family.shape import Shape
from symrelu.family.system import TRIVIAL
from symrelu.solvers.descent import Model, SearchFails, Vector, descend, is_positive_definite

# Where the attached rows are compared with those of the family, and how near they must be: as far as the branch goes.
_FAR = {Fraction(10**4): 0.05, Fraction(10**3): 0.1, Fraction(10**2): 0.25}
_LEAST_LOSS = 1e-6  # below it the minimum is a global one
_SAME = 1e-8  # losses closer than this belong to one minimum
_LEAST_SINE = 1e-4  # rows closer to parallel are copies of one neuron: a split point, not a family of its own
_LEAST_NORM = 1e-3
_LARGEST = 5.0  # entries of a point that is taken seriously
_DIGITS = 6  # of the values that are recorded


@dataclass(frozen=True)
class FoundBranch:
    """A minimum on the fixed-point space at one d: its entries, its loss, and how often the search ran into it.

    Of minima that differ by a permutation of neurons only the first one met is kept. `far` is the largest of d = 10^4,
    10^3, 100 to which the branch can be followed, `entries` what they are there (None and empty if it ends before);
    `end` says where it is lost.
    """

    values: dict[str, Fraction]
    loss: float
    hits: int
    far: Fraction | None
    entries: dict[str, float]
    end: str | None

    def enlarges(self, base: Branch) -> bool:
        """Whether the attached rows come near those of a family as d grows."""
        if self.far is None:
            return False
        theirs = approx_entries(base, self.far)
        attached = [name for name in theirs if name.startswith(("diag", "off"))]
        return all(abs(self.entries[name] - theirs[name]) < _FAR[self.far] for name in attached)


def approx_entries(branch: Branch, d: Fraction) -> dict[str, float]:
    """The entries at d in floats; BranchEnds when the branch cannot be followed there."""
    point = branch.approx(d, 64)
    return {name: float(value.mid()) for name, value in zip(branch.definition.shape.names, point, strict=True)}


def search_branches(
    shape: Shape,
    d: Fraction,
    starts: int,
    seed: int,
    around: dict[str, float] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[FoundBranch]:
    """The minima of the loss on the fixed-point space at d that descent from `starts` pseudo-random points reaches.

    Every second start takes the diagonal entries from `around`, if given. Global minima, and points with parallel, tiny
    or huge rows, are left out. In descending order of hits. The same seed gives the same starts on every machine.
    """
    reduced, random = _ReducedLoss(shape, d), Random(seed)
    found: list[list[Any]] = []  # [loss, point, hits]
    for count in range(starts):
        start = [random.gauss(0, 1 if entry.diagonal else 1 / sqrt(d)) for entry in shape.entries]
        if around is not None and count % 2:
            start = [around[e.name] if e.diagonal else x for e, x in zip(shape.entries, start, strict=True)]
        if progress is not None:
            progress(count + 1)
        try:
            point = descend(reduced.value, reduced.model, start)
        except SearchFails:
            continue
        value = reduced.value(point)
        if value > _LEAST_LOSS and reduced.is_proper(point) and is_positive_definite(reduced.model(point)[1]):
            # Different minima with the same loss to eight digits have not been met; permuted copies are met all the time.
            same = next((known for known in found if abs(known[0] - value) < _SAME), None)
            if same is None:
                found.append([value, point, 1])
            else:
                same[2] += 1
    found.sort(key=lambda known: (-known[2], known[0]))
    return [_describe(shape, d, *known) for known in found]


def _describe(shape: Shape, d: Fraction, value: float, point: Vector, hits: int) -> FoundBranch:
    values = {name: Fraction(f"{x:.{_DIGITS}f}") for name, x in zip(shape.names, point, strict=True)}
    branch, end = Branch(Definition("this start", shape, start=Start(d, values))), None
    for far in _FAR:
        try:
            return FoundBranch(values, value, hits, far, approx_entries(branch, far), end)
        except BranchEnds as ends:
            end = end or str(ends)
    return FoundBranch(values, value, hits, None, {}, end)


class _ReducedLoss:
    """The loss on the fixed-point space at d in floats, with gradient and Hessian in the Frobenius metric."""

    def __init__(self, shape: Shape, d: Fraction):
        self.shape, self.sizes = shape, [float(size.at(d)) for size in shape.blocks]

    def table(self, x: Vector) -> GramTable:
        return GramTable(self.shape, Floats(), self.sizes, dict(zip(self.shape.names, x, strict=True)))

    def value(self, x: Vector) -> float:
        return loss(self.table(x)) / (2 * pi)

    def model(self, x: Vector) -> Model:
        table = self.table(x)
        B, gram = symmetric_pencil(*isotypic_action(table, TRIVIAL))
        return [m * g for m, g in zip(gram, gradient(table), strict=True)], B, gram

    def is_proper(self, x: Vector) -> bool:
        """No row is tiny, none is huge, no two are (nearly) parallel."""
        table = self.table(x)
        rows = [*table.students, *table.targets]
        norms = [table.norm_squared(row) for row in table.students]
        if max(map(abs, x)) > _LARGEST or min(norms) < _LEAST_NORM**2:
            return False
        return all(
            pair.S_squared > _LEAST_SINE**2 * pair.A * pair.B
            for row in table.students
            for other in rows
            for relation, _ in table.classes(row, other)
            for pair in [table.pair(row, other, relation)]
        )
