"""Online series against numbers: a node is compared, at s = 10^-12, with the same formula in mpmath at 400 digits."""

import random
from fractions import Fraction
from math import comb

import mpmath
import pytest
import sympy
from flint import arb

from symrelu.arithmetic.ball_field import BallField
from symrelu.arithmetic.constants import ConstantField, NotInField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.online import PrecisionExhausted, Window
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends
from symrelu.arithmetic.symbol_field import SymbolField

MP = mpmath.mp.clone()
MP.dps = 400
SMALL = MP.mpf(10) ** -12
TOP = 9  # coefficients up to s^9: the first one left out is of size 10^-120, and 10^-114 would be an error in it

RINGS = {"Q(pi)": PiPolynomials, "Q(pi, sqrt 5)": lambda: RootPolynomials(5)}
rings = pytest.mark.parametrize("ring", RINGS.values(), ids=RINGS.keys())


@pytest.fixture
def exact():
    return ExactSeries(ConstantField(PiPolynomials()))


def number(constant):
    """A constant as an mpmath number, by way of its polynomial in sympy."""
    return sympy_number(constant.to_sympy())


def sympy_number(expression):
    return MP.mpf(str(sympy.sympify(expression).evalf(MP.dps)))


def truncated(series, top=TOP):
    """The value of the series at s = SMALL, up to s^top."""
    return sum(number(series.coefficient(j)) * SMALL**j for j in range(series.start, top + 1))


def polynomial(coefficients, start=0):
    return sum(number(c) * SMALL ** (start + j) for j, c in enumerate(coefficients))


def assert_same(series, value, top=TOP):
    assert abs(truncated(series, top) - value) < SMALL ** (top + Fraction(1, 2))


def unknown(exact, text, start=0):
    """Coefficients like "1, 1/2, -3"; the series is then that polynomial, since it is open."""
    return exact.unknown(start, [exact.field.number(Fraction(part)) for part in text.split(",")])


def coefficients(series, top):
    return [series.coefficient(j) for j in range(top + 1)]


# -- each node ----------------------------------------------------------------------------------------------------------


def test_sums_with_laurent_factors(exact):
    x, y = unknown(exact, "1, 2, -1"), unknown(exact, "3, 1/5")
    d = exact.laurent({-2: exact.field.number(1)})
    total = x * d + y * Fraction(1, 2) - exact.pi * d - 7
    vx, vy = 1 + 2 * SMALL - SMALL**2, 3 + SMALL / 5
    assert_same(total, vx / SMALL**2 + vy / 2 - MP.pi / SMALL**2 - 7)
    assert total.start == -2


def test_products_of_different_and_of_equal_series(exact):
    x, y = unknown(exact, "1, 2, -1, 4"), unknown(exact, "3, 1/5, 1", start=1)
    vx = 1 + 2 * SMALL - SMALL**2 + 4 * SMALL**3
    vy = 3 * SMALL + SMALL**2 / 5 + SMALL**3
    assert_same(x * y, vx * vy)
    assert_same(x * x, vx * vx)
    assert_same(y * y * y, vy**3)


def test_quotients_by_a_series_that_starts_late(exact):
    x, y = unknown(exact, "1, 2, -1"), unknown(exact, "0, 0, 2, 3, 1")
    vx, vy = 1 + 2 * SMALL - SMALL**2, 2 * SMALL**2 + 3 * SMALL**3 + SMALL**4
    assert_same(x / y, vx / vy)
    assert_same(1 / y, 1 / vy)
    assert_same(exact.pi / x, MP.pi / vx)
    assert_same(x / exact.pi, vx / MP.pi)
    assert_same(x / exact.laurent({-2: exact.field.number(3)}), vx * SMALL**2 / 3)
    assert_same(x / (y * exact.laurent({1: exact.field.pi})), vx / (MP.pi * SMALL * vy))
    assert_same((x * 5) / (y * 3) - x / y, vx / vy * 2 / 3)
    assert (x / y).start == -2


def test_the_geometric_series_and_the_binomial_series(exact):
    """1/(1 - s) and (1 + s)^(1/2), coefficient by coefficient."""
    assert coefficients(1 / unknown(exact, "1, -1"), 8) == [1] * 9
    root = exact.sqrt(unknown(exact, "1, 1"))
    binomial = [Fraction((-1) ** (j + 1) * comb(2 * j, j), 4**j * (2 * j - 1)) for j in range(9)]
    assert coefficients(root, 8) == binomial


def test_square_roots(exact):
    x = unknown(exact, "0, 0, 4, 1, -2, 5")
    vx = 4 * SMALL**2 + SMALL**3 - 2 * SMALL**4 + 5 * SMALL**5
    assert_same(exact.sqrt(x), MP.sqrt(vx))
    y = unknown(exact, "1, -3, 2")
    pi_squared = exact.pi * exact.pi
    assert_same(exact.sqrt(y * pi_squared), MP.pi * MP.sqrt(1 - 3 * SMALL + 2 * SMALL**2))
    assert exact.sqrt(1) == 1
    assert_same(exact.sqrt(9) * y, 3 * (1 - 3 * SMALL + 2 * SMALL**2))


@pytest.mark.parametrize(
    ("sine", "cosine"),
    [
        ("0, 2, 1, -1", "3, 1"),  # near 0
        ("0, 0, 1, 5", "1, -1, 1"),
        ("0, 2, 1", "-3, 1, 1"),  # near pi
        ("2, 1, 1", "0, 0, 1, -4"),  # near pi/2
        ("2, 1, 1", "0, -1, 7"),
        ("0, 1, 1", "0, 0, 0, 3"),  # both small
        ("0, 0, 0, 1", "0, -2, 1"),
    ],
)
def test_angles(exact, sine, cosine):
    S, c = unknown(exact, sine), unknown(exact, cosine)
    vS, vc = (sum(MP.mpf(x.strip()) * SMALL**j for j, x in enumerate(text.split(","))) for text in (sine, cosine))
    assert_same(exact.angle(S, c, S * S + c * c), MP.atan2(vS, vc))


def test_a_right_angle_is_exactly_half_of_pi(exact):
    S, zero = unknown(exact, "2, 1, 1"), unknown(exact, "0, 1") - unknown(exact, "0, 1")
    assert coefficients(exact.angle(S, 0, S * S), 3) == [exact.field.pi / 2, 0, 0, 0]
    angle = exact.angle(S, exact.unknown(0, [exact.field.number(0)]), S * S)
    assert coefficients(angle, 5) == [exact.field.pi / 2, 0, 0, 0, 0, 0]
    assert not isinstance(zero, int)  # two unknowns that look alike are not the same


def test_the_arctangent_series(exact):
    s = unknown(exact, "0, 1")
    angle = exact.angle(s, 1, s * s + 1)
    assert coefficients(angle, 9) == [Fraction((-1) ** (j // 2), j) if j % 2 else 0 for j in range(10)]


def test_deep_formulas_with_denominators_in_pi(exact):
    """Numerators over a common denominator that grows: pi, pi - 2 and their powers."""
    pi, field = MP.pi, exact.field
    x = exact.unknown(0, [field.pi - 2, field.number(1), 1 / field.pi])
    y = exact.unknown(1, [1 / (field.pi - 2), field.pi, field.number(3)])
    vx = pi - 2 + SMALL + SMALL**2 / pi
    vy = SMALL / (pi - 2) + pi * SMALL**2 + 3 * SMALL**3
    assert_same(y / x, vy / vx)
    assert_same((x + y) / (x * x + 1) * y, (vx + vy) / (vx * vx + 1) * vy)
    theta = exact.angle(y, x, x * x + y * y)
    assert_same(theta, MP.atan2(vy, vx))
    root = exact.sqrt(x * x + y)
    assert_same(root / (1 + theta), MP.sqrt(vx**2 + vy) / (1 + MP.atan2(vy, vx)))


def test_products_see_operands_that_shed_leading_zeros_later(exact):
    x, y = unknown(exact, "0, 0, 2, 3"), unknown(exact, "1, 4")
    product, quotient = x * y, x / y
    inverse = 1 / x  # x now starts at s^2
    assert x.start == 2
    vx, vy = 2 * SMALL**2 + 3 * SMALL**3, 1 + 4 * SMALL
    assert_same(product, vx * vy)
    assert_same(quotient, vx / vy)
    assert_same(inverse, 1 / vx)


# -- structure ----------------------------------------------------------------------------------------------------------


def test_equal_terms_cancel_before_any_coefficient_is_computed(exact):
    x, y = unknown(exact, "1, 2"), unknown(exact, "3, 4")
    assert x * y - y * x == 0
    assert x + y - x is y
    assert x * y is y * x
    assert (x + y) - y - x == 0
    assert x * 0 == 0
    assert exact.sqrt(x) is exact.sqrt(x)
    assert exact.is_zero(0)
    assert not exact.is_zero(x)


def test_head_gives_the_non_zero_coefficients(exact):
    x = unknown(exact, "0, 2, 0, 5", start=-1)
    assert exact.head(x, 5) == {0: 2, 2: 5}
    assert exact.head(x, 2) == {0: 2}
    assert exact.head(3, 2) == {0: 3}
    assert exact.head(0, 2) == {}
    assert exact.head(Fraction(1, 2), 0) == {}


def test_what_leaves_the_field_is_refused(exact):
    x = unknown(exact, "1, 1")
    with pytest.raises(NotInField, match="rational multiple of pi"):
        exact.angle(x, x * 2, x * x * 5)
    with pytest.raises(NotInField, match="series in sqrt"):
        exact.sqrt(unknown(exact, "0, 1, 1"))
    with pytest.raises(NotInField):
        exact.sqrt(x * 2)
    with pytest.raises(NotInField):
        exact.sqrt(x * -1)
    with pytest.raises(ArithmeticError, match="no leading term"):
        1 / exact.unknown(0, [exact.field.number(0)])


def test_a_series_known_to_an_order_refuses_to_go_on(exact):
    """Every node passes the refusal on, and gives what is known."""
    x, y = unknown(exact, "1, 2, 3"), unknown(exact, "2, 1")
    x.open = False
    tilt = unknown(exact, "0, 1")
    nodes = [x + y, x * y, y / x, x / y, exact.sqrt(x), x * x, exact.angle(x * tilt, y, x * x * tilt * tilt + y * y)]
    for node in nodes:
        node.coefficient(2)
        with pytest.raises(PrecisionExhausted, match="known up to s\\^2"):
            node.coefficient(5)


# -- patches ------------------------------------------------------------------------------------------------------------


def random_constant(field, generator):
    c = field.number(Fraction(generator.randint(-4, 4), generator.randint(1, 3)))
    match generator.randint(0, 3):
        case 0:
            return c * field.pi
        case 1:
            return c / (field.pi - 2)
        case 2 if hasattr(field.ring, "root"):
            return c * field.constant(field.ring.root)
    return c


def random_recipe(generator, size):
    """Instructions for a graph; operand numbers count from 0, the first four being unknowns 1 + O(s)."""
    recipe = []
    units = [0, 1, 2, 3]  # places of series 1 + O(s): they may be divided by and have roots
    for place in range(4, 4 + size):
        kind = generator.choice(["sum", "product", "square", "quotient", "sqrt", "near 0", "near pi/2", "near pi"])
        one, two = (generator.choice(range(place)) for _ in range(2))
        u, v = generator.choice(units), generator.choice(units)
        match kind:
            case "sum":
                recipe.append((kind, one, two, Fraction(generator.randint(-3, 3), 2), generator.randint(0, 2)))
            case "square":
                recipe.append((kind, one))
            case "product":
                recipe.append((kind, one, two))
            case "quotient":
                recipe.append((kind, one, v))
            case "sqrt":
                recipe.append((kind, u))
                units.append(place)
            case "near pi/2":
                recipe.append((kind, u, one))
            case _:
                recipe.append((kind, u, v))
    return recipe


def build(exact, unknowns, recipe):
    """The nodes of a recipe over given unknowns."""
    s = exact.laurent({1: exact.field.number(1)})
    nodes = list(unknowns)
    for kind, *arguments in recipe:
        match kind, *arguments:
            case "sum", i, j, factor, shift:
                new = nodes[i] + nodes[j] * factor * exact.laurent({shift: exact.field.number(1)})
            case "square", i:
                new = nodes[i] * nodes[i]
            case "product", i, j:
                new = nodes[i] * nodes[j]
            case "quotient", i, j:
                new = nodes[i] / nodes[j]
            case "sqrt", i:
                new = exact.sqrt(nodes[i])
            case "near 0", i, j:
                new = angle(exact, s * nodes[i], nodes[j])
            case "near pi/2", i, j:
                new = angle(exact, nodes[i], s * nodes[j])
            case "near pi", i, j:
                new = angle(exact, s * nodes[i], -nodes[j])
        nodes.append(new)
    return nodes


def angle(exact, sine, cosine):
    return exact.angle(sine, cosine, sine * sine + cosine * cosine)


@rings
@pytest.mark.parametrize("seed", range(12))
def test_patch_equals_recomputation(ring, seed):
    """Random graphs, coefficients asked here and there, two rounds of random changes; then compared with a new graph."""
    generator, field = random.Random(seed), ConstantField(ring())
    data = [[field.number(1), *(random_constant(field, generator) for _ in range(4))] for _ in range(4)]
    recipe = random_recipe(generator, 7)
    exact = ExactSeries(field)
    unknowns = [exact.unknown(0, coefficients) for coefficients in data]
    nodes = build(exact, unknowns, recipe)
    for node in nodes:
        if not isinstance(node, int):
            node.extend(generator.randint(0, 6))
    for _ in range(2):
        for x, coefficients in zip(unknowns, data, strict=True):
            change = random_window(field, generator)
            x.announce(change)
            if change is not None:
                coefficients += [field.number(0)] * (change.start + len(change.values) - len(coefficients))
                for j, value in enumerate(change.values):
                    coefficients[change.start + j] = coefficients[change.start + j] + value
        for node in exact.nodes:
            node.patch()
    fresh = ExactSeries(field)
    expected = build(fresh, [fresh.unknown(0, coefficients) for coefficients in data], recipe)
    for node, other in zip(nodes, expected, strict=True):
        for power in range(-1, 8):
            assert exact_coefficient(node, power) == exact_coefficient(other, power)


def random_window(field, generator):
    """A change from s^1 on, or none."""
    if generator.random() < 0.3:
        return None
    values = [random_constant(field, generator) for _ in range(generator.randint(1, 3))]
    return Window(generator.randint(1, 5), values)


def exact_coefficient(node, power):
    return node if isinstance(node, int) else node.coefficient(power)


@rings
@pytest.mark.parametrize("seed", range(6))
def test_random_graphs_agree_with_numbers(ring, seed):
    generator, field = random.Random(100 + seed), ConstantField(ring())
    data = [[field.number(1), *(random_constant(field, generator) for _ in range(3))] for _ in range(4)]
    recipe = random_recipe(generator, 6)
    exact = ExactSeries(field)
    nodes = build(exact, [exact.unknown(0, coefficients) for coefficients in data], recipe)
    values = [polynomial(coefficients) for coefficients in data]
    for kind, *arguments in recipe:
        match kind, *arguments:
            case "sum", i, j, factor, shift:
                value = values[i] + values[j] * factor.numerator / factor.denominator * SMALL**shift
            case "square", i:
                value = values[i] ** 2
            case "product", i, j:
                value = values[i] * values[j]
            case "quotient", i, j:
                value = values[i] / values[j]
            case "sqrt", i:
                value = MP.sqrt(values[i])
            case "near 0", i, j:
                value = MP.atan2(SMALL * values[i], values[j])
            case "near pi/2", i, j:
                value = MP.atan2(values[i], SMALL * values[j])
            case "near pi", i, j:
                value = MP.atan2(SMALL * values[i], -values[j])
        values.append(value)
    for node, value in zip(nodes, values, strict=True):
        if not isinstance(node, int):
            assert_same(node, value, top=6)


@pytest.mark.parametrize(
    "formula",
    [
        lambda exact, x: 1 / x,
        lambda exact, x: exact.sqrt(x),
        lambda exact, x: angle(exact, x * x, x * Fraction(1, 3)),
    ],
    ids=["quotient", "root", "angle"],
)
def test_a_change_of_the_leading_coefficient_of_an_operand_is_refused(exact, formula):
    """Quotients, roots and angles have their operand's leading term built in: they must not go on with an old one."""
    x = unknown(exact, "1, 2", start=0)
    tilted = x * exact.laurent({2: exact.field.number(1)})
    formula(exact, tilted).extend(6)
    x.announce(Window(0, [exact.field.number(3)]))
    with pytest.raises(ArithmeticError, match="leading coefficient"):
        for node in exact.nodes:
            node.patch()


def test_a_change_below_the_start_of_a_series_is_refused(exact):
    x = unknown(exact, "0, 0, 1, 2")
    (1 / x).extend(3)
    x.announce(Window(1, [exact.field.number(1)]))
    with pytest.raises(ArithmeticError, match="leading coefficient"):
        x.patch()


# -- angles with other limits -------------------------------------------------------------------------------------------


def ball_number(ball):
    low, _ = ends(ball)
    return MP.mpf(low.numerator) / low.denominator


@pytest.mark.parametrize(
    ("sine", "cosine"), [("1, 2, 3", "2, -1"), ("3, 1", "-1, 1, 1"), ("1/7, 1", "-5"), ("2", "2, 1, 1")]
)
def test_an_angle_with_any_limit_in_a_field_that_has_it(sine, cosine):
    """Over balls the limit is a number, over symbols a new symbol; the rest of the series is the same."""
    with working(1400):
        fields = BallField("balls"), SymbolField({"y": arb(1)})
        values = []
        for field in fields:
            exact = ExactSeries(field)
            S, c = unknown(exact, sine), unknown(exact, cosine)
            theta = exact.angle(S, c, S * S + c * c)
            coefficients = [theta.coefficient(j) for j in range(TOP + 1)]
            if isinstance(field, SymbolField):
                values.append([ball_number(b) for b in field.evaluate(coefficients, {"y": arb(1)})])
            else:
                values.append([ball_number(x.ball()) for x in coefficients])
        vs, vc = (
            sum(sympy_number(part) * SMALL**j for j, part in enumerate(text.split(","))) for text in (sine, cosine)
        )
        for coefficients in values:
            total = sum(x * SMALL**j for j, x in enumerate(coefficients))
            assert abs(total - MP.atan2(vs, vc)) < SMALL ** (TOP + Fraction(1, 2))


def test_an_angle_whose_cosine_leads_has_the_limit_zero_or_pi():
    """s : 1 and s : -1 over balls; the sign of the leading cosine decides, not its ball."""
    with working(200):
        exact = ExactSeries(BallField("balls"))
        S = unknown(exact, "1, 1", start=1)
        for sign, limit in ((1, 0), (-1, MP.pi)):
            c = unknown(exact, f"{3 * sign}, 1")
            theta = exact.angle(S, c, S * S + c * c)
            assert abs(ball_number(theta.coefficient(0).ball()) - limit) < MP.mpf(10) ** -50
            assert abs(ball_number(theta.coefficient(1).ball()) - MP.mpf(sign) / 3) < MP.mpf(10) ** -50


def test_a_cosine_of_unknown_sign_is_undecided():
    exact = ExactSeries(BallField("balls"))
    S = unknown(exact, "1", start=1)
    c = exact.unknown(0, [exact.field.constant(arb(0, 1e-9))])
    with pytest.raises(Undecided):
        exact.angle(S, c, S * S + c * c).coefficient(1)
