"""Covering an interval of d by tubes of one branch."""

from fractions import Fraction
from itertools import pairwise

import pytest

from symrelu.analysis import chain
from symrelu.analysis.chain import along_branch
from symrelu.arithmetic.outcome import Undecided


def test_tubes_cover_the_interval_in_order(families):
    found = along_branch(families("II")._numbers(), Fraction(6), Fraction(30), lambda tube: (tube.low, tube.high))
    assert (found[0][0], found[-1][1]) == (6, 30)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert all(answer == (low, high) for low, high, answer in found)


def test_an_undecided_answer_halves_the_tube(families):
    def narrow_enough(tube):
        if tube.high / tube.low > Fraction(11, 10):
            raise Undecided("too wide")
        return tube.high - tube.low

    found = along_branch(families("A")._numbers(), Fraction(8), Fraction(10), narrow_enough)
    assert len(found) >= 3
    assert sum(width for *_, width in found) == 2


def test_what_is_never_decided_is_not_answered(families):
    def never(tube):
        raise Undecided("never")

    with pytest.raises(Undecided, match="never"):
        along_branch(families("A")._numbers(), Fraction(8), Fraction(9), never)


def test_tubes_of_different_branches_are_not_joined(families, monkeypatch):
    """The second tube is that of A in place of II: the check at the d they share refuses it."""
    true, calls = chain.require_same_branch, []

    def other(branch, one, two, d):
        calls.append(d)
        true(branch, one, chain.prove_tube(families("I")._numbers(), two.low, two.high), d)

    monkeypatch.setattr(chain, "require_same_branch", other)
    with pytest.raises(Undecided):
        along_branch(families("II")._numbers(), Fraction(10), Fraction(19), lambda tube: None)
    assert calls
