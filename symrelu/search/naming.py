"""From a matrix with its isotropy group to a family: shape, entries, and the catalogue's name if there is one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition, Start
from symrelu.family.recorded import branch_letter
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.symmetry.isotropy import Isotropy

_SAME = 1e-6  # entries of one critical point, computed twice
_LETTERS = 4  # branches of one shape that are tried
_BITS = 64


@dataclass(frozen=True)
class Member:
    """A family at one d: its definition and its entries there, and the rows and columns that show them.

    `W[rows][:, columns]` is the matrix in the family's own order of blocks and row orbits.
    """

    definition: Definition
    parameters: dict[str, float]
    rows: tuple[int, ...]
    columns: tuple[int, ...]


def shape_of(isotropy: Isotropy) -> Shape | None:
    """The shape in which the largest block grows with d; None where no two columns can be exchanged."""
    first, *others = isotropy.blocks
    if first < 2:
        return None
    grows = Size(Fraction(-sum(others)), per_d=Fraction(1))
    blocks = [grows, *(Size.constant(n) for n in others)]
    return Shape.build(blocks, [orbit.attached for orbit in isotropy.orbits])


def entries_of(W: np.ndarray, isotropy: Isotropy, shape: Shape) -> dict[str, float]:
    """The entries of W in a shape whose blocks and row orbits are in the order of the isotropy group: means over orbits."""
    bounds = np.cumsum([0, *isotropy.blocks])
    blocks = [list(isotropy.columns[a:b]) for a, b in pairwise(bounds)]
    values: dict[str, float] = {}
    for entry in shape.entries:
        rows, columns = isotropy.orbits[entry.row].rows, blocks[entry.block]
        part = W[np.ix_(rows, columns)]
        if shape.rows[entry.row].attached == entry.block:
            own = np.eye(len(columns), dtype=bool)
            part = part[own] if entry.diagonal else part[~own]
        values[entry.name] = float(part.mean())
    return values


def dense(shape: Shape, sizes: list[int], values: dict[str, Any]) -> np.ndarray:
    """The whole matrix (k, d) of the entries of a shape, blocks and row orbits in its order."""
    columns = np.cumsum([0, *sizes])
    parts = []
    for index, row in enumerate(shape.rows):
        part = np.empty((shape.orbit_size(index, sizes), columns[-1]))
        for entry in shape.entries:
            if entry.row == index and not entry.diagonal:
                part[:, columns[entry.block] : columns[entry.block + 1]] = values[entry.name]
        if row.attached is not None:
            n = np.arange(len(part))
            part[n, columns[row.attached] + n] = values[f"diag{index + 1}"]
        parts.append(part)
    return np.concatenate(parts)


def user_family(W: np.ndarray, isotropy: Isotropy) -> Member | None:
    """The family that W belongs to, as a family of its own that starts at W; None without two exchangeable columns."""
    shape = shape_of(isotropy)
    if shape is None:
        return None
    values = entries_of(W, isotropy, shape)
    start = Start(Fraction(W.shape[1]), {name: Fraction(repr(x)) for name, x in values.items()})
    extra = len(W) - W.shape[1]
    name = f"found({','.join(str(block) for block in shape.blocks)})" + (f"+{extra}" if extra else "")
    return Member(Definition(name, shape, start=start, status="user family"), values, isotropy.rows, isotropy.columns)


def definition_json(member: Member) -> dict[str, Any]:
    """The family as a dict that `family(...)` and every command read."""
    shape, start = member.definition.shape, member.definition.start
    assert start is not None
    return {
        "name": member.definition.name,
        "blocks": [str(block) for block in shape.blocks],
        "rows": [{"free": True} if row.attached is None else {"attached": row.attached + 1} for row in shape.rows],
        "start": {"d": str(start.d), "values": {name: repr(float(x)) for name, x in start.values.items()}},
    }


def catalogue_member(W: np.ndarray, isotropy: Isotropy) -> Member | None:
    """The family of the catalogue that has W as its member, W being a critical point; None if there is none."""
    for name in _candidates(isotropy.blocks, len(W) - W.shape[1]):
        try:
            candidate = definition(name)
            d = Fraction(W.shape[1])
            candidate.require_d(d)
            point = Branch(candidate).approx(d, _BITS)
        except (UsageError, ArithmeticError):  # no such branch, or none at this d
            continue
        values = {n: float(x.mid()) for n, x in zip(candidate.shape.names, point, strict=True)}
        order = _same_up_to_order(W, isotropy, dense(candidate.shape, _sizes(candidate, d), values), candidate)
        if order is not None:
            return Member(candidate, values, *order)
    return None


def _candidates(blocks: tuple[int, ...], extra: int) -> list[str]:
    """Names of the families whose blocks have these sizes at some d."""
    if len(blocks) == 1:
        bases = ["global", "A"] if not extra else ["A"]
    elif len(blocks) == 2:
        bases = [name for p in dict.fromkeys(reversed(blocks)) for name in (["I", "II"] if p == 1 else [f"M{p}"])]
    else:
        return []
    if not extra:
        return bases
    return [f"{base}+{extra}{branch_letter(i)}" for base in bases for i in range(_LETTERS)]


def _sizes(candidate: Definition, d: Fraction) -> list[int]:
    return [int(size) for size in candidate.sizes(d)]


def _same_up_to_order(
    W: np.ndarray, isotropy: Isotropy, other: np.ndarray, candidate: Definition
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """(rows, columns) with W[rows][:, columns] = other up to rounding, or None.

    Blocks go to blocks of the same size; rows are then assigned to rows.
    """
    bounds = np.cumsum([0, *isotropy.blocks])
    sizes = _sizes(candidate, Fraction(W.shape[1]))
    for order in permutations(range(len(sizes))):
        if [isotropy.blocks[a] for a in order] != sizes:
            continue
        columns = [j for a in order for j in isotropy.columns[bounds[a] : bounds[a + 1]]]
        distance = np.abs(other[:, None, :] - W[None][:, :, columns]).max(axis=2)
        _, rows = linear_sum_assignment(distance)
        if np.abs(other - W[rows][:, columns]).max() < _SAME:
            return tuple(int(i) for i in rows), tuple(columns)
    return None
