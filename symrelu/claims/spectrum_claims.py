"""Claims on Hessian spectra for large d: their limits, how many eigenvalues grow, where families differ."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Integer, Rational, pi

from symrelu.analysis.expansion import S
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import ends, round_up
from symrelu.claims.global_claims import eigenvalues_at_large_d
from symrelu.claims.shared import (
    D,
    Eigenvalues,
    disagreement,
    eigenvalues,
    equal,
    gathered,
    shared_family,
    spectrum_series,
    theorem,
    truncated,
)
from symrelu.claims.verdict import Verdict, judge

SPURIOUS = ("A", "I", "II")
BULK = (Rational(1, 4) - 1 / (2 * pi), Rational(1, 4) + 1 / (2 * pi))  # the small constants of AF20-skew

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
    if not equal(sum(n for n, _ in LIMITING_SPECTRUM), D**2):
        failures.append("the claimed multiplicities do not add up to d^2")
    for name in ("global", *SPURIOUS):
        failures += [f"{name}: {text}" for text in disagreement(_modulo(name, 1), expected)]
    ranges = ", ".join(f"{theorem(name).low} ({name})" for name in SPURIOUS)
    errors = ", ".join(f"{_largest_error(name)} d^(-1/2) at {name}" for name in SPURIOUS)
    return judge(
        failures,
        "certified",
        f"{_SERIES}; certified for every real d >= {ranges}",
        "At global, A, I and II the six values, with the constant terms of those that grow, occur with exactly the "
        "claimed multiplicities, polynomials in d that add up to d^2. At global they come from closed forms, and the "
        f"error is O(1/d). Elsewhere the error of each eigenvalue is at most {errors}.",
    )


def _largest_error(name: str) -> str:
    """The largest C_1 of an eigenvalue: it differs from its terms below s^1 by at most C_1 s."""
    proved = theorem(name).constants
    assert proved is not None
    if proved.missing:
        raise Undecided(f"{name}: {proved.missing}")
    return round_up(max(ends(row[0])[1] for value, row in proved.bounds.items() if " " in value))


def coinciding_spectra() -> Verdict:
    """AF21-coincide: A, I, II and M_p with p a symbol against the global minimum, modulo O(s)."""
    reference = _modulo("global", 1)
    failures = [
        f"{name} against global: {text}"
        for name in (*SPURIOUS, "M")
        for text in disagreement(_modulo(name, 1), reference)
    ]
    return judge(
        failures,
        "exact",
        _SERIES,
        "Read as: equal as multisets modulo O(d^(-1/2)), those that grow to their constant terms. So it is for A, I, "
        "II and for M_p with p a symbol (fixed as d grows), against the closed form at the global minimum.",
    )


def skewed_spectrum() -> Verdict:
    """AF20-skew: how many eigenvalues grow and how many tend to the bulk values; certified counts at some d."""
    failures, counts = [], dict[str, list[str]]()
    for name in ("global", *SPURIOUS):
        values = _modulo(name, 1)
        growing: Any = sympy.factor(sum(n for n, value in values if value.coeff(S, -2) != 0))
        others: Any = sympy.factor(D**2 - sum(n for n, value in values if any(equal(value, limit) for limit in BULK)))
        if sympy.Poly(growing, D).degree() != 1:
            failures.append(f"{name}: {growing} eigenvalues grow, not Theta(d)")
        if sympy.Poly(others, D).degree() > 1:
            failures.append(f"{name}: {others} eigenvalues do not tend to the bulk values, not O(d)")
        for d in _CERTIFIED_D:
            large, small = _large_and_small(name, d)
            if large != growing.subs(D, d) or large + small != d * d:
                failures.append(f"{name} at d = {d}: {large} eigenvalues are above d/8, {small} between 0 and 3/5")
        text = f"{growing} eigenvalues grow linearly, all but {others} tend to the bulk values"
        counts.setdefault(text, []).append(name)
    return judge(
        failures,
        "exact",
        f"{_SERIES}; some d in [20, 100] certified",
        "; ".join(f"{', '.join(names)}: {text}" for text, names in counts.items())
        + " 1/4 - 1/(2 pi) and 1/4 + 1/(2 pi), which is the reading of 'small constants' here. Certified at d = 20, "
        "30, ..., 100: so many eigenvalues lie above d/8, all others between 0 and 3/5.",
    )


def _large_and_small(name: str, d: int) -> tuple[int, int]:
    """Certified numbers of eigenvalues above d/8 and in (0, 3/5)."""
    spectrum: Any = shared_family(name).spectrum(d=d)
    found = [(int(c.dimension), value) for c in spectrum.components for value in c.eigenvalues]
    large = sum(n for n, value in found if value * 8 > d)
    return large, sum(n for n, value in found if value > 0 and value * 5 < 3)


def split_of_families() -> Verdict:
    """HM-split: limits of the loss, spectra modulo O(s) and the coefficients of s."""
    failures = []
    for name, vanishes in (("A", False), ("I", False), ("II", True)):
        if (shared_family(name).expand(1).to_sympy("loss") == 0) != vanishes:
            failures.append(f"{name}: the loss {'does not tend' if vanishes else 'tends'} to 0")
    for name in ("A", "I"):
        failures += [f"{name} against II: {text}" for text in disagreement(_modulo(name, 1), _modulo("II", 1))]
        if not disagreement(_modulo(name, 2), _modulo("II", 2)):
            failures.append(f"the spectra of {name} and II agree to O(1/d)")
    shifts = "; ".join(f"{name} {_bulk_shifts(name)}" for name in SPURIOUS)
    return judge(
        failures,
        "exact",
        _SERIES,
        "A and I: the loss tends to 1/2 - 1/pi; II: to 0. Their spectra agree as multisets modulo O(d^(-1/2)) and "
        f"differ at that order, first in the coefficients of d^(-1/2) of the x and y eigenvalues: {shifts}. (Which "
        "families gradient methods avoid is not part of this check.)",
    )


def _bulk_shifts(name: str) -> str:
    spectrum = spectrum_series(name, 2)
    return " and ".join(str(sympy.factor(spectrum.to_sympy(kind)[0].coeff(S, 1))) for kind in ("x1", "y1"))


def _modulo(name: str, order: int) -> Eigenvalues:
    """The eigenvalues modulo s^order (order 1 or 2), equal ones gathered."""
    if name == "global":
        return gathered(truncated(eigenvalues_at_large_d(), order))
    # With p a symbol order 1 is all that is used; order 2 would take much longer.
    return gathered(truncated(eigenvalues(name, 1 if name == "M" else 2), order))
