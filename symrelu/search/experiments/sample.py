"""The loss of a network on a finite, exactly permutation-invariant distribution of inputs.

Where E[relu(w.x) relu(v.x)] has no closed form, the law of the inputs is replaced by a sample of it together with all
permutations of its coordinates: a distribution that is as symmetric as the law, so that what is found about isotropy is
exact for it and not blurred by sampling.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
from scipy.special import expit

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.landscape import Array

SHARPNESS = 20.0
LARGEST = 7  # 7! = 5040 permutations of every point


def symmetrised(points: Array) -> Array:
    """The points (m, n) with all permutations of their coordinates, (m n!, n). UsageError for n > 7."""
    n = points.shape[1]
    if n > LARGEST:
        raise UsageError(f"a sample with all its permutations is made for at most {LARGEST} inputs, not {n}")
    orders = np.array(list(permutations(range(n))))
    return points[:, orders].reshape(-1, n)


class SampleLandscape:
    """Student and teacher (rows of ones above), the mean over `points` (N, n); Landscape of search/landscape.py.

    The activation is softplus(SHARPNESS t)/SHARPNESS, a ReLU whose kink is wider than the gaps between points: at ReLU itself
    the mean over points has a second derivative that misses what the kink contributes to that of the expectation.
    """

    def __init__(self, teacher: Array, points: Array):
        self.inputs = teacher.shape[1]
        self._points = points
        self._labels = _activation(points @ teacher.T).sum(axis=1)

    def loss(self, W: Array) -> Array:
        return np.array([(self._error(M)[1] ** 2).mean() / 2 for M in W])

    def gradient(self, W: Array) -> Array:
        return np.array([self._gradient(M) for M in W])

    def _gradient(self, M: Array) -> Array:
        seen, error = self._error(M)
        return (expit(SHARPNESS * seen) * error[:, None]).T @ self._points / len(self._points)

    def hessian(self, W: Array) -> Array:
        """E[sigma'_i sigma'_j x x^T] in block (i, j), and E[error sigma''_i x x^T] more in block (i, i)."""
        seen, error = self._error(W)
        slope = expit(SHARPNESS * seen)
        moved = (slope[:, :, None] * self._points[:, None, :]).reshape(len(self._points), -1)
        H = (moved.T @ moved).reshape(*W.shape, *W.shape)
        for i, bend in enumerate((self._bend(slope) * error[:, None]).T):
            H[i, :, i, :] += (self._points * bend[:, None]).T @ self._points
        return H.reshape(W.size, W.size) / len(self._points)

    def hessian_times(self, W: Array, T: Array) -> Array:
        seen, error = self._error(W)
        slope, change = expit(SHARPNESS * seen), self._points @ T.T
        moved = (slope * change).sum(axis=1)
        return (
            (slope * moved[:, None] + self._bend(slope) * error[:, None] * change).T @ self._points / len(self._points)
        )

    def _bend(self, slope: Array) -> Array:
        return SHARPNESS * slope * (1 - slope)

    def _error(self, M: Array) -> tuple[Array, Array]:
        """(w_i . x, output minus label) at every point."""
        seen = self._points @ M.T
        return seen, _activation(seen).sum(axis=1) - self._labels


def _activation(t: Array) -> Array:
    return np.logaddexp(0, SHARPNESS * t) / SHARPNESS
