"""What the commands share: the options --json, --latex and --digits, showing results within the width, in colours."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from typing import Any

import click


def output(latex: bool = True) -> Callable[[Any], Any]:
    """The options --json and --latex."""

    def decorate(command: Any) -> Any:
        if latex:
            command = click.option("--latex", "form", flag_value="latex", help="LaTeX to paste into a paper.")(command)
        return click.option("--json", "form", flag_value="json", help="JSON for scripts.")(command)

    return decorate


def show(result: Any, form: str | None) -> None:
    if form == "json":
        click.echo(json.dumps(result.to_json(), indent=2))
    else:
        click.echo(result.to_latex()) if form == "latex" else tell(result.to_text())


def tell(text: str) -> None:
    """Print text for people: within 80 columns, or the terminal's if it is wider; verdicts in colours on a terminal."""
    from symrelu.render.layout import WIDTH, fitted

    width = max(WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDTH
    tell_as_it_is(fitted(text, width))


def tell_as_it_is(text: str) -> None:
    """The same for text whose lines are to stay together, like a path and what is said of it."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    click.echo(_VERDICT.sub(_coloured, text) if coloured else text)


_COLOURS = {
    "green": ("holds", "proved", "minimum"),
    "yellow": ("not sharp", "saddle"),
    "red": ("fails", "refuted", "not done"),
    "magenta": ("undecided",),
}
_COLOUR_OF = {word: colour for colour, words in _COLOURS.items() for word in words}
# A verdict stands in a column of its own, after a colon, or opens a line; the same words in a sentence are left alone.
_VERDICT = re.compile(rf"(?m)(?:(?<=  )|(?<=: )|(?<=: a )|(?<=\[)|^)({'|'.join(_COLOUR_OF)})(?=  |$|[,:;\]]| of index)")


def _coloured(word: re.Match[str]) -> str:
    return click.style(word[0], fg=_COLOUR_OF[word[0]], bold=True)


def engine_options(processes: str) -> Callable[[Any], Any]:
    """The options --processes, with this help, and --scheduler."""

    def decorate(command: Any) -> Any:
        command = click.option(
            "--scheduler", default=None, metavar="ADDRESS", help="Work on a Dask cluster: tcp://HOST:PORT."
        )(command)
        return click.option("--processes", type=click.IntRange(1), default=None, help=processes)(command)

    return decorate


def engine_named(processes: int | None, scheduler: str | None) -> Any:
    """The engine that these two options ask for."""
    from symrelu.arithmetic.outcome import UsageError
    from symrelu.arithmetic.processes import Processes

    if scheduler is None:
        return Processes(processes)
    if processes is not None:
        raise UsageError("--processes belongs to this machine; leave it out with --scheduler")
    from symrelu.arithmetic.cluster import Cluster

    return Cluster(scheduler)


def decimal_digits(default: int) -> Any:
    return click.option("--digits", type=int, default=default, show_default=True, help="Decimal digits.")
