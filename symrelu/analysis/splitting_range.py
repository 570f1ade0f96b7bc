"""Splitting a neuron for every d of an interval: signs of H_ii - I/2 and the sum of the norms along a family's branch.

The interval is covered by tubes that are one branch (chain.py). On each of them the characteristic polynomial of
H_ii - I/2, without the zero of w_i, has Taylor models in s = d^(-1/2) as coefficients, and their signs count the negative
eigenvalues; where one is open the tube's interval is bisected, which costs no new tube.
What stays open near a change of sign is an interval that narrows down the place; that there is only one change in it is
not claimed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.chain import along_branch
from symrelu.analysis.signature import center_value
from symrelu.analysis.splitting import norm_sum, vanishing_blocks
from symrelu.analysis.threshold import Open
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.taylor import TaylorModel
from symrelu.family.definition import Definition
from symrelu.family.own_block import OwnBlock, OwnType, negative_roots, own_blocks, own_types

_EVALUATIONS = 400  # of the signs of one block over parts of one tube
_NARROWEST_PART = Fraction(1, 10**11)  # relative to d
_GRID = 10**12  # ends of parts are multiples of 1/_GRID


@dataclass(frozen=True)
class SignStretch:
    """low <= d <= high, and the number of negative values there, the same for every d; None where it is open."""

    low: Fraction
    high: Fraction
    negative: int | None


@dataclass(frozen=True)
class OrbitSigns:
    """How many eigenvalues of each type of H_ii - I/2 are negative, in ascending stretches of d (orbit from 1).

    The exact zero of w_i is not counted. Only types that occur at every d of the interval are there.
    """

    orbit: int
    types: list[OwnType]
    stretches: dict[str, list[SignStretch]]


@dataclass
class SplitRange:
    """What splitting a neuron does for every real d in [low, high]; `open` is what no tube covers, `end` why.

    `norms`: 1 where the sum of the neurons' norms is below the number of targets, d, and 0 where it is above.
    `vanishing`: H_ii = I/2 for every d, so that splitting changes nothing.
    """

    definition: Definition
    low: Fraction
    high: Fraction
    orbits: list[OrbitSigns]
    norms: list[SignStretch]
    open: list[Open]
    end: BranchEnds | None = None
    vanishing: bool = False

    def saddle_from(self, orbit: int) -> Fraction | None:
        """The least d from which on, up to `high`, H_ii - I/2 is proved to have a negative eigenvalue (orbit from 1)."""
        signs = self.orbits[orbit - 1].stretches.values()
        return _covered_down_from(self.high, [part for parts in signs for part in parts if part.negative])

    def saddle(self, orbit: int) -> bool | None:
        """Whether splitting a row of the orbit gives a saddle at the upper end of the interval, and so from a d on."""
        if self.vanishing:
            return False
        if self.saddle_from(orbit) is not None:
            return True
        last = [parts[-1] if parts else None for parts in self.orbits[orbit - 1].stretches.values()]
        none = all(part is not None and part.high == self.high and part.negative == 0 for part in last)
        return False if none else None

    @property
    def norms_below_from(self) -> Fraction | None:
        """The least d from which on, up to `high`, the sum of the norms is proved to be below d."""
        return _covered_down_from(self.high, [part for part in self.norms if part.negative])

    @property
    def decided(self) -> bool:
        """Whether every d of the interval has an answer for each orbit."""
        return self.vanishing or (not self.open and all(self._answered(orbit.orbit) for orbit in self.orbits))

    def _answered(self, orbit: int) -> bool:
        parts = self.orbits[orbit - 1].stretches
        return self.saddle_from(orbit) == self.low or all(p.negative is not None for own in parts.values() for p in own)


def split_range(
    branch: Branch, low: Fraction, high: Fraction, progress: Callable[[Fraction], None] | None = None
) -> SplitRange:
    """The signs of H_ii - I/2 and of the sum of the norms less d, for every d in [low, high].

    UsageError for an empty interval or one out of the family's range. `progress` is told down to where the cover reaches.
    """
    if not low < high:
        raise UsageError(f"the interval from {low} to {high} is empty; give a larger upper end")
    definition = branch.definition
    definition.require_d(low)
    rows = range(len(definition.shape.rows))
    types = [[kind for kind in own_types(definition.shape, R) if kind.dimension.at(low) > 0] for R in rows]
    orbits = [OrbitSigns(R + 1, types[R], {kind.name: [] for kind in types[R]}) for R in rows]
    found = SplitRange(definition, low, high, orbits, [], [], vanishing=vanishing_blocks(definition))
    if not found.vanishing:
        _cover(branch, found, progress)
    return found


def _cover(branch: Branch, found: SplitRange, progress: Callable[[Fraction], None] | None) -> None:
    reached = found.high
    try:
        for low, _, answers in along_branch(branch, found.low, found.high, lambda tube: _answers(tube, found)):
            reached = low
            for parts, more in answers:
                parts[:] = _joined([*more, *parts])
            if progress:
                progress(low)
    except (Undecided, BranchEnds) as error:
        # Beyond a place that is not covered nothing would be known to be the same branch.
        found.open.append(Open(found.low, reached, str(error)))
        found.end = error if isinstance(error, BranchEnds) else None


def _answers(tube: Tube, found: SplitRange) -> list[tuple[list[SignStretch], list[SignStretch]]]:
    """The stretches found on a tube, each with the list that they continue."""
    answers = []
    with working(BITS):
        for orbit in found.orbits:
            for block in own_blocks(tube.table, orbit.orbit - 1):
                if block.type in orbit.types:
                    parts = orbit.stretches[block.type.name]
                    answers.append((parts, _stretches(tube, block.characteristic(_largest(block)))))
        d = 1 / (tube.domain.variable() * tube.domain.variable())
        answers.append((found.norms, _stretches(tube, [d - norm_sum(tube.table)])))
    return answers


def _largest(block: OwnBlock) -> int:
    """The coordinate that carries most of |w_i|^2 at the centre of the tube."""
    row = block.row or []
    sizes = [float(center_value(x * x * g).mid()) for x, g in zip(row, block.gram, strict=False)]
    return max(range(len(sizes)), key=lambda i: sizes[i], default=0)


def _stretches(tube: Tube, polynomial: list[Any]) -> list[SignStretch]:
    """How many roots of a polynomial (as in `negative_roots`) are negative on the tube, part by part, ascending in d."""
    models: list[TaylorModel] = [tube.domain.constant(value) for value in polynomial]
    signed = replace(tube, entries=models)  # a tube of these values instead of the entries: the same bounds serve
    # Widest parts first, so that all that stays open when the evaluations are used up is narrow.
    left, done = deque([(tube.low, tube.high)]), list[SignStretch]()
    for _ in range(_EVALUATIONS):
        if not left:
            break
        low, high = left.popleft()
        count = negative_roots([_sign(value) for value in signed.over(low, high)])
        if count is not None or high - low < low * _NARROWEST_PART:
            done.append(SignStretch(low, high, count))
        else:
            middle = Fraction(round((low + high) * _GRID / 2), _GRID)
            left.extend([(low, middle), (middle, high)])
    return _joined(sorted([*done, *(SignStretch(*part, None) for part in left)], key=lambda part: part.low))


def _sign(value: arb) -> int | None:
    return 1 if value > 0 else -1 if value < 0 else None


def _joined(parts: list[SignStretch]) -> list[SignStretch]:
    """Neighbours with the same count as one stretch."""
    joined: list[SignStretch] = []
    for part in parts:
        if joined and joined[-1].high == part.low and joined[-1].negative == part.negative:
            joined[-1] = SignStretch(joined[-1].low, part.high, part.negative)
        else:
            joined.append(part)
    return joined


def _covered_down_from(high: Fraction, parts: list[SignStretch]) -> Fraction | None:
    """The least d such that [d, high] lies in the union of the stretches; None where high does not."""
    reach = high
    while further := [part.low for part in parts if part.low < reach <= part.high]:
        reach = min(further)
    return None if reach == high else reach
