"""Export families as LaTeX and compile them with pdflatex, in a temporary folder: python .ci/compile_latex.py

Fails on an error, an undefined reference or citation, a missing character, or a box that is too wide by more than 1pt.
Wants `symrelu` and `pdflatex` (Debian: texlive-latex-recommended, texlive-fonts-recommended, lmodern) on the path.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FAMILIES = ("A", "II", "M2+1", "II+1", "three.json")
USER_FAMILY = {
    "name": "three_flipped & 50%",
    "blocks": ["d-3", "3"],
    "rows": [{"attached": 1}, {"attached": 2}],
    "start": {
        "d": "20",
        "values": {"diag1": "1.0", "off1": "0", "w12": "0.1", "w21": "0.05", "diag2": "-0.9", "off2": "0.1"},
    },
}
WIDEST = 1.0  # points
FAULTS = re.compile(r"^(?:!.*|.*Missing character.*|.*[Uu]ndefined.*|.*Rerun to get.*)$", re.MULTILINE)
OVERFULL = re.compile(r"^Overfull \\[hv]box \(([\d.]+)pt.*$", re.MULTILINE)


def faults(log: str) -> list[str]:
    """The lines of a log of pdflatex that must not be there."""
    wide = [match[0] for match in OVERFULL.finditer(log) if float(match[1]) > WIDEST]
    return [match[0] for match in FAULTS.finditer(log)] + wide


def compiled(document: Path) -> list[str]:
    """Run pdflatex twice beside the document: what is wrong with it."""
    for _ in range(2):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", document.name]
        run = subprocess.run(
            command, cwd=document.parent, capture_output=True, text=True, errors="replace", check=False
        )
        if run.returncode != 0:
            return [run.stdout[-2000:]]
    return faults(document.with_suffix(".log").read_text(encoding="utf-8", errors="replace"))


def main() -> int:
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "three.json").write_text(json.dumps(USER_FAMILY), encoding="utf-8")
        for family in FAMILIES:
            command = ["symrelu", "export", family, "--out", "supplement", "--json"]
            written = json.loads(subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout)[
                "files"
            ]
            wrong = compiled(Path(folder, written[-1]))
            print(f"{family}: {'; '.join(wrong) or 'compiles'}", flush=True)
            failures += bool(wrong)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
