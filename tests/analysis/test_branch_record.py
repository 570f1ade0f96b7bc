"""Naming what a search finds: the recorded branches come out again, permuted copies are put in order."""

import json
from fractions import Fraction
from functools import cache

import pytest

from symrelu.analysis import branch_record as module
from symrelu.analysis.branch import Branch
from symrelu.analysis.branch_record import BranchSearch, search_family, search_named
from symrelu.analysis.branch_search import FoundBranch, approx_entries
from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import definition
from symrelu.family.recorded import SEARCH_D, recorded_branches


@cache
def searched(base, starts=24, seed=3):
    return search_family(definition(base), 1, starts, seed)


@pytest.mark.parametrize("base", ["A", "M2"])
def test_a_short_search_names_the_recorded_branches(base):
    """Few starts and another seed: the same critical points, the one found most often among them."""
    search, recorded = searched(base), recorded_branches()[f"{base}+1"]
    assert search.named
    losses = [float(branch["loss"]) for branch in recorded]
    for branch in search.named:
        (match,) = [r for r, loss in zip(recorded, losses, strict=True) if abs(loss - branch.loss) < 1.1e-8]
        assert {name: float(value) for name, value in branch.values.items()} == pytest.approx(
            {name: float(value) for name, value in match["values"].items()}, abs=2e-6
        )
    assert min(abs(branch.loss - losses[0]) for branch in search.named) < 1.1e-8
    assert all(branch in search.found for branch in search.named)


def test_what_is_not_a_branch_of_the_family_is_listed_without_a_name():
    """The shape of II+1 is that of I+1 as well."""
    search = search_family(definition("II"), 1, 30, 1)
    names = {f"{branch['loss']}" for branch in recorded_branches()["I+1"]}
    strangers = [branch for branch in search.found if branch not in search.named]
    assert {f"{branch.loss:.8f}" for branch in strangers} & names
    assert [f"{branch.loss:.8f}" for branch in search.named] == [recorded_branches()["II+1"][0]["loss"]]
    text = search.to_text()
    assert "another family: diag1 = -1" in text
    assert "II+1  " in text
    assert "30 starts, seed 1" in text
    data = json.loads(json.dumps(search.to_json()))
    assert data["evidence"] == "numeric"
    assert data["search"] == {"d": "20", "starts": 30, "seed": 1}
    assert (data["family"], data["m"]) == ("II", 1)
    assert {branch["branch"] for branch in data["branches"]} == {"", None}
    assert repr(search) == f"BranchSearch(II+1, 1 branches, {len(search.found)} minima)"


def test_progress_is_told():
    told = []
    search_family(definition("A"), 1, 4, 1, told.append)
    assert told == sorted(told)
    assert told[-1] == 4


def made(shape, values, entries=None):
    values = {name: Fraction(str(values[name])) for name in shape.names}
    return FoundBranch(values, 0.01, 1, Fraction(10**4), entries or {n: float(v) for n, v in values.items()}, None)


def ordered(base, shape, values):
    family = definition(base)
    return module._ordered(shape, family, approx_entries(Branch(family), SEARCH_D), made(shape, values))


def test_free_rows_come_in_the_order_of_their_last_entry():
    """The one nearest to the base family's free row first: -1 for II, +1 for I; with their other entries."""
    shape = definition("II").shape.enlarged(2)
    rows = {"w21": 0.1, "w22": 0.3, "w31": 0.2, "w32": -0.8, "w41": 0.3, "w42": -0.1}
    values = {"diag1": 1, "off1": 0.01, "w12": 0.02} | rows
    found = ordered("II", shape, values)
    assert [float(found.values[f"w{r}2"]) for r in (2, 3, 4)] == [-0.8, -0.1, 0.3]
    assert [float(found.values[f"w{r}1"]) for r in (2, 3, 4)] == [0.2, 0.3, 0.1]
    assert [found.entries[f"w{r}1"] for r in (2, 3, 4)] == [0.2, 0.3, 0.1]
    reverse = ordered("I", shape, values)
    assert [float(reverse.values[f"w{r}2"]) for r in (2, 3, 4)] == [0.3, -0.1, -0.8]
    assert float(reverse.values["diag1"]) == 1


def test_without_a_free_row_in_the_base_the_most_negative_comes_first():
    shape = definition("M3").shape.enlarged(2)
    values = {name: 0.1 * (i + 1) for i, name in enumerate(shape.names)} | {"w32": 0.5, "w42": -0.5}
    assert float(ordered("M3", shape, values).values["w32"]) == -0.5


def test_two_columns_are_exchanged_so_that_the_diagonal_is_the_larger_entry():
    """In a block of two columns only: there the exchange is a permutation of the two rows."""
    values = {"diag1": 0.2, "off1": 0.5, "w12": 0, "w21": 0.1, "diag2": 0.3, "off2": -0.6, "w31": 0, "w32": 0.2}
    found = ordered("M2", definition("M2").shape.enlarged(1), values)
    assert (float(found.values["diag2"]), float(found.values["off2"])) == (-0.6, 0.3)
    assert (found.entries["diag2"], found.entries["off2"]) == (-0.6, 0.3)
    assert (float(found.values["diag1"]), float(found.values["off1"])) == (0.2, 0.5)
    same = ordered("M3", definition("M3").shape.enlarged(1), values)
    assert (float(same.values["diag2"]), float(same.values["off2"])) == (0.3, -0.6)


def test_points_of_more_symmetry_belong_to_another_shape():
    """A+1 written in the shape of I+1 and of M2+1 is not counted there."""
    off, diagonal, free = 0.09324, -0.889934, 0.097382
    two = made(
        definition("I").shape.enlarged(1),
        {"diag1": diagonal, "off1": off, "w12": off, "w21": off, "w22": diagonal, "w31": free, "w32": free},
    )
    assert module._too_symmetric(definition("I").shape.enlarged(1), two)
    shape = definition("M2").shape.enlarged(1)
    values = {
        "diag1": diagonal,
        "off1": off,
        "w12": off,
        "w21": off,
        "diag2": diagonal,
        "off2": off,
        "w31": free,
        "w32": free,
    }
    assert module._too_symmetric(shape, made(shape, values))
    assert not module._too_symmetric(shape, made(shape, values | {"w32": -0.3}))
    assert not module._too_symmetric(shape, made(shape, values | {"diag2": 0.7}))
    one_block = definition("A").shape.enlarged(1)
    assert not module._too_symmetric(one_block, made(one_block, {"diag1": 1, "off1": 0, "w21": 1}))


@pytest.mark.parametrize(
    "name", ["II", "II+", "II+0", "II+7", "+1", "II+x", "II+1.5", "II+-1", "global+1", "M+1", "IV+1", ""]
)
def test_names_that_are_not_searched_get_one_line(name):
    with pytest.raises(UsageError) as caught:
        search_named(name, starts=1)
    assert len(str(caught.value).splitlines()) == 1


def test_a_name_is_searched():
    search = search_named("A+1", 6, 2)
    assert isinstance(search, BranchSearch)
    assert (search.base.name, search.extra, search.starts, search.seed) == ("A", 1, 6, 2)


def test_the_record_has_the_form_that_is_read(monkeypatch, capsys):
    """Of a single search, cut short: keys and digits as in branches.json."""
    monkeypatch.setattr(module, "BASES", ("A",))
    monkeypatch.setattr(module, "EXTRA", (1,))
    full = module.search_family
    monkeypatch.setattr(module, "search_family", lambda base, extra: full(base, extra, 12, 1))
    written = module.record()
    (branch,) = written["families"]["A+1"]
    (known,) = recorded_branches()["A+1"]
    assert set(branch) == set(known)
    assert branch["loss"] == known["loss"]
    assert branch["values"] == known["values"]
    assert set(written["search"]) == {"d", "starts", "seed"}
    assert "A+1" in capsys.readouterr().err


def test_a_point_of_more_symmetry_is_found_and_not_named(monkeypatch):
    """A+1 in the shape of I+1: its attached rows are those of I at large d."""
    off, diagonal, free = 0.09324, -0.889934, 0.097382
    values = {"diag1": diagonal, "off1": off, "w12": off, "w21": off, "w22": diagonal, "w31": free, "w32": free}
    far = approx_entries(Branch(definition("I")), Fraction(10**4)) | {"w31": 0.0, "w32": 0.0}
    symmetric = made(definition("I").shape.enlarged(1), values, far)
    proper = made(definition("I").shape.enlarged(1), values | {"w32": -0.355}, far)
    monkeypatch.setattr(module, "search_branches", lambda *_: [symmetric, proper])
    search = search_family(definition("I"), 1, 1, 1)
    assert len(search.found) == 2
    assert [float(branch.values["w22"]) for branch in search.named] == [-0.355]
