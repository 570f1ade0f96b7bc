"""An interval of d covered by tubes that are proved to be one branch, each with what is proved on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import floor
from typing import TypeVar

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.tube import Tube, prove_tube, require_same_branch
from symrelu.arithmetic.outcome import Undecided

Answer = TypeVar("Answer")

_WIDEST = Fraction(9, 5)  # ratio of the ends of a tube
_NARROWEST = Fraction(2001, 2000)
_PLACES, _MOST_PLACES = 3, 12  # decimals of the ends of tubes: at first, and after halvings


def along_branch(
    branch: Branch, low: Fraction, high: Fraction, answer: Callable[[Tube], Answer]
) -> Iterator[tuple[Fraction, Fraction, Answer]]:
    """(from, to, answer(tube)) for tubes that cover [low, high], from its upper end downwards.

    Branches begin somewhere and go on for ever, so what has been yielded before a failure reaches up to `high`.
    Neighbouring tubes are proved to contain the same critical point at the d they share. A tube that fails, or whose
    `answer` does, is halved; Undecided or BranchEnds where even a narrow one fails.
    """
    last, ratio = None, _WIDEST
    while low < high:
        start = max(low, _decimal(high / ratio, _PLACES))
        while True:
            try:
                tube = prove_tube(branch, start, high)
                if last is not None:
                    require_same_branch(branch, last, tube, high)
                found = answer(tube)
                break
            except (Undecided, BranchEnds):
                if high / start <= _NARROWEST:
                    raise
                start = _decimal((start + high) / 2, _MOST_PLACES)
        yield start, high, found
        # The next tube may be twice as wide as this one, which went well.
        ratio = min(_WIDEST, (high / start) ** 2)
        high, last = start, tube


def _decimal(value: Fraction, places: int) -> Fraction:
    """The value rounded down to so many decimals."""
    return Fraction(floor(value * 10**places), 10**places)
