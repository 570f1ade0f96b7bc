"""Results of searches and experiments that are kept with the program: numbers, counts, seeds, and what repeats them.

What is read off them is numeric evidence. Minima are tied to certified ones of a family where it matters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flint import arb

from symrelu.analysis.evaluation import Evaluation
from symrelu.arithmetic.outcome import UsageError
from symrelu.claims.minima_claims import least_eigenvalue
from symrelu.claims.shared import point
from symrelu.toolkit import family

_HERE = Path(__file__).parent
_AGREE = 1e-8  # a stored number and a certified one
_GLOBAL = "global"


@dataclass(frozen=True)
class StoredMinimum:
    """A minimum up to permutations, with the number of runs that ended there; without a family, runs that reached loss zero."""

    family: str | None
    isotropy: str | None
    count: int
    loss: float
    least_eigenvalue: float | None
    definition: dict[str, Any] | None

    @property
    def spurious(self) -> bool:
        return self.family not in (None, _GLOBAL)

    @property
    def blocks(self) -> int:
        """The number of symmetric groups in the isotropy group."""
        return (self.isotropy or "").count("S_")

    def certified(self, d: int) -> Evaluation:
        """The family's certified point at d; UsageError when the stored numbers are not its loss and least eigenvalue."""
        assert self.family is not None
        found = point(self.family, d) if self.definition is None else family(self.definition).at(d)
        assert self.least_eigenvalue is not None
        stored = (self.loss, self.least_eigenvalue)
        if not found.is_minimum or not all(
            abs(arb(value) - arb(number)) < _AGREE
            for value, number in zip((found.loss, least_eigenvalue(found)), stored, strict=True)
        ):
            raise UsageError(f"the stored minimum {self.family} at {d} is not the certified one")
        return found


@dataclass(frozen=True)
class StoredSearch:
    """Runs of gradient descent at one size."""

    inputs: int
    neurons: int
    runs: int
    command: str
    minima: tuple[StoredMinimum, ...]

    @property
    def spurious(self) -> list[StoredMinimum]:
        return [minimum for minimum in self.minima if minimum.spurious]

    @property
    def ended_badly(self) -> int:
        """The number of runs that ended at a spurious minimum."""
        return sum(minimum.count for minimum in self.spurious)

    def means(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """(mean, standard deviation) over those runs, of the least eigenvalue and of the loss; from certified values."""
        values = [(self._values(minimum), minimum.count) for minimum in self.spurious]
        return _moments([(least, n) for (least, _), n in values]), _moments([(loss, n) for (_, loss), n in values])

    def _values(self, minimum: StoredMinimum) -> tuple[float, float]:
        found = minimum.certified(self.inputs)
        return float(arb(least_eigenvalue(found)).mid()), float(arb(found.loss).mid())


def _moments(values: list[tuple[float, int]]) -> tuple[float, float]:
    total = sum(n for _, n in values)
    mean = sum(x * n for x, n in values) / total
    return mean, (sum(n * (x - mean) ** 2 for x, n in values) / total) ** 0.5


@cache
def searches() -> dict[tuple[int, int], StoredSearch]:
    """The searches by (inputs, neurons), all by plain gradient descent from Xavier starts."""
    found = (_search(data) for data in _read("searches.json"))
    return {(search.inputs, search.neurons): search for search in found}


@cache
def experiments() -> list[dict[str, Any]]:
    """The experiments, each as `symrelu experiment NAME --json` has printed it."""
    return _read("experiments.json")


def _read(name: str) -> Any:
    return json.loads((_HERE / name).read_text(encoding="utf-8"))


def _search(data: dict[str, Any]) -> StoredSearch:
    settings = data["settings"]
    minima = tuple(
        StoredMinimum(
            found["family"],
            found["isotropy"],
            found["count"],
            float(found["loss"] or 0),
            None if found["least_eigenvalue"] is None else float(found["least_eigenvalue"]),
            found["definition"],
        )
        for found in data["found"]
    )
    return StoredSearch(settings["inputs"], settings["neurons"], data["runs"], data["command"], minima)
