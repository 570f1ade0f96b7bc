"""The command verify."""

from __future__ import annotations

import sys

import click

from symrelu.commands.output import output, show


@click.command()
@click.argument("claims", nargs=-1, metavar="[PAPER | CLAIM ...]")
@output()
def verify(claims: tuple[str, ...], form: str | None) -> None:
    """The literature's claims, re-derived one by one: verdict and evidence.

    PAPER is an arXiv id or an id prefix. Example: symrelu verify AF21 SS-example
    """
    from symrelu.claims.verify import Report
    from symrelu.claims.verify import verify as run

    report = Report([])
    try:
        for result in run(list(claims)):
            report.results.append(result)
            if form is None:
                click.echo(result.to_text())
            elif sys.stderr.isatty():
                click.echo(f"{result.id}: {result.verdict}", err=True)
    except KeyboardInterrupt:
        if form is not None:
            show(report, form)
        click.echo(f"symrelu: interrupted after {len(report.results)} claims", err=True)
        raise
    if form is None:
        click.echo(report.summary())
    else:
        show(report, form)
    if any(result.verdict == "undecided" for result in report.results):
        sys.exit(1)


COMMANDS = (verify,)
