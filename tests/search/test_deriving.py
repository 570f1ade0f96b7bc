"""Critical points that are not in the catalogue (shuffled, rounded to five digits), and what is derived of them.

`three_blocks_minimum` was found by gradient descent (d = 20, seed 0) and is a minimum, as is `type_A_beside_identity`; the
other two come from a search on fixed-point spaces and are saddles of the loss.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from symrelu.analysis.branch import BranchEnds
from symrelu.model.dense import DenseNetwork
from symrelu.search.classification import classify
from symrelu.search.deriving import _attempt
from symrelu.search.landscape import OrthonormalRelu
from symrelu.search.reading import read_weights
from symrelu.toolkit import family

DATA = Path(__file__).parents[1] / "data" / "critical_points"


@pytest.mark.parametrize(
    ("name", "blocks", "index"),
    [
        ("type_A_beside_identity", (10, 4), 0),
        ("three_blocks_minimum", (13, 6, 1), 0),
        ("three_blocks", (10, 3, 1), 3),
        ("two_flipped_and_one_more", (11, 2), 1),
    ],
)
def test_critical_points_outside_the_catalogue(name, blocks, index):
    W = read_weights(DATA / f"{name}.csv")
    found = classify(W)
    assert not found.in_catalogue and found.isotropy.blocks == blocks
    assert found.moved < 1e-3
    point = found.point
    assert point is not None
    d = W.shape[1]
    eigenvalues = np.linalg.eigvalsh(OrthonormalRelu(d).hessian(found.weights))
    assert point.index == (eigenvalues < 0).sum() == index
    network = DenseNetwork(np.eye(d, dtype=int).tolist(), 20)
    assert abs(float(network.loss(found.weights.tolist())) - float(point.loss.mid())) < 1e-12


def test_the_definition_is_a_family():
    found = classify(read_weights(DATA / "type_A_beside_identity.csv"))
    again = family(found.definition)
    terms = again.expand(2).to_json()
    assert terms["evidence"] == "exact"
    # A block of type A and an identity: diag1 near -1, diag2 near 1, and the loss of A in the limit.
    assert terms["parameters"]["diag1"][0] == {**terms["parameters"]["diag1"][0], "power": 0, "exact": "-1"}
    assert terms["parameters"]["diag2"][0] == {**terms["parameters"]["diag2"][0], "power": 0, "exact": "1"}
    assert Fraction(terms["loss"][0]["decimal"]) == Fraction(family("A").expand(2).to_json()["loss"][0]["decimal"])


def test_a_step_that_fails_says_why():
    def lost():
        raise BranchEnds(Fraction(9), "the branch is lost near d = 9")

    step = _attempt("continuation", "numeric", lost)
    assert (step.done, step.to_json()["reason"]) == (False, "the branch is lost near d = 9")
