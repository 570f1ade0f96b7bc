"""Loss against d: one family among all that solve the same problem, solid where it is a minimum, dashed where a saddle."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from symrelu.family.catalogue import members
from symrelu.family.definition import Definition
from symrelu.plots import layout, notation, style
from symrelu.plots.sampling import DIGITS, Told, followed, geometric, interval
from symrelu.toolkit import Family, Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 40
_CLOSE = Fraction(1001, 1000)  # ratio of the two d between which a line changes its style


@dataclass(frozen=True)
class LossPoint:
    """Certified at d: the loss, here as a float, and whether it is a minimum."""

    d: float
    loss: float
    minimum: bool


@dataclass(frozen=True)
class LossCurve:
    """The points of one family in ascending d; where it turns from saddle into minimum two of them are close together."""

    family: str
    points: list[LossPoint]

    @property
    def runs(self) -> list[list[LossPoint]]:
        """Neighbours of one kind; each begins with the last point of the one before."""
        runs = [[point] for point in self.points[:1]]
        for last, point in pairwise(self.points):
            if point.minimum != last.minimum:
                runs.append([last])
            runs[-1].append(point)
        return runs

    @property
    def turns(self) -> list[float]:
        """The d at which the kind changes."""
        return [point.d for last, point in pairwise(self.points) if point.minimum != last.minimum]


@dataclass(frozen=True)
class LossCurves:
    """The family that was asked for, and its rivals, on an interval."""

    family: str
    low: float
    high: float
    curves: list[LossCurve]


def collect_loss(family: Family, d_from: Real | None = None, d_to: Real = 100, progress: Told = None) -> LossCurves:
    """The losses of a family and of all families of the catalogue with as many neurons, inputs and targets.

    Each from where its varying blocks have four rows, or from d_from if its shape allows it, as far as its branch goes.
    Kinds are certified at the points. UsageError for an interval that is empty or out of the range of the family
    itself; ArithmeticError where no point of a family is certified.
    """
    low, high = interval(family.definition, d_from, d_to)
    curves, rivals = [], _rivals(family)
    starts = [_start(rival.definition, low, d_from) for rival in rivals]
    for done, (rival, start) in enumerate(zip(rivals, starts, strict=True), 1):
        if start < high:
            curves.append(LossCurve(rival.name, _points(rival, start, high)))
        if progress:
            progress(done / len(rivals))
    return LossCurves(family.name, min(curve.points[0].d for curve in curves), float(high), curves)


def _start(definition: Definition, low: Fraction, d_from: Real | None) -> Fraction:
    return definition.d_with_rows(4) if d_from is None else max(low, definition.d_with_rows(2))


def _rivals(family: Family) -> list[Family]:
    """The family last, so that it is drawn over the others; all with its activation."""
    own = family.definition
    numeric = (rival for rival in members() if not rival.symbolic_p and _problem(rival) == _problem(own))
    others = (rival.with_activation(own.activation) for rival in numeric)
    return [*(Family(rival) for rival in others if rival.name != own.name), family]


def _problem(definition: Definition) -> tuple[Any, ...]:
    shape = definition.shape
    targets = [block for block, taught in zip(shape.blocks, shape.teacher, strict=True) if taught]
    return shape.neurons, shape.inputs, sum(targets[1:], targets[0])


def _points(family: Family, low: Fraction, high: Fraction) -> list[LossPoint]:
    """As far down as the branch goes; between two of different kinds more, until they are close."""

    def ask(d: Fraction) -> LossPoint:
        evaluation = family.at(d, DIGITS)
        return LossPoint(float(d), float(evaluation.loss), evaluation.is_minimum)

    found = followed(family, geometric(low, high, _POINTS), ask)
    for left, right in list(pairwise(found)):
        while left.minimum != right.minimum and right.d / left.d > _CLOSE:
            (middle,) = followed(family, [Fraction((left.d + right.d) / 2)], ask)
            found.append(middle)
            left, right = (middle, right) if middle.minimum == left.minimum else (left, middle)
    return sorted(found, key=lambda point: point.d)


@style.picture
def draw_loss(data: LossCurves, ax: Axes) -> None:
    """Both axes logarithmic, names beside the lines; a family whose loss is zero is only named."""
    layout.d_axis(ax.xaxis, data.low, data.high)
    ax.set_yscale("log")
    ax.set_ylabel(notation.entry("loss"))
    labels, zero = [], []
    for curve in data.curves:
        name = notation.family_name(curve.family)
        if all(point.loss <= 0 for point in curve.points):
            zero.append(name)
            continue
        _draw_curve(ax, curve, own=curve.family == data.family)
        labels.append((curve.points[-1].loss, name))
    layout.label_right(ax, labels)
    layout.legend_of_kinds(ax)
    if zero:
        ax.text(0.02, 0.02, rf"{', '.join(zero)}: $\mathcal{{L}} = 0$", transform=ax.transAxes, fontsize=style.SMALL)


def _draw_curve(ax: Axes, curve: LossCurve, own: bool) -> None:
    color, width = (style.INK, 2.2) if own else (style.GREY, 1.0)
    for run in curve.runs:
        d, loss = [point.d for point in run], [point.loss for point in run]
        ax.plot(d, loss, color=color, linewidth=width, linestyle=style.kind_dashes(run[-1].minimum))
    turns = [point for point in curve.points if point.d in curve.turns]
    ax.plot(
        [point.d for point in turns],
        [point.loss for point in turns],
        linestyle="none",
        zorder=4,
        **style.circle(color),
    )


def loss(family: Family, d_from: Real | None = None, d_to: Real = 100, ax: Axes | None = None) -> Axes:
    """The loss of a family among all others with as many neurons against d, minima solid, saddles dashed."""
    return draw_loss(collect_loss(family, d_from, d_to), ax)
