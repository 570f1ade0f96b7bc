"""The command experiment."""

from __future__ import annotations

import click

from symrelu.commands.completion import EXPERIMENT
from symrelu.commands.output import output, show
from symrelu.commands.progress import Progress


@click.command()
@click.argument("name", type=EXPERIMENT, required=False)
@click.option("--inputs", type=int, default=None, metavar="D", help="Inputs, as many as targets; default: small.")
@click.option(
    "--neurons", type=int, default=None, metavar="K", help="Neurons of the student; default: as many as inputs."
)
@click.option("--runs", type=int, default=None, metavar="R", help="Random starts; default: for a minute or two.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the random starts.")
@click.option(
    "--points", type=int, default=None, metavar="N", help="Size of the sample, where the experiment uses one."
)
@output()
def experiment(
    name: str | None,
    inputs: int | None,
    neurons: int | None,
    runs: int | None,
    seed: int,
    points: int | None,
    form: str | None,
) -> None:
    """Least symmetry breaking beyond the base model: the isotropy of what descent finds. Without NAME: a list.

    Example: symrelu experiment erf --inputs 10 --runs 100
    """
    from symrelu.arithmetic.outcome import UsageError

    try:
        from symrelu.search.experiments.catalogue import Listing, experiment_named
        from symrelu.search.experiments.running import Interrupted
        from symrelu.search.experiments.running import experiment as run
    except ModuleNotFoundError as error:
        raise UsageError(f"experiment needs {error.name}; install it with: pip install 'symrelu[search]'") from None

    if name is None:
        show(Listing(), form)
        return
    with Progress("runs", runs or experiment_named(name).runs) as progress:
        try:
            result = run(name, inputs, neurons, runs, seed, points, progress)
        except Interrupted as interruption:
            show(interruption.result, form)
            interruption.add_note("what is shown was finished before")
            raise
    show(result, form)


COMMANDS = (experiment,)
