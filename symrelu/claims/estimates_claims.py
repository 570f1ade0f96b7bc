"""The claim on analytic estimates for the families with one and two more neurons: series of the loss, limits of spectra."""

from __future__ import annotations

from typing import Any

import sympy
from flint import arb, fmpq
from sympy import Rational, pi, sqrt

from symrelu.analysis.expansion import Expansion, S
from symrelu.arithmetic.reals import certain_digits, ends, round_up
from symrelu.claims.minima_claims import least_eigenvalue, rounds_to
from symrelu.claims.shared import limits, point, shared_family
from symrelu.claims.verdict import Verdict, judge

ROOT = sqrt(pi - 2)
_R = sympy.Symbol("R", positive=True)  # for ROOT
# Loss and order for the exact series; in I+1 the parameter is s = d^(-1/4).
EXACT: dict[str, tuple[Any, int]] = {
    "A+1": (
        Rational(1, 2)
        - 1 / pi
        - 4 * S / (3 * pi)
        - (pi**2 - 4 * pi + 2) / pi**2 * S**2
        + 2 * (29 * pi - 30) / (15 * pi**2) * S**3,
        4,
    ),
    "I+1": (
        Rational(1, 2)
        - 1 / pi
        - 4 * S**2 / (3 * pi)
        - ROOT * (pi - 2) / (3 * pi) * S**3
        - (pi**3 + 4 * pi**2 - 48 * pi + 40) / (16 * pi**2) * S**4,
        5,
    ),
}
PARAMETER = {"A+1": "s = d^(-1/2)", "I+1": "s = d^(-1/4)"}
# The coefficient of 1/d in the loss, rounded, for the series in certified balls.
BALLS = {"II+1": "0.26725", "II+2": "0.26719"}
BALL_ORDER = 4
LOSS_OF_II = "0.29736"  # 1/2 - 2/pi^2, with no neuron more
LIMITS = ("A+1", "II+1", "II+2", "I+1")
POINTS = ("A+1", "I+1", "II+1", "I+2", "II+2")
SHOWN_D = (20, 100)


def analytic_estimates() -> Verdict:
    """AF22-estimates: loss as series, the spectrum as limits for d to infinity and as enclosures at some d."""
    failures, agreements, coefficients = [], [], []
    for name, (loss, order) in EXACT.items():
        expansion = shared_family(name).expand(order, check=True)
        failures += _unsound(expansion)
        if not expansion.exact or not _zero(expansion.to_sympy() - loss):
            failures.append(f"{name}: the loss is {expansion.to_sympy()}")
        if expansion.definition.series_parameter != PARAMETER[name] or 3 not in expansion.loss:
            failures.append(f"{name} is not a series in {PARAMETER[name]} with a term in s^3")
        agreements.append(f"{name} {_digits(expansion)}")
    for name, text in BALLS.items():
        expansion = shared_family(name).expand(BALL_ORDER, check=True)
        failures += _unsound(expansion)
        first = expansion.loss[2].ball()
        if min(expansion.loss) != 2 or not rounds_to(first, text):
            failures.append(f"{name}: the loss does not start with {text}/d")
        coefficients.append(
            f"{name} {certain_digits(first, 10)}/d + {certain_digits(expansion.loss[3].ball(), 8)}*d^(-3/2)"
        )
        agreements.append(f"{name} {_digits(expansion)}")
    failures += [f"{name}: {text}" for name in LIMITS for text in _wrong_limits(name)]
    return judge(
        failures,
        "certified",
        "formal series, d -> infinity: A+1, I+1, II+1, II+2; d = 20, 100: I+2 too",
        "Read as: there are such estimates; these are ours, the paper's are not compared. Loss: A+1, exact over Q(pi) in "
        f"{PARAMETER['A+1']}: {_in_words('A+1')}; I+1, exact over Q(pi, sqrt(pi-2)) in {PARAMETER['I+1']}: "
        f"{_in_words('I+1')}. So I+1 is not a power series in d^(-1/2). "
        "II+1 and II+2 in certified balls around the isolated root of an exact system: "
        f"{', '.join(coefficients)}, less than II with {LOSS_OF_II}/d. Substituted back the residuals vanish; digits shared "
        f"with a numerical solution at d = 10^8: {', '.join(agreements)}. Spectrum as d grows: eigenvalues that grow like d, "
        f"and the limits of the others, certified: {'; '.join(map(_limits_in_words, LIMITS))}; x and y tend to 1/4 -+ 1/(2 pi) "
        f"as at the global minimum. Least eigenvalue at d = {', '.join(map(str, SHOWN_D))}: {_least()}. Of I+2 no series was "
        "derived.",
    )


def _unsound(expansion: Expansion) -> list[str]:
    check: Any = expansion.check
    return [] if check.passed else [f"{expansion.definition.name}: the series does not pass its check: {check}"]


def _digits(expansion: Expansion) -> str:
    check: Any = expansion.check
    return str(check.digits)


def _zero(expression: Any) -> bool:
    """Whether a polynomial in s over Q(pi, sqrt(pi - 2)) vanishes.

    With R = sqrt(pi - 2) it is a rational function of R and s; R is transcendental.
    """
    return bool(sympy.cancel(expression.subs(ROOT, _R).subs(pi, _R**2 + 2)) == 0)


def _wrong_limits(name: str) -> list[str]:
    """x and y tend to 1/4 -+ 1/(2 pi)."""
    found = limits(name)
    shift = 1 / (2 * arb.pi())
    return [
        f"{kind} does not tend to {limit}"
        for kind, limit in (("x1", fmpq(1, 4) - shift), ("y1", fmpq(1, 4) + shift))
        if not (len(found[kind].bounded) == 1 and abs(found[kind].bounded[0] - limit) < arb(10) ** -12)
    ]


def _in_words(name: str) -> str:
    return str(EXACT[name][0]).replace("**", "^")


def _limits_in_words(name: str) -> str:
    parts = []
    for kind in ("t", "s1"):
        found = limits(name)[kind]
        bounded = ", ".join(_limit(value) for value in found.bounded)
        parts.append(f"{kind} {len(found.pivots)} growing and {bounded}")
    return f"{name}: {', '.join(parts)}"


def _limit(value: arb) -> str:
    return f"one within {round_up(max(map(abs, ends(value))))} of 0" if value.contains(0) else certain_digits(value, 5)


def _least() -> str:
    return "; ".join(
        f"{name} " + ", ".join(certain_digits(least_eigenvalue(point(name, d)), 5) for d in SHOWN_D) for name in POINTS
    )
