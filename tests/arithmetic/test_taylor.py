"""Taylor models enclose: random formulas against mpmath at three times the precision; each bound alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, arb_poly, ctx, fmpq, fmpz

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.taylor import TaylorDomain, TaylorModel

BITS = 128


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    """A cap too short for most orders used here: no result depends on it, and every test leaves it alone."""
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = BITS, 2
    with mpmath.workprec(3 * BITS):
        yield
    left = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = before
    assert left == (BITS, 2)


class Oracle:
    """The arithmetic protocol in mpmath, with its own atan2."""

    pi = property(lambda self: +mpmath.pi)
    sqrt = staticmethod(mpmath.sqrt)

    @staticmethod
    def number(n: int | Fraction) -> Any:
        return mpmath.mpf(n.numerator) / n.denominator

    @staticmethod
    def angle(S: Any, c: Any) -> Any:
        return mpmath.atan2(S, c)


def exact(x: Any) -> arb:
    """An arb ball about x, wider than mpmath's error and far narrower than any ball under test."""
    sign, man, exp, _ = mpmath.mpf(x)._mpf_  # man_exp would drop the sign
    value = (-1) ** sign * fmpq(int(man)) * fmpq(2) ** exp
    before, ctx.prec = ctx.prec, 4 * BITS
    try:
        return arb(value, (abs(value) + 1) / fmpq(2) ** (2 * BITS + 32))
    finally:
        ctx.prec = before


def rational(rng: random.Random, low: int, high: int, denominator: int = 64) -> Fraction:
    """A random fraction in [low, high]; one time in three an end point, where a bad bound fails first."""
    ends = Fraction(rng.choice([low, high]))
    return rng.choice([ends, *(Fraction(rng.randint(low * denominator, high * denominator), denominator),) * 2])


def points(rng: random.Random, radius: Fraction, inner: int = 3) -> list[Fraction]:
    """Both end points, the centre, and random points of |t| <= radius."""
    return [-radius, radius, Fraction(0), *(radius * rational(rng, -1, 1, 997) for _ in range(inner))]


def q(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def assert_encloses(model: TaylorModel, t: Fraction, value: Any) -> None:
    ball = exact(value)
    assert model.range_on(q(t), q(t)).overlaps(ball), f"value at t = {t}"
    assert model.range().overlaps(ball), f"range, t = {t}"
    a, b = sorted((t, t * Fraction(1, 3)))
    assert model.range_on(q(a), q(b)).overlaps(ball), f"range on [{a}, {b}]"


# ---- random formulas ---------------------------------------------------------------------------


class Program:
    """A random straight-line formula that runs in any arithmetic."""

    def __init__(self, rng: random.Random, length: int):
        size, self.steps = 6, []
        for _ in range(length):
            operation = rng.choice(["+", "-", "*", "*", "/", "/", "sqrt", "atan", "angle", "n-", "n/", "n*", "neg"])
            pick = [min(size - 1, int(rng.triangular(0, size, size))) for _ in range(2)]
            self.steps.append((operation, *pick, rational(rng, -3, 3, 7)))
            size += 1

    def run(self, R: Any, start: list[Any], taken: list[bool] | None = None) -> tuple[list[Any], list[bool]]:
        """All values; a step that is Undecided for models is left out, and `taken` tells the oracle so."""
        values, done = list(start), []
        for index, (operation, i, j, n) in enumerate(self.steps):
            x, y = values[i], values[j]
            try:
                if taken is not None and not taken[index]:
                    raise Undecided
                values.append(self.step(R, operation, x, y, n))
                done.append(True)
            except Undecided:
                values.append(x)
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
            case "atan":
                # atan as an angle with c = 1 > 0, so that the oracle stays with atan2.
                return x.atan() if isinstance(x, TaylorModel) else mpmath.atan2(x, 1)
            case "angle":
                return R.angle(x, y)
            case "n-":
                return R.number(n) - x
            case "n/":
                return R.number(n) / x + R.pi
            case "n*":
                return x * R.number(n)
        return -x


@pytest.mark.parametrize("seed", range(200))
def test_random_formulas(seed: int) -> None:
    rng = random.Random(seed)
    center, radius = rational(rng, -2, 2), rational(rng, 0, 1, 40) / rng.choice([1, 4, 64]) + Fraction(1, 999)
    order = rng.choice([1, 2, 3, 4, 7, 8, 16, 24])
    D = TaylorDomain(q(center), radius, order)
    width = rng.choice([Fraction(0), Fraction(1, 10**9), Fraction(1, 8)])
    x = D.variable()
    middles = [rational(rng, -2, 3) for _ in range(4)]
    # Two unknown numbers, as balls, and two unknown functions, as remainders t^L R with R in a ball.
    balls = [arb(q(m), q(width)) for m in middles]
    models: list[Any] = [x, x + 1, *(D.number(b) for b in balls[:2])]
    models += [TaylorModel(D, (x * x - 2).polynomial, b) for b in balls[2:]]
    program = Program(rng, 14)
    results, taken = program.run(D, models)
    oracle = Oracle()
    for t in points(rng, radius):
        X = oracle.number(center + t)
        unknown = [oracle.number(m + width * rational(rng, -1, 1, 13)) for m in middles]
        square = oracle.number((center + t) ** 2 - 2)
        if order <= 2:
            # x^2 - 2 mod t^L, as given to the model above
            square = oracle.number(center**2 - 2) + (oracle.number(2 * center * t) if order == 2 else 0)
        functions = [square + oracle.number(t) ** order * r for r in unknown[2:]]
        expected, _ = program.run(oracle, [X, X + 1, *unknown[:2], *functions], taken)
        for model, value in zip(results, expected, strict=True):
            assert_encloses(model, t, value)
    assert sum(taken) >= 4


def kernel(R: Any, x: Any) -> list[Any]:
    """What the toolkit runs: the ReLU kernel of two moving vectors, whose angle passes the right angle."""
    A, B, c = 1 + 3 * (x * x), 2 - x + x * x, x * 2 - R.number(Fraction(1, 2))
    S = R.sqrt(A * B - c * c)
    theta = R.angle(S, c)
    return [S + (R.pi - theta) * c, 1 / S, (c * c / S - S) / (A * A)]


@pytest.mark.parametrize("order", [1, 4, 12, 24])
@pytest.mark.parametrize("radius", [Fraction(1, 7), Fraction(1, 100), Fraction(1, 10**12), Fraction(0)])
def test_the_kernel(order: int, radius: Fraction) -> None:
    center = Fraction(1, 5)
    D = TaylorDomain(center, radius, order)
    models = kernel(D, D.variable())
    for t in points(random.Random(order), radius):
        for model, value in zip(models, kernel(Oracle(), Oracle.number(center + t)), strict=True):
            assert_encloses(model, t, value)


def test_two_precisions_overlap_and_the_higher_is_sharper() -> None:
    D = TaylorDomain(fmpq(1, 5), fmpq(1, 9), 12)
    at_128 = kernel(D, D.variable())
    ctx.prec = 400
    at_400 = kernel(D, D.variable())
    ctx.prec = BITS
    for low, high in zip(at_128, at_400, strict=True):
        assert low.range().overlaps(high.range()) and low.remainder.overlaps(high.remainder)
        for j in range(12):
            assert low.polynomial[j].contains(high.polynomial[j].mid())
            assert high.polynomial[j].rad() < low.polynomial[j].rad()


# ---- the remainder -----------------------------------------------------------------------------

WIDE = TaylorDomain(1, fmpq(7, 8), 8)
WIDE_CASES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "product": (lambda x: x * x * x * x * x * x * x * x * x, lambda X: X**9),
    "quotient": (lambda x: 1 / x, lambda X: 1 / X),
    "sqrt": (lambda x: x.sqrt(), mpmath.sqrt),
    "atan": (lambda x: (5 * x).atan(), lambda X: mpmath.atan2(5 * X, 1)),
    "pole nearby": (lambda x: (x * x + 1) / (2 - x), lambda X: (X * X + 1) / (2 - X)),
}


@pytest.mark.parametrize("name", WIDE_CASES)
@pytest.mark.parametrize("end", [Fraction(-7, 8), Fraction(7, 8)])
def test_the_remainder_is_needed(name: str, end: Fraction) -> None:
    function, oracle = WIDE_CASES[name]
    model = function(WIDE.variable())
    value = oracle(Oracle.number(1 + end))
    assert_encloses(model, end, value)
    without = TaylorModel(WIDE, model.polynomial)
    assert not without.range_on(q(end), q(end)).overlaps(exact(value))


def test_remainder_of_a_quotient_is_sharp() -> None:
    """1/(1 + t) = 1 - t + ... + t^8/(1 + t): the exact remainder ranges over [1/(1 + rho), 1/(1 - rho)]."""
    R = (1 / TaylorDomain(1, fmpq(1, 4), 8).variable()).remainder
    exact_range = arb(fmpq(4, 5)).union(arb(fmpq(4, 3)))
    assert R.contains(arb(fmpq(4, 5))) and R.contains(arb(fmpq(4, 3)))
    assert R.rad() < arb("1.01") * exact_range.rad()


@pytest.mark.parametrize(
    ("function", "oracle"),
    [
        (lambda x: x.sqrt(), mpmath.sqrt),
        (lambda x: x.atan(), lambda X: mpmath.atan2(X, 1)),
        (lambda x: (x * x).atan(), lambda X: mpmath.atan2(X * X, 1)),
    ],
)
@pytest.mark.parametrize("order", [4, 10])
def test_remainders_are_not_wasteful(function: Callable[[Any], Any], oracle: Any, order: int) -> None:
    """Within a factor 4 of the true remainder at the end points, for a domain of moderate width."""
    rho = Fraction(1, 4)
    model = function(TaylorDomain(1, rho, order).variable())
    true = arb(0)
    for t in (-rho, rho):
        rest = exact(oracle(Oracle.number(1 + t))) - model.polynomial(q(t))
        true = true.union(rest / arb(q(t)) ** order)
    assert model.remainder.abs_upper() < 4 * true.abs_upper()


def test_wide_remainders_in_every_operation() -> None:
    """f = 2 + t + t^2 R and g = 3 - t + t^2 S with R, S anywhere in [-1/2, 1/2]."""
    D = TaylorDomain(0, fmpq(3, 4), 2)
    half = arb(0, fmpq(1, 2))
    f, g = TaylorModel(D, arb_poly([2, 1]), half), TaylorModel(D, arb_poly([3, -1]), half)
    models = [
        f + g,
        f - g,
        f * g,
        f / g,
        f.sqrt(),
        (f - 2).atan(),
        D.angle(f, g - 3),
        D.angle(g, -f),
        1 / f,
        -f,
    ]
    rng = random.Random(1)
    for _ in range(40):
        t, r, s = (
            Fraction(3, 4) * rng.choice([-1, 1, rational(rng, -1, 1)]),
            *(rational(rng, -1, 1) / 2 for _ in "rs"),
        )
        t, r, s = rng.choice([(t, r, s), (t, Fraction(1, 2), Fraction(-1, 2)), (t, Fraction(-1, 2), Fraction(1, 2))])
        F, G = Oracle.number(2 + t + t * t * r), Oracle.number(3 - t + t * t * s)
        angles = mpmath.atan2(F, G - 3), mpmath.atan2(G, -F)
        values = [F + G, F - G, F * G, F / G, mpmath.sqrt(F), mpmath.atan2(F - 2, 1), *angles, 1 / F, -F]
        for model, value in zip(models, values, strict=True):
            assert_encloses(model, t, value)


# ---- ranges ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coefficients", "low", "high"),
    [
        ([1, 1, 1], fmpq(3, 4), 3),  # convex, minimum at -1/2
        ([1, 2, -1], -2, 2),  # monotone up to the end point
        ([0, -1, 3, 1], fmpq(-792, 10000), 3),  # none of these on the whole domain
        ([0, 1, 0, 2, 0, 1], -4, 4),
        ([0, 0, 1, 0, -1], 0, fmpq(1, 4)),  # convex at its centre, not everywhere; the tangent there is flat
        # convex; Newton's steps to the minimum overshoot to where it is not, and no tangent there bounds it
        ([0, -12012, 4620, 1386, *[0] * 18, -1], -6061, 15245),
        ([5], 5, 5),
        ([], 0, 0),
        ([0, 0, 0, 0, 1], 0, 1),  # flat at its minimum
    ],
)
def test_range_is_tight(coefficients: list[int], low: fmpq | int, high: fmpq | int) -> None:
    model = TaylorModel(TaylorDomain(0, 1, 24), arb_poly(coefficients))
    values = model.range()
    bottom, top, tiny = arb(low), arb(high), arb("1e-8")
    slack = (top - bottom) / 32 + tiny
    assert bottom - slack < values.lower() < bottom + tiny
    assert top - tiny < values.upper() < top + slack
    for k in range(-20, 21):
        assert values.contains(model.polynomial(fmpq(k, 20)))


@pytest.mark.parametrize("order", [1, 2, 5, 6])
def test_range_with_remainder_alone(order: int) -> None:
    """t^L [1, 2] on [-1/2, 1/2] and on pieces: even powers have one sign."""
    model = TaylorModel(TaylorDomain(0, fmpq(1, 2), order), arb_poly(), arb(fmpq(3, 2), fmpq(1, 2)))
    for a, b in [(-2, 2), (-2, -1), (1, 2), (-1, 2), (0, 2), (-2, 0), (-1, 0), (2, 2)]:
        values = model.range_on(fmpq(a, 4), fmpq(b, 4))
        for t in (fmpq(a, 4), fmpq(b, 4), fmpq(a + b, 8)):
            assert values.overlaps(arb(2 * t**order)) and values.overlaps(arb(t**order))
    assert model.range().upper() < arb(2) / 2**order + arb("1e-6")


def test_pieces_are_sharper_than_the_whole() -> None:
    D = TaylorDomain(fmpq(1, 5), fmpq(1, 8), 12)
    model = kernel(D, D.variable())[2]
    pieces = [model.range_on(D.radius * fmpq(k, 8), D.radius * fmpq(k + 1, 8)) for k in range(-8, 8)]
    assert sum((p.rad() for p in pieces), arb(0)) < arb("1.1") * model.range().rad()


@pytest.mark.parametrize(("a", "b"), [(-2, 0), (1, 0), (0, fmpq(11, 10))])
def test_range_on_refuses_what_is_no_subinterval(a: int, b: int) -> None:
    with pytest.raises(ValueError, match="no subinterval"):
        TaylorDomain(0, 1, 3).variable().range_on(a, b)


# ---- angles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1, 10**6, 10**12])
@pytest.mark.parametrize("sign", [-1, 1])
def test_small_angles_keep_their_relative_accuracy(scale: int, sign: int) -> None:
    D = TaylorDomain(1, fmpq(1, 2), 10)
    theta = D.angle(D.variable() / scale, sign * (2 + D.variable()))
    small = theta if sign > 0 else D.pi - theta
    for t in points(random.Random(2), Fraction(1, 2)):
        S, c = Oracle.number((1 + t) / scale), Oracle.number(sign * (3 + t))
        assert_encloses(theta, t, mpmath.atan2(S, c))
    if sign > 0:
        assert small.polynomial[0].rel_accuracy_bits() > BITS - 10
    assert small.range().upper() < arb(1) / scale


def test_angle_falls_back_when_the_larger_cosine_changes_sign() -> None:
    D = TaylorDomain(0, 1, 6)
    S, c = D.number(1) / 4, D.variable() + fmpq(1, 2)
    theta = D.angle(S, c)
    for t in points(random.Random(3), Fraction(1)):
        assert_encloses(theta, t, mpmath.atan2(mpmath.mpf(1) / 4, Oracle.number(t + Fraction(1, 2))))


def test_angle_of_numbers() -> None:
    D = TaylorDomain(0, 1, 6)
    assert D.angle(1, 1).range().overlaps(D.pi / 4)
    assert D.angle(Fraction(1, 3), 0).range().overlaps(D.pi / 2)
    assert D.angle(arb(1), -1, 2).range().overlaps(3 * D.pi / 4)
    assert D.sqrt(fmpq(9, 4)).range().overlaps(arb(1.5)) and not D.is_zero(D.sqrt(2))
    assert all(D.is_zero(z) for z in (0, arb(0), D.number(0), D.variable() * 0))
    assert not D.is_zero(D.number(arb(0, 1))) and not D.is_zero(arb(0, 1))


# ---- refusals ----------------------------------------------------------------------------------

X: Any = TaylorDomain(0, 1, 5).variable()
NAN, INFINITY = arb("nan"), arb("+inf")


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda: 1 / X, "division"),
        (lambda: 1 / (X - 1), "division"),
        (lambda: 1 / (X * X), "division"),
        (lambda: X / arb(0, 1), "division"),
        (lambda: X / 0, "division"),
        (lambda: 1 / (2 + TaylorModel(X.domain, arb_poly(), arb(0, 3))), "division"),
        (lambda: X.domain.sqrt(X + fmpq(1, 2)), "square root"),
        (lambda: (X + 1).sqrt(), "square root"),
        (lambda: X.domain.sqrt(-1), "square root"),
        (lambda: X.domain.sqrt(0), "square root"),
        (lambda: (2 + TaylorModel(X.domain, arb_poly(), arb(0, 3))).sqrt(), "square root"),
        (lambda: X.domain.angle(X, 1 + X * X), "angle"),
        (lambda: X.domain.angle(0, 1), "angle"),
        (lambda: X.domain.angle(-1, 1), "angle"),
        (lambda: (X + arb(0, 2)).atan(), "arc tangent"),
        (lambda: X + NAN, "operand"),
        (lambda: INFINITY * X, "operand"),
        (lambda: X / INFINITY, "operand"),
        (lambda: X.domain.number(NAN), "operand"),
        (lambda: TaylorModel(X.domain, arb_poly([1]), NAN), "Taylor model"),
        (lambda: TaylorModel(X.domain, arb_poly([1, INFINITY, 1])), "Taylor model"),
    ],
)
def test_undecided(act: Callable[[], Any], reason: str) -> None:
    """The fixture sees to it that ctx comes back although the operation was left by an exception."""
    with pytest.raises(Undecided, match=reason):
        act()


def test_a_series_that_fails_restores_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def failing(*_: object) -> None:
        seen.append(ctx.cap)
        raise ZeroDivisionError

    for module in ("taylor", "ranges"):
        monkeypatch.setattr(f"symrelu.arithmetic.{module}.arb_series", failing)
    for act in (lambda: 1 / (X + 3), (X + 3).sqrt, X.atan):
        with pytest.raises(ZeroDivisionError):
            act()
        assert ctx.cap == 2
    assert seen == [5, 5, 4]


@pytest.mark.parametrize("act", [lambda: X + 0.5, lambda: 0.5 - X, lambda: X * 0.5, lambda: 0.5 / X, lambda: X / 0.5])
def test_floats_are_refused(act: Callable[[], Any]) -> None:
    with pytest.raises(TypeError):
        act()


@pytest.mark.parametrize("arguments", [(0.5, 1, 3), (0, 0.5, 3)])
def test_domains_refuse_floats(arguments: Any) -> None:
    with pytest.raises(TypeError):
        TaylorDomain(*arguments)


@pytest.mark.parametrize("arguments", [(arb(0, 1), 1, 3), (0, -1, 3), (0, 1, 0), (0, arb("inf"), 2)])
def test_domains_refuse_nonsense(arguments: Any) -> None:
    with pytest.raises(ValueError):
        TaylorDomain(*arguments)


def test_domains_must_agree() -> None:
    same, other = TaylorDomain(fmpz(0), Fraction(1), 5), TaylorDomain(0, 1, 6)
    assert same == X.domain and hash(same) == hash(X.domain)
    assert (X + same.variable()).range().contains(2)
    for act in (X.__add__, X.__sub__, X.__mul__, X.__truediv__, X.domain.number):
        with pytest.raises(ValueError, match="different domains"):
            act(other.variable() + 3)
    with pytest.raises(ValueError, match="coefficients"):
        TaylorModel(X.domain, arb_poly([1] * 6))


@pytest.mark.parametrize("number", [3, fmpz(3), fmpq(3), Fraction(3), arb(3)])
def test_mixed_operands_on_both_sides(number: Any) -> None:
    x = TaylorDomain(fmpq(1, 2), fmpq(1, 4), 5).variable()
    three = x.domain.number(number)
    for left, right in [
        (x + number, x + three),
        (number + x, x + three),
        (x - number, x - three),
        (number - x, three - x),
        (x * number, x * three),
        (number * x, x * three),
        (x / number, x / three),
        (number / x, three / x),
    ]:
        gap = left - right
        assert gap.range().contains(0)
        assert all(abs(gap.polynomial[j]) < arb("1e-30") for j in range(5))
    assert "TaylorModel(" in repr(x) and str(x.domain) == "|x - 1/2| <= 1/4"
