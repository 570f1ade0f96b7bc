"""Exact constants in factored form, and as text that sympy reads back.

Everything comes from flint's factorisation: sympy would take minutes to factor and print a long series.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from symrelu.arithmetic.reals import certain_digits

# A monomial c pi^i r^j as (c, i, j), c an integer.
Monomial = tuple[int, int, int]


@dataclass(frozen=True)
class Factored:
    """unit * prod numerator^e / prod denominator^e, each factor a list of monomials in descending powers of pi."""

    unit: Fraction
    numerator: list[tuple[list[Monomial], int]]
    denominator: list[tuple[list[Monomial], int]]


def factored(constant: Any) -> Factored:
    """The factorisation of a non-zero constant; `constant` is a Constant (constants.py)."""
    field, ring = constant.field, constant.field.ring
    unit, factors = ring.display_factors(constant.num)
    scale = Fraction(int(unit.p), int(unit.q))
    above, below = [], []
    for factor, e in factors:
        content, monomials = _primitive(ring.monomials(factor))
        scale *= content**e
        above.append(_raised(monomials, e))
    for prime, e in zip(field.primes, constant.exponents, strict=False):
        content, monomials = _primitive(ring.monomials(prime))
        scale *= content ** (-e)
        if e:
            (below if e > 0 else above).append(_raised(monomials, abs(e)))
    return Factored(scale, sorted(above, key=_size), sorted(below, key=_size))


def _raised(monomials: list[Monomial], e: int) -> tuple[list[Monomial], int]:
    """A power of a single monomial is multiplied out: r^2 is p."""
    if len(monomials) > 1:
        return monomials, e
    ((c, i, j),) = monomials
    return [(c**e, i * e, j * e)], 1


def _primitive(monomials: list[tuple[Any, int, int]]) -> tuple[Fraction, list[Monomial]]:
    """Integer coefficients without a common factor, the first one positive, and what was taken out."""
    values = [Fraction(int(c.p), int(c.q)) for c, _, _ in monomials]
    content = _gcd(values) * (1 if values[0] > 0 else -1)
    return content, [(int(value / content), i, j) for value, (_, i, j) in zip(values, monomials, strict=True)]


def _gcd(values: list[Fraction]) -> Fraction:
    return Fraction(gcd(*(v.numerator for v in values)), lcm(*(v.denominator for v in values)))


def _size(factor: tuple[list[Monomial], int]) -> tuple[int, list[Monomial]]:
    return len(factor[0]), [(-i, -j, c) for c, i, j in factor[0]]


def text(constant: Any) -> str:
    """The constant as an expression in pi (and sqrt(m), p), e.g. 64*(pi - 12)/(3*pi**4*(pi - 2)); a ball's certain digits."""
    if not constant:
        return "0"
    if not constant.field.exact:
        return certain_digits(constant.num)
    form, root = factored(constant), constant.field.ring.root_name
    above = [_power(monomials, e, root) for monomials, e in form.numerator]
    below = [_power(monomials, e, root) for monomials, e in form.denominator]
    n, d = form.unit.numerator, form.unit.denominator
    if abs(n) != 1 or not above:
        above.insert(0, str(abs(n)))
    if d != 1:
        below.insert(0, str(d))
    sign = "-" if n < 0 else ""
    numerator = "*".join(above)
    if len(above) == 1 and not n < 0 and not below:
        return numerator[1:-1] if numerator.startswith("(") and numerator.endswith(")") else numerator
    if not below:
        return sign + numerator
    denominator = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{sign}{numerator}/{denominator}"


def _power(monomials: list[Monomial], e: int, root: str) -> str:
    body = _sum(monomials, root)
    return body if len(monomials) == 1 else f"({body})" if e == 1 else f"({body})**{e}"


def _sum(monomials: list[Monomial], root: str) -> str:
    pieces = []
    for c, i, j in monomials:
        factors = [str(abs(c))] if abs(c) != 1 or not (i or j) else []
        if i:
            factors.append("pi" if i == 1 else f"pi**{i}")
        factors += root_power(j, root, "sqrt({})", "{}**{}")
        pieces.append(("- " if c < 0 else "+ ") + "*".join(factors))
    joined = " ".join(pieces)
    return joined[2:] if joined.startswith("+ ") else "-" + joined[2:]


def root_power(j: int, root: str, sqrt: str, power: str) -> list[str]:
    """r^j, r = sqrt(root), as factors: a power of the radicand and the root itself."""
    whole, odd = divmod(j, 2)
    factors = []
    if whole:
        factors.append(root if whole == 1 else power.format(root, whole))
    if odd:
        factors.append(sqrt.format(root))
    return factors
