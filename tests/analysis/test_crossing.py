"""Certifying a crossing: every guard refuses what it is there to refuse."""

from fractions import Fraction

import pytest
from flint import arb

from symrelu.analysis import crossing
from symrelu.analysis.branch import Branch
from symrelu.analysis.signature import types_between
from symrelu.analysis.tube import prove_tube, short_s
from symrelu.arithmetic.outcome import Undecided
from symrelu.family.catalogue import definition

A_THRESHOLD = Fraction("5.7638127349195711669")  # x1; an independent bisection is in test_threshold.py


@pytest.fixture(scope="module")
def branch():
    return Branch(definition("A"))


@pytest.fixture(scope="module")
def kinds(branch):
    return {kind.name: kind for kind in types_between(branch.definition, Fraction(5), Fraction(6))}


def tube_around(branch, d, width=Fraction(1, 10)):
    return prove_tube(branch, d - width, d + width, short_s(d))


@pytest.mark.parametrize("digits", [1, 5, 10, 17])
def test_a_true_crossing_is_certified(branch, kinds, digits):
    found = crossing.certify_crossing(branch, tube_around(branch, A_THRESHOLD), kinds["x1"], A_THRESHOLD, digits)
    assert abs(found.d - arb("5.7638127349195711669")) < arb("1e-14")
    assert found.d.rad() < arb(10) ** -digits
    assert (found.direction, found.negative_besides) == ("up", 0)


def test_a_centre_that_is_no_zero_is_refused(branch, kinds):
    for off in (Fraction(1, 1000), Fraction(1, 10**6), Fraction(1, 10**9)):
        d = A_THRESHOLD + off
        with pytest.raises(Undecided):
            crossing.certify_crossing(branch, tube_around(branch, d), kinds["x1"], d, 20)


def test_a_centre_that_is_not_the_tubes_is_refused(branch, kinds):
    for off in (Fraction(1, 100), Fraction(1)):
        with pytest.raises(Undecided):
            crossing.certify_crossing(branch, tube_around(branch, A_THRESHOLD), kinds["x1"], A_THRESHOLD + off, 20)


def test_a_block_that_does_not_cross_is_refused(branch, kinds):
    tube = tube_around(branch, A_THRESHOLD)
    for name in ("s1", "y1", "t"):
        with pytest.raises(Undecided):
            crossing.certify_crossing(branch, tube, kinds[name], A_THRESHOLD, 10)


def test_no_sign_change_no_approximate_crossing(branch, kinds):
    with pytest.raises(ArithmeticError, match="does not converge"):
        crossing.approx_crossing(branch, kinds["x1"], Fraction(8), Fraction(9), 10)


def test_a_critical_point_outside_the_box_of_uniqueness_is_refused(branch):
    d = arb(8)
    start = branch.approx(Fraction(8), 100)
    elsewhere = [value + 1 for value in start]
    with pytest.raises(Undecided, match="on the branch"):
        crossing._on_branch(branch, d, start, elsewhere)


@pytest.mark.parametrize("x", [arb(0), arb(0, 1), arb(1, 2), arb("nan"), arb("inf")])
def test_a_derivative_that_may_vanish_is_refused(x):
    with pytest.raises(Undecided, match="of the pivot"):
        crossing._require_nonzero(x, "of the pivot")
