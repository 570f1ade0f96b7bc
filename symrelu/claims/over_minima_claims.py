"""A table read off from runs of others, which are not here: what certified minima have to say about it.

The published averages for k = d+1 belong to the minima that those runs found. Which these were cannot be checked; whether
certified minima have, or average to, such values can.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from flint import arb

from symrelu.analysis.evaluation import Evaluation
from symrelu.arithmetic.reals import certain_digits
from symrelu.claims.minima_claims import OVER_MINIMA, is_spurious_minimum, least_eigenvalue, rounds_to
from symrelu.claims.shared import point
from symrelu.claims.verdict import Verdict

# d: least eigenvalue and loss as published, k = d+1, averages.
TABLE: dict[int, tuple[str, str]] = {
    8: ("0.0059", "0.021"),
    10: ("0.0057", "0.018"),
    13: ("0.0015", "0.038"),
    19: ("0.0077", "0.0275"),
}
NOT_II_AT = 13
# Those that few random starts of gradient descent at (19, 20) ended in come first.
BRANCHES = sorted(OVER_MINIMA, key=lambda name: (name.endswith("b"), name.startswith("I+")))

Pair = tuple[arb, arb]


def averaged_table() -> Verdict:
    """SS-table-over: for each row the branch that rounds to it, or three minima of which it is an average."""
    explained, averages, failures = [], [], []
    for d, row in TABLE.items():
        names = [name for name in BRANCHES if d >= OVER_MINIMA[name] and is_spurious_minimum(name, d)]
        values = {name: least_and_loss(point(name, d)) for name in names}
        here = f"({d},{d + 1})"
        if single := [name for name in names if all(map(rounds_to, values[name], row))]:
            explained.append(f"{here} is {' or '.join(single)}, {_numbers(values[single[0]])}")
        elif three := bracket(values, (arb(row[0]), arb(row[1]))):
            known = ", ".join(f"{name} {_numbers(values[name])}" for name in names)
            mean = " + ".join(f"{certain_digits(weight, 2)} {name}" for name, weight in three.items())
            averages.append(f"{here}, {'/'.join(row)}: no single branch ({known}); an average for example {mean}")
        else:
            failures.append(f"{here}: no certified minima are known that have or average to {'/'.join(row)}")
    if all(map(rounds_to, least_and_loss(point("II+1", NOT_II_AT)), TABLE[NOT_II_AT])):
        failures.append(f"the row of d = {NOT_II_AT} is II+1")
    over = f"(d,k) = {', '.join(f'({d},{d + 1})' for d in TABLE)}"
    detail = (
        "Read as: each row is the value at a certified minimum, or lies among those of several, as an average of them must. "
        f"Rows that one minimum rounds to: {'; '.join(explained) or 'none'}. Others: {'; '.join(averages) or 'none'}. At "
        "(13,14) it is not II+1, certified. Not checked: which minima the authors' runs found, and how often."
    )
    if failures:
        return Verdict("undecided", "certified", over, "; ".join([*failures, detail]))
    return Verdict("holds", "certified", over, detail)


def least_and_loss(found: Evaluation) -> Pair:
    """The two columns of the table."""
    return least_eigenvalue(found), found.loss


def bracket(values: dict[str, Pair], target: Pair) -> dict[str, arb] | None:
    """Three minima with positive weights of sum 1 whose weighted mean is the target, or None.

    >>> corners = {"a": (arb(0), arb(0)), "b": (arb(1), arb(0)), "c": (arb(0), arb(1))}
    >>> list(bracket(corners, (arb("0.25"), arb("0.25")))), bracket(corners, (arb(1), arb(1)))
    (['a', 'b', 'c'], None)
    """
    for names in combinations(values, 3):
        corners = [values[name] for name in names]
        area = _area(corners)
        if area.contains(0):
            continue
        weights = [_area([target if j == i else corner for j, corner in enumerate(corners)]) / area for i in range(3)]
        if all(weight > 0 for weight in weights):
            return dict(zip(names, weights, strict=True))
    return None


def _area(corners: Sequence[Pair]) -> arb:
    """Twice the oriented area of a triangle."""
    (x, y), (u, v), (p, q) = corners
    return (u - x) * (q - y) - (p - x) * (v - y)


def _numbers(pair: Pair) -> str:
    return "/".join(certain_digits(value, 4) for value in pair)
