"""What stands in the pictures, in the notation of the papers, as matplotlib's mathtext (a part of LaTeX) reads it."""

from __future__ import annotations

from typing import Any

from symrelu.render.latex import latex_entry, latex_number, latex_type


def component(name: str) -> str:
    """An isotypic component by its name, between dollars: `s1` is a Fraktur s with the index 1."""
    return f"${latex_type(name)}$"


def entry(name: str) -> str:
    """An entry of the weight matrix, or the loss, between dollars: `off1` is an upright off with the index 1."""
    return f"${latex_entry(name)}$"


def family_name(name: str) -> str:
    """The name of a family, upright; a dollar in a name given by a user is not the beginning of a formula."""
    return name.replace("$", r"\$")


def polynomial(expression: Any) -> str:
    """A multiplicity or a block size, a product of linear factors, without its outer dollars.

    >>> polynomial("(d - 2)*(d - 1)/2")
    '(d-2)(d-1)/2'
    """
    return str(expression).replace(" ", "").replace("*", "")


def formula(*sides: Any) -> str:
    """An equation between dollars, sides that are the same once.

    >>> formula("d-1", 19), formula("1", 1)
    ('$d-1 = 19$', '$1$')
    """
    return f"${' = '.join(dict.fromkeys(map(str, sides)))}$"


def rounded(x: float) -> str:
    """Three significant digits, without outer dollars.

    >>> rounded(1.0), rounded(-0.0504), rounded(-1.5e-6)
    ('1.00', '-0.0504', '-1.50 \\\\cdot 10^{-6}')
    """
    mantissa, _, exponent = f"{x:#.3g}".partition("e")
    return latex_number(f"{mantissa}e{int(exponent)}" if exponent else mantissa)
