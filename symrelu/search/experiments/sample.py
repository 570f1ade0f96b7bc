"""The loss of a ReLU network on a finite, exactly permutation-invariant distribution of inputs.

Where E[relu(w.x) relu(v.x)] has no closed form, the law of the inputs is replaced by a sample of it together with all
permutations of its coordinates: a distribution that is as symmetric as the law, so that what is found about isotropy is
exact for it and not blurred by sampling. The loss is piecewise quadratic.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.landscape import Array

LARGEST = 7  # 7! = 5040 permutations of every point


def symmetrised(points: Array) -> Array:
    """The points (m, n) with all permutations of their coordinates, (m n!, n). UsageError for n > 7."""
    n = points.shape[1]
    if n > LARGEST:
        raise UsageError(f"a sample with all its permutations is made for at most {LARGEST} inputs, not {n}")
    orders = np.array(list(permutations(range(n))))
    return points[:, orders].reshape(-1, n)


class SampleLandscape:
    """ReLU student and teacher (rows of ones above), the mean over `points` (N, n); Landscape of search/landscape.py."""

    def __init__(self, teacher: Array, points: Array):
        self.inputs = teacher.shape[1]
        self._points = points
        self._labels = np.maximum(points @ teacher.T, 0).sum(axis=1)

    def loss(self, W: Array) -> Array:
        return np.array([(self._error(M)[1] ** 2).mean() / 2 for M in W])

    def gradient(self, W: Array) -> Array:
        return np.array([self._gradient(M) for M in W])

    def _gradient(self, M: Array) -> Array:
        active, error = self._error(M)
        return (active * error[:, None]).T @ self._points / len(self._points)

    def hessian(self, W: Array) -> Array:
        """Almost everywhere: E[1_i 1_j x x^T] in block (i, j)."""
        active, _ = self._error(W)
        seen = (active[:, :, None] * self._points[:, None, :]).reshape(len(self._points), -1)
        return seen.T @ seen / len(self._points)

    def hessian_times(self, W: Array, T: Array) -> Array:
        active, _ = self._error(W)
        moved = (active * (self._points @ T.T)).sum(axis=1)
        return (active * moved[:, None]).T @ self._points / len(self._points)

    def _error(self, M: Array) -> tuple[Array, Array]:
        """(which neurons are active, output minus label) at every point."""
        seen = self._points @ M.T
        return (seen > 0).astype(float), np.maximum(seen, 0).sum(axis=1) - self._labels
