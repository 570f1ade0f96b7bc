"""sympy expressions behind the project's arithmetic protocol: closed formulas instead of numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

Expression = Any  # a sympy.Expr, or a Python number that sympy will read exactly


class Symbols:
    """sympy expressions; symbols are positive or real by their own assumptions.

    >>> d = sympy.Symbol("d", positive=True)
    >>> Symbols().sqrt(d * d), Symbols().angle(1, 0, 1)
    (d, pi/2)
    """

    @property
    def pi(self) -> Expression:
        return sympy.pi

    @staticmethod
    def number(value: int | str | Fraction) -> Expression:
        """The exact value; strings are read as expressions."""
        return sympy.sympify(value)

    @staticmethod
    def sqrt(x: Expression) -> Expression:
        return sympy.sqrt(x)

    @staticmethod
    def angle(sine: Expression, cosine: Expression, product: Expression) -> Expression:
        return sympy.atan2(sine, cosine)

    @staticmethod
    def is_zero(x: Expression) -> bool:
        """Zero as it stands: an expression that would only vanish after simplification counts as non-zero."""
        return sympy.sympify(x) is sympy.S.Zero
