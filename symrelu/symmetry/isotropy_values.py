"""Which entries of a matrix are equal: clusters of values, found by their gaps and never by guessing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

_PRECISION = 1e-12  # values closer than this, relative to the largest, are equal whatever else is there
_NOISE = 3e-3  # and noise larger than this is not considered
_DISTINCT = 2.0  # the least ratio of gap to spread at which clusters are looked at


@dataclass(frozen=True)
class Clusters:
    """Entries of a matrix by value.

    `labels` has the shape of the matrix and numbers the clusters by increasing value; `values` are their means;
    `spread` is the largest width of a cluster, `gap` the smallest distance of two neighbouring ones (infinite if there
    is one cluster) and `between` the two neighbours it separates.
    """

    labels: np.ndarray
    values: np.ndarray
    spread: float
    gap: float
    between: tuple[float, float] | None
    floor: float

    @property
    def separation(self) -> float:
        """How much wider the gaps are than the clusters."""
        return self.gap / max(self.spread, self.floor)


def cut(W: np.ndarray, distance: float) -> Clusters:
    """The clusters of the values of W when neighbours up to this distance belong together (single linkage)."""
    flat = W.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    steps = np.diff(ordered)
    starts = np.concatenate([[0], np.nonzero(steps > distance)[0] + 1])
    ends = np.concatenate([starts[1:], [len(ordered)]])
    labels = np.empty(len(flat), int)
    labels[order] = np.repeat(np.arange(len(starts)), ends - starts)
    values = np.add.reduceat(ordered, starts) / (ends - starts)
    gaps = ordered[starts[1:]] - ordered[ends[:-1] - 1]
    narrow = int(gaps.argmin()) if len(gaps) else None
    return Clusters(
        labels.reshape(W.shape),
        values,
        float((ordered[ends - 1] - ordered[starts]).max()),
        np.inf if narrow is None else float(gaps[narrow]),
        None if narrow is None else (float(values[narrow]), float(values[narrow + 1])),
        _PRECISION * float(np.abs(flat).max()),
    )


def separated(W: np.ndarray) -> Iterator[Clusters]:
    """Every clustering whose gaps are at least twice as wide as its clusters, from coarse to fine.

    There are few: from one to the next the spread halves at least.
    """
    scale = float(np.abs(W).max())
    floor = _PRECISION * scale
    distance = _NOISE * scale
    steps = np.unique(np.diff(np.sort(W.ravel())))
    while True:
        clusters = cut(W, distance)
        if clusters.spread <= _NOISE * scale and clusters.gap >= _DISTINCT * max(clusters.spread, floor):
            yield clusters
        below = steps[steps < min(distance, clusters.spread)] if clusters.spread > floor else steps[:0]
        if distance <= floor or not len(below):
            return
        distance = float(_next_distance(below, distance, floor))


def _next_distance(below: np.ndarray, distance: float, floor: float) -> float:
    """The next distance at which to cut: half of the last, or less when no step lies between."""
    smaller = below[below <= distance / 2]
    return max(float(smaller[-1]) if len(smaller) else floor, floor)
