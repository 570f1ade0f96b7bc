"""Claims on the exact series of A, I and II: that there are such series, and their coefficients."""

from __future__ import annotations

from typing import Any

from sympy import Rational, pi

from symrelu.analysis.expansion import S
from symrelu.arithmetic.reals import certain_digits
from symrelu.claims.shared import constant, equal, point, shared_family, theorem
from symrelu.claims.verdict import Verdict, judge

SERIES_FAMILIES = ("A", "I", "II")
SERIES_ORDER = 12
LOSS_COEFFICIENT_II = Rational(1, 2) - 2 / pi**2  # of 1/d
LOSS_NEAR, LOSS_TOLERANCE = 0.3, 0.01
DIAGONAL_II = 1 + 8 / pi * S**4 - 320 / (3 * pi**3 * (pi - 2)) * S**5  # all terms below s^6

_FORMAL = "d -> infinity (exact series)"
_LARGE_D = 10**4


def power_series() -> Verdict:
    """AF21-series: derive, substitute back, compare with numbers."""
    failures, agreements = [], []
    for name in SERIES_FAMILIES:
        expansion = shared_family(name).expand(SERIES_ORDER, check=True)
        check: Any = expansion.check
        if min(min(terms, default=0) for terms in expansion.parameters.values()) < 0:
            failures.append(f"{name} has a negative power of s")
        if check.residual_order < check.claimed_order:
            failures.append(f"{name}: the residual of the series does not vanish at s^{check.residual_order}")
        if not check.agreement:
            failures.append(f"{name}: at d = {check.numeric_d} the error of the series is not its next terms")
        agreements.append(f"{check.digits} ({name})")
    return judge(
        failures,
        "exact",
        "formal series, all orders",
        f"Read as formal series: every entry is one in s = d^(-1/2) over Q(pi), derived below s^{SERIES_ORDER} with "
        "zero residual when substituted back; lifting (Hensel) determines all further coefficients uniquely. "
        f"Convergence is not claimed. Digits shared with a numerical solution at d = 10^8: {', '.join(agreements)}.",
    )


def loss_of_ii() -> Verdict:
    """AF21-loss-II: the first coefficient of the loss, and d times the loss at one large d."""
    loss = _loss("II", 3)
    coefficient = loss.coeff(S, 2)
    failures = []
    if not equal(loss, LOSS_COEFFICIENT_II * S**2):
        failures.append(f"loss = {loss} + O(s^3), expected ({LOSS_COEFFICIENT_II})*s^2")
    if not abs(float(coefficient) - LOSS_NEAR) < LOSS_TOLERANCE:
        failures.append(f"the coefficient {float(coefficient):.5f} of 1/d is not near {LOSS_NEAR}")
    return judge(
        failures,
        "certified",
        f"{_FORMAL}; certified for every real d >= {theorem('II').low}",
        f"loss = a/d + O(d^(-3/2)) with a = 1/2 - 2/pi^2 = {float(coefficient):.6f}, exactly; the error is at most "
        f"{constant('II', 'loss', 3)} d^(-3/2). Certified at d = {_LARGE_D}: "
        f"d * loss = {certain_digits(point('II', _LARGE_D).loss * _LARGE_D, 8)}.",
    )


def loss_of_a_and_i() -> Verdict:
    """AF21-loss-AI: the constant terms of the loss, which are to be positive."""
    limits, failures = [], []
    for name in ("A", "I"):
        terms = shared_family(name).expand(1).loss
        if min(terms, default=1) != 0 or terms[0].sign() <= 0:
            failures.append(f"{name}: the loss does not tend to a positive constant")
            continue
        limit = terms[0].to_sympy()
        at_large_d = certain_digits(point(name, _LARGE_D).loss, 8)
        limits.append(
            f"{name}: {terms[0]!r} = {float(limit):.6f}, up to {constant(name, 'loss', 1)} d^(-1/2) for every real d >= "
            f"{theorem(name).low} (at d = {_LARGE_D}: {at_large_d})"
        )
    over = f"{_FORMAL}; certified for every real d >= {theorem('A').low} (A), {theorem('I').low} (I)"
    return judge(failures, "certified", over, f"Limits of the loss, exactly: {'; '.join(limits)}.")


def diagonal_of_ii() -> Verdict:
    """AF-II-coeff: all terms of diag1 below s^6."""
    found = shared_family("II").expand(6).to_sympy("diag1")
    failures = [] if equal(found, DIAGONAL_II) else [f"diag1 = {found} + O(s^6), expected {DIAGONAL_II}"]
    return judge(
        failures, "exact", _FORMAL, "All coefficients of diag1 below s^6, s = d^(-1/2), are as claimed, zeros included."
    )


def _loss(name: str, order: int) -> Any:
    return shared_family(name).expand(order).to_sympy("loss")
