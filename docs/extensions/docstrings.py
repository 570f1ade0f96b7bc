"""symrelu's docstrings are plain text with plain mathematics; here they become reStructuredText that says the same.

`x` in single backticks is code, and so is LaTeX between dollars; indented lines are shown as they stand; >>> begins a
doctest, * and - begin items of lists. Anything else is prose: no character of it is markup, so |w|^2, w_12 and f* need no
escapes in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

_CODE = re.compile(r"(`+[^`]+`+|\$[^$]+\$)")
_MARKUP = re.compile(r"([\\*|_<\[\]:])")
_ITEM = re.compile(r"([*-]|\d+\.) ")


def to_restructured_text(_app: Any, _what: str, _name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """The handler of autodoc-process-docstring: rewrites the lines in place."""
    paragraphs = [list(group) for blank, group in groupby(lines, lambda line: not line.strip()) if not blank]
    lines[:] = [line for paragraph in paragraphs for line in (*_paragraph(paragraph), "")]


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines[0].lstrip().startswith(">>> "):
        yield from lines
    elif _ITEM.match(lines[0]):
        yield from map(_item_line, lines)
    else:
        for indented, group in groupby(lines, lambda line: line.startswith("  ")):
            run = list(group)
            yield from ["", "::", "", *run, ""] if indented else map(inline, run)


def _item_line(line: str) -> str:
    mark = _ITEM.match(line)
    return line[: mark.end()] + inline(line[mark.end() :]) if mark else inline(line)


def inline(text: str) -> str:
    """Prose without markup except code: `w_12` is |w|^2 becomes ``w_12`` is \\|w\\|^2."""
    pieces = _CODE.split(text)  # prose and code by turns
    return "".join(
        f"``{piece.strip('`')}``" if k % 2 else _MARKUP.sub(r"\\\1", piece) for k, piece in enumerate(pieces)
    )
