"""The result of `split` without d and order: what splitting each neuron does for every d of an interval, to show."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.analysis.evaluation import real_text
from symrelu.analysis.splitting import eigenvalue_json, orbit_json, orbit_text
from symrelu.analysis.splitting_range import OrbitSigns, SignStretch, SplitRange
from symrelu.family.own_block import OwnType
from symrelu.render.latex import latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table


@dataclass(frozen=True)
class Splitting(Tabulated):
    """For each row orbit whether splitting a neuron of it gives a saddle, and for which d, certified."""

    cover: SplitRange

    def saddle(self, orbit: int) -> bool | None:
        """Whether it is a saddle at the upper end of the interval, and so from `saddle_from` on (orbit from 1)."""
        return self.cover.saddle(orbit)

    def saddle_from(self, orbit: int) -> Fraction | None:
        """The least d of the interval from which on, up to its end, splitting a row of the orbit gives a saddle."""
        return self.cover.saddle_from(orbit)

    @property
    def decided(self) -> bool:
        """Whether every d of the interval has an answer for each orbit."""
        return self.cover.decided

    def to_json(self) -> dict[str, Any]:
        cover = self.cover
        return {
            "family": cover.definition.name,
            "d": None,
            "order": None,
            "interval": {"from": real_text(cover.low), "to": real_text(cover.high)},
            "orbits": [
                {
                    **orbit_json(cover.definition.shape, signs.orbit),
                    "eigenvalues": [
                        eigenvalue_json(kind, str(kind.dimension), negative=_stretches_json(signs.stretches[kind.name]))
                        for kind in signs.types
                    ],
                    "saddle": cover.saddle(signs.orbit),
                    "from": _real_or_none(cover.saddle_from(signs.orbit)),
                }
                for signs in cover.orbits
            ],
            "norm_sum": None,
            "norm_sum_below_targets": _stretches_json(cover.norms),
            "undecided": [
                {"from": real_text(part.low), "to": real_text(part.high), "reason": part.reason} for part in cover.open
            ],
            "evidence": "certified",
        }

    def to_text(self) -> str:
        cover = self.cover
        low, high = real_text(cover.low), real_text(cover.high)
        lines = [f"{cover.definition.name}, every real d from {low} to {high}: signs of H_ii - I/2 for each row"]
        for signs in cover.orbits:
            lines.append(f"{orbit_text(cover.definition.shape, signs.orbit)}: {self._outcome(signs.orbit)}")
            if not cover.vanishing:
                rows = [[kind.name, str(kind.dimension), _counts(kind, signs)] for kind in signs.types]
                lines.append(table(["type", "multiplicity", "negative eigenvalues"], rows))
        if not cover.vanishing:
            lines.append(f"the sum of the neurons' norms is {self._norms()}")
        lines += [f"not covered: d from {real_text(p.low)} to {real_text(p.high)}: {p.reason}" for p in cover.open]
        return "\n".join(lines)

    def _outcome(self, orbit: int) -> str:
        cover, start = self.cover, self.cover.saddle_from(orbit)
        if cover.vanishing:
            return "H_ii = I/2 for every d, so that splitting it adds no descent direction"
        if start is not None:
            return f"splitting it gives a saddle for every d from {real_text(start)} to {real_text(cover.high)}"
        if cover.saddle(orbit) is False:
            return f"splitting it adds no descent direction at d = {real_text(cover.high)}"
        return "what splitting it does is not decided"

    def _norms(self) -> str:
        names = {1: "below", 0: "above", None: "not compared with"}
        parts = [f"{names[part.negative]} d for {_range(part)}" for part in self.cover.norms]
        return "; ".join(parts) or "not compared with d"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                str(signs.orbit) if kind is signs.types[0] else "",
                f"${latex_type(kind.name)}$",
                f"${kind.dimension}$",
                _counts(kind, signs).replace("<=", r"$\le$"),
            ]
            for signs in self.cover.orbits
            for kind in signs.types
        ]
        return ["row orbit", "type", "multiplicity", "negative eigenvalues of $H_{ii} - I/2$"], rows

    def _title(self) -> str:
        cover = self.cover
        return (
            f"Splitting the neurons of {cover.definition.name}, {real_text(cover.low)} <= d <= {real_text(cover.high)}"
        )

    def _badges(self) -> list[str]:
        return ["certified"]

    def _notes(self) -> list[str]:
        return [f"row orbit {s.orbit}: {self._outcome(s.orbit)}" for s in self.cover.orbits]

    def __repr__(self) -> str:
        outcomes = "; ".join(f"orbit {s.orbit}: {self._outcome(s.orbit)}" for s in self.cover.orbits)
        return f"Splitting({self.cover.definition.name}; {outcomes})"


def _counts(kind: OwnType, signs: OrbitSigns) -> str:
    parts = signs.stretches[kind.name]
    if not parts:
        return "none" if kind.copies == 0 else "unknown"
    return ", ".join(
        f"{'open' if part.negative is None else f'{part.negative} of {kind.copies}'} for {_range(part)}"
        for part in parts
    )


def _range(part: SignStretch) -> str:
    return f"{real_text(part.low)} <= d <= {real_text(part.high)}"


def _real_or_none(value: Fraction | None) -> str | None:
    return None if value is None else real_text(value)


def _stretches_json(parts: list[SignStretch]) -> list[dict[str, Any]]:
    return [{"from": real_text(p.low), "to": real_text(p.high), "count": p.negative} for p in parts]
