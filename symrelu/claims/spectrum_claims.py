"""Claims on Hessian spectra for large d: their limits, how many eigenvalues grow, where families differ."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Integer, Rational, pi

from symrelu.analysis.expansion import S
from symrelu.claims.global_claims import eigenvalues_at_large_d
from symrelu.claims.shared import (
    D,
    Eigenvalues,
    disagreement,
    eigenvalues,
    equal,
    gathered,
    normal,
    shared_family,
    truncated,
)
from symrelu.claims.verdict import Verdict, judge

SPURIOUS = ("A", "I", "II")
BULK = (Rational(1, 4) - 1 / (2 * pi), Rational(1, 4) + 1 / (2 * pi))  # where all but O(d) eigenvalues concentrate

# The spectrum modulo O(d^(-1/2)): multiplicity and value.
LIMITING_SPECTRUM: tuple[tuple[Any, Any], ...] = (
    (D * (D - 1) / 2, Rational(1, 4) - 1 / (2 * pi)),
    (D * (D - 3) / 2, Rational(1, 4) + 1 / (2 * pi)),
    (D - 1, Rational(1, 4)),
    (D - 1, (D + 1) / 4),
    (Integer(1), D / 4 + 1 / (2 * pi) + pi / (4 * (pi - 2))),
    (Integer(1), D / (2 * pi) + Rational(1, 2) - 1 / (2 * pi) - pi / (4 * (pi - 2))),
)

_SERIES = "d -> infinity (exact series)"
_CERTIFIED_D = range(20, 101, 10)


def limiting_spectrum() -> Verdict:
    """AF21-spectrum: every eigenvalue modulo O(s) at global, A, I, II, with multiplicities as polynomials in d."""
    expected = [(n, value.subs(D, S**-2)) for n, value in LIMITING_SPECTRUM]
    failures = []
    if normal(sum(n for n, _ in LIMITING_SPECTRUM) - D**2) != 0:
        failures.append("the claimed multiplicities do not add up to d^2")
    for name in ("global", *SPURIOUS):
        failures += [f"{name}: {difference}" for difference in disagreement(_modulo(name, 1), expected)]
    return judge(
        failures,
        "exact",
        _SERIES,
        "At global, A, I and II the six values, constant terms of the growing ones included, occur with exactly the claimed "
        "multiplicities, polynomials in d that add up to d^2; at global from closed forms, with error O(1/d).",
    )


def coinciding_spectra() -> Verdict:
    """AF21-coincide: A, I, II and M_p with p a symbol against the global minimum, modulo O(s)."""
    reference = _modulo("global", 1)
    failures = [
        f"{name}: {difference}"
        for name in (*SPURIOUS, "M")
        for difference in disagreement(_modulo(name, 1), reference)
    ]
    return judge(
        failures,
        "exact",
        _SERIES,
        "Read as: equal as multisets modulo O(d^(-1/2)), the growing eigenvalues to their constant terms. Holds for A, I, II "
        "and for M_p with p a symbol (p fixed as d grows), against the closed form at the global minimum.",
    )


def skewed_spectrum() -> Verdict:
    """AF20-skew: the number of growing eigenvalues and of those off the two bulk values; certified counts at some d."""
    failures = []
    for name in ("global", *SPURIOUS):
        values = _modulo(name, 1)
        growing = sum(n for n, value in values if value.coeff(S, -2) != 0)
        bulk = sum(n for n, value in values if any(equal(value, limit) for limit in BULK))
        if sympy.degree(sympy.expand(growing), D) != 1:
            failures.append(f"{name}: {sympy.factor(growing)} eigenvalues grow linearly")
        if sympy.degree(sympy.expand(D**2 - bulk), D) > 1:
            failures.append(f"{name}: only {sympy.factor(bulk)} eigenvalues tend to the two bulk values")
        if not equal(growing, D + 1) or not equal(bulk, D**2 - 2 * D):
            failures.append(f"{name}: {sympy.factor(growing)} growing and {sympy.factor(bulk)} bulk eigenvalues")
        failures += [f"{name} at d = {d}: not {d + 1} large eigenvalues" for d in _CERTIFIED_D if not _is_skewed(name, d)]
    return judge(
        failures,
        "exact",
        f"{_SERIES}; d = 20, 30, ..., 100 certified",
        "At global, A, I and II exactly d + 1 eigenvalues grow (d of them like d/4, one like d/(2 pi)), the other d^2 - d - 1 "
        "are bounded, and all but 2d tend to 1/4 - 1/(2 pi) or 1/4 + 1/(2 pi). Certified at d = 20, 30, ..., 100: d + 1 "
        "eigenvalues above d/8, the rest in (0, 3/5).",
    )


def _is_skewed(name: str, d: int) -> bool:
    spectrum: Any = shared_family(name).spectrum(d=d)
    large = sum(int(c.dimension) for c in spectrum.components for value in c.eigenvalues if value > d / 8)
    small = sum(int(c.dimension) for c in spectrum.components for value in c.eigenvalues if 0 < value and value < 0.6)
    return large == d + 1 and large + small == d * d


def split_of_families() -> Verdict:
    """HM-split: limits of the loss, spectra modulo O(s) and the coefficients of s."""
    failures = []
    for name, vanishes in (("A", False), ("I", False), ("II", True)):
        if (shared_family(name).expand(1).to_sympy("loss") == 0) != vanishes:
            failures.append(f"{name}: the loss {'does not tend' if vanishes else 'tends'} to 0")
    for name in ("A", "I"):
        failures += [f"{name} and II: {text}" for text in disagreement(_modulo(name, 1), _modulo("II", 1))]
        if not disagreement(_modulo(name, 2), _modulo("II", 2)):
            failures.append(f"the spectra of {name} and II agree to O(1/d)")
    shifts = "; ".join(f"{name}: {_bulk_shifts(name)}" for name in SPURIOUS)
    return judge(
        failures,
        "exact",
        _SERIES,
        "A and I: loss -> 1/2 - 1/pi; II: loss -> 0. Their spectra agree as multisets modulo O(d^(-1/2)) and differ at that "
        f"order, already in the coefficient of d^(-1/2) of the x and y eigenvalues: {shifts}. (Which family gradient methods "
        "avoid is a matter of the search.)",
    )


def _bulk_shifts(name: str) -> str:
    spectrum: Any = shared_family(name).spectrum(order=2)
    shifts = [sympy.factor(spectrum.to_sympy(kind)[0].coeff(S, 1)) for kind in ("x1", "y1")]
    return " and ".join(str(shift) for shift in shifts)


def _modulo(name: str, order: int) -> Eigenvalues:
    """The eigenvalues modulo s^order (order 1 or 2), equal ones gathered."""
    if name == "global":
        return gathered(truncated(eigenvalues_at_large_d(), order))
    # With p a symbol, order 1 is all that is used, and order 2 would cost twice as much.
    return gathered(truncated(eigenvalues(name, 1 if name == "M" else 2), order))
