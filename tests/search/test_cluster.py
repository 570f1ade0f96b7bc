"""A Dask cluster of real processes: the results of this machine, also when a worker is killed; and what goes wrong."""

import json
import os
import subprocess
import sys
import time

import pytest

from symrelu import UsageError
from symrelu.arithmetic.cluster import Cluster
from symrelu.arithmetic.processes import Processes
from symrelu.proof.atlas import run_atlas
from symrelu.search.searching import search

# Dask leaves sockets and loops to the garbage collector when workers die.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def dask(*words):
    """A process of its own, as an administrator starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def scheduler_at(folder):
    """(process, address) of a new scheduler."""
    path = folder / "scheduler.json"
    process = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(path))
    for _ in range(300):
        try:
            return process, json.loads(path.read_text())["address"]
        except (OSError, ValueError):  # not there, or not written to its end
            time.sleep(0.05)
    end(process)
    raise AssertionError("the scheduler does not start")


def worker_of(address, folder):
    options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
    return dask("worker", address, *options)


def end(*processes):
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler with one worker that stays."""
    folder = tmp_path_factory.mktemp("dask")
    scheduler, address = scheduler_at(folder)
    worker = worker_of(address, folder)
    yield address
    end(worker, scheduler)


@pytest.fixture
def second(cluster, tmp_path):
    """A second worker, which the scheduler knows."""
    from distributed import Client

    worker = worker_of(cluster, tmp_path)
    with Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield worker
    end(worker)


def found(result):
    return result.to_json(), [x.weights.tobytes() for x in result.classes], [x.runs for x in result.classes]


def test_a_search_survives_a_worker_and_is_that_of_one_process(cluster, second):
    seen = []

    def kill_one(done):
        if not seen:
            end(second)
        seen.append(done)

    there = search(6, 6, 500, seed=4, engine=Cluster(cluster), progress=kill_one)
    assert seen == list(range(1, 501))
    assert found(there) == found(search(6, 6, 500, seed=4, engine=Processes(1)))


def test_the_atlas_survives_a_worker_and_is_that_of_one_process(cluster, second):
    def kill_one(done, _):
        if done == 1:
            end(second)

    there = run_atlas(6, engine=Cluster(cluster), progress=kill_one)
    assert second.poll() is not None
    assert there == run_atlas(6, processes=1)


def test_what_a_task_raises_is_raised(cluster):
    with pytest.raises(TypeError):
        list(Cluster(cluster).results(range, ["x"]))


def test_tasks_are_asked_for_when_there_is_room(cluster):
    asked = []

    def tasks():
        for n in range(100):
            asked.append(n)
            yield 1

    results = Cluster(cluster).results(range, tasks())
    assert next(results) == 0
    assert len(asked) < 10
    results.close()


def test_no_task_needs_no_scheduler():
    assert list(Cluster("tcp://127.0.0.1:1").results(range, [])) == []


@pytest.mark.parametrize("address", ["", "127.0.0.1", "tcp://127.0.0.1", "http://127.0.0.1:80", "tcp://a b:1"])
def test_what_is_no_address(address):
    with pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:8786"):
        Cluster(address)


def test_nobody_answers():
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        list(Cluster("tcp://127.0.0.1:9", patience=1).results(range, [1]))


def test_a_scheduler_without_workers_and_one_that_is_killed(tmp_path, capfd):
    scheduler, address = scheduler_at(tmp_path)
    worker = None
    try:
        with pytest.raises(UsageError, match=f"dask worker {address}"):
            list(Cluster(address, patience=1).results(range, [1]))
        worker = worker_of(address, tmp_path)
        results = Cluster(address).results(range, iter([1] * 100))
        assert next(results) == 0
        scheduler.kill()
        with pytest.raises(UsageError, match=f"connection with the scheduler at {address} was lost"):
            list(results)
        assert "Traceback" not in capfd.readouterr().err
    finally:
        end(scheduler, *([worker] if worker else []))


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"symrelu\[cluster\]"):
        Cluster("tcp://127.0.0.1:8786")


def test_a_worker_with_several_threads_does_one_task_at_a_time():
    """flint's precision belongs to the process."""
    from concurrent.futures import ThreadPoolExecutor

    from symrelu.arithmetic import cluster

    active, most = [0], [0]

    def task(_):
        active[0] += 1
        most[0] = max(most[0], active[0])
        time.sleep(0.01)
        active[0] -= 1
        return [os.getpid()]

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda n: cluster._all_results(task, n), range(4)))
    assert results == [[os.getpid()]] * 4
    assert most == [1]
