"""Work spread over a Dask cluster: the same tasks, the same results.

Dask starts a task again elsewhere when a worker is lost; tasks are pure, so nothing changes. Dask is an optional extra.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

from symrelu.arithmetic.outcome import UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://[^\s/]+:\d+")
_PATIENCE = 20  # seconds in which the scheduler has to answer, and in which a first worker has to be there
_AHEAD = 2  # tasks that are given out for each thread of the cluster

_one_at_a_time = Lock()


class Cluster:
    """The engine behind the address of a Dask scheduler, such as tcp://192.168.0.1:8786."""

    def __init__(self, address: str, patience: float = _PATIENCE):
        """UsageError for what is no address, and without the optional extra; nothing is connected yet."""
        if not _ADDRESS.fullmatch(address):
            raise UsageError(f"{address!r} is not the address of a scheduler; write it as in tcp://127.0.0.1:8786")
        try:
            import distributed  # noqa: F401
        except ModuleNotFoundError as error:
            raise UsageError(
                f"--scheduler needs {error.name}; install it with: pip install 'symrelu[cluster]'"
            ) from None
        self.address, self._patience = address, patience

    def __repr__(self) -> str:
        return f"Cluster({self.address})"

    def results(
        self, function: Callable[[Task], Iterable[Result]], tasks: Iterable[Task]
    ) -> Generator[Result, None, None]:
        """All that function(task) yields, for every task, task by task as the workers finish them (processes.Engine).

        UsageError when the scheduler does not answer, has no workers or goes away, and when workers cannot run the task.
        """
        from distributed import as_completed

        waiting = iter(tasks)
        first = list(islice(waiting, 1))
        if not first:
            return
        with self._client() as client:
            threads = self._threads(client)
            first += islice(waiting, max(_AHEAD * threads - 1, 0))
            done = as_completed([_submit(client, function, task) for task in first], loop=client.loop)
            for future in done:
                yield from self._result(future)
                done.update(_submit(client, function, task) for task in islice(waiting, 1))

    @contextmanager
    def _client(self) -> Iterator[Any]:
        from distributed import Client

        log = logging.getLogger("distributed.client")
        before, log.disabled = log.disabled, True  # of a lost connection it writes a traceback; we say it in a line
        try:
            client = Client(self.address, timeout=self._patience, set_as_default=False)
        except (OSError, TimeoutError, ValueError):
            log.disabled = before
            raise UsageError(
                f"no Dask scheduler answers at {self.address}; start one with: dask scheduler, and give its address"
            ) from None
        try:
            yield client
        finally:
            client.close(timeout=5)
            log.disabled = before

    def _threads(self, client: Any) -> int:
        """Those of all workers, when there is one at least."""
        try:
            client.wait_for_workers(1, timeout=self._patience)
        except (TimeoutError, OSError):
            raise UsageError(
                f"the scheduler at {self.address} has no workers; start some with: dask worker {self.address} --nthreads 1"
            ) from None
        return sum(client.nthreads().values())

    def _result(self, future: Any) -> list[Any]:
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            raise UsageError(f"the workers at {self.address} die on a task; see that they have enough memory") from None
        except (CancelledError, OSError):
            raise UsageError(f"the connection with the scheduler at {self.address} was lost") from None
        except ModuleNotFoundError as error:
            raise UsageError(
                f"the workers at {self.address} do not have {error.name}: install the same symrelu there"
            ) from None


def _submit(client: Any, function: Callable[[Any], Iterable[Any]], task: Any) -> Any:
    return client.submit(_all_results, function, task, pure=False)


def _all_results(function: Callable[[Task], Iterable[Result]], task: Task) -> list[Result]:
    """What a worker does. flint's precision belongs to the process: a worker with several threads does one task at a time."""
    with _one_at_a_time:
        return list(function(task))
