"""What a search is: sizes, seed, method and numbers that decide every run of it, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

import numpy as np

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.landscape import Array, OrthonormalRelu

METHODS = ("gd", "lbfgs", "newton")
STARTS = ("normal", "uniform")
SMALLEST_TOLERANCE = 1e-12  # rounding leaves gradients of about 1e-15
_LARGEST = 1000


@dataclass(frozen=True)
class Settings:
    """All that decides run number r of a search; the same settings and the same r give the same result.

    `variance` is that of the entries of the start, Xavier's 2/(inputs + neurons) by default (Glorot & Bengio 2010); `start`
    says whether they are normal or uniform. `step` is that of gradient descent. A run ends when no component of the
    gradient exceeds `tolerance`, or after `limit` steps.
    """

    inputs: int
    neurons: int
    seed: int = 0
    method: str = "gd"
    step: float | None = None
    start: str = "normal"
    variance: float | None = None
    tolerance: float = 1e-6
    limit: int = 200_000

    def __post_init__(self) -> None:
        for name, low, high in (("inputs", 1, _LARGEST), ("neurons", 1, _LARGEST), ("seed", 0, 2**63 - 1)):
            _require(low <= getattr(self, name) <= high, f"{name}: give an integer from {low} to {high}")
        _require(self.method in METHODS, f"the method is one of {', '.join(METHODS)}, not {self.method}")
        _require(self.start in STARTS, f"the start is one of {', '.join(STARTS)}, not {self.start}")
        if self.step is None:
            # The largest eigenvalue of the Hessian is about k/4 + 1 near the minima, at most twice that on the way:
            # it comes from the k x k matrix of (pi - angle)/(2 pi), which is near 1/4 for orthogonal neurons.
            object.__setattr__(self, "step", 1 / (self.neurons / 4 + 1))
        if self.variance is None:
            object.__setattr__(self, "variance", 2 / (self.inputs + self.neurons))
        for name in ("step", "variance", "tolerance"):
            value = getattr(self, name)
            _require(isfinite(value) and value > 0, f"the {name} is a positive number, not {value}")
        _require(
            SMALLEST_TOLERANCE <= self.tolerance <= 1e-3,
            f"the tolerance lies between {SMALLEST_TOLERANCE:g} and 0.001, not {self.tolerance:g}",
        )
        _require(self.limit >= 1, f"the limit is at least one step, not {self.limit}")

    def landscape(self) -> OrthonormalRelu:
        return OrthonormalRelu(self.inputs)

    def weights(self, run: int) -> Array:
        """The start (neurons, inputs) of a run, which depends on the seed and the number of the run alone."""
        random = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(run,)))
        shape = self.neurons, self.inputs
        entries = random.standard_normal(shape) if self.start == "normal" else random.uniform(-(3**0.5), 3**0.5, shape)
        assert self.variance is not None
        return entries * self.variance**0.5

    def to_json(self) -> dict[str, Any]:
        """Every number of it; the step is left out where the method has none."""
        found = asdict(self)
        return found if self.method == "gd" else found | {"step": None}

    def key(self) -> str:
        """The settings as one line; equal lines mean equal runs."""
        return json.dumps(self.to_json(), sort_keys=True)

    @classmethod
    def read(cls, key: str) -> Settings:
        """The inverse of key()."""
        data = json.loads(key)
        return cls(**{field.name: data[field.name] for field in fields(cls)})


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(message)
