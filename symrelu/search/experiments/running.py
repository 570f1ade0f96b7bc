"""Running an experiment: descents from random starts, Newton's method, isotropy of what is found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import minimize

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.experiments.catalogue import experiment_named
from symrelu.search.experiments.problems import GeneralCovariance, Problem
from symrelu.search.experiments.result import ExperimentResult, Found, Settings
from symrelu.search.landscape import Array
from symrelu.symmetry.isotropy import Ambiguous, isotropy

_ITERATIONS = 4000
_NEWTON_STEPS = 12
_CONVERGED = 1e-7  # of the gradient's largest component
_FLAT = 1e-9  # eigenvalues below this part of the largest are directions in which the loss is constant
_EQUAL = 1e-6  # entries that differ by less are equal; those found are good to about 1e-10


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; `result` is what was finished."""

    def __init__(self, result: ExperimentResult):
        super().__init__("interrupted")
        self.result = result


def experiment(
    name: str,
    inputs: int | None = None,
    neurons: int | None = None,
    runs: int | None = None,
    seed: int = 0,
    points: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> ExperimentResult:
    """What gradient descent (L-BFGS) finds when one thing of the base model is changed; see catalogue.EXPERIMENTS.

    By default as many neurons as inputs, which is the number of the teacher's. The weights start as normal numbers of
    variance 1/inputs; run r of a seed is always the same. `points` is the size of the sample where one stands for the law
    of the inputs (about: a multiple of all permutations); a coarse one has minima that the law has not. UsageError for a
    name or a number that makes no sense.
    """
    chosen = experiment_named(name)
    n = chosen.inputs if inputs is None else inputs
    k = n if neurons is None else neurons
    count = chosen.runs if runs is None else runs
    if count < 1 or seed < 0:
        raise UsageError(f"an experiment needs at least one run and a seed >= 0, not {count} and {seed}")
    problem = chosen.problem(n, k, seed, points)
    settings = Settings(name, chosen.change, chosen.group, chosen.factors, n, k, count, seed, points or chosen.points)
    found: list[Found] = []
    try:
        for run in range(count):
            found.append(_run(problem, np.random.default_rng([seed, run]).standard_normal(problem.unknowns) / n**0.5))
            if progress is not None:
                progress(run + 1)
    except KeyboardInterrupt:
        raise Interrupted(ExperimentResult(settings, found)) from None
    return ExperimentResult(settings, found)


def _run(problem: Problem, start: Array) -> Found:
    options = {"maxiter": _ITERATIONS, "maxfun": _ITERATIONS, "ftol": 0.0, "gtol": _CONVERGED}
    x = minimize(problem.value_and_gradient, start, jac=True, method="L-BFGS-B", options=options).x
    x, residual = _newton(problem, x)
    loss, _ = problem.value_and_gradient(x)
    if residual > _CONVERGED:
        return Found(None, None, loss, None)
    least = float(eigh(problem.hessian(x), eigvals_only=True, subset_by_index=[0, 0])[0])
    group, blocks = _isotropy(problem.weights(x))
    if not isinstance(problem, GeneralCovariance):
        return Found(group, blocks, loss, least)
    limit = problem.isotropic_limit(x)
    return Found(group, blocks, loss, least, *((None, None) if limit is None else _isotropy(limit)))


def _newton(problem: Problem, x: Array) -> tuple[Array, float]:
    """Newton's method on the complement of flat directions, as long as it makes the gradient smaller."""
    _, gradient = problem.value_and_gradient(x)
    residual = float(np.abs(gradient).max())
    for _ in range(_NEWTON_STEPS):
        values, vectors = eigh(problem.hessian(x))
        bent = np.abs(values) > _FLAT * np.abs(values).max()
        step = vectors[:, bent] @ ((vectors[:, bent].T @ gradient) / values[bent])
        _, next_gradient = problem.value_and_gradient(x - step)
        next_residual = float(np.abs(next_gradient).max())
        if not next_residual < residual:
            break
        x, gradient, residual = x - step, next_gradient, next_residual
    return x, residual


def _isotropy(W: Array) -> tuple[str | None, int | None]:
    """(group, number of column blocks); (None, None) where the entries do not tell."""
    try:
        group = isotropy(W, tolerance=_EQUAL)
    except Ambiguous:
        return None, None
    return group.name, len(group.blocks)
