"""Exact series: against PARI/GP, against the coefficients of the literature, and against numbers from the loss by hand."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from flint import fmpq, fmpq_poly

from symrelu import UsageError, family
from symrelu.analysis.expansion_check import check_expansion

PARI = Path(__file__).parents[1] / "data" / "series_ii_pari_20.txt"
PI = sympy.pi


# -- II from an independent system --------------------------------------------------------------------------------------


def pari_polynomial(text):
    """A polynomial in pi as PARI prints it: integers, *, +, -, ^."""
    pattern = re.compile(r"([+-]?)(?:(\d+)\*?)?(pi)?(?:\^(\d+))?")
    coefficients, place = {}, 0
    text = text[1:-1] if text.startswith("(") else text
    while place < len(text):
        match = pattern.match(text, place)
        assert match is not None
        assert match.end() > place
        sign, number, symbol, exponent = match.groups()
        power = int(exponent or 1) if symbol else 0
        coefficients[power] = fmpq(int(number or 1) * (-1 if sign == "-" else 1))
        place = match.end()
    return fmpq_poly([coefficients.get(j, fmpq(0)) for j in range(max(coefficients) + 1)])


def pari_fraction(text):
    numerator, _, denominator = text.partition("/")
    return pari_polynomial(numerator), pari_polynomial(denominator or "1")


def as_fraction(constant):
    """Numerator and denominator of a constant of Q(pi) as polynomials, multiplied out."""
    numerator, denominator = constant.num, fmpq_poly([1])
    for prime, exponent in zip(constant.field.primes, constant.exponents, strict=False):
        for _ in range(abs(exponent)):
            numerator, denominator = (
                (numerator, denominator * prime) if exponent > 0 else (numerator * prime, denominator)
            )
    return numerator, denominator


def test_ii_to_order_20_is_what_pari_derives(families):
    """Every non-zero coefficient below s^20 of all five entries, as rational functions of pi, exactly."""
    lines = [line.split() for line in PARI.read_text().splitlines() if not line.startswith("#")]
    expected = {(name, int(power)): pari_fraction(text) for name, power, text in lines}
    series = families("II").expand(20).parameters
    found = {(name, power): as_fraction(c) for name, terms in series.items() for power, c in terms.items()}
    assert len(expected) > 80
    assert set(found) == set(expected)
    for key, (numerator, denominator) in found.items():
        other_numerator, other_denominator = expected[key]
        assert numerator * other_denominator == other_numerator * denominator, key


# -- coefficients that others found -------------------------------------------------------------------------------------

R = sympy.Symbol("p", positive=True) ** sympy.Rational(1, 2)

LITERATURE = [
    # mathematics.md, section 4, and claim AF-II-coeff
    ("II", "off1", {4: -4 / PI, 5: -32 / PI**3}, 6),
    ("II", "w12", {2: 2, 4: -(2 + 8 / PI)}, 5),
    ("II", "w21", {2: 4 / PI, 3: 32 / PI**3}, 4),
    ("II", "w22", {0: -1, 2: 2 + 8 / PI + 8 / PI**2}, 3),
    ("II", "diag1", {0: 1, 4: 8 / PI, 5: -320 / (3 * PI**3 * (PI - 2))}, 6),
    ("II", "loss", {2: sympy.Rational(1, 2) - 2 / PI**2, 3: -32 / (3 * PI**4)}, 4),
    ("M", "off2", {2: 2 * (16 - 12 * PI + 4 * PI**2 + PI**3) / (PI**2 * (PI + 2))}, 3),
    ("M5", "off2", {2: 2 * (16 - 12 * PI + 4 * PI**2 + PI**3) / (PI**2 * (PI + 2))}, 3),
]


@pytest.mark.parametrize(("name", "entry", "coefficients", "order"), LITERATURE)
def test_leading_coefficients_of_the_literature(families, name, entry, coefficients, order):
    expansion = families(name).expand(order)
    terms = expansion.loss if entry == "loss" else expansion.parameters[entry]
    differences = {power: sympy.simplify(c.to_sympy() - coefficients.get(power, 0)) for power, c in terms.items()}
    assert differences == dict.fromkeys(coefficients, 0)


def test_the_loss_of_m_is_a_combination_of_powers_of_the_root_of_p(families):
    """p (1/2 - 2/pi^2) d^-1: each flipped neuron costs what one does in II; the s^4 term has p, p^(3/2), p^2."""
    loss = families("M").expand(5).loss
    p = sympy.Symbol("p", positive=True)
    assert sympy.simplify(loss[2].to_sympy() - p * (sympy.Rational(1, 2) - 2 / PI**2)) == 0
    powers = {term.as_coeff_exponent(p)[1] for term in sympy.expand(loss[4].to_sympy()).as_ordered_terms()}
    assert powers == {sympy.Rational(1), sympy.Rational(3, 2), sympy.Rational(2)}


def test_a_and_i_tend_to_minus_the_target():
    """A is -I + (2/d) 11^T for large d, and I is A with one neuron near its own target."""
    A, one = family("A").expand(3).parameters, family("I").expand(3).parameters
    assert A["diag1"][0] == one["diag1"][0] == -1
    assert A["off1"][2] == one["off1"][2] == 2
    assert one["w22"][0] == 1
    assert 0 not in A["off1"]


def test_global_is_the_target_and_its_loss_is_zero(families):
    expansion = families("global").expand(7)
    assert expansion.parameters == {"diag1": {0: 1}, "off1": {}}
    assert expansion.loss == {}


# -- numbers from the loss by hand --------------------------------------------------------------------------------------


def value(terms, s, mp):
    return sum((mp.convert(c.to_sympy().evalf(mp.dps)) * s**j for j, c in terms.items()), mp.mpf(0))


@pytest.mark.parametrize(
    ("name", "p", "order"), [("II", 1, 9), ("I", 1, 8), ("A", 0, 8), ("M2", 2, 7), ("M3", 3, 7), ("M4", 4, 7)]
)
def test_truncations_miss_the_critical_point_by_the_next_term(families, by_hand, name, p, order):
    """(entry - truncation) / s^N is the coefficient of s^N up to O(s), at d = 10^10 and 10^12; so for the loss."""
    hand = by_hand(150)
    mp = hand.mp
    series = families(name).expand(order + 1)
    rows = [*series.parameters.items(), ("loss", series.loss)]
    misses = {}
    for d in (10**10, 10**12):
        s = 1 / mp.sqrt(d)
        sizes = [mp.mpf(d) - p, p] if p else [mp.mpf(d)]
        start = {entry: value(terms, s, mp) for entry, terms in series.parameters.items()}
        point = hand.critical_point(sizes, hand.rows(sizes, start))
        numbers = hand.values(sizes, point) | {"loss": hand.loss(sizes, point)}
        for entry, terms in rows:
            truncation = {j: c for j, c in terms.items() if j < order}
            next_term = value({0: terms[order]}, s, mp) if order in terms else mp.mpf(0)
            misses[entry, d] = (numbers[entry] - value(truncation, s, mp)) / s**order - next_term
    for entry, _ in rows:
        coarse, fine = misses[entry, 10**10], misses[entry, 10**12]
        assert abs(fine) < mp.mpf(10) ** -1  # of order s = 10^-6, with a coefficient below 10^5
        assert abs(fine) < abs(coarse) / 8 or abs(fine) < mp.mpf(10) ** -9


# -- M_p ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [2, 3, 4, 9])
def test_the_series_with_a_symbol_p_specialises_to_each_member(families, p):
    """At rational values of pi both sides are numbers of Q(sqrt p), compared exactly."""
    order = 7
    general, special = families("M").expand(order), families(f"M{p}").expand(order)
    for (name, terms), (other_name, other_terms) in zip(general.rows(), special.rows(), strict=True):
        assert name == other_name
        assert set(other_terms) <= set(terms)
        for power, c in terms.items():
            for q in (sympy.Rational(22, 7), sympy.Rational(-5, 3), sympy.Integer(11)):
                left = c.to_sympy(q).subs(sympy.Symbol("p", positive=True), p)
                right = other_terms[power].to_sympy(q) if power in other_terms else 0
                assert sympy.radsimp(sympy.expand(left - right)) == 0


def test_fields_are_the_smallest_that_hold_the_coefficients(families):
    names = {name: families(name).expand(1).field.name for name in ("A", "I", "II", "M2", "M3", "M4", "M9", "M8", "M")}
    assert names == {
        "A": "Q(pi)",
        "I": "Q(pi)",
        "II": "Q(pi)",
        "M2": "Q(pi, sqrt(2))",
        "M3": "Q(pi, sqrt(3))",
        "M4": "Q(pi)",
        "M9": "Q(pi)",
        "M8": "Q(pi, sqrt(8))",
        "M": "Q(pi, sqrt(p))",
    }


# -- families of users --------------------------------------------------------------------------------------------------

M3 = {"blocks": ["d-3", "3"], "rows": [{"attached": 1}, {"attached": 2}]}
START = {
    "d": "80",
    "values": {"diag1": 1, "off1": 0, "w12": "0.025", "w21": "0.016", "diag2": "-0.97", "off2": "0.025"},
}


def test_a_family_of_a_user_gives_the_series_of_the_catalogue(tmp_path):
    """M_4 (its coefficients are in Q(pi)) from a file, by numbers near the branch at d = 80."""
    path = tmp_path / "four.json"
    data = {"blocks": ["d-4", "4"], "rows": M3["rows"], "start": START}
    path.write_text(json.dumps(data))
    mine, known = family(str(path)).expand(6), family("M4").expand(6)
    assert mine.definition.name == "four.json"
    for name, terms in known.rows():
        other = mine.loss if name == "loss" else mine.parameters[name]
        assert {power: str(c) for power, c in other.items()} == {power: str(c) for power, c in terms.items()}


def test_numbers_of_a_user_family_are_those_of_m3():
    mine, known = family(M3 | {"start": START}).at(20), family("M3").at(20)
    for name, ball in known.parameters.items():
        assert mine.parameters[name].overlaps(ball)


def test_leading_terms_will_do_in_place_of_numbers():
    """Leading terms of II as a paper states them, and nothing numerical."""
    leading = {
        "diag1": "1 + (8/pi)*s^4",
        "off1": "-4/pi*s^4",
        "w12": "2*s^2",
        "w21": "(4/pi)*s^2",
        "w22": "-1 + (2 + 8/pi + 8/pi^2)*s^2",
    }
    data = {"name": "two", "blocks": ["d-1", "1"], "rows": [{"attached": 1}, {"attached": 2}], "leading": leading}
    mine, known = family(data).expand(9), family("II").expand(9)
    assert {name: {j: str(c) for j, c in terms.items()} for name, terms in mine.rows()} == {
        name: {j: str(c) for j, c in terms.items()} for name, terms in known.rows()
    }
    point = family(data).at(20)
    assert all(ball.overlaps(point.parameters[name]) for name, ball in family("II").at(20).parameters.items())


@pytest.mark.parametrize(
    "wrong", ["1 +", "s/s", "x", "1/0", "s^(-1)", "True", "2**3**s", "s^1000", "1.5", "pi(3)", "sqrt(pi)", "\0", ""]
)
def test_leading_terms_that_make_no_sense_get_one_line(wrong):
    data = {"blocks": ["d"], "rows": [{"attached": 1}], "leading": {"diag1": wrong, "off1": "2*s^2"}}
    with pytest.raises(UsageError, match="not a polynomial in s") as caught:
        family(data).expand(3)
    assert len(str(caught.value).splitlines()) == 1


def test_leading_terms_that_are_wrong_are_not_lifted():
    data = {"blocks": ["d"], "rows": [{"attached": 1}], "leading": {"diag1": "-1", "off1": "3*s^2"}}
    with pytest.raises(ArithmeticError, match="cannot be derived"):
        family(data).expand(5)


# -- orders -------------------------------------------------------------------------------------------------------------


def test_small_orders(families):
    II = families("II")
    assert all(terms == {} for _, terms in II.expand(0).rows())
    assert {name: {j: str(c) for j, c in terms.items()} for name, terms in II.expand(1).rows()} == {
        "diag1": {0: "1"},
        "off1": {},
        "w12": {},
        "w21": {},
        "w22": {0: "-1"},
        "loss": {},
    }


def test_a_negative_order_is_refused(families):
    with pytest.raises(UsageError, match="order -1 is negative"):
        families("II").expand(-1)


@pytest.mark.parametrize("orders", [(3, 14, 7), (14, 3)])
def test_the_order_in_which_one_asks_does_not_matter(orders):
    one, other = family("II"), family("II")
    for order in orders:
        asked = one.expand(order)
    reference = other.expand(orders[-1])
    for (_, terms), (_, expected) in zip(asked.rows(), reference.rows(), strict=True):
        assert {j: str(c) for j, c in terms.items()} == {j: str(c) for j, c in expected.items()}


def test_longer_expansions_begin_with_the_shorter_ones(families):
    short, long = families("M3").expand(5), families("M3").expand(11)
    for (_, terms), (_, more) in zip(short.rows(), long.rows(), strict=True):
        assert {j: c for j, c in more.items() if j < 5} == terms


def test_progress_is_told(families):
    told = []
    family("II").expand(12, progress=told.append)
    assert told
    assert told[-1] >= 12
    assert told == sorted(told)


# -- the self-check -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "order"), [("II", 8), ("A", 7), ("M2", 7), ("I", 4), ("II", 2), ("II", 0)])
def test_the_check_passes(families, name, order):
    check = families(name).expand(order, check=True).check
    assert check.passed
    assert check.agreement is True
    assert check.numeric_d == 10**8
    assert check.residual_order == check.claimed_order
    # s = 10^-4: N terms are about 4 N digits; the first missing coefficient may cost a few
    assert abs(check.digits - 4 * order) <= 6


@pytest.mark.parametrize("order", [3, 7])
def test_the_check_with_a_symbol_p_is_exact_only(families, order):
    check = families("M").expand(order, check=True).check
    assert check.passed
    assert (check.numeric_d, check.digits, check.agreement) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "entry", "power"), [("II", "w21", 2), ("II", "off1", 7), ("II", "w22", 0), ("M2", "off2", 4)]
)
def test_the_check_finds_a_coefficient_that_was_tampered_with(families, name, entry, power):
    order = 8
    owner = families(name)
    expansion = owner.expand(order)
    field = expansion.field
    wrong = expansion.parameters[entry] | {power: expansion.parameters[entry][power] + field.number(Fraction(1, 1000))}
    tampered = replace(expansion, parameters=expansion.parameters | {entry: wrong})
    checked = check_expansion(tampered, owner._series(), owner._branch)
    assert not checked.check.passed
    assert checked.check.agreement is False
    assert checked.check.residual_order < checked.check.claimed_order


def test_the_check_finds_a_coefficient_that_was_left_out(families):
    owner = families("II")
    expansion = owner.expand(8)
    shorter = {j: c for j, c in expansion.parameters["w12"].items() if j != 6}
    tampered = replace(expansion, parameters=expansion.parameters | {"w12": shorter})
    assert not check_expansion(tampered, owner._series(), owner._branch).check.passed


# -- showing ------------------------------------------------------------------------------------------------------------


def test_expressions_and_text(families):
    expansion = families("II").expand(5)
    s = sympy.Symbol("s", positive=True)
    assert sympy.simplify(expansion.to_sympy("w12") - (2 * s**2 - (2 + 8 / PI) * s**4)) == 0
    assert sympy.simplify(expansion.to_sympy() - sum(c.to_sympy() * s**j for j, c in expansion.loss.items())) == 0
    assert "w12    = 2*s^2 - 2*(pi + 4)/pi*s^4 + O(s^5)\n" in expansion.to_text()
    assert repr(expansion) == "Expansion(II, order=5, field=Q(pi))"
    checked = families("II").expand(5, check=True)
    assert "as predicted" in checked.to_text()
    assert "NOT" not in checked.to_text()
    assert expansion.to_latex().startswith("\\begin{align*}")
    assert expansion._repr_latex_().startswith(r"$$\begin{aligned}")
    assert expansion._repr_latex_().endswith(r"\end{aligned}$$")


def test_the_check_holds_at_high_order_where_coefficients_are_large():
    """A at order 30: the next terms of the series, not a fixed allowance, predict the difference from numbers."""
    check = family("A").expand(30, check=True).check
    assert check.passed
    assert check.digits > 100
