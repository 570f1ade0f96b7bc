"""Third derivatives of the kernel of a pair of neurons, exactly, and a bound of its fourth.

For w, v put a = |w|, b = |v|, u = w/a, u' = v/b, c = cos(theta), s = sin(theta) > 0, and let n, n' be the unit vectors of
their plane with n orthogonal to u towards v, n' orthogonal to u' towards w. A displacement (p, q) of (w, v) has the
coordinates alpha = p.u/a, beta = p.n/a, alpha' = q.u'/b, beta' = q.n'/b, and parts gamma, gamma' of p/a, q/b across the
plane. Put sigma = alpha' - alpha, tau = beta + beta' (the angle shrinks at rate tau). With dtheta = -tau,
dbeta = -2 alpha beta + (gamma.gamma' - c gamma^2)/s and so on, 2 pi F = a b (s + (pi - theta) c) has

    2 pi D^2 F = a b [ s (2 beta^2 + gamma^2 + 2 beta'^2 + gamma'^2) + 2 <p/a, ((pi - theta) I + s R) q/b> ],
    2 pi D^3 F = a b [ 3 s sigma (2 beta^2 + gamma^2 - 2 beta'^2 - gamma'^2)
                       - tau (2 c tau^2 + 3 c (gamma^2 + gamma'^2) - 6 gamma.gamma') ],
    2 pi D^4 F = a b [ 3 (2 gamma.gamma' - c (gamma^2 + gamma'^2))^2 / s - 3 s (gamma^2 - gamma'^2)^2 + E ],

R the reflection that swaps u and u'. So third derivatives stay bounded as s -> 0, and only 1/s appears in the fourth.

Bound of the fourth. Put P = alpha^2 + beta^2 + alpha'^2 + beta'^2, Q = gamma^2 + gamma'^2. In E, what multiplies gamma^2 is
12 s (alpha^2 - alpha alpha' - beta^2 - beta beta') + 12 c (alpha (2 beta + beta') - alpha' beta), the same with
primes exchanged multiplies gamma'^2, and there is -24 gamma.gamma' (alpha beta + alpha' beta'): together at most
(12 sqrt(2) (1 + sqrt(2))/2 + 6) P Q <= 26.5 P Q. The rest of E is that of two vectors in their plane. Put
rho^2 = alpha^2 + alpha'^2, t^2 = beta^2 + beta'^2; it is s X + c Y with

    X = 24 (alpha beta^2 - alpha' beta'^2)(alpha - alpha') - 8 (beta^4 + beta'^4 + beta beta' t^2),
    Y = 8 alpha (2 beta^3 + 3 beta^2 beta' - beta'^3) + 8 alpha' (2 beta'^3 + 3 beta'^2 beta - beta^3),

-5 rho^2 t^2 - 9 t^4 <= X <= 29 rho^2 t^2 and Y^2 <= 432 rho^2 t^6, so |s X + c Y| <= sqrt(X^2 + Y^2) <= 10 P^2. With
k = 3 (1 + |c|)^2/s >= 3 this gives 2 pi |D^4 F| <= a b (10 P^2 + 26.5 P Q + k Q^2), whose maximum over P + Q = 1 is
`fourth_bound`. A symmetric multilinear form takes its norm on the diagonal (Banach 1938), so for any four displacements
2 pi |D^4 F[x_1, ..., x_4]| <= a b fourth_bound |x_1| ... |x_4| with |x|^2 = |p|^2/a^2 + |q|^2/b^2.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import arb, arb_mat

from symrelu.arithmetic.outcome import Undecided


class PairForms:
    """Derivatives of the kernel F at a pair of rows that are not parallel, as matrices of balls.

    `w` and `v` are d entries each; Undecided unless they are proved to be neither zero nor parallel. A displacement of
    the pair has 2 d entries, those of w first.
    """

    def __init__(self, w: list[arb], v: list[arb]) -> None:
        self._d = len(w)
        row, other = arb_mat([w]), arb_mat([v])
        A, B, product = _dot(row, row), _dot(other, other), _dot(row, other)
        S = (A * B - product * product).sqrt()
        if not (A > 0 and B > 0 and S > 0):
            raise Undecided("two rows are not proved to be different from zero and not parallel")
        self.norms: tuple[arb, arb] = A.sqrt(), B.sqrt()
        a, b = self.norms
        self.theta: arb = arb.atan2(S, product)
        self._sine, self._cosine = S / (a * b), product / (a * b)
        self._u, self._v = row / a, other / b
        self._n = (self._v - self._u * self._cosine) / self._sine
        self._m = (self._u - self._v * self._cosine) / self._sine

    def hessian(self) -> tuple[arb_mat, arb_mat, arb_mat]:
        """The blocks d2F/dw2, d2F/dwdv and d2F/dv2."""
        a, b = self.norms
        scale = self._sine / (2 * arb.pi())
        swap = _outer(self._u, self._v) + _outer(self._n, self._m)
        angle = _identity(self._d) * ((arb.pi() - self.theta) / (2 * arb.pi()))
        return (
            self._bend(self._u, self._n) * (scale * b / a),
            angle + swap * scale,
            self._bend(self._v, self._m) * (scale * a / b),
        )

    def third(self) -> list[arb_mat]:
        """D^3 F[e_x, ., .] for each of the 2 d unit displacements e_x: symmetric 2 d x 2 d matrices."""
        a, b = self.norms
        s, c = self._sine, self._cosine
        across = _identity(self._d) - _outer(self._u, self._u) - _outer(self._n, self._n)
        sigma, tau = _beside(self._u / -a, self._v / b), _beside(self._n / a, self._m / b)
        with_sigma = _square(
            self._bend(self._u, self._n) * (3 * s / (a * a)),
            across * 0,
            self._bend(self._v, self._m) * (-3 * s / (b * b)),
        )
        with_tau = _square(across * (-3 * c / (a * a)), across * (3 / (a * b)), across * (-3 * c / (b * b)))
        with_tau = with_tau - _outer(tau, tau) * (2 * c)
        scale = a * b / (6 * arb.pi())
        parts = [(sigma * scale, with_sigma), (tau * scale, with_tau)]
        return [_polarised(*parts[0], x) + _polarised(*parts[1], x) for x in range(2 * self._d)]

    def _bend(self, u: arb_mat, n: arb_mat) -> arb_mat:
        """I - u u^T + n n^T: the Hessian of F in one row is a multiple of it."""
        return _identity(self._d) - _outer(u, u) + _outer(n, n)


def fourth_bound(theta: arb) -> arb:
    """An upper bound of 2 pi |D^4 F| / (a b) over unit displacements (p/a, q/b), for every angle theta of the ball.

    inf where the ball is not proved to lie in (0, pi).
    """
    if not (theta > 0 and theta < arb.pi()):
        return arb("inf")
    k = 3 * (1 + abs(theta.cos())) ** 2 / theta.sin()
    if k < arb(53) / 4:  # the maximum of 10 + 6.5 Q + (k - 16.5) Q^2 over 0 <= Q <= 1 lies inside
        return (10 + arb(169) / (16 * (arb(33) / 2 - k))).abs_upper()
    return arb.max(k, arb(53) / 4).abs_upper()


class JointDerivatives:
    """Derivatives of L in all weights and targets at a point (W, V), dense, in balls.

    W is k rows, V is h rows of d numbers; the joint space has dimension N = (k + h) d, rows of W first, n = k d of it
    weights. L = 1/2 sum of signed F over all ordered pairs of rows, targets with sign -1; pairs of two targets are left
    out, since they do not depend on W. Undecided where two rows, one of them a student, are not proved apart in angle.
    """

    def __init__(self, W: list[list[arb]], V: list[list[arb]]) -> None:
        self.rows, self.students, self.inputs = [*W, *V], len(W), len(W[0])
        self.pairs = [(i, j) for i in range(len(W)) for j in range(i + 1, len(self.rows))]
        self.forms = {(i, j): PairForms(self.rows[i], self.rows[j]) for i, j in self.pairs}

    def sign(self, pair: tuple[int, int]) -> int:
        return 1 if pair[1] < self.students else -1

    def hessian(self) -> arb_mat:
        """The second derivatives in (weight, weight or target): n x N."""
        d, n = self.inputs, self.students * self.inputs
        H = arb_mat(n, len(self.rows) * d)
        for x in range(n):
            H[x, x] = arb(1) / 2
        for (i, j), forms in self.forms.items():
            own, cross, other = forms.hessian()
            blocks = [(i, i, own), (i, j, cross)]
            if j < self.students:
                blocks += [(j, i, cross.transpose()), (j, j, other)]
            for row, column, block in blocks:
                _add(H, row * d, column * d, block * self.sign((i, j)))
        return H

    def third_along(self, directions: arb_mat) -> Iterator[tuple[arb_mat, arb_mat, arb_mat]]:
        """D^3 L[x, ., .], for each column x of an n x m matrix of displacements of the weights.

        Its blocks (weights, weights), (weights, targets) and (targets, targets); the first and the last are symmetric.
        """
        n, N = self.students * self.inputs, len(self.rows) * self.inputs
        corners = [(0, n, 0, n), (0, n, n, N), (n, N, n, N)]  # top, bottom, left, right
        flat = [arb_mat(n, (bottom - top) * (right - left)) for top, bottom, left, right in corners]
        for (i, j), forms in self.forms.items():
            place = [*self._places(i), *self._places(j)]
            for x, matrix in zip(place, forms.third(), strict=True):
                if x >= n:
                    continue
                for p, row in zip(place, (matrix * self.sign((i, j))).tolist(), strict=True):
                    for q, value in zip(place, row, strict=True):
                        if p < n or q >= n:
                            block = (p >= n) + (q >= n)
                            top, _, left, right = corners[block]
                            flat[block][x, (p - top) * (right - left) + q - left] += value
        entries = [(directions.transpose() * block).tolist() for block in flat]
        for rows in zip(*entries, strict=True):
            yield self._blocks(rows, n, N - n)

    @staticmethod
    def _blocks(rows: tuple[list[arb], ...], n: int, m: int) -> tuple[arb_mat, arb_mat, arb_mat]:
        return arb_mat(n, n, rows[0]), arb_mat(n, m, rows[1]), arb_mat(m, m, rows[2])

    def _places(self, row: int) -> range:
        return range(row * self.inputs, (row + 1) * self.inputs)


def _add(matrix: arb_mat, top: int, left: int, block: arb_mat) -> None:
    for p, row in enumerate(block.tolist()):
        for q, value in enumerate(row):
            matrix[top + p, left + q] += value


def _dot(x: arb_mat, y: arb_mat) -> arb:
    return (x * y.transpose())[0, 0]


def _outer(x: arb_mat, y: arb_mat) -> arb_mat:
    """The matrix sending e_j to x y_j, of two rows."""
    return x.transpose() * y


def _identity(d: int) -> arb_mat:
    return arb_mat(d, d, [int(p == q) for p in range(d) for q in range(d)])


def _beside(x: arb_mat, y: arb_mat) -> arb_mat:
    return arb_mat([x.entries() + y.entries()])


def _square(own: arb_mat, cross: arb_mat, other: arb_mat) -> arb_mat:
    """The symmetric matrix of blocks [[own, cross], [cross^T, other]]."""
    upper = [x + y for x, y in zip(own.tolist(), cross.tolist(), strict=True)]
    lower = [x + y for x, y in zip(cross.transpose().tolist(), other.tolist(), strict=True)]
    return arb_mat(upper + lower)


def _polarised(linear: arb_mat, form: arb_mat, x: int) -> arb_mat:
    """Three times the trilinear form of linear(z) form(z, z), with its first argument the unit vector e_x."""
    column = arb_mat([[form[y, x] for y in range(form.nrows())]])
    return form * linear[0, x] + _outer(linear, column) + _outer(column, linear)
