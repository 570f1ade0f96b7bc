"""Bounds around a critical point W0 at the target I: where it persists, alone, when the target is perturbed.

The theorem (Newton-Kantorovich in the energy norm, around the first-order prediction). Let W0 be a critical point for the
target I, H its Hessian in all k d weights, J = diag(+-1) and B with B^T H B = J, T = -H^-1 d(grad L)/dV the derivative of
the critical point in the target. For a target I + E with |E|_F <= rho look for W = W0 + T E + B y, |y| <= r. Write
z = (T E + B y, E) for the displacement in weights and targets, Z = (T; 1), and let

    K >= |D^3 L[B., B., B.]|,   b >= |D^3 L[Z., B., B.]|,   c >= |D^3 L[Z., Z., B.]|

at (W0, I): norms of trilinear forms, bounded by the spectral norms of their unfoldings. With bounds of the fourth
derivative over everything that is reached, R2 >= |B^T D^4 L[z, z, ., .] B| / 2 and R3 >= |B^T D^4 L[Z E, Z E, Z E, .]| / 6,

    |B^T grad L(W0 + T E, I + E)| <= Y := c rho^2 / 2 + R3,      |B^T D^2 L(W, V) B - J| <= l + K |y|,  l := b rho + R2.

If Y + l r + K r^2 / 2 < r and l + K r < 1, the map y -> y - J B^T grad L is a contraction of the ball |y| <= r into itself:
exactly one critical point has |y| <= r, and B^T D^2 L B, nearer than 1 to J, has the inertia of J; the least |eigenvalue| of
D^2 L is at least (1 - l - K r)/|B|^2. (Kantorovich 1948; Sylvester.) Everything is a ball; floats only choose rho and r.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from flint import arb, arb_mat

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import exact_midpoint, round_up, to_fmpq
from symrelu.model.pair_bounds import JointDerivatives, fourth_bound

_SQUARINGS = 6  # m = 2^6: norms of n x n matrices come out at most n^(1/128) too large
_ATTEMPTS = 6  # at the radius r, each from the fourth derivatives over the ball before
_ROOM = arb(51) / 50  # r is taken a little above the smaller root of the condition


class Contraction(NamedTuple):
    """A ball |y| <= r that is mapped into itself, and how far |B^T D^2 L B - J| stays below 1 on it."""

    r: Fraction
    margin: arb


class Neighbourhood:
    """The bounds of the theorem at one point (W0, V0), the rows of which no two are parallel.

    Attributes are upper bounds (or exact) in the notation of the module: `basis` B, `motion` Z, `trilinear` (K, b, c),
    `spread` |B|, `stiffness` |B^-1|, `tangent` |T|, `energy` |B^-1 T|.
    """

    def __init__(self, derivatives: JointDerivatives) -> None:
        self._derivatives = derivatives
        n, N = derivatives.students * derivatives.inputs, len(derivatives.rows) * derivatives.inputs
        second = derivatives.hessian()
        H, mixed = _part(second, range(n), range(n)), _part(second, range(n), range(n, N))
        self.basis, signs = _energy_basis(H)
        J, transposed = _diagonal([arb(sign) for sign in signs]), self.basis.transpose()
        T = (self.basis * J * transposed * mixed * -1).mid()
        self._slack = spectral_bound(transposed * H * self.basis - J)
        self._residual = spectral_bound(transposed * (H * T + mixed))
        if not self._slack < 1:
            raise Undecided("the Hessian at the symmetric point is not proved regular")
        self.index = signs.count(-1)
        self._tangent_map = T
        self.motion = arb_mat(T.tolist() + _diagonal([arb(1)] * (N - n)).tolist())
        self.spread, self.tangent = spectral_bound(self.basis), spectral_bound(T)
        inverse = self.basis.inv()
        self.stiffness, self.energy = spectral_bound(inverse), spectral_bound(inverse * T)
        self._padded = arb_mat(self.basis.tolist() + [[0] * n] * (N - n))
        self.trilinear = self._trilinear()
        self._norms = [sum((x * x for x in row), arb(0)).sqrt() for row in derivatives.rows]
        single = [(i,) for i in range(len(self._norms))]
        self._sizes = {rows: self._size(rows) for rows in [*single, *derivatives.pairs]}
        self._reference = self._measured()

    def contraction(self, rho: Fraction) -> Contraction | None:
        """A certified contraction for every target within rho; None where none is found."""
        K, r, defect = self.trilinear[0], Fraction(0), self._defect(rho)
        for _ in range(_ATTEMPTS):
            linear, y = self._linear(rho, r), arb(to_fmpq(r))
            if not (defect.is_finite() and linear < 1):
                return None
            if defect + linear * y + K * y * y / 2 < y and linear + K * y < 1:
                return Contraction(r, 1 - linear - K * y)
            root = ((1 - linear) ** 2 - 2 * K * defect).sqrt()
            if not root.is_finite():
                return None
            r = Fraction(round_up(_upper((1 - linear - root) / K * _ROOM)))
        return None

    def moved(self, rho: Fraction, r: Fraction) -> Fraction:
        """An upper bound, of three digits, of |W - W0|_F for |E|_F <= rho, |y| <= r."""
        return Fraction(round_up(_upper(self.tangent * to_fmpq(rho) + self.spread * to_fmpq(r))))

    def ball(self, rho: Fraction) -> Fraction | None:
        """A distance from W0 within which every target within rho has exactly one critical point; None if none is found."""
        found = self.contraction(rho)
        if found is None:
            return None
        distance = self.moved(rho, found.r)
        r = Fraction(round_up(_upper(self.stiffness * to_fmpq(distance) + self.energy * to_fmpq(rho))))
        return distance if self._linear(rho, r) + self.trilinear[0] * to_fmpq(r) < 1 else None

    def approx_limit(self) -> Fraction:
        """The radius that the bounds would give without fourth derivatives, about: none larger can be certified."""
        K, b, c = self.trilinear
        return exact_midpoint(1 / (b + (c * K).sqrt()))

    def approx_ball_limit(self) -> Fraction:
        """The same for `ball`."""
        return exact_midpoint(1 / (self.trilinear[0] * (self.stiffness * self.tangent + self.energy)))

    def _trilinear(self) -> tuple[arb, arb, arb]:
        """Bounds of K, b and c: the spectral norms of the unfoldings of the three tensors."""
        B, T = self.basis, self._tangent_map
        m, n = T.ncols(), B.ncols()
        across, down, sums = B.transpose(), T.transpose(), [arb_mat(n, n), arb_mat(m, m), arb_mat(m, m)]
        for weights, mixed, targets in self._derivatives.third_along(B):
            along, back = weights * B, mixed.transpose()
            parts = [
                across * along,
                down * along + back * B,
                down * (weights * T + mixed) + back * T + targets,
            ]
            sums = [total + part * part.transpose() for total, part in zip(sums, parts, strict=True)]
        K, b, c = (spectral_bound(total).sqrt().abs_upper() for total in sums)
        return K, b, c

    def _size(self, rows: tuple[int, ...]) -> tuple[arb, arb]:
        """Norms of E -> z and of y -> z on some rows, each row in units of its own length."""
        d, norms = self._derivatives.inputs, self._norms
        scaled = [
            [[x / norms[i] for x in row] for i in rows for row in matrix.tolist()[i * d : (i + 1) * d]]
            for matrix in (self.motion, self._padded)
        ]
        target, energy = (spectral_bound(arb_mat(part)) for part in scaled)
        return target, energy

    def _defect(self, rho: Fraction) -> arb:
        """Y, an upper bound of |B^T grad L| at the prediction for |E|_F <= rho; inf where there is none."""
        distance = arb(to_fmpq(rho))
        _, along, moving = self._reference
        third_order = self._growth(rho, Fraction(0)) * along * moving * distance / 6
        return (self._residual * distance + self.trilinear[2] * distance**2 / 2 + third_order).abs_upper()

    def _linear(self, rho: Fraction, r: Fraction) -> arb:
        """l, with |B^T D^2 L B - J| <= l + K |y| for |E|_F <= rho and |y| <= r; inf where there is none."""
        curved = self._growth(rho, r) * self._reference[1] ** 2 / 2
        return (self._slack + self.trilinear[1] * to_fmpq(rho) + curved).abs_upper()

    def _growth(self, rho: Fraction, r: Fraction) -> arb:
        """The largest quotient of the weights of `_fourth` for rho and r to those of the reference."""
        weights = self._fourth(rho, r)
        if weights is None:
            return arb("inf")
        return reduce(arb.max, [weight / known for weight, known in zip(weights, self._reference[0], strict=True)])

    def _measured(self) -> tuple[list[arb], arb, arb]:
        """Weights D of the fourth derivatives for some rho and r, with |D^(1/2) B| and |D^(1/2) Z|."""
        rho, weights = self.approx_limit(), None
        while weights is None:
            rho /= 2
            weights = self._fourth(rho, exact_midpoint(self.trilinear[2]) * rho**2)
        scale = _diagonal([weight.sqrt() for weight in weights for _ in range(self._derivatives.inputs)])
        return weights, spectral_bound(scale * self._padded), spectral_bound(scale * self.motion)

    def _fourth(self, rho: Fraction, r: Fraction) -> list[arb] | None:
        """Weights D_i with |D^4 L[z, z, x, y]|^2 <= sum D_i |x_i|^2 sum D_i |y_i|^2 everywhere in reach, row by row.

        None where a row may vanish or two may become parallel.

        Row i moves by at most the part share_i of its length, so angles turn by at most asin(share_i) + asin(share_j).
        """
        reach = {rows: target * to_fmpq(rho) + energy * to_fmpq(r) for rows, (target, energy) in self._sizes.items()}
        shares = [reach[(i,)].abs_upper() for i in range(len(self._norms))]
        if not all(share < 1 for share in shares):
            return None
        weights = [arb(0)] * len(shares)
        for (i, j), forms in self._derivatives.forms.items():
            turn = (shares[i].asin() + shares[j].asin()).abs_upper()
            bound = fourth_bound(forms.theta + arb(0, turn))
            if not bound.is_finite():
                return None
            longest = forms.norms[0] * (1 + shares[i]) * forms.norms[1] * (1 + shares[j])
            z = reach[i, j] / (1 - arb.max(shares[i], shares[j]))
            for row in (i, j):
                shortest = self._norms[row] * (1 - shares[row])
                weights[row] += longest * bound * z * z / (2 * arb.pi() * shortest * shortest)
        return [weight.abs_upper() for weight in weights]


def spectral_bound(matrix: arb_mat) -> arb:
    """An upper bound of the spectral norm of every matrix in the balls: tr((A^T A)^m)^(1/2m), m a power of two."""
    gram = matrix * matrix.transpose() if matrix.nrows() < matrix.ncols() else matrix.transpose() * matrix
    for _ in range(_SQUARINGS):
        gram = gram * gram
    bound = gram.trace().abs_upper()
    for _ in range(_SQUARINGS + 1):
        bound = bound.sqrt()
    return bound.abs_upper()


def _energy_basis(H: arb_mat) -> tuple[arb_mat, list[int]]:
    """(B, signs) with B^T H B near diag(signs), B exact: L^-T |D|^(-1/2) of H = L D L^T without exchanges, by midpoints."""
    n = H.nrows()
    rows = [[x.mid() for x in row] for row in H.tolist()]
    for k in range(n):
        if rows[k][k].is_zero():
            raise Undecided("a pivot of the Hessian is zero")
        column = [rows[i][k] for i in range(n)]
        for i in range(k + 1, n):
            rows[i][k] = (column[i] / rows[k][k]).mid()
            for j in range(k + 1, i + 1):
                rows[i][j] = (rows[i][j] - rows[i][k] * column[j]).mid()
    pivots = [rows[k][k] for k in range(n)]
    lower = arb_mat([[rows[i][j] if j < i else arb(int(i == j)) for j in range(n)] for i in range(n)])
    scale = _diagonal([1 / abs(pivot).sqrt() for pivot in pivots])
    return (lower.inv().transpose() * scale).mid(), [1 if pivot > 0 else -1 for pivot in pivots]


def _upper(value: arb) -> Fraction:
    return exact_midpoint(value.abs_upper())


def _diagonal(values: list[arb]) -> arb_mat:
    n = len(values)
    return arb_mat([[values[i] if i == j else arb(0) for j in range(n)] for i in range(n)])


def _part(matrix: arb_mat, rows: range, columns: range) -> arb_mat:
    return arb_mat([[matrix[i, j] for j in columns] for i in rows])
