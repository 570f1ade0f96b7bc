"""Claims on spurious minima at definite d: from which d on, at which fractional dimension, with which digits."""

from __future__ import annotations

from math import ceil

from flint import arb, fmpq

from symrelu.analysis import least_eigenvalue as analysis
from symrelu.analysis.crossing import Crossing
from symrelu.analysis.evaluation import Evaluation
from symrelu.arithmetic.reals import certain_digits, ends
from symrelu.claims.shared import minimum_after, point, shared_family, theorem
from symrelu.claims.verdict import Verdict, judge

THRESHOLD_FAMILIES = ("A", "I", "II", "M2", "M3", "M4", "M5", "M6")
THRESHOLD_OF_II = "5.6"
M2_MINIMUM_FROM = 9
EXAMPLE_D = 6
EXAMPLE: dict[str, str] = {  # as published, rounded
    "diag1": "0.9867",
    "off1": "-0.0504",
    "w12": "0.3080",
    "w21": "0.2245",
    "w22": "-0.6015",
    "loss": "0.02508",
    "least eigenvalue": "0.0047",
}
MINIMA_D = range(6, 21)
OVER_D = (8, *range(10, 20))  # k = d+1
# Branches with one more neuron, and the integer d from which on they are minima (as far as OVER_D goes).
OVER_MINIMA = {
    "II+1": 8,
    "I+1": 12,
    "M2+1b": 9,
    "M3+1": 17,
    "M3+1b": 11,
    "M4+1": 14,
    "M4+1b": 13,
    "M5+1": 13,
    "M5+1b": 15,
    "M6+1": 12,
    "M6+1b": 18,
}


def minima_of_m2() -> Verdict:
    """AF21-loss-M: every integer d >= 4, by the theorem about M_2 and point by point below its range."""
    proved = theorem("M2")
    at, after = minimum_after("M2")
    first, over = ceil(ends(proved.crossings[-1].d)[1]), "integers d >= 4"
    if not after or first > M2_MINIMUM_FROM:
        return Verdict("fails", "certified", over, f"M_2 is not a minimum at d = {first - 1}")
    below = [d for d in range(4, first) if point("M2", d).is_minimum]
    text = [
        f"M_2 is a minimum for every real d > d* = {at} ({proved.crossings[-1].type.name}), infinity included",
        f"minima among smaller integers: {below or 'none'}",
    ]
    if not (before := point("M2", first - 1)).is_minimum:
        descent = ", ".join(before.point.negative)
        text.insert(1, f"a saddle at d = {first - 1}, index {before.index}, descent in {descent}")
    if first == M2_MINIMUM_FROM:
        return Verdict("holds", "certified", over, "; ".join(text) + ".")
    example = point("M2", first)
    text.insert(
        0,
        f"{M2_MINIMUM_FROM} can be lowered to {first}: at d = {first} M_2 is a certified minimum, loss "
        f"{certain_digits(example.loss, 8)}, least eigenvalue {certain_digits(least_eigenvalue(example), 8)}",
    )
    return Verdict("not sharp", "certified", over, "; ".join(text) + ".")


def fractional_dimensions() -> Verdict:
    """AF21-fractional: the crossings of every family, a saddle before the last one and a minimum after it."""
    failures, found = [], []
    for name in THRESHOLD_FAMILIES:
        turns = theorem(name).crossings
        if not turns:
            failures.append(f"{name} has no crossing")
            continue
        failures += _not_turning(name, turns[-1])
        found.append(f"{name} " + ", ".join(f"{certain_digits(turn.d, 12)} ({turn.type.name})" for turn in turns))
    turns = theorem("II").crossings
    if not (turns and rounds_to(turns[-1].d, THRESHOLD_OF_II)):
        failures.append(f"the threshold of II does not round to {THRESHOLD_OF_II}")
    return judge(
        failures,
        "certified",
        "certified for every real d from 4 (A), 5 (I, II), p+4 (M_p) on, infinity included",
        f"Every crossing, with the type that crosses: {'; '.join(found)}. At every real d of the range before the "
        f"last one the family is a saddle, at every real d after it a minimum.{_minima_below()}",
    )


def _not_turning(name: str, last: Crossing) -> list[str]:
    """What contradicts: a saddle before the crossing and a minimum after it, at every real d of the interval."""
    _, right = ends(last.d)
    at = certain_digits(last.d, 8)
    stretches = theorem(name).stretches
    after = [any(stretch.negative.values()) for stretch in stretches if stretch.low >= right]
    before = [any(stretch.negative.values()) for stretch in stretches if stretch.low < right]
    contradictions = []
    if any(after) or not after:
        contradictions.append(f"{name} is not a minimum everywhere after {at}")
    if not all(before):
        contradictions.append(f"{name} is a minimum somewhere before {at}")
    return contradictions


def _minima_below() -> str:
    """Minima at integers with less than four rows in the varying block: there is a warning in them.

    With two rows A and II have run into the global minimum, with three I has; an M_p with two rows is A.
    """
    found = []
    for name in THRESHOLD_FAMILIES:
        definition = shared_family(name).definition
        fewest = definition.d_with_rows(2 if name.startswith("M") else 3)
        for d in range(ceil(fewest), ceil(definition.d_with_rows(4))):
            candidate = point(name, d)
            if candidate.is_minimum:
                same = abs(candidate.loss - point("A", d).loss) < arb(10) ** -15
                found.append(f"{name} at d = {d}" + (" (there the loss is that of A)" if same else ""))
    return f" Minima at smaller integers all the same: {', '.join(found)}." if found else ""


def published_example() -> Verdict:
    """SS-example: the certified II at d = 6 rounds to the published digits."""
    example = point("II", EXAMPLE_D)
    values = {**example.parameters, "loss": example.loss, "least eigenvalue": least_eigenvalue(example)}
    failures = [
        f"{name} is {certain_digits(values[name], 8)}, not {text}"
        for name, text in EXAMPLE.items()
        if not rounds_to(values[name], text)
    ]
    if not example.is_minimum:
        failures.append(f"II is a saddle at d = {EXAMPLE_D}")
    digits = ", ".join(f"{name} {certain_digits(value, 8)}" for name, value in values.items())
    return judge(
        failures,
        "certified",
        f"d = {EXAMPLE_D}",
        f"It is II, a certified minimum whose values round to the published digits: {digits}.",
    )


def minima_for_small_d() -> Verdict:
    """SS-minima: certified minima with positive loss at each (d, d) and (d, d+1) claimed."""
    families = {name: ceil(shared_family(name).definition.d_with_rows(4)) for name in THRESHOLD_FAMILIES}
    square = {
        name: [d for d in MINIMA_D if d >= low and is_spurious_minimum(name, d)] for name, low in families.items()
    }
    over = {name: [d for d in OVER_D if d >= first] for name, first in OVER_MINIMA.items()}
    failures = [
        f"{name} is not a spurious minimum at (d,k) = ({d},{d + 1})"
        for name, claimed in over.items()
        for d in reversed(claimed)  # from the d of the search down, so that the branch is followed in small steps
        if not is_spurious_minimum(name, d)
    ]
    for claimed, minima, k in ((MINIMA_D, square, "d"), (OVER_D, over, "d+1")):
        failures += [
            f"no spurious minimum among {', '.join(minima)} at d = {d}, k = {k}"
            for d in claimed
            if not any(d in found for found in minima.values())
        ]
    return judge(
        failures,
        "certified",
        f"integers {MINIMA_D[0]} <= d <= {MINIMA_D[-1]}, k = d; d = {OVER_D[0]}, {OVER_D[1]}..{OVER_D[-1]}, k = d+1",
        f"Certified minima with positive loss at each of these d. k = d: {_listed(square)}. k = d+1: {_listed(over)}.",
    )


def is_spurious_minimum(name: str, d: int) -> bool:
    """Whether a branch has a certified minimum with positive loss at d."""
    candidate = point(name, d)
    return candidate.is_minimum and bool(candidate.loss > 0)


def _listed(minima: dict[str, list[int]]) -> str:
    return ", ".join(f"{name} at {_runs(found)}" for name, found in minima.items() if found)


def _runs(values: list[int]) -> str:
    """Integers in ascending order, consecutive ones as first..last.

    >>> _runs([8, 10, 11, 12])
    '8, 10..12'
    """
    starts = [d for d in values if d - 1 not in values]
    stops = [d for d in values if d + 1 not in values]
    return ", ".join(f"{a}..{b}" if b > a else str(a) for a, b in zip(starts, stops, strict=True))


def least_eigenvalue(evaluation: Evaluation) -> arb:
    """A ball with the least eigenvalue of the full Hessian."""
    return analysis.least_eigenvalue(evaluation.point)


def rounds_to(ball: arb, text: str) -> bool:
    """Whether every number of the ball rounds to the decimal.

    >>> rounds_to(arb("5.5855"), "5.6"), rounds_to(arb("5.5855"), "5.5")
    (True, False)
    """
    places = len(text.partition(".")[2])
    return bool(abs(ball - arb(text)) < arb(fmpq(1, 2 * 10**places)))
