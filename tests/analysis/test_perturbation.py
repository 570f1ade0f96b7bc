"""Other targets: the bounds of the theorem against sampling, its statement against Newton's method on dense networks."""

from __future__ import annotations

import json
from fractions import Fraction
from math import pi

import numpy as np
import pytest
from flint import arb, arb_mat

from symrelu import family
from symrelu.analysis import perturbation
from symrelu.analysis.branch import Branch
from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.analysis.neighbourhood import Neighbourhood
from symrelu.analysis.perturbation import persistence
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.model.pair_bounds import JointDerivatives

KEYS = "family d neurons radius distance energy_radius index minimum margin least ball evidence"
CASES = (("II", 6), ("II", 5), ("A", 5))  # a minimum with a small eigenvalue, two saddles


# -- a network of its own, in floats -----------------------------------------------------------------------------------


def joint_gradient(W, V):
    X, sign = np.vstack([W, V]), np.r_[np.ones(len(W)), -np.ones(len(V))]
    norms = np.linalg.norm(X, axis=1)
    U = X / norms[:, None]
    theta = np.array([2 * np.arctan2(np.linalg.norm(U - u, axis=1), np.linalg.norm(U + u, axis=1)) for u in U])
    total = ((pi - theta) * sign) @ X + ((np.sin(theta) * norms * sign).sum(1))[:, None] * U
    return total[: len(W)] / (2 * pi)


def hessian(W, V, h=1e-5):
    """Central differences of the gradient, symmetrised."""
    columns = []
    for x in np.eye(W.size):
        E = h * x.reshape(W.shape)
        columns.append((joint_gradient(W + E, V) - joint_gradient(W - E, V)).ravel() / (2 * h))
    H = np.array(columns)
    return (H + H.T) / 2


def newton(W, V):
    for _ in range(40):
        step = np.linalg.solve(hessian(W, V), joint_gradient(W, V).ravel()).reshape(W.shape)
        if abs(step).max() > 0.2:
            return None
        W = W - step
        if abs(step).max() < 1e-12:
            return W
    return None


def floats(matrix):
    return np.array([[float(x.mid()) for x in row] for row in matrix.tolist()])


class Case:
    """A family at d: the result, the bounds behind it, and the point in floats."""

    def __init__(self, name, d):
        f = family(name)
        self.result = persistence(Branch(f.definition), Fraction(d))
        with working(64):
            students = dense_weights(f.definition, d, f.at(d).parameters)
            self.joint = JointDerivatives(students, [[arb(x) for x in row] for row in dense_teacher(f.definition, d)])
            self.around = Neighbourhood(self.joint)
        self.W, self.V = floats(arb_mat(students)), np.eye(d)
        self.B, self.Z = floats(self.around.basis), floats(self.around.motion)
        self.T = self.Z[: self.W.size]

    def worst_target(self):
        """E of norm 1 with the most negative first-order change of B^T H B, by alternating maximisation."""
        with working(64):
            blocks = [tuple(map(floats, parts)) for parts in self.joint.third_along(self.around.basis)]
        J = np.array([self.T.T @ ww @ self.B + wv.T @ self.B for ww, wv, _ in blocks])  # [c, e, a]
        E = np.random.default_rng(3).normal(size=J.shape[1])
        for _ in range(40):
            u = np.linalg.eigh(np.einsum("cea,e->ca", J, E / np.linalg.norm(E)))[1][:, 0]
            E = -np.einsum("cea,c,a->e", J, u, u)
        return (E / np.linalg.norm(E)).reshape(self.V.shape)

    def target(self, generator, size):
        E = generator.normal(size=self.V.shape)
        return E * (size / np.linalg.norm(E))


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]} at {case[1]}")
def case(request):
    return Case(*request.param)


@pytest.fixture(scope="module")
def minimum():
    return Case("II", 6)


# -- what the theorem says ---------------------------------------------------------------------------------------------


def test_every_random_target_within_the_radius_has_the_point_where_it_is_said_to_be(case):
    generator, result = np.random.default_rng(1), case.result
    for size in (0.3, 0.999, 0.999, 0.999):
        E = case.target(generator, size * float(result.radius))
        W = newton(case.W, case.V + E)
        assert W is not None
        assert np.linalg.norm(W - case.W) <= float(result.distance)
        y = np.linalg.solve(case.B, (W - case.W).ravel() - case.T @ E.ravel())
        assert np.linalg.norm(y) <= float(result.energy_radius)
        eigenvalues = np.linalg.eigvalsh(hessian(W, case.V + E))
        assert sum(eigenvalues < 0) == result.index
        assert min(abs(eigenvalues)) >= float(result.least)


def test_index_and_kind_are_those_of_the_symmetric_point(case):
    f = family(case.result.definition.name)
    assert case.result.index == f.at(case.result.d).index
    assert case.result.is_minimum is f.at(case.result.d).is_minimum


def test_within_the_ball_newton_from_anywhere_finds_the_one_point(minimum):
    generator, result = np.random.default_rng(2), minimum.result
    V = minimum.V + minimum.target(generator, 0.999 * float(result.ball_radius))
    found = newton(minimum.W, V)
    assert found is not None and np.linalg.norm(found - minimum.W) <= float(result.ball_distance)
    for _ in range(3):
        start = generator.normal(size=minimum.W.shape)
        other = newton(minimum.W + start * (float(result.ball_distance) / np.linalg.norm(start)), V)
        assert other is not None and abs(other - found).max() < 1e-9


def test_the_radius_is_within_four_of_the_truth(minimum):
    """Along the target that takes most from the least eigenvalue the minimum of II at d = 6 is lost before 4 radii."""
    E, W = float(minimum.result.radius) * minimum.worst_target(), minimum.W
    for share in np.arange(0.5, 4.01, 0.25):
        target = minimum.V + share * E
        moved = newton(W, target)
        if moved is None or np.linalg.norm(moved - W) > 0.05 or np.linalg.eigvalsh(hessian(moved, target))[0] < 0:
            break
        W = moved
    else:
        pytest.fail("the minimum survives four radii along its worst target")
    assert share > 1


# -- the bounds --------------------------------------------------------------------------------------------------------


def test_the_bounds_hold_on_random_targets_and_points(case):
    """Y at the prediction and l + K |y| around it, at the radius and the ball that were certified."""
    generator, around, result = np.random.default_rng(4), case.around, case.result
    with working(64):
        rho, r = result.radius, result.energy_radius
        defect, linear = float(around._defect(rho)), float(around._linear(rho, r))
    K = float(around.trilinear[0])
    J = np.diag(np.sign(np.diag(case.B.T @ hessian(case.W, case.V) @ case.B)))
    for _ in range(4):
        E = case.target(generator, float(rho))
        W = case.W + (case.T @ E.ravel()).reshape(case.W.shape)
        assert np.linalg.norm(case.B.T @ joint_gradient(W, case.V + E).ravel()) <= defect
        y = generator.normal(size=case.W.size)
        y *= float(r) / np.linalg.norm(y)
        H = hessian(W + (case.B @ y).reshape(W.shape), case.V + E)
        assert np.linalg.norm(case.B.T @ H @ case.B - J, 2) <= linear + K * float(r)


def test_the_change_of_the_hessian_is_bounded_along_the_worst_target(case):
    """At a hundredth of the radius, where the first order is nearly all of it."""
    rho = case.result.radius / 100
    with working(64):
        bound = float(case.around._linear(rho, Fraction(0)))
    E = float(rho) * case.worst_target()
    moved = case.W + (case.T @ E.ravel()).reshape(case.W.shape)
    change = case.B.T @ (hessian(moved, case.V + E) - hessian(case.W, case.V)) @ case.B
    assert bound / 2 < np.linalg.norm(change, 2) < bound


def test_the_second_order_remainder_is_bounded(case):
    """Hessian minus its first-order prediction: what fourth derivatives must cover, for targets and for weights."""
    generator, around, size = np.random.default_rng(8), case.around, case.result.radius
    with working(64):
        blocks = [tuple(map(floats, parts)) for parts in case.joint.third_along(around.basis)]
    H0 = hessian(case.W, case.V)
    for rho, r in ((size, Fraction(0)), (Fraction(0), 3 * case.result.energy_radius)):
        with working(64):
            bound = float(around._growth(rho, r) * around._reference[1] ** 2 / 2)
        worst = 0.0
        for _ in range(6):
            E, y = case.target(generator, float(rho)), generator.normal(size=case.W.size)
            step = case.T @ E.ravel() + case.B @ (y * (float(r) / np.linalg.norm(y)))
            first = np.array([(ww @ step + wv @ E.ravel()) @ case.B for ww, wv, _ in blocks])
            change = hessian(case.W + step.reshape(case.W.shape), case.V + E) - H0
            worst = max(worst, np.linalg.norm(case.B.T @ change @ case.B - first, 2))
        assert bound / 10**4 < worst < bound


def test_the_third_order_of_the_gradient_is_bounded(case):
    """Gradient at the prediction minus its second-order term, in the energy norm."""
    generator, around, rho = np.random.default_rng(9), case.around, case.result.radius
    with working(64):
        blocks = [tuple(map(floats, parts)) for parts in case.joint.third_along(around.basis)]
        bound = float(around._defect(rho)) - float(around.trilinear[2]) * float(rho) ** 2 / 2
    worst = 0.0
    for E in [case.target(generator, float(rho)) for _ in range(4)] + [float(rho) * case.worst_target()]:
        step, e = case.T @ E.ravel(), E.ravel()
        second = np.array([step @ ww @ step + 2 * step @ wv @ e + e @ vv @ e for ww, wv, vv in blocks]) / 2
        moved = case.W + step.reshape(case.W.shape)
        worst = max(worst, np.linalg.norm(case.B.T @ joint_gradient(moved, case.V + E).ravel() - second))
    assert bound / 10**4 < worst < bound


def test_the_ball_lies_where_the_hessian_is_regular(case):
    """|W - W0| <= distance and |E| <= radius of the ball give |y| < 1/K."""
    result, inverse = case.result, np.linalg.inv(case.B)
    y = np.linalg.norm(inverse, 2) * float(result.ball_distance)
    y += np.linalg.norm(inverse @ case.T, 2) * float(result.ball_radius)
    assert float(case.around.trilinear[0]) * y < 1
    moved = np.linalg.norm(case.T, 2) * float(result.ball_radius)
    assert moved < float(result.ball_distance)


def test_the_margin_is_what_is_left_of_the_least_energy(case):
    around, result = case.around, case.result
    with working(64):
        left = 1 - float(around._linear(result.radius, result.energy_radius))
    left -= float(around.trilinear[0]) * float(result.energy_radius)
    assert float(result.margin) == pytest.approx(left)
    least = min(abs(np.linalg.eigvalsh(hessian(case.W, case.V))))
    assert float(result.least) <= least * left * (1 + 1e-6)


# -- the result --------------------------------------------------------------------------------------------------------


def test_json(minimum):
    data = json.loads(json.dumps(minimum.result.to_json(), allow_nan=False))
    assert list(data) == KEYS.split()
    assert (data["family"], data["d"], data["neurons"], data["index"], data["minimum"]) == ("II", "6", 6, 0, True)
    assert Fraction(data["radius"]) == minimum.result.radius >= Fraction("0.00124")
    assert Fraction(data["distance"]) == minimum.result.distance
    assert Fraction(data["ball"]["radius"]) == minimum.result.ball_radius < minimum.result.radius
    assert data["evidence"] == "certified"


def test_text_and_latex(minimum, case):
    result = minimum.result
    assert (
        f"II at d = 6 with 6 neurons: a minimum, which persists for every target V with |V - I|_F <= {data_radius(result)}"
        in (result.to_text())
    )
    assert repr(result) == f"Persistence(II, d=6, k=6: a minimum within {data_radius(result)})"
    assert r"\toprule" in result.to_latex()
    assert "a minimum persists" in result._repr_html_()
    if case.result.index:
        assert f"a saddle of index {case.result.index}" in case.result.to_text()


def data_radius(result):
    return result.to_json()["radius"]


@pytest.mark.parametrize(
    ("name", "d", "message"),
    [
        ("global", "4", "parallel neurons"),
        ("II", "6.5", "integer d"),
        ("II", "13", "too many"),
        ("II", "1", "out of the range"),
    ],
)
def test_refusals(name, d, message):
    with pytest.raises(UsageError, match=message) as refusal:
        persistence(Branch(family(name).definition), Fraction(d))
    assert "\n" not in str(refusal.value)


def test_nothing_certified_is_said(minimum):
    with pytest.raises(Undecided, match="no radius of targets"):
        perturbation._largest(Fraction(1), lambda rho: None)
    radius, found = perturbation._largest(Fraction(1), lambda rho: 2 * rho if rho < Fraction(1, 3) else None)
    assert Fraction(33, 100) < radius < Fraction(1, 3) and found == 2 * radius
