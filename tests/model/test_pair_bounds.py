"""Third derivatives of the kernel and the bound of the fourth, against series of F and the dense network."""

import itertools
import random

import pytest
from flint import arb, arb_mat, arb_series

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.model.dense import DenseNetwork
from symrelu.model.pair_bounds import JointDerivatives, PairForms, fourth_bound


@pytest.fixture(autouse=True)
def precision():
    with working(160, cap=5):
        yield


def vector(generator, d):
    return [arb(generator.randint(-1000, 1000)) / 512 for _ in range(d)]


def derivatives_along(w, v, p, q):
    """Derivatives 0..4 of 2 pi F(w + t p, v + t q) at t = 0, from the definition of F, by power series in t."""

    def inner(x, dx, y, dy):
        terms = ((a * b, a * db + da * b, da * db) for a, da, b, db in zip(x, dx, y, dy, strict=True))
        return arb_series([sum(parts, arb(0)) for parts in zip(*terms, strict=True)])

    A, B, c = inner(w, p, w, p), inner(v, q, v, q), inner(w, p, v, q)
    S = (A * B - c * c).sqrt()
    F = S + (arb.pi() / 2 + (c / S).atan()) * c
    return [F[j] * factorial for j, factorial in enumerate((1, 1, 2, 6, 24))]


def trilinear(matrices, x, y, z):
    rows = [(arb_mat([y]) * matrix * arb_mat([z]).transpose())[0, 0] for matrix in matrices]
    return sum((a * b for a, b in zip(x, rows, strict=True)), arb(0))


@pytest.mark.parametrize("seed", range(4))
def test_derivatives_of_a_pair(seed):
    generator = random.Random(seed)
    w, v, p, q = (vector(generator, 4) for _ in range(4))
    forms, series = PairForms(w, v), derivatives_along(w, v, p, q)
    ww, wv, vv = forms.hessian()
    P, Q = arb_mat([p]), arb_mat([q])
    second = P * ww * P.transpose() + P * wv * Q.transpose() * 2 + Q * vv * Q.transpose()
    assert abs(second[0, 0] * 2 * arb.pi() - series[2]) < arb(10) ** -30
    assert abs(trilinear(forms.third(), p + q, p + q, p + q) * 2 * arb.pi() - series[3]) < arb(10) ** -30


def test_the_third_derivative_is_symmetric_in_its_three_arguments():
    generator = random.Random(7)
    matrices = PairForms(vector(generator, 3), vector(generator, 3)).third()
    arguments = [vector(generator, 6) for _ in range(3)]
    values = [trilinear(matrices, *order) for order in itertools.permutations(arguments)]
    assert all(abs(value - values[0]) < arb(10) ** -30 for value in values)
    assert abs(values[0]) > arb("0.01")


def test_third_derivatives_are_bounded_and_jump_at_parallel_rows():
    """2 pi F = sin t + (pi - |t|) cos t = pi (1 - t^2/2) + |t|^3/3 + ...: D^3 along q passes from -2 to 2, entries stay."""
    w, q = [arb(1), arb(0), arb(0)], [arb(0), arb(1), arb(0)]
    for exponent in (2, 5, 10):
        t = arb(10) ** -exponent
        for side in (-1, 1):
            matrices = PairForms(w, [t.cos(), side * t.sin(), arb(0)]).third()
            value = trilinear(matrices, *[[arb(0)] * 3 + q] * 3) * 2 * arb.pi()
            assert abs(value - 2 * side) < 10 * t
            assert all(abs(x) < 1 for matrix in matrices for x in matrix.entries())


# -- the fourth derivative ---------------------------------------------------------------------------------------------


def at_angle(degrees, a, b):
    theta = arb.pi() * degrees / 180
    return theta, [arb(a), arb(0), arb(0)], [b * theta.cos(), b * theta.sin(), arb(0)]


def fourth(w, v, x, a, b):
    """2 pi |D^4 F| / (a b) along x = (p/a, q/b), normalised to length one."""
    length = sum((y * y for y in x), arb(0)).sqrt()
    p, q = [a * y / length for y in x[:3]], [b * y / length for y in x[3:]]
    return abs(derivatives_along(w, v, p, q)[4]) / (a * b)


@pytest.mark.parametrize("degrees", [5, 20, 45, 70, 90, 110, 150, 175])
def test_the_bound_of_the_fourth_derivative_holds_where_it_is_largest(degrees):
    """A climb from random displacements: bounded at every step, and the bound is not twice the largest value."""
    generator, (a, b) = random.Random(degrees), (3, 2)
    theta, w, v = at_angle(degrees, a, b)
    bound, best, place, width = fourth_bound(theta), arb(0), [0.0] * 6, 1.0
    for step in range(2000):
        x = [y + width * generator.gauss(0, 1) for y in place]
        value = fourth(w, v, [arb(y) for y in x], a, b)
        assert value < bound * (1 + arb(10) ** -20)
        if value > best:
            best, place = value, x
        width = 1.0 if step < 400 else width * 0.995
    assert bound < 2 * best


def test_the_bound_is_attained_across_the_plane_of_almost_parallel_rows():
    a, b = 3, 2
    for degrees, sign in ((20, -1), (160, 1)):
        theta, w, v = at_angle(degrees, a, b)
        x = [arb(y) for y in (0, 0, 1, 0, 0, sign)]
        assert abs(fourth(w, v, x, a, b) - fourth_bound(theta)) < arb(10) ** -20


def test_the_bound_covers_every_angle_of_a_ball():
    wide = fourth_bound(arb("0.5", "0.2"))
    assert all(fourth_bound(arb(x)) < wide for x in ("0.3001", "0.5", "0.6999"))
    for theta in (arb("0.1", "0.2"), arb("3.1", "0.1"), arb(0), arb("nan")):
        assert not fourth_bound(theta).is_finite()


# -- the whole network -------------------------------------------------------------------------------------------------


def network_point(seed, k=2, h=2, d=3):
    generator = random.Random(seed)
    return [vector(generator, d) for _ in range(k)], [vector(generator, d) for _ in range(h)]


def as_numbers(mp, rows):
    return [[mp.mpf(x.mid().str(60, radius=False)) for x in row] for row in rows]


def test_joint_derivatives_are_those_of_the_dense_network():
    """Hessian, and D^3 L[x, ., .] on weights and targets by central differences of gradient and Hessian in mpmath."""
    W, V = network_point(3)
    d, n, m = 3, 6, 6
    joint = JointDerivatives(W, V)
    mp = DenseNetwork([[1]], digits=60).mp
    weights, teacher, h = as_numbers(mp, W), as_numbers(mp, V), mp.mpf("1e-20")

    def moved(rows, direction, t):
        return [[x + t * direction[i * d + p] for p, x in enumerate(row)] for i, row in enumerate(rows)]

    def gradient(x, t, e, s):
        network = DenseNetwork(moved(teacher, e, s), digits=60)
        return [g for row in network.gradient(moved(weights, x, t)) for g in row]

    def hessian(x, t):
        rows = DenseNetwork(teacher, digits=60).hessian(moved(weights, x, t)).tolist()
        return [mp.mpf(y) for row in rows for y in row]

    zero = [0] * n
    second = joint.hessian()
    dense = hessian(zero, 0)
    assert_close(mp, [second[i, j] for i in range(n) for j in range(n)], dense, "1e-30")
    e = [mp.mpf(x) for x in (1, -2, 3, 1, 1, -1)]
    slopes = [(x - y) / (2 * h) for x, y in zip(gradient(zero, 0, e, h), gradient(zero, 0, e, -h), strict=True)]
    mixed = [sum((second[i, n + j] * int(e[j]) for j in range(m)), arb(0)) for i in range(n)]
    assert_close(mp, mixed, slopes, "1e-30")

    x = [2, 1, -1, 1, -3, 1]
    ((ww, wv, vv),) = joint.third_along(arb_mat([[y] for y in x]))
    change = [(y - z) / (2 * h) for y, z in zip(hessian(x, h), hessian(x, -h), strict=True)]
    assert_close(mp, ww.entries(), change, "1e-30")
    H = mp.mpf("1e-15")
    corners = {(s, t): gradient(x, s * H, e, t * H) for s in (1, -1) for t in (1, -1)}
    cross = [
        (corners[1, 1][i] - corners[1, -1][i] - corners[-1, 1][i] + corners[-1, -1][i]) / (4 * H * H) for i in range(n)
    ]
    assert_close(mp, (wv * column(e)).entries(), cross, "1e-25")
    ends = [sum(a * b for a, b in zip(x, gradient(zero, 0, e, s * H), strict=True)) for s in (1, 0, -1)]
    twice = (ends[0] - 2 * ends[1] + ends[2]) / (H * H)
    assert_close(mp, (column(e).transpose() * vv * column(e)).entries(), [twice], "1e-25")


def column(values):
    return arb_mat([[int(x)] for x in values])


def assert_close(mp, balls, numbers, tolerance):
    assert len(balls) == len(numbers)
    for ball, number in zip(balls, numbers, strict=True):
        assert abs(mp.mpf(ball.mid().str(60, radius=False)) - number) < mp.mpf(tolerance)


@pytest.mark.parametrize("v", [[2, 4, 6], [-1, -2, -3], [0, 0, 0]])
def test_parallel_rows_are_refused(v):
    with pytest.raises(Undecided, match="not parallel"):
        PairForms([arb(1), arb(2), arb(3)], [arb(x) for x in v])
    with pytest.raises(Undecided, match="not parallel"):
        JointDerivatives([[arb(1), arb(2), arb(3)]], [[arb(x) for x in v]])
