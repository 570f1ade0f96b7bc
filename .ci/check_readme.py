"""Run what README.md shows and compare: `$ symrelu ...` in console blocks, `>>>` in Python blocks.

A `...` in the shown output stands for anything. A JSON block is written to the file named in the text before it.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(readme: Path) -> int:
    text, failures = readme.read_text(encoding="utf-8"), 0
    os.chdir(tempfile.mkdtemp())
    for block in BLOCK.finditer(text):
        language, body = block.groups()
        if language == "json":
            name = re.findall(r"`([\w.]+\.json)`", text[: block.start()])[-1]
            Path(name).write_text(body, encoding="utf-8")
        elif language == "console":
            failures += sum(not shows(*session.split("\n", 1)) for session in re.split(r"^\$ ", body, flags=re.M)[1:])
    failures += doctest.testfile(str(readme), module_relative=False, optionflags=doctest.ELLIPSIS).failed
    return failures


def shows(command: str, expected: str) -> bool:
    """Whether the command prints what is expected of it."""
    print(f"README: {command}", flush=True)
    found = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
    same = doctest.OutputChecker().check_output(expected, found.stdout, doctest.ELLIPSIS)
    if not same:
        print(f"the README shows\n{expected}\nbut the command prints\n{found.stdout}{found.stderr}")
    return same


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()) > 0)
