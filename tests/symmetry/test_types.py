"""Isotypic types: copies times dimensions add up to k x inputs, and names are those of the literature."""

from fractions import Fraction

import pytest
import sympy

from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_basis, isotypic_types
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.symmetry.types import IsotypicType, Kind

SHAPES = {
    "A": (["d"], [0]),
    "II": (["d-1", "1"], [0, 1]),
    "M2": (["d-2", "2"], [0, 1]),
    "M3": (["d-3", "3"], [0, 1]),
    "M7": (["d-7", "7"], [0, 1]),
    "A+1": (["d"], [0, None]),
    "II+2": (["d-1", "1"], [0, None, None, None]),
    "M2+1": (["d-2", "2"], [0, 1, None]),
    "three blocks": (["d-4", "3", "1"], [0, 1, 2]),
    "two orbits of one block": (["d-2", "2"], [0, 0, 1, 1, None]),
    "halves": (["d/2", "d/2"], [0, 1]),
    "a block without rows": (["d-3", "3"], [0, 0]),
    "free rows only": (["d-2", "2"], [None, None]),
}


def copies(shape, sizes, kind):
    """The number of test tensors of a type; any point will do."""
    arithmetic = Multiprecision(15)
    point = {name: arithmetic.number(i + 2) / 7 for i, name in enumerate(shape.names)}
    table = GramTable(shape, arithmetic, [arithmetic.number(Fraction(n)) for n in sizes], point)
    return len(isotypic_basis(table, kind))


def decomposition(blocks, attached, d):
    shape = Shape.build([Size.parse(block) for block in blocks], attached)
    sizes = [size.at(Fraction(d)) for size in shape.blocks]
    kinds = isotypic_types(shape, sizes)
    parts = {kind.name: (copies(shape, sizes, kind), Fraction(kind.dimension(sizes))) for kind in kinds}
    return shape, parts


def networks():
    """Every shape at the d of a list where its varying blocks have two columns or more, a whole number."""
    for name, (blocks, attached) in SHAPES.items():
        for d in (3, 4, 5, 6, 8, 9, 12, 20):
            sizes = [Size.parse(block).at(Fraction(d)) for block in blocks if "d" in block]
            if all(size.denominator == 1 and size >= 2 for size in sizes):
                yield pytest.param(blocks, attached, d, id=f"{name}, d = {d}")


@pytest.mark.parametrize(("blocks", "attached", "d"), list(networks()))
def test_copies_times_dimensions_add_up_to_the_number_of_weights(blocks, attached, d):
    """Blocks of one, two and three columns are among them: there types are absent, or appear once less."""
    shape, parts = decomposition(blocks, attached, d)
    weights = Fraction(shape.neurons.at(Fraction(d))) * shape.inputs.at(Fraction(d))
    present = [count * dimension for count, dimension in parts.values() if dimension > 0]
    assert sum(present) == weights
    assert parts["t"] == (len(shape.entries), 1)


def test_the_table_of_the_literature():
    """Delta S_d: 2t + 3s + x + y. Delta(S_{d-1} x S_1): 5t + 5s + x + y.
    Delta(S_{d-p} x S_p): 6t + 5 s1 + 5 s2 + 2 s1*s2 + x1 + y1 + x2 + y2; M_2 has 4 s2."""
    expected = {
        "A": {"t": 2, "s1": 3, "x1": 1, "y1": 1},
        "II": {"t": 5, "s1": 5, "x1": 1, "y1": 1},
        "M7": {"t": 6, "s1": 5, "x1": 1, "y1": 1, "s2": 5, "x2": 1, "y2": 1, "s1*s2": 2},
        "M2": {"t": 6, "s1": 5, "x1": 1, "y1": 1, "s2": 4, "x2": 1, "y2": 1, "s1*s2": 2},
    }
    for name, counts in expected.items():
        _, parts = decomposition(*SHAPES[name], 20)
        assert {kind: count for kind, (count, _) in parts.items()} == counts


@pytest.mark.parametrize(
    ("d", "expected"),
    [
        (2, {"t": 1, "s1": 1, "x1": 0, "y1": -1}),
        (3, {"t": 1, "s1": 2, "x1": 1, "y1": 0}),
        (4, {"t": 1, "s1": 3, "x1": 3, "y1": 2}),
        (7, {"t": 1, "s1": 6, "x1": 15, "y1": 14}),
    ],
)
def test_dimensions_of_s_n(d, expected):
    """Those of the character tables of S_4 and S_7; at n = 3 y is absent, at n = 2 x is, and y is formal."""
    _, parts = decomposition(["d"], [0], d)
    assert {kind: dimension for kind, (_, dimension) in parts.items()} == expected


def test_a_variable_block_of_two_columns_is_as_special_as_a_constant_one():
    _, parts = decomposition(["d-1", "1"], [0, 1], 3)
    assert parts["s1"] == (4, 1)
    _, parts = decomposition(["d-1", "1"], [0, 1], Fraction(5, 2))
    assert parts["s1"] == (5, Fraction(1, 2))


def test_dimensions_are_polynomials():
    d, p = sympy.symbols("d p")
    sizes = [d - p, p]
    found = {kind.name: sympy.expand(kind.dimension(sizes)) for kind in isotypic_types(definition("M").shape)}
    assert found == {
        "t": 1,
        "s1": d - p - 1,
        "x1": sympy.expand((d - p - 1) * (d - p - 2) / 2),
        "y1": sympy.expand((d - p) * (d - p - 3) / 2),
        "s2": p - 1,
        "x2": sympy.expand((p - 1) * (p - 2) / 2),
        "y2": sympy.expand(p * (p - 3) / 2),
        "s1*s2": sympy.expand((d - p - 1) * (p - 1)),
    }
    total = 6 + 5 * found["s1"] + 5 * found["s2"] + found["x1"] + found["y1"] + found["x2"] + found["y2"]
    assert sympy.expand(total + 2 * found["s1*s2"]) == d**2


def test_types_in_words():
    sizes = ["d-3", "3"]
    words = {
        IsotypicType(Kind.TRIVIAL): ("t", "trivial representation"),
        IsotypicType(Kind.STANDARD, 0): ("s1", "standard representation of S_(d-3)"),
        IsotypicType(Kind.STANDARD, 1): ("s2", "standard representation of S_(3)"),
        IsotypicType(Kind.EXTERIOR, 0): ("x1", "exterior square of the standard representation of S_(d-3)"),
        IsotypicType(Kind.SYMMETRIC, 1): ("y2", "representation (n-2,2) of S_(3)"),
        IsotypicType(Kind.PRODUCT, 0, 1): (
            "s1*s2",
            "product of the standard representations of S_(d-3) and S_(3)",
        ),
    }
    for kind, (name, description) in words.items():
        assert kind.name == name
        assert kind.describe(sizes) == description


def test_a_block_of_one_column_and_one_without_rows_have_fewer_types():
    _, parts = decomposition(["d-4", "3", "1"], [0, 2], 12)
    assert set(parts) == {"t", "s1", "x1", "y1", "s2", "s1*s2"}
