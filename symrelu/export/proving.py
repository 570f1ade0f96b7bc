"""The first step of an export: the theorem and its certificate, proved here, given as a file, or absent for a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from symrelu.analysis.crossing import Crossing
from symrelu.arithmetic.outcome import UsageError
from symrelu.export.certificate import Certificate, given_certificate, written_certificate
from symrelu.export.pieces import Piece
from symrelu.export.theorem_section import given_piece, no_theorem_piece, theorem_piece
from symrelu.toolkit import Family

_CONSTANTS = 4  # C_1, ..., C_4

# What is being done, and the d reached where that is known.
Progress = Callable[[str, Fraction | None], None]


@dataclass(frozen=True)
class Established:
    """The piece on the theorem, the certificate, the files written with it, and the crossings that the theorem knows."""

    piece: Piece
    certificate: Certificate
    files: list[Path] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)


def without_theorem(reason: str) -> Established:
    """No theorem, and why."""
    certificate = Certificate(reason=reason)
    return Established(no_theorem_piece(certificate), certificate)


def with_certificate(subject: Family, path: Path, tell: Progress) -> Established:
    """The theorem of a certificate that exists; errors as for `given_certificate`."""
    tell("Checking the certificate", None)
    certificate = given_certificate(subject, path)
    return Established(given_piece(certificate), certificate)


def proved_theorem(subject: Family, root: Path, folder: str, source: str, tell: Progress) -> Established:
    """The theorem proved and written into root/folder; UsageError if that cannot be written."""
    try:
        proof = subject.prove(order=_CONSTANTS, progress=lambda d: tell("The theorem", d))
    except (ArithmeticError, UsageError) as error:
        return without_theorem(str(error))
    if proof.outcome == "proved":
        tell("The certificate", None)
        proof = subject.write_proof(proof, root / folder, f"symrelu prove {source} --order {_CONSTANTS}")
    certificate = written_certificate(proof, root)
    return Established(theorem_piece(proof, certificate), certificate, proof.files, proof.theorem.crossings)
