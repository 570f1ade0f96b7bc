"""Covering an interval of d by tubes of one branch."""

from fractions import Fraction
from itertools import pairwise

import pytest

from symrelu.analysis import chain
from symrelu.analysis.branch import BranchEnds
from symrelu.analysis.chain import along_branch
from symrelu.arithmetic.outcome import Undecided


def test_tubes_cover_the_interval_from_its_upper_end_downwards(families):
    found = list(along_branch(families("II")._numbers(), Fraction(6), Fraction(30), lambda tube: (tube.low, tube.high)))
    assert (found[0][1], found[-1][0]) == (30, 6)
    assert all(one[0] == other[1] for one, other in pairwise(found))
    assert all(answer == (low, high) for low, high, answer in found)


def test_an_undecided_answer_halves_the_tube(families):
    def narrow_enough(tube):
        if tube.high / tube.low > Fraction(11, 10):
            raise Undecided("too wide")
        return tube.high - tube.low

    found = list(along_branch(families("A")._numbers(), Fraction(8), Fraction(10), narrow_enough))
    assert len(found) >= 3
    assert sum(width for *_, width in found) == 2


def test_what_is_never_decided_is_not_answered(families):
    def never(tube):
        raise Undecided("never")

    with pytest.raises(Undecided, match="never"):
        list(along_branch(families("A")._numbers(), Fraction(8), Fraction(9), never))


def test_what_lies_above_the_end_of_the_branch_is_answered(families):
    """A runs into the global minimum, where rows are parallel, as d falls to 2."""
    lows = []
    with pytest.raises((Undecided, BranchEnds)):
        for low, _, _ in along_branch(families("A")._numbers(), Fraction(2), Fraction(3), lambda tube: None):
            lows.append(low)
    assert 2 < lows[-1] < Fraction("2.01")


def test_tubes_of_different_branches_are_not_joined(families, monkeypatch):
    """The second tube is that of I in place of II: the check at the d they share refuses it."""
    true, calls = chain.require_same_branch, []

    def other(branch, one, two, d):
        calls.append(d)
        true(branch, one, chain.prove_tube(families("I")._numbers(), two.low, two.high), d)

    monkeypatch.setattr(chain, "require_same_branch", other)
    with pytest.raises(Undecided):
        list(along_branch(families("II")._numbers(), Fraction(10), Fraction(19), lambda tube: None))
    assert calls
