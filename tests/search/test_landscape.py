"""Losses against Monte Carlo and the mpmath network; gradients and Hessians against differences of the loss."""

import math

import mpmath
import numpy as np
import pytest
from scipy.special import erf

from symrelu.model.dense import DenseNetwork
from symrelu.search.experiments.sample import SampleLandscape, symmetrised
from symrelu.search.experiments.smooth import QuadratureKernel, gelu, softplus
from symrelu.search.kernels import RELU, Erf, LeakyRelu
from symrelu.search.landscape import GaussianLandscape, OrthonormalRelu

ACTIVATIONS = {
    "relu": (RELU, lambda t: np.maximum(t, 0)),
    "leaky": (LeakyRelu(0.1), lambda t: np.where(t > 0, t, 0.1 * t)),
    "absolute value": (LeakyRelu(-1.0), np.abs),
    "erf": (Erf(), erf),
    "softplus": (QuadratureKernel(softplus, nodes=40), lambda t: np.log1p(np.exp(t))),
    "gelu": (QuadratureKernel(gelu, nodes=40), lambda t: t * (1 + erf(t / np.sqrt(2))) / 2),
}


def random_covariance(n, rng):
    M = rng.normal(size=(n, n))
    return (M @ M.T + np.eye(n)) / (2 * n)


@pytest.fixture(params=ACTIVATIONS)
def name(request):
    return request.param


@pytest.mark.parametrize("isotropic", [True, False])
def test_the_loss_is_the_mean_over_inputs(name, isotropic):
    rng = np.random.default_rng(1)
    kernel, sigma = ACTIVATIONS[name]
    V, W = rng.normal(size=(3, 4)) / 2, rng.normal(size=(5, 4)) / 2
    covariance = np.eye(4) if isotropic else random_covariance(4, rng)
    x = rng.multivariate_normal(np.zeros(4), covariance, size=400_000)
    samples = 0.5 * (sigma(x @ W.T).sum(axis=1) - sigma(x @ V.T).sum(axis=1)) ** 2
    loss = GaussianLandscape(V, None if isotropic else covariance, kernel).loss(W[None])[0]
    assert abs(loss - samples.mean()) < 5 * samples.std() / np.sqrt(len(samples))


@pytest.mark.parametrize("isotropic", [True, False])
def test_gradient_and_hessian_are_derivatives(name, isotropic):
    rng = np.random.default_rng(2)
    V, W, T = (rng.normal(size=(m, 4)) / 3 for m in (3, 5, 5))
    landscape = GaussianLandscape(V, None if isotropic else random_covariance(4, rng), ACTIVATIONS[name][0])
    h = 1e-4
    up, down = (W + h * T)[None], (W - h * T)[None]
    gradient = landscape.gradient(W[None])[0]
    assert np.sum(gradient * T) == pytest.approx((landscape.loss(up) - landscape.loss(down))[0] / (2 * h), abs=1e-6)
    change = landscape.hessian_times(W, T)
    assert change == pytest.approx((landscape.gradient(up) - landscape.gradient(down))[0] / (2 * h), abs=1e-5)
    H = landscape.hessian(W)
    assert H @ T.ravel() == pytest.approx(change.ravel(), abs=1e-12)
    assert pytest.approx(H.T, abs=1e-12) == H


def test_runs_are_independent_of_each_other():
    rng = np.random.default_rng(3)
    W = rng.normal(size=(7, 5, 4))
    landscape = OrthonormalRelu(4)
    assert np.array_equal(landscape.gradient(W)[3:5], landscape.gradient(W[3:5]))
    assert np.array_equal(landscape.loss(W)[3:5], landscape.loss(W[3:5]))


@pytest.mark.parametrize("scale", [1.0, 1e-5, 1e-9])
def test_next_to_the_teacher_no_digit_is_lost(scale):
    """Rows almost parallel to targets: A B - c^2 would keep no digit of S at 1e-9."""
    rng = np.random.default_rng(4)
    W = np.eye(4, 5) + scale * rng.normal(size=(4, 5)) / 4
    landscape = OrthonormalRelu(4, inputs=5)
    judge = DenseNetwork.orthonormal(4, digits=30, inputs=5)
    exact = np.array([[float(x) for x in row] for row in judge.gradient(W.tolist())])
    assert landscape.gradient(W[None])[0] == pytest.approx(exact, abs=1e-15 + 1e-9 * scale)
    H = np.array(mpmath.matrix(judge.hessian(W.tolist())).tolist(), float)
    assert landscape.hessian(W) == pytest.approx(H, abs=1e-6)


def test_the_hessian_at_the_global_minimum_is_that_of_the_theory():
    values = np.linalg.eigvalsh(OrthonormalRelu(6).hessian(np.eye(6)))
    assert values[0] == pytest.approx(1 / 4 - 1 / (2 * np.pi))


def test_a_symmetrised_sample_is_invariant():
    points = symmetrised(np.arange(6.0).reshape(2, 3))
    assert points.shape == (12, 3)
    assert {tuple(p) for p in points[:, [2, 0, 1]]} == {tuple(p) for p in points}


def test_sample_landscape():
    rng = np.random.default_rng(5)
    points = rng.normal(size=(200, 3))
    landscape = SampleLandscape(np.eye(3), points)
    W, T = rng.normal(size=(2, 4, 3))

    def sigma(t):
        return math.log1p(math.exp(20 * t)) / 20 if t < 5 else t

    by_hand = np.mean([(sum(sigma(w @ x) for w in W) - sum(map(sigma, x))) ** 2 / 2 for x in points])
    assert landscape.loss(W[None])[0] == pytest.approx(by_hand)
    h = 1e-6
    difference = landscape.loss((W + h * T)[None]) - landscape.loss((W - h * T)[None])
    assert np.sum(landscape.gradient(W[None])[0] * T) == pytest.approx(difference[0] / (2 * h), rel=1e-5)
    change = (landscape.gradient((W + h * T)[None]) - landscape.gradient((W - h * T)[None]))[0] / (2 * h)
    assert landscape.hessian_times(W, T) == pytest.approx(change, abs=1e-5)
    assert landscape.hessian(W) @ T.ravel() == pytest.approx(change.ravel(), abs=1e-5)
