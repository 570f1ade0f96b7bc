"""Plain text for people: series, tables, numbers."""

from __future__ import annotations

from typing import Any

from symrelu.arithmetic.constants import Constant
from symrelu.arithmetic.reals import certain_digits


def constant_text(value: Constant, digits: int = 20) -> str:
    """A coefficient as a factored expression, or the certain digits of a ball."""
    return repr(value) if value.field.exact else certain_digits(value.num, digits)


def series_text(terms: dict[int, Constant], order: int, digits: int = 20) -> str:
    """c_i s^i + ... + O(s^order), lowest power first."""
    pieces = [_term(constant_text(value, digits), power) for power, value in sorted(terms.items())]
    error = {0: "O(1)", 1: "O(s)"}.get(order, f"O(s^{order})")
    text = " + ".join([*pieces, error])
    return text.replace("+ -", "- ")


def _term(coefficient: str, power: int) -> str:
    if power == 0:
        return coefficient
    symbol = "s" if power == 1 else f"s^{power}"
    if coefficient in ("1", "-1"):
        return coefficient[:-1] + symbol
    return f"({coefficient})*{symbol}" if _is_sum(coefficient) else f"{coefficient}*{symbol}"


def _is_sum(text: str) -> bool:
    """Whether there is a plus or a minus outside brackets, a leading sign left aside."""
    depth = 0
    for place, mark in enumerate(text):
        depth += (mark == "(") - (mark == ")")
        if place and mark in "+-" and depth == 0:
            return True
    return False


def table(headings: list[str], rows: list[list[Any]]) -> str:
    """Columns aligned on the left, separated by two blanks."""
    cells = [headings, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[j]) for row in cells) for j in range(len(headings))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
