"""Running the independent checker, proofs/checker.py, on certificates: as a program of its own, so that nothing is shared."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symrelu.arithmetic.outcome import UsageError

_INSTALLED = Path(__file__).parent / "checker.py"  # where the wheel puts it
_IN_THE_CHECKOUT = Path(__file__).parents[2] / "proofs" / "checker.py"


@dataclass(frozen=True)
class CheckResult:
    """What the checker says of one file: `proved` or `refuted`, with its conclusion or its reason."""

    file: Path
    outcome: str
    reason: str

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
    said = " ".join((run.stdout + run.stderr).split()).removeprefix(f"{path}: ")
    if run.returncode == 2:
        raise UsageError(f"{path}: {said}")
    return CheckResult(path, "proved" if run.returncode == 0 else "refuted", said)
