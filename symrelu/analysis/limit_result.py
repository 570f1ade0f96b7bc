"""The result of `spectrum --limit`: where the eigenvalues of every type tend as d grows, to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.limit_spectrum import limit_eigenvalues
from symrelu.analysis.symbolic import symbolic_dimensions
from symrelu.arithmetic.reals import ball_json, certain_digits
from symrelu.family.definition import Definition
from symrelu.render.latex import latex_ball, latex_formula, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table

_DIGITS = 12


@dataclass(frozen=True)
class LimitBlock:
    """A type, its dimension as a polynomial in d, and the limits of its eigenvalues."""

    type: str
    dimension: Any
    limits: list[arb]
    pivots: list[arb]

    @property
    def growing(self) -> int:
        """How many eigenvalues grow like d."""
        return len(self.pivots)


@dataclass(frozen=True)
class LimitSpectrum(Tabulated):
    """The limits of all eigenvalues of the Hessian for d to infinity, in certified balls."""

    definition: Definition
    blocks: list[LimitBlock]

    @property
    def is_minimum(self) -> bool | None:
        """Whether the family is a minimum for every d large enough; None where a limit is not proved nonzero."""
        values = [value for block in self.blocks for value in (*block.limits, *block.pivots)]
        if any(value < 0 for value in values):
            return False
        return True if all(value > 0 for value in values) else None

    def to_json(self) -> dict[str, Any]:
        return {
            "family": self.definition.name,
            "d": "infinity",
            "minimum": self.is_minimum,
            "blocks": [
                {
                    "type": block.type,
                    "dimension": str(block.dimension),
                    "limits": [ball_json(value) for value in block.limits],
                    "growing": block.growing,
                }
                for block in self.blocks
            ],
            "evidence": "certified",
        }

    def to_text(self) -> str:
        rows = [
            [b.type, str(b.dimension), ", ".join(certain_digits(x, _DIGITS) for x in b.limits) or "-", b.growing]
            for b in self.blocks
        ]
        headings = ["type", "multiplicity", "limits of the bounded eigenvalues", "growing like d"]
        return "\n".join([f"{self.definition.name} as d grows", table(headings, rows), self._verdict()])

    def _verdict(self) -> str:
        match self.is_minimum:
            case True:
                return "a minimum for every d large enough: all limits are positive, and so is what grows"
            case False:
                return "not a minimum, for every d large enough"
            case None:
                return "a limit is not proved different from zero: whether it is a minimum for large d is open here"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                f"${latex_type(b.type)}$",
                latex_formula(b.dimension),
                ", ".join(f"${latex_ball(x, _DIGITS)}$" for x in b.limits),
                str(b.growing),
            ]
            for b in self.blocks
        ]
        return ["type", "multiplicity", "limits", "growing"], rows

    def _title(self) -> str:
        return f"{self.definition.name}: limits of the eigenvalues as d grows"

    def _badges(self) -> list[str]:
        return [*{True: ["minimum"], False: ["saddle"], None: []}[self.is_minimum], "certified"]

    def _notes(self) -> list[str]:
        return [self._verdict()]

    def __repr__(self) -> str:
        return f"LimitSpectrum({self.definition.name})"


def limit_spectrum(derivation: SeriesDerivation) -> LimitSpectrum:
    """The limits by type; ArithmeticError where they cannot be certified."""
    limits = limit_eigenvalues(derivation)
    blocks = [
        LimitBlock(kind.name, dimension, limits[kind.name].bounded, limits[kind.name].pivots)
        for kind, dimension in symbolic_dimensions(derivation.definition.shape)
    ]
    return LimitSpectrum(derivation.definition, blocks)
