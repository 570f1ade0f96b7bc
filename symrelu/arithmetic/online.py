"""Power series that gain one coefficient at a time (relaxed, or online, series), over exact constants.

A formula evaluated with these series is a graph of sums, products, quotients, roots and angles; each node computes its
next coefficient by one inner product of the coefficients it has. That is what makes lifting cheap: solving for N
coefficients costs about one evaluation at full order (van der Hoeven, 'Relax, but don't be too lazy', 2002).

Two things are particular here. The coefficients of a node are numerators over one common denominator, so that an inner
product needs no reduction. And because some unknowns are corrected several orders behind the leading one (the linear
solves pivot by valuation), a node can be told of a small change of the unknowns (`patch`) without being recomputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symrelu.arithmetic.constants import Constant, Exponents, add_exponents

if TYPE_CHECKING:
    from symrelu.arithmetic.exact_series import ExactSeries

_LEADING_SEARCH = 40


class PrecisionExhausted(ArithmeticError):
    """Raised when a coefficient is asked that lies beyond what is known of a given series."""


@dataclass(frozen=True)
class Window:
    """A few consecutive coefficients, of s^start, s^(start+1), ...: the change of a node."""

    start: int
    values: list[Constant]


class Series:
    """A node: coefficients of s^start, s^(start+1), ... as numerators over one denominator prod f^exponents."""

    __slots__ = ("_head", "arithmetic", "change", "exponents", "index", "nums", "start")

    def __init__(self, arithmetic: ExactSeries, start: int):
        self.arithmetic, self.start = arithmetic, start
        self.nums: list[Any] = []
        self.exponents: Exponents = ()
        self.change: Window | None = None
        self._head: dict[int, Constant] = {}
        self.index = arithmetic.register(self)

    # -- coefficients ---------------------------------------------------------------------------------------------

    @property
    def top(self) -> int:
        """The highest power whose coefficient is known."""
        return self.start + len(self.nums) - 1

    def extend(self, top: int) -> None:
        """Make the coefficients up to s^top known."""
        while self.top < top:
            num, exponents = self._next(self.top + 1)
            self._append(num, exponents)

    def coefficient(self, power: int) -> Constant:
        """The coefficient of s^power, exact."""
        if power < self.start:
            return self.arithmetic.field.number(0)
        self.extend(power)
        return self.arithmetic.field.constant(self.nums[power - self.start], self.exponents)

    def vanishes_at(self, power: int) -> bool:
        """Whether the coefficient of s^power is zero, or encloses zero where coefficients are balls."""
        if power < self.start:
            return True
        self.extend(power)
        return self.arithmetic.field.ring.may_vanish(self.nums[power - self.start])

    def leading(self) -> tuple[int, Constant]:
        """The first non-zero coefficient and its power.

        Leading zeros are dropped from the node, which then refuses corrections to them: only operands that are divided
        by, or whose root is taken, are asked for this.
        """
        for power in range(self.start, self.start + _LEADING_SEARCH):
            value = self.coefficient(power)
            if value:
                del self.nums[: power - self.start]
                self.start = power
                return power, value
        raise ArithmeticError(f"a series vanishes up to s^{self.start + _LEADING_SEARCH}: no leading term to divide by")

    def _next(self, power: int) -> tuple[Any, Exponents]:
        raise NotImplementedError

    def _append(self, num: Any, exponents: Exponents) -> None:
        aligned = self._aligned([num], exponents)[0]  # may replace the list of numerators
        self.nums.append(aligned)

    def _aligned(self, nums: list[Any], exponents: Exponents) -> list[Any]:
        """Numerators brought to the denominator of the node, which grows if it must."""
        if exponents == self.exponents:
            return nums
        field = self.arithmetic.field
        surplus = list(add_exponents(exponents, self.exponents, -1))
        common = field.prime_power(tuple([max(e, 0) for e in surplus]))
        quotients = [field.ring.exact_quotient(num, common) for num in nums]
        if all(q is not None for q in quotients):  # the usual case, in one division
            nums, surplus = quotients, [min(e, 0) for e in surplus]
        for i, prime in enumerate(field.primes[: len(surplus)]):
            while surplus[i] > 0:
                quotients = [field.ring.exact_quotient(num, prime) for num in nums]
                if any(q is None for q in quotients):
                    break
                nums, surplus[i] = quotients, surplus[i] - 1
        if any(e > 0 for e in surplus):
            raised = tuple(max(e, 0) for e in surplus)
            factor = field.prime_power(raised)
            self.nums = [num * factor for num in self.nums]
            self.exponents = add_exponents(self.exponents, raised)
        if any(e < 0 for e in surplus):
            factor = field.prime_power(tuple(max(-e, 0) for e in surplus))
            nums = [num * factor for num in nums]
        return nums

    def operands(self) -> list[Series]:
        """The nodes this one is computed from."""
        return []

    def nominal_start(self) -> int:
        """Where the series starts if nothing cancels."""
        return self.start

    # -- changes ---------------------------------------------------------------------------------------------------

    def head(self, power: int) -> Constant:
        """The coefficient of s^power, remembered: changes are multiplied by the same few leading ones every time."""
        if power not in self._head:
            self._head[power] = self.coefficient(power)
        return self._head[power]

    def patch(self) -> None:
        """Take up the changes of the operands, in the coefficients that are known."""
        change = self.change = self._change()
        if change is None:
            return
        if change.start < self.start:
            raise ArithmeticError("a correction changes a leading coefficient: more leading terms are needed")
        field, values = self.arithmetic.field, list[Constant]()
        for j, value in enumerate(change.values):
            aligned = self._aligned([value.num], value.exponents)[0]
            self.nums[change.start + j - self.start] += aligned
            values.append(Constant(field, aligned, self.exponents))
            self._head.pop(change.start + j, None)
        self.change = Window(change.start, values)

    def _change(self) -> Window | None:
        raise NotImplementedError

    def convolve(self, change: Window | None, other: Series, start: int, totals: list[Constant]) -> None:
        """Add change * other to the totals, which are the coefficients of s^start, ..., s^top of this node."""
        if change is None:
            return
        for i, value in enumerate(change.values):
            for j in range(len(totals)):
                power = start + j - change.start - i
                if power >= other.start and value:
                    totals[j] = totals[j].plus(value.times(other.head(power)))

    # -- operators ---------------------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Any:
        return self.arithmetic.combine([(1, self), (1, other)])

    def __sub__(self, other: Any) -> Any:
        return self.arithmetic.combine([(1, self), (-1, other)])

    def __rsub__(self, other: Any) -> Any:
        return self.arithmetic.combine([(-1, self), (1, other)])

    def __neg__(self) -> Any:
        return self.arithmetic.combine([(-1, self)])

    def __mul__(self, other: Any) -> Any:
        return self.arithmetic.multiply(self, other)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Any:
        return self.arithmetic.divide(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.arithmetic.divide(other, self)


class Unknown(Series):
    """A series given by its coefficients; those not yet given count as zero while `open` (lifting), else refuse."""

    __slots__ = ("open",)

    def __init__(self, arithmetic: ExactSeries, start: int, coefficients: list[Constant]):
        super().__init__(arithmetic, start)
        self.open = True
        for value in coefficients:
            self._append(value.num, value.exponents)

    def _next(self, power: int) -> tuple[Any, Exponents]:
        if not self.open:
            raise PrecisionExhausted(f"coefficient of s^{power} asked of a series known up to s^{self.top}")
        return self.arithmetic.zero, self.exponents

    def announce(self, change: Window | None) -> None:
        """Set the change that the next patch takes up, extending the known coefficients to hold it."""
        if change is not None:
            self.extend(change.start + len(change.values) - 1)
        self.change = change

    def _change(self) -> Window | None:
        return self.change
