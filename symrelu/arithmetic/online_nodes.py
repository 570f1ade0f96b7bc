"""The nodes of an online series graph: each says how its next coefficient, and its change, come from its operands."""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import TYPE_CHECKING, Any

from flint import fmpq

from symrelu.arithmetic.constants import Constant, Exponents, NotInField, add_exponents
from symrelu.arithmetic.online import Series, Window

if TYPE_CHECKING:
    from symrelu.arithmetic.exact_series import ExactSeries

Laurent = dict[int, Constant]


def _inner(x: list[Any], y: list[Any]) -> Any:
    """sum x_i y_(n-1-i) of two lists of the same length, which is not zero."""
    products = map(mul, x, reversed(y))
    return reduce(lambda total, product: total + product, products)


class Combination(Series):
    """constant + sum of Laurent polynomials times series; equal parts have cancelled before it is built."""

    __slots__ = ("_plan", "constant", "terms")

    def __init__(self, arithmetic: ExactSeries, terms: dict[Series, Laurent], constant: Laurent):
        starts = [power + node.start for node, laurent in terms.items() for power in laurent]
        super().__init__(arithmetic, min(starts + list(constant)))
        self.terms, self.constant = terms, constant
        # Most factors are rational, and a rational factor is cheaper than a polynomial one.
        self._plan = [
            (node, power, arithmetic.scalar(value), value.exponents)
            for node, laurent in terms.items()
            for power, value in laurent.items()
        ]

    def operands(self) -> list[Series]:
        return list(self.terms)

    def nominal_start(self) -> int:
        return min([power + node.start for node, power, _, _ in self._plan] + list(self.constant))

    def _next(self, power: int) -> tuple[Any, Exponents]:
        sums: dict[Exponents, Any] = {}
        if power in self.constant:
            value = self.constant[power]
            sums[value.exponents] = value.num
        for node, shift, factor, exponents in self._plan:
            if power - shift < node.start:
                continue
            node.extend(power - shift)
            num = node.nums[power - shift - node.start]
            if factor != 1:
                num = num * factor
            total = add_exponents(exponents, node.exponents)
            sums[total] = sums[total] + num if total in sums else num
        return self.arithmetic.add_fractions(sums)

    def _change(self) -> Window | None:
        moving = [(node, power) for node, power, _, _ in self._plan if node.change is not None]
        starts = [node.change.start + power for node, power in moving if node.change is not None]
        if not starts or min(starts) > self.top:
            return None
        start = min(starts)
        totals = [self.arithmetic.field.number(0) for _ in range(start, self.top + 1)]
        for node, power in moving:
            assert node.change is not None
            factor = self.terms[node][power]
            for i, value in enumerate(node.change.values):
                j = node.change.start + i + power - start
                if j < len(totals):
                    totals[j] = totals[j].plus(value.times(factor))
        return Window(start, totals)


class Product(Series):
    """a b."""

    __slots__ = ("a", "b")

    def __init__(self, arithmetic: ExactSeries, a: Series, b: Series):
        super().__init__(arithmetic, a.start + b.start)
        self.a, self.b = a, b

    def operands(self) -> list[Series]:
        return [self.a, self.b]

    def nominal_start(self) -> int:
        return self.a.start + self.b.start

    def _next(self, power: int) -> tuple[Any, Exponents]:
        a, b = self.a, self.b
        n = power - a.start - b.start  # the operands may have shed leading zeros since this node was made
        if n < 0:
            return self.arithmetic.zero, self.exponents
        a.extend(a.start + n)
        b.extend(b.start + n)
        exponents = add_exponents(a.exponents, b.exponents)
        if a is b:
            half = (n + 1) // 2
            total = 2 * _inner(a.nums[:half], a.nums[n - half + 1 : n + 1]) if half else self.arithmetic.zero
            return (total if n % 2 else total + a.nums[n // 2] * a.nums[n // 2]), exponents
        return _inner(a.nums[: n + 1], b.nums[: n + 1]), exponents

    def _change(self) -> Window | None:
        return product_change(self, [(self.a, self.b, 1)])


def product_change(node: Series, products: list[tuple[Series, Series, int]], top: int | None = None) -> Window | None:
    """The change of sum sign a b up to s^top, the operands having taken up theirs: da b + a db - da db."""
    limit = node.top if top is None else top
    starts = [x.change.start + y.start for a, b, _ in products for x, y in ((a, b), (b, a)) if x.change is not None]
    if not starts or min(starts) > limit:
        return None
    start = min(starts)
    totals = [node.arithmetic.field.number(0) for _ in range(start, limit + 1)]
    for a, b, sign in products:
        signed = totals if sign > 0 else [-x for x in totals]
        node.convolve(a.change, b, start, signed)
        node.convolve(b.change, a, start, signed)
        if a.change is not None and b.change is not None:
            for i, x in enumerate(a.change.values):
                for j, y in enumerate(b.change.values):
                    k = a.change.start + i + b.change.start + j - start
                    if k < len(signed):
                        signed[k] = signed[k].plus(-x.times(y))
        totals = signed if sign > 0 else [-x for x in signed]
    return Window(start, totals)


class Quotient(Series):
    """h = a / b, from b h = a; b begins with its leading term."""

    __slots__ = ("_unit", "a", "b")

    def __init__(self, arithmetic: ExactSeries, a: Series, b: Series):
        power, leading = b.leading()
        super().__init__(arithmetic, a.start - power)
        self.a, self.b, self._unit = a, b, leading.inverse()

    def operands(self) -> list[Series]:
        return [self.a, self.b]

    def _next(self, power: int) -> tuple[Any, Exponents]:
        a, b, n = self.a, self.b, power - self.start
        a.extend(power + b.start)
        b.extend(b.start + n)
        sums = {}
        if power + b.start >= a.start:
            sums[a.exponents] = a.nums[power + b.start - a.start]
        if n:
            exponents = add_exponents(self.exponents, b.exponents)
            product = -_inner(self.nums, b.nums[1 : n + 1])
            sums[exponents] = sums[exponents] + product if exponents in sums else product
        return self.arithmetic.times_unit(sums, self._unit)

    def _change(self) -> Window | None:
        # b dh = da - h db, with the new b and the old h.
        require_same_lead(self.b)
        a, b = self.a, self.b
        self.change = None  # in the product below, h stands for itself before this change
        change = product_change(self, [(self, b, -1)], top=self.top + b.start) if b.change is not None else None
        total = add_windows(self.arithmetic, a.change, change, self.top + b.start)
        return divide_window(self, total, b, self._unit)


def require_same_lead(operand: Series) -> None:
    """ArithmeticError when a change reaches the leading coefficient of an operand whose inverse or root is built in."""
    change = operand.change
    if change is not None and change.start <= operand.start and any(change.values[: operand.start - change.start + 1]):
        raise ArithmeticError("a correction changes a leading coefficient: more leading terms are needed")


def add_windows(arithmetic: ExactSeries, x: Window | None, y: Window | None, top: int) -> Window | None:
    """x + y up to s^top."""
    windows = [w for w in (x, y) if w is not None and w.start <= top]
    if not windows:
        return None
    start = min(w.start for w in windows)
    totals = [arithmetic.field.number(0) for _ in range(start, top + 1)]
    for w in windows:
        for i, value in enumerate(w.values):
            if w.start + i <= top:
                totals[w.start + i - start] = totals[w.start + i - start].plus(value)
    return Window(start, totals)


def divide_window(node: Series, total: Window | None, divisor: Series, unit: Constant) -> Window | None:
    """The window z with divisor * z = total up to the top of the node; unit is the inverse of the leading term."""
    if total is None or total.start - divisor.start > node.top:
        return None
    values: list[Constant] = []
    for j in range(node.top - (total.start - divisor.start) + 1):
        rest = total.values[j] if j < len(total.values) else node.arithmetic.field.number(0)
        for i in range(1, j + 1):
            rest = rest.plus(-values[j - i].times(divisor.head(divisor.start + i)))
        values.append(rest.times(unit))
    return Window(total.start - divisor.start, values)


class Root(Series):
    """h = sqrt(a), h > 0, from h h = a; the leading term of a is a square in the field."""

    __slots__ = ("_unit", "a")

    def __init__(self, arithmetic: ExactSeries, a: Series):
        power, leading = a.leading()
        if power % 2:
            raise NotInField(f"the square root of a series that starts with s^{power} is a series in sqrt(s)")
        root = leading.sqrt()
        super().__init__(arithmetic, power // 2)
        self.a, self._unit = a, (2 * root).inverse()
        self._append(root.num, root.exponents)

    def operands(self) -> list[Series]:
        return [self.a]

    def _next(self, power: int) -> tuple[Any, Exponents]:
        a, n = self.a, power - self.start
        a.extend(a.start + n)
        sums = {a.exponents: a.nums[n]}
        half = n // 2  # pairs (i, n - i) with 0 < i < n/2
        count = half - 1 if n % 2 == 0 else half
        total = None
        if count > 0:
            total = -2 * _inner(self.nums[1 : count + 1], self.nums[n - count : n])
        if n % 2 == 0 and half:
            square = -(self.nums[half] * self.nums[half])
            total = square if total is None else total + square
        if total is not None:
            exponents = add_exponents(self.exponents, self.exponents)
            sums[exponents] = sums[exponents] + total if exponents in sums else total
        return self.arithmetic.times_unit(sums, self._unit)

    def _change(self) -> Window | None:
        # (2 h + dh) dh = da, with the old h.
        require_same_lead(self.a)
        change = self.a.change
        if change is None or change.start - self.start > self.top:
            return None
        start, values = change.start - self.start, list[Constant]()
        for j in range(self.top - start + 1):
            rest = change.values[j] if j < len(change.values) else self.arithmetic.field.number(0)
            for i, value in enumerate(values):
                rest = rest.plus(-(value.times(self.head(self.start + j - i)).scaled(2)))
                k = self.start + j - i - start  # dh_i dh_k with i + k = j, in powers counted from s^start
                if 0 <= k < len(values):
                    rest = rest.plus(-value.times(values[k]))
            values.append(rest.times(self._unit))
        return Window(start, values)


class Angle(Series):
    """psi = theta - theta_0, theta = atan2(S, c), from P psi' = c S' - S c', P = S^2 + c^2; it vanishes at s = 0."""

    __slots__ = ("P", "S", "_shift", "_unit", "c")

    def __init__(self, arithmetic: ExactSeries, S: Series, c: Series, P: Series):
        power, leading = P.leading()
        super().__init__(arithmetic, 1)
        self.S, self.c, self.P, self._shift, self._unit = S, c, P, power, leading.inverse()

    def operands(self) -> list[Series]:
        return [self.S, self.c, self.P]

    def _next(self, power: int) -> tuple[Any, Exponents]:
        S, c, P = self.S, self.c, self.P
        n = power + self._shift - S.start - c.start  # sum over i + j = n of (power of S - power of c) c_i S_j
        sums: dict[Exponents, Any] = {}
        if n >= 0:
            S.extend(S.start + n)
            c.extend(c.start + n)
            offset = S.start - c.start + n
            weighted = [num * (offset - 2 * i) for i, num in enumerate(c.nums[: n + 1])]
            sums[add_exponents(S.exponents, c.exponents)] = _inner(weighted, S.nums[: n + 1])
        m = power - self.start
        if m:
            P.extend(self._shift + m)
            exponents = add_exponents(P.exponents, self.exponents)
            weighted = [num * (self.start + i) for i, num in enumerate(self.nums)]
            total = -_inner(weighted, P.nums[1 : m + 1])
            sums[exponents] = sums[exponents] + total if exponents in sums else total
        return self.arithmetic.times_unit(sums, self._unit * fmpq(1, power))

    def _change(self) -> Window | None:
        # P dpsi' = d(c S' - S c') - psi' dP, with the new P, c, S and the old psi.
        require_same_lead(self.P)
        S, c, P = self.S, self.c, self.P
        top = self.top + self._shift
        parts: list[tuple[Window, Series, int]] = []
        for x, y, sign in ((S, c, 1), (c, S, -1)):
            if x.change is not None:
                parts.append((x.change, y, sign))
        starts = [w.start + y.start for w, y, _ in parts]
        if P.change is not None:
            starts.append(P.change.start + self.start)
        if not starts or min(starts) > top:
            return None
        start = min(starts)
        totals = [self.arithmetic.field.number(0) for _ in range(start, top + 1)]
        for window, other, sign in parts:
            for i, value in enumerate(window.values):
                for j in range(len(totals)):
                    power = start + j - window.start - i
                    if power >= other.start:
                        weight = sign * (window.start + i - power)
                        totals[j] = totals[j].plus(value.times(other.head(power)).scaled(weight))
        if S.change is not None and c.change is not None:
            for i, x in enumerate(c.change.values):
                for j, y in enumerate(S.change.values):
                    k = c.change.start + i + S.change.start + j - start
                    if 0 <= k < len(totals):
                        weight = c.change.start + i - S.change.start - j
                        totals[k] = totals[k].plus(x.times(y).scaled(weight))
        if P.change is not None:
            for i, value in enumerate(P.change.values):
                for j in range(len(totals)):
                    power = start + j - P.change.start - i
                    if power >= self.start:
                        totals[j] = totals[j].plus(value.times(self.head(power)).scaled(-power))
        # totals are the coefficients of s times the right-hand side; dividing by P and by the power integrates.
        derivative = divide_window(self, Window(start, totals), P, self._unit)
        if derivative is None:
            return None
        values = [value.scaled(fmpq(1, derivative.start + j)) for j, value in enumerate(derivative.values)]
        return Window(derivative.start, values)
