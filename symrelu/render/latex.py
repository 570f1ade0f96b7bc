"""LaTeX for papers: aligned series with an error term in d, matrices, booktabs tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sympy

from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.reals import certain_ball, certain_digits
from symrelu.arithmetic.written import Monomial, factored, root_power

_GREEK = {"phi": r"\varphi"}
_ENTRY = re.compile(r"(diag|off|w)(\d+)")
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
THIN = r" \, "  # between factors
_PLAIN_EXPONENTS = range(-3, 4)  # of numbers that are written without a power of ten


def latex_entry(name: str) -> str:
    """The name of an entry or of the loss as LaTeX: off1 -> \\mathrm{off}_{1}, w12 -> w_{12}."""
    if name == "loss":
        return r"\mathcal{L}"
    match = _ENTRY.fullmatch(name)
    if match is None:
        return rf"\text{{{name}}}"
    letter = "w" if match[1] == "w" else rf"\mathrm{{{match[1]}}}"
    return f"{letter}_{{{match[2]}}}"


def latex_constant(value: Constant, digits: int = 20) -> str:
    """A factored constant as a fraction, or the certain digits of a ball."""
    if not value:
        return "0"
    if not value.field.exact:
        return latex_number(certain_digits(value.num, digits))
    sign, unit, above, below = constant_factors(value)
    if unit.numerator != 1 or not above:
        above = [str(unit.numerator), *above]
    if unit.denominator != 1:
        below = [str(unit.denominator), *below]
    numerator = " ".join(above)
    if not below:
        return sign + numerator
    if len(above) == 1:
        numerator = _without_brackets(numerator)
    denominator = _without_brackets(below[0]) if len(below) == 1 else " ".join(below)
    return rf"{sign}\frac{{{numerator}}}{{{denominator}}}"


def latex_constant_with_radius(value: Constant, digits: int = 20) -> str:
    """As `latex_constant`, a ball with its radius, in brackets."""
    if not value or value.field.exact:
        return latex_constant(value)
    text = latex_ball(value.num, digits)
    return rf"\left({text}\right)" if r"\pm" in text else text


def constant_factors(value: Constant) -> tuple[str, Fraction, list[str], list[str]]:
    """Sign, positive rational, and the factors of numerator and denominator of a non-zero exact constant."""
    form, root = factored(value), value.field.ring.root_name.replace("pi", r"\pi")
    above, below = ([_latex_factor(m, e, root) for m, e in part] for part in (form.numerator, form.denominator))
    return "-" if form.unit < 0 else "", abs(form.unit), above, below


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


def latex_series(
    terms: dict[int, Constant],
    order: int,
    ramification: int = 1,
    coefficient: Callable[[Constant], str] = latex_constant,
    break_mark: str = "",
) -> str:
    """c_0 + c_1 d^{-1/2} + ... + O(d^{-order/2}), or in d^{-1/4}; `break_mark` stands before each term but the first."""
    pieces = [_term(coefficient(value), power, ramification) for power, value in sorted(terms.items())]
    pieces.append("O(1)" if order == 0 else rf"O\bigl({latex_power(order, ramification)}\bigr)")
    signed = [f"- {piece[1:].lstrip()}" if piece.startswith("-") else f"+ {piece}" for piece in pieces[1:]]
    return " ".join([pieces[0], *(break_mark + piece for piece in signed)])


def _term(coefficient: str, power: int, ramification: int) -> str:
    if not power:
        return coefficient
    if coefficient in ("1", "-1"):
        coefficient = coefficient[:-1]
    elif is_sum(coefficient):
        coefficient = rf"\left({coefficient}\right)"
    return rf"{coefficient} {latex_power(power, ramification)}".strip()


def is_sum(latex: str) -> bool:
    """Whether there is a plus or a minus outside all brackets and groups, a leading sign left aside."""
    depth = 0
    for place, mark in enumerate(latex):
        depth += (mark in "{(") - (mark in "})")
        if place and mark in "+-" and depth == 0:
            return True
    return False


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
    """A sympy expression in the named Gram data: entries upright, S_1v1prime as S'_{1v1}, y_w12 as y_{w_{12}}."""
    names = {symbol: _latex_name(str(symbol)) for symbol in expression.free_symbols}
    options: dict[str, Any] = {"inv_trig_style": "full", "mul_symbol": THIN, "fold_frac_powers": True}
    # Before \left( TeX puts the thin space by itself.
    return sympy.latex(expression, symbol_names=names, **options).replace(rf"{THIN}\left(", r" \left(")


def _latex_name(name: str) -> str:
    if _ENTRY.fullmatch(name):
        return latex_entry(name)
    letter, _, label = name.partition("_")
    if not label:
        return name
    if _ENTRY.fullmatch(label):
        return f"{letter}_{{{latex_entry(label)}}}"
    shown = _GREEK.get(letter, letter if len(letter) == 1 else rf"\mathrm{{{letter}}}")
    plain = rf"{shown}_{{{label.removesuffix('prime')}}}"
    return f"{{{plain.replace('_', chr(39) + '_', 1)}}}" if label.endswith("prime") else plain


def latex_type(name: str) -> str:
    """t, s1, s1*s2 -> \\mathfrak{t}, \\mathfrak{s}_1, \\mathfrak{s}_1 \\otimes \\mathfrak{s}_2."""
    parts = [rf"\mathfrak{{{part[0]}}}" + (f"_{{{part[1:]}}}" if part[1:] else "") for part in name.split("*")]
    return r" \otimes ".join(parts)


def latex_dimension(dimension: Any) -> str:
    """A dimension in one line: (d - 3)(d - 2)/2."""
    return sympy.latex(dimension, fold_short_frac=True)


def latex_words(text: str) -> str:
    """A representation in words, its groups S_(d-1) set as mathematics."""
    return re.sub(r"S_\(([^)]*)\)", r"$S_{\1}$", re.sub(r"\(n-2,2\)", r"$(n-2,2)$", text))


def latex_number(text: str) -> str:
    """A decimal string with its exponent written as a power of ten, and a radius after a plus-minus sign.

    >>> latex_number("2.55e0"), latex_number("1e-20"), latex_number("0 +/- 1e-20")
    ('2.55', '1 \\\\cdot 10^{-20}', '0 \\\\pm 1 \\\\cdot 10^{-20}')
    """
    return r" \pm ".join(_latex_decimal(part) for part in text.split(" +/- "))


def _latex_decimal(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    digits = sum(mark.isdigit() for mark in mantissa)
    if int(exponent) in _PLAIN_EXPONENTS and int(exponent) < digits:  # no zeros are put in place of unknown digits
        return format(Decimal(text), "f")
    return rf"{mantissa} \cdot 10^{{{exponent}}}"


def latex_plain(text: str) -> str:
    """Text without commands; what pdflatex has no letter for is written as its number, like [U+4E2D]."""
    return "".join(_SPECIAL.get(c, f"\\{c}" if c in "{}_&%#$" else _letter(c)) for c in text)


def _letter(character: str) -> str:
    known = character.isascii() or (character.isalpha() and ord(character) < 0x180)
    return character if known else f"[U+{ord(character):04X}]"


def latex_group(isotropy: str) -> str:
    """Delta(S_{d-1} x S_1) -> \\Delta(S_{d-1} \\times S_1)."""
    return isotropy.replace("Delta", r"\Delta").replace(" x ", r" \times ").replace("*", " ")


def latex_field(field: ConstantField) -> str:
    """The field of exact coefficients: \\mathbb{Q}(\\pi) or \\mathbb{Q}(\\pi, \\sqrt{2})."""
    root = field.ring.root_name.replace("pi", r"\pi").replace("**", "^").replace("*", " ")
    return rf"\mathbb{{Q}}(\pi, \sqrt{{{root}}})" if root else r"\mathbb{Q}(\pi)"


def latex_ball(ball: Any, digits: int = 20) -> str:
    """The certain digits of a ball, with the radius; an exact decimal as it is.

    >>> from flint import arb
    >>> latex_ball(arb("0.25 +/- 1e-9")), latex_ball(arb(3))
    ('0.25 \\\\pm 2 \\\\cdot 10^{-9}', '3')
    """
    value, radius = certain_ball(ball, digits)
    return latex_number(value) if radius == "0" else rf"{latex_number(value)} \pm {latex_number(radius)}"


def latex_isotropy(name: str) -> str:
    """Delta(S_4 x S_1) between dollar signs; other words stay words."""
    if not name.startswith("Delta"):
        return name
    group, comma, rest = name.partition(",")
    return f"${latex_group(group)}${comma}{rest}"
