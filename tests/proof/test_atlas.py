"""The atlas: entries against the dense network and the literature, a store that survives, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction

import numpy
import pytest

from symrelu import UsageError, family
from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.chain import along_branch
from symrelu.analysis.point import enclose_point
from symrelu.arithmetic.outcome import Undecided
from symrelu.model.dense import DenseNetwork
from symrelu.proof import atlas as module
from symrelu.proof import atlas_point
from symrelu.proof.atlas import Interrupted, pairs, read_atlas, run_atlas
from symrelu.proof.atlas_point import AtlasPoint, _require_on, _tubes, check_point, prove_points, read_point
from symrelu.proof.atlas_result import Atlas, Member, ranges
from symrelu.proof.atlas_store import FILE, open_store


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("atlas")


@pytest.fixture(scope="module")
def atlas(folder):
    return run_atlas(8, folder, processes=1)


@pytest.fixture(scope="module")
def content(atlas, folder):
    """The lines of the store of the atlas up to 8."""
    return (folder / FILE).read_bytes().splitlines(keepends=True)


@pytest.fixture
def computed(monkeypatch, atlas):
    """The pairs that are asked for from here on, in this process; the answers are those of the atlas up to 8."""
    known, seen = {(x.d, x.p): x for x in atlas.points}, []

    def prove_points(task):
        p, wanted = task
        for d in sorted(wanted, reverse=True):
            seen.append((d, p))
            yield known[d, p]

    monkeypatch.setattr(module, "prove_points", prove_points)
    return seen


def proved(p, *wanted):
    return sorted(prove_points((p, list(wanted))), key=lambda point: point.d)


def store_with(tmp_path, *lines):
    (tmp_path / FILE).write_bytes(b"".join(lines))
    return tmp_path


def matrix(point):
    """Rows 1..d-p like the identity, the others flipped (mathematics, section 2), from the decimals of an entry."""
    d, p, w = point.d, point.p, {name: ball["value"] for name, ball in point.parameters.items()}
    w.setdefault("diag2", w.get("w22"))

    def entry(i, j):
        if i == j:
            return w["diag1"] if i < d - p else w["diag2"]
        if i < d - p:
            return w["off1"] if j < d - p else w["w12"]
        return w["w21"] if j < d - p else w["off2"]

    return [[entry(i, j) for j in range(d)] for i in range(d)]


def entry_at(atlas, d, p):
    return next(point for point in atlas.points if (point.d, point.p) == (d, p))


# What the entries say


@pytest.mark.parametrize("pair", [(4, 1), (4, 2), (5, 2), (6, 2), (6, 3), (7, 1), (7, 2), (8, 4)])
def test_index_and_loss_are_those_of_the_dense_network(atlas, pair):
    point = entry_at(atlas, *pair)
    network, W = DenseNetwork.orthonormal(point.d, digits=20), matrix(point)
    eigenvalues = numpy.linalg.eigvalsh(numpy.array(network.hessian(W).tolist(), dtype=float))
    assert point.index == sum(eigenvalues < 0)
    assert min(abs(eigenvalues)) > 1e-6
    assert max(abs(x) for row in network.gradient(W) for x in row) < 1e-10
    assert abs(network.loss(W) - network.mp.mpf(point.loss["value"])) < 1e-11


def test_the_spurious_minima_of_safran_and_shamir_exist():
    """SS-minima and SS-example (1712.08968): k = d in 6..20; the one at 6 with its entries. None below 6 at p = 1."""
    found = {point.d: point for point in proved(1, *range(4, 21))}
    assert [d for d, point in found.items() if point.is_minimum] == list(range(6, 21))
    names = {"diag1": 0.9867, "off1": -0.0504, "w12": 0.3080, "w21": 0.2245, "w22": -0.6015}
    example = found[6]
    assert {name: round(float(ball["value"]), 4) for name, ball in example.parameters.items()} == names
    assert round(float(example.loss["value"]), 5) == 0.02508


@pytest.mark.parametrize(("p", "low", "high"), [(2, 7, 10), (9, 18, 20)])
def test_minima_begin_where_the_thresholds_say(p, low, high):
    """Another route: the crossings on an interval of real d, by tubes."""
    thresholds = family(f"M{p}").threshold(d_from=low, d_to=high)
    member = Member(p, proved(p, *range(low, high + 1)), high)
    assert thresholds.decided
    assert member.minimum_from == thresholds.minimum_from
    assert low < thresholds.minimum_from < high


def test_m2_at_four_is_a_with_rows_exchanged(atlas):
    point, A = entry_at(atlas, 4, 2), family("A").at(4, digits=15)
    weights = {round(float(ball["value"]), 10) for ball in point.parameters.values()}
    assert weights == {round(float(ball.mid()), 10) for ball in A.parameters.values()}
    assert point.index == A.index == 3
    assert [(x.d, x.p) for x in atlas.points if not x.isotropy_is_exact] == [(4, 2)]


def test_the_branch_is_not_left():
    """M_44 at d = 98: in one step from d = 270 Newton's method ends on another branch, another minimum, loss .11105.

    The judge goes there in small steps.
    """
    branch, d = Branch(family("M44").definition), 540
    while d > 98:
        d = max(98, d - 10)
        values = branch.approx(Fraction(d), 64)
    (point,) = proved(44, 98)
    for ball, value in zip(point.parameters.values(), values, strict=True):
        assert abs(float(ball["value"]) - float(value)) < 1e-10
    assert round(float(point.loss["value"]), 5) == 0.11041


def test_a_point_beside_the_tube_is_not_taken_for_the_one_in_it():
    """I has the shape of II: its point at d = 95 is certified, and no point of II."""
    branch, d = Branch(family("II").definition), Fraction(95)
    ((_, tube),) = _tubes(branch, Fraction(90), Fraction(99))
    _require_on(branch, tube, enclose_point(branch, d, 12))
    with pytest.raises(Undecided):
        _require_on(branch, tube, enclose_point(Branch(family("I").definition), d, 12))


@pytest.mark.parametrize("wanted", [(100,), (101,), (99, 101), (4, 130)])
def test_the_d_where_the_starting_values_are_is_no_exception(wanted):
    """Those of II are at d = 100; the loss next to (1/2 - 2/pi^2)/d tells the branch."""
    found = proved(1, *wanted)
    assert [point.d for point in found] == list(wanted)
    assert all(point.proved and point.is_minimum == (point.d > 5) for point in found)
    for point in found:
        assert point.d < 10 or abs(float(point.loss["value"]) * point.d - 0.2974) < 0.05


def test_the_pairs_are_those_asked_for(atlas):
    """Counted by hand: 2 + 2 + 3 + 3 + 4."""
    assert [(x.d, x.p) for x in atlas.points] == sorted((d, p) for d in range(4, 9) for p in range(1, 9) if 2 * p <= d)
    assert atlas.pairs == len(atlas.points) == 14
    assert atlas.decided


# Proving an entry again


def test_every_entry_is_proved_again_from_its_numbers(atlas):
    for point in atlas.points:
        check_point(read_point(json.loads(json.dumps(point.to_json()))))


@pytest.mark.parametrize(
    "change",
    [
        lambda x: replace(x, index=x.index + 1),
        lambda x: replace(x, negative=("t",)),
        lambda x: replace(x, loss=x.loss | {"value": str(Fraction(x.loss["value"]) + Fraction(1, 10**9))}),
        lambda x: replace(x, parameters=x.parameters | {"off1": x.parameters["off1"] | {"value": "-0.0503"}}),
        lambda x: replace(x, parameters=x.parameters | {"off1": x.parameters["off1"] | {"radius": "0"}}),
        lambda x: replace(x, parameters=x.parameters | {"w22": {"value": "-0.6", "radius": "1.6"}}),
        lambda x: replace(x, d=7),
        lambda x: AtlasPoint(x.d, x.p, "not known"),
    ],
    ids=["index", "component", "loss", "entry", "radius too small", "ball too large", "d", "undecided"],
)
def test_an_entry_that_is_not_right_is_not_proved_again(atlas, change):
    with pytest.raises(Undecided):
        check_point(change(entry_at(atlas, 6, 1)))


# The store


def test_a_store_that_is_complete_is_left_alone(atlas, content, folder, computed):
    assert run_atlas(8, folder, processes=1).points == atlas.points == read_atlas(folder).points
    assert computed == []
    assert (folder / FILE).read_bytes() == b"".join(content)
    assert len(content) == 1 + 14


def test_after_a_kill_in_the_middle_of_a_line_only_what_is_missing_is_computed(atlas, content, tmp_path, computed):
    store_with(tmp_path, *content[:6], content[6][:40])
    kept = [json.loads(line) for line in content[1:6]]
    assert run_atlas(8, tmp_path, processes=1).points == atlas.points
    assert computed == [pair for pair in pairs(8) if pair not in [(x["d"], x["p"]) for x in kept]]
    assert sorted((tmp_path / FILE).read_bytes().splitlines(keepends=True)) == sorted(content)


@pytest.mark.parametrize("cut", [0, 1, 20, 60])
def test_a_kill_while_the_first_line_is_written(atlas, content, tmp_path, computed, cut):
    assert run_atlas(8, store_with(tmp_path, content[0][:cut]), processes=1).points == atlas.points
    assert (tmp_path / FILE).read_bytes() == b"".join(content)


def test_a_last_line_that_lacks_nothing_but_its_end_is_kept(atlas, content, tmp_path, computed):
    run_atlas(8, store_with(tmp_path, *content[:-1], content[-1][:-1]), processes=1)
    assert computed == []
    assert (tmp_path / FILE).read_bytes() == b"".join(content)


def test_a_larger_atlas_adds_to_a_smaller_one(atlas, folder, content, tmp_path, computed):
    small = run_atlas(6, store_with(tmp_path), processes=1)
    assert [x.d for x in small.points] == [4, 4, 5, 5, 6, 6, 6]
    computed.clear()
    assert run_atlas(8, tmp_path, processes=1).points == atlas.points
    assert {d for d, _ in computed} == {7, 8}
    headers = [json.loads(line) for line in (tmp_path / FILE).read_bytes().splitlines() if b'"format"' in line]
    assert [header["largest"] for header in headers] == [6, 8]
    assert run_atlas(6, folder, processes=1).points == small.points == read_atlas(folder, 6).points


def test_a_run_killed_by_force_goes_on_where_it_was(atlas, content, tmp_path):
    """By two workers, the parent killed, and again by two: the entries that one gives, none twice."""
    script = (
        "import sys, pathlib; from symrelu.proof.atlas import run_atlas; run_atlas(8, pathlib.Path(sys.argv[1]), 2)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    path, deadline = tmp_path / FILE, time.monotonic() + 120
    while not (path.exists() and path.read_bytes().count(b"\n") > 4) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = path.read_bytes()
    before = before[: before.rindex(b"\n") + 1]
    assert 4 < before.count(b"\n") < 15
    told, there = [], before.count(b"\n") - 1
    assert run_atlas(8, tmp_path, 2, lambda done, total: told.append((done, total))).points == atlas.points
    assert told == [(i, 14) for i in range(there + 1, 15)]
    after = path.read_bytes()
    assert after.startswith(before)
    assert sorted(after.splitlines(keepends=True)) == sorted(content)


def test_without_a_folder_nothing_is_written(computed):
    again = run_atlas(4, processes=1)
    assert [(x.d, x.p) for x in again.points] == [(4, 1), (4, 2)]
    assert again.file is None and again.to_json()["files"] == []


def test_an_interrupted_run_keeps_what_is_finished(tmp_path, computed):
    def progress(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        run_atlas(8, tmp_path, 1, progress)
    assert isinstance(caught.value, KeyboardInterrupt)
    assert caught.value.atlas.points == read_atlas(tmp_path, 8).points
    assert len(caught.value.atlas.points) == 3 and not caught.value.atlas.decided
    assert run_atlas(8, tmp_path, 1).decided


def test_only_one_process_writes(content, tmp_path):
    with (
        open_store(store_with(tmp_path, *content[:3])),
        pytest.raises(UsageError, match="another process writes") as caught,
    ):
        run_atlas(8, tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    assert (tmp_path / FILE).read_bytes() == b"".join(content[:3])


FOREIGN = [b"hello\n", b"hello", b'{"a": 1}\n', b"\x00\xff\xfe\n", b"[]\n", b"\n", b'{"format": "symrelu-atlas-2"}\n']


@pytest.mark.parametrize("data", FOREIGN)
def test_a_foreign_file_is_refused_and_left_alone(tmp_path, data):
    with pytest.raises(UsageError, match="no atlas") as caught:
        run_atlas(8, store_with(tmp_path, data), processes=1)
    assert len(str(caught.value).splitlines()) == 1
    assert (tmp_path / FILE).read_bytes() == data


def changed(line, **fields):
    return json.dumps(json.loads(line) | fields).encode() + b"\n"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda line: line[:50] + b"\n", "keys"),
        (lambda line: b"\n", "keys"),
        (lambda line: b"\xff" + line, "keys"),
        (lambda line: b"[" * 100000 + b"\n", "keys"),
        (lambda line: changed(line, more=1), "keys"),
        (lambda line: changed(line, d=3), "integers"),
        (lambda line: changed(line, d=8.0), "integers"),
        (lambda line: changed(line, p=5), "integers"),
        (lambda line: changed(line, p=True), "integers"),
        (lambda line: changed(line, family="M2"), "family"),
        (lambda line: changed(line, outcome="refuted"), "outcome"),
        (lambda line: changed(line, outcome="undecided"), "reason"),
        (lambda line: changed(line, index=None), "index"),
        (lambda line: changed(line, index=-1), "index"),
        (lambda line: changed(line, index=2), "negative"),
        (lambda line: changed(line, index=2, negative=["s3"]), "negative"),
        (lambda line: changed(line, parameters={}), "parameters"),
        (lambda line: changed(line, loss="0.1"), "ball"),
        (lambda line: changed(line, loss={"value": "nan", "radius": "0"}), "ball"),
        (lambda line: changed(line, loss={"value": "0.1", "radius": "-1"}), "ball"),
        (lambda line: line + line, "already"),
    ],
)
def test_a_damaged_line_is_named(content, tmp_path, spoil, said):
    store_with(tmp_path, *content[:2], spoil(content[2]), *content[3:])
    with pytest.raises(UsageError, match=rf"line [34]: .*{said}") as caught:
        run_atlas(8, tmp_path, processes=1)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        run_atlas(4, tmp_path / "file")
    with pytest.raises(UsageError, match="cannot be read"):
        read_atlas(tmp_path / "nothing")
    (tmp_path / FILE).mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        run_atlas(4, tmp_path)


@pytest.mark.parametrize("largest", [3, 0, -8, 10**5])
def test_sizes_out_of_range(largest):
    with pytest.raises(UsageError, match="give a K from 4"):
        run_atlas(largest)


# What is not decided, and what is shown


@pytest.fixture
def hard(monkeypatch):
    """Existence fails at (5, 1), the index at (6, 1), and the tubes of p = 2 end at 5."""
    enclose, index = atlas_point.enclose_point, atlas_point.CriticalPoint.index.fget

    def failing_enclosure(branch, d, digits):
        if d == 5 and branch.definition.name == "II":
            raise Undecided("Krawczyk's test\nfails")
        return enclose(branch, d, digits)

    def failing_index(point):
        if point.d == 6 and point.definition.name == "II":
            raise Undecided("a sign is open")
        return index(point)

    def ending_branch(branch, low, high, answer):
        for start, end, tube in along_branch(branch, low, high, answer):
            if branch.definition.name == "M2" and start < 6:
                raise BranchEnds(start, "the branch is lost")
            yield start, end, tube

    monkeypatch.setattr(atlas_point, "along_branch", ending_branch)
    monkeypatch.setattr(atlas_point, "enclose_point", failing_enclosure)
    monkeypatch.setattr(atlas_point.CriticalPoint, "index", property(failing_index))


def test_what_is_not_decided_is_kept_with_the_reason(hard, tmp_path):
    found = run_atlas(6, tmp_path, processes=1)
    lost = "the branch is not followed there: the branch is lost"
    assert {(x.d, x.p): x.reason for x in found.undecided} == {
        (5, 1): "existence: Krawczyk's test fails",
        (6, 1): "existence is proved; index: a sign is open",
        (4, 2): lost,
        (5, 2): lost,
        (6, 2): lost,
    }
    assert not found.decided
    assert "undecided at (d, p) = (6, 1): existence is proved; index: a sign is open" in found.to_text()
    data = found.to_json()
    assert data["outcome"] == "undecided" and "5 undecided" in data["reason"]
    assert data["families"][0]["undecided"][0] == {"d": 5, "reason": "existence: Krawczyk's test fails"}
    assert data["families"][0]["minimum_from"] is None
    before = (tmp_path / FILE).read_bytes()
    assert run_atlas(6, tmp_path, processes=1).points == found.points
    assert (tmp_path / FILE).read_bytes() == before


def test_the_summary_for_people(atlas, folder):
    text = atlas.to_text()
    assert max(map(len, text.replace(str(folder), "").splitlines())) <= 80
    rows = [line.split("  ") for line in text.splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ["1", "4-8", "4 (2), 5 (3)", "s1", "6-8"] in cells
    assert ["2", "4-8", "4 (3), 5 (5), 6 (4), 7 (4)", "s1, s2, s1*s2", "8"] in cells
    assert "14 of 14 proved, 4 minima and 10 saddles" in " ".join(text.split())
    assert "(4, 2) are not proved different" in text


def test_members_that_are_minima_everywhere_share_a_row():
    points = [AtlasPoint(d, p, None, 0, (), {"value": "1", "radius": "0"}, {}) for d in (20, 21) for p in (9, 10)]
    assert Atlas(21, points).to_text().splitlines()[-1].split() == ["9-10", "all", "all"]


def test_the_least_minimum_counts_from_the_end():
    def member(signs):
        return Member(1, [AtlasPoint(4 + i, 1, None, index) for i, index in enumerate(signs)], 3 + len(signs))

    assert member([0, 1, 0, 0]).minimum_from == 6
    assert member([0, 1, 0, 0]).minima == [4, 6, 7]
    assert member([0, 0, 1]).minimum_from is None
    assert Member(1, member([0, 0]).points, 8).minimum_from is None  # nothing is known at 6, 7, 8


def test_json_and_latex(atlas, folder):
    data = json.loads(json.dumps(atlas.to_json()))
    assert (data["outcome"], data["pairs"], data["proved"], data["minima"]) == ("proved", 14, 14, 4)
    assert [(x["p"], x["family"], x["minimum_from"]) for x in data["families"]] == [
        (1, "II", 6),
        (2, "M2", 8),
        (3, "M3", None),
        (4, "M4", None),
    ]
    assert data["families"][0]["saddles"][1] == {"d": 5, "index": 3, "negative": ["s1"]}
    assert data["larger_isotropy"] == [[4, 2]]
    assert data["files"] == [str(folder / FILE)]
    assert [read_point(x) for x in data["points"]] == atlas.points
    assert r"1 & 4--8 & 4 (2), 5 (3) & $\mathfrak{s}_{1}$ & 6--8 \\" in atlas.to_latex()
    assert "<table>" in atlas._repr_html_() and "14 of 14" in repr(atlas)


def test_neighbours_are_joined():
    assert ranges([]) == "" and ranges([7]) == "7" and ranges([1, 2, 4], "--") == "1--2, 4"
