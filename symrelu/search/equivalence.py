"""Whether two weight matrices are the same up to permutations of rows and of columns."""

from __future__ import annotations

import numpy as np

from symrelu.search.landscape import Array
from symrelu.symmetry.colouring import refine

TOLERANCE = 1e-6  # entries of one polished point, computed twice, agree to about 1e-10


def equivalent(W: Array, V: Array, tolerance: float = TOLERANCE) -> bool:
    """Whether V = P W Q for permutation matrices P and Q, entries up to about `tolerance` apart taken as equal.

    The entries of both become labels, which are equal if no gap between neighbouring values separates them; the labels are
    compared exactly, by colour refinement and search.

    >>> equivalent(np.array([[1.0, 2], [3, 4]]), np.array([[4.0, 3], [2, 1]]))
    True
    >>> equivalent(np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2], [4, 3]]))
    False
    """
    if W.shape != V.shape:
        return False
    both = np.stack([W, V])
    order = np.argsort(both, axis=None)
    values = both.ravel()[order]
    labels = np.empty(values.size, int)
    labels[order] = np.concatenate([[0], np.cumsum(np.diff(values) > tolerance)])
    C = labels.reshape(both.shape)
    return _match(C, np.zeros((2, W.shape[1]), int))


def _match(C: Array, columns: Array) -> bool:
    """Whether one of two matrices of labels becomes the other by permutations that respect the colours of columns."""
    columns, rows = refine(C, columns)
    if not all((np.sort(colours[0]) == np.sort(colours[1])).all() for colours in (columns, rows)):
        return False
    # Columns of one colour may be exchanged, as a rule; then any order of them will do.
    first, second = (matrix[:, np.argsort(colours, kind="stable")] for matrix, colours in zip(C, columns, strict=True))
    if (first[np.lexsort(first.T)] == second[np.lexsort(second.T)]).all():
        return True
    colours, counts = np.unique(columns[0], return_counts=True)
    if counts.max() == 1:
        return False
    cell = colours[counts > 1][counts[counts > 1].argmin()]
    left, new = int(np.nonzero(columns[0] == cell)[0][0]), int(columns.max()) + 1
    for right in np.nonzero(columns[1] == cell)[0]:
        chosen = columns.copy()
        chosen[0, left] = chosen[1, right] = new
        if _match(C, chosen):
            return True
    return False
