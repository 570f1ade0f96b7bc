"""The least eigenvalue of the Hessian of a family: certified at one d, and its limit as d grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from flint import arb

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.leading import interpolated_coefficients, numerical_series
from symrelu.analysis.limit_spectrum import limit_eigenvalues
from symrelu.analysis.point import CriticalPoint, enclose_point
from symrelu.arithmetic.outcome import Undecided

_STEP, _POINTS = 24, 8  # the limit is read off at s = j 2^-24
_AGREEMENT = arb(10) ** -12  # of the limits read off from 7 and from 8 points


@dataclass(frozen=True)
class Limit:
    """A limit for d to infinity; "numeric" ones are extrapolated, their radius is what two extrapolations differ by."""

    value: arb
    evidence: Literal["certified", "numeric"]


def least_eigenvalue(point: CriticalPoint) -> arb:
    """A ball with the least eigenvalue of the Hessian on all components that occur at this d."""
    return _least(component.eigenvalues[0] for component in point.components if component.counts)


def limit_of_least(branch: Branch, derivation: SeriesDerivation | None) -> Limit | None:
    """The limit of the least eigenvalue, certified where the series of the family are derived, else extrapolated.

    None where the branch does not go on, or is no series in d^(-1/2) or d^(-1/4).
    """
    if derivation is not None:
        try:
            return Limit(_least(x.bounded[0] for x in limit_eigenvalues(derivation).values() if x.bounded), "certified")
        except ArithmeticError:
            pass  # the numbers are what is left
    return _extrapolated_limit(branch)


def _least(balls: Iterable[arb]) -> arb:
    least, *others = balls
    for ball in others:
        least = least.min(ball)
    return least


def _extrapolated_limit(branch: Branch) -> Limit | None:
    if branch.definition.exact_point is not None:
        ramification = 1
    else:
        try:
            ramification = numerical_series(branch).ramification
        except ArithmeticError:
            return None
    nodes = [Fraction(j, 2**_STEP) for j in range(1, _POINTS + 1)]
    try:
        values = [
            least_eigenvalue(enclose_point(branch, 1 / s ** (2 * ramification), 60)).mid() for s in reversed(nodes)
        ]
    except (BranchEnds, Undecided):
        return None
    values.reverse()
    limit, other = (interpolated_coefficients(values[:n], _STEP)[0] for n in (_POINTS, _POINTS - 1))
    difference = abs(limit - other).abs_upper()
    return Limit(arb(limit, difference), "numeric") if difference < _AGREEMENT else None
