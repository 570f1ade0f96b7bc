"""A line must not break between a formula and the comma after it; browsers would do that, for a formula is a picture."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

_CLOSING = re.compile(r"[.,;:!?)\]\u2019\u201d]+")


def keep_with_formulas(_app: Any, doctree: nodes.document, _page: str) -> None:
    """The handler of doctree-resolved: puts formulas and the punctuation after them into one unbroken piece."""
    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        place = parent.index(formula)
        follows = parent[place + 1] if place + 1 < len(parent) else None
        mark = _CLOSING.match(follows) if isinstance(follows, nodes.Text) else None
        if mark:
            parent[place + 1] = nodes.Text(follows[mark.end() :])
            parent[place] = nodes.inline("", "", formula, nodes.Text(mark.group()), classes=["unbroken"])
