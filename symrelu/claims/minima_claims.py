"""Claims on spurious minima at definite d: from which d on, at which fractional dimension, with which digits."""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from symrelu.analysis.crossing import Crossing
from symrelu.arithmetic.reals import certain_digits
from symrelu.claims.shared import point, shared_family, thresholds
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


def minima_of_m2() -> Verdict:
    """AF21-loss-M: every integer d from 4 to 100."""
    first: Any = thresholds("M2").minimum_from
    low = thresholds("M2").coverage.low
    minima_below = [d for d in range(4, int(low)) if point("M2", d).is_minimum]
    saddle = point("M2", first - 1) if first is not None and first > 4 else None
    over = "integers 4 <= d <= 100"
    if first is None or first > M2_MINIMUM_FROM:
        return Verdict("fails", "certified", over, f"M_2 is a minimum at every integer from {first} to 100 only")
    where = f"M_2 is a minimum at every integer d from {first} to 100"
    if saddle is not None and not saddle.is_minimum:
        where += f", a saddle of index {saddle.index} ({', '.join(saddle.point.negative)}) at d = {first - 1}"
    crossing = _turns("M2")[-1]
    where += f"; its threshold is d* = {certain_digits(crossing.d, 8)} ({crossing.type.name})"
    where += f". Minima below that: {minima_below or 'none'} (integers from 4)."
    if first == M2_MINIMUM_FROM:
        return Verdict("holds", "certified", over, where)
    example = point("M2", first)
    return Verdict(
        "not sharp",
        "certified",
        over,
        f"d = {first} is a counterexample to sharpness: loss {certain_digits(example.loss, 8)}, least eigenvalue "
        f"{certain_digits(least_eigenvalue(example), 8)}. {where}",
    )


def fractional_dimensions() -> Verdict:
    """AF21-fractional: the crossings of every family on its interval, a saddle before the last and a minimum after it."""
    failures, found = [], []
    for name in THRESHOLD_FAMILIES:
        coverage, turns = thresholds(name).coverage, _turns(name)
        if not turns:
            failures.append(f"{name} has no crossing")
            continue
        last = turns[-1]
        after = [stretch for stretch in coverage.stretches if last.d < arb(fmpq(*_ratio(stretch.high)))]
        before = [stretch for stretch in coverage.stretches if stretch not in after]
        if any(any(stretch.negative.values()) for stretch in after):
            failures.append(f"{name} is not a minimum everywhere after {certain_digits(last.d, 8)}")
        if not all(any(stretch.negative.values()) for stretch in before):
            failures.append(f"{name} is a minimum before {certain_digits(last.d, 8)} too")
        found.append(f"{name} " + ", ".join(f"{certain_digits(turn.d, 12)} ({turn.type.name})" for turn in turns))
    rounding = _rounds_to(_turns("II")[-1].d, THRESHOLD_OF_II) if _turns("II") else False
    if not rounding:
        failures.append(f"the threshold of II does not round to {THRESHOLD_OF_II}")
    return judge(
        failures,
        "certified",
        "real d in [4 rows in the varying block, 100]",
        "Every crossing (type in brackets): " + "; ".join(found) + ". Before the last one the family is a saddle at every "
        "real d of the interval, after it a minimum." + _minima_below(),
    )


def _minima_below() -> str:
    """What happens between two and four rows in the varying block, at integers: M_p is A at d = p + 2."""
    found = []
    for name in THRESHOLD_FAMILIES:
        definition = shared_family(name).definition
        start = int(definition.d_with_rows(2)) if name.startswith("M") else int(definition.d_with_rows(4))
        found += [f"{name} at d = {d}" for d in range(start, int(definition.d_with_rows(4))) if point(name, d).is_minimum]
    return f" Below the interval the M_p are minima where they coincide with A: {', '.join(found)}." if found else ""


def published_example() -> Verdict:
    """SS-example: the certified II at d = 6 rounds to the published digits."""
    example = point("II", EXAMPLE_D)
    values = {**example.parameters, "loss": example.loss, "least eigenvalue": least_eigenvalue(example)}
    failures = [
        f"{name} is {certain_digits(values[name], 8)}, not {text}"
        for name, text in EXAMPLE.items()
        if not _rounds_to(values[name], text)
    ]
    if not example.is_minimum:
        failures.append("II is a saddle at d = 6")
    digits = ", ".join(f"{name} {certain_digits(value, 8)}" for name, value in values.items())
    return judge(failures, "certified", "d = 6", f"This is II, a certified minimum, and rounds to the published digits: {digits}.")


def minima_for_small_d() -> Verdict:
    """SS-minima (k = d): certified minima with positive loss at each d."""
    failures = []
    minima: dict[str, list[int]] = {name: [] for name in THRESHOLD_FAMILIES}
    for d in MINIMA_D:
        for name, found in minima.items():
            if d >= shared_family(name).definition.d_with_rows(4):
                candidate = point(name, d)
                if candidate.is_minimum and candidate.loss > 0:
                    found.append(d)
        if not any(d in found for found in minima.values()):
            failures.append(f"no spurious minimum among {', '.join(THRESHOLD_FAMILIES)} at d = {d}")
    last = MINIMA_D[-1]
    listed = [
        f"{name} at {found[0]}..{last}" if found == list(range(found[0], last + 1)) else f"{name} at {found}"
        for name, found in minima.items()
        if found
    ]
    return judge(
        failures,
        "certified",
        f"integers {MINIMA_D[0]} <= d <= {last}, k = d",
        f"Certified minima with positive loss: {', '.join(listed)}.",
    )


def _turns(name: str) -> list[Crossing]:
    return thresholds(name).crossings


def least_eigenvalue(evaluation: Any) -> arb:
    """The ball of the least eigenvalue of the full Hessian (the one with the smallest midpoint)."""
    values = [c.eigenvalues[0] for c in evaluation.point.components if c.counts]
    return min(values, key=lambda ball: float(ball.mid()))


def _rounds_to(ball: arb, text: str) -> bool:
    """Whether the whole ball rounds to the decimal."""
    places = len(text.partition(".")[2])
    return bool(abs(ball - arb(text)) < arb(fmpq(1, 2 * 10**places)))


def _ratio(value: Any) -> tuple[int, int]:
    return value.numerator, value.denominator
