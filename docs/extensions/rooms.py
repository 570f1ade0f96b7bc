"""The rooms of the code: a page for each folder of symrelu/, from the docstrings of its modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import symrelu

_ROOT = Path(symrelu.__file__).parent
_DESCRIBED = re.compile(r"auto(?:class|function|exception):: (symrelu[\w.]*)\.(\w+)")


def pages(described: str) -> Iterator[tuple[str, str]]:
    """(name, text) of each room; what the text of the hand-written pages describes already is left out."""
    elsewhere = _DESCRIBED.findall(described)
    for room in sorted(path.parent for path in _ROOT.glob("*/__init__.py")):
        modules = sorted(path for path in room.rglob("*.py") if path.name != "__init__.py")
        names = [".".join(path.relative_to(_ROOT.parent).with_suffix("").parts) for path in modules]
        sections = [_section(name, [member for module, member in elsewhere if module == name]) for name in names]
        # Two rooms are called like functions of the package, and these are what is indexed under the names.
        options = ["no-index:" if ("symrelu", room.name) in elsewhere else "no-members:"]
        yield room.name, "\n".join([f"# {room.name}", "", _automodule(f"symrelu.{room.name}", *options), *sections])


def _section(module: str, left_out: list[str]) -> str:
    options = [f"exclude-members: {', '.join(left_out)}"] if left_out else []
    return f"## {module.split('.', 2)[2]}\n\n{_automodule(module, *options)}"


def _automodule(module: str, *options: str) -> str:
    lines = [f".. automodule:: {module}", *(f"   :{option}" for option in options)]
    return "\n".join(["```{eval-rst}", *lines, "```", ""])
