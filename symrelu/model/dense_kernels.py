"""The dense network with leaky ReLU or erf: the judge of the other activations, by formulas of its own.

Like dense.py it imports nothing of symrelu but dense.py, and knows no symmetry. L = 1/2 sum_ij sign_i sign_j F(x_i, x_j) over
students (+1) and targets (-1), F(w, v) = E[sigma(w.x) sigma(v.x)]; all pairs are written out as vectors and matrices:

    leaky ReLU   sigma(t) = relu(t) - slope relu(-t), so F is a sum of four ReLU kernels, of (+-w, +-v). For each of them
                 2 pi d2f/dw2 = (|v|/|w|) sin(theta) (I - u u^T + n n^T), 2 pi d2f/dwdv = (pi - theta) I + u n^T + u' n'^T
                 (Safran & Shamir 2018, section 4), u and u' the unit vectors of w and v, n = (u' - cos(theta) u)/sin(theta)
                 and n' = (u - cos(theta) u')/sin(theta).
    erf          F = (2/pi) asin(z), z = 2 w.v / sqrt((1 + 2 |w|^2)(1 + 2 |v|^2)) (Williams 1997), by the chain rule in z.

What a row contributes by itself is G/2, G(w) = F(w, w): the Hessian of G is the sum of the four blocks at v = w.
"""

from __future__ import annotations

from abc import abstractmethod
from operator import mul
from typing import NamedTuple

from symrelu.model.dense import DenseNetwork, Number, Rows, Weights


class Blocks(NamedTuple):
    """F of an ordered pair (w, v), its gradient in w, and d2F/dw2 and d2F/dwdv."""

    value: Number
    gradient: list[Number]
    own: Rows
    cross: Rows


class KernelNetwork(DenseNetwork):
    """A dense network with the kernel that `blocks` computes; otherwise as DenseNetwork."""

    @abstractmethod
    def blocks(self, w: list[Number], v: list[Number]) -> Blocks:
        """The kernel's data of a pair of different rows; rows may be parallel."""

    @abstractmethod
    def own_term(self, w: list[Number]) -> Blocks:
        """G = F(w, w) as a function of w: value, gradient and Hessian (in `own`; `cross` is not used)."""

    def loss(self, W: Weights) -> Number:
        mp, rows = self.mp, self._signed(W)
        terms = []
        for i, (sign, w) in enumerate(rows):
            terms.append(self.own_term(w).value / 2)
            terms += [sign * other * self.blocks(w, v).value for other, v in rows[:i]]
        return mp.fsum(terms)

    def gradient(self, W: Weights) -> Rows:
        rows = self._signed(W)
        gradient = []
        for i, (_, w) in enumerate(rows[: len(W)]):
            total = [x / 2 for x in self.own_term(w).gradient]
            for j, (sign, v) in enumerate(rows):
                if j != i:
                    total = [x + sign * y for x, y in zip(total, self.blocks(w, v).gradient, strict=True)]
            gradient.append(total)
        return gradient

    def _hessian(self, W: Weights) -> Rows:
        k, d, rows = len(W), self.inputs, self._signed(W)
        H: Rows = [[self.mp.zero] * (k * d) for _ in range(k * d)]
        for i, (_, w) in enumerate(rows[:k]):
            self._add(H, i, i, self.own_term(w).own, self.mp.mpf(1) / 2)
            for j, (sign, v) in enumerate(rows):
                if j != i:
                    found = self.blocks(w, v)
                    self._add(H, i, i, found.own, sign)
                    if j < k:
                        self._add(H, i, j, found.cross, 1)
        return H

    def _add(self, H: Rows, i: int, j: int, block: Rows, factor: Number) -> None:
        d = self.inputs
        for p in range(d):
            for q in range(d):
                H[i * d + p][j * d + q] += factor * block[p][q]

    def _signed(self, W: Weights) -> list[tuple[int, list[Number]]]:
        students = self._read(W, "weight matrix")
        return [(1, row) for row in students] + [(-1, row) for row in self.teacher]

    def _outer(self, x: list[Number], y: list[Number]) -> Rows:
        return [[a * b for b in y] for a in x]

    def _combined(self, identity: Number, *terms: tuple[Number, Rows]) -> Rows:
        """identity I + the sum of factor times matrix."""
        d = self.inputs
        return [
            [sum((f * M[p][q] for f, M in terms), identity if p == q else self.mp.zero) for q in range(d)]
            for p in range(d)
        ]


class LeakyNetwork(KernelNetwork):
    """sigma(t) = t for t > 0, slope t below. `slope` is read like a weight."""

    def __init__(self, teacher: Weights, slope: Number, digits: int = 50) -> None:
        super().__init__(teacher, digits)
        self.slope = self.mp.convert(slope)

    def own_term(self, w: list[Number]) -> Blocks:
        """Half of the variance on each half line: (1 + slope^2)/2 |w|^2."""
        factor = (1 + self.slope**2) / 2
        return Blocks(
            factor * sum(map(mul, w, w)), [2 * factor * x for x in w], self._combined(2 * factor), self._combined(0)
        )

    def blocks(self, w: list[Number], v: list[Number]) -> Blocks:
        mp = self.mp
        parts = []
        for sign, other in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            factor = (1 if sign > 0 else -self.slope) * (1 if other > 0 else -self.slope)
            parts.append((factor, sign, other, self._relu([sign * x for x in w], [other * x for x in v])))
        return Blocks(
            mp.fsum(f * part.value for f, _, _, part in parts),
            [mp.fsum(f * s * part.gradient[p] for f, s, _, part in parts) for p in range(self.inputs)],
            self._combined(mp.zero, *((f, part.own) for f, _, _, part in parts)),
            self._combined(mp.zero, *((f * s * o, part.cross) for f, s, o, part in parts)),
        )

    def _relu(self, w: list[Number], v: list[Number]) -> Blocks:
        mp = self.mp
        A, B, c = (mp.fdot(x, y) for x, y in ((w, w), (v, v), (w, v)))
        a, b = mp.sqrt(A), mp.sqrt(B)
        u, unit = [x / a for x in w], [x / b for x in v]
        cosine = c / (a * b)
        across = [y - cosine * x for x, y in zip(u, unit, strict=True)]  # sin(theta) n
        back = [x - cosine * y for x, y in zip(u, unit, strict=True)]
        sine = mp.sqrt(mp.fdot(across, across))
        theta = mp.atan2(sine, cosine)
        value = a * b * (sine + (mp.pi - theta) * cosine) / (2 * mp.pi)
        gradient = [(b * sine * x + (mp.pi - theta) * y) / (2 * mp.pi) for x, y in zip(u, v, strict=True)]
        bound = mp.mpf(10) ** (-self.digits // 2)
        if sine < bound:  # parallel rows: the limits (n enters multiplied by the sine, or by factors that vanish)
            return Blocks(value, gradient, self._combined(mp.zero), self._combined((mp.pi - theta) / (2 * mp.pi)))
        n, m = [x / sine for x in across], [x / sine for x in back]
        scale = b * sine / (2 * mp.pi * a)
        own = self._combined(scale, (-scale, self._outer(u, u)), (scale, self._outer(n, n)))
        part = 1 / (2 * mp.pi)
        cross = self._combined((mp.pi - theta) * part, (part, self._outer(u, n)), (part, self._outer(unit, m)))
        return Blocks(value, gradient, own, cross)


class ErfNetwork(KernelNetwork):
    """sigma = erf."""

    def blocks(self, w: list[Number], v: list[Number]) -> Blocks:
        mp = self.mp
        a, b = 1 + 2 * mp.fdot(w, w), 1 + 2 * mp.fdot(v, v)
        T = mp.sqrt(a * b)
        z = 2 * mp.fdot(w, v) / T
        z_w = [2 * y / T - 2 * z / a * x for x, y in zip(w, v, strict=True)]
        z_v = [2 * x / T - 2 * z / b * y for x, y in zip(w, v, strict=True)]
        z_ww = self._combined(
            -2 * z / a,
            (-4 / (a * T), self._outer(v, w)),
            (-2 / a, self._outer(w, z_w)),
            (8 * z / a**2, self._outer(w, w)),
        )
        z_wv = self._combined(2 / T, (-4 / (b * T), self._outer(v, v)), (-2 / a, self._outer(w, z_v)))
        first = 2 / mp.pi / mp.sqrt(1 - z * z)
        second = first * z / (1 - z * z)
        return Blocks(
            2 / mp.pi * mp.asin(z),
            [first * x for x in z_w],
            self._combined(mp.zero, (first, z_ww), (second, self._outer(z_w, z_w))),
            self._combined(mp.zero, (first, z_wv), (second, self._outer(z_w, z_v))),
        )

    def own_term(self, w: list[Number]) -> Blocks:
        pair = self.blocks(w, w)
        transposed = [list(row) for row in zip(*pair.cross, strict=True)]
        hessian = self._combined(self.mp.zero, (2, pair.own), (1, pair.cross), (1, transposed))
        return Blocks(pair.value, [2 * x for x in pair.gradient], hessian, self._combined(0))
