"""The eigenvalues of the Hessian: exact series, or, where they leave the coefficient field, their certified limits."""

from __future__ import annotations

from typing import Any

from symrelu.analysis.limit_result import LimitSpectrum
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import certain_digits
from symrelu.export.pieces import CERTIFIED, EXACT, Evidence, Piece, in_words, paragraph
from symrelu.export.series_section import latex_parameter
from symrelu.render.breaking import breakable_series, formula, formulas
from symrelu.render.latex import latex_dimension, latex_field, latex_number, latex_power, latex_type
from symrelu.render.paper_tables import paper_table
from symrelu.toolkit import Family

TITLE = "Eigenvalues of the Hessian"
_LIMIT_DIGITS = 20


def spectrum_piece(subject: Family, order: int, digits: int) -> Piece:
    """Series below s^order where they are exact, else limits, and why; an error where there are neither."""
    try:
        return _series(subject, order)
    except (ArithmeticError, UsageError) as error:
        if subject.definition.symbolic_p:
            raise
        return _limits(subject.limit(), str(error), min(digits, _LIMIT_DIGITS))


def _series(subject: Family, order: int) -> Piece:
    spectrum: Any = subject.spectrum(order=order)
    definition = spectrum.definition
    parts = [
        f"In powers of ${latex_parameter(definition)}$, with exact coefficients in ${latex_field(spectrum.field)}$, the "
        "eigenvalues of each type:"
    ]
    for block in spectrum.blocks:
        name = latex_type(block.type.name)
        lines = [
            formula(rf"\lambda_{{{name},{i}}}", breakable_series(terms, order, definition.ramification))
            for i, terms in enumerate(block.eigenvalues, start=1)
        ]
        heading = rf"\medskip\noindent\textbf{{Type ${name}$}}, multiplicity ${latex_dimension(block.dimension)}$."
        parts.append(f"{heading}\n{formulas(lines)}")
    error = latex_power(order, definition.ramification)
    scope = f"formal series, error $O({error})$ as $d \\to \\infty$"
    evidence = (Evidence("Series of the eigenvalues", EXACT, scope),)
    return Piece("spectrum", TITLE, "\n\n".join(parts), evidence, _intro())


def _limits(limits: LimitSpectrum, reason: str, digits: int) -> Piece:
    """One row for each limit, and the number of eigenvalues that grow."""
    rows = []
    for block in limits.blocks:
        head = [f"${latex_type(block.type)}$", f"${latex_dimension(block.dimension)}$", str(block.growing)]
        values = [latex_number(certain_digits(value, digits)) for value in block.limits] or [""]
        rows += [[*(head if i == 0 else ["", "", ""]), value] for i, value in enumerate(values)]
    table = paper_table(["type", "multiplicity", "growing like $d$", "limit of the others"], rows, "llc.")
    text = (
        "Limits of the eigenvalues as $d$ grows, certified: the digits are right up to one unit in the last place.\n"
        f"{table}\n{paragraph(f'Exact series of the eigenvalues are not given: {in_words(reason)}.')}\n\n{_verdict(limits)}"
    )
    evidence = (Evidence("Limits of the eigenvalues", CERTIFIED, rf"$d \to \infty$; {digits} digits"),)
    return Piece("spectrum", TITLE, text, evidence, unproved=(f"series of the eigenvalues: {in_words(reason)}",))


def _verdict(limits: LimitSpectrum) -> str:
    match limits.is_minimum:
        case True:
            return "All limits, and all leading coefficients of what grows, are positive: a minimum for every $d$ large enough."
        case False:
            return "There is a negative limit or leading coefficient: not a minimum, for every $d$ large enough."
        case None:
            return "A limit is not proved different from zero: whether this is a minimum for large $d$ is open here."


def _intro() -> str:
    return (
        "The Newton polygon of each block's characteristic polynomial is followed to where equal leading coefficients "
        r"separate. Limits for the families A, I, II: \cite{ArjevaniField2020b,ArjevaniField2021}."
    )
