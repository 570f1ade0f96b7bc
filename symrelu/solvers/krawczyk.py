"""Krawczyk's test: existence and uniqueness of a zero in a box.

For a C^1 map g, an approximate zero m, a box X = m + r [-1, 1]^n and any matrix Y, put

    K = m - Y g(m) + (I - Y g'(X)) (X - m).

If K lies in the interior of X, then g has exactly one zero in X, it lies in K, and g' is invertible there. (Krawczyk 1969;
Neumaier, Interval Methods for Systems of Equations, 5.1.)
"""

from __future__ import annotations

from flint import arb, arb_mat, ctx

from symrelu.arithmetic.outcome import Undecided
from symrelu.solvers.newton import System


def krawczyk(system: System, center: list[arb]) -> list[arb]:
    """A box around `center` with exactly one zero of the system, proved; Undecided when no radius tried succeeds.

    `system(x)` must return enclosures of the values and of the Jacobian over a box x of balls. What is returned is K,
    which contains the zero; `isolate` also gives X, in which it is the only one.
    """
    return isolate(system, center)[1]


def isolate(system: System, center: list[arb], around: list[arb] | None = None) -> tuple[list[arb], list[arb]]:
    """(X, K) of a successful test; X contains the boxes `around`, if they are given."""
    m = [value.mid() for value in center]
    values, jacobian = system(m)
    try:
        Y = arb_mat([[arb(entry).mid() for entry in row] for row in jacobian]).inv()
    except ZeroDivisionError:
        raise Undecided("the Jacobian at the centre is numerically singular: no preconditioner") from None
    correction = Y * arb_mat([[value] for value in values])
    residual = [correction[i, 0] for i in range(len(m))]
    radii = [4 * size.abs_upper() + arb(2) ** (8 - ctx.prec) for size in residual]
    if around is not None:
        radii = [r + (box - x).abs_upper() for r, box, x in zip(radii, around, m, strict=True)]
    for _ in range(12):
        # A ball keeps its radius to a few bits, rounded up: the box is at least as large as asked.
        box = [x + arb(0, r.mid()) for x, r in zip(m, radii, strict=True)]
        image = _image(system, box, m, residual, Y)
        if image is not None and all(x.contains_interior(k) for x, k in zip(box, image, strict=True)):
            return box, image
        radii = [8 * r for r in radii]
    raise Undecided("Krawczyk's test fails: no zero can be isolated here at this precision")


def _image(system: System, box: list[arb], m: list[arb], residual: list[arb], Y: arb_mat) -> list[arb] | None:
    try:
        _, jacobian = system(box)
    except Undecided:
        return None
    n = len(m)
    contraction = arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)]) - Y * arb_mat(jacobian)
    spread = contraction * arb_mat([[x - a] for x, a in zip(box, m, strict=True)])
    image = [a - y + spread[i, 0] for i, (a, y) in enumerate(zip(m, residual, strict=True))]
    return image if all(k.is_finite() for k in image) else None
