"""From one activation to another: the start of a family's branch, continued in the activation at one d.

The families of the catalogue are found with ReLU, which is leaky ReLU with slope 0. The loss of leaky ReLU is

    L_alpha = (1 - alpha)^2 (L_0 + beta |sum_i w_i - sum_j v_j|^2 / 2),      beta = alpha / (1 - alpha)^2

(the kernel is (1 - alpha)^2 F_0 + alpha c), so its critical points depend on beta alone. Slope 1/alpha has the same beta, and
a slope beyond 1 or -1 is reached as its inverse: beta goes from -1/4 at the absolute value over 0 at ReLU to infinity at
the identity. The critical point is followed in small steps, Newton's method converging near the point at each, while the
determinant of the Jacobian keeps its sign. (Where two branches meet and vanish it changes sign.) Nothing here is
rigorous: what is found is a start, and the proofs decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from flint import arb, arb_mat

from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import to_fmpq
from symrelu.family.definition import Definition
from symrelu.family.isotypic import isotypic_basis
from symrelu.family.system import TRIVIAL, ReducedSystem
from symrelu.model.activations import Leaky
from symrelu.model.kernel import RELU, Activation
from symrelu.solvers.newton import approx_root

_FIRST_STEP = Fraction(1, 64)
_LARGEST_STEP = Fraction(1, 8)
_SMALLEST_STEP = Fraction(1, 2**16)
_NEAR = 0.1  # how far, in Frobenius norm, Newton's method may move in one step


class NoStart(ArithmeticError):
    """The branch does not reach the activation; the message says where it is lost."""


def start_for_activation(definition: Definition, base: list[arb]) -> list[arb]:
    """The critical point at the definition's own start d for its activation, continued from `base`.

    `base` is the critical point there for the activation of the start values; all is done at the working precision. NoStart
    when the branch is lost on the way, or when no way between the two activations is known.
    """
    assert definition.start is not None
    here, goal = _slope(definition.start.activation), _slope(definition.activation)
    if here is None or goal is None:
        raise NoStart(
            f"the start values of this family belong to {definition.start.activation.name}, and no way leads from there to "
            f'{definition.activation.name}; give a JSON file with "activation" and start values'
        )
    return _walk(definition, base, here, goal)


def _slope(activation: Activation) -> Fraction | None:
    """A slope, between -1 and 1, with the critical points of this leaky ReLU, ReLU being one; None for others."""
    if activation == RELU:
        return Fraction(0)
    if not isinstance(activation, Leaky):
        return None
    return activation.slope if abs(activation.slope) <= 1 else 1 / activation.slope


def _walk(definition: Definition, point: list[arb], here: Fraction, goal: Fraction) -> list[arb]:
    assert definition.start is not None
    d = definition.start.d
    at = _systems(definition, d)
    sign, step = orientation(at(here), point), _FIRST_STEP
    while here != goal:
        reach = min(step, abs(goal - here))
        there = here + (reach if goal > here else -reach)
        found = _try(at(there), point, sign)
        if found is not None:
            here, point, step = there, found, min(2 * step, _LARGEST_STEP)
            continue
        step = reach / 4
        if step < _SMALLEST_STEP:
            raise NoStart(
                f"the branch of {definition.name} is lost at d = {d} on the way from "
                f"{definition.start.activation.name}: near leaky:{float(here):.5g}"
            )
    return point


def _systems(definition: Definition, d: Fraction) -> Callable[[Fraction], ReducedSystem]:
    def at(slope: Fraction) -> ReducedSystem:
        activation = Leaky(slope) if slope else RELU
        return ReducedSystem(replace(definition, activation=activation), Balls(), arb(to_fmpq(d)))

    return at


def _try(system: ReducedSystem, guess: list[arb], sign: int) -> list[arb] | None:
    """Newton from the last point; None if it fails, wanders, or ends where the Jacobian has the other sign."""
    try:
        point, _ = approx_root(system, guess, max_steps=14)
        near = frobenius_distance(system, guess, point) < _NEAR
        return point if near and orientation(system, point) == sign else None
    except (ArithmeticError, Undecided):
        return None


def frobenius_distance(system: ReducedSystem, one: list[arb], other: list[arb]) -> float:
    """The distance of two weight matrices: a small entry that occurs often counts as much as a large one."""
    weights = [vector.norm for vector in isotypic_basis(system.table(one), TRIVIAL)]
    return float(sum((g * (x - y) ** 2 for g, x, y in zip(weights, one, other, strict=True)), arb(0)).mid()) ** 0.5


def orientation(system: ReducedSystem, point: list[arb]) -> int:
    """The sign of the determinant of the Jacobian, by midpoints: kept along a branch, changed beyond a fold."""
    _, jacobian = system(point)
    return 1 if arb_mat([[arb(x).mid() for x in row] for row in jacobian]).det().mid() > 0 else -1
