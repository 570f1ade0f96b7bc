"""mpmath numbers behind the protocol: precision of its own, exact input, the branch of the angle."""

from fractions import Fraction

import mpmath
import pytest

from symrelu.arithmetic.multiprecision import Multiprecision


def test_precision_is_its_own_and_the_global_one_untouched() -> None:
    before = mpmath.mp.dps
    low, high = Multiprecision(20), Multiprecision(60)
    difference = abs(high.sqrt(2) - low.sqrt(2))
    assert 0 < difference < mpmath.mpf(10) ** -19
    assert abs(high.sqrt(2) ** 2 - 2) < mpmath.mpf(10) ** -59
    assert mpmath.mp.dps == before


@pytest.mark.parametrize("value", [3, "1/3", "0.1", Fraction(22, 7), "-2.5e-3"])
def test_numbers_are_read_exactly(value: int | str | Fraction) -> None:
    number = Multiprecision(40).number(value)
    error = abs(number * Fraction(value).denominator - Fraction(value).numerator)
    assert error < mpmath.mpf(10) ** -38


def test_the_angle_is_in_the_right_quadrant() -> None:
    numbers = Multiprecision(30)
    for quarters, (sine, cosine) in {1: (1, 1), 2: (1, 0), 3: (1, -1)}.items():
        angle = numbers.angle(numbers.number(sine), numbers.number(cosine), None)
        assert abs(angle - quarters * numbers.pi / 4) < mpmath.mpf(10) ** -29


def test_what_has_no_real_value_is_refused() -> None:
    numbers = Multiprecision(30)
    with pytest.raises(ValueError, match="square root of -2"):
        numbers.sqrt(numbers.number(-2))
    with pytest.raises(ValueError, match="sine -1"):
        numbers.angle(numbers.number(-1), numbers.number(0), None)


def test_zero_is_structural() -> None:
    numbers = Multiprecision(30)
    assert numbers.is_zero(0)
    assert not numbers.is_zero(numbers.number(0))


def test_eigenvalues_of_a_pencil() -> None:
    """[[3, 2], [2, 3]] v = lambda diag(1, 4) v: lambda^2 - 15/4 lambda + 5/4 = 0."""
    numbers = Multiprecision(40)
    low, high = numbers.eigenvalues([[3, None], [2, 3]], [1, 4])
    assert abs(low + high - numbers.number("15/4")) < mpmath.mpf(10) ** -38
    assert abs(low * high - numbers.number("5/4")) < mpmath.mpf(10) ** -38
