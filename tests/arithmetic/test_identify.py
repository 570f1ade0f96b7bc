"""Identification finds known constants from their numbers, and nothing in numbers that are none."""

import random

import pytest
from flint import arb, fmpq

from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.identify import identify
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials
from symrelu.arithmetic.precision import working

BITS = 500

KNOWN = {
    "an integer": lambda pi: pi * 0 + 7,
    "a fraction": lambda pi: pi * 0 - fmpq(22, 7),
    "w12 of II at s^4": lambda pi: -(2 + 8 / pi),
    "w22 of II at s^2": lambda pi: 2 + 8 / pi + 8 / pi**2,
    "diag1 of II at s^5": lambda pi: -320 / (3 * pi**3 * (pi - 2)),
    "the loss of II": lambda pi: -2 / pi**2 + fmpq(1, 2),
    "a cube": lambda pi: (pi**3 - 5) / (pi + 1),
}


@pytest.mark.parametrize("make", KNOWN.values(), ids=KNOWN.keys())
@pytest.mark.parametrize("ring", [PiPolynomials, lambda: RootPolynomials(3)], ids=["Q(pi)", "Q(pi, sqrt 3)"])
def test_constants_of_q_of_pi_are_found(make, ring):
    field = ConstantField(ring())
    with working(BITS + 100):
        assert identify(make(arb.pi()).mid(), BITS, field) == make(field.pi)


@pytest.mark.parametrize("seed", range(4))
def test_constants_with_a_root_are_found(seed):
    generator, field = random.Random(seed), ConstantField(RootPolynomials(3))
    a, b, c = (generator.randint(-9, 9) or 1 for _ in range(3))

    def make(pi, r):
        return (a * pi + b * r + c * pi * r) / (pi + 2)

    with working(BITS + 100):
        value = make(arb.pi(), arb(3).sqrt()).mid()
        assert identify(value, BITS, field) == make(field.pi, field.constant(field.ring.root))


def test_numbers_that_are_no_such_constants_are_not_found():
    field = ConstantField(PiPolynomials())
    with working(BITS + 100):
        for value in (arb(2).sqrt(), arb(1).exp(), arb(3).zeta(), arb.pi().sqrt(), arb.pi().log()):
            assert identify(value.mid(), BITS, field) is None


def test_the_last_quarter_of_the_bits_must_confirm():
    """A number that fits to three quarters of its bits and not to the rest is refused."""
    field = ConstantField(PiPolynomials())
    with working(BITS + 100):
        value = 2 + 8 / arb.pi()
        for wrong in (3 * BITS // 4 + 5, BITS - 40):
            assert identify((value + arb(2) ** -wrong).mid(), BITS, field) is None


def test_a_number_that_is_zero_to_its_precision_is_zero():
    field = ConstantField(PiPolynomials())
    with working(BITS):
        assert identify(arb(2) ** (-BITS), BITS, field) == 0
        assert identify(arb(2) ** (-BITS // 4), BITS, field) != 0
