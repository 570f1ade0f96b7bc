"""The atlas of M_p: for every pair (d, p), 4 <= d <= K, 1 <= p <= d/2, the critical point and its index, proved.

Every entry goes to the store (atlas_store.py) as it is finished, so that a run which is killed goes on where it was, and
one with a larger K adds to it. What an entry claims stands in atlas_point.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext
from itertools import groupby
from pathlib import Path

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.processes import Engine, Processes
from symrelu.proof.atlas_point import AtlasPoint, prove_points
from symrelu.proof.atlas_result import Atlas
from symrelu.proof.atlas_store import FILE, open_store, read_store

_SMALLEST, _LARGEST = 4, 10**4

Points = Mapping[tuple[int, int], AtlasPoint]


class Interrupted(KeyboardInterrupt):
    """Raised in place of KeyboardInterrupt: `atlas` holds what was finished."""

    def __init__(self, atlas: Atlas):
        super().__init__()
        self.atlas = atlas


def pairs(largest: int) -> list[tuple[int, int]]:
    """All (d, p) up to d = largest, p by p, each from large d downwards, as a branch is followed.

    >>> pairs(5)
    [(5, 1), (4, 1), (5, 2), (4, 2)]
    """
    return [(d, p) for p in range(1, largest // 2 + 1) for d in range(largest, max(_SMALLEST, 2 * p) - 1, -1)]


def run_atlas(
    largest: int,
    out: Path | None = None,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    engine: Engine | None = None,
) -> Atlas:
    """The atlas up to d = largest; what the store in the folder `out` has already is not computed again.

    By default all cores work, each on another p; `engine` may be another one than so many processes. `progress` is told
    (entries there are, pairs). An entry that cannot be proved is kept as undecided, with the reason. UsageError for a
    `largest` out of range and for a store that is damaged, not ours, or written by another process; Interrupted, with what
    is finished, on Ctrl-C.
    """
    if not _SMALLEST <= largest <= _LARGEST:
        raise UsageError(f"the atlas covers 4 <= d <= K; give a K from {_SMALLEST} to {_LARGEST}, not {largest}")
    with open_store(out) if out is not None else nullcontext() as store:
        points = store.points if store is not None else dict[tuple[int, int], AtlasPoint]()
        wanted = pairs(largest)
        missing = [pair for pair in wanted if pair not in points]
        if missing and store is not None:
            store.begin(largest)
        tasks = [(p, [d for d, _ in group]) for p, group in groupby(missing, key=lambda pair: pair[1])]
        done = len(wanted) - len(missing)
        engine = engine or Processes(processes)
        try:
            with closing(engine.results(prove_points, tasks)) as found:
                for point in found:
                    if store is not None:
                        store.add(point)
                    points[point.d, point.p] = point
                    done += 1
                    if progress:
                        progress(done, len(wanted))
        except KeyboardInterrupt:
            raise Interrupted(_atlas(largest, points, out)) from None
    return _atlas(largest, points, out)


def read_atlas(out: Path, largest: int | None = None) -> Atlas:
    """The atlas in a store, up to d = largest (by default all of it), nothing computed or changed; UsageError as above."""
    points = read_store(out)
    return _atlas(largest or max((d for d, _ in points), default=_SMALLEST), points, out)


def _atlas(largest: int, points: Points, out: Path | None) -> Atlas:
    found = [points[pair] for pair in sorted(pairs(largest)) if pair in points]
    return Atlas(largest, found, None if out is None else str(out / FILE))
