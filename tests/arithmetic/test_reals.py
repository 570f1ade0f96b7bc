"""Reading and writing numbers, against Python's decimal module and exact rational arithmetic."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import (
    ball_json,
    certain_digits,
    correctly_rounded,
    decimal,
    digits_to_bits,
    ends,
    exact_midpoint,
    exact_real,
    round_up,
    to_fmpq,
)

fractions = st.builds(
    lambda n, d, e: Fraction(n, d) * Fraction(10) ** e,
    st.integers(-(10**25), 10**25),
    st.integers(1, 10**12),
    st.integers(-40, 40),
)
decimals = st.from_regex(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@st.composite
def balls(draw):
    """A ball with a dyadic midpoint and a radius, from exact to wider than its midpoint."""
    middle = Fraction(draw(st.integers(-(2**90), 2**90)), 2 ** draw(st.integers(0, 150)))
    radius = draw(st.sampled_from([0, 1])) * Fraction(draw(st.integers(1, 2**20)), 2 ** draw(st.integers(0, 160)))
    with working(200):
        return arb(to_fmpq(middle), arb(to_fmpq(radius)))


# -- reading ------------------------------------------------------------------------------------------------------------


@given(decimals)
def test_a_decimal_is_read_exactly(text):
    assert exact_real(text) == Fraction(Decimal(text))
    assert exact_real(f"  {text}\n") == Fraction(Decimal(text))


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**20))
def test_integers_and_fractions_are_read_exactly(n, d):
    assert exact_real(str(n)) == exact_real(n) == n
    assert exact_real(f"{n}/{d}") == exact_real(Fraction(n, d)) == Fraction(n, d)


def test_a_float_is_read_as_it_is_written():
    assert exact_real(0.1) == Fraction(1, 10)
    assert exact_real(1e-7) == Fraction(1, 10**7)
    assert exact_real("1e6") == 10**6


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "1,5", "1/0", "1/-2", "1.5/2", "--1", "1e", "1e99999", "0x10", "1_000", "inf", "nan", "5 6"),
        *("1" * 5000, "1e9999", "1/" + "3" * 2500, "1e1.5", "pi", "d", "½"),
        *(None, True, False, [], {}, float("nan"), 1 + 2j),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_real_number_is_refused_in_one_line(text):
    with pytest.raises(UsageError) as refusal:
        exact_real(text, "--from")
    message = str(refusal.value)
    assert message.startswith("--from ")
    assert "\n" not in message
    assert len(message) < 200


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused(text):
    try:
        value = exact_real(text)
    except UsageError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert isinstance(value, Fraction)


# -- writing ------------------------------------------------------------------------------------------------------------


@given(fractions, st.integers(1, 40))
def test_decimals_are_those_of_the_decimal_module(value, digits):
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    expected = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    assert Decimal(decimal(value, digits)) == expected


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(0), 5, "0"),
        (Fraction(1), 5, "1"),
        (Fraction(-5, 2), 5, "-2.5"),
        (Fraction(2, 3), 5, "0.66667"),
        (Fraction(1, 3000), 3, "0.000333"),
        (Fraction(1, 3 * 10**9), 3, "3.33e-10"),
        (Fraction(10) ** 30, 5, "1e30"),
        (Fraction(999999), 3, "1e6"),
        (Fraction(123456), 6, "123456"),
        (Fraction(123456), 3, "1.23e5"),
        (Fraction(5, 2), 1, "2"),  # a tie goes to the even digit
        (Fraction(7, 2), 1, "4"),
        (Fraction(99999, 100000), 3, "1"),
    ],
)
def test_decimals_are_written_shortly(value, digits, text):
    assert decimal(value, digits) == text


def test_five_thousand_digits_can_be_written():
    """More than the 4300 that Python's own conversion of integers allows."""
    with working(digits_to_bits(5000) + 20):
        root = arb(2).sqrt()
        value, pair = decimal(root, 5000), ball_json(root, 5000)
    assert len(value) == 5001
    assert pair["value"] == value
    with mpmath.workdps(5020):
        expected = +mpmath.sqrt(2)
        assert abs(int(value.replace(".", "")[:2000]) - int(mpmath.floor(expected * mpmath.mpf(10) ** 1999))) <= 1
        assert abs(int(value[-2000:]) - int(mpmath.floor(expected * mpmath.mpf(10) ** 4999)) % 10**2000) <= 1


@given(balls())
def test_ends_and_midpoint_are_exact(ball):
    low, high = ends(ball)
    with working(400):
        assert arb(to_fmpq(low)) == ball.mid() - ball.rad()
        assert arb(to_fmpq(high)) == ball.mid() + ball.rad()
        assert arb(to_fmpq(exact_midpoint(ball))) == ball.mid()


@given(balls(), st.integers(1, 30))
def test_the_radius_written_covers_the_ball(ball, digits):
    pair = ball_json(ball, digits)
    value, radius = Fraction(pair["value"]), Fraction(pair["radius"])
    low, high = ends(ball)
    assert value - radius <= low <= high <= value + radius
    # and it is not much larger than it must be: half a unit of the last digit, and three digits of itself
    assert radius <= Fraction(102, 100) * ((high - low) / 2 + abs(Fraction(decimal(ball, digits)) - (low + high) / 2))


@given(fractions.map(abs))
def test_rounding_up_never_gives_less(value):
    rounded = Fraction(round_up(value))
    assert value <= rounded <= value * Fraction(102, 100)


@given(balls(), st.integers(1, 30))
def test_certain_digits_are_certain(ball, digits):
    """Every number of the ball is within one unit of the last digit printed, or the radius is printed too."""
    text = certain_digits(ball, digits)
    low, high = ends(ball)
    if low == high:
        assert text == decimal(low, digits)
    elif "+/-" in text:
        value, radius = (Fraction(part) for part in text.split(" +/- "))
        assert value - radius <= low <= high <= value + radius
    else:
        value = Decimal(text)  # without trailing zeros: its last digit is at least as coarse as the last certain one
        unit = Fraction(10) ** (value.adjusted() - len(value.normalize().as_tuple().digits) + 1)
        assert max(abs(low - Fraction(text)), abs(high - Fraction(text))) <= unit


def test_certain_digits_of_wide_and_narrow_balls():
    with working(100):
        assert certain_digits(arb(fmpq(1, 8))) == "0.125"
        assert certain_digits(arb(fmpq(31415926535, 10**10), fmpq(5, 10**8)), 20) == "3.1415927"
        assert certain_digits(arb(fmpq(31415926535, 10**10), fmpq(1, 10**7)), 4) == "3.142"
        assert certain_digits(arb(fmpq(31415926535, 10**10), fmpq(1, 10**6)), 20) == "3.14159"
        assert certain_digits(arb(1, fmpq(1, 4)), 20) == "1"
        assert certain_digits(arb(0, fmpq(1, 4))) == "0 +/- 2.51e-1"
        assert certain_digits(arb(1, 2)) == "0 +/- 3.01e0"
        assert certain_digits(arb(5, 4)) == "5 +/- 4.01e0"


@pytest.mark.parametrize("digits", [1, 5, 20, 100])
@pytest.mark.parametrize(
    ("enclose", "number"),
    [
        (lambda bits: arb.pi(), lambda mp: mp.pi),
        (lambda bits: -arb(2).sqrt(), lambda mp: -mp.sqrt(2)),
        (lambda bits: arb.pi() ** 40 + arb(fmpq(1, 7)), lambda mp: mp.pi**40 + mp.mpf(1) / 7),
        (lambda bits: (-arb(100)).exp(), lambda mp: mp.exp(-100)),
    ],
    ids=["pi", "-sqrt 2", "pi^40 + 1/7", "exp -100"],
)
def test_correct_rounding(enclose, number, digits):
    mp = mpmath.mp.clone()
    mp.dps = digits + 40
    expected = Context(prec=digits).plus(Decimal(mp.nstr(number(mp), digits + 30, strip_zeros=False)))
    assert Decimal(correctly_rounded(enclose, digits)) == expected


def test_correct_rounding_asks_for_more_bits_when_a_ball_does_not_decide():
    """0.1249999999999 rounds to 0.12; a ball around it at few bits contains 0.125."""
    asked = []

    def enclose(bits):
        asked.append(bits)
        return arb(fmpq(1, 8)) - arb(fmpq(1, 10**13)) + arb(0, arb(2) ** (-bits // 2))

    assert correctly_rounded(enclose, 2) == "0.12"
    assert len(asked) > 1


@given(st.integers(1, 5000))
def test_bits_hold_the_digits(digits):
    assert 10**digits < 2 ** digits_to_bits(digits) < 10 ** (digits + 3)


@given(fractions)
def test_conversion_to_flint(value):
    rational = to_fmpq(value)
    assert Fraction(int(rational.p), int(rational.q)) == value


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_reading_what_was_written_changes_the_last_digit_at_most(n, d):
    value = Fraction(n, d)
    assume(value)
    assert abs(exact_real(decimal(value, 15)) - value) <= abs(value) / 10**14 / 2
