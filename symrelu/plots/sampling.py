"""At which d the pictures ask for certified points, and numbers to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeVar

from symrelu.analysis.branch import BranchEnds
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import exact_real
from symrelu.family.definition import Definition
from symrelu.toolkit import Family, Real

Answer = TypeVar("Answer")
Told = Callable[[float], None] | None  # progress: which part of the work is done, from 0 to 1

DIGITS = 12  # of the points that are drawn
_PLACES = 10**4
_CLOSE = (1, 3, 8)  # thousandths of d by which points stand beside a threshold


def interval(definition: Definition, d_from: Real | None, d_to: Real) -> tuple[Fraction, Fraction]:
    """[from, to], by default from where varying blocks have four rows; UsageError when empty or out of range."""
    low = definition.d_with_rows(4) if d_from is None else exact_real(d_from, "--from")
    high = exact_real(d_to, "--to")
    if not low < high:
        raise UsageError(f"the interval from {low} to {high} is empty; give --from D smaller than --to D")
    definition.require_d(low)
    return low, high


def network_size(definition: Definition, d: Real, largest: int) -> int:
    """An integer d at which there is a network, not above `largest`; UsageError otherwise."""
    value = exact_real(d, "d =")
    definition.require_d(value)
    if any(Fraction(size).denominator != 1 for size in (value, *definition.sizes(value))):
        raise UsageError(f"there is no network with d = {d}: give an integer at which all blocks have integer sizes")
    if value > largest:
        raise UsageError(f"d = {d} is too large for this picture; give a d up to {largest}")
    return int(value)


def geometric(low: Fraction, high: Fraction, count: int, near: Iterable[float] = ()) -> list[Fraction]:
    """Ascending d from low to high with equal ratios, and more on both sides of those that are `near`."""
    ratio = float(high / low)
    wanted = [float(low) * ratio ** (i / (count - 1)) for i in range(1, count - 1)]
    wanted += [d * (1 + sign * part / 1000) for d in near for part in _CLOSE for sign in (-1, 1)]
    inner = {Fraction(round(d * _PLACES), _PLACES) for d in wanted}
    return sorted({low, high, *(d for d in inner if low < d < high)})


def followed(family: Family, ds: Iterable[Fraction], ask: Callable[[Fraction], Answer]) -> list[Answer]:
    """What is certified at ascending d. They are asked from above down to where the branch ends; open signs are left out.

    ArithmeticError when nothing is.
    """
    answers, reason = list[Answer](), "no d is given"
    for d in sorted(ds, reverse=True):
        try:
            answers.append(ask(d))
        except Undecided as error:
            reason = str(error)
        except BranchEnds as error:
            reason = str(error)
            break
    if not answers:
        raise ArithmeticError(f"no point of {family.name} is certified: {reason}")
    return answers[::-1]
