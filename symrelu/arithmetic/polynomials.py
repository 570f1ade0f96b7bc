"""The polynomial rings under the exact constants: Q[pi], Q[pi][r]/(r^2 - p), and Q[pi, r] with p = r^2 a symbol.

In the second p is an integer or a polynomial in pi.

Each ring hides which polynomials it uses (flint's, or pairs of them) behind the few operations the constants need.
"""

from __future__ import annotations

from math import isqrt
from typing import Any, Protocol

import sympy
from flint import Ordering, arb, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpq_poly

from symrelu.arithmetic.precision import working

Polynomial = Any


class PolynomialRing(Protocol):
    """What the constants ask of a ring of polynomials in pi (and r)."""

    field_name: str
    root_name: str  # what r is the square root of, for printing
    pi: Polynomial

    def rational(self, value: fmpq) -> Polynomial: ...
    def is_zero(self, f: Polynomial) -> bool: ...
    def may_vanish(self, f: Polynomial) -> bool: ...
    def key(self, f: Polynomial) -> Any: ...
    def as_rational(self, f: Polynomial) -> fmpq | None: ...
    def exact_quotient(self, f: Polynomial, prime: Polynomial) -> Polynomial | None: ...
    def rationalised(self, f: Polynomial) -> tuple[Polynomial, Polynomial]: ...
    def factor(self, f: Polynomial) -> tuple[fmpq, list[tuple[Polynomial, int]]]: ...
    def display_factors(self, f: Polynomial) -> tuple[fmpq, list[tuple[Polynomial, int]]]: ...
    def monomials(self, f: Polynomial) -> list[tuple[fmpq, int, int]]: ...
    def rational_sqrt(self, value: fmpq) -> Polynomial | None: ...
    def ball(self, f: Polynomial) -> arb: ...
    def sign(self, f: Polynomial) -> int: ...
    def to_sympy(self, f: Polynomial, pi: Any = sympy.pi) -> Any: ...


def _fraction_sqrt(value: fmpq) -> fmpq | None:
    n, d = int(value.p), int(value.q)
    if n < 0 or isqrt(n) ** 2 != n or isqrt(d) ** 2 != d:
        return None
    return fmpq(isqrt(n), isqrt(d))


def _certain_sign(ring: PolynomialRing, f: Polynomial) -> int:
    """Sign of f by balls of growing precision (it ends, because zero is recognised exactly)."""
    if ring.is_zero(f):
        return 0
    bits = 64
    while True:
        with working(bits):
            value = ring.ball(f)
            if value > 0:
                return 1
            if value < 0:
                return -1
        bits *= 2


class ExactRing:
    """What all exact rings share: zero is recognised, and an element is determined by how it is written."""

    def is_zero(self, f: Polynomial) -> bool:
        raise NotImplementedError

    def may_vanish(self, f: Polynomial) -> bool:
        return self.is_zero(f)

    @staticmethod
    def key(f: Polynomial) -> Any:
        return str(f)


class PiPolynomials(ExactRing):
    """Q[pi]: flint's fmpq_poly."""

    field_name = "Q(pi)"
    root_name = ""

    def __init__(self) -> None:
        self.pi = fmpq_poly([0, 1])

    def rational(self, value: fmpq) -> fmpq_poly:
        return fmpq_poly([value])

    def is_zero(self, f: fmpq_poly) -> bool:
        return f.is_zero()

    def as_rational(self, f: fmpq_poly) -> fmpq | None:
        return fmpq(f[0]) if f.degree() <= 0 else None

    def exact_quotient(self, f: fmpq_poly, prime: fmpq_poly) -> fmpq_poly | None:
        # Linear primes (all but a few) are tested by one evaluation, before a division.
        if prime.degree() == 1 and f(-prime[0] / prime[1]) != 0:
            return None
        quotient, remainder = divmod(f, prime)
        return quotient if remainder.is_zero() else None

    def rationalised(self, f: fmpq_poly) -> tuple[fmpq_poly, fmpq_poly]:
        return f, fmpq_poly([1])

    def factor(self, f: fmpq_poly) -> tuple[fmpq, list[tuple[fmpq_poly, int]]]:
        unit, factors = f.factor()
        return fmpq(unit), [(fmpq_poly(g), m) for g, m in factors]

    display_factors = factor

    def monomials(self, f: fmpq_poly) -> list[tuple[fmpq, int, int]]:
        """(c, i, 0) for each term c pi^i, highest power first."""
        return [(fmpq(c), i, 0) for i, c in reversed(list(enumerate(f.coeffs()))) if c != 0]

    def rational_sqrt(self, value: fmpq) -> fmpq_poly | None:
        root = _fraction_sqrt(value)
        return None if root is None else fmpq_poly([root])

    def ball(self, f: fmpq_poly) -> arb:
        value, pi = arb(0), arb.pi()
        for c in reversed(f.coeffs()):
            value = value * pi + c
        return value

    def sign(self, f: Polynomial) -> int:
        return _certain_sign(self, f)

    def to_sympy(self, f: fmpq_poly, pi: Any = sympy.pi) -> Any:
        return sum((sympy_rational(c) * pi**i for i, c in enumerate(f.coeffs())), sympy.Integer(0))


def sympy_rational(value: fmpq) -> Any:
    return sympy.Rational(int(value.p), int(value.q))


class RootPolynomial:
    """x + y r with r^2 = p, x and y in Q[pi], p an integer or in Q[pi]."""

    __slots__ = ("p", "x", "y")

    def __init__(self, x: fmpq_poly, y: fmpq_poly, p: int | fmpq_poly):
        self.x, self.y, self.p = x, y, p

    def __add__(self, other: RootPolynomial) -> RootPolynomial:
        return RootPolynomial(self.x + other.x, self.y + other.y, self.p)

    def __sub__(self, other: RootPolynomial) -> RootPolynomial:
        return RootPolynomial(self.x - other.x, self.y - other.y, self.p)

    def __neg__(self) -> RootPolynomial:
        return RootPolynomial(-self.x, -self.y, self.p)

    def __mul__(self, other: RootPolynomial | int | fmpq) -> RootPolynomial:
        if not isinstance(other, RootPolynomial):
            return RootPolynomial(self.x * other, self.y * other, self.p)
        if self.y.is_zero():
            return RootPolynomial(self.x * other.x, self.x * other.y, self.p)
        if other.y.is_zero():
            return RootPolynomial(self.x * other.x, self.y * other.x, self.p)
        # Karatsuba: three products of polynomials.
        low, high = self.x * other.x, self.y * other.y
        cross = (self.x + self.y) * (other.x + other.y) - low - high
        return RootPolynomial(low + high * self.p, cross, self.p)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RootPolynomial) and self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((str(self.x), str(self.y)))

    def __str__(self) -> str:
        return f"{self.x} + ({self.y})*r"


class RootPolynomials(ExactRing):
    """Q[pi][r]/(r^2 - p), r > 0, for a positive p in Q[pi] (or an integer) that is no square; primes lie in Q[pi]."""

    def __init__(self, p: int | fmpq_poly):
        self.p, self._base = p, PiPolynomials()
        self._radicand = fmpq_poly([p]) if isinstance(p, int) else p
        self.root_name = str(self._base.to_sympy(self._radicand, sympy.Symbol("pi")))
        self.field_name = f"Q(pi, sqrt({self.root_name}))"
        self.pi = self._embed(self._base.pi)

    @property
    def root(self) -> RootPolynomial:
        return RootPolynomial(fmpq_poly([0]), fmpq_poly([1]), self.p)

    def _embed(self, f: fmpq_poly) -> RootPolynomial:
        return RootPolynomial(f, fmpq_poly([0]), self.p)

    def rational(self, value: fmpq) -> RootPolynomial:
        return self._embed(fmpq_poly([value]))

    def is_zero(self, f: RootPolynomial) -> bool:
        return f.x.is_zero() and f.y.is_zero()

    def as_rational(self, f: RootPolynomial) -> fmpq | None:
        return self._base.as_rational(f.x) if f.y.is_zero() else None

    def exact_quotient(self, f: RootPolynomial, prime: RootPolynomial) -> RootPolynomial | None:
        x = self._base.exact_quotient(f.x, prime.x)
        y = self._base.exact_quotient(f.y, prime.x) if x is not None else None
        return None if x is None or y is None else RootPolynomial(x, y, self.p)

    def rationalised(self, f: RootPolynomial) -> tuple[RootPolynomial, RootPolynomial]:
        if f.y.is_zero():
            return f, self.rational(fmpq(1))
        conjugate = RootPolynomial(f.x, -f.y, self.p)
        return f * conjugate, conjugate

    def factor(self, f: RootPolynomial) -> tuple[fmpq, list[tuple[RootPolynomial, int]]]:
        """Factors of f, which must lie in Q[pi]."""
        if not f.y.is_zero():
            raise ValueError("only polynomials in pi are factored: rationalise first")
        unit, factors = self._base.factor(f.x)
        return unit, [(self._embed(g), m) for g, m in factors]

    def display_factors(self, f: RootPolynomial) -> tuple[fmpq, list[tuple[RootPolynomial, int]]]:
        """The factors in Q[pi] and what is left with r in it."""
        if f.y.is_zero():
            return self.factor(f)
        common = f.x.gcd(f.y) if not f.x.is_zero() else f.y
        unit, factors = self._base.factor(common)
        rest = RootPolynomial(f.x // common, f.y // common, self.p)
        return unit, [*((self._embed(g), m) for g, m in factors), (rest, 1)]

    def monomials(self, f: RootPolynomial) -> list[tuple[fmpq, int, int]]:
        """(c, i, j) for each term c pi^i r^j, highest powers of pi first."""
        terms = self._base.monomials(f.x) + [(c, i, 1) for c, i, _ in self._base.monomials(f.y)]
        return sorted(terms, key=lambda term: (-term[1], -term[2]))

    def rational_sqrt(self, value: fmpq) -> RootPolynomial | None:
        root = _fraction_sqrt(value)
        return None if root is None else self.rational(root)

    def ball(self, f: RootPolynomial) -> arb:
        return self._base.ball(f.x) + self._base.ball(f.y) * self._base.ball(self._radicand).sqrt()

    def sign(self, f: Polynomial) -> int:
        return _certain_sign(self, f)

    def to_sympy(self, f: RootPolynomial, pi: Any = sympy.pi) -> Any:
        return self._base.to_sympy(f.x, pi) + self._base.to_sympy(f.y, pi) * sympy.sqrt(
            self._base.to_sympy(self._radicand, pi)
        )


class SymbolicRootPolynomials(ExactRing):
    """Q[pi, r] with r = sqrt(p), p a positive symbol: flint's fmpq_mpoly."""

    field_name = "Q(pi, sqrt(p))"
    root_name = "p"

    def __init__(self) -> None:
        self._context: fmpq_mpoly_ctx = fmpq_mpoly_ctx.get(["pi", "r"], Ordering.lex)
        self.pi, self.root = self._context.gens()

    def rational(self, value: fmpq) -> fmpq_mpoly:
        return self._context.constant(value)

    def is_zero(self, f: fmpq_mpoly) -> bool:
        return f == 0

    def as_rational(self, f: fmpq_mpoly) -> fmpq | None:
        return f.leading_coefficient() if f.is_constant() and f != 0 else None

    def exact_quotient(self, f: fmpq_mpoly, prime: fmpq_mpoly) -> fmpq_mpoly | None:
        quotient, remainder = divmod(f, prime)
        return quotient if remainder == 0 else None

    def rationalised(self, f: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        return f, self.rational(fmpq(1))

    def factor(self, f: fmpq_mpoly) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
        unit, factors = f.factor()
        return fmpq(unit), list(factors)

    display_factors = factor

    def monomials(self, f: fmpq_mpoly) -> list[tuple[fmpq, int, int]]:
        """(c, i, j) for each term c pi^i r^j, highest powers of pi first."""
        return sorted(((fmpq(c), int(i), int(j)) for (i, j), c in f.terms()), key=lambda t: (-t[1], -t[2]))

    def rational_sqrt(self, value: fmpq) -> fmpq_mpoly | None:
        root = _fraction_sqrt(value)
        return None if root is None else self.rational(root)

    def ball(self, f: fmpq_mpoly) -> arb:
        raise TypeError("a constant with the symbol p has no numerical value")

    def sign(self, f: fmpq_mpoly) -> int:
        """The sign for every p > 0: the one that all coefficients of powers of r share, else ArithmeticError."""
        base, by_power = PiPolynomials(), dict[int, fmpq_poly]()
        for (i, j), c in f.terms():
            by_power[j] = by_power.get(j, fmpq_poly([0])) + fmpq_poly([0] * int(i) + [c])
        signs = {base.sign(coefficient) for coefficient in by_power.values()} - {0}
        if len(signs) > 1:
            raise ArithmeticError(f"the sign of {f} may depend on p")
        return signs.pop() if signs else 0

    def to_sympy(self, f: fmpq_mpoly, pi: Any = sympy.pi) -> Any:
        root = sympy.sqrt(sympy.Symbol("p", positive=True))
        return sum(
            (sympy_rational(c) * pi ** int(i) * root ** int(j) for (i, j), c in f.terms()),
            sympy.Integer(0),
        )
