"""Signs of eigenvalues of symmetric matrices and pencils, by L D L^T in any arithmetic that can decide signs."""

from __future__ import annotations

from typing import Any

import mpmath
from flint import arb, ctx

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working

Matrix = list[list[Any]]


def pivots(matrix: Matrix) -> list[Any]:
    """The diagonal D of L D L^T without exchanges; its signs are the inertia (Sylvester). Undecided on a zero pivot.

    Only the lower triangle is read: the matrix is symmetric, though its enclosures may differ.
    """
    rows = [list(row[: i + 1]) for i, row in enumerate(matrix)]
    size, diagonal = len(rows), list[Any]()
    for k in range(size):
        diagonal.append(rows[k][k])
        for i in range(k + 1, size):
            factor = rows[i][k] / diagonal[k]
            for j in range(k + 1, i + 1):
                rows[i][j] = rows[i][j] - factor * rows[j][k]
    return diagonal


def schur_complement(matrix: Matrix, i: int) -> Matrix:
    """What is left of a symmetric matrix when row and column i are eliminated."""
    left = [j for j in range(len(matrix)) if j != i]
    factors = {j: matrix[j][i] / matrix[i][i] for j in left}
    return [[matrix[j][k] - factors[j] * matrix[i][k] for k in left] for j in left]


def determinant(matrix: Matrix) -> Any:
    """The determinant in any arithmetic, by expansion along rows with minors kept: no division, so no pivot can be too small.

    >>> determinant([[1, 2], [3, 4]])
    -2
    """
    minors: dict[int, Any] = {0: 1}
    for row in matrix:
        larger: dict[int, Any] = {}
        for columns, minor in minors.items():
            for j, entry in enumerate(row):
                if not columns >> j & 1:
                    inversions = (columns >> j).bit_count()
                    term = entry * minor if inversions % 2 == 0 else -(entry * minor)
                    key = columns | 1 << j
                    larger[key] = larger[key] + term if key in larger else term
        minors = larger
    return minors[(1 << len(matrix)) - 1]


def inertia(matrix: list[list[arb]]) -> tuple[int, int]:
    """(number of negative, number of positive eigenvalues), proved; Undecided when a pivot's sign is open."""
    signs = []
    for pivot in pivots([[arb(x) for x in row] for row in matrix]):
        if pivot > 0:
            signs.append(1)
        elif pivot < 0:
            signs.append(-1)
        else:
            raise Undecided(f"the sign of a pivot {pivot.str(5)} is open")
    return signs.count(-1), signs.count(1)


def enclose_eigenvalues(matrix: Matrix, gram: list[Any], bits: int) -> list[arb]:
    """Balls around all eigenvalues of B v = lambda G v in ascending order, G positive diagonal, with multiplicity.

    The k-th ball contains the k-th eigenvalue, proved by counting: the inertia of B - x G at both ends of it. The balls
    are about 2^-bits times the norm wide where the enclosures of B allow it; Undecided where no ball is found.
    """
    size = len(matrix)
    B, G = [[arb(x) for x in row] for row in matrix], [arb(g) for g in gram]
    if not all(x.is_finite() for row in B for x in row):
        raise Undecided("an entry of the block has no finite bound")
    if not all(g > 0 for g in G):
        raise Undecided("the Gram matrix of the block is not proved positive")
    guesses = approx_eigenvalues(B, G)
    scale = max((abs(x) for x in guesses), key=lambda x: float(x.mid())) + arb(2) ** -ctx.prec
    balls = []
    for k, guess in enumerate(guesses):
        balls.append(_isolate(B, G, k, guess, scale * arb(2) ** (-bits), size))
    return balls


def _isolate(B: list[list[arb]], G: list[arb], k: int, guess: arb, width: arb, size: int) -> arb:
    radius = width.mid()
    for _ in range(ctx.prec // 4 + 8):
        below, above = (_shifted_inertia(B, G, guess + side * radius) for side in (-1, 1))
        if below is not None and above is not None and below[0] <= k and above[0] >= k + 1:
            return guess + arb(0, radius)
        radius = (radius * 16).mid()
    raise Undecided("an eigenvalue cannot be isolated at this precision")


def _shifted_inertia(B: list[list[arb]], G: list[arb], x: arb) -> tuple[int, int] | None:
    shifted = [[entry - x * G[i] if i == j else entry for j, entry in enumerate(row)] for i, row in enumerate(B)]
    try:
        return inertia(shifted)
    except Undecided:
        return None


def approx_eigenvalues(B: list[list[arb]], G: list[arb]) -> list[arb]:
    """Approximate eigenvalues of B v = lambda G v in ascending order (midpoints), by mpmath; not rigorous."""
    context = mpmath.mp.clone()
    context.prec = ctx.prec

    def number(x: arb) -> Any:
        mantissa, exponent = x.mid().man_exp()
        return context.ldexp(context.mpf(int(mantissa)), int(exponent))

    roots = [context.sqrt(number(g)) for g in G]
    size = len(B)
    symmetric = context.matrix(size, size)
    for i in range(size):
        for j in range(i + 1):
            symmetric[i, j] = symmetric[j, i] = number(B[i][j]) / (roots[i] * roots[j])
    values = sorted(context.eigsy(symmetric, eigvals_only=True))
    with working(ctx.prec):
        return [arb(context.nstr(value, context.dps + 5)).mid() for value in values]


def pivot_order(matrix: list[list[arb]]) -> list[int]:
    """An order of rows in which each pivot is as large as possible against its diagonal entry (on midpoints).

    A nearly singular direction is left for last. The choice decides how well pivots are bounded, never a result.
    """
    rows = [[float(arb(x).mid()) for x in row] for row in matrix]
    scale = [abs(rows[i][i]) or 1.0 for i in range(len(rows))]
    order, left = list[int](), list(range(len(rows)))
    while left:
        best = max(left, key=lambda i: abs(rows[i][i]) / scale[i])
        order.append(best)
        left.remove(best)
        pivot = rows[best][best] or 1e-300
        for i in left:
            factor = rows[i][best] / pivot
            for j in left:
                rows[i][j] -= factor * rows[best][j]
    return order


def reordered(matrix: Matrix, order: list[int]) -> Matrix:
    """The symmetric permutation of a matrix."""
    return [[matrix[i][j] for j in order] for i in order]
