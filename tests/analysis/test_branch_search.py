"""The search for branches: what it finds are minima of the dense loss, by the same starts every time."""

from fractions import Fraction
from functools import cache

import mpmath
import pytest

from symrelu.analysis import branch_search as module
from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.branch_search import FoundBranch, approx_entries, search_branches
from symrelu.analysis.dense_check import dense_weights
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition
from symrelu.family.recorded import recorded_branches
from symrelu.model.dense import DenseNetwork

TWENTY = Fraction(20)


@cache
def found(name, d=TWENTY, starts=14, seed=1):
    return tuple(search_branches(definition(name).shape, d, starts, seed))


def test_the_same_seed_gives_the_same_result():
    shape = definition("A+1").shape
    one, other = (search_branches(shape, TWENTY, 12, 5) for _ in range(2))
    assert one == other
    assert [branch.hits for branch in one] != []


def test_another_seed_starts_elsewhere(monkeypatch):
    starts = []
    monkeypatch.setattr(module, "descend", lambda value, model, start: starts.append(tuple(start)) or start)
    for seed in (1, 2, 1):
        search_branches(definition("A+1").shape, TWENTY, 3, seed)
    assert starts[:3] == starts[6:]
    assert not set(starts[:3]) & set(starts[3:6])


def test_every_second_start_takes_the_diagonal_of_a_point(monkeypatch):
    starts = []
    monkeypatch.setattr(module, "descend", lambda value, model, start: starts.append(start) or start)
    shape = definition("M2+1").shape
    around = {entry.name: 7.0 for entry in shape.entries}
    search_branches(shape, TWENTY, 4, 1, around)
    for i, start in enumerate(starts):
        assert [x == 7 for x in start] == [entry.diagonal and i % 2 == 1 for entry in shape.entries]
    entries = [x for i, start in enumerate(starts) for x, e in zip(start, shape.entries, strict=True) if not e.diagonal]
    assert max(map(abs, entries)) < 1  # of size d^(-1/2)


def test_minima_are_minima_of_the_dense_network():
    """At d = 6, where all 7 x 6 weights are within reach: small steps within the fixed-point space only go up."""
    branches = found("A+1", Fraction(6), 20)
    assert len(branches) == 2
    network, family = DenseNetwork.orthonormal(6, digits=30), definition("A+1")
    for branch in branches:
        weights = dense_weights(family, 6, branch.values)
        assert float(network.loss(weights)) == pytest.approx(branch.loss, abs=1e-9)
        assert max(abs(x) for row in network.gradient(weights) for x in row) < 1e-4  # rounded to six digits
        for name in family.shape.names:
            for step in (Fraction(1, 2000), Fraction(-1, 2000)):
                moved = branch.values | {name: branch.values[name] + step}
                assert float(network.loss(dense_weights(family, 6, moved))) > branch.loss


def test_what_is_recorded_is_found_again():
    """A+1 with a few starts; loss, values and far end are those of the catalogue."""
    (branch,) = found("A+1")
    (recorded,) = recorded_branches()["A+1"]
    assert branch.loss == pytest.approx(float(recorded["loss"]), abs=1e-8)
    assert {name: float(value) for name, value in branch.values.items()} == pytest.approx(
        {name: float(value) for name, value in recorded["values"].items()}, abs=2e-6
    )
    assert (branch.far, branch.end) == (10**4, None)
    assert branch.entries["diag1"] == pytest.approx(-1, abs=0.01)
    assert branch.enlarges(Branch(definition("A")))
    assert not branch.enlarges(Branch(definition("global")))
    assert 1 <= branch.hits <= 14


def test_hits_count_starts_and_come_in_descending_order():
    branches = found("M2+1", starts=16)
    hits = [branch.hits for branch in branches]
    assert hits == sorted(hits, reverse=True)
    assert sum(hits) <= 16
    losses = [branch.loss for branch in branches]
    assert len({round(loss, 7) for loss in losses}) == len(losses)
    assert min(losses) > 1e-4  # no global minimum among them


@pytest.mark.parametrize(
    "point",
    [
        [1.0, 0.0, 0.0, 0.0, 1.0, 0.3, 0.2],  # parallel to a target, or equal to one
        [1.0, 0.01, 0.02, 0.1, -0.7, 0.2, -1.4],  # parallel rows: copies
        [1.0, 0.01, 0.02, 0.1, -0.7, -0.2, 1.4],  # opposite rows
        [1.0, 0.01, 0.02, 0.1, -0.7, 1e-5, 1e-4],  # a row that is tiny
        [1.0, 0.01, 0.02, 0.1, -7.0, 0.2, 0.3],  # a row that is huge
    ],
)
def test_points_that_are_no_families_of_their_own_are_left_out(monkeypatch, point):
    monkeypatch.setattr(module, "descend", lambda value, model, start: list(point))
    assert search_branches(definition("II+1").shape, TWENTY, 3, 1) == []


def test_a_proper_point_is_kept_with_its_hits(monkeypatch):
    point = [float(recorded_branches()["II+1"][0]["values"][name]) for name in definition("II+1").shape.names]
    monkeypatch.setattr(module, "descend", lambda value, model, start: list(point))
    told = []
    (branch,) = search_branches(definition("II+1").shape, TWENTY, 3, 1, progress=told.append)
    assert branch.hits == 3
    assert told == [1, 2, 3]
    assert branch.values == {name: Fraction(value) for name, value in recorded_branches()["II+1"][0]["values"].items()}


def test_global_minima_are_left_out(monkeypatch):
    """Loss below 10^-6: next to the teacher with a tiny rotation."""
    point = [1.0, 1e-5, 2e-5, 1e-5, 0.6, 3e-4, 0.4]
    monkeypatch.setattr(module, "descend", lambda value, model, start: list(point))
    monkeypatch.setattr(module._ReducedLoss, "is_proper", lambda self, x: True)
    assert search_branches(definition("II+1").shape, TWENTY, 1, 1) == []


def test_how_far_a_branch_goes_is_said(monkeypatch):
    """To d = 10^3 only: compared with the family there, more loosely."""
    point = [float(recorded_branches()["A+1"][0]["values"][name]) for name in definition("A+1").shape.names]
    monkeypatch.setattr(module, "descend", lambda value, model, start: list(point))
    true = approx_entries

    def short(branch, d):
        if d > 10**3:
            raise BranchEnds(Fraction(2000), "lost near d = 2000")
        return true(branch, d)

    monkeypatch.setattr(module, "approx_entries", short)
    (branch,) = search_branches(definition("A+1").shape, TWENTY, 1, 1)
    assert (branch.far, branch.end) == (10**3, "lost near d = 2000")
    assert branch.enlarges(Branch(definition("A")))
    monkeypatch.setattr(module, "approx_entries", lambda branch, d: short(branch, Fraction(10**5)))
    (branch,) = search_branches(definition("A+1").shape, TWENTY, 1, 1)
    assert (branch.far, branch.entries, branch.end) == (None, {}, "lost near d = 2000")
    assert not branch.enlarges(Branch(definition("A")))


@pytest.mark.parametrize(("far", "distance"), [(10**4, 0.05), (10**3, 0.1), (100, 0.25)])
def test_attached_rows_must_come_near(far, distance):
    base = Branch(definition("A"))
    theirs = approx_entries(base, Fraction(far))
    for factor, expected in ((0.9, True), (-0.9, True), (1.1, False), (-1.1, False)):
        for name in ("diag1", "off1"):
            entries = theirs | {name: theirs[name] + factor * distance, "w21": 3.0}
            assert FoundBranch({}, 0.1, 1, Fraction(far), entries, None).enlarges(base) is expected


def test_entries_in_floats_are_those_of_the_branch():
    entries = approx_entries(Branch(definition("II")), Fraction(10**4))
    assert entries["w22"] == pytest.approx(-1 + (2 + 8 / mpmath.pi + 8 / mpmath.pi**2) / 10**4, abs=1e-5)
    assert entries["w12"] == pytest.approx(2e-4, rel=1e-3)


def test_the_shape_alone_is_needed():
    shape = definition("A+1").shape
    assert [b.loss for b in search_branches(shape, TWENTY, 3, 1)] == [
        b.loss for b in search_branches(Definition("x", shape).shape, TWENTY, 3, 1)
    ]


def test_points_of_equal_loss_are_one_minimum_and_others_are_not(monkeypatch):
    """0.1 and 0.1 + 10^-9 are one, 0.1 + 10^-7 is another."""
    point = [float(recorded_branches()["A+1"][0]["values"][name]) for name in definition("A+1").shape.names]
    losses = iter([0.1, 0.1 + 1e-9, 0.1 + 1e-7, 0.1 - 1e-9])
    monkeypatch.setattr(module, "descend", lambda value, model, start: list(point))
    monkeypatch.setattr(module._ReducedLoss, "value", lambda self, x: next(losses))
    branches = search_branches(definition("A+1").shape, TWENTY, 4, 1)
    assert [(branch.hits, branch.loss) for branch in branches] == [(3, 0.1), (1, 0.1 + 1e-7)]
