"""The command classify: from a weight matrix to its isotropy group and family, and on to a theorem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from symrelu.commands.output import output, show, tell
from symrelu.commands.progress import Stages


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--derive", is_flag=True, help="Go on: series, spectrum, thresholds, theorem; or why not.")
@click.option("--transpose", is_flag=True, help="Neurons are columns.")
@click.option("--array", default=None, metavar="NAME", help="Which of several arrays in the file.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    metavar="PATH",
    help="FAMILY.json for a family not in the catalogue; with --derive a folder, for the certificate too.",
)
@output()
def classify(file: Path, derive: bool, transpose: bool, array: str | None, out: Path | None, form: str | None) -> None:
    """Isotropy group and family of a weight matrix (.npy, .npz, .csv, .mat, .json), neurons as rows.

    Example: symrelu classify weights.npy --derive
    """
    from symrelu.arithmetic.outcome import UsageError

    try:
        from symrelu.search.classification import classify as find
        from symrelu.search.reading import read_weights
    except ModuleNotFoundError as error:
        raise UsageError(f"classify needs {error.name}; install it with: pip install 'symrelu[search]'") from None

    result = find(read_weights(file, transpose, array))
    if out is not None:
        _write(result, out / "family.json" if derive else out)
    if not derive:
        show(result, form)
        return
    _derive(result, out, form, f"symrelu classify {file} --derive")


def _write(result: Any, out: Path) -> None:
    from symrelu.arithmetic.outcome import UsageError

    if result.definition is None:
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result.definition, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror}); give another --out") from None


def _derive(result: Any, out: Path | None, form: str | None, command: str) -> None:
    from symrelu.search.deriving import Interrupted, derive_theory
    from symrelu.toolkit import family

    if result.source is None:
        show(result, form)
        click.echo("symrelu: nothing to derive: no two columns can be exchanged", err=True)
        return
    try:
        with Stages() as stages:
            theory = derive_theory(family(result.source), len(result.used), out, command, stages)
    except Interrupted as interruption:
        show(result, form)
        tell(interruption.theory.to_text())
        interruption.add_note(f"{len(interruption.theory.steps)} steps were finished and are shown")
        raise
    if form == "json":
        click.echo(json.dumps({**result.to_json(), "derivation": theory.to_json()["steps"]}, indent=2))
        return
    show(result, form)
    tell(theory.to_text())
