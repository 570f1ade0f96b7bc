"""The certificate that a document names: made by proving the theorem, or given as a file and checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.proof.certificate import problem_of
from symrelu.proof.checking import check_file
from symrelu.proof.result import Proof
from symrelu.toolkit import Family


@dataclass(frozen=True)
class Certificate:
    """`file` as the document names it, the SHA-256 of its bytes, and what the checker says of it; or why there is none."""

    file: str | None = None
    sha256: str | None = None
    words: tuple[str, ...] = ()
    reason: str = ""

    def to_line(self) -> str:
        """One line of text."""
        return f"no certificate: {self.reason}" if self.file is None else f"{self.file}, SHA-256 {self.sha256}"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal; UsageError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give the path of a certificate") from None


def written_certificate(proof: Proof, root: Path) -> Certificate:
    """That of a proof whose files are written below the folder `root`: accepted by the independent checker."""
    path = next((file for file in proof.files if file.suffix == ".json"), None)
    if path is None:
        return Certificate(reason=proof.uncertified or proof.reason or "the theorem is not proved")
    return Certificate(path.relative_to(root).as_posix(), sha256_of(path), tuple(check_file(path).lines))


def given_certificate(subject: Family, path: Path) -> Certificate:
    """A certificate from elsewhere, checked again.

    UsageError for a file that is not one, or is about another shape or family; Undecided where the checker refuses it.
    """
    subject.definition.require_relu("a certificate")
    digest, checked = sha256_of(path), check_file(path)
    if checked.outcome != "proved":
        raise Undecided(f"{path}: the checker refuses it: {checked.reason}")
    record = json.loads(path.read_text(encoding="utf-8"))
    about = record["words"]["family"]
    if record["problem"] != problem_of(subject.definition.shape) or about != subject.name:
        raise UsageError(f"{path}: is a certificate about {about}; give one about {subject.name}, of the same shape")
    return Certificate(str(path), digest, tuple(checked.lines))
