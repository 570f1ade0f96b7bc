"""The families of the literature, as data (mathematics of Arjevani & Field 2021; names as there).

Starting values only select the branch: they are the weights to leading order at a large d, where Newton's method
converges from them. Everything else is derived.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.family.continued import continue_in_p
from symrelu.family.definition import Definition, Start, definition_from_dict, definition_from_file
from symrelu.family.recorded import LARGEST_P, SEARCH_D, branch_letter, recorded_branches
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size

_NAME = re.compile(r"M([1-9][0-9]{0,3})")
_ENLARGED = re.compile(r"(?P<base>.+)\+(?P<extra>[1-9][0-9]?)(?P<branch>[b-z]?)")


def _shape(blocks: list[str], attached: list[int | None]) -> Shape:
    return Shape.build([Size.parse(block) for block in blocks], attached)


def _near(d: int, **values: str | int) -> Start:
    return Start(Fraction(d), {name: Fraction(value) for name, value in values.items()})


_ONE_BLOCK = _shape(["d"], [0])
_TWO_BLOCKS = _shape(["d-1", "1"], [0, 1])


def _flipped(p: int) -> Start:
    """I block, p neurons near -e_j: leading behaviour at d = 100 + 10 p."""
    d = 100 + 10 * p
    return Start(
        Fraction(d),
        {
            "diag1": Fraction(1),
            "off1": Fraction(0),
            "w12": Fraction(2, d),
            "w21": Fraction(5, 4 * d),
            "diag2": -1 + Fraction(2, d),
            "off2": Fraction(2, d),
        },
    )


CATALOGUE: dict[str, Definition] = {
    definition.name: definition
    for definition in (
        Definition("global", _ONE_BLOCK, exact_point={"diag1": 1, "off1": 0}, status="global minimum W = V"),
        Definition(
            "A", _ONE_BLOCK, start=_near(100, diag1="-0.98", off1="0.02"), status="spurious, loss bounded away from 0"
        ),
        Definition(
            "I",
            _TWO_BLOCKS,
            start=_near(100, diag1="-0.98", off1="0.02", w12="0.01", w21="0.01", w22=1),
            status="spurious, loss bounded away from 0",
        ),
        Definition(
            "II",
            _TWO_BLOCKS,
            start=_near(100, diag1=1, off1=0, w12="0.02", w21="0.01", w22=-1),
            status="spurious, loss of order 1/d",
        ),
        Definition(
            "M",
            _shape(["d-p", "p"], [0, 1]),
            symbolic_p=True,
            status="M_p with p a symbol; spurious, loss of order 1/d",
        ),
    )
}


def members(p_max: int = 4) -> list[Definition]:
    """The catalogue with M_2 ... M_p_max written out, and the recorded branches with more neurons."""
    enlarged = [f"{name}{branch_letter(i)}" for name, found in recorded_branches().items() for i in range(len(found))]
    return [
        *CATALOGUE.values(),
        *(member(p) for p in range(2, p_max + 1)),
        *(definition(name) for name in enlarged),
    ]


def member(p: int) -> Definition:
    """M_p for an integer p >= 2."""
    return definition(f"M{p}")


def definition(source: Any) -> Definition:
    """The family of a name (global, A, I, II, M2, M3, ..., M, and with extra neurons A+1, M2+1b, ...), of a dict, or of a
    path to a JSON file."""
    if isinstance(source, Definition):
        return source
    if isinstance(source, dict):
        return definition_from_dict(source)
    name = str(source)
    if name in CATALOGUE:
        return CATALOGUE[name]
    if match := _NAME.fullmatch(name):
        p = int(match.group(1))
        if p == 1:
            return CATALOGUE["II"]
        shape = _shape([f"d-{p}", str(p)], [0, 1])
        root = None if isqrt(p) ** 2 == p else p
        return Definition(name, shape, start=_flipped(p), root_of=root, status="spurious, loss of order 1/d")
    if match := _ENLARGED.fullmatch(name):
        return _enlarged(name, match["base"], int(match["extra"]), match["branch"])
    if name.endswith(".json") or "/" in name or _is_file(name):
        return definition_from_file(Path(name))
    raise UsageError(
        f"unknown family {name!r}; known are {', '.join(CATALOGUE)}, M2, M3, ..., A+1, II+1, ... or a JSON file"
    )


def _enlarged(name: str, base_name: str, extra: int, branch: str) -> Definition:
    """A branch of a family with `extra` more free rows: recorded, or for larger p continued from the largest M_p recorded."""
    base = definition(base_name)
    match = _NAME.fullmatch(base.name)
    p = int(match.group(1)) if match else 0
    searched = base.name if p <= LARGEST_P else f"M{LARGEST_P}"
    found = recorded_branches().get(f"{searched}+{extra}")
    if found is None:
        known = ", ".join(recorded_branches())
        raise UsageError(f"no branch {name} is recorded; searched were {known}; give a JSON file for others")
    position = ord(branch) - ord("a") if branch else 0
    if position >= len(found):
        letters = ", ".join(f"{base.name}+{extra}{branch_letter(i)}" for i in range(len(found))) or "none"
        raise UsageError(
            f"no branch {name} was found by the recorded search at d = {SEARCH_D}; known of this shape: {letters}"
        )
    shape = base.shape.enlarged(extra)
    d, values = SEARCH_D, {entry: Fraction(value) for entry, value in found[position]["values"].items()}
    if p > LARGEST_P:
        d, values = continue_in_p(shape, values, float(SEARCH_D), LARGEST_P, p)
    return replace(
        base,
        name=f"{base.name}+{extra}{branch}",
        shape=shape,
        start=Start(d, values),
        status=f"{base.name} with {_number(extra)}, {['first', 'second', 'third', 'fourth'][position]} branch",
        branch=branch,
    )


def _number(extra: int) -> str:
    return "one more neuron" if extra == 1 else f"{extra} more neurons"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # no name of a file on this system
        return False
