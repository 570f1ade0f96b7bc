"""Activations other than ReLU: leaky ReLU (with the absolute value) and erf, by the formulas that kernel.py asks for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import exact_real
from symrelu.model.kernel import RELU, Activation, Arithmetic, KernelPair, OwnTerm, Pair

_KNOWN = "relu, erf and leaky:SLOPE, like leaky:1/10"
_LONGEST_SLOPE = 40


@dataclass(frozen=True)
class LeakyPair(Pair):
    """sigma(t) = (1 - slope) relu(t) + slope t, hence F = (1 - slope)^2 F_ReLU + slope c.

    The cross terms add up to 2 slope (1 - slope) E[relu(w.x) v.x] = slope (1 - slope) c. So S keeps its coefficients up to
    the factor (1 - slope)^2, and phi gains the constant 2 pi slope.
    """

    negative_slope: Fraction

    @cached_property
    def _weight(self) -> Fraction:
        return (1 - self.negative_slope) ** 2

    @cached_property
    def radial(self) -> Any:
        return 0 if self.parallel else _scaled(self.S, self._weight)

    @cached_property
    def phi(self) -> Any:
        return _scaled(self._supplement(), self._weight) + _scaled(self.arithmetic.pi, 2 * self.negative_slope)

    @cached_property
    def q(self) -> Any:
        return 0 if self.parallel else self._weight.numerator / (self._weight.denominator * self.S)


@dataclass(frozen=True)
class LeakyOwnTerm(OwnTerm):
    """E[sigma(w.x)^2] = (1 + slope^2) A/2: each half line has half of the variance."""

    negative_slope: Fraction

    @property
    def value(self) -> Any:
        return self.slope * self.A

    @cached_property
    def slope(self) -> Any:
        return _scaled(self.arithmetic.pi, 1 + self.negative_slope**2)


@dataclass(frozen=True)
class Leaky:
    """sigma(t) = t for t > 0 and slope t for t < 0, a rational slope other than 1; -1 is the absolute value.

    >>> Leaky(Fraction(1, 10)).name
    'leaky:1/10'
    """

    slope: Fraction

    @property
    def name(self) -> str:
        return f"leaky:{self.slope}"

    @property
    def homogeneous(self) -> bool:
        return True

    def pair(self, arithmetic: Arithmetic, A: Any, B: Any, c: Any, S_squared: Any) -> KernelPair:
        return LeakyPair(arithmetic, A, B, c, S_squared, self.slope)

    def own(self, arithmetic: Arithmetic, A: Any) -> OwnTerm:
        return LeakyOwnTerm(arithmetic, A, self.slope)


class ErfPair(KernelPair):
    """F = (2/pi) asin(2 c / T), T^2 = (1 + 2 A)(1 + 2 B) (Williams 1997). Smooth everywhere, at parallel rows too.

    With R^2 = T^2 - 4 c^2 = 1 + 2 A + 2 B + 4 S^2 the angle whose sine is 2 c / T is pi/2 less the one whose sine : cosine
    is R : 2 c. phi = 8/R; the other coefficients are its derivatives, and 4 pi F_A = -2 c phi/(1 + 2 A).
    """

    # Integers may occur among the Gram entries (targets, the global minimum): the first factor of a quotient is
    # always a number of the arithmetic, so that no integers are divided.

    @cached_property
    def _R_squared(self) -> Any:
        return 1 + 2 * self.A + 2 * self.B + 4 * self.S_squared

    @cached_property
    def _R(self) -> Any:
        return self.arithmetic.sqrt(self._R_squared)

    @cached_property
    def F(self) -> Any:
        product = (1 + 2 * self.A) * (1 + 2 * self.B)
        return 2 * self.arithmetic.pi - 4 * self.arithmetic.angle(self._R, 2 * self.c, product)

    @cached_property
    def phi(self) -> Any:
        return 8 / self._R

    @cached_property
    def radial(self) -> Any:
        return -2 * (self.c * self.phi * self.A) / (1 + 2 * self.A)

    @cached_property
    def q(self) -> Any:
        return 4 * (self.c * self.phi) / self._R_squared

    @cached_property
    def b(self) -> Any:
        return -2 * (self.phi * (1 + 2 * self.B)) / self._R_squared

    @cached_property
    def b_swapped(self) -> Any:
        return -2 * (self.phi * (1 + 2 * self.A)) / self._R_squared

    @cached_property
    def a(self) -> Any:
        scale = 1 + 2 * self.A
        return (
            4
            * (self.c * self.phi * (scale * (1 + 2 * self.B) + 2 * self._R_squared))
            / (scale * scale * self._R_squared)
        )


class ErfOwnTerm(OwnTerm):
    """G = (2/pi) asin(2 A/(1 + 2 A)), G' = 4/(pi (1 + 2 A) sqrt(1 + 4 A))."""

    @cached_property
    def _root(self) -> Any:
        return self.arithmetic.sqrt(1 + 4 * self.A)

    @property
    def value(self) -> Any:
        scale = 1 + 2 * self.A
        return 2 * self.arithmetic.pi - 4 * self.arithmetic.angle(self._root, 2 * self.A, scale * scale)

    @cached_property
    def slope(self) -> Any:
        return 8 / (self._root * (1 + 2 * self.A))

    @cached_property
    def bend(self) -> Any:
        # The logarithmic derivative of G' is -2/(1 + 2 A) - 2/(1 + 4 A).
        return -8 * (self.slope * (1 + 3 * self.A)) / ((1 + 2 * self.A) * (1 + 4 * self.A))


@dataclass(frozen=True)
class Erf:
    """sigma = erf, with erf(t) = 2/sqrt(pi) int_0^t exp(-u^2) du: the scale of Williams 1997.

    The scale of Saad & Solla 1995, erf(t/sqrt(2)), is the same network with all weights divided by sqrt(2), so with
    targets of norm 1/sqrt(2) here: another problem.
    """

    name: str = "erf"
    homogeneous: bool = False

    def pair(self, arithmetic: Arithmetic, A: Any, B: Any, c: Any, S_squared: Any) -> KernelPair:
        return ErfPair(arithmetic, A, B, c, S_squared)

    def own(self, arithmetic: Arithmetic, A: Any) -> OwnTerm:
        return ErfOwnTerm(arithmetic, A)


ERF: Activation = Erf()


def activation_named(text: Any) -> Activation:
    """relu, erf or leaky:SLOPE with a rational slope other than 1; UsageError for anything else.

    >>> activation_named("leaky:0.1") == Leaky(Fraction(1, 10)), activation_named("leaky:0") == RELU
    (True, True)
    """
    if text == "relu":
        return RELU
    if text == "erf":
        return ERF
    if not isinstance(text, str) or not text.startswith("leaky:"):
        shown = repr(text) if len(repr(text)) <= 60 else repr(text)[:60] + "..."
        raise UsageError(f"unknown activation {shown}; known are {_KNOWN}")
    slope = exact_real(text.removeprefix("leaky:"), "the slope")
    if slope == 1:
        raise UsageError("leaky:1 is the identity, whose network has no isolated critical points; take another slope")
    if len(str(slope)) > _LONGEST_SLOPE:
        raise UsageError(f"the slope of a leaky ReLU may have {_LONGEST_SLOPE} characters as a fraction, not more")
    return Leaky(slope) if slope else RELU


def _scaled(x: Any, factor: Fraction) -> Any:
    """x times a rational; a Python integer (the exact series have S = 1 for two targets) must not become a float."""
    if isinstance(x, int):
        return x * factor
    product = x * factor.numerator
    return product if factor.denominator == 1 else product / factor.denominator
