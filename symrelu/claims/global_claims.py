"""Claims on the spectrum at the global minimum: identities and inequalities in a symbol d."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy
from sympy import Integer, Matrix, Rational, pi

from symrelu.analysis.expansion import S
from symrelu.arithmetic.outcome import Undecided
from symrelu.claims.shared import PI, D, Eigenvalues, certain_sign, equal, normal, shared_family
from symrelu.claims.verdict import Verdict, judge

Z = sympy.Symbol("z")

LEAST = Rational(1, 4) - 1 / (2 * pi)
EXTERIOR = LEAST
SYMMETRIC = Rational(1, 4) + 1 / (2 * pi)
STANDARD_QUADRATIC = Z**2 - (D + 2) / 4 * Z + D / 16 + 1 / (4 * pi) - 1 / (4 * pi**2) + Rational(1, 16)
TRIVIAL_MATRIX: Any = Matrix(
    [[Rational(1, 2) + (D - 1) / (2 * pi), (D - 1) / 4], [Rational(1, 4), D / 4 + 1 / (2 * pi)]]
)


def explicit_spectrum() -> Verdict:
    """AF20-global: characteristic polynomials and dimensions, compared as polynomials in d."""
    expected = {
        "t": (Integer(1), TRIVIAL_MATRIX.charpoly(Z).as_expr()),
        "s1": (D - 1, (Z - LEAST) * STANDARD_QUADRATIC),
        "x1": ((D - 1) * (D - 2) / 2, Z - EXTERIOR),
        "y1": (D * (D - 3) / 2, Z - SYMMETRIC),
    }
    found = _blocks()
    failures = [f"type {name} is not expected" for name in found.keys() - expected.keys()]
    for name, (dimension, polynomial) in expected.items():
        if not equal(found[name][1], polynomial):
            failures.append(f"{name}: the characteristic polynomial is {normal(found[name][1])}")
        if not equal(found[name][0], dimension):
            failures.append(f"{name}: the dimension is {found[name][0]}")
    # At d = 2 the formal dimension of y is -1: it cancels an eigenvalue of s, which has to be the same.
    if normal(STANDARD_QUADRATIC.subs({D: 2, Z: SYMMETRIC})) != 0:
        failures.append("at d = 2 the eigenvalue of y does not cancel one of s")
    return judge(
        failures,
        "exact",
        "every d >= 2",
        "The four blocks, explicit in a symbol d, have the claimed characteristic polynomials; multiplicities t: 1, "
        "s: d-1, x: (d-1)(d-2)/2, y: d(d-3)/2. (At d = 3 y is absent, at d = 2 x too, and one root of s.)",
    )


def strong_convexity() -> Verdict:
    """SYS-strong: all other eigenvalues minus the least, shown positive for d >= 2 by the signs of coefficients."""
    failures, lowest = [], Integer(0)
    for name, (dimension, polynomial) in _blocks().items():
        rest = sympy.Poly(normal(polynomial.subs(Z, Z + LEAST)), Z)
        while rest.eval(0) == 0:  # a root equal to the least eigenvalue
            rest = rest.quo(sympy.Poly(Z, Z))
            lowest += dimension
        if not all_roots_positive(rest):
            failures.append(f"{name} has an eigenvalue below {LEAST}")
    if not equal(lowest, D * (D - 1) / 2):
        failures.append(f"{LEAST} has multiplicity {sympy.factor(lowest)}")
    return judge(
        failures,
        "exact",
        "every d >= 2",
        "1/4 - 1/(2 pi) = 0.09085 occurs d(d-1)/2 times and every other eigenvalue is larger: all coefficients of "
        "their characteristic polynomials, expanded in d - 2, have the sign that says so. 'Near' is read as: on some "
        "neighbourhood, of a size not determined here; the loss is C^2 at W = V, so its Hessian stays positive "
        "definite.",
    )


def eigenvalues_at_large_d() -> Eigenvalues:
    """The eigenvalues at the global minimum modulo s^2, exact, from the roots of the characteristic polynomials.

    Irreducible factors of degree at most two are solved in closed form: the roots of z^2 - T z + N are (T +- R)/2,
    where R^2 = T^2 - 4 N = c_0 s^-4 + c_1 s^-2 + ... gives R = r s^-2 + c_1/(2 r) + O(s^2), r^2 = c_0.
    """
    found: Eigenvalues = []
    for dimension, polynomial in _blocks().values():
        for factor, power in sympy.factor_list(normal(polynomial), Z, D)[1]:
            found += [(dimension, root) for root in _roots_below(sympy.Poly(factor, Z).monic()) for _ in range(power)]
    return found


def _roots_below(factor: sympy.Poly) -> list[Any]:
    """The roots modulo s^2, for d = s^-2."""
    coefficients = [c.subs(PI, pi) for c in factor.all_coeffs()]
    if len(coefficients) == 2:
        return [_low_terms(-coefficients[1])]
    if len(coefficients) != 3:
        raise Undecided(f"the factor {factor.as_expr()} is not solved in closed form")
    trace, norm = -coefficients[1], coefficients[2]
    square = sympy.Poly(sympy.expand(trace**2 - 4 * norm), D)
    leading = sympy.sqrt(sympy.factor(square.coeff_monomial(D**2)))
    root = leading / S**2 + square.coeff_monomial(D) / (2 * leading)
    return [_low_terms((trace + sign * root) / 2) for sign in (1, -1)]


def _low_terms(expression: Any) -> Any:
    """A polynomial of degree one in d = s^-2 as c s^-2 + c' with constants in lowest terms."""
    expanded = sympy.expand(expression.subs(D, S**-2))
    return sum(sympy.factor(expanded.coeff(S, j)) * S**j for j in (-2, 0))


@cache
def _blocks() -> dict[str, tuple[Any, Any]]:
    """Per type its dimension and the characteristic polynomial of its pencil, in z and d."""
    spectrum: Any = shared_family("global").spectrum()
    return {
        block.type.name: (block.dimension, (block.gram.inv() * block.matrix).charpoly(Z).as_expr())
        for block in spectrum.blocks
    }


def all_roots_positive(polynomial: sympy.Poly) -> bool:
    """Whether all roots in z, known to be real, are proved positive for every real d >= 2.

    Real roots are positive if the coefficients alternate in sign; a coefficient keeps its sign on d >= 2 if, expanded
    in d - 2, all of its own coefficients have that sign.
    """
    shift = sympy.Symbol("e")
    for i, coefficient in enumerate(polynomial.monic().all_coeffs()):
        terms = sympy.Poly(sympy.expand(coefficient.subs(D, shift + 2)), shift).all_coeffs()
        signs = {certain_sign(term) for term in terms}
        if not (signs <= {0, (-1) ** i} and certain_sign(terms[-1]) == (-1) ** i):
            return False
    return True
