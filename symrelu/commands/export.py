"""The command export."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from symrelu.commands.completion import FAMILY
from symrelu.commands.output import decimal_digits
from symrelu.commands.progress import Stages


@click.command()
@click.argument("family", type=FAMILY)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder; it is made if it is not there.",
)
@click.option(
    "--activation", metavar="NAME", help="relu, erf or leaky:SLOPE, like leaky:1/10; default: that of the family."
)
@click.option("--order", type=int, default=6, show_default=True, help="Series: all terms s^j with j < N.")
@click.option(
    "--eigenvalue-order", type=int, default=4, show_default=True, metavar="N", help="The same for the eigenvalues."
)
@decimal_digits(20)
@click.option("--d", "d", default=None, metavar="D", help="A section on the point at a real d, too.")
@click.option("--no-proof", is_flag=True, help="Leave the theorem and its certificate out.")
@click.option(
    "--certificate", type=click.Path(path_type=Path), metavar="FILE", help="One that exists, in place of a new proof."
)
@click.option("--json", "form", flag_value="json", help="JSON for scripts.")
def export(
    family: str,
    out: Path,
    activation: str | None,
    order: int,
    eigenvalue_order: int,
    digits: int,
    d: str | None,
    no_proof: bool,
    certificate: Path | None,
    form: str | None,
) -> None:
    """A family as LaTeX: a document that compiles as it is, and its pieces, to include in a paper.

    Series, blocks of the Hessian, eigenvalues, thresholds, the theorem with its certificate, and the evidence for each.

    Example: symrelu export II --out supplement && cd supplement && pdflatex II && pdflatex II
    """
    from symrelu.export.writing import Options
    from symrelu.export.writing import export as write
    from symrelu.toolkit import family as find

    options = Options(order, eigenvalue_order, digits, d, not no_proof, certificate)
    files: list[Path] = []
    try:
        with Stages() as stages:
            for path in write(find(family, activation), out, options, _command(), family, stages):
                files.append(path)
    except KeyboardInterrupt as stop:
        stop.add_note(f"finished and kept: {', '.join(map(str, files)) or 'nothing'}")
        raise
    if form == "json":
        click.echo(json.dumps({"files": [str(path) for path in files]}, indent=2))
    else:
        click.echo("\n".join(f"written: {path}" for path in files))


def _command() -> str:
    """The command with the values of all its options, --json aside: it makes the same files again."""
    context = click.get_current_context()
    words = ["symrelu", "export", context.params["family"]]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if isinstance(parameter, click.Option) and parameter.name != "form" and value not in (None, False):
            words.append(parameter.opts[0])
            words += [] if value is True else [str(value)]
    return shlex.join(words)


COMMANDS = (export,)
