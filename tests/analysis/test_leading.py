"""Leading coefficients read off numbers at tiny s: on branches made up of known series."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.leading import NumericalSeries, find_leading_terms, numerical_series
from symrelu.arithmetic.constants import ConstantField, NotInField
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.family.catalogue import definition


class MadeUp:
    """A branch whose entries are given functions of d."""

    def __init__(self, **entries):
        self.entries = entries
        self.definition = SimpleNamespace(name="made up", shape=SimpleNamespace(names=tuple(entries)))

    def approx(self, d, bits):
        with working(bits):
            x = arb(to_fmpq(Fraction(d)))
            return [f(x).mid() for f in self.entries.values()]


def test_a_series_in_the_square_root_is_read_as_one():
    """(1 + pi s) / (1 - 2 s) - 1/7 = 6/7 + (pi + 2) s + 2 (pi + 2) s^2 + 4 (pi + 2) s^3 + ..."""

    def entry(d):
        s = 1 / d.sqrt()
        return (1 + arb.pi() * s) / (1 - 2 * s) - arb(1) / 7

    series = numerical_series(MadeUp(a=entry))
    assert series.ramification == 1
    with working(1600):
        for power in range(9):
            true = arb(6) / 7 if power == 0 else (arb.pi() + 2) * 2 ** (power - 1)
            assert abs(series.coefficients["a"][power] - true) < arb(2) ** -series.good_bits(power)
            fine = series.finer
            assert abs(fine.coefficients["a"][power] - true) < arb(2) ** -fine.good_bits(power)
            assert fine.good_bits(power) > 2 * series.good_bits(power)


def test_a_series_in_the_fourth_root_is_found_to_be_one():
    """What is s^1 and s^3 in d^(-1/4) has no series in d^(-1/2)."""
    branch = MadeUp(a=lambda d: 1 + d.root(4) / d.sqrt(), b=lambda d: 3 / d)
    assert not NumericalSeries(branch, 1).in_proportion
    series = numerical_series(branch)
    assert series.ramification == series.finer.ramification == 2
    power, value = series.leading("b")
    assert power == 4
    assert abs(value - 3) < arb(2) ** -40
    found = find_leading_terms(series, ConstantField(PiPolynomials()), 3)
    assert found["a"] == {0: 1, 1: 1, 2: 0}
    assert found["b"] == {4: 3}


def test_what_is_neither_is_refused():
    with pytest.raises(ArithmeticError, match="made up does not look like a power series"):
        numerical_series(MadeUp(a=lambda d: 1 / d.root(3)))


def test_large_coefficients_are_allowed_to_grow():
    """10^3, 10^6, ...: still a series in d^(-1/2)."""
    assert numerical_series(MadeUp(a=lambda d: 1 / (1 - 1000 / d.sqrt()))).ramification == 1


@pytest.mark.parametrize(("name", "ramification"), [("II", 1), ("II+1", 1), ("I+1", 2)])
def test_the_series_of_families(name, ramification):
    assert numerical_series(Branch(definition(name))).ramification == ramification


def test_an_entry_that_is_zero_has_no_leading_term():
    series = numerical_series(MadeUp(a=lambda d: d * 0, b=lambda d: 1 / d))
    assert series.leading("a") is None
    assert find_leading_terms(series, ConstantField(PiPolynomials()), 0) == {"a": {}, "b": {2: 1}}


def test_a_root_that_is_missing_is_named():
    """sqrt(pi - 2) s: its square is recognised; in the field with that root the number itself is."""
    branch = MadeUp(a=lambda d: (arb.pi() - 2).sqrt() / d.sqrt() / 2)
    series = numerical_series(branch)
    with pytest.raises(NotInField) as caught:
        find_leading_terms(series, ConstantField(PiPolynomials()), 0)
    field = ConstantField(RootPolynomials(caught.value.adjoin))
    assert field.name == "Q(pi, sqrt(pi - 2))"
    assert find_leading_terms(series, field, 0)["a"] == {1: field.constant(field.ring.root) / 2}


def test_what_is_not_recognised_ends_an_entry():
    """1 + e s + 2 s^2: e is in no such field, nor is its square; what comes after it is not given."""
    series = numerical_series(MadeUp(a=lambda d: 1 + arb(1).exp() / d.sqrt() + 2 / d))
    assert find_leading_terms(series, ConstantField(PiPolynomials()), 3)["a"] == {0: 1}
    only = numerical_series(MadeUp(a=lambda d: arb(1).exp() / d))
    assert find_leading_terms(only, ConstantField(PiPolynomials()), 3)["a"] == {}
