"""mpmath numbers behind the project's arithmetic protocol: approximate, of any precision, easy to print and compare."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath

Number = Any  # an mpf of the instance's own context


class Multiprecision:
    """mpmath numbers of `digits` digits in a context of their own: `mpmath.mp` is neither read nor changed.

    Nothing here is rigorous. sqrt raises ValueError on a negative number, as does angle where the sine is negative.

    >>> Multiprecision(30).sqrt(2)
    mpf('1.41421356237309504880168872420977')
    """

    def __init__(self, digits: int = 50):
        self.mp: Any = mpmath.mp.clone()
        self.mp.dps = digits

    @property
    def pi(self) -> Number:
        # Unary plus: mpmath's pi is a lazy constant, which does not compare or hash like a number.
        return +self.mp.pi

    def number(self, value: int | str | Fraction | Any) -> Number:
        """The nearest number of this precision; strings are decimals or fractions."""
        return +self.mp.convert(Fraction(value) if isinstance(value, str) else value)

    def sqrt(self, x: Any) -> Number:
        if x < 0:
            raise ValueError(f"square root of {self.mp.nstr(x, 5)}, which is negative")
        return self.mp.sqrt(x)

    def angle(self, sine: Any, cosine: Any, product: Any) -> Number:
        if sine < 0:
            raise ValueError(f"the sine {self.mp.nstr(sine, 5)} of an angle in (0, pi) is negative")
        return self.mp.atan2(sine, cosine)

    @staticmethod
    def is_zero(x: Any) -> bool:
        return isinstance(x, int) and x == 0

    def eigenvalues(self, matrix: list[list[Any]], gram: list[Any]) -> list[Number]:
        """The eigenvalues of B v = lambda G v in ascending order: B symmetric, read below its diagonal, and G the
        diagonal `gram` of positive numbers."""
        roots = [self.mp.sqrt(g) for g in gram]
        scaled = self.mp.matrix(len(gram))
        for i, row in enumerate(matrix):
            for j, entry in enumerate(row[: i + 1]):
                scaled[i, j] = scaled[j, i] = entry / (roots[i] * roots[j])
        return sorted(self.mp.eigsy(scaled, eigvals_only=True, overwrite_a=True))
