"""Closed expressions of the Hessian blocks: complete, readable by sympy, and equal to the numbers they stand for."""

import random
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import pytest
import sympy

from symrelu.analysis.branch import Branch
from symrelu.analysis.point import enclose_point
from symrelu.analysis.symbolic import NamedTable, SymbolicBlock, SymbolicSpectrum, symbolic_spectrum
from symrelu.arithmetic.multiprecision import Multiprecision
from symrelu.arithmetic.reals import exact_midpoint
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, symmetric_pencil
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size

DIGITS = 50
NUMBERS = Multiprecision(DIGITS + 15)
d, p, pi = sympy.Symbol("d"), sympy.Symbol("p"), sympy.pi

SHAPES: dict[str, tuple[list[str], list[int | None], list[bool]]] = {
    "two orbits of one block and a free row": (["d-3", "3"], [0, 0, None], [True, True]),
    "no pair that occurs once": (["d"], [0, None], [True]),
    "three blocks": (["d-3", "2", "1"], [0, 1, None], [True, True, True]),
    "inputs that no target sees": (["d", "4"], [0, 1], [True, False]),
}


def family_of(name: str) -> Definition:
    if name not in SHAPES:
        return definition(name)
    blocks, attached, teacher = SHAPES[name]
    return Definition(name, Shape.build([Size.parse(block) for block in blocks], attached, teacher))


@cache
def spectrum_of(name: str) -> SymbolicSpectrum:
    return symbolic_spectrum(family_of(name))


def mpf(value: Fraction) -> sympy.Float:
    return sympy.Float(str(NUMBERS.number(value)), DIGITS + 15)


def evaluated(block: SymbolicBlock, values: dict[Any, Any]) -> tuple[sympy.Matrix, sympy.Matrix]:
    """Numbers for the pencil, symbol after symbol from the last one of `where` upwards."""
    known = dict(values)
    for symbol, meaning in reversed(block.where.items()):
        known[symbol] = meaning.evalf(DIGITS + 15, subs=known)
    return tuple(m.applyfunc(lambda entry: entry.evalf(DIGITS + 15, subs=known)) for m in (block.matrix, block.gram))


def assert_reproduces(
    spectrum: SymbolicSpectrum, family: Definition, at: Fraction, entries: list[Fraction], p_value: int = 0
) -> None:
    """Every block of the spectrum against the same block computed in numbers, for a family without the symbol p."""
    shape = family.shape
    sizes = [size.at(NUMBERS.number(at)) for size in shape.blocks]
    numbers = [NUMBERS.number(x) for x in entries]
    table = GramTable(shape, NUMBERS, sizes, dict(zip(shape.names, numbers, strict=True)))
    values = {sympy.Symbol(name): mpf(x) for name, x in zip(shape.names, entries, strict=True)}
    for block in spectrum.blocks:
        matrix, gram = evaluated(block, values | {d: mpf(at), p: p_value})
        B, G = symmetric_pencil(*isotypic_action(table, block.type))
        assert matrix.shape == gram.shape == (block.copies, block.copies) == (len(B), len(G))
        for i, row in enumerate(B):
            for j, entry in enumerate(row):
                expected = entry / (2 * NUMBERS.pi)
                value, residue = matrix[i, j].as_real_imag()  # atan2 leaves an imaginary zero
                error = abs(NUMBERS.number(str(value)) - expected) + abs(residue)
                assert error < mpmath.mpf(10) ** -40 * max(1, abs(expected)), f"{block.type.name} {i} {j}"
                assert abs(gram[i, j] - (sympy.Float(str(G[i]), DIGITS) if i == j else 0)) < 1e-40


def certified_entries(name: str, at: int) -> list[Fraction]:
    point = enclose_point(Branch(definition(name)), Fraction(at), DIGITS + 15)
    return [exact_midpoint(value) for value in point.entries]


@pytest.mark.parametrize(("symbolic", "member", "p_value"), [("II", "II", 0), ("M3", "M3", 0), ("M", "M3", 3)])
def test_substitution_at_a_certified_point_gives_the_block(symbolic: str, member: str, p_value: int) -> None:
    spectrum = spectrum_of(symbolic)
    assert_reproduces(spectrum, definition(member), Fraction(20), certified_entries(member, 20), p_value)


@pytest.mark.parametrize("name", SHAPES)
def test_substitution_at_a_random_point_and_real_d_gives_the_block(name: str) -> None:
    family, generator = family_of(name), random.Random(name)
    entries = [Fraction(generator.randint(-1000, 1000), 512) for _ in family.shape.names]
    assert_reproduces(spectrum_of(name), family, Fraction(937, 100), entries)


@pytest.mark.parametrize("name", ["A", "II", "M", *SHAPES])
def test_every_symbol_is_defined_by_symbols_further_down(name: str) -> None:
    family = family_of(name)
    parameters = {d, p, *map(sympy.Symbol, family.shape.names)}
    for block in spectrum_of(name).blocks:
        defined = list(block.where)
        assert not set(defined) & parameters
        used = block.matrix.free_symbols | block.gram.free_symbols
        for position, symbol in enumerate(defined):
            meaning = block.where[symbol].free_symbols
            assert meaning <= parameters | set(defined[position + 1 :])
            used |= meaning
        assert used == used & parameters | set(defined)
        assert block.explicit(block.matrix).free_symbols <= parameters


@pytest.mark.parametrize("name", ["global", "II", "M", "two orbits of one block and a free row"])
def test_strings_are_read_back_by_sympy(name: str) -> None:
    spectrum = spectrum_of(name)
    for block, written in zip(spectrum.blocks, spectrum.to_dict()["blocks"], strict=True):
        assert written["type"] == block.type.name
        assert written["copies"] == len(written["matrix"]) == len(written["gram"])
        for key, matrix in (("matrix", block.matrix), ("gram", block.gram)):
            read = sympy.Matrix([[sympy.sympify(entry) for entry in row] for row in written[key]])
            assert (read - matrix).expand() == sympy.zeros(block.copies)  # sympy writes 2 (d - 2), and reads 2 d - 4
        where = {sympy.Symbol(symbol): sympy.sympify(meaning) for symbol, meaning in written["where"].items()}
        assert where == block.where
        assert sympy.expand(sympy.sympify(written["dimension"]) - block.dimension) == 0


@pytest.mark.parametrize(("name", "neurons"), [("A", d), ("II", d), ("M", d), ("M2", d), ("M3", d), ("M4", d)])
def test_dimensions_fill_the_space_of_matrices(name: str, neurons: Any) -> None:
    spectrum = spectrum_of(name)
    total = sum(block.copies * block.dimension for block in spectrum.blocks)
    # At two columns the formal y of dimension -1 is not there: its place is taken by the s that occurs once less.
    assert sympy.expand(total - neurons * d) == 0


def literature_scalar(sign: int) -> Any:
    """lambda_x (sign 0) and lambda_y (sign 1) of a single attached orbit (mathematics of the project, section 3)."""
    diag, off = sympy.symbols("diag1 off1")
    A = diag**2 + (d - 1) * off**2
    c = 2 * diag * off + (d - 2) * off**2
    w = sympy.sqrt(A)
    sine_other, sine_own, sine_target = (
        sympy.sqrt(A * A - c * c) / A,
        sympy.sqrt(A - diag**2) / w,
        sympy.sqrt(A - off**2) / w,
    )
    K_w = (d - 1) * sine_other / (2 * pi)
    K_v = (sine_own + (d - 1) * sine_target) / (2 * pi * w)
    angle = sympy.atan2(sympy.sqrt(A * A - c * c), c)
    scalar = sympy.Rational(1, 2) + K_w - K_v - 1 / (2 * pi * w * sine_target) - (pi - angle) / (2 * pi)
    return scalar + sign * 2 * ((diag - off) / w) ** 2 / (2 * pi * sine_other)


@pytest.mark.parametrize(("kind", "sign"), [("x1", 0), ("y1", 1)])
def test_x_and_y_are_the_scalars_of_the_literature(kind: str, sign: int) -> None:
    block = spectrum_of("A").block(kind)
    assert sympy.expand(block.explicit(block.matrix[0, 0]) - literature_scalar(sign)) == 0


def test_x_and_y_are_short() -> None:
    spectrum = spectrum_of("M")
    K, phi, S, A, B = sympy.symbols("K_2 phi_22 S_2v2prime diag2 off2")
    x = sympy.Rational(1, 2) + K - phi / (2 * pi) - 1 / (2 * pi * S)
    assert spectrum.block("x2").matrix[0, 0] == x
    assert spectrum.block("y2").matrix[0, 0] == x + (A - B) ** 2 / (pi * sympy.Symbol("S_22"))


def test_an_entry_reads_like_the_formula() -> None:
    """The corner of t in II: own curvature across w_2, and a square of a rejection for each other row."""
    block = spectrum_of("II").block("t")
    assert str(block.matrix[4, 4]) == (
        "K_2*(1 - w22**2/A_2) + 1/2 - (r_2v2*w22 - 1)**2/(2*pi*S_2v2)"
        " - n_1*r_2v1**2*w22**2/(2*pi*S_2v1) + n_1*(r_21*w22 - w12)**2/(2*pi*S_12)"
    )
    K, S, r, A = (block.where[sympy.Symbol(name)] for name in ("K_2", "S_2v1", "r_21", "A_2"))
    assert str(K) == "(S_12*n_1 - S_2v1*n_1 - S_2v2)/(2*pi*A_2)"
    assert (str(S), str(r), str(A)) == ("sqrt(A_2 - w21**2)", "c_12/A_2", "n_1*w21**2 + w22**2")
    assert block.where[sympy.Symbol("n_1")] == d - 1


def test_labels_of_two_digits_are_kept_apart() -> None:
    shape = Shape.build([Size.parse("d")], [None] * 10)
    names = [str(symbol) for level in NamedTable(shape, [d]).definitions.values() for symbol in level]
    assert {"S_1_10", "r_10_1", "phi_10_v1", "A_10"} <= set(names)
    # S, phi, c and two ratios for each of 45 pairs of students; S, phi and two ratios with the targets (their c is an
    # entry); A and K of each row.
    assert len(names) == 45 * (3 + 2) + 10 * (2 + 2) + 10 * 2
    nine = NamedTable(Shape.build([Size.parse("d")], [None] * 9), [d])
    assert sympy.Symbol("S_19") in nine.definitions["S"]


def test_types_that_never_occur_are_left_out() -> None:
    names = {name: [block.type.name for block in spectrum_of(name).blocks] for name in ("M2", "M3")}
    assert names["M2"] == ["t", "s1", "x1", "y1", "s2", "s1*s2"]
    assert names["M3"] == ["t", "s1", "x1", "y1", "s2", "x2", "s1*s2"]


def test_the_global_minimum_exactly() -> None:
    """Claim AF20-global, for every d: Arjevani & Field 2020."""
    half, quarter = sympy.Rational(1, 2), sympy.Rational(1, 4)
    spectrum = spectrum_of("global")
    assert not any(block.where for block in spectrum.blocks)
    action = {block.type.name: (block.gram.inv() * block.matrix).expand() for block in spectrum.blocks}
    least = quarter - 1 / (2 * pi)
    assert action["x1"][0, 0] == least
    assert action["y1"][0, 0] == quarter + 1 / (2 * pi)
    z = sympy.Symbol("z")
    quadratic = z**2 - (d + 2) / 4 * z + d / 16 + 1 / (4 * pi) - 1 / (4 * pi**2) + sympy.Rational(1, 16)
    assert sympy.expand(action["s1"].charpoly(z).as_expr() - (z - least) * quadratic) == 0
    claimed = sympy.Matrix([[half + (d - 1) / (2 * pi), (d - 1) / 4], [quarter, d / 4 + 1 / (2 * pi)]])
    assert sympy.simplify(action["t"] - claimed) == sympy.zeros(2)
    assert [str(block.dimension) for block in spectrum.blocks] == ["1", "d - 1", "(d - 2)*(d - 1)/2", "d*(d - 3)/2"]
