"""From pieces to files: headers, and the document that includes the pieces and compiles as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symrelu.export.certificate import Certificate
from symrelu.export.pieces import Piece, in_words
from symrelu.export.sources import bibliography
from symrelu.render.breaking import FORMULA_MACRO
from symrelu.render.latex import latex_plain

PACKAGES = ("amsmath", "amssymb", "amsthm", "array", "booktabs", "longtable")

_PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage[margin=25mm]{geometry}
\usepackage{%s}
\usepackage[protrusion=true,expansion=false]{microtype}
\usepackage[hidelinks]{hyperref}
\newtheorem*{theorem}{Theorem}
\setlength{\LTpre}{\medskipamount}
\setlength{\LTpost}{\medskipamount}
\emergencystretch=3em
\makeatletter\renewcommand*{\l@section}{\@dottedtocline{1}{0em}{1.5em}}\makeatother"""

_PART = re.compile(r"[A-Za-z0-9]{1,16}|.")  # after which names and commands may be broken


@dataclass(frozen=True)
class Provenance:
    """Where the files come from: the command that makes them again, the version, and the certificate."""

    command: str
    version: str
    certificate: Certificate

    def comment(self, lines: list[str]) -> str:
        """The header of a file: what it is, in `lines`, and where it comes from."""
        facts = [
            f"Made again by: {self.command}",
            f"symrelu version: {self.version}",
            f"certificate: {self.certificate.to_line()}",
        ]
        return "\n".join(f"% {' '.join(line.split())}" for line in [*lines, *facts])

    def visible(self) -> str:
        """The same for the reader of the document."""
        certificate = self.certificate
        if certificate.file is None:
            third = f"There is no certificate: {in_words(certificate.reason)}."
        else:
            third = f"Certificate {latex_code(certificate.file)}, SHA-256\\\\\n{latex_code(certificate.sha256 or '')}"
        text = f"Made by {latex_code(self.command)} \\\\\nVersion: symrelu {self.version}.\\\\\n{third}"
        return "\\begin{center}\\small\n" + text + "\n\\end{center}"


def latex_code(text: str) -> str:
    """Text in typewriter letters that can be broken after signs."""
    return rf"\texttt{{{_with_breaks(text)}}}"


def _with_breaks(text: str) -> str:
    return r"\allowbreak{}".join(latex_plain(part) for part in _PART.findall(text))


def piece_file(piece: Piece, subject: str, provenance: Provenance) -> str:
    """The file of a piece: header, the macro for formulas if it is used, the text."""
    needs = ", ".join(PACKAGES)
    lines = [f"{piece.title}: the family {subject}.", f"To be included by \\input. Needs the packages {needs}"]
    if r"\begin{theorem}" in piece.body:
        lines.append(r"and an environment theorem: \newtheorem{theorem}{Theorem}")
    macro = [FORMULA_MACRO] if r"\symreluformula" in piece.body else []
    return "\n".join([provenance.comment(lines), *macro, piece.body, ""])


def main_file(pieces: list[Piece], stem: str, subject: str, provenance: Provenance) -> str:
    """The document; `stem` is what the names of all files begin with."""
    name = _with_breaks(subject)
    sections = []
    for piece in pieces:
        intro = [piece.intro] if piece.intro else []
        sections.append("\n\n".join([rf"\section{{{piece.title}}}", *intro, rf"\input{{{stem}-{piece.name}}}"]))
    text = "\n\n".join(sections)
    return "\n".join(
        [
            provenance.comment([f"The family {subject}: a document that compiles as it is (pdflatex, twice)."]),
            _PREAMBLE % ",".join(PACKAGES),
            r"\begin{document}",
            r"\begin{center}\LARGE The family "
            + name
            + r"\\[1ex] \large series, Hessian, thresholds, theorem\end{center}",
            provenance.visible(),
            r"\tableofcontents",
            "",
            text,
            "",
            bibliography(text),
            r"\end{document}",
            "",
        ]
    )
