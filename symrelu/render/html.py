"""Tables for notebooks: HTML, with mathematics between dollar signs, which MathJax sets (it knows no tabular)."""

from __future__ import annotations

from html import escape


def html_table(headings: list[str], rows: list[list[str]], caption: str = "") -> str:
    """A table whose cells may contain $...$."""
    head = "".join(f'<th style="text-align:left">{escape(cell)}</th>' for cell in headings)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
