"""The dense network: loss, gradient and Hessian at any weight matrix, with no use of symmetry.

This file is the judge. The reduced formulas of a family are tested against it, so it shares no code with
them: it imports mpmath and the standard library, nothing of symrelu, and keeps its own precision (the global
`mpmath.mp` is neither read nor changed).

    L(W) = 1/2 E_{x ~ N(0, I)} [ ( sum_i relu(w_i.x) - sum_j relu(v_j.x) )^2 ]

Rows are neurons. Students and targets form one list x_1, x_2, ... with signs +1 and -1, so that
L = 1/2 sum_ij sign_i sign_j F(x_i, x_j). For two rows w, v put A = |w|^2, B = |v|^2, c = w.v,
S = sqrt(AB - c^2), theta = atan2(S, c); then F = (S + (pi - theta) c) / (2 pi), the arc-cosine kernel of
degree one (Cho & Saul 2009). Loss, gradient and Hessian of this network: Safran & Shamir 2018.

Inner products are exact, in integers: a working-precision number is an integer times a power of two. So
AB - c^2 and A v - c w lose nothing to cancellation between almost parallel rows, and S = 0 is decided.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from operator import mul
from typing import Any, NamedTuple, TypeAlias

from mpmath.ctx_mp import MPContext

Number: TypeAlias = Any  # in: int, decimal string, Fraction, float, mpf; out: an mpf of `DenseNetwork.mp`
Rows: TypeAlias = list[list[Any]]
Weights: TypeAlias = Sequence[Sequence[Number]]
_LU: TypeAlias = tuple[list[list[float]], list[int]]

GUARD_DIGITS = 10  # for sums of a few hundred terms, and residuals divided by a small eigenvalue


class Polished(NamedTuple):
    """A zero of the gradient found by `DenseNetwork.newton`, and the max-norm of each step that led there."""

    weights: Rows
    steps: list[Number]


class _Pairs(NamedTuple):
    """Students, then targets: x_i = rows[i] 2^exponent; c (exact), S and theta are those of `rows`."""

    rows: list[list[int]]
    signs: list[int]
    exponent: int
    c: list[list[int]]
    S: Rows
    theta: Rows


class DenseNetwork:
    """Two-layer ReLU network with h targets on d Gaussian inputs, judged on whole weight matrices.

    `teacher` is h rows of d numbers, a student W is k rows of d numbers; strings are rounded to the working
    precision, the rest is read exactly. A zero row raises ValueError: F is not differentiable there. Results
    are numbers of the network's own context `mp`, good to `digits` digits absolutely at weights of order one.
    """

    def __init__(self, teacher: Weights, digits: int = 50) -> None:
        if digits < 1:
            raise ValueError(f"digits must be at least 1, got {digits}")
        self.mp: Any = MPContext()
        self.mp.dps = digits + GUARD_DIGITS
        self.digits = digits
        self.inputs = len(teacher[0]) if len(teacher) else 0
        self.teacher = self._read(teacher, "teacher")

    @classmethod
    def orthonormal(cls, d: int, digits: int = 50, inputs: int | None = None) -> DenseNetwork:
        """The network with teacher I_d; `inputs` > d appends columns of zeros, inputs that no target sees."""
        columns = d if inputs is None else inputs
        if not 1 <= d <= columns:
            raise ValueError(f"an orthonormal teacher needs 1 <= d <= inputs, got d={d}, inputs={columns}")
        return cls([[int(i == j) for j in range(columns)] for i in range(d)], digits)

    def __repr__(self) -> str:
        return f"DenseNetwork({len(self.teacher)} targets, {self.inputs} inputs, {self.digits} digits)"

    def loss(self, W: Weights) -> Number:
        """L(W) >= 0, to `digits` digits absolutely: near a global minimum the leading digits cancel."""
        mp, (_, signs, exponent, c, S, theta) = self.mp, self._pairs(W, targets=True)
        terms = [mp.mpf(c[i][i]) / 4 for i in range(len(signs))]  # half of F(w, w) = |w|^2 / 2
        for i in range(len(signs)):
            for j in range(i):
                F = (S[i][j] + (mp.pi - theta[i][j]) * c[i][j]) / (2 * mp.pi)
                terms.append(signs[i] * signs[j] * F)
        return mp.ldexp(mp.fsum(terms), 2 * exponent)

    def gradient(self, W: Weights) -> Rows:
        """dL/dW, k rows of d: w/2 + sum_{j != i} sign_j [S/(2 pi A) w + (pi - theta)/(2 pi) x_j], w = x_i."""
        mp, (rows, signs, exponent, c, S, theta) = self.mp, self._pairs(W)
        columns = list(zip(*rows, strict=True))
        gradient: Rows = []
        for i in range(len(W)):
            weights = [sign * (mp.pi - t) / (2 * mp.pi) for sign, t in zip(signs, theta[i], strict=True)]
            weights[i] = mp.mpf(1) / 2 + mp.fdot(signs, S[i]) / (2 * mp.pi * c[i][i])
            gradient.append([mp.ldexp(mp.fdot(weights, column), exponent) for column in columns])
        return gradient

    def hessian(self, W: Weights) -> Any:
        """The (k d) x (k d) mp.matrix with entry (i d + p, j d + q) = d^2 L / dW_ip dW_jq.

        On parallel rows, where L is C^2 and no more, the pair's blocks are their limits: the own blocks
        vanish, the cross block is I/2 at theta = 0 and 0 at theta = pi.
        """
        return self.mp.matrix(self._hessian(W))

    def _hessian(self, W: Weights) -> Rows:
        """The Hessian as a list of rows, quicker to read than an mp.matrix."""
        k, d, pairs = len(W), self.inputs, self._pairs(W)
        H: Rows = [[self.mp.zero] * (k * d) for _ in range(k * d)]
        for i in range(k):
            for j in range(i, k):
                block = self._own_block(pairs, i) if i == j else self._cross_block(pairs, i, j)
                for p in range(d):
                    for q in range(d):
                        H[i * d + p][j * d + q] = H[j * d + q][i * d + p] = block[p][q]
        return H

    def _own_block(self, pairs: _Pairs, i: int) -> Rows:
        """I/2 + 1/(2 pi) sum_j sign_j [ (S/A)(I - w w^T/A) + u u^T/S ], w = x_i, u = x_j - (c/A) w."""
        mp, w, A, S = self.mp, pairs.rows[i], pairs.c[i][i], pairs.S[i]
        K = mp.fdot(pairs.signs, S) / (2 * mp.pi * A)
        left: Rows = [[-K / A * x for x in w]]  # the block is (K + 1/2) I + left^T right
        right: Rows = [[mp.mpf(x) for x in w]]
        for j, sign in enumerate(pairs.signs):
            if S[j]:
                u = self._rejection(pairs, j, i)
                left.append([sign * x / (2 * mp.pi * S[j]) for x in u])
                right.append(u)
        columns = list(zip(*right, strict=True))
        block = [[mp.fdot(row, column) for column in columns] for row in zip(*left, strict=True)]
        for p in range(self.inputs):
            block[p][p] += K + mp.mpf(1) / 2
        return block

    def _cross_block(self, pairs: _Pairs, i: int, j: int) -> Rows:
        """1/(2 pi) [ (pi - theta) I + ( w (v - (c/A) w)^T + v (w - (c/B) v)^T ) / S ], w = x_i, v = x_j."""
        mp, S, w, v = self.mp, pairs.S[i][j], pairs.rows[i], pairs.rows[j]
        scale = 1 / (2 * mp.pi * S) if S else mp.zero
        rests = zip(self._rejection(pairs, j, i), self._rejection(pairs, i, j), strict=True)
        rests = [(scale * x, scale * y) for x, y in rests]
        block = [[a * x + b * y for x, y in rests] for a, b in zip(w, v, strict=True)]
        for p in range(self.inputs):
            block[p][p] += (mp.pi - pairs.theta[i][j]) / (2 * mp.pi)
        return block

    def newton(self, W: Weights, tolerance_digits: int | None = None, max_steps: int = 50) -> Polished:
        """Polish W to a zero of the gradient in all k d unknowns; last step <= 10^(-tolerance_digits).

        The default tolerance is `digits`. Gradients have working precision; the Hessian is factorised in
        floats and kept while steps shrink a thousandfold: that sets the rate (3 to 15 digits a step), not the
        result. ArithmeticError: a singular Hessian, a step far beyond W, or none small enough in `max_steps`.
        """
        mp, digits = self.mp, self.digits if tolerance_digits is None else tolerance_digits
        weights, tolerance = self._read(W, "weight matrix"), mp.mpf(10) ** -digits
        size = max(max(map(abs, row)) for row in weights)
        steps: list[Number] = []
        lu: _LU | None = None
        while len(steps) < max_steps:
            gradient = [g for row in self.gradient(weights) for g in row]
            norm = max(abs(g) for g in gradient) or mp.one
            lu = lu or _factorise([[float(x) for x in row] for row in self._hessian(weights)])
            step = [norm * x for x in _solve(*lu, [float(g / norm) for g in gradient])]  # no underflow
            steps.append(max(map(abs, step)))
            weights = [[w - step.pop(0) for w in row] for row in weights]
            if steps[-1] <= tolerance:
                return Polished(weights, steps)
            if steps[-1] > 10 * size:
                raise ArithmeticError(f"Newton ran away: step {len(steps)} has norm {mp.nstr(steps[-1], 3)}")
            if len(steps) == 1 or 1000 * steps[-1] > steps[-2]:
                lu = None
        tail = ", ".join(mp.nstr(step, 3) for step in steps[-3:])
        raise ArithmeticError(f"Newton did not reach {digits} digits in {max_steps} steps: ..., {tail}")

    def eigenvalues(self, W: Weights) -> list[Number]:
        """All k d eigenvalues of the Hessian, ascending, by mp.eigsy; meant for k d <= 150."""
        return list(self.mp.eigsy(self.hessian(W), eigvals_only=True, overwrite_a=True))

    def distinct_eigenvalues(self, W: Weights, seed: int = 0) -> list[Number]:
        """The distinct eigenvalues of the Hessian, ascending, multiplicities left out; meant for k d > 150.

        Lanczos with full reorthogonalisation from a pseudo-random vector breaks down after as many steps as
        there are distinct eigenvalues, a dozen or two at a symmetric point. Eigenvalues nearer than about
        10^(-digits/2) of the norm may be taken for one; where W is less symmetric than that, eigenvalues that
        symmetry would make equal come out apart, so polish W first.
        """
        mp, H = self.mp, self._hessian(W)
        breakdown = max(mp.fsum(map(abs, row)) for row in H) * mp.mpf(10) ** (-self.digits // 2)
        generator = random.Random(seed)
        q = [mp.mpf(generator.randint(-(10**6), 10**6)) for _ in H]
        basis: Rows = []
        alphas: list[Number] = []
        betas = [mp.sqrt(mp.fdot(q, q))]
        while betas[-1] > breakdown and len(basis) < len(H):
            basis.append([x / betas[-1] for x in q])
            q = [mp.fdot(row, basis[-1]) for row in H]
            alphas.append(mp.fdot(basis[-1], q))
            for b in basis + basis:  # twice: where beta is small, one pass is orthogonal to fewer digits
                overlap = mp.fdot(b, q)
                q = [x - overlap * y for x, y in zip(q, b, strict=True)]
            betas.append(mp.sqrt(mp.fdot(q, q)))
        T = mp.diag(alphas)
        for m in range(1, len(alphas)):
            T[m - 1, m] = T[m, m - 1] = betas[m]
        return list(mp.eigsy(T, eigvals_only=True))

    def _read(self, rows: Weights, what: str) -> Rows:
        """The rows as numbers of `mp`; ValueError for a wrong shape, nan, inf, or a zero row."""
        read = [[self.mp.convert(x) for x in row] for row in rows]
        if not read or not self.inputs:
            raise ValueError(f"the {what} is empty")
        for i, row in enumerate(read):
            if len(row) != self.inputs:
                raise ValueError(f"row {i} of the {what} has {len(row)} entries, expected {self.inputs}")
            if not all(self.mp.isfinite(x) for x in row):
                raise ValueError(f"row {i} of the {what} has an entry that is not a finite number")
            if not any(row):
                raise ValueError(f"row {i} of the {what} is zero: the loss is not differentiable there")
        return read

    def _pairs(self, W: Weights, targets: bool = False) -> _Pairs:
        """Pair data; pairs of two targets read S = theta = 0 without `targets` (only the loss needs them)."""
        mp, k, numbers = self.mp, len(W), self._read(W, "weight matrix") + self.teacher
        exponent = min(x.man_exp[1] for row in numbers for x in row)
        rows = [[int(mp.ldexp(x, -exponent)) for x in row] for row in numbers]
        n = len(rows)
        c = [[sum(map(mul, w, v)) for v in rows] for w in rows]
        S: Rows = [[mp.zero] * n for _ in range(n)]
        theta: Rows = [[mp.zero] * n for _ in range(n)]
        for i in range(n if targets else k):
            for j in range(i + 1, n):
                S[i][j] = S[j][i] = mp.sqrt(c[i][i] * c[j][j] - c[i][j] ** 2)
                theta[i][j] = theta[j][i] = mp.atan2(S[i][j], c[i][j])
        return _Pairs(rows, [1] * k + [-1] * (n - k), exponent, c, S, theta)

    def _rejection(self, pairs: _Pairs, j: int, i: int) -> list[Number]:
        """x_j - (c/A) x_i, the part of row j across row i; its numerator A x_j - c x_i is exact."""
        A, c, w, v = pairs.c[i][i], pairs.c[i][j], pairs.rows[i], pairs.rows[j]
        return [self.mp.mpf(A * y - c * x) / A for x, y in zip(w, v, strict=True)]


def _factorise(rows: list[list[float]]) -> _LU:
    """P H = L U, partial pivoting: L without its unit diagonal and U in one square, P as an order of rows."""
    order = list(range(len(rows)))
    for m in range(len(rows)):
        pivot = max(range(m, len(rows)), key=lambda i: abs(rows[i][m]))
        rows[m], rows[pivot], order[m], order[pivot] = rows[pivot], rows[m], order[pivot], order[m]
        if not rows[m][m]:
            raise ArithmeticError("Newton met a singular Hessian")
        right = rows[m][m + 1 :]
        for row in rows[m + 1 :]:
            factor = row[m] = row[m] / rows[m][m]
            row[m + 1 :] = [x - factor * y for x, y in zip(row[m + 1 :], right, strict=True)]
    return rows, order


def _solve(rows: list[list[float]], order: list[int], right: list[float]) -> list[float]:
    """The solution x of H x = right, to about machine precision relative to x."""
    x = [right[m] for m in order]
    for m, row in enumerate(rows):
        x[m] -= sum(map(mul, row[:m], x))
    for m in reversed(range(len(x))):
        x[m] = (x[m] - sum(map(mul, rows[m][m + 1 :], x[m + 1 :]))) / rows[m][m]
    return x


def group_with_multiplicity(values: Sequence[Number], digits: int) -> list[tuple[Number, int]]:
    """(middle member, multiplicity) of each group no wider than 10^(-digits) max(1, |value|), ascending."""
    groups: list[list[Number]] = []
    for value in sorted(values):
        if groups and 10**digits * (value - groups[-1][0]) <= max(1, abs(value)):
            groups[-1].append(value)
        else:
            groups.append([value])
    return [(group[len(group) // 2], len(group)) for group in groups]
