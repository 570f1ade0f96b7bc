"""What an experiment found, and what that says about least symmetry breaking."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from symrelu.render.shown import Tabulated
from symrelu.render.text import table

_GLOBAL = 1e-9  # losses below this are zero up to rounding
_BREAKS = 2  # blocks of inputs more than the loss has: S_p x S_q, S_p x S_1 x S_q for a loss that keeps S_d
_SADDLE = -1e-7


@dataclass(frozen=True)
class Settings:
    """All that is needed to run the experiment again."""

    name: str
    change: str
    group: str
    factors: int
    inputs: int
    neurons: int
    runs: int
    seed: int
    points: int | None = None  # of the sample that stands for the law of the inputs
    method: str = "L-BFGS, then Newton"


@dataclass(frozen=True)
class Found:
    """The end of one run; `isotropy` is None where it did not converge or the entries do not tell.

    `blocks` is the number of blocks of inputs that the group permutes. `limit` is the isotropy at covariance 1.
    """

    isotropy: str | None
    blocks: int | None
    loss: float
    least_eigenvalue: float | None
    limit: str | None = None
    limit_blocks: int | None = None

    @property
    def symmetry(self) -> int | None:
        """The number of blocks that the principle is about."""
        return self.limit_blocks if self.limit is not None else self.blocks


@dataclass(frozen=True)
class ExperimentResult(Tabulated):
    """Isotropy groups with counts.

    The principle, for this count: where the loss is invariant under a product of r symmetric groups, every spurious minimum
    is fixed by a product of at most r + 2, such as S_p x S_q or S_p x S_1 x S_q for S_d. Evidence: numeric.
    """

    settings: Settings
    found: list[Found]

    @property
    def classes(self) -> list[tuple[Found, int]]:
        """One point of each group and loss (six digits), with its count; the frequent ones first.

        Where no permutation preserves the loss, every run has a loss of its own: there the one with the least stands for all.
        """
        first: dict[Any, Found] = {}
        counts: Counter[Any] = Counter()
        for point in sorted(self.found, key=lambda point: point.loss):
            told = point.isotropy is not None and point.limit is None
            key = (point.isotropy, point.limit, round(point.loss, 6) + 0.0 if told else None)
            first.setdefault(key, point)
            counts[key] += 1
        return [(first[key], count) for key, count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))]

    @property
    def spurious(self) -> list[Found]:
        """The runs that ended in a local minimum that is not global."""
        return [
            point
            for point in self.found
            if point.loss > _GLOBAL and point.least_eigenvalue is not None and point.least_eigenvalue > _SADDLE
        ]

    @property
    def symmetric(self) -> int:
        """How many of them have at most so many blocks."""
        return sum(point.symmetry is not None and point.symmetry <= self._few for point in self.spurious)

    @property
    def _few(self) -> int:
        return self.settings.factors + _BREAKS

    @property
    def holds(self) -> bool | None:
        """Whether all have; None where no spurious minimum was found."""
        return self.symmetric == len(self.spurious) if self.spurious else None

    def principle(self) -> str:
        """In a sentence."""
        spurious, at = len(self.spurious), " where C is the identity" if self.settings.group == "trivial" else ""
        if not spurious:
            return "no spurious minimum was found: nothing breaks the symmetry"
        which = "all" if self.holds else f"{self.symmetric} of"
        return f"{which} {spurious} spurious minima have at most {self._few} blocks of inputs{at}"

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.settings.name,
            "settings": asdict(self.settings),
            "found": [
                {
                    "isotropy": point.isotropy,
                    "count": count,
                    "loss": _loss(point),
                    "least_eigenvalue": None if point.least_eigenvalue is None else f"{point.least_eigenvalue:.6g}",
                    "blocks": point.blocks,
                    "isotropy_at_identity": point.limit,
                }
                for point, count in self.classes
            ],
            "principle": {
                "holds": self.holds,
                "spurious": len(self.spurious),
                "symmetric": self.symmetric,
                "says": self.principle(),
            },
            "evidence": "numeric",
        }

    def to_text(self) -> str:
        settings = self.settings
        return "\n".join(
            [
                f"{settings.name}: {settings.change}",
                f"{settings.inputs} inputs, {settings.neurons} neurons, {settings.runs} runs from seed {settings.seed} "
                f"({settings.method})",
                *([f"a sample of about {settings.points} points, permutations counted"] if settings.points else []),
                f"permutations of the inputs that preserve the loss: {settings.group}",
                "",
                table(*self._table()),
                "",
                f"Least symmetry breaking: {self.principle()} (numeric).",
            ]
        )

    def _title(self) -> str:
        return f"{self.settings.name}: {self.settings.change}"

    def _badges(self) -> list[str]:
        return ["numeric"]

    def _notes(self) -> list[str]:
        return [f"Least symmetry breaking: {self.principle()}."]

    def __repr__(self) -> str:
        return f"ExperimentResult({self.settings.name}, {self.principle()})"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [[_group(point), str(count), _loss(point), _kind(point)] for point, count in self.classes]
        return ["isotropy", "count", "loss", ""], rows


def _group(point: Found) -> str:
    if point.isotropy is None:
        return "-"
    return point.isotropy if point.limit is None else f"{point.isotropy} (at C = I: {point.limit})"


def _loss(point: Found) -> str:
    """Eight decimals; a loss that is zero up to rounding has no sign."""
    return f"{round(point.loss, 8) + 0.0:.8f}"


def _kind(point: Found) -> str:
    if point.least_eigenvalue is None:
        return "not converged"
    if point.loss <= _GLOBAL:
        return "global minimum"
    return "minimum" if point.least_eigenvalue > _SADDLE else "saddle"
