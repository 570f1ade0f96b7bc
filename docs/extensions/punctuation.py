"""A line must not break between a formula and the comma after it; browsers would do that, for a formula is a picture."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

_OPENING = re.compile(r"[(\[\u2018\u201c]+$")
_CLOSING = re.compile(r"^[.,;:!?)\]\u2019\u201d]+")


def keep_with_formulas(_app: Any, doctree: nodes.document, _page: str) -> None:
    """The handler of doctree-resolved: puts formulas and the punctuation at them into one unbroken piece."""
    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        place = parent.index(formula)
        before = _taken(parent, place - 1, _OPENING) if place else ""
        after = _taken(parent, place + 1, _CLOSING) if place + 1 < len(parent) else ""
        if before or after:
            pieces = [nodes.Text(before), formula, nodes.Text(after)]
            parent[place] = nodes.inline("", "", *pieces, classes=["unbroken"])


def _taken(parent: nodes.Element, place: int, pattern: re.Pattern[str]) -> str:
    """What the pattern finds in the text at this place; it is taken away there."""
    text = parent[place]
    mark = pattern.search(text) if isinstance(text, nodes.Text) else None
    if mark is None:
        return ""
    parent[place] = nodes.Text(pattern.sub("", text))
    return mark.group()
