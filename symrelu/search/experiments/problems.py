"""What an experiment minimises: a function of a vector, and the matrices in it whose symmetry is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from symrelu.search.landscape import Array, GaussianLandscape, Landscape
from symrelu.search.polish import polish


class Problem(Protocol):
    """A loss of `unknowns` variables."""

    unknowns: int

    def value_and_gradient(self, x: Array) -> tuple[float, Array]: ...

    def hessian(self, x: Array) -> Array: ...

    def weights(self, x: Array) -> Array:
        """The matrix (neurons, inputs) whose isotropy is asked for, with further rows that fix what the loss tells apart."""
        ...


class OneHiddenLayer:
    """A landscape of k neurons. `marks` tells inputs apart that the loss tells apart: one number for each."""

    def __init__(self, landscape: Landscape, k: int, marks: Array | None = None):
        self.landscape, self.k, self._marks = landscape, k, marks
        self.unknowns = k * landscape.inputs

    def value_and_gradient(self, x: Array) -> tuple[float, Array]:
        W = x.reshape(1, self.k, -1)
        return float(self.landscape.loss(W)[0]), self.landscape.gradient(W)[0].ravel()

    def hessian(self, x: Array) -> Array:
        return self.landscape.hessian(x.reshape(self.k, -1))

    def weights(self, x: Array) -> Array:
        W = x.reshape(self.k, -1)
        return W if self._marks is None else np.vstack([W, self._marks])


class Mixture:
    """The mean of landscapes with one teacher: inputs drawn from either of several laws, equally often."""

    def __init__(self, parts: list[Landscape]):
        self.parts, self.inputs = parts, parts[0].inputs

    def loss(self, W: Array) -> Array:
        return self._mean(lambda part: part.loss(W))

    def gradient(self, W: Array) -> Array:
        return self._mean(lambda part: part.gradient(W))

    def hessian(self, W: Array) -> Array:
        return self._mean(lambda part: part.hessian(W))

    def hessian_times(self, W: Array, T: Array) -> Array:
        return self._mean(lambda part: part.hessian_times(W, T))

    def _mean(self, of: Callable[[Landscape], Array]) -> Array:
        return np.mean([of(part) for part in self.parts], axis=0)


_STAGES = 10  # on the way from a covariance to the identity


class GeneralCovariance(OneHiddenLayer):
    """Inputs N(0, covariance) with a covariance that no permutation preserves: then every isotropy group is trivial.

    `isotropic_limit` follows a critical point to the one it comes from where the covariance is the identity.
    """

    def __init__(self, teacher: Array, covariance: Array, k: int):
        # Every input is marked: a matrix as symmetric as the teacher must not count as symmetric for this loss.
        super().__init__(GaussianLandscape(teacher, covariance), k, marks=np.arange(len(covariance)))
        self._teacher, self._covariance = teacher, covariance

    def isotropic_limit(self, x: Array) -> Array | None:
        """The weights at covariance 1, or None where Newton's method loses the way."""
        W, identity = x.reshape(self.k, -1), np.eye(len(self._covariance))
        for t in np.linspace(1, 0, _STAGES + 1)[1:]:
            try:
                W = polish(GaussianLandscape(self._teacher, identity + t * (self._covariance - identity)), W).weights
            except ArithmeticError:
                return None
        return W
