"""The results of `evaluate` and `spectrum --d`: a certified critical point, its loss, spectrum and index, to show."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.analysis.dense_check import DenseCheck, dense_weights
from symrelu.analysis.point import Component, CriticalPoint
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import ball_json, certain_digits
from symrelu.render.latex import latex_ball, latex_entry, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table


def real_text(value: Fraction) -> str:
    """An integer, a finite decimal, or a fraction: whatever is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(value)
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


@dataclass(frozen=True)
class Evaluation(Tabulated):
    """A critical point at one d: entries and loss in certified balls, the index and whether it is a minimum."""

    point: CriticalPoint
    check: DenseCheck | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        return self.point.parameters

    @property
    def loss(self) -> Any:
        return self.point.loss

    @property
    def index(self) -> int | None:
        return self.point.index

    @property
    def is_minimum(self) -> bool:
        return self.point.is_minimum

    @property
    def negative(self) -> list[str]:
        """The types with negative eigenvalues."""
        return self.point.negative

    def weights(self) -> list[list[Any]]:
        """The weight matrix at integer d as balls, a neuron in each row, in block order; UsageError at other d."""
        point = self.point
        if not point.is_network:
            raise UsageError(f"there is no weight matrix at d = {real_text(point.d)}; ask at an integer d")
        return dense_weights(point.definition, int(point.d), point.parameters, point.inputs)

    def to_json(self) -> dict[str, Any]:
        point, digits = self.point, self.point.digits
        return {
            "family": point.definition.name,
            "d": real_text(point.d),
            "digits": digits,
            "parameters": {name: ball_json(ball, digits) for name, ball in point.parameters.items()},
            "loss": ball_json(point.loss, digits),
            "index": point.index,
            "minimum": point.is_minimum,
            "negative": point.negative,
            "check": None if self.check is None else self.check.to_json(),
            "evidence": "certified",
        }

    def to_text(self) -> str:
        point, digits = self.point, self.point.digits
        values = [*point.parameters.items(), ("loss", point.loss)]
        lines = [
            f"{point.definition.name} at d = {real_text(point.d)}: {_existence(point)}",
            *(f"  {name:6s} = {certain_digits(ball, digits)}" for name, ball in values),
            f"  {_verdict(point)}",
        ]
        return "\n".join(lines + ([self.check.to_text()] if self.check else []))

    def _table(self) -> tuple[list[str], list[list[str]]]:
        point = self.point
        values = [*point.parameters.items(), ("loss", point.loss)]
        rows = [[f"${latex_entry(name)}$", f"${latex_ball(ball, point.digits)}$"] for name, ball in values]
        return ["entry", rf"value at $d = {real_text(point.d)}$"], rows

    def _title(self) -> str:
        return f"{self.point.definition.name} at d = {real_text(self.point.d)}"

    def _badges(self) -> list[str]:
        return [_kind(self.point), "certified"]

    def _notes(self) -> list[str]:
        return [f"{_existence(self.point)}; {_verdict(self.point)}", *([self.check.to_text()] if self.check else [])]

    def __repr__(self) -> str:
        return f"Evaluation({self.point.definition.name}, d={real_text(self.point.d)}, {_verdict(self.point)})"


def _existence(point: CriticalPoint) -> str:
    if point.definition.exact_point is not None:
        return "an exact critical point, locally unique where the Hessian is definite"
    return "a critical point exists and is unique in these balls"


def _kind(point: CriticalPoint) -> str:
    return "minimum" if point.is_minimum else "saddle"


def _verdict(point: CriticalPoint) -> str:
    if point.is_minimum:
        return "a minimum: every component is positive definite"
    index = "" if point.index is None else f" of index {point.index}"
    return f"a saddle{index}: descent directions in {', '.join(point.negative)}"


@dataclass(frozen=True)
class Spectrum(Tabulated):
    """The Hessian's spectrum at one d, isotypic component by isotypic component, in certified balls."""

    point: CriticalPoint
    check: DenseCheck | None = None

    @property
    def components(self) -> list[Component]:
        """The components that occur: formal dimension zero is left out at integer d (negative ones cancel there)."""
        return [c for c in self.point.components if c.counts or not self.point.is_network]

    def block(self, name: str) -> Component:
        """The component of a type by its name; UsageError where there is none."""
        for component in self.components:
            if component.type.name == name:
                return component
        names = ", ".join(c.type.name for c in self.components)
        raise UsageError(f"there is no component {name!r} at d = {real_text(self.point.d)}; there are {names}")

    @property
    def index(self) -> int | None:
        return self.point.index

    def to_json(self) -> dict[str, Any]:
        point = self.point
        names = [str(size) for size in point.definition.shape.blocks]
        return {
            "family": point.definition.name,
            "d": real_text(point.d),
            "inputs": real_text(point.definition.shape.inputs.at(point.d) + point.inputs),
            "loss": ball_json(point.loss, point.digits),
            "index": point.index,
            "minimum": point.is_minimum,
            "negative": point.negative,
            "blocks": [
                {
                    "type": c.type.name,
                    "name": c.type.describe(names),
                    "copies": len(c.eigenvalues),
                    "dimension": real_text(c.dimension),
                    "eigenvalues": [ball_json(value, point.digits) for value in c.eigenvalues],
                }
                for c in self.components
            ],
            "check": None if self.check is None else self.check.to_json(),
            "evidence": "certified",
        }

    def to_text(self) -> str:
        point = self.point
        digits = min(point.digits, 20)
        rows = [
            [c.type.name if i == 0 else "", real_text(c.dimension) if i == 0 else "", certain_digits(value, digits)]
            for c in self.components
            for i, value in enumerate(c.eigenvalues)
        ]
        loss = certain_digits(point.loss, digits)
        inputs = f" with {point.inputs} extra input{'s' if point.inputs > 1 else ''}" if point.inputs else ""
        heading = f"{point.definition.name} at d = {real_text(point.d)}{inputs}, loss {loss}: {_verdict(point)}"
        text = heading + "\n" + table(["type", "multiplicity", "eigenvalue"], rows)
        return text + ("\n" + self.check.to_text() if self.check else "")

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                f"${latex_type(c.type.name)}$" if i == 0 else "",
                real_text(c.dimension) if i == 0 else "",
                f"${latex_ball(value, min(self.point.digits, 20))}$",
            ]
            for c in self.components
            for i, value in enumerate(c.eigenvalues)
        ]
        return ["type", "multiplicity", "eigenvalue"], rows

    def _title(self) -> str:
        return f"Hessian of {self.point.definition.name} at d = {real_text(self.point.d)}"

    def _badges(self) -> list[str]:
        return [_kind(self.point), "certified"]

    def _notes(self) -> list[str]:
        return [_verdict(self.point), *([self.check.to_text()] if self.check else [])]

    def __repr__(self) -> str:
        return f"Spectrum({self.point.definition.name}, d={real_text(self.point.d)}, {_verdict(self.point)})"
