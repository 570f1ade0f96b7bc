"""The command plot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from symrelu.commands.completion import FAMILY, Word
from symrelu.commands.progress import Progress

# Which options each kind of picture takes.
_OPTIONS = {
    "weights": ("d",),
    "eigenvalues": ("from", "to", "digits"),
    "loss": ("from", "to"),
    "index-map": ("to", "atlas"),
    "density": ("d",),
    "error": ("from", "to", "order", "value"),
}
_KEYWORDS = {"from": "d_from", "to": "d_to"}
_WITHOUT_FAMILY = "index-map"  # it is of M_p for all p


@click.command()
@click.argument("kind", type=Word(lambda: _OPTIONS), metavar="|".join(_OPTIONS))
@click.argument("family", type=FAMILY, required=False)
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="A .png, .pdf or .svg.")
@click.option("--d", "d", default=None, metavar="D", help="weights, density: an integer. Default: 20.")
@click.option("--from", "d_from", default=None, metavar="D", help="eigenvalues, loss, error: the range of d.")
@click.option(
    "--to",
    "d_to",
    default=None,
    metavar="D",
    help="Its end, by default 100, of error 10^4; index-map: the largest d, by default 24.",
)
@click.option("--order", type=int, default=None, metavar="N", help="error: series below s, ..., s^N. Default: 4.")
@click.option("--value", default=None, metavar="NAME", help="error: loss, or an entry like off1. Default: loss.")
@click.option("--digits", type=int, default=None, metavar="N", help="eigenvalues: of the thresholds. Default: 8.")
@click.option(
    "--atlas",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="index-map: what prove --atlas wrote. Default: computed.",
)
@click.option(
    "--width", type=click.FloatRange(2, 20), default=6.5, show_default=True, help="Of the picture, in inches."
)
@click.option("--json", "form", flag_value="json", help="JSON for scripts.")
def plot(
    kind: str,
    family: str | None,
    out: Path,
    d: str | None,
    d_from: str | None,
    d_to: str | None,
    order: int | None,
    value: str | None,
    digits: int | None,
    atlas: Path | None,
    width: float,
    form: str | None,
) -> None:
    """A picture: the weight matrix; eigenvalues or loss against d; the index of M_p over (d, p); the spectral
    density at one d; the error of the series beside its certified bound.

    Example: symrelu plot eigenvalues II --out II.png
    """
    given = {"d": d, "from": d_from, "to": d_to, "order": order, "value": value, "digits": digits, "atlas": atlas}
    options = {name: option for name, option in given.items() if option is not None}
    _require_use(kind, family, options)
    from symrelu.plots.style import new_axes, require_file, save

    require_file(out)
    try:
        axes = new_axes(width)
    except ModuleNotFoundError as error:
        from symrelu.arithmetic.outcome import UsageError

        raise UsageError(f"plot needs {error.name}; install it with: pip install 'symrelu[plots]'") from None
    try:
        with Progress("percent", 100) as progress:
            save(_draw(kind, family, options, axes, lambda part: progress(100 * part)), out)
    except KeyboardInterrupt as stop:
        stop.add_note(f"{out} is not written")
        raise
    click.echo(json.dumps({"files": [str(out)]}, indent=2) if form == "json" else f"written: {out}")


def _require_use(kind: str, family: str | None, options: dict[str, Any]) -> None:
    """UsageError for a kind that there is not, an option that is not of its kind, a family that is missing."""
    from symrelu.arithmetic.outcome import UsageError

    if kind not in _OPTIONS:
        raise UsageError(f"no picture {kind!r}; there are {', '.join(_OPTIONS)}")
    for name in options:
        if name not in _OPTIONS[kind]:
            known = ", ".join(f"--{option}" for option in _OPTIONS[kind])
            raise UsageError(f"--{name} does not belong to {kind}, which takes {known}")
    if family is None and kind != _WITHOUT_FAMILY:
        raise UsageError(f"{kind} is a picture of one family; give one, like: symrelu plot {kind} II --out II.png")


def _draw(kind: str, family: str | None, options: dict[str, Any], axes: Any, told: Any) -> Any:
    """The axes with the picture in it."""
    from symrelu.plots.atlas_map import require_all_p
    from symrelu.plots.kinds import KINDS
    from symrelu.toolkit import family as find

    collect, draw = KINDS[kind]
    arguments = {_KEYWORDS.get(name, name): option for name, option in options.items()}
    if "to" in _OPTIONS[kind]:
        arguments["progress"] = told
    subject = [] if family is None else [find(family)]
    if subject and kind == _WITHOUT_FAMILY:
        require_all_p(subject.pop().definition)
    return draw(collect(*subject, **arguments), axes)


COMMANDS = (plot,)
