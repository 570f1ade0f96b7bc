"""The claim on descent directions by Cauchy's interlacing theorem: subspaces named, both spectra certified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.interlacing import prove_descent
from symrelu.analysis.interlacing_result import Compression, TypeInterlacing
from symrelu.arithmetic.reals import certain_digits
from symrelu.claims.shared import shared_family
from symrelu.claims.verdict import Verdict, judge


@dataclass(frozen=True)
class Descent:
    """Where a family descends: the type, for each d the entries that carry it, and the smaller family.

    With the row orbits `fixed` kept still, the rows of the smaller family are left.
    """

    family: str
    type: str
    carriers: Mapping[int, tuple[str, ...]]
    smaller: str
    fixed: tuple[int, ...]


DESCENTS = (
    Descent("A+1", "s1", dict.fromkeys((10, 20, 100), ("off1", "w21")), "A", (2,)),
    Descent("I+2", "s1", dict.fromkeys((10, 20, 100), ("off1", "w31")), "I", (3, 4)),
    Descent("II+2", "s1", dict.fromkeys((10, 20, 100), ("w31", "w41")), "II", (3, 4)),
    Descent("M2+1", "s2", dict.fromkeys((10, 20), ("off2", "w32")) | {100: ("w12", "diag2", "w21", "w32")}, "M2", (3,)),
    Descent("I+1", "s1", {10: ("off1", "w12", "w31")}, "I", (3,)),
)
# Where the carrier of the first d is proved to carry one descent direction for every real d.
RANGES = {"A+1": (10, 100), "I+2": (10, 20), "M2+1": (10, 20)}


def descent_by_interlacing() -> Verdict:
    """AF22-interlacing: for each family the compression that descends, that of the smaller one, and the inequalities."""
    failures: list[str] = []
    text = []
    for descent in DESCENTS:
        shown: dict[int, TypeInterlacing] = {}
        for d, entries in descent.carriers.items():
            at = f"{descent.family} at d = {d}"
            result = shared_family(descent.family).interlacing(d)
            if [found.component.type.name for found in result.types] != [descent.type]:
                failures.append(f"{at} does not descend in {descent.type} alone")
                continue
            found = result.type(descent.type)
            failures += [f"{at}: {problem}" for problem in _problems(found, entries, descent.fixed)]
            shown[d] = found
        text.append(_in_words(descent, shown))
    for name, (low, high) in RANGES.items():
        descent = next(descent for descent in DESCENTS if descent.family == name)
        branch = Branch(shared_family(name).definition)
        parts = prove_descent(branch, descent.type, descent.carriers[low], low, high)
        if any(count != 1 for _, _, count in parts):
            failures.append(f"{name}: the subspace does not descend everywhere on [{low}, {high}]")
    ranges = ", ".join(f"{name} on [{low}, {high}]" for name, (low, high) in RANGES.items())
    return judge(
        failures,
        "certified",
        f"d = 10, 20, 100; every real d: {ranges}",
        "Read as: a compression B_U of the Hessian's block B of one type to the motions of a few weights alone has a "
        "negative eigenvalue, so B has one (Cauchy). The least sets of entries that do it, lambda_1(B) < "
        f"lambda_1(B_U): {'. '.join(text)}. In every case the motions of the smaller family's rows alone, the extra ones "
        "fixed, are a definite subspace, with a spectrum close to that of the smaller family itself: so by the same "
        "theorem there are at most as many descent directions per type as coordinates left out, none without the extra "
        "rows. All inequalities lambda_i(B) <= lambda_i(B_U) <= lambda_(i+r)(B) are proved again, as strict ones, on "
        f"spectra enclosed independently. By tubes the carriers descend for every real d: {ranges}.",
    )


def _problems(found: TypeInterlacing, entries: tuple[str, ...], fixed: tuple[int, ...]) -> list[str]:
    problems = []
    if not found.carriers or found.carriers[0].entries != entries:
        carriers = " or ".join(", ".join(c.entries) for c in found.carriers) or "no proper set of entries"
        problems.append(f"the descent is carried by {carriers}, not by {', '.join(entries)}")
    if found.component.negative != 1:
        problems.append(f"{found.component.negative} eigenvalues are negative, not one")
    if _smaller(found, fixed).negative:
        problems.append("the rows of the smaller family alone are not a definite subspace")
    if not all(c.strict for c in [*found.carriers, *found.subnetworks]):
        problems.append("an inequality is not proved to be strict")
    return problems


def _smaller(found: TypeInterlacing, fixed: tuple[int, ...]) -> Compression:
    return next(c for c in found.subnetworks if c.fixed == fixed)


def _in_words(descent: Descent, shown: dict[int, TypeInterlacing]) -> str:
    """Per d the least eigenvalues; at the largest d the rows of the smaller family beside that family itself."""
    lines = [f"d = {d}: {_least(found)}" for d, found in shown.items() if found.carriers]
    if shown:
        d = max(shown)
        own: Any = shared_family(descent.smaller).spectrum(d=d)
        component = next(c for c in own.components if c.type.name == descent.type)
        inner = _digits(_smaller(shown[d], descent.fixed).eigenvalues)
        name = descent.smaller
        lines.append(f"rows of {name} in it at d = {d}: {inner}; {name} itself: {_digits(component.eigenvalues)}")
    return f"{descent.family} ({descent.type}), {'; '.join(lines)}"


def _least(found: TypeInterlacing) -> str:
    carrier = found.carriers[0]
    values = [certain_digits(values[0], 5) for values in (found.component.eigenvalues, carrier.eigenvalues)]
    return f"{values[0]} < {values[1]} on ({', '.join(carrier.entries)})"


def _digits(values: list[arb]) -> str:
    return ", ".join(certain_digits(value, 4) for value in values)
