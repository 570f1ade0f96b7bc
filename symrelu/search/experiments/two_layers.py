"""Two hidden layers of GELU neurons, differentiated by JAX (an optional extra).

f(x) = sum_m sigma(sum_j U_mj sigma(w_j . x)); the loss is 1/2 E[(f - f_teacher)^2] over a permutation-invariant sample. With
ReLU, neurons that are never active and the scale between the layers leave flat directions, and the kinks of a sample keep
descents from ending at critical points; hence a smooth activation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.landscape import Array


class TwoHiddenLayers:
    """The loss as a function of all weights, flattened: first W (first, n), then U (second, first)."""

    def __init__(self, teacher: tuple[Array, Array], points: Array, neurons: tuple[int, int]):
        self._shapes = ((neurons[0], points.shape[1]), (neurons[1], neurons[0]))
        self.unknowns = sum(rows * columns for rows, columns in self._shapes)
        self._jax, self._float64 = _jax()
        with self._float64():
            numpy = self._jax.numpy
            inputs = numpy.asarray(points)
            labels = self._network(numpy.asarray(teacher[0]), numpy.asarray(teacher[1]), inputs)

            def loss(x: Any) -> Any:
                return ((self._network(*self._split(x), inputs) - labels) ** 2).mean() / 2

            self._value_and_grad = self._jax.jit(self._jax.value_and_grad(loss))
            self._hessian = self._jax.jit(self._jax.hessian(loss))

    def _network(self, W: Any, U: Any, inputs: Any) -> Any:
        def gelu(t: Any) -> Any:
            return self._jax.nn.gelu(t, approximate=False)

        return gelu(gelu(inputs @ W.T) @ U.T).sum(axis=1)

    def _split(self, x: Any) -> tuple[Any, Any]:
        (first, n), (second, _) = self._shapes
        return x[: first * n].reshape(first, n), x[first * n :].reshape(second, first)

    def weights(self, x: Array) -> Array:
        """The first layer: its columns are the inputs."""
        return self._split(x)[0]

    def value_and_gradient(self, x: Array) -> tuple[float, Array]:
        with self._float64():
            value, gradient = self._value_and_grad(x)
            return float(value), np.asarray(gradient)

    def hessian(self, x: Array) -> Array:
        with self._float64():
            return np.asarray(self._hessian(x))


def _jax() -> tuple[Any, Any]:
    """JAX, and a context of float64 arithmetic; UsageError where it is not installed."""
    try:
        import jax
    except ImportError:
        raise UsageError("this experiment needs JAX; pip install 'symrelu[layers]'") from None
    context: Any = jax.enable_x64  # its stub knows it as a flag only
    return jax, lambda: context(True)
