"""Constants with unknowns: their roots and angles against mpmath at the symbols' values, and zero recognised."""

import mpmath
import pytest
import sympy
from flint import arb, arb_series, fmpq

from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.symbol_field import SymbolField

MP = mpmath.mp.clone()
MP.dps = 60
X, Y = fmpq(7, 5), fmpq(-9, 4)
PI, TX, TY = MP.pi, MP.mpf(7) / 5, MP.mpf(-9) / 4


@pytest.fixture
def field():
    return SymbolField({"x": arb(X), "y": arb(Y)})


def value(field, constant, x=X, y=Y):
    with working(220):
        return field.evaluate([constant], {"x": arb(x), "y": arb(y)})[0]


def assert_is(field, constant, number):
    ball = value(field, constant)
    with working(220):
        difference = abs(ball - arb(MP.nstr(+number, 55)))
        assert difference < arb(10) ** -45
        assert ball.rad() < arb(10) ** -50


def test_rational_functions_have_their_values(field):
    x, y, pi = field.symbol("x"), field.symbol("y"), field.pi
    assert_is(field, (x + y) / (pi - x) - x**3 / (y * y + 1), (TX + TY) / (PI - TX) - TX**3 / (TY * TY + 1))
    assert_is(field, 1 / (x * y) + pi**-2, 1 / (TX * TY) + PI**-2)
    assert (x + y) * (x - y) == x * x - y * y
    assert not (x / y) * (y / x) - 1
    assert x != y


@pytest.mark.parametrize(
    ("inside", "number"),
    [
        (lambda x, y, pi: x * x, TX),
        (lambda x, y, pi: y * y, -TY),  # the positive root, where y is negative
        (lambda x, y, pi: x * x + y * y, MP.sqrt(TX**2 + TY**2)),
        (lambda x, y, pi: (x + y) ** 2 * pi / x**3, abs(TX + TY) * MP.sqrt(PI / TX**3)),
        (lambda x, y, pi: x * 12, MP.sqrt(12 * TX)),
        (lambda x, y, pi: x * fmpq(8, 27), MP.sqrt(8 * TX / 27)),
        (lambda x, y, pi: y * fmpq(-50, 9), MP.sqrt(-50 * TY / 9)),
        (lambda x, y, pi: pi * 0 + fmpq(9, 4), MP.mpf(3) / 2),
        (lambda x, y, pi: pi * 0 + 2, MP.sqrt(2)),
        (lambda x, y, pi: 1 / (x * x - y), 1 / MP.sqrt(TX**2 - TY)),
        (lambda x, y, pi: -y / (x * pi), MP.sqrt(-TY / (TX * PI))),
    ],
)
def test_square_roots(field, inside, number):
    square = inside(field.symbol("x"), field.symbol("y"), field.pi)
    root = square.sqrt()
    assert root * root == square
    assert_is(field, root, number)


def test_equal_roots_are_one_symbol_and_their_squares_reduce(field):
    x, y = field.symbol("x"), field.symbol("y")
    q = x * x + y * y
    root = q.sqrt()
    assert (q * 4).sqrt() == 2 * root
    assert (q * x * x).sqrt() == x * root
    assert len(field.polynomials.radicands) == 1
    assert not root**4 - q * q
    assert not (root + x) * (root - x) - y * y
    assert (1 / (root + x)) * (root + x) == 1
    assert 1 / (root + x) == (root - x) / (y * y)


def test_a_root_of_an_element_with_a_root(field):
    x, y = field.symbol("x"), field.symbol("y")
    inner = (x * x + y * y).sqrt()
    outer = (inner + x).sqrt()
    assert outer * outer == inner + x
    assert_is(field, outer, MP.sqrt(MP.sqrt(TX**2 + TY**2) + TX))
    assert_is(field, 1 / (outer + inner), 1 / (MP.sqrt(MP.sqrt(TX**2 + TY**2) + TX) + MP.sqrt(TX**2 + TY**2)))
    assert not (1 / (outer + inner)) * (outer + inner) - 1


@pytest.mark.parametrize(
    "sides",
    [
        lambda x, y, sqrt: (x, x * x),
        lambda x, y, sqrt: (x, y),  # an obtuse angle
        lambda x, y, sqrt: (-y, x * 5),
        lambda x, y, sqrt: (sqrt(x * x + y * y), y * 3),
    ],
)
def test_angles_are_those_of_mpmath(field, sides):
    sine, cosine = sides(field.symbol("x"), field.symbol("y"), lambda z: z.sqrt())
    assert_is(field, field.arctan(sine, cosine), MP.atan2(*sides(TX, TY, MP.sqrt)))


def test_a_right_angle_is_half_of_pi(field):
    assert field.arctan(field.symbol("x"), field.number(0)) == field.pi / 2


def test_equal_angles_are_one_symbol(field):
    x, y = field.symbol("x"), field.symbol("y")
    acute = field.arctan(x, -y)
    assert field.arctan(x * 2, y * -2) == acute
    assert field.arctan(x, y) == field.pi - acute
    assert len(field.polynomials.tangents) == 1
    assert field.arctan(x, x * x) != acute


def test_signs_are_proved_afterwards_on_balls(field):
    x, y = field.symbol("x"), field.symbol("y")
    assert (x + y).sign() == -1
    assert (x - y).sign() == 1
    assert (x - x).sign() == 0
    (y * y).sqrt()  # used: -y > 0
    good = {"x": arb(X) + arb(0, 0.1), "y": arb(Y) + arb(0, 0.1)}
    assert field.signs_hold(good)
    assert not field.signs_hold(good | {"x": arb(X) + arb(0, 1)})  # x + y may vanish there
    assert not field.signs_hold({"x": arb(3), "y": arb(Y)})  # x + y > 0
    assert not field.signs_hold({"x": arb(-1), "y": arb(fmpq(1, 2))})  # x + y < 0 still, -y > 0 is not


def test_the_sign_of_every_root_is_remembered(field):
    y = field.symbol("y")
    assert field.signs_hold({"x": arb(X), "y": arb(1)})
    assert_is(field, (y * y).sqrt(), -TY)
    assert not field.signs_hold({"x": arb(X), "y": arb(1)})


def test_whether_an_angle_is_obtuse_is_remembered(field):
    x, y = field.symbol("x"), field.symbol("y")
    field.arctan(x, y)
    assert field.signs_hold({"x": arb(1), "y": arb(-1)})
    assert not field.signs_hold({"x": arb(1), "y": arb(1)})


def test_what_seems_to_vanish_has_no_sign():
    field = SymbolField({"x": arb(fmpq(1, 2)), "y": arb(fmpq(1, 2))})
    difference = field.symbol("x") - field.symbol("y")
    assert difference
    with pytest.raises(Undecided, match="seems to vanish"):
        difference.sign()


def test_a_root_of_what_is_negative_at_the_values_is_undecided(field):
    with pytest.raises(Undecided, match="not proved positive"):
        field.symbol("y").sqrt()


def test_a_root_of_what_may_be_negative_on_balls_is_undecided(field):
    root = field.symbol("x").sqrt()
    with pytest.raises(Undecided, match="not proved positive"):
        field.evaluate([root], {"x": arb(0, 1), "y": arb(Y)})


def test_balls_of_the_symbols_are_carried_through(field):
    x, y = field.symbol("x"), field.symbol("y")
    element = (x * x + y * y).sqrt() / (x - y) + field.arctan(x, y)
    with working(100):
        box = {"x": arb(X) + arb(0, 1e-6), "y": arb(Y) + arb(0, 1e-6)}
        enclosure = field.evaluate([element], box)[0]
        for dx in (-1, 0, 1):
            for dy in (-1, 1):
                at = {"x": arb(X) + fmpq(dx, 10**6), "y": arb(Y) + fmpq(dy, 10**6)}
                assert enclosure.overlaps(field.evaluate([element], at)[0])
        assert enclosure.rad() < arb(1e-4)


def test_a_derivative_through_series_is_a_difference_quotient(field):
    """How the leading equations are differentiated: a symbol moved by an infinitesimal."""
    x, y = field.symbol("x"), field.symbol("y")
    element = (x * x + y * y).sqrt() / (x - y) + field.arctan(x, y) * x
    with working(200, cap=2):
        moved = {"x": arb_series([arb(X), 1]), "y": arb_series([arb(Y), 0])}
        slope = arb_series(field.evaluate([element], moved)[0])[1]
    h = MP.mpf(10) ** -20

    def f(a):
        return MP.sqrt(a**2 + TY**2) / (a - TY) + MP.atan2(a, TY) * a

    expected = (f(TX + h) - f(TX - h)) / (2 * h)
    assert abs(MP.mpf(str(slope.mid().str(40, radius=False))) - expected) < MP.mpf(10) ** -30


def test_elements_are_written_for_sympy(field):
    x, y = field.symbol("x"), field.symbol("y")
    a, b = sympy.Symbol("x", real=True), sympy.Symbol("y", real=True)
    assert sympy.simplify((x * y / (field.pi - 2) + x**2).to_sympy() - (a * b / (sympy.pi - 2) + a**2)) == 0


def test_an_element_with_symbols_has_no_number_of_its_own(field):
    for ask in (field.polynomials.ball, field.polynomials.sign):
        with pytest.raises(TypeError, match="only where"):
            ask(field.polynomials.generator("x"))


def test_what_cancels_for_all_symbols_is_seen_to_cancel(field):
    """A series whose s^2 coefficient is an identity: (x + y s)^2 under a root, minus itself."""
    arithmetic = ExactSeries(field)
    s = arithmetic.laurent({1: field.number(1)})
    u = arithmetic.unknown(0, [field.symbol("x"), field.symbol("y")])
    difference = arithmetic.sqrt(u * u) - u
    assert all(not difference.coefficient(j) for j in range(4))
    moved = arithmetic.sqrt(u * u + s * s * s) - u
    assert [bool(moved.coefficient(j)) for j in range(4)] == [False, False, False, True]
    assert moved.coefficient(3) == 1 / (2 * field.symbol("x"))


def test_the_name_of_the_field_is_not_that_of_q_of_pi(field):
    assert isinstance(field, ConstantField)
    assert field.name == "Q(pi, y)"


def test_symbols_that_occur_are_found_under_roots_in_angles_and_below():
    field = SymbolField({name: arb(value) for name, value in (("a", 2), ("b", 3), ("c", 5), ("e", 7))})
    a, b, c, e = (field.symbol(name) for name in "abce")
    assert field.occurring(a * 2 + 1) == {"a"}
    assert {"a", "b"} <= field.occurring(a + (b * b + 1).sqrt()) and "c" not in field.occurring(a + (b * b + 1).sqrt())
    assert {"a", "c"} <= field.occurring(a * field.arctan(c, field.number(1)))
    assert field.occurring(a / (e + 1)) == {"a", "e"}
    assert field.occurring((a + b) - b) == {"a"}
