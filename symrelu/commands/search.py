"""The command search."""

from __future__ import annotations

from pathlib import Path

import click

from symrelu.commands.output import engine_named, engine_options, output, show
from symrelu.commands.progress import Progress


@click.command()
@click.option("--inputs", type=int, required=True, metavar="D", help="Inputs; the targets are the unit vectors.")
@click.option("--neurons", type=int, required=True, metavar="K", help="Neurons of the student.")
@click.option("--runs", type=int, required=True, metavar="R", help="Random starts.")
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Of the random starts; a run is decided by it and its number.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    metavar="STORE",
    help="An SQLite file that keeps every run; what it has is not done again.",
)
@click.option(
    "--method",
    default="gd",
    show_default=True,
    metavar="gd|lbfgs|newton",
    help="Gradient descent; or L-BFGS, or Newton's method with a trust region: those are for finding many minima in "
    "high dimension, and the rates at which minima are found are others.",
)
@click.option("--step", type=float, default=None, metavar="H", help="Of gradient descent; default 1/(K/4 + 1).")
@click.option("--start", default="normal", show_default=True, metavar="normal|uniform", help="Entries of the starts.")
@click.option("--variance", type=float, default=None, metavar="V", help="Theirs; default 2/(D + K) (Xavier).")
@engine_options("Processes; default: all cores.")
@output()
def search(
    inputs: int,
    neurons: int,
    runs: int,
    seed: int,
    out: Path | None,
    method: str,
    step: float | None,
    start: str,
    variance: float | None,
    processes: int | None,
    scheduler: str | None,
    form: str | None,
) -> None:
    """Minima found by gradient descent on the exact loss from random starts, with their families.

    Runs end where no component of the gradient exceeds 1e-6, and are polished then by Newton's method.

    Example: symrelu search --inputs 8 --neurons 8 --runs 500 --out search.sqlite
    """
    from symrelu.arithmetic.outcome import UsageError

    try:
        from symrelu.search.searching import Interrupted
        from symrelu.search.searching import search as find
    except ModuleNotFoundError as error:
        raise UsageError(f"search needs {error.name}; install it with: pip install 'symrelu[search]'") from None

    engine = engine_named(processes, scheduler)
    try:
        with Progress("runs", runs) as progress:
            options = {"method": method, "step": step, "start": start, "variance": variance}
            result = find(inputs, neurons, runs, seed, out, engine, progress, **options)
    except Interrupted as interruption:
        show(interruption.result, form)
        interruption.add_note("what is shown was finished before" + (f" and is kept in {out}" if out else ""))
        raise
    show(result, form)


COMMANDS = (search,)
