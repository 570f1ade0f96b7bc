"""Booktabs tables for papers: numbers aligned at the decimal point, long tables across pages."""

from __future__ import annotations

_LONGEST = 24  # rows of a table that is kept on one page


def paper_table(headings: list[str], rows: list[list[str]], columns: str) -> str:
    """A centred tabular, or a longtable where there are many rows or paragraphs (booktabs, longtable, array).

    One letter of `columns` for each column: l, r, c, L (a paragraph), or a point, for LaTeX numbers without dollar signs,
    which are aligned at the decimal point.
    """
    head = " & ".join(
        rf"\multicolumn{{2}}{{c}}{{{text}}}" if letter == "." else text
        for text, letter in zip(headings, columns, strict=True)
    )
    body = [" & ".join(_cell(*pair) for pair in zip(row, columns, strict=True)) + r" \\" for row in rows]
    layout = "".join({".": "r@{}l", "L": r">{\raggedright\arraybackslash}p{0.36\linewidth}"}.get(c, c) for c in columns)
    if len(rows) <= _LONGEST and "L" not in columns:
        lines = [rf"\begin{{tabular}}{{{layout}}}", r"\toprule", rf"{head} \\", r"\midrule", *body]
        return "\n".join([r"\begin{center}", *lines, r"\bottomrule", r"\end{tabular}", r"\end{center}"])
    if "L" in columns:
        body = [r"\addlinespace[2pt]".join(["", row]) for row in body]
    lines = [rf"\begin{{longtable}}{{{layout}}}", r"\toprule", rf"{head} \\", r"\midrule", r"\endhead"]
    return "\n".join([*lines, r"\bottomrule", r"\endfoot", *body, r"\end{longtable}"])


def _cell(text: str, letter: str) -> str:
    if letter != ".":
        return text
    whole, point, rest = text.partition(".")
    return f"${whole}$ & " + (f"${point}{rest}$" if point else "")
