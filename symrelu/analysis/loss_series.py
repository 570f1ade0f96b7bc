"""The exact series of the loss, from the truncated series of the entries."""

from __future__ import annotations

from typing import Any

from symrelu.analysis.derivation import Derivation
from symrelu.analysis.series_problem import Terms, series_point
from symrelu.family.isotypic import isotypic_action, isotypic_basis
from symrelu.family.reduced import loss
from symrelu.family.system import TRIVIAL


def loss_terms(derivation: Derivation, order: int) -> Terms:
    """All coefficients of s^j, j < order, of the loss.

    The gradient vanishes on the branch, so truncating the entries changes the loss only by delta^T H delta / 2: about
    half the order of the loss is enough of the entries. How much exactly is read off the valuations of H.
    """
    definition, field = derivation.definition, derivation.field
    terms = derivation.terms(_enough(derivation, order))
    point = series_point(definition, field, terms)
    two_pi = field.pi * 2
    return {j: c / two_pi for j, c in point.arithmetic.head(loss(point.table), order).items()}


def _enough(derivation: Derivation, order: int) -> int:
    """The least N such that entries known below s^N give the loss below s^order."""
    definition = derivation.definition
    if definition.exact_point is not None:
        return order
    # Valuations of H in entries (with orbit sizes), bounded below at the leading terms.
    known = 4
    point = series_point(definition, derivation.field, derivation.terms(known))
    matrix, _ = isotypic_action(point.table, TRIVIAL)
    basis = isotypic_basis(point.table, TRIVIAL)
    lowest = min(
        _start(vector.norm) + _start(entry) for row, vector in zip(matrix, basis, strict=True) for entry in row
    )
    return max(known, (order - lowest + 1) // 2)


def _start(x: Any) -> int:
    return getattr(x, "start", 0)
