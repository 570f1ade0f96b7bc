"""Where the eigenvalues of the Hessian are at one d, with their multiplicities: nearly all of them in a few places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symrelu.analysis.symbolic import symbolic_dimensions
from symrelu.plots import layout, notation, style
from symrelu.plots.sampling import DIGITS, network_size
from symrelu.symmetry.types import IsotypicType
from symrelu.toolkit import Family, Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEST_D = 10**6


@dataclass(frozen=True)
class Level:
    """A component: its eigenvalues, certified, here as floats, and how often each of them occurs."""

    type: IsotypicType
    multiplicity: int
    polynomial: str
    degree: int
    eigenvalues: list[float]

    @property
    def number(self) -> int:
        """Of eigenvalues of the Hessian, with their multiplicities."""
        return self.multiplicity * len(self.eigenvalues)


@dataclass(frozen=True)
class SpectralDensity:
    """All eigenvalues of the Hessian at d by component: `total` is d k, the number of weights."""

    family: str
    d: int
    total: int
    levels: list[Level]

    @property
    def crowded(self) -> list[Level]:
        """The components whose multiplicity grows like d^2; all others together have O(d) eigenvalues."""
        return [level for level in self.levels if level.degree == 2]


def collect_density(family: Family, d: Real = 20) -> SpectralDensity:
    """The spectrum at an integer d with multiplicities as numbers and as polynomials in d; UsageError for other d."""
    definition = family.definition
    size = network_size(definition, d, _LARGEST_D)
    spectrum: Any = family.spectrum(d=size, digits=DIGITS)
    polynomials = {kind.name: polynomial for kind, polynomial in symbolic_dimensions(definition.shape)}
    levels = [
        Level(
            component.type,
            int(component.dimension),
            notation.polynomial(polynomials[component.type.name]),
            _degree(polynomials[component.type.name]),
            [float(value) for value in component.eigenvalues],
        )
        for component in spectrum.components
        if component.counts
    ]
    shape = definition.shape
    return SpectralDensity(family.name, size, int(shape.neurons.at(size)) * int(shape.inputs.at(size)), levels)


def _degree(polynomial: Any) -> int:
    """In d; 0 for a constant."""
    return polynomial.as_poly(*polynomial.free_symbols).total_degree() if polynomial.free_symbols else 0


@style.picture
def draw_density(data: SpectralDensity, ax: Axes) -> None:
    """A stem for each eigenvalue of each component, as high as its multiplicity, which is written on the right."""
    for level in data.levels:
        crowded = level in data.crowded
        ax.vlines(level.eigenvalues, 0.5, level.multiplicity, color=style.shade(level.type), lw=2.4 if crowded else 0.8)
        at = [level.multiplicity] * len(level.eigenvalues)
        ax.plot(level.eigenvalues, at, linestyle="none", markersize=5.5, zorder=3, **style.symbol_style(level.type))
    values = [value for level in data.levels for value in level.eigenvalues]
    ax.set_yscale("log")
    ax.set_ylim(0.5, 2 * max(level.multiplicity for level in data.levels))
    ax.set_ylabel("multiplicity")
    layout.eigenvalue_axis(ax.xaxis, min(values), max(values))
    ax.axvline(0, color=style.INK, linewidth=0.8)
    labels = [(level.multiplicity, _label(level)) for level in data.levels]
    layout.label_right(ax, labels, [style.symbol_style(level.type) for level in data.levels])
    ax.set_title(_title(data))


def _label(level: Level) -> str:
    return f"{notation.component(level.type.name)}: {notation.formula(level.polynomial, level.multiplicity)}"


def _title(data: SpectralDensity) -> str:
    where = f"{notation.family_name(data.family)} at {notation.formula('d', data.d)}"
    number = sum(level.number for level in data.crowded)
    places = sum(len(level.eigenvalues) for level in data.crowded)
    return f"{where}:\n{number} of {data.total} eigenvalues in {places} place{'' if places == 1 else 's'}"


def density(family: Family, d: Real = 20, ax: Axes | None = None) -> Axes:
    """The spectrum of a family's Hessian at an integer d, weighted by multiplicity; see collect_density."""
    return draw_density(collect_density(family, d), ax)
