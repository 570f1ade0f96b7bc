"""The search: runs on an engine, into a store as they come, and at the end the table of what was found.

What a run finds depends on the settings and its number alone (runs.py): neither the engine, nor the number of processes,
nor an interruption changes the result.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.processes import Engine, Processes
from symrelu.search.found import Description, describe, described_in_short, groups
from symrelu.search.runs import MINIMUM, Run, do_runs
from symrelu.search.search_result import FoundClass, SearchResult
from symrelu.search.settings import Settings
from symrelu.search.store import Store, open_store

_MOST_RUNS = 10**7

Progress = Callable[[int], None]


class Interrupted(KeyboardInterrupt):
    """Raised in place of KeyboardInterrupt: `result` holds what was finished, its families not named."""

    def __init__(self, result: SearchResult):
        super().__init__()
        self.result = result


def search(
    inputs: int,
    neurons: int,
    runs: int,
    seed: int = 0,
    out: Path | str | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
    *,
    method: str = "gd",
    step: float | None = None,
    start: str = "normal",
    variance: float | None = None,
) -> SearchResult:
    """Minima of the loss that descent from so many random starts finds, up to permutations, with their families.

    `out` is the store, a file; runs that it has are not done again. The other settings are explained at Settings. UsageError
    for settings that make no sense and for a file that is no store; Interrupted, with what is finished, on Ctrl-C.
    """
    settings = Settings(inputs, neurons, seed, method, step, start, variance)
    if not 1 <= runs <= _MOST_RUNS:
        raise UsageError(f"runs: give a number from 1 to {_MOST_RUNS}, not {runs}")
    engine = engine or Processes()
    with open_store(None if out is None else Path(out), settings) as store:
        try:
            _do(store, runs, engine, progress)
            found = store.runs(runs)
            return _result(settings, runs, found, out, engine)
        except KeyboardInterrupt:
            raise Interrupted(_result(settings, runs, store.runs(runs), out, None)) from None


def stored(
    out: Path | str, inputs: int, neurons: int, runs: int, seed: int = 0, **further: float | str | None
) -> SearchResult:
    """What a store has of a search, no run done; settings as in `search`."""
    settings = Settings(inputs, neurons, seed, **further)  # type: ignore[arg-type]
    with open_store(Path(out), settings) as store:
        return _result(settings, runs, store.runs(runs), out, Processes(1))


def _do(store: Store, runs: int, engine: Engine, progress: Progress | None) -> None:
    done = store.count(runs)
    with closing(engine.results(do_runs, store.missing_tasks(runs))) as results:
        for run in results:
            store.add(run)
            done += 1
            if progress:
                progress(min(done, runs))


def _result(
    settings: Settings, runs: int, found: list[Run], out: Path | str | None, engine: Engine | None
) -> SearchResult:
    """The table; without an engine no class is classified further than its isotropy group."""
    classes = groups(found)
    tasks = [(number, group.weights) for number, group in enumerate(classes) if group.status == MINIMUM]
    descriptions: dict[int, Description]
    if engine is None:
        descriptions = {number: described_in_short(weights) for number, weights in tasks}
    else:
        with closing(engine.results(describe, tasks)) as results:
            descriptions = dict(results)
    return SearchResult(
        settings,
        runs,
        [FoundClass.of(group, descriptions.get(number)) for number, group in enumerate(classes)],
        None if out is None else str(out),
    )
