"""Descent on a landscape: gradient descent with a constant step on many runs at once, and faster methods one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from symrelu.search.landscape import Array, Landscape

_LOOK = 10  # gradients are looked at after every so many steps


class Ended(NamedTuple):
    """The end of a run: its place among the starts, its weights, the steps, and whether the gradient is small there."""

    place: int
    weights: Array
    steps: int
    converged: bool


def gradient_descent(landscape: Landscape, starts: Array, step: float, tolerance: float, limit: int) -> Iterator[Ended]:
    """W <- W - step * gradient(W) from each of the starts (runs, k, n), until every component is at most `tolerance`.

    Runs are given out as they end, in the order of their steps, and leave the batch. What a run does depends on its
    start alone: all products are taken run by run. A run that diverges or is not done after `limit` steps has not converged.
    """
    W, places = starts.copy(), np.arange(len(starts))
    for steps in range(limit + 1):
        with np.errstate(all="ignore"):  # of runs that diverge
            gradient = landscape.gradient(W)
        if steps % _LOOK == 0 or steps == limit:
            largest = np.abs(gradient).max(axis=(1, 2))
            going = (largest > tolerance) & (steps < limit)
            if not going.all():
                for n in np.nonzero(~going)[0]:
                    yield Ended(int(places[n]), W[n].copy(), steps, bool(largest[n] <= tolerance))
                W, places, gradient = W[going], places[going], gradient[going]
                if not len(places):
                    return
        with np.errstate(all="ignore"):
            W -= step * gradient


def lbfgs(landscape: Landscape, start: Array, tolerance: float, limit: int) -> Ended:
    """The quasi-Newton method of scipy: long steps, which may lead into other basins than gradient descent."""
    options = {"gtol": tolerance, "ftol": 0.0, "maxiter": limit, "maxfun": 2 * limit}
    return _by_scipy(landscape, start, tolerance, "L-BFGS-B", options)


def newton(landscape: Landscape, start: Array, tolerance: float, limit: int) -> Ended:
    """Newton's method with a trust region, which follows negative curvature too; other basins again."""
    # scipy's gtol bounds the norm, which is at least the largest component.
    return _by_scipy(landscape, start, tolerance, "trust-ncg", {"gtol": tolerance, "maxiter": limit})


def _by_scipy(landscape: Landscape, start: Array, tolerance: float, method: str, options: dict) -> Ended:
    def value(x: Array) -> float:
        return float(landscape.loss(x.reshape(1, *start.shape))[0])

    def gradient(x: Array) -> Array:
        return landscape.gradient(x.reshape(1, *start.shape))[0].ravel()

    def times(x: Array, direction: Array) -> Array:
        return landscape.hessian_times(x.reshape(start.shape), direction.reshape(start.shape)).ravel()

    second = {} if method == "L-BFGS-B" else {"hessp": times}
    with np.errstate(all="ignore"):
        found = minimize(value, start.ravel(), jac=gradient, method=method, options=options, **second)
    largest = float(np.abs(gradient(found.x)).max())
    return Ended(0, found.x.reshape(start.shape), int(found.nit), largest <= tolerance)


ONE_BY_ONE: dict[str, Callable[[Landscape, Array, float, int], Ended]] = {"lbfgs": lbfgs, "newton": newton}
