"""The catalogue: names, shapes, fields; unknown names get one line."""

import pytest

from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import CATALOGUE, definition, member, members


@pytest.mark.parametrize(
    ("name", "isotropy", "entries"),
    [
        ("global", "Delta S_d", 2),
        ("A", "Delta S_d", 2),
        ("I", "Delta(S_{d-1} x S_1)", 5),
        ("II", "Delta(S_{d-1} x S_1)", 5),
        ("M2", "Delta(S_{d-2} x S_2)", 6),
        ("M17", "Delta(S_{d-17} x S_{17})", 6),
        ("M", "Delta(S_{d-p} x S_p)", 6),
    ],
)
def test_isotropy_and_dimension_of_the_fixed_point_space(name, isotropy, entries):
    """The table of the literature: 2 for global and A, 5 for I and II, 6 for M_p; all have d neurons."""
    family = definition(name)
    assert family.name == name
    assert family.shape.isotropy == isotropy
    assert len(family.shape.entries) == entries
    assert str(family.shape.neurons) == str(family.shape.inputs) == "d"


def test_m1_is_ii():
    assert definition("M1") is CATALOGUE["II"]


@pytest.mark.parametrize(("p", "root"), [(2, 2), (3, 3), (4, None), (8, 8), (9, None), (100, None), (9999, 9999)])
def test_the_root_of_p_is_adjoined_unless_p_is_a_square(p, root):
    assert member(p).root_of == root


def test_only_m_has_a_symbol():
    assert [family.name for family in members(3) if family.symbolic_p] == ["M"]
    names = [family.name for family in members(3)]
    assert [name for name in names if "+" not in name] == ["global", "A", "I", "II", "M", "M2", "M3"]
    assert {"A+1", "I+1b", "II+2", "M2+1b", "M6+3"} <= set(names)


def test_every_member_says_where_its_branch_is():
    for family in members(12):
        if family.exact_point is not None:
            assert set(family.exact_point) == set(family.shape.names)
        elif not family.symbolic_p:
            assert set(family.start.values) == set(family.shape.names)
            assert family.start.d >= family.d_with_rows(4)
        assert family.status


def test_a_definition_stands_for_itself():
    assert definition(definition("A")) is definition("A")


@pytest.mark.parametrize(
    "name",
    [*("", "B", "M0", "M-1", "M01", "M1.5", "M10000", "M٣", "a", "II ", "ii", "M2+", "a\nb"), "x" * 5000, None, 3, [1]],
    ids=lambda name: repr(name)[:12],
)
def test_an_unknown_name_gets_one_line(name):
    with pytest.raises(UsageError, match="unknown family") as caught:
        definition(name)
    assert len(str(caught.value).splitlines()) == 1
    assert "M2, M3, ..." in str(caught.value)
