"""Ball arithmetic (arb) behind the project's arithmetic protocol."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

from symrelu.arithmetic.outcome import Undecided


class Balls:
    """arb numbers at the working precision; sqrt and angle raise Undecided where the ball leaves their domain."""

    @property
    def pi(self) -> arb:
        return arb.pi()

    @staticmethod
    def number(value: int | Fraction | fmpq | arb) -> arb:
        """The ball of an exact number (or the ball itself)."""
        return arb(fmpq(value.numerator, value.denominator)) if isinstance(value, Fraction) else arb(value)

    @staticmethod
    def sqrt(x: arb | int) -> arb:
        root = arb(x).sqrt()
        if not root.is_finite():
            raise Undecided(f"square root of {arb(x).str(5)}, which is not proved positive")
        return root

    @staticmethod
    def angle(sine: arb, cosine: arb, product: arb) -> arb:
        if not sine > 0:
            raise Undecided(f"the sine {sine.str(5)} of an angle is not proved positive")
        return arb.atan2(sine, arb(cosine))

    @staticmethod
    def is_zero(x: arb | int) -> bool:
        return x == 0 if isinstance(x, int) else x.is_zero()
