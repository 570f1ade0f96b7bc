"""An interval of d covered by tubes that are proved to be one branch, each with what is proved on it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from symrelu.analysis.branch import Branch
from symrelu.analysis.tube import Tube, prove_tube, require_same_branch
from symrelu.arithmetic.outcome import Undecided

Answer = TypeVar("Answer")

_WIDEST = Fraction(9, 5)  # ratio of the ends of a tube
_NARROWEST = Fraction(2001, 2000)
_WIDER = Fraction(6, 5)


def along_branch(
    branch: Branch, low: Fraction, high: Fraction, answer: Callable[[Tube], Answer]
) -> list[tuple[Fraction, Fraction, Answer]]:
    """(from, to, answer(tube)) for tubes that cover [low, high], in ascending d.

    Neighbouring tubes are proved to contain the same critical point at the d they share. A tube that fails, or whose
    `answer` is Undecided, is halved; Undecided or BranchEnds where even a narrow one does.
    """
    found: list[tuple[Fraction, Fraction, Answer]] = []
    last, ratio = None, _WIDEST
    while low < high:
        end = min(high, _short(low * ratio))
        try:
            tube = prove_tube(branch, low, end)
            if last is not None:
                require_same_branch(branch, last, tube, low)
            found.append((low, end, answer(tube)))
        except Undecided:
            ratio = _short(1 + (end / low - 1) / 2)
            if ratio < _NARROWEST:
                raise
            continue
        low, last, ratio = end, tube, _short(min(_WIDEST, 1 + (ratio - 1) * _WIDER))
    return found


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * 2**16), 2**16)
