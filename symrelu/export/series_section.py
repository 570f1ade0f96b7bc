"""The series of the entries and of the loss, and what their coefficients are built from."""

from __future__ import annotations

import sympy

from symrelu.analysis.expansion import Expansion, Generator
from symrelu.arithmetic.reals import ball_json
from symrelu.export.pieces import CERTIFIED, EXACT, Evidence, Piece
from symrelu.family.definition import Definition
from symrelu.render.breaking import breakable_expression, breakable_series, formula, formulas
from symrelu.render.latex import latex_entry, latex_expression, latex_field, latex_number, latex_power
from symrelu.render.paper_tables import paper_table
from symrelu.toolkit import Family

TITLE = "Series of the entries and of the loss"
_TABLE_DIGITS = 40  # in a table; the lines above it have all


def series_piece(subject: Family, order: int, digits: int) -> Piece:
    """All terms s^j, j < order; ArithmeticError or UsageError where the family has no series."""
    expansion = subject.expand(order, digits=digits)
    definition = expansion.definition
    lines = [
        formula(latex_entry(name), breakable_series(terms, order, definition.ramification, digits))
        for name, terms in expansion.rows()
    ]
    parts = [f"In powers of ${latex_parameter(definition)}$, {_kind(expansion)}:", formulas(lines)]
    if expansion.generators:
        parts += [_generators(expansion), _balls(expansion)]
    return Piece("series", TITLE, "\n\n".join(parts), _evidence(expansion), _intro(expansion))


def latex_parameter(definition: Definition) -> str:
    """s as a power of d."""
    return f"s = {latex_power(1, definition.ramification)}"


def _kind(expansion: Expansion) -> str:
    if expansion.symbolic_p:
        return rf"with exact coefficients in ${latex_field(expansion.field)}$, $p$ a symbol"
    if expansion.exact:
        return f"with exact coefficients in ${latex_field(expansion.field)}$"
    return "decimals being certified (right up to one unit in the last place) and all other coefficients exact"


def _intro(expansion: Expansion) -> str:
    if expansion.definition.exact_point is not None:
        return ""
    if expansion.exact:
        return (
            "Leading terms are recognised and then proved: the equations, in which they are put with the terms that follow, "
            "have a residual that vanishes to the order claimed, and Hensel's lemma gives exactly one formal solution that "
            r"begins with them. The series of the families A, I, II are those of \cite{ArjevaniField2021}."
        )
    return (
        "The leading coefficients have no closed form. They solve a system of equations, given below; Krawczyk's test "
        r"\cite{Krawczyk1969} isolates its solution in balls \cite{Johansson2017} and proves that it is regular, so that "
        "exactly one formal solution begins with it."
    )


def _generators(expansion: Expansion) -> str:
    """The leading coefficients without closed form: equations and balls."""
    equations = [_equation(generator) for generator in expansion.generators]
    rows = [
        [f"${_symbol(generator)}$", *_ball(generator.ball, expansion.digits)]
        for generator in expansion.generators
        if generator.ball is not None
    ]
    return "\n\n".join(
        [
            "The leading coefficients that have no closed form are the numbers $y$, in the first place of each entry that "
            "is a decimal (or beyond the terms shown). They are the only solution of",
            formulas(equations),
            "in the balls",
            paper_table(["", "value", "radius"], rows, "l.l"),
        ]
    )


def _symbol(generator: Generator) -> str:
    return latex_expression(sympy.Symbol(generator.name))


def _equation(generator: Generator) -> str:
    """A defining equation, set with its left-hand side in full."""
    left, _, right = generator.equation.partition(" = ")
    return formula("", f"{breakable_expression(sympy.sympify(left))} = {right}", relation="")


def _balls(expansion: Expansion) -> str:
    """Every coefficient that is a ball, with its radius."""
    rows = [
        [
            f"${latex_entry(name)}$",
            f"${latex_power(power, expansion.definition.ramification)}$",
            *_ball(value.num, digits),
        ]
        for digits in [min(expansion.digits, _TABLE_DIGITS)]
        for name, terms in expansion.rows()
        for power, value in sorted(terms.items())
        if not value.field.exact
    ]
    table = paper_table(["", "power", "coefficient", "radius"], rows, "ll.l")
    return f"The coefficients that are balls, with radii that cover the rounding of the decimals too:\n{table}"


def _ball(ball: object, digits: int) -> list[str]:
    shown = ball_json(ball, min(digits, _TABLE_DIGITS))  # type: ignore[arg-type]
    return [latex_number(shown["value"]), f"${latex_number(shown['radius'])}$"]


def _evidence(expansion: Expansion) -> tuple[Evidence, ...]:
    error = f"error $O({latex_power(expansion.order, expansion.definition.ramification)})$"
    formal = f"formal series, {error} as $d \\to \\infty$"
    if expansion.exact:
        return (Evidence("Series of entries and loss", EXACT, formal),)
    balls = f"{expansion.digits} digits; {formal}"
    return (
        Evidence("Series of entries and loss: decimals", CERTIFIED, balls),
        Evidence("Series of entries and loss: all other coefficients, equations of the leading ones", EXACT, formal),
    )
