"""Checking an expansion by two routes: substitution back (exact), and numbers at d = 10^8."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.branch import Branch
from symrelu.analysis.derivation import Derivation
from symrelu.analysis.expansion import Expansion, SeriesCheck
from symrelu.analysis.series_problem import Terms, series_point
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import digits_to_bits
from symrelu.family.isotypic import isotypic_action
from symrelu.family.reduced import gradient
from symrelu.family.system import TRIVIAL

_LEAST_ORDER = 6
_NUMERIC_D = 10**8  # s = 10^-4: one more term of the series is four more digits


def check_expansion(expansion: Expansion, derivation: Derivation | BallDerivation, branch: Branch | None) -> Expansion:
    """The expansion with its check filled in; `branch` is None where p is a symbol and there are no numbers."""
    with working(derivation.bits):
        residual, claimed = _residual_order(expansion, derivation)
    unique = derivation.is_regular()
    if branch is None:
        return replace(expansion, check=SeriesCheck(residual, claimed, unique, None, None, None))
    digits, agreement = _numerical_agreement(expansion, derivation, branch)
    return replace(expansion, check=SeriesCheck(residual, claimed, unique, _NUMERIC_D, digits, agreement))


def _residual_order(expansion: Expansion, derivation: Derivation | BallDerivation) -> tuple[int, int]:
    """The least power at which some component of the gradient of the truncation is not zero, and where it may be.

    The truncation is put into the gradient afresh, as a polynomial in s: an error O(s^N) of the entries gives a
    residual O(s^(N + v)), v the least valuation of the Jacobian. (Below s^6 the truncation may be singular, without
    the leading terms of its small angles; then the one at s^6 is tested.)
    """
    order = max(expansion.order, _LEAST_ORDER * expansion.definition.ramification)
    terms = expansion.parameters if order == expansion.order and expansion.exact else derivation.terms(order)
    point = series_point(expansion.definition, expansion.field, terms)
    jacobian = isotypic_action(point.table, TRIVIAL)[0]
    claimed = order + min((x.start for row in jacobian for x in row if hasattr(x, "start")), default=0)
    for power in range(min(claimed, 0), claimed):
        for component in gradient(point.table):
            if hasattr(component, "coefficient") and not component.vanishes_at(power):
                return power, claimed
    return claimed, claimed


def _numerical_agreement(
    expansion: Expansion, derivation: Derivation | BallDerivation, branch: Branch
) -> tuple[int, bool]:
    """Digits of agreement at d = 10^8, and whether every difference is what the next two terms predict.

    The numerical solution has 4 (N + 1) + 20 digits, so that rounding plays no part.
    """
    order = expansion.order
    digits = digits_of_check(expansion.order)
    bits = digits_to_bits(digits)
    point = branch.approx(Fraction(_NUMERIC_D), bits)
    longer = derivation.terms(order + 2)
    agreements, fine = list[int](), True
    with working(bits + 16 * (order + 2)):  # the coefficients are large sums that cancel
        s = 1 / arb(_NUMERIC_D).root(2 * expansion.definition.ramification)
        for name, numerical in zip(expansion.definition.shape.names, point, strict=True):
            difference = numerical - _sum(expansion.parameters[name], s)
            following = {j: c for j, c in longer[name].items() if j >= order}
            # What is left are terms from s^(order + 2) on, s^2 = 10^-8: 10^4 allows for the growth of the coefficients.
            scale = sum((abs(c.ball()).abs_upper() for c in following.values()), arb(1))
            fine = fine and bool(abs(difference - _sum(following, s)) < s ** (order + 2) * 10**4 * scale)
            agreements.append(_digits(difference))
    return min(digits, *agreements), fine


def digits_of_check(order: int) -> int:
    """Digits of the numerical solution: enough for rounding to play no part against the terms left out."""
    return 4 * (order + 1) + 20


def _sum(terms: Terms, s: arb) -> arb:
    return sum((c.ball() * s**j for j, c in terms.items()), arb(0))


def _digits(difference: Any) -> int:
    """-log10 |difference|, rounded down."""
    if difference.mid().is_zero():
        return 10**6  # more than any number of digits that is asked for
    return int(float((-abs(difference).mid().log() / arb(10).log()).mid()))
