"""Ball series against mpmath's Taylor coefficients, and enclosures over a whole ball against points in it."""

import mpmath
import pytest
from flint import arb, arb_series, fmpq

from symrelu.arithmetic.jets import Jets, constant_term
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends

J = Jets()
ORDER = 6


def rational(text):
    return fmpq(*(int(part) for part in (text + "/1").split("/")[:2]))


def function(A, x):
    """A formula with a root and an angle, in any arithmetic A."""
    S = A.sqrt(x * x + 1)
    c = x * x * x - 2 * x
    return A.angle(S, c, S * S + c * c) * S - A.pi / x


class Reference:
    """The same arithmetic in mpmath."""

    def __init__(self, mp):
        self.mp, self.pi = mp, mp.pi

    def sqrt(self, x):
        return self.mp.sqrt(x)

    def angle(self, sine, cosine, product):
        return self.mp.atan2(sine, cosine)


def taylor(center):
    mp = mpmath.mp.clone()
    mp.dps = 60
    return mp, mp.taylor(lambda x: function(Reference(mp), x), mp.mpf(int(center.p)) / int(center.q), ORDER - 1)


@pytest.mark.parametrize("center", ["1/3", "1", "7/5", "3/2", "2", "5", "1/50"])
def test_coefficients_at_a_point_are_those_of_the_taylor_series(center):
    center = rational(center)
    mp, expected = taylor(center)
    with working(200, cap=ORDER):
        jet = arb_series(function(J, J.variable(arb(center))))
        for j, value in enumerate(expected):
            assert abs(mp.mpf(jet[j].str(50, radius=False)) - value) < mp.mpf(10) ** -20 * (1 + abs(value))


@pytest.mark.parametrize("center", ["1/3", "7/5", "3/2", "5"])
def test_coefficients_over_a_ball_contain_those_at_every_point_of_it(center):
    center, radius = rational(center), fmpq(1, 2000)
    with working(200, cap=ORDER):
        wide = arb_series(function(J, J.variable(arb(center, arb(radius)))))
    for point in (center - radius, center + radius / 3, center + radius):
        mp, expected = taylor(point)
        for j, value in enumerate(expected):
            low, high = ends(wide[j])
            assert mp.mpf(low.numerator) / low.denominator <= value <= mp.mpf(high.numerator) / high.denominator


@pytest.mark.parametrize(
    ("sine", "cosine"), [("1", "100"), ("1", "-100"), ("100", "1"), ("3", "3"), ("3", "-3"), ("1", "0")]
)
def test_the_angle_is_that_of_atan2(sine, cosine):
    with working(120, cap=4):
        angle = J.angle(J.variable(arb(int(sine))), arb(int(cosine)), None)
        assert abs(constant_term(angle) - arb.atan2(arb(int(sine)), arb(int(cosine)))) < arb(2) ** -100
        # d/dS atan2(S, c) = c / (S^2 + c^2)
        slope = arb(int(cosine)) / (int(sine) ** 2 + int(cosine) ** 2)
        assert abs(arb_series(angle)[1] - slope) < arb(2) ** -100


def test_what_leaves_the_domain_is_undecided():
    with working(100, cap=4):
        with pytest.raises(Undecided, match="square root"):
            J.sqrt(J.variable(arb(-1)))
        with pytest.raises(Undecided, match="square root"):
            J.sqrt(J.variable(arb(0, 1)))
        for sine in (arb(0), arb(-1), arb(0, 1)):
            with pytest.raises(Undecided, match="not proved positive"):
                J.angle(J.variable(sine), arb(1), None)
        # both ends of the cosine are possible, and so is a right angle
        wide = J.angle(J.variable(arb(1)), arb(0, 2), None)
        assert constant_term(wide).contains(arb.pi() / 2)
        assert constant_term(wide).contains(arb.pi() / 4)


def test_only_the_exact_zero_is_zero():
    assert Jets.is_zero(0)
    assert not Jets.is_zero(1)
    with working(60, cap=3):
        assert not Jets.is_zero(arb(0))
        assert not Jets.is_zero(arb_series([0]))


def test_the_variable_and_the_constant_term():
    with working(60, cap=3):
        x = J.variable(arb(5))
        assert [x[0], x[1], x[2]] == [5, 1, 0]
        assert constant_term(x) == 5
        assert constant_term(7) == 7
