"""What is left of a value when its series is cut off, near s = 0 and on tubes."""

from __future__ import annotations

from typing import Any

from flint import arb, arb_poly

from symrelu.analysis.series_problem import Terms
from symrelu.analysis.tube import Tube
from symrelu.arithmetic.laurent import LaurentDomain, LaurentModel
from symrelu.arithmetic.taylor import TaylorModel


def balls(terms: Terms) -> dict[int, arb]:
    """Balls around the coefficients of a series, by powers."""
    return {power: coefficient.ball() for power, coefficient in terms.items()}


def laurent_polynomial(domain: LaurentDomain, terms: dict[int, arb], below: int) -> LaurentModel:
    """sum_{j < below} a_j s^j."""
    start = min(terms, default=0)
    return LaurentModel(domain, start, arb_poly([terms.get(j, arb(0)) for j in range(start, below)]))


def tail_on_tube(tube: Tube, value: Any, terms: dict[int, arb], N: int, ramification: int) -> arb:
    """All values of (value - sum_{j<N} a_j s^j) / s^N on a tube."""
    rest, s = tube.domain.constant(value), _variable(tube, ramification)
    for power, coefficient in terms.items():
        if power < N:
            rest = rest - coefficient * _power(tube, s, power)
    return (rest / _power(tube, s, N)).range()


def _variable(tube: Tube, ramification: int) -> TaylorModel:
    """s = d^(-1/(2 ramification)) on a tube, whose own variable is d^(-1/2)."""
    variable = tube.domain.variable()
    return variable if ramification == 1 else variable.sqrt()


def _power(tube: Tube, s: TaylorModel, power: int) -> TaylorModel:
    result = tube.domain.constant(1)
    for _ in range(abs(power)):
        result = result * s
    return result if power >= 0 else 1 / result
