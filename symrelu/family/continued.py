"""Starting values of M_p with more neurons for p that were not searched: a recorded branch continued in p.

Block sizes are real numbers in the reduced equations, so that a branch of M_6+m goes over into one of M_p+m by small steps
in p, Newton's method in floating point following. The result selects a branch; nothing is proved here.
"""

from __future__ import annotations

from fractions import Fraction

from symrelu.arithmetic.floats import Floats
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action
from symrelu.family.reduced import gradient
from symrelu.family.shape import Shape
from symrelu.family.system import TRIVIAL
from symrelu.solvers.descent import Vector, solve

_STEP = 1.05  # ratio of one p, or d, to the next
_NEWTON_STEPS = 8
_SETTLED = 1e-10


def continue_in_p(
    shape: Shape, start: dict[str, Fraction], d: float, p: int, target: int
) -> tuple[Fraction, dict[str, Fraction]]:
    """(d, values) of the branch for block sizes (d - target, target), from those at (d - p, p); target >= p.

    `shape` is that of the result: two blocks, the second of the size p. ArithmeticError where the branch is lost.
    """
    point = [float(start[name]) for name in shape.names]
    far = 100.0 + 10.0 * p
    for step in _between(d, far):
        point = _newton(shape, [step - p, float(p)], point)
    for size in _between(float(p), float(target)):
        point = _newton(shape, [100.0 + 9.0 * size, size], point)
    return Fraction(100 + 10 * target), {name: Fraction(f"{x:.9f}") for name, x in zip(shape.names, point, strict=True)}


def _between(low: float, high: float) -> list[float]:
    """Points from low to high, high included, in a ratio of at most _STEP."""
    points = [low]
    while points[-1] * _STEP < high:
        points.append(points[-1] * _STEP)
    return [*points[1:], high]


def _newton(shape: Shape, sizes: list[float], point: Vector) -> Vector:
    for _ in range(_NEWTON_STEPS):
        table = GramTable(shape, Floats(), sizes, dict(zip(shape.names, point, strict=True)))
        try:
            step = solve(isotypic_action(table, TRIVIAL)[0], gradient(table))
        except (ValueError, ZeroDivisionError):  # parallel rows
            break
        point = [x - y for x, y in zip(point, step, strict=True)]
        if max(map(abs, step)) < _SETTLED:
            return point
    raise ArithmeticError("the branch is lost on the way from one block size to another")
