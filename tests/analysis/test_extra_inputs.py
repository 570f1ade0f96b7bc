"""Results with inputs that no neuron sees: numbers, series, closed forms, and the sign of what they add."""

import json
from fractions import Fraction

import pytest
import sympy
from click.testing import CliRunner

from symrelu import UsageError
from symrelu.analysis import extra_inputs
from symrelu.analysis.expansion import S
from symrelu.analysis.extra_inputs import prove_inputs_convex
from symrelu.arithmetic.outcome import Undecided
from symrelu.cli import cli
from symrelu.family import extra_inputs as formulas

PI = sympy.pi


def change_entries(monkeypatch, module, name, change):
    """Let a function that returns (action, gram) return a changed action."""
    true = getattr(module, name)

    def changed(table, kind):
        action, gram = true(table, kind)
        return [[change(x) for x in row] for row in action], gram

    monkeypatch.setattr(module, name, changed)


@pytest.mark.parametrize(("name", "d", "inputs"), [("II", 6, 2), ("global", 4, 1), ("A", 5, 3)])
def test_spectrum_at_d_against_the_dense_network_of_more_inputs(families, name, d, inputs):
    result = families(name).spectrum(d, check=True, inputs=inputs)
    assert result.check.passed
    assert result.check.multiplicities in (True, None)
    data = json.loads(json.dumps(result.to_json()))
    assert data["inputs"] == str(d + inputs)
    assert sum(block["copies"] * int(block["dimension"]) for block in data["blocks"]) == d * (d + inputs)
    assert [block["type"] for block in data["blocks"]][-2:] == ["t*o", "s1*o"]
    assert f"with {inputs} extra input" in result.to_text()
    assert r"\mathfrak{t} \otimes \mathfrak{o}" in result.to_latex()


def test_without_extra_inputs_nothing_changes(families):
    plain, none = families("II").spectrum(7), families("II").spectrum(7, inputs=0)
    assert plain.to_json() == none.to_json()
    assert plain.to_json()["inputs"] == "7"
    assert "extra" not in plain.to_text()
    more = families("II").spectrum(7, inputs=2)
    assert more.to_json()["blocks"][:4] == plain.to_json()["blocks"]
    assert more.to_json()["loss"] == plain.to_json()["loss"]


def test_a_wrong_extra_eigenvalue_is_found_by_the_dense_network(families, monkeypatch):
    change_entries(monkeypatch, formulas, "input_action", lambda x: x + 1)
    assert not families("II").spectrum(6, check=True, inputs=1).check.passed


def test_index_and_minimum_count_the_extra_inputs(families, monkeypatch):
    """With -K in place of K each of the k eigenvalues descends, N times."""
    change_entries(monkeypatch, formulas, "input_action", lambda x: -x)
    result = families("II").spectrum(6, inputs=3)
    assert result.index == 3 * 6
    assert result.to_json()["minimum"] is False
    assert result.to_json()["negative"] == ["t*o", "s1*o"]


def test_closed_form_at_the_global_minimum(families):
    """K = (I + 1 1^T)/4: (d+1)/4 and 1/4, for every d."""
    d = sympy.Symbol("d")
    spectrum = families("global").spectrum(inputs=2)
    trivial, standard = spectrum.block("t*o"), spectrum.block("s1*o")
    assert sympy.expand(trivial.matrix[0, 0] / trivial.gram[0, 0] - (d + 1) / 4) == 0
    assert standard.matrix[0, 0] / standard.gram[0, 0] == sympy.Rational(1, 4)
    assert (trivial.dimension, sympy.expand(standard.dimension)) == (2, 2 * d - 2)
    data = spectrum.decomposition().to_json()
    assert data["inputs"] == "d+2"
    assert [block["type"] for block in data["blocks"]] == ["t", "s1", "x1", "y1", "t*o", "s1*o"]
    assert "M(k, d+2) under Delta S_d x O(2)" in spectrum.decomposition().to_text()


def test_closed_form_in_the_gram_data_is_the_numbers(families):
    """The pencil of t*o at II, at the certified entries, against the balls of the spectrum at d = 8."""
    block = families("II").spectrum(inputs=1).block("t*o")
    point = families("II").at(8, digits=30).point
    values = {name: sympy.Float(ball.mid().str(30, radius=False), 30) for name, ball in point.parameters.items()}
    at = {sympy.Symbol("d"): 8, **{sympy.Symbol(name): value for name, value in values.items()}}
    matrix, gram = (sympy.N(block.explicit(m).subs(at), 25) for m in (block.matrix, block.gram))
    eigenvalues = sorted(sympy.re(x) for x in (gram.inv() * matrix).eigenvals(multiple=True))
    (component,) = (c for c in families("II").spectrum(8, inputs=1).components if c.type.name == "t*o")
    for found, ball in zip(eigenvalues, component.eigenvalues, strict=True):
        assert abs(found - sympy.Float(ball.mid().str(20, radius=False), 20)) < 1e-15


def test_the_series_of_ii(families):
    series = families("II").spectrum(order=2, inputs=1)
    assert series.to_json()["inputs"] == "d+1"
    quarter = sympy.Rational(1, 4)
    assert series.to_sympy("s1*o") == [quarter]
    bounded, growing = series.to_sympy("t*o")
    assert sympy.simplify(bounded - (quarter - 2 * S / PI**2)) == 0
    assert sympy.simplify(growing - (quarter / S**2 + quarter)) == 0


@pytest.mark.parametrize("inputs", [-1, True, "2", 1.5])
def test_numbers_of_inputs_that_make_no_sense_are_refused(families, inputs):
    with pytest.raises(UsageError, match="integer N >= 0"):
        families("II").spectrum(6, inputs=inputs)


def test_the_command():
    run = CliRunner().invoke(cli, ["spectrum", "A", "--d", "5", "--inputs", "2", "--json"])
    assert json.loads(run.output)["inputs"] == "7"
    assert isinstance(CliRunner().invoke(cli, ["spectrum", "A", "--inputs", "-1"]).exception, UsageError)
    assert CliRunner().invoke(cli, ["spectrum", "A", "--inputs", "x"]).exit_code == 2


def test_k_is_positive_definite_along_ii(families):
    assert 1 <= prove_inputs_convex(families("II")._numbers(), Fraction(5), Fraction(20)) <= 10


def test_an_indefinite_k_is_not_certified(families, monkeypatch):
    change_entries(monkeypatch, extra_inputs, "hessian_action", lambda x: x - 2)
    with pytest.raises(Undecided, match=r"not positive definite on (t|s1)\*o"):
        prove_inputs_convex(families("A")._numbers(), Fraction(8), Fraction(8) + Fraction(1, 500))
