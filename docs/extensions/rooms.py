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
        yield room.name, "\n".join([f"# {room.name}", "", _automodule(f"symrelu.{room.name}", []), *sections])


def _section(module: str, left_out: list[str]) -> str:
    return f"## {module.split('.', 2)[2]}\n\n{_automodule(module, left_out)}"


def _automodule(module: str, left_out: list[str]) -> str:
    option = f"\n:exclude-members: {', '.join(left_out)}" if left_out else ""
    return f"```{{eval-rst}}\n.. automodule:: {module}{option.replace(chr(10), chr(10) + '   ')}\n```\n"
