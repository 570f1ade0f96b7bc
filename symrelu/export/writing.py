"""Writing a family down as LaTeX: the theorem first, for its certificate's hash stands in every file, then piece by piece."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from symrelu import __version__
from symrelu.arithmetic.outcome import UsageError
from symrelu.export import blocks_section, series_section, spectrum_section, threshold_section
from symrelu.export.certificate import Certificate, given_certificate, written_certificate
from symrelu.export.document import Provenance, main_file, piece_file
from symrelu.export.evidence_section import evidence_piece
from symrelu.export.family_section import family_piece
from symrelu.export.pieces import Piece, piece_or_reason
from symrelu.export.theorem_section import given_piece, no_theorem_piece, theorem_piece
from symrelu.toolkit import Family

_CONSTANTS = 4  # C_1, ..., C_4
_MOST_DIGITS = 5000

# What is done, and how far it has come where that is known.
Progress = Callable[[str, Fraction | None], None]


@dataclass(frozen=True)
class Options:
    """What is asked for: terms s^j with j < `order`, `digits` of balls and thresholds, a point at `d`, the theorem.

    `proof` False leaves the theorem out; `certificate` is one that exists already, in place of a new proof.
    """

    order: int = 6
    digits: int = 20
    d: str | None = None
    proof: bool = True
    certificate: Path | None = None

    def require(self) -> None:
        """UsageError for numbers out of range, or options that exclude each other."""
        if self.order < 0:
            raise UsageError(f"the order {self.order} is negative; give a number of terms N >= 0")
        if not 1 <= self.digits <= _MOST_DIGITS:
            raise UsageError(f"{self.digits} digits cannot be given; ask for 1 to {_MOST_DIGITS}")
        if self.certificate is not None and not self.proof:
            raise UsageError("--certificate and --no-proof exclude each other; give one of them or none")


def file_stem(name: str) -> str:
    """What file names begin with: the name of a family in letters that TeX and file systems take.

    >>> file_stem("M2+1"), file_stem("II with leaky:1/10")
    ('M2+1', 'II-with-leaky-1-10')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9+_]+", "-", plain).strip("-") or "family"


def export(
    subject: Family, out: Path, options: Options, command: str, source: str, progress: Progress | None = None
) -> Iterator[Path]:
    """Write the document of a family and its pieces into a folder, and yield each file when it is written.

    `command` makes the files again, `source` is what the family was asked by. UsageError for options out of range and
    for a folder that cannot be written; Undecided where a given certificate is refused.
    """
    options.require()
    tell = progress or (lambda _what, _done: None)
    _make_folder(out)
    stem = file_stem(subject.name)
    theorem, certificate, files = _theorem(subject, out, stem, options, source, tell)
    yield from files
    provenance = Provenance(command, __version__, certificate)
    pieces = []
    for piece in _pieces(subject, options, theorem, tell):
        pieces.append(piece)
        yield _written(out / f"{stem}-{piece.name}.tex", piece_file(piece, subject.name, provenance))
    yield _written(out / f"{stem}.tex", main_file(pieces, stem, subject.name, provenance))


def _pieces(subject: Family, options: Options, theorem: Piece, tell: Progress) -> Iterator[Piece]:
    """All pieces in the order of the document."""
    order, digits, d = options.order, options.digits, options.d
    pieces = []
    makers: list[tuple[str, str, Callable[[], Piece]]] = [
        ("family", "The family", lambda: family_piece(subject)),
        ("series", series_section.TITLE, lambda: series_section.series_piece(subject, order, digits)),
        ("decomposition", blocks_section.DECOMPOSITION, lambda: blocks_section.decomposition_piece(subject)),
        ("spectrum", spectrum_section.TITLE, lambda: spectrum_section.spectrum_piece(subject, order, digits)),
    ]
    if d is not None:
        makers.append(("point", "The point at one d", lambda: threshold_section.point_piece(subject, d, digits)))
    makers += [
        ("thresholds", threshold_section.TITLE, lambda: _thresholds(subject, digits, tell)),
        ("theorem", theorem.title, lambda: theorem),
        ("blocks", blocks_section.BLOCKS, lambda: blocks_section.blocks_piece(subject)),
    ]
    for name, title, make in makers:
        tell(title, None)
        pieces.append(piece_or_reason(name, title, make))
        yield pieces[-1]
    yield evidence_piece(pieces)


def _thresholds(subject: Family, digits: int, tell: Progress) -> Piece:
    return threshold_section.threshold_piece(subject, digits, lambda d: tell(threshold_section.TITLE, d))


def _theorem(
    subject: Family, out: Path, stem: str, options: Options, source: str, tell: Progress
) -> tuple[Piece, Certificate, list[Path]]:
    """The piece on the theorem, the certificate, and the files that were written with it."""
    if options.certificate is not None:
        tell("checking the certificate", None)
        certificate = given_certificate(subject, options.certificate)
        return given_piece(certificate), certificate, []
    if not options.proof:
        certificate = Certificate(reason="a proof was not asked for (--no-proof)")
        return no_theorem_piece(certificate), certificate, []
    try:
        proof = subject.prove(order=_CONSTANTS, progress=lambda d: tell("theorem", d))
        if proof.outcome == "proved":
            tell("certificate", None)
            proof = subject.write_proof(proof, out / f"{stem}-proof", f"symrelu prove {source} --order {_CONSTANTS}")
    except ArithmeticError as error:
        certificate = Certificate(reason=str(error))
        return no_theorem_piece(certificate), certificate, []
    except UsageError as error:
        if (out / f"{stem}-proof").is_file():
            raise
        certificate = Certificate(reason=str(error))
        return no_theorem_piece(certificate), certificate, []
    certificate = written_certificate(proof, out)
    return theorem_piece(proof, certificate), certificate, proof.files


def _make_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; give a folder with --out DIR")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out}: cannot be made ({error.strerror}); give a folder with --out DIR") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise UsageError(f"{out}: cannot be written; give another folder with --out DIR")


def _written(path: Path, text: str) -> Path:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); give another folder with --out DIR") from None
    return path
