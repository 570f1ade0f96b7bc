"""The store of searches: an SQLite file to which several processes may write, and which survives being killed.

Each run is a row of its own, written when it has ended and in the file for good then. Searches with other settings stand
beside each other. Work is shared by claims: a batch that another process has claimed is done last, in case that it was
killed; a run that is done twice gives the same, and is kept once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import numpy as np

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.runs import Run, Task, batch_size
from symrelu.search.settings import Settings

_APPLICATION = 0x53594D52  # "SYMR", in the header of the file
_VERSION = 1
_PATIENCE = 60.0  # seconds to wait for another writer
_TABLES = """
CREATE TABLE IF NOT EXISTS searches (id INTEGER PRIMARY KEY, settings TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS runs (
    search INTEGER NOT NULL, run INTEGER NOT NULL, status TEXT NOT NULL, steps INTEGER NOT NULL, loss REAL,
    least_eigenvalue REAL, weights BLOB NOT NULL, PRIMARY KEY (search, run)
);
CREATE TABLE IF NOT EXISTS claims (
    search INTEGER NOT NULL, first INTEGER NOT NULL, claimant TEXT NOT NULL, PRIMARY KEY (search, first)
);
"""


class Store:
    """The runs of one search in a store that is open."""

    def __init__(self, connection: sqlite3.Connection, path: str, settings: Settings):
        self._connection, self._path, self._settings = connection, path, settings
        self._claimant = uuid4().hex
        self._batch = batch_size(settings)
        key = settings.key()
        self._change("INSERT OR IGNORE INTO searches (settings) VALUES (?)", key)
        ((self._search,),) = self._ask("SELECT id FROM searches WHERE settings = ?", key)

    def add(self, run: Run) -> None:
        """Keep a run; one that is there already stays as it is."""
        self._change(
            "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(self._search, run.run, run.status, run.steps, run.loss, run.least_eigenvalue),
            np.ascontiguousarray(run.weights, "<f8").tobytes(),
        )

    def count(self, runs: int) -> int:
        """How many of the first so many runs there are."""
        ((found,),) = self._ask("SELECT COUNT(*) FROM runs WHERE search = ? AND run < ?", self._search, runs)
        return found

    def runs(self, runs: int) -> list[Run]:
        """Those of the first so many runs that there are, in their order."""
        rows = self._ask(
            "SELECT run, status, steps, loss, least_eigenvalue, weights FROM runs WHERE search = ? AND run < ? ORDER BY run",
            self._search,
            runs,
        )
        return [self._read(*row) for row in rows]

    def missing_tasks(self, runs: int) -> Iterator[Task]:
        """Tasks for those of the first so many runs that are not there when the task is asked for.

        First the batches that no process has claimed, then those of others, who may have been killed.
        """
        batches, mine = range(0, runs, self._batch), set[int]()
        for unclaimed in (True, False):
            for first in batches:
                if first in mine or (unclaimed and not self._claim(first)):
                    continue
                mine.add(first)
                missing = self._missing(first, min(first + self._batch, runs))
                if missing:
                    yield self._settings.key(), missing

    def _claim(self, first: int) -> bool:
        """Whether the batch from this run on was free, and is ours now."""
        change = "INSERT OR IGNORE INTO claims VALUES (?, ?, ?)"
        return self._change(change, self._search, first, self._claimant) == 1

    def give_back(self) -> None:
        """Give up our claims: what is not done of them is anybody's."""
        self._change("DELETE FROM claims WHERE search = ? AND claimant = ?", self._search, self._claimant)

    def _missing(self, first: int, last: int) -> tuple[int, ...]:
        rows = self._ask("SELECT run FROM runs WHERE search = ? AND run >= ? AND run < ?", self._search, first, last)
        there = {run for (run,) in rows}
        return tuple(run for run in range(first, last) if run not in there)

    def _read(self, run: int, status: str, steps: int, loss: float, least: float | None, weights: bytes) -> Run:
        shape = self._settings.neurons, self._settings.inputs
        if len(weights) != 8 * shape[0] * shape[1]:
            raise UsageError(
                f"{self._path}: run {run} is damaged: its weights are not of shape {shape}; use another file"
            )
        loss = float("nan") if loss is None else loss  # SQLite has no NaN
        return Run(run, status, steps, loss, least, np.frombuffer(weights, "<f8").reshape(shape).astype(float))

    def _ask(self, question: str, *values: object) -> list[tuple]:
        with _in_words(self._path):
            return self._connection.execute(question, values).fetchall()

    def _change(self, change: str, *values: object) -> int:
        """The number of rows that changed; on return the change is in the file."""
        with _in_words(self._path):
            return self._connection.execute(change, values).rowcount


@contextmanager
def open_store(path: Path | None, settings: Settings) -> Iterator[Store]:
    """The store in a file, made if it is not there; in memory without one. UsageError for a file that is none of ours."""
    name = ":memory:" if path is None else str(path)
    with _in_words(name):
        connection = sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None)
    try:
        with _in_words(name):
            _prepare(connection, name)
        store = Store(connection, name, settings)
        try:
            yield store
        finally:
            store.give_back()
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, name: str) -> None:
    """Make the tables in a new file, and see that any other is a store."""
    connection.execute("BEGIN IMMEDIATE")  # two processes may come with the same new file
    (application,), (version,) = (
        connection.execute(f"PRAGMA {x}").fetchone() for x in ("application_id", "user_version")
    )
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if tables and application != _APPLICATION:
        raise UsageError(f"{name}: this is a database, but no store of symrelu; give another file")
    if tables and version != _VERSION:
        raise UsageError(f"{name}: a store of version {version}, written by another symrelu; give another file")
    if not tables:
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        for statement in _TABLES.split(";"):
            connection.execute(statement)
    connection.execute("COMMIT")
    # Readers and writers do not wait for each other, and what was written outlives a process that is killed.
    with suppress(sqlite3.OperationalError):  # another process is just doing it
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise UsageError(f"{name}: the store cannot be used ({error}); give another file") from None
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{name}: no store of symrelu, or a damaged one ({error}); give another file") from None
