"""The Hessian blocks a second time: the same point seen with less symmetry.

Split a block of n columns into parts, and the row orbits attached to it likewise: the weights stay what they are, but
now they are a point of a larger fixed-point space, that of a Young subgroup. The Hessian on this space, the trivial
block of the refined shape, contains one copy of the coarse type tau for each invariant vector of the subgroup in tau:

    n = (n-1) + 1         t + s
    n = (n-2) + 1 + 1     t + 2 s + x + y          (every type once: x and y for the first time)
    one column split off in each of two blocks a, b:    t + s_a + s_b + s_a*s_b.

So all eigenvalues come out of the formula for invariant matrices alone, the derivative of the reduced gradient; the
formulas for s, x, y and the products in hessian.py are not used. Sizes are real numbers here as there.
Source: Young's rule (Fulton & Harris, lecture 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import Matrix, isotypic_action, symmetric_pencil
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.kernel import Arithmetic
from symrelu.symmetry.types import IsotypicType, Kind


def refine(shape: Shape, entries: Sequence[Any], block: int, parts: Sequence[Size]) -> tuple[Shape, list[Any]]:
    """The shape with a block (counted from 0) split into parts, and the entries of the same weights there.

    `entries` stand in the order of the shape, in any arithmetic; they are copied, never computed with. The parts take
    the place of the block, and an orbit attached to it becomes as many orbits, one for each part, in its place.
    ValueError unless the parts add up to the size of the block, identically in d and p.
    """
    if sum(parts, Size.constant(0)) != shape.blocks[block]:
        raise ValueError(f"the parts {', '.join(map(str, parts))} do not add up to {shape.blocks[block]}")
    old_block = [b for b in range(len(shape.blocks)) for _ in (parts if b == block else [b])]
    sizes = [part for b, size in enumerate(shape.blocks) for part in (parts if b == block else [size])]
    old_row, attached = [], []
    for R, row in enumerate(shape.rows):
        homes = [None] if row.attached is None else [b for b, old in enumerate(old_block) if old == row.attached]
        old_row += [R] * len(homes)
        attached += homes
    refined = Shape.build(sizes, attached, [shape.teacher[b] for b in old_block])
    given = {(e.row, e.block, e.diagonal): value for e, value in zip(shape.entries, entries, strict=True)}
    values = []
    for entry in refined.entries:
        # A part of one column makes its row a free one: its own entry is still the diagonal one of the old orbit.
        lone = refined.rows[entry.row].attached is None and attached[entry.row] == entry.block
        values.append(given[old_row[entry.row], old_block[entry.block], entry.diagonal or lone])
    return refined, values


def split_off(shape: Shape, entries: Sequence[Any], singles: dict[int, int]) -> tuple[Shape, list[Any]]:
    """The same weights with `singles[b]` columns of each block b made blocks of their own."""
    refined, values = shape, list(entries)
    for block, count in sorted(singles.items(), reverse=True):  # later blocks first: they do not move the earlier ones
        parts = [refined.blocks[block] + Size.constant(-count), *[Size.constant(1)] * count]
        refined, values = refine(refined, values, block, parts)
    return refined, values


def copies_in_refinement(kind: IsotypicType, singles: dict[int, int]) -> int:
    """How often each eigenvalue of a type occurs in the trivial block after `split_off`, where blocks have size enough.

    It is the number of invariant vectors in the type: with m columns split off, m in s, m (m-1) / 2 in x and in y.

    >>> copies_in_refinement(IsotypicType(Kind.SYMMETRIC, 0), {0: 2})
    1
    """
    count = singles.get(kind.block, 0)
    match kind.kind:
        case Kind.TRIVIAL:
            return 1
        case Kind.STANDARD:
            return count
        case Kind.EXTERIOR | Kind.SYMMETRIC:
            return comb(count, 2)
        case Kind.PRODUCT:
            assert kind.other_block is not None
            return count * singles.get(kind.other_block, 0)


def refined_pencil(
    shape: Shape, arithmetic: Arithmetic, entries: Sequence[Any], singles: dict[int, int], d: Any, p: Any = 0
) -> tuple[Matrix, list[Any]]:
    """(B, G) of the trivial block, times 2 pi, of the point after `split_off`: B v = lambda G v, G diagonal.

    `d` and the entries are numbers of the arithmetic; the block sizes may be any reals for which G is positive.
    """
    refined, values = split_off(shape, entries, singles)
    sizes = [size.at(d, p) for size in refined.blocks]
    table = GramTable(refined, arithmetic, sizes, dict(zip(refined.names, values, strict=True)))
    return symmetric_pencil(*isotypic_action(table, IsotypicType(Kind.TRIVIAL)))


def approx_refined_spectrum(
    shape: Shape, arithmetic: Multiprecision, entries: Sequence[Any], singles: dict[int, int], d: Any, p: Any = 0
) -> list[Any]:
    """The eigenvalues of the Hessian of L on the matrices that are invariant after `split_off`, ascending.

    They are the eigenvalues of every type of `shape`, `copies_in_refinement` times each.
    """
    B, gram = refined_pencil(shape, arithmetic, entries, singles, d, p)
    two_pi = 2 * arithmetic.pi
    return [value / two_pi for value in arithmetic.eigenvalues(B, gram)]
