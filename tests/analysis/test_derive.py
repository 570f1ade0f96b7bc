"""By which route a family's series are derived, and the series of families with more neurons."""

from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb

from symrelu.analysis import derive as derive_module
from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.branch import Branch
from symrelu.analysis.derivation import PATIENT_ATTEMPTS, Derivation
from symrelu.analysis.derive import derive
from symrelu.analysis.expansion_check import check_expansion
from symrelu.analysis.leading_sources import leading_source
from symrelu.arithmetic.reals import ends
from symrelu.family.catalogue import definition, member
from symrelu.family.definition import definition_from_dict

PI = sympy.pi
MP = mpmath.mp.clone()
MP.dps = 150


def derived(name):
    found = definition(name)
    return derive(found, leading_source(found, Branch(found), member))


@pytest.mark.parametrize(
    ("name", "kind", "field"),
    [("A+1", Derivation, "Q(pi)"), ("II+1", BallDerivation, "balls"), ("M3", Derivation, "Q(pi, sqrt(3))")],
)
def test_exact_where_it_can_be(name, kind, field):
    found = derived(name)
    assert type(found) is kind
    assert found.field.name == field
    assert found.is_regular()


def test_more_exact_terms_are_tried_last(families):
    """I+1: not regular with symbols, regular with all terms below s^9 in d^(-1/4)."""
    derivation = families("I+1")._series()
    assert type(derivation) is Derivation
    assert derivation._attempts == PATIENT_ATTEMPTS
    assert derivation.field.name == "Q(pi, sqrt(pi - 2))"
    assert derivation.definition.ramification == 2


def test_leading_terms_of_a_user_have_one_route(monkeypatch):
    data = {"blocks": ["d"], "rows": [{"attached": 1}], "leading": {"diag1": "-1", "off1": "3*s^2"}}
    monkeypatch.setattr(derive_module, "BallDerivation", lambda *_: pytest.fail("there are no numbers to start from"))
    wrong = definition_from_dict(data)
    with pytest.raises(ArithmeticError, match="cannot be derived"):
        derive(wrong, leading_source(wrong, None, member))


def test_why_there_is_no_derivation_is_said(monkeypatch):
    """Both reasons, in one line."""
    monkeypatch.setattr(derive_module, "PATIENT_ATTEMPTS", (9,))  # the longest part
    said = r"the series of I\+2 cannot be derived: .*; nor with symbols for them: .+"
    with pytest.raises(ArithmeticError, match=said) as caught:
        derived("I+2")
    assert len(str(caught.value).splitlines()) == 1


def test_symbols_are_for_the_series_that_was_seen(monkeypatch):
    """In d^(-1/4) where numbers say so."""
    seen = []

    def refuse(*_):
        raise ArithmeticError("no")

    def balls(family, series):
        seen.append((family.ramification, series.ramification))
        raise ArithmeticError("neither")

    monkeypatch.setattr(derive_module, "Derivation", refuse)
    monkeypatch.setattr(derive_module, "BallDerivation", balls)
    with pytest.raises(ArithmeticError, match=r"^no; nor with symbols for them: neither$"):
        derived("I+1")
    assert seen == [(2, 2)]


# -- A+1 and I+1, exact -------------------------------------------------------------------------------------------------


def value(terms, s):
    return sum((MP.mpf(str(c.to_sympy().evalf(MP.dps))) * s**j for j, c in terms.items()), MP.mpf(0))


def middle(ball):
    exact = sum(ends(ball)) / 2
    return MP.mpf(exact.numerator) / exact.denominator


def assert_next_terms_predict(subject, order, more, root, d_values):
    """A truncation below s^order misses the certified point by the terms up to s^(order + more), up to O(s^(order + more))."""
    series = subject.expand(order + more)
    for d in d_values:
        s = MP.mpf(d) ** (-MP.mpf(1) / root)
        at = subject.at(d, digits=80)
        for entry, terms in series.rows():
            point = middle(at.loss if entry == "loss" else at.parameters[entry])
            truncation = value({j: c for j, c in terms.items() if j < order}, s)
            following = value({j: c for j, c in terms.items() if j >= order}, s)
            assert abs(point - truncation - following) < 10**5 * s ** (order + more), (d, entry)
            if following:
                assert abs(point - truncation) > abs(following) / 2


def test_a_plus_1_misses_certified_points_by_its_next_terms(families):
    assert_next_terms_predict(families("A+1"), 4, 4, 2, [10**8, 10**12])


def test_i_plus_1_misses_certified_points_by_its_next_terms(families):
    """In s = d^(-1/4): 10^-2, 10^-4, 10^-5."""
    assert_next_terms_predict(families("I+1"), 3, 2, 4, [10**8, 10**16, 10**20])


def test_a_plus_1_in_q_of_pi(families):
    expansion = families("A+1").expand(6)
    assert expansion.exact
    assert expansion.field.name == "Q(pi)"
    s = sympy.Symbol("s", positive=True)
    assert sympy.simplify(expansion.loss[0].to_sympy() - (sympy.Rational(1, 2) - 1 / PI)) == 0  # that of A
    assert sympy.expand(expansion.to_sympy("diag1")).coeff(s, 2) == 2
    assert sympy.simplify(expansion.parameters["w21"][3].to_sympy() - 4 / PI) == 0
    assert {j: c for j, c in expansion.parameters["off1"].items() if j < 4} == {2: 2}
    checked = families("A+1").expand(6, check=True).check
    assert checked.passed
    assert checked.residual_order == checked.claimed_order


def test_i_plus_1_over_the_root_of_pi_minus_2(families):
    """Two rows nearly (1/2) e_d and -(1/2) e_d, which separate at d^(-1/4)."""
    expansion = families("I+1").expand(5)
    assert expansion.field.name == "Q(pi, sqrt(pi - 2))"
    assert expansion.definition.series_parameter == "s = d^(-1/4)"
    assert expansion.to_json()["parameter"] == "s = d^(-1/4)"
    assert expansion.to_json()["field"]["generators"][0]["equation"] == "r^2 - (pi - 2) = 0, r > 0"
    r, terms = sympy.sqrt(PI - 2), expansion.parameters
    assert (terms["w22"][0], terms["w32"][0]) == (Fraction(1, 2), Fraction(-1, 2))
    for entry, power, known in (
        ("w21", 3, r / 2),
        ("w31", 3, r / 2),
        ("w21", 4, (PI**2 - 8) / (8 * PI)),
        ("w22", 1, 3 * r * (PI + 2) / (8 * PI * (PI - 2))),
    ):
        assert sympy.simplify(terms[entry][power].to_sympy() - known) == 0
    assert sympy.simplify(expansion.loss[0].to_sympy() - (sympy.Rational(1, 2) - 1 / PI)) == 0
    assert 1 not in expansion.loss
    ball = expansion._generators()[0].ball
    assert ball.overlaps((arb.pi() - 2).sqrt())


def test_the_check_of_i_plus_1_passes(families):
    check = families("I+1").expand(5, check=True).check
    assert check.passed
    assert check.numeric_d == 10**8
    assert check.agreement is True


def test_the_check_of_ii_plus_1_passes_and_finds_what_was_tampered_with(families):
    owner = families("II+1")
    expansion = owner.expand(6, check=True)
    assert expansion.check.passed
    assert expansion.check.agreement is True
    assert abs(expansion.check.digits - 24) <= 4
    field = expansion.parameters["w32"][4].field
    wrong = expansion.parameters["w32"] | {4: expansion.parameters["w32"][4] + field.number(Fraction(1, 1000))}
    tampered = replace(expansion, parameters=expansion.parameters | {"w32": wrong})
    assert check_expansion(tampered, owner._series(), owner._branch).check.agreement is False
