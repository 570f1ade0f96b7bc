"""The weight matrix of a family in block order, with the names and values of its entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import floor, log10
from typing import TYPE_CHECKING, Any

from symrelu.analysis.dense_check import dense_weights
from symrelu.family.definition import Definition
from symrelu.family.shape import Entry, Shape
from symrelu.family.sizes import Size
from symrelu.plots import notation, style
from symrelu.plots.sampling import DIGITS, network_size
from symrelu.toolkit import Family, Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEST_D = 10**6
DRAWN = 30  # rows or columns of one block that are drawn at most
# Sides of a block with one row or column, and with more, where the side of the matrix is about 1.
_LEAST, _LEAST_OF_MANY = 0.18, 0.36


@dataclass(frozen=True)
class Part:
    """A block of columns, or an orbit of rows: its size as a polynomial in d and as a number, and how many are drawn."""

    polynomial: str
    size: int
    drawn: int


@dataclass(frozen=True)
class WeightMatrix:
    """A certified point: its entries by name, and `matrix` with the rows and columns that are drawn."""

    family: str
    d: int
    shape: Shape
    rows: list[Part]
    columns: list[Part]
    entries: dict[str, float]
    matrix: list[list[float]]


def collect_weights(family: Family, d: Real = 20) -> WeightMatrix:
    """The weight matrix at an integer d, every block with at most DRAWN rows and columns; UsageError for other d."""
    definition = family.definition
    size = network_size(definition, d, _LARGEST_D)
    entries = {name: float(ball) for name, ball in family.at(size, DIGITS).parameters.items()}
    shape, sizes = definition.shape, [int(n) for n in definition.sizes(size)]
    columns = [Part(str(block), n, min(n, DRAWN)) for block, n in zip(shape.blocks, sizes, strict=True)]
    rows = [Part("1", 1, 1) if row.attached is None else columns[row.attached] for row in shape.rows]
    matrix = dense_weights(_drawn(definition, columns), size, entries)
    return WeightMatrix(family.name, size, shape, rows, columns, entries, matrix)


def _drawn(definition: Definition, columns: list[Part]) -> Definition:
    """The family with its blocks cut to what is drawn."""
    blocks = tuple(Size.constant(part.drawn) for part in columns)
    return replace(definition, shape=replace(definition.shape, blocks=blocks))


def sides(parts: list[Part], total: int) -> list[float]:
    """How wide the blocks are drawn: as their part of `total`, but wide enough for a label."""
    return [max(part.drawn / total, _LEAST if part.drawn == 1 else _LEAST_OF_MANY) for part in parts]


@style.picture
def draw_weights(data: WeightMatrix, ax: Axes) -> None:
    """Cells, separators between blocks, sizes of row orbits on the left and of column blocks above, names inside."""
    from matplotlib.ticker import NullLocator

    total = sum(part.drawn for part in data.columns)
    widths, heights = sides(data.columns, total), sides(data.rows, total)
    x, y = [0.0, *accumulate(widths)], [0.0, *accumulate(heights)]
    mesh: Any = ax.pcolormesh(
        _edges(data.columns, x),
        _edges(data.rows, y),
        data.matrix,
        cmap=style.diverging(),
        norm=_norm(data),
        rasterized=True,
    )
    for edge in x[1:-1]:
        ax.axvline(edge, color=style.INK, linewidth=1.0)
    for edge in y[1:-1]:
        ax.axhline(edge, color=style.INK, linewidth=1.0)
    ax.set(xlim=(0, x[-1]), ylim=(y[-1], 0), aspect="equal")
    ax.xaxis.tick_top()
    for axis, parts, edges in ((ax.xaxis, data.columns, x), (ax.yaxis, data.rows, y)):
        axis.set_ticks(_middles(edges), [notation.formula(part.polynomial, part.size) for part in parts])
        axis.set_tick_params(length=0)
        axis.set_minor_locator(NullLocator())
    ax.tick_params(axis="y", labelrotation=90)  # beside the matrix there is little room
    for label in ax.get_yticklabels():
        label.set_verticalalignment("center")
    for entry in data.shape.entries:
        _draw_name(ax, data, entry, style.ink_on(mesh.cmap(mesh.norm(_beside(data, entry)))), x, y)
    ax.set_title(f"{notation.family_name(data.family)} at {notation.formula('d', data.d)}")
    if any(part.drawn < part.size for part in data.columns):
        ax.set_xlabel(f"blocks of more than {DRAWN} are drawn with {DRAWN}", fontsize=style.SMALL)
    bar: Any = ax.figure.colorbar(mesh, ax=ax, fraction=0.05, pad=0.03)
    bar.set_ticks(_bar_ticks(data), labels=[f"${value:g}$" for value in _bar_ticks(data)])
    bar.minorticks_off()


def _edges(parts: list[Part], edges: list[float]) -> list[float]:
    """The edges of single rows or columns, given those of their blocks."""
    inner = [
        low + (high - low) * i / part.drawn
        for part, (low, high) in zip(parts, pairwise(edges), strict=True)
        for i in range(part.drawn)
    ]
    return [*inner, edges[-1]]


def _middles(edges: list[float]) -> list[float]:
    return [(low + high) / 2 for low, high in pairwise(edges)]


def _linear_to(data: WeightMatrix) -> float:
    """The scale is logarithmic down to entries below 1/d: those of that order can be told from smaller ones."""
    return 10.0 ** floor(-log10(data.d) - 1)


def _norm(data: WeightMatrix) -> Any:
    from matplotlib.colors import SymLogNorm

    largest = max(1.0, *(abs(value) for row in data.matrix for value in row))
    return SymLogNorm(_linear_to(data), linscale=0.6, vmin=-largest, vmax=largest, base=10)


def _bar_ticks(data: WeightMatrix) -> list[float]:
    decades = [10.0**-power for power in range(round(-log10(_linear_to(data))) + 1)]
    return [*(-value for value in decades), 0.0, *reversed(decades)]


def _beside(data: WeightMatrix, entry: Entry) -> float:
    """The value in the cells on which the name of an entry is written: that of a diagonal entry stands beside it."""
    around = (other for other in data.shape.entries if (other.row, other.block) == (entry.row, entry.block))
    return next(data.entries[other.name] for other in around if not other.diagonal)


def _draw_name(ax: Axes, data: WeightMatrix, entry: Entry, ink: str, x: list[float], y: list[float]) -> None:
    """In the middle of its block; in a block with a diagonal the two names stand on either side of it."""
    left, right, top, bottom = x[entry.block], x[entry.block + 1], y[entry.row], y[entry.row + 1]
    across = down = 0.5
    if data.shape.rows[entry.row].attached == entry.block:
        across, down = (0.27, 0.77) if entry.diagonal else (0.75, 0.23)
    at = left + across * (right - left), top + down * (bottom - top)
    text = f"{notation.entry(entry.name)}\n${notation.rounded(data.entries[entry.name])}$"
    arrow = {"arrowstyle": "-", "linewidth": 0.6, "color": ink, "shrinkA": 0, "shrinkB": 0} if entry.diagonal else None
    drawn = data.columns[entry.block].drawn
    cell = (drawn // 2 + 0.5) / drawn  # of the diagonal
    diagonal = left + cell * (right - left), top + cell * (bottom - top)
    ax.annotate(
        text,
        diagonal if entry.diagonal else at,
        at,
        ha="center",
        va="center",
        fontsize=style.SMALL - 1,
        linespacing=1.1,
        arrowprops=arrow,
        color=ink,
    )


def weights(family: Family, d: Real = 20, ax: Axes | None = None) -> Axes:
    """The weight matrix of a family at an integer d, blocks in order and not to scale; see collect_weights."""
    return draw_weights(collect_weights(family, d), ax)
