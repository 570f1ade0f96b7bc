"""Exact eigenvalue series of a matrix of Laurent series, for matrices similar to a symmetric one over the reals.

The eigenvalues of a symmetric matrix of Laurent series in s are Laurent series (Rellich), and so no Newton polygon with
fractional slopes occurs. They are found by the reduction process of Kato (Perturbation theory for linear operators,
II.2.3), in exact arithmetic: let A = s^l (A_0 + A_1 s + ...).

* For each eigenvalue mu of A_0 the invariant subspace that continues its eigenspace is the graph of a matrix P over the
  free coordinates of the eigenspace. P solves a Riccati equation, which gives one coefficient P_k after the other by
  one constant linear map; A acts on the subspace by a smaller matrix C with leading matrix mu I.
* (C - mu s^l) starts at s^(l+1): the process is repeated with it, so eigenvalues with coinciding coefficients are
  followed to where they separate. A matrix of size one is an eigenvalue.
* Where A_0 has a nilpotent part (the matrix is similar to a symmetric one by a change of basis that is singular at
  s = 0, such as powers of s), the lattice of the basis is first enlarged by s^-1 (A_0 - mu): Moser's reduction (Math.
  Zeitschrift 72, 1960). Every such step costs one power of s in what is known of A.

The cost is that of a few products of matrices of series; no characteristic polynomial of series is formed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cmp_to_key

from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.solvers.characteristic import (
    Matrix,
    characteristic,
    identity,
    inverse,
    negative,
    plus_scalar,
    roots,
    sum_of_products,
)
from symrelu.solvers.lattice import SparseSeries, echelon

MatrixSource = Callable[[int], list[list[SparseSeries]]]


@dataclass(frozen=True)
class EigenvalueSeries:
    """An eigenvalue below s^order: `terms` are all its non-zero coefficients of s^j with j < order.

    `copies` is the number of eigenvalues of the matrix with these same terms: where it exceeds one, they coincide or
    separate at s^order or later.
    """

    terms: SparseSeries
    order: int
    copies: int = 1

    @property
    def separated(self) -> bool:
        """Whether this eigenvalue differs from all others below s^order."""
        return self.copies == 1


class _TooShort(Exception):
    """More terms of the matrix are needed."""

    def __init__(self, lacking: int):
        super().__init__(lacking)
        self.lacking = lacking


@dataclass(frozen=True)
class _Block:
    """A square matrix of series: `coefficients[k]` belongs to s^(level + k), and they are all that is known."""

    size: int
    level: int
    coefficients: list[Matrix]

    @property
    def known(self) -> int:
        return self.level + len(self.coefficients)


def eigenvalue_series(matrix: MatrixSource, order: int, field: ConstantField) -> list[EigenvalueSeries]:
    """The eigenvalues of a matrix, each as often as its multiplicity, exact below s^order.

    `matrix(known)` gives the square matrix with the coefficients in `field` of all powers of s below s^known; it is
    called with known = order, and again with more only when that does not suffice. Bounded eigenvalues come first, then
    the growing ones; among themselves in increasing order for small s > 0 (in order of discovery where that depends on
    a symbol p). Over Q(pi, sqrt p) the series hold for every p at which no denominator vanishes.

    NotInField when a coefficient of an eigenvalue is not in the field; ArithmeticError when an eigenvalue has
    fractional powers of s (then the matrix is not similar to a symmetric one over the real Laurent series).
    """
    known = order
    while True:
        entries = matrix(known)
        # Elimination meets primes that no eigenvalue has in its denominators: they are kept out of the caller's field.
        working = ConstantField(field.ring)
        working.primes = list(field.primes)
        try:
            found = _eigenvalues(_read(entries, known, working), {}, order, working)
        except _TooShort as shortage:
            known += shortage.lacking
            continue
        found = [
            EigenvalueSeries({power: _adopt(value, field) for power, value in e.terms.items()}, order, e.copies)
            for e in found
        ]
        return sorted(found, key=lambda e: max(0, -min(e.terms, default=0)))


def _read(entries: list[list[SparseSeries]], known: int, field: ConstantField) -> _Block:
    level = min((power for row in entries for series in row for power in series), default=known)
    zero = field.number(0)

    def coefficient(series: SparseSeries, power: int) -> Constant:
        value = series.get(power, zero)
        return Constant(field, value.num, value.exponents)

    powers = range(level, known)
    return _Block(
        len(entries), level, [[[coefficient(series, power) for series in row] for row in entries] for power in powers]
    )


def _adopt(value: Constant, field: ConstantField) -> Constant:
    """A constant of the working field in the caller's, which learns the primes of its denominator."""
    num, exponents = value.num, [0] * len(field.primes)
    for prime, e in zip(value.field.primes, value.exponents, strict=False):
        for _ in range(-e):
            num = num * prime
        if e > 0:
            if prime not in field.primes:
                field.primes.append(prime)
                exponents.append(0)
            exponents[field.primes.index(prime)] = e
    return field.constant(num, tuple(exponents))


def _eigenvalues(block: _Block, found: SparseSeries, order: int, field: ConstantField) -> list[EigenvalueSeries]:
    """The eigenvalues found + (those of the block), in increasing order; `found` has terms below s^(block.level)."""
    if block.level >= order:
        return [EigenvalueSeries(found, order, block.size)] * block.size
    if block.size == 1:
        series = {block.level + k: coefficient[0][0] for k, coefficient in enumerate(block.coefficients)}
        return [EigenvalueSeries(found | {j: c for j, c in series.items() if c and j < order}, order)]
    block, leading = _diagonalisable(block, order, field)
    result = []
    for value in _increasing(leading):
        restricted = _restricted(block.coefficients, value, field)
        rest = _Block(len(restricted[0]), block.level + 1, restricted[1:])
        result += _eigenvalues(rest, found | ({block.level: value} if value else {}), order, field)
    return result


def _increasing(values: list[Constant]) -> list[Constant]:
    try:
        return sorted(values, key=cmp_to_key(lambda x, y: (x - y).sign()))
    except ArithmeticError:  # the order depends on p
        return values


# -- the leading matrix -----------------------------------------------------------------------------------------------


def _diagonalisable(block: _Block, order: int, field: ConstantField) -> tuple[_Block, list[Constant]]:
    """A block with the same eigenvalues whose leading matrix is diagonalisable, and the eigenvalues of that.

    _TooShort when the block found is not known up to s^order.
    """
    # If the eigenvalues are Laurent series, an eigenvalue of multiplicity m of the leading matrix needs at most m - 1
    # steps: the lattices L, L + N L, L + N L + N^2 L, ... with N = (A - mu)/s are stable from N^(m-1) on, since N then
    # satisfies a monic equation of degree m with coefficients without negative powers of s (Cayley-Hamilton).
    for _ in range(block.size):
        leading = block.coefficients[0]
        values = _leading_values(leading, field)
        nilpotent = next((n for value, m in values if (n := _defect(leading, value, m)) is not None), None)
        if nilpotent is None:
            if block.known < order:
                raise _TooShort(order - block.known)
            return block, [value for value, _ in values]
        block = _sheared(block, nilpotent, field)
        if not block.coefficients:
            raise _TooShort(order - block.known)
    raise ArithmeticError("the eigenvalues have fractional powers of s: the matrix is not similar to a symmetric one")


def _leading_values(leading: Matrix, field: ConstantField) -> list[tuple[Constant, int]]:
    corner, size = leading[0][0], len(leading)
    if not any(any(row) for row in plus_scalar(leading, -corner)):
        return [(corner, size)]
    return roots(characteristic(leading, field)[0], field)


def _defect(leading: Matrix, value: Constant, multiplicity: int) -> Matrix | None:
    """leading - value, if its kernel is smaller than the multiplicity of the eigenvalue."""
    shifted = plus_scalar(leading, -value)
    _, pivots = echelon(shifted, len(leading))
    return None if len(pivots) == len(leading) - multiplicity else shifted


def _sheared(block: _Block, nilpotent: Matrix, field: ConstantField) -> _Block:
    """The matrix in a basis of the lattice enlarged by s^-1 (image of `nilpotent`)."""
    size = block.size
    rows, pivots = echelon([list(column) for column in zip(*nilpotent, strict=True)], size)
    # The image is spanned by the columns of T = I + E at the pivots; E has nothing but the rows that are no pivots,
    # so E^2 = 0 and T^-1 = I - E.
    change = identity(size, field)
    for row, pivot in zip(rows, pivots, strict=False):
        for i in range(size):
            if i not in pivots:
                change[i][pivot] = row[i]
    back = plus_scalar(negative(change), field.number(2))
    matrices = [sum_of_products([(back, sum_of_products([(a, change)], field))], field) for a in block.coefficients]
    zero = field.number(0)

    def entry(k: int, i: int, j: int) -> Constant:
        # Basis vectors at the pivots are divided by s.
        k += (j in pivots) - (i in pivots)
        return matrices[k][i][j] if k >= 0 else zero

    indices = range(size)
    count = len(matrices) - 1
    return _Block(size, block.level, [[[entry(k, i, j) for j in indices] for i in indices] for k in range(count)])


# -- invariant subspaces ----------------------------------------------------------------------------------------------


def _restricted(coefficients: list[Matrix], value: Constant, field: ConstantField) -> list[Matrix]:
    """The action on the invariant subspace that continues the eigenspace of the leading matrix for one eigenvalue.

    The leading matrix must be diagonalisable. With the coordinates split into free and dependent ones, the subspace is
    {(x, P x)} and the action on x is C = A_ff + A_fd P, where A_df + A_dd P - P C = 0.
    """
    size = len(coefficients[0])
    rows, dependent = echelon(plus_scalar(coefficients[0], -value), size)
    if not dependent:
        return coefficients
    free = [j for j in range(size) if j not in dependent]
    ff, fd, df, dd = (
        [[[a[i][j] for j in columns] for i in lines] for a in coefficients]
        for lines, columns in ((free, free), (free, dependent), (dependent, free), (dependent, dependent))
    )
    unit = identity(len(free), field)
    P = [[[-row[j] for j in free] for row in rows[: len(dependent)]]]
    minus_P = [negative(P[0])]
    # The coefficient of s^k in the equation is (A_dd - P A_fd - value)_0 P_k + terms with P_0, ..., P_(k-1).
    transverse = sum_of_products([(dd[0], identity(len(dependent), field)), (minus_P[0], fd[0])], field)
    solve = negative(inverse(plus_scalar(transverse, -value), field))
    C = [[[x * value for x in row] for row in unit]]
    for k in range(1, len(coefficients)):
        partial = sum_of_products([(ff[k], unit), *((fd[k - i], P[i]) for i in range(k))], field)
        known = [(df[k], unit), (minus_P[0], partial)]
        known += [(dd[k - i], P[i]) for i in range(k)]
        known += [(minus_P[i], C[k - i]) for i in range(1, k)]
        P.append(sum_of_products([(solve, sum_of_products(known, field))], field))
        minus_P.append(negative(P[k]))
        C.append(sum_of_products([(partial, unit), (fd[0], P[k])], field))
    return C
