"""What the library says when it cannot go on: rigorous code that cannot decide, and input that makes no sense."""

from __future__ import annotations


class Undecided(ArithmeticError):
    """Raised when balls cannot decide; the message says what could not be decided, and why."""


class UsageError(ValueError):
    """Raised for input that is wrong; the message is one line that says what is wrong and what would be right."""
