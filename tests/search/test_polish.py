"""Newton's method on the dense network against certified critical points."""

import numpy as np
import pytest

from symrelu import family
from symrelu.search.landscape import OrthonormalRelu
from symrelu.search.polish import least_eigenvalue, polish


def weights_of_II(d):
    parameters = {name: float(ball.mid()) for name, ball in family("II").at(d).parameters.items()}
    W = np.full((d, d), parameters["off1"])
    np.fill_diagonal(W, parameters["diag1"])
    W[:, -1], W[-1], W[-1, -1] = parameters["w12"], parameters["w21"], parameters["w22"]
    return W


@pytest.mark.parametrize("d", [8, 45])  # small enough for a dense Hessian; too large for it
def test_noise_is_taken_off(d):
    W = weights_of_II(d)
    noisy = W + 1e-4 * np.random.default_rng(d).uniform(-1, 1, size=W.shape)
    polished = polish(OrthonormalRelu(d), noisy)
    assert polished.weights == pytest.approx(W, abs=1e-10)
    assert polished.residual < 1e-11


@pytest.mark.parametrize("d", [8, 45])
def test_the_least_eigenvalue_is_that_of_the_certified_spectrum(d):
    blocks = family("II").spectrum(d=d).to_json()["blocks"]
    exact = min(float(e["value"]) for block in blocks for e in block["eigenvalues"])
    assert least_eigenvalue(OrthonormalRelu(d), weights_of_II(d)) == pytest.approx(exact, abs=1e-8)


def test_the_global_minimum_is_found_although_it_is_singular():
    W = np.eye(6)[[3, 1, 0, 5, 4, 2]]
    found = polish(OrthonormalRelu(6), W + 1e-4 * np.random.default_rng(0).normal(size=(6, 6)))
    assert found.weights == pytest.approx(W, abs=1e-9)


def test_what_is_no_critical_point_is_refused():
    with pytest.raises(ArithmeticError, match="no critical point nearby"):
        polish(OrthonormalRelu(5), 5 * np.random.default_rng(0).normal(size=(5, 5)))
