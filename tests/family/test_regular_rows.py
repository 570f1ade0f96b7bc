"""The gradient with the linear part of the error taken out of all rows but one in each block of columns."""

from fractions import Fraction

import pytest

from symrelu.analysis.dense_check import dense_weights
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.reduced import gradient, regular_rows
from symrelu.model.dense import DenseNetwork

NAMES = ["A+1", "II", "II+1", "M2", "M3+1"]


def components(name, values, d=7):
    numbers, family = Multiprecision(60), definition(name)
    entries = {entry: numbers.number(value) for entry, value in zip(family.shape.names, values, strict=True)}
    return family, entries, gradient(GramTable(family.shape, numbers, family.sizes(numbers.number(d)), entries))


def point(family, seed):
    return [Fraction((37 * seed + 11 * i * i + 5 * i) % 23 - 11, 9) for i in range(len(family.shape.names))]


@pytest.mark.parametrize("name", NAMES)
def test_one_row_of_each_block_keeps_the_linear_part(name):
    """Adding the same vector, constant on each block, to every row of the gradient changes only that one row."""
    family, _, slopes = components(name, point(definition(name), 1))
    entries, added = family.shape.entries, {0: 3, 1: -5}
    moved = [value + added[entry.block] for entry, value in zip(entries, slopes, strict=True)]
    before, after = regular_rows(family.shape, slopes), regular_rows(family.shape, moved)
    changed = {}
    for entry, old, new in zip(entries, before, after, strict=True):
        if abs(new - old) > 1e-50:
            assert abs(new - old - added[entry.block]) < 1e-50
            changed.setdefault(entry.block, []).append(entry)
    assert {block: len(kept) for block, kept in changed.items()} == dict.fromkeys({e.block for e in entries}, 1)
    for kept in changed.values():
        assert not kept[0].diagonal


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost(name):
    """The combination can be undone: the rows vanish together exactly where the gradient does."""
    family, _, slopes = components(name, point(definition(name), 2))
    rows = regular_rows(family.shape, slopes)
    kept = {}
    for entry, row in zip(family.shape.entries, rows, strict=True):
        if not entry.diagonal:
            kept.setdefault(entry.block, row)
    first = {}
    for i, entry in enumerate(family.shape.entries):
        if not entry.diagonal:
            first.setdefault(entry.block, i)
    undone = [
        row if first[entry.block] == i else row + kept[entry.block]
        for i, (entry, row) in enumerate(zip(family.shape.entries, rows, strict=True))
    ]
    assert max(abs(a - b) for a, b in zip(undone, slopes, strict=True)) < 1e-50


@pytest.mark.parametrize("d", [3, 5])
def test_an_error_that_is_linear_leaves_one_equation(d):
    """The teacher with its last neuron flipped: relu(-x_d) - relu(x_d) = -x_d, so that the gradient in every row is
    E[-x_d x 1(w.x > 0)] = -e_d / 2, whatever w. One component keeps it, 2 pi (-1/2); entries are moved by 10^-30."""
    tiny = Fraction(1, 10**30)
    values = {"diag1": 1, "off1": tiny, "w12": 2 * tiny, "w21": -tiny, "w22": -1}
    family, numbers = definition("II"), Multiprecision(100)
    dense = DenseNetwork.orthonormal(d).gradient(dense_weights(family, d, values))
    for row in dense:
        assert max(abs(x + int(j == d - 1) / 2) for j, x in enumerate(row)) < 1e-27
    entries = {name: numbers.number(value) for name, value in values.items()}
    slopes = gradient(GramTable(family.shape, numbers, family.sizes(numbers.number(d)), entries))
    rows = dict(zip(family.shape.names, regular_rows(family.shape, slopes), strict=True))
    assert abs(rows.pop("w12") + numbers.pi) < 1e-27
    assert max(abs(value) for value in rows.values()) < 1e-27
