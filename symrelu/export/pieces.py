"""The pieces of a document: LaTeX that can be included by itself, with the evidence for what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from symrelu.arithmetic.outcome import UsageError
from symrelu.render.reasons import latex_reason

EXACT, CERTIFIED, NUMERIC, ABSENT = "exact", "certified", "numeric", "not given"


@dataclass(frozen=True)
class Evidence:
    """One statement of the document, of what kind its evidence is, and for which d and how precisely it holds; in LaTeX."""

    statement: str
    kind: str
    scope: str


@dataclass(frozen=True)
class Piece:
    """`body` is LaTeX for the file NAME-`name`.tex; `intro` stands before it in the document only, and may cite."""

    name: str
    title: str
    body: str
    evidence: tuple[Evidence, ...] = ()
    intro: str = ""
    unproved: tuple[str, ...] = ()


def piece_or_reason(name: str, title: str, make: Callable[[], Piece]) -> Piece:
    """The piece, or, where the family has no such part, one that says in a sentence why."""
    try:
        return make()
    except (ArithmeticError, UsageError) as error:
        return absent(name, title, str(error))


def absent(name: str, title: str, reason: str) -> Piece:
    """A piece that only says why there is nothing."""
    sentence = f"Not given: {in_words(reason)}."
    return Piece(name, title, paragraph(sentence), (Evidence(title, ABSENT, in_words(reason)),))


def in_words(reason: str) -> str:
    """The reason of a refusal for readers of a document, without the advice on options that follows a semicolon."""
    return latex_reason(reason.partition("; ")[0].rstrip("."))


def itemised(items: Iterable[str]) -> str:
    """A list of sentences, set close together."""
    listed = "\n".join(rf"\item {item}" for item in items)
    return "\\begin{itemize}\\setlength\\itemsep{0pt}\\raggedright\n" + listed + "\n\\end{itemize}"


def paragraph(text: str) -> str:
    """Text that is not stretched, so that formulas in words do not run into the margin."""
    return "{\\raggedright " + text + "\\par}"
