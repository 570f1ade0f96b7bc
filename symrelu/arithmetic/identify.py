"""Recognising a high-precision number as an element of Q(pi) or Q(pi, sqrt(m)), by lattice reduction.

The answer is a guess that fits more digits than it could by chance; whoever uses it must prove it by substitution.
"""

from __future__ import annotations

from flint import arb, ctx, fmpq, fmpz, fmpz_mat

from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.polynomials import RootPolynomials
from symrelu.arithmetic.precision import working

_LARGEST_DEGREE = 6
_BITS_FOR_MORE = 900  # numbers of more bits than this are worth a search up to degree 9


def identify(value: arb, bits: int, field: ConstantField) -> Constant | None:
    """The simplest constant P(pi, r) / Q(pi) that agrees with `value`, which is good to `bits` bits; or None.

    Three quarters of the bits find the relation, the rest must confirm it.
    """
    if abs(value) < arb(2) ** (-bits // 2):
        return field.number(0)
    for degree in range(_LARGEST_DEGREE + (4 if bits > _BITS_FOR_MORE else 1)):
        found = _relation(value, bits, degree, field)
        if found is not None:
            return found
    return None


def _relation(value: arb, bits: int, degree: int, field: ConstantField) -> Constant | None:
    """sum_i a_i pi^i value = sum_j (b_j + c_j r) pi^j with small integers, as a constant."""
    ring = field.ring
    roots = [field.number(1)]
    if isinstance(ring, RootPolynomials):
        roots.append(field.constant(ring.root))
    with working(bits + 64):
        powers = [arb.pi() ** i if i else arb(1) for i in range(degree + 1)]
        basis = [value * power for power in powers] + [r.ball() * power for r in roots for power in powers]
        search = _integers(basis, 3 * bits // 4)
    reduced = fmpz_mat([[int(i == j) for j in range(len(search))] + [x] for i, x in enumerate(search)]).lll()
    relation = [int(reduced[0, j]) for j in range(len(basis))]
    # A chance relation has about 3/4 bits / len(basis) bits in each coefficient; ask for far less than that.
    if max(x.bit_length() for x in relation) * len(basis) > bits // 3 or not any(relation[: degree + 1]):
        return None
    with working(bits + 64):
        defect = sum((x * b for x, b in zip(relation, basis, strict=True)), arb(0))
        if not abs(defect) < arb(2) ** (16 - bits) * (1 + abs(value)) * (1 + max(abs(x) for x in relation)):
            return None
    pi_powers = [field.pi**i for i in range(degree + 1)]
    denominator = _combination(relation[: degree + 1], pi_powers, field)
    parts = [_combination(relation[(k + 1) * (degree + 1) :], pi_powers, field) * r for k, r in enumerate(roots)]
    numerator = sum(parts, field.number(0))
    return -(numerator / denominator) if denominator else None


def _integers(values: list[arb], bits: int) -> list[fmpz]:
    with working(max(ctx.prec, bits + 64)):
        scaled = [(value * arb(2) ** bits).mid().floor() for value in values]
        return [x.unique_fmpz() or fmpz(0) for x in scaled]


def _combination(relation: list[int], powers: list[Constant], field: ConstantField) -> Constant:
    total = field.number(0)
    for x, power in zip(relation, powers, strict=False):
        total = total + power * fmpq(x)
    return total
