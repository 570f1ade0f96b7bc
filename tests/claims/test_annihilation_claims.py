"""AF22-annihilate and AF22-count: what the checks find, by the dense network too, and that they notice what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from symrelu import family
from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.arithmetic.reals import decimal
from symrelu.claims import annihilation_claims as claims
from symrelu.claims.shared import point
from symrelu.claims.verdict import Verdict
from symrelu.model.dense import DenseNetwork


@pytest.fixture(scope="module")
def count() -> Verdict:
    return claims.neurons_needed()


@pytest.fixture(scope="module")
def table() -> Verdict:
    return claims.annihilation()


def test_one_neuron_for_a_and_two_for_i_and_ii(count: Verdict) -> None:
    assert (count.verdict, count.evidence) == ("holds", "certified")
    for text in (
        "A+1 descends in s1 alone from 5.0577254 (x1) on",
        "from 11.610524 (s1) to 40",
        "II+1 from 6.6653634 (s1) to 100",
        "I+1 is a saddle in s1 at d = 11, 10, 9",
        "not proved",
        "II+2 -0.051928",
        "tends to -0.0075181",
    ):
        assert text in count.detail


def test_lesser_symmetry_takes_two_and_the_branch_is_named(table: Verdict) -> None:
    assert (table.verdict, table.evidence) == ("holds", "certified")
    for text in (
        "M2+1b from 8.8261391 (s1)",
        "M3+1 from 16.965347 (s2)",
        "M3+1b from 10.72509 (s1)",
        "no more than that of I and II",
        "M2+1, of the same shape as M2+1b, is a saddle in s2",
    ):
        assert text in table.detail


@pytest.mark.parametrize(("name", "d", "index"), [("A+1", 7, 6), ("II+2", 9, 7), ("I+2", 9, 7), ("II+1", 7, 0)])
def test_the_dense_hessian_has_the_index_found(name: str, d: int, index: int) -> None:
    found = family(name).at(d)
    entries = {key: decimal(x, 30) for key, x in found.parameters.items()}
    network = DenseNetwork(dense_teacher(found.point.definition, d), digits=30)
    weights = dense_weights(found.point.definition, d, entries)
    assert max(abs(x) for row in network.gradient(weights) for x in row) < 1e-15
    eigenvalues = network.eigenvalues(weights)
    assert sum(value < 0 for value in eigenvalues) == index == found.index
    assert float(eigenvalues[0]) == pytest.approx(float(claims.least_eigenvalue(found).mid()), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("NEEDED", {"A": 1, "II": 1}, "II takes 2 neurons at d = 20, not 1"),
        ("NEEDED", {"A": 2}, "A takes 1 neurons"),
        ("MINIMUM_FROM", {"II+1": (6, 100)}, "II+1 is a minimum from d = 7 on, not from 6"),
        ("MINIMUM_FROM", {"A+1": (5, 100)}, "A+1 is a saddle at d = 100"),
        ("BELOW", (12,), "I+1 at d = 12 has index 0, not 10, and descends in nothing"),
        ("TWO_SADDLES", ("I+2", "II+1"), "II+1 at d = 40 has index 0"),
    ],
)
def test_a_wrong_count_fails(
    count: Verdict, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, reason: str
) -> None:
    monkeypatch.setattr(claims, name, value)
    found = claims.neurons_needed()
    assert found.verdict == "fails"
    assert reason in found.detail


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LESSER", {"M2+1b": (8, 6, 40)}, "M2+1b is a minimum from d = 9 on, not from 8"),
        ("LESSER_POINTS", ("M2+1", "M2+1b", "M3+1", "M3+1b"), "M2+1 is a saddle at d = 20"),
        ("LESSER_SADDLE", ("M2+1", "s1", 12, 40), "M2+1 does not descend in one copy of s1 alone near d = 12"),
        ("LESSER_SADDLE", ("M3+1", "s2", 12, 40), "M3+1 does not descend in one copy of s2 alone near d = 1"),
    ],
)
def test_a_wrong_table_fails(
    table: Verdict, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, reason: str
) -> None:
    monkeypatch.setattr(claims, name, value)
    found = claims.annihilation()
    assert found.verdict == "fails"
    assert reason in found.detail


def test_a_family_none_of_whose_branches_is_known_has_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "recorded_branches", lambda: {"II+1": [{}], "II+2": [], "A+1": [{}]})
    assert claims.needed("II") is None  # II+1 is a minimum, and nothing is known of more neurons
    assert claims.needed("A") == 1
    assert point("II+1", claims.SEARCHED_D).is_minimum
