"""The series of a family by whichever route its leading terms allow: exact over a field, or in certified balls."""

from __future__ import annotations

from dataclasses import replace

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.derivation import Derivation, LeadingTerms
from symrelu.analysis.leading_sources import NumericalSource
from symrelu.family.definition import Definition

SeriesDerivation = Derivation | BallDerivation


def derive(definition: Definition, source: LeadingTerms) -> SeriesDerivation:
    """A derivation that is known to have a start; ArithmeticError says why there is none."""
    derivation = Derivation(definition, source)
    try:
        assert derivation.field is not None  # finds the leading terms
    except ArithmeticError as error:
        if not isinstance(source, NumericalSource):
            raise
        try:
            return BallDerivation(replace(definition, ramification=source.ramification), source.series)
        except ArithmeticError as other:
            raise ArithmeticError(f"{error}; nor in balls: {other}") from None
    return derivation
