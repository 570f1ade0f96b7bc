"""Descent to local minima in floating point: damped Newton steps (Levenberg and Marquardt), for searching.

Nothing here is rigorous; what is found is polished and certified elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

Vector = list[float]
Model = tuple[Vector, list[Vector], Vector]  # gradient, Hessian, diagonal metric

_MAX_STEPS = 300
_SMALL_GRADIENT = 1e-11
_DAMPINGS = 1e-12, 1e8


class SearchFails(ArithmeticError):
    """Raised when descent runs into a singular point or does not settle."""


def descend(value: Callable[[Vector], float], model: Callable[[Vector], Model], start: Vector) -> Vector:
    """A stationary point, reached from `start` by steps that lower `value`: a minimum, but for starts on special lines.

    `model(x)` gives gradient, Hessian and a positive diagonal metric, in which steps are measured. SearchFails when the
    gradient does not become small, or where value or model raise an ArithmeticError or a ValueError at x itself.
    """
    x, damping = list(start), 1.0
    for _ in range(_MAX_STEPS):
        try:
            here = value(x)
            gradient, hessian, metric = model(x)
        except (ArithmeticError, ValueError) as error:
            raise SearchFails(f"a singular point: {error}") from None
        if sqrt(sum(g * g / m for g, m in zip(gradient, metric, strict=True))) < _SMALL_GRADIENT:
            return x
        while True:
            y = _step(x, gradient, hessian, metric, damping)
            if y is not None and _lower(value, y, here):
                x, damping = y, max(damping / 4, _DAMPINGS[0])
                break
            damping *= 4
            if damping > _DAMPINGS[1]:
                raise SearchFails("no step lowers the value")
    raise SearchFails(f"no minimum is reached in {_MAX_STEPS} steps")


def _lower(value: Callable[[Vector], float], y: Vector, here: float) -> bool:
    try:
        # Next to the minimum the value no longer resolves a step: rounding is allowed for.
        return value(y) <= here + 4e-16 * abs(here)
    except (ArithmeticError, ValueError):
        return False


def _step(x: Vector, gradient: Vector, hessian: list[Vector], metric: Vector, damping: float) -> Vector | None:
    """x - (H + damping G)^(-1) g if that is a descent direction."""
    size = range(len(x))
    damped = [[hessian[i][j] + (damping * metric[i] if i == j else 0.0) for j in size] for i in size]
    try:
        step = solve(damped, gradient)
    except ZeroDivisionError:
        return None
    if not sum(a * b for a, b in zip(step, gradient, strict=True)) > 0:
        return None
    return [a - b for a, b in zip(x, step, strict=True)]


def is_positive_definite(matrix: list[Vector]) -> bool:
    """Whether all pivots of a symmetric matrix are positive, in floating point."""
    rows = [list(row) for row in matrix]
    for i, row in enumerate(rows):
        if not row[i] > 0:
            return False
        for other in rows[i + 1 :]:
            factor = other[i] / row[i]
            for c in range(i, len(row)):
                other[c] -= factor * row[c]
    return True


def solve(matrix: list[Vector], right: Vector) -> Vector:
    """The solution of a small linear system, by elimination with partial pivoting; ZeroDivisionError if singular."""
    n = len(right)
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, n + 1):
                rows[r][c] -= factor * rows[i][c]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][j] * x[j] for j in range(i + 1, n))) / rows[i][i]
    return x
