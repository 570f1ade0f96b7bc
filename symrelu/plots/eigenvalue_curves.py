"""Every eigenvalue of the Hessian against d, component by component, with the d at which one crosses zero."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Any

from symrelu.arithmetic.reals import certain_digits
from symrelu.family.isotypic import isotypic_types
from symrelu.plots import layout, notation, style
from symrelu.plots.sampling import DIGITS, Told, followed, geometric, interval
from symrelu.symmetry.types import IsotypicType
from symrelu.toolkit import Family, Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 70
_SHARE = 0.8  # of the work: finding the thresholds
_ROW = 11  # points between the thresholds' digits


@dataclass(frozen=True)
class Curve:
    """The `number`-th eigenvalue, ascending from 1, of a component: certified at every d, here as floats."""

    type: IsotypicType
    number: int
    d: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Threshold:
    """A certified crossing: d* as a float and in its certain digits, and the component."""

    d: float
    digits: str
    type: IsotypicType


@dataclass(frozen=True)
class EigenvalueCurves:
    """The curves on an interval, every threshold in it, and where signs are not decided."""

    family: str
    low: float
    high: float
    curves: list[Curve]
    thresholds: list[Threshold]
    undecided: list[tuple[float, float]]


def collect_eigenvalues(
    family: Family, d_from: Real | None = None, d_to: Real = 100, digits: int = 8, progress: Told = None
) -> EigenvalueCurves:
    """The eigenvalues at certified points of an interval, more of them beside thresholds, whose digits are certain.

    By default from where varying blocks have four rows. Only components of positive dimension. UsageError for an
    interval that is empty or out of range; ArithmeticError where no point is certified.
    """
    low, high = interval(family.definition, d_from, d_to)

    def covered(d: Fraction) -> None:
        if progress:
            progress(_SHARE * float((d - low) / (high - low)))

    found = family.threshold(digits, low, high, covered)
    thresholds = [Threshold(float(c.d), certain_digits(c.d, digits), c.type) for c in found.crossings]
    ds = geometric(low, high, _POINTS, [threshold.d for threshold in thresholds])
    curves = _curves(family, ds, progress)
    open_parts = [(float(part.low), float(part.high)) for part in found.coverage.open if part.low < part.high]
    return EigenvalueCurves(family.name, float(low), float(high), curves, thresholds, open_parts)


def _curves(family: Family, ds: list[Fraction], progress: Told) -> list[Curve]:
    """In the order of components, then ascending."""
    types = isotypic_types(family.definition.shape)  # not those of a single d at which a block has two columns
    asked = count(1)

    def components(d: Fraction) -> tuple[Fraction, list[Any]]:
        if progress:
            progress(_SHARE + (1 - _SHARE) * next(asked) / len(ds))
        spectrum: Any = family.spectrum(d=d, digits=DIGITS)
        return d, [c for c in spectrum.components if c.counts and c.type in types]

    curves = dict[tuple[IsotypicType, int], Curve]()
    for d, found in followed(family, ds, components):
        for component in found:
            for number, value in enumerate(component.eigenvalues, 1):
                curve = curves.setdefault((component.type, number), Curve(component.type, number))
                curve.d.append(float(d))
                curve.values.append(float(value))
    return [curves[key] for key in sorted(curves, key=lambda key: (types.index(key[0]), key[1]))]


@style.picture
def draw_eigenvalues(data: EigenvalueCurves, ax: Axes) -> None:
    """Curves by component, linear near zero and logarithmic beyond; thresholds as vertical lines with their digits."""
    for curve in data.curves:
        label = notation.component(curve.type.name) if curve.number == 1 else "_"
        ax.plot(curve.d, curve.values, label=label, **style.line_style(curve.type))
    values = [value for curve in data.curves for value in curve.values]
    layout.d_axis(ax.xaxis, data.low, data.high)
    layout.eigenvalue_axis(ax.yaxis, min(values), max(values))
    ax.axhline(0, color=style.INK, linewidth=0.8)
    for row, threshold in enumerate(reversed(data.thresholds)):
        _draw_threshold(ax, threshold, row)
    for low, high in data.undecided:
        ax.axvspan(low, high, facecolor="none", edgecolor=style.GREY, hatch="////", linewidth=0, label="undecided")
    ax.set_title(notation.family_name(data.family), pad=6 + _ROW * len(data.thresholds))
    layout.legend_right(ax)


def _draw_threshold(ax: Axes, threshold: Threshold, row: int) -> None:
    """A vertical line that goes on above the axes, to its digits in a row of their own: larger d stand lower."""
    line = {"color": style.GREY, "linewidth": 0.7, "linestyle": (0, (1, 2))}
    ax.axvline(threshold.d, **line)
    ax.plot([threshold.d], [0], zorder=5, clip_on=False, **style.circle(style.INK))
    left = ax.transAxes.inverted().transform(ax.transData.transform((threshold.d, 0)))[0] < 0.6
    ax.annotate(
        f"$d^* = {threshold.digits}$ ({notation.component(threshold.type.name)})",
        (threshold.d, 1),
        (3 if left else -3, 3 + _ROW * row),
        ("data", "axes fraction"),
        "offset points",
        ha="left" if left else "right",
        fontsize=style.SMALL,
        annotation_clip=False,
    )
    ax.annotate(
        "",
        (threshold.d, 1),
        (0, 9 + _ROW * row),
        ("data", "axes fraction"),
        "offset points",
        annotation_clip=False,
        arrowprops={"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, **line},
    )


def eigenvalues(
    family: Family, d_from: Real | None = None, d_to: Real = 100, digits: int = 8, ax: Axes | None = None
) -> Axes:
    """Every eigenvalue of the Hessian of a family against d, with the thresholds in between; see collect_eigenvalues."""
    return draw_eigenvalues(collect_eigenvalues(family, d_from, d_to, digits), ax)
