"""Eigenvalue series against spectra known in advance, closed forms, and numbers of 200 digits at s = 2^-30."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from functools import cache, reduce
from typing import Any

import mpmath
import pytest
import sympy
from flint import ctx

from symrelu.arithmetic.constants import Constant, ConstantField, NotInField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials, SymbolicRootPolynomials
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, isotypic_types
from symrelu.family.reduced import gradient
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.solvers.characteristic import characteristic, inverse, roots, sum_of_products
from symrelu.solvers.hensel import LiftingProblem, lift, prepare
from symrelu.solvers.puiseux import EigenvalueSeries, eigenvalue_series
from symrelu.symmetry.types import IsotypicType, Kind

Laurent = dict[int, Constant]

# -- Laurent polynomials and matrices of them, written here so as to share nothing with the solver ---------------------


def add(x: Laurent, y: Laurent) -> Laurent:
    total = dict(x)
    for power, value in y.items():
        total[power] = total[power] + value if power in total else value
    return {power: value for power, value in total.items() if value}


def multiply(x: Laurent, y: Laurent) -> Laurent:
    return reduce(add, ({i + j: a * b} for i, a in x.items() for j, b in y.items()), {})


def product(x: list[list[Laurent]], y: list[list[Laurent]]) -> list[list[Laurent]]:
    return [[reduce(add, map(multiply, row, column), {}) for column in zip(*y, strict=True)] for row in x]


def diagonal(entries: list[Laurent]) -> list[list[Laurent]]:
    return [[x if i == j else {} for j in range(len(entries))] for i, x in enumerate(entries)]


def source(matrix: list[list[Laurent]], calls: list[int] | None = None) -> Any:
    """What the solver is given: terms below s^known, and a record of the calls."""

    def terms(known: int) -> list[list[Laurent]]:
        if calls is not None:
            calls.append(known)
        return [[{j: c for j, c in x.items() if j < known} for x in row] for row in matrix]

    return terms


def key(series: Laurent) -> frozenset:
    return frozenset((power, str(value.to_sympy().factor())) for power, value in series.items() if value)


def below(order: int, series: Laurent) -> Laurent:
    return {j: c for j, c in series.items() if j < order}


def numbers(field: ConstantField) -> Any:
    return lambda **terms: {
        int(name[1:]) * (-1 if name[0] == "m" else 1): field.number(c) if isinstance(c, int) else c
        for name, c in terms.items()
    }


@pytest.fixture
def field() -> ConstantField:
    return ConstantField(PiPolynomials())


# -- diagonal in disguise ----------------------------------------------------------------------------------------------


def disguised(spectrum: list[Laurent], shifts: list[int], field: ConstantField, seed: int) -> list[list[Laurent]]:
    """P diag(spectrum) P^-1, P = (elementary matrices) diag(s^shifts) (more of them), so that P^-1 is exact too."""
    rng, n, one = random.Random(seed), len(spectrum), {0: field.number(1)}
    matrix = diagonal(spectrum)

    def shear(matrix: list[list[Laurent]]) -> list[list[Laurent]]:
        for _ in range(n + 1):
            i, j = rng.sample(range(n), 2)
            value = field.number(rng.choice([-2, -1, 1, 2])) + rng.choice([0, 0, field.pi])
            x = add({0: value}, {1: field.number(rng.choice([0, 1, 3]))})
            step, back = diagonal([one] * n), diagonal([one] * n)
            step[i][j], back[i][j] = x, {k: -c for k, c in x.items()}
            matrix = product(product(step, matrix), back)
        return matrix

    matrix = shear(matrix)
    powers = [{k: field.number(1)} for k in shifts], [{-k: field.number(1)} for k in shifts]
    return shear(product(product(diagonal(powers[0]), matrix), diagonal(powers[1])))


def spectra(field: ConstantField) -> list[list[Laurent]]:
    pi, n = field.pi, numbers(field)
    quarter = 1 / field.number(4) - 1 / (2 * pi)
    return [
        # Separate at once; one is zero and one starts late.
        [{}, n(p0=1), n(p3=pi), n(p0=pi, p2=1), n(m2=pi / 2)],
        # Three coincide at s^0: separated at s^2 and s^4. Two grow alike and separate at s^0.
        [n(p0=quarter), n(p0=quarter, p2=1 / pi), n(p0=quarter, p2=1 / pi, p4=pi), n(m2=pi, p0=1), n(m2=pi, p1=3)],
        # Equal for ever, and growing with different signs and powers.
        [n(p0=quarter, p1=2), n(p0=quarter, p1=2), n(m1=-1, p0=pi), n(m1=2), n(m2=1), n(m2=-pi)],
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("shifts", [[0] * 6, [0, 1, 2, 0, 1, -1]])
def test_a_spectrum_in_disguise_is_found(field: ConstantField, which: int, shifts: list[int], seed: int) -> None:
    """Also where the change of basis is singular at s = 0, so that leading matrices are not diagonalisable."""
    spectrum, order = spectra(field)[which], 6
    matrix = disguised(spectrum, shifts[: len(spectrum)], field, seed)
    found = eigenvalue_series(source(matrix), order, field)
    assert Counter(key(e.terms) for e in found) == Counter(key(below(order, x)) for x in spectrum)
    assert all(e.order == order for e in found)


@pytest.mark.parametrize("order", [-1, 0, 1, 3, 5])
@pytest.mark.parametrize("shifts", [[0] * 5, [0, 1, 0, 0, 2]])
def test_what_has_not_separated_below_the_order_is_reported_with_its_copies(
    field: ConstantField, shifts: list[int], order: int
) -> None:
    spectrum = spectra(field)[1]
    found = eigenvalue_series(source(disguised(spectrum, shifts, field, 7)), order, field)
    truncated = Counter(key(below(order, x)) for x in spectrum)
    assert Counter(key(e.terms) for e in found) == truncated
    assert all(e.copies == truncated[key(e.terms)] and e.separated == (e.copies == 1) for e in found)


def test_more_terms_are_asked_for_only_when_needed(field: ConstantField) -> None:
    spectrum = spectra(field)[0]
    calls: list[int] = []
    eigenvalue_series(source(disguised(spectrum, [0] * 5, field, 1), calls), 4, field)
    assert calls == [4]
    calls.clear()
    eigenvalue_series(source(disguised(spectrum, [0, 3, 0, 1, 0], field, 1), calls), 4, field)
    assert calls[0] == 4 < calls[-1] <= 4 + 8


def test_terms_beyond_the_order_are_left_out(field: ConstantField) -> None:
    """Two eigenvalues need the matrix to a higher order (Jordan's form at s^1); the third is then known too far."""
    n = numbers(field)
    matrix = [[n(p1=1), n(p1=1), {}], [{}, n(p1=1, p2=1), {}], [{}, {}, n(p0=5, p1=3, p2=1)]]
    calls: list[int] = []
    found = eigenvalue_series(source(matrix, calls), 2, field)
    assert calls == [2, 3]
    assert [e.terms for e in found] == [n(p1=1), n(p1=1), n(p0=5, p1=3)]


def test_order_of_the_results(field: ConstantField) -> None:
    """Bounded ones in increasing order for small s > 0, then the growing ones, fastest last."""
    n = numbers(field)
    wanted = [
        n(p0=-1),
        n(p2=-1),
        {},
        n(p1=1),
        n(p0=1 / field.pi, p1=-1),
        n(p0=1 / field.pi),
        n(m1=-3),
        n(m1=1, p0=7),
        n(m2=-1),
        n(m2=1, p0=1),
    ]
    for seed in range(4):
        shuffled = random.Random(seed).sample(wanted, len(wanted))
        found = eigenvalue_series(source(diagonal(shuffled)), 3, field)
        assert [key(e.terms) for e in found] == [key(x) for x in wanted]


def test_the_field_learns_only_primes_of_denominators(field: ConstantField) -> None:
    found = eigenvalue_series(source(disguised(spectra(field)[1], [0, 1, 0, 0, 1], field, 3)), 6, field)
    assert field.primes
    used = {i for e in found for c in e.terms.values() for i, power in enumerate(c.exponents) if power > 0}
    assert used == set(range(len(field.primes)))
    assert all(c.field is field for e in found for c in e.terms.values())


def test_trivial_matrices(field: ConstantField) -> None:
    assert eigenvalue_series(source([[{}, {}], [{}, {}]]), 3, field) == [EigenvalueSeries({}, 3, 2)] * 2
    assert eigenvalue_series(source([[numbers(field)(m2=1, p3=1)]]), 3, field) == [
        EigenvalueSeries({-2: field.number(1)}, 3)
    ]


# -- closed forms ------------------------------------------------------------------------------------------------------

d = sympy.Symbol("d")


def closed_form(trace: Any, determinant: Any, leading_root: Any, order: int) -> list[dict[int, Any]]:
    """The roots of z^2 - trace z + determinant (polynomials in d = s^-2, trace of degree one) expanded by sympy.

    `leading_root` is the positive square root of the discriminant's coefficient of d^2.
    """
    w, a, b = sympy.symbols("w a b")
    root = sympy.series(sympy.sqrt(1 + a * w + b * w**2), w, 0, order // 2 + 2).removeO()
    square, linear, constant = sympy.Poly(sympy.expand(trace**2 - 4 * determinant), d).all_coeffs()
    assert sympy.cancel(square - leading_root**2) == 0
    root = root.subs({a: linear / square, b: constant / square}) * leading_root
    expansions = []
    for sign in (1, -1):
        scaled = sympy.Poly(trace.subs(d, 1 / w) * w / 2 + sign * root / 2, w)  # s^2 times the eigenvalue, w = s^2
        terms = {2 * i - 2: sympy.cancel(c) for (i,), c in scaled.terms() if 2 * i - 2 < order}
        expansions.append({j: c for j, c in terms.items() if c != 0})
    return expansions


def from_sympy(expression: Any, field: ConstantField) -> Laurent:
    """A polynomial in d over Q(pi), as a Laurent polynomial in s."""
    result = {}
    for (power,), coefficient in sympy.Poly(expression, d).terms():
        num, den = sympy.fraction(sympy.together(coefficient))
        value = [
            sum(
                (Fraction(int(c.p), int(c.q)) * field.pi**i for (i,), c in sympy.Poly(x, sympy.pi).terms()),
                field.number(0),
            )
            for x in (num, den)
        ]
        result[-2 * power] = value[0] / value[1]
    return result


def agree(found: list[EigenvalueSeries], wanted: list[dict[int, Any]]) -> bool:
    def differs(e: EigenvalueSeries, terms: dict[int, Any]) -> bool:
        return e.terms.keys() != terms.keys() or any(
            sympy.cancel(e.terms[j].to_sympy() - c) != 0 for j, c in terms.items()
        )

    return all(sum(not differs(e, terms) for e in found) == 1 for terms in wanted)


def test_spectrum_at_the_global_minimum(field: ConstantField) -> None:
    """The closed forms of AF20-global: a companion matrix for s (not symmetric at all), the 2 x 2 matrix for t."""
    pi, order = sympy.pi, 7
    quarter, tenth = sympy.Rational(1, 4), 1 / (2 * pi)
    trace, determinant = (d + 2) / 4, d / 16 + 1 / (4 * pi) - 1 / (4 * pi**2) + sympy.Rational(1, 16)
    companion = [[sympy.Integer(0), -determinant], [sympy.Integer(1), trace]]
    found = eigenvalue_series(source([[from_sympy(x, field) for x in row] for row in companion]), order, field)
    assert agree(found, closed_form(trace, determinant, quarter, order))
    t = [[sympy.Rational(1, 2) + (d - 1) * tenth, (d - 1) / 4], [quarter, d / 4 + tenth]]
    found = eigenvalue_series(source([[from_sympy(x, field) for x in row] for row in t]), order, field)
    trace, determinant = t[0][0] + t[1][1], sympy.expand(t[0][0] * t[1][1] - t[0][1] * t[1][0])
    assert agree(found, closed_form(trace, determinant, quarter - tenth, order))


# -- numbers -----------------------------------------------------------------------------------------------------------

DIGITS, STEP = 200, 30
# What deviation() may be: the next coefficient, some 10^5 for II. A wrong last one shows as 2^30 times its error.
TOLERANCE = 2**20


def number(value: Constant) -> Any:
    old, ctx.prec = ctx.prec, 1200
    try:
        return mpmath.mpf(value.ball().str(320, radius=False))
    finally:
        ctx.prec = old


def at_step(series: Laurent) -> Any:
    return sum((number(c) * mpmath.mpf(2) ** (-STEP * j) for j, c in series.items()), mpmath.mpf(0))


def deviation(found: list[EigenvalueSeries], eigenvalues: list[Any]) -> Any:
    """The largest difference of the truncated series from the numbers, in units of s^order."""
    values = sorted(at_step(e.terms) for e in found)
    worst = max(abs(x - y) for x, y in zip(values, sorted(eigenvalues), strict=True))
    return worst * mpmath.mpf(2) ** (STEP * found[0].order)


@pytest.mark.parametrize("seed", range(4))
def test_a_symmetric_pencil_against_numbers(field: ConstantField, seed: int) -> None:
    """G^-1 B with G = diag(powers of s) and B symmetric, random beyond the terms that decide where it separates."""
    rng, pi, size, order = random.Random(seed), field.pi, 5, 5
    leading = [{-2: pi / 2}, {-2: pi / 2, -1: field.number(1)}, {0: 1 / pi}, {0: 1 / pi, 1: pi}, {0: 1 / pi, 1: -pi}]
    clusters = [0, 0, 2, 2, 2]

    def tail(start: int) -> Laurent:
        return {j: field.number(rng.randint(-3, 3)) / pi for j in range(start, order + 6)}

    symmetric: list[list[Laurent]] = [[{} for _ in range(size)] for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            # Elements between clusters add to those within one at the square of their size over the gap.
            start = (0 if clusters[i] == 0 else 2) if clusters[i] == clusters[j] else 1
            symmetric[i][j] = symmetric[j][i] = add(leading[i] if i == j else {}, tail(start))
    shifts = [1, 0, 2, 0, 1]
    matrix = [
        [{p + shifts[i] - shifts[j]: c for p, c in x.items()} for j, x in enumerate(row)]
        for i, row in enumerate(symmetric)
    ]
    found = eigenvalue_series(source(matrix), order, field)
    with mpmath.workdps(DIGITS):
        judge = mpmath.eigsy(mpmath.matrix([[at_step(x) for x in row] for row in symmetric]), eigvals_only=True)
        assert deviation(found, list(judge)) < TOLERANCE


# -- family II ---------------------------------------------------------------------------------------------------------

II = Shape.build([Size.parse("d-1"), Size.parse("1")], [0, 1])
II_ORDER = 8
II_KNOWN = II_ORDER + 10  # the Hessian is known to fewer orders than the entries


@cache
def ii_terms() -> tuple[ConstantField, dict[str, list[Constant]]]:
    """The series of II from its leading terms, by the lifting that the derivation of every family uses."""
    field = ConstantField(PiPolynomials())
    pi, n = field.pi, field.number
    leading = {
        "diag1": {0: n(1)},
        "off1": {4: -4 / pi},
        "w12": {2: n(2)},
        "w21": {2: 4 / pi},
        "w22": {0: n(-1), 2: 2 + 8 / pi + 8 / (pi * pi)},
    }
    arithmetic = ExactSeries(field)
    entries = {
        name: arithmetic.unknown(min(terms), [terms.get(j, n(0)) for j in range(min(terms), max(terms) + 1)])
        for name, terms in leading.items()
    }
    table = ii_table(arithmetic, entries)
    equations = gradient(table)
    nodes = len(arithmetic.nodes)
    jacobian, _ = isotypic_action(table, IsotypicType(Kind.TRIVIAL))
    lifting = prepare(LiftingProblem(arithmetic, list(entries.values()), equations, jacobian))
    arithmetic.nodes = arithmetic.nodes[:nodes]
    lift(lifting, II_KNOWN)
    return field, {name: [x.coefficient(j) for j in range(II_KNOWN)] for name, x in entries.items()}


def ii_table(arithmetic: ExactSeries, entries: dict[str, Any]) -> GramTable:
    size = arithmetic.laurent({-2: arithmetic.field.number(1), 0: arithmetic.field.number(-1)})
    return GramTable(II, arithmetic, [size, 1], entries)


@cache
def ii_block(name: str) -> list[list[Laurent]]:
    """2 pi Hessian of II on a type, below s^II_ORDER."""
    field, terms = ii_terms()
    arithmetic = ExactSeries(field)
    entries = {entry: arithmetic.unknown(0, coefficients) for entry, coefficients in terms.items()}
    for entry in entries.values():
        entry.open = False
    kind = next(kind for kind in isotypic_types(II) if kind.name == name)
    action, _ = isotypic_action(ii_table(arithmetic, entries), kind)
    return [[series_terms(x, II_ORDER) for x in row] for row in action]


def series_terms(x: Any, known: int) -> Laurent:
    if isinstance(x, int):
        return {0: ii_terms()[0].number(x)} if x else {}
    return {j: c for j in range(x.start, known) if (c := x.coefficient(j))}


@cache
def ii_eigenvalues(name: str, order: int) -> list[EigenvalueSeries]:
    field, _ = ii_terms()
    # The source refuses to give terms it does not know.
    assert order <= II_ORDER
    return eigenvalue_series(source(ii_block(name)), order, field)


def test_leading_spectrum_of_II_is_that_of_the_literature() -> None:
    """AF21-spectrum, modulo s, with multiplicities, at three d (so for all: they are polynomials of degree two)."""
    field, _ = ii_terms()
    pi = field.pi
    quarter = field.number(Fraction(1, 4))
    correction = quarter * pi / (pi - 2)
    half, quarter_d = field.number(Fraction(1, 2)), {-2: quarter}
    for size in (10, 11, 12):
        claimed = {
            key({0: quarter - 1 / (2 * pi)}): size * (size - 1) // 2,
            key({0: quarter + 1 / (2 * pi)}): size * (size - 3) // 2,
            key({0: quarter}): size - 1,
            key(quarter_d | {0: quarter}): size - 1,
            key(quarter_d | {0: 1 / (2 * pi) + correction}): 1,
            key({-2: 1 / (2 * pi), 0: half - 1 / (2 * pi) - correction}): 1,
        }
        found: Counter = Counter()
        for kind in isotypic_types(II):
            for e in ii_eigenvalues(kind.name, 1):
                hessian = {j: c / (2 * pi) for j, c in e.terms.items()}
                found[key(hessian)] += kind.dimension([Fraction(size - 1), Fraction(1)])
        assert found == claimed


def test_where_coinciding_eigenvalues_of_II_separate() -> None:
    """In s1 the two that start with (pi - 2)/2 separate at s; the three growing ones of t at s^-2 and s^0."""
    field, _ = ii_terms()
    pi = field.pi
    low, other = [e for e in ii_eigenvalues("s1", II_ORDER) if e.terms[min(e.terms)] == (pi - 2) / 2]
    assert low.terms[1] == -2 / pi
    assert [j for j in other.terms if 0 < j < 5] == [4]
    assert other.terms[4] == -8 * (pi - 1) / pi
    assert [e.copies for e in ii_eigenvalues("s1", 1)] == [2, 2, 1, 1, 1]
    assert {e.copies for name in ("t", "s1") for e in ii_eigenvalues(name, 2)} == {1}


@pytest.mark.parametrize("name", ["t", "s1"])
def test_eigenvalues_of_II_against_numbers(name: str) -> None:
    with mpmath.workdps(DIGITS):
        judge, _ = mpmath.eig(mpmath.matrix([[at_step(x) for x in row] for row in ii_block(name)]))
        assert max(abs(mpmath.im(x)) for x in judge) < mpmath.mpf(10) ** -100
        assert deviation(ii_eigenvalues(name, II_ORDER), [mpmath.re(x) for x in judge]) < TOLERANCE


@pytest.mark.parametrize("name", ["t", "s1"])
def test_power_sums_of_the_eigenvalues_of_II(name: str) -> None:
    """sum lambda^k = tr A^k exactly, as far as both are known: s^order divided by the growth s^-2 (k - 1) times."""
    block = ii_block(name)
    series = [e.terms for e in ii_eigenvalues(name, II_ORDER)]
    powers, matrix = series, block
    for k in range(1, 4):
        trace = reduce(add, (matrix[i][i] for i in range(len(matrix))), {})
        known = II_ORDER - 2 * (k - 1)
        assert key(below(known, reduce(add, powers, {}))) == key(below(known, trace))
        powers, matrix = [multiply(x, y) for x, y in zip(powers, series, strict=True)], product(matrix, block)


# -- fields ------------------------------------------------------------------------------------------------------------


def test_an_irreducible_quadratic_is_named(field: ConstantField) -> None:
    n = numbers(field)
    swap = [[n(p0=1), n(p0=2), {}], [n(p0=1), n(p0=1), {}], [{}, {}, n(p0=5)]]
    with pytest.raises(NotInField, match=r"z\^2 \+ \(-2\)\*z \+ \(-1\).*Q\(pi\)"):
        eigenvalue_series(source(swap), 3, field)


def test_square_roots_of_the_field_are_found() -> None:
    """[[1, 2], [1, 1]] has the eigenvalues 1 +- sqrt(2), which are in Q(pi, sqrt(2)) but not in Q(pi, sqrt(3))."""
    field = ConstantField(RootPolynomials(2))
    root, n = field.constant(field.ring.root), numbers(field)
    matrix = [[n(p0=1), n(p0=2, p1=field.pi)], [n(p0=1), n(p0=1)]]
    found = eigenvalue_series(source(matrix), 2, field)
    shift = root * field.pi / 4
    assert [e.terms for e in found] == [{0: 1 - root, 1: -shift}, {0: 1 + root, 1: shift}]
    other = ConstantField(RootPolynomials(3))
    with pytest.raises(NotInField, match="sqrt"):
        eigenvalue_series(source([[numbers(other)(p0=int(x)) for x in row] for row in ("12", "11")]), 2, other)


@pytest.mark.parametrize("seed", range(2))
def test_a_spectrum_with_square_roots_in_disguise(seed: int) -> None:
    for ring in (RootPolynomials(3), SymbolicRootPolynomials()):
        field = ConstantField(ring)
        root, pi, n = field.constant(ring.root), field.pi, numbers(field)
        spectrum = [
            n(p0=1 / pi),
            n(p0=1 / pi, p2=root),
            n(p0=1 / pi, p2=-root / (pi + 2)),
            n(m2=pi, p1=root),
            n(p0=root + pi),
        ]
        found = eigenvalue_series(source(disguised(spectrum, [0, 1, 0, 0, 0], field, seed)), 4, field)
        assert Counter(key(e.terms) for e in found) == Counter(map(key, spectrum))


def test_eigenvalues_whose_order_depends_on_p_are_all_given() -> None:
    field = ConstantField(SymbolicRootPolynomials())
    root, n = field.constant(field.ring.root), numbers(field)
    wanted = [n(p0=root), n(p0=field.pi), n(m2=1, p0=root), n(p1=root)]
    found = eigenvalue_series(source(diagonal(wanted)), 2, field)
    assert Counter(key(e.terms) for e in found) == Counter(map(key, wanted))
    assert min(found[-1].terms) == -2


def test_fractional_powers_are_refused(field: ConstantField) -> None:
    n = numbers(field)
    for matrix in ([[{}, n(p1=1)], [n(p0=1), {}]], [[n(m2=1), n(m2=1)], [n(m1=1), n(m2=1)]]):
        with pytest.raises(ArithmeticError, match="fractional"):
            eigenvalue_series(source(matrix), 3, field)


# -- characteristic polynomials ----------------------------------------------------------------------------------------


def random_matrix(field: ConstantField, size: int, rng: random.Random) -> list[list[Constant]]:
    return [
        [rng.randint(-3, 3) + rng.randint(-2, 2) / (field.pi + rng.randint(0, 1)) for _ in range(size)]
        for _ in range(size)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_characteristic_polynomial_and_inverse(field: ConstantField, size: int) -> None:
    matrix = random_matrix(field, size, random.Random(size))
    z = sympy.Symbol("z")
    judge = sympy.Matrix([[x.to_sympy() for x in row] for row in matrix]).charpoly(z).all_coeffs()
    coefficients, cofactors = characteristic(matrix, field)
    assert [sympy.simplify(c.to_sympy() - e) for c, e in zip(coefficients, reversed(judge), strict=True)] == [0] * (
        size + 1
    )
    unit = [[field.number(int(i == j)) for j in range(size)] for i in range(size)]
    assert sum_of_products([(matrix, inverse(matrix, field))], field) == unit
    assert sum_of_products([(matrix, cofactors)], field) == [[-coefficients[0] * x for x in row] for row in unit]
    with pytest.raises(ZeroDivisionError):
        inverse([[x * 0 for x in row] for row in matrix], field)


def test_roots_with_multiplicities() -> None:
    for ring in (PiPolynomials(), RootPolynomials(2), SymbolicRootPolynomials()):
        field = ConstantField(ring)
        pi = field.pi
        r = field.constant(ring.root) if hasattr(ring, "root") else pi
        wanted = {r / (pi + 1): 2, (2 * r - pi) / 3: 1, field.number(0): 1, -r / (pi + 1): 1}
        polynomial = [field.number(1)]
        for root, multiplicity in wanted.items():
            for _ in range(multiplicity):
                shifted, scaled = [field.number(0), *polynomial], [*(-root * c for c in polynomial), field.number(0)]
                polynomial = [x + y for x, y in zip(shifted, scaled, strict=True)]
        found = roots(polynomial, field)
        assert len(found) == len(wanted)
        assert all(any(root == x and m == k for x, k in found) for root, m in wanted.items())
