"""What several checks need, derived once: families, thresholds, points, spectra, and exact comparison of them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import sympy
from flint import arb, fmpq

from symrelu.analysis.evaluation import Evaluation
from symrelu.analysis.expansion import S
from symrelu.analysis.limit_spectrum import TypeLimits, limit_eigenvalues
from symrelu.analysis.spectrum_series import SpectrumSeries
from symrelu.analysis.threshold_result import Thresholds
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import certain_digits, ends, round_up
from symrelu.proof.theorem import Theorem
from symrelu.toolkit import Family, family

D = sympy.Symbol("d")  # as in the dimensions of a spectrum
PI = sympy.Symbol("pi", positive=True)

Eigenvalues = list[tuple[Any, Any]]  # (multiplicity, eigenvalue): polynomials in d and p, Laurent polynomials in s

CONSTANTS_ORDER = 3
_GROWTH = -2  # eigenvalues start at s^-2, like d


@cache
def shared_family(name: str) -> Family:
    """The family of a name, the same object for every check."""
    return family(name)


@cache
def point(name: str, d: int) -> Evaluation:
    """The certified critical point at d."""
    return shared_family(name).at(d)


def thresholds(name: str, low: int | None = None, high: int = 100) -> Thresholds:
    """All crossings on an interval, by default from the first d with four rows in the varying block to 100.

    Undecided if a part is not covered.
    """
    first = shared_family(name).definition.d_with_rows(4) if low is None else Fraction(low)
    found = _thresholds(name, first, high)
    if not found.decided:
        part = found.coverage.open[0]
        raise Undecided(f"{name} on [{float(part.low):.6g}, {float(part.high):.6g}]: {part.reason}")
    return found


@cache
def _thresholds(name: str, low: Fraction, high: int) -> Thresholds:
    return shared_family(name).threshold(20, low, high)


@cache
def theorem(name: str) -> Theorem:
    """The theorem about a family for all real d from four rows in its varying block to infinity, with C_1 to C_3.

    Undecided where it is not proved, or does not reach infinity.
    """
    first = shared_family(name).definition.d_with_rows(4)
    proof = shared_family(name).prove(first, CONSTANTS_ORDER)
    if proof.outcome != "proved" or proof.theorem.near is None:
        raise Undecided(f"{name}: {proof.reason}")
    return proof.theorem


def constant(name: str, value: str, N: int) -> str:
    """C_N of a value, rounded up: |value - sum_(j<N) a_j s^j| <= C_N s^N for all d from four rows on."""
    found = theorem(name).constants
    assert found is not None
    return round_up(ends(found.bounds[value][N - 1])[1])


def minimum_after(name: str) -> tuple[str, bool]:
    """The last crossing in digits, and whether the family is a minimum at every real d after it."""
    proved = theorem(name)
    last = proved.stretches[-1]
    return certain_digits(proved.crossings[-1].d, 8), not any(last.negative.values())


@cache
def limits(name: str) -> dict[str, TypeLimits]:
    """The limits of the eigenvalues as d grows, by type, in certified balls."""
    return limit_eigenvalues(shared_family(name)._series())


@cache
def spectrum_series(name: str, order: int) -> SpectrumSeries:
    """Exact eigenvalue series below s^order."""
    spectrum: Any = shared_family(name).spectrum(order=order)
    return spectrum


@cache
def eigenvalues(name: str, order: int) -> Eigenvalues:
    """All eigenvalues below s^order, exact, with the multiplicity of the type that each occurs in."""
    spectrum = spectrum_series(name, order)
    return [(block.dimension, value) for block in spectrum.blocks for value in spectrum.to_sympy(block.type.name)]


def normal(expression: Any) -> Any:
    """A rational function in lowest terms, pi being read as a symbol.

    pi is transcendental, so an expression over Q(pi) is zero exactly when this is.
    """
    return sympy.cancel(sympy.sympify(expression).subs(sympy.pi, PI))


def equal(left: Any, right: Any) -> bool:
    """Whether two rational functions of d, s, p and pi are identical."""
    return bool(normal(left - right) == 0)


def certain_sign(constant: Any) -> int:
    """The sign of an element of Q(pi), decided exactly where it is zero and by balls where it is not."""
    quotient = normal(constant)
    if quotient == 0:
        return 0
    numerator, denominator = (_at_pi(part) for part in sympy.fraction(quotient))
    value = numerator / denominator
    if not (value > 0 or value < 0):
        raise Undecided(f"the sign of {constant} is open")
    return 1 if value > 0 else -1


def _at_pi(polynomial: Any) -> arb:
    total = arb(0)
    for c in sympy.Poly(polynomial, PI).all_coeffs():
        total = total * arb.pi() + arb(fmpq(int(c.p), int(c.q)))
    return total


def truncated(values: Eigenvalues, order: int) -> Eigenvalues:
    """The eigenvalues below s^order only."""
    return [(n, sum(value.coeff(S, j) * S**j for j in range(_GROWTH, order))) for n, value in values]


def gathered(values: Iterable[tuple[Any, Any]]) -> Eigenvalues:
    """Equal eigenvalues put together, their multiplicities added."""
    classes: Eigenvalues = []
    for multiplicity, value in values:
        same = next((i for i, (_, known) in enumerate(classes) if equal(known, value)), None)
        if same is None:
            classes.append((multiplicity, value))
        else:
            classes[same] = (classes[same][0] + multiplicity, value)
    return [(sympy.factor(multiplicity), value) for multiplicity, value in classes]


def disagreement(found: Eigenvalues, expected: Eigenvalues) -> list[str]:
    """Where two multisets differ, in words; empty exactly when they are equal."""
    surplus = gathered([*found, *((-multiplicity, value) for multiplicity, value in expected)])
    return [f"{value} occurs {n} times more than expected" for n, value in surplus if normal(n) != 0]
