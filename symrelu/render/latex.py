"""LaTeX for papers: aligned series with an error term in d, matrices, booktabs tables."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import sympy

from symrelu.arithmetic.constants import Constant
from symrelu.arithmetic.reals import certain_ball, certain_digits
from symrelu.arithmetic.written import Monomial, factored, root_power

_GREEK = {"phi": r"\varphi"}
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_ENTRY = re.compile(r"(diag|off|w)(\d+)")


def latex_entry(name: str) -> str:
    """The name of an entry or of the loss as LaTeX: off1 -> \\mathrm{off}_{1}, w12 -> w_{12}."""
    if name == "loss":
        return r"\mathcal{L}"
    match = _ENTRY.fullmatch(name)
    if match is None:
        return rf"\text{{{name}}}"
    letter = "w" if match[1] == "w" else rf"\mathrm{{{match[1]}}}"
    return f"{letter}_{{{match[2]}}}"


def latex_constant(value: Constant) -> str:
    """A factored constant as a fraction, or the certain digits of a ball."""
    if not value:
        return "0"
    if not value.field.exact:
        return latex_number(certain_digits(value.num))
    form, root = factored(value), value.field.ring.root_name.replace("pi", r"\pi")
    n, d = form.unit.numerator, form.unit.denominator
    above, below = ([_latex_factor(m, e, root) for m, e in part] for part in (form.numerator, form.denominator))
    if abs(n) != 1 or not above:
        above.insert(0, str(abs(n)))
    if d != 1:
        below.insert(0, str(d))
    sign, numerator = "-" if n < 0 else "", " ".join(above)
    if not below:
        return sign + numerator
    if len(above) == 1:
        numerator = _without_brackets(numerator)
    denominator = _without_brackets(below[0]) if len(below) == 1 else " ".join(below)
    return rf"{sign}\frac{{{numerator}}}{{{denominator}}}"


def _latex_factor(monomials: list[Monomial], e: int, root: str) -> str:
    pieces = []
    for c, i, j in monomials:
        parts = [str(abs(c))] if abs(c) != 1 or not (i or j) else []
        if i:
            parts.append(r"\pi" if i == 1 else rf"\pi^{{{i}}}")
        parts += root_power(j, root, r"\sqrt{{{}}}", "{}^{{{}}}")
        pieces.append(("- " if c < 0 else "+ ") + " ".join(parts))
    body = " ".join(pieces).removeprefix("+ ")
    if len(monomials) > 1:
        body = rf"\left({body}\right)"
    return body if e == 1 else rf"{body}^{{{e}}}"


def _without_brackets(body: str) -> str:
    single = body.startswith(r"\left(") and body.endswith(r"\right)") and body.count(r"\left(") == 1
    return body.removeprefix(r"\left(").removesuffix(r"\right)") if single else body


def latex_power(power: int, ramification: int = 1) -> str:
    """s^power as a power of d, s = d^(-1/(2 ramification))."""
    exponent = -Fraction(power, 2 * ramification)
    text = str(exponent)
    return "d" if text == "1" else f"d^{{{text}}}"


def latex_series(terms: dict[int, Constant], order: int, ramification: int = 1) -> str:
    """c_0 + c_1 d^{-1/2} + ... + O(d^{-order/2}), or in d^{-1/4}."""
    pieces = []
    for power, value in sorted(terms.items()):
        coefficient = latex_constant(value)
        if power:
            if coefficient in ("1", "-1"):
                coefficient = coefficient[:-1]
            elif " + " in coefficient or " - " in coefficient:
                coefficient = (
                    coefficient if coefficient.lstrip("- ").startswith(r"\frac") else rf"\left({coefficient}\right)"
                )
            coefficient = rf"{coefficient} {latex_power(power, ramification)}".strip()
        pieces.append(coefficient)
    error = "O(1)" if order == 0 else rf"O\bigl({latex_power(order, ramification)}\bigr)"
    text = " + ".join([*pieces, error])
    return re.sub(r"\+ -\s*", "- ", text)


def latex_aligned_series(rows: list[tuple[str, dict[int, Constant]]], order: int, ramification: int = 1) -> str:
    """An align* environment with one series a line."""
    lines = [rf"  {latex_entry(name)} &= {latex_series(terms, order, ramification)}" for name, terms in rows]
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def latex_table(headings: list[str], rows: list[list[str]], caption: str | None = None) -> str:
    """A booktabs tabular (in a table environment when it has a caption)."""
    body = [
        rf"\begin{{tabular}}{{{'l' * len(headings)}}}",
        r"\toprule",
        " & ".join(headings) + r" \\",
        r"\midrule",
        *(" & ".join(row) + r" \\" for row in rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if caption is not None:
        body = [r"\begin{table}", r"\centering", *body, rf"\caption{{{caption}}}", r"\end{table}"]
    return "\n".join(body)


def latex_formula(expression: Any) -> str:
    """A sympy expression between dollar signs."""
    return f"${sympy.latex(expression)}$"


def latex_expression(expression: Any) -> str:
    """A sympy expression in the named Gram data: entries upright, S_1v1prime as S'_{1v1}."""
    names = {}
    for symbol in expression.free_symbols:
        name = str(symbol)
        if _ENTRY.fullmatch(name):
            names[symbol] = latex_entry(name)
        elif "_" in name:
            letter, _, label = name.partition("_")
            prime = "'" if label.endswith("prime") else ""
            names[symbol] = rf"{{{_GREEK.get(letter, letter)}{prime}_{{{label.removesuffix('prime')}}}}}"
    return sympy.latex(expression, symbol_names=names)


def latex_type(name: str) -> str:
    """t, s1, s1*s2 -> \\mathfrak{t}, \\mathfrak{s}_1, \\mathfrak{s}_1 \\otimes \\mathfrak{s}_2."""
    parts = [rf"\mathfrak{{{part[0]}}}" + (f"_{{{part[1:]}}}" if part[1:] else "") for part in name.split("*")]
    return r" \otimes ".join(parts)


def latex_words(text: str) -> str:
    """A representation in words, its groups S_(d-1) set as mathematics."""
    return re.sub(r"S_\(([^)]*)\)", r"$S_{\1}$", re.sub(r"\(n-2,2\)", r"$(n-2,2)$", text))


def latex_number(text: str) -> str:
    """A decimal string with its exponent written as a power of ten."""
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa


def latex_ball(ball: Any, digits: int = 20) -> str:
    """The certain digits of a ball, with the radius; an exact decimal as it is.

    >>> from flint import arb
    >>> latex_ball(arb("0.25 +/- 1e-9")), latex_ball(arb(3))
    ('0.25 \\\\pm 2 \\\\cdot 10^{-9}', '3')
    """
    value, radius = certain_ball(ball, digits)
    return latex_number(value) if radius == "0" else rf"{latex_number(value)} \pm {latex_number(radius)}"


def latex_group(name: str) -> str:
    """Delta(S_4 x S_1) as mathematics; other words stay words."""
    if not name.startswith("Delta"):
        return name
    group, comma, rest = name.partition(",")
    symbols = group.replace("Delta", r"\Delta").replace(" x ", r" \times ")
    return f"${symbols}${comma}{rest}"


def latex_plain(text: str) -> str:
    """Text without commands."""
    return "".join(_SPECIAL.get(c, f"\\{c}" if c in "{}_&%#$" else c) for c in text)
