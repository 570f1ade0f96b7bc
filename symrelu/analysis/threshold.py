"""Fractional dimension: every real d of an interval at which the index of a family changes, with proof.

Numbers suggest where eigenvalues change sign. Around each such place a tube (tube.py) is proved to contain exactly one
crossing (crossing.py); the rest of the interval is covered by tubes on which every block is proved definite or
indefinite throughout. What cannot be covered is reported as open, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.crossing import Crossing, approx_crossing, certify_crossing
from symrelu.analysis.meeting import meets
from symrelu.analysis.point import enclose_point
from symrelu.analysis.signature import approx_negative_counts, negative_count, types_between
from symrelu.analysis.tube import Tube, prove_tube, require_same_branch, short_s
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import ends
from symrelu.family.definition import Definition
from symrelu.symmetry.types import IsotypicType

# Signs are sampled at d that are close together where the family begins, where eigenvalues cross, and sparse far out.
_FIRST_RATIO, _RATIO_GROWTH, _LAST_RATIO = Fraction(21, 20), Fraction(101, 100), Fraction(3, 2)
_FIRST_TUBE = Fraction(9, 5)  # ratio of the ends of a first tube
_NARROWEST = Fraction(2001, 2000)
_CENTER_BITS = 96  # the tube around a crossing is expanded next to it, so that it is isolated well
_ZONE = Fraction(1, 32)  # half width of the tube around a crossing, relative to d


@dataclass(frozen=True)
class Stretch:
    """An interval without crossings, and the proved number of negative eigenvalues of each type on it."""

    low: Fraction
    high: Fraction
    negative: dict[str, int]


@dataclass(frozen=True)
class Open:
    """An interval that is not covered, and why."""

    low: Fraction
    high: Fraction
    reason: str


@dataclass
class Coverage:
    """What is known of an interval: crossings and stretches in ascending d, open parts, and where the branch ends.

    `meeting` says which other family the branch coincides with at the lower end, if any; `doubts` why a sign change seen
    in numbers near some d was not certified; `tubes` are all tubes proved, in ascending d.
    """

    definition: Definition
    low: Fraction
    high: Fraction
    digits: int
    crossings: list[Crossing] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    end: BranchEnds | None = None
    minimum_from: int | None = None
    meeting: str | None = None
    doubts: dict[Fraction, str] = field(default_factory=dict)
    tubes: list[Tube] = field(default_factory=list)


class Interrupted(KeyboardInterrupt):
    """Raised in place of KeyboardInterrupt: `coverage` holds what was finished."""

    def __init__(self, coverage: Coverage):
        super().__init__()
        self.coverage = coverage


@dataclass(frozen=True)
class _Candidate:
    kind: IsotypicType
    center: Fraction


def cover_interval(
    branch: Branch, low: Fraction, high: Fraction, digits: int, progress: Callable[[Fraction], None] | None = None
) -> Coverage:
    """All crossings of a family on [low, high], certified to `digits` digits.

    UsageError for an empty interval or one out of the family's range. `progress` is told how far the cover has come.
    Interrupted, with what is finished, on Ctrl-C.
    """
    if not low < high:
        raise UsageError(f"the interval from {low} to {high} is empty; give --from D smaller than --to D")
    branch.definition.require_d(low)
    coverage = Coverage(branch.definition, low, high, digits)
    try:
        _fill(branch, coverage, progress)
    except KeyboardInterrupt:
        reached = max((stretch.high for stretch in coverage.stretches), default=low)
        coverage.open.append(Open(reached, high, "interrupted"))
        raise Interrupted(coverage) from None
    return coverage


def _fill(branch: Branch, coverage: Coverage, progress: Callable[[Fraction], None] | None) -> None:
    low, high, digits = coverage.low, coverage.high, coverage.digits
    grid = _grid(branch, low, high, coverage)
    if not grid:
        return
    position = grid[0][0]
    for candidate in _candidates(branch, grid, digits, coverage):
        zone = _zone(branch, candidate, position, grid[-1][0], coverage)
        if zone is not None:
            tube, crossing, before, after = zone
            _cover(branch, position, tube.low, coverage, progress)
            position = _continue(branch, tube, coverage)
            left, right = ends(crossing.d)
            coverage.stretches += [Stretch(tube.low, left, before), Stretch(right, position, after)]
            coverage.crossings.append(crossing)
    _cover(branch, position, grid[-1][0], coverage, progress)
    coverage.minimum_from = _minimum_from(branch, coverage)
    coverage.meeting = meets(branch, grid[0][0])


def _continue(branch: Branch, tube: Tube, coverage: Coverage) -> Fraction:
    """Join a tube to the last one, and return its end; that they are one branch is proved, or reported as open."""
    last = coverage.tubes[-1] if coverage.tubes else None
    coverage.tubes.append(tube)
    if last is not None and last.high == tube.low:
        try:
            require_same_branch(branch, last, tube, tube.low)
        except (Undecided, BranchEnds) as error:
            reason = f"what is on both sides is not proved to be one branch: {error}"
            coverage.open.append(Open(tube.low, tube.low, reason))
    return tube.high


def _grid(branch: Branch, low: Fraction, high: Fraction, coverage: Coverage) -> list[tuple[Fraction, dict[str, int]]]:
    """Points of the interval, from its ends inwards as far as the branch reaches, with approximate signatures."""
    points, ratio = [low], _FIRST_RATIO
    while points[-1] * ratio < high:
        points.append(Fraction(round(points[-1] * ratio * 64), 64))
        ratio = min(Fraction(round(ratio * _RATIO_GROWTH * 2**12), 2**12), _LAST_RATIO)
    reached = []
    for d in [high, *reversed(points)]:
        try:
            reached.append((d, approx_negative_counts(branch, d)))
        except (BranchEnds, Undecided) as error:
            if reached:
                at = error.d if isinstance(error, BranchEnds) else d
                coverage.end = BranchEnds(at, str(error))
                coverage.open.append(Open(low, reached[-1][0], str(error)))
                break
            coverage.open.append(Open(low, high, str(error)))
            return []
    return reached[::-1]


def _candidates(
    branch: Branch, grid: list[tuple[Fraction, dict[str, int]]], digits: int, coverage: Coverage
) -> list[_Candidate]:
    """Approximate crossings in ascending d: one for each change of a type's approximate signature."""
    found = []
    kinds = types_between(branch.definition, grid[0][0], grid[-1][0])
    for (low, before), (high, after) in pairwise(grid):
        for kind in kinds:
            if before[kind.name] != after[kind.name]:
                try:
                    found.append(_Candidate(kind, approx_crossing(branch, kind, low, high, digits)))
                except ArithmeticError as error:
                    coverage.doubts[(low + high) / 2] = f"{kind.name} changes sign, but {error}"
    return sorted(found, key=lambda candidate: candidate.center)


def _zone(
    branch: Branch, candidate: _Candidate, low: Fraction, high: Fraction, coverage: Coverage
) -> tuple[Tube, Crossing, dict[str, int], dict[str, int]] | None:
    """A tube with exactly one crossing, the crossing, and the signatures before and after it.

    The half width is halved until the proof succeeds; None, with the reason recorded, when it never does.
    """
    kind, center = candidate.kind, candidate.center
    reason = "it lies at the end of the interval"
    if kind.dimension(branch.definition.sizes(center)) <= 0:
        return None
    width = center * _ZONE
    for _ in range(8):
        start, end = max(low, center - width), min(high, center + width)
        width /= 4
        if not start < center < end:
            break
        try:
            tube = prove_tube(branch, start, end, short_s(center, _CENTER_BITS))
            crossing = certify_crossing(branch, tube, kind, center, coverage.digits)
            fixed = {
                other.name: negative_count(tube, other)
                for other in types_between(branch.definition, start, end)
                if other != kind
            }
        except (Undecided, BranchEnds) as error:
            reason = str(error)
            continue
        lower = crossing.negative_besides
        up = crossing.direction == "up"
        before, after = {**fixed, kind.name: lower + up}, {**fixed, kind.name: lower + (not up)}
        return tube, crossing, before, after
    coverage.doubts[center] = f"a sign change of {kind.name} is not certified: {reason}"
    return None


def _cover(
    branch: Branch, low: Fraction, high: Fraction, coverage: Coverage, progress: Callable[[Fraction], None] | None
) -> None:
    """Cover [low, high] by tubes with definite signatures, halving those that fail; the next one starts from what went."""
    ratio = _FIRST_TUBE
    while low < high:
        end = min(high, Fraction(round(low * ratio * 64), 64))
        end = end if end > low else high
        reason = _stretch(branch, low, end, coverage)
        while reason is not None and end / low > _NARROWEST:
            end = low + (end - low) / 2
            reason = _stretch(branch, low, end, coverage)
        ratio = min(1 + 2 * (end / low - 1), _FIRST_TUBE)
        if reason is not None:
            doubt = next((text for d, text in coverage.doubts.items() if low <= d <= end), None)
            coverage.open.append(Open(low, end, doubt or reason))
        low = end
        if progress:
            progress(low)


def _stretch(branch: Branch, low: Fraction, high: Fraction, coverage: Coverage) -> str | None:
    """Prove one stretch and record it; the reason when it cannot be proved."""
    try:
        tube = prove_tube(branch, low, high)
        kinds = types_between(branch.definition, low, high)
        stretch = Stretch(low, high, {kind.name: negative_count(tube, kind) for kind in kinds})
    except (Undecided, BranchEnds) as error:
        return str(error)
    coverage.stretches.append(stretch)
    _continue(branch, tube, coverage)
    return None


def _minimum_from(branch: Branch, coverage: Coverage) -> int | None:
    """The least N such that the family is proved a minimum at every integer from N to the end of the interval."""
    least = None
    for d in range(floor(coverage.high), ceil(coverage.low) - 1, -1):
        if not _is_minimum(branch, Fraction(d), coverage):
            break
        least = d
    return least


def _is_minimum(branch: Branch, d: Fraction, coverage: Coverage) -> bool:
    """Proved from the stretch that contains d, or at the single point where none does; False when it is not proved."""
    sizes = branch.definition.sizes(d)
    present = {kind.name for kind in types_between(branch.definition, d, d) if kind.dimension(sizes) > 0}
    for stretch in coverage.stretches:
        if stretch.low <= d <= stretch.high:
            return not any(count for name, count in stretch.negative.items() if name in present)
    try:
        return enclose_point(branch, d, 20).is_minimum
    except (Undecided, BranchEnds):
        return False
