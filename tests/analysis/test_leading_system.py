"""Exact equations for leading coefficients: against the reduced gradient in mpmath at tiny s, and read by sympy."""

from dataclasses import replace
from functools import cache

import pytest
import sympy
from flint import arb, arb_mat, fmpq

from symrelu.analysis import leading_system as leading_system_module
from symrelu.analysis.branch import Branch
from symrelu.analysis.leading import NumericalSeries, recognised_terms
from symrelu.analysis.leading_system import LeadingSystem
from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.polynomials import PiPolynomials
from symrelu.arithmetic.precision import working
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.reduced import gradient, loss

NAMES = ["II+1", "I+1b", "M2+1", "M2+1b", "II+2"]
NUMBERS = Multiprecision(200)
MP = NUMBERS.mp
SMALL = MP.mpf(10) ** -40


@cache
def system(name):
    family = definition(name)
    return LeadingSystem(family, NumericalSeries(Branch(family)))


@cache
def solved(name, bits=200):
    return system(name).solve(bits)


def number(ball):
    return MP.mpf(ball.mid().str(50, radius=False))


def near(name, spread):
    """Numbers y beside the zero of the equations: each moved by its own small part."""
    return [number(y) * (1 + MP.mpf(spread) * (i + 1) / 97) for i, y in enumerate(solved(name)[0])]


def table(name, y, s=SMALL):
    """The network whose entries are the known terms and y s^power, no more, in mpmath."""
    leading, family = system(name), definition(name)
    entries = {
        entry: sum((MP.mpf(str(c.to_sympy().evalf(180))) * s**j for j, c in leading.known[entry].items()), MP.mpf(0))
        + value * s ** leading.powers[entry]
        for entry, value in zip(family.shape.names, y, strict=True)
    }
    return GramTable(family.shape, NUMBERS, family.sizes(1 / s**2), entries)


def residuals(name, y, s=SMALL):
    """The gradient, less the first component off the diagonal that has the same block of columns; over s^order."""
    family = definition(name)
    components, first, found = gradient(table(name, y, s)), {}, []
    for entry, value in zip(family.shape.entries, components, strict=True):
        if not entry.diagonal and entry.block not in first:
            first[entry.block] = value
    for entry, value in zip(family.shape.entries, components, strict=True):
        alone = not entry.diagonal and first[entry.block] is value
        found.append(value if alone else value - first[entry.block])
    return [value / s**order for value, order in zip(found, system(name).orders, strict=True)]


def evaluated(name, y):
    leading = system(name)
    with working(200):
        values = {f"y_{entry}": arb(MP.nstr(v, 45)) for entry, v in zip(definition(name).shape.names, y, strict=True)}
        return [number(e) for e in leading.field.evaluate(leading.equations, values)]


@pytest.mark.parametrize("spread", [1, -1])
@pytest.mark.parametrize("name", NAMES)
def test_the_equations_are_the_leading_coefficients_of_the_gradient(name, spread):
    """For y that solve nothing: at s = 10^-40, up to terms of order s, and the orders are right."""
    y = near(name, spread)
    expected, found = residuals(name, y), evaluated(name, y)
    assert max(abs(e) for e in expected) > 1e-3
    for e, f in zip(expected, found, strict=True):
        assert abs(e - f) < MP.mpf(10) ** -36


@pytest.mark.parametrize("name", NAMES)
def test_at_the_solution_the_gradient_is_smaller_by_a_factor_s(name):
    y = [number(value) for value in solved(name)[0]]
    assert max(abs(e) for e in residuals(name, y)) < MP.mpf(10) ** -36


@pytest.mark.parametrize("name", NAMES)
def test_the_equations_as_written_vanish_at_the_midpoints(name):
    """Read by sympy: roots and angles written out."""
    leading, (box, _) = system(name), solved(name)
    names = definition(name).shape.names
    values = {
        sympy.Symbol(f"y_{entry}"): sympy.Float(y.mid().str(50, radius=False), 50)
        for entry, y in zip(names, box, strict=True)
    }
    texts = leading.equation_texts()
    assert list(texts) == list(names)
    symbols = set()
    for text in texts.values():
        left, right = text.split(" = ")
        expression = sympy.sympify(left)
        assert right == "0"
        assert expression.free_symbols <= set(values)
        symbols |= expression.free_symbols
        assert abs(expression.evalf(45, subs=values)) < 1e-35
    assert symbols == set(values)


@pytest.mark.parametrize("name", ["II+1", "M2+1b"])
def test_two_precisions_enclose_the_same_zero(name):
    coarse, fine = solved(name, 60)[0], solved(name, 400)[0]
    for y, z in zip(coarse, fine, strict=True):
        assert y.overlaps(z)
        assert z.rad() < arb(2) ** -390
        assert arb(2) ** -140 < y.rad() < arb(2) ** -50


@pytest.mark.parametrize("name", ["II+1", "I+1b"])
def test_the_inverse_is_that_of_the_jacobian(name):
    """Columns of E' by central differences of the gradient in mpmath."""
    box, inverse = solved(name)
    y, h = [number(value) for value in box], MP.mpf(10) ** -15
    columns = []
    for i in range(len(y)):
        ahead, behind = ([v + sign * h * (i == j) for j, v in enumerate(y)] for sign in (1, -1))
        columns.append(
            [(a - b) / (2 * h) for a, b in zip(residuals(name, ahead), residuals(name, behind), strict=True)]
        )
    with working(150):
        jacobian = arb_mat([[arb(MP.nstr(column[r], 30)) for column in columns] for r in range(len(y))])
        product = inverse * jacobian
        for i in range(len(y)):
            for j in range(len(y)):
                assert abs(product[i, j] - int(i == j)) < arb(10) ** -20


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_starts_where_it_is_said_to(name):
    """Below loss_start nothing, at it something, whatever y (up to the loss of the limit, which I has)."""
    start, s = system(name).loss_start, MP.mpf(10) ** -20  # the sum over d^2 = 10^80 pairs loses as many digits
    for spread in (1, -2):
        value = loss(table(name, near(name, spread), s))
        assert 1e-3 < abs(value / s**start) < 1e3


def test_known_terms_and_powers_of_ii_plus_1():
    leading = system("II+1")
    assert leading.powers == {"diag1": 3, "off1": 4, "w12": 3, "w21": 2, "w22": 1, "w31": 2, "w32": 1}
    assert {name: terms for name, terms in leading.known.items() if terms} == {
        "diag1": {0: 1},
        "w12": {2: 2},
        "w22": {0: -1},
    }
    assert leading.orders == [1, 2, 1, 2, 1, 2, 1]


def test_recognised_terms_end_before_the_first_that_is_not():
    """w12 = 2 s^2 + y s^3 in II+1, y no element of Q(pi) of small height; off1 has no term before."""
    field, series = ConstantField(PiPolynomials()), NumericalSeries(Branch(definition("II+1")))
    assert recognised_terms(series, "w12", field) == ({2: 2}, 3)
    assert recognised_terms(series, "off1", field) == ({}, 4)
    for name, values in series.coefficients.items():  # an entry that is known altogether has no symbol
        series.coefficients[name] = [arb(int(j == 2)) for j in range(len(values))]
    with pytest.raises(ArithmeticError, match="all leading coefficients of w12 are recognised"):
        recognised_terms(series, "w12", field)


def test_signs_that_are_not_proved_are_undecided(monkeypatch):
    leading = LeadingSystem(definition("II+1"), NumericalSeries(Branch(definition("II+1"))))
    seen = []

    def refuse(values):
        seen.append(values)
        return False

    monkeypatch.setattr(leading.field, "signs_hold", refuse)
    with pytest.raises(Undecided, match="a sign in the leading equations"):
        leading.solve(100)
    assert all(ball.rad() > 0 for ball in seen[0].values())  # on the balls, not at their midpoints


def test_signs_are_among_what_the_equations_rest_on():
    """w31 / w32 < 0 and |row 3| > 0 in II+1: reversed values do not pass."""
    leading, (box, _) = system("II+1"), solved("II+1")
    values = {f"y_{entry}": y for entry, y in zip(definition("II+1").shape.names, box, strict=True)}
    assert leading.field.signs_hold(values)
    assert not leading.field.signs_hold(values | {"y_w32": -values["y_w32"]})


def test_a_system_that_is_singular_in_this_form_is_refused():
    """I+1 in d^(-1/4): its leading coefficients do not form a regular system (it is derived exactly instead)."""
    family = replace(definition("I+1"), ramification=2)
    leading = LeadingSystem(family, NumericalSeries(Branch(family), 2))
    with pytest.raises(ArithmeticError, match="singular"):
        leading.solve(100)


def test_equations_do_not_depend_on_where_the_branch_was_seen():
    """Approximate values only choose signs: those of two precisions give the same equations."""
    family = definition("II+1")
    fine = LeadingSystem(family, NumericalSeries(Branch(family), 1, fine=True))
    assert fine.equation_texts() == system("II+1").equation_texts()
    assert fine.powers == system("II+1").powers


def test_the_inverse_holds_on_the_whole_box(monkeypatch):
    """A box made wider by 10^-6: the inverse encloses those at its corners, not at its centre alone."""
    leading = system("II+1")
    original = leading_system_module.krawczyk
    monkeypatch.setattr(leading_system_module, "krawczyk", lambda f, c: [y + arb(0, 1e-6) for y in original(f, c)])
    _, wide = leading.solve(100)
    monkeypatch.setattr(
        leading_system_module, "krawczyk", lambda f, c: [y + arb(fmpq(1, 2 * 10**6)) for y in original(f, c)]
    )
    _, moved = leading.solve(100)
    size = len(leading.powers)
    assert all(wide[i, j].contains(moved[i, j]) for i in range(size) for j in range(size))
    assert max(float(wide[i, j].rad()) for i in range(size) for j in range(size)) > 1e-7
