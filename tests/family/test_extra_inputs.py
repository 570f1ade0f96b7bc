"""The Hessian on inputs that no neuron sees: types, formulas, and three independent routes to the same eigenvalues."""

from fractions import Fraction

import pytest
from flint import arb

from symrelu import family
from symrelu.analysis.dense_check import dense_weights
from symrelu.analysis.point import enclose_point
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal
from symrelu.family.catalogue import definition
from symrelu.family.definition import definition_from_dict
from symrelu.family.extra_inputs import InputType, hessian_action, hessian_types, input_action, input_types
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, isotypic_types, symmetric_pencil
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.dense import DenseNetwork, group_with_multiplicity
from symrelu.symmetry.types import IsotypicType, Kind

NUMBERS = Multiprecision(40)
# No critical points: the formulas of the Hessian hold anywhere, and two orbits on one block are seen nowhere else.
ENTRIES = {"diag1": "0.9", "off1": "-0.1", "w12": "0.3", "diag2": "-0.4", "off2": "0.25", "w22": "0.15"}
ENTRIES |= {"w31": "0.2", "w32": "-0.7"}
BLOCKS, ROWS, SIZES = ["d-1", "1"], [0, 0, None], [4, 1]


def table_at(extra):
    """Two orbits on a block of four columns and a free row; with extra columns without teacher, and zeros there."""
    blocks = [*BLOCKS, *([str(extra)] if extra else [])]
    shape = Shape.build([Size.parse(b) for b in blocks], ROWS, [True, True, False][: len(blocks)])
    entries = {name: NUMBERS.number(ENTRIES.get(name, "0")) for name in shape.names}
    return GramTable(shape, NUMBERS, SIZES + [extra] * bool(extra), entries)


def eigenvalues(action, gram):
    matrix = [[g * x for x in row] for g, row in zip(gram, action, strict=True)]
    return NUMBERS.eigenvalues(matrix, gram)


def test_types_names_dimensions_and_words():
    shape = definition("M2").shape
    kinds = input_types(shape, 3)
    assert [kind.name for kind in kinds] == ["t*o", "s1*o", "s2*o"]
    assert [kind.dimension([6, 2]) for kind in kinds] == [3, 15, 3]
    assert kinds[0].describe(["d-2", "2"]) == "trivial representation, in each of 3 extra inputs"
    assert input_types(shape, 1)[1].describe(["d-2", "2"]).endswith("of S_(d-2), in the extra input")
    assert input_types(shape, 0) == []
    assert [kind.name for kind in input_types(definition("II").shape, 1)] == ["t*o", "s1*o"]


def test_all_types_together_fill_the_weights():
    """k (d + N) weights: the dimensions times the sizes of the blocks."""
    for name, sizes in (("II", [7, 1]), ("M3", [6, 3]), ("global", [5])):
        shape = definition(name).shape
        table = GramTable(shape, NUMBERS, sizes, {n: NUMBERS.number("0.3") for n in shape.names})
        kinds = hessian_types(shape, [Fraction(n) for n in sizes], 4)
        rows = {None: 1, **dict(enumerate(sizes))}
        neurons = sum(rows[row.attached] for row in shape.rows)
        copies = {kind.name: len(hessian_action(table, kind)[1]) if "*o" in kind.name else 0 for kind in kinds}
        assert sum(kind.dimension(sizes) * copies[kind.name] for kind in kinds) == 4 * neurons


def test_a_column_block_without_teacher_has_the_same_eigenvalues():
    """The formulas of hessian.py, which know nothing of this, on a shape with the extra columns as a block of their own."""
    with_block, without = table_at(3), table_at(0)
    trivial, standard = input_types(without.shape, 3)
    kinds = {kind.name: kind for kind in isotypic_types(with_block.shape)}
    for name, kind in (("s3", trivial), ("s1*s3", standard)):
        B, gram = symmetric_pencil(*isotypic_action(with_block, kinds[name]))
        expected = NUMBERS.eigenvalues(B, gram)
        found = eigenvalues(*input_action(without, kind))
        assert len(found) == len(expected) == (3 if kind is trivial else 2)
        assert all(abs(x - y) < 1e-30 for x, y in zip(found, expected, strict=True))


@pytest.mark.parametrize(("name", "d", "extra"), [("II", 5, 2), ("A", 4, 1), ("global", 4, 2), ("M2", 5, 1)])
def test_the_dense_network_with_more_inputs_has_the_old_and_the_new_eigenvalues(name, d, extra):
    """All eigenvalues, with multiplicities; DenseNetwork.orthonormal places the extra inputs itself."""
    point = enclose_point(family(name)._numbers(), Fraction(d), 30, extra)
    entries = {key: decimal(ball, 40) for key, ball in point.parameters.items()}
    weights = [[*row, *["0"] * extra] for row in dense_weights(point.definition, d, entries)]
    network = DenseNetwork.orthonormal(d, digits=30, inputs=d + extra)
    assert max(abs(g) for row in network.gradient(weights) for g in row) < 1e-28
    found = group_with_multiplicity(network.eigenvalues(weights), 12)
    claimed = [
        network.mp.mpf(decimal(value, 30))
        for c in point.components
        if c.counts
        for value in c.eigenvalues
        for _ in range(int(c.dimension))
    ]
    expected = group_with_multiplicity(claimed, 12)
    assert [n for _, n in found] == [n for _, n in expected]
    assert all(abs(x - y) < 1e-20 for (x, _), (y, _) in zip(found, expected, strict=True))


@pytest.mark.parametrize(("name", "d"), [("A", 7), ("II", 6), ("M3", 9)])
def test_one_orbit_on_a_block_gains_a_target_s_term_over_x(name, d):
    """lambda(s_a*o) = lambda(x_a) + 1/(2 pi S'), S' of a row and another target of its block (module docstring)."""
    point = enclose_point(family(name)._numbers(), Fraction(d), 20, 1)
    values = {c.type.name: c.eigenvalues for c in point.components}
    with working(point.bits):
        p, sizes = point.parameters, point.definition.sizes(d)
        for a, row in enumerate(point.definition.shape.rows):
            if row.attached is None:
                continue
            own = [p[f"off{a + 1}"] if b == a else p[f"w{a + 1}{b + 1}"] for b in range(len(sizes))]
            norm = sum(((n - (b == a)) * x * x for b, (n, x) in enumerate(zip(sizes, own, strict=True))), arb(0))
            sine = (norm + p[f"diag{a + 1}"] ** 2 - own[a] ** 2).sqrt()  # |w|^2 |v|^2 - (w.v')^2, |v| = 1
            difference = values[f"s{a + 1}*o"][0] - values[f"x{a + 1}"][0] - 1 / (2 * arb.pi() * sine)
            assert difference.contains(0)
            assert difference.rad() < arb(10) ** -18


def test_extra_inputs_of_a_family_that_has_unseen_columns_already():
    data = {
        "name": "with two unseen columns",
        "blocks": ["d", "2"],
        "rows": [{"attached": 1}],
        "teacher": [True, False],
        "start": {"d": 9, "values": {"diag1": "1", "off1": "0", "w12": "0"}},
    }
    shape = definition_from_dict(data).shape
    assert [kind.name for kind in hessian_types(shape, inputs=2)][-2:] == ["t*o", "s1*o"]
    assert InputType(IsotypicType(Kind.STANDARD, 0), 2).dimension([9, 2]) == 16
