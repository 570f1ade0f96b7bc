"""Kernels of smooth activations by Gauss-Hermite quadrature.

With a = w.x and b = v.x, Gaussian of covariance (A, c; c, B), partial derivatives of F = E[sigma(a) sigma(b)] are again
expectations (Price's theorem): F_c = E[sigma' sigma'], 2 F_A = E[sigma'' sigma], and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from scipy.special import expit, ndtr

from symrelu.search.kernels import First, Second
from symrelu.search.landscape import Array

Derivatives = Callable[[Array, int], list[Array]]  # (t, n) -> sigma(t), ..., sigma^(n)(t)


def softplus(t: Array, order: int) -> list[Array]:
    """log(1 + e^t) and its first `order` <= 4 derivatives."""
    p = expit(t)
    r = p * (1 - p)
    return [np.logaddexp(0, t), p, r, r * (1 - 2 * p), r * (1 - 6 * r)][: order + 1]


def gelu(t: Array, order: int) -> list[Array]:
    """t Phi(t) and its first `order` <= 4 derivatives."""
    cdf, density = ndtr(t), np.exp(-t * t / 2) / sqrt(2 * pi)
    return [
        t * cdf,
        cdf + t * density,
        density * (2 - t * t),
        density * (t**3 - 4 * t),
        density * (7 * t * t - t**4 - 4),
    ][: order + 1]


@dataclass(frozen=True)
class QuadratureKernel:
    """The kernel of an activation with so many nodes in each of the two Gaussian directions."""

    activation: Derivatives
    nodes: int = 20

    def value(self, A: Array, B: Array, c: Array, S: Array) -> Array:
        (a,), (b,) = self._at(A, c, S, 0)
        return self._mean(a, b)

    def first(self, A: Array, B: Array, c: Array, S: Array) -> First:
        a, b = self._at(A, c, S, 2)
        return First(self._mean(a[2], b[0]), self._mean(a[1], b[1]))

    def second(self, A: Array, B: Array, c: Array, S: Array) -> Second:
        a, b = self._at(A, c, S, 4)
        third = self._mean(a[3], b[1])
        return Second(
            self._mean(a[4], b[0]) / 2,
            self._mean(a[2], b[2]) / 2,
            third,
            third / 2,
            self._mean(a[1], b[3]) / 2,
            self._mean(a[2], b[2]),
        )

    def _at(self, A: Array, c: Array, S: Array, order: int) -> tuple[list[Array], list[Array]]:
        """The derivatives of sigma at a = |w| z (.., nodes, 1) and at b = (c z + S z') / |w| (.., nodes, nodes)."""
        z, _ = self._rule()
        norm = np.sqrt(A * np.ones_like(c))[..., None, None]
        a = norm * z[:, None]
        b = (c[..., None, None] * z[:, None] + S[..., None, None] * z) / norm
        return self.activation(a, order), self.activation(b, order)

    def _mean(self, a: Array, b: Array) -> Array:
        _, weights = self._rule()
        return np.einsum("...mn,m,n->...", a * b, weights, weights)

    def _rule(self) -> tuple[Array, Array]:
        z, weights = np.polynomial.hermite_e.hermegauss(self.nodes)
        return z, weights / weights.sum()
