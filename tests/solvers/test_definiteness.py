"""Inertia and eigenvalues of matrices with a known rational spectrum: exact orthogonal similarities of diagonals."""

import random
from fractions import Fraction

import pytest
import sympy
from flint import arb, arb_mat, fmpq

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.solvers import definiteness
from symrelu.solvers.definiteness import (
    determinant,
    enclose_eigenvalues,
    inertia,
    pivot_order,
    pivots,
    reordered,
    schur_complement,
)

SPECTRA = {
    "one": [3],
    "zero": [0],
    "positive": [1, 2, 5],
    "negative": [-4, -2, Fraction(-1, 3)],
    "mixed": [-3, Fraction(-1, 2), Fraction(1, 7), 2, 9],
    "repeated": [-1, 2, 2, 2, 7],
    "all equal": [5, 5, 5],
    "nearly equal": [1, 1 + Fraction(1, 10**20), 2],
    "with zero": [-1, 0, 0, 4],
    "of very different size": [Fraction(1, 10**12), 1, 10**12],
}
spectra = pytest.mark.parametrize("spectrum", SPECTRA.values(), ids=SPECTRA.keys())


def reflection(size, generator):
    """I - 2 v v^T / v.v, exactly."""
    v = [Fraction(generator.randint(-5, 5) or 1) for _ in range(size)]
    norm = sum(x * x for x in v)
    return [[int(i == j) - 2 * v[i] * v[j] / norm for j in range(size)] for i in range(size)]


def product(x, y):
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*y, strict=True)] for row in x]


def transposed(x):
    return [list(row) for row in zip(*x, strict=True)]


def with_spectrum(spectrum, seed=0):
    """A full symmetric matrix of Fractions with these eigenvalues."""
    size, generator = len(spectrum), random.Random(seed)
    Q = product(reflection(size, generator), reflection(size, generator))
    D = [[Fraction(x) if i == j else Fraction(0) for j in range(size)] for i, x in enumerate(spectrum)]
    return product(product(Q, D), transposed(Q))


def balls(matrix):
    return [[arb(to_fmpq(x)) for x in row] for row in matrix]


def signs(spectrum):
    return sum(x < 0 for x in spectrum), sum(x > 0 for x in spectrum)


@spectra
@pytest.mark.parametrize("seed", range(3))
def test_inertia_counts_the_signs_and_is_undecided_on_a_singular_matrix(spectrum, seed):
    with working(150):
        matrix = balls(with_spectrum(spectrum, seed))
        if 0 in spectrum:
            with pytest.raises(Undecided, match="sign of a pivot"):
                inertia(matrix)
        else:
            assert inertia(matrix) == signs(spectrum)


def test_a_pivot_that_vanishes_is_undecided_though_the_matrix_is_regular():
    """No exchanges: [[0, 1], [1, 0]] has inertia (1, 1), which is not found; nothing false is said either."""
    with pytest.raises(Undecided):
        inertia([[arb(0), arb(1)], [arb(1), arb(0)]])


def test_inertia_is_undecided_when_the_entries_are_too_wide():
    with working(100):
        wide = [[entry + arb(0, 1) for entry in row] for row in balls(with_spectrum([1, 2]))]
        narrow = [[entry + arb(0, fmpq(1, 1000)) for entry in row] for row in balls(with_spectrum([1, 2]))]
        assert inertia(narrow) == (0, 2)
        with pytest.raises(Undecided):
            inertia(wide)


@spectra
@pytest.mark.parametrize("bits", [40, 100])
def test_the_kth_ball_contains_the_kth_eigenvalue(spectrum, bits):
    with working(200):
        found = enclose_eigenvalues(balls(with_spectrum(spectrum)), [arb(1)] * len(spectrum), bits)
        largest = max(abs(Fraction(x)) for x in spectrum) or 1
        for ball, value in zip(found, sorted(spectrum), strict=True):
            assert ball.contains(to_fmpq(Fraction(value)))
            assert ball.rad() < arb(to_fmpq(largest)) * arb(2) ** (10 - bits)


@spectra
def test_pencils_have_the_eigenvalues_of_b_relative_to_g(spectrum):
    """B = D A D and G = D^2 have the eigenvalues of A."""
    scales = [Fraction(i + 2, 3) for i in range(len(spectrum))]
    B = [[scales[i] * x * scales[j] for j, x in enumerate(row)] for i, row in enumerate(with_spectrum(spectrum, 7))]
    largest = max(abs(Fraction(x)) for x in spectrum) or 1
    with working(200):
        found = enclose_eigenvalues(balls(B), [arb(to_fmpq(x * x)) for x in scales], 80)
        for ball, value in zip(found, sorted(spectrum), strict=True):
            assert ball.contains(to_fmpq(Fraction(value)))
            assert ball.rad() < arb(to_fmpq(largest)) * arb(2) ** -70


@pytest.mark.parametrize("shift", [Fraction(1, 2**40), Fraction(-1, 10), Fraction(3, 10)])
def test_bad_approximations_widen_the_balls_and_make_none_false(monkeypatch, shift):
    """The proof is the count at both ends of a ball, whatever it was built around."""
    spectrum = [Fraction(1), Fraction(2), Fraction(2), Fraction(5)]
    with working(200):
        guesses = [arb(to_fmpq(x + shift)) for x in spectrum]
        monkeypatch.setattr(definiteness, "approx_eigenvalues", lambda B, G: guesses)
        found = enclose_eigenvalues(balls(with_spectrum(spectrum)), [arb(1)] * 4, 80)
        for ball, value in zip(found, spectrum, strict=True):
            assert ball.contains(to_fmpq(value))
            assert ball.rad() < arb(to_fmpq(32 * abs(shift)))


def test_eigenvalues_of_wide_entries_are_wide_or_undecided():
    """diag(1, 3) with entries known to 10^-6: the balls must contain the eigenvalues of every matrix inside."""
    with working(100):
        wide = [[arb(1, fmpq(1, 10**6)), arb(0)], [arb(0), arb(3)]]
        first, second = enclose_eigenvalues(wide, [arb(1), arb(1)], 60)
        for x in (fmpq(999999, 10**6), fmpq(1), fmpq(1000001, 10**6)):
            assert first.contains(x)
        assert second.contains(3)
        assert second.rad() < arb(2) ** -40


def test_a_gram_matrix_that_is_not_positive_is_refused():
    for gram in ([arb(1), arb(-1)], [arb(1), arb(0)], [arb(0, 1), arb(1)]):
        with pytest.raises(Undecided, match="Gram matrix"):
            enclose_eigenvalues(balls(with_spectrum([1, 2])), gram, 30)


def test_eigenvalues_that_no_ball_can_isolate_are_undecided():
    with working(60), pytest.raises(Undecided):
        enclose_eigenvalues([[arb("nan")]], [arb(1)], 30)


@pytest.mark.parametrize("seed", range(3))
def test_the_product_of_the_pivots_is_the_determinant(seed):
    matrix = with_spectrum([-3, Fraction(1, 2), 2, 5], seed)
    exact = pivots(matrix)  # Fractions: any arithmetic will do
    total = Fraction(1)
    for pivot in exact:
        total *= pivot
    assert total == -15
    with working(120):
        assert arb_mat(balls(matrix)).det().contains(-15)


def test_pivots_read_the_lower_triangle_only():
    assert pivots([[2, None], [Fraction(1), 3]]) == [2, Fraction(5, 2)]


def test_the_nearly_singular_direction_is_left_for_last():
    """A two-dimensional block near its crossing, in any position: its small pivot comes out last."""
    tiny = Fraction(1, 10**9)
    matrix = [[1 + tiny, 1, 0], [1, Fraction(1), 0], [0, 0, Fraction(2)]]
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        given = balls(reordered(matrix, order))
        found = pivot_order(given)
        assert sorted(found) == [0, 1, 2]
        values = pivots(reordered(given, found))
        assert abs(values[-1]) < 1e-8
        assert all(abs(value) > 0.5 for value in values[:-1])


def test_reordering_moves_rows_and_columns_alike():
    assert reordered([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [2, 0, 1]) == [[9, 7, 8], [3, 1, 2], [6, 4, 5]]


@pytest.mark.parametrize("size", range(1, 8))
@pytest.mark.parametrize("seed", range(3))
def test_the_determinant_is_that_of_sympy(size, seed):
    """Of matrices that need not be symmetric, with zeros on the diagonal and elsewhere."""
    generator = random.Random(100 * size + seed)
    matrix = [[Fraction(generator.randint(-4, 4), generator.randint(1, 5)) for _ in range(size)] for _ in range(size)]
    matrix[0][0] = Fraction(0)
    expected = sympy.Matrix([[sympy.Rational(x.numerator, x.denominator) for x in row] for row in matrix]).det()
    assert determinant(matrix) == Fraction(int(expected.p), int(expected.q))


def test_the_determinant_divides_by_nothing():
    """Regular with all leading minors zero; singular; empty; of polynomials; and balls contain it."""
    assert determinant([[0, 0, 1], [0, 1, 0], [1, 0, 0]]) == -1
    assert determinant([[1, 2], [2, 4]]) == 0
    assert determinant([]) == 1
    x = sympy.Symbol("x")
    matrix = [[x, 1, 0], [1, x, 1], [0, 1, x]]
    assert sympy.expand(determinant(matrix) - (x**3 - 2 * x)) == 0
    with working(100):
        assert determinant(balls(with_spectrum([-3, Fraction(1, 2), 2, 5]))).contains(-15)


@pytest.mark.parametrize("i", range(4))
def test_a_schur_complement_keeps_determinant_and_inertia(i):
    spectrum = [-3, Fraction(1, 2), 2, 5]
    matrix = with_spectrum(spectrum, 4)
    rest = schur_complement(matrix, i)
    assert len(rest) == 3 and rest == transposed(rest)
    assert matrix[i][i] * determinant(rest) == -15
    with working(150):
        negative, positive = inertia(balls(rest))
        assert (negative + (matrix[i][i] < 0), positive + (matrix[i][i] > 0)) == (1, 3)


def test_a_schur_complement_is_the_inverse_of_a_block_of_the_inverse():
    matrix = with_spectrum([-3, Fraction(1, 2), 2, 5], 9)
    inverse = sympy.Matrix([[sympy.Rational(x.numerator, x.denominator) for x in row] for row in matrix]).inv()
    expected = inverse[1:, 1:].inv()
    found = schur_complement(matrix, 0)
    assert [[sympy.Rational(x.numerator, x.denominator) for x in row] for row in found] == expected.tolist()
