"""How the pictures look: fonts, greys, line styles, axes, labels, files. Everything can be told apart without colour.

A line's dashes tell the type of a component, its shade and marker the block. Shades differ in luminance; saddles are
dashed and minima solid wherever families are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.symmetry.types import IsotypicType, Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".pdf", ".svg")
WIDTH, RATIO = 6.5, 0.62  # of a new figure: inches, and its height as a part of that
SMALL = 8  # points, of labels inside a picture
INK, GREY, LIGHT = "#111111", "#6a6a6a", "#d9d9d9"

_RC: dict[Any, Any] = {
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
_PLAIN = 10**4  # numbers up to here are not written as powers of ten

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

# Minima light, saddles dark, and what is not decided hatched.
CELLS: dict[str, dict[str, Any]] = {
    "minimum": {"facecolor": "#e9e9e9", "edgecolor": "white", "linewidth": 0.5},
    "saddle": {"facecolor": "#16325c", "edgecolor": "white", "linewidth": 0.5},
    "undecided": {"facecolor": "white", "edgecolor": GREY, "linewidth": 0.5, "hatch": "xxxx"},
}


def nth(number: int) -> tuple[str, str]:
    """(shade, marker) of the lines of a picture, numbered from 0."""
    return _SEQUENCE[number % len(_SEQUENCE)]


DASHED = (0, (3, 1.6))


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

    with rc_context(_RC):
        figure = Figure(figsize=(width, RATIO * max(width, 4.4)), layout="constrained")
        return figure.add_subplot()


def picture(draw: Callable[..., None]) -> Callable[..., Axes]:
    """Make draw(data, ax) a function that draws in this style and returns the Axes, by default a new one."""

    @wraps(draw)
    def drawn(data: Any, ax: Axes | None = None) -> Axes:
        from matplotlib import rc_context

        with rc_context(_RC):
            axes = new_axes() if ax is None else ax
            draw(data, axes)
        return axes

    return drawn


def d_axis(axis: Any, low: float, high: float) -> None:
    """A horizontal axis of d, logarithmic where the range is long, with plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

    ax = axis.axes
    ax.set_xlabel("$d$")
    if high / low < 4:
        ax.set_xlim(low, high)
        axis.set_major_locator(MaxNLocator(8))
        return
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    long = high / low > 200
    axis.set_major_locator(LogLocator(subs=(1.0,) if long else (1.0, 2.0, 5.0)))
    if high <= _PLAIN:
        axis.set_major_formatter(FuncFormatter(lambda d, _: f"{d:g}"))
    if not long:
        axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


LINEAR_TO = 0.1  # eigenvalues are drawn on a linear scale up to here: 1/4 - 1/(2 pi) = 0.0908 is below


def eigenvalue_axis(axis: Any, low: float, high: float) -> None:
    """A symmetric logarithmic axis of eigenvalues: small ones, which cross zero, take as much room as those that grow."""
    from matplotlib.scale import SymmetricalLogScale
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    scale = SymmetricalLogScale(axis, linthresh=LINEAR_TO, linscale=1.6)
    ax, name = axis.axes, axis.axis_name
    getattr(ax, f"set_{name}scale")(scale)
    to, back = scale.get_transform().transform, scale.get_transform().inverted().transform
    bottom, top = to([min(low, 0.0), high])
    margin = 0.04 * (top - bottom)
    getattr(ax, f"set_{name}lim")(*back([bottom - margin, top + margin]))
    decades = [sign * 10.0**power for power in range(9) for sign in (-1, 1)]
    ticks = [x for x in sorted([0.0, 0.05, -0.05, 0.1, -0.1, *decades]) if min(1.2 * low, 0) <= x <= 1.2 * high]
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter([_tick(x) for x in ticks]))
    axis.set_minor_locator(NullLocator())
    getattr(ax, f"set_{name}label")(rf"eigenvalue $\lambda$ (linear for $|\lambda| \leq {LINEAR_TO}$)")


def _tick(x: float) -> str:
    power = len(f"{abs(x):.0f}") - 1
    if power > 2:
        return rf"${'-' if x < 0 else ''}10^{{{power}}}$"
    return f"${x:g}$"


def spread(wanted: Iterable[float], gap: float) -> list[float]:
    """Places between 0 and 1 for labels, `gap` apart at least, in the order of what is wanted and near to it.

    Where there is not enough room between 0 and 1 they go beyond on both sides.

    >>> spread([0.5, 0.5, 0.9], 0.1), spread([0.0, 0.0], 0.1)
    ([0.45, 0.55, 0.9], [0.0, 0.1])
    """
    values = list(wanted)
    order = sorted(range(len(values)), key=values.__getitem__)
    groups = list[tuple[float, int]]()  # (middle, members): labels that touch are centred as one group
    for i in order:
        middle, members = _inside(values[i], 0.0), 1
        while groups and middle - groups[-1][0] < gap * (members + groups[-1][1]) / 2 - 1e-12:
            before, more = groups.pop()
            middle, members = (before * more + middle * members) / (more + members), more + members
            middle = _inside(middle, gap * (members - 1) / 2)
        groups.append((middle, members))
    places = [round(middle + gap * (i - (n - 1) / 2), 12) for middle, n in groups for i in range(n)]
    return [place for _, place in sorted(zip(order, places, strict=True))]


def _inside(middle: float, half: float) -> float:
    """Moved so that what reaches `half` to both sides is between 0 and 1, if it fits."""
    return min(max(middle, half), 1 - half) if half <= 0.5 else 0.5


def label_right(ax: Axes, labels: Sequence[tuple[float, str]], symbols: Sequence[dict[str, Any]] = ()) -> None:
    """Texts to the right of an Axes at heights in data, moved apart, each with a line to where it belongs.

    `symbols` are styles of markers to stand before them.
    """
    from matplotlib.transforms import ScaledTranslation

    def right(points: float) -> Any:
        return ax.transAxes + ScaledTranslation(points / 72, 0, ax.figure.dpi_scale_trans)

    room = ax.bbox.height * 72 / ax.figure.dpi  # points
    size = min(9.0, max(6.5, room / (1.25 * max(len(labels), 1))))
    to, back = ax.transData, ax.transAxes.inverted()
    heights = [back.transform(to.transform((ax.get_xlim()[1], y)))[1] for y, _ in labels]
    places = spread(heights, 1.25 * size / room)
    for y, place, (_, text) in zip(heights, places, labels, strict=True):
        ax.annotate(
            text,
            (1.0, y),
            (1.0, place),
            "axes fraction",
            right(24 if symbols else 14),
            fontsize=size,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 1}
            | {"relpos": (0, 0.5)},
        )
    for place, symbol in zip(places, symbols, strict=False):
        ax.plot([1.0], [place], transform=right(18), clip_on=False, markersize=4.5, zorder=4, **symbol)


def legend_right(ax: Axes) -> None:
    """A legend beside the Axes, each text once."""
    handles = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    ax.legend(
        handles.values(),
        handles.keys(),
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        handlelength=2.8,
        borderaxespad=0.2,
    )


def legend_of_kinds(ax: Axes) -> None:
    """What solid and dashed lines are, and the circle between them."""
    from matplotlib.lines import Line2D

    names = {"minimum": True, "saddle": False}
    lines = [Line2D([], [], color=INK, linestyle=kind_dashes(kind), label=name) for name, kind in names.items()]
    lines.append(Line2D([], [], linestyle="none", **circle(INK), label="$d^*$"))
    ax.legend(
        handles=lines, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(lines), frameon=False, handlelength=2.8
    )


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
    try:
        with rc_context(_RC):
            figure.savefig(path, format=kind, dpi=_PNG_DPI, metadata=metadata)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); give another file") from None
    return path
