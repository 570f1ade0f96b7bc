"""The recorded branches: the record is whole, and every branch in it is a critical point of its own."""

import re
from fractions import Fraction

import pytest
from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.dense_check import dense_weights
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.family.catalogue import definition, members
from symrelu.family.recorded import BASES, EXTRA, SEARCH_D, branch_letter, recorded_branches
from symrelu.family.reduced import loss
from symrelu.model.dense import DenseNetwork

BRANCHES = [(name, i) for name, found in recorded_branches().items() for i in range(len(found))]
NAMES = [f"{name}{branch_letter(i)}" for name, i in BRANCHES]


def test_every_family_and_number_of_neurons_was_searched():
    assert set(recorded_branches()) == {f"{base}+{m}" for base in BASES for m in EXTRA}
    assert [branch_letter(i) for i in range(4)] == ["", "b", "c", "d"]
    assert len(NAMES) == len(set(NAMES)) >= 18


@pytest.mark.parametrize(("name", "i"), BRANCHES, ids=NAMES)
def test_a_recorded_branch_is_a_definition(name, i):
    family = definition(name + branch_letter(i))
    base, extra = definition(name.rsplit("+", 1)[0]), int(name.rsplit("+", 1)[1])
    assert family.name == name + branch_letter(i)
    assert family.branch == branch_letter(i)
    assert family.start.d == SEARCH_D
    assert set(family.start.values) == set(family.shape.names)
    assert family.shape.blocks == base.shape.blocks
    assert str(family.shape.neurons) == f"d+{extra}"
    assert family.shape.rows[: len(base.shape.rows)] == base.shape.rows
    assert all(row.attached is None for row in family.shape.rows[len(base.shape.rows) :])
    assert family.leading is None
    assert re.fullmatch(
        r".* with (one more neuron|[23] more neurons), (first|second|third|fourth) branch", family.status
    )


@pytest.mark.parametrize(("name", "i"), BRANCHES, ids=NAMES)
def test_the_values_are_a_critical_point_with_the_loss_that_is_recorded(name, i):
    """Rounded to six digits; polished they move by less than that, and no row is a copy of another."""
    family, recorded = definition(name + branch_letter(i)), recorded_branches()[name][i]
    branch = Branch(family)
    point = branch.approx(SEARCH_D, 64)
    for entry, value in zip(family.shape.names, point, strict=True):
        assert abs(float(value.mid()) - float(recorded["values"][entry])) < 1e-6
    with working(64):
        total = loss(branch.system(SEARCH_D).table(point)) / (2 * arb.pi())
    assert abs(float(total.mid()) - float(recorded["loss"])) < 1e-8
    losses = [float(other["loss"]) for other in recorded_branches()[name]]
    assert len({round(x, 7) for x in losses}) == len(losses)
    hits = [other["hits"] for other in recorded_branches()[name]]
    assert hits == sorted(hits, reverse=True)


# mathematics.md, section 2: d, then the values
TABLE = {
    "A+1": (20, "off1 .0932 diag1 -.8900 w21 .0974"),
    "I+1": (20, "off1 .0937 w12 .0247 diag1 -.8851 w21 .0529 w22 .8787 w31 .1251 w32 -.3550"),
    "II+1": (20, "off1 -.0043 w12 .0947 diag1 .9987 w21 .0322 w22 -.6618 w31 .0461 w32 -.1773"),
    "M2+1": (20, "off1 -.00003 w12 .0489 diag1 1.000 w21 .0182 off2 .1757 diag2 -.5816 w31 -.0389 w32 .5016"),
    "M2+1b": (20, "off1 -.0082 w12 .0959 diag1 .9988 w21 .0370 off2 .1136 diag2 -.7253 w31 .0654 w32 -.1501"),
    "M3+1": (20, "off1 -.0007 w12 .0530 diag1 1.0017 w21 .0207 off2 .1506 diag2 -.6656 w31 -.0559 w32 .4380"),
    "M3+1b": (20, "off1 -.0122 w12 .0964 diag1 .9983 w21 .0364 off2 .1092 diag2 -.7500 w31 .0866 w32 -.1420"),
    "II+2": (12, "off1 -.0125 w12 .1547 diag1 .9946 w21 .0444 w22 -.5332 w31 .0603 w32 -.1274 w41 .0241 w42 -.0950"),
    "I+2": (12, "off1 .1486 w12 .0485 diag1 -.8030 w21 .0519 w22 .8004 w31 .1264 w32 .0189 w41 .1103 w42 -.3686"),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_branches_are_those_of_the_table(name):
    """Four digits at d = 20 and 12, found by others; orders of rows and names agree with theirs."""
    family, (d, written) = definition(name), TABLE[name]
    values = dict(zip(*2 * [iter(written.split())], strict=True))
    point = dict(zip(family.shape.names, Branch(family).approx(Fraction(d), 64), strict=True))
    assert set(point) == set(values)
    for entry, text in values.items():
        assert abs(float(point[entry].mid()) - float(text)) < 5.1 * 10.0 ** -len(text.split(".")[1]), entry


@pytest.mark.parametrize(
    ("name", "d"),
    [
        ("A+1", 6),
        ("I+1b", 7),
        ("II+1", 7),
        ("II+2", 7),
        ("II+3", 7),
        ("I+3", 7),
        ("M2+1", 10),
        ("M2+1b", 7),
        ("M3+1b", 10),
    ],
)
def test_the_dense_network_has_no_gradient_there(name, d):
    """All d + m neurons and every weight, at a small d."""
    family = definition(name)
    network = DenseNetwork.orthonormal(d, digits=50)
    entries = {
        entry: network.mp.mpf(value.mid().str(45, radius=False))
        for entry, value in zip(family.shape.names, Branch(family).approx(Fraction(d), 150), strict=True)
    }
    gradient = network.gradient(dense_weights(family, d, entries))
    assert len(gradient) == d + int(name.rstrip("b")[-1])
    assert max(abs(x) for row in gradient for x in row) < 1e-35


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("A+2", "no branch A+2 was found by the recorded search at d = 20; known of this shape: none"),
        ("II+7", "no branch II+7 is recorded; searched were A+1"),
        ("M2+1z", "known of this shape: M2+1, M2+1b$"),
        ("M2+1c", "known of this shape: M2+1, M2+1b$"),
        ("II+1b", "known of this shape: II+1$"),
        ("II+0", "unknown family"),
        ("II+1a", "unknown family"),
        ("II+01", "unknown family"),
        ("II+", "unknown family"),
        ("+1", "unknown family"),
        ("IV+1", "unknown family 'IV'"),
        ("M0+1", "unknown family 'M0'"),
        ("global+1", "no branch"),
        ("M+1", "no branch"),
        ("A+1+1", "no branch"),
        ("M7+4", "no branch"),
        ("II+100", "unknown family"),
        ("II+1\n", "unknown family"),
    ],
)
def test_names_of_no_branch_get_one_line(name, said):
    with pytest.raises(
        UsageError, match=re.escape(said[:-1]) + "$" if said.endswith("$") else re.escape(said)
    ) as caught:
        definition(name)
    assert len(str(caught.value).splitlines()) == 1


def test_m1_is_ii_here_too():
    assert definition("M1+1") == definition("II+1")


def test_the_catalogue_lists_every_recorded_branch():
    assert set(NAMES) <= {family.name for family in members()}
