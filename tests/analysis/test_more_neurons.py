"""Every recorded branch with more neurons against the dense network, all k x d weights, at a small integer d."""

from math import ceil

import pytest

from symrelu.analysis.branch import BranchEnds
from symrelu.family.recorded import branch_letter, recorded_branches

BRANCHES = [f"{name}{branch_letter(i)}" for name, found in recorded_branches().items() for i in range(len(found))]


ENDING = ("M5+1b", "M6+1b")  # they end at some d > 12


@pytest.mark.parametrize("name", [name for name in BRANCHES if name not in ENDING])
def test_weights_loss_and_spectrum_are_those_of_the_dense_network(families, name):
    """At the least d from 9 on, at most 12, to which the branch goes."""
    subject = families(name)
    for d in range(max(9, ceil(subject.definition.d_with_rows(4))), 13):
        try:
            result = subject.at(d, check=True)
        except BranchEnds:
            continue
        assert result.check.passed and result.check.spectrum >= 20
        assert result.loss > 0
        return
    pytest.fail(f"{name} is not reached")


@pytest.mark.parametrize("name", ENDING)
def test_branches_that_end_say_where(families, name):
    assert families(name).at(20).loss > 0
    with pytest.raises(BranchEnds, match=r"lost near d = 1[2-7]"):
        families(name).at(12)
