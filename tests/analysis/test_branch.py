"""Following branches: the same branch from any side, ends reported, exact points needing no steps."""

from fractions import Fraction

import pytest
from flint import arb

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal
from symrelu.family.catalogue import definition
from symrelu.family.definition import definition_from_dict


def entries(branch, d, bits=120):
    return dict(zip(branch.definition.shape.names, branch.approx(Fraction(d), bits), strict=True))


@pytest.mark.parametrize("name", ["A", "I", "II", "M2", "M3", "M11", "M99"])
def test_the_branch_has_the_leading_behaviour_of_its_family_far_out(name):
    """diag1 -> -1 for A and I, 1 for II and M_p; the flipped neurons -> -1 and the last one of I -> 1."""
    point = entries(Branch(definition(name)), 10**10)
    with working(60):
        assert abs(point["diag1"] - (-1 if name in "AI" else 1)) < arb(10) ** -4
        if name != "A":
            assert abs(point.get("w22", point.get("diag2")) - (1 if name == "I" else -1)) < arb(10) ** -4


@pytest.mark.parametrize(("name", "d"), [("II", "4.5"), ("M2", 9), ("I", "6.1"), ("A", 3)])
def test_the_way_taken_does_not_matter(name, d):
    straight, roundabout = Branch(definition(name)), Branch(definition(name))
    for stop in (10**6, "4.2", 33, "7.7"):
        roundabout.approx(Fraction(stop), 100)
    for x, y in zip(entries(straight, d).values(), entries(roundabout, d).values(), strict=True):
        assert abs(x - y) < arb(2) ** -100


def test_the_precision_asked_for_is_reached():
    branch = Branch(definition("II"))
    coarse, fine = (branch.approx(Fraction(6), bits) for bits in (200, 2000))
    with working(2100):
        values = branch.system(Fraction(6)).values(fine)
        assert all(abs(value) < arb(2) ** -1950 for value in values)
        assert all(abs(x - y) < arb(2) ** -190 for x, y in zip(coarse, fine, strict=True))
        assert all(value.is_exact() for value in fine)


def test_m_p_at_p_plus_two_is_a():
    """Mathematics, section 2: branches meet."""
    A = entries(Branch(definition("A")), 5, 64)
    M3 = entries(Branch(definition("M3")), 5, 64)
    with working(60):
        for entry in ("diag1", "diag2"):
            assert abs(M3[entry] - A["off1"]) < arb(2) ** -20 or abs(M3[entry] - A["diag1"]) < arb(2) ** -20


def test_an_exact_point_is_given_as_it_is():
    assert entries(Branch(definition("global")), "12.5") == {"diag1": 1, "off1": 0}


def test_the_end_of_a_branch_says_where_it_was_lost():
    values = {"off1": "-.00003", "w12": ".0489", "diag1": 1, "w21": ".0182", "off2": ".1757", "diag2": "-.5816"}
    ending = definition_from_dict(
        {
            "name": "M2+1",
            "blocks": ["d-2", "2"],
            "rows": [{"attached": 1}, {"attached": 2}, {"free": True}],
            "start": {"d": 20, "values": values | {"w31": "-.0389", "w32": ".5016"}},
        }
    )
    branch = Branch(ending)
    with pytest.raises(BranchEnds, match=r"the branch of M2\+1 is lost near d = 8\.1") as caught:
        branch.approx(Fraction(7), 100)
    assert Fraction(8) < caught.value.d < Fraction(9)
    # above its end the branch is still there: the saddle of the literature at d = 20, loss .01078850
    assert decimal(branch.approx(Fraction(20), 100)[0], 3) == "1"


def test_starting_values_that_lead_nowhere():
    lost = definition_from_dict(
        {"blocks": ["d"], "rows": [{"attached": 1}], "start": {"d": 9, "values": {"diag1": 0, "off1": 0}}}
    )
    with pytest.raises(BranchEnds, match="starting values at d = 9") as caught:
        Branch(lost).approx(Fraction(9), 64)
    assert caught.value.d == 9


def test_a_walk_that_gets_lost_leaves_no_trace(families):
    """M2+1 meets another branch at a fold near d = 8.163; asking below it must not lead to that branch afterwards."""
    asked = Branch(families("M2+1").definition)
    with pytest.raises(BranchEnds):
        asked.approx(Fraction(8), 64)
    fresh = Branch(families("M2+1").definition)
    for d in (9, 10, 12):
        for x, y in zip(asked.approx(Fraction(d), 64), fresh.approx(Fraction(d), 64), strict=True):
            assert abs(x - y) < 1e-15
