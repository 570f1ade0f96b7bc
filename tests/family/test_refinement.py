"""Two constructions of the Hessian blocks that share no formula for s, x, y and products, at real dimensions."""

import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, arb_series

from symrelu.arithmetic.jets import Jets
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, isotypic_types, symmetric_pencil
from symrelu.family.reduced import gradient, loss
from symrelu.family.refinement import approx_refined_spectrum, copies_in_refinement, refine, split_off
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.symmetry.types import IsotypicType, Kind

NUMBERS = Multiprecision(45)
TOLERANCE = mpmath.mpf(10) ** -32


def shape_of(blocks: list[str], attached: list[int | None], teacher: list[bool] | None = None) -> Shape:
    return Shape.build([Size.parse(block) for block in blocks], attached, teacher)


P = Fraction(451, 100)  # for the family M, whose p may be any real number too

SHAPES = {name: definition(name).shape for name in ("A", "I", "II", "M2", "M3", "M5", "M")} | {
    "three blocks": shape_of(["d-5", "3", "2"], [0, 1, 2]),
    "three blocks, two varying": shape_of(["d/2-1", "d/2", "1"], [0, 1, None]),
    "two orbits of one block, one of another, a free row": shape_of(["d-4", "4"], [0, 0, 1, None]),
    "inputs that no target sees": shape_of(["d", "4"], [0, 1], [True, False]),
}
POINTS = [(name, seed) for name in SHAPES for seed in (1, 2)]


def random_point(name: str, seed: int) -> tuple[Shape, list[Fraction], Fraction]:
    """Entries and a non-integer d at which every block of the refinements keeps a positive size."""
    generator = random.Random(f"{name} {seed}")
    shape = SHAPES[name]
    entries = [Fraction(generator.randint(-1000, 1000), 512) for _ in shape.names]
    return shape, entries, Fraction(generator.randint(901, 1999), 100) + Fraction(1, 300)


def table_of(shape: Shape, entries: list[Any], d: Fraction) -> GramTable:
    sizes = [size.at(NUMBERS.number(d), NUMBERS.number(P)) for size in shape.blocks]
    point = dict(zip(shape.names, map(NUMBERS.number, entries), strict=True))
    return GramTable(shape, NUMBERS, sizes, point)


def coarse_eigenvalues(shape: Shape, entries: list[Any], d: Fraction) -> dict[IsotypicType, list[Any]]:
    """The eigenvalues of each type that occurs, by the formulas of hessian.py."""
    table = table_of(shape, entries, d)
    spectrum = {}
    for kind in isotypic_types(shape):
        if kind.dimension([size.at(d, P) for size in shape.blocks]) > 0:
            values = NUMBERS.eigenvalues(*symmetric_pencil(*isotypic_action(table, kind)))
            spectrum[kind] = [value / (2 * NUMBERS.pi) for value in values]
    return spectrum


def splittings(shape: Shape) -> list[dict[int, int]]:
    """One column off, two columns off, and one off each of two blocks, wherever the blocks are large enough."""
    room = {b: size.constant_part if size.is_constant else 9 for b, size in enumerate(shape.blocks)}
    single = [{b: count} for b in room for count in (1, 2) if room[b] > count]
    return single + [{a: 1, b: 1} for a in room for b in room if a < b and min(room[a], room[b]) > 1]


@pytest.mark.parametrize(("name", "seed"), POINTS)
def test_the_refined_trivial_block_contains_every_type(name: str, seed: int) -> None:
    shape, entries, d = random_point(name, seed)
    coarse = coarse_eigenvalues(shape, entries, d)
    seen = set()
    for singles in splittings(shape):
        contained = {kind: copies_in_refinement(kind, singles) for kind in coarse}
        expected = sorted(value for kind, values in coarse.items() for value in values * contained[kind])
        numbers = [NUMBERS.number(x) for x in entries]
        found = approx_refined_spectrum(shape, NUMBERS, numbers, singles, NUMBERS.number(d), NUMBERS.number(P))
        assert len(found) == len(expected), singles
        assert max(abs(x - y) for x, y in zip(found, expected, strict=True)) < TOLERANCE, singles
        seen |= {kind for kind, copies in contained.items() if copies}
    assert seen == set(coarse)


def test_one_column_off_shows_t_and_s_and_two_show_x_and_y_once() -> None:
    shape = SHAPES["A"]
    t, s, x, y = isotypic_types(shape)
    assert [copies_in_refinement(kind, {0: 1}) for kind in (t, s, x, y)] == [1, 1, 0, 0]
    assert [copies_in_refinement(kind, {0: 2}) for kind in (t, s, x, y)] == [1, 2, 1, 1]
    product = IsotypicType(Kind.PRODUCT, 0, 1)
    assert [copies_in_refinement(product, singles) for singles in ({0: 1}, {0: 2}, {0: 1, 1: 1})] == [0, 0, 1]


@pytest.mark.parametrize("name", ["A", "II", "M5"])
def test_a_part_of_two_columns_shows_y_without_x(name: str) -> None:
    """n = (n-2) + 2: t, s and y each have one invariant, x has none; this part keeps a row orbit of its own."""
    shape, entries, d = random_point(name, 3)
    coarse = {kind.name: values for kind, values in coarse_eigenvalues(shape, entries, d).items()}
    parts = [shape.blocks[0] + Size.constant(-2), Size.constant(2)]
    refined, values = refine(shape, entries, 0, parts)
    table = table_of(refined, values, d)
    B, gram = symmetric_pencil(*isotypic_action(table, IsotypicType(Kind.TRIVIAL)))
    found = [value / (2 * NUMBERS.pi) for value in NUMBERS.eigenvalues(B, gram)]
    expected = sorted(coarse["t"] + coarse["s1"] + coarse["y1"])
    assert len(found) == len(expected)
    assert max(abs(x - y) for x, y in zip(found, expected, strict=True)) < TOLERANCE


@pytest.mark.parametrize("name", SHAPES)
def test_a_refined_point_is_the_same_network(name: str) -> None:
    """Same loss, same number of rows and columns, same gradient wherever the entries are the same weights."""
    shape, entries, d = random_point(name, 1)
    for singles in splittings(shape):
        refined, values = split_off(shape, entries, singles)
        assert refined.neurons == shape.neurons
        assert refined.inputs == shape.inputs
        coarse, fine = table_of(shape, entries, d), table_of(refined, values, d)
        assert abs(loss(fine) - loss(coarse)) < TOLERANCE * abs(loss(coarse))
        # All entries are different at random: equal values are equal weights.
        slopes = dict(zip(entries, gradient(coarse), strict=True))
        assert all(abs(g - slopes[x]) < TOLERANCE for x, g in zip(values, gradient(fine), strict=True))


def test_the_entries_of_a_refined_block_are_copies() -> None:
    shape = SHAPES["II"]
    refined, values = refine(shape, ["a", "b", "c", "e", "f"], 0, [Size.parse("d-3"), Size.parse(2)])
    assert [str(size) for size in refined.blocks] == ["d-3", "2", "1"]
    first, second = (
        {"diag1": "a", "off1": "b", "w12": "b", "w13": "c"},
        {"w21": "b", "diag2": "a", "off2": "b", "w23": "c"},
    )
    assert dict(zip(refined.names, values, strict=True)) == first | second | {"w31": "e", "w32": "e", "w33": "f"}
    _, values = refine(shape, ["a", "b", "c", "e", "f"], 0, [Size.parse("d-2"), Size.parse(1)])
    assert values == ["a", "b", "b", "c", "b", "a", "c", "e", "e", "f"]


def test_parts_must_add_up_to_the_block() -> None:
    with pytest.raises(ValueError, match=r"d-2, 2 do not add up to d-1"):
        refine(SHAPES["II"], [0] * 5, 0, [Size.parse("d-2"), Size.parse(2)])


@pytest.mark.parametrize("name", SHAPES)
def test_the_trivial_block_is_the_derivative_of_the_gradient(name: str) -> None:
    """What both constructions rest on, by automatic differentiation in ball arithmetic."""
    shape, entries, d = random_point(name, 1)
    with working(bits=200, cap=2):
        sizes = [size.at(arb(to_fmpq(d)), arb(to_fmpq(P))) for size in shape.blocks]
        center = [arb(to_fmpq(x)) for x in entries]

        def table(values: list[Any]) -> GramTable:
            return GramTable(shape, Jets(), sizes, dict(zip(shape.names, values, strict=True)))

        action, _ = isotypic_action(table([arb_series([x]) for x in center]), IsotypicType(Kind.TRIVIAL))
        for j in range(len(center)):
            moved = [Jets.variable(x) if i == j else arb_series([x]) for i, x in enumerate(center)]
            for i, component in enumerate(gradient(table(moved))):
                difference = arb_series(component)[1] - arb_series(action[i][j])[0]
                assert difference.contains(0)
                assert difference.abs_upper() < arb(10) ** -40
