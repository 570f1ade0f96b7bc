"""Descent on functions whose minima are known; what has none, or cannot be evaluated, is refused."""

from itertools import pairwise
from math import log, sqrt

import numpy
import pytest

from symrelu.solvers.descent import SearchFails, descend, is_positive_definite, solve


def rosenbrock(x):
    a, b = x
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2


def rosenbrock_model(x):
    a, b = x
    gradient = [-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)]
    return gradient, [[2 - 400 * (b - a * a) + 800 * a * a, -400 * a], [-400 * a, 200.0]], [1.0, 1.0]


@pytest.mark.parametrize("start", [[-1.2, 1.0], [3.0, -7.0], [0.0, 0.0], [1.0, 1.0]])
def test_the_valley_of_rosenbrock(start):
    assert descend(rosenbrock, rosenbrock_model, start) == pytest.approx([1, 1], abs=1e-9)


def test_the_start_is_left_alone():
    start = [-1.2, 1.0]
    descend(rosenbrock, rosenbrock_model, start)
    assert start == [-1.2, 1.0]


def double_well(x):
    a, b = x
    return (a * a - 1) ** 2 + b * b


def double_well_model(x):
    a, b = x
    return [4 * a * (a * a - 1), 2 * b], [[12 * a * a - 4, 0.0], [0.0, 2.0]], [1.0, 2.0]


@pytest.mark.parametrize("start", [0.4, 0.5, -0.7, 2.5])
def test_steps_lower_the_value_where_newtons_method_would_climb(start):
    """The second derivative in a is negative for |a| < 3^(-1/2): there the Newton step goes up to a = 0."""
    a, b = descend(double_well, double_well_model, [start, 0.7])
    assert (abs(a), b) == pytest.approx((1, 0), abs=1e-9)


def test_a_saddle_that_the_value_falls_to_is_told_from_a_minimum():
    """The value falls all the way from (0.1, 0.7) to the saddle (0, 0), because b does."""
    a, b = descend(double_well, double_well_model, [0.1, 0.7])
    assert (a, b) == pytest.approx((0, 0), abs=1e-9)
    assert not is_positive_definite(double_well_model([a, b])[1])
    assert is_positive_definite(double_well_model([1.0, 0.0])[1])


def test_positive_definite_matrices_by_their_minors():
    assert is_positive_definite([[2.0, 1.0], [1.0, 1.0]])
    assert not is_positive_definite([[1.0, 2.0], [2.0, 1.0]])
    assert not is_positive_definite([[1.0, 1.0], [1.0, 1.0]])
    assert not is_positive_definite([[-1.0]])
    assert is_positive_definite([[4.0, 2.0, 0.0], [2.0, 3.0, 1.0], [0.0, 1.0, 1.0]])
    assert not is_positive_definite([[4.0, 2.0, 0.0], [2.0, 3.0, 2.0], [0.0, 2.0, 1.0]])


def test_every_point_visited_is_no_higher_than_the_one_before():
    visited = []

    def model(x):
        visited.append(rosenbrock(x))
        return rosenbrock_model(x)

    descend(rosenbrock, model, [-1.2, 1.0])
    assert len(visited) > 5
    assert all(later <= earlier + 1e-15 for earlier, later in pairwise(visited))


def test_a_metric_does_not_move_the_minimum():
    def model(x):
        gradient, hessian, _ = rosenbrock_model(x)
        return gradient, hessian, [100.0, 0.01]

    assert descend(rosenbrock, model, [-1.2, 1.0]) == pytest.approx([1, 1], abs=1e-6)


def test_steps_out_of_the_domain_are_shortened():
    """x - log x from x = 6: the undamped step leads to -24."""
    refused = []

    def value(x):
        if x[0] <= 0:
            refused.append(x[0])
        return x[0] - log(x[0])

    found = descend(value, lambda x: ([1 - 1 / x[0]], [[1 / x[0] ** 2]], [1e-3]), [6.0])
    assert found == pytest.approx([1])
    assert refused


@pytest.mark.parametrize(
    ("value", "model", "start", "said"),
    [
        (lambda x: log(x[0]), lambda x: ([1 / x[0]], [[-1 / x[0] ** 2]], [1.0]), [-1.0], "singular point"),
        (lambda x: x[0] ** 2, lambda x: ([1 / x[0]], [[1.0]], [1.0]), [0.0], "singular point"),
        (lambda x: x[0], lambda x: ([-1.0], [[1.0]], [1.0]), [0.0], "no step lowers"),  # a gradient of the wrong sign
        (sum, lambda x: ([1.0, 1.0], [[0.0, 0.0], [0.0, 0.0]], [1.0, 1.0]), [0.0, 0.0], "300 steps"),
    ],
    ids=["outside", "pole", "wrong gradient", "a slope without end"],
)
def test_what_has_no_minimum_is_refused(value, model, start, said):
    with pytest.raises(SearchFails, match=said):
        descend(value, model, start)


def test_a_singular_hessian_is_damped():
    """(x + y)^2: a valley of minima."""
    found = descend(
        lambda x: (x[0] + x[1]) ** 2, lambda x: ([2 * sum(x)] * 2, [[2.0, 2.0], [2.0, 2.0]], [1.0, 1.0]), [3.0, -1.0]
    )
    assert sum(found) == pytest.approx(0, abs=1e-9)
    assert found[0] - found[1] == pytest.approx(4)  # nothing moves along the valley


@pytest.mark.parametrize("seed", range(4))
def test_linear_systems(seed):
    generator = numpy.random.default_rng(seed)
    matrix, right = generator.normal(size=(6, 6)), generator.normal(size=6)
    matrix[0, 0] = 0  # needs a pivot
    kept = matrix.tolist()
    assert solve(kept, right.tolist()) == pytest.approx(numpy.linalg.solve(matrix, right).tolist())
    assert kept == matrix.tolist()


def test_pivots_are_the_largest():
    tiny = 1e-20
    assert solve([[tiny, 1.0], [1.0, 1.0]], [1.0, 2.0]) == pytest.approx([1, 1], rel=1e-12)
    assert solve([[-3.0, 1.0], [1.0, sqrt(2)]], [0.0, 1.0]) == pytest.approx(
        [1 / (1 + 3 * sqrt(2)), 3 / (1 + 3 * sqrt(2))]
    )


def test_a_singular_matrix_is_refused():
    with pytest.raises(ZeroDivisionError):
        solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0])


def test_steps_are_measured_in_the_metric():
    """The same problem in coordinates a = 1000 u, with the metric that goes with them: the same path."""
    paths = [], []

    def model(x):
        paths[0].append(list(x))
        return rosenbrock_model(x)

    def scaled(u):
        x = [1000 * u[0], u[1]]
        paths[1].append(x)
        (g, h), ((a, b), (_, c)), _ = rosenbrock_model(x)
        return [1000 * g, h], [[1e6 * a, 1e3 * b], [1e3 * b, c]], [1e6, 1.0]

    descend(rosenbrock, model, [-1.2, 1.0])
    descend(lambda u: rosenbrock([1000 * u[0], u[1]]), scaled, [-0.0012, 1.0])
    for one, other in zip(paths[0][:8], paths[1][:8], strict=True):
        assert other == pytest.approx(one, rel=1e-6, abs=1e-9)
