"""Results as JSON with the keys that scripts rely on, and as text and LaTeX."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
import sympy
from flint import arb

from symrelu.analysis.evaluation import real_text
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends

# The interface, word for word; every result says its evidence besides.
KEYS = {
    "expand": "family branch isotropy neurons p parameter order field parameters loss check evidence",
    "evaluate": "family d digits parameters loss index minimum check evidence",
    "spectrum": "family d inputs loss index minimum negative blocks evidence",
    "block": "type name copies dimension eigenvalues",
    "term": "power exact decimal ball",
    "generator": "name equation ball",
}


def keys(name):
    return set(KEYS[name].split())


def round_trip(result):
    """What a script reads: nothing but plain JSON, without nan and infinity."""
    return json.loads(json.dumps(result.to_json(), allow_nan=False))


def assert_ball(pair, ball):
    assert set(pair) == {"value", "radius"}
    value, radius = Fraction(pair["value"]), Fraction(pair["radius"])
    low, high = ends(ball)
    assert value - radius <= low <= high <= value + radius
    assert isinstance(pair["value"], str)


# -- evaluate -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "d", "index"), [("II", "6", 0), ("II", "5", 3), ("II", "5.25", None), ("global", "9", 0)]
)
def test_evaluate_in_json(families, name, d, index):
    """At d = 5, s1 has one negative eigenvalue of multiplicity 3."""
    result = families(name).at(d)
    data = round_trip(result)
    assert set(data) == keys("evaluate") | {"negative"}
    assert data["family"] == name
    assert data["d"] == d
    assert data["digits"] == 20
    assert data["index"] == index
    assert data["minimum"] is (index == 0)
    assert data["negative"] == ([] if data["minimum"] else ["s1"])
    assert data["check"] is None
    assert data["evidence"] == "certified"
    assert set(data["parameters"]) == set(result.parameters)
    for entry, pair in data["parameters"].items():
        assert_ball(pair, result.parameters[entry])
    assert_ball(data["loss"], result.loss)


def test_the_check_in_json(families):
    data = round_trip(families("II").at(5, check=True))
    assert set(data["check"]) >= {"weights", "loss", "spectrum", "digits"}
    assert data["check"]["digits"] == 50
    assert min(data["check"][key] for key in ("weights", "loss", "spectrum")) >= 20


@pytest.mark.parametrize("digits", [1, 7, 60])
def test_digits_are_as_many_as_asked(families, digits):
    """The first five digits of w22 at d = 6 are .6015 (Safran & Shamir); all that are asked are right."""
    fine = families("II").at(6, digits=100)
    data = round_trip(families("II").at(6, digits=digits))
    assert data["digits"] == digits
    for entry, pair in data["parameters"].items():
        value = Decimal(pair["value"])
        assert len(value.as_tuple().digits) <= digits
        with working(500):
            low, high = ends(fine.parameters[entry])
        assert abs(Fraction(value) - low) <= Fraction(pair["radius"])
        assert abs(Fraction(value) - high) <= Fraction(10) ** (value.adjusted() - digits + 1)


def test_evaluate_for_people(families):
    result = families("II").at(6)
    text = result.to_text()
    assert "a critical point exists and is unique" in text
    assert "w22    = -0.601" in text
    assert "a minimum" in text
    assert "a saddle: descent directions in s1" in families("II").at("5.5").to_text()
    assert "a saddle of index 3" in families("II").at(5).to_text()
    assert "agrees to" in families("II").at(5, check=True).to_text()
    assert r"\begin{tabular}" in result.to_latex()
    assert "<table>" in result._repr_html_()
    assert repr(result) == "Evaluation(II, d=6, a minimum: every component is positive definite)"


# -- spectrum -----------------------------------------------------------------------------------------------------------


def test_the_spectrum_in_json(families):
    result = families("M2").spectrum(7)
    data = round_trip(result)
    assert set(data) == keys("spectrum") | {"check"}
    assert data["family"] == "M2"
    assert data["d"] == data["inputs"] == "7"
    assert data["index"] == 4  # s1 is negative below 7.56, once, with multiplicity d - 3
    assert data["negative"] == ["s1"]
    assert data["minimum"] is False
    assert all(set(block) == keys("block") for block in data["blocks"])
    described = {block["type"]: (block["copies"], block["dimension"], block["name"]) for block in data["blocks"]}
    assert described == {
        "t": (6, "1", "trivial representation"),
        "s1": (5, "4", "standard representation of S_(d-2)"),
        "x1": (1, "6", "exterior square of the standard representation of S_(d-2)"),
        "y1": (1, "5", "representation (n-2,2) of S_(d-2)"),
        "s2": (4, "1", "standard representation of S_(2)"),
        "s1*s2": (2, "4", "product of the standard representations of S_(d-2) and S_(2)"),
    }
    for block, component in zip(data["blocks"], result.components, strict=True):
        assert len(block["eigenvalues"]) == block["copies"]
        for pair, ball in zip(block["eigenvalues"], component.eigenvalues, strict=True):
            assert_ball(pair, ball)
        values = [Fraction(pair["value"]) for pair in block["eigenvalues"]]
        assert values == sorted(values)


def test_formal_dimensions_at_fractional_d(families):
    data = round_trip(families("II").spectrum("3.5"))
    assert {block["type"]: block["dimension"] for block in data["blocks"]} == {
        "t": "1",
        "s1": "1.5",
        "x1": "0.375",
        "y1": "-0.625",
    }
    assert data["index"] is None


def test_the_spectrum_for_people(families):
    result = families("II").spectrum(6, check=True)
    text = result.to_text()
    assert text.splitlines()[0].startswith("II at d = 6, loss 0.025")
    assert "multiplicities too" in text
    assert result.to_latex().count(r"\mathfrak") == 4
    assert "<table>" in result._repr_html_()
    assert repr(result).startswith("Spectrum(II, d=6")
    assert result.index == 0


def assert_term(term, s_names=("pi",)):
    assert set(term) == keys("term")
    assert isinstance(term["power"], int)
    assert term["ball"] is None
    expression = sympy.sympify(term["exact"])
    assert expression != 0
    assert {symbol.name for symbol in expression.free_symbols} <= set(s_names) - {"pi"}
    return expression


def test_eigenvalue_series_in_json(families):
    data = round_trip(families("II").spectrum(order=1))
    assert set(data) >= {"family", "d", "blocks", "evidence"}
    assert data["evidence"] == "exact"
    assert all(set(block) == keys("block") for block in data["blocks"])
    assert {block["type"]: block["dimension"] for block in data["blocks"]} == {
        "t": "1",
        "s1": "d - 2",
        "x1": "(d - 3)*(d - 2)/2",
        "y1": "(d - 4)*(d - 1)/2",
    }
    # AF21-spectrum: x1 tends to 1/4 - 1/(2 pi), y1 to 1/4 + 1/(2 pi); one in s1 grows like d/4, one in t like d/(2 pi)
    first = {block["type"]: block["eigenvalues"] for block in data["blocks"]}
    for kind, value in (("x1", "1/4 - 1/(2*pi)"), ("y1", "1/4 + 1/(2*pi)")):
        ((term,),) = [eigenvalue["series"] for eigenvalue in first[kind]]
        assert sympy.simplify(assert_term(term) - sympy.sympify(value)) == 0
        assert abs(float(term["decimal"]) - float(sympy.sympify(value))) < 1e-15
    growing = {
        kind: sorted(
            str(sympy.sympify(e["series"][0]["exact"]))
            for e in first[kind]
            if e["series"] and e["series"][0]["power"] == -2
        )
        for kind in ("t", "s1")
    }
    assert growing == {"t": ["1/(2*pi)", "1/4", "1/4"], "s1": ["1/4"]}


def test_the_closed_form_in_json(families):
    data = round_trip(families("II").spectrum())
    assert set(data) >= {"family", "d", "blocks", "evidence"}
    assert data["evidence"] == "exact"
    for block in data["blocks"]:
        assert set(block) >= {"type", "name", "copies", "dimension", "matrix", "gram", "where"}
        size = block["copies"]
        assert len(block["matrix"]) == len(block["gram"]) == size
        for row in (*block["matrix"], *block["gram"]):
            assert len(row) == size
            for expression in row:
                sympy.sympify(expression)


# -- expand -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "order"), [("II", 6), ("M2", 4), ("M", 4), ("global", 3)])
def test_series_in_json(families, name, order):
    result = families(name).expand(order)
    data = round_trip(result)
    assert set(data) == keys("expand")
    assert (data["family"], data["order"], data["parameter"], data["neurons"]) == (name, order, "s = d^(-1/2)", "d")
    assert data["branch"] == ""
    assert data["p"] == ("p" if name == "M" else None)
    assert data["check"] is None
    assert data["evidence"] == "exact"
    assert set(data["field"]) == {"name", "generators"}
    assert set(data["parameters"]) == set(result.parameters)
    series = [*data["parameters"].items(), ("loss", data["loss"])]
    for entry, terms in series:
        expected = result.loss if entry == "loss" else result.parameters[entry]
        assert [term["power"] for term in terms] == sorted(expected)
        for term in terms:
            expression = assert_term(term, ("pi", "p"))
            exact = expected[term["power"]].to_sympy().subs(sympy.Symbol("p", positive=True), sympy.Symbol("p"))
            assert sympy.simplify(sympy.sympify(expression) - exact) == 0
            if name == "M":
                assert term["decimal"] is None
            else:
                # correctly rounded to 20 digits
                reference = Decimal(str(expression.evalf(40)))
                assert abs(Decimal(term["decimal"]) - reference) <= Decimal(10) ** (reference.adjusted() - 19) / 2


def test_the_field_in_json(families):
    assert round_trip(families("II").expand(1))["field"] == {"name": "Q(pi)", "generators": []}
    for p in (2, 101):
        (generator,) = round_trip(families(f"M{p}").expand(1))["field"]["generators"]
        assert set(generator) == keys("generator")
        assert generator["name"] == f"sqrt({p})"
        assert generator["equation"] == f"r^2 - {p} = 0, r > 0"
        value, radius = (Fraction(generator["ball"][key]) for key in ("value", "radius"))
        assert (value - radius) ** 2 < p < (value + radius) ** 2
        assert radius < Fraction(1, 10**17)
    (symbol,) = round_trip(families("M").expand(1))["field"]["generators"]
    assert (symbol["name"], symbol["ball"]) == ("sqrt(p)", None)


def test_the_series_check_in_json(families):
    check = round_trip(families("II").expand(6, check=True))["check"]
    assert set(check) >= {"residual_order", "numeric_d", "digits", "agreement"}
    assert check["numeric_d"] == 10**8
    assert check["agreement"] is True
    assert check["residual_order"] >= 4


# -- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(6), "6"),
        (Fraction(-3), "-3"),
        (Fraction(11, 2), "5.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "1/3"),
        (Fraction(7, 625), "0.0112"),
        (Fraction(10**30), "1" + "0" * 30),
        (Fraction(1, 1024), "0.0009765625"),
        (Fraction(0), "0"),
    ],
)
def test_reals_are_written_exactly(value, text):
    assert real_text(value) == text
    assert Fraction(text) == value


def test_the_balls_shown_are_small(families):
    for ball in families("II").at(6).parameters.values():
        assert ball.rad() < arb(10) ** -20
