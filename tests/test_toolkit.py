"""Families with more neurons as a user meets them: expand in balls, its JSON, and what is not there."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from flint import fmpq_poly

from symrelu import UsageError, family
from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.polynomials import RootPolynomials
from symrelu.render.latex import latex_constant


@pytest.fixture(scope="module")
def two_plus_one():
    return family("II+1")


def number(text):
    return Fraction(text)


def test_json_of_a_series_in_balls(two_plus_one):
    """interface.md: generators with equation and ball, "certified", and per term exact or a ball, not both."""
    data = json.loads(json.dumps(two_plus_one.expand(4).to_json()))
    assert data["evidence"] == "certified"
    assert (data["family"], data["branch"], data["neurons"], data["p"]) == ("II+1", "", "d+1", None)
    assert (data["parameter"], data["order"], data["check"]) == ("s = d^(-1/2)", 4, None)
    names = ["diag1", "off1", "w12", "w21", "w22", "w31", "w32"]
    assert list(data["parameters"]) == names
    generators = data["field"]["generators"]
    assert [g["name"] for g in generators] == [f"y_{name}" for name in names]
    for g in generators:
        assert set(g) == {"name", "equation", "ball"}
        assert set(g["ball"]) == {"value", "radius"}
        sympy.sympify(g["equation"].removesuffix(" = 0"))
    for terms in [*data["parameters"].values(), data["loss"]]:
        powers = [term["power"] for term in terms]
        assert powers == sorted(set(powers))
        for term in terms:
            assert set(term) == {"power", "exact", "decimal", "ball"}
            assert (term["exact"] is None) != (term["ball"] is None)
            if term["ball"] is not None:
                assert abs(number(term["decimal"]) - number(term["ball"]["value"])) <= number(term["ball"]["radius"])
                assert number(term["ball"]["radius"]) < Fraction(1, 10**18) * (1 + abs(number(term["decimal"])))
    assert data["parameters"]["w12"][0] == {"power": 2, "exact": "2", "decimal": "2", "ball": None}
    assert data["parameters"]["w32"][0]["decimal"].startswith("-1.38833511087258399")
    assert data["loss"][0]["power"] == 2


def test_json_of_an_exact_series_with_more_neurons():
    data = family("A+1").expand(3).to_json()
    assert data["evidence"] == "exact"
    assert data["field"] == {"name": "Q(pi)", "generators": []}
    assert data["loss"][0]["exact"] == "(pi - 2)/(2*pi)"
    assert data["parameters"]["w21"] == [{"power": 2, "exact": "2", "decimal": "2", "ball": None}]


def test_the_letter_of_a_branch_is_told():
    data = family("M2+1b").expand(2).to_json()
    assert (data["family"], data["branch"]) == ("M2+1b", "b")


def test_digits_are_shown_as_asked(two_plus_one):
    """Fifty digits begin with the twenty; the balls shrink with them."""
    short, long = (two_plus_one.expand(3, digits=n).to_json()["parameters"]["w22"][1] for n in (20, 50))
    assert len(long["decimal"]) >= 50
    assert abs(number(long["decimal"]) - number(short["decimal"])) < Fraction(1, 10**19)
    assert number(long["ball"]["radius"]) < Fraction(1, 10**49)


def test_text_says_what_is_certified(two_plus_one):
    expansion = two_plus_one.expand(4)
    text = expansion.to_text()
    assert text.startswith("II+1: Delta(S_{d-1} x S_1), series in s = d^(-1/2), decimals certified")
    assert "  w12    = 2*s^2 + 0.29629854644604431015*s^3 + O(s^4)" in text
    assert "  y_w32 = -1.3883351108725839916: " in text
    assert "  off1   = O(s^4)" in text
    s = sympy.Symbol("s", positive=True)
    assert abs(expansion.to_sympy("w32").coeff(s, 1) + sympy.Float("1.3883351108725839916", 30)) < 1e-18
    assert not expansion.exact
    assert repr(expansion) == "Expansion(II+1, order=4, field=balls)"


def test_latex_of_a_series_in_balls(two_plus_one):
    expansion = two_plus_one.expand(4)
    assert expansion.to_latex().startswith("\\begin{align*}")
    assert "-1.38833511" in expansion.to_latex()
    assert expansion._repr_latex_().startswith(r"$$\begin{aligned}")


def test_latex_of_a_series_in_the_fourth_root():
    """2 s^2 + O(s^3) is 2 d^(-1/2) + O(d^(-3/4)) where s = d^(-1/4)."""
    expansion = family("A").expand(3)
    line = replace(expansion, definition=replace(expansion.definition, ramification=2)).to_latex().splitlines()[2]
    assert "2 d^{-1/2}" in line
    assert "-3/4" in line


def test_latex_of_the_root_of_a_polynomial_in_pi():
    field = ConstantField(RootPolynomials(fmpq_poly([-2, 1])))
    assert latex_constant(field.constant(field.ring.root)) == r"\sqrt{\pi - 2}"


@pytest.mark.parametrize(
    ("name", "loss", "index", "negative", "minimum"),
    [
        ("M2+1", ".01078850", 1, ["s2"], False),
        ("M2+1b", ".02041898", 0, [], True),
        ("II+1", ".01073072", 0, [], True),
        ("A+1", ".09740514", 19, ["s1"], False),
    ],
)
def test_losses_and_indices_at_twenty(name, loss, index, negative, minimum):
    """mathematics.md, section 2, and the record: eight digits of the loss."""
    data = family(name).spectrum(d=20).to_json()
    assert abs(number(data["loss"]["value"]) - Fraction(loss)) <= Fraction(1, 2 * 10**8)
    assert (data["index"], data["negative"], data["minimum"]) == (index, negative, minimum)


@pytest.mark.parametrize(("name", "d"), [("II+1", 8), ("A+1", 7), ("M2+1b", 8)])
def test_dense_networks_agree(name, d):
    """All weights, loss and spectrum against the network written out."""
    check = family(name).at(d, digits=30, check=True).check
    assert check.passed
    assert check.multiplicities is not False
    assert min(check.weights, check.loss) >= 29


@pytest.mark.parametrize("name", ["A+2", "II+7", "M2+1z", "II+0"])
def test_bad_names_are_one_line(name):
    with pytest.raises(UsageError) as caught:
        family(name)
    assert len(str(caught.value).splitlines()) == 1
    assert name in str(caught.value)
