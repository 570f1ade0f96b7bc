"""What every result does in a notebook: it shows itself."""

from __future__ import annotations

import re

from symrelu.render.html import html_card, html_note, html_table
from symrelu.render.latex import latex_table


class Shown:
    """A result that can be read as text, as HTML and as LaTeX, and that Jupyter displays by itself.

    Front ends that know HTML take `to_html`, with mathematics between dollar signs; where a notebook is set by LaTeX,
    `to_latex` is taken, with environments that are missing inside a display replaced. `repr` is one line.
    """

    def to_text(self) -> str:
        raise NotImplementedError

    def to_html(self) -> str:
        raise NotImplementedError

    def to_latex(self) -> str:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_latex_(self) -> str:
        return in_a_notebook(self.to_latex())


class Tabulated(Shown):
    """A result that is one table, under a title with badges (verdict, evidence) and above some notes."""

    def _title(self) -> str:
        raise NotImplementedError

    def _badges(self) -> list[str]:
        raise NotImplementedError

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """Headings and rows; cells may contain $...$."""
        raise NotImplementedError

    def _notes(self) -> list[str]:
        return []

    def to_latex(self) -> str:
        return latex_table(*self._table())

    def to_html(self) -> str:
        notes = (html_note(note) for note in self._notes())
        return html_card(self._title(), self._badges(), html_table(*self._table()), *notes)


def in_a_notebook(latex: str) -> str:
    """LaTeX that needs amsmath and booktabs alone: displays between $$, theorems as paragraphs.

    >>> in_a_notebook(r"\\begin{align*}x &= 1\\end{align*}")
    '$$\\\\begin{aligned}x &= 1\\\\end{aligned}$$'
    """
    for outer, inner in (("align*", "aligned"), ("gather*", "gathered")):
        latex = latex.replace(rf"\begin{{{outer}}}", rf"$$\begin{{{inner}}}")
        latex = latex.replace(rf"\end{{{outer}}}", rf"\end{{{inner}}}$$")
    latex = re.sub(r"\\begin\{theorem\}\[(.*)\]", r"\\paragraph{Theorem (\1).}", latex)
    return latex.replace(r"\end{theorem}", "")
