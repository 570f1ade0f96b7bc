"""The exact population loss of student and teacher as a function of float64 arrays, with gradient and Hessian.

Shapes: W has a leading axis of runs, (runs, k, n), one weight matrix (k, n) for second derivatives. Neurons are rows and
the loss has the factor 1/2 (mathematics of Safran & Shamir 2018, section 4). With Gaussian inputs of covariance C,
everything is the isotropic case in the coordinates W C^(1/2).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from symrelu.search.kernels import RELU, Kernel

Array = np.ndarray

_NEARLY_PARALLEL = 1e-3  # S^2 / (A B) below which A B - c^2 has lost too many digits


class Landscape(Protocol):
    """A loss on matrices of `inputs` columns."""

    inputs: int

    def loss(self, W: Array) -> Array:
        """(runs,)"""
        ...

    def gradient(self, W: Array) -> Array:
        """(runs, k, n)"""
        ...

    def hessian_times(self, W: Array, T: Array) -> Array:
        """The Hessian at W (k, n) applied to T (k, n)."""
        ...

    def hessian(self, W: Array) -> Array:
        """The Hessian at W (k, n) as a matrix (k n, k n)."""
        ...


class _Pairs(NamedTuple):
    """Gram data of students (rows) with students and targets (columns): A (.., k, 1), B (.., 1, m), c and S (.., k, m)."""

    rows: Array
    A: Array
    B: Array
    c: Array
    S: Array


class GaussianLandscape:
    """Students and teacher with one activation, inputs N(0, covariance), second layers of ones."""

    def __init__(self, teacher: Array, covariance: Array | None = None, kernel: Kernel = RELU):
        """`teacher` (h, n), neurons as rows; `covariance` (n, n) symmetric positive definite, the identity by default."""
        teacher = np.asarray(teacher, float)
        self.inputs = teacher.shape[1]
        self.kernel = kernel
        self._root = None if covariance is None else _symmetric_root(np.asarray(covariance, float))
        self.teacher = self._seen(teacher)

    def loss(self, W: Array) -> Array:
        W = self._seen(W)
        students = self._pairs(W, with_teacher=True)
        k = W.shape[-2]
        sign = self._signs(k)
        F = self.kernel.value(students.A, students.B, students.c, students.S)
        own = self._teacher_loss()
        # The students' rows against all: 1/2 sum_ij F(w_i, w_j) - sum_ij F(w_i, v_j)
        weight = np.where(sign > 0, 0.5, -1.0)
        return (F * weight).sum(axis=(-1, -2)) + own

    def gradient(self, W: Array) -> Array:
        """grad_i = sum_j sign_j (alpha_ij w_i + phi_ij x_j), the own term being the pair j = i."""
        W = self._seen(W)
        k = W.shape[-2]
        pairs = self._pairs(W)
        alpha, phi = self.kernel.first(pairs.A, pairs.B, pairs.c, pairs.S)
        own = alpha[..., :k].sum(axis=-1) - alpha[..., k:].sum(axis=-1)
        gradient = own[..., None] * W + phi[..., :k] @ W - phi[..., k:] @ self.teacher
        return gradient if self._root is None else gradient @ self._root

    def hessian_times(self, W: Array, T: Array) -> Array:
        W, T = self._seen(W), self._seen(T)
        k = len(W)
        pairs, sign = self._pairs(W), self._signs(k)
        alpha, phi = self.kernel.first(pairs.A, pairs.B, pairs.c, pairs.S)
        second = self.kernel.second(pairs.A, pairs.B, pairs.c, pairs.S)
        dA = 2 * (W * T).sum(axis=1)[:, None]
        dB = np.concatenate([dA[:, 0], np.zeros(len(self.teacher))])[None, :]
        dc = T @ pairs.rows.T
        dc[:, :k] += W @ T.T
        d_alpha = second.alpha_A * dA + second.alpha_B * dB + second.alpha_c * dc
        d_phi = second.phi_A * dA + second.phi_B * dB + second.phi_c * dc
        result = (
            (alpha @ sign)[:, None] * T + (d_alpha @ sign)[:, None] * W + (d_phi * sign) @ pairs.rows + phi[:, :k] @ T
        )
        return result if self._root is None else result @ self._root

    def hessian(self, W: Array) -> Array:
        W = self._seen(W)
        k, n = W.shape
        pairs, sign = self._pairs(W), self._signs(k)
        alpha, phi = self.kernel.first(pairs.A, pairs.B, pairs.c, pairs.S)
        second = (np.broadcast_to(x, alpha.shape) for x in self.kernel.second(pairs.A, pairs.B, pairs.c, pairs.S))
        alpha_A, alpha_B, alpha_c, phi_A, phi_B, phi_c = second
        X, eye = pairs.rows, np.eye(n)
        # Another student's direction moves B and c: blocks w_i (2 alpha_B x_j + alpha_c w_i) + x_j (2 phi_B x_j + phi_c w_i)
        H = np.einsum("ip,ij,jq->ipjq", W, 2 * alpha_B[:, :k], W)
        H += np.einsum("ip,ij,iq->ipjq", W, alpha_c[:, :k], W)
        H += np.einsum("jp,ij,jq->ipjq", W, 2 * phi_B[:, :k], W)
        H += np.einsum("jp,ij,iq->ipjq", W, phi_c[:, :k], W)
        H += np.einsum("ij,pq->ipjq", phi[:, :k], eye)
        # The own direction moves A and c.
        own = np.einsum("i,pq->ipq", alpha @ sign, eye)
        own += np.einsum("i,ip,iq->ipq", 2 * alpha_A @ sign, W, W)
        mixed = np.einsum("ip,iq->ipq", W, (alpha_c * sign) @ X) + np.einsum("ip,iq->ipq", (2 * phi_A * sign) @ X, W)
        own += mixed + np.einsum("ij,jp,jq->ipq", phi_c * sign, X, X)
        H[np.arange(k), :, np.arange(k), :] += own
        if self._root is not None:
            H = np.einsum("pr,irjs,sq->ipjq", self._root, H, self._root)
        return H.reshape(k * n, k * n)

    def _seen(self, W: Array) -> Array:
        """In coordinates in which the inputs are isotropic."""
        return W if self._root is None else W @ self._root

    def _signs(self, k: int) -> Array:
        return np.concatenate([np.ones(k), -np.ones(len(self.teacher))])

    def _teacher_loss(self) -> Array:
        pairs = self._pairs(self.teacher)
        h = len(self.teacher)
        A, B, c, S = pairs.A, pairs.B[:, :h], pairs.c[:, :h], pairs.S[:, :h]
        return self.kernel.value(A, B, c, S).sum() / 2

    def _pairs(self, W: Array, with_teacher: bool = False) -> _Pairs:
        k = W.shape[-2]
        teacher = np.broadcast_to(self.teacher, (*W.shape[:-2], *self.teacher.shape))
        rows = np.concatenate([W, teacher], axis=-2)
        c = W @ np.swapaxes(rows, -1, -2)
        B = np.einsum("...jp,...jp->...j", rows, rows)[..., None, :]
        A = np.swapaxes(B[..., :k], -1, -2)
        product = A * B
        determinant = product - c * c
        near = np.nonzero(determinant < _NEARLY_PARALLEL * product)
        if len(near[0]):
            *run, i, j = near
            w, v = W[(*run, i)], rows[(*run, j)]
            # |v - (c/A) w|^2 A does not cancel.
            rejection = v - (c[near] / A[(*run, i, np.zeros_like(i))])[:, None] * w
            exact = A[(*run, i, np.zeros_like(i))] * (rejection * rejection).sum(axis=1)
            determinant[near] = np.where(i == j, 0.0, exact)
        return _Pairs(rows, A, B, c, np.sqrt(determinant))


class OrthonormalRelu(GaussianLandscape):
    """The base model: ReLU, isotropic inputs, the d standard unit vectors as targets; further inputs have no target."""

    def __init__(self, d: int, inputs: int | None = None):
        super().__init__(np.eye(d, inputs or d))


def _symmetric_root(covariance: Array) -> Array:
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(values)) @ vectors.T
