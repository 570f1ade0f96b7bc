"""The exact series of the loss, from the truncated series of the entries."""

from __future__ import annotations

from typing import Any

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.derivation import Derivation
from symrelu.analysis.series_problem import Terms, series_point
from symrelu.arithmetic.precision import working
from symrelu.family.isotypic import isotypic_action, isotypic_basis
from symrelu.family.reduced import loss
from symrelu.family.system import TRIVIAL


def loss_terms(derivation: Derivation | BallDerivation, order: int) -> Terms:
    """All coefficients of s^j, j < order, of the loss.

    The gradient vanishes on the branch, so truncating the entries changes the loss only by delta^T H delta / 2: about
    half the order of the loss is enough of the entries. How much exactly is read off the valuations of H.
    """
    definition, field = derivation.definition, derivation.field
    terms = derivation.terms(_enough(derivation, order))
    with working(derivation.bits):
        point = series_point(definition, field, terms)
        two_pi, start = field.pi * 2, derivation.loss_start()
        return {j: c / two_pi for j, c in point.arithmetic.head(loss(point.table), order).items() if j >= start}


def _enough(derivation: Derivation | BallDerivation, order: int) -> int:
    """The least N such that entries known below s^N give the loss below s^order."""
    definition = derivation.definition
    if definition.exact_point is not None:
        return order
    # Valuations of H in entries (with orbit sizes), bounded below at the leading terms.
    known = 4 * definition.ramification
    point = series_point(definition, derivation.field, derivation.terms(known))
    matrix, _ = isotypic_action(point.table, TRIVIAL)
    basis = isotypic_basis(point.table, TRIVIAL)
    lowest = min(
        _start(vector.norm) + _start(entry) for row, vector in zip(matrix, basis, strict=True) for entry in row
    )
    return max(known, (order - lowest + 1) // 2)


def _start(x: Any) -> int:
    return getattr(x, "start", 0)
