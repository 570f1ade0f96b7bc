"""Results of several processes: all of them, errors passed on, a death reported, nothing left behind."""

import multiprocessing
import os

import pytest

from symrelu import UsageError
from symrelu.arithmetic.processes import Processes, results

# Functions that a new process can import: range yields the numbers below its task.


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_all_results_of_all_tasks(processes):
    assert sorted(results(range, [3, 0, 2, 4], processes)) == [0, 0, 0, 1, 1, 1, 2, 2, 3]
    assert multiprocessing.active_children() == []


def test_one_process_works_in_order_in_this_one():
    here = []
    assert list(results(lambda task: here.append(task) or [task, task], [1, 2], 1)) == [1, 1, 2, 2]
    assert here == [1, 2]


def test_no_task():
    assert list(results(range, [], 4)) == []


def test_a_process_that_dies_is_reported():
    with pytest.raises(UsageError, match="a worker process died"):
        list(results(os._exit, [3, 3], 2))


def test_what_the_function_raises_is_raised():
    with pytest.raises(TypeError):
        list(results(range, [1, "x"], 2))


def test_results_that_nobody_wants_any_more():
    several = results(range, [10**9, 10**9], 2)
    assert next(several) == 0
    several.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("processes", [1, 2])
def test_tasks_are_asked_for_when_there_is_room(processes):
    asked = []

    def tasks():
        for n in range(100):
            asked.append(n)
            yield n + 1

    several = Processes(processes).results(range, tasks())
    next(several)
    assert len(asked) <= processes + 1
    assert len(list(several)) == sum(range(1, 101)) - 1
    assert asked == list(range(100))


def test_less_than_one_process_makes_no_sense():
    with pytest.raises(UsageError, match="at least one process"):
        Processes(0)
