"""Inverses up to O(s) of random Laurent matrices, multiplied out; what is singular or known too little is refused."""

import random
from fractions import Fraction

import pytest

from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials
from symrelu.solvers.lattice import null_vector, solve_identity, truncated_inverse

FIELDS = {"Q(pi)": PiPolynomials, "Q(pi, sqrt 2)": lambda: RootPolynomials(2)}
fields = pytest.mark.parametrize("ring", FIELDS.values(), ids=FIELDS.keys())


def constant(field, generator):
    c = field.number(Fraction(generator.randint(-5, 5), generator.randint(1, 3)))
    return generator.choice([c, c, c + field.pi, c / (field.pi + 1)])


def times(x, y):
    """The product of two Laurent polynomials {power: coefficient}."""
    product = {}
    for i, a in x.items():
        for j, b in y.items():
            product[i + j] = product.get(i + j, 0) + a * b
    return product


def matrix_product(x, y):
    product = []
    for row in x:
        product.append([])
        for column in zip(*y, strict=True):
            total = {}
            for a, b in zip(row, column, strict=True):
                for power, value in times(a, b).items():
                    total[power] = total.get(power, 0) + value
            product[-1].append({power: value for power, value in total.items() if value})
    return product


def below(matrix, known):
    return [[{j: c for j, c in x.items() if j < known} for x in row] for row in matrix]


def random_polynomial(field, generator, start, length=3):
    return {start + j: c for j in range(length) if (c := constant(field, generator))}


def scrambled(field, generator, valuations):
    """diag(s^v) between two random matrices that are invertible at s = 0: the leading matrix is singular."""
    size = len(valuations)

    def invertible():
        while True:
            matrix = [[random_polynomial(field, generator, 0) for _ in range(size)] for _ in range(size)]
            if null_vector([[x.get(0, field.number(0)) for x in row] for row in matrix], field) is None:
                return matrix

    diagonal = [[{v: field.number(1)} if i == j else {} for j in range(size)] for i, v in enumerate(valuations)]
    return matrix_product(matrix_product(invertible(), diagonal), invertible())


@fields
@pytest.mark.parametrize("valuations", [(0,), (-2,), (0, 0), (0, 1), (-2, 0, 1), (0, 0, 2), (-1, 3)])
def test_j_times_m_is_the_identity_up_to_o_of_s(ring, valuations):
    """Only the terms of J below s^known are shown; the rest of J changes nothing."""
    field, generator = ConstantField(ring()), random.Random(str(valuations))
    J = scrambled(field, generator, valuations)
    size = len(valuations)
    M = truncated_inverse(below(J, 2 * max(valuations) + 4), 2 * max(valuations) + 4, field)
    for i, row in enumerate(matrix_product(J, M)):
        for j, entry in enumerate(row):
            assert min(entry, default=1) >= 0
            assert entry.get(0, 0) == int(i == j)
    assert len(M) == size


@fields
def test_a_singular_matrix_is_refused(ring):
    field, generator = ConstantField(ring()), random.Random(5)
    row = [random_polynomial(field, generator, 0), random_polynomial(field, generator, 1)]
    factor = random_polynomial(field, generator, 0)
    J = [row, [times(factor, x) for x in row]]
    with pytest.raises(ArithmeticError, match="more leading terms are needed"):
        truncated_inverse(below(J, 5), 5, field)
    with pytest.raises(ArithmeticError, match="more leading terms are needed"):
        truncated_inverse([[{}, {}], [{}, {}]], 5, field)


def test_too_few_terms_are_refused():
    """det = s^3 (1 + ...): with the terms below s^3 alone, the matrix may be singular."""
    field = ConstantField(PiPolynomials())
    one = field.number(1)
    J = [[{0: one}, {0: one}], [{0: one}, {0: one, 3: one}]]
    assert truncated_inverse(J, 4, field)[1][1] == {-3: one}
    with pytest.raises(ArithmeticError, match="more leading terms are needed"):
        truncated_inverse(below(J, 3), 3, field)


def test_no_known_terms_are_given_away():
    """Known below s^3, this J is just invertible: the columns that are known best have to be kept."""
    field = ConstantField(PiPolynomials())
    J = [[{0: -1}, {1: 2, 2: 2}, {0: 1}], [{}, {}, {2: -1}], [{2: 2}, {2: 1}, {}]]
    J = [[{j: field.number(c) for j, c in x.items()} for x in row] for row in J]
    M = truncated_inverse(J, 3, field)
    for i, row in enumerate(matrix_product(J, M)):
        for j, entry in enumerate(row):
            assert min(entry, default=1) >= 0
            assert entry.get(0, 0) == int(i == j)


def test_unknown_terms_at_the_first_relevant_order_are_not_taken_for_zero():
    """J = [[1, s^2], [s^2, 1 + ...]] known below s^0: its leading matrix is not known at all."""
    field = ConstantField(PiPolynomials())
    one = field.number(1)
    with pytest.raises(ArithmeticError, match="too few terms"):
        truncated_inverse([[{-1: one}, {}], [{}, {0: one}]], 0, field)


@fields
def test_null_vectors_and_inverses_of_constant_matrices(ring):
    field, generator = ConstantField(ring()), random.Random(6)
    for _ in range(6):
        square = [[constant(field, generator) for _ in range(3)] for _ in range(3)]
        if null_vector(square, field) is None:
            inverse = solve_identity(square, field)
            for i in range(3):
                for j in range(3):
                    assert sum((square[i][k] * inverse[k][j] for k in range(3)), field.number(0)) == int(i == j)
        a, b = (constant(field, generator) for _ in range(2))
        singular = [*square[:2], [a * x + b * y for x, y in zip(*square[:2], strict=True)]]
        x = null_vector(singular, field)
        assert x is not None
        assert any(x)
        assert not any(sum((a * b for a, b in zip(row, x, strict=True)), field.number(0)) for row in singular)


def test_a_permutation_needs_its_rows_exchanged():
    field = ConstantField(PiPolynomials())
    zero, one = field.number(0), field.number(1)
    swap = [[zero, one], [one, zero]]
    assert null_vector(swap, field) is None
    assert solve_identity(swap, field) == swap
