"""Claims on what extra neurons do to spurious minima: which branches are saddles, and where their descent lies.

A family F is called annihilated by m neurons where no branch of F+m is a minimum; the branches are those that the recorded
search of the reduced system found at d = 20 (analysis/branch_record.py). That there are no others is not proved.
"""

from __future__ import annotations

from flint import arb

from symrelu.analysis.crossing import Crossing
from symrelu.analysis.evaluation import Evaluation
from symrelu.arithmetic.reals import certain_digits, ends
from symrelu.claims.minima_claims import least_eigenvalue
from symrelu.claims.shared import limits, point, thresholds
from symrelu.claims.verdict import Verdict, judge
from symrelu.family.recorded import BASES, EXTRA, SEARCH_D, branch_letter, recorded_branches

SEARCHED_D = int(SEARCH_D)
SHOWN_D = (20, 100)
TO = 40  # up to which d slow families are covered

# AF22-count. Rows of the standard representation: n_1 = d (A) or d - 1 (I, II), so its dimension is d - 1 or d - 2.
ONE_SADDLE = "A+1"
MINIMUM_FROM = {"I+1": (12, TO), "II+1": (7, 100)}  # a minimum from this integer on, up to the end of what is covered
BELOW = (11, 10, 9)  # where I+1 is a saddle
OTHER_BRANCH = "I+1b"
TWO_SADDLES = ("I+2", "II+2")
INTEGERS = (*range(TO, 8, -1), 100)
NEEDED = {"A": 1, "I": 2, "II": 2}

# AF22-annihilate. Branches of lesser symmetry: minimum from this integer on, on [low, high].
LESSER = {"M2+1b": (9, 6, TO), "M3+1": (17, 12, TO), "M3+1b": (11, 9, TO)}
LESSER_POINTS = ("M2+1b", "M3+1", "M3+1b", "M4+1", "M4+1b", "M5+1", "M5+1b", "M6+1", "M6+1b")
LESSER_SADDLE = ("M2+1", "s2", 12, TO)


def neurons_needed() -> Verdict:
    """AF22-count: one neuron for A, two for I and II, the descent in the standard representation."""
    failures = _wrong_counts(NEEDED)
    crossed = thresholds(ONE_SADDLE).crossings
    failures += not_descending(ONE_SADDLE, "s1", 4, 100, after=crossed[-1] if crossed else None)
    failures += [text for name, (first, high) in MINIMUM_FROM.items() for text in _other_start(name, first, None, high)]
    failures += [f"{name} is a saddle at d = 100" for name in MINIMUM_FROM if not point(name, 100).is_minimum]
    failures += [text for d in BELOW for text in _wrong_descent(point("I+1", d))]
    failures += [
        text for name in (OTHER_BRANCH, *TWO_SADDLES) for d in INTEGERS for text in _wrong_descent(point(name, d))
    ]
    failures += [
        f"{name}: no negative eigenvalue of s1 in the limit" for name in ("A+1", "II+2") if not _descends(name)
    ]
    if not all(value > 0 for found in limits("II+1").values() for value in (*found.bounded, *found.pivots)):
        failures.append("II+1: a limit of an eigenvalue is not positive")
    return judge(
        failures,
        "certified",
        f"A+1, II+1 real d <= 100, I+1 real d <= {TO} and 100; I+1b, I+2, II+2 integers 9..{TO} and 100; limits: A+1, "
        "II+1, II+2",
        f"Read as: F is annihilated by m neurons where no branch of F+m found by the recorded search at d = {SEARCHED_D} is "
        "a minimum; that it found all is not proved. One neuron: "
        f"A+1 descends in s1 alone from {_crossing(ONE_SADDLE)} on, so A is annihilated. I+1 is a minimum for every real d "
        f"from {_crossing('I+1', high=TO)} to {TO} and at 100, II+1 from {_crossing('II+1')} to 100 (and "
        f"as d grows: its limits are positive), so one is not enough. Only at small d it "
        f"is for I: I+1 is a saddle in s1 at d = {', '.join(map(str, BELOW))}, and the other branch of this shape, "
        f"{OTHER_BRANCH}, is one at all integers of the range. Two: {' and '.join(TWO_SADDLES)} descend in s1 "
        "alone. In each case the index is the dimension of s1, d-1 for A+1, d-2 for the others: one copy of the standard "
        f"representation. Least eigenvalue at d = {', '.join(map(str, SHOWN_D))}: "
        f"{_least(('A+1', 'I+1', 'II+1', *TWO_SADDLES))}. "
        f"As d grows that of s1 tends to {_limit('A+1')} at A+1, {_limit('II+2')} at II+2.",
    )


def annihilation() -> Verdict:
    """AF22-annihilate: the number of neurons needed at one d for every family, and ranges for the M_p with one more."""
    families = {base: NEEDED["A"] if base == "A" else 2 for base in BASES}
    failures = _wrong_counts(families)
    more = {m: [name for base in BASES[3:] for name in _branches(base, m)] for m in EXTRA[1:]}
    failures += [f"{name} is a minimum at d = {SEARCHED_D}" for name in more[3] if point(name, SEARCHED_D).is_minimum]
    failures += [text for name, bounds in LESSER.items() for text in _other_start(name, *bounds)]
    for name in LESSER_POINTS:
        failures += [f"{name} is a saddle at d = {d}" for d in (20, TO, 100) if not point(name, d).is_minimum]
    name, kind, low, high = LESSER_SADDLE
    failures += not_descending(name, kind, low, high)
    minima = "; ".join(f"{name} from {_crossing(name, *bounds)}" for name, (_, *bounds) in LESSER.items())
    return judge(
        failures,
        "certified",
        f"d = {SEARCHED_D}, all families and branches; real d <= {TO} where said, d = 20, {TO}, 100",
        f"Read as: F is annihilated by m neurons where no branch of F+m found by the recorded search at d = {SEARCHED_D} is "
        f"a minimum (that it found all is not proved). Needed at d = {SEARCHED_D}: A (Delta S_d) one; I, II "
        f"(Delta(S_{{d-1}} x S_1)) two; M_p (Delta(S_{{d-p}} x S_p)), p = 2..6, two: all {len(more[2])} branches found with "
        f"two and {len(more[3])} with three more neurons are saddles. So lesser symmetry than that of A takes more, "
        "but that of M_p no more than that of I and II. One is not enough for the M_p: minima are "
        f"{minima}, each to d = {TO}; also {', '.join(LESSER_POINTS[3:])}, all at d = 20, {TO}, 100. It depends on the branch: "
        f"{name}, of the same shape as {name}b, is a saddle in {kind} for every real d in [{low}, {high}].",
    )


def _wrong_counts(expected: dict[str, int]) -> list[str]:
    found = {base: needed(base) for base in expected}
    return [
        f"{base} takes {found[base]} neurons at d = {SEARCHED_D}, not {m}"
        for base, m in expected.items()
        if found[base] != m
    ]


def needed(base: str) -> int | None:
    """The least m such that branches of F+m are recorded and none is a minimum at the d of the search; None if none is."""
    for m in EXTRA:
        found = _branches(base, m)
        if found and not any(point(name, SEARCHED_D).is_minimum for name in found):
            return m
    return None


def _other_start(name: str, first: int, low: int | None, high: int) -> list[str]:
    """What contradicts: a minimum at every integer of the interval from `first` on, and not before."""
    found = thresholds(name, low, high).minimum_from
    return [] if found == first else [f"{name} is a minimum from d = {found} on, not from {first}"]


def _branches(base: str, m: int) -> list[str]:
    return [f"{base}+{m}{branch_letter(i)}" for i in range(len(recorded_branches().get(f"{base}+{m}", ())))]


def not_descending(name: str, kind: str, low: int, high: int, after: Crossing | None = None) -> list[str]:
    """What contradicts: one negative eigenvalue of this type alone, on every stretch of the interval (after a crossing)."""
    left = low if after is None else ends(after.d)[1]
    stretches = [part for part in thresholds(name, low, high).coverage.stretches if part.low >= left]
    wrong = [part for part in stretches if {k: n for k, n in part.negative.items() if n} != {kind: 1}]
    if wrong or not stretches:
        at = f" near d = {float(wrong[0].low):.4g}" if wrong else ""
        return [f"{name} does not descend in one copy of {kind} alone{at}"]
    return []


def _wrong_descent(found: Evaluation) -> list[str]:
    """What contradicts: a saddle whose index is the dimension of s1."""
    (dimension,) = (int(c.dimension) for c in found.point.components if c.type.name == "s1")
    if found.point.negative == ["s1"] and found.index == dimension:
        return []
    negative = ", ".join(found.point.negative) or "nothing"
    name, d = found.point.definition.name, found.point.d
    return [f"{name} at d = {d} has index {found.index}, not {dimension}, and descends in {negative}"]


def _descends(name: str) -> bool:
    return any(value < 0 for value in limits(name)["s1"].bounded)


def _limit(name: str) -> str:
    return certain_digits(min(limits(name)["s1"].bounded, key=_middle), 6)


def _middle(ball: arb) -> float:
    return float(ball.mid())


def _crossing(name: str, low: int | None = None, high: int = 100) -> str:
    """The d of the last crossing and the type that crosses there."""
    last = thresholds(name, low, high).crossings[-1]
    return f"{certain_digits(last.d, 8)} ({last.type.name})"


def _least(names: tuple[str, ...]) -> str:
    return "; ".join(
        f"{name} " + ", ".join(certain_digits(least_eigenvalue(point(name, d)), 5) for d in SHOWN_D) for name in names
    )
