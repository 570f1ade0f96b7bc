"""Other targets: a certified radius around V = I in which a symmetric critical point persists with its index.

The theorem and its bounds stand in neighbourhood.py; here its radii are looked for, and the result is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10
from typing import Any, TypeVar

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.analysis.evaluation import real_text
from symrelu.analysis.neighbourhood import Neighbourhood
from symrelu.analysis.point import CriticalPoint, enclose_point
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal, exact_midpoint
from symrelu.family.definition import Definition
from symrelu.model.pair_bounds import JointDerivatives
from symrelu.render.latex import latex_number
from symrelu.render.shown import Tabulated

Found = TypeVar("Found")

_BITS = 64  # the bounds are needed to a few digits, and products of matrices are cheaper so
_MOST_WEIGHTS = 150  # the work grows like their number to the fourth
_HALVINGS = 8  # of the interval in which the radius is looked for


@dataclass(frozen=True)
class Persistence(Tabulated):
    """What is proved of a family's critical point at integer d for all targets V with |V - I|_F <= `radius`.

    For each of them exactly one critical point W lies in the ellipsoid of energy radius `energy_radius` around the
    prediction W0 + T (V - I); it has |W - W0|_F <= `distance`, the index `index`, and no eigenvalue nearer to zero than
    `least`; `margin` is the part of the least energy that is left. For targets within `ball_radius` it is the only
    critical point with |W - W0|_F <= `ball_distance`. Radii are exact rationals, distances upper bounds.
    """

    definition: Definition
    d: int
    neurons: int
    index: int
    radius: Fraction
    distance: Fraction
    energy_radius: Fraction
    margin: Fraction
    least: Fraction
    ball_radius: Fraction
    ball_distance: Fraction

    @property
    def is_minimum(self) -> bool:
        return self.index == 0

    def to_json(self) -> dict[str, Any]:
        return {
            "family": self.definition.name,
            "d": str(self.d),
            "neurons": self.neurons,
            "radius": decimal(self.radius),
            "distance": decimal(self.distance),
            "energy_radius": decimal(self.energy_radius),
            "index": self.index,
            "minimum": self.is_minimum,
            "margin": decimal(self.margin, 3),
            "least": decimal(self.least, 3),
            "ball": {"radius": decimal(self.ball_radius), "distance": decimal(self.ball_distance)},
            "evidence": "certified",
        }

    def to_text(self) -> str:
        return "\n".join(
            [
                f"{self.definition.name} at d = {self.d} with {self.neurons} neurons: {self._kind()}, which persists for "
                f"every target V with |V - I|_F <= {decimal(self.radius)}",
                f"  it moves by at most {decimal(self.distance)} (Frobenius norm) and no eigenvalue comes nearer to zero "
                f"than {decimal(self.least, 3)};",
                f"  no other critical point is within {decimal(self.energy_radius)} of its first-order prediction "
                "(energy norm)",
                f"  for |V - I|_F <= {decimal(self.ball_radius)} no other critical point has |W - W0|_F <= "
                f"{decimal(self.ball_distance)}",
            ]
        )

    def _kind(self) -> str:
        return "a minimum" if self.is_minimum else f"a saddle of index {self.index}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        values = [
            (r"radius of targets $\|V - I\|_F$", decimal(self.radius)),
            (r"moves at most $\|W - W_0\|_F$", decimal(self.distance)),
            ("index", str(self.index)),
            (r"least $|\lambda|$", decimal(self.least, 3)),
            ("radius with uniqueness around $W_0$", decimal(self.ball_radius)),
        ]
        heading = [f"{self.definition.name}, $d = {self.d}$, $k = {self.neurons}$", "certified"]
        return heading, [[name, f"${latex_number(value)}$"] for name, value in values]

    def _title(self) -> str:
        return f"{self.definition.name} at d = {self.d} with {self.neurons} neurons: {self._kind()} persists"

    def _badges(self) -> list[str]:
        return ["certified"]

    def __repr__(self) -> str:
        size = f"d={self.d}, k={self.neurons}"
        return f"Persistence({self.definition.name}, {size}: {self._kind()} within {decimal(self.radius)})"


def persistence(branch: Branch, d: Fraction, digits: int = 20) -> Persistence:
    """The certified radius at integer d, from the critical point to `digits` digits; the result says what is proved.

    UsageError where there is no network, where it is too large, or where rows are parallel (third derivatives jump
    there); Undecided when no radius is certified. Claim AF22-perturb (Arjevani & Field 2022, 2210.06088).
    """
    definition = branch.definition
    definition.require_d(d)
    point = enclose_point(branch, d, digits)
    if not point.is_network:
        raise UsageError(f"perturbed targets need an integer d: there is no dense network at d = {real_text(d)}")
    neurons, inputs = int(definition.shape.neurons.at(d)), int(definition.shape.inputs.at(d))
    if neurons * inputs > _MOST_WEIGHTS:
        too_many = f"{neurons} x {inputs} weights are too many for perturbed targets"
        raise UsageError(f"{too_many}; it goes up to {_MOST_WEIGHTS}")
    with working(_BITS):
        around = Neighbourhood(_dense_derivatives(point))
        if around.index != point.index:
            raise Undecided(f"the dense Hessian has index {around.index}, its isotypic blocks {point.index}")
        radius, found = _largest(around.approx_limit(), around.contraction)
        ball_radius, ball_distance = _largest(min(radius, around.approx_ball_limit()), around.ball)
        return Persistence(
            definition,
            int(d),
            neurons,
            around.index,
            radius,
            around.moved(radius, found.r),
            found.r,
            _lower(found.margin),
            _lower(found.margin / around.spread**2),
            ball_radius,
            ball_distance,
        )


def _dense_derivatives(point: CriticalPoint) -> JointDerivatives:
    """The derivatives at a point in all weights and targets, from its entries rounded to the working precision."""
    definition, d = point.definition, int(point.d)
    students = dense_weights(definition, d, {name: +x for name, x in point.parameters.items()})
    targets = [[arb(x) for x in row] for row in dense_teacher(definition, d)]
    try:
        return JointDerivatives(students, targets)
    except Undecided as error:
        raise UsageError(f"family {definition.name} at d = {d} has parallel neurons: {error}") from None


def _largest(limit: Fraction, attempt: Callable[[Fraction], Found | None]) -> tuple[Fraction, Found]:
    """The largest rational of three digits below the limit at which a bisection finds something, and what it finds.

    Undecided if there is none.
    """
    low, high, best = Fraction(0), limit, None
    for _ in range(_HALVINGS):
        middle = _three_digits((low + high) / 2)
        found = attempt(middle)
        if found is None:
            high = middle
        else:
            low, best = middle, found
    if best is None:
        raise Undecided(f"no radius of targets above {decimal(high, 3)} is certified")
    return low, best


def _three_digits(value: Fraction) -> Fraction:
    """A positive rational rounded down to three significant decimal digits."""
    unit = Fraction(10) ** (floor(log10(value)) - 2)
    return value // unit * unit


def _lower(value: arb) -> Fraction:
    return exact_midpoint(value.lower())
