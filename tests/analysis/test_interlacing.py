"""Compressions of the Hessian: against the dense network, against Cauchy's theorem, and on ranges of d."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb

from symrelu import UsageError
from symrelu.analysis import interlacing as module
from symrelu.analysis.dense_check import dense_weights
from symrelu.analysis.interlacing import coordinate_entries, interlacing, prove_descent
from symrelu.analysis.point import enclose_point
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import decimal, exact_midpoint
from symrelu.family.isotypic import isotypic_types
from symrelu.model.dense import DenseNetwork

# Family, d, type with descent directions, the least entries that carry them, rows of the smaller family's complement.
CASES = [
    ("A+1", 10, "s1", ("off1", "w21"), (2,)),
    ("A+1", 100, "s1", ("off1", "w21"), (2,)),
    ("II+2", 20, "s1", ("w31", "w41"), (3, 4)),
    ("I+2", 20, "s1", ("off1", "w31"), (3, 4)),
    ("M2+1", 10, "s2", ("off2", "w32"), (3,)),
    ("M2+1", 100, "s2", ("w12", "diag2", "w21", "w32"), (3,)),
]


@pytest.mark.parametrize(("name", "d", "kind", "entries", "fixed"), CASES)
def test_the_descent_direction_and_the_subspace_that_carries_it(families, name, d, kind, entries, fixed):
    result = interlacing(families(name)._numbers(), d)
    assert [found.component.type.name for found in result.types] == [kind]
    found = result.type(kind)
    carrier = found.carriers[0]
    assert carrier.entries == entries
    assert (found.component.negative, carrier.negative) == (1, 1)
    assert found.component.eigenvalues[0] < carrier.eigenvalues[0] < 0
    (smaller,) = (c for c in found.subnetworks if c.fixed == fixed)
    assert smaller.negative == 0
    assert smaller.left_out == len(fixed)
    assert found.most_negative <= len(fixed)


@pytest.mark.parametrize(("name", "d", "kind"), [("A+1", 10, "s1"), ("II+2", 12, "s1"), ("M2+1", 20, "s2")])
def test_cauchy_s_inequalities_hold_for_every_compression_and_are_strict(families, name, d, kind):
    """lambda_i(B) <= mu_i <= lambda_(i+r)(B), and the counts: n(B_U) <= n(B) <= n(B_U) + r."""
    found = interlacing(families(name)._numbers(), d).type(kind)
    whole = found.component.eigenvalues
    for compression in [*found.subnetworks, *found.carriers]:
        r, values = compression.left_out, compression.eigenvalues
        assert r == len(whole) - len(values) > 0
        assert all(whole[i] < value < whole[i + r] for i, value in enumerate(values))
        assert compression.strict
        listed = [(x.low.mid(), x.middle.mid(), x.high.mid()) for x in compression.inequalities]
        assert listed == [(whole[i].mid(), value.mid(), whole[i + r].mid()) for i, value in enumerate(values)]
        assert compression.negative <= found.component.negative <= compression.negative + r


def part_of_the_dense_hessian(point, entries):
    """The eigenvalues of the dense Hessian restricted to the weights that stand for some entries of the shape."""
    names = {name: name for name in point.parameters}
    d = int(point.d)
    places = dense_weights(point.definition, d, names)
    numbers = dense_weights(point.definition, d, {k: decimal(v, 40) for k, v in point.parameters.items()})
    network = DenseNetwork.orthonormal(d, digits=30)
    hessian = network.hessian(numbers)
    kept = [i * d + j for i, row in enumerate(places) for j, name in enumerate(row) if name in entries]
    part = network.mp.matrix([[hessian[i, j] for j in kept] for i in kept])
    return network, list(network.mp.eigsy(part, eigvals_only=True))


@pytest.mark.parametrize(("name", "d", "kind"), [("A+1", 7, "s1"), ("II+2", 8, "s1"), ("M2+1", 9, "s2")])
def test_the_dense_hessian_of_the_moving_weights_has_the_eigenvalues_of_the_compression(families, name, d, kind):
    """A principal part of the dense Hessian, with no symmetry used: each eigenvalue occurs dim(type) times there."""
    result = interlacing(families(name)._numbers(), d, digits=30)
    found = result.type(kind)
    for compression in [*found.carriers, *found.subnetworks]:
        network, dense = part_of_the_dense_hessian(result.point, compression.entries)
        for value in compression.eigenvalues:
            expected = network.mp.mpf(decimal(value, 30))
            assert sum(abs(x - expected) < 1e-20 for x in dense) >= int(found.component.dimension)
    _, carried = part_of_the_dense_hessian(result.point, found.carriers[0].entries)
    assert min(carried) < 0


def test_no_smaller_set_of_entries_descends(families):
    """The least eigenvalue of the dense Hessian on each single entry of A+1 at d = 7 is positive."""
    point = enclose_point(families("A+1")._numbers(), Fraction(7), 30)
    for name in point.parameters:
        assert min(part_of_the_dense_hessian(point, (name,))[1]) > 0


def test_a_minimum_has_nothing_to_show(families):
    result = interlacing(families("II+1")._numbers(), 20)
    assert result.types == []
    assert result.to_text() == "II+1 at d = 20: no descent directions"
    assert repr(result) == "Interlacing(II+1, d=20: none)"


def test_without_extra_neurons_there_is_no_smaller_network(families):
    (found,) = interlacing(families("II")._numbers(), 5).types
    assert found.subnetworks == []
    assert found.most_negative == len(found.component.eigenvalues)


def test_entries_of_every_type(families):
    """Each test tensor lives on one entry; together the types of a shape use every entry."""
    for name in ("II", "M3", "II+2"):
        point = enclose_point(families(name)._numbers(), Fraction(12), 10)
        table = point.table()
        kinds = isotypic_types(point.definition.shape)
        used = {kind.name: coordinate_entries(table, kind) for kind in kinds}
        assert used["t"] == list(point.definition.shape.names)
        assert used["x1"] == used["y1"] == ["off1"]
        if name == "M3":
            assert used["s1*s2"] == ["w12", "w21"]
            assert used["s2"] == ["w12", "diag2", "off2", "off2", "w21"]
        if name == "II+2":
            assert used["s1"] == ["diag1", "off1", "off1", "w12", "w21", "w31", "w41"]


def test_the_result_shows_itself(families):
    result = interlacing(families("A+1")._numbers(), 10)
    data = json.loads(json.dumps(result.to_json()))
    assert set(data) == {"family", "d", "blocks", "evidence"}
    assert (data["family"], data["d"], data["evidence"]) == ("A+1", "10", "certified")
    (shown,) = data["blocks"]
    assert (shown["type"], shown["name"], shown["dimension"]) == ("s1", "standard representation of S_(d)", "9")
    assert shown["carriers"][0]["entries"] == ["off1", "w21"]
    assert shown["subnetworks"][0]["fixed"] == [2]
    assert shown["subnetworks"][0]["strict"] == [True] * 3
    assert float(shown["carriers"][0]["eigenvalues"][0]["value"]) < 0
    text = result.to_text()
    assert "only off1, w21" in text
    assert "all but row 2" in text
    assert r"\mathfrak{s}_{1}" in result.to_latex()
    assert "<table>" in result._repr_html_()
    assert repr(result) == "Interlacing(A+1, d=10: s1)"


def test_a_spectrum_that_contradicts_cauchy_is_refused(families, monkeypatch):
    """A wrong eigenvalue of the whole block is noticed when it is put beside those of a compression."""
    true = enclose_point

    def wrong(branch, d, digits, inputs=0):
        point = true(branch, d, digits, inputs)
        changed = [replace(c, eigenvalues=[x + arb("0.05") for x in c.eigenvalues]) for c in point.components]
        point.__dict__["components"] = changed
        return point

    monkeypatch.setattr(module, "enclose_point", wrong)
    with pytest.raises(ArithmeticError, match="Cauchy"):
        interlacing(families("A+1")._numbers(), 10)


def test_descent_on_a_range_of_d(families):
    parts = prove_descent(families("A+1")._numbers(), "s1", ("off1", "w21"), 10, 30)
    assert [count for *_, count in parts] == [1] * len(parts)
    assert (parts[0][0], parts[-1][1]) == (10, 30)
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    still = prove_descent(families("A+1")._numbers(), "s1", ("diag1", "off1"), 10, Fraction(21, 2))
    assert [count for *_, count in still] == [0]


def test_a_change_of_sign_is_not_certified(families):
    """The entries that carry the descent of M_2+1 at d = 20 do not at d = 21."""
    branch = families("M2+1")._numbers()
    least = [interlacing(branch, d).type("s2").carriers[0].entries for d in (20, 21)]
    assert least[0] == ("off2", "w32") != least[1]
    with pytest.raises(Undecided, match="pivot"):
        prove_descent(branch, "s2", ("off2", "w32"), 20, 21)


@pytest.mark.parametrize(
    ("kind", "entries", "said"), [("s3", ("off1",), "s3"), ("s1", ("w99",), "w99"), ("s1", (), "no entry")]
)
def test_what_does_not_occur_is_refused(families, kind, entries, said):
    with pytest.raises(UsageError, match=said):
        prove_descent(families("A+1")._numbers(), kind, entries, 10, 11)


def test_carriers_come_with_the_steepest_descent_first(families):
    carriers = interlacing(families("II+2")._numbers(), 100).type("s1").carriers
    assert [c.entries for c in carriers] == [("w31", "w41"), ("w21", "w41")]
    assert exact_midpoint(carriers[0].eigenvalues[0]) < exact_midpoint(carriers[1].eigenvalues[0])
