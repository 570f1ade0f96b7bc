"""The kernels against quadrature of the expectations, against numerical derivatives, and in every arithmetic."""

import itertools
import random
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb

from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.floats import Floats
from symrelu.arithmetic.jets import Jets
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.arithmetic.symbols import Symbols
from symrelu.arithmetic.taylor import TaylorDomain
from symrelu.model.activations import ERF, Leaky, activation_named
from symrelu.model.dense import DenseNetwork
from symrelu.model.dense_kernels import ErfNetwork, LeakyNetwork
from symrelu.model.kernel import RELU, Activation

LEAKY = Leaky(Fraction(1, 10))
ABSOLUTE = Leaky(Fraction(-1))
STEEP = Leaky(Fraction(7, 3))
ACTIVATIONS = {a.name: a for a in (RELU, LEAKY, ABSOLUTE, STEEP, ERF)}
PAIRS = [((1.0, 0.3), (-0.4, 0.8)), ((0.2, 0.1), (0.9, -1.7)), ((1.0, 0.0), (0.0, 1.0)), ((0.5, 0.5), (0.6, 0.7))]
COEFFICIENTS = ("F", "radial", "phi", "q", "b", "b_swapped", "a")
EXACT = (Fraction(3, 2), Fraction(4, 5), Fraction(-1, 3))  # A, B, c


def function(activation: Activation) -> Any:
    """sigma itself, on arrays."""
    if activation == ERF:
        return np.vectorize(lambda t: float(mpmath.erf(t)))
    slope = float(activation.slope) if isinstance(activation, Leaky) else 0.0
    return lambda t: np.where(t > 0, t, slope * t)


def expectation(activation: Activation, w: tuple[float, float], v: tuple[float, float]) -> float:
    """E[sigma(w.x) sigma(v.x)] over x in the plane.

    Piecewise linear: polar coordinates, Gauss-Legendre between the kinks; the radial integral of r^3 exp(-r^2/2) is 2.
    Smooth: Gauss-Hermite in both coordinates.
    """
    sigma = function(activation)
    if activation == ERF:
        nodes, weights = np.polynomial.hermite_e.hermegauss(90)
        x, y = np.meshgrid(nodes, nodes)
        values = sigma(w[0] * x + w[1] * y) * sigma(v[0] * x + v[1] * y)
        return float(weights @ values @ weights) / (2 * np.pi)
    kinks = sorted({np.arctan2(-s * u[0], s * u[1]) % (2 * np.pi) for u in (w, v) for s in (1, -1)})
    nodes, weights = np.polynomial.legendre.leggauss(40)
    total = 0.0
    for low, high in itertools.pairwise([*kinks, kinks[0] + 2 * np.pi]):
        t = (high + low) / 2 + (high - low) / 2 * nodes
        values = sigma(w[0] * np.cos(t) + w[1] * np.sin(t)) * sigma(v[0] * np.cos(t) + v[1] * np.sin(t))
        total += float(weights @ values) * (high - low) / 2
    return total / np.pi


def gram(w: Any, v: Any) -> tuple[float, float, float, float]:
    A, B, c = (float(np.dot(x, y)) for x, y in ((w, w), (v, v), (w, v)))
    return A, B, c, A * B - c * c


def network(activation: Activation, teacher: Any, digits: int = 40) -> DenseNetwork:
    if activation == RELU:
        return DenseNetwork(teacher, digits)
    return (
        LeakyNetwork(teacher, activation.slope, digits)
        if isinstance(activation, Leaky)
        else ErfNetwork(teacher, digits)
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_kernel_is_the_expectation(name: str) -> None:
    activation = ACTIVATIONS[name]
    for w, v in PAIRS:
        pair = activation.pair(Floats(), *gram(w, v))
        assert pair.F / (2 * np.pi) == pytest.approx(expectation(activation, w, v), abs=2e-9)
        own = activation.own(Floats(), float(np.dot(w, w)))
        assert own.value / (2 * np.pi) == pytest.approx(expectation(activation, w, w), abs=2e-9)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "relu"])
def test_the_dense_network_has_the_expected_loss(name: str) -> None:
    """1/2 E[(sum of students - sum of targets)^2], every product of two neurons integrated."""
    activation = ACTIVATIONS[name]
    students, targets = [(1.0, 0.3), (-0.4, 0.8)], [(1.0, 0.0), (0.25, -1.5)]
    rows = [(1, w) for w in students] + [(-1, v) for v in targets]
    expected = sum(s * t * expectation(activation, w, v) for s, w in rows for t, v in rows) / 2
    assert float(network(activation, targets).loss(students)) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "relu"])
def test_dense_gradient_and_hessian_are_the_differences_of_the_loss(name: str) -> None:
    activation = ACTIVATIONS[name]
    dense = network(activation, [[1, 0, 0], ["0.3", -1, "0.5"]], 40)
    mp, generator = dense.mp, random.Random(name)
    W = [[mp.mpf(generator.randint(-900, 900)) / 512 for _ in range(3)] for _ in range(2)]
    h = mp.mpf(10) ** -12

    def moved(place: int, step: Any) -> Any:
        return [[x + (step if 3 * i + p == place else 0) for p, x in enumerate(row)] for i, row in enumerate(W)]

    H, gradient = dense.hessian(W), [g for row in dense.gradient(W) for g in row]
    for place in range(6):
        ahead, behind = moved(place, h), moved(place, -h)
        assert abs((dense.loss(ahead) - dense.loss(behind)) / (2 * h) - gradient[place]) < 1e-20
        rows = zip(dense.gradient(ahead), dense.gradient(behind), strict=True)
        slopes = [(x - y) / (2 * h) for one, other in rows for x, y in zip(one, other, strict=True)]
        assert max(abs(slope - H[place, j]) for j, slope in enumerate(slopes)) < 1e-20


def derivatives(activation: Activation, point: tuple[Fraction, ...]) -> dict[str, Any]:
    """The coefficients as partial derivatives of 2 pi F in A, B, c by differences in mpmath; 4 F_AB as `cross`."""
    arithmetic = Multiprecision(60)
    A, B, c = (arithmetic.number(x) for x in point)
    diff, two_pi_F = arithmetic.mp.diff, lambda A, B, c: activation.pair(arithmetic, A, B, c, A * B - c * c).F
    return {
        "radial": 2 * A * diff(two_pi_F, (A, B, c), (1, 0, 0)),
        "phi": diff(two_pi_F, (A, B, c), (0, 0, 1)),
        "q": diff(two_pi_F, (A, B, c), (0, 0, 2)),
        "cross": 4 * diff(two_pi_F, (A, B, c), (1, 1, 0)),
        "b": 2 * diff(two_pi_F, (A, B, c), (1, 0, 1)),
        "b_swapped": 2 * diff(two_pi_F, (A, B, c), (0, 1, 1)),
        "a": 4 * diff(two_pi_F, (A, B, c), (2, 0, 0)),
    }


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_coefficients_are_partial_derivatives_and_4_F_AB_is_F_cc(name: str) -> None:
    activation, arithmetic = ACTIVATIONS[name], Multiprecision(60)
    A, B, c = (arithmetic.number(x) for x in EXACT)
    pair, expected = activation.pair(arithmetic, A, B, c, A * B - c * c), derivatives(activation, EXACT)
    assert abs(expected.pop("cross") - pair.q) < 1e-15  # Price's theorem
    for coefficient, value in expected.items():
        assert abs(getattr(pair, coefficient) - value) < 1e-15, coefficient
    own, diff = activation.own(arithmetic, A), arithmetic.mp.diff
    assert abs(own.slope - diff(lambda A: activation.own(arithmetic, A).value, A)) < 1e-15
    second = 2 * diff(lambda A: activation.own(arithmetic, A).value, A, 2)
    assert abs((own.bend or 0) - second) < 1e-15


def in_arithmetics() -> dict[str, tuple[Any, Any, Any]]:
    """Arithmetic, how it reads a rational, and how a number of it becomes a float."""
    domain = TaylorDomain(to_fmpq(Fraction(1, 4)), to_fmpq(Fraction(1, 64)), 4)
    return {
        "floats": (Floats(), float, float),
        "balls": (Balls(), lambda x: arb(to_fmpq(x)), lambda x: float(x.mid())),
        "jets": (Jets(), lambda x: Jets.variable(arb(to_fmpq(x))) - Jets.variable(arb(0)), lambda x: float(x[0].mid())),
        "Taylor models": (domain, lambda x: domain.constant(to_fmpq(x)), lambda x: float(x.range().mid())),
        "sympy": (Symbols(), lambda x: sympy.Rational(x.numerator, x.denominator), float),
    }


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("kind", ["floats", "balls", "jets", "Taylor models", "sympy"])
def test_every_arithmetic_gives_the_same_coefficients(name: str, kind: str) -> None:
    activation, reference = ACTIVATIONS[name], Multiprecision(30)
    with working(120, cap=3):
        arithmetic, read, shown = in_arithmetics()[kind]
        A, B, c = map(read, EXACT)
        numbers = [reference.number(x) for x in EXACT]
        pair = activation.pair(arithmetic, A, B, c, A * B - c * c)
        expected = activation.pair(reference, *numbers, numbers[0] * numbers[1] - numbers[2] ** 2)
        for coefficient in COEFFICIENTS:
            value = shown(getattr(pair, coefficient))
            assert value == pytest.approx(float(getattr(expected, coefficient)), rel=1e-12), coefficient
        own, expected_own = activation.own(arithmetic, A), activation.own(reference, numbers[0])
        assert shown(own.value) == pytest.approx(float(expected_own.value), rel=1e-12)
        assert float(sympy.sympify(shown(own.slope + 0 * A))) == pytest.approx(float(expected_own.slope), rel=1e-12)


def test_integer_gram_entries_are_never_divided_as_integers() -> None:
    """Two targets, and a student equal to its target: Gram entries are Python integers there, and stay exact."""
    for activation in ACTIVATIONS.values():
        for c, S_squared in ((0, 1), (1, 0)):
            with working(200):
                pair = activation.pair(Balls(), 1, 1, c, S_squared)
                for coefficient in COEFFICIENTS:
                    value = getattr(pair, coefficient)
                    assert not isinstance(value, float), (activation.name, coefficient)


def test_activations_are_read_and_named() -> None:
    for text in ("relu", "erf", "leaky:1/10", "leaky:-1", "leaky:5/2"):
        assert activation_named(text).name == text
    assert activation_named("leaky:0.1") == LEAKY
    assert activation_named("leaky:0") is RELU


@pytest.mark.parametrize(
    "text", ["gelu", "leaky", "leaky:", "leaky:x", "leaky:1", "leaky:1/0", "ERF", 3, None, "leaky:nan"]
)
def test_other_activations_are_refused(text: Any) -> None:
    with pytest.raises(UsageError):
        activation_named(text)
