"""The column permutations of a matrix of labels that some row permutation undoes: colour refinement and search.

A matrix C of integers (k, d) is an edge-coloured bipartite graph on rows and columns. Everything is decided on the
multiset of its rows: a column permutation Q belongs to the group if and only if C Q has the same rows as C, in some
order. Sources: Weisfeiler & Leman 1968; McKay & Piperno 2014 (individualisation and refinement).
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


class RowMultiset:
    """The rows of C as a multiset: decides whether a column permutation preserves it."""

    def __init__(self, C: Array):
        self._C = C
        random = np.random.default_rng(0)
        self._weights = random.integers(0, 2**63, (C.shape[1], int(C.max()) + 1), dtype=np.uint64)
        self._hash = self._weights[np.arange(C.shape[1]), C].sum(axis=1, dtype=np.uint64)
        self._sorted_hash = np.sort(self._hash)
        self._sorted = _sorted_rows(C)

    def preserved_by(self, Q: Array) -> bool:
        """Whether C[:, Q] has the rows of C."""
        return bool((_sorted_rows(self._C[:, Q]) == self._sorted).all())

    def row_permutation(self, Q: Array) -> Array:
        """P with C[P][:, Q] = C, for a Q that preserves the rows."""
        P = np.empty(len(self._C), int)
        P[np.lexsort(self._C.T)] = np.lexsort(self._C[:, Q].T)
        return P

    def exchangeable(self, j: int, others: Array) -> Array:
        """For each of the other columns: whether its transposition with column j preserves the rows.

        Hashes find the candidates at once; the rows themselves decide.
        """
        C, H = self._C, self._weights
        own, their = C[:, [j]], C[:, others]
        exchanged = self._hash[:, None] - H[j, own] - H[others, their] + H[j, their] + H[others, own]
        likely = (np.sort(exchanged, axis=0) == self._sorted_hash[:, None]).all(axis=0)
        identity = np.arange(C.shape[1])
        for n in np.nonzero(likely)[0]:
            Q = identity.copy()
            Q[[j, others[n]]] = others[n], j
            likely[n] = self.preserved_by(Q)
        return likely


def _sorted_rows(C: Array) -> Array:
    return C[np.lexsort(C.T)]


def exchange_classes(C: Array, rows: RowMultiset) -> list[Array]:
    """The classes of columns any two of which can be exchanged: the blocks of the largest Young subgroup.

    Being exchangeable is an equivalence relation, since (i k) = (i j)(j k)(i j).
    """
    columns, _ = refine(C[None], np.zeros((1, C.shape[1]), int))
    classes = list[Array]()
    for colour in np.unique(columns):
        left = np.nonzero(columns[0] == colour)[0]
        while len(left):
            first, left = left[0], left[1:]
            with_it = rows.exchangeable(int(first), left) if len(left) else np.zeros(0, bool)
            classes.append(np.concatenate([[first], left[with_it]]))
            left = left[~with_it]
    return classes


def refine(C: Array, columns: Array) -> tuple[Array, Array]:
    """The coarsest stable colouring of columns and rows below a colouring of the columns, of several graphs at once.

    C (g, k, d) and columns (g, d): colours are comparable between the g graphs.
    """
    rows = np.zeros(C.shape[:2], int)
    count = (0, 0)
    while True:
        rows = _colours(rows, C, columns)
        columns = _colours(columns, np.swapaxes(C, 1, 2), rows)
        now = (int(rows.max()) + 1, int(columns.max()) + 1)
        if now == count:
            return columns, rows
        count = now


def _colours(own: Array, C: Array, other: Array) -> Array:
    """A new colour for every pair of an old one and the multiset of (label, colour) that is seen from there."""
    seen = np.sort(C * (int(other.max()) + 1) + other[:, None, :], axis=2)
    signature = np.concatenate([own[..., None], seen], axis=2).reshape(-1, C.shape[2] + 1)
    _, colours = np.unique(np.ascontiguousarray(signature).view(f"V{signature.itemsize * signature.shape[1]}"),
                           return_inverse=True)  # fmt: skip
    return colours.reshape(own.shape)


def generators(C: Array, rows: RowMultiset, colours: Array) -> tuple[list[Array], int]:
    """Generators and order of the group of the column permutations that preserve the rows and the given colours.

    A chain of stabilisers: each level fixes one more column, and its orbit is found by one search for each column that
    the generators so far do not reach.
    """
    base = _base(C, colours)
    found = list[Array]()
    order = 1
    for level in reversed(range(len(base))):
        fixed, moved = base[:level], base[level]
        orbit = _orbit(moved, found)
        stable, _ = refine(C[None], _individualised(colours[None], [fixed]))
        for image in np.nonzero(stable[0] == stable[0, moved])[0]:
            if int(image) in orbit:
                continue
            Q = _search(C, rows, colours, [*fixed, moved], [*fixed, int(image)])
            if Q is not None:
                found.append(Q)
                orbit = _orbit(moved, found)
        order *= len(orbit)
    return found, order


def _base(C: Array, colours: Array) -> list[int]:
    """Columns that, when fixed, leave every column in a cell of its own."""
    base = list[int]()
    while True:
        stable, _ = refine(C[None], _individualised(colours[None], [base]))
        cell = _first_cell(stable[0])
        if cell is None:
            return base
        base.append(int(cell[0]))


def _first_cell(colours: Array) -> Array | None:
    """The columns of the smallest cell with several columns."""
    values, counts = np.unique(colours, return_counts=True)
    several = counts > 1
    if not several.any():
        return None
    return np.nonzero(colours == values[several][counts[several].argmin()])[0]


def _individualised(colours: Array, chosen: list[list[int]]) -> Array:
    """Colours (g, d) in which the n-th chosen column of each graph gets the n-th new colour."""
    result = colours.copy()
    first = int(colours.max()) + 1
    for g, columns in enumerate(chosen):
        result[g, columns] = first + np.arange(len(columns))
    return result


def _search(C: Array, rows: RowMultiset, colours: Array, left: list[int], right: list[int]) -> Array | None:
    """A column permutation of the group that takes left[n] to right[n] for every n, or None if there is none."""
    pair = np.stack([C, C])
    stable, row_colours = refine(pair, _individualised(np.stack([colours, colours]), [left, right]))
    if not (np.sort(stable[0]) == np.sort(stable[1])).all():
        return None
    if not (np.sort(row_colours[0]) == np.sort(row_colours[1])).all():
        return None
    cell = _first_cell(stable[0])
    if cell is None:
        Q = np.empty(C.shape[1], int)
        Q[np.argsort(stable[0])] = np.argsort(stable[1])
        return Q if rows.preserved_by(Q) else None
    column = int(cell[0])
    for image in np.nonzero(stable[1] == stable[0, column])[0]:
        Q = _search(C, rows, colours, [*left, column], [*right, int(image)])
        if Q is not None:
            return Q
    return None


def _orbit(start: int, permutations: list[Array]) -> set[int]:
    orbit, new = {start}, [start]
    while new:
        new = [int(Q[j]) for j in new for Q in permutations if int(Q[j]) not in orbit]
        orbit.update(new)
    return orbit
