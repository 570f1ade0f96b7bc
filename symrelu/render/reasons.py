"""Sentences that the library says, for a document: formulas in plain characters become LaTeX."""

from __future__ import annotations

import re

from symrelu.render.latex import latex_plain

_RELATIONS = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "=": "="}
_SIGNS = {"+", "-", *_RELATIONS}
_MARKS = ",:;."  # that end a formula
_OPERAND = re.compile(r"\d[\d.]*|\w")
_FORMULA = re.compile(r"[\w.()+\-/=<>*^]*(?:\*|\^|\bpi\b|sqrt)[\w.()+\-/=<>*^]*")


def latex_reason(text: str) -> str:
    """A sentence with its formulas between dollar signs.

    >>> latex_reason("roots of z^2 - 2*pi*z + 1/pi**10, where s <= 1")
    'roots of $z^{2} - 2 \\\\pi z + 1/\\\\pi^{10}$, where $s \\\\le 1$'
    """
    pieces: list[str] = []
    for formula, words in _runs(text.split()):
        pieces.append(_set(words) if formula else latex_plain(" ".join(words)))
    return " ".join(pieces)


def _runs(words: list[str]) -> list[tuple[bool, list[str]]]:
    """The words in runs of formula and of text; a formula goes on while its brackets are open."""
    runs: list[tuple[bool, list[str]]] = []
    ended, depth = True, 0
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        beside = bool({before, after} & _SIGNS) and _OPERAND.fullmatch(word.rstrip(_MARKS)) is not None
        formula = depth > 0 or word in _SIGNS or beside or _FORMULA.fullmatch(word.rstrip(_MARKS)) is not None
        if ended or runs[-1][0] != formula:
            runs.append((formula, []))
        runs[-1][1].append(word)
        depth = depth + word.count("(") - word.count(")") if formula else 0
        ended = formula and depth <= 0 and word[-1] in _MARKS
    return runs


def _set(words: list[str]) -> str:
    body = " ".join(words)
    formula = body.rstrip(_MARKS)
    text = re.sub(r"(?:\*\*|\^)(-?\w+|\([^()]*\))", lambda m: f"^{{{m[1].strip('()')}}}", formula)
    text = re.sub(r"_(\w+)", r"_{\1}", text)
    text = re.sub(r"\bpi\b", r"\\pi", text.replace("*", " "))
    text = re.sub(r"\bsqrt\(([^()]*)\)", r"\\sqrt{\1}", text)
    text = re.sub(r"\bQ\(", r"\\mathbb{Q}(", text)
    text = re.sub(r"<=|>=", lambda m: _RELATIONS[m[0]], text)
    return f"${text}${body[len(formula) :]}"
