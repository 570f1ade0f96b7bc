"""Matrices of known families, shuffled and rounded, and what is said of input that makes no sense."""

from fractions import Fraction

import numpy as np
import pytest

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import definition
from symrelu.model.dense import DenseNetwork
from symrelu.search.classification import classify
from symrelu.search.landscape import OrthonormalRelu


def matrix(name, d):
    """Written out entry by entry, for families with rows attached to blocks in order and then free rows."""
    family = definition(name)
    sizes = [int(size) for size in family.sizes(Fraction(d))]
    values = dict(zip(family.shape.names, map(float, Branch(family).approx(Fraction(d), 64)), strict=True))
    block = np.repeat(np.arange(len(sizes)), sizes)
    rows = []
    for index, orbit in enumerate(family.shape.rows, 1):
        a = orbit.attached
        common = [values[f"off{index}" if a == b else f"w{index}{b + 1}"] for b in block]
        if a is None:
            rows.append(common)
        for i in np.nonzero(block == a)[0] if a is not None else []:
            rows.append([values[f"diag{index}"] if j == i else x for j, x in enumerate(common)])
    return np.array(rows)


@pytest.mark.parametrize(
    ("name", "d"), [("global", 5), ("A", 8), ("I", 9), ("II", 7), ("M2", 9), ("M3", 7), ("M5", 8), ("M2+1b", 11)]
)
@pytest.mark.parametrize("noise", [1e-5, 1e-4])
def test_families_of_the_catalogue(name, d, noise):
    random = np.random.default_rng(d)
    exact = matrix(name, d)
    k = len(exact)
    W = exact[random.permutation(k)][:, random.permutation(d)] + random.uniform(-noise, noise, (k, d))
    found = classify(W)
    assert found.family == name
    rows, columns = (np.array(found.to_json()[key]) - 1 for key in ("rows", "columns"))
    assert np.abs(W[rows][:, columns] - exact).max() < 1.1 * noise
    assert found.residual < 1e-11
    eigenvalues = np.linalg.eigvalsh(OrthonormalRelu(d).hessian(found.weights))
    assert found.point is not None
    assert found.point.index == (eigenvalues < 0).sum()
    assert abs(found.least_eigenvalue - eigenvalues[0]) < 1e-9


def test_loss_is_that_of_the_dense_network():
    found = classify(matrix("II", 6))
    network = DenseNetwork(np.eye(6, dtype=int).tolist(), 20)
    assert abs(float(network.loss(found.weights.tolist())) - found.loss) < 1e-13


def test_inputs_without_target_are_left_out():
    W = np.insert(matrix("II", 6), 2, 0.0, axis=1)
    found = classify(W)
    assert (found.family, found.inputs, len(found.used)) == ("II", 7, 6)
    assert 3 not in found.to_json()["columns"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda W: W[:5], "--transpose"),
        (lambda W: np.where(W.max() == W, np.nan, W), "nan"),
        (lambda W: np.vstack([W, 0 * W[:1]]), "row 7 is zero"),
        (lambda W: np.vstack([W[0] / 2, W[0] / 2, W[1:]]), "rows 1 and 2 are parallel"),
        (lambda W: W[0], "shape"),
        (lambda W: W + np.random.default_rng(1).normal(size=W.shape), "no critical point"),
    ],
)
def test_bad_matrices(change, message):
    with pytest.raises(UsageError, match=message):
        classify(change(matrix("II", 6)))
