"""The dense network against quadrature, differences and published numbers, independent of its formulas."""

import itertools
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from mpmath.ctx_mp import MPContext

from symrelu.model import dense
from symrelu.model.dense import DenseNetwork, group_with_multiplicity

Rows = list[list[Any]]

# Safran & Shamir's published minimum at k = d = 6 (claim SS-example): five neurons alike and the odd one out.
PUBLISHED = [[".9867" if i == j else "-.0504" for j in range(5)] + [".3080"] for i in range(5)]
PUBLISHED.append([".2245"] * 5 + ["-.6015"])


def random_rows(rows: int, columns: int, seed: int) -> list[list[Fraction]]:
    generator = random.Random(seed)
    return [[Fraction(generator.randint(-1000, 1000), 512) for _ in range(columns)] for _ in range(rows)]


def identity(d: int) -> list[list[int]]:
    return [[int(i == j) for j in range(d)] for i in range(d)]


def loss_by_quadrature(students: Rows, targets: Rows, digits: int) -> Any:
    """The definition of L for two inputs in polar coordinates, x = r u(phi), cut at the kinks of relu."""
    mp: Any = MPContext()
    mp.dps = digits
    neurons = [[mp.convert(x) for x in row] for row in students + targets]
    signs = [1] * len(students) + [-1] * len(targets)

    def squared_output(phi: Any) -> Any:
        u = (mp.cos(phi), mp.sin(phi))
        relus = [max(w[0] * u[0] + w[1] * u[1], 0) for w in neurons]
        return mp.fdot(signs, relus) ** 2

    kinks = [mp.atan2(w[1], w[0]) + side * mp.pi / 2 for w in neurons for side in (-1, 1)]
    cuts = sorted({-mp.pi, mp.pi, *(x - 2 * mp.pi * mp.floor((x + mp.pi) / (2 * mp.pi)) for x in kinks)})
    angular = mp.quad(squared_output, cuts) / (2 * mp.pi)
    radial = mp.quad(lambda r: r**3 * mp.exp(-(r**2) / 2), [0, 2, 4, 8, mp.inf])
    return radial * angular / 2


def central_differences(f: Callable[[Rows], Any], W: Sequence[Sequence[Any]], h: Any) -> Rows:
    """(f(W + h E) - f(W - h E)) / 2h for every matrix unit E, row-major; f returns a list."""
    differences: Rows = []
    for i, p in itertools.product(range(len(W)), range(len(W[0]))):
        values = []
        for step in (h, -h):
            shifted = [list(row) for row in W]
            shifted[i][p] += step
            values.append(f(shifted))
        differences.append([(plus - minus) / (2 * h) for plus, minus in zip(*values, strict=True)])
    return differences


def flat(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [x for row in rows for x in row]


def distance(a: Sequence[Any], b: Sequence[Any]) -> Any:
    assert len(a) == len(b)
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def converted(network: DenseNetwork, rows: Sequence[Sequence[Any]]) -> Rows:
    return [[network.mp.convert(x) for x in row] for row in rows]


@pytest.mark.parametrize(
    ("students", "targets"),
    [
        ([[3, 1]], [[1, 2]]),
        ([[-1, 2]], [[2, "-.5"]]),
        ([[1, 0], ["-.75", "-.5"]], [[1, 1], [0, 2], [-1, "-.25"]]),
    ],
)
def test_loss_is_the_gaussian_integral(students: Rows, targets: Rows) -> None:
    network = DenseNetwork(targets, digits=25)
    assert abs(network.loss(students) - loss_by_quadrature(students, targets, 30)) < network.mp.mpf("1e-24")


@pytest.mark.parametrize(("k", "h", "d"), [(3, 2, 4), (2, 3, 3)])
def test_gradient_and_hessian_are_derivatives(k: int, h: int, d: int) -> None:
    network = DenseNetwork(random_rows(h, d, seed=1), digits=60)
    step = network.mp.mpf("1e-20")
    W = converted(network, random_rows(k, d, seed=2))
    slopes = central_differences(lambda X: [network.loss(X)], W, step)
    assert distance(flat(network.gradient(W)), flat(slopes)) < network.mp.mpf("1e-37")
    curvatures = central_differences(lambda X: flat(network.gradient(X)), W, step)
    assert distance(flat(network.hessian(W).tolist()), flat(curvatures)) < network.mp.mpf("1e-37")


def test_hessian_has_its_limits_on_parallel_rows() -> None:
    """Two equal students, one against both, targets along and against them; L is C^2 there: an O(h) error."""
    network = DenseNetwork([[2, 4, 6], [-1, -2, -3], [0, 1, 0]], digits=60)
    W = converted(network, [[1, 2, 3], [1, 2, 3], [-2, -4, -6], [0, 1, 1]])
    H = network.hessian(W)
    curvatures = central_differences(lambda X: flat(network.gradient(X)), W, network.mp.mpf("1e-20"))
    assert distance(flat(H.tolist()), flat(curvatures)) < network.mp.mpf("1e-18")
    assert H[0:3, 3:6] == network.mp.eye(3) / 2
    assert H[0:3, 6:9] == network.mp.zeros(3)


def test_almost_parallel_rows_lose_no_digits() -> None:
    """Rows 2^-70 apart: AB - c^2 has about 140 bits of cancellation, nearly the whole working precision."""
    targets = [[1, 2, 3], [-1, 0, 2]]
    W = [[1, 2 + Fraction(1, 2**70), 3], [-1, -2, Fraction(1, 2**70) - 3], [1, Fraction(-1, 2**70), -2]]
    network, judge = DenseNetwork(targets, digits=30), DenseNetwork(targets, digits=150)
    for f in (
        lambda n: flat(n.gradient(W)),
        lambda n: flat(n.hessian(W).tolist()),
        lambda n: [n.loss(W)],
    ):
        assert distance([judge.mp.convert(x) for x in f(network)], f(judge)) < judge.mp.mpf("1e-30")


@pytest.mark.parametrize("d", [3, 4])
def test_global_minimum_has_the_exact_spectrum(d: int) -> None:
    """Claim AF20-global with the multiplicities of Delta S_d: 2 t, 3 s, x, y."""
    network = DenseNetwork.orthonormal(d, digits=40)
    mp = network.mp
    assert abs(network.loss(identity(d))) < mp.mpf("1e-40")
    assert max(map(abs, flat(network.gradient(identity(d))))) < mp.mpf("1e-40")

    def roots(trace: Any, determinant: Any) -> list[Any]:
        root = mp.sqrt(trace**2 / 4 - determinant)
        return [trace / 2 - root, trace / 2 + root]

    quarter, unit = mp.mpf(1) / 4, 1 / (2 * mp.pi)
    s = roots(quarter * (d + 2), mp.mpf(d) / 16 + unit / 2 - unit**2 + quarter**2)
    a, b = 2 * quarter + (d - 1) * unit, quarter * d + unit
    t = roots(a + b, a * b - (d - 1) * quarter**2)
    expected = [quarter - unit] * ((d - 1) * (d - 2) // 2 + d - 1) + [quarter + unit] * (d * (d - 3) // 2)
    expected += s * (d - 1) + t
    assert distance(network.eigenvalues(identity(d)), sorted(expected)) < mp.mpf("1e-40")
    assert distance(network.distinct_eigenvalues(identity(d)), sorted(set(expected))) < mp.mpf("1e-40")


def test_an_input_no_target_sees_adds_its_own_eigenvalues() -> None:
    """At W = V the new column's block has 1/2 on the diagonal, 1/4 off it: 1/4 (d - 1 times), (d + 1)/4."""
    d = 3
    network, wider = DenseNetwork.orthonormal(d, 40), DenseNetwork.orthonormal(d, 40, inputs=d + 1)
    quarter = wider.mp.mpf(1) / 4
    expected = sorted([*network.eigenvalues(identity(d)), *[quarter] * (d - 1), quarter * (d + 1)])
    assert distance(wider.eigenvalues([[*row, 0] for row in identity(d)]), expected) < wider.mp.mpf("1e-40")


@pytest.fixture(scope="module")
def published() -> tuple[DenseNetwork, Rows, list[Any]]:
    network = DenseNetwork.orthonormal(6, digits=50)
    W, steps = network.newton(PUBLISHED)
    return network, W, steps


def test_newton_reproduces_the_published_minimum(published: tuple[DenseNetwork, Rows, list[Any]]) -> None:
    network, W, steps = published
    mp = network.mp
    assert steps[-1] <= mp.mpf("1e-50") and len(steps) <= 10
    assert max(map(abs, flat(network.gradient(W)))) < mp.mpf("1e-50")
    assert distance(flat(W), flat(converted(network, PUBLISHED))) < mp.mpf("0.5e-4")
    assert abs(network.loss(W) - mp.mpf(".02508")) < mp.mpf("0.5e-5")
    assert abs(network.eigenvalues(W)[0] - mp.mpf(".0047")) < mp.mpf("0.5e-4")


def test_lanczos_agrees_with_eigsy(published: tuple[DenseNetwork, Rows, list[Any]]) -> None:
    """Delta(S_5 x S_1): 5 t, 5 s, x, y, of dimensions 1, 4, 6, 5."""
    network, W, _ = published
    values, multiplicities = zip(*group_with_multiplicity(network.eigenvalues(W), 45), strict=True)
    assert sorted(multiplicities) == [1] * 5 + [4] * 5 + [5, 6]
    for seed in (0, 1):
        assert distance(network.distinct_eigenvalues(W, seed), values) < network.mp.mpf("1e-50")


def test_lanczos_resolves_close_eigenvalues(published: tuple[DenseNetwork, Rows, list[Any]]) -> None:
    """A dent of 1e-18 in one entry breaks Delta(S_5 x S_1) and splits eigenvalues by about as much."""
    network, W, _ = published
    dented = [list(row) for row in W]
    dented[0][0] += network.mp.mpf("1e-18")
    values = [value for value, _ in group_with_multiplicity(network.eigenvalues(dented), 45)]
    assert len(values) == 19
    assert distance(network.distinct_eigenvalues(dented), values) < network.mp.mpf("1e-50")


def test_lanczos_runs_to_the_end_where_nothing_coincides() -> None:
    network = DenseNetwork.orthonormal(3, digits=30)
    W = random_rows(2, 3, seed=3)
    assert distance(network.distinct_eigenvalues(W), network.eigenvalues(W)) < network.mp.mpf("1e-30")


def test_newton_reaches_past_the_range_of_floats() -> None:
    network = DenseNetwork.orthonormal(2, digits=400)
    W, _ = network.newton([["-.3", "1.1"], ["1.2", ".4"]])
    assert max(map(abs, flat(network.gradient(W)))) < network.mp.mpf(10) ** -400


def test_newton_stays_on_an_exact_critical_point() -> None:
    assert DenseNetwork([["1.5"]]).newton([["1.5"]]) == ([[1.5]], [0])


def test_linear_solve_pivots() -> None:
    """Newton's Hessians rarely need a row exchange, so the exchange is tested on a matrix that needs two."""
    factors = dense._factorise([[0.0, 2.0, 1.0], [0.0, 0.0, 4.0], [8.0, 1.0, 1.0]])
    assert dense._solve(*factors, [7.0, 12.0, 13.0]) == [1.0, 2.0, 3.0]


def test_newton_says_when_it_fails() -> None:
    network = DenseNetwork.orthonormal(6)
    with pytest.raises(ArithmeticError, match="did not reach 50 digits in 2 steps"):
        network.newton(PUBLISHED, max_steps=2)
    assert len(network.newton(PUBLISHED, tolerance_digits=5, max_steps=2).steps) == 2
    with pytest.raises(ArithmeticError, match="ran away: step 3"):
        DenseNetwork.orthonormal(4, digits=20).newton(random_rows(5, 4, seed=0))
    with pytest.raises(ArithmeticError, match="singular"):  # one target split in two: a line of minima
        DenseNetwork([[1]]).newton([[".25"], [".5"]])


@pytest.mark.parametrize(
    ("W", "message"),
    [
        ([[1, 0], [0, 0]], "row 1 of the weight matrix is zero"),
        ([[1, 0], [1]], "row 1 of the weight matrix has 1 entries, expected 2"),
        ([[1, float("nan")]], "not a finite number"),
        ([], "the weight matrix is empty"),
    ],
)
def test_bad_weights_raise(W: Rows, message: str) -> None:
    network = DenseNetwork.orthonormal(2)
    for f in (network.loss, network.gradient, network.hessian, network.newton):
        with pytest.raises(ValueError, match=message):
            f(W)


def test_bad_teachers_raise() -> None:
    with pytest.raises(ValueError, match="row 0 of the teacher is zero"):
        DenseNetwork([[0, 0]])
    with pytest.raises(ValueError, match="teacher is empty"):
        DenseNetwork([])
    with pytest.raises(ValueError, match="1 <= d <= inputs"):
        DenseNetwork.orthonormal(3, inputs=2)
    with pytest.raises(ValueError, match="digits must be at least 1"):
        DenseNetwork.orthonormal(3, digits=0)


def test_precision_is_its_own() -> None:
    W = random_rows(2, 2, seed=4)
    coarse, fine = DenseNetwork.orthonormal(2, digits=20), DenseNetwork.orthonormal(2, digits=60)
    with mpmath.mp.workdps(3):
        losses = coarse.loss(W), fine.loss(W), coarse.loss(W)
        assert mpmath.mp.dps == 3
    assert losses[0] == losses[2] != losses[1]
    assert abs(losses[0] - losses[1]) < fine.mp.mpf("1e-20")
    assert (coarse.mp.dps, fine.mp.dps) == (30, 70)


def test_group_with_multiplicity() -> None:
    mp: Any = MPContext()
    mp.dps = 30
    values = [mp.mpf(x) for x in ("1000.0000000001", "-1", "2e-11", "1000", "0", "2e-10", "-1")]
    groups = group_with_multiplicity(values, 10)
    assert [m for _, m in groups] == [2, 2, 1, 2]
    assert [mp.nstr(x, 3) for x, _ in groups] == ["-1.0", "2.0e-11", "2.0e-10", "1.0e+3"]
