"""The theorem about a family on all d >= D: existence, local uniqueness, and the sign of every block, infinity included.

A chain of proofs: Taylor-model tubes from D to some d_1 (analysis/threshold.py), with a certified crossing wherever the
index changes, and one model at s = 0 for all d >= d_1 (near_infinity.py). That tube and model hold the same critical point
at d_1 is proved by Krawczyk's test on a box around both; so all is one branch, that of the formal series.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.crossing import Crossing
from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.threshold import Coverage, Open, Stretch, cover_interval
from symrelu.analysis.tube import Tube, require_same_branch
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import ends
from symrelu.family.definition import Definition
from symrelu.proof.constants import Constants, constants
from symrelu.proof.near_infinity import NearInfinity, prove_near_infinity

FARTHEST = 10**4  # where the theorem ends if it does not reach infinity
_FIRST = (400, 400, 2500, FARTHEST)  # d_1 that are tried in turn
_DIGITS = 20


@dataclass(frozen=True)
class Theorem:
    """What is proved of a family for all d > `low` (d >= `low` where no crossing lies there), up to `high` or infinity.

    `stretches` cover the range, in ascending d, with the number of negative eigenvalues of each type; neighbouring ones meet
    at a crossing. `open` is why less is proved than was asked; `series_missing` why infinity is not reached.
    """

    definition: Definition
    low: Fraction
    high: Fraction | None
    crossings: list[Crossing]
    stretches: list[Stretch]
    tubes: list[Tube]
    near: NearInfinity | None
    limit: dict[str, int]
    open: list[Open]
    series_missing: str | None
    digits: int = _DIGITS
    constants: Constants | None = field(default=None, repr=False)

    @property
    def proved(self) -> bool:
        """Whether all that was asked for is proved, but for infinity."""
        return not self.open and bool(self.stretches)

    @property
    def is_minimum(self) -> bool:
        """Whether all blocks are positive definite on the whole range."""
        return self.proved and not any(count for stretch in self.stretches for count in stretch.negative.values())

    @property
    def certified_order(self) -> int:
        """The order to which constants are proved."""
        return 0 if self.constants is None else self.constants.order

    @property
    def certificate_from(self) -> Fraction:
        """Where the certificate starts: a little below a crossing with which the range begins, so that it is proved too."""
        if not self.sharp:
            return self.low
        rounded = Fraction(floor(self.low * 1000), 1000)
        return max(self.tubes[0].low, rounded)

    @property
    def sharp(self) -> bool:
        """Whether the range starts at a crossing, and so cannot be larger with the same index."""
        return bool(self.crossings) and self.low == ends(self.crossings[0].d)[1]


def prove_theorem(
    branch: Branch,
    derivation: SeriesDerivation | None,
    low: Fraction | None,
    order: int = 0,
    series_missing: str | None = None,
    progress: Callable[[Fraction], None] | None = None,
) -> Theorem:
    """The theorem for all d >= low; by default from the last crossing on, or from where varying blocks have four rows.

    Without a derivation, or where the model at infinity fails, it ends at d = 10^4. `order`: constants C_N for N up to it.
    UsageError for d out of range; Interrupted as for `cover_interval`.
    """
    definition = branch.definition
    start = definition.d_with_rows(4) if low is None else low
    definition.require_d(start)
    near, limit = None, dict[str, int]()
    if derivation is not None:
        near, limit, series_missing = _near_infinity(derivation, start)
    end = Fraction(FARTHEST) if near is None else near.low
    coverage = Coverage(definition, start, start, _DIGITS)
    if start < end:
        coverage = cover_interval(branch, start, end, _DIGITS, progress)
    elif near is None:
        coverage.open.append(Open(start, end, series_missing or "no model at infinity"))
    if near is not None and coverage.tubes:
        _join(branch, coverage, near)
    begin, crossings = start, list(coverage.crossings)
    unproved = coverage.open
    if low is None:
        # From the last crossing on; what is below it, open or not, is left out.
        if crossings:
            crossings = crossings[-1:]
            begin = ends(crossings[0].d)[1]
        unproved = [part for part in coverage.open if part.high > begin]
        if unproved and max(part.high for part in unproved) < end:
            begin, crossings, unproved = max(part.high for part in unproved), [], []
    stretches = [part for part in coverage.stretches if part.high > begin and part.low < part.high]
    if near is not None:
        stretches.append(Stretch(max(near.low, begin), end if end > begin else begin, limit))
    theorem = Theorem(
        definition,
        begin,
        None if near is not None else end,
        crossings,
        _merged(stretches),
        [tube for tube in coverage.tubes if tube.high > begin],
        near,
        limit,
        unproved,
        series_missing,
    )
    if not (order and theorem.proved):
        return theorem
    return _with_constants(theorem, derivation, order)


def _with_constants(theorem: Theorem, derivation: SeriesDerivation | None, order: int) -> Theorem:
    if derivation is None or theorem.near is None:
        return theorem
    values = {name: value for name, value in vars(theorem).items() if name != "constants"}
    return Theorem(**values, constants=constants(theorem.near, theorem.tubes, derivation, order))


def _near_infinity(
    derivation: SeriesDerivation, start: Fraction
) -> tuple[NearInfinity | None, dict[str, int], str | None]:
    """The model at infinity for the least d_1 tried at which it and all its signs are proved; or why there is none."""
    reason = ""
    for first in sorted({*map(Fraction, _FIRST), max(start, Fraction(_FIRST[0]))}):
        if first < start:
            continue
        try:
            near = prove_near_infinity(derivation, first)
            return near, {kind.name: near.negative_count(kind) for kind in near.kinds()}, None
        except (Undecided, BranchEnds) as error:
            reason = f"no model of all d >= {first} is found: {error}"
    return None, {}, reason


def _join(branch: Branch, coverage: Coverage, near: NearInfinity) -> None:
    try:
        require_same_branch(branch, coverage.tubes[-1], near, near.low)
    except (Undecided, BranchEnds) as error:
        reason = f"the branch is not proved to be that of the series: {error}"
        coverage.open.append(Open(near.low, near.low, reason))


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbouring stretches with the same counts as one; types of a later stretch may be more."""
    merged: list[Stretch] = []
    for part in stretches:
        last = merged[-1] if merged else None
        if last is not None and last.high == part.low and last.negative.items() <= part.negative.items():
            merged[-1] = Stretch(last.low, part.high, part.negative)
        else:
            merged.append(part)
    return merged
