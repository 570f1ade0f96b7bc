"""Work spread over processes, results as they come.

Nothing of flint can be pickled: tasks and results are made of integers, strings and arrays.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

from symrelu.arithmetic.outcome import UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

_NEXT = None  # what a worker says when it has done a task: no task and no result is None


class Engine(Protocol):
    """Something that works on tasks: processes of this machine, or a cluster (search/cluster.py)."""

    def results(
        self, function: Callable[[Task], Iterable[Result]], tasks: Iterable[Task]
    ) -> Generator[Result, None, None]:
        """All that function(task) yields, for every task, as it comes. Tasks are asked for when there is room for one.

        The function is one of a module and depends on its task alone: a task may be done again when a worker is lost.
        """
        ...


@dataclass(frozen=True)
class Processes:
    """The engine of this machine: so many processes, by default one for each core."""

    count: int | None = None

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 1:
            raise UsageError(f"at least one process is needed, not {self.count}")

    def results(
        self, function: Callable[[Task], Iterable[Result]], tasks: Iterable[Task]
    ) -> Generator[Result, None, None]:
        return results(function, tasks, self.count or os.cpu_count() or 1)


def results(
    function: Callable[[Task], Iterable[Result]], tasks: Iterable[Task], processes: int
) -> Generator[Result, None, None]:
    """All that function(task) yields, for every task, as it comes from so many processes; with one, from this one.

    The processes are new ones, which import the function; a task is taken from `tasks` when a process is free for it. They
    share nothing but a pipe with this one, see no Ctrl-C, and end with it, however it ends (kill -9 too), or when the
    iterator is closed. UsageError when one of them dies; what the function raises is raised here.
    """
    waiting = iter(tasks)
    first = list(islice(waiting, processes))
    if len(first) <= 1:
        for task in chain(first, waiting):
            yield from function(task)
        return
    workers: dict[Any, Any] = {}
    try:
        with _no_interrupt():
            for _ in first:
                _start(function, workers)
        busy: set[Any] = set(workers)
        for pipe, task in zip(workers, first, strict=True):
            pipe.send(task)
        while busy:
            ready: list[Any] = list(wait(busy))
            for pipe in ready:
                found = _receive(pipe)
                if found is not _NEXT:
                    yield found
                    continue
                task = next(waiting, _NEXT)
                if task is _NEXT:
                    busy.remove(pipe)
                else:
                    pipe.send(task)
    finally:
        for process in workers.values():
            process.terminate()
        for pipe, process in workers.items():
            process.join()
            pipe.close()


def _start(function: Callable[[Any], Iterable[Any]], workers: dict[Any, Any]) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(function, there), daemon=True)
    process.start()
    there.close()  # so that its end is seen when the worker dies
    workers[here] = process


def _receive(pipe: Any) -> Any:
    try:
        found = pipe.recv()
    except (EOFError, OSError):
        raise UsageError(
            "a worker process died; ask for one process, or see that there is memory for all of them and that a "
            "script starts them below if __name__ == '__main__'"
        ) from None
    if isinstance(found, BaseException):
        raise found
    return found


def _work(function: Callable[[Any], Iterable[Any]], pipe: Connection) -> None:
    """A worker's life: it ends when nobody is there to send a task or to take a result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            task = pipe.recv()
            try:
                for found in function(task):
                    pipe.send(found)
            except (EOFError, OSError):
                raise
            except Exception as error:
                pipe.send(error)
            pipe.send(_NEXT)
    except (EOFError, OSError):
        return


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits: processes started meanwhile never see it, not even before they have come to say so."""
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
