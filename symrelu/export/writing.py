"""Writing a family down as LaTeX: the theorem first, for its certificate's hash stands in every file, then piece by piece."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from symrelu import __version__
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import exact_real
from symrelu.export import blocks_section, series_section, spectrum_section, threshold_section
from symrelu.export.document import Provenance, main_file, piece_file
from symrelu.export.evidence_section import evidence_piece
from symrelu.export.family_section import family_piece
from symrelu.export.pieces import Piece, piece_or_reason
from symrelu.export.proving import Established, Progress, proved_theorem, with_certificate, without_theorem
from symrelu.family.definition import Definition
from symrelu.toolkit import Family

_MOST_DIGITS = 5000


@dataclass(frozen=True)
class Options:
    """What is asked for: all terms s^j with j < `order`, for eigenvalues `eigenvalue_order`; `digits` of all decimals.

    `d` asks for a section on the point there. `proof` False leaves the theorem out; `certificate` is one that exists
    already, in place of a new proof.
    """

    order: int = 6
    eigenvalue_order: int = 4
    digits: int = 20
    d: str | None = None
    proof: bool = True
    certificate: Path | None = None

    def require(self, definition: Definition) -> None:
        """UsageError for numbers out of range, also of the family, or options that exclude each other."""
        if self.d is not None:
            definition.require_d(exact_real(self.d, "d ="))
        for order in (self.order, self.eigenvalue_order):
            if order < 0:
                raise UsageError(f"the order {order} is negative; give a number of terms N >= 0")
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
    subject: Family, out: Path, options: Options, command: str, source: str, tell: Progress = lambda _what, _d: None
) -> Iterator[Path]:
    """Write the document of a family and its pieces into a folder, and yield each file when it is written.

    `command` makes the files again, `source` is what the family was asked by. UsageError for options out of range and
    for a folder that cannot be written; Undecided where a given certificate is refused.
    """
    options.require(subject.definition)
    _make_folder(out)
    stem = file_stem(subject.name)
    if options.certificate is not None:
        established = with_certificate(subject, options.certificate, tell)
    elif options.proof:
        established = proved_theorem(subject, out, f"{stem}-proof", source, tell)
    else:
        established = without_theorem("a proof was not asked for")
    yield from established.files
    provenance = Provenance(command, __version__, established.certificate)
    pieces = []
    for piece in _pieces(subject, options, established, tell):
        pieces.append(piece)
        yield _written(out / f"{stem}-{piece.name}.tex", piece_file(piece, subject.name, provenance))
    pieces[-2:] = reversed(pieces[-2:])  # the blocks, which are long, stand last
    yield _written(out / f"{stem}.tex", main_file(pieces, stem, subject.name, provenance))


def _pieces(subject: Family, options: Options, established: Established, tell: Progress) -> Iterator[Piece]:
    """All pieces in the order of the document, but the blocks before the evidence, which speaks of them."""
    order, eigenvalue_order, digits, d = options.order, options.eigenvalue_order, options.digits, options.d
    makers: dict[tuple[str, str], Callable[[], Piece]] = {
        ("family", "The family"): lambda: family_piece(subject),
        ("series", series_section.TITLE): lambda: series_section.series_piece(subject, order, digits),
        ("decomposition", blocks_section.DECOMPOSITION): lambda: blocks_section.decomposition_piece(subject),
        ("spectrum", spectrum_section.TITLE): lambda: spectrum_section.spectrum_piece(
            subject, eigenvalue_order, digits
        ),
    }
    if d is not None:
        makers["point", f"The point at d = {d}"] = lambda: threshold_section.point_piece(subject, d, digits)
    makers["thresholds", threshold_section.TITLE] = lambda: threshold_section.threshold_piece(
        subject, digits, established.crossings, lambda reached: tell(threshold_section.TITLE, reached)
    )
    makers["theorem", established.piece.title] = lambda: established.piece
    makers["blocks", blocks_section.BLOCKS] = lambda: blocks_section.blocks_piece(subject)
    pieces = []
    for (name, title), make in makers.items():
        tell(title, None)
        pieces.append(piece_or_reason(name, title, make))
        yield pieces[-1]
    yield evidence_piece(pieces)


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
