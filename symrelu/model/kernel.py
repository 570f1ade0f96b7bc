"""The ReLU kernel in Gram variables, times 2 pi.

For two vectors put A = |w|^2, B = |v|^2, c = w.v, S = sqrt(A B - c^2), theta = atan2(S, c) and phi = pi - theta. Then

    2 pi F    = S + phi c                                      F = E[relu(w.x) relu(v.x)], x ~ N(0, I)
    2 pi dF/dw    = (S/A) w + phi v
    2 pi d2F/dw2  = (S/A) I + a w w^T + b (w v^T + v w^T) + q v v^T
    2 pi d2F/dwdv = phi I + q (w v^T + v w^T) + b w w^T + b' v v^T

with q = 1/S, b = -c/(A S), b' = -c/(B S), a = (c^2/S - S)/A^2. Sources: Cho & Saul 2009 (the kernel), Safran & Shamir
2018, section 4 (gradient and Hessian). Working with 2 pi F keeps every formula free of denominators in pi.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol


class Arithmetic(Protocol):
    """What a formula may ask of the numbers it runs on, besides + - * / with each other and with integers."""

    pi: Any

    def sqrt(self, x: Any) -> Any:
        """The positive square root."""
        ...

    def angle(self, sine: Any, cosine: Any, product: Any) -> Any:
        """theta in (0, pi) with sin : cos = sine : cosine, where product = sine^2 + cosine^2."""
        ...

    def is_zero(self, x: Any) -> bool:
        """True when x is the exact zero (structurally; never decided by a rounded number)."""
        ...


@dataclass(frozen=True)
class Pair:
    """The kernel's data of an ordered pair (w, v) from its Gram entries A, B, c and the Gram determinant S^2."""

    arithmetic: Arithmetic
    A: Any
    B: Any
    c: Any
    S_squared: Any

    @cached_property
    def parallel(self) -> bool:
        """Exactly equal directions: theta = 0, where F is still C^2 and the limits of the blocks hold."""
        return self.arithmetic.is_zero(self.S_squared)

    @cached_property
    def S(self) -> Any:
        return 0 if self.parallel else self.arithmetic.sqrt(self.S_squared)

    @cached_property
    def phi(self) -> Any:
        """pi - theta."""
        pi = self.arithmetic.pi
        return pi if self.parallel else pi - self.arithmetic.angle(self.S, self.c, self.A * self.B)

    @cached_property
    def F(self) -> Any:
        """2 pi F."""
        return self.S + self.phi * self.c

    @cached_property
    def q(self) -> Any:
        # In the limit w -> v the terms with 1/S cancel: (A v - c w) vanishes faster than sqrt(S).
        return 0 if self.parallel else 1 / self.S

    @cached_property
    def b(self) -> Any:
        return 0 if self.parallel else -(self.c * self.q) / self.A

    @cached_property
    def b_swapped(self) -> Any:
        return 0 if self.parallel else -(self.c * self.q) / self.B

    @cached_property
    def a(self) -> Any:
        return 0 if self.parallel else (self.c * self.c * self.q - self.S) / (self.A * self.A)
