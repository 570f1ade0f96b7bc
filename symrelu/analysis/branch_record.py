"""Naming the branches that a search finds, and recording them: where the catalogue's families F+m come from.

A branch is one of F+m when its attached rows tend to those of F, and it is not more symmetric than its shape. The branch
that the search finds most often is F+m itself, further ones are F+mb, F+mc, ... The record is symrelu/family/branches.json;
`python -m symrelu.analysis.branch_record` writes it anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symrelu.analysis.branch import Branch
from symrelu.analysis.branch_search import FoundBranch, approx_entries, search_branches
from symrelu.analysis.dense_check import dense_weights
from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition
from symrelu.family.recorded import BASES, EXTRA, SEARCH_D, branch_letter
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.render.shown import Tabulated
from symrelu.render.text import table

STARTS, SEED = 400, 1
_MOST_EXTRA = 6


@dataclass(frozen=True)
class BranchSearch(Tabulated):
    """What a search of the shape of F with m free rows found: all minima, and those that are branches of F+m."""

    base: Definition
    extra: int
    starts: int
    seed: int
    found: list[FoundBranch]
    named: list[FoundBranch]

    def to_json(self) -> dict[str, Any]:
        return {
            "family": self.base.name,
            "m": self.extra,
            "search": {"d": str(SEARCH_D), "starts": self.starts, "seed": self.seed},
            "branches": [
                {
                    "branch": branch_letter(self.named.index(found)) if found in self.named else None,
                    "hits": found.hits,
                    "loss": f"{found.loss:.8f}",
                    "end": found.end,
                    "values": {name: str(float(value)) for name, value in found.values.items()},
                }
                for found in self.found
            ],
            "evidence": "numeric",
        }

    def to_text(self) -> str:
        return "\n".join([self._title(), table(*self._table())])

    def _table(self) -> tuple[list[str], list[list[str]]]:
        name = f"{self.base.name}+{self.extra}"
        rows = [
            [
                name + branch_letter(self.named.index(found)) if found in self.named else "-",
                str(found.hits),
                f"{found.loss:.8f}",
                found.end or ("" if found in self.named else _other_family(found)),
            ]
            for found in self.found
        ]
        return ["branch", "hits", "loss", "remark"], rows

    def _title(self) -> str:
        shape = self.base.shape.enlarged(self.extra)
        return (
            f"{self.base.name}+{self.extra}: minima on the fixed-point space of {shape.isotropy} with {shape.neurons} "
            f"neurons at d = {SEARCH_D}, {self.starts} starts, seed {self.seed}"
        )

    def _badges(self) -> list[str]:
        return ["numeric"]

    def __repr__(self) -> str:
        return f"BranchSearch({self.base.name}+{self.extra}, {len(self.named)} branches, {len(self.found)} minima)"


def search_family(
    base: Definition,
    extra: int,
    starts: int = STARTS,
    seed: int = SEED,
    progress: Callable[[int], None] | None = None,
) -> BranchSearch:
    """Search the shape of a family with `extra` more free rows at d = 20; evidence: numeric."""
    branch, shape = Branch(base), base.shape.enlarged(extra)
    entries = approx_entries(branch, SEARCH_D)
    found = search_branches(shape, SEARCH_D, starts, seed, entries, progress)
    found = [_ordered(shape, base, entries, branch) for branch in found]
    named = [one for one in found if one.enlarges(branch) and not _too_symmetric(shape, one)]
    return BranchSearch(base, extra, starts, seed, found, named)


def search_named(
    name: str, starts: int = STARTS, seed: int = SEED, progress: Callable[[int], None] | None = None
) -> BranchSearch:
    """Search the shape that a name like II+1 stands for; UsageError for other names."""
    base, plus, extra = name.rpartition("+")
    if not plus or not extra.isdecimal() or not 1 <= int(extra) <= _MOST_EXTRA:
        raise UsageError(f"{name!r} names no family with more neurons; write F+M, like II+1, M from 1 to {_MOST_EXTRA}")
    family = definition(base)
    family.require_relu("a search for branches")
    if family.exact_point is not None or family.start is None:
        raise UsageError(f"the branches of {base} with more neurons are not searched; take A, I, II, M2, ... or a file")
    return search_family(family, int(extra), starts, seed, progress)


def _other_family(found: FoundBranch) -> str:
    diagonal = [f"{name} = {value:.3g}" for name, value in found.entries.items() if name.startswith("diag")]
    return f"another family: {', '.join(diagonal)} at d = {found.far}"


def _ordered(shape: Shape, base: Definition, entries: dict[str, float], found: FoundBranch) -> FoundBranch:
    """One of the copies under permutations of neurons.

    Free rows in order, nearest first, in their last entry, to the free row of the base family (or to -1); the larger of
    the two entries of an orbit in its block of two columns on the diagonal.
    """
    free = [R for R, row in enumerate(shape.rows) if row.attached is None]
    old = [R for R, row in enumerate(base.shape.rows) if row.attached is None]
    target = entries[_entries(base.shape, old[0])[-1]] if old else -1.0
    order = sorted(free, key=lambda R: abs(float(found.values[_entries(shape, R)[-1]]) - target))
    moved = {
        new: old_name
        for R, S in zip(free, order, strict=True)
        for new, old_name in zip(_entries(shape, R), _entries(shape, S), strict=True)
    }
    for R, row in enumerate(shape.rows):
        if row.attached is not None and shape.blocks[row.attached] == Size.constant(2):
            diagonal, off = f"diag{R + 1}", f"off{R + 1}"
            if abs(found.values[diagonal]) < abs(found.values[off]):
                moved |= {diagonal: off, off: diagonal}
    values = {name: found.values[moved.get(name, name)] for name in shape.names}
    far = {name: found.entries[moved.get(name, name)] for name in found.entries}
    return replace(found, values=values, entries=far)


def _entries(shape: Shape, row: int) -> list[str]:
    return [entry.name for entry in shape.entries if entry.row == row]


def _too_symmetric(shape: Shape, found: FoundBranch) -> bool:
    """Whether exchanging a column of one block for one of another only permutes the rows."""
    definition = Definition("this start", shape)
    entries = {name: round(float(value), 4) for name, value in found.values.items()}
    rows = dense_weights(definition, int(SEARCH_D), entries)
    starts = [0]
    for size in definition.sizes(SEARCH_D)[:-1]:
        starts.append(starts[-1] + int(size))
    return any(
        sorted(rows) == sorted(_exchanged(row, a, b) for row in rows) for b in starts for a in starts[: starts.index(b)]
    )


def _exchanged(row: list[Any], a: int, b: int) -> list[Any]:
    copy = list(row)
    copy[a], copy[b] = row[b], row[a]
    return copy


def record() -> dict[str, Any]:
    """The record of all searches, family by family; progress goes to stderr."""
    families: dict[str, Any] = {}
    for name in BASES:
        for extra in EXTRA:
            search = search_family(definition(name), extra)
            print(search.to_text(), file=sys.stderr, flush=True)
            families[f"{name}+{extra}"] = [
                {"hits": b.hits, "loss": f"{b.loss:.8f}", "values": {k: str(float(v)) for k, v in b.values.items()}}
                for b in search.named
            ]
    return {"search": {"d": str(Fraction(SEARCH_D)), "starts": STARTS, "seed": SEED}, "families": families}


if __name__ == "__main__":
    print(json.dumps(record(), indent=1))
