"""An independent check of a splitting: the predicted directions in the dense Hessian of the split point, in mpmath.

Row i of the critical point becomes the copies lambda w_i and (1 - lambda) w_i. With v an eigenvector of H_ii - I/2, the
Rayleigh quotient of (v, -v) is (1/lambda + 1/(1 - lambda)) / 2 times the eigenvalue, and for lambda = 1/2 the vector is an
eigenvector of the whole Hessian. Weights and eigenvalues are taken from the family, v from a dense block of k = d.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.analysis.dense_check import CHECKED_DIGITS, dense_teacher, dense_weights
from symrelu.analysis.point import CriticalPoint
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import decimal
from symrelu.model.dense import DenseNetwork

_DIGITS = 50
_LARGEST = 182  # weights of a split point that is checked: d = 13, k = 14
_SHARES = (Fraction(1, 2), Fraction(1, 3))


@dataclass(frozen=True)
class SplitCheck:
    """Digits on which the dense network agrees: Rayleigh quotients of (v, -v), eigenvectors, and the gradient's zero.

    `directions` is the number of pairs (row orbit, eigenvector v of H_ii - I/2) tried, each with every share lambda.
    """

    quotients: int
    eigenvectors: int
    gradient: int
    directions: int
    digits: int = _DIGITS

    @property
    def passed(self) -> bool:
        return min(self.quotients, self.eigenvectors, self.gradient) >= 15 and self.directions > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "quotients": self.quotients,
            "eigenvectors": self.eigenvectors,
            "gradient": self.gradient,
            "directions": self.directions,
            "digits": self.digits,
        }

    def to_text(self) -> str:
        return (
            f"  check: dense network at {self.digits} digits, {self.directions} directions (v, -v) at split points: "
            f"agreement to {self.quotients} digits in the second derivatives, {self.eigenvectors} in the eigenvectors, "
            f"{self.gradient} in the gradient"
        )


def check_splitting(point: CriticalPoint, expected: Iterable[tuple[int, list[tuple[arb, int]]]]) -> SplitCheck:
    """Split a row of each orbit (numbered from 1) in the dense network, and look for the expected eigenvalues there.

    `expected` gives the eigenvalues of H_ii - I/2 with their multiplicities, for one row of each orbit. UsageError where
    there is no network, or one too large.
    """
    definition = point.definition
    if not point.is_network:
        raise UsageError(f"--check needs an integer d: there is no dense network at d = {point.d}")
    d = int(point.d)
    neurons = int(definition.shape.neurons.at(point.d))
    inputs = int(definition.shape.inputs.at(point.d))
    if (neurons + 1) * inputs > _LARGEST:
        raise UsageError(f"--check splits one of {neurons} x {inputs} weights; it goes up to {_LARGEST} in all")
    network = DenseNetwork(dense_teacher(definition, d), digits=_DIGITS)
    digits = max(point.digits, CHECKED_DIGITS)
    weights = dense_weights(definition, d, {name: decimal(ball, digits) for name, ball in point.parameters.items()})
    rows = [[network.mp.convert(x) for x in row] for row in weights]
    places = [0]
    for orbit in definition.shape.rows:
        places.append(places[-1] + (1 if orbit.attached is None else int(definition.sizes(point.d)[orbit.attached])))
    found = [_at_row(network, rows, places[orbit - 1], values, digits) for orbit, values in expected]
    worst = [min(column) for column in zip(*(agreement for agreement, _ in found), strict=True)]
    return SplitCheck(*worst, directions=sum(count for _, count in found))


def _at_row(
    network: DenseNetwork, rows: list[list[Any]], i: int, expected: list[tuple[arb, int]], digits: int
) -> tuple[tuple[int, int, int], int]:
    """The least agreements in quotients, eigenvectors and gradient, and the number of eigenvectors."""
    mp = network.mp
    values = sorted(mp.convert(decimal(value, digits)) for value, count in expected for _ in range(count))
    n = len(rows[i])
    H = network.hessian(rows)
    own = mp.matrix([[H[i * n + p, i * n + q] - (mp.mpf(1) / 2 if p == q else 0) for q in range(n)] for p in range(n)])
    _, vectors = mp.eigsy(own)
    quotients, eigenvectors, gradients = [], [], []
    for share in _SHARES:
        first = mp.mpf(share.numerator) / share.denominator
        split = [*rows[:i], [first * x for x in rows[i]], [(1 - first) * x for x in rows[i]], *rows[i + 1 :]]
        gradients.append(max(abs(x) for row in network.gradient(split) for x in row))
        H = network.hessian(split)
        factor = (1 / first + 1 / (1 - first)) / 2
        for m, value in enumerate(values):
            v = [vectors[p, m] / mp.sqrt(2) for p in range(n)]
            direction = [0] * (i * n) + v + [-x for x in v] + [0] * ((len(split) - i - 2) * n)
            image = list(H * mp.matrix(direction))
            quotients.append(abs(mp.fdot(image, direction) - factor * value))
            if share == Fraction(1, 2):
                eigenvectors.append(max(abs(x - factor * value * y) for x, y in zip(image, direction, strict=True)))
    return (_digits(mp, quotients), _digits(mp, eigenvectors), _digits(mp, gradients)), len(values)


def _digits(mp: Any, differences: list[Any]) -> int:
    largest = max(differences)
    return _DIGITS if largest == 0 else min(_DIGITS, int(-mp.log10(largest)))
