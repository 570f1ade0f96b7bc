"""Running the independent checker, proofs/checker.py, on certificates: as a program of its own, so that nothing is shared."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.render.html import html_box, html_card
from symrelu.render.latex import latex_plain
from symrelu.render.shown import Shown

_WIDTH = 80
_INSTALLED = Path(__file__).parent / "checker.py"  # where the wheel puts it
_IN_THE_CHECKOUT = Path(__file__).parents[2] / "proofs" / "checker.py"


@dataclass(frozen=True)
class CheckResult(Shown):
    """What the checker says of one file: `proved` or `refuted`, with the theorem in its own words, or the reason."""

    file: Path
    outcome: str
    lines: list[str]

    @property
    def reason(self) -> str:
        """All that it says, on one line."""
        return "; ".join(self.lines)

    def to_text(self) -> str:
        wrapped = (wrap(line, _WIDTH, initial_indent="  ", subsequent_indent="    ") for line in self.lines)
        return "\n".join([f"{self.file}: {self.outcome}", *(part for lines in wrapped for part in lines)])

    def to_html(self) -> str:
        heading = "The checker proves" if self.outcome == "proved" else "The checker refuses"
        return html_card(f"Certificate {self.file}", [self.outcome], html_box([(heading, self.lines)]))

    def to_latex(self) -> str:
        return rf"\texttt{{{latex_plain(str(self.file))}}}: {self.outcome}. " + latex_plain(" ".join(self.lines))

    def __repr__(self) -> str:
        return f"CheckResult({self.file}: {self.outcome})"

    def to_json(self) -> dict[str, Any]:
        return {"file": str(self.file), "outcome": self.outcome, "reason": self.reason}


def checker_path() -> Path:
    """The checker's file; UsageError if it is missing from the installation."""
    for path in (_IN_THE_CHECKOUT, _INSTALLED):
        if path.is_file():
            return path
    raise UsageError("the checker is not installed; get proofs/checker.py from the repository, it runs on its own")


def check_file(path: Path) -> CheckResult:
    """Re-check a certificate; UsageError if the file cannot be read as one."""
    run = subprocess.run([sys.executable, str(checker_path()), str(path)], capture_output=True, text=True, check=False)
    lines = [line.strip() for line in (run.stdout + run.stderr).removeprefix(f"{path}: ").splitlines() if line.strip()]
    if run.returncode not in (0, 1):
        raise UsageError(f"{path}: {' '.join(lines)}")
    accepted = run.returncode == 0
    return CheckResult(path, "proved" if accepted else "refuted", lines[1:] if accepted else lines)
