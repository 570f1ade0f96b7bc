"""Shapes: entries and their names, numbers of neurons and inputs, isotropy."""

from fractions import Fraction

import pytest

from symrelu.family.shape import Entry, RowOrbit, Shape
from symrelu.family.sizes import Size


def shape(blocks, attached, teacher=None):
    return Shape.build([Size.parse(block) for block in blocks], attached, teacher)


# For each shape: entries, neurons, inputs, isotropy. The counts of entries are those of the literature's table:
# 2 for global and A, 5 for I and II, 6 for M_p.
SHAPES = [
    (["d"], [0], "diag1 off1", "d", "d", "Delta S_d"),
    (["d-1", "1"], [0, 1], "diag1 off1 w12 w21 w22", "d", "d", "Delta(S_{d-1} x S_1)"),
    (["d-p", "p"], [0, 1], "diag1 off1 w12 w21 diag2 off2", "d", "d", "Delta(S_{d-p} x S_p)"),
    (["d"], [0, None], "diag1 off1 w21", "d+1", "d", "Delta S_d"),
    (
        ["d-1", "1"],
        [0, None, None],
        "diag1 off1 w12 w21 w22 w31 w32",
        "d+1",
        "d",
        "Delta(S_{d-1} x S_1)",
    ),
    (
        ["d-3", "2", "1"],
        [0, 1, 2, 1],
        "diag1 off1 w12 w13 w21 diag2 off2 w23 w31 w32 w33 w41 diag4 off4 w43",
        "d+2",
        "d",
        "Delta(S_{d-3} x S_2 x S_1)",
    ),
]


@pytest.mark.parametrize(("blocks", "attached", "names", "neurons", "inputs", "isotropy"), SHAPES)
def test_names_and_counts(blocks, attached, names, neurons, inputs, isotropy):
    one = shape(blocks, attached)
    assert one.names == tuple(names.split())
    assert one.neurons == Size.parse(neurons)
    assert one.inputs == Size.parse(inputs)
    assert one.isotropy == isotropy


def test_an_orbit_attached_to_a_single_column_is_a_free_row():
    assert shape(["d-1", "1"], [0, 1]) == shape(["d-1", "1"], [0, None])
    assert shape(["d-1", "1"], [0, 1]).rows == (RowOrbit(0), RowOrbit(None))


def test_entries_know_their_row_and_block():
    entries = shape(["d-2", "2"], [0, 1]).entries
    assert entries[0] == Entry("diag1", 0, 0, diagonal=True)
    assert entries[2] == Entry("w12", 0, 1)
    assert entries[3] == Entry("w21", 1, 0)
    assert entries[5] == Entry("off2", 1, 1)


def test_numbers_of_rows_in_an_orbit():
    one = shape(["d-2", "2"], [0, 1, None])
    sizes = [Fraction(17, 2), 2]
    assert [one.orbit_size(row, sizes) for row in range(3)] == [Fraction(17, 2), 2, 1]


def test_every_block_has_a_teacher_unless_told_otherwise():
    assert shape(["d-1", "1"], [0, 1]).teacher == (True, True)
    assert shape(["d", "5"], [0], [True, False]).teacher == (True, False)
    assert shape(["d", "5"], [0], [True, False]).inputs == Size.parse("d+5")
    assert shape(["d", "5"], [0], [True, False]).neurons == Size.parse("d")


def test_the_letters_of_the_entries_count_from_one():
    one = shape(["d-3", "1", "2"], [2, None])
    assert one.names == ("w11", "w12", "diag1", "off1", "w21", "w22", "w23")
