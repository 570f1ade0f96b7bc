"""H_ii - I/2 by types of a row's stabiliser, against the dense Hessian at points that are not critical."""

import random
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
import pytest

from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.own_block import negative_roots, own_blocks, own_types
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.dense import DenseNetwork

DIGITS = 40
TOLERANCE = mpmath.mpf(10) ** -30

# d, column blocks, the block each row orbit is attached to (None: a free row), and which blocks carry targets.
SHAPES: dict[str, tuple[int, list[str], list[int | None], list[bool]]] = {
    "one block": (5, ["d"], [0], [True]),
    "two blocks": (7, ["d-3", "3"], [0, 1], [True, True]),
    "a block of two": (6, ["d-2", "2"], [0, 1], [True, True]),
    "a single row and free rows": (5, ["d-1", "1"], [0, 1, None], [True, True]),
    "two orbits of one block": (6, ["d-2", "2"], [0, 0, 1], [True, True]),
    "three blocks": (8, ["d-4", "1", "3"], [0, 1, 2], [True, True, True]),
    "inputs without targets": (5, ["d", "3"], [0, None], [True, False]),
}


class Seen:
    """A random point of a shape: its Gram table, and the dense H_ii - I/2 of one row."""

    def __init__(self, name: str):
        d, blocks, attached, teacher = SHAPES[name]
        self.shape = Shape.build([Size.parse(size) for size in blocks], attached, teacher)
        self.d, self.definition = d, Definition(name, self.shape)
        generator = random.Random(name)
        texts = {entry: f"{generator.uniform(-1, 1):.12f}" for entry in self.shape.names}
        arithmetic = Multiprecision(DIGITS + 10)
        self.sizes = [int(n) for n in self.definition.sizes(Fraction(d))]
        self.table = GramTable(
            self.shape, arithmetic, self.sizes, {entry: arithmetic.number(text) for entry, text in texts.items()}
        )
        self.network = DenseNetwork(dense_teacher(self.definition, d), DIGITS)
        self.weights = dense_weights(self.definition, d, texts)

    def own(self, R: int) -> tuple[int, Any]:
        """(number of the first row of an orbit, H_ii - I/2 of it)."""
        mp, n = self.network.mp, sum(self.sizes)
        rows = [1 if row.attached is None else self.sizes[row.attached] for row in self.shape.rows]
        i = sum(rows[:R])
        H = self.network.hessian(self.weights)
        block = [[H[i * n + p, i * n + q] - mp.mpf(p == q) / 2 for q in range(n)] for p in range(n)]
        return i, mp.matrix(block)

    def columns(self, R: int) -> list[list[int]]:
        """The columns in blocks, as the stabiliser of the first row of the orbit sees them: its rest, then its own."""
        starts = [sum(self.sizes[:b]) for b in range(len(self.sizes))]
        blocks = [list(range(s, s + n)) for s, n in zip(starts, self.sizes, strict=True)]
        a = self.shape.rows[R].attached
        return [part for b, block in enumerate(blocks) for part in ([block[1:], block[:1]] if b == a else [block])]


CASES = [(name, R) for name, (_, _, attached, _) in SHAPES.items() for R in range(len(attached))]


@pytest.mark.parametrize(("name", "R"), CASES)
def test_the_blocks_are_what_the_dense_hessian_does(name: str, R: int) -> None:
    seen = Seen(name)
    mp = seen.network.mp
    _, own = seen.own(R)
    columns = seen.columns(R)
    n = sum(seen.sizes)
    for block in own_blocks(seen.table, R):
        if block.type.is_trivial:
            vectors = [[int(c in part) for c in range(n)] for part in columns]
        else:
            first, second = columns[block.type.kind.block][:2]
            vectors = [[(c == first) - (c == second) for c in range(n)]]
        assert len(vectors) == len(block.action)
        for source, vector in enumerate(vectors):
            image = own * mp.matrix(vector)
            expected = [
                mp.fsum(block.action[t][source] * v[c] for t, v in enumerate(vectors)) / (2 * mp.pi) for c in range(n)
            ]
            assert max(abs(x - y) for x, y in zip(image, expected, strict=True)) < TOLERANCE
            norm = sum(x * x for x in vector)
            assert block.gram[source] == (norm if block.type.is_trivial else 1)


@pytest.mark.parametrize(("name", "R"), CASES)
def test_all_eigenvalues_with_their_multiplicities(name: str, R: int) -> None:
    seen = Seen(name)
    mp = seen.network.mp
    _, own = seen.own(R)
    found = []
    for block in own_blocks(seen.table, R):
        count = int(block.type.dimension.at(seen.d))
        values = seen.table.arithmetic.eigenvalues(block.pencil, block.gram)
        assert len(values) == block.type.copies + block.type.is_trivial
        found += [value / (2 * mp.pi) for value in values for _ in range(count)]
    expected = mp.eigsy(own, eigvals_only=True)
    assert len(found) == len(expected)
    assert max(abs(x - y) for x, y in zip(sorted(found), sorted(expected), strict=True)) < TOLERANCE


@pytest.mark.parametrize(("name", "R"), CASES)
def test_the_row_itself_is_in_the_kernel_and_can_be_left_out(name: str, R: int) -> None:
    seen = Seen(name)
    mp = seen.network.mp
    block = own_blocks(seen.table, R)[0]
    assert block.row is not None
    assert max(abs(mp.fdot(line, block.row)) for line in block.action) < TOLERANCE
    others = sorted(seen.table.arithmetic.eigenvalues(block.pencil, block.gram), key=abs)[1:]
    for place in range(len(block.row)):
        coefficients = block.characteristic(place)
        assert len(coefficients) == len(others)
        for value in others:  # each is a root
            powers = [value**j for j in range(len(others) + 1)]
            assert abs(mp.fdot([*coefficients, 1], powers)) < TOLERANCE * max(map(abs, [1, *coefficients]))


def test_types_of_the_stabiliser_fill_the_space() -> None:
    for source in ("A", "I", "II", "M2", "M3", "M"):
        shape = definition(source).shape
        for R in range(len(shape.rows)):
            total = Size.constant(1)  # w_i itself
            for kind in own_types(shape, R):
                total = total + kind.dimension.scaled(Fraction(kind.copies))
            assert total == shape.inputs


def test_types_are_named_after_the_blocks_of_the_family() -> None:
    shape = definition("M3").shape
    described = {(kind.name, str(kind.dimension), kind.words) for kind in own_types(shape, 0)}
    assert described == {
        ("t", "1", "trivial representation"),
        ("s1", "d-5", "standard representation of S_(d-4)"),
        ("s2", "2", "standard representation of S_(3)"),
    }
    assert [kind.name for kind in own_types(definition("M2").shape, 1)] == ["t", "s1"]  # S_1 has no standard type


def test_negative_roots_of_polynomials_with_known_roots() -> None:
    values = (-2, -1, 0, 1, 3)
    for roots in product(values, repeat=3):
        coefficients = [1]
        for root in roots:  # lowest first
            coefficients = [a - root * b for a, b in zip([0, *coefficients], [*coefficients, 0], strict=True)]
        signs = [(c > 0) - (c < 0) for c in coefficients[:-1]]
        assert negative_roots(list(signs)) == sum(root < 0 for root in roots)


def test_an_open_sign_is_left_open_where_it_matters() -> None:
    assert negative_roots([None]) is None
    assert negative_roots([None, 1]) is None
    assert negative_roots([-1, None]) == 1  # whichever it is
    assert negative_roots([]) == 0


def test_at_the_global_minimum_nothing_is_left_but_the_own_term() -> None:
    arithmetic = Multiprecision(30)
    table = GramTable(definition("global").shape, arithmetic, [7], {"diag1": 1, "off1": 0})
    for block in own_blocks(table, 0):
        assert max(abs(entry) for line in block.action for entry in line) < mpmath.mpf(10) ** -28
