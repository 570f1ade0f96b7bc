"""The store: nothing lost, nothing twice, work shared between processes, searches apart, other files refused."""

import sqlite3
import threading

import numpy as np
import pytest

from symrelu import UsageError
from symrelu.search.runs import Run, batch_size
from symrelu.search.settings import Settings
from symrelu.search.store import open_store

SETTINGS = Settings(30, 40)  # two runs in a batch
BATCH = batch_size(SETTINGS)


def run(number, value=1.5):
    return Run(number, "minimum", 10 * number, value, 0.25, np.full((40, 30), value))


def same(found, expected):
    return all(
        a._replace(weights=None) == b._replace(weights=None) and a.weights.tobytes() == b.weights.tobytes()
        for a, b in zip(found, expected, strict=True)
    )


def numbers(tasks):
    return [list(task[1]) for task in tasks]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


def test_what_was_added_is_there_when_opened_again(path):
    assert BATCH == 1
    kept = [run(3, 0.1), run(1, 1 / 3), Run(2, "zero loss", 7, -1e-17, None, np.full((40, 30), 1e-300))]
    with open_store(path, SETTINGS) as store:
        for each in kept:
            store.add(each)
        store.add(run(3, 9.0))  # done a second time: kept once
    with open_store(path, SETTINGS) as store:
        assert same(store.runs(10), [kept[1], kept[2], kept[0]])
        assert same(store.runs(3), [kept[1], kept[2]])
        assert (store.count(10), store.count(3)) == (3, 2)


def test_other_settings_are_another_search_in_the_same_file(path):
    for settings in (SETTINGS, Settings(30, 40, seed=1), Settings(30, 40, step=0.1)):
        with open_store(path, settings) as store:
            assert store.count(10) == 0
            store.add(run(1))
    with open_store(path, SETTINGS) as store:
        assert store.count(10) == 1


def test_tasks_are_the_runs_that_are_missing():
    settings = Settings(20, 30)
    size = batch_size(settings)
    assert size == 3
    with open_store(None, settings) as store:
        for number in (1, 3, 4, 5):
            store.add(Run(number, "minimum", 1, 0.0, 1.0, np.zeros((30, 20))))
        assert numbers(store.missing_tasks(8)) == [[0, 2], [6, 7]]


def test_two_processes_share_the_work(path):
    with open_store(path, SETTINGS) as one, open_store(path, SETTINGS) as two:
        tasks = one.missing_tasks(6), two.missing_tasks(6)
        done = []
        for turn in (0, 1, 0, 1, 1, 0):
            task = next(tasks[turn])
            done += task[1]
            (one, two)[turn].add(run(task[1][0]))
        assert sorted(done) == list(range(6))
        assert (list(tasks[0]), list(tasks[1])) == ([], [])


def test_what_another_process_claimed_and_did_not_finish_comes_last(path):
    with open_store(path, SETTINGS) as killed:
        assert next(killed.missing_tasks(4))[1] == (0,)
        with open_store(path, SETTINGS) as store:
            assert numbers(store.missing_tasks(4)) == [[1], [2], [3], [0]]


def test_claims_are_given_back(path):
    with open_store(path, SETTINGS) as store:
        next(store.missing_tasks(4))
    with open_store(path, SETTINGS) as store:
        assert numbers(store.missing_tasks(4)) == [[0], [1], [2], [3]]


def test_many_writers_at_once(path):
    """Each its own connection; all open the new file at the same time."""
    errors = []

    def write(first):
        try:
            with open_store(path, SETTINGS) as store:
                for number in range(first, 80, 2):  # every run is written by two
                    store.add(run(number))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with open_store(path, SETTINGS) as store:
        assert same(store.runs(100), [run(number) for number in range(80)])


def test_an_empty_file_becomes_a_store(path):
    path.touch()
    with open_store(path, SETTINGS) as store:
        store.add(run(0))


@pytest.mark.parametrize("content", [b"neither this nor that, but long enough " * 30, bytes(range(256)) * 20])
def test_a_file_of_another_kind(path, content):
    path.write_bytes(content)
    with pytest.raises(UsageError, match=f"{path}: no store of symrelu"), open_store(path, SETTINGS):
        pass
    assert path.read_bytes() == content


def test_a_database_of_somebody_else(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE addresses (name TEXT)")
    database.commit()
    database.close()
    before = path.read_bytes()
    with pytest.raises(UsageError, match="no store of symrelu"), open_store(path, SETTINGS):
        pass
    assert path.read_bytes() == before


def test_a_store_of_another_version(path):
    with open_store(path, SETTINGS):
        pass
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(UsageError, match="version 99"), open_store(path, SETTINGS):
        pass


def test_a_damaged_store(path):
    with open_store(path, SETTINGS) as store:
        for number in range(20):
            store.add(run(number))
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = bytes(len(content) - 4096 * 2)
    path.write_bytes(content)
    with pytest.raises(UsageError, match="store"), open_store(path, SETTINGS) as store:
        store.runs(100)


def test_weights_that_were_cut_off(path):
    with open_store(path, SETTINGS) as store:
        store.add(run(0))
    database = sqlite3.connect(path)
    database.execute("UPDATE runs SET weights = x'00'")
    database.commit()
    database.close()
    with pytest.raises(UsageError, match="run 0 is damaged"), open_store(path, SETTINGS) as store:
        store.runs(1)


def test_no_file_to_write(tmp_path):
    for where in (tmp_path, tmp_path / "nowhere" / "store.sqlite"):
        with pytest.raises(UsageError, match="cannot be used"), open_store(where, SETTINGS):
            pass
