"""Exact constants against numbers of 60 digits (mpmath) and against sympy, in all three rings."""

import random
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import fmpq, fmpq_poly

from symrelu.arithmetic.constants import Constant, ConstantField, NotInField, add_exponents, max_exponents
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials, SymbolicRootPolynomials
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends

MP = mpmath.mp.clone()
MP.dps = 60
P_VALUE = sympy.Rational(11, 3)  # where p is a symbol, numbers are compared at this p

RINGS = {
    "Q(pi)": PiPolynomials,
    "Q(pi, sqrt 5)": lambda: RootPolynomials(5),
    "Q(pi, sqrt 12)": lambda: RootPolynomials(12),
    "Q(pi, sqrt p)": SymbolicRootPolynomials,
}
rings = pytest.mark.parametrize("ring", RINGS.values(), ids=RINGS.keys())
with_root = pytest.mark.parametrize("ring", list(RINGS.values())[1:], ids=list(RINGS)[1:])


@dataclass
class Both:
    """A constant and, computed alongside, its value."""

    exact: Constant
    number: object


def root_of(field):
    """r as a Both: 5^(1/2) and so on; 0 in Q(pi)."""
    if isinstance(field.ring, PiPolynomials):
        return Both(field.number(0), MP.mpf(0))
    p = P_VALUE if isinstance(field.ring, SymbolicRootPolynomials) else field.ring.p
    return Both(field.constant(field.ring.root), MP.sqrt(MP.mpf(sympy.Rational(p).p) / sympy.Rational(p).q))


def random_polynomial(field, generator):
    """Up to four terms c pi^i r^j."""
    root, total = root_of(field), Both(field.number(0), MP.mpf(0))
    for _ in range(generator.randint(1, 4)):
        c = Fraction(generator.randint(-9, 9), generator.randint(1, 5))
        i, j = generator.randint(0, 3), generator.randint(0, 2)
        total.exact = total.exact + c * field.pi**i * root.exact**j
        total.number += MP.mpf(c.numerator) / c.denominator * MP.pi**i * root.number**j
    return total


def random_element(field, generator):
    """A quotient of two random polynomials, the divisor not zero."""
    x, y = random_polynomial(field, generator), random_polynomial(field, generator)
    while not y.exact:
        y = random_polynomial(field, generator)
    return Both(x.exact / y.exact, x.number / y.number)


def value_of(constant):
    """The number, by way of sympy."""
    return MP.mpf(str(constant.to_sympy().subs(sympy.Symbol("p", positive=True), P_VALUE).evalf(55)))


def assert_equal(exact, number):
    assert abs(value_of(exact) - number) < MP.mpf(10) ** -35 * (1 + abs(number))


@rings
def test_operations_agree_with_numbers(ring):
    field, generator = ConstantField(ring()), random.Random(1)
    for _ in range(8):
        x, y = random_element(field, generator), random_element(field, generator)
        assert_equal(x.exact, x.number)
        assert_equal(x.exact + y.exact, x.number + y.number)
        assert_equal(x.exact - y.exact, x.number - y.number)
        assert_equal(x.exact * y.exact, x.number * y.number)
        assert_equal(-x.exact, -x.number)
        if y.exact:
            assert_equal(x.exact / y.exact, x.number / y.number)
            assert_equal(y.exact.inverse(), 1 / y.number)
            assert_equal(y.exact**-2, y.number**-2)
        assert_equal(x.exact**3, x.number**3)
        assert_equal(3 - x.exact, 3 - x.number)
        assert_equal(x.exact + Fraction(1, 7), x.number + MP.mpf(1) / 7)
        assert_equal(fmpq(-2, 3) * x.exact, -2 * x.number / 3)


@rings
def test_field_axioms_hold_exactly(ring):
    field, generator = ConstantField(ring()), random.Random(2)
    for _ in range(12):
        x, y, z = (random_element(field, generator).exact for _ in range(3))
        assert (x + y) + z == x + (y + z)
        assert (x * y) * z == x * (y * z)
        assert x + y == y + x
        assert x * y == y * x
        assert x * (y + z) == x * y + x * z
        assert not x - x
        assert x + 0 == x
        assert x * 1 == x
        if x:
            assert x * x.inverse() == 1
            assert 1 / x == x.inverse()
            assert (y / x) * x == y


@rings
def test_zero_is_recognised(ring):
    field, generator = ConstantField(ring()), random.Random(3)
    for _ in range(10):
        x, y = random_element(field, generator).exact, random_element(field, generator).exact
        assert not (x + y) ** 2 - x * x - 2 * x * y - y * y
        assert x != x + field.pi**5


def test_the_root_squares_to_p():
    field = ConstantField(RootPolynomials(5))
    assert field.constant(field.ring.root) ** 2 == 5
    symbolic = ConstantField(SymbolicRootPolynomials())
    assert symbolic.constant(symbolic.ring.root) ** 2 != 5


@rings
def test_elements_are_in_lowest_terms(ring):
    """The same element by two ways is stored the same: the primes of the denominator do not divide the numerator."""
    field, generator = ConstantField(ring()), random.Random(4)
    elements = [random_element(field, generator).exact for _ in range(8)]
    for x in elements:
        again = (x * field.pi + x) / (field.pi + 1)
        same = field.constant(x.num, x.exponents)
        assert again.num == same.num
        assert add_exponents(again.exponents, same.exponents, -1) == (0,) * len(again.exponents)


@rings
def test_sympy_agrees_that_quotients_are_equal(ring):
    field, generator = ConstantField(ring()), random.Random(5)
    for _ in range(4):
        x, y = random_element(field, generator).exact, random_element(field, generator).exact
        pi = sympy.Symbol("t")
        difference = (x * y + x).to_sympy(pi) - (x.to_sympy(pi) * y.to_sympy(pi) + x.to_sympy(pi))
        assert sympy.simplify(sympy.radsimp(difference)) == 0


@rings
def test_printed_text_reads_back(ring):
    field, generator = ConstantField(ring()), random.Random(6)
    for _ in range(6):
        x = random_element(field, generator)
        parsed = sympy.sympify(repr(x.exact)).subs(sympy.Symbol("p"), P_VALUE)
        assert abs(MP.mpf(str(parsed.evalf(50))) - x.number) < MP.mpf(10) ** -30 * (1 + abs(x.number))


@pytest.mark.parametrize("ring", list(RINGS.values())[:3], ids=list(RINGS)[:3])
def test_balls_contain_the_number_at_every_precision(ring):
    field, generator = ConstantField(ring()), random.Random(7)
    for _ in range(10):
        x = random_element(field, generator)
        for bits in (30, 80, 150):
            with working(bits):
                low, high = ends(x.exact.ball())
            slack = MP.mpf(10) ** -55 * (1 + abs(x.number))
            assert MP.mpf(low.numerator) / low.denominator - slack <= x.number
            assert x.number <= MP.mpf(high.numerator) / high.denominator + slack
            assert high - low < Fraction(2) ** (40 - bits) * (1 + abs(high))


@pytest.mark.parametrize("ring", list(RINGS.values())[:3], ids=list(RINGS)[:3])
def test_signs_are_those_of_the_numbers(ring):
    field, generator = ConstantField(ring()), random.Random(8)
    signs = set()
    for _ in range(30):
        x = random_element(field, generator)
        expected = 0 if not x.exact else 1 if x.number > 0 else -1
        assert x.exact.sign() == expected
        signs.add(expected)
    assert {-1, 1} <= signs
    assert field.number(0).sign() == 0


def test_a_sign_is_decided_however_small_the_number():
    """|355/113 - pi| is 3e-7; its seventeenth power needs 400 bits when it is multiplied out."""
    field = ConstantField(PiPolynomials())
    assert (Fraction(355, 113) - field.pi).sign() == 1
    assert ((field.pi - Fraction(355, 113)) ** 17).sign() == -1


def test_a_sign_with_symbolic_p_holds_for_every_p():
    field = ConstantField(SymbolicRootPolynomials())
    r = field.constant(field.ring.root)
    assert ((field.pi - 3) * r + r * r * 2).sign() == 1
    assert ((3 - field.pi) * r - 1).sign() == -1
    assert (r / (2 - field.pi)).sign() == -1
    assert field.number(0).sign() == 0
    with pytest.raises(ArithmeticError, match="may depend on p"):
        (r - 1).sign()
    with pytest.raises(TypeError, match="no numerical value"):
        r.ball()


@rings
def test_square_roots_of_squares(ring):
    field, generator = ConstantField(ring()), random.Random(9)
    symbolic = isinstance(field.ring, SymbolicRootPolynomials)
    for _ in range(12):
        if symbolic:  # c pi^i r^j / (pi - 2)^k: its sign is the same for every p
            x = field.pi ** generator.randint(-2, 2) * (field.pi - 2) ** generator.randint(-2, 2)
            x = x * field.constant(field.ring.root) ** generator.randint(-2, 2) * fmpq(generator.randint(1, 9), 4)
        else:
            x = random_element(field, generator).exact
        root = (x * x).sqrt()
        assert root == (x if x.sign() >= 0 else -x)
    assert field.number(0).sqrt() == 0


@with_root
def test_the_square_root_of_p_is_in_the_field(ring):
    field = ConstantField(ring())
    r = field.constant(field.ring.root)
    assert (r * r).sqrt() == r
    assert (r * r * field.pi**2 * 4).sqrt() == 2 * r * field.pi
    assert (r**6 / (field.pi + 1) ** 2).sqrt() == r**3 / (field.pi + 1)


def test_square_roots_that_leave_the_field_are_refused():
    rational, five = ConstantField(PiPolynomials()), ConstantField(RootPolynomials(5))
    symbolic = ConstantField(SymbolicRootPolynomials())
    r = five.constant(five.ring.root)
    for x in (rational.pi, rational.number(2), rational.number(-4), rational.pi * 4 - 8, five.number(3), five.pi * r):
        with pytest.raises(NotInField, match="is not in Q"):
            x.sqrt()
    for x in (1 + r, -(1 + r) * (1 + r), symbolic.constant(symbolic.ring.root), symbolic.number(2)):
        with pytest.raises(NotInField, match="is not in Q"):
            x.sqrt()


def test_there_is_no_inverse_of_zero():
    field = ConstantField(PiPolynomials())
    for operation in (lambda x: x.inverse(), lambda x: 1 / x, lambda x: field.pi / x, lambda x: x**-1):
        with pytest.raises(ZeroDivisionError):
            operation(field.number(0))


def test_floats_and_text_do_not_mix_with_exact_constants():
    x = ConstantField(PiPolynomials()).pi
    for operation in (
        lambda: x + 0.5,
        lambda: 0.5 + x,
        lambda: x * 0.5,
        lambda: x / 0.5,
        lambda: 0.5 / x,
        lambda: x - 0.5,
        lambda: 0.5 - x,
    ):
        with pytest.raises(TypeError):
            operation()
    assert (x == "pi") is False


def test_equal_constants_have_equal_hashes():
    """The first was made before pi became a prime of the field, the second after."""
    field = ConstantField(PiPolynomials())
    before = field.pi
    after = (1 / field.pi).inverse()
    assert before == after
    assert hash(before) == hash(after)
    assert len({before, after, field.number(3)}) == 2


def test_the_symbolic_field_specialises_to_the_field_of_sqrt_5():
    """The same formula in r over Q(pi)(r) and over Q(pi, sqrt 5)."""
    values = []
    for ring in (SymbolicRootPolynomials(), RootPolynomials(5)):
        field = ConstantField(ring)
        r = field.constant(ring.root)
        x = (r * 3 - field.pi) / (field.pi - 2) + (r + 1) ** 3 / (field.pi * 2)
        values.append(x.to_sympy().subs(sympy.Symbol("p", positive=True), 5))
    assert abs(values[0].evalf(40) - values[1].evalf(40)) < 1e-35


def test_unreduced_operations_are_equal_to_the_reduced_ones():
    field, generator = ConstantField(RootPolynomials(5)), random.Random(10)
    for _ in range(8):
        x, y = random_element(field, generator).exact, random_element(field, generator).exact
        assert x.times(y) == x * y
        assert x.plus(y) == x + y
        assert y.plus(x.times(field.number(0))) == y
        assert x.scaled(-3) == x * -3


def test_exponents_of_different_lengths_are_continued_by_zeros():
    assert add_exponents((1, 2), (3,)) == (4, 2)
    assert add_exponents((1,), (3, -1), -1) == (-2, 1)
    assert add_exponents((1, 2), (3, 5), -1) == (-2, -3)
    assert max_exponents((1, -2), (0,)) == (1, 0)


def test_fields_are_named():
    names = [ConstantField(ring()).name for ring in RINGS.values()]
    assert names == ["Q(pi)", "Q(pi, sqrt(5))", "Q(pi, sqrt(12))", "Q(pi, sqrt(p))"]


# -- a radicand in Q[pi] ------------------------------------------------------------------------------------------------


def pi_root(*coefficients):
    """Q(pi, r), r^2 the polynomial with these coefficients, and r."""
    field = ConstantField(RootPolynomials(fmpq_poly([*coefficients])))
    return field, field.constant(field.ring.root)


@pytest.mark.parametrize("coefficients", [(-2, 1), (0, 1), (2, 1), (5, 0, -1, 1)])
def test_the_root_of_a_polynomial_in_pi(coefficients):
    """Sums, products and quotients of random elements of Q(pi, sqrt(pi - 2)), ... against numbers."""
    field, r = pi_root(*coefficients)
    number = MP.sqrt(sum(c * MP.pi**i for i, c in enumerate(coefficients)))
    assert r * r == sum((c * field.pi**i for i, c in enumerate(coefficients)), field.number(0))
    generator = random.Random(11)
    for _ in range(6):
        pairs = []
        for _ in range(2):
            a, b, c = (Fraction(generator.randint(1, 9), generator.randint(1, 4)) for _ in range(3))
            exact = (field.pi * a - b * r) / (c + field.pi * r)
            pairs.append(
                (
                    exact,
                    (MP.pi * a.numerator / a.denominator - number * b.numerator / b.denominator)
                    / (MP.mpf(c.numerator) / c.denominator + MP.pi * number),
                )
            )
        (x, u), (y, v) = pairs
        assert_equal(x, u)
        assert_equal(x * y - x / y, u * v - u / v)
        assert_equal((x * x).sqrt(), abs(u))
        assert x.sign() == (1 if u > 0 else -1)
        assert x * (1 / x) == 1
        parsed = sympy.sympify(repr(x))
        assert abs(MP.mpf(str(parsed.evalf(50))) - u) < MP.mpf(10) ** -30
        with working(120):
            ball = x.ball()
        low, high = ends(ball)
        assert MP.mpf(low.numerator) / low.denominator < u < MP.mpf(high.numerator) / high.denominator


def test_roots_with_the_radicand_in_them():
    field, r = pi_root(-2, 1)
    pi = field.pi
    assert (pi - 2).sqrt() == r
    assert ((pi - 2) * 9 / pi**2).sqrt() == 3 * r / pi
    assert ((pi - 2) ** 3 / 4).sqrt() == (pi - 2) * r / 2
    assert (pi - 1 + 2 * r).sqrt() == 1 + r
    with pytest.raises(NotInField) as caught:
        (pi + 2).sqrt()
    assert caught.value.adjoin is None  # a second root is not adjoined


@pytest.mark.parametrize(
    ("square", "adjoin"),
    [
        (lambda pi: pi - 2, fmpq_poly([-2, 1])),
        (lambda pi: 4 / (pi - 2), fmpq_poly([-2, 1])),
        (lambda pi: (pi - 2) * pi**2 / (9 * (pi + 1) ** 4), fmpq_poly([-2, 1])),
        (lambda pi: pi * (pi - 2) ** 3 * 18, fmpq_poly([0, -4, 2])),
        (lambda pi: (pi * 4 - 8) / 3, fmpq_poly([-6, 3])),
        (lambda pi: pi * 0 + 12, 3),
        (lambda pi: pi * 0 + Fraction(1, 2), 2),
        (lambda pi: 2 * pi - 8, None),  # negative
        (lambda pi: pi * 0 - 4, None),
        (lambda pi: 4 - pi, fmpq_poly([4, -1])),
    ],
)
def test_what_to_adjoin_is_said_without_squares(square, adjoin):
    """And in the field with that root the square root is found."""
    value = square(ConstantField(PiPolynomials()).pi)
    with pytest.raises(NotInField) as caught:
        value.sqrt()
    assert caught.value.adjoin == adjoin
    if adjoin is not None:
        field = ConstantField(RootPolynomials(caught.value.adjoin))
        root = square(field.pi).sqrt()
        assert root * root == square(field.pi)
        assert root.sign() == 1


def test_fields_with_a_polynomial_radicand_are_named():
    field, r = pi_root(-2, 1)
    assert field.name == "Q(pi, sqrt(pi - 2))"
    assert repr(r / 2) == "sqrt(pi - 2)/2"
    assert repr(r**3) == "sqrt(pi - 2)*(pi - 2)"
    assert r.to_sympy() == sympy.sqrt(sympy.pi - 2)


@rings
def test_angles_of_exact_fields(ring):
    """Only the right angle is in them."""
    field = ConstantField(ring())
    assert field.arctan(field.number(3), field.number(0)) == field.pi / 2
    with pytest.raises(NotInField, match="arctan") as caught:
        field.arctan(field.number(1), field.number(2))
    assert caught.value.adjoin is None
    assert field.exact
