"""Experiments: known minima are found with their groups, and the principle says what the counts say."""

import sys

import numpy as np
import pytest

from symrelu import UsageError, family
from symrelu.search.experiments.catalogue import EXPERIMENTS, experiment_named
from symrelu.search.experiments.problems import GeneralCovariance
from symrelu.search.experiments.result import ExperimentResult, Found, Settings
from symrelu.search.experiments.running import experiment


def test_the_base_model_gives_the_certified_minima():
    result = experiment("base", inputs=9, runs=12, seed=3)
    losses = {group.isotropy: group.loss for group, _ in result.classes}
    assert losses["Delta(S_8 x S_1)"] == pytest.approx(float(family("II").at(9).loss.mid()), abs=1e-10)
    assert losses["Delta S_9"] == pytest.approx(0, abs=1e-12)
    assert sum(count for _, count in result.classes) == 12 and result.holds


def test_a_seed_gives_the_same_again():
    first, second = (experiment("leaky", inputs=7, runs=4, seed=5).to_json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", ["exchangeable", "mixture", "leaky", "erf"])
def test_what_keeps_all_permutations_finds_the_teacher(name):
    found = experiment(name, inputs=5, runs=3).found
    assert {point.isotropy for point in found if point.loss < 1e-9} == {"Delta S_5"}


def test_two_variances_tell_the_inputs_apart():
    found = experiment("two-variances", inputs=5, runs=3).found
    assert {point.isotropy for point in found if point.loss < 1e-9} == {"Delta(S_3 x S_2)"}


def test_a_general_covariance_leaves_no_permutation_but_its_minima_come_from_symmetric_ones():
    result = experiment("covariance", inputs=9, runs=8, seed=1)
    assert {point.isotropy for point in result.found} == {"trivial"}
    assert {point.limit for point in result.found} == {"Delta S_9", "Delta(S_8 x S_1)"}


def test_the_isotropic_limit_is_a_critical_point_of_the_base_model():
    II = {name: float(x.mid()) for name, x in family("II").at(8).parameters.items()}
    W = np.full((8, 8), II["off1"])
    np.fill_diagonal(W, II["diag1"])
    W[:, -1], W[-1], W[-1, -1] = II["w12"], II["w21"], II["w22"]
    problem = GeneralCovariance(np.eye(8), np.eye(8) + np.diag(np.linspace(0, 1e-3, 8)), 8)
    limit = problem.isotropic_limit(W.ravel())
    assert limit is not None and limit == pytest.approx(W, abs=1e-9)


@pytest.mark.parametrize("name", ["uniform", "laplace", "sphere", "softplus", "gelu"])
def test_small_runs_of_the_others(name):
    found = experiment(name, inputs=3, runs=2).found
    assert {point.isotropy for point in found if point.loss < 1e-9} == {"Delta S_3"}


def test_two_hidden_layers():
    pytest.importorskip("jax")
    problem = EXPERIMENTS["two-layers"].problem(3, 3, 0)
    rng = np.random.default_rng(0)
    x, t, h = rng.normal(size=problem.unknowns), rng.normal(size=problem.unknowns), 1e-5
    (up, gradient_up), (down, gradient_down) = (problem.value_and_gradient(x + e * t) for e in (h, -h))
    assert problem.value_and_gradient(x)[1] @ t == pytest.approx((up - down) / (2 * h), rel=1e-6)
    assert problem.hessian(x) @ t == pytest.approx((gradient_up - gradient_down) / (2 * h), abs=1e-5)
    teacher = np.concatenate([np.eye(3).ravel(), (1.5 * np.eye(3) - np.ones((3, 3)) / 3).ravel()])
    assert problem.value_and_gradient(teacher)[0] == 0


def test_without_jax_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(UsageError, match=r"pip install 'symrelu\[layers\]'"):
        experiment("two-layers")


def of(*points):
    return ExperimentResult(Settings("name", "change", "S_d", 1, 6, 6, len(points), 0), list(points))


def test_the_principle_is_about_spurious_minima():
    whole, symmetric = Found("Delta S_6", 1, 0.0, 0.1), Found("Delta(S_5 x S_1)", 2, 0.02, 0.1)
    broken, saddle = Found("trivial", 6, 0.03, 0.1), Found("trivial", 6, 0.04, -0.1)
    assert of(whole, saddle).holds is None
    assert of(whole, symmetric, saddle).holds is True
    result = of(whole, symmetric, broken, Found(None, None, 0.1, None))
    assert (result.holds, result.symmetric, len(result.spurious)) == (False, 1, 2)
    assert "1 of 2 spurious minima" in result.to_text() and "not converged" in result.to_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "relu"}, "no experiment 'relu'; there are base"),
        ({"name": "uniform", "inputs": 9}, "2 to 7 inputs, not 9"),
        ({"name": "base", "inputs": 6, "neurons": 99}, "1 to 12 neurons, not 99"),
        ({"name": "base", "runs": 0}, "at least one run"),
        ({"name": "base", "seed": -1}, "seed >= 0"),
        ({"name": "erf", "points": 1000}, "erf needs no sample"),
        (
            {"name": "laplace", "inputs": 5, "points": 119},
            r"120 \(all permutations of one point\) to 5000000 points, not 119",
        ),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(UsageError, match=message):
        experiment(**options)
    assert experiment_named("erf").name == "erf"
