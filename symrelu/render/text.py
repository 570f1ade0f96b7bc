"""Plain text for people: series, tables, numbers."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from symrelu.arithmetic.constants import Constant
from symrelu.arithmetic.reals import certain_digits
from symrelu.render.layout import WIDTH, longest_word, wrapped


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


def table(headings: list[str], rows: list[list[Any]], width: int = WIDTH) -> str:
    """Columns aligned on the left, separated by two blanks, in at most `width` characters.

    Wide cells are wrapped between words; where words are too long for that, each row becomes a list of its cells.
    """
    cells = [headings, *([str(cell) for cell in row] for row in rows)]
    widths = _column_widths(cells, width)
    if widths is None:
        return _as_lists(headings, cells[1:])
    lines = [line for row in cells for line in _row_lines(row, widths)]
    head = len(_row_lines(headings, widths))
    return "\n".join([*lines[:head], "  ".join("-" * width for width in widths), *lines[head:]])


def _column_widths(cells: list[list[str]], width: int) -> list[int] | None:
    """Natural widths, the widest columns made narrower until all fit; None where words do not allow it."""
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [max(map(longest_word, column)) for column in columns]
    room = width - 2 * (len(columns) - 1)
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((j for j in range(len(widths)) if widths[j] > least[j]), key=lambda j: widths[j])
        widths[widest] -= 1
    return widths


def _row_lines(row: list[str], widths: list[int]) -> list[str]:
    parts = [wrapped(cell, size) for cell, size in zip(row, widths, strict=True)]
    return [
        "  ".join(cell.ljust(size) for cell, size in zip(line, widths, strict=True)).rstrip()
        for line in zip_longest(*parts, fillvalue="")
    ]


def _as_lists(headings: list[str], rows: list[list[str]]) -> str:
    """For each row its non-empty cells, a line each, after their headings."""
    margin = max(map(len, headings))
    lists = [
        [f"{heading.ljust(margin)}  {cell}" for heading, cell in zip(headings, row, strict=True) if cell]
        for row in rows
    ]
    return "\n".join("\n".join(["-" * margin, *lines]) for lines in lists)
