"""What happens to a family when neurons are added: minimum or saddle, from which d on, and where the descent lies.

One row for each branch of F with m more neurons: its crossings on an interval of d (threshold.py), certified, and the least
eigenvalue of the Hessian at a few d and in the limit. Question of Arjevani & Field 2022 (2210.06088).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy
from flint import arb

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.analysis.derive import derive
from symrelu.analysis.evaluation import real_text
from symrelu.analysis.leading_sources import NumericalSource
from symrelu.analysis.least_eigenvalue import least_eigenvalue, limit_of_least
from symrelu.analysis.point import enclose_point
from symrelu.analysis.signature import types_between
from symrelu.analysis.symbolic import symbolic_dimensions
from symrelu.analysis.threshold import Coverage, Stretch, cover_interval
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import ball_json, ends
from symrelu.family.catalogue import definition
from symrelu.family.recorded import EXTRA, branch_letter, recorded_branches
from symrelu.render.latex import latex_ball, latex_formula, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table

SHOWN_D = (10, 20, 100)
_HIGH = Fraction(100)
_DIGITS = 15

Row = dict[str, Any]  # numbers as decimal strings, so that rows pass between processes
Task = tuple[str, int, str | None]  # family, extra neurons, branch letter (None: no branch is known)


@dataclass
class Annihilation(Tabulated):
    """The table: a row for each branch that is known, or one that says that none is."""

    rows: list[Row] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        """Whether each row has a verdict."""
        return all(row["branch"] is None or row["verdict"] is not None for row in self.rows)

    def in_order_of(self, tasks: list[Task]) -> Annihilation:
        """The same rows in the order of the tasks."""
        place = {task: i for i, task in enumerate(tasks)}
        return Annihilation(sorted(self.rows, key=lambda row: place[row["family"], row["m"], row["branch"]]))

    def to_json(self) -> list[Row]:
        return self.rows

    def to_text(self) -> str:
        return table(_HEADINGS, [row_cells(row) for row in self.rows])

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return _HEADINGS, [_in_latex(row) for row in self.rows]

    def _title(self) -> str:
        return "What more neurons than the teacher do: minimum or saddle, least eigenvalue"

    def _badges(self) -> list[str]:
        return ["certified"]

    def __repr__(self) -> str:
        return f"Annihilation({len(self.rows)} rows)"


_HEADINGS = ["branch", "verdict", "from d =", "component", *(f"least at {d}" for d in SHOWN_D), "limit"]


def row_cells(row: Row) -> list[str]:
    """A row of the table for people."""
    name = f"{row['family']}+{row['m']}" if row["m"] else row["family"]
    if row["branch"] is None:
        return [name, "no branch found", *[""] * (len(_HEADINGS) - 2)]
    least = row["least"]
    numbers = [_short(least[str(d)]) for d in SHOWN_D]
    return [
        name + row["branch"],
        row["verdict"] or "undecided",
        f"{round(float(row['from']['value']), 6):.8g}" if row["from"] else "",
        f"{row['component']}: {row['multiplicity'].replace(' ', '')}" if row["component"] else "",
        *numbers,
        _short(least["limit"]),
    ]


def _in_latex(row: Row) -> list[str]:
    """The same with mathematics between dollar signs, and with radii."""
    name, verdict, *_ = row_cells(row)
    if row["branch"] is None:
        return row_cells(row)
    kind, dimension = row["component"], row["multiplicity"]
    return [
        name,
        verdict,
        _with_radius(row["from"], 8),
        f"${latex_type(kind)}$: {latex_formula(sympy.sympify(dimension))}" if kind else "",
        *(_with_radius(row["least"][str(d)], 5) for d in (*SHOWN_D, "limit")),
    ]


def _with_radius(ball: dict[str, str] | None, digits: int) -> str:
    return "" if ball is None else f"${latex_ball(arb(ball['value'], ball['radius']), digits)}$"


def _short(ball: dict[str, str] | None) -> str:
    return "" if ball is None else f"{round(float(ball['value']), 5) + 0.0:.5f}"  # no minus sign before a zero


def tasks_for(families: list[str], extras: tuple[int, ...]) -> list[Task]:
    """Every recorded branch of the families with so many more neurons; UsageError for one that is not in the catalogue."""
    tasks: list[Task] = []
    for family in families:
        base = definition(family).name
        if definition(base).symbolic_p:
            raise UsageError(f"family {base} has a symbol p; name members like {base}2")
        for extra in extras:
            found = len(recorded_branches().get(f"{base}+{extra}", [])) if extra else 1
            tasks += [(base, extra, branch_letter(i)) for i in range(found)] or [(base, extra, None)]
    return tasks


def read_extras(text: str) -> tuple[int, ...]:
    """Numbers like "0,1,2"; UsageError for anything else."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) <= EXTRA[-1] for part in parts):
        raise UsageError(f"{text!r} is no list of extra neurons; write numbers from 0 to {EXTRA[-1]}, like 0,1,2")
    return tuple(dict.fromkeys(int(part) for part in parts))


def annihilate(tasks: list[Task], processes: int = 1) -> Iterator[Row]:
    """The rows of the tasks as they are finished, computed in so many processes."""
    if processes == 1:
        yield from map(fate, tasks)
        return
    # Ctrl-C reaches the workers too, and ends them without a word.
    with ProcessPoolExecutor(processes, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL)) as pool:
        waiting = [pool.submit(fate, task) for task in tasks]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def fate(task: Task) -> Row:
    """The row of one branch; its evidence is "certified", that of its limit is told apart."""
    family, extra, letter = task
    row: Row = {"family": family, "m": extra, "branch": letter}
    nothing = dict.fromkeys(("verdict", "from", "minimum_from", "component", "multiplicity", "ends", "evidence"))
    if letter is None:
        return {**row, **nothing, "least": None, "limit_evidence": None}
    branch = Branch(definition(f"{family}+{extra}{letter}" if extra else family))
    try:
        series = derive(branch.definition, NumericalSource(branch.definition, branch))
    except ArithmeticError:
        series = None
    low = branch.definition.d_with_rows(4)
    coverage = cover_interval(branch, low, _HIGH, _DIGITS)
    least = {str(d): _least_at(branch, Fraction(d)) for d in SHOWN_D}
    limit = limit_of_least(branch, series)
    return {
        **row,
        **_verdict(coverage),
        "minimum_from": coverage.minimum_from,
        "ends": None if coverage.end is None else str(coverage.end),
        "least": {**least, "limit": None if limit is None else ball_json(limit.value)},
        "limit_evidence": None if limit is None else limit.evidence,
        "evidence": "certified",
    }


def _least_at(branch: Branch, d: Fraction) -> dict[str, str] | None:
    """The least eigenvalue at d, None where there is no critical point to certify."""
    try:
        return ball_json(least_eigenvalue(enclose_point(branch, d, _DIGITS)))
    except (BranchEnds, Undecided):
        return None


def _verdict(coverage: Coverage) -> Row:
    """What the branch is at the upper end, since which d, and the types and dimensions of the descent directions.

    Of a minimum the component is the one that descends just before.
    """
    stretches = [stretch for stretch in coverage.stretches if stretch.low < stretch.high]
    stretches.sort(key=lambda stretch: stretch.high)
    if not stretches or stretches[-1].high != coverage.high:
        return {"verdict": None, "from": None, "component": None, "multiplicity": None}
    descending = _descending(coverage, stretches[-1])
    since, balls = stretches[-1].low, [ends(c.d) for c in coverage.crossings]
    for stretch in reversed(stretches[:-1]):
        # Between the stretches on both sides of a crossing lies its ball, in which an eigenvalue of one type vanishes once.
        joined = stretch.high >= since or (stretch.high, since) in balls
        if not joined or bool(_descending(coverage, stretch)) != bool(descending):
            break
        since = min(since, stretch.low)
    crossing = next((c for c in coverage.crossings if ends(c.d)[0] <= since <= ends(c.d)[1]), None)
    types = descending or ([crossing.type.name] if crossing is not None else [])
    dimensions = {kind.name: str(size) for kind, size in symbolic_dimensions(coverage.definition.shape)}
    start = {"value": real_text(since), "radius": "0"} if crossing is None else ball_json(crossing.d, _DIGITS)
    return {
        "verdict": "saddle" if descending else "minimum",
        "from": start,
        "component": "+".join(types) or None,
        "multiplicity": " + ".join(dimensions[name] for name in types) or None,
    }


def _descending(coverage: Coverage, stretch: Stretch) -> list[str]:
    """Types with negative eigenvalues that have a positive dimension somewhere on a stretch."""
    present = [kind.name for kind in types_between(coverage.definition, stretch.low, stretch.high)]
    return [name for name in present if stretch.negative.get(name)]
