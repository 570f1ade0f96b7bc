"""Descent: known minima are reached, each run is the same whatever runs beside it, saddles and failures are not minima."""

import numpy as np
import pytest

from symrelu import UsageError
from symrelu.search.descent import gradient_descent
from symrelu.search.runs import MINIMUM, NOT_CONVERGED, ZERO_LOSS, batch_size, do_runs
from symrelu.search.settings import Settings


class Quadratic:
    """Half the sum of a_j w_j^2 with given curvatures: w_j shrinks by 1 - step a_j in a step."""

    inputs = 3

    def __init__(self, curvatures):
        self.a = np.array(curvatures, float)

    def gradient(self, W):
        return self.a * W


def descend(landscape, starts, *numbers):
    return {ended.place: ended for ended in gradient_descent(landscape, np.array(starts, float), *numbers)}


def test_a_step_is_that_of_the_formula():
    ended = descend(Quadratic([1, 2, 3]), [[[1, 1, 1]]], 0.125, 1e-12, 20)[0]
    expected = [(1 - 0.125 * a) ** 20 for a in (1, 2, 3)]
    np.testing.assert_allclose(ended.weights[0], expected, rtol=1e-13)
    assert (ended.steps, ended.converged) == (20, False)


def test_runs_leave_when_their_gradient_is_small():
    ended = descend(Quadratic([1, 1, 1]), [[[1, 0, 0]], [[1e-9, 0, 0]], [[0, 1e-3, 0]]], 0.5, 1e-6, 1000)
    # 2^-20 < 1e-6 < 2^-19, and 1e-3 2^-10 < 1e-6 < 1e-3 2^-9; one looks after every ten steps
    assert {place: x.steps for place, x in ended.items()} == {0: 20, 1: 0, 2: 10}
    assert all(x.converged for x in ended.values())


def test_a_step_that_is_too_long_does_not_converge():
    ended = descend(Quadratic([1, 1, 1]), [[[1, 0, 0]], [[0, 0, 0]]], 2.5, 1e-6, 10_000)
    assert [ended[0].converged, ended[1].converged] == [False, True]


def results(settings, numbers):
    return {run.run: run for run in do_runs((settings.key(), tuple(numbers)))}


@pytest.mark.parametrize(
    ("inputs", "neurons", "method"), [(6, 6, "gd"), (7, 5, "gd"), (5, 6, "gd"), (6, 6, "lbfgs"), (5, 5, "newton")]
)
def test_a_run_is_the_same_bit_by_bit_whatever_runs_beside_it(inputs, neurons, method):
    settings = Settings(inputs, neurons, seed=5, method=method)
    together = results(settings, range(12))
    assert sorted(together) == list(range(12))
    for numbers in ([7], [3, 11, 2]):
        for number, run in results(settings, numbers).items():
            assert run._replace(weights=None) == together[number]._replace(weights=None)
            assert run.weights.tobytes() == together[number].weights.tobytes()


def test_starts_are_those_of_seed_and_number_with_xavier_s_variance():
    settings = Settings(30, 50, seed=3)
    W = np.stack([settings.weights(run) for run in range(40)])
    assert len(np.unique(W)) == W.size
    assert (Settings(30, 50, seed=3).weights(7) == W[7]).all() and (Settings(30, 50, seed=4).weights(7) != W[7]).all()
    assert abs(W.var() / (2 / 80) - 1) < 0.02  # five standard deviations of the mean of 60,000 squares: 0.029
    uniform = Settings(30, 50, start="uniform", variance=0.25).weights(0)
    assert np.abs(uniform).max() <= 0.75**0.5 and abs(uniform.var() / 0.25 - 1) < 0.15


def test_minima_are_minima_of_an_independent_loss():
    """Gradient and curvature by differences of the closed formula, written here for single angles."""

    def loss(W):
        def F(w, v):
            a, b = np.linalg.norm(w), np.linalg.norm(v)
            theta = np.arccos(np.clip(w @ v / (a * b), -1, 1))
            return a * b * (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / (2 * np.pi)

        V = np.eye(W.shape[1])
        pairs = [(W, W, 0.5), (W, V, -1), (V, V, 0.5)]
        return sum(weight * F(x, y) for X, Y, weight in pairs for x in X for y in Y)

    settings = Settings(8, 8)
    spurious = [run for run in results(settings, range(30)).values() if run.loss > 1e-3]
    assert spurious
    random = np.random.default_rng(0)
    for run in spurious[:2]:
        assert run.status == MINIMUM
        assert abs(loss(run.weights) - run.loss) < 1e-13
        for _ in range(3):
            T = random.standard_normal((8, 8))
            T /= np.linalg.norm(T)
            here, there, back = (loss(run.weights + h * T) for h in (0, 1e-3, -1e-3))
            assert abs(there - back) < 1e-8
            assert (there - 2 * here + back) / 1e-6 > run.least_eigenvalue - 1e-4


def test_the_end_of_a_descent_at_a_saddle_is_no_minimum():
    """II at d = 5, below its threshold, is a saddle: Newton's method stays there, and rounding leads a descent away."""
    from symrelu import family
    from symrelu.search import runs
    from symrelu.search.descent import Ended

    point = family("II").at(5).point
    assert not point.is_minimum
    value = {name: float(ball.mid()) for name, ball in point.parameters.items()}
    W = np.full((5, 5), value["off1"]) + (value["diag1"] - value["off1"]) * np.eye(5)
    W[:, 4], W[4], W[4, 4] = value["w12"], value["w21"], value["w22"]
    settings = Settings(5, 5)
    landscape = settings.landscape()
    assert runs._minimum(landscape, W) is None
    run = runs._finished(landscape, Ended(0, W, 0, True), settings, 0)
    assert run.status == NOT_CONVERGED or run.loss < float(point.loss.mid()) - 1e-3
    # From a little beside it the descent, already said to have converged, goes on to the global minimum.
    beside = W + 1e-7 * np.random.default_rng(0).standard_normal(W.shape)
    run = runs._finished(landscape, Ended(0, beside, 0, True), settings, 0)
    assert run.status == MINIMUM and abs(run.loss) < 1e-12 and run.steps > 100


def test_zero_loss_is_not_isolated_with_more_neurons_than_targets():
    runs = results(Settings(4, 5), range(10)).values()
    assert {run.status for run in runs} == {ZERO_LOSS}
    assert all(run.loss < 1e-7 and run.least_eigenvalue is None for run in runs)


def test_a_limit_that_is_too_small_is_said():
    runs = results(Settings(6, 6, limit=30), range(3)).values()
    assert {run.status for run in runs} == {NOT_CONVERGED}
    assert {run.steps for run in runs} == {30}


def test_batches_depend_on_the_sizes_alone():
    assert batch_size(Settings(6, 6)) == batch_size(Settings(6, 6, seed=3, method="lbfgs")) > 50
    assert batch_size(Settings(100, 100)) == 1


def test_settings_as_one_line():
    settings = Settings(7, 8, seed=2, step=0.125, start="uniform")
    assert Settings.read(settings.key()) == settings
    assert Settings(7, 8).key() == Settings(7, 8, step=1 / (8 / 4 + 1), variance=2 / 15).key()
    assert len({Settings(7, 8, **{name: x}).key() for name, x in [("seed", 1), ("step", 0.1), ("variance", 0.1)]}) == 3


BAD = [
    ({"inputs": 0}, "inputs"),
    ({"neurons": -1}, "neurons"),
    ({"seed": -1}, "seed"),
    ({"method": "adam"}, "gd, lbfgs, newton"),
    ({"start": "zero"}, "normal, uniform"),
    ({"step": 0.0}, "step"),
    ({"step": float("nan")}, "step"),
    ({"variance": -1.0}, "variance"),
    ({"variance": float("inf")}, "variance"),
    ({"tolerance": 1.0}, "tolerance"),
    ({"limit": 0}, "limit"),
]


@pytest.mark.parametrize(("change", "reason"), BAD)
def test_settings_that_make_no_sense(change, reason):
    with pytest.raises(UsageError, match=reason):
        Settings(**{"inputs": 6, "neurons": 6, **change})
