"""The index of M_p over (d, p): minima light, saddles dark with their number of descent directions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import exact_real
from symrelu.family.definition import Definition
from symrelu.plots import style
from symrelu.plots.sampling import Told
from symrelu.proof.atlas import read_atlas, run_atlas
from symrelu.toolkit import Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 24  # the d up to which the map goes by default: of what is computed up to 40, all saddles are at d <= 18
_LEGIBLE = 7.0  # points: the width of a cell in which a number can be read


@dataclass(frozen=True)
class IndexMap:
    """The proved index at (d, p), None where it is undecided; pairs that an unfinished atlas lacks are not there."""

    largest: int
    index: dict[tuple[int, int], int | None]


def collect_index_map(d_to: Real | None = None, atlas: Path | None = None, progress: Told = None) -> IndexMap:
    """The atlas up to an integer d, computed, or read from the folder of `prove --atlas K --out` (all of it by default).

    UsageError for other d, and for a folder without entries.
    """
    largest = None if d_to is None else _integer(exact_real(d_to, "--to"))
    if atlas is not None:
        found = read_atlas(atlas, largest)
    else:
        found = run_atlas(
            LARGEST if largest is None else largest, progress=progress and (lambda done, pairs: progress(done / pairs))
        )
    if not found.points:
        raise UsageError(f"{atlas}: has no entry up to d = {found.largest}; let prove --atlas fill it")
    return IndexMap(found.largest, {(point.d, point.p): point.index for point in found.points})


def _integer(value: Fraction) -> int:
    if value.denominator != 1:
        raise UsageError(f"the index map goes up to an integer d; give one, not --to {value}")
    return int(value)


def require_all_p(definition: Definition) -> None:
    """UsageError for a family that does not leave p a symbol."""
    if not definition.symbolic_p:
        raise UsageError(
            f"the index map is one of M_p for all p, not of {definition.name}; leave the family out, or give M"
        )


@style.picture
def draw_index_map(data: IndexMap, ax: Axes) -> None:
    """One cell for each pair; the index stands in a saddle's cell where there is room, else the shade is all."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Patch, Rectangle
    from matplotlib.ticker import MaxNLocator

    kinds = {kind: [pair for pair in data.index if _kind(data.index[pair]) == kind] for kind in style.CELLS}
    handles = []
    for kind, pairs in kinds.items():
        if pairs:
            cells = [Rectangle((d - 0.5, p - 0.5), 1, 1) for d, p in pairs]
            ax.add_collection(PatchCollection(cells, **style.CELLS[kind], label=kind))
            handles.append(Patch(**style.CELLS[kind], label=f"{kind} ({len(pairs)})"))
    lowest = min(d for d, _ in data.index)
    top = max(p for _, p in data.index)
    ax.set(xlim=(lowest - 0.5, data.largest + 0.5), ylim=(0.5, top + 0.5), xlabel="$d$", ylabel="$p$")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(10, integer=True))
    if ax.bbox.width * 72 / ax.figure.dpi / (data.largest - lowest + 1) >= _LEGIBLE:
        for d, p in kinds["saddle"]:
            ax.text(d, p, str(data.index[d, p]), ha="center", va="center_baseline", fontsize=style.SMALL, color="white")
    ax.legend(handles=handles, loc="upper left", frameon=False)
    ax.set_title("index of the Hessian at $\\mathrm{M}_p$")


def _kind(index: int | None) -> str:
    return "undecided" if index is None else "saddle" if index else "minimum"


def index_map(d_to: Real | None = None, atlas: Path | None = None, ax: Axes | None = None) -> Axes:
    """The index of M_p over (d, p) up to d_to, by default 24, or all of an atlas that is read; see collect_index_map."""
    return draw_index_map(collect_index_map(d_to, atlas), ax)
