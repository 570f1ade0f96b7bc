"""Families derived once for all tests, and the reduced loss written a second time, by hand and in mpmath."""

from functools import cache

import mpmath
import pytest

from symrelu import family


@pytest.fixture(scope="session")
def families():
    """Families by name, each with what has been derived of it so far."""
    return cache(family)


class ByHand:
    """The loss of a network with one row orbit attached to each block of columns, block sizes real.

    Written from sections 1 and 2 of the project's mathematics: w_i = u_R + delta_R e_i, an orbit R for each block, and
    F = (S + (pi - theta) c) / (2 pi). Gradient and Hessian are central differences of the loss, so that nothing but the
    definition of the loss is used. A point is a list of rows (u_R[0], ..., u_R[r-1], delta_R).
    """

    def __init__(self, digits):
        self.mp = mpmath.mp.clone()
        self.mp.dps = digits

    def number(self, value):
        return self.mp.convert(value)

    def rows(self, sizes, values):
        """Rows from named entries; a block of size one has no off-diagonal entry, and delta = 0 will do."""
        rows, numbers = [], range(1, len(sizes) + 1)
        for R in numbers:
            own = values[f"off{R}"] if f"off{R}" in values else values[f"w{R}{R}"]
            delta = values[f"diag{R}"] - own if f"diag{R}" in values else 0
            rows.append([self.number(x) for x in (*(own if B == R else values[f"w{R}{B}"] for B in numbers), delta)])
        return rows

    def values(self, sizes, rows):
        """Named entries from rows."""
        named = {}
        for R, row in enumerate(rows):
            for B in range(len(sizes)):
                if B == R and sizes[R] != 1:
                    named[f"diag{R + 1}"], named[f"off{R + 1}"] = row[B] + row[-1], row[B]
                else:
                    named[f"w{R + 1}{B + 1}"] = row[B]
        return named

    def F(self, A, B, c):
        mp = self.mp
        S = mp.sqrt(A * B - c * c)
        return (S + (mp.pi - mp.atan2(S, c)) * c) / (2 * mp.pi)

    def loss(self, sizes, rows):
        r = len(sizes)
        targets = [[self.number(0)] * r + [self.number(1)] for _ in sizes]
        signed = [(1, R, row) for R, row in enumerate(rows)] + [(-1, R, row) for R, row in enumerate(targets)]

        def inner(R, x, Q, y, same):
            total = sum(n * a * b for n, a, b in zip(sizes, x, y, strict=False))
            total += x[-1] * y[R] + y[-1] * x[Q]
            return total + (x[-1] * y[-1] if same else 0)

        total = self.number(0)
        for i, (sign, R, x) in enumerate(signed):
            A = inner(R, x, R, x, True)
            for j, (other_sign, Q, y) in enumerate(signed):
                B, signs = inner(Q, y, Q, y, True), sign * other_sign
                if R != Q:
                    total += signs * sizes[R] * sizes[Q] * self.F(A, B, inner(R, x, Q, y, False))
                    continue
                total += signs * sizes[R] * (A / 2 if i == j else self.F(A, B, inner(R, x, Q, y, True)))
                if sizes[R] != 1:
                    total += signs * sizes[R] * (sizes[R] - 1) * self.F(A, B, inner(R, x, Q, y, False))
        return total / 2

    def places(self, sizes):
        """The coordinates: u of every row, and delta where the block has more than one column."""
        r = len(sizes)
        return [(R, i) for R in range(r) for i in range(r + 1) if i < r or sizes[R] != 1]

    def moved(self, rows, *moves):
        new = [list(row) for row in rows]
        for (R, i), step in moves:
            new[R][i] += step
        return new

    def gradient(self, sizes, rows):
        h = self.mp.mpf(10) ** (-self.mp.dps // 3)
        return [
            (self.loss(sizes, self.moved(rows, (p, h))) - self.loss(sizes, self.moved(rows, (p, -h)))) / (2 * h)
            for p in self.places(sizes)
        ]

    def hessian(self, sizes, rows):
        """In the coordinates of `places`: not in an orthonormal basis, but of the right inertia."""
        h = self.mp.mpf(10) ** (-self.mp.dps // 4)
        places = self.places(sizes)
        H = self.mp.matrix(len(places))
        for i, p in enumerate(places):
            for j, q in enumerate(places[: i + 1]):
                corners = [self.loss(sizes, self.moved(rows, (p, a * h), (q, b * h))) for a in (1, -1) for b in (1, -1)]
                H[i, j] = H[j, i] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * h * h)
        return H

    def critical_point(self, sizes, rows, steps=60):
        """Newton's method from near a critical point, until the step no longer shrinks; the Hessian is kept."""
        H, last = self.hessian(sizes, rows), None
        for _ in range(steps):
            step = self.mp.lu_solve(H, self.mp.matrix(self.gradient(sizes, rows)))
            size = max(abs(x) for x in step)
            if last is not None and (size == 0 or (size < self.mp.mpf(10) ** (-self.mp.dps // 2) and size > last / 2)):
                return rows
            rows = self.moved(rows, *((p, -x) for p, x in zip(self.places(sizes), step, strict=True)))
            last = size
        raise AssertionError("no critical point found by hand")

    def split(self, sizes, rows, block, singles):
        """The same weights with columns of a block made blocks of their own, behind it."""
        parts = [sizes[block] - singles, *[1] * singles]
        new_sizes = [n for b, size in enumerate(sizes) for n in (parts if b == block else [size])]
        old = [b for b in range(len(sizes)) for _ in (parts if b == block else [0])]
        new_rows = []
        for new_block, R in enumerate(old):
            row = [rows[R][b] for b in old]
            delta = rows[R][-1]
            if new_sizes[new_block] == 1:
                row[new_block], delta = row[new_block] + delta, self.number(0)
            new_rows.append([*row, delta])
        return new_sizes, new_rows

    def negative_eigenvalues(self, sizes, rows):
        return sum(value < 0 for value in self.mp.eigsy(self.hessian(sizes, rows), eigvals_only=True))


@pytest.fixture(scope="session")
def by_hand():
    return ByHand
