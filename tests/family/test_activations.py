"""Families with other activations: reduced loss, gradient and Hessian blocks against the dense network.

At random points of many shapes, which are not critical, the blocks' eigenvalues with the multiplicities of their types are
those of the whole dense Hessian, which is equivariant there too. Mutations of the kernel show that this can fail.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import definition
from symrelu.family.definition import definition_from_dict
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, isotypic_types, symmetric_pencil
from symrelu.family.own_block import own_blocks
from symrelu.family.reduced import gradient, loss
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.activations import ERF, Leaky
from symrelu.model.dense import DenseNetwork
from symrelu.model.dense_kernels import ErfNetwork, LeakyNetwork
from symrelu.model.kernel import RELU, Activation

# Block sizes, the block each row orbit is attached to (None: a free row), and which blocks carry targets.
SHAPES: dict[str, tuple[list[int], list[int | None], list[bool]]] = {
    "one block": ([4], [0], [True]),
    "two blocks": ([3, 2], [0, 1], [True, True]),
    "two orbits of one block and a free row": ([4, 1], [0, 0, None], [True, True]),
    "three blocks, one without targets": ([2, 3, 1], [0, 1, None], [True, True, False]),
}
ACTIVATIONS: dict[str, Activation] = {a.name: a for a in (Leaky(Fraction(1, 10)), Leaky(Fraction(-1)), ERF)}
DIGITS = 20
TOLERANCE = 1e-11


@dataclass
class Point:
    """A random invariant point: its table, and its weights and targets as whole matrices."""

    table: GramTable
    weights: list[list[Any]]
    targets: list[list[int]]

    def dense(self, activation: Activation) -> DenseNetwork:
        if isinstance(activation, Leaky):
            return LeakyNetwork(self.targets, activation.slope, DIGITS)
        return ErfNetwork(self.targets, DIGITS)


def random_point(name: str, activation: Activation) -> Point:
    sizes, attached, teacher = SHAPES[name]
    shape = Shape.build([Size.constant(n) for n in sizes], attached, teacher)
    generator, arithmetic = random.Random(name), Multiprecision(DIGITS + 10)
    entries = {entry: Fraction(generator.randint(-700, 700), 512) for entry in shape.names}
    point = {entry: arithmetic.number(x) for entry, x in entries.items()}
    table = GramTable(shape, arithmetic, [arithmetic.number(n) for n in sizes], point, activation)
    columns = [(b, i) for b, n in enumerate(sizes) for i in range(n)]
    weights = []
    for R, row in enumerate(shape.rows):
        own = {(e.block, e.diagonal): entries[e.name] for e in shape.entries if e.row == R}
        indices = [None] if row.attached is None else [(row.attached, i) for i in range(sizes[row.attached])]
        weights += [[own[c[0], c == index] for c in columns] for index in indices]
    return Point(table, weights, [[int(c == t) for c in columns] for t in columns if teacher[t[0]]])


def reduced_spectrum(table: GramTable) -> np.ndarray:
    """All eigenvalues of the Hessian from its blocks, each as often as its type says."""
    sizes = [Fraction(int(n)) for n in table.sizes]
    values: list[float] = []
    for kind in isotypic_types(table.shape, sizes):
        dimension = int(kind.dimension(sizes))
        if dimension > 0:
            matrix, gram = symmetric_pencil(*isotypic_action(table, kind))
            found = table.arithmetic.eigenvalues(matrix, gram)
            values += [float(x / (2 * table.arithmetic.pi)) for x in found] * dimension
    return np.sort(values)


def disagreement(name: str, activation: Activation, judge: Activation) -> dict[str, float]:
    """The largest differences of loss, gradient and spectrum between the reduced formulas and the dense network."""
    point = random_point(name, activation)
    table, dense = point.table, point.dense(judge)
    two_pi = 2 * table.arithmetic.pi
    expected = dense.gradient(point.weights)
    rows, row = [], 0
    for orbit in table.students:
        rows.append(row)
        row += 1 if orbit.attached is None else int(table.sizes[orbit.attached])
    starts = [int(sum(table.sizes[:b])) for b in range(len(table.sizes))]
    slopes = []
    for entry, value in zip(table.shape.entries, gradient(table), strict=True):
        # Row 0 of the orbit: its own column is the first of its block, any other column of a block may be its last.
        first = starts[entry.block]
        column = first if entry.diagonal else first + int(table.sizes[entry.block]) - 1
        slopes.append(abs(float(value / two_pi - expected[rows[entry.row]][column])))
    dense_spectrum = np.linalg.eigvalsh(np.array(dense.hessian(point.weights).tolist(), dtype=float))
    return {
        "loss": abs(float(loss(table) / two_pi - dense.loss(point.weights))),
        "gradient": max(slopes),
        "spectrum": float(np.max(np.abs(reduced_spectrum(table) - dense_spectrum))),
    }


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("name", SHAPES)
def test_reduced_loss_gradient_and_spectrum_are_those_of_the_dense_network(name: str, activation: str) -> None:
    found = disagreement(name, ACTIVATIONS[activation], ACTIVATIONS[activation])
    assert max(found.values()) < TOLERANCE, found


def mutated(activation: Activation, part: str, change: Callable[[Any], Any]) -> Activation:
    """The activation with one coefficient of its kernel, or of its own term, changed."""

    def altered(original: Any) -> Any:
        names = {part: property(lambda self: change(getattr(original, part)))} if hasattr(original, part) else {}
        return type("Altered", (), {"__getattr__": lambda self, name: getattr(original, name), **names})()

    class Mutant:
        name, homogeneous = activation.name, activation.homogeneous

        def pair(self, *data: Any) -> Any:
            return altered(activation.pair(*data))

        def own(self, *data: Any) -> Any:
            return altered(activation.own(*data))

    return Mutant()


MUTATIONS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "value of F doubled": ("F", lambda x: 2 * x, "loss"),
    "own value doubled": ("value", lambda x: 2 * x, "loss"),
    "sign of radial": ("radial", lambda x: -x, "gradient"),
    "phi shifted": ("phi", lambda x: x + 1, "gradient"),
    "own slope doubled": ("slope", lambda x: 2 * x, "gradient"),
    "q doubled": ("q", lambda x: 2 * x, "spectrum"),
    "sign of b": ("b", lambda x: -x, "spectrum"),
    "sign of b'": ("b_swapped", lambda x: -x, "spectrum"),
    "a halved": ("a", lambda x: x / 2, "spectrum"),
    "no bend": ("bend", lambda x: None, "spectrum"),
}


@pytest.mark.parametrize("activation", ["leaky:1/10", "erf"])
def test_a_wrong_coefficient_is_seen(activation: str) -> None:
    right = ACTIVATIONS[activation]
    unchanged = disagreement("two blocks", mutated(right, "q", lambda x: x), right)
    assert max(unchanged.values()) < TOLERANCE
    for mutation, (part, change, where) in MUTATIONS.items():
        if part != "bend" or activation == "erf":  # the bend of a homogeneous activation is none
            assert disagreement("two blocks", mutated(right, part, change), right)[where] > 1e-4, mutation


def test_leaky_relu_is_relu_and_a_linear_network() -> None:
    """grad L_alpha = (1 - alpha)^2 grad L_0 + alpha (sum_i w_i - sum_j v_j), the same for every row."""
    alpha = Fraction(1, 10)
    for name in SHAPES:
        leaky, relu = random_point(name, Leaky(alpha)), random_point(name, RELU)
        number, two_pi = relu.table.arithmetic.number, 2 * relu.table.arithmetic.pi
        columns = zip(zip(*leaky.weights, strict=True), zip(*leaky.targets, strict=True), strict=True)
        linear = [sum(w) - sum(v) for w, v in columns]
        starts = [int(sum(relu.table.sizes[:b])) for b in range(len(relu.table.sizes))]
        pairs = zip(relu.table.shape.entries, gradient(leaky.table), gradient(relu.table), strict=True)
        for entry, mine, base in pairs:
            error = linear[starts[entry.block]]
            assert abs(mine - number((1 - alpha) ** 2) * base - number(alpha * error) * two_pi) < 1e-20


def test_own_blocks_need_a_homogeneous_activation_and_have_w_in_their_kernel() -> None:
    table = random_point("two blocks", Leaky(Fraction(1, 10))).table
    block = own_blocks(table, 0)[0]
    assert block.row is not None
    image = [sum(x * y for x, y in zip(line, block.row, strict=True)) for line in block.action]
    assert max(map(abs, image)) < 1e-20
    with pytest.raises(UsageError, match="homogeneous"):
        own_blocks(random_point("two blocks", ERF).table, 0)


SADDLE = {
    "name": "saddle",
    "blocks": ["d"],
    "rows": [{"attached": 1}],
    "start": {"d": "10", "values": {"diag1": "-0.067", "off1": "0.0751"}},
}


def test_the_activation_of_a_user_family_is_that_of_its_start() -> None:
    assert definition_from_dict(SADDLE).activation == RELU
    found = definition_from_dict({**SADDLE, "activation": "erf"})
    assert found.activation == ERF
    assert found.start is not None
    assert found.start.activation == ERF
    for wrong in ("tanh", 3, None):
        with pytest.raises(UsageError, match="activation"):
            definition_from_dict({**SADDLE, "activation": wrong})
    leading = {key: value for key, value in SADDLE.items() if key != "start"}
    leading |= {"leading": {"diag1": "-1", "off1": "2*s^2"}}
    assert definition_from_dict(leading).leading is not None
    with pytest.raises(UsageError, match="ReLU only"):
        definition_from_dict({**leading, "activation": "leaky:1/10"})


def test_another_activation_is_another_family() -> None:
    base = definition("II")
    leaky = base.with_activation(Leaky(Fraction(1, 10)))
    assert leaky.name == "II with leaky:1/10"
    assert leaky.start is base.start
    assert base.with_activation(RELU) is base
    with pytest.raises(UsageError, match="symbol p"):
        definition("M").with_activation(ERF)
