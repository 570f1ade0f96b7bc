"""The series of a family by whichever route its leading terms allow: exact over a field, or in certified balls."""

from __future__ import annotations

from dataclasses import replace

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.branch import BranchEnds
from symrelu.analysis.derivation import PATIENT_ATTEMPTS, Derivation, LeadingTerms
from symrelu.analysis.leading_sources import NumericalSource
from symrelu.family.definition import Definition

SeriesDerivation = Derivation | BallDerivation


def derive(definition: Definition, source: LeadingTerms) -> SeriesDerivation:
    """A derivation that is known to have a start; ArithmeticError says why there is none.

    Exact leading terms are tried first, then symbols for them (BallDerivation), then more exact terms, which cost more.
    """
    if not isinstance(source, NumericalSource):
        return _started(Derivation(definition, source))
    reasons = list[str]()
    routes = (
        lambda: _started(Derivation(definition, source)),
        lambda: BallDerivation(replace(definition, ramification=source.ramification), source.series),
        lambda: _started(Derivation(definition, source, PATIENT_ATTEMPTS)),
    )
    for route in routes:
        try:
            return route()
        except BranchEnds:
            raise
        except ArithmeticError as error:
            reasons.append(str(error))
    raise ArithmeticError(f"{reasons[0]}; nor with symbols for them: {reasons[1]}")


def _started(derivation: Derivation) -> Derivation:
    assert derivation.field is not None  # finds the leading terms
    return derivation
