"""The experiments: each changes one thing of the base model (ReLU, Gaussian isotropic inputs, orthonormal teacher)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial, sqrt

import numpy as np

from symrelu.arithmetic.outcome import UsageError
from symrelu.render.latex import latex_words
from symrelu.render.shown import Tabulated
from symrelu.render.text import table
from symrelu.search.experiments.problems import GeneralCovariance, Mixture, OneHiddenLayer, Problem
from symrelu.search.experiments.sample import SampleLandscape, symmetrised
from symrelu.search.experiments.smooth import QuadratureKernel, gelu, softplus
from symrelu.search.experiments.two_layers import TwoHiddenLayers
from symrelu.search.kernels import RELU, Erf, Kernel, LeakyRelu
from symrelu.search.landscape import Array, GaussianLandscape

_CORRELATION = 0.2
_SLOPE = 0.1
_VARIANCES = (1.0, 1.5)
_MOST_POINTS = 5_000_000
_POINTS = 300_000  # of a symmetrised sample, about: 59 draws of seven inputs, in all orders


@dataclass(frozen=True)
class Size:
    """How large a problem is; `points` is the number of points of a sample, about, where there is one."""

    inputs: int
    neurons: int
    points: int


@dataclass(frozen=True)
class Experiment:
    """What is changed, in words; default numbers; how to build the problem from its size and a generator.

    `group` are the permutations of the inputs that preserve the loss, a product of `factors` symmetric groups; `largest`
    bounds the inputs where cost does; `points` is the size of the sample, None where the kernel is exact.
    """

    name: str
    change: str
    build: Callable[[Size, np.random.Generator], Problem]
    inputs: int = 12
    runs: int = 200
    group: str = "S_d"
    factors: int = 1
    largest: int = 60
    points: int | None = None

    def problem(self, inputs: int, neurons: int, seed: int, points: int | None = None) -> Problem:
        """The problem for these numbers; whatever is random in it comes from the seed. UsageError when it cannot be built."""
        if not 2 <= inputs <= self.largest:
            raise UsageError(f"{self.name} runs with 2 to {self.largest} inputs, not {inputs}")
        if not 1 <= neurons <= 2 * inputs:
            raise UsageError(f"{self.name} with {inputs} inputs runs with 1 to {2 * inputs} neurons, not {neurons}")
        if points is not None and self.points is None:
            raise UsageError(f"{self.name} needs no sample: its kernel is computed")
        if points is not None and not factorial(inputs) <= points <= _MOST_POINTS:
            raise UsageError(
                f"a sample of {inputs} inputs has {factorial(inputs)} (all permutations of one point) to {_MOST_POINTS} "
                f"points, not {points}"
            )
        size = Size(inputs, neurons, points or self.points or 0)
        return self.build(size, np.random.default_rng([seed, 2**32 - 1]))


def _exchangeable(n: int, correlation: float = _CORRELATION) -> Array:
    return (1 - correlation) * np.eye(n) + correlation * np.ones((n, n))


def _gaussian(covariance: Callable[[int], Array]) -> Callable[[Size, np.random.Generator], Problem]:
    return lambda size, _: OneHiddenLayer(GaussianLandscape(np.eye(size.inputs), covariance(size.inputs)), size.neurons)


def _kernel(kernel: Kernel) -> Callable[[Size, np.random.Generator], Problem]:
    return lambda size, _: OneHiddenLayer(GaussianLandscape(np.eye(size.inputs), kernel=kernel), size.neurons)


_Draw = Callable[[np.random.Generator, tuple[int, int]], Array]


def _sample(draw: _Draw) -> Callable[[Size, np.random.Generator], Problem]:
    def build(size: Size, generator: np.random.Generator) -> Problem:
        return OneHiddenLayer(SampleLandscape(np.eye(size.inputs), _points(size, generator, draw)), size.neurons)

    return build


def _points(size: Size, generator: np.random.Generator, draw: _Draw) -> Array:
    return symmetrised(draw(generator, (size.points // factorial(size.inputs), size.inputs)))


def _two_variances(size: Size, _: np.random.Generator) -> Problem:
    """One half of the inputs is louder than the other: permutations within the halves preserve the loss."""
    n = size.inputs
    variances = np.repeat(_VARIANCES, [n - n // 2, n // 2])
    return OneHiddenLayer(GaussianLandscape(np.eye(n), np.diag(variances)), size.neurons, marks=1e3 * variances)


def _general(size: Size, generator: np.random.Generator) -> Problem:
    """(1 - t) I + t M M^T/n with a Gaussian M: positive definite, its eigenvalues within about a factor of two."""
    n = size.inputs
    M = generator.standard_normal((n, n))
    return GeneralCovariance(np.eye(n), 0.9 * np.eye(n) + 0.1 * M @ M.T / n, size.neurons)


def _mixture(size: Size, _: np.random.Generator) -> Problem:
    n = size.inputs
    parts = [GaussianLandscape(np.eye(n), scale * _exchangeable(n, rho)) for scale, rho in ((0.5, 0.4), (1.5, 0.0))]
    return OneHiddenLayer(Mixture(list(parts)), size.neurons)


def _two_layers(size: Size, generator: np.random.Generator) -> Problem:
    n = size.inputs
    second = 1.5 * np.eye(n) - np.ones((n, n)) / n
    points = _points(size, generator, lambda g, shape: g.standard_normal(shape))
    return TwoHiddenLayers((np.eye(n), second), points, (size.neurons, size.neurons))


EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for experiment in (
        Experiment("base", "nothing: ReLU, inputs N(0, I)", _kernel(RELU)),
        Experiment(
            "exchangeable",
            f"inputs N(0, C), C with ones on the diagonal and {_CORRELATION} elsewhere (exact kernel)",
            _gaussian(_exchangeable),
        ),
        Experiment(
            "two-variances",
            f"inputs N(0, C), C diagonal, {_VARIANCES[0]:g} in one half and {_VARIANCES[1]:g} in the other (exact kernel)",
            _two_variances,
            group="S_ceil(d/2) x S_floor(d/2)",
            factors=2,
        ),
        Experiment(
            "covariance",
            "inputs N(0, C) with a random C that no permutation preserves (exact kernel)",
            _general,
            runs=100,
            group="trivial",
        ),
        Experiment(
            "uniform",
            "independent uniform inputs of variance 1 (symmetrised sample, ReLU slightly rounded)",
            _sample(lambda g, size: g.uniform(-sqrt(3), sqrt(3), size)),
            inputs=7,
            runs=20,
            largest=7,
            points=_POINTS,
        ),
        Experiment(
            "laplace",
            "independent Laplace inputs of variance 1 (symmetrised sample, ReLU slightly rounded)",
            _sample(lambda g, size: g.laplace(0, sqrt(0.5), size)),
            inputs=7,
            runs=20,
            largest=7,
            points=_POINTS,
        ),
        Experiment(
            "sphere",
            "inputs uniform on the sphere of radius sqrt(d), dependent (symmetrised sample, ReLU slightly rounded)",
            _sample(lambda g, size: _on_the_sphere(g.standard_normal(size))),
            inputs=7,
            runs=20,
            largest=7,
            points=_POINTS,
        ),
        Experiment(
            "mixture",
            "inputs from either of two Gaussians, N(0, C/2) with correlations 0.4 and N(0, 3 I/2) (exact kernel)",
            _mixture,
        ),
        Experiment("erf", "activation erf (closed kernel)", _kernel(Erf())),
        Experiment(
            "softplus", "activation log(1 + e^t) (quadrature)", _kernel(QuadratureKernel(softplus)), inputs=5, runs=12
        ),
        Experiment("gelu", "activation t Phi(t) (quadrature)", _kernel(QuadratureKernel(gelu)), inputs=5, runs=12),
        Experiment("leaky", f"leaky ReLU of slope {_SLOPE} (closed kernel)", _kernel(LeakyRelu(_SLOPE))),
        Experiment(
            "two-layers",
            "two hidden layers of GELU, the teacher's second 3/2 I - 11^T/d (symmetrised sample, JAX)",
            _two_layers,
            inputs=4,
            runs=20,
            largest=7,
            points=_POINTS // 30,
        ),
    )
}


def _on_the_sphere(points: Array) -> Array:
    return points * np.sqrt(points.shape[1]) / np.linalg.norm(points, axis=1, keepdims=True)


def experiment_named(name: str) -> Experiment:
    """UsageError, with the names there are, for another."""
    if name not in EXPERIMENTS:
        raise UsageError(f"there is no experiment {name!r}; there are {', '.join(EXPERIMENTS)}")
    return EXPERIMENTS[name]


@dataclass(frozen=True)
class Listing(Tabulated):
    """The experiments there are."""

    def to_json(self) -> list[dict[str, str | int]]:
        return [{"name": e.name, "changes": e.change, "inputs": e.inputs, "runs": e.runs} for e in EXPERIMENTS.values()]

    def to_text(self) -> str:
        return table(["experiment", "change"], [[e.name, e.change] for e in EXPERIMENTS.values()])

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return ["experiment", "change"], [[e.name, latex_words(e.change)] for e in EXPERIMENTS.values()]

    def _title(self) -> str:
        return "Experiments: what is changed in the base model"

    def _badges(self) -> list[str]:
        return []

    def __repr__(self) -> str:
        return f"Listing({len(EXPERIMENTS)} experiments)"
