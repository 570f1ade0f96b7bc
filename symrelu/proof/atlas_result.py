"""The atlas to show: which M_p exist at which d, which of them are minima, from which d on, and what is not decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from textwrap import wrap
from typing import Any

from symrelu.proof.atlas_point import AtlasPoint, family
from symrelu.render.latex import latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table

_WIDTH = 80
_HEADINGS = ["p", "d", "saddle at d (index)", "descent in", "minimum at d"]


@dataclass(frozen=True)
class Member:
    """What the atlas says of one p: its entries in ascending d."""

    p: int
    points: list[AtlasPoint]
    largest: int

    @property
    def minima(self) -> list[int]:
        return [point.d for point in self.points if point.is_minimum]

    @property
    def saddles(self) -> list[AtlasPoint]:
        return [point for point in self.points if point.index]

    @property
    def descent(self) -> list[str]:
        """The components with descent directions at some d."""
        return list(dict.fromkeys(name for point in self.points for name in point.negative))

    @property
    def minimum_from(self) -> int | None:
        """The least N such that M_p is proved to be a minimum at every d from N to the end of the atlas."""
        least = self.largest + 1
        for d in reversed(self.minima):
            if d != least - 1:
                break
            least = d
        return least if least <= self.largest else None

    def to_json(self) -> dict[str, Any]:
        return {
            "p": self.p,
            "family": family(self.p).name,
            "minimum_from": self.minimum_from,
            "minima": self.minima,
            "saddles": [{"d": x.d, "index": x.index, "negative": list(x.negative)} for x in self.saddles],
            "undecided": [{"d": x.d, "reason": x.reason} for x in self.points if not x.proved],
        }


@dataclass(frozen=True)
class Atlas(Tabulated):
    """All pairs (d, p), 4 <= d <= largest, 1 <= p <= d/2, with the entries that there are, in the order of (d, p)."""

    largest: int
    points: list[AtlasPoint]
    file: str | None = None

    @property
    def pairs(self) -> int:
        """How many there are in the whole atlas."""
        return sum(d // 2 for d in range(4, self.largest + 1))

    @property
    def proved(self) -> list[AtlasPoint]:
        return [point for point in self.points if point.proved]

    @property
    def undecided(self) -> list[AtlasPoint]:
        return [point for point in self.points if not point.proved]

    @property
    def minima(self) -> list[AtlasPoint]:
        return [point for point in self.points if point.is_minimum]

    @property
    def decided(self) -> bool:
        """Whether every pair is proved."""
        return len(self.proved) == self.pairs

    @cached_property
    def members(self) -> list[Member]:
        """The entries p by p."""
        in_order = sorted(self.points, key=lambda point: (point.p, point.d))
        return [Member(p, list(group), self.largest) for p, group in groupby(in_order, key=lambda point: point.p)]

    @property
    def statement(self) -> str:
        """The theorem."""
        return (
            f"For each of {len(self.proved)} pairs (d, p), 4 <= d <= {self.largest}, 1 <= p <= d/2, the balls of the "
            "entry contain exactly one critical point of L, k = d, in the fixed-point space of Delta(S_{d-p} x S_p); "
            "its Hessian is regular, of the stated index. Those of one p lie on one curve, continuous in real d, that "
            "passes through the point next to the catalogue's starting values of M_p (M_1 is II)."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "largest": self.largest,
            "statement": self.statement,
            "outcome": "proved" if self.decided else "undecided",
            "reason": None if self.decided else self._counts(),
            "pairs": self.pairs,
            "proved": len(self.proved),
            "minima": len(self.minima),
            "families": [member.to_json() for member in self.members],
            "larger_isotropy": [[point.d, point.p] for point in self._symmetric()],
            "points": [point.to_json() for point in self.points],
            "files": [] if self.file is None else [self.file],
            "evidence": "certified",
        }

    def to_text(self) -> str:
        lines = [f"M_p at (d, p), 4 <= d <= {self.largest}, 1 <= p <= d/2 (M_1 is II): {self._counts()}"]
        if self.points:
            lines.append(table(_HEADINGS, self._rows(str)))
        lines += [
            f"the entries at (d, p) = ({point.d}, {point.p}) are not proved different: the isotropy may be larger"
            for point in self._symmetric()
        ]
        lines += [f"undecided at (d, p) = ({point.d}, {point.p}): {point.reason}" for point in self.undecided]
        lines += [f"every entry is in {self.file}"] if self.file else []
        return "\n".join(part for line in lines for part in ([line] if "\n" in line else wrap(line, _WIDTH)))

    def _counts(self) -> str:
        saddles = len(self.proved) - len(self.minima)
        counts = f"{len(self.proved)} of {self.pairs} proved, {len(self.minima)} minima and {saddles} saddles"
        return f"{counts}; {len(self.undecided)} undecided" if self.undecided else counts

    def _symmetric(self) -> list[AtlasPoint]:
        return [point for point in self.proved if not point.isotropy_is_exact]

    def _rows(self, type_name: Any, dash: str = "-") -> list[list[str]]:
        """A row for each p, those that are minima wherever they are asked for in one."""
        rows, plain = list[list[str]](), list[Member]()
        for member in self.members:
            if len(member.minima) == len(member.points):
                plain.append(member)
                continue
            rows.append(
                [
                    str(member.p),
                    ranges([point.d for point in member.points], dash),
                    ", ".join(f"{point.d} ({point.index})" for point in member.saddles),
                    ", ".join(type_name(name) for name in member.descent),
                    ranges(member.minima, dash),
                ]
            )
        if plain:
            rows.append([ranges([member.p for member in plain], dash), "all", "", "", "all"])
        return rows

    def _table(self) -> tuple[list[str], list[list[str]]]:
        headings = ["$p$", "$d$", "saddle at $d$ (index)", "descent in", "minimum at $d$"]
        return headings, self._rows(lambda name: f"${latex_type(name)}$", "--")

    def _title(self) -> str:
        return f"$M_p$ at $(d, p)$, $4 \\le d \\le {self.largest}$, $1 \\le p \\le d/2$"

    def _badges(self) -> list[str]:
        return ["proved" if self.decided else "undecided", "certified"]

    def _notes(self) -> list[str]:
        return [self._counts()]

    def __repr__(self) -> str:
        return f"Atlas(d <= {self.largest}: {self._counts()})"


def ranges(numbers: list[int], dash: str = "-") -> str:
    """Ascending integers, neighbours joined.

    >>> ranges([4, 5, 6, 8, 10, 11])
    '4-6, 8, 10-11'
    """
    runs = list[list[int]]()
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}{dash}{high}" for low, high in runs)
