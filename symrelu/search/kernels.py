"""The kernels F(A, B, c) = E[sigma(w.x) sigma(v.x)], x ~ N(0, I), on float64 arrays, with their partial derivatives.

A = |w|^2, B = |v|^2, c = w.v, S = sqrt(A B - c^2). A gradient needs alpha = 2 F_A and phi = F_c, for which
dF/dw = alpha w + phi v; the Hessian needs the derivatives of these two. Sources: Cho & Saul 2009 (ReLU), Williams 1997
(erf); Safran & Shamir 2018, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import NamedTuple, Protocol

import numpy as np

Array = np.ndarray


class First(NamedTuple):
    """alpha = 2 F_A and phi = F_c."""

    alpha: Array
    phi: Array


class Second(NamedTuple):
    """The partial derivatives of alpha and phi in A, B and c."""

    alpha_A: Array
    alpha_B: Array
    alpha_c: Array
    phi_A: Array
    phi_B: Array
    phi_c: Array


class Kernel(Protocol):
    """F and its partials on arrays of pairs (A, B, c, S); S = 0 marks parallel vectors."""

    def value(self, A: Array, B: Array, c: Array, S: Array) -> Array: ...

    def first(self, A: Array, B: Array, c: Array, S: Array) -> First: ...

    def second(self, A: Array, B: Array, c: Array, S: Array) -> Second: ...


@dataclass(frozen=True)
class LeakyRelu:
    """sigma(t) = t for t > 0 and slope t below; slope 0 is ReLU, -1 the absolute value.

    F = (1 - slope)^2 F_ReLU + slope c: the square of the ReLU part, and a linear network beside it.
    """

    slope: float = 0.0

    @property
    def _part(self) -> float:
        return (1 - self.slope) ** 2 / (2 * pi)

    def value(self, A: Array, B: Array, c: Array, S: Array) -> Array:
        return self._part * (S + (pi - np.arctan2(S, c)) * c) + self.slope * c

    def first(self, A: Array, B: Array, c: Array, S: Array) -> First:
        return First(self._part * S / A, self._part * (pi - np.arctan2(S, c)) + self.slope)

    def second(self, A: Array, B: Array, c: Array, S: Array) -> Second:
        # At parallel vectors F is C^2: the terms with 1/S cancel in the limit, and alpha and phi are stationary.
        q = np.divide(self._part, S, out=np.zeros_like(S), where=S > 0)
        with_c = -c * q / A
        return Second(
            (c * c * q - S * S * q) / (2 * A * A), q / 2, with_c, with_c / 2, -c * q / (2 * B), q * np.ones_like(A)
        )


@dataclass(frozen=True)
class Erf:
    """sigma = erf: F = (2/pi) asin(2 c / T), T^2 = (1 + 2 A)(1 + 2 B). Smooth everywhere."""

    def value(self, A: Array, B: Array, c: Array, S: Array) -> Array:
        return 2 / pi * np.arcsin(2 * c / np.sqrt((1 + 2 * A) * (1 + 2 * B)))

    def first(self, A: Array, B: Array, c: Array, S: Array) -> First:
        # T^2 - 4 c^2 = 1 + 2 A + 2 B + 4 S^2
        root = np.sqrt(1 + 2 * A + 2 * B + 4 * S * S)
        return First(-8 / pi * c / ((1 + 2 * A) * root), 4 / pi / root)

    def second(self, A: Array, B: Array, c: Array, S: Array) -> Second:
        a, b = 1 + 2 * A, 1 + 2 * B
        square = a + b - 1 + 4 * S * S
        phi = 4 / pi / np.sqrt(square)
        # d(square) = 2 b dA + 2 a dB - 8 c dc, and alpha = -2 c phi / a
        phi_A, phi_B, phi_c = -phi * b / square, -phi * a / square, 4 * phi * c / square
        return Second(
            -2 * c * (phi_A / a - 2 * phi / (a * a)),
            -2 * c * phi_B / a,
            -2 * (phi + c * phi_c) / a,
            phi_A,
            phi_B,
            phi_c,
        )


RELU = LeakyRelu()
