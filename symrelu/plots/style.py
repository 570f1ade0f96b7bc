"""How the pictures look: fonts, greys, line styles, figures, files. Everything can be told apart without colour.

A line's dashes tell the type of a component, its shade and marker the block. Shades differ in luminance; saddles are
dashed and minima solid wherever families are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.symmetry.types import IsotypicType, Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".pdf", ".svg")
WIDTH, RATIO = 6.5, 0.62  # of a new figure: inches, and its height as a part of that
SMALL = 8  # points, of labels inside a picture
INK, GREY = "#111111", "#6a6a6a"

RC: dict[Any, Any] = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",  # has the letters of the components, Fraktur
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "hatch.linewidth": 0.5,
    "pdf.fonttype": 42,
    "svg.hashsalt": "symrelu",
}
_PNG_DPI = 300

_DASHES: dict[Kind, Any] = {
    Kind.TRIVIAL: (0, (1, 1.2)),
    Kind.STANDARD: "-",
    Kind.EXTERIOR: (0, (6, 2)),
    Kind.SYMMETRIC: (0, (6, 2, 1, 2)),
    Kind.PRODUCT: (0, (3, 1.2)),
}
_SYMBOLS = {Kind.TRIVIAL: "s", Kind.STANDARD: "o", Kind.EXTERIOR: "^", Kind.SYMMETRIC: "v", Kind.PRODUCT: "D"}
_BLOCKS = ("#16325c", "#d98324", "#2f7d5b", "#c4c4c4")
_TRIVIAL, _PRODUCT = "#111111", "#9a5a8f"
_SEQUENCE = (("#111111", "o"), ("#16325c", "s"), ("#9a5a8f", "^"), ("#d98324", "D"), ("#4f9d69", "v"), ("#b6b6b6", "P"))
DASHED = (0, (3, 1.6))

# Minima light, saddles dark, and what is not decided hatched.
CELLS: dict[str, dict[str, Any]] = {
    "minimum": {"facecolor": "#e9e9e9", "edgecolor": "white", "linewidth": 0.5},
    "saddle": {"facecolor": "#16325c", "edgecolor": "white", "linewidth": 0.5},
    "undecided": {"facecolor": "white", "edgecolor": GREY, "linewidth": 0.5, "hatch": "xxxx"},
}


def nth(number: int) -> tuple[str, str]:
    """(shade, marker) of the lines of a picture, numbered from 0."""
    return _SEQUENCE[number % len(_SEQUENCE)]


def kind_dashes(minimum: bool) -> Any:
    """Solid for minima, dashed for saddles."""
    return "-" if minimum else DASHED


def circle(color: str) -> dict[str, Any]:
    """Where an index changes: an open circle."""
    return {"marker": "o", "color": "white", "markeredgecolor": color, "markersize": 4.5}


def ink_on(color: tuple[float, ...]) -> str:
    """Black or white, whichever can be read on a colour (red, green, blue, ...)."""
    return INK if luminance(color) > 0.45 else "white"


def luminance(color: tuple[float, ...]) -> float:
    """How light a colour (red, green, blue, ...) is where it is printed in grey, from 0 to 1 (Rec. 601)."""
    return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]


def diverging() -> Any:
    """A colour map from dark (-1) over grey (0) to light (+1): its luminance tells the sign."""
    from matplotlib.colors import LinearSegmentedColormap

    stops = ["#071634", "#2a5a8f", "#8f959c", "#efc565", "#fffbe0"]
    return LinearSegmentedColormap.from_list("symrelu", stops)


def shade(kind: IsotypicType) -> str:
    """The colour of a component: that of its block."""
    if kind.kind is Kind.TRIVIAL:
        return _TRIVIAL
    return _PRODUCT if kind.kind is Kind.PRODUCT else _BLOCKS[min(kind.block, len(_BLOCKS) - 1)]


def line_style(kind: IsotypicType) -> dict[str, Any]:
    """Dashes by type; colour, and open circles from the second block on, by block."""
    style = {"linestyle": _DASHES[kind.kind], "color": shade(kind)}
    if kind.block and kind.kind is not Kind.PRODUCT:
        style |= {"marker": "o^D"[min(kind.block, 3) - 1], "markersize": 3, "markevery": 9, "markerfacecolor": "white"}
    return style


def symbol_style(kind: IsotypicType) -> dict[str, Any]:
    """A marker by type, filled with the shade of the block."""
    return {"marker": _SYMBOLS[kind.kind], "color": shade(kind), "markeredgecolor": INK, "markeredgewidth": 0.5}


def new_axes(width: float = WIDTH) -> Axes:
    """An Axes in a figure of its own, `width` inches wide; pyplot does not know of it."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(RC):
        figure = Figure(figsize=(width, RATIO * max(width, 4.4)), layout="constrained")
        return figure.add_subplot()


def picture(draw: Callable[..., None]) -> Callable[..., Axes]:
    """Make draw(data, ax) a function that draws in this style and returns the Axes, by default a new one."""

    @wraps(draw)
    def drawn(data: Any, ax: Axes | None = None) -> Axes:
        from matplotlib import rc_context

        with rc_context(RC):
            axes = new_axes() if ax is None else ax
            draw(data, axes)
        return axes

    return drawn


def require_file(path: Path) -> None:
    """UsageError unless the name of the file says a format that is written, and its folder is there."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path}: the suffix tells the format; use one of {', '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}; make it, or give another file")


def save(ax: Axes, path: str | Path) -> Path:
    """Write the figure of an Axes as .png, .pdf or .svg; the same picture gives the same bytes.

    UsageError for another suffix, and where the file cannot be written.
    """
    from matplotlib import rc_context

    path = Path(path)
    require_file(path)
    kind = path.suffix.lower()[1:]
    metadata = {"png": {"Software": None}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}[kind]
    figure: Any = ax.get_figure(root=True)
    picture = BytesIO()
    with rc_context(RC):
        figure.savefig(picture, format=kind, dpi=_PNG_DPI, metadata=metadata)
    try:
        path.write_bytes(picture.getvalue())  # all of it or, if drawing is interrupted, nothing
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); give another file") from None
    return path
