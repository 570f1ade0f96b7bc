"""Balls in place of constants: they enclose the exact result, and decide nothing about structure."""

import random
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb, fmpq

from symrelu.arithmetic.ball_field import BallField
from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.polynomials import PiPolynomials
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends

MP = mpmath.mp.clone()
MP.dps = 70


def contains(ball, number):
    low, high = ends(ball)
    return MP.mpf(low.numerator) / low.denominator <= number <= MP.mpf(high.numerator) / high.denominator


def wide(value):
    """A ball of radius 2^-40 with the number near its edge."""
    return arb(fmpq(value)) + arb(0, arb(2) ** -40) + arb(fmpq(1, 2**41))


def test_operations_contain_the_exact_result():
    """The exact field Q(pi) and the ball field on the same random expressions."""
    generator = random.Random(1)
    with working(80):
        exact, balls = ConstantField(PiPolynomials()), BallField("balls")
        for _ in range(20):
            a, b, c = (fmpq(generator.randint(1, 40), generator.randint(1, 9)) for _ in range(3))

            def formula(field, a=a, b=b, c=c):
                x = field.pi * a - field.number(b)
                return (x * x + c) / (field.pi + b) - x.inverse() * 3 + (x * x).sqrt() / 7 - x**3 + x**-2

            found, true = formula(balls).ball(), formula(exact)
            with working(300):
                assert found.contains(true.ball())
            assert found.rad() < arb(2) ** -40


def test_inexact_operands_are_enclosed_at_both_ends():
    with working(60):
        field = BallField("balls")
        x, y = (field.constant(wide(v)) for v in (fmpq(7, 3), fmpq(-5, 4)))
        for u, v in ((fmpq(7, 3), fmpq(-5, 4)), (fmpq(7, 3) + fmpq(1, 2**41), fmpq(-5, 4) - fmpq(1, 2**42))):
            p, q = (MP.mpf(int(z.p)) / int(z.q) for z in (u, v))
            assert contains((x + y).ball(), p + q)
            assert contains((x - y).ball(), p - q)
            assert contains((x * y).ball(), p * q)
            assert contains((x / y).ball(), p / q)
            assert contains(x.sqrt().ball(), MP.sqrt(p))
            assert contains(field.arctan(x, y).ball(), MP.atan2(p, q))


@pytest.mark.parametrize(("sine", "cosine"), [(1, 3), (3, 1), (2, -1), (1, -7), (1, 0)])
def test_angles_lie_between_zero_and_pi(sine, cosine):
    field = BallField("balls")
    with working(150):
        angle = field.arctan(field.number(sine), field.number(cosine)).ball()
        assert contains(angle, MP.atan2(sine, cosine))
        assert angle.rad() < arb(2) ** -140
        assert 0 < angle < arb.pi()


def test_a_ball_around_zero_is_neither_zero_nor_divided_by_nor_given_a_sign():
    field = BallField("balls")
    around = field.constant(arb(0, 1e-30))
    assert around  # only the exact zero is zero
    assert not field.number(0)
    assert field.ring.may_vanish(around.num)
    assert not field.ring.may_vanish(field.number(2).num)
    assert around != 0
    for undecided in (
        around.sign,
        around.inverse,
        around.sqrt,
        lambda: 1 / around,
        lambda: field.arctan(around, field.number(1)),
    ):
        with pytest.raises(Undecided):
            undecided()
    with pytest.raises(Undecided, match="not proved positive"):
        field.number(-2).sqrt()
    with pytest.raises(Undecided, match="not proved positive"):
        field.arctan(field.number(-1), field.number(1))


def test_signs():
    field = BallField("balls")
    assert [field.number(Fraction(n, 3)).sign() for n in (-2, 0, 5)] == [-1, 0, 1]
    assert field.constant(arb(-1, 0.5)).sign() == -1


def test_different_balls_have_different_keys():
    """Nodes of the series are shared by their keys: midpoint and radius both count."""
    field = BallField("balls")
    balls = [arb(1), arb(1, 1e-9), arb(2), arb(1) / 3, -arb(1)]
    keys = [field.constant(ball).key() for ball in balls]
    assert len(set(keys)) == len(keys)
    assert field.constant(arb(1) / 3).key() == keys[3]


def test_only_certain_digits_are_shown():
    field = BallField("balls")
    assert not field.exact
    assert field.name == "balls"
    assert field.root is None
    third = field.constant(arb(1) / 3 + arb(0, 1e-10))
    assert abs(third.to_sympy() - sympy.Rational(1, 3)) < 1e-9
    with working(200):
        assert abs(field.constant(arb(1) / 3).to_sympy() - sympy.Rational(1, 3)) < sympy.Float("1e-38")


def test_a_series_over_balls_is_the_series_over_constants():
    """sqrt, quotient and angle nodes, coefficient by coefficient."""

    def built(field):
        arithmetic = ExactSeries(field)
        x = arithmetic.unknown(0, [field.number(Fraction(v)) for v in ("2", "-1/3", "1/7")])
        y = arithmetic.unknown(1, [field.number(Fraction(v)) for v in ("1", "1/2")])
        root = arithmetic.sqrt(x * x + y * y)
        return [root, x / (x + y), arithmetic.angle(y, x, x * x + y * y), arithmetic.angle(x, y, x * x + y * y)]

    with working(120):
        balls = built(BallField("balls"))
        for exact, enclosing in zip(built(ConstantField(PiPolynomials())), balls, strict=True):
            for power in range(7):
                ball, true = enclosing.coefficient(power).ball(), exact.coefficient(power)
                with working(400):
                    assert ball.contains(true.ball())
                assert ball.rad() < arb(2) ** -80
