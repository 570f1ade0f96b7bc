"""The independent check: weight matrices written out, agreement in digits, and what it refuses or finds wrong."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb

from symrelu import UsageError
from symrelu.analysis.dense_check import DenseCheck, dense_check, dense_teacher, dense_weights
from symrelu.family.catalogue import definition
from symrelu.family.definition import definition_from_dict


def test_the_weights_of_m2_written_out():
    """Rows 1..3 attached to the first block, rows 4, 5 to the second."""
    names = {"diag1": "D", "off1": "o", "w12": "a", "w21": "b", "diag2": "E", "off2": "p"}
    assert dense_weights(definition("M2"), 5, names) == [
        ["D", "o", "o", "a", "a"],
        ["o", "D", "o", "a", "a"],
        ["o", "o", "D", "a", "a"],
        ["b", "b", "b", "E", "p"],
        ["b", "b", "b", "p", "E"],
    ]


def test_free_rows_and_blocks_without_a_teacher():
    family = definition_from_dict(
        {
            "blocks": ["d", "2"],
            "rows": [{"free": True}, {"attached": 1}],
            "teacher": [True, False],
            "leading": {"w11": "1", "w12": "1", "diag2": "1", "off2": "1", "w22": "1"},
        }
    )
    entries = {"w11": 1, "w12": 2, "diag2": 3, "off2": 4, "w22": 5}
    assert dense_weights(family, 2, entries) == [[1, 1, 2, 2], [3, 4, 5, 5], [4, 3, 5, 5]]
    assert dense_teacher(family, 2) == [[1, 0, 0, 0], [0, 1, 0, 0]]


def test_the_teacher_of_the_literature_is_the_identity():
    assert dense_teacher(definition("II"), 3) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(("name", "d"), [("II", 6), ("M2", 6), ("I", 7), ("A", 4), ("global", 5)])
def test_certified_points_agree_to_the_digits_asked(families, name, d):
    check = families(name).at(d, digits=30, check=True).check
    assert check.passed
    assert check.multiplicities is True
    assert min(check.weights, check.loss, check.spectrum) >= 29
    assert "multiplicities too" in check.to_text()


def test_above_a_hundred_weights_distinct_eigenvalues_are_compared(families):
    check = families("II").spectrum(11, digits=20, check=True).check
    assert check.multiplicities is None
    assert check.passed
    assert check.spectrum >= 15
    assert "distinct eigenvalues only" in check.to_text()


@pytest.mark.parametrize(
    ("d", "said"),
    [("6.5", "integer d"), ("13/2", "integer d"), (31, "31 x 31 weights"), ("1e6", "1000000 x 1000000 weights")],
)
def test_what_cannot_be_checked_is_refused_in_one_line(families, d, said):
    with pytest.raises(UsageError, match=said) as caught:
        families("II").at(d, check=True)
    assert len(str(caught.value).splitlines()) == 1


@pytest.fixture
def point(families):
    return families("II").at(6, digits=20).point


def test_a_wrong_entry_is_found(point):
    """Newton's method on the dense network leads back to the true weights."""
    wrong = replace(point, entries=[point.entries[0] + arb(10) ** -6, *point.entries[1:]])
    check = dense_check(wrong)
    assert check.weights <= 6
    assert not check.passed


def test_a_wrong_loss_is_found(point):
    wrong = replace(point)
    wrong.__dict__["loss"] = point.loss + arb(10) ** -9
    check = dense_check(wrong)
    assert check.loss in (8, 9)
    assert check.weights >= 19
    assert not check.passed


def test_a_wrong_eigenvalue_is_found(point):
    wrong, first = replace(point), point.components[0]
    wrong.__dict__["components"] = [
        replace(first, eigenvalues=[first.eigenvalues[0] + arb(10) ** -7, *first.eigenvalues[1:]]),
        *point.components[1:],
    ]
    check = dense_check(wrong)
    assert check.spectrum in (6, 7)
    assert not check.passed


def test_a_wrong_multiplicity_is_found(point):
    wrong = replace(point)
    wrong.__dict__["components"] = [
        replace(c, dimension=c.dimension + (1 if c.type.name == "x1" else 0)) for c in point.components
    ]
    check = dense_check(wrong)
    assert check.multiplicities is False
    assert not check.passed
    assert "MULTIPLICITIES DIFFER" in check.to_text()


def test_a_missing_eigenvalue_is_found(point):
    wrong = replace(point)
    wrong.__dict__["components"] = [c for c in point.components if c.type.name != "y1"]
    check = dense_check(wrong)
    assert check.spectrum == 0
    assert check.multiplicities is False


def test_the_check_of_the_interface():
    check = DenseCheck(weights=20, loss=21, spectrum=19, multiplicities=None)
    assert check.to_json() == {"weights": 20, "loss": 21, "spectrum": 19, "multiplicities": None, "digits": 50}
    assert check.passed
    assert not DenseCheck(20, 20, 14, None).passed
    assert not DenseCheck(20, 20, 20, False).passed


def test_sizes_that_are_no_integers_have_no_network(families):
    point = families("II").at(Fraction(13, 2)).point
    assert not point.is_network
    with pytest.raises(UsageError):
        dense_check(point)
