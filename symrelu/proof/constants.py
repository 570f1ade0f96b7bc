"""Explicit constants: |value - sum_{j<N} a_j s^j| <= C_N s^N for all d >= d_1, for the entries and the loss.

Next to infinity the Taylor model of a value minus its series starts at s^N, and what is left divided by s^N has a bound
on the whole interval. On the tubes s is bounded away from 0, and the same quotient is bounded directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.loss_series import loss_terms
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.laurent import LaurentModel
from symrelu.arithmetic.precision import working
from symrelu.family.reduced import loss
from symrelu.proof import near_infinity
from symrelu.proof.eigenvalue_constants import eigenvalue_constants
from symrelu.proof.near_infinity import NearInfinity
from symrelu.proof.truncation import balls, laurent_polynomial, tail_on_tube


@dataclass(frozen=True)
class Constants:
    """`bounds[value][N - 1]` is C_N, an upper bound, N = 1..order; values are entries, "loss", and "type eigenvalue i".

    `missing` says what has no constants, and why.
    """

    order: int
    bounds: dict[str, list[arb]]
    missing: dict[str, str]


def constants(near: NearInfinity, tubes: list[Tube], derivation: SeriesDerivation, order: int) -> Constants:
    """C_N for N = 1..order, valid for all d on the tubes and beyond; Undecided where a bound is not finite."""
    bounds: dict[str, list[arb]] = {}
    for i, name in enumerate(near.definition.shape.names):
        models = [tube.entries[i] for tube in tubes]
        terms = dict(enumerate(near.series[name]))
        bounds[name] = _value_constants(near.entries[i], terms, near, tubes, models, order)
    with working(near_infinity.BITS):
        value = near.domain.constant(loss(near.table)) / (2 * arb.pi())
        terms = balls(loss_terms(derivation, order))
    with working(BITS):
        models = [tube.domain.constant(loss(tube.table)) / (2 * arb.pi()) for tube in tubes]
    bounds["loss"] = _value_constants(value, terms, near, tubes, models, order)
    eigenvalues, missing = eigenvalue_constants(near, tubes, derivation, order)
    return Constants(order, bounds | eigenvalues, missing)


def _value_constants(
    model: LaurentModel, terms: dict[int, arb], near: NearInfinity, tubes: list[Tube], models: list[Any], order: int
) -> list[arb]:
    """C_1, ..., C_order of one value from its model at infinity, its exact series, and its models on the tubes."""
    bounds = []
    for N in range(1, order + 1):
        with working(near_infinity.BITS):
            rest = model - laurent_polynomial(near.domain, terms, N)
            bound = rest.without(list(range(rest.valuation, N))).shifted(-N).range().abs_upper()
        with working(BITS):
            for tube, value in zip(tubes, models, strict=True):
                bound = arb.max(bound, tail_on_tube(tube, value, terms, N, near.definition.ramification).abs_upper())
        bounds.append(bound.abs_upper())
    return bounds
