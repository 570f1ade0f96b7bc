"""Formulas that TeX itself breaks into lines: for paragraphs in place of displays, so that nothing runs into the margin.

Breaks are offered before the signs of sums, gladly between terms (\\allowbreak) and reluctantly inside brackets (\\penalty).
A fraction cannot be broken: where its numerator is long it becomes a short fraction times brackets. What the text needs to
be set in is the macro \\symreluformula of `FORMULA_MACRO`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import sympy

from symrelu.arithmetic.constants import Constant
from symrelu.render.latex import (
    THIN,
    constant_factors,
    latex_constant,
    latex_entry,
    latex_expression,
    latex_number,
    latex_series,
)

BREAK = r"\allowbreak "
_INNER_BREAK = r"\penalty500 "
_SHORT = 24  # characters of brackets that are not broken
_LONG_DECIMALS = 40
_LINE = 44  # characters of a line in an aligned environment
_WIDEST = 44  # characters of an unbreakable numerator

# A paragraph with its left-hand side in a box, so that the relations of several stand below each other; text wide or narrow.
FORMULA_MACRO = r"""\providecommand{\symreluformula}[2]{{\par\noindent\hangindent=5.4em\hangafter=1
  \rightskip=0pt plus 9em\tolerance=10000\hbadness=10000\binoppenalty=10000\relpenalty=10000
  \medmuskip=4mu\thickmuskip=5mu\lineskiplimit=2pt\lineskip=4pt
  \makebox[4em][r]{$#1$}$\displaystyle{}#2$\par}}"""


def formula(left: str, right: str, relation: str = "=") -> str:
    """One line of a list of formulas, or as many lines as it takes."""
    return rf"\symreluformula{{{left}}}{{{relation} {right}}}"


def formulas(lines: list[str]) -> str:
    """Formulas below each other, set apart from the text around."""
    return "\n".join([r"\par\smallskip", *lines, r"\par\smallskip"])


def run_in(equations: list[str]) -> str:
    """Short equations one after the other, in lines as TeX finds them."""
    text = ",\\quad\n".join(rf"\mbox{{$\displaystyle {equation}$}}" for equation in equations)
    return rf"{{\par\smallskip\noindent\raggedright\lineskiplimit=2pt\lineskip=5pt {text}.\par\smallskip}}"


def visible_width(latex: str) -> int:
    """About how many characters wide a formula is set, sizes of subscripts and of signs left aside.

    >>> visible_width("\\\\pi^{2} + 3")
    4
    """
    text = re.sub(r"\\(left|right|bigl|bigr|frac|sqrt|mathrm|allowbreak|penalty\d+)", "", latex)
    return len(re.sub(r"[{}_^\s]", "", re.sub(r"\\[a-zA-Z]+", "x", text)))


def breakable_constant(value: Constant, digits: int = 20) -> str:
    """As `latex_constant`, but long numerators stand in brackets after the fraction, with breaks."""
    whole = latex_constant(value, digits)
    if not value or not value.field.exact or visible_width(whole.partition("}{")[0]) <= _WIDEST:
        return whole
    sign, unit, above, below = constant_factors(value)
    if unit.denominator != 1:
        below = [str(unit.denominator), *below]
    if below:
        front = [rf"\frac{{{unit.numerator}}}{{{' '.join(below)}}}"]
    else:
        front = [str(unit.numerator)] if unit != 1 else []
    return sign + " ".join([*front, *map(_opened, above)])


def breakable_series(terms: dict[int, Constant], order: int, ramification: int = 1, digits: int = 20) -> str:
    """As `latex_series`, with breaks."""
    return latex_series(terms, order, ramification, lambda value: breakable_constant(value, digits), BREAK)


def latex_aligned_series(
    rows: list[tuple[str, dict[int, Constant]]],
    order: int,
    ramification: int = 1,
    coefficient: Callable[[Constant], str] = breakable_constant,
) -> str:
    """An align* environment, a series for each name; one that is wider than a page goes on in further lines."""
    lines = []
    for name, terms in rows:
        first, *more = _lines_of(latex_series(terms, order, ramification, coefficient, BREAK).split(BREAK))
        lines += [rf"  {latex_entry(name)} &= {first}", *(rf"  &\quad {{}}{line}" for line in more)]
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _lines_of(terms: list[str]) -> list[str]:
    """The terms in lines about as wide as the text of an article."""
    lines, room = [""], _LINE
    for term in terms:
        for part in [term] if _width(term) <= _LINE else term.split(_INNER_BREAK):
            if lines[-1] and _width(part) > room:
                lines.append("")
                room = _LINE
            lines[-1] += part
            room -= _width(part)
    return [line.replace(_INNER_BREAK, "") for line in lines]


def _width(term: str) -> int:
    """About how wide a term is set: of a fraction the longer part."""
    return max(map(visible_width, term.split("}{"))) + 2


def breakable_expression(expression: Any) -> str:
    """As `latex_expression`, with breaks, the terms in the order of sympy."""
    return _sum(expression, BREAK)


def breakable_number(text: str) -> str:
    """As `latex_number`; the decimals of a long number stand in groups of ten, with breaks."""
    mantissa, point, decimals = text.partition(".")
    if len(decimals) <= _LONG_DECIMALS or " " in text:
        return latex_number(text)
    decimals, _, exponent = decimals.partition("e")
    groups = [decimals[i : i + 10] for i in range(0, len(decimals), 10)]
    power = rf" \cdot 10^{{{exponent}}}" if exponent else ""
    return f"{mantissa}{point}" + rf"\,{BREAK}".join(groups) + power


def _opened(factor: str) -> str:
    r"""A factor \left(...\right) as brackets in which there may be breaks; others as they are."""
    if not factor.startswith(r"\left(") or visible_width(factor) <= _SHORT:
        return factor
    opened = factor.replace(r"\left(", r"\bigl(").replace(r"\right)", r"\bigr)")
    return re.sub(r" ([+-]) ", lambda sign: f" {_INNER_BREAK}{sign[1]} ", opened)


def _sum(expression: Any, break_mark: str) -> str:
    pieces = []
    for term in expression.as_ordered_terms():
        negative = bool(term.could_extract_minus_sign())
        sign = "-" if negative else "+" if pieces else ""
        pieces.append(f"{break_mark if pieces else ''}{sign} {_product(-term if negative else term)}".strip())
    return " ".join(pieces)


def _product(term: Any) -> str:
    numerator, denominator = sympy.fraction(term)
    whole = latex_expression(term)
    if visible_width(latex_expression(numerator)) <= _WIDEST:
        return whole
    number, factors = numerator.as_coeff_mul()
    front = str(number) if denominator == 1 else rf"\frac{{{number}}}{{{latex_expression(denominator)}}}"
    return THIN.join([*([] if front == "1" else [front]), *map(_factor, factors)])


def _factor(factor: Any) -> str:
    base, exponent = factor.as_base_exp()
    if not base.is_Add or exponent.is_negative or not exponent.is_Integer:
        return latex_expression(factor)
    power = "" if exponent == 1 else f"^{{{exponent}}}"
    inner = _INNER_BREAK if visible_width(latex_expression(base)) > _SHORT else ""
    return rf"\bigl({_sum(base, inner)}\bigr){power}"
