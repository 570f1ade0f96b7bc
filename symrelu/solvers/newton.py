"""Newton's method on midpoints: fast, and proves nothing."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, arb_mat, ctx

Evaluation = tuple[list[arb], list[list[arb]]]
System = Callable[[list[arb]], Evaluation]


def approx_root(system: System, start: list[arb], max_steps: int = 50) -> tuple[list[arb], list[arb]]:
    """Midpoints of an approximate zero to about the working precision, and the sizes of the steps taken.

    `system(x)` returns the values and the Jacobian. ArithmeticError when the iteration does not settle.
    """
    x, sizes = [value.mid() for value in start], list[arb]()
    # Convergence is quadratic: after a step this small the error is below the working precision.
    tolerance = arb(2) ** (-3 * ctx.prec // 5)
    settled = arb(2) ** (-ctx.prec // 3)
    for _ in range(max_steps):
        step = newton_step(system(x))
        x = [(a - b).mid() for a, b in zip(x, step, strict=True)]
        sizes.append(_largest(step))
        if not sizes[-1].is_finite() or sizes[-1] > 1e6:
            break
        # Rounding leaves the last steps at the precision times the condition of the system.
        if sizes[-1] < tolerance or (len(sizes) > 2 and sizes[-1] < settled and not sizes[-1] < sizes[-2] / 4):
            return x, sizes
    raise ArithmeticError("Newton's method does not converge")


def newton_step(evaluation: Evaluation) -> list[arb]:
    values, jacobian = evaluation
    matrix = arb_mat([[arb(entry).mid() for entry in row] for row in jacobian])
    try:
        step = matrix.solve(arb_mat([[arb(value).mid()] for value in values]))
    except ZeroDivisionError:
        raise ArithmeticError("the Jacobian is numerically singular") from None
    return [step[i, 0].mid() for i in range(len(values))]


def _largest(values: list[arb]) -> arb:
    largest = arb(0)
    for value in values:
        if not abs(value) < largest:
            largest = abs(value).mid()
    return largest
