"""Univariate Taylor models with relative remainder.

A model of order L on |t| <= rho, with t = x - center, encloses a function f when for every such t there are
numbers c_j in the coefficient balls and R in the remainder ball with

    f(center + t) = c_0 + c_1 t + ... + c_{L-1} t^(L-1) + t^L R.

Every operation keeps this (fundamental theorem): the result encloses f op g if the operands enclose f and g.
The numbers may depend on t, since every proof below fixes t and works with the polynomials p, q that have the
c_j of that t as constant coefficients; so a ball mixed into a formula may stand for a function of t.

The c_j of a result are defined by exact formal arithmetic on those of the operands. Hence the low terms of
a residual (p - q y for a quotient y, ...) are exactly zero and are never computed: only its part from t^L on,
divided by t^L, goes into the remainder. Source: Joldes (2011), thesis, section 2.3.
Polynomials are `arb_poly`, which `ctx.cap` does not truncate; the series operations set the cap themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from flint import arb, arb_poly, arb_series, fmpq, fmpz

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.ranges import atan_slope, polynomial_range, power_range, series_quotient

Scalar = arb | int | fmpq | fmpz | Fraction
Operand: TypeAlias = "Scalar | TaylorModel"


@dataclass(frozen=True, init=False)
class TaylorDomain:
    """The interval |x - center| <= radius with models of one order: an arithmetic (number, pi, sqrt, angle).

    >>> D = TaylorDomain(center=2, radius=fmpq(1, 2), order=8)
    >>> x = D.variable()
    >>> bool(D.sqrt(x * x - 1).range() > 1)
    True
    """

    center: fmpq
    radius: fmpq
    order: int
    _t: arb = field(repr=False, compare=False)
    _tail: arb = field(repr=False, compare=False)  # t^order

    def __init__(self, center: Scalar, radius: Scalar, order: int) -> None:
        """`center` and `radius` exact (floats and balls of positive radius are refused), `order` L >= 1."""
        center, radius = exact_rational(center), exact_rational(radius)
        if radius < 0 or order < 1:
            raise ValueError(f"a Taylor domain needs radius >= 0 and order >= 1, got {radius} and {order}")
        values = center, radius, order, arb(0, radius), power_range(-radius, radius, order)
        for name, value in zip(("center", "radius", "order", "_t", "_tail"), values, strict=True):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return f"|x - {_short(self.center)}| <= {_short(self.radius)}"

    def variable(self) -> TaylorModel:
        """The model of x itself."""
        x = arb_poly([self.center, 1])
        return TaylorModel(self, x) if self.order > 1 else TaylorModel(self, x.truncate(1), 1)

    def constant(self, value: Operand) -> TaylorModel:
        """The model with c_0 = value and nothing else; a model is returned as it is."""
        if isinstance(value, TaylorModel):
            return value._on(self)
        return TaylorModel(self, arb_poly([scalar_ball(value)]))

    number = constant

    @property
    def pi(self) -> arb:
        return arb.pi()

    def sqrt(self, x: Operand) -> TaylorModel:
        return self.constant(x).sqrt()

    def angle(self, sine: Operand, cosine: Operand, product: object = None) -> TaylorModel:
        """theta = atan2(sine, cosine) in (0, pi); Undecided unless sine > 0 on the whole domain.

        Then each formula is right where its denominator has no zero, so choosing one by size needs no proof.
        """
        S, c = self.constant(sine), self.constant(cosine)
        if not S.range() > 0:
            raise Undecided(f"angle: the sine, in {S.range().str(5)}, is not proved positive, {self}")
        if abs(c.polynomial[0].mid()) > S.polynomial[0].mid():
            if c.range() > 0:
                return (S / c).atan()
            if c.range() < 0:
                return self.pi + (S / c).atan()
        return self.pi / 2 - (c / S).atan()

    @staticmethod
    def is_zero(x: object) -> bool:
        """True when x is the exact zero."""
        if isinstance(x, TaylorModel):
            return len(x.polynomial) == 0 and x.remainder.is_zero()
        return x.is_zero() if isinstance(x, arb) else x == 0


class TaylorModel:
    """polynomial(t) + t^L remainder on a domain; immutable. Mixes with exact numbers and arb, not floats."""

    __slots__ = ("_range", "_rough", "domain", "polynomial", "remainder")

    def __init__(self, domain: TaylorDomain, polynomial: arb_poly, remainder: arb | int = 0) -> None:
        """`polynomial`: at most L coefficients, not to be changed later. Undecided unless all is finite."""
        if len(polynomial) > domain.order:
            raise ValueError(f"{len(polynomial)} coefficients on a domain of order {domain.order}")
        self.domain = domain
        self.polynomial = polynomial
        self.remainder = arb(remainder)
        self._range: arb | None = None
        self._rough = polynomial(domain._t)  # p on the domain; Horner gives c_0 +- sum |c_j| rho^j
        finite(self._rough + self.remainder, "Taylor model")

    def __repr__(self) -> str:
        low = ", ".join(self.polynomial[j].str(5) for j in range(min(3, self.domain.order)))
        return f"TaylorModel({low}, ...; t^{self.domain.order} * {self.remainder.str(5)}; {self.domain})"

    def range(self) -> arb:
        """A ball with all values of f; sharp up to the remainder where p is monotone, convex or concave."""
        if self._range is None:
            r = self.domain.radius
            self._range = polynomial_range(self.polynomial, -r, r) + self.domain._tail * self.remainder
        return self._range

    def range_on(self, a: Scalar, b: Scalar) -> arb:
        """A ball that contains f(center + t) for a <= t <= b; a and b exact, -radius <= a <= b <= radius."""
        a, b = exact_rational(a), exact_rational(b)
        if not -self.domain.radius <= a <= b <= self.domain.radius:
            raise ValueError(f"[{a}, {b}] is no subinterval of |t| <= {self.domain.radius}")
        tail = power_range(a, b, self.domain.order)
        return polynomial_range(self.polynomial, a, b) + tail * self.remainder

    def slope_range(self) -> arb:
        """A ball that contains (f(center + t) - c_0) / t for every t of the domain, c_0 being that of the same t."""
        r, L = self.domain.radius, self.domain.order
        shifted = arb_poly(self.polynomial.coeffs()[1:])
        return polynomial_range(shifted, -r, r) + power_range(-r, r, L - 1) * self.remainder

    def _on(self, domain: TaylorDomain) -> TaylorModel:
        if self.domain is not domain and self.domain != domain:
            raise ValueError(f"models on different domains: {self.domain!r} and {domain!r}")
        return self

    def __neg__(self) -> TaylorModel:
        return TaylorModel(self.domain, -self.polynomial, -self.remainder)

    def __add__(self, other: Operand) -> TaylorModel:
        if isinstance(other, TaylorModel):
            p, R = other._on(self.domain).polynomial, other.remainder
            return TaylorModel(self.domain, self.polynomial + p, self.remainder + R)
        if isinstance(other, Scalar):
            return TaylorModel(self.domain, self.polynomial + scalar_ball(other), self.remainder)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Operand) -> TaylorModel:
        if isinstance(other, TaylorModel):
            p, R = other._on(self.domain).polynomial, other.remainder
            return TaylorModel(self.domain, self.polynomial - p, self.remainder - R)
        return self + (-other)

    def __rsub__(self, other: Scalar) -> TaylorModel:
        return -self + other

    def __mul__(self, other: Operand) -> TaylorModel:
        """(p + t^L R)(q + t^L S) = pq + t^L (p S + R g) with pq = low + t^L h."""
        domain, p, R = self.domain, self.polynomial, self.remainder
        if isinstance(other, TaylorModel):
            q, S = other._on(domain).polynomial, other.remainder
            product = p * q
            remainder = _high(product, domain.order, domain) + S * self._rough
            remainder += R * (other._rough + domain._tail * S)
            return TaylorModel(domain, product.truncate(domain.order), remainder)
        if isinstance(other, Scalar):
            ball = scalar_ball(other)
            return TaylorModel(domain, p * ball, R * ball)
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Operand) -> TaylorModel:
        """With y = p/q mod t^L, p - q y = -t^L h, so f/g - y = (f - g y)/g = t^L (R - h - S y)/g."""
        if isinstance(other, TaylorModel):
            domain, q, S = self.domain, other._on(self.domain).polynomial, other.remainder
            values = other.range()
            if values.contains(0):
                raise Undecided(f"division by a Taylor model with values in {values.str(5)}, {domain}")
            y = series_quotient(self.polynomial, q, domain.order)
            remainder = self.remainder - _high(q * y, domain.order, domain) - S * y(domain._t)
            return TaylorModel(domain, y, remainder / values)
        if isinstance(other, Scalar):
            ball = scalar_ball(other)
            if ball.contains(0):
                raise Undecided(f"division of a Taylor model by {ball.str(5)}")
            return self * (1 / ball)
        return NotImplemented

    def __rtruediv__(self, other: Scalar) -> TaylorModel:
        return self.domain.constant(other) / self

    def sqrt(self) -> TaylorModel:
        """With y = sqrt(p) mod t^L, p - y^2 = -t^L h, so sqrt(f) - y = t^L (R - h)/(sqrt(f) + y)."""
        domain, values = self.domain, self.range()
        if not values > 0:
            raise Undecided(f"square root of a Taylor model with values in {values.str(5)}, {domain}")
        with working(cap=domain.order):
            y = arb_poly(arb_series(self.polynomial, domain.order).sqrt().coeffs())
        both = values.sqrt() + polynomial_range(y, -domain.radius, domain.radius)
        return TaylorModel(domain, y, (self.remainder - _high(y * y, domain.order, domain)) / both)

    def atan(self) -> TaylorModel:
        """atan(p), by integrating its derivative, plus atan(f) - atan(p).

        With w = 1 + p^2 and y = p'/w mod t^(L-1), p'/w - y = -t^(L-1) h/w. The integral of t^(L-1) k(t) from
        0 is t^L/L times a mean of k, since t^(L-1) keeps its sign between 0 and t. By the mean value theorem
        atan(f) - atan(p) = t^L R/(1 + xi^2), xi between p and f: no condition like 1 + f p > 0 is needed.
        """
        domain, p, R, values = self.domain, self.polynomial, self.remainder, self._rough
        y, remainder = arb_poly(), R * atan_slope(values.union(values + domain._tail * R))
        if len(p) > 1:
            w = p * p + 1
            if not w[0] > 0:
                raise Undecided(f"arc tangent: the constant term {p[0].str(5)} is too wide")
            y = series_quotient(p.derivative(), w, domain.order - 1)
            remainder -= _high(y * w, domain.order - 1, domain) * atan_slope(values) / domain.order
        return TaylorModel(domain, y.integral() + p[0].atan(), remainder)


def _short(value: fmpq) -> str:
    """An exact rational if it is short, else a few digits: for messages."""
    text = str(value)
    return text if len(text) <= 12 else f"{float(int(value.p) / int(value.q)):.6g}"


def exact_rational(value: Scalar) -> fmpq:
    """The rational number; ValueError for a ball of positive radius, TypeError for a float."""
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    return value.fmpq() if isinstance(value, arb) else fmpq(value)


def scalar_ball(value: Scalar) -> arb:
    """arb(value), refusing what arb would silently accept: floats and nan."""
    return finite(value, "operand of a Taylor model") if isinstance(value, arb) else arb(exact_rational(value))


def finite(ball: arb, what: str) -> arb:
    """nan and infinities spread silently through arb, so they stop here."""
    if not ball.is_finite():
        raise Undecided(f"{what}: no finite bound")
    return ball


def _high(p: arb_poly, order: int, domain: TaylorDomain) -> arb:
    """Bound of (part of p from t^order on) / t^order."""
    return p.right_shift(order)(domain._t)
