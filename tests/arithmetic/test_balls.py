"""Balls as an arithmetic: enclosures of what mpmath computes, and Undecided where a domain is left."""

from fractions import Fraction

import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends, to_fmpq

B = Balls()
MP = mpmath.mp.clone()
MP.dps = 60
positive = st.fractions(Fraction(1, 10**6), 10**6, max_denominator=10**6)
rationals = st.fractions(-(10**6), 10**6, max_denominator=10**6)


def real(value):
    return MP.mpf(value.numerator) / value.denominator


def assert_contains(ball, number):
    low, high = ends(ball)
    assert real(low) <= number <= real(high)
    assert high - low < Fraction(1, 2**80) * (1 + abs(high))


@given(rationals)
def test_exact_numbers_become_balls_around_them(value):
    with working(120):
        assert_contains(B.number(value), real(value))
        assert B.number(3) == 3
        assert_contains(B.number(fmpq(1, 3)), MP.mpf(1) / 3)
        assert B.number(arb(2)) == 2


@given(positive)
def test_roots_contain_the_root(value):
    with working(120):
        assert_contains(B.sqrt(B.number(value)), MP.sqrt(real(value)))


@given(positive, rationals)
def test_angles_contain_the_angle(sine, cosine):
    with working(150):
        assert_contains(B.angle(B.number(sine), B.number(cosine), None), MP.atan2(real(sine), real(cosine)))


def test_an_integer_cosine_will_do():
    with working(100):
        assert_contains(B.angle(arb(1), 0, None), MP.pi / 2)
        assert_contains(B.pi, MP.pi)


@given(positive, st.fractions(0, 1, max_denominator=1000))
def test_a_wide_ball_goes_to_a_ball_that_contains_all_values(middle, part):
    radius = middle / 3
    point = middle + (2 * part - 1) * radius
    with working(100):
        wide = arb(to_fmpq(middle), arb(to_fmpq(radius)))
        for image, value in (
            (B.sqrt(wide), MP.sqrt(real(point))),
            (B.angle(wide, arb(-1), None), MP.atan2(real(point), -1)),
        ):
            low, high = ends(image)
            assert real(low) <= value <= real(high)


@pytest.mark.parametrize("sine", [arb(0), arb(-1), arb(0, 1), arb(1, 1)])
def test_a_sine_that_is_not_proved_positive_is_refused(sine):
    with pytest.raises(Undecided, match="not proved positive"):
        B.angle(sine, arb(1), None)


@pytest.mark.parametrize("x", [arb(-1), arb(0, 1), arb("nan")])
def test_a_root_that_is_not_proved_real_is_refused(x):
    with pytest.raises(Undecided, match="square root"):
        B.sqrt(x)


def test_zero_is_zero_only_when_exact():
    assert B.is_zero(0)
    assert B.is_zero(arb(0))
    assert not B.is_zero(arb(0, 1))
    assert not B.is_zero(1)
