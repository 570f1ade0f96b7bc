"""The annihilation table: against the dense network, published statements, and rows put together by hand."""

from fractions import Fraction

import numpy
import pytest

from symrelu import UsageError
from symrelu.analysis import annihilation as module
from symrelu.analysis.annihilation import Annihilation, annihilate, fate, read_extras, tasks_for
from symrelu.analysis.dense_check import dense_weights
from symrelu.analysis.least_eigenvalue import least_eigenvalue, limit_of_least
from symrelu.arithmetic.reals import decimal
from symrelu.model.dense import DenseNetwork


@pytest.fixture(scope="module")
def rows():
    return {(row["family"], row["m"]): row for row in map(fate, [("A", 0, ""), ("A", 1, ""), ("II", 1, "")])}


@pytest.mark.parametrize(("key", "name"), [(("A", 1), "A+1"), (("II", 1), "II+1")])
def test_the_least_eigenvalue_at_ten_is_that_of_the_dense_network(families, rows, key, name):
    point = families(name).at(10).point
    weights = dense_weights(point.definition, 10, {k: decimal(v, 20) for k, v in point.parameters.items()})
    hessian = DenseNetwork.orthonormal(10, digits=20).hessian(weights)
    least = numpy.linalg.eigvalsh(numpy.array(hessian.tolist(), dtype=float))[0]
    assert abs(float(rows[key]["least"]["10"]["value"]) - least) < 1e-10


def test_one_neuron_annihilates_a_and_not_ii(rows):
    """2210.06088: A needs one extra neuron, II needs more; the descent is in the standard representation."""
    assert rows["A", 0]["verdict"] == "minimum" and rows["A", 0]["minimum_from"] == 6
    assert (rows["A", 1]["verdict"], rows["A", 1]["component"], rows["A", 1]["multiplicity"]) == (
        "saddle",
        "s1",
        "d - 1",
    )
    assert rows["II", 1]["verdict"] == "minimum" and rows["II", 1]["minimum_from"] == 7


def test_a_saddle_before_and_after_a_crossing_counts_from_the_start(rows):
    """A+1 has a crossing of x1 near 5.06; the standard type descends on both sides of it."""
    assert rows["A", 1]["from"] == {"value": "4", "radius": "0"}
    assert abs(float(rows["A", 0]["from"]["value"]) - 5.7638127) < 1e-6 and rows["A", 0]["component"] == "x1"


def test_limits_say_how_they_are_known(rows):
    assert {row["limit_evidence"] for row in rows.values()} == {"certified"}
    assert abs(float(rows["A", 0]["least"]["limit"]["value"]) - (0.25 - 1 / (2 * numpy.pi))) < 1e-10


def test_the_extrapolated_limit_agrees_with_the_certified_one(families):
    """Two routes: Schur complements of exact leading terms, and eigenvalues at d = 2^48."""
    for name in ("II+1", "A+1"):
        branch = families(name)._branch
        proved, extrapolated = limit_of_least(branch, families(name)._series()), limit_of_least(branch, None)
        assert proved.evidence == "certified" and extrapolated.evidence == "numeric"
        assert abs(proved.value - extrapolated.value) < 1e-9


def test_the_least_eigenvalue_is_over_the_components_that_occur(families):
    """The global minimum at d = 2: x1 and y1 are absent."""
    point = families("global").at(2).point
    assert (
        abs(least_eigenvalue(point) - min(float(c.eigenvalues[0].mid()) for c in point.components if c.counts)) < 1e-12
    )


def test_every_recorded_branch_has_a_task_and_so_has_a_shape_without_one():
    tasks = tasks_for(["A", "M2"], (0, 1, 2))
    assert ("A", 0, "") in tasks and ("A", 1, "") in tasks and ("A", 2, None) in tasks
    assert [t for t in tasks if t[:2] == ("M2", 1)] == [("M2", 1, ""), ("M2", 1, "b")]


def test_rows_are_put_in_the_order_of_the_tasks():
    tasks = tasks_for(["A"], (0, 1, 2))
    shuffled = Annihilation([{"family": f, "m": m, "branch": b} for f, m, b in reversed(tasks)])
    assert [(r["family"], r["m"], r["branch"]) for r in shuffled.in_order_of(tasks).rows] == tasks


def test_two_processes_give_the_rows_of_one():
    tasks = tasks_for(["A"], (0, 2))
    both = Annihilation(list(annihilate(tasks, 2))).in_order_of(tasks)
    assert both.rows == list(annihilate(tasks, 1))


def test_a_shape_without_branches_is_a_row_that_says_so():
    row = fate(("A", 2, None))
    assert row["verdict"] is None and module.row_cells(row)[:2] == ["A+2", "no branch found"]
    assert Annihilation([row]).decided and "no branch found" in " ".join(Annihilation([row]).to_text().split())


@pytest.mark.parametrize("text", ["", "x", "4", "-1", "1,,2", "1.5"])
def test_bad_lists_of_neurons(text):
    with pytest.raises(UsageError, match="0 to 3"):
        read_extras(text)


def test_good_lists_of_neurons():
    assert read_extras("2, 0,2") == (2, 0)


def test_the_verdict_stops_where_the_sign_changes(families):
    """A by hand: minimum on [6, 100], saddle before; with the two stretches exchanged it would be a saddle."""
    coverage = families("A").threshold(d_from=5, d_to=100).coverage
    verdict = module._verdict(coverage)
    assert verdict["verdict"] == "minimum" and Fraction(verdict["from"]["value"]) > Fraction(23, 4)
