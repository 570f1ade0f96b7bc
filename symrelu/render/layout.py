"""Fitting text into a width: long lines are broken between words and terms, never inside a number."""

from __future__ import annotations

WIDTH = 80
_LONGEST_NAME = 10  # of a left-hand side below which the right-hand side goes on
_OPERATORS = frozenset("+-*/=<>") | {"<=", ">=", "->"}


def fitted(text: str, width: int = WIDTH) -> str:
    """Every line within the width, as far as words allow; what is broken off hangs below the right-hand side, or further in.

    >>> print(fitted("  w12 = 1 + 2*(a + b) + 30", 20))
      w12 = 1
            + 2*(a + b)
            + 30
    """
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    body = line.lstrip(" ")
    margin = len(line) - len(body)
    name, equals, right = body.partition(" = ")
    if not equals or len(name) > _LONGEST_NAME or " " in name.rstrip():
        first, *rest = wrapped(body, width - margin, width - margin - 4)
        return [" " * margin + first, *(" " * (margin + 4) + part for part in rest)]
    left = f"{name} = "
    if longest_word(right) > width - margin - len(left):  # a long number gets lines of its own
        return [
            " " * margin + left.rstrip(),
            *(" " * (margin + 4) + part for part in wrapped(right, width - margin - 4)),
        ]
    first, *rest = wrapped(right, width - margin - len(left), width - margin - len(left))
    return [" " * margin + left + first, *(" " * (margin + len(left)) + part for part in rest)]


def wrapped(text: str, width: int, later: int | None = None) -> list[str]:
    """The text in lines of at most `width` (further lines: `later`) characters, broken outside brackets where possible.

    A word that is longer than a line stands on a line of its own.
    """
    lines, limit = [""], width
    for token in _tokens(text, width if later is None else later):
        joined = f"{lines[-1]} {token}" if lines[-1] else token
        if len(joined) <= limit or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(token)
            limit = width if later is None else later
    return lines


def longest_word(text: str) -> int:
    """The width below which `wrapped` cannot go without breaking inside brackets."""
    return max(map(len, _words(text, 0)), default=0)


def _tokens(text: str, width: int) -> list[str]:
    """Words, with brackets kept together as long as they fit."""
    tokens = []
    for word in _words(text, 0):
        tokens += [word] if len(word) <= width else _words(word, 99)
    return tokens


def _words(text: str, depth_allowed: int) -> list[str]:
    """Split at blanks that are not deeper than so many brackets; an operator stays with what follows it."""
    words, depth = [""], 0
    for mark in text:
        depth += (mark in "([{") - (mark in ")]}")
        if mark == " " and depth <= depth_allowed:
            if words[-1] not in _OPERATORS:
                words.append("")
            else:
                words[-1] += " "
        else:
            words[-1] += mark
    return [word for word in words if word]
