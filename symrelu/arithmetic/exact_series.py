"""Exact power series in s behind the project's arithmetic protocol: it builds the graph of online nodes.

Sums are kept as linear combinations of products, so that equal terms cancel before any coefficient is computed, and
equal nodes are shared.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq

from symrelu.arithmetic.constants import (
    Constant,
    ConstantField,
    Exponents,
    add_exponents,
    max_exponents,
)
from symrelu.arithmetic.online import Series, Unknown
from symrelu.arithmetic.online_nodes import Angle, Combination, Laurent, Product, Quotient, Root


class ExactSeries:
    """Series in s over a ConstantField; numbers are Python integers, Fractions, Constants or nodes."""

    def __init__(self, field: ConstantField):
        self.field = field
        self.zero = field.ring.rational(fmpq(0))
        self.nodes: list[Series] = []
        self._shared: dict[Any, Series] = {}
        self._pi = self.laurent({0: field.pi})

    # -- the protocol -------------------------------------------------------------------------------------------------

    @property
    def pi(self) -> Any:
        return self._pi

    def sqrt(self, x: Any) -> Any:
        if isinstance(x, int) and x == 1:
            return 1
        node = self._node(x)
        if isinstance(node, Combination) and not node.terms and len(node.constant) == 1:
            ((power, value),) = node.constant.items()
            if power % 2 == 0:
                return self.laurent({power // 2: value.sqrt()})
        return self._share(("sqrt", node.index), lambda: Root(self, node))

    def angle(self, sine: Any, cosine: Any, product: Any) -> Any:
        """theta = theta_0 + psi with theta_0 = 0, pi/2, pi or another angle of the field, read off the leading terms."""
        if self.is_zero(cosine):
            return self.pi * Fraction(1, 2)
        S, c, P = self._node(sine), self._node(cosine), self._node(product)
        S_power, S_leading = S.leading()
        if c.start > S_power or (not c.coefficient(S_power) and self._vanishes_below(c, S_power)):
            limit = self._pi * Fraction(1, 2)
        else:
            c_power, c_leading = c.leading()
            if c_power == S_power:
                limit = self.laurent({0: self.field.arctan(S_leading, c_leading)})
            else:
                limit = 0 if c_leading.sign() > 0 else self._pi
        psi = self._share(("angle", S.index, c.index), lambda: Angle(self, S, c, P))
        return self.combine([(1, limit), (1, psi)])

    @staticmethod
    def is_zero(x: Any) -> bool:
        return isinstance(x, int) and x == 0

    def head(self, x: Any, known: int) -> dict[int, Constant]:
        """The non-zero coefficients of s^j, j < known, of a number of this arithmetic."""
        if not isinstance(x, Series):
            return {0: self._constant(x)} if x and known > 0 else {}
        return {j: c for j in range(x.start, known) if (c := x.coefficient(j))}

    # -- building -----------------------------------------------------------------------------------------------------

    def register(self, node: Series) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def unknown(self, start: int, coefficients: list[Constant]) -> Unknown:
        return Unknown(self, start, coefficients)

    def laurent(self, terms: Laurent) -> Any:
        """A Laurent polynomial in s as a number of this arithmetic."""
        return self.combine([(1, terms)])

    def combine(self, parts: list[tuple[Any, Any]]) -> Any:
        """sum factor * part, factors being rational and parts numbers of this arithmetic (or Laurent polynomials)."""
        terms: dict[Series, Laurent] = {}
        constant: Laurent = {}
        for factor, part in parts:
            if isinstance(part, Combination):
                for node, laurent in part.terms.items():
                    _accumulate(terms.setdefault(node, {}), laurent, factor)
                _accumulate(constant, part.constant, factor)
            elif isinstance(part, Series):
                _accumulate(terms.setdefault(part, {}), {0: self.field.number(1)}, factor)
            elif isinstance(part, dict):
                _accumulate(constant, part, factor)
            else:
                value = part if isinstance(part, Constant) else self.field.number(part)
                _accumulate(constant, {0: value}, factor)
        return self._combination({node: laurent for node, laurent in terms.items() if laurent}, constant)

    def _combination(self, terms: dict[Series, Laurent], constant: Laurent) -> Any:
        if not terms and not constant:
            return 0
        if not constant and len(terms) == 1:
            ((node, laurent),) = terms.items()
            if len(laurent) == 1 and laurent.get(0) == 1:
                return node
        key = ("sum", frozenset((n.index, _key(x)) for n, x in terms.items()), _key(constant))
        return self._share(key, lambda: Combination(self, terms, constant))

    def multiply(self, x: Any, y: Any) -> Any:
        for one, other in ((x, y), (y, x)):
            if self.is_zero(one):
                return 0
            if not isinstance(one, Series):
                value = self._constant(one)
                return self._scale(self._node(other), {0: value}) if value else 0
            if isinstance(one, Combination) and not one.terms:
                return self._scale(self._node(other), one.constant)
        (f, a), (g, b) = self._monomial(x), self._monomial(y)
        if a.index > b.index:
            a, b = b, a
        product = self._share(("product", a.index, b.index), lambda: Product(self, a, b))
        return self._scale(product, _times(f, g))

    def divide(self, x: Any, y: Any) -> Any:
        if self.is_zero(x):
            return 0
        if not isinstance(y, Series):
            return self._scale(self._node(x), {0: self._constant(y).inverse()})
        (f, a), (g, b) = self._monomial(self._node(x)), self._monomial(y)
        ((power, value),) = g.items()
        inverse = {-power: value.inverse()}
        if isinstance(b, Combination) and not b.terms and len(b.constant) == 1:
            ((power, value),) = b.constant.items()
            return self._scale(a, _times(_times(f, inverse), {-power: value.inverse()}))
        quotient = self._share(("quotient", a.index, b.index), lambda: Quotient(self, a, b))
        return self._scale(quotient, _times(f, inverse))

    def _scale(self, node: Series, factor: Laurent) -> Any:
        """factor * node, distributed over combinations."""
        if isinstance(node, Combination):
            terms = {n: _times(laurent, factor) for n, laurent in node.terms.items()}
            return self._combination(terms, _times(node.constant, factor))
        return self._combination({node: factor}, {})

    def _monomial(self, x: Series) -> tuple[Laurent, Series]:
        """x as a monomial times a node, so that products differing by a factor are shared."""
        if isinstance(x, Combination) and len(x.terms) == 1 and not x.constant:
            ((node, laurent),) = x.terms.items()
            if len(laurent) == 1:
                return laurent, node
        return {0: self.field.number(1)}, x

    def _node(self, x: Any) -> Series:
        if isinstance(x, Series):
            return x
        constant: Laurent = {0: self._constant(x)}
        return self._share(("sum", frozenset(), _key(constant)), lambda: Combination(self, {}, constant))

    def _constant(self, x: Any) -> Constant:
        return x if isinstance(x, Constant) else self.field.number(x)

    def _share(self, key: Any, make: Any) -> Series:
        if key not in self._shared:
            self._shared[key] = make()
        return self._shared[key]

    @staticmethod
    def _vanishes_below(c: Series, power: int) -> bool:
        return not any(c.coefficient(i) for i in range(c.start, power + 1))

    # -- raw numerators, for the nodes --------------------------------------------------------------------------------

    def scalar(self, value: Constant) -> Any:
        """The numerator of a constant, as a rational where it is one."""
        rational = self.field.ring.as_rational(value.num)
        return value.num if rational is None else rational

    def add_fractions(self, sums: dict[Exponents, Any]) -> tuple[Any, Exponents]:
        """sum num / prod f^exponents over a common denominator."""
        if len(sums) <= 1:
            return next(((num, exponents) for exponents, num in sums.items()), (self.zero, ()))
        common: Exponents = ()
        for exponents in sums:
            common = max_exponents(common, exponents)
        total = self.zero
        for exponents, num in sums.items():
            lacking = add_exponents(common, exponents, -1)
            total = total + (num * self.field.prime_power(lacking) if any(lacking) else num)
        return total, common

    def times_unit(self, sums: dict[Exponents, Any], unit: Constant) -> tuple[Any, Exponents]:
        num, exponents = self.add_fractions(sums)
        return num * self.scalar(unit), add_exponents(exponents, unit.exponents)


def _key(laurent: Laurent) -> Any:
    return frozenset((power, value.key()) for power, value in laurent.items())


def _accumulate(target: Laurent, source: Laurent, factor: Any) -> None:
    for power, value in source.items():
        total = target[power] + value * factor if power in target else value * factor
        if total:
            target[power] = total
        else:
            target.pop(power, None)


def _times(f: Laurent, g: Laurent) -> Laurent:
    product: Laurent = {}
    for i, x in f.items():
        for j, y in g.items():
            _accumulate(product, {i + j: x * y}, 1)
    return product
