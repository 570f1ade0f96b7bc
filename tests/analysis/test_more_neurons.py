"""Every recorded branch with more neurons against the dense network, all k x d weights, at a small integer d."""

from math import ceil

import pytest

from symrelu.analysis.branch import BranchEnds
from symrelu.family.recorded import branch_letter, recorded_branches

BRANCHES = [f"{name}{branch_letter(i)}" for name, found in recorded_branches().items() for i in range(len(found))]


@pytest.mark.parametrize("name", BRANCHES)
def test_weights_loss_and_spectrum_are_those_of_the_dense_network(families, name):
    """At the least d from 9 on to which the branch goes: at most 12, but for M5+1b and M6+1b, which end before."""
    subject = families(name)
    for d in range(max(9, ceil(subject.definition.d_with_rows(4))), 15 if name in ("M5+1b", "M6+1b") else 13):
        try:
            result = subject.at(d, check=True)
        except BranchEnds:
            continue
        assert result.check.passed and result.check.spectrum >= 20
        assert result.loss > 0
        return
    pytest.fail(f"{name} is not reached")
