"""The result of `threshold`: crossings, what is proved free of them, and what stays open, to show."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from symrelu.analysis.crossing import Crossing
from symrelu.analysis.evaluation import real_text
from symrelu.analysis.threshold import Coverage, Stretch
from symrelu.arithmetic.reals import ball_json, certain_digits, decimal
from symrelu.render.latex import latex_ball, latex_plain, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table


@dataclass(frozen=True)
class Thresholds(Tabulated):
    """Every fractional dimension on an interval at which the index of a family changes."""

    coverage: Coverage

    @property
    def crossings(self) -> list[Crossing]:
        return self.coverage.crossings

    @property
    def stretches(self) -> list[Stretch]:
        """Intervals without a crossing, in ascending d, with the numbers of negative eigenvalues by type."""
        return self.coverage.stretches

    @property
    def minimum_from(self) -> int | None:
        """The least N such that the family is a minimum at every integer from N on, within the interval."""
        return self.coverage.minimum_from

    @property
    def decided(self) -> bool:
        """Whether the whole interval is covered."""
        return not self.coverage.open

    def proved_free(self) -> list[tuple[Fraction, Fraction]]:
        """Maximal intervals proved free of crossings."""
        merged: list[tuple[Fraction, Fraction]] = []
        for stretch in self.coverage.stretches:
            if stretch.low >= stretch.high:
                continue
            if merged and merged[-1][1] == stretch.low:
                merged[-1] = merged[-1][0], stretch.high
            else:
                merged.append((stretch.low, stretch.high))
        return merged

    def to_json(self) -> dict[str, Any]:
        coverage = self.coverage
        return {
            "family": coverage.definition.name,
            "interval": {"from": real_text(coverage.low), "to": real_text(coverage.high)},
            "crossings": [
                {
                    "d": ball_json(crossing.d, coverage.digits),
                    "type": crossing.type.name,
                    "multiplicity_at_d": decimal(crossing.multiplicity, 20),
                    "derivative": ball_json(crossing.derivative, min(coverage.digits, 20)),
                    "direction": crossing.direction,
                }
                for crossing in coverage.crossings
            ],
            "proved_free": [{"from": _inward(low, 1), "to": _inward(high, -1)} for low, high in self.proved_free()],
            "undecided": [
                {"from": real_text(part.low), "to": real_text(part.high), "reason": part.reason}
                for part in coverage.open
            ],
            "ends": self._ends(),
            "minimum_from": coverage.minimum_from,
            "evidence": "certified",
        }

    def _ends(self) -> dict[str, str] | None:
        coverage = self.coverage
        if coverage.end is not None:
            return {"d": decimal(coverage.end.d, 8), "reason": str(coverage.end)}
        return None if coverage.meeting is None else {"d": real_text(coverage.low), "reason": coverage.meeting}

    def to_text(self) -> str:
        coverage = self.coverage
        name = coverage.definition.name
        lines = [f"{name}, d from {real_text(coverage.low)} to {real_text(coverage.high)}"]
        if coverage.crossings:
            rows = [
                [certain_digits(c.d, coverage.digits), c.type.name, c.direction, certain_digits(c.derivative, 7)]
                for c in coverage.crossings
            ]
            lines.append(table(["d*", "type", "direction", "derivative"], rows))
        else:
            lines.append("no crossing")
        return "\n".join([*lines, *self._notes()])

    def _notes(self) -> list[str]:
        """What is proved free of crossings, what stays open, where the branch ends, where it is a minimum."""
        free = ", ".join(f"[{decimal(low, 8)}, {decimal(high, 8)}]" for low, high in self.proved_free())
        ends = self._ends()
        return [
            f"proved free of crossings: {free or 'nothing'}",
            *(f"undecided on [{decimal(o.low, 8)}, {decimal(o.high, 8)}]: {o.reason}" for o in self.coverage.open),
            *([] if ends is None else [ends["reason"]]),
            self._minimum_text(),
        ]

    def _minimum_text(self) -> str:
        last = floor(self.coverage.high)
        if self.minimum_from is not None:
            return f"a minimum at every integer d from {self.minimum_from} to {last}"
        if any(part.low <= last <= part.high for part in self.coverage.open):
            return f"whether it is a minimum at d = {last} is open"
        return f"not a minimum at d = {last}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                latex_plain(self.coverage.definition.name),
                f"${latex_ball(c.d, self.coverage.digits)}$",
                f"${latex_type(c.type.name)}$",
                r"$\uparrow$" if c.direction == "up" else r"$\downarrow$",
                f"${latex_ball(c.derivative, 8)}$",
            ]
            for c in self.crossings
        ]
        return ["family", "$d^*$", "type", "direction", r"$\mathrm{d}\lambda/\mathrm{d}d$"], rows

    def _title(self) -> str:
        coverage = self.coverage
        return f"{coverage.definition.name}: crossings, {real_text(coverage.low)} <= d <= {real_text(coverage.high)}"

    def _badges(self) -> list[str]:
        return ["certified"] if self.decided else ["undecided", "certified"]

    def __repr__(self) -> str:
        found = ", ".join(f"{certain_digits(c.d, 8)} ({c.type.name})" for c in self.crossings) or "none"
        return f"Thresholds({self.coverage.definition.name}: {found})"


def _inward(value: Fraction, side: int) -> str:
    """A decimal of about 25 digits, rounded into the interval (side +1 for its lower end), exact where it is short."""
    text = real_text(value)
    if len(text) <= 25 and "/" not in text:
        return text
    scale = 10**24
    scaled = value * scale
    rounded = -(-scaled.numerator // scaled.denominator) if side > 0 else scaled.numerator // scaled.denominator
    return real_text(Fraction(rounded, scale))
