"""M_p+m for larger p: the continuation in p against recorded branches, and against the dense network's gradient."""

from fractions import Fraction

import pytest

from symrelu import UsageError, family
from symrelu.family.catalogue import definition
from symrelu.family.continued import continue_in_p
from symrelu.family.recorded import SEARCH_D, recorded_branches


@pytest.mark.parametrize(("name", "branch"), [("M6+1", 0), ("M6+1b", 1), ("M4+2", 0)])
def test_the_next_recorded_branch_is_reached_from_the_one_before(name, branch):
    """Two searches at two p, and the way in p from one to the other."""
    base, extra = name.removeprefix("M").split("+")
    p = int(base)
    values = recorded_branches()[f"M{p - 1}+{extra[0]}"][branch]["values"]
    start = {entry: Fraction(value) for entry, value in values.items()}
    d, found = continue_in_p(definition(name).shape, start, float(SEARCH_D), p - 1, p)
    point = family(name).at(d)
    assert d == 100 + 10 * p
    # Free rows may come in another order: all numbers are compared, sorted.
    theirs = sorted(float(value.mid()) for value in point.parameters.values())
    assert sorted(map(float, found.values())) == pytest.approx(theirs, abs=1e-7)


def test_larger_p_against_the_dense_network():
    result = family("M7+1").at(11, check=True)
    assert result.check.weights >= 30 and result.check.loss >= 30


@pytest.mark.parametrize("name", ["M9+1b", "M40+1"])
def test_branches_for_larger_p_are_what_they_say(name):
    subject = family(name)
    assert subject.name == name and str(subject.definition.shape.neurons) == "d+1"
    point = subject.at(subject.definition.start.d)
    assert abs(point.parameters["diag1"] - 1) < 0.05 and point.parameters["diag2"] < -0.7


def test_what_was_not_found_for_six_is_not_there_for_seven():
    with pytest.raises(UsageError, match=r"M7\+1, M7\+1b"):
        definition("M7+1z")
    with pytest.raises(UsageError, match="is recorded"):
        definition("M7+9")


def test_a_branch_that_is_lost_on_the_way_is_an_error():
    shape = definition("M6+1").shape
    with pytest.raises(ArithmeticError, match="lost"):
        continue_in_p(shape, dict.fromkeys(shape.names, Fraction(1, 3)), 20.0, 5, 6)
