"""One line on the terminal that says how far long work has come, and about how long it still takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import log
from time import monotonic
from typing import Any

import click

_FROM_SECONDS, _FROM_SHARE = 2.0, 0.03  # before that there is too little to estimate from
_BETWEEN = 0.1  # seconds


class Progress:
    """Called with what is done, of `total`; silent where stderr is not a terminal.

    `share` maps (first value, value, total) to the share of the work that is done; it is even unless told otherwise.
    """

    def __init__(
        self,
        what: str,
        total: Any,
        share: Callable[[float, float, float], float] | None = None,
        clock: Callable[[], float] = monotonic,
    ):
        self._what, self._total, self._clock = what, float(total), clock
        self._share = share or (lambda _first, done, total: done / total if total else 1.0)
        self._begun, self._shown, self._first = clock(), -1.0, None

    @classmethod
    def along_d(cls, total: Any) -> Progress:
        """For work that goes through d upwards in pieces whose length grows with d: the share is that of log d."""
        return cls("d =", total, _logarithmic)

    def __call__(self, done: Any) -> None:
        now = self._clock()
        self._first = float(done) if self._first is None else self._first
        if sys.stderr.isatty() and now - self._shown >= _BETWEEN:
            click.echo(f"\r{self.line(float(done), now - self._begun):<70}", nl=False, err=True)
            self._shown = now

    def line(self, done: float, seconds: float) -> str:
        """What is shown: value, total, per cent, and an estimate where there is enough to estimate from."""
        first = done if self._first is None else self._first
        share = min(max(self._share(first, done, self._total), 0.0), 1.0)
        text = f"{self._what} {done:.4g} of {self._total:.4g}  {share:4.0%}"
        if seconds < _FROM_SECONDS or share < _FROM_SHARE:
            return text
        return f"{text}  about {_duration(seconds * (1 - share) / share)} left"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Make room on the terminal for a result."""
        if self._shown >= 0:
            click.echo("\r" + " " * 70 + "\r", nl=False, err=True)


class Stages:
    """The same for work in named stages of unknown length: shows the stage, and a d within it."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, what: str, done: Any = None) -> None:
        if sys.stderr.isatty():
            reached = "" if done is None else f", d = {float(done):.4g}"
            click.echo(f"\r{f'{what}{reached}':<70}", nl=False, err=True)
            self._shown = True

    def __enter__(self) -> Stages:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r" + " " * 70 + "\r", nl=False, err=True)


def _logarithmic(first: float, done: float, total: float) -> float:
    return log(done / first) / log(total / first) if 0 < first < total and done > 0 else 0.0


def _duration(seconds: float) -> str:
    """5 s, 3 min, 2 h."""
    if seconds < 100:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
