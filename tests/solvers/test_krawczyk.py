"""Krawczyk's test on systems with known zeros: boxes contain them; double zeros, far centres and no zeros are refused."""

import pytest
from flint import arb, fmpq

from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.solvers.krawczyk import krawczyk


def circle_and_hyperbola(x):
    """x^2 + y^2 = 4, x y = 1: x, y = (6^(1/2) +- 2^(1/2)) / 2 and three more."""
    a, b = x
    return [a * a + b * b - 4, a * b - 1], [[2 * a, 2 * b], [b, a]]


def exact_zero():
    return [(arb(6).sqrt() + sign * arb(2).sqrt()) / 2 for sign in (1, -1)]


@pytest.mark.parametrize("bits", [64, 200, 1000])
def test_the_box_contains_the_zero_and_is_small(bits):
    with working(bits):
        box = krawczyk(circle_and_hyperbola, exact_zero())
    with working(bits + 100):
        for ball, value in zip(box, exact_zero(), strict=True):
            assert ball.contains(value)
            assert ball.rad() < arb(2) ** (16 - bits)


def test_a_poor_centre_widens_the_box_until_the_zero_is_in_it():
    with working(100):
        box = krawczyk(circle_and_hyperbola, [arb(fmpq(19, 10)), arb(fmpq(1, 2))])
    with working(300):
        for ball, value in zip(box, exact_zero(), strict=True):
            assert ball.contains(value)


@pytest.mark.parametrize("center", [(3, 3), (fmpq(1), fmpq(1, 10)), (-7, 9)])
def test_a_centre_far_from_every_zero_is_undecided(center):
    """Or a box is found, which must then contain the zero it claims: here none is near."""
    with working(100), pytest.raises(Undecided):
        krawczyk(circle_and_hyperbola, [arb(c) for c in center])


def test_a_double_zero_is_undecided():
    with working(100):
        for center in (arb(1), arb(1) + arb(2) ** -40):
            with pytest.raises(Undecided):
                krawczyk(lambda v: ([(v[0] - 1) * (v[0] - 1)], [[2 * (v[0] - 1)]]), [center])


def test_a_function_without_zeros_is_undecided():
    """x^2 + 2^-60 comes near zero, never reaching it."""
    with working(100), pytest.raises(Undecided):
        krawczyk(lambda v: ([v[0] * v[0] + arb(2) ** -60], [[2 * v[0]]]), [arb(2) ** -20])


def test_two_zeros_are_not_taken_for_one():
    """x^2 = 2^-60 from the middle: a box with both zeros is no proof of uniqueness."""
    with working(100), pytest.raises(Undecided):
        krawczyk(lambda v: ([v[0] * v[0] - arb(2) ** -60], [[2 * v[0]]]), [arb(2) ** -45])


def test_two_near_zeros_are_told_apart():
    with working(200):
        (box,) = krawczyk(lambda v: ([v[0] * v[0] - arb(2) ** -60], [[2 * v[0]]]), [arb(2) ** -30])
        assert box.contains(arb(2) ** -30)
        assert not box.contains(-(arb(2) ** -30))


def test_leaving_the_domain_is_undecided():
    """sqrt(x) = 0 at the edge of its domain."""
    B = Balls()

    def root(v):
        value = B.sqrt(v[0])
        return [value - arb(2) ** -30], [[1 / (2 * value)]]

    with working(100):
        (box,) = krawczyk(root, [arb(2) ** -60])
        assert box.contains(arb(2) ** -60)
        with pytest.raises(Undecided):
            krawczyk(root, [arb(2) ** -60 * 50])


def test_a_parameter_that_is_a_ball_gives_a_box_with_the_zeros_for_all_its_values():
    """x^2 = c for c = 2 +- 10^-3."""
    with working(100):
        c = arb(2, fmpq(1, 1000))
        (box,) = krawczyk(lambda v: ([v[0] * v[0] - c], [[2 * v[0]]]), [arb(2).sqrt()])
        for value in (fmpq(1999, 1000), fmpq(2), fmpq(2001, 1000)):
            assert box.contains(arb(value).sqrt())
        assert box.rad() < fmpq(1, 1000)


def test_a_poorly_known_jacobian_needs_a_wider_box():
    """x = c with a derivative known to lie in [1/10, 1] only: a zero at distance 1 is certain within 10, not within 4."""
    with working(100):
        (box,) = krawczyk(lambda v: ([v[0] - 7], [[arb(fmpq(11, 20), fmpq(9, 20))]]), [arb(6)])
        assert box.contains(7)


def test_a_singular_jacobian_at_the_centre_is_undecided():
    with working(100), pytest.raises(Undecided, match="singular"):
        krawczyk(lambda v: ([v[0] - 1, v[0] - 1], [[arb(1), arb(0)], [arb(1), arb(0)]]), [arb(1), arb(1)])
