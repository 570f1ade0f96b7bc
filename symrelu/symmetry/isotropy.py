"""The isotropy group of a weight matrix: all pairs of row and column permutations that leave it as it is.

G = {(P, Q) in S_k x S_d : P W Q^T = W} for neurons as rows. Entries are compared by clusters (isotropy_values.py), the
group is then found exactly. Source: Arjevani & Field 2020 (2008.01805), section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, prod

import numpy as np

from symrelu.arithmetic.outcome import UsageError
from symrelu.symmetry.colouring import Array, RowMultiset, exchange_classes, generators
from symrelu.symmetry.isotropy_values import Clusters, cut, separated

_CLEAR = 10.0  # gaps that many times wider than the clusters leave no doubt


class Ambiguous(UsageError):
    """Noise and gaps between entries cannot be told apart."""


@dataclass(frozen=True)
class Orbit:
    """A row orbit of the Young subgroup: `rows` are indices into W.

    `attached` is the block (from 0) whose columns the rows follow, row n with column n of that block; None for a single
    row.
    """

    rows: tuple[int, ...]
    attached: int | None


@dataclass(frozen=True)
class Isotropy:
    """The isotropy group of W and the order of rows and columns that shows it.

    `W[rows][:, columns]` is in block form: columns in `blocks` of the given sizes, rows by `orbits`. `order` is that of
    the whole group. It contains the Young subgroup S_{n_1} x ... x S_{n_r} of all products of column transpositions (with
    the row permutations that undo them); `further` is the number of its cosets that move blocks, and `copies` the order
    of the group of pure row permutations (equal rows). Where the Young subgroup has an orbit that is neither a single row
    nor follows one block, `blocks` and `orbits` are those of a smaller one, and `reduced` says so.
    """

    name: str
    order: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    blocks: tuple[int, ...]
    orbits: tuple[Orbit, ...]
    young: tuple[int, ...]
    further: int
    copies: int
    generators: tuple[tuple[int, ...], ...]
    reduced: bool
    distinct: tuple[float, ...]
    spread: float
    gap: float

    def __repr__(self) -> str:
        return f"Isotropy({self.name}, order {self.order})"


def isotropy(W: Array, tolerance: float | None = None) -> Isotropy:
    """The isotropy group of W (k, d), neurons as rows.

    Entries up to `tolerance` apart are equal. Without one, every scale is tried at which the clusters of values are
    clearly narrower than the gaps between them, and the best separated one with symmetry is taken. `Ambiguous` when scales of
    similar quality give different groups: nothing is guessed.

    >>> isotropy(np.diag([1.0, 1, 1, -1]) + 0.1)
    Isotropy(Delta(S_3 x S_1), order 6)
    """
    W = np.asarray(W, float)
    if W.ndim != 2 or W.size == 0:
        raise UsageError(f"an array of shape {W.shape} is no weight matrix; give one of shape (neurons, inputs)")
    if not np.isfinite(W).all():
        raise UsageError("the matrix contains NaN or infinite entries; give finite numbers")
    return _at_best_scale(W) if tolerance is None else _at_tolerance(W, tolerance)


def _at_tolerance(W: Array, tolerance: float) -> Isotropy:
    clusters = cut(W, tolerance)
    found = _group(W, clusters)
    if clusters.gap < 3 * clusters.spread:
        for distance in (tolerance / 10, tolerance * 10):
            other = _group(W, cut(W, distance))
            if other.order != found.order:
                raise _ambiguous(clusters, found, other)
    return found


def _at_best_scale(W: Array) -> Isotropy:
    seen = [(clusters, _group(W, clusters)) for clusters in separated(W)]
    symmetric = [(clusters, group) for clusters, group in seen if group.order > 1]
    if not symmetric:
        finest = cut(W, 0.0)
        return seen[-1][1] if seen else _group(W, finest)
    clusters, group = max(symmetric, key=lambda pair: pair[0].separation)
    # Coarser clusters may be those of a nearby point with more symmetry; structure below what is taken as noise is no noise.
    rivals = [
        (c, other)
        for c, other in symmetric
        if other.order != group.order and (c.spread < clusters.spread or c.separation > clusters.separation / _CLEAR)
    ]
    if rivals:
        raise _ambiguous(rivals[0][0], group, rivals[0][1])
    if clusters.separation < _CLEAR:
        raise _ambiguous(clusters, group, None)
    return group


def _ambiguous(clusters: Clusters, group: Isotropy, other: Isotropy | None) -> Ambiguous:
    low, high = clusters.between or (0.0, 0.0)
    groups = group.name if other is None else f"{group.name} or {other.name}"
    return Ambiguous(
        f"the isotropy group is not clear ({groups}): the entries near {low:.8g} and near {high:.8g} are {clusters.gap:.2g} "
        f"apart while entries taken as equal differ by up to {clusters.spread:.2g}; give more exact weights or a tolerance"
    )


def _group(W: Array, clusters: Clusters) -> Isotropy:
    C = clusters.labels
    multiset = RowMultiset(C)
    young = sorted(exchange_classes(C, multiset), key=lambda block: (-len(block), *_typical(W, block), int(block[0])))
    # Elements that keep the order within blocks: one for each coset of the Young subgroup.
    position = np.empty(C.shape[1], int)
    for block in young:
        position[block] = np.arange(len(block)) * (C.shape[1] + 1) + len(block)
    further_generators, further = generators(C, multiset, position)
    _, equal = np.unique(C, axis=0, return_counts=True)
    copies = prod(factorial(int(n)) for n in equal)
    order = further * copies * prod(factorial(len(block)) for block in young)
    blocks, orbits = _orbits(W, C, young)
    orbits = sorted(orbits, key=lambda orbit: _place(W, orbit, blocks))
    sizes = tuple(len(block) for block in young)
    return Isotropy(
        _name(sizes, further, copies),
        order,
        tuple(row for orbit in orbits for row in orbit.rows),
        tuple(int(j) for block in blocks for j in block),
        tuple(len(block) for block in blocks),
        tuple(orbits),
        sizes,
        further,
        copies,
        tuple(tuple(int(j) for j in Q) for Q in further_generators),
        len(blocks) > len(young),
        tuple(float(v) for v in clusters.values),
        clusters.spread,
        clusters.gap,
    )


def _typical(W: Array, block: Array) -> tuple[float, ...]:
    """Something by which blocks of one size are told apart whatever the order of rows and columns."""
    return tuple(np.round(np.sort(W[:, block[0]]), 6))


def _name(sizes: tuple[int, ...], further: int, copies: int) -> str:
    if max(sizes) == 1:
        young = "trivial"
    else:
        factors = [f"S_{n}" if n < 10 else f"S_{{{n}}}" for n in sizes]
        young = f"Delta {factors[0]}" if len(factors) == 1 else f"Delta({' x '.join(factors)})"
    more = [f"{further} cosets that move blocks"] if further > 1 else []
    more += [f"{copies} permutations of equal rows"] if copies > 1 else []
    if young == "trivial" and more:
        return "no Delta factor, " + ", ".join(more)
    return ", ".join([young, *more])


def _orbits(W: Array, C: Array, blocks: list[Array]) -> tuple[list[Array], list[Orbit]]:
    """The row orbits of the Young subgroup, or of a smaller one where it has orbits of other kinds.

    A block that an orbit of another kind needs is split into single columns; in the end every row is free.
    """
    while True:
        splits, orbits = _try_orbits(W, C, blocks)
        if not splits:
            return blocks, orbits
        blocks = [
            part for a, block in enumerate(blocks) for part in (np.split(block, len(block)) if a in splits else [block])
        ]
        blocks.sort(key=lambda block: -len(block))


def _try_orbits(W: Array, C: Array, blocks: list[Array]) -> tuple[set[int], list[Orbit]]:
    orbits, splits = list[Orbit](), set[int]()
    attached: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for i, row in enumerate(C):
        varying = [a for a, block in enumerate(blocks) if len(np.unique(row[block])) > 1]
        odd = _odd_column(W[i], row, blocks[varying[0]]) if len(varying) == 1 else None
        if not varying:
            orbits.append(Orbit((i,), None))
        elif odd is None:
            splits.update(varying)
        else:
            a, block = varying[0], blocks[varying[0]]
            # All rows of the orbit agree in this: the block, the odd label, the others there and elsewhere.
            common = row.copy()
            common[block] = np.delete(row[block], odd)[0]
            attached.setdefault((a, int(row[block[odd]]), *(int(c) for c in common)), []).append((odd, i))
    for (a, *_), members in attached.items():
        size = len(blocks[a])
        copies = [sorted(members)[n :: len(members) // size] for n in range(len(members) // size)]
        orbits += [Orbit(tuple(i for _, i in copy), a) for copy in copies]
    return splits, orbits


def _odd_column(values: Array, row: Array, block: Array) -> int | None:
    """The position in the block at which a row differs from its other entries there (of two, the larger); None if several."""
    labels, counts = np.unique(row[block], return_counts=True)
    if len(labels) != 2 or counts.min() != 1:
        return None
    if len(block) == 2:
        return int(np.abs(values[block]).argmax())
    return int(np.nonzero(row[block] == labels[counts.argmin()])[0][0])


def _place(W: Array, orbit: Orbit, blocks: list[Array]) -> tuple[float, ...]:
    """Where an orbit comes: attached ones by block, larger diagonals first, then single rows by their last entries."""
    row = orbit.rows[0]
    if orbit.attached is not None:
        return (orbit.attached, -abs(float(W[row, blocks[orbit.attached][0]])))
    return (len(blocks), *(float(W[row, block[0]]) for block in reversed(blocks)))
