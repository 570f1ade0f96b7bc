"""Constants that are only enclosed: coefficients of series as balls, where no closed form is known.

A BallField stands in for a ConstantField, so that series with ball coefficients are computed by the same formulas as
exact ones. Structure is never decided by a ball: a coefficient counts as zero only if it is the exact zero, and a leading
coefficient whose ball contains zero raises Undecided.
"""

from __future__ import annotations

from typing import Any

import sympy
from flint import arb, fmpq

from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import certain_digits


class BallRing:
    """arb numbers behind what the constants ask of a ring; all at the working precision."""

    field_name = "balls"
    root_name = ""

    @property
    def pi(self) -> arb:
        return arb.pi()

    def rational(self, value: fmpq) -> arb:
        return arb(value)

    def is_zero(self, f: arb) -> bool:
        """Whether f is the exact zero: a ball around zero does not count."""
        return f.is_zero()

    def may_vanish(self, f: arb) -> bool:
        return f.contains(0)

    @staticmethod
    def key(f: arb) -> Any:
        return tuple(int(x) for part in (f.mid(), f.rad()) for x in part.man_exp())

    def as_rational(self, f: arb) -> fmpq | None:
        return None

    def exact_quotient(self, f: arb, prime: arb) -> arb | None:
        raise NotImplementedError("balls are not kept as fractions")

    def rationalised(self, f: arb) -> tuple[arb, arb]:
        raise NotImplementedError("balls are not kept as fractions")

    def factor(self, f: arb) -> tuple[fmpq, list[tuple[arb, int]]]:
        raise NotImplementedError("balls have no factors")

    display_factors = factor

    def monomials(self, f: arb) -> list[tuple[fmpq, int, int]]:
        raise NotImplementedError("balls have no monomials")

    def rational_sqrt(self, value: fmpq) -> arb | None:
        raise NotImplementedError("roots of balls are taken by the field")

    def ball(self, f: arb) -> arb:
        return f

    def sign(self, f: arb) -> int:
        if f.is_zero():
            return 0
        if f.contains(0):
            raise Undecided(f"the sign of a coefficient {f.str(5)} is open: more digits are needed")
        return 1 if f > 0 else -1

    def to_sympy(self, f: arb, pi: Any = sympy.pi) -> Any:
        """The midpoint as a sympy number of as many digits as are certain."""
        return sympy.Float(certain_digits(f, 40))


class BallField(ConstantField):
    """Balls in place of constants; `name` says what field they enclose elements of."""

    exact = False

    def __init__(self, name: str):
        super().__init__(BallRing())
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def root(self) -> Constant | None:
        return None

    def constant(self, num: arb, exponents: tuple[int, ...] = ()) -> Constant:
        return Constant(self, num, ())

    def inverse(self, value: Constant) -> Constant:
        if value.num.contains(0):
            raise Undecided(f"division by a coefficient {value.num.str(5)}: more digits are needed")
        return Constant(self, 1 / value.num, ())

    def sqrt(self, value: Constant) -> Constant:
        if not value.num > 0:
            raise Undecided(f"root of a coefficient {value.num.str(5)}, which is not proved positive")
        return Constant(self, value.num.sqrt(), ())

    def arctan(self, sine: Constant, cosine: Constant) -> Constant:
        if not sine.num > 0:
            raise Undecided(f"the sine {sine.num.str(5)} of an angle is not proved positive")
        return Constant(self, arb.atan2(sine.num, cosine.num), ())
