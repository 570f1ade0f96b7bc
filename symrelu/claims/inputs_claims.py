"""The claim on more inputs than neurons of the teacher: which eigenvalues they add, and that minima stay minima."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import Integer, Rational, pi

from symrelu.analysis.branch import Branch
from symrelu.analysis.expansion import S
from symrelu.analysis.extra_inputs import prove_inputs_convex
from symrelu.arithmetic.reals import certain_digits
from symrelu.claims.shared import D, Eigenvalues, disagreement, equal, gathered, normal, shared_family
from symrelu.claims.verdict import Verdict, judge

EXTRA = 2  # inputs: every multiplicity below is a multiple of it
ORDER = 3

# The added eigenvalues below s^3 at each family: multiplicity for one extra input, and value.
ADDED: dict[str, Eigenvalues] = {
    "A": [
        (Integer(1), 1 / (4 * S**2) + Rational(1, 4) - S / pi + (4 - pi) / pi**2 * S**2),
        (D - 1, Rational(1, 4) - S / pi + S**2 / pi),
    ],
    "I": [
        (Integer(1), 1 / (4 * S**2) + Rational(1, 4) - S / pi + (4 - pi) / pi**2 * S**2),
        (
            Integer(1),
            Rational(1, 4) + (2 - pi) / pi**2 * S - (3 * pi**3 - 4 * pi**2 - 16 * pi + 16) / pi**4 * S**2,
        ),
        (D - 2, Rational(1, 4) - S / pi + S**2 / pi),
    ],
    "II": [
        (Integer(1), 1 / (4 * S**2) + Rational(1, 4) - S**2 / pi),
        (Integer(1), Rational(1, 4) - 2 * S / pi**2 + 2 * (pi**3 + 2 * pi**2 - 8) / pi**4 * S**2),
        (D - 2, Rational(1, 4) - S**2 / pi),
    ],
}
ALONG = ("A", "I", "II", "M2", "M3")  # K is proved positive definite along these, from four rows to d = 100
LARGEST_D = 100
MINIMA = ("I+1", "II+1", "M2+1b", "M3+1")  # minima of k = d+1 at these d
SADDLES = ("I+2", "II+2")
POINTS = (20, 100)
DENSE = (("global", 4), ("A", 6), ("II", 6))  # compared with the dense network of d + EXTRA inputs


def extra_inputs() -> Verdict:
    """AF20-inputs: closed form at W = V, exact series at A, I, II, signs by ball arithmetic, the dense network."""
    failures = [*_at_the_minimum(), *_series(), *_dense()]
    starts = {}
    for name in ALONG:
        definition = shared_family(name).definition
        starts[name] = definition.d_with_rows(4)
        prove_inputs_convex(Branch(definition), starts[name], Fraction(LARGEST_D))
    for name in MINIMA:
        for d in POINTS:
            spectrum: Any = shared_family(name).spectrum(d=d, inputs=EXTRA)
            if spectrum.point.negative:
                failures.append(f"{name} at d = {d} with {EXTRA} extra inputs descends in {spectrum.point.negative}")
    covered = ", ".join(f"{name} from d = {low}" for name, low in starts.items())
    return judge(
        failures,
        "exact",
        f"every d (global), d -> infinity (A, I, II: exact series); signs certified for real d <= {LARGEST_D}",
        "The point stays critical, the old eigenvalues stay, and n extra inputs add those of K (x) I_n: each occurs n "
        "times, K_ij = (pi - angle)/(2 pi), K_ii = 1/2 + sum +-S/(2 pi A). Global, for every d: 1/4, n(d-1) times, and "
        f"(d+1)/4, n times. {_in_words()} So one grows like d/4, n times, all others tend to 1/4. K is certified "
        f"positive definite for every real d up to {LARGEST_D} at {covered}; with one orbit on a block "
        "lambda(s_a, new) = lambda(x_a) + 1/(2 pi S) is larger than an old one. Minima stay minima: also "
        f"{', '.join(MINIMA)} at d = {', '.join(map(str, POINTS))}. Not so everywhere: {_added_descent()}.",
    )


def _at_the_minimum() -> list[str]:
    """Closed form: the characteristic polynomials of the added blocks, identically in d."""
    spectrum: Any = shared_family("global").spectrum(inputs=EXTRA)
    expected = {"t*o": (Integer(EXTRA), (D + 1) / 4), "s1*o": (EXTRA * (D - 1), Rational(1, 4))}
    found = {
        block.type.name: (block.dimension, (block.matrix[0, 0] / block.gram[0, 0]))
        for block in spectrum.blocks
        if block.type.name.endswith("*o") and block.copies == 1
    }
    if found.keys() != expected.keys():
        return [f"global: the added types are {', '.join(found)}"]
    return [
        f"global: {name} is {normal(found[name][1])}, {normal(found[name][0])} times"
        for name, (dimension, value) in expected.items()
        if not (equal(found[name][0], dimension) and equal(found[name][1], value))
    ]


def _series() -> list[str]:
    failures = []
    for name, expected in ADDED.items():
        found = _added(name)
        failures += [f"{name}: {text}" for text in disagreement(found, [(EXTRA * n, value) for n, value in expected])]
        if not equal(sum(n for n, _ in found), EXTRA * D):
            failures.append(f"{name}: the multiplicities do not add up to {EXTRA} d")
    return failures


def _added(name: str) -> Eigenvalues:
    """The eigenvalues in the extra inputs below s^ORDER, equal ones gathered."""
    spectrum: Any = shared_family(name).spectrum(order=ORDER, inputs=EXTRA)
    return gathered(
        (block.dimension, value)
        for block in spectrum.blocks
        if block.type.name.endswith("*o")
        for value in spectrum.to_sympy(block.type.name)
    )


def _in_words() -> str:
    parts = []
    for name, values in ADDED.items():
        terms = [
            f"{_low(value)}, {'n' if n == 1 else f'n({sympy.sstr(n)})'.replace(' ', '')} times" for n, value in values
        ]
        parts.append(f"{name}: {'; '.join(terms)}")
    return f"Modulo O(s^2), s = d^(-1/2) (checked below s^{ORDER}): {'. '.join(parts)}."


def _low(value: Any) -> str:
    """c_-2 d + c_0 + c_1 s."""
    growing, constant, linear = (value.coeff(S, power) for power in (-2, 0, 1))
    terms = [growing * D, constant, linear]
    text = " + ".join(str(term) for term in terms if term != 0)
    return f"{text} s".replace("+ -", "- ") if linear != 0 else text


def _dense() -> list[str]:
    failures = []
    for name, d in DENSE:
        result: Any = shared_family(name).spectrum(d=d, check=True, inputs=EXTRA)
        if not result.check.passed:
            failures.append(f"{name} at d = {d}: the dense network of {d + EXTRA} inputs disagrees")
    return failures


def _added_descent() -> str:
    """The saddles at which K has negative eigenvalues, with the least one."""
    found = []
    for name in SADDLES:
        spectrum: Any = shared_family(name).spectrum(d=POINTS[0], inputs=1)
        for component in spectrum.components:
            if component.type.name.endswith("*o") and component.negative:
                least = certain_digits(component.eigenvalues[0], 6)
                found.append(f"{name} ({component.type.name}, {least})")
    at = f"at d = {POINTS[0]}"
    return (
        f"at the saddles {', '.join(found)} {at} each extra input adds a descent direction" if found else "none found"
    )
