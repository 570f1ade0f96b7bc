"""The commands prove and check."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from symrelu.commands.completion import FAMILY
from symrelu.commands.output import engine_named, engine_options, output, show, tell_as_it_is
from symrelu.commands.progress import Progress


@click.command()
@click.argument("family", type=FAMILY, required=False)
@click.option("--from", "d_from", default=None, metavar="D", help="For all d >= D; default: from the last crossing on.")
@click.option("--order", type=int, default=4, show_default=True, help="Constants C_1, ..., C_N of the series.")
@click.option("--atlas", type=int, default=None, metavar="K", help="All M_p points with p <= d/2, 4 <= d <= K.")
@engine_options("Processes of the atlas; default: all cores.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, metavar="DIR", help="Write the certificate there."
)
@output()
def prove(
    family: str | None,
    d_from: str | None,
    order: int,
    atlas: int | None,
    processes: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str | None,
) -> None:
    """The theorem about a family for all real d >= D, infinity included, with its certificate; or the atlas.

    Example: symrelu prove II --from 5 --out proofs/II
    """
    from symrelu.arithmetic.outcome import UsageError

    if (family is None) == (atlas is None):
        raise UsageError("prove needs a family or --atlas K, and not both")
    if atlas is not None:
        if d_from is not None:
            raise UsageError("--from belongs to the theorem about one family; leave it out with --atlas")
        _atlas(atlas, out, engine_named(processes, scheduler), form)
    else:
        if scheduler is not None:
            raise UsageError("--scheduler belongs to --atlas; the theorem about one family is proved here")
        assert family is not None
        _theorem(family, d_from, order, out, form)


def _theorem(name: str, d_from: str | None, order: int, out: Path | None, form: str | None) -> None:
    from symrelu.analysis.threshold import Interrupted
    from symrelu.analysis.threshold_result import Thresholds
    from symrelu.toolkit import family as find

    subject = find(name)
    try:
        with Progress.along_d(400) as progress:
            result = subject.prove(d_from, order, progress)
    except Interrupted as interruption:
        show(Thresholds(interruption.coverage), form)
        interruption.add_note("what is shown was proved before, for these d only")
        raise
    if out is not None and result.outcome == "proved":
        result = subject.write_proof(result, out, _command(name, d_from, order))
    show(result, form)
    if result.outcome != "proved":
        sys.exit(1)


def _command(name: str, d_from: str | None, order: int) -> str:
    start = f" --from {d_from}" if d_from is not None else ""
    return f"symrelu prove {name}{start} --order {order}"


def _atlas(largest: int, out: Path | None, engine: Any, form: str | None) -> None:
    from symrelu.proof.atlas import Interrupted, pairs, run_atlas

    try:
        with Progress("points", len(pairs(largest))) as progress:
            result = run_atlas(largest, out, progress=lambda done, _: progress(done), engine=engine)
    except Interrupted as interruption:
        show(interruption.atlas, form)
        interruption.add_note("what is shown was finished before" + (f" and is kept in {out}" if out else ""))
        raise
    show(result, form)
    if not result.decided:
        sys.exit(1)


@click.command()
@click.argument("certificates", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CERTIFICATE...")
@click.option("--json", "form", flag_value="json", help="JSON for scripts.")
def check(certificates: tuple[Path, ...], form: str | None) -> None:
    """Re-check certificates with the independent checker, which shares no code with symrelu.

    Example: symrelu check proofs/II/certificate.json
    """
    from symrelu.proof.checking import check_file

    results = []
    try:
        for path in certificates:
            results.append(check_file(path))
            if form is None:
                tell_as_it_is(results[-1].to_text())
    except KeyboardInterrupt as stop:
        stop.add_note(f"{len(results)} of {len(certificates)} certificates were checked")
        raise
    if form == "json":
        click.echo(json.dumps([result.to_json() for result in results], indent=2))
    if any(result.outcome != "proved" for result in results):
        sys.exit(1)


COMMANDS = (prove, check)
