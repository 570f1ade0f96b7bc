"""Newton's method on the full weight matrix, to minima and saddles alike, and the least eigenvalue of the Hessian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, eigvalsh, solve
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh, minres

from symrelu.search.landscape import Array, Landscape

_DENSE = 1500  # unknowns up to which the Hessian is written out
_STEPS = 40
_RESIDUAL = 1e-13  # of the largest component of the gradient, relative to that of W and the number of rows
_FAR = 0.5  # a step longer than this part of |W| leads elsewhere


@dataclass(frozen=True)
class Polished:
    """A critical point to about machine precision: `residual` is the largest component of the gradient there."""

    weights: Array
    residual: float
    steps: int


def polish(landscape: Landscape, W: Array, nearest: bool = True) -> Polished:
    """The critical point next to W (k, n). ArithmeticError when Newton's method does not reach one nearby.

    With `nearest` a first step longer than half of |W| is refused: it would lead to another point.
    """
    W = np.array(W, float)
    residuals: list[float] = []
    for step in range(_STEPS):
        gradient = landscape.gradient(W[None])[0]
        residuals.append(float(np.abs(gradient).max()))
        if not np.isfinite(residuals[-1]):
            break
        if residuals[-1] <= _RESIDUAL * len(W) * max(1.0, float(np.abs(W).max())) or _stalled(residuals):
            return Polished(W, residuals[-1], step)
        change = _newton_step(landscape, W, gradient)
        if nearest and np.linalg.norm(change) > _FAR * np.linalg.norm(W):
            break
        W = W - change
    raise ArithmeticError(
        f"Newton's method finds no critical point nearby (largest gradient component {residuals[0]:.2g} at the start, "
        f"{residuals[-1]:.2g} after {len(residuals) - 1} steps)"
    )


def _stalled(residuals: list[float]) -> bool:
    """Rounding stops the descent of the residuals, at a level that still means a critical point."""
    return len(residuals) > 3 and residuals[-1] < 1e-10 and residuals[-1] > 0.5 * min(residuals[:-1])


def _newton_step(landscape: Landscape, W: Array, gradient: Array) -> Array:
    if W.size <= _DENSE:
        try:
            return solve(landscape.hessian(W), gradient.ravel(), assume_a="sym").reshape(W.shape)
        except LinAlgError:
            raise ArithmeticError("the Hessian is singular: the critical point is not isolated") from None
    # Away from the solution a rough step will do; the last ones are as good as MINRES can make them.
    step, _ = minres(_operator(landscape, W), gradient.ravel(), rtol=1e-10, maxiter=20 * W.shape[0])
    return step.reshape(W.shape)


def least_eigenvalue(landscape: Landscape, W: Array) -> float:
    """The least eigenvalue of the Hessian at W (k, n), to about nine digits."""
    if W.size <= _DENSE:
        return float(eigvalsh(landscape.hessian(W), subset_by_index=[0, 0])[0])
    try:
        found = eigsh(_operator(landscape, W), k=1, which="SA", return_eigenvectors=False, v0=_start(W))
    except ArpackNoConvergence as error:
        raise ArithmeticError(f"the least eigenvalue was not found: {error}") from None
    return float(found[0])


def _start(W: Array) -> Array:
    """The same start for every call, so that results can be repeated."""
    return np.random.default_rng(0).standard_normal(W.size)


def _operator(landscape: Landscape, W: Array) -> LinearOperator:
    def times(T: Array) -> Array:
        return landscape.hessian_times(W, T.reshape(W.shape)).ravel()

    return LinearOperator((W.size, W.size), matvec=times, dtype=float)  # pyright: ignore[reportCallIssue]
