"""Newton's method on systems with known zeros; what does not converge is refused."""

import pytest
from flint import arb, fmpq

from symrelu.arithmetic.precision import working
from symrelu.solvers.newton import approx_root, newton_step


def circle_and_hyperbola(x):
    """x^2 + y^2 = 4, x y = 1: x, y = (6^(1/2) +- 2^(1/2)) / 2."""
    a, b = x
    return [a * a + b * b - 4, a * b - 1], [[2 * a, 2 * b], [b, a]]


@pytest.mark.parametrize("bits", [53, 200, 2000])
def test_a_root_is_found_to_the_working_precision(bits):
    with working(bits):
        (x, y), sizes = approx_root(circle_and_hyperbola, [arb(2), arb(fmpq(1, 2))])
    with working(bits + 64):
        for value, sign in ((x, 1), (y, -1)):
            assert abs(value - (arb(6).sqrt() + sign * arb(2).sqrt()) / 2) < arb(2) ** (8 - bits)
            assert value.is_exact()
        assert sizes[-1] < arb(2) ** (-bits // 2)
        assert sizes == sorted(sizes, key=lambda size: -float(size))


def test_an_exact_root_stays():
    (x,), sizes = approx_root(lambda v: ([v[0] * v[0] - 9], [[2 * v[0]]]), [arb(3)])
    assert x == 3
    assert sizes == [0]


def test_one_step_solves_a_linear_system():
    # 2 x + y = 5, x - y = 1 at (0, 0): the step is what is subtracted
    with working(100):
        step = newton_step(([arb(-5), arb(-1)], [[arb(2), arb(1)], [arb(1), arb(-1)]]))
        assert abs(step[0] + 2) < arb(2) ** -90
        assert abs(step[1] + 1) < arb(2) ** -90


@pytest.mark.parametrize(
    "system",
    [
        lambda v: ([v[0] * v[0] + 1], [[2 * v[0]]]),  # no real zero: it wanders
        lambda v: ([v[0].exp()], [[-(v[0].exp() / 100000000)]]),  # runs away
    ],
    ids=["no zero", "runs away"],
)
def test_what_does_not_converge_is_refused(system):
    with pytest.raises(ArithmeticError, match="does not converge"):
        approx_root(system, [arb(fmpq(3, 7))])


@pytest.mark.parametrize(("value", "slope"), [("nan", "1"), ("1", "nan"), ("inf", "1")])
def test_what_is_not_finite_is_refused(value, slope):
    with pytest.raises(ArithmeticError):
        approx_root(lambda v: ([arb(value)], [[arb(slope)]]), [arb(1)])


def test_a_singular_jacobian_is_refused():
    with pytest.raises(ArithmeticError, match="singular"):
        approx_root(lambda v: ([v[0] - 1, v[0] - 1], [[arb(1), arb(0)], [arb(1), arb(0)]]), [arb(3), arb(4)])


def test_the_number_of_steps_is_limited():
    with working(400), pytest.raises(ArithmeticError, match="does not converge"):
        approx_root(circle_and_hyperbola, [arb(2), arb(fmpq(1, 2))], max_steps=3)


def test_a_double_root_is_approached_slowly_and_not_to_the_working_precision():
    """The error of (x - 1)^2 halves with every step; Newton's method proves nothing, Krawczyk's test refuses there."""

    def system(v):
        return [(v[0] - 1) * (v[0] - 1)], [[2 * (v[0] - 1)]]

    with working(300):
        with pytest.raises(ArithmeticError, match="does not converge"):
            approx_root(system, [arb(2)])
        (x,), sizes = approx_root(system, [arb(2)], max_steps=200)
        assert arb(2) ** -104 < abs(x - 1) < arb(2) ** -96  # settled: a third of the bits
    assert len(sizes) > 95


def test_rounding_settles_where_the_condition_is_bad():
    """Values that are wrong by 2^-45 keep the step from falling below the tolerance 2^-60: it stops there all the same."""
    noise = iter([1, -1] * 40)

    def system(v):
        return [v[0] - 3 + arb(2) ** -45 * next(noise)], [[arb(1)]]

    with working(100):
        (x,), sizes = approx_root(system, [arb(2)])
        assert abs(x - 3) < arb(2) ** -44
    assert 3 <= len(sizes) <= 5


def test_it_has_not_settled_while_steps_are_large():
    """Steps of 2^-20 that do not shrink are no sign of the working precision."""
    noise = iter([1, -1] * 40)
    with working(100), pytest.raises(ArithmeticError, match="does not converge"):
        approx_root(lambda v: ([v[0] - 3 + arb(2) ** -20 * next(noise)], [[arb(1)]]), [arb(2)])
