"""Work spread over processes, results as they are finished.

Nothing of flint can be pickled: tasks and results are made of integers and strings.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar

from symrelu.arithmetic.outcome import UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")


def finished(function: Callable[[Task], Result], tasks: Iterable[Task], processes: int) -> Iterator[Result]:
    """function(task) for every task, in the order in which they are finished; with one process, in this one.

    The processes are new ones, which import the function. They share nothing with this one and end with it, however it
    ends (kill -9 too); Ctrl-C is left to this process, and what they are at then is finished and forgotten. UsageError
    when one of them dies.
    """
    if processes == 1:
        yield from map(function, tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin) as pool:
        try:
            with _no_interrupt():
                waiting = [pool.submit(function, task) for task in tasks]
            for done in as_completed(waiting):
                yield done.result()
        except BrokenProcessPool:
            raise UsageError(
                "a worker process died; ask for one process, or see that there is memory for all of them and that a "
                "script starts them below if __name__ == '__main__'"
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits: processes started meanwhile never see it, not even before _begin is reached."""
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
