"""What is exact, certified, numeric, and what is not proved: a table of all statements of a document."""

from __future__ import annotations

from symrelu.export.pieces import Piece, itemised
from symrelu.render.paper_tables import paper_table

TITLE = "Evidence"

_WORDS = r"""\emph{Exact}: algebra over the coefficient field, with $\pi$ an indeterminate; zero is decided, never rounded.
\emph{Certified}: ball arithmetic; the true value lies in the ball, and existence, uniqueness and signs are proved.
\emph{Numeric}: high precision, no proof."""

_ALWAYS = (
    "that no other critical point has this shape or this isotropy: every statement is about one branch;",
    "anything about critical points outside the tubes and balls in which the point is proved to be the only one;",
    "anything about crossings outside the intervals that are named;",
)


def evidence_piece(pieces: list[Piece]) -> Piece:
    """The table for the statements of these pieces, in their order."""
    rows = [[entry.statement, entry.kind, entry.scope] for piece in pieces for entry in piece.evidence]
    table = paper_table(["statement", "evidence", "range and precision"], rows, "LlL")
    items = [*_ALWAYS, *(f"{text};" for piece in pieces for text in piece.unproved)]
    items[-1] = items[-1].rstrip(";") + "."
    body = f"{_WORDS}\n\n{table}\n\nNot proved:\n{itemised(items)}"
    return Piece("evidence", TITLE, body)
