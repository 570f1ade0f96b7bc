"""Axes of d and of eigenvalues, and labels and legends that do not cover what is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from symrelu.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINEAR_TO = 0.1  # eigenvalues are drawn on a linear scale up to here: 1/4 - 1/(2 pi) = 0.0908 is below
_PLAIN = 10**4  # d up to here are not written as powers of ten


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
            arrowprops={"arrowstyle": "-", "color": style.GREY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 1}
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
    lines = [
        Line2D([], [], color=style.INK, linestyle=style.kind_dashes(kind), label=name) for name, kind in names.items()
    ]
    lines.append(Line2D([], [], linestyle="none", **style.circle(style.INK), label="$d^*$"))
    ax.legend(
        handles=lines, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(lines), frameon=False, handlelength=2.8
    )
