"""Claims about what gradient descent finds, checked on stored searches: numeric evidence, with the counts.

The minima themselves are certified points of families; how often they are found is a matter of seeds.
"""

from __future__ import annotations

from math import comb, factorial, inf

from symrelu.claims.stored import StoredSearch, experiments, searches
from symrelu.claims.verdict import Verdict, judge

# k = d: least eigenvalue and loss as published, averages over what was found.
TABLE: dict[int, tuple[float, float]] = {
    6: (0.0047, 0.025),
    7: (0.014, 0.023),
    8: (0.021, 0.021),
    9: (0.027, 0.020),
    10: (0.030, 0.020),
    20: (0.038, 0.033),
}
# k = d: how many of 500 runs reached the global minimum (2006.01005).
GLOBAL_OF_500 = {7: 473, 8: 443, 9: 389, 10: 340, 11: 263, 12: 231}
LEVEL = 0.01  # of a test, for all sizes together
_ERRORS = 3.0  # standard errors
_ROUNDING = 1  # unit of the last digit: at d = 8 all minima found are II with loss .02151, published as .021
_FEW = 3  # factors of S_p x S_q and S_p x S_1 x S_q
_FINE = 50  # points of a sample that stand for a law of the inputs, permutations not counted
_HIDDEN_NAMES = ("A", "I")


def table_of_minima() -> Verdict:
    """SS-table: averages within three standard errors of the published ones; counts by Fisher's exact test."""
    failures, rows = [], []
    for d, published in TABLE.items():
        search = searches()[d, d]
        for what, (mean, deviation), value in zip(("least eigenvalue", "loss"), search.means(), published, strict=True):
            # Both averages are over samples; theirs is taken to be as large as ours.
            error = _ERRORS * deviation * (2 / search.ended_badly) ** 0.5 + _ROUNDING * _unit(value)
            if abs(mean - value) > error:
                failures.append(f"d = {d}: {what} {mean:.4g} on average, published {value:g}")
        (least, _), (loss, _) = search.means()
        rows.append(f"{d}: {least:.4f}/{loss:.4f} ({search.ended_badly} of {search.runs})")
    counts = []
    for d, published in GLOBAL_OF_500.items():
        search = searches()[d, d]
        reached = search.runs - search.ended_badly
        chance = same_rate(reached, search.runs, published, 500)
        counts.append(f"{d}: {reached}/{published} (p = {chance:.2g})")
        if chance < LEVEL / len(GLOBAL_OF_500):
            failures.append(
                f"d = {d}: {reached} of {search.runs} runs reach the global minimum, published {published} of 500"
            )
    detail = (
        "Read as: averages within three standard errors and one unit of the last digit of the published ones. Least "
        "eigenvalue/loss, each minimum certified, and how many runs ended there: "
        f"{'; '.join(rows)}. Runs that reached the global minimum, ours / published in 2006.01005, with the probability of "
        f"so large a difference for equal rates: {', '.join(counts)}. Plain gradient descent, step 1/(k/4 + 1), Xavier "
        f"starts; for example {searches()[7, 7].command}"
    )
    return judge(failures, "numeric", f"k = d = {', '.join(map(str, TABLE))}", detail)


def _unit(value: float) -> float:
    """One in the last of the two significant digits of a published number (three decimals for the larger ones)."""
    return 1e-3 if value >= 0.01 else 1e-4


def same_rate(a: int, m: int, b: int, n: int) -> float:
    """Fisher's exact test, two-sided: the probability that a of m and b of n differ at least so much if the rates are equal.

    >>> round(same_rate(3, 3, 0, 3), 6)
    0.1
    """
    ways = [comb(m, x) * comb(n, a + b - x) if a + b - x >= 0 else 0 for x in range(min(m, a + b) + 1)]
    return sum(way for way in ways if way <= ways[a]) / sum(ways)


def over_parameterisation() -> Verdict:
    """SS-overfree: as many inputs, one neuron more."""
    failures, rows = [], []
    sizes = [d for d, k in searches() if k == d + 1 and (d, d) in searches()]
    for d in sizes:
        before, after = searches()[d, d], searches()[d, d + 1]
        chance = same_rate(before.ended_badly, before.runs, after.ended_badly, after.runs)
        rows.append(f"d = {d}: {before.ended_badly} of {before.runs}, then {after.ended_badly} of {after.runs}")
        if after.ended_badly >= before.ended_badly or chance > LEVEL:
            failures.append(f"d = {d}: {before.ended_badly} and {after.ended_badly} do not differ enough")
    detail = f"Runs that ended at spurious minima with d neurons, then with d + 1: {'; '.join(rows)}."
    return judge(failures, "numeric", f"d = {', '.join(map(str, sizes))}", detail)


def isotropy_of_minima() -> Verdict:
    """LSB-sgd: every spurious minimum found is fixed by a product of at most three symmetric groups."""
    failures, kinds = list[str](), dict[str, int]()
    for search in searches().values():
        for minimum in search.spurious:
            minimum.certified(search.inputs)
            kinds[str(minimum.blocks)] = kinds.get(str(minimum.blocks), 0) + minimum.count
            if minimum.blocks > _FEW or "trivial" in (minimum.isotropy or ""):
                failures.append(f"(d,k) = ({search.inputs},{search.neurons}): {minimum.isotropy}, {minimum.count} runs")
    counts = ", ".join(f"{count} runs with {number} symmetric groups" for number, count in sorted(kinds.items()))
    detail = (
        f"Read as: S_p x S_q or S_p x S_1 x S_q. Of {sum(s.runs for s in searches().values())} runs "
        f"{sum(kinds.values())} ended at spurious minima, each certified as a point of a family: {counts}."
    )
    return judge(failures, "numeric", f"(d,k) = {', '.join(f'({d},{k})' for d, k in searches())}", detail)


def avoided_families() -> Verdict:
    """HM-split-search: descent ends less often at families whose large block is of type A."""
    square = [search for (d, k), search in searches().items() if d == k]
    hidden = [(search.inputs, m) for search in square for m in search.spurious if _is_hidden(m.family, m.definition)]
    other = sum(search.ended_badly for search in square) - sum(m.count for _, m in hidden)
    found = sum(m.count for _, m in hidden)
    failures = (
        [] if 20 * found < other else [f"{found} runs of {found + other} end at families with a large block of type A"]
    )
    which = ", ".join(f"{m.family} at {d} ({m.count})" for d, m in hidden)
    by_name = sum(m.count for _, m in hidden if m.family in _HIDDEN_NAMES)
    detail = (
        f"Of {_runs(square)} runs with k = d, {found + other} ended at spurious minima: {other} at families whose large block "
        f"is near the identity (II, M_p, ...), {found} at such with a large block of type A (diagonal near -1), of which "
        f"{by_name} at A or I: {which or 'none'}."
    )
    return judge(failures, "numeric", f"k = d = {', '.join(str(s.inputs) for s in square)}", detail)


def _runs(group: list[StoredSearch]) -> int:
    return sum(search.runs for search in group)


def _is_hidden(name: str | None, definition: dict | None) -> bool:
    if definition is None:
        return name in _HIDDEN_NAMES
    return float(definition["start"]["values"]["diag1"]) < 0


def beyond_the_base_model() -> Verdict:
    """LSB-general: the stored experiments, one thing of the base model changed in each."""
    failures, rows, coarse = list[str](), list[str](), list[str]()
    for data in experiments():
        principle, name = data["principle"], data["name"]
        found = f"{principle['symmetric']} of {principle['spurious']}" if principle["spurious"] else "none found"
        if _drawn(data["settings"]) < _FINE:
            coarse.append(f"{name} {found}")
            continue
        rows.append(f"{name} {found}")
        if principle["holds"] is False:
            failures.append(f"{name}: {principle['says']}")
    some = sum(data["settings"]["runs"] for data in experiments())
    detail = (
        f"Read as: spurious minima have at most two blocks of inputs more than the loss itself. {some} runs; spurious minima "
        f"of which this is true, by experiment: {', '.join(rows)}. Repeat with symrelu experiment NAME."
    )
    if coarse:
        detail += (
            f" Samples of fewer than {_FINE} points and their permutations are another, coarse law; there it was true of: "
            f"{', '.join(coarse)}."
        )
    sizes = sorted({data["settings"]["inputs"] for data in experiments()})
    return judge(failures, "numeric", f"d = {', '.join(map(str, sizes))}", detail)


def _drawn(settings: dict) -> float:
    """The number of points that were drawn, permutations not counted; infinite where the kernel is computed."""
    return settings["points"] // factorial(settings["inputs"]) if settings["points"] else inf
