"""Taylor models at s = 0 enclose: random formulas with poles and zeros there, against mpmath at many more digits.

A model claims two things: values of the function on 0 < s <= reach, and coefficients of its expansion at 0. The second are
found here with no series at all: from the values at a few s of size 10^-30, by solving for a polynomial.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, arb_poly, ctx, fmpq

from symrelu.arithmetic.laurent import EXACT, LaurentDomain, LaurentModel
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.ranges import atan_slope, polynomial_range, power_range

BITS = 128
DIGITS = 60
FITTED, SMALL = 12, 30  # coefficients come from the values at j 10^-30, j = 1, ..., 12


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    """A cap too short for most orders used here: no result depends on it, and every test leaves it alone."""
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = BITS, 2
    with mpmath.workdps(DIGITS):
        yield
    left = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = before
    assert left == (BITS, 2)


class Oracle:
    """The arithmetic protocol in mpmath, with its own atan2."""

    pi = property(lambda self: +mpmath.pi)
    sqrt = staticmethod(mpmath.sqrt)
    atan = staticmethod(mpmath.atan)

    @staticmethod
    def number(n: int | Fraction) -> Any:
        return mpmath.mpf(n.numerator) / n.denominator

    @staticmethod
    def angle(S: Any, c: Any) -> Any:
        return mpmath.atan2(S, c)


class Models(LaurentDomain):
    """The domain, with an arc tangent and Python fractions."""

    def number(self, value: Any) -> LaurentModel:
        return self.constant(value)

    @staticmethod
    def atan(x: LaurentModel) -> LaurentModel:
        return x.atan()


def q(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def ball(x: Any, digits: int = DIGITS - 12) -> arb:
    """A ball about x, wider than the oracle's error and far narrower than what is tested."""
    with mpmath.workdps(DIGITS + 20):
        value = arb(mpmath.nstr(x, DIGITS + 10))
    return value + arb(0, 1) * (abs(value) + 1) * arb(10) ** -digits


def points(rng: random.Random, reach: Fraction) -> list[Fraction]:
    """The end, a tiny s, and two between."""
    return [reach, reach / 10**6, *(reach * Fraction(rng.randint(1, 996), 997) for _ in range(2))]


def assert_encloses(model: LaurentModel, s: Fraction, value: Any) -> None:
    reach = model.domain.reach
    number = mpmath.mpf(s.numerator) / s.denominator
    assert model.range_on(q(s), q(s)).overlaps(ball(value)), f"value at s = {s}"
    assert model.range_on(q(s) / 3, min(2 * q(s), reach)).overlaps(ball(value)), f"range around s = {s}"
    assert model.unit_range().overlaps(ball(value / number**model.valuation)), f"unit range, s = {s}"
    if model.valuation >= 0:
        assert model.range().overlaps(ball(value)), f"range, s = {s}"
        assert model.range_on(0, q(s)).overlaps(ball(value)), f"range from 0 to s = {s}"


def fitted(f: Callable[[Any], Any], valuation: int) -> list[Any]:
    """The first coefficients of s^-valuation f, to far more digits than are needed."""
    with mpmath.workdps(SMALL * (FITTED + 6)):
        h = mpmath.mpf(10) ** -SMALL
        nodes = [(j + 1) * h for j in range(FITTED)]
        values = [f(s) / s**valuation for s in nodes]
        # Newton's divided differences, then the coefficients of the powers of s.
        for k in range(1, FITTED):
            for i in range(FITTED - 1, k - 1, -1):
                values[i] = (values[i] - values[i - 1]) / (nodes[i] - nodes[i - k])
        polynomial = [mpmath.mpf(0)] * FITTED
        for node, value in zip(reversed(nodes), reversed(values), strict=True):
            for j in range(FITTED - 1, 0, -1):
                polynomial[j] = polynomial[j - 1] - node * polynomial[j]
            polynomial[0] = value - node * polynomial[0]
        return polynomial[: FITTED - 3]


def assert_coefficients(model: LaurentModel, f: Callable[[Any], Any]) -> None:
    """Also that there is nothing below the valuation."""
    start = model.valuation - 2
    for j, expected in enumerate(fitted(f, start)):
        if start + j < model.valuation + model.order:
            assert model.coefficient(start + j).overlaps(ball(expected)), f"coefficient of s^{start + j}"


# ---- random formulas ---------------------------------------------------------------------------


OPERATIONS = ["+", "-", "*", "*", "/", "/", "sqrt", "square", "atan", "angle", "n-", "n/", "n*", "+n", "neg"]


class Program:
    """A random straight-line formula that runs in any arithmetic."""

    def __init__(self, rng: random.Random, start: int, length: int):
        size, self.steps = start, []
        for _ in range(length):
            pick = [min(size - 1, int(rng.triangular(0, size, size))) for _ in range(2)]
            self.steps.append(
                (rng.choice(OPERATIONS), *pick, Fraction(rng.choice([-5, -2, 1, 3, 7]), rng.choice([1, 4])))
            )
            size += 1

    def run(self, R: Any, start: list[Any], taken: list[bool] | None = None) -> tuple[list[Any], list[bool]]:
        """All values; a step that is Undecided for models is left out, and `taken` tells the oracle so."""
        values, done = list(start), []
        for index, (operation, i, j, n) in enumerate(self.steps):
            if taken is not None and not taken[index]:
                values.append(values[i])
                done.append(False)
                continue
            try:
                values.append(self.step(R, operation, values[i], values[j], n))
                done.append(True)
            except Undecided:
                values.append(values[i])
                done.append(False)
        return values, done

    @staticmethod
    def step(R: Any, operation: str, x: Any, y: Any, n: Fraction) -> Any:
        match operation:
            case "+":
                return x + y
            case "-":
                return x - y
            case "*":
                return x * y
            case "/":
                return x / y
            case "sqrt":
                return R.sqrt(x)
            case "square":
                return R.sqrt(x * x + y * y)
            case "atan":
                return R.atan(x)
            case "angle":
                return R.angle(x, y)
            case "n-":
                return R.number(n) - x
            case "n/":
                return R.number(n) / x + R.pi
            case "n*":
                return x * R.number(n)
            case "+n":
                return x + R.number(n)
        return -x


def start_models(D: Models, rng: random.Random, width: Fraction) -> tuple[list[Any], Callable[[Any], list[Any]]]:
    """s, 1/s^2, two unknown numbers, two unknown functions with a remainder; and the same for the oracle.

    The unknowns are chosen in their balls, once for all s.
    """
    s = D.variable()
    middles = [Fraction(rng.randint(-90, 90), 30) for _ in range(4)]
    chosen = [m + width * Fraction(rng.randint(-13, 13), 13) for m in middles]
    balls = [arb(q(m), q(width)) for m in middles]
    shapes = [(rng.randint(-3, 3), [rng.choice([-2, -1, 1, 3]) for _ in range(rng.randint(0, 4))]) for _ in range(2)]
    orders = [len(c) + rng.randint(0, 2) for _, c in shapes]
    models = [s, 1 / (s * s), D.constant(balls[0]), D.constant(balls[1])]
    models += [
        LaurentModel(D, v, arb_poly(c), order, R) for (v, c), order, R in zip(shapes, orders, balls[2:], strict=True)
    ]

    def values(x: Any) -> list[Any]:
        numbers = [Oracle.number(c) for c in chosen]
        functions = [
            x**v * (sum((c * x**j for j, c in enumerate(cs)), mpmath.mpf(0)) + x**order * R)
            for (v, cs), order, R in zip(shapes, orders, numbers[2:], strict=True)
        ]
        return [x, 1 / (x * x), *numbers[:2], *functions]

    return models, values


@pytest.mark.parametrize("seed", range(150))
def test_random_formulas(seed: int) -> None:
    rng = random.Random(seed)
    reach = Fraction(rng.randint(1, 60), 100) / rng.choice([1, 1, 4, 64])
    D = Models(q(reach), rng.choice([1, 2, 3, 4, 7, 12]))
    width = rng.choice([Fraction(0), Fraction(0), Fraction(1, 10**9), Fraction(1, 8)])
    models, values = start_models(D, rng, width)
    program = Program(rng, len(models), 12)
    results, taken = program.run(D, models)
    for s in points(rng, reach):
        expected, _ = program.run(Oracle(), values(Oracle.number(s)), taken)
        for model, value in zip(results, expected, strict=True):
            assert_encloses(model, s, value)
    for index, model in enumerate(results):
        assert_coefficients(model, lambda x, index=index: program.run(Oracle(), values(x), taken)[0][index])
    assert sum(taken) >= 3


def kernel(R: Any, s: Any) -> list[Any]:
    """What the toolkit runs: norms, sines and angles of rows that tend to parallel, to opposite and to orthogonal ones."""
    n = 1 / (s * s) - 1
    near, far = s * s * 2 - s * s * s, 1 - s * s * R.number(Fraction(1, 3))
    results = []
    for c, minors in ((far, n * near * near), (-far, n * near * near), (near, n * near * near + far * far)):
        S = R.sqrt(minors)
        theta = R.angle(S, c)
        results += [theta, S + (R.pi - theta) * c, 1 / S, (c * c / S - S) * n]
    return results


@pytest.mark.parametrize("order", [1, 4, 12, 24])
@pytest.mark.parametrize("reach", [Fraction(3, 10), Fraction(1, 10**4)])
def test_the_kernel(order: int, reach: Fraction) -> None:
    D = Models(reach, order)
    models = kernel(D, D.variable())
    for s in points(random.Random(order), reach):
        for model, value in zip(models, kernel(Oracle(), Oracle.number(s)), strict=True):
            assert_encloses(model, s, value)
    for index, model in enumerate(models):
        assert_coefficients(model, lambda s, index=index: kernel(Oracle(), s)[index])
    assert [model.valuation for model in models] == [1, 0, -1, -3, 0, 0, -1, -3, 0, 0, 0, -2]


def test_two_precisions_overlap_and_the_higher_is_sharper() -> None:
    D = Models(fmpq(1, 10), 12)
    low = kernel(D, D.variable())
    ctx.prec = 400
    high = kernel(D, D.variable())
    ctx.prec = BITS
    for rough, sharp in zip(low, high, strict=True):
        assert (rough.valuation, rough.order) == (sharp.valuation, sharp.order)
        assert rough.unit_range().overlaps(sharp.unit_range()) and rough.remainder.overlaps(sharp.remainder)
        for j in range(12):
            power = rough.valuation + j
            assert rough.coefficient(power).contains(sharp.coefficient(power).mid())
            assert sharp.coefficient(power).rad() <= rough.coefficient(power).rad()


# ---- sharpness: an enclosure that says nothing is sound too --------------------------------------


@pytest.mark.parametrize(
    ("function", "oracle"),
    [
        (lambda s: 1 / (1 + s), lambda s: 1 / (1 + s)),
        (lambda s: (2 - s) / (1 + s), lambda s: (2 - s) / (1 + s)),
        (lambda s: (1 + s).sqrt(), lambda s: mpmath.sqrt(1 + s)),
        (lambda s: (s + s * s).atan(), lambda s: mpmath.atan(s + s * s)),
        (
            lambda s: 2 * (s * s + 1 / (1 - s)) * (1 / (1 + s) - 3),
            lambda s: 2 * (s * s + 1 / (1 - s)) * (1 / (1 + s) - 3),
        ),
        (lambda s: (1 / (1 + s)) / (1 / (1 - s)), lambda s: (1 - s) / (1 + s)),
        (lambda s: (1 / (1 + s)).sqrt(), lambda s: 1 / mpmath.sqrt(1 + s)),
        (lambda s: (1 / (1 + s) - 1).atan(), lambda s: mpmath.atan(1 / (1 + s) - 1)),
        (lambda s: (s * s).shifted(-4) + 1 / (1 + s), lambda s: 1 / s**2 + 1 / (1 + s)),
    ],
)
@pytest.mark.parametrize("order", [2, 3, 6])
def test_remainders_are_not_wasteful(function: Callable[[Any], Any], oracle: Any, order: int) -> None:
    """The remainder holds its values at small s and at the end, and is at most a few times as wide as they are apart."""
    reach = Fraction(1, 50)
    D = Models(reach, order)
    model = function(D.variable())
    coefficients, top = fitted(oracle, model.valuation), model.order
    assert order - 2 <= top <= order
    end = Oracle.number(reach)
    low = sum(c * end**j for j, c in enumerate(coefficients[:top]))
    last = (oracle(end) / end**model.valuation - low) / end**top
    first = coefficients[top]
    assert model.remainder.overlaps(ball(first)) and model.remainder.overlaps(ball(last))
    assert model.remainder.rad() < ball(abs(first - last) * 3 + (abs(first) + 1) / 25).upper()


@pytest.mark.parametrize("orders", [(3, 5), (5, 3), (4, 4), (0, 3)])
@pytest.mark.parametrize("valuations", [(-2, 1), (0, 0), (3, -1)])
def test_mixed_orders_keep_what_is_known_and_no_more(orders: tuple[int, int], valuations: tuple[int, int]) -> None:
    D = Models(fmpq(1, 4), 12)
    f, g = (
        LaurentModel(D, v, arb_poly([j + 2 for j in range(order)]), order, arb(R, "0.01"))
        for v, order, R in zip(valuations, orders, (3, -5), strict=True)
    )
    ends = [v + order for v, order in zip(valuations, orders, strict=True)]
    total, product = f + g, f * g
    assert total.valuation + total.order == min(ends)
    assert product.valuation == sum(valuations) and product.order == min(orders)
    for s in (Fraction(1, 4), Fraction(1, 7), Fraction(1, 1000)):
        for a in (-1, 0, 1):
            for b in (-1, 0, 1):
                x = Oracle.number(s)
                F, G = (
                    x**v * (sum((j + 2) * x**j for j in range(order)) + x**order * (R + mpmath.mpf(side) / 100))
                    for v, order, R, side in zip(valuations, orders, (3, -5), (a, b), strict=True)
                )
                for model, value in ((total, F + G), (f - g, F - G), (product, F * G), (-f, -F), (1 - f, 1 - F)):
                    assert_encloses(model, s, value)
    with pytest.raises(ValueError, match="not known"):
        total.coefficient(min(ends))
    assert total.coefficient(min(valuations) - 1) == 0


# ---- exact Laurent polynomials -------------------------------------------------------------------


def laurent(D: LaurentDomain, terms: dict[int, int]) -> LaurentModel:
    total = D.constant(0)
    for power, c in terms.items():
        total = total + D.constant(c).shifted(power)
    return total


def test_laurent_polynomials_are_exact_and_lose_nothing_at_the_front() -> None:
    D = LaurentDomain(fmpq(1, 10), 9)
    f, g = laurent(D, {-3: 2, -1: -1, 2: 5}), laurent(D, {-3: -2, 0: 1})
    assert (f.valuation, f.order, f.remainder) == (-3, EXACT, 0)
    assert f.leading == 2 and (-f).leading == -2
    h = f + g
    assert (h.valuation, h.order) == (-1, EXACT)
    assert [h.coefficient(j) for j in range(-4, 4)] == [0, 0, 0, -1, 1, 0, 5, 0]
    product = f * g
    assert (product.valuation, product.order) == (-6, EXACT)
    assert [product.coefficient(j) for j in range(-6, 3)] == [-4, 0, 2, 2, 0, -11, 0, 0, 5]
    assert (f - f).is_zero() and (f * 0).is_zero() and D.is_zero(f - f) and not f.is_zero()
    assert (0 * f + g).polynomial == g.polynomial
    assert D.is_zero(0) and D.is_zero(arb(0)) and not D.is_zero(1) and not D.is_zero(arb(0, 1))


def test_a_polynomial_longer_than_the_domain_goes_on_in_the_remainder() -> None:
    D = LaurentDomain(fmpq(1, 2), 3)
    f = laurent(D, {0: 1, 1: 1, 2: 1, 3: 1, 4: 1})
    assert (f.valuation, f.order) == (0, 3)
    assert f.remainder.contains(arb(1)) and f.remainder.contains(arb("1.5")) and f.remainder.rad() < 0.3
    given = LaurentModel(D, -1, arb_poly([1, 2, 3, 4]), 4, arb(5, 1))
    assert (given.valuation, given.order) == (-1, 3)  # 4 + s R
    assert all(given.remainder.contains(arb(x)) for x in (4, 7)) and given.remainder.rad() < 2
    assert_encloses(
        given, Fraction(1, 2), mpmath.mpf(2) * (1 + 1 + mpmath.mpf(3) / 4 + mpmath.mpf(4) / 8 + mpmath.mpf(6) / 16)
    )
    short = LaurentModel(D, 0, arb_poly([1]), 5, arb(4))  # 1 + 4 s^5, of which s^3 (4 s^2) is kept
    assert short.order == 3 and short.remainder.contains(1) and short.remainder.contains(0)
    assert D.constant(0).range() == 0 and D.constant(0).valuation == 0
    unknown = LaurentModel(D, 0, arb_poly([0, 0]), 2, arb(3))
    assert (unknown.valuation, unknown.order) == (2, 0) and unknown.leading == 3
    assert LaurentModel(D, 4, arb_poly(), 2, 0).is_zero()


def test_a_coefficient_that_is_only_small_stays() -> None:
    D = LaurentDomain(fmpq(1, 10), 4)
    f = LaurentModel(D, -1, arb_poly([arb(0, 1e-30), 1]))
    assert f.valuation == -1
    with pytest.raises(Undecided, match=r"division by s\^-1 times values in"):
        1 / f
    with pytest.raises(Undecided, match="may grow like s\\^-1 has no bound"):
        f.range()
    g = f.without([-1])
    assert g.valuation == 0 and bool(abs(g.range() - 1) < 1e-20)
    assert bool(abs((1 / g).range() - 1) < 1e-20)


def test_without_drops_only_what_may_be_zero_and_only_what_is_known() -> None:
    D = LaurentDomain(fmpq(1, 10), 5)
    f = LaurentModel(D, -2, arb_poly([3, arb(0, "0.1"), arb(1, "0.1"), 4]), 4, arb(7, 1))
    with pytest.raises(ValueError, match=r"the coefficient of s\^0, .* is not zero"):
        f.without([0])
    with pytest.raises(ValueError, match=r"the coefficient of s\^-2, 3"):
        f.without([-2, -1])
    same = f.without([-5, -3, 2, 9])  # nothing there that could be dropped
    assert (same.valuation, same.order) == (f.valuation, f.order)
    assert all(x.contains(y) for x, y in zip(same.polynomial.coeffs(), f.polynomial.coeffs(), strict=True))
    g = f.without([-1])
    assert [g.coefficient(j).rad() == 0 for j in range(-2, 2)] == [True, True, False, True]
    assert g.coefficient(-1) == 0 and (g.valuation, g.order) == (-2, 4) and g.remainder.contains(8)
    h = LaurentModel(D, -1, arb_poly([arb(0, 1), arb(0, 1)]), 2, arb(1, 1)).without([-1, 0])
    assert (h.valuation, h.order) == (1, 0) and h.range().contains(arb("0.2")) and not h.range().contains(arb("0.3"))


def test_shifted_multiplies_by_a_power() -> None:
    D = LaurentDomain(fmpq(1, 3), 6)
    f = 1 / (1 + D.variable())
    for power in (-3, 0, 2):
        g = f.shifted(power)
        assert (g.valuation, g.order) == (power, f.order)
        assert_encloses(g, Fraction(1, 3), mpmath.mpf(3) / 4 / mpmath.mpf(3) ** power)


# ---- ranges --------------------------------------------------------------------------------------


def test_ranges_on_pieces_are_sharper_than_the_whole_and_tight_where_the_function_is_monotone() -> None:
    D = LaurentDomain(fmpq(1, 2), 6)
    s = D.variable()
    f = 1 / (s * s) - s
    for a, b in ((Fraction(1, 4), Fraction(1, 2)), (Fraction(1, 100), Fraction(1, 90))):
        values = f.range_on(q(a), q(b))
        low, high = 1 / b**2 - b, 1 / a**2 - a
        assert values.contains(arb(q(low))) and values.contains(arb(q(high)))
        assert bool(values.rad() < arb(q((high - low) * Fraction(3, 4))))
    g = s * s - s * s * s
    assert g.range().contains(arb(q(Fraction(1, 8)))) and g.range().contains(0)
    assert g.range_on(0, fmpq(1, 10)).contains(0) and not g.range_on(fmpq(1, 10), fmpq(1, 5)).contains(0)
    wide = LaurentModel(D, 1, arb_poly([2]), 1, arb(0, 1))  # 2 s + s^2 R
    assert bool(abs(wide.range_on(fmpq(1, 10), fmpq(1, 10)) - arb("0.2")) < arb("0.0101"))
    assert wide.range_on(fmpq(1, 10), fmpq(1, 10)).contains(arb("0.2099"))
    assert D.constant(5).range_on(0, 0) == 5 and s.range_on(0, 0) == 0


@pytest.mark.parametrize(("a", "b"), [(-1, 1), (2, 1), (0, 6), (6, 7)])
def test_range_on_refuses_what_is_no_part_of_the_domain(a: int, b: int) -> None:
    f = LaurentDomain(fmpq(1, 2), 4).variable()
    with pytest.raises(ValueError, match=r"is no part of 0 < s <= 0\.5"):
        f.range_on(fmpq(a, 10), fmpq(b, 10))


@pytest.mark.parametrize("seed", range(60))
def test_range_of_a_polynomial_with_balls(seed: int) -> None:
    rng = random.Random(seed)
    a, b = sorted(Fraction(rng.randint(-40, 40), 20) for _ in range(2))
    middles = [Fraction(rng.randint(-9, 9), 3) for _ in range(rng.randint(0, 6))]
    widths = [Fraction(rng.choice([0, 0, 1]), 50) for _ in middles]
    polynomial = arb_poly([arb(q(m), q(w)) for m, w in zip(middles, widths, strict=True)])
    values = polynomial_range(polynomial, q(a), q(b))
    seen = []
    for k in range(41):
        t = a + (b - a) * Fraction(k, 40)
        for _ in range(3):
            chosen = [m + w * rng.choice([-1, 1]) for m, w in zip(middles, widths, strict=True)]
            seen.append(sum((c * t**j for j, c in enumerate(chosen)), Fraction(0)))
    assert all(values.contains(q(x)) for x in seen)
    assert bool(values.rad() <= arb(q((max(seen) - min(seen)) * 2 + sum(widths) * 200 + Fraction(1, 10**9))))


def test_the_range_of_a_monotone_polynomial_is_exact() -> None:
    for sign in (1, -1):
        up = arb_poly([0, 3 * sign, 1 * sign])  # 3 t + t^2, increasing on [-1, 2]; on [-2, 2] it is not
        assert polynomial_range(up, fmpq(-1), fmpq(2)).overlaps(arb(10 * sign))
        assert polynomial_range(up, fmpq(-1), fmpq(2)).rad() < 6.0001
        cubic = arb_poly([0, 8 * sign, 0, sign, 0, sign])
        assert polynomial_range(cubic, fmpq(-1), fmpq(1), splits=0).rad() < 10.0001


@pytest.mark.parametrize("n", range(5))
@pytest.mark.parametrize("ends", [(-3, 2), (-2, 3), (-3, -1), (1, 2), (0, 2), (-2, 0), (0, 0)])
def test_range_of_a_power(n: int, ends: tuple[int, int]) -> None:
    a, b = ends
    values = [Fraction(a * 20 + (b - a) * k, 20) ** n for k in range(21)] + [
        Fraction(0) ** n if a <= 0 <= b else Fraction(a) ** n
    ]
    found = power_range(fmpq(a), fmpq(b), n)
    assert all(found.contains(q(x)) for x in values)
    if n:
        assert found.rad() <= arb(q((max(values) - min(values)) / 2)) + arb(1e-6)


def test_slope_of_the_arc_tangent() -> None:
    """1/(1 + x^2) for all x of the ball, and no more."""
    for middle, radius in ((0, 1), (1, 3), (-2, 1), (-1, 2), (5, 0)):
        found = atan_slope(arb(middle, radius))
        xs = [middle + radius * Fraction(k, 10) for k in range(-10, 11)] + [0 if abs(middle) <= radius else middle]
        values = [1 / (1 + Fraction(x) ** 2) for x in xs]
        assert all(found.overlaps(arb(q(v))) for v in values)
        assert found.rad() <= arb(q((max(values) - min(values)) / 2)) + arb(1e-6)


# ---- angles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [-2, 0, 1, 3])
@pytest.mark.parametrize("c", [-7, -1, 0, 1, 7])
def test_angles_of_every_size(power: int, c: int) -> None:
    """S = s^power (1 + s), c fixed times 1 - s: angles that tend to 0, pi/2, pi and between."""
    D = Models(fmpq(1, 5), 8)
    s = D.variable()
    theta = D.angle((1 + s).shifted(power), (1 - s) * c)
    for t in (Fraction(1, 5), Fraction(1, 17), Fraction(1, 10**6)):
        x = Oracle.number(t)
        assert_encloses(theta, t, mpmath.atan2(x**power * (1 + x), c * (1 - x)))
    assert_coefficients(theta, lambda x: mpmath.atan2(x**power * (1 + x), c * (1 - x)))
    assert theta.unit_range().rad() < 1


def test_the_angle_of_a_vanishing_sine_keeps_its_relative_accuracy() -> None:
    D = Models(fmpq(1, 10), 8)
    S = D.variable() * D.variable()
    theta = D.angle(S, 1 + S)
    assert theta.valuation == 2 and theta.coefficient(2).contains(1) and theta.unit_range() > 0.98


def test_the_larger_cosine_may_change_its_sign() -> None:
    """Then the other formula is right, though not chosen first."""
    D = Models(fmpq(1, 2), 6)
    s = D.variable()
    for sine, a, b in ((Fraction(1), 2, 5), (Fraction(1, 4), Fraction(1, 2), 2), (Fraction(1, 4), Fraction(-1, 2), -2)):
        theta = D.angle(D.constant(sine), D.constant(a) - D.constant(b) * s)
        for t in (Fraction(1, 2), Fraction(2, 5), Fraction(1, 100)):
            x, y = Oracle.number(sine), Oracle.number(a) - b * Oracle.number(t)
            assert_encloses(theta, t, mpmath.atan2(x, y))


@pytest.mark.parametrize(("p", "R"), [(2, -4), (-2, 4), (1, 3), (0, 5)])
def test_the_arc_tangent_where_the_remainder_is_most_of_the_function(p: int, R: int) -> None:
    """p + s R: the slope has to be taken between p and this, on the side where this is."""
    D = Models(fmpq(1, 2), 5)
    f = LaurentModel(D, 0, arb_poly([p]), 1, arb(R))
    for t in (Fraction(1, 2), Fraction(1, 4), Fraction(1, 1000)):
        assert_encloses(f.atan(), t, mpmath.atan(p + R * Oracle.number(t)))


# ---- what cannot be decided, and what is refused -------------------------------------------------


def undecided_cases() -> list[tuple[Callable[[LaurentDomain, Any], Any], str]]:
    return [
        (lambda D, s: 1 / (s - fmpq(1, 20)), r"division by s\^0 times values in .*0 < s <= 0.1"),
        (lambda D, s: s / (s - s), r"division by s"),
        (lambda D, s: s / arb(0, 1), r"division by s\^0"),
        (lambda D, s: s.sqrt(), r"square root of s\^1"),
        (lambda D, s: (s * s - s * s * 2).sqrt(), r"square root of s\^2 times values in -1"),
        (lambda D, s: (1 - 20 * s).sqrt(), r"square root of s\^0 times values in"),
        (lambda D, s: D.sqrt(0), "square root"),
        (lambda D, s: (1 / s).atan(), r"arc tangent of a function that grows like s\^-1"),
        (lambda D, s: (s + arb(0, 2)).atan(), "arc tangent: the constant term .* is too wide, 0 < s <= 0.1"),
        (lambda D, s: (1 / s).range(), r"may grow like s\^-1 has no bound"),
        (lambda D, s: D.angle(s - 1, s), "the sine is not proved positive, 0 < s <= 0.1"),
        (lambda D, s: D.angle(0, 1), "the sine is not proved positive"),
        (lambda D, s: D.angle(s * 0, s), "the sine is not proved positive"),
        (lambda D, s: D.angle(s, LaurentModel(D, -1, arb_poly([arb(0, 1), 1]))), "arc tangent"),
        (lambda D, s: D.constant(arb("nan")), "no finite bound"),
        (lambda D, s: s * arb("inf"), "no finite bound"),
        (lambda D, s: s + arb("nan"), "no finite bound"),
        (lambda D, s: LaurentModel(D, 0, arb_poly([1]), 1, arb("nan")), "no finite bound"),
        (lambda D, s: LaurentModel(D, 0, arb_poly([1, arb("inf")])), "no finite bound"),
    ]


@pytest.mark.parametrize("case", range(len(undecided_cases())))
def test_undecided_with_a_reason(case: int) -> None:
    act, reason = undecided_cases()[case]
    D = LaurentDomain(fmpq(1, 10), 4)
    with pytest.raises(Undecided, match=reason):
        act(D, D.variable())


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s + 0.5,
        lambda s: 0.5 * s,
        lambda s: s / 0.5,
        lambda s: 0.5 - s,
        lambda s: s.range_on(0.0, 0.1),
        lambda s: s.domain.constant(0.5),
    ],
)
def test_floats_are_refused(act: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        act(LaurentDomain(fmpq(1, 10), 4).variable())


@pytest.mark.parametrize(("reach", "order"), [(0, 3), (-1, 3), (1, 0)])
def test_domains_refuse_nonsense(reach: int, order: int) -> None:
    with pytest.raises(ValueError, match="reach > 0 and order >= 1"):
        LaurentDomain(reach, order)


def test_a_domain_refuses_what_is_not_exact() -> None:
    with pytest.raises(TypeError):
        LaurentDomain(0.1, 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        LaurentDomain(arb(1, "0.1"), 3)


def test_zero_over_something_is_zero_and_of_no_order() -> None:
    """Such zeros arise where students and targets cancel; a series of no terms must not be divided."""
    D = LaurentDomain(fmpq(1, 10), 4)
    one = D.sqrt(D.constant(1))
    zero = one - one
    assert zero.is_zero() and (zero / one).is_zero() and (zero / (1 + D.variable())).is_zero()
    assert (zero + D.variable()).valuation == 1 and (zero * D.variable()).is_zero()
    s = D.variable()
    rest = LaurentModel(D, 1, arb_poly(), 0, arb(2, 1))  # nothing is known but s R, R in [1, 3]
    for model, low, high in ((1 / rest, 1 / 3, 1), (rest / rest, 1 / 3, 3), ((rest / s).sqrt(), 1, 1.7)):
        assert all(model.unit_range().contains(arb(x)) for x in (low + 1e-9, high - 1e-9))
        assert model.unit_range().rad() < 5
    assert rest.atan().range().contains(arb("0.29").atan()) and rest.atan().range().contains(arb("0.11").atan())


@pytest.mark.parametrize("number", [2, Fraction(1, 3), fmpq(-2, 7), arb(3, "0.1")])
def test_numbers_on_both_sides(number: Any) -> None:
    D = LaurentDomain(fmpq(1, 10), 6)
    f = 2 + D.variable()
    ball_of = arb(q(number)) if isinstance(number, Fraction) else arb(number)
    t = arb("0.05")
    here = fmpq(1, 20)
    for model, value in (
        (number + f, ball_of + 2 + t),
        (f + number, ball_of + 2 + t),
        (number - f, ball_of - 2 - t),
        (f - number, 2 + t - ball_of),
        (number * f, ball_of * (2 + t)),
        (f / number, (2 + t) / ball_of),
        (number / f, ball_of / (2 + t)),
    ):
        assert model.range_on(here, here).overlaps(value) and model.range_on(here, here).rad() < 1
