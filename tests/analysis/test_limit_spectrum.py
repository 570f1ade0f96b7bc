"""Limits of eigenvalues: against certified eigenvalues far out, published constants, and the dense network's structure."""

from fractions import Fraction

import pytest
from flint import arb, fmpq_mat

from symrelu import UsageError, family
from symrelu.analysis import limit_spectrum as module
from symrelu.analysis.limit_spectrum import limit_eigenvalues
from symrelu.arithmetic.precision import working

FAR = 10**12


@pytest.mark.parametrize("name", ["A", "I", "II", "M2", "A+1", "II+1", "M2+1b"])
def test_limits_are_what_eigenvalues_far_out_come_near_to(families, name):
    """At d = 10^12 every bounded eigenvalue is within a few s = 10^-6 of its limit, and the others are of the order of d."""
    limits = families(name).limit()
    spectrum = families(name).spectrum(d=FAR, digits=30)
    far = {component.type.name: component for component in spectrum.point.components}
    assert [block.type for block in limits.blocks] == [name for name, component in far.items() if component.counts]
    for block in limits.blocks:
        values = far[block.type].eigenvalues
        assert len(values) == len(block.limits) + block.growing
        for limit, value in zip(block.limits, values, strict=False):
            assert abs(limit - value) < 2e-5
        for value in values[len(block.limits) :]:
            assert value > FAR / 10


@pytest.mark.parametrize("name", ["A", "I", "II", "M3"])
def test_limits_of_the_families_with_k_equal_to_d_are_the_published_ones(families, name):
    """1/4 - 1/(2 pi), 1/4 and 1/4 + 1/(2 pi), and nothing else, stays bounded (Arjevani & Field 2021)."""
    with working(128):
        published = [arb(1) / 4 - 1 / (2 * arb.pi()), arb(1) / 4, arb(1) / 4 + 1 / (2 * arb.pi())]
        for block in families(name).limit().blocks:
            for limit in block.limits:
                assert any(limit.contains(value) for value in published)


def test_one_more_neuron_leaves_ii_a_minimum_for_all_large_d_and_makes_a_a_saddle(families):
    assert families("II+1").limit().is_minimum is True
    assert families("A+1").limit().is_minimum is False
    negative = [block.type for block in families("A+1").limit().blocks if any(x < 0 for x in block.limits)]
    assert negative == ["s1"]


def test_i_plus_one_has_three_directions_whose_curvature_vanishes_in_the_limit(families):
    """At d = 10^8 they are tiny; so the limit alone does not decide."""
    limits = families("I+1").limit()
    assert limits.is_minimum is None
    assert sum(x.contains(0) for block in limits.blocks for x in block.limits) == 3
    assert "open" in limits.to_text()


def test_a_pencil_with_coupled_growing_directions():
    """Eigenvalues of B/s^2 + C by hand: v along (1, 1) grows, on (1, -1) the form is that of C.

    B = [[1, 1], [1, 1]] / s^2 + [[a, b], [b, c]]: the bounded eigenvalue tends to (a - 2 b + c) / 2.
    """
    field = family("II")._series().field
    one = field.number(1)
    a, b, c = 3, 5, 11
    B = [[{-2: one, 0: one * a}, {-2: one, 0: one * b}], [{-2: one, 0: one * b}, {-2: one, 0: one * c}]]
    pencil = module._Pencil(B, [[one, one * 0], [one * 0, one]])
    left, pivots = pencil.split_off()
    assert len(left) == 1 and pivots == [one]
    (i,) = left
    assert pencil.B[i][i][0] / pencil.G[i][i] == Fraction(a - 2 * b + c, 2)


def test_the_inverse_of_a_laurent_polynomial():
    field = family("II")._series().field
    f = {-2: field.number(2), -1: field.number(3), 0: field.number(5)}
    inverse = module._inverse(f)
    assert module._product(f, inverse, 2) == {0: field.number(1)}


def test_a_growing_block_without_diagonal_pivot_is_refused():
    field = family("II")._series().field
    one = field.number(1)
    pencil = module._Pencil([[{}, {-1: one}], [{-1: one}, {}]], [[one, one], [one, one]])
    with pytest.raises(ArithmeticError, match="pivot"):
        pencil.split_off()


def test_generalised_eigenvalues_against_rational_arithmetic():
    """B v = lambda G v with det(B - lambda G) = 0 checked exactly for a pencil with known roots 1/2 and 3."""
    from flint import arb_mat

    B, G = arb_mat([[5, -2], [-2, 2]]), arb_mat([[4, 0], [0, 1]])
    values = module._eigenvalues(B, G)
    for value, exact in zip(values, sorted(_roots(fmpq_mat([[5, -2], [-2, 2]]))), strict=True):
        assert abs(value - exact) < 1e-12


def _roots(B: fmpq_mat) -> list[float]:
    """The roots of det(B - x diag(4, 1)) = 4 x^2 - (b11 + 4 b22) x + det B."""
    middle, det = float(B[0, 0].p) + 4 * float(B[1, 1].p), float(B.det().p)
    root = (middle**2 - 16 * det) ** 0.5
    return [(middle - root) / 8, (middle + root) / 8]


def test_a_symbol_p_has_no_limits(families):
    with pytest.raises(UsageError, match="M2"):
        families("M").limit()


def test_limits_as_json(families):
    data = families("II+1").limit().to_json()
    assert data["minimum"] is True and data["evidence"] == "certified"
    assert [block["growing"] for block in data["blocks"]] == [3, 1, 0, 0]
    assert limit_eigenvalues(families("II+1")._series())["x1"].pivots == []
