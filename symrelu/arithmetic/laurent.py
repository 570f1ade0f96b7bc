"""Taylor models next to s = 0, with a Laurent prefix and relative remainder.

A model of order L on 0 < s <= reach encloses a function f when for every such s there are numbers c_j in the coefficient
balls and R in the remainder ball with

    f(s) = s^v (c_0 + c_1 s + ... + c_{L-1} s^(L-1) + s^L R).

Every operation keeps this, as in taylor.py; the c_j of a result are those of formal power series. Coefficients that are
exactly zero (as balls) are taken off the front, so that quotients and roots of functions that vanish or grow at 0 are no
harder than others. A coefficient that is only known to be small stays, and then nothing can be divided by the function;
`without` takes off coefficients that another argument proves to be zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from flint import arb, arb_poly, arb_series, fmpq

from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.ranges import atan_slope, polynomial_range, power_range, series_quotient
from symrelu.arithmetic.taylor import Scalar, exact_rational, finite, scalar_ball

Operand: TypeAlias = "Scalar | LaurentModel"

EXACT = 1 << 40  # the order of a Laurent polynomial: no term is missing


@dataclass(frozen=True, init=False)
class LaurentDomain:
    """The interval 0 < s <= reach with models of at most `order` terms: an arithmetic (number, pi, sqrt, angle).

    >>> D = LaurentDomain(reach=fmpq(1, 10), order=8)
    >>> s = D.variable()
    >>> n = 1 / (s * s) - 1
    >>> n.valuation, bool((n * s * s).range() < 2)
    (-2, True)
    """

    reach: fmpq
    order: int
    _s: arb = field(repr=False, compare=False)  # all s of the domain

    def __init__(self, reach: Scalar, order: int) -> None:
        """`reach` exact and positive, `order` L >= 1."""
        reach = exact_rational(reach)
        if reach <= 0 or order < 1:
            raise ValueError(f"a domain next to 0 needs reach > 0 and order >= 1, got {reach} and {order}")
        for name, value in (("reach", reach), ("order", order), ("_s", arb(reach / 2, reach / 2))):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return f"0 < s <= {float(int(self.reach.p) / int(self.reach.q)):.6g}"

    def variable(self) -> LaurentModel:
        """The model of s itself."""
        return LaurentModel(self, 1, arb_poly([1]))

    def constant(self, value: Operand) -> LaurentModel:
        """The model of a number; a model is returned as it is."""
        return value if isinstance(value, LaurentModel) else LaurentModel(self, 0, arb_poly([scalar_ball(value)]))

    number = constant

    @property
    def pi(self) -> arb:
        return arb.pi()

    def sqrt(self, x: Operand) -> LaurentModel:
        return self.constant(x).sqrt()

    def angle(self, sine: Operand, cosine: Operand, product: object = None) -> LaurentModel:
        """theta = atan2(sine, cosine) in (0, pi); Undecided unless sine > 0 on the whole domain.

        Then each formula is right where its denominator has no zero, so choosing one by size needs no proof.
        """
        S, c = self.constant(sine), self.constant(cosine)
        if not S.unit_range() > 0:
            raise Undecided(f"angle: the sine is not proved positive, {self}")
        if c.is_zero():
            return self.constant(self.pi / 2)
        if (c.valuation, -float(abs(c.leading.mid()))) < (S.valuation, -float(abs(S.leading.mid()))):
            if c.unit_range() > 0:
                return (S / c).atan()
            if c.unit_range() < 0:
                return self.pi + (S / c).atan()
        return self.pi / 2 - (c / S).atan()

    @staticmethod
    def is_zero(x: object) -> bool:
        """True when x is the exact zero."""
        if isinstance(x, LaurentModel):
            return x.is_zero()
        return x.is_zero() if isinstance(x, arb) else x == 0

    def power(self, n: int) -> arb:
        """s^n on the domain, n >= 0."""
        return power_range(fmpq(0), self.reach, n)


class LaurentModel:
    """s^valuation (polynomial(s) + s^order remainder); immutable. Mixes with exact numbers and arb, not floats."""

    __slots__ = ("_unit_range", "domain", "order", "polynomial", "remainder", "valuation")

    def __init__(
        self, domain: LaurentDomain, valuation: int, polynomial: arb_poly, order: int = EXACT, remainder: arb | int = 0
    ) -> None:
        """Coefficients from s^order on, or beyond the order of the domain, go into the remainder."""
        order = max(order, 0)
        zeros = next((j for j in range(len(polynomial)) if not polynomial[j].is_zero()), len(polynomial))
        if len(polynomial) == zeros and order < EXACT:
            zeros = order  # nothing is known but the remainder
        polynomial, valuation = polynomial.right_shift(zeros), valuation + zeros
        order = order if order == EXACT else order - zeros
        remainder = arb(remainder)
        keep = min(order, domain.order)
        if len(polynomial) > keep or keep < order < EXACT:
            rest = polynomial.right_shift(keep)(domain._s)
            if order < EXACT:
                rest += domain.power(order - keep) * remainder
            polynomial, order, remainder = polynomial.truncate(keep), keep, rest
        self.domain, self.valuation, self.polynomial = domain, valuation, polynomial
        self.order, self.remainder = order, remainder
        self._unit_range: arb | None = None
        finite(polynomial(domain._s) + remainder, "Taylor model next to 0")

    def __repr__(self) -> str:
        low = ", ".join(c.str(5) for c in self.polynomial.coeffs()[:3])
        return f"LaurentModel(s^{self.valuation} ({low}, ...; s^{self.order} * {self.remainder.str(5)}); {self.domain})"

    @property
    def leading(self) -> arb:
        """The coefficient of s^valuation (the remainder, where no coefficient is known)."""
        return self.polynomial[0] if self.order else self.remainder

    def is_zero(self) -> bool:
        return len(self.polynomial) == 0 and self.remainder.is_zero()

    def coefficient(self, power: int) -> arb:
        """The coefficient of s^power, which must be known."""
        if power >= self.valuation + self.order:
            raise ValueError(f"the coefficient of s^{power} is not known")
        return self.polynomial[power - self.valuation] if power >= self.valuation else arb(0)

    def unit_range(self) -> arb:
        """A ball with all values of f / s^valuation, also its limit at s = 0."""
        if self._unit_range is None:
            values = polynomial_range(self.polynomial, fmpq(0), self.domain.reach)
            self._unit_range = (
                values if self.order == EXACT else values + self.domain.power(self.order) * self.remainder
            )
        return self._unit_range

    def range(self) -> arb:
        """A ball with all values of f, also its limit at s = 0; Undecided where f is not proved bounded."""
        return self.range_on(fmpq(0), self.domain.reach)

    def range_on(self, a: Scalar, b: Scalar) -> arb:
        """A ball with f(s) for a <= s <= b, also the limit if a = 0; a and b exact, 0 <= a <= b <= reach."""
        a, b = exact_rational(a), exact_rational(b)
        if not 0 <= a <= b <= self.domain.reach:
            raise ValueError(f"[{a}, {b}] is no part of {self.domain}")
        values = polynomial_range(self.polynomial, a, b)
        if self.order < EXACT:
            values += power_range(a, b, self.order) * self.remainder
        if self.valuation >= 0:
            return values * power_range(a, b, self.valuation)
        if a == 0:
            raise Undecided(f"a function that may grow like s^{self.valuation} has no bound, {self.domain}")
        return values / power_range(a, b, -self.valuation)

    def without(self, powers: list[int]) -> LaurentModel:
        """The same function, given a proof that the coefficients of these powers are zero; their balls must contain 0."""
        coefficients = self.polynomial.coeffs()
        for power in powers:
            j = power - self.valuation
            if 0 <= j < len(coefficients):
                if not coefficients[j].contains(0):
                    raise ValueError(f"the coefficient of s^{power}, {coefficients[j].str(5)}, is not zero")
                coefficients[j] = arb(0)
        return LaurentModel(self.domain, self.valuation, arb_poly(coefficients), self.order, self.remainder)

    def shifted(self, power: int) -> LaurentModel:
        """f s^power."""
        return LaurentModel(self.domain, self.valuation + power, self.polynomial, self.order, self.remainder)

    def __neg__(self) -> LaurentModel:
        return LaurentModel(self.domain, self.valuation, -self.polynomial, self.order, -self.remainder)

    def __add__(self, other: Operand) -> LaurentModel:
        if not isinstance(other, LaurentModel | Scalar):
            return NotImplemented
        f, g, s = self, self.domain.constant(other), self.domain
        if f.is_zero() or g.is_zero():
            return g if f.is_zero() else f
        v = min(f.valuation, g.valuation)
        total, ends = arb_poly(), []
        for x in (f, g):
            total += x.polynomial.left_shift(x.valuation - v)
            if x.order < EXACT:
                ends.append((x.order + x.valuation - v, x.remainder))
        order = min((end for end, _ in ends), default=EXACT)
        if order == EXACT:
            return LaurentModel(s, v, total)
        rest = total.right_shift(order)(s._s) + sum((s.power(end - order) * R for end, R in ends), arb(0))
        return LaurentModel(s, v, total.truncate(order), order, rest)

    __radd__ = __add__

    def __sub__(self, other: Operand) -> LaurentModel:
        return self + (-other)

    def __rsub__(self, other: Scalar) -> LaurentModel:
        return -self + other

    def __mul__(self, other: Operand) -> LaurentModel:
        """(p + s^L R)(q + s^M S) = pq + s^L R (q + s^M S) + s^M S p."""
        if not isinstance(other, LaurentModel | Scalar):
            return NotImplemented
        domain, g = self.domain, self.domain.constant(other)
        product, valuation = self.polynomial * g.polynomial, self.valuation + g.valuation
        order = min(self.order, g.order)
        if order == EXACT or self.is_zero() or g.is_zero():
            return LaurentModel(domain, valuation, product)
        rest = product.right_shift(order)(domain._s)
        if self.order < EXACT:
            rest += domain.power(self.order - order) * self.remainder * g._rough()
        if g.order < EXACT:
            rest += domain.power(g.order - order) * g.remainder * self.polynomial(domain._s)
        return LaurentModel(domain, valuation, product.truncate(order), order, rest)

    __rmul__ = __mul__

    def __truediv__(self, other: Operand) -> LaurentModel:
        """With y = p/q mod s^K, p - q y = -s^K h, so f/g - y = s^K (.. R - h - .. S y)/g."""
        if not isinstance(other, LaurentModel | Scalar):
            return NotImplemented
        domain, g = self.domain, self.domain.constant(other)
        values = g.unit_range()
        if values.contains(0):
            raise Undecided(f"division by s^{g.valuation} times values in {values.str(5)}, {domain}")
        order = min(self.order, g.order, domain.order)
        p, q = self.polynomial, g.polynomial
        y = series_quotient(p, q, order) if order else arb_poly()
        rest = (p - q * y).right_shift(order)(domain._s)
        if self.order < EXACT:
            rest += domain.power(self.order - order) * self.remainder
        if g.order < EXACT:
            rest -= domain.power(g.order - order) * g.remainder * y(domain._s)
        return LaurentModel(domain, self.valuation - g.valuation, y, order, rest / values)

    def __rtruediv__(self, other: Scalar) -> LaurentModel:
        return self.domain.constant(other) / self

    def sqrt(self) -> LaurentModel:
        """With y = sqrt(p) mod s^L, p - y^2 = -s^L h, so sqrt(f) - y = s^L (R - h)/(sqrt(f) + y)."""
        domain, values = self.domain, self.unit_range()
        if not values > 0 or self.valuation % 2:
            raise Undecided(f"square root of s^{self.valuation} times values in {values.str(5)}, {domain}")
        order = min(self.order, domain.order)
        with working(cap=order):
            y = arb_poly(arb_series(self.polynomial, order).sqrt().coeffs())
        rest = (self.polynomial - y * y).right_shift(order)(domain._s)
        if self.order < EXACT:
            rest += domain.power(self.order - order) * self.remainder
        both = values.sqrt() + polynomial_range(y, fmpq(0), domain.reach)
        return LaurentModel(domain, self.valuation // 2, y, order, rest / both)

    def atan(self) -> LaurentModel:
        """atan(p), by integrating its derivative, plus atan(f) - atan(p); see taylor.py."""
        domain = self.domain
        if self.valuation < 0:
            raise Undecided(f"arc tangent of a function that grows like s^{self.valuation}, {domain}")
        order = self.valuation + min(self.order, domain.order)
        p = self.polynomial.left_shift(self.valuation)
        values = p(domain._s)
        rest = arb(0)
        if self.order < EXACT:
            error = domain.power(self.valuation + self.order) * self.remainder
            rest = self.remainder * atan_slope(values.union(values + error))
            rest *= domain.power(self.valuation + self.order - order)
        y = arb_poly()
        if len(p) > 1:
            w = p * p + 1
            if not w[0] > 0:
                raise Undecided(f"arc tangent: the constant term {p[0].str(5)} is too wide, {domain}")
            y = series_quotient(p.derivative(), w, order - 1)
            defect = (p.derivative() - y * w).right_shift(order - 1)(domain._s)
            rest += defect * atan_slope(values) / order
        return LaurentModel(domain, 0, y.integral() + p[0].atan(), order, rest)

    def _rough(self) -> arb:
        """A ball with the values of f / s^valuation, quickly."""
        values = self.polynomial(self.domain._s)
        return values if self.order == EXACT else values + self.domain.power(self.order) * self.remainder
