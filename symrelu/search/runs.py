"""The runs of a search: descent, Newton's method at its end, and what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from symrelu.search.descent import ONE_BY_ONE, Ended, gradient_descent
from symrelu.search.landscape import Array, Landscape
from symrelu.search.polish import least_eigenvalue, polish
from symrelu.search.settings import SMALLEST_TOLERANCE, Settings

MINIMUM, ZERO_LOSS, NOT_CONVERGED = "minimum", "zero loss", "not converged"

_AT_ONCE = 5000  # pairs of neurons and others in a batch: arrays of that size stay in the processor's cache
_ZERO = 1e-7  # losses below it lead to zero: those of the other minima are larger by orders of magnitude
_NEAR = 0.01  # how far an entry moves at most from the end of the descent to the minimum
_POSITIVE = 1e-9  # eigenvalues below it are taken for zero

Task = tuple[str, tuple[int, ...]]  # settings and numbers of runs


class Run(NamedTuple):
    """What run number `run` found.

    "minimum": polished weights, loss, and the least eigenvalue of the Hessian, which is positive. "zero loss": with more
    neurons than targets those minima are not isolated, and the weights are those of the descent. "not converged": neither,
    within the limit of steps.
    """

    run: int
    status: str
    steps: int
    loss: float
    least_eigenvalue: float | None
    weights: Array


def batch_size(settings: Settings) -> int:
    """How many runs are done at once."""
    return max(1, _AT_ONCE // (settings.neurons * (settings.neurons + settings.inputs)))


def do_runs(task: Task) -> Iterator[Run]:
    """The runs of a task (settings, numbers), as they end."""
    settings, numbers = Settings.read(task[0]), task[1]
    landscape = settings.landscape()
    # One thread: sums in another order would change last digits, and the cores are busy with other runs.
    with threadpool_limits(1):
        starts = np.stack([settings.weights(run) for run in numbers])
        for ended in _descend(landscape, starts, settings, settings.tolerance, settings.limit):
            yield _finished(landscape, ended, settings, numbers[ended.place])


def _descend(landscape: Landscape, starts: Array, settings: Settings, tolerance: float, limit: int) -> Iterator[Ended]:
    if settings.method == "gd":
        assert settings.step is not None
        yield from gradient_descent(landscape, starts, settings.step, tolerance, limit)
        return
    for place, start in enumerate(starts):
        yield ONE_BY_ONE[settings.method](landscape, start, tolerance, limit)._replace(place=place)


def _finished(landscape: Landscape, ended: Ended, settings: Settings, run: int) -> Run:
    """The minimum next to the end of a descent. Where there is none, as near a saddle, the descent goes on."""
    tolerance, steps = settings.tolerance, ended.steps
    while True:
        loss = float(landscape.loss(ended.weights[None])[0])
        if ended.converged:
            if settings.neurons > settings.inputs and loss < _ZERO:
                return Run(run, ZERO_LOSS, steps, loss, None, ended.weights)
            found = _minimum(landscape, ended.weights)
            if found is not None:
                weights, least = found
                return Run(run, MINIMUM, steps, float(landscape.loss(weights[None])[0]), least, weights)
        tolerance /= 100
        if not ended.converged or tolerance < SMALLEST_TOLERANCE or steps >= settings.limit:
            return Run(run, NOT_CONVERGED, steps, loss, None, ended.weights)
        (ended,) = _descend(landscape, ended.weights[None], settings, tolerance, settings.limit - steps)
        steps += ended.steps


def _minimum(landscape: Landscape, W: Array) -> tuple[Array, float] | None:
    """(weights, least eigenvalue) of the minimum next to W, None if Newton's method leads elsewhere or to a saddle."""
    try:
        weights = polish(landscape, W).weights
        if np.abs(weights - W).max() > _NEAR:
            return None
        least = least_eigenvalue(landscape, weights)
    except ArithmeticError:
        return None
    return (weights, least) if least > _POSITIVE else None
