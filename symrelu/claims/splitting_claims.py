"""Claims of Safran, Yehudai & Shamir 2021 on splitting a neuron, and on how many values the minima found take."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.derivation import Derivation
from symrelu.analysis.evaluation import Evaluation
from symrelu.analysis.leading_sources import leading_source
from symrelu.analysis.splitting import OrbitSplit, split_point
from symrelu.analysis.splitting_range import SplitRange, split_range
from symrelu.analysis.splitting_series import SplitSeries, expand_norms, expand_splitting
from symrelu.arithmetic.reals import certain_digits
from symrelu.claims.shared import equal, point, shared_family
from symrelu.claims.verdict import Verdict, judge
from symrelu.family.catalogue import member
from symrelu.toolkit import family

SPLIT_FAMILIES = ("A", "I", "II", "M2", "M3", "M4", "M5", "M6")
SERIES_FAMILIES = ("A", "I", "II", "M")  # M_p for every p at once
SPLIT_TO = Fraction(100)
SHOWN_D = 20
_EIGENVALUE_ORDER, _NORM_ORDER = 3, 5  # where the leading terms are found

ONE_MORE = "II+1"  # its norms are a counterexample to reading k as the number of targets

# Found by gradient descent from random weights; certified below. The rows stand in blocks of d-8, 1 and 7.
THREE_BLOCKS_D = 21
THREE_BLOCKS = {
    "name": "(p,1,q) with p = 7",
    "blocks": ["d-8", "1", "7"],
    "rows": [{"attached": 1}, {"attached": 2}, {"attached": 3}],
    "start": {
        "d": str(THREE_BLOCKS_D),
        "values": {
            "diag1": "1.02943053",
            "off1": "-0.00199122",
            "w12": "-0.05262571",
            "w13": "0.02520339",
            "w21": "-0.07089177",
            "w22": "-0.35412991",
            "w23": "0.33523467",
            "w31": "0.00918080",
            "w32": "0.29345732",
            "diag3": "-0.76982323",
            "off3": "0.18281449",
        },
    },
}
# Blocks, entries as claimed, and a family with a minimum of this shape at some d.
SHAPES: tuple[tuple[str, int, Any, int], ...] = (
    ("(1,k-1)", 5, "II", SHOWN_D),
    ("(p,q)", 6, "M2", SHOWN_D),
    ("(p,1,q)", 11, THREE_BLOCKS, THREE_BLOCKS_D),
)


# -- SYS-split ---------------------------------------------------------------------------------------------------------


@cache
def split_cover(name: str) -> SplitRange:
    """The signs of H_ii - I/2 for every d from four rows in the varying block to 100."""
    definition = shared_family(name).definition
    return split_range(Branch(definition), definition.d_with_rows(4), SPLIT_TO)


@cache
def _derivation(name: str) -> Derivation:
    definition = shared_family(name).definition
    branch = None if definition.symbolic_p else Branch(definition)
    return Derivation(definition, leading_source(definition, branch, member))


@cache
def split_series(name: str) -> SplitSeries:
    """The leading terms of the eigenvalues of H_ii - I/2."""
    return expand_splitting(_derivation(name), _EIGENVALUE_ORDER)


def splitting_makes_saddles() -> Verdict:
    """SYS-split: both conditions at A, I, II, M_2..M_6, for every real d up to 100, and by leading terms as d grows."""
    failures = [failure for name in SPLIT_FAMILIES for failure in _without_saddle(split_cover(name))]
    below, more = _smaller_integers()
    failures += more
    for name in SERIES_FAMILIES:
        series = split_series(name)
        failures += [
            f"{name}, row orbit {R + 1}: the leading terms give no negative eigenvalue for large d"
            for R in range(len(series.orbits))
            if series.saddle(R + 1) is not True
        ]
    deficits = {name: _deficit(name) for name in SERIES_FAMILIES}
    failures += [
        f"{name}: the sum of the norms exceeds d for large d" for name, (_, sign) in deficits.items() if sign <= 0
    ]
    leading = "; ".join(f"{name} {_most_negative(split_series(name))}" for name in SERIES_FAMILIES)
    gaps = ", ".join(f"{name} {text}" for name, (text, _) in deficits.items())
    return judge(
        failures,
        "certified",
        "real d <= 100, from 4 (A), 5 (I, II), p+4 (M_p)",
        "At A, I, II, M_2..M_6 and every real d of the range H_ii - I/2 has a negative eigenvalue for every row, and the "
        "sum of the norms is below k = d. Splitting w_i then gives a saddle: its index is that of the point plus the "
        f"number of negative eigenvalues of H_ii - I/2. Least eigenvalue at d = {SHOWN_D}, by row orbit: "
        f"{_least_values()}. As d grows (leading terms, exact; M is M_p), an eigenvalue for each row orbit: {leading}; "
        f"d less the sum of the norms: {gaps}. Smaller integers with a minimum, where both hold too: {below} (an M_p at "
        "p + 2 is A). "
        f"{_one_more()} Not checked: the authors' stored minima (not available here), only these families.",
    )


def _without_saddle(cover: SplitRange) -> list[str]:
    name, low = cover.definition.name, cover.low
    failures = [f"{name}: d from {float(part.low):.6g} on is not covered: {part.reason}" for part in cover.open]
    failures += [
        f"{name}, row orbit {signs.orbit}: no negative eigenvalue proved somewhere in [{low}, {cover.high}]"
        for signs in cover.orbits
        if cover.saddle_from(signs.orbit) != low
    ]
    if cover.norms_below_from != low:
        failures.append(f"{name}: the sum of the norms is not proved below d on [{low}, {cover.high}]")
    return failures


def _smaller_integers() -> tuple[str, list[str]]:
    """Minima at integers with less than four rows in the varying block (where no other branch is met), and failures."""
    found, failures = [], []
    for name in SPLIT_FAMILIES:
        definition = shared_family(name).definition
        fewest = definition.d_with_rows(2 if name.startswith("M") else 3)
        for d in range(ceil(fewest), ceil(definition.d_with_rows(4))):
            candidate = point(name, d)
            if candidate.is_minimum and candidate.loss > arb(10) ** -15:
                found.append(f"{name} at {d}")
                split = split_point(candidate.point)
                if not all(orbit.saddle for orbit in split.orbits) or not split.norms_below_targets:
                    failures.append(f"{name} at d = {d}")
    return ", ".join(found) or "none", failures


def _least_values() -> str:
    return "; ".join(
        f"{name} "
        + ", ".join(certain_digits(_least(orbit), 4) for orbit in split_point(point(name, SHOWN_D).point).orbits)
        for name in SPLIT_FAMILIES
    )


def _least(orbit: OrbitSplit) -> arb:
    return min((value for _, value in orbit.eigenvalues), key=lambda ball: float(ball.mid()))


def _most_negative(series: SplitSeries) -> str:
    """For each row orbit the leading term of the eigenvalue that is negative first, in orders of s."""
    return ", ".join(_leading_negative(series, R) for R in range(len(series.orbits)))


def _leading_negative(series: SplitSeries, R: int) -> str:
    terms = [
        (min(values), repr(values[min(values)]), block.type.name)
        for block in series.orbits[R]
        if block.negative()
        for values in block.eigenvalues
        if values and _negative(values[min(values)])
    ]
    if not terms:
        return "none in the coefficient field"
    power, constant, name = min(terms)
    return f"{constant}*d^({Fraction(-power, 2)}) ({name})"


def _negative(constant: Any) -> bool:
    try:
        return constant.sign() < 0
    except ArithmeticError:  # it depends on p
        return False


def _deficit(name: str) -> tuple[str, int]:
    """The leading term of d less the sum of the norms, and its sign; (0, 0) where it has none below the order."""
    norms = expand_norms(_derivation(name), _NORM_ORDER) or {}
    rest = {j: -c for j, c in norms.items() if j != -2}
    if not rest or not equal(norms[-2].to_sympy(), 1):
        return "no leading term", 0
    power = min(rest)
    return f"{rest[power]!r}*d^({Fraction(-power, 2)})", rest[power].sign()


def _one_more() -> str:
    """What the condition on the norms says where there are more neurons than targets: a certified counterexample."""
    example = point(ONE_MORE, SHOWN_D)
    split = split_point(example.point)
    if not (example.is_minimum and split.norms_below_targets is False and all(orbit.saddle for orbit in split.orbits)):
        return "With k = d + 1 it was not tried."
    return (
        "With more neurons than targets the sum of the norms is below k, not below d: at the minimum "
        f"{ONE_MORE}, d = {SHOWN_D}, k = {SHOWN_D + 1}, it is {certain_digits(split.norm_sum, 8)}, and splitting "
        "any neuron gives a saddle there too."
    )


# -- SYS-values --------------------------------------------------------------------------------------------------------


def values_of_minima() -> Verdict:
    """SYS-values: the shapes have 5, 6 and 11 entries, and each occurs at a certified minimum with so many values."""
    failures, found = [], []
    for blocks, claimed, source, d in SHAPES:
        subject = shared_family(source) if isinstance(source, str) else family(source)
        entries = len(subject.definition.shape.entries)
        if entries != claimed:
            failures.append(f"the shape {blocks} has {entries} entries, not {claimed}")
        example = subject.at(d)
        if not (example.is_minimum and example.loss > 0):
            failures.append(f"{subject.name} is not a spurious minimum at d = {example.point.d}")
        if not all_distinct(list(example.parameters.values())):
            failures.append(f"the entries of {subject.name} are not proved distinct at d = {example.point.d}")
        found.append(f"{blocks}: {subject.name} at d = {example.point.d}, {_described(example, entries)}")
    two = point("A", SHOWN_D)
    other = (
        f" The converse is false: A, a certified spurious minimum at d = {SHOWN_D}, has "
        f"{len(two.parameters)} distinct entries (descent does not find it: HM-split)."
        if two.is_minimum and all_distinct(list(two.parameters.values()))
        else ""
    )
    return judge(
        failures,
        "certified",
        f"k = d; one d for each shape: {', '.join(str(d) for *_, d in SHAPES)}",
        "Read as: minima of these shapes exist, with so many values. Rows and columns in blocks of these sizes have 5, 6 "
        "and 11 distinct entries, whatever p and q >= 2 are. Each "
        f"occurs at a certified minimum, its entries proved distinct by disjoint balls: {'; '.join(found)}.{other} Not "
        "checked: that the authors' runs up to k = 100 found no other minima; their data is not available here.",
    )


def _described(example: Evaluation, entries: int) -> str:
    return f"{entries} distinct entries, loss {certain_digits(example.loss, 8)}"


def all_distinct(balls: list[arb]) -> bool:
    """Whether no two of the balls overlap, so that the numbers are proved different.

    >>> all_distinct([arb(1), arb(2)]), all_distinct([arb(1), arb(1, 0.5)])
    (True, False)
    """
    return not any(x.overlaps(y) for i, x in enumerate(balls) for y in balls[:i])
