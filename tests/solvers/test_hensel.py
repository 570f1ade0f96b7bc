"""Lifting systems whose solutions are known: algebraic functions, their series by the binomial theorem."""

from fractions import Fraction
from math import comb, factorial

import pytest

from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials
from symrelu.solvers.hensel import LiftingProblem, lift, prepare


def binomial(exponent, j):
    """The coefficient of t^j in (1 + t)^exponent."""
    product = Fraction(1)
    for i in range(j):
        product *= exponent - i
    return product / factorial(j)


@pytest.fixture
def exact():
    return ExactSeries(ConstantField(PiPolynomials()))


def monomial(exact, power):
    return exact.laurent({power: exact.field.number(1)})


def known(unknown, order):
    return [unknown.coefficient(j) for j in range(order)]


def cubic(exact, terms=1):
    """y^3 = pi^3 (1 + s): y = pi (1 + s)^(1/3)."""
    y = exact.unknown(0, [exact.field.pi * binomial(Fraction(1, 3), j) for j in range(terms)])
    pi = exact.pi
    residual = y * y * y - pi * pi * pi * (1 + monomial(exact, 1))
    return y, LiftingProblem(exact, [y], [residual], [[y * y * 3]])


def meeting(exact, terms):
    """x y = 1, s (x + y - 2 - s^2) = 0: x, y = 1 + s^2/2 +- s (1 + s^2/4)^(1/2), which meet at s = 0."""
    x, y = (exact.unknown(0, [exact.field.number(1), exact.field.number(sign)][:terms]) for sign in (1, -1))
    s = monomial(exact, 1)
    residuals = [x * y - 1, s * (x + y - 2 - s * s)]
    return x, y, LiftingProblem(exact, [x, y], residuals, [[y, x], [s, s]])


def meeting_series(order, sign):
    half = [binomial(Fraction(1, 2), j // 2) / 4 ** (j // 2) if j % 2 == 0 else Fraction(0) for j in range(order)]
    return [
        (1 if j == 0 else 0) + (Fraction(1, 2) if j == 2 else 0) + sign * (half[j - 1] if j else 0)
        for j in range(order)
    ]


def test_a_cube_root_is_lifted_from_its_leading_term(exact):
    y, problem = cubic(exact)
    lift(prepare(problem), 12)
    assert known(y, 12) == [exact.field.pi * binomial(Fraction(1, 3), j) for j in range(12)]


def test_lifting_in_steps_is_the_same_and_reports_progress(exact):
    y, problem = cubic(exact)
    lifting, told = prepare(problem), []
    lift(lifting, 4, told.append)
    lift(lifting, 9, told.append)
    lift(lifting, 3, told.append)  # known already
    assert known(y, 9) == [exact.field.pi * binomial(Fraction(1, 3), j) for j in range(9)]
    assert told == sorted(set(told))
    assert told[-1] == 9


def test_branches_that_meet_at_zero_are_lifted_with_a_singular_jacobian(exact):
    """The Jacobian's determinant is -2 s^2: columns have to be combined, and corrections come one order late."""
    x, y, problem = meeting(exact, terms=2)
    lifting = prepare(problem)
    assert min(lifting.lowest) < 0
    lift(lifting, 12)
    assert known(x, 12) == meeting_series(12, 1)
    assert known(y, 12) == meeting_series(12, -1)


def test_too_few_leading_terms_are_refused(exact):
    """At x = y = 1 both branches are possible and the Jacobian is singular."""
    _, _, problem = meeting(exact, terms=1)
    with pytest.raises(ArithmeticError, match="more leading terms are needed"):
        lift(prepare(problem), 5)


def test_wrong_leading_terms_are_refused(exact):
    y = exact.unknown(0, [exact.field.number(3)])
    pi = exact.pi
    problem = LiftingProblem(exact, [y], [y * y * y - pi * pi * pi * (1 + monomial(exact, 1))], [[y * y * 3]])
    with pytest.raises(ArithmeticError, match=r"does not vanish|leading coefficient"):
        lift(prepare(problem), 5)


def test_rows_of_different_valuation_keep_their_offsets(exact):
    """The second equation is s^3 times a harmless one: it must not be waited for."""
    s = monomial(exact, 1)
    x, y = exact.unknown(0, [exact.field.number(1)]), exact.unknown(0, [exact.field.number(2)])
    residuals = [x * x - 1 - s, (x * y - 2 - s * 3) * s * s * s]
    lifting = prepare(LiftingProblem(exact, [x, y], residuals, [[x * 2, 0], [y * s * s * s, x * s * s * s]]))
    assert lifting.offsets == [0, 3]
    lift(lifting, 10)
    root = [binomial(Fraction(1, 2), j) for j in range(10)]
    assert known(x, 10) == root
    # y = (2 + 3 s) (1 + s)^(-1/2)
    inverse = [binomial(Fraction(-1, 2), j) for j in range(10)]
    assert known(y, 10) == [2 * inverse[j] + (3 * inverse[j - 1] if j else 0) for j in range(10)]


def test_an_exact_solution_stays_as_it_is(exact):
    s = monomial(exact, 1)
    x = exact.unknown(0, [exact.field.number(1), exact.field.number(1)])
    problem = LiftingProblem(exact, [x], [x * x - (1 + s) * (1 + s)], [[x * 2]])
    lift(prepare(problem), 9)
    assert known(x, 9) == [1, 1] + [0] * 7


def test_a_transcendental_equation():
    """tan x = s: x = s - s^3/3 + ..., by the angle of (s, 1)."""
    exact = ExactSeries(ConstantField(PiPolynomials()))
    s = monomial(exact, 1)
    x = exact.unknown(1, [exact.field.number(1)])
    problem = LiftingProblem(exact, [x], [x - exact.angle(s, 1, s * s + 1)], [[1]])
    lift(prepare(problem), 10)
    assert known(x, 10) == [Fraction((-1) ** (j // 2), j) if j % 2 else 0 for j in range(10)]


def test_an_extension_by_a_root():
    """x^2 - 2 x r + 1 = s with r = sqrt(2): x = r + (1 + s)^(1/2), Catalan-like."""
    field = ConstantField(RootPolynomials(2))
    exact, r = ExactSeries(field), field.constant(field.ring.root)
    x = exact.unknown(0, [r + 1])
    residual = x * x - x * (r * 2) + 1 - monomial(exact, 1)
    lift(prepare(LiftingProblem(exact, [x], [residual], [[x * 2 - r * 2]])), 9)
    assert known(x, 9) == [r + 1, *(field.number(binomial(Fraction(1, 2), j)) for j in range(1, 9))]


def test_the_catalan_numbers(exact):
    """c = 1 + s c^2."""
    c = exact.unknown(0, [exact.field.number(1)])
    s = monomial(exact, 1)
    lift(prepare(LiftingProblem(exact, [c], [c - 1 - s * c * c], [[1 - s * c * 2]])), 12)
    assert known(c, 12) == [comb(2 * n, n) // (n + 1) for n in range(12)]
