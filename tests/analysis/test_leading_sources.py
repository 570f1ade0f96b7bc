"""Leading terms: found in numbers, read from expressions, interpolated through members."""

from fractions import Fraction

import pytest
import sympy

from symrelu import UsageError
from symrelu.analysis.branch import Branch
from symrelu.analysis.leading import NumericalSeries, find_leading_terms
from symrelu.analysis.leading_sources import interpolate_in_root, parse_series
from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials, SymbolicRootPolynomials
from symrelu.family.catalogue import definition


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "7",
        "-4/pi*s^4",
        "2*s**2 - (2 + 8/pi)*s**4",
        "-1 + (2 + 8/pi + 8/pi^2)*s^2",
        "(1 + s)^3/(pi - 2)",
        "s*s*pi - -3",
        "1/2*s - s/3",
        "(s - s^2)*(s + s^2)",
        "sqrt(9)*s",
    ],
)
def test_expressions_are_read_as_sympy_reads_them(text):
    field = ConstantField(PiPolynomials())
    s = sympy.Symbol("s")
    polynomial = sympy.Poly(sympy.sympify(text.replace("^", "**")), s)
    expected = {power: c for (power,), c in polynomial.terms() if c != 0}
    found = parse_series(text, field)
    assert set(found) == set(expected)
    assert all(sympy.simplify(c.to_sympy() - expected[power]) == 0 for power, c in found.items())


def test_roots_are_read_where_the_field_has_them():
    field = ConstantField(RootPolynomials(3))
    assert parse_series("sqrt(3)*s - 2*sqrt(12)", field)[1] == field.constant(field.ring.root)
    with pytest.raises(UsageError, match=r"in Q\(pi, sqrt\(3\)\)"):
        parse_series("sqrt(2)*s", field)


@pytest.mark.parametrize(
    "text",
    ["", "s +", "t", "s/s", "1/s", "1/(pi - pi)", "s^-1", "s^pi", "s^1.5", "[s]", "sin(s)", "True", "(" * 400, "s\0"],
    ids=lambda text: repr(text)[:12],
)
def test_what_is_no_polynomial_gets_one_line(text):
    with pytest.raises(UsageError, match="is not a polynomial in s") as caught:
        parse_series(text, ConstantField(PiPolynomials()))
    assert len(str(caught.value).splitlines()) == 1


def test_leading_terms_of_ii_are_found_in_numbers():
    """Those of the literature (mathematics.md, section 4), from the branch at d about 10^22."""
    field = ConstantField(PiPolynomials())
    series = NumericalSeries(Branch(definition("II")))
    pi = field.pi
    found = find_leading_terms(series, field, 0)
    assert found == {
        "diag1": {0: 1},
        "off1": {4: -4 / pi},
        "w12": {2: 2},
        "w21": {2: 4 / pi},
        "w22": {0: -1},
    }
    more = find_leading_terms(series, field, 4)
    assert more["w21"] == {2: 4 / pi, 3: 32 / pi**3}
    assert {j: c for j, c in more["w22"].items() if j < 3 and c} == {0: -1, 2: 2 + 8 / pi + 8 / pi**2}


def through(function):
    """The values at p = 2, 3, 5, 6, 7 of a function of (p, sqrt p), each in its own field."""
    values = []
    for p in (2, 3, 5, 6, 7):
        field = ConstantField(RootPolynomials(p))
        values.append((p, function(field.number(p), field.constant(field.ring.root), field.pi)))
    return values


@pytest.mark.parametrize(
    "function",
    [
        lambda p, r, pi: pi * 0 + 3,
        lambda p, r, pi: 2 * r,
        lambda p, r, pi: (p * p - 3 * p * r + 1) / (pi + 2),
        lambda p, r, pi: p**3 * Fraction(1, 2) - r * p**3 / pi,
    ],
)
def test_polynomials_in_the_root_of_p_are_found_through_five_members(function):
    field = ConstantField(SymbolicRootPolynomials())
    r = field.constant(field.ring.root)
    assert interpolate_in_root(through(function), field) == function(r * r, r, field.pi)


def test_what_is_no_such_polynomial_is_not_invented():
    """1/(p + 1) and p^4: five points always have a polynomial through them, one to spare says that it is not this one."""
    field = ConstantField(SymbolicRootPolynomials())
    assert interpolate_in_root(through(lambda p, r, pi: 1 / (p + 1)), field) is None
    assert interpolate_in_root(through(lambda p, r, pi: p**4), field) is None
    assert interpolate_in_root(through(lambda p, r, pi: r * p**4), field) is None
