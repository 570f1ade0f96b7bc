"""The search: the same result in one go, in pieces and on several processes; classes up to permutations; interruptions."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import symrelu
from symrelu import UsageError, family
from symrelu.arithmetic.processes import Processes
from symrelu.search.equivalence import equivalent
from symrelu.search.found import describe, described_in_short, groups
from symrelu.search.runs import MINIMUM, NOT_CONVERGED, Run
from symrelu.search.searching import Interrupted, search, stored


def found(result):
    return result.to_json(), [x.runs for x in result.classes], [x.weights.tobytes() for x in result.classes]


@pytest.fixture(scope="module")
def sevens():
    """60 runs at k = d = 7, in this process."""
    return search(7, 7, 60, seed=1, engine=Processes(1))


def test_the_table_holds_the_global_minimum_and_ii_certified(sevens):
    classes = {x.family: x for x in sevens.classes}
    assert set(classes) == {"global", "II"} and sum(x.count for x in sevens.classes) == 60
    assert 50 <= classes["global"].count <= 59  # 473 of 500 in 2006.01005: 56.8 +- 1.7
    II = classes["II"].to_json()
    point = family("II").at(7).point
    assert II["isotropy"] == "Delta(S_6 x S_1)" and II["evidence"] == "certified" and II["status"] == "minimum"
    assert abs(float(II["loss"]["value"]) - float(point.loss.mid())) < 1e-15
    assert abs(float(II["loss"]["value"]) - classes["II"].loss) < 1e-12
    assert abs(float(II["least_eigenvalue"]["value"]) - classes["II"].least_eigenvalue) < 1e-9
    assert float(II["loss"]["radius"]) < 1e-15
    assert classes["global"].to_json()["loss"] == {"value": "0", "radius": "0"}


def test_the_same_in_pieces_and_on_two_processes(sevens, tmp_path):
    path = tmp_path / "store.sqlite"
    first = search(7, 7, 23, seed=1, out=path, engine=Processes(2))
    assert first.runs == 23
    counted = []
    again = search(7, 7, 60, seed=1, out=path, engine=Processes(2), progress=counted.append)
    assert counted == list(range(24, 61))
    assert found(again) == found(sevens)
    assert found(stored(path, 7, 7, 60, seed=1)) == found(sevens)


def test_ways_to_show_it(sevens):
    text = sevens.to_text()
    assert "60 runs, seed 1" in text and "Delta(S_6 x S_1)" in text and "0.023202715" in text
    assert r"$\Delta(S_6 \times S_1)$" in sevens.to_latex() and "toprule" in sevens.to_latex()
    assert "<table>" in sevens._repr_html_()
    assert "2 minima" in repr(sevens)


def test_other_seeds_find_other_runs(sevens):
    other = search(7, 7, 60, seed=2, engine=Processes(1))
    assert [x.runs for x in other.classes] != [x.runs for x in sevens.classes]


def test_the_search_is_in_the_package(sevens):
    from symrelu import search as short

    assert found(short(7, 7, 60, seed=1, engine=Processes(1))) == found(sevens)
    assert symrelu.search is short


def interrupted_at(number):
    def progress(done):
        if done == number:
            raise KeyboardInterrupt

    return progress


def test_ctrl_c_shows_what_was_finished_and_keeps_it(sevens, tmp_path):
    path = tmp_path / "store.sqlite"
    with pytest.raises(Interrupted) as stop:
        search(7, 7, 60, seed=1, out=path, engine=Processes(1), progress=interrupted_at(40))
    result = stop.value.result
    assert result.runs == 40 and "40 of 60 runs" in result.to_text()
    assert {x.isotropy for x in result.classes} <= {"Delta S_7", "Delta(S_6 x S_1)"}
    assert all(x.family is None and x.to_json()["loss"]["radius"] is None for x in result.classes)
    assert found(search(7, 7, 60, seed=1, out=path, engine=Processes(1))) == found(sevens)


SCRIPT = """
import sys
from symrelu.search.searching import search
from symrelu.arithmetic.processes import Processes
search(7, 7, 4000, seed=1, out=sys.argv[1], engine=Processes(1))
"""


def test_killed_at_any_time_nothing_is_lost(sevens, tmp_path):
    """kill -9 while two processes write to the same file; what they wrote is there, and the search goes on."""
    path = tmp_path / "store.sqlite"
    killed = [subprocess.Popen([sys.executable, "-c", SCRIPT, path]) for _ in range(2)]
    seen = 0
    for _ in range(400):
        time.sleep(0.05)
        seen = stored(path, 7, 7, 60, seed=1).runs if path.exists() else 0
        if seen >= 20:
            break
    for process in killed:
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert seen >= 20
    there = stored(path, 7, 7, 60, seed=1)
    assert there.runs >= seen
    assert found(search(7, 7, 60, seed=1, out=path, engine=Processes(1))) == found(sevens)


@pytest.mark.parametrize(("runs", "reason"), [(0, "runs"), (-3, "runs"), (10**9, "runs")])
def test_numbers_of_runs_that_make_no_sense(runs, reason):
    with pytest.raises(UsageError, match=reason):
        search(6, 6, runs)


def permuted(W, random):
    return W[random.permutation(W.shape[0])][:, random.permutation(W.shape[1])]


def test_equivalent_up_to_permutations_and_rounding():
    random = np.random.default_rng(0)
    circulant = np.array([[(j - i) % 6 for j in range(6)] for i in range(6)], float)
    dense = random.standard_normal((7, 6))
    blocks = np.eye(6) + 0.1
    blocks[5] -= 0.3
    for W in (circulant, dense, blocks, np.zeros((4, 4)), np.eye(12)[:, ::-1]):
        noise = 1e-9 * random.standard_normal(W.shape)
        assert equivalent(W, permuted(W, random) + noise)
        other = permuted(W, random)
        other[0, 0] += 1e-3
        assert not equivalent(W, other)
    assert not equivalent(np.zeros((2, 3)), np.zeros((3, 2)))


def test_equal_rows_and_columns_sums_do_not_make_them_equivalent():
    """A hexagon and two triangles: colour refinement alone does not tell them apart."""
    hexagon, triangles = np.zeros((6, 6)), np.zeros((6, 6))
    for i in range(6):
        hexagon[i, [i, (i + 1) % 6]] = 1
        triangles[i, [i, 3 * (i // 3) + (i + 1) % 3]] = 1
    assert not equivalent(hexagon, triangles)
    assert equivalent(hexagon, hexagon.T[::-1])


def a_run(number, W, loss=0.1, status=MINIMUM):
    return Run(number, status, 1, loss, 0.1, np.asarray(W, float))


def test_groups_need_more_than_equal_loss_and_entries():
    W, V = [[1, 2], [3, 4]], [[1, 2], [4, 3]]
    runs = [a_run(0, W), a_run(1, V), a_run(2, [[4, 3], [2, 1]]), a_run(3, W, 0.2), a_run(4, W, 5.0, NOT_CONVERGED)]
    classes = groups(runs)
    assert [[run.run for run in x.members] for x in classes] == [[0, 2], [1], [3], [4]]
    assert [x.status for x in classes] == [MINIMUM] * 3 + [NOT_CONVERGED]


def test_what_is_no_family_is_described_by_its_isotropy():
    ((number, description),) = describe((3, np.array([[1.0, 2], [2, 1], [3, 3]])))
    assert number == 3 and description == described_in_short(np.array([[1.0, 2], [2, 1], [3, 3]]))
    assert (description.family, description.isotropy, description.certified) == (None, "Delta S_2", False)
