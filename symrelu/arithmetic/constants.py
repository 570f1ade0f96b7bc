"""Exact constants: Q(pi) and extensions by a square root, as numerators over powers of a few primes.

An element is num / prod f^e, num a polynomial in pi (and r) that no known prime f divides, e any integers. The primes
are the irreducible polynomials that have been divided by (pi, pi - 2, ...). Sums and products of such elements need no
gcd of polynomials, only trial division by the few primes, which is what makes long exact series affordable.
pi is transcendental (Lindemann), so an element is zero exactly when its numerator is.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest
from operator import add, sub
from typing import Any

import sympy
from flint import arb, fmpq, fmpz

from symrelu.arithmetic.polynomials import Polynomial, PolynomialRing
from symrelu.arithmetic.written import text

Exponents = tuple[int, ...]


class NotInField(ArithmeticError):
    """A root or an angle leaves the field; the message names what would have to be adjoined.

    `adjoin` is a square-free integer or polynomial in pi whose square root would do, where there is one.
    """

    def __init__(self, message: str, adjoin: Polynomial | int | None = None):
        super().__init__(message)
        self.adjoin = adjoin


class ConstantField:
    """The constants over a polynomial ring, with its growing list of primes."""

    exact = True  # a field of balls (ball_field.py) only encloses its constants

    def __init__(self, ring: PolynomialRing):
        self.ring = ring
        self.primes: list[Polynomial] = []
        self._powers: dict[Exponents, Polynomial] = {}

    @property
    def name(self) -> str:
        return self.ring.field_name

    @property
    def pi(self) -> Constant:
        return self.number(1).times_polynomial(self.ring.pi)

    @property
    def root(self) -> Constant | None:
        """The square root r that the field has besides pi, if any."""
        root = getattr(self.ring, "root", None)
        return None if root is None else self.constant(root)

    def number(self, value: int | Fraction | fmpq) -> Constant:
        return Constant(self, self.ring.rational(fmpq(value.numerator, value.denominator)), ())

    def prime(self, i: int) -> Constant:
        """The i-th prime as a constant."""
        return Constant(self, self.ring.rational(fmpq(1)), (0,) * i + (-1,))

    def constant(self, num: Polynomial, exponents: Exponents = ()) -> Constant:
        """num / prod primes^exponents, brought to lowest terms."""
        reduced = list(exponents) + [0] * (len(self.primes) - len(exponents))
        if self.ring.is_zero(num):
            return Constant(self, num, ())
        for i, prime in enumerate(self.primes):
            while (quotient := self.ring.exact_quotient(num, prime)) is not None:
                num, reduced[i] = quotient, reduced[i] - 1
        return Constant(self, num, tuple(reduced))

    def inverse(self, value: Constant) -> Constant:
        """1 / value; ZeroDivisionError for zero."""
        if not value:
            raise ZeroDivisionError("inverse of the constant 0")
        num, conjugate = self.ring.rationalised(value.num)
        unit, exponents = self.split(num)
        return self.constant(conjugate * (1 / unit), add_exponents(exponents, value.exponents, -1))

    def sqrt(self, value: Constant) -> Constant:
        """The positive square root; NotInField where there is none in the field."""
        if not value:
            return value
        norm, conjugate = self.ring.rationalised(value.num)
        if norm is not value.num:
            return self._nested_sqrt(value, self.constant(conjugate, value.exponents))
        candidate, root = self._sqrt_of_factors(value), self.root
        if candidate is None and root is not None:
            quotient = self._sqrt_of_factors(value / (root * root))
            candidate = None if quotient is None else quotient * root
        if candidate is None:
            raise NotInField(f"the square root of {value.to_sympy()} is not in {self.name}", self._radicand(value))
        return candidate if candidate.sign() >= 0 else -candidate

    def arctan(self, sine: Constant, cosine: Constant) -> Constant:
        """The angle in (0, pi) with tangent sine / cosine, sine > 0; NotInField but for pi / 2."""
        if not cosine:
            return self.pi * fmpq(1, 2)
        raise NotInField(f"arctan of {sine / cosine!r} is not a rational multiple of pi")

    def sign(self, value: Constant) -> int:
        """-1, 0 or 1, certain."""
        sign = self.ring.sign(value.num)
        for prime, e in zip(self.primes, value.exponents, strict=False):
            sign *= self.ring.sign(prime) if e % 2 else 1
        return sign

    def _sqrt_of_factors(self, value: Constant) -> Constant | None:
        """A square root, where the unit and all exponents of the primes are squares."""
        unit, total = self.factors(value)
        root = self.ring.rational_sqrt(unit)
        if root is None or any(e % 2 for e in total):
            return None
        return self.constant(root, tuple(e // 2 for e in total))

    def factors(self, value: Constant) -> tuple[fmpq, Exponents]:
        """(unit, exponents of the primes in the denominator) of a constant without r."""
        unit, exponents = self.split(value.num)
        return unit, add_exponents(value.exponents, exponents, -1)

    def _radicand(self, value: Constant) -> Polynomial | int | None:
        """What is left of a positive constant without squares: its root is to be adjoined."""
        unit, total = self.factors(value)
        polynomial = any(e % 2 for e in total)
        if value.sign() < 0 or (polynomial and self.root is not None):
            return None
        integer = square_free(abs(int(unit.p) * int(unit.q))) * (1 if unit > 0 else -1)
        return self.prime_power(tuple(e % 2 for e in total)) * integer if polynomial else integer

    def _nested_sqrt(self, value: Constant, conjugate: Constant) -> Constant:
        """sqrt(x + y r) = a + y r / (2 a) with a^2 = (x + sqrt(x^2 - p y^2)) / 2, where these roots are in the field.

        If the root is a + b r, then x^2 - p y^2 = (a^2 - p b^2)^2, and (b r)^2 will do in place of a^2 if it is larger.
        """
        middle, rest = (value + conjugate) * fmpq(1, 2), (value - conjugate) * fmpq(1, 2)
        try:
            half = ((middle + (value * conjugate).sqrt()) * fmpq(1, 2)).sqrt()
        except NotInField:
            raise NotInField(f"the square root of {value.to_sympy()} is not in {self.name}") from None
        candidate = half + rest / (2 * half)
        return candidate if candidate.sign() >= 0 else -candidate

    def prime_power(self, exponents: Exponents) -> Polynomial:
        """prod f^e for non-negative e."""
        if exponents not in self._powers:
            product = self.ring.rational(fmpq(1))
            for prime, e in zip(self.primes, exponents, strict=False):
                for _ in range(e):
                    product = product * prime
            self._powers[exponents] = product
        return self._powers[exponents]

    def split(self, num: Polynomial) -> tuple[fmpq, Exponents]:
        """Write num as rational * prod f^e, adding the irreducible factors that are new to the primes."""
        unit, factors = self.ring.factor(num)
        exponents = [0] * len(self.primes)
        for factor, multiplicity in factors:
            if factor not in self.primes:
                self.primes.append(factor)
                exponents.append(0)
            exponents[self.primes.index(factor)] += multiplicity
        return unit, tuple(exponents)


def square_free(n: int) -> int:
    """The square-free part of a positive integer."""
    part = 1
    for prime, exponent in fmpz(n).factor():
        part *= int(prime) if exponent % 2 else 1
    return part


def add_exponents(e: Exponents, f: Exponents, sign: int = 1) -> Exponents:
    """e + sign * f, the shorter tuple being continued by zeros."""
    if len(e) == len(f):
        return tuple(map(add if sign > 0 else sub, e, f))
    return tuple([x + sign * y for x, y in zip_longest(e, f, fillvalue=0)])


def max_exponents(e: Exponents, f: Exponents) -> Exponents:
    return tuple(max(x, y) for x, y in zip_longest(e, f, fillvalue=0))


class Constant:
    """An exact element num / prod f^e of a ConstantField; immutable, in lowest terms."""

    __slots__ = ("exponents", "field", "num")

    def __init__(self, field: ConstantField, num: Polynomial, exponents: Exponents):
        self.field, self.num, self.exponents = field, num, exponents

    def times_polynomial(self, factor: Polynomial) -> Constant:
        return self.field.constant(self.num * factor, self.exponents)

    def times(self, other: Constant) -> Constant:
        """The product, not brought to lowest terms: for sums that are reduced later."""
        return Constant(self.field, self.num * other.num, add_exponents(self.exponents, other.exponents))

    def scaled(self, factor: int | fmpq) -> Constant:
        """A rational multiple (by a factor that is not zero): numerators keep their primes."""
        return Constant(self.field, self.num * factor, self.exponents)

    def plus(self, other: Constant) -> Constant:
        """The sum, not brought to lowest terms."""
        if self.exponents == other.exponents:
            return Constant(self.field, self.num + other.num, self.exponents)
        if self.field.ring.is_zero(self.num):
            return other
        common, field = max_exponents(self.exponents, other.exponents), self.field
        left = self.num * field.prime_power(add_exponents(common, self.exponents, -1))
        right = other.num * field.prime_power(add_exponents(common, other.exponents, -1))
        return Constant(field, left + right, common)

    def _coerce(self, other: Any) -> Constant | None:
        if isinstance(other, Constant):
            return other
        return self.field.number(other) if isinstance(other, int | Fraction | fmpq) else None

    def __add__(self, other: Any) -> Constant:
        y = self._coerce(other)
        if y is None:
            return NotImplemented
        if not y:
            return self
        if not self:
            return y
        total = self.plus(y)
        return self.field.constant(total.num, total.exponents)

    def __neg__(self) -> Constant:
        return Constant(self.field, -self.num, self.exponents)

    def __sub__(self, other: Any) -> Constant:
        y = self._coerce(other)
        return NotImplemented if y is None else self + (-y)

    def __mul__(self, other: Any) -> Constant:
        y = self._coerce(other)
        if y is None:
            return NotImplemented
        return self.field.constant(self.num * y.num, add_exponents(self.exponents, y.exponents))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> Constant:
        return -self + other

    def inverse(self) -> Constant:
        """1 / self; ZeroDivisionError for zero."""
        return self.field.inverse(self)

    def __truediv__(self, other: Any) -> Constant:
        y = self._coerce(other)
        return NotImplemented if y is None else self * y.inverse()

    def __rtruediv__(self, other: Any) -> Constant:
        return self.inverse() * other

    def __pow__(self, exponent: int) -> Constant:
        base = self if exponent >= 0 else self.inverse()
        power = self.field.number(1)
        for _ in range(abs(exponent)):
            power = power * base
        return power

    def __bool__(self) -> bool:
        return not self.field.ring.is_zero(self.num)

    def __eq__(self, other: object) -> bool:
        y = self._coerce(other)
        return NotImplemented if y is None else not self - y

    def __hash__(self) -> int:
        # Equal constants may be stored differently, since primes become known over time: the field is all they share.
        return hash(self.field.name)

    def sqrt(self) -> Constant:
        """The positive square root, or NotInField."""
        return self.field.sqrt(self)

    def key(self) -> Any:
        """Equal for identical constants of one field, different for others."""
        return self.field.ring.key(self.num), self.exponents

    def ball(self) -> arb:
        """An enclosure at the working precision (r stands for its own generic value where p is a symbol)."""
        value = self.field.ring.ball(self.num)
        for prime, e in zip(self.field.primes, self.exponents, strict=False):
            factor = self.field.ring.ball(prime)
            for _ in range(abs(e)):
                value = value / factor if e > 0 else value * factor
        return value

    def sign(self) -> int:
        """-1, 0 or 1, certain; with a symbolic p, the sign that holds for every p."""
        return self.field.sign(self)

    def to_sympy(self, pi: Any = sympy.pi) -> Any:
        """The value as a sympy expression; `pi` may be a symbol, which sorts more readably."""
        ring = self.field.ring
        expression = ring.to_sympy(self.num, pi)
        for prime, e in zip(self.field.primes, self.exponents, strict=False):
            expression = expression / ring.to_sympy(prime, pi) ** e
        return expression

    def factored(self) -> Any:
        """The value as a factored sympy expression in a *symbol* pi, which sorts as one writes: pi - 2."""
        return sympy.factor(self.to_sympy(sympy.Symbol("pi", positive=True)))

    def __repr__(self) -> str:
        return text(self)
