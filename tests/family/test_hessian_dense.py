"""Reduced loss, gradient and Hessian blocks against the dense network, which knows nothing of symmetry.

Two judgements. At random points of many shapes, which are not critical, the dense Hessian is applied to the test
tensors of every type, written out as k x d matrices: that decides every sign of the block formulas by itself. At the
critical points of the families, all eigenvalues are compared with multiplicities.
"""

import itertools
import random
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from symrelu.analysis.branch import Branch
from symrelu.analysis.point import CriticalPoint, enclose_point
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.reals import exact_midpoint
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.hessian import Vector
from symrelu.family.isotypic import isotypic_action, isotypic_basis, isotypic_types
from symrelu.family.reduced import gradient, loss
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.dense import DenseNetwork, group_with_multiplicity
from symrelu.symmetry.types import IsotypicType, Kind

DIGITS = 40
TOLERANCE = mpmath.mpf(10) ** -30

# Block sizes, the block each row orbit is attached to (None: a free row), and which blocks carry targets.
SHAPES: dict[str, tuple[list[int], list[int | None], list[bool]]] = {
    "one block": ([5], [0], [True]),
    "two blocks": ([4, 5], [0, 1], [True, True]),
    "a block of two": ([4, 2], [0, 1], [True, True]),
    "a block of one": ([4, 1], [0, 1], [True, True]),
    "two orbits of one block": ([4], [0, 0], [True]),
    "two orbits of one block and a free row": ([4, 2], [0, 0, None], [True, True]),
    "two orbits of each block": ([4, 3], [0, 1, 0, 1], [True, True]),
    "two orbits of a block of two": ([2, 3], [0, 0, 1], [True, True]),
    "free rows only": ([4, 2], [None, None], [True, True]),
    "three blocks": ([4, 2, 3], [0, 1, 2], [True, True, True]),
    "three blocks, one without rows, two free rows": ([4, 3, 1], [0, None, None], [True, True, True]),
    "inputs that no target sees": ([4, 3], [0, None], [True, False]),
    "rows attached to a block without targets": ([4, 3], [0, 1, 1], [False, True]),
    "no targets in three blocks but one": ([3, 2, 4], [0, 2, 2, None], [False, True, False]),
}


class DensePoint:
    """A point of a shape at integer block sizes, in numbers of the dense network and as a full weight matrix."""

    def __init__(self, shape: Shape, sizes: list[int], teacher: list[bool], entries: list[Any], digits: int = DIGITS):
        self.sizes = sizes
        self.columns = [(b, i) for b, n in enumerate(sizes) for i in range(n)]
        targets = [[int(c == column) for c in self.columns] for column in self.columns if teacher[column[0]]]
        self.network = DenseNetwork(targets, digits)
        self.arithmetic = Multiprecision(digits + 10)
        point = dict(zip(shape.names, map(self.arithmetic.number, entries), strict=True))
        self.table = GramTable(shape, self.arithmetic, [self.arithmetic.number(n) for n in sizes], point)
        self.rows = [
            (R, index)
            for R, row in enumerate(shape.rows)
            for index in ([None] if row.attached is None else [(row.attached, i) for i in range(sizes[row.attached])])
        ]

    def matrix(self, row_of: Any) -> list[list[Any]]:
        """The k x d matrix with entry row_of(orbit, own column, column)."""
        return [[row_of(R, own, column) for column in self.columns] for R, own in self.rows]

    @property
    def weights(self) -> list[list[Any]]:
        students = self.table.students
        return self.matrix(lambda R, own, c: students[R].diagonal if c == own else students[R].values[c[0]])

    def realised(self, kind: IsotypicType, tensors: "Tensors", parts: list[Vector]) -> list[list[Any]]:
        """The vector that is parts[R] on each orbit R, with the chosen xi, eta and Z (isotypic.py, docstring)."""
        attached = [row.attached for row in self.table.students]

        def entry(R: int, own: Any, column: Any) -> Any:
            vector, (b, c) = parts[R], column
            here = attached[R] == kind.block
            xi = tensors.xi[c] if b == kind.block else 0
            match kind.kind:
                case Kind.TRIVIAL:
                    return vector.p[b] + (vector.gamma if column == own else 0)
                case Kind.STANDARD if here:
                    diagonal = vector.gamma if column == own else 0
                    return tensors.xi[own[1]] * (vector.p[b] + diagonal) + vector.beta * xi
                case Kind.STANDARD:
                    return vector.beta * xi
                case Kind.EXTERIOR | Kind.SYMMETRIC if here and b == kind.block:
                    return vector.beta * tensors.Z[own[1]][c]
                case Kind.PRODUCT if here and b == kind.other_block:
                    return vector.beta * tensors.xi[own[1]] * tensors.eta[c]
                case Kind.PRODUCT if attached[R] == kind.other_block and b == kind.block:
                    return vector.beta * tensors.eta[own[1]] * xi
            return 0

        return self.matrix(entry)


class Tensors:
    """Integer xi and eta of zero sum and Z of zero row sums and diagonal (symmetric for y), pseudo-random."""

    def __init__(self, kind: IsotypicType, sizes: list[int], generator: random.Random):
        self.generator = generator
        n = sizes[kind.block]
        self.xi = self.zero_sum(n)
        self.eta = self.zero_sum(sizes[kind.other_block or 0])
        self.Z = [[0] * n for _ in range(n)]
        if kind.kind is Kind.EXTERIOR:
            for i, j, k in itertools.combinations(range(n), 3):
                self.add(self.draw(), [(i, j, 1), (j, k, 1), (k, i, 1), (j, i, -1), (k, j, -1), (i, k, -1)])
        if kind.kind is Kind.SYMMETRIC:
            for i, j, k, m in itertools.permutations(range(n), 4):
                cycle = [(i, j, 1), (j, k, -1), (k, m, 1), (m, i, -1)]
                self.add(self.draw(), cycle + [(b, a, sign) for a, b, sign in cycle])

    def draw(self) -> int:
        return self.generator.randint(-9, 9)

    def zero_sum(self, n: int) -> list[int]:
        values = [self.draw() for _ in range(n - 1)]
        return [*values, -sum(values)]

    def add(self, factor: int, entries: list[tuple[int, int, int]]) -> None:
        for i, j, sign in entries:
            self.Z[i][j] += sign * factor

    def norm(self, kind: IsotypicType) -> int:
        """The square of the norms that isotypic_basis takes to be one."""
        match kind.kind:
            case Kind.TRIVIAL:
                return 1
            case Kind.STANDARD:
                return square(self.xi)
            case Kind.PRODUCT:
                return square(self.xi) * square(self.eta)
            case _:
                return sum(map(square, self.Z))


def square(values: list[Any]) -> Any:
    return sum(x * x for x in values)


def inner(X: list[list[Any]], Y: list[list[Any]]) -> Any:
    return sum(x * y for row, other in zip(X, Y, strict=True) for x, y in zip(row, other, strict=True))


def random_point(name: str, seed: int = 1) -> DensePoint:
    sizes, attached, teacher = SHAPES[name]
    shape = Shape.build([Size.constant(n) for n in sizes], attached, teacher)
    generator = random.Random(f"{name} {seed}")
    entries = [Fraction(generator.randint(-1000, 1000), 512) for _ in shape.names]
    return DensePoint(shape, sizes, teacher, entries)


def combined(coefficients: list[Any], basis: list[Any], orbits: int, blocks: int) -> list[Vector]:
    """The sum of coefficient * basis vector, orbit by orbit."""
    parts = [Vector.zero(blocks) for _ in range(orbits)]
    for coefficient, vector in zip(coefficients, basis, strict=True):
        parts[vector.row].add(coefficient, vector.vector)
    return parts


@pytest.mark.parametrize("name", SHAPES)
def test_the_reduced_loss_and_gradient_are_those_of_the_dense_network(name: str) -> None:
    point = random_point(name)
    two_pi = 2 * point.arithmetic.pi
    assert abs(loss(point.table) / two_pi - point.network.loss(point.weights)) < TOLERANCE
    places = [(entry.row, entry.block, entry.diagonal) for entry in point.table.shape.entries]
    entries = dict(zip(places, gradient(point.table), strict=True))
    reduced = point.matrix(lambda R, own, c: entries[R, c[0], c == own])
    dense = point.network.gradient(point.weights)
    for row, expected in zip(reduced, dense, strict=True):
        assert max(abs(x / two_pi - y) for x, y in zip(row, expected, strict=True)) < TOLERANCE


@pytest.mark.parametrize("name", SHAPES)
def test_the_dense_hessian_acts_on_every_test_tensor_as_the_block_says(name: str) -> None:
    point = random_point(name)
    shape, table = point.table.shape, point.table
    two_pi = 2 * point.arithmetic.pi
    H = point.network.hessian(point.weights)
    columns, dimensions = len(point.columns), 0
    for kind in isotypic_types(shape, [Fraction(n) for n in point.sizes]):
        dimension = int(kind.dimension(point.sizes))
        if dimension <= 0:
            continue
        tensors = Tensors(kind, point.sizes, random.Random(f"{name} {kind.name}"))
        action, basis = isotypic_action(table, kind)
        dimensions += dimension * len(basis)
        images, norms = [], []
        for b, source in enumerate(basis):
            unit = combined([int(c == b) for c in range(len(basis))], basis, len(shape.rows), len(shape.blocks))
            X = point.realised(kind, tensors, unit)
            images.append(X)
            norms.append(source.norm * tensors.norm(kind))
            flat = point.network.mp.matrix([x for row in X for x in row])
            dense = H * flat
            column = [row[b] for row in action]
            expected = point.realised(kind, tensors, combined(column, basis, len(shape.rows), len(shape.blocks)))
            for i, row in enumerate(expected):
                for c, value in enumerate(row):
                    where = f"{name}, {kind.name}, {source.name}, row {i}, column {c}"
                    assert abs(dense[i * columns + c] - value / two_pi) < 1000 * TOLERANCE, where
        for b, c in itertools.product(range(len(basis)), repeat=2):
            assert inner(images[b], images[c]) == (norms[b] if b == c else 0), f"{kind.name}: norms of {b} and {c}"
    # Nothing of M(k, d) is left out: the types fill it.
    assert dimensions == len(point.rows) * columns


def test_the_loss_of_the_teacher_itself_is_exactly_zero() -> None:
    """As a Python integer, which no arithmetic rounds; the same weights as numbers of the arithmetic are not so known."""
    shape = definition("global").shape
    arithmetic = Multiprecision(DIGITS)
    sizes = [arithmetic.number(7)]
    teacher = GramTable(shape, arithmetic, sizes, {"diag1": 1, "off1": 0})
    assert teacher.is_teacher
    assert loss(teacher) == 0
    assert isinstance(loss(teacher), int)
    other = GramTable(
        shape, arithmetic, sizes, {"diag1": arithmetic.number(1), "off1": arithmetic.number(0) + TOLERANCE}
    )
    assert not other.is_teacher


def test_tensors_are_named_after_orbit_and_block_counted_from_one() -> None:
    table = random_point("two blocks").table
    names = {kind.name: [tensor.name for tensor in isotypic_basis(table, kind)] for kind in isotypic_types(table.shape)}
    assert names["t"] == list(table.shape.names)
    assert names["s1"] == ["diagonal1", "skew1", "symmetric1", "rows1_2", "tensor2"]
    assert names["s2"] == ["tensor1", "diagonal2", "skew2", "symmetric2", "rows2_1"]
    assert names["x1"] == names["y1"] == ["tensor1"]
    assert names["s1*s2"] == ["tensor1", "tensor2"]


FAMILIES = ("global", "A", "I", "II", "M2", "M3", "M4")
LARGEST_D = 12
DENSE_UP_TO = 8  # beyond, the eigenvalues of the dense matrix are found with less work, see below


def integers(largest: int, smallest: int = 0) -> list[tuple[str, int]]:
    """Every family and d at which each varying block has at least three rows."""
    return [
        (name, d) for name in FAMILIES for d in range(max(smallest, int(definition(name).d_with_rows(3))), largest + 1)
    ]


@pytest.fixture(scope="module")
def branches() -> dict[str, Branch]:
    return {name: Branch(definition(name)) for name in FAMILIES}


def judged(branch: Branch, d: int) -> tuple[CriticalPoint, DensePoint]:
    """The certified point at d and its weight matrix, which the dense network finds critical."""
    certified = enclose_point(branch, Fraction(d), DIGITS)
    shape = branch.definition.shape
    sizes = [int(n) for n in branch.definition.sizes(Fraction(d))]
    entries = [exact_midpoint(value) for value in certified.entries]
    dense = DensePoint(shape, sizes, list(shape.teacher), entries)
    residual = max(abs(g) for row in dense.network.gradient(dense.weights) for g in row)
    assert residual < TOLERANCE / 10**4
    return certified, dense


def claimed_eigenvalues(certified: CriticalPoint, arithmetic: Multiprecision) -> list[Any]:
    """All k d eigenvalues, ascending: each of a component as often as its dimension says."""
    values = []
    for component in certified.components:
        if component.counts:
            for ball in component.eigenvalues:
                values += [arithmetic.number(exact_midpoint(ball))] * int(component.dimension)
    return sorted(values)


@pytest.mark.parametrize(("name", "d"), integers(DENSE_UP_TO))
def test_all_eigenvalues_of_a_family_are_those_of_the_dense_hessian(
    name: str, d: int, branches: dict[str, Branch]
) -> None:
    certified, dense = judged(branches[name], d)
    claimed = claimed_eigenvalues(certified, dense.arithmetic)
    found = dense.network.eigenvalues(dense.weights)
    assert len(claimed) == len(found) == d * d
    assert max(abs(x - y) for x, y in zip(claimed, found, strict=True)) < TOLERANCE
    assert certified.index == sum(value < 0 for value in found)
    assert abs(dense.arithmetic.number(exact_midpoint(certified.loss)) - dense.network.loss(dense.weights)) < TOLERANCE


@pytest.mark.parametrize(("name", "d"), integers(LARGEST_D, DENSE_UP_TO + 1))
def test_eigenvalues_and_multiplicities_at_larger_d(name: str, d: int, branches: dict[str, Branch]) -> None:
    """The same, with the dense matrix still the judge, at a twentieth of the cost.

    Its distinct eigenvalues come from Lanczos' method to 30 digits; how often each occurs is counted among the
    eigenvalues in double precision, whose error is far below their distances; trace and Frobenius norm then weigh
    the multiplicities once more, to 30 digits.
    """
    certified, dense = judged(branches[name], d)
    claimed = group_with_multiplicity(claimed_eigenvalues(certified, dense.arithmetic), 25)
    found = dense.network.distinct_eigenvalues(dense.weights)
    assert len(claimed) == len(found)
    assert max(abs(x - y) for (x, _), y in zip(claimed, found, strict=True)) < TOLERANCE
    H = dense.network.hessian(dense.weights)
    size = d * d
    floats = np.linalg.eigvalsh(np.array(H.tolist(), dtype=float))
    assert min(float(b - a) for a, b in itertools.pairwise(found)) > 1e-7
    assert [int(np.sum(abs(floats - float(x)) < 1e-10)) for x, _ in claimed] == [m for _, m in claimed]
    assert sum(m for _, m in claimed) == size
    assert abs(sum(m * x for x, m in claimed) - sum(H[i, i] for i in range(size))) < TOLERANCE * size
    norm = sum(H[i, j] ** 2 for i in range(size) for j in range(size))
    assert abs(sum(m * x * x for x, m in claimed) - norm) < TOLERANCE * size
    assert certified.index == sum(m for x, m in claimed if x < 0)
