"""Python floats behind the project's arithmetic protocol: for searching, where speed is all and nothing is proved."""

from __future__ import annotations

from math import atan2, pi, sqrt


class Floats:
    """Double precision; ValueError where a root or a sine is negative, ZeroDivisionError at parallel rows."""

    pi = pi

    @staticmethod
    def sqrt(x: float) -> float:
        return sqrt(x)

    @staticmethod
    def angle(sine: float, cosine: float, product: float) -> float:
        return atan2(sine, cosine)

    @staticmethod
    def is_zero(x: float) -> bool:
        return isinstance(x, int) and x == 0
