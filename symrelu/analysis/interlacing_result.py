"""The result of `interlacing`: spectra of whole blocks and of their compressions, side by side, to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb

from symrelu.analysis.evaluation import real_text
from symrelu.analysis.point import Component, CriticalPoint
from symrelu.arithmetic.reals import ball_json, certain_digits
from symrelu.render.latex import latex_ball, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table

_DIGITS = 8


@dataclass(frozen=True)
class Inequality:
    """lambda_i(B) <= lambda_i(B_U) <= lambda_(i+r)(B); `strict` where the balls prove both with <."""

    low: arb
    middle: arb
    high: arb

    @property
    def strict(self) -> bool:
        return bool(self.low < self.middle) and bool(self.middle < self.high)


@dataclass(frozen=True)
class Compression:
    """The Hessian of one type on the matrices that vanish outside `entries`: its spectrum, with proof.

    `fixed` names the row orbits (from 1) that do not move at all; `left_out` is r, the number of coordinates left out.
    """

    entries: tuple[str, ...]
    fixed: tuple[int, ...]
    left_out: int
    eigenvalues: list[arb]
    negative: int
    inequalities: list[Inequality]

    @property
    def strict(self) -> bool:
        """Whether the balls prove all of Cauchy's inequalities once more, as strict ones."""
        return all(inequality.strict for inequality in self.inequalities)

    def to_json(self, digits: int) -> dict[str, Any]:
        return {
            "entries": list(self.entries),
            "fixed": list(self.fixed),
            "left_out": self.left_out,
            "eigenvalues": [ball_json(value, digits) for value in self.eigenvalues],
            "negative": self.negative,
            "strict": [inequality.strict for inequality in self.inequalities],
        }


@dataclass(frozen=True)
class TypeInterlacing:
    """One type: the spectrum of the whole block (`component`) beside those of its compressions."""

    component: Component
    subnetworks: list[Compression]
    carriers: list[Compression]

    @property
    def most_negative(self) -> int:
        """Cauchy's upper bound of the number of negative eigenvalues of the block, from the subnetworks."""
        bounds = [c.negative + c.left_out for c in self.subnetworks]
        return min(bounds, default=len(self.component.eigenvalues))

    def rows(self) -> list[tuple[str, int, list[arb]]]:
        """What moves, how many eigenvalues are negative, and the eigenvalues: the whole block first."""
        return [
            ("all", self.component.negative, self.component.eigenvalues),
            *((_all_but(c.fixed), c.negative, c.eigenvalues) for c in self.subnetworks),
            *((f"only {', '.join(c.entries)}", c.negative, c.eigenvalues) for c in self.carriers),
        ]


def _all_but(fixed: tuple[int, ...]) -> str:
    return f"all but row{'s' if len(fixed) > 1 else ''} {', '.join(map(str, fixed))}"


@dataclass(frozen=True)
class Interlacing(Tabulated):
    """Every type with descent directions at a critical point, and the subspaces that carry them (interlacing.py)."""

    point: CriticalPoint
    types: list[TypeInterlacing]

    def type(self, name: str) -> TypeInterlacing:
        """What was found of a type, by its name."""
        return next(found for found in self.types if found.component.type.name == name)

    def to_json(self) -> dict[str, Any]:
        point, digits = self.point, self.point.digits
        names = [str(size) for size in point.definition.shape.blocks]
        return {
            "family": point.definition.name,
            "d": real_text(point.d),
            "blocks": [
                {
                    "type": found.component.type.name,
                    "name": found.component.type.describe(names),
                    "dimension": real_text(found.component.dimension),
                    "eigenvalues": [ball_json(value, digits) for value in found.component.eigenvalues],
                    "negative": found.component.negative,
                    "most_negative": found.most_negative,
                    "subnetworks": [c.to_json(digits) for c in found.subnetworks],
                    "carriers": [c.to_json(digits) for c in found.carriers],
                }
                for found in self.types
            ],
            "evidence": "certified",
        }

    def to_text(self) -> str:
        head, rows = self._cells(certain_digits, str)
        return self._heading() + ("\n" + table(head, rows) if rows else "")

    def _heading(self) -> str:
        at = f"{self.point.definition.name} at d = {real_text(self.point.d)}"
        return f"{at}: descent directions by interlacing" if self.types else f"{at}: no descent directions"

    def _cells(self, number: Any, kind: Any) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                kind(found.component.type.name) if i == 0 else "",
                real_text(found.component.dimension) if i == 0 else "",
                moving,
                str(negative),
                ", ".join(number(value, _DIGITS) for value in values),
            ]
            for found in self.types
            for i, (moving, negative, values) in enumerate(found.rows())
        ]
        return ["type", "multiplicity", "what moves", "negative", "eigenvalues"], rows

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return self._cells(
            lambda value, digits: f"${latex_ball(value, digits)}$",
            lambda name: f"${latex_type(name)}$",
        )

    def _title(self) -> str:
        return self._heading()

    def _badges(self) -> list[str]:
        return ["certified"]

    def __repr__(self) -> str:
        names = ", ".join(found.component.type.name for found in self.types) or "none"
        return f"Interlacing({self.point.definition.name}, d={real_text(self.point.d)}: {names})"
