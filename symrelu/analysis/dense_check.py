"""An independent check of a certified point: the dense network, all k x d weights, in mpmath at 50 digits.

Only the weights are taken from the family, as a matrix; loss, gradient, Hessian and spectrum are computed by
model/dense.py, which shares no code with the reduced equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.analysis.point import CriticalPoint
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import decimal
from symrelu.family.definition import Definition
from symrelu.model.activations import Erf, Leaky
from symrelu.model.dense import DenseNetwork, group_with_multiplicity
from symrelu.model.dense_kernels import ErfNetwork, LeakyNetwork
from symrelu.model.kernel import RELU, Activation

_DIGITS = 50
CHECKED_DIGITS = 40  # of a certified point that is compared
_START_DIGITS = 8  # Newton on the dense network starts from weights rounded to this many digits
_ALL_EIGENVALUES = 100  # up to so many weights every eigenvalue is computed, beyond that the distinct ones
_LARGEST = 900


@dataclass(frozen=True)
class DenseCheck:
    """Digits on which the dense network agrees with the certified point: weights, loss, spectrum."""

    weights: int
    loss: int
    spectrum: int
    multiplicities: bool | None
    digits: int = _DIGITS

    @property
    def passed(self) -> bool:
        return min(self.weights, self.loss, self.spectrum) >= 15 and self.multiplicities is not False

    def to_json(self) -> dict[str, Any]:
        return {
            "weights": self.weights,
            "loss": self.loss,
            "spectrum": self.spectrum,
            "multiplicities": self.multiplicities,
            "digits": self.digits,
        }

    def to_text(self) -> str:
        counted = {True: "multiplicities too", False: "MULTIPLICITIES DIFFER", None: "distinct eigenvalues only"}
        return (
            f"  check: dense network at {self.digits} digits agrees to {self.weights} digits in the weights, "
            f"{self.loss} in the loss, {self.spectrum} in the spectrum ({counted[self.multiplicities]})"
        )


def dense_weights(definition: Definition, d: int, entries: dict[str, Any], inputs: int = 0) -> list[list[Any]]:
    """The k x d weight matrix of a point, blocks of columns in order, row orbits in order, then columns of zeros."""
    sizes = [int(n) for n in definition.sizes(Fraction(d))]
    starts = [sum(sizes[:b]) for b in range(len(sizes))]
    rows = []
    for R, orbit in enumerate(definition.shape.rows):
        own = {(e.block, e.diagonal): entries[e.name] for e in definition.shape.entries if e.row == R}
        flat = [own[b, False] for b, n in enumerate(sizes) for _ in range(n)] + [0] * inputs
        if orbit.attached is None:
            rows.append(flat)
            continue
        for i in range(sizes[orbit.attached]):
            rows.append(list(flat))
            rows[-1][starts[orbit.attached] + i] = own[orbit.attached, True]
    return rows


def dense_teacher(definition: Definition, d: int, inputs: int = 0) -> list[list[int]]:
    """The rows of the teacher: a unit vector for each column of a block that carries one; `inputs` more columns."""
    sizes = [int(n) for n in definition.sizes(Fraction(d))]
    carries = [carry for carry, n in zip(definition.shape.teacher, sizes, strict=True) for _ in range(n)]
    return [[int(i == j) for j in range(len(carries) + inputs)] for i, carry in enumerate(carries) if carry]


def dense_network(activation: Activation, teacher: list[list[int]]) -> DenseNetwork:
    """The dense network with an activation, at the digits of the check; UsageError where there is none with it."""
    if activation == RELU:
        return DenseNetwork(teacher, digits=_DIGITS)
    if isinstance(activation, Leaky):
        return LeakyNetwork(teacher, activation.slope, digits=_DIGITS)
    if isinstance(activation, Erf):
        return ErfNetwork(teacher, digits=_DIGITS)
    raise UsageError(f"there is no dense network with the activation {activation.name} to check against")


def dense_check(point: CriticalPoint) -> DenseCheck:
    """Polish the weights by Newton's method on the dense network and compare; UsageError where there is no network."""
    definition = point.definition
    if not point.is_network:
        raise UsageError(f"--check needs an integer d: there is no dense network at d = {point.d}")
    d, extra = int(point.d), point.inputs
    neurons, inputs = definition.shape.neurons.at(point.d), definition.shape.inputs.at(point.d) + extra
    if neurons * inputs > _LARGEST:
        raise UsageError(f"--check solves for {neurons} x {inputs} weights; it goes up to {_LARGEST}")
    entries = {name: decimal(ball, point.digits) for name, ball in point.parameters.items()}
    weights = dense_weights(definition, d, entries, extra)
    network = dense_network(definition.activation, dense_teacher(definition, d, extra))
    if definition.exact_point is None:
        rounded = {name: decimal(ball, _START_DIGITS) for name, ball in point.parameters.items()}
        polished = network.newton(dense_weights(definition, d, rounded, extra)).weights
    else:
        polished = network.mp.matrix(weights).tolist()
    number = network.mp.mpf
    pairs = [
        (number(x), y) for row, other in zip(weights, polished, strict=True) for x, y in zip(row, other, strict=True)
    ]
    expected = [
        (number(decimal(value, point.digits)), int(c.dimension))
        for c in point.components
        if c.counts
        for value in c.eigenvalues
    ]
    spectrum, multiplicities = _compare_spectrum(network, polished, expected)
    exact_loss = number(decimal(point.loss, point.digits)) if abs(point.loss.mid()) > point.loss.rad() else number(0)
    return DenseCheck(
        min(_agreement(network, x, y) for x, y in pairs),
        _agreement(network, exact_loss, network.loss(polished)),
        spectrum,
        multiplicities,
    )


def _compare_spectrum(network: DenseNetwork, weights: Any, expected: list[tuple[Any, int]]) -> tuple[int, bool | None]:
    tolerance = 12
    claimed = sorted(expected)
    distinct = group_with_multiplicity([value for value, count in claimed for _ in range(count)], tolerance)
    if len(weights) * len(weights[0]) <= _ALL_EIGENVALUES:
        found = group_with_multiplicity(network.eigenvalues(weights), tolerance)
        multiplicities: bool | None = [n for _, n in found] == [n for _, n in distinct]
    else:
        found = [(value, 0) for value, _ in group_with_multiplicity(network.distinct_eigenvalues(weights), tolerance)]
        multiplicities = None
    if len(found) != len(distinct):
        return 0, False
    return min(_agreement(network, x, y) for (x, _), (y, _) in zip(distinct, found, strict=True)), multiplicities


def _agreement(network: DenseNetwork, x: Any, y: Any) -> int:
    """Decimal places on which two numbers agree, at most the digits of the network."""
    difference = abs(x - y)
    return _DIGITS if difference == 0 else min(_DIGITS, int(-network.mp.log10(difference)))
