"""Block sizes: what is read, what is refused, and evaluation in several arithmetics."""

from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symrelu.arithmetic.precision import working
from symrelu.family.sizes import Size, evaluate_linear

fractions = st.fractions(-50, 50, max_denominator=12)


@pytest.mark.parametrize(
    ("text", "constant", "per_d", "per_p"),
    [
        ("d", 0, 1, 0),
        ("p", 0, 0, 1),
        ("3", 3, 0, 0),
        (7, 7, 0, 0),
        ("d-3", -3, 1, 0),
        ("d - p", 0, 1, -1),
        ("-p + d - 1", -1, 1, -1),
        ("d/2", 0, Fraction(1, 2), 0),
        ("(d - 1)/2 + 1/3", Fraction(-1, 6), Fraction(1, 2), 0),
        ("2*d - 3*(p - 1)", 3, 2, -3),
        ("d*2/4", 0, Fraction(1, 2), 0),
        ("2*3*d/6", 0, 1, 0),
        ("-(d - 1)", 1, -1, 0),
    ],
)
def test_linear_expressions_are_read(text, constant, per_d, per_p):
    assert Size.parse(text) == Size(Fraction(constant), Fraction(per_d), Fraction(per_p))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "d*d", "d*p", "1/d", "d/p", "d**2", "d^2", "d//2", "d-", "d 1", "1.5", "d-0.5", "1e3", "d/0"),
        *("True", "None", "[d]", "d()", "d if d else 1", "lambda: d", "d := 3", "'d'", "sqrt(d)", "d\0", "+d", "~3"),
        *("+".join(["d"] * 5000), "(" * 5000 + "d" + ")" * 5000, "-" * 5000 + "d", "1" * 5000),
        *(1.5, None, True, [], {}, b"d"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_everything_else_is_refused_in_one_line(text):
    with pytest.raises(ValueError, match="not linear in d and p") as refusal:
        Size.parse(text)
    assert len(str(refusal.value).splitlines()) == 1


@given(st.text(max_size=15))
def test_any_text_is_read_or_refused(text):
    try:
        size = Size.parse(text)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(size, Size)


@given(fractions, fractions, fractions)
def test_what_is_written_reads_back(constant, per_d, per_p):
    size = Size(constant, per_d, per_p)
    assert Size.parse(str(size)) == size


@given(fractions, fractions, fractions, fractions, fractions)
def test_the_value_at_d_and_p(constant, per_d, per_p, d, p):
    size, other = Size(constant, per_d, per_p), Size(per_p, constant, per_d)
    expected = constant + per_d * d + per_p * p
    assert size.at(d, p) == expected
    assert (size + other).at(d, p) == expected + per_p + constant * d + per_d * p
    assert size.scaled(Fraction(-3, 7)).at(d, p) == Fraction(-3, 7) * expected


def test_values_in_other_arithmetics():
    size = Size.parse("(d - 2*p)/3 + 1/2")
    d, p = sympy.symbols("d p")
    assert sympy.expand(size.at(d, p) - (d / 3 - 2 * p / 3 + sympy.Rational(1, 2))) == 0
    with working(100):
        assert abs(size.at(arb(10), 2) - arb(5) / 2) < arb(2) ** -90
    assert abs(size.at(mpmath.mpf(10), 2) - 2.5) < 1e-12


def test_exact_values_stay_exact():
    assert Size.parse("d-1").at(Fraction(11, 2)) == Fraction(9, 2)
    assert isinstance(Size.constant(3).at(sympy.Symbol("d")), int)
    assert Size.parse("1/2").at(7) == Fraction(1, 2)
    assert evaluate_linear([(Fraction(1, 3), 5)], Fraction(1, 3)) == 2


def test_constants_and_ones():
    assert Size.constant(1).is_one
    assert Size.constant(1).is_constant
    assert not Size.constant(2).is_one
    assert not Size.parse("d").is_constant
    assert not Size.parse("p").is_constant
    assert not Size.parse("d-1").is_one


@pytest.mark.parametrize("text", ["d-1", "d-p", "d", "3", "2*d-1", "d/2+p", "-d+3", "-p"])
def test_sizes_are_written_as_people_write_them(text):
    assert str(Size.parse(text)).replace("1/2*d", "d/2") == text.replace("d/2+p", "d/2+p")


def test_nothing_is_zero():
    assert str(Size.constant(0)) == "0"
