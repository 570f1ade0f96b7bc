"""The result of a search, to show: each class of minima with its family, isotropy group, count, loss and curvature."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symrelu.render.latex import latex_isotropy, latex_number
from symrelu.render.shown import Tabulated
from symrelu.render.text import table
from symrelu.search.found import Description, Group
from symrelu.search.landscape import Array
from symrelu.search.runs import MINIMUM
from symrelu.search.settings import Settings

_DIGITS = 12  # of numeric values
_SHOWN = 8
_HEADINGS = ["family", "isotropy", "count", "loss", "least eigenvalue", "certified"]


@dataclass(frozen=True)
class FoundClass:
    """Runs that ended at one minimum up to permutations; or at none that is isolated (`status`)."""

    status: str
    runs: tuple[int, ...]
    loss: float
    least_eigenvalue: float | None
    weights: Array
    description: Description | None

    @classmethod
    def of(cls, group: Group, description: Description | None) -> FoundClass:
        first = group.members[0]
        numbers = tuple(run.run for run in group.members)
        return cls(group.status, numbers, first.loss, first.least_eigenvalue, group.weights, description)

    @property
    def count(self) -> int:
        return len(self.runs)

    @property
    def family(self) -> str | None:
        return self.description.family if self.description else None

    @property
    def isotropy(self) -> str | None:
        return self.description.isotropy if self.description else None

    @property
    def certified(self) -> bool:
        return self.description is not None and self.description.certified

    def to_json(self) -> dict[str, Any]:
        """Balls: certified ones with a radius, numeric ones with radius null."""
        described = self.description
        isolated = self.status == MINIMUM
        loss, least = (described.loss, described.least_eigenvalue) if described else (None, None)
        return {
            "family": self.family,
            "isotropy": self.isotropy,
            "count": self.count,
            "loss": loss or (_numeric(self.loss) if isolated else None),
            "least_eigenvalue": least or _numeric(self.least_eigenvalue),
            "status": self.status,
            "definition": described.definition if described else None,
            "evidence": "certified" if self.certified else "numeric",
        }

    def cells(self) -> list[str]:
        if self.status != MINIMUM:
            return [f"({self.status})", "", str(self.count), "", "", ""]
        data = self.to_json()
        loss, least = (f"{float(data[key]['value']):.{_SHOWN}g}" for key in ("loss", "least_eigenvalue"))
        return [
            self.family or "-",
            self.isotropy or "",
            str(self.count),
            loss,
            least,
            "yes" if self.certified else "no",
        ]


@dataclass(frozen=True)
class SearchResult(Tabulated):
    """What so many runs found, by loss. `wanted` runs were asked for; fewer are there when a search was interrupted."""

    settings: Settings
    wanted: int
    classes: list[FoundClass]
    file: str | None = None

    @cached_property
    def runs(self) -> int:
        return sum(found.count for found in self.classes)

    @property
    def minima(self) -> list[FoundClass]:
        """The classes of isolated minima."""
        return [found for found in self.classes if found.status == MINIMUM]

    def to_json(self) -> list[dict[str, Any]]:
        return [found.to_json() for found in self.classes]

    def to_text(self) -> str:
        lines = [self._caption(), table(_HEADINGS, [found.cells() for found in self.classes])]
        return "\n".join(lines + ([f"every run is in {self.file}"] if self.file else []))

    def _caption(self) -> str:
        chosen = self.settings
        how = f"gradient descent, step {chosen.step:.6g}" if chosen.method == "gd" else chosen.method
        count = f"{self.runs} runs" if self.runs == self.wanted else f"{self.runs} of {self.wanted} runs"
        return (
            f"{chosen.neurons} neurons, {chosen.inputs} inputs: {count}, seed {chosen.seed}; {how}; "
            f"{chosen.start} starts of variance {chosen.variance:.6g}"
        )

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return _HEADINGS, [
            [
                *cells[:1],
                latex_isotropy(cells[1]),
                cells[2],
                *(f"${latex_number(x)}$" if x else "" for x in cells[3:5]),
                cells[5],
            ]
            for cells in (found.cells() for found in self.classes)
        ]

    def _title(self) -> str:
        return self._caption()

    def _badges(self) -> list[str]:
        return ["numeric"]

    def _notes(self) -> list[str]:
        return [f"every run is in {self.file}"] if self.file else []

    def __repr__(self) -> str:
        return f"SearchResult({self._caption()}: {len(self.minima)} minima up to permutations)"


def _numeric(value: float | None) -> dict[str, Any] | None:
    return None if value is None else {"value": f"{value:.{_DIGITS}g}", "radius": None}
