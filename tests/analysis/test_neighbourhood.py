"""The bounds around one point: norms of third derivatives, and what they must not certify."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat

from symrelu import family
from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.analysis.neighbourhood import Neighbourhood, spectral_bound
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.model.pair_bounds import JointDerivatives


@pytest.fixture(autouse=True)
def precision():
    with working(64):
        yield


def derivatives(name, d):
    f = family(name)
    targets = [[arb(x) for x in row] for row in dense_teacher(f.definition, d)]
    return JointDerivatives(dense_weights(f.definition, d, f.at(d).parameters), targets)


def floats(matrix):
    return np.array([[float(x.mid()) for x in row] for row in matrix.tolist()])


@pytest.mark.parametrize(("name", "d"), [("II", 6), ("II", 5), ("A", 5)])
def test_the_norms_of_the_third_derivatives_are_bounded_and_not_by_far(name, d):
    """Lower bounds by alternating maximisation: each bound is above its own and below twice it."""
    joint = derivatives(name, d)
    around = Neighbourhood(joint)
    B, T = floats(around.basis), floats(around.motion)[: d * d]
    blocks = [tuple(map(floats, parts)) for parts in joint.third_along(around.basis)]
    tensors = (
        np.array([B.T @ ww @ B for ww, _, _ in blocks]),
        np.array([T.T @ ww @ B + wv.T @ B for ww, wv, _ in blocks]),
        np.array([T.T @ ww @ T + T.T @ wv + wv.T @ T + vv for ww, wv, vv in blocks]),
    )
    generator = np.random.default_rng(5)
    for tensor, bound in zip(tensors, around.trilinear, strict=True):
        x, value = generator.normal(size=tensor.shape[2]), 0.0
        for _ in range(50):
            left, values, right = np.linalg.svd(tensor @ (x / np.linalg.norm(x)))
            value, x = values[0], np.einsum("cea,c,e->a", tensor, left[:, 0], right[0])
        assert value <= float(bound) * (1 + 1e-9)
        assert float(bound) < 2 * value


def test_spectral_bound():
    generator = np.random.default_rng(6)
    for shape in ((5, 5), (3, 8), (9, 4)):
        A = generator.normal(size=shape)
        bound = float(spectral_bound(arb_mat([[arb(x) for x in row] for row in A.tolist()])))
        wide = spectral_bound(arb_mat([[arb(x, 1) for x in row] for row in A.tolist()]))
        norm = np.linalg.norm(A, 2)
        assert norm <= bound * (1 + 1e-12) and bound < 1.05 * norm
        assert float(wide) > np.linalg.norm(A + np.sign(A), 2)


def test_what_is_beyond_the_bounds_is_not_certified():
    around = Neighbourhood(derivatives("II", 6))
    radius = Fraction(124, 10**5)  # about the largest
    assert around.contraction(radius) is not None
    assert around.contraction(around.approx_limit()) is None
    assert around.contraction(Fraction(1)) is None  # targets may vanish
    assert around.ball(radius) is None


def test_a_wrong_third_derivative_is_seen_in_the_bounds(monkeypatch):
    """Half the third derivatives give a larger radius: the radius depends on them."""
    joint, real = derivatives("II", 6), JointDerivatives.third_along
    limit = Neighbourhood(joint).approx_limit()
    monkeypatch.setattr(
        JointDerivatives, "third_along", lambda self, x: (tuple(m / 2 for m in parts) for parts in real(self, x))
    )
    assert Neighbourhood(joint).approx_limit() > Fraction(3, 2) * limit


def test_a_singular_hessian_is_refused(monkeypatch):
    """Without its second derivatives nothing is known: not an error of arithmetic, and no bound."""
    joint = derivatives("II", 5)
    zero = arb_mat(joint.students * joint.inputs, len(joint.rows) * joint.inputs)
    monkeypatch.setattr(joint, "hessian", lambda: zero)
    with pytest.raises(Undecided, match="pivot"):
        Neighbourhood(joint)
