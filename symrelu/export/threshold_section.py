"""Fractional dimensions at which the index changes; and the point at one d, where one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any

from symrelu.analysis.crossing import Crossing
from symrelu.analysis.evaluation import real_text
from symrelu.analysis.threshold_result import Thresholds
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import certain_digits, decimal, ends
from symrelu.export.pieces import CERTIFIED, Evidence, Piece, in_words, paragraph
from symrelu.render.breaking import breakable_number, formula, formulas
from symrelu.render.latex import latex_entry, latex_number, latex_type
from symrelu.render.paper_tables import paper_table
from symrelu.toolkit import Family

TITLE = "Thresholds"
_TABLE_DIGITS = 40
_SHORT_DIGITS = 20
_END = _STEP = 100  # the interval ends at 100, or at the next hundred after the last crossing that is known


def threshold_piece(
    subject: Family, digits: int, crossings: list[Crossing], progress: Callable[[Fraction], None] | None = None
) -> Piece:
    """Every crossing up to d = 100, or beyond those that a theorem knows; UsageError where the family has no numbers."""
    known = [ceil(ends(crossing.d)[1] / _STEP) * _STEP for crossing in crossings]
    found = subject.threshold(digits, d_to=max([_END, *known]), progress=progress)
    coverage = found.coverage
    if not coverage.stretches and coverage.open:
        raise Undecided(coverage.open[0].reason)
    interval = f"[{real_text(coverage.low)}, {real_text(coverage.high)}]"
    gaps = [(f"$[{decimal(part.low, 8)}, {decimal(part.high, 8)}]$", in_words(part.reason)) for part in coverage.open]
    parts = [_table(found, digits)] if found.crossings else []
    if found.decided:
        parts.append(f"{'The rest of' if parts else 'All of'} the interval ${interval}$ is proved free of crossings.")
    parts += [paragraph(f"Undecided on {gap}: {reason}.") for gap, reason in gaps]
    if coverage.meeting is not None:
        parts.append(f"At the lower end: {in_words(coverage.meeting)}.")
    parts.append(_minimum(found))
    scope = f"$d \\in {interval}$" + (", but for the parts named undecided" if gaps else "")
    evidence = [Evidence("No other crossing; from which integer on a minimum", CERTIFIED, scope)]
    if found.crossings:
        what = "Crossings: existence, type, direction"
        evidence.insert(0, Evidence(what, CERTIFIED, f"{scope}; $d^*$ to {digits} digits"))
    intro = (
        "A threshold is a real $d^*$ at which one eigenvalue crosses zero. Each is a regular zero, isolated by interval "
        r"Newton \cite{Krawczyk1969}; between them Taylor models cover the interval, on which all signs are proved."
    )
    unproved = tuple(f"crossings for $d$ in {gap}: {reason}" for gap, reason in gaps)
    return Piece("thresholds", TITLE, "\n\n".join(parts), tuple(evidence), intro, unproved)


def _table(found: Thresholds, digits: int) -> str:
    """One row for each crossing; numbers too long for it stand below, in full."""
    shown = digits if digits <= _TABLE_DIGITS else _SHORT_DIGITS
    rows = [
        [
            latex_number(certain_digits(crossing.d, shown)),
            f"${latex_type(crossing.type.name)}$",
            latex_number(certain_digits(crossing.multiplicity, 8)),
            r"$\uparrow$" if crossing.direction == "up" else r"$\downarrow$",
            latex_number(certain_digits(crossing.derivative, 8)),
        ]
        for crossing in found.crossings
    ]
    headings = ["$d^*$", "type", "multiplicity at $d^*$", "direction", r"$\mathrm{d}\lambda/\mathrm{d}d$"]
    text = f"An eigenvalue crosses zero, once and with non-zero derivative, at\n{paper_table(headings, rows, '.l.c.')}"
    if shown == digits:
        return text
    lines = [formula("d^*", breakable_number(certain_digits(crossing.d, digits))) for crossing in found.crossings]
    return f"{text}\nTo {digits} digits:\n{formulas(lines)}"


def _minimum(found: Thresholds) -> str:
    last = floor(found.coverage.high)
    if found.minimum_from is not None:
        return f"The family is a minimum at every integer $d$ from ${found.minimum_from}$ to ${last}$."
    if any(part.low <= last <= part.high for part in found.coverage.open):
        return f"Whether it is a minimum at $d = {last}$ is open."
    return f"It is not a minimum at $d = {last}$."


def point_piece(subject: Family, d: str, digits: int) -> Piece:
    """The certified point at one d with its spectrum; ArithmeticError where there is none to give."""
    evaluation, spectrum = subject.at(d, digits), _spectrum_at(subject, d, digits)
    at = real_text(evaluation.point.d)
    values = [*evaluation.parameters.items(), ("loss", evaluation.loss)]
    lines = [formula(latex_entry(name), breakable_number(certain_digits(ball, digits))) for name, ball in values]
    rows = [
        [
            f"${latex_type(component.type.name)}$" if i == 0 else "",
            f"${real_text(component.dimension)}$" if i == 0 else "",
            latex_number(certain_digits(value, min(digits, _SHORT_DIGITS))),
        ]
        for component in spectrum.components
        for i, value in enumerate(component.eigenvalues)
    ]
    kind = "a minimum" if evaluation.is_minimum else "a saddle"
    if evaluation.index:
        kind += f" of index ${evaluation.index}$"
    body = [
        f"At $d = {at}$ a critical point exists, unique near the values below; it is {kind}.",
        formulas(lines),
        f"The eigenvalues of its Hessian:\n{paper_table(['type', 'multiplicity', 'eigenvalue'], rows, 'll.')}",
    ]
    evidence = (Evidence("The point, its loss, spectrum and index", CERTIFIED, f"$d = {at}$; {digits} digits"),)
    return Piece("point", f"The point at d = {at}", "\n\n".join(body), evidence)


def _spectrum_at(subject: Family, d: str, digits: int) -> Any:
    return subject.spectrum(d=d, digits=digits)
