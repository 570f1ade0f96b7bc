"""Eigenvalue series of families against certified eigenvalues far out, and against the claims of the literature."""

from collections import Counter
from fractions import Fraction

import pytest
import sympy
from flint import arb

from symrelu import UsageError
from symrelu.arithmetic.precision import working

PI = sympy.pi


@pytest.mark.parametrize(
    ("name", "order", "inputs"),
    [("I", 2, 0), ("M3", 2, 0), ("M2", 1, 0), ("II", 0, 0), ("II", -1, 0), ("II", 3, 1), ("A", 4, 1), ("M2", 2, 1)],
)
def test_truncations_miss_the_certified_eigenvalues_by_o_of_s_to_the_order(families, name, order, inputs):
    """At d = 10^10 and 10^14: the error divided by s^N must not grow as s shrinks by 100.

    An extra input leaves the blocks of the network without it as they are.
    """
    series = families(name).spectrum(order=order, inputs=inputs)
    for block in series.blocks:
        errors = []
        for d in (10**10, 10**14):
            components = families(name).spectrum(d, digits=60, inputs=inputs).components
            (component,) = (c for c in components if c.type.name == block.type.name)
            with working(400):
                s = 1 / arb(d).sqrt()
                values = [sum((c.ball() * s**j for j, c in terms.items()), arb(0)) for terms in block.eigenvalues]
                values.sort(key=lambda x: float(x.mid()))
                pairs = zip(component.eigenvalues, values, strict=True)
                errors.append(max(float((abs(x - y) / s**order).mid()) for x, y in pairs))
        assert errors[1] < 2 * errors[0] + 1e-3
        assert errors[1] < 1e5


@pytest.mark.parametrize("name", ["global", "A", "I", "II"])
def test_the_spectra_of_the_literature_to_leading_order(families, name):
    """AF21-spectrum: modulo O(d^-1/2) the same at the global minimum and at A, I, II, apart from finitely many:

    1/4 - 1/(2pi) with multiplicity d(d-1)/2; 1/4 + 1/(2pi) with d(d-3)/2; (d+1)/4 with d-1; 1/4 with d-1; one each of
    d/4 + 1/(2pi) + pi/(4(pi-2)) and d/(2pi) + 1/2 - 1/(2pi) - pi/(4(pi-2)). Quadratic parts of the multiplicities are
    those of x and y, and linear ones those of s.
    """
    blocks = {block.type.name: block for block in families(name).spectrum(order=1).blocks}
    (x,), (y,) = blocks["x1"].eigenvalues, blocks["y1"].eigenvalues
    assert sympy.simplify(x[0].to_sympy() - (sympy.Rational(1, 4) - 1 / (2 * PI))) == 0
    assert sympy.simplify(y[0].to_sympy() - (sympy.Rational(1, 4) + 1 / (2 * PI))) == 0
    standard = Counter(
        tuple((power, str(sympy.simplify(c.to_sympy()))) for power, c in sorted(terms.items()))
        for terms in blocks["s1"].eigenvalues
    )
    assert standard[((-2, "1/4"), (0, "1/4"))] == 1
    assert standard[((0, "1/4"),)] >= 1
    growing = {
        (sympy.simplify(terms[-2].to_sympy()), sympy.simplify(terms.get(0, terms[-2] * 0).to_sympy()))
        for terms in blocks["t"].eigenvalues
        if -2 in terms
    }
    for slope, constant in (
        (sympy.Rational(1, 4), 1 / (2 * PI) + PI / (4 * (PI - 2))),
        (1 / (2 * PI), sympy.Rational(1, 2) - 1 / (2 * PI) - PI / (4 * (PI - 2))),
    ):
        assert any(sympy.simplify(a - slope) == 0 and sympy.simplify(b - constant) == 0 for a, b in growing)


def test_the_literal_multiplicities_add_up(families):
    d = sympy.Symbol("d")
    for name in ("II", "A", "M3"):
        blocks = families(name).spectrum(order=0).blocks
        total = sum(len(block.eigenvalues) * block.dimension for block in blocks)
        assert sympy.expand(total - d**2) == 0


def test_blocks_of_small_constant_size_have_no_absent_types(families):
    """M_2: x2 and y2 have dimension 0 and -1; M_3: y2 has dimension 0."""
    assert [block.type.name for block in families("M2").spectrum(order=0).blocks] == [
        "t",
        "s1",
        "x1",
        "y1",
        "s2",
        "s1*s2",
    ]
    assert "y2" not in [block.type.name for block in families("M3").spectrum(order=0).blocks]


def test_text_latex_and_expressions(families):
    series = families("II").spectrum(order=1)
    text = series.to_text()
    assert "x1, multiplicity (d - 3)*(d - 2)/2" in text
    assert "O(s)" in text
    assert r"\mathfrak{x}" in series.to_latex()
    (x,) = series.to_sympy("x1")
    assert sympy.simplify(x - (sympy.Rational(1, 4) - 1 / (2 * PI))) == 0
    assert repr(series) == "SpectrumSeries(II, order=1, field=Q(pi))"


def test_a_symbol_p_gives_series_that_specialise(families):
    general, special = families("M").spectrum(order=1), families("M4").spectrum(order=1)
    for block in special.blocks:
        other = general.block(block.type.name)
        pairs = []
        for terms in (block.eigenvalues, other.eigenvalues):
            pairs.append(
                sorted(
                    tuple(
                        (power, float(c.to_sympy().subs(sympy.Symbol("p", positive=True), 4)))
                        for power, c in sorted(series.items())
                    )
                    for series in terms
                )
            )
        for one, two in zip(*pairs, strict=True):
            assert [power for power, _ in one] == [power for power, _ in two]
            assert all(abs(x - y) < 1e-12 for (_, x), (_, y) in zip(one, two, strict=True))


def test_orders_below_minus_one_are_refused(families):
    with pytest.raises(UsageError, match="below -1"):
        families("II").spectrum(order=-2)


def test_eigenvalues_that_grow_are_all_there_is_at_order_minus_one(families):
    for block in families("II").spectrum(order=-1).blocks:
        assert all(set(terms) <= {-2} for terms in block.eigenvalues)
    growing = [len([t for t in block.eigenvalues if t]) for block in families("II").spectrum(order=-1).blocks]
    assert growing == [3, 1, 0, 0]
    assert Fraction(sum(growing)) == 4
