"""Characteristic polynomials of matrices of constants, and their roots in the field of constants.

The polynomial comes from the recursion of Faddeev and LeVerrier, which divides by integers only and yields the adjugate
too, so that inverting a matrix brings no new primes into the field but those of its determinant. Roots are found by
exact factorisation over Q(pi) or Q(pi, sqrt p), and over Q(pi, sqrt(m)) for an integer m by factoring the norm
(Trager, 'Algebraic factoring and rational function integration', 1976).
"""

from __future__ import annotations

from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpq_poly

from symrelu.arithmetic.constants import (
    Constant,
    ConstantField,
    Exponents,
    NotInField,
    add_exponents,
    max_exponents,
)
from symrelu.arithmetic.polynomials import RootPolynomial, RootPolynomials

Matrix = list[list[Constant]]

_CONTEXT: fmpq_mpoly_ctx = fmpq_mpoly_ctx.get(["z", "pi", "r"], Ordering.lex)


# -- matrices ---------------------------------------------------------------------------------------------------------


def inner(pairs: list[tuple[Constant, Constant]], field: ConstantField) -> Constant:
    """sum x y, brought to lowest terms once."""
    sums: dict[Exponents, Any] = {}
    for x, y in pairs:
        if x and y:
            exponents, product = add_exponents(x.exponents, y.exponents), x.num * y.num
            sums[exponents] = sums[exponents] + product if exponents in sums else product
    common: Exponents = ()
    for exponents in sums:
        common = max_exponents(common, exponents)
    total = field.ring.rational(fmpq(0))
    for exponents, num in sums.items():
        lacking = add_exponents(common, exponents, -1)
        total = total + (num * field.prime_power(lacking) if any(lacking) else num)
    return field.constant(total, common)


def sum_of_products(factors: list[tuple[Matrix, Matrix]], field: ConstantField) -> Matrix:
    """sum X Y over pairs of matrices; the inner dimensions of the pairs may differ."""
    transposed = [(x, list(zip(*y, strict=True))) for x, y in factors]
    rows, columns = len(transposed[0][0]), len(transposed[0][1])
    return [
        [inner([pair for x, y in transposed for pair in zip(x[i], y[j], strict=True)], field) for j in range(columns)]
        for i in range(rows)
    ]


def identity(size: int, field: ConstantField) -> Matrix:
    return [[field.number(int(i == j)) for j in range(size)] for i in range(size)]


def plus_scalar(matrix: Matrix, value: Constant) -> Matrix:
    """matrix + value I."""
    return [[x + value if i == j else x for j, x in enumerate(row)] for i, row in enumerate(matrix)]


def negative(matrix: Matrix) -> Matrix:
    return [[-x for x in row] for row in matrix]


def characteristic(matrix: Matrix, field: ConstantField) -> tuple[list[Constant], Matrix]:
    """The coefficients c_0, ..., c_m = 1 of det(z - matrix), and N with matrix N = -c_0 I."""
    size = len(matrix)
    coefficients, cofactors = [field.number(1)], identity(size, field)
    for k in range(1, size + 1):
        product = sum_of_products([(matrix, cofactors)], field)
        trace = sum((product[i][i] for i in range(size)), field.number(0))
        coefficients.insert(0, trace * fmpq(-1, k))
        if k < size:
            cofactors = plus_scalar(product, coefficients[0])
    return coefficients, cofactors


def inverse(matrix: Matrix, field: ConstantField) -> Matrix:
    """The inverse of a square matrix; ZeroDivisionError when it is singular."""
    coefficients, cofactors = characteristic(matrix, field)
    factor = -coefficients[0].inverse()
    return [[x * factor for x in row] for row in cofactors]


# -- roots ------------------------------------------------------------------------------------------------------------


def roots(coefficients: list[Constant], field: ConstantField) -> list[tuple[Constant, int]]:
    """The roots of the monic polynomial sum c_i z^i with their multiplicities.

    NotInField when they do not all lie in the field; it names the factor that has no root there.
    """
    found = []
    for candidate in _candidates(coefficients, field):
        multiplicity = 0
        while len(coefficients) > 1:
            quotient, remainder = _divide(coefficients, candidate)
            if remainder:
                break
            coefficients, multiplicity = quotient, multiplicity + 1
        if multiplicity:
            found.append((candidate, multiplicity))
    if len(coefficients) > 1:
        raise NotInField(
            f"{len(coefficients) - 1} of the leading coefficients of the eigenvalues are roots of "
            f"{_in_words(coefficients)}, which has none in {field.name}: its roots would have to be adjoined"
        )
    return found


def _in_words(coefficients: list[Constant]) -> str:
    terms = [f"({c!r})*z^{i}" for i, c in enumerate(coefficients[:-1]) if c]
    return " + ".join([f"z^{len(coefficients) - 1}", *reversed(terms)]).replace("*z^0", "").replace("z^1 ", "z ")


def _divide(coefficients: list[Constant], root: Constant) -> tuple[list[Constant], Constant]:
    """Quotient and remainder of a polynomial by z - root (Horner)."""
    values = [coefficients[-1]]
    for c in reversed(coefficients[:-1]):
        values.insert(0, c + root * values[0])
    return values[1:], values[0]


def _candidates(coefficients: list[Constant], field: ConstantField) -> list[Constant]:
    """Elements of the field among which are all roots of a monic polynomial that lie there."""
    if len(coefficients) == 2:
        return [-coefficients[0]]
    if not isinstance(field.ring, RootPolynomials):
        return [-f[0] / f[1] for f in _factors(coefficients, field) if len(f) == 2]
    # A root x + y r satisfies a polynomial of degree one or two over Q(pi), and that divides the norm.
    candidates = []
    for factor in _factors(_norm(coefficients, field), field):
        if len(factor) == 2:
            candidates.append(-factor[0] / factor[1])
        elif len(factor) == 3:
            middle = factor[1] / factor[2] * fmpq(-1, 2)
            try:
                half = (middle * middle - factor[0] / factor[2]).sqrt()
            except NotInField:
                continue
            candidates += [middle + half, middle - half]
    return candidates


def _norm(coefficients: list[Constant], field: ConstantField) -> list[Constant]:
    """The polynomial times its conjugate, which has coefficients in Q(pi); the primes are in Q[pi] already."""
    conjugates = [Constant(field, RootPolynomial(c.num.x, -c.num.y, c.num.p), c.exponents) for c in coefficients]
    degree = len(coefficients) - 1
    return [
        inner([(coefficients[i], conjugates[k - i]) for i in range(max(0, k - degree), min(k, degree) + 1)], field)
        for k in range(2 * degree + 1)
    ]


def _factors(coefficients: list[Constant], field: ConstantField) -> list[list[Constant]]:
    """The distinct irreducible factors of positive degree in z, up to units; no coefficient involves a r, r^2 = m."""
    common: Exponents = ()
    for c in coefficients:
        common = max_exponents(common, c.exponents)
    terms: dict[tuple[int, int, int], fmpq] = {}
    for power, c in enumerate(coefficients):
        if c:
            num = c.num * field.prime_power(add_exponents(common, c.exponents, -1))
            terms |= {(power, *powers): value for powers, value in _terms(num).items()}
    _, factors = _CONTEXT.from_dict(terms).factor()
    return [_by_power_of_z(factor, field) for factor, _ in factors if factor.degrees()[0] > 0]


def _terms(num: Any) -> dict[tuple[int, int], fmpq]:
    """A numerator as {(power of pi, power of r): coefficient}."""
    if isinstance(num, RootPolynomial):
        if not num.y.is_zero():
            raise ValueError("only polynomials over Q(pi) are factored: take the norm first")
        num = num.x
    if isinstance(num, fmpq_poly):
        return {(i, 0): c for i, c in enumerate(num.coeffs()) if c}
    return {(int(i), int(j)): c for (i, j), c in num.terms()}


def _by_power_of_z(factor: fmpq_mpoly, field: ConstantField) -> list[Constant]:
    ring: Any = field.ring
    parts = [ring.rational(fmpq(0)) for _ in range(int(factor.degrees()[0]) + 1)]
    for (i, j, k), c in factor.terms():
        term = ring.rational(c)
        for _ in range(int(j)):
            term = term * ring.pi
        for _ in range(int(k)):
            term = term * ring.root  # only a ring with a root has terms with one
        parts[int(i)] = parts[int(i)] + term
    return [field.constant(part) for part in parts]
