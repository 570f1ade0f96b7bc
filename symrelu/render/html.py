"""HTML for notebooks: cards, tables, equations, badges. Mathematics stands between dollar signs; MathJax sets it.

MathJax knows no tabular, so tables are HTML. Colours only support the words: a badge reads the same without them.
"""

from __future__ import annotations

from html import escape

_GREEN, _AMBER, _RED, _VIOLET, _GREY = "#1a7f37", "#8a5d00", "#b42318", "#6f42c1", "#57606a"
_COLOURS = {
    "holds": _GREEN,
    "proved": _GREEN,
    "minimum": _GREEN,
    "not sharp": _AMBER,
    "saddle": _AMBER,
    "numeric": _AMBER,
    "fails": _RED,
    "refuted": _RED,
    "not done": _RED,
    "undecided": _VIOLET,
}
_LEFT = ' style="text-align:left;padding:.15em .6em"'


def html_badge(word: str) -> str:
    """A word on its colour: verdicts, outcomes, kinds of evidence."""
    style = f"background:{_COLOURS.get(word, _GREY)};color:#fff;border-radius:3px;padding:0 .4em;font-size:85%"
    return f'<span style="{style}">{escape(word)}</span>'


def html_table(headings: list[str], rows: list[list[str]]) -> str:
    """A table whose cells may contain `$...$`; a wide one scrolls within its own box."""
    head = "".join(f"<th{_LEFT}>{escape(cell)}</th>" for cell in headings)
    body = "".join("<tr>" + "".join(f"<td{_LEFT}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div style="overflow:auto hidden"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def html_equation(latex: str) -> str:
    """A displayed formula."""
    return f'<div style="overflow:auto hidden">$${escape(latex)}$$</div>'


def html_note(text: str) -> str:
    """A paragraph, which may contain `$...$`."""
    return f"<p>{escape(text)}</p>"


def html_box(parts: list[tuple[str, list[str]]]) -> str:
    """Headed parts in one frame, each with its paragraphs, like Proves / Uses / Does not prove."""
    style = "border-left:4px solid #57606a;padding:.2em 1em;margin:.5em 0"
    inner = "".join(
        f"<p><b>{escape(heading)}.</b> {escape(paragraphs[0])}</p>" + "".join(map(html_note, paragraphs[1:]))
        for heading, paragraphs in parts
        if paragraphs
    )
    return f'<div style="{style}">{inner}</div>'


def html_card(title: str, badges: list[str], *parts: str) -> str:
    """A result: its title with badges (verdict, evidence), and below them its parts, which are HTML."""
    heading = " ".join([f"<b>{escape(title)}</b>", *map(html_badge, badges)])
    return f'<div class="symrelu"><p>{heading}</p>{"".join(parts)}</div>'
