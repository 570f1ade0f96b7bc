"""The kernel of an activation in Gram variables, times 2 pi: what a pair of rows and a single row contribute to the loss.

For two vectors put A = |w|^2, B = |v|^2, c = w.v, S = sqrt(A B - c^2), and F(A, B, c) = E[sigma(w.x) sigma(v.x)],
x ~ N(0, I). With subscripts for partial derivatives, phi = 2 pi F_c, q = 2 pi F_cc, a = 8 pi F_AA, b = 4 pi F_Ac,
b' = 4 pi F_Bc and radial = 4 pi A F_A,

    2 pi dF/dw    = (radial/A) w + phi v
    2 pi d2F/dw2  = (radial/A) I + a w w^T + b (w v^T + v w^T) + q v v^T
    2 pi d2F/dwdv = phi I + q (w v^T + v w^T) + b w w^T + b' v v^T.

By the chain rule w v^T has the coefficient 8 pi F_AB in the last line. It is q, whatever sigma is: by Price's theorem (1958)
F_c = E[sigma'(w.x) sigma'(v.x)] and 2 F_A = E[sigma''(w.x) sigma(v.x)], so that 4 F_AB = E[sigma'' sigma''] = F_cc.

A row by itself contributes G(A)/2 with G(A) = F(A, A, A) = E[sigma(w.x)^2]; put slope = 2 pi G', bend = 4 pi G'':

    2 pi d(G/2)/dw = slope w,        2 pi d2(G/2)/dw2 = slope I + bend w w^T.

Working with 2 pi F keeps the formulas of ReLU free of denominators in pi. They stand here; other activations are in
activations.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
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
class KernelPair(ABC):
    """The kernel's data of an ordered pair (w, v) from its Gram entries A, B, c and the Gram determinant S^2.

    The coefficients of the module's formulas; `F` is 2 pi F, and `b_swapped` is b'.
    """

    arithmetic: Arithmetic
    A: Any
    B: Any
    c: Any
    S_squared: Any

    @property
    @abstractmethod
    def F(self) -> Any: ...

    @property
    @abstractmethod
    def radial(self) -> Any: ...

    @property
    @abstractmethod
    def phi(self) -> Any: ...

    @property
    @abstractmethod
    def q(self) -> Any: ...

    @property
    @abstractmethod
    def b(self) -> Any: ...

    @property
    @abstractmethod
    def b_swapped(self) -> Any: ...

    @property
    @abstractmethod
    def a(self) -> Any: ...


@dataclass(frozen=True)
class OwnTerm(ABC):
    """What a row contributes by itself: `value` is 2 pi G. `bend` is None where G is linear in A."""

    arithmetic: Arithmetic
    A: Any

    @property
    @abstractmethod
    def value(self) -> Any: ...

    @property
    @abstractmethod
    def slope(self) -> Any: ...

    @property
    def bend(self) -> Any:
        return None


class Activation(Protocol):
    """sigma, known by its kernel. `homogeneous`: sigma(t x) = t sigma(x) for t > 0, so that F is not smooth at w = 0."""

    @property
    def name(self) -> str: ...

    @property
    def homogeneous(self) -> bool: ...

    def pair(self, arithmetic: Arithmetic, A: Any, B: Any, c: Any, S_squared: Any) -> KernelPair: ...

    def own(self, arithmetic: Arithmetic, A: Any) -> OwnTerm: ...


class Pair(KernelPair):
    """2 pi F = S + (pi - theta) c with theta = atan2(S, c).

    phi = pi - theta, radial = S, q = 1/S, b = -c/(A S), b' = -c/(B S), a = (c^2/S - S)/A^2. Sources: Cho & Saul 2009 (the
    kernel), Safran & Shamir 2018, section 4 (gradient and Hessian).
    """

    @cached_property
    def parallel(self) -> bool:
        """Exactly equal directions: theta = 0, where F is still C^2 and the limits of the blocks hold."""
        return self.arithmetic.is_zero(self.S_squared)

    @cached_property
    def S(self) -> Any:
        return 0 if self.parallel else self.arithmetic.sqrt(self.S_squared)

    @property
    def radial(self) -> Any:
        return self.S

    @cached_property
    def phi(self) -> Any:
        return self._supplement()

    def _supplement(self) -> Any:
        """pi - theta."""
        pi = self.arithmetic.pi
        return pi if self.parallel else pi - self.arithmetic.angle(self.S, self.c, self.A * self.B)

    @cached_property
    def F(self) -> Any:
        # F is homogeneous of degree one in w (Euler).
        return self.radial + self.phi * self.c

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
        return 0 if self.parallel else (self.c * self.c * self.q - self.radial) / (self.A * self.A)


class ReluOwnTerm(OwnTerm):
    """E[relu(w.x)^2] = A/2."""

    @property
    def value(self) -> Any:
        return self.arithmetic.pi * self.A

    @property
    def slope(self) -> Any:
        return self.arithmetic.pi


@dataclass(frozen=True)
class Relu:
    """sigma(t) = max(t, 0)."""

    name: str = "relu"
    homogeneous: bool = True

    def pair(self, arithmetic: Arithmetic, A: Any, B: Any, c: Any, S_squared: Any) -> KernelPair:
        return Pair(arithmetic, A, B, c, S_squared)

    def own(self, arithmetic: Arithmetic, A: Any) -> OwnTerm:
        return ReluOwnTerm(arithmetic, A)


RELU: Activation = Relu()
