"""The command verify."""

from __future__ import annotations

import sys

import click

from symrelu.commands.completion import CLAIM
from symrelu.commands.output import output, show, tell
from symrelu.commands.progress import Progress


@click.command()
@click.argument("claims", nargs=-1, type=CLAIM, metavar="[PAPER | CLAIM ...]")
@output()
def verify(claims: tuple[str, ...], form: str | None) -> None:
    """The literature's claims, re-derived one by one: verdict and evidence.

    PAPER is an arXiv id or an id prefix.

    Example: symrelu verify AF21 SS-example
    """
    from symrelu.claims.ledger import select
    from symrelu.claims.verify import Report
    from symrelu.claims.verify import verify as run

    report = Report([])
    try:
        with Progress("claims", len(select(claims))) as progress:
            for result in run(list(claims)):
                report.results.append(result)
                if form is None:
                    progress.clear()
                    tell(result.to_text())
                progress(len(report.results))
    except KeyboardInterrupt as stop:
        if form is not None:
            show(report, form)
        stop.add_note(f"{len(report.results)} claims were checked")
        raise
    if form is None:
        tell(report.summary())
    else:
        show(report, form)
    if any(result.verdict == "undecided" for result in report.results):
        sys.exit(1)


COMMANDS = (verify,)
