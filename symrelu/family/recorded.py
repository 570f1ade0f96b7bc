"""The recorded branches of the families with more neurons than the teacher: starting values found by a search.

branches.json is written by analysis/branch_record.py, which says how branches are found and named.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

BASES = ("A", "I", "II", "M2", "M3", "M4", "M5", "M6")  # families whose enlargements are searched
LARGEST_P = 6
EXTRA = (1, 2, 3)
SEARCH_D = Fraction(20)


def branch_letter(position: int) -> str:
    """ "" for the first branch of a shape, then b, c, ..."""
    return "" if position == 0 else chr(ord("a") + position)


@cache
def recorded_branches() -> dict[str, list[dict[str, Any]]]:
    """For each F+m that was searched, its branches: hits, loss and values at d = 20."""
    text = files("symrelu.family").joinpath("branches.json").read_text(encoding="utf-8")
    return json.loads(text)["families"]
