"""What the commands share: the options --json, --latex and --digits, showing results, progress."""

from __future__ import annotations

import json
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
        click.echo(result.to_latex() if form == "latex" else result.to_text())


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


class Progress:
    """One line on the terminal that says how far long work has come; silent elsewhere."""

    def __init__(self, what: str, total: Any):
        self._what, self._total, self._shown = what, total, False

    def __call__(self, done: Any) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{self._what} {float(done):.4g} of {float(self._total):.4g}  ", nl=False, err=True)
            self._shown = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)


def decimal_digits(default: int) -> Any:
    return click.option("--digits", type=int, default=default, show_default=True, help="Decimal digits.")
