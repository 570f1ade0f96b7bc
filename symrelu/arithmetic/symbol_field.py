"""Constants with unknowns: the field Q(pi)(y_1, ..., y_m), and the square roots and angles that come up in it.

The leading coefficients of a family may solve no closed equation. As symbols y_i they can still be computed with
exactly: what cancels for all values of the symbols is seen to cancel, and what does not becomes an equation for them.
Square roots and arctangents of elements become symbols themselves, r_j with r_j^2 reduced, a_j without relations. Each
symbol has an approximate value, from which signs are read; `signs_hold` proves afterwards that they were right.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import sympy
from flint import Ordering, arb, arb_series, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symrelu.arithmetic.constants import Constant, ConstantField, square_free
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.polynomials import ExactRing, sympy_rational

_EXTRA = 12  # square roots, and angles, that there is room for
Number = Any  # arb or arb_series


class SymbolPolynomials(ExactRing):
    """Q[pi, y_1, ..., y_m, r_1, ..., a_1, ...] modulo r_j^2 - q_j: flint's fmpq_mpoly."""

    field_name = "Q(pi, y)"
    root_name = ""

    def __init__(self, names: list[str]):
        roots, angles = ([f"{letter}{j}" for j in range(1, _EXTRA + 1)] for letter in "ra")
        # Lexicographic with later roots first: dividing by r^2 - q then replaces r^2.
        self.names = [*reversed(roots), *angles, *names, "pi"]
        self._context: fmpq_mpoly_ctx = fmpq_mpoly_ctx.get(self.names, Ordering.lex)
        self._generators = dict(zip(self.names, self._context.gens(), strict=True))
        self.pi = self._generators["pi"]
        self._roots, self._angles = roots, angles
        self.radicands: dict[str, fmpq_mpoly] = {}
        self.tangents: dict[str, Constant] = {}

    def generator(self, name: str) -> fmpq_mpoly:
        return self._generators[name]

    def new_root(self, radicand: fmpq_mpoly) -> fmpq_mpoly:
        """The symbol r with r^2 = radicand; the same one for the same radicand."""
        for name, known in self.radicands.items():
            if known == radicand:
                return self._generators[name]
        name = self._roots[len(self.radicands)]
        self.radicands[name] = radicand
        return self._generators[name]

    def new_angle(self, tangent: Constant) -> fmpq_mpoly:
        """The symbol for arctan of a positive element; the same one for the same element."""
        for name, known in self.tangents.items():
            if known == tangent:
                return self._generators[name]
        name = self._angles[len(self.tangents)]
        self.tangents[name] = tangent
        return self._generators[name]

    def reduced(self, f: fmpq_mpoly) -> fmpq_mpoly:
        for name, radicand in reversed(self.radicands.items()):
            root = self._generators[name]
            f = divmod(f, root * root - radicand)[1]
        return f

    def rational(self, value: fmpq) -> fmpq_mpoly:
        return self._context.constant(value)

    def is_zero(self, f: fmpq_mpoly) -> bool:
        return self.reduced(f) == 0

    def as_rational(self, f: fmpq_mpoly) -> fmpq | None:
        return f.leading_coefficient() if f.is_constant() and f != 0 else None

    def exact_quotient(self, f: fmpq_mpoly, prime: fmpq_mpoly) -> fmpq_mpoly | None:
        quotient, remainder = divmod(self.reduced(f), prime)
        return quotient if remainder == 0 else None

    def rationalised(self, f: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        norm, factor = self.reduced(f), self.rational(fmpq(1))
        for name in reversed(self.radicands):
            position = self.names.index(name)
            conjugate = self._context.from_dict(
                {e: -c if e[position] % 2 else c for e, c in norm.to_dict().items()}  # degree at most one in r
            )
            if conjugate != norm:
                norm, factor = self.reduced(norm * conjugate), factor * conjugate
        return norm, factor

    def factor(self, f: fmpq_mpoly) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
        unit, factors = f.factor()
        return fmpq(unit), list(factors)

    display_factors = factor

    def monomials(self, f: fmpq_mpoly) -> list[tuple[fmpq, int, int]]:
        raise NotImplementedError("elements with symbols are written by sympy")

    def rational_sqrt(self, value: fmpq) -> fmpq_mpoly | None:
        raise NotImplementedError("roots are taken by the field")

    def evaluate(self, f: fmpq_mpoly, values: dict[str, Number]) -> Number:
        """The value of f, the generators that occur in it having values."""
        total: Number = arb(0)
        for exponents, c in f.to_dict().items():
            term: Number = arb(c)
            for name, e in zip(self.names, exponents, strict=True):
                for _ in range(int(e)):
                    term = term * values[name]
            total = total + term
        return total

    def occurring(self, f: fmpq_mpoly) -> set[str]:
        """The names of the generators that f contains, those under roots and in angles included."""
        degrees = self.reduced(f).degrees()
        found = {name for name, degree in zip(self.names, degrees, strict=True) if degree}
        for name in list(found):
            if name in self.radicands:
                found |= self.occurring(self.radicands[name])
            elif name in self.tangents:
                found |= self.occurring(self.tangents[name].num)
        return found

    def sorted_by(self, f: fmpq_mpoly, names: list[str]) -> dict[tuple[int, ...], fmpq_mpoly]:
        """The coefficients of the monomials in the named generators, by their exponents."""
        places = [self.names.index(name) for name in names]
        parts: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in self.reduced(f).to_dict().items():
            rest = tuple(0 if place in places else int(e) for place, e in enumerate(exponents))
            parts.setdefault(tuple(int(exponents[place]) for place in places), {})[rest] = c
        return {powers: self._context.from_dict(part) for powers, part in parts.items()}

    def ball(self, f: fmpq_mpoly) -> arb:
        raise TypeError("an element with symbols has a value only where they have one")

    def sign(self, f: fmpq_mpoly) -> int:
        raise TypeError("an element with symbols has a sign only where they have values")

    def to_sympy(self, f: fmpq_mpoly, pi: Any = sympy.pi) -> Any:
        symbols = [pi if name == "pi" else sympy.Symbol(name, real=True) for name in self.names]
        total = sympy.Integer(0)
        for exponents, c in f.to_dict().items():
            total += sympy_rational(fmpq(c)) * sympy.Mul(
                *(x ** int(e) for x, e in zip(symbols, exponents, strict=True))
            )
        return total


class SymbolField(ConstantField):
    """The field of the symbols y_i, with approximate values by which branches of roots and angles are chosen."""

    def __init__(self, approximate: dict[str, arb]):
        self.polynomials = SymbolPolynomials(list(approximate))
        super().__init__(self.polynomials)
        self._approximate = approximate
        self._signs: list[tuple[Constant, int]] = []

    def symbol(self, name: str) -> Constant:
        return self.constant(self.polynomials.generator(name))

    def sign(self, value: Constant) -> int:
        """The sign at the approximate values, remembered to be proved later."""
        if not value:
            return 0
        number = self.evaluate([value], self._approximate)[0]
        if number.contains(0):
            raise Undecided("a coefficient that is not identically zero seems to vanish at the leading terms")
        sign = 1 if number > 0 else -1
        self._signs.append((value, sign))
        return sign

    def signs_hold(self, values: dict[str, arb]) -> bool:
        """Whether every sign that was used is proved for all values in the given balls."""
        numbers = self.evaluate([value for value, _ in self._signs], values)
        return all(number * sign > 0 for number, (_, sign) in zip(numbers, self._signs, strict=True))

    def evaluate(self, constants: list[Constant], values: dict[str, Number]) -> list[Number]:
        """The values of constants, where the symbols y_i have the given ones (balls, or series of balls)."""
        ring = self.polynomials
        known: dict[str, Number] = {"pi": arb.pi(), **values}

        def at(constant: Constant) -> Number:
            value = ring.evaluate(constant.num, known)
            for prime, e in zip(self.primes, constant.exponents, strict=False):
                factor = ring.evaluate(prime, known) if e else arb(1)
                for _ in range(abs(e)):
                    value = value / factor if e > 0 else value * factor
            return value

        for name, radicand in ring.radicands.items():
            known[name] = _root(ring.evaluate(radicand, known))
        for name, tangent in ring.tangents.items():
            known[name] = at(tangent).atan()
        return [at(constant) for constant in constants]

    def occurring(self, value: Constant) -> set[str]:
        """The names of the symbols that a constant contains, in its denominator too."""
        ring, found = self.polynomials, self.polynomials.occurring(value.num)
        for prime, e in zip(self.primes, value.exponents, strict=False):
            found |= ring.occurring(prime) if e else set()
        return found

    def sqrt(self, value: Constant) -> Constant:
        """The positive root: squares are taken out, what is left becomes a symbol."""
        if not value:
            return value
        unit, total = self.factors(value)
        odd = self.prime_power(tuple(e % 2 for e in total))
        outside = self.constant(self.ring.rational(fmpq(1)), tuple((e + e % 2) // 2 for e in total))
        # unit / prod f^e = unit prod f^(e mod 2) / prod f^(e + e mod 2)
        integer = unit.p * unit.q
        square, free = _square_part(int(integer))
        radicand = odd * free
        if radicand != 1:
            outside = outside * self.constant(self.polynomials.new_root(radicand))
        candidate = outside * fmpq(square, int(unit.q))
        return candidate if self.sign(candidate) > 0 else -candidate

    def arctan(self, sine: Constant, cosine: Constant) -> Constant:
        if not cosine:
            return self.pi * fmpq(1, 2)
        tangent = sine / cosine
        acute = self.sign(tangent) > 0
        angle = self.constant(self.polynomials.new_angle(tangent if acute else -tangent))
        return angle if acute else self.pi - angle


def _root(value: Number) -> Number:
    root = value.sqrt()
    first = root[0] if isinstance(root, arb_series) else root
    if not first.is_finite():
        raise Undecided("root of a number that is not proved positive")
    return root


def _square_part(n: int) -> tuple[int, int]:
    """(a, b) with n = a^2 b, b square-free."""
    free = square_free(abs(n)) * (1 if n > 0 else -1)
    return isqrt(n // free), free
