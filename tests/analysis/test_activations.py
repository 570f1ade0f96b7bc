"""Points, spectra, thresholds and series of families with leaky ReLU and erf, by the code that serves ReLU."""

import json
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
import sympy
from click.testing import CliRunner

from symrelu import family
from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.point import enclose_point
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.cli import cli
from symrelu.family.definition import definition_from_dict


def erf_family(name: str, diagonal: str, other: str) -> dict[str, Any]:
    start = {"d": "10", "values": {"diag1": diagonal, "off1": other}}
    return {"name": name, "blocks": ["d"], "rows": [{"attached": 1}], "activation": "erf", "start": start}


SADDLE = erf_family("saddle of shape A", "-0.067", "0.07512")
PLATEAU = erf_family("plateau", "0.0598", "0.0598")


@pytest.mark.parametrize(("name", "d"), [("A", 5), ("A", 6), ("II", 5), ("II", 6), ("M2", 7)])
@pytest.mark.parametrize("activation", ["leaky:1/10", "leaky:-1/2"])
def test_certified_points_and_spectra_are_those_of_the_dense_network(name: str, d: int, activation: str) -> None:
    result = family(name, activation=activation).spectrum(d=d, check=True)
    assert result.check.passed
    assert result.check.multiplicities


@pytest.mark.parametrize("activation", ["erf", "leaky:1/3", "leaky:3"])
def test_the_global_minimum_has_the_dense_spectrum(activation: str) -> None:
    result = family("global", activation=activation).spectrum(d=5, check=True)
    assert result.check.passed
    assert result.point.is_minimum


def test_erf_has_a_saddle_of_the_shape_of_type_a() -> None:
    result = family(SADDLE).spectrum(d=6, check=True)
    assert result.check.passed
    assert result.point.negative == ["x1", "y1"]
    assert family(SADDLE).at(7).point.negative == ["s1", "x1", "y1"]


def test_the_threshold_of_the_erf_saddle_lies_where_its_index_changes() -> None:
    crossings = family(SADDLE).threshold(digits=15, d_from=5, d_to=9).coverage.crossings
    assert [(c.type.name, c.direction) for c in crossings] == [("s1", "down")]
    assert 6 < crossings[0].d < 7
    for d, count in ((crossings[0].d - 1e-3, 0), (crossings[0].d + 1e-3, 1)):
        at = Fraction(float(d.mid())).limit_denominator(10**6)
        s1 = next(c for c in family(SADDLE).at(at).point.components if c.type.name == "s1")
        assert s1.negative == count


def test_equal_neurons_are_a_critical_point_of_erf_in_closed_form() -> None:
    """All rows w = r (1, ..., 1), A = d r^2: r^2 = 1/(d (3 d - 2)). (The unspecialised point of Saad & Solla 1995.)

    On paper: 2 pi grad is d 8/((1 + 2 A) sqrt(1 + 4 A)) w from the students, and from the targets, with
    phi = 8/sqrt(3 + 6 A - 4 r^2), sum_j phi (e_j - 2 r/(1 + 2 A) w) = phi/(r (1 + 2 A)) w. They are equal when
    d^2 r^2 (3 + 6 d r^2 - 4 r^2) = 1 + 4 d r^2.
    """
    branch = Branch(definition_from_dict(PLATEAU))
    for d in (5, 10, 40):
        point = enclose_point(branch, Fraction(d), 30)
        for value in point.entries:
            assert abs(float(value.mid()) - 1 / sqrt(d * (3 * d - 2))) < 1e-15
        with pytest.raises(Undecided):  # the Hessian is singular there
            _ = point.index


def threshold(name: str, activation: str | None, low: str, high: str) -> tuple[str, float]:
    (found,) = family(name, activation=activation).threshold(15, low, high).coverage.crossings
    return found.type.name, float(found.d.mid())


def test_thresholds_move_with_the_slope_and_agree_for_inverse_slopes() -> None:
    base, tenth, ten = (threshold("II", a, "5.3", "6.2") for a in (None, "leaky:1/10", "leaky:10"))
    assert base[0] == tenth[0] == ten[0] == "s1"
    assert base[1] + 0.05 < tenth[1] < base[1] + 0.08
    assert tenth[1] == pytest.approx(ten[1], abs=1e-13)
    # On the dense network: a saddle at d = 5, a minimum at d = 6.
    for d, minimum in ((5, False), (6, True)):
        assert family("II", activation="leaky:1/10").spectrum(d=d, check=True).point.is_minimum is minimum


def test_an_inverse_slope_has_the_same_point_and_a_larger_loss() -> None:
    one, other = (family("II", activation=a).at(7) for a in ("leaky:1/10", "leaky:10"))
    for name, value in one.parameters.items():
        assert value.overlaps(other.parameters[name])
    assert (100 * one.loss).overlaps(other.loss)


def test_a_branch_that_is_lost_on_the_way_says_where() -> None:
    with pytest.raises(BranchEnds, match=r"lost at d = 100 on the way from relu: near leaky:-0\.[89]"):
        family("A", activation="leaky:-1").at(20)
    with pytest.raises(BranchEnds, match="no way leads from there to erf"):
        family("II", activation="erf").at(20)


def test_the_exact_series_of_leaky_relu_solves_the_equations_and_meets_the_numbers() -> None:
    expansion = family("II", activation="leaky:1/10").expand(4, check=True)
    assert expansion.check is not None
    assert expansion.check.passed
    # The terms below s^4 are those of ReLU: the sums of the rows of W and V agree to that order.
    base = family("II").expand(4)
    assert str(expansion.parameters) == str(base.parameters)
    later = {a: family("II", activation=a).expand(5).to_json()["parameters"]["w12"] for a in ("relu", "leaky:1/10")}
    assert later["relu"] != later["leaky:1/10"]


def test_closed_forms_are_the_numbers() -> None:
    for subject, d in ((family("A", activation="leaky:1/10"), 7), (family(SADDLE), 7)):
        point = subject.at(d).point
        values: dict[Any, Any] = {sympy.Symbol(n): float(x.mid()) for n, x in point.parameters.items()}
        values[sympy.Symbol("d")] = d
        for component in point.components:
            block = subject.spectrum().block(component.type.name)
            matrix = sympy.Matrix(block.explicit(block.matrix)).subs(values).evalf()
            norms = sympy.Matrix(block.gram).subs(values)
            found = sorted(float(sympy.re(x)) for x in (norms.inv() * matrix).evalf().eigenvals(multiple=True))
            assert found == pytest.approx([float(x.mid()) for x in component.eigenvalues], abs=1e-10)


ONLY_RELU: dict[str, Any] = {
    "prove": lambda f: f.prove(),
    "interlacing": lambda f: f.interlacing(9),
    "persistence": lambda f: f.persistence(9),
    "split with check": lambda f: f.split(d=9, check=True),
}


@pytest.mark.parametrize("question", ONLY_RELU)
@pytest.mark.parametrize("source", ["leaky", "erf"])
def test_what_assumes_relu_is_refused(question: str, source: str) -> None:
    subject = family("II", activation="leaky:1/10") if source == "leaky" else family(SADDLE)
    with pytest.raises(UsageError, match="there for ReLU"):
        ONLY_RELU[question](subject)


def test_what_assumes_a_homogeneous_activation_is_refused_for_erf() -> None:
    subject = family(SADDLE)
    for ask in (lambda: subject.expand(3), lambda: subject.spectrum(order=0), subject.limit, lambda: subject.split(9)):
        with pytest.raises(UsageError, match="not for erf"):
            ask()


def test_a_neuron_of_leaky_relu_splits_like_one_of_relu() -> None:
    """H_ii less its own term is (1 - alpha)^2 times that of ReLU at the same weights: near ReLU's for a small slope."""
    base, leaky = (family("II", activation=a).split(d=9) for a in (None, "leaky:1/1000"))
    for one, other in zip(base.orbits, leaky.orbits, strict=True):
        assert one.saddle is other.saddle
        for (_, x), (_, y) in zip(one.eigenvalues, other.eigenvalues, strict=True):
            assert float(x.mid()) == pytest.approx(float(y.mid()), abs=2e-3)


@pytest.mark.parametrize(
    "arguments",
    [["evaluate", "--d", "7"], ["spectrum", "--d", "7"], ["spectrum", "--symbolic"], ["expand", "--order", "2"]],
)
def test_commands_take_an_activation(arguments: list[str]) -> None:
    command, *rest = arguments
    found = CliRunner().invoke(cli, [command, "A", "--activation", "leaky:1/10", *rest, "--json"])
    assert found.exit_code == 0
    assert json.loads(found.stdout)["family"] == "A with leaky:1/10"
