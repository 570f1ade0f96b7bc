"""A family's point as exact truncated series, for quantities that lose terms: expanded as far as these turn out to need."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.series_problem import SeriesPoint, series_point
from symrelu.arithmetic.online import PrecisionExhausted

Answer = TypeVar("Answer")


class SeriesPoints:
    """The points of one derivation, entries known below s^order, kept by order.

    ArithmeticError where the coefficients are balls: a ball around zero hides where a series starts, and so the order of
    every quotient and the separation of eigenvalues.
    """

    def __init__(self, derivation: SeriesDerivation) -> None:
        self.field = derivation.field
        self.definition = derivation.definition  # what s is may only be known now
        if not self.field.exact:
            raise ArithmeticError(
                f"the coefficients of {self.definition.name} are balls: eigenvalue series are derived only over exact "
                "fields; give --d D (or spectrum --limit)"
            )
        self._derivation = derivation
        self._points: dict[int, SeriesPoint] = {}

    def read(self, compute: Callable[[SeriesPoint], Answer], known: int) -> Answer:
        """What `compute` finds of coefficients of s^j, j < known: at the point of the least order that it is content with."""
        order = known + 4 * self.definition.ramification  # sums over rows and columns lose about d^2
        while True:
            try:
                return compute(self._at(order))
            except PrecisionExhausted:
                order += 2

    def _at(self, order: int) -> SeriesPoint:
        if order not in self._points:
            terms = self._derivation.terms(order)
            self._points[order] = series_point(self.definition, self.field, terms, known=order)
        return self._points[order]
