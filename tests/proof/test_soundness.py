"""Each block of the Hessian is the derivative of the gradient: the tie on which every proof of definiteness rests.

A wrong sign in a block formula may pass every other check and merely move a threshold. So each test tensor of each type is
written down as a direction in a refined shape (refinement.py), where it is invariant, and the *gradient* there is
differentiated along it, in power series with ball coefficients. This knows the formula of the gradient alone, and the two
enclosures of the same vector must overlap. Here d, p and the entries are real numbers or whole balls of them.
"""

import random
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, arb_series

from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.jets import Jets
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.hessian import Vector
from symrelu.family.isotypic import isotypic_action, isotypic_basis, isotypic_types
from symrelu.family.reduced import gradient, loss
from symrelu.family.refinement import split_off
from symrelu.family.shape import Entry, Shape
from symrelu.family.sizes import Size
from symrelu.model.kernel import Pair
from symrelu.symmetry.types import IsotypicType, Kind


def shape_of(blocks: list[str], attached: list[int | None], teacher: list[bool] | None = None) -> Shape:
    return Shape.build([Size.parse(block) for block in blocks], attached, teacher)


SHAPES = {name: definition(name).shape for name in ("A", "II", "M3", "M", "II+1")} | {
    "two orbits of each block": shape_of(["d-4", "4"], [0, 1, 0, 1]),
    "three blocks, two of them with rows": shape_of(["d/2-1", "d/2", "1"], [0, 1, None]),
    "free rows only": shape_of(["d-3", "3"], [None, None]),
    "inputs that no target sees": shape_of(["d", "4"], [0, 1], [True, False]),
    "two columns": shape_of(["d-2", "2"], [0, 1, 1]),
}
P = Fraction(451, 100)
DIMENSIONS = [Fraction(19, 2), Fraction(1234, 77)]


class Refined:
    """A point seen where the test tensors of one type are invariant, and these tensors as directions there.

    Two columns split off each block the type belongs to (one where a block has two): xi = e_1 - e_2, or e_1 - (mean of the
    others) with one column off. Parts of a block are counted from 0, the part that is left.
    """

    def __init__(self, shape: Shape, kind: IsotypicType, entries: list[Any], d: Any):
        own = [kind.block] if kind.kind is not Kind.TRIVIAL else []
        hosts = own + ([kind.other_block] if kind.other_block is not None else [])
        self.coarse, self.kind, self.sizes = shape, kind, [size.at(d, arb(to_fmpq(P))) for size in shape.blocks]
        self.count = 1 if kind.kind is Kind.PRODUCT or kind.size_is_two else 2
        singles = dict.fromkeys(hosts, self.count)
        self.shape, self.values = split_off(shape, entries, singles)
        # Where each block and each row of the refined shape comes from, and which part of it it is.
        self.columns = [(b, part) for b in range(len(shape.blocks)) for part in range(1 + singles.get(b, 0))]
        self.rows = [
            (R, part if row.attached is not None else None)
            for R, row in enumerate(shape.rows)
            for part in range(1 if row.attached is None else 1 + singles.get(row.attached, 0))
        ]
        self.refined_sizes = [size.at(d, arb(to_fmpq(P))) for size in self.shape.blocks]

    def xi(self, block: int, part: int) -> Any:
        """The zero-sum vector of a block that is constant on its parts."""
        if self.count == 1:
            return 1 if part == 1 else -1 / (self.sizes[block] - arb(1))
        return (0, 1, -1)[part]

    def Z(self, i: int, j: int, same: bool) -> Any:
        """The matrix of zero diagonal and row sums with Z_12 = 2 - n, from those equations."""
        n, symmetric = self.sizes[self.kind.block], self.kind.kind is Kind.SYMMETRIC
        if same:
            return 0
        if i and j:
            return (2 - n) * (1 if symmetric or i < j else -1)
        if i or j:  # rows 1 and 2 against the n - 2 others
            return 1 if symmetric or (i, j) in ((1, 0), (0, 2)) else -1
        return arb(-2) / (n - 3) if symmetric else 0

    def table(self, arithmetic: Any, values: list[Any]) -> GramTable:
        return GramTable(self.shape, arithmetic, self.refined_sizes, dict(zip(self.shape.names, values, strict=True)))

    def direction(self, parts: list[Vector]) -> list[Any]:
        """The coordinates, in the refined shape, of the vector that is parts[R] on each orbit R (isotypic.py)."""
        return [self._coordinate(parts, entry) for entry in self.shape.entries]

    def _coordinate(self, parts: list[Vector], entry: Entry) -> Any:
        R, i = self.rows[entry.row]
        b, j = self.columns[entry.block]
        attached, vector, kind = self.coarse.rows[R].attached, parts[R], self.kind
        single = self.shape.rows[entry.row].attached is None
        same = b == attached and i == j and (entry.diagonal or single)
        here = attached is not None and attached == kind.block
        match kind.kind:
            case Kind.TRIVIAL:
                return vector.p[b] + (vector.gamma if same else 0)
            case Kind.STANDARD:
                along = vector.beta * self.xi(b, j) if b == kind.block else 0
                if not here:
                    return along
                return self.xi(attached, i) * (vector.p[b] + (vector.gamma if same else 0)) + along
            case Kind.PRODUCT:
                other = {kind.block: kind.other_block, kind.other_block: kind.block}.get(attached)
                return vector.beta * self.xi(attached, i) * self.xi(b, j) if b == other else 0
        return vector.beta * self.Z(i, j, same) if here and b == kind.block else 0


def random_entries(name: str, shape: Shape, radius: Any = 0) -> list[arb]:
    generator = random.Random(name)
    return [arb(generator.randint(-1000, 1000)) / 512 + arb(0, radius) for _ in shape.names]


def coarse_table(shape: Shape, arithmetic: Any, entries: list[Any], d: Any) -> GramTable:
    sizes = [size.at(d, arb(to_fmpq(P))) for size in shape.blocks]
    return GramTable(shape, arithmetic, sizes, dict(zip(shape.names, entries, strict=True)))


def types(shape: Shape, d: Fraction) -> list[IsotypicType]:
    """Those that occur; in a block of two or three columns some do not."""
    sizes = [Fraction(size.at(d, P)) for size in shape.blocks]
    return [kind for kind in isotypic_types(shape, sizes) if kind.dimension(sizes) > 0]


def combined(coefficients: list[Any], basis: list[Any], shape: Shape) -> list[Vector]:
    parts = [Vector.zero(len(shape.blocks)) for _ in shape.rows]
    for coefficient, tensor in zip(coefficients, basis, strict=True):
        parts[tensor.row].add(coefficient, tensor.vector)
    return parts


def compared(name: str, dimension: Fraction, radius: Any = 0) -> list[tuple[str, arb, arb]]:
    """(where, derivative of the gradient, what the block says) for each coordinate of each image of each tensor."""
    shape, pairs = SHAPES[name], []
    d, entries = arb(to_fmpq(dimension)) + arb(0, radius), random_entries(name, shape, radius)
    for kind in types(shape, dimension):
        refined = Refined(shape, kind, entries, d)
        action, basis = isotypic_action(coarse_table(shape, Balls(), entries, d), kind)
        for k, source in enumerate(basis):
            unit = [int(k == j) for j in range(len(basis))]
            along = refined.direction(combined(unit, basis, shape))
            moved = [arb_series([x, v]) for x, v in zip(refined.values, along, strict=True)]
            slopes = [arb_series(g)[1] for g in gradient(refined.table(Jets(), moved))]
            image = refined.direction(combined([row[k] for row in action], basis, shape))
            for entry, slope, expected in zip(refined.shape.entries, slopes, image, strict=True):
                pairs.append((f"{kind.name}: {source.name} -> {entry.name}", slope, arb(expected)))
    return pairs


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize("name", SHAPES)
def test_every_block_is_the_derivative_of_the_gradient(name: str, d: Fraction) -> None:
    """Both enclosures are tight, so that overlapping leaves no room for a wrong sign."""
    with working(bits=160, cap=2):
        for where, slope, expected in compared(name, d):
            assert slope.overlaps(expected), where
            assert slope.rad() + expected.rad() < arb(10) ** -35, where


@pytest.mark.parametrize("name", ["II", "M", "II+1"])
def test_so_it_is_on_whole_balls_of_points_and_dimensions(name: str) -> None:
    """Wide balls: the numbers at a point inside lie in both enclosures, and the width is of the order of the balls'."""
    with working(bits=160, cap=2):
        radius = arb(10) ** -12
        inside, around = compared(name, DIMENSIONS[1]), compared(name, DIMENSIONS[1], radius)
        for (where, slope, expected), (_, wide_slope, wide) in zip(inside, around, strict=True):
            assert wide_slope.contains(slope) and wide.contains(expected), where
            assert wide_slope.overlaps(wide), where
            assert wide.rad() < arb(10) ** -6, where


@pytest.mark.parametrize("name", ["A", "M", "two orbits of each block"])
def test_two_precisions_overlap(name: str) -> None:
    with working(bits=80, cap=2):
        low = compared(name, DIMENSIONS[0])
    with working(bits=240, cap=2):
        high = compared(name, DIMENSIONS[0])
    for (where, *rough), (_, *sharp) in zip(low, high, strict=True):
        for x, y in zip(rough, sharp, strict=True):
            assert x.overlaps(y) and y.rad() <= x.rad(), where


def test_the_directions_are_test_tensors() -> None:
    """Their squared norms, counted entry by entry in the refined shape, are those of the basis."""
    with working(bits=160):
        d = arb(to_fmpq(DIMENSIONS[0]))
        for name, shape in SHAPES.items():
            entries = random_entries(name, shape)
            for kind in types(shape, DIMENSIONS[0]):
                refined = Refined(shape, kind, entries, d)
                basis = isotypic_basis(coarse_table(shape, Balls(), entries, d), kind)
                fine = isotypic_basis(refined.table(Balls(), refined.values), IsotypicType(Kind.TRIVIAL))
                unit = square_norm(refined, kind)
                for k, source in enumerate(basis):
                    for m in range(k + 1):
                        one, other = (
                            refined.direction(combined([int(j == i) for j in range(len(basis))], basis, shape))
                            for i in (k, m)
                        )
                        product = sum((v.norm * arb(x) * y for v, x, y in zip(fine, one, other, strict=True)), arb(0))
                        expected = source.norm * unit if k == m else arb(0)
                        assert product.overlaps(arb(expected)), f"{name}, {kind.name}, {source.name}"


def square_norm(refined: Refined, kind: IsotypicType) -> Any:
    """|xi|^2, |xi|^2 |eta|^2 or |Z|^2 of the chosen xi, eta, Z."""

    def square(block: int) -> Any:
        n = refined.sizes[block]
        return arb(2) if refined.count == 2 else 1 + 1 / (n - arb(1))

    n = refined.sizes[kind.block]
    match kind.kind:
        case Kind.TRIVIAL:
            return 1
        case Kind.STANDARD:
            return square(kind.block)
        case Kind.PRODUCT:
            assert kind.other_block is not None
            return square(kind.block) * square(kind.other_block)
        case Kind.EXTERIOR:
            return 2 * (n - 2) * (n - 2) + 4 * (n - 2)
    return 2 * (n - 2) * (n - 2) + 4 * (n - 2) + (n - 2) * (n - 3) * 4 / ((n - 3) * (n - 3))


@pytest.mark.parametrize("name", SHAPES)
def test_the_gradient_is_the_derivative_of_the_loss(name: str) -> None:
    """dL along an entry is its gradient times the number of such weights; so the gradient itself has no wrong sign."""
    shape = SHAPES[name]
    with working(bits=160, cap=2):
        d = arb(to_fmpq(DIMENSIONS[0]))
        entries = random_entries(name, shape)
        table = coarse_table(shape, Balls(), entries, d)
        weights = [tensor.norm for tensor in isotypic_basis(table, IsotypicType(Kind.TRIVIAL))]
        for j, (weight, component) in enumerate(zip(weights, gradient(table), strict=True)):
            moved = [Jets.variable(x) if i == j else arb_series([x]) for i, x in enumerate(entries)]
            slope = arb_series(loss(coarse_table(shape, Jets(), moved, d)))[1]
            assert slope.overlaps(weight * component), shape.names[j]
            assert slope.rad() < arb(10) ** -35


@pytest.mark.parametrize("name", ["A", "II", "M3", "three blocks of targets"])
def test_students_that_are_the_targets_have_no_gradient_and_no_loss(name: str) -> None:
    """The sign of the targets, which gradient and blocks would share if it were wrong."""
    shape = SHAPES.get(name) or shape_of(["d-5", "3", "2"], [0, 1, 2])
    with working(bits=160):
        d = arb(to_fmpq(DIMENSIONS[0]))
        own = [int(e.diagonal or (shape.rows[e.row].attached is None and e.row == e.block)) for e in shape.entries]
        table = coarse_table(shape, Balls(), own, d)
        assert all(arb(x).contains(0) and arb(x).rad() < arb(10) ** -40 for x in gradient(table))
        assert loss(table) == 0
        # Close by the loss is positive, and small like the square of the distance.
        near = coarse_table(shape, Balls(), [x + arb(10) ** -6 * (j + 1) for j, x in enumerate(own)], d)
        assert loss(near) > 0
        assert loss(near) < arb(10) ** -7


# ---- the kernel --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_the_partials_of_the_kernel_are_those_of_its_definition(seed: int) -> None:
    """2 pi F = S + (pi - theta) c differentiated twice, in series, along random displacements of w and v."""
    generator = random.Random(seed)
    with working(bits=200, cap=3):
        w, v, x, y = ([arb(generator.randint(-99, 99)) / 64 for _ in range(3)] for _ in range(4))

        def inner(a: list[Any], b: list[Any]) -> Any:
            return sum((i * j for i, j in zip(a, b, strict=True)), arb(0))

        W, V = ([arb_series([a, b]) for a, b in zip(*rows, strict=True)] for rows in ((w, x), (v, y)))
        A, B, c = inner(W, W), inner(V, V), inner(W, V)
        S = (A * B - c * c).sqrt()
        series = S + (arb.pi() / 2 + (c / S).atan()) * c  # pi - theta = pi/2 + atan(c/S)
        A, B, c = inner(w, w), inner(v, v), inner(w, v)
        one, other = Pair(Balls(), A, B, c, A * B - c * c), Pair(Balls(), B, A, c, A * B - c * c)
        assert series[0].overlaps(one.F)
        first = sum(
            (
                pair.S / pair.A * inner(r, z) + pair.phi * inner(s, z)
                for pair, r, s, z in ((one, w, v, x), (other, v, w, y))
            ),
            arb(0),
        )
        assert series[1].overlaps(first)
        wx, vx, wy, vy = inner(w, x), inner(v, x), inner(w, y), inner(v, y)
        own = [
            pair.S / pair.A * inner(z, z) + pair.a * r * r + 2 * pair.b * r * s + pair.q * s * s
            for pair, r, s, z in ((one, wx, vx, x), (other, vy, wy, y))
        ]
        cross = one.phi * inner(x, y) + one.q * (wx * vy + vx * wy) + one.b * wx * wy + one.b_swapped * vx * vy
        second = own[0] + own[1] + 2 * cross
        assert (2 * series[2]).overlaps(second)
        assert second.rad() < arb(10) ** -40
        assert one.b_swapped.overlaps(other.b) and one.q.overlaps(other.q)


def test_parallel_rows_take_the_limits_of_the_blocks_and_only_when_they_are_exactly_parallel() -> None:
    pair = Pair(Balls(), arb(4), arb(9), arb(6), 0)
    assert (pair.S, pair.q, pair.a, pair.b, pair.b_swapped) == (0, 0, 0, 0, 0)
    assert pair.phi.overlaps(arb.pi()) and pair.F.overlaps(6 * arb.pi())
    close = Pair(Balls(), arb(4), arb(9), arb(6), arb(0, 1e-30))
    for ask in (lambda: close.S, lambda: close.phi, lambda: close.q, lambda: close.F):
        with pytest.raises(Undecided, match="not proved positive"):
            ask()
