"""Pictures: functions that take an Axes (or make one), draw into it what the toolkit proves, and return it.

>>> from symrelu import family, plots
>>> ax = plots.weights(family("II"), 6)
>>> ax.get_title()
'II at $d = 6$'

Each also has a function that collects its data and draws nothing (`collect_...` in the file of the picture). Needs
matplotlib, but not pyplot: nothing is shown, and no figure is kept. `save(ax, "II.png")` writes the figure of an Axes.
Labels stand outside the Axes: a figure of your own should have layout="constrained", which makes room for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symrelu.plots.atlas_map import index_map
    from symrelu.plots.eigenvalue_curves import eigenvalues
    from symrelu.plots.loss_curves import loss
    from symrelu.plots.series_error import error
    from symrelu.plots.spectral_density import density
    from symrelu.plots.style import new_axes, save
    from symrelu.plots.weight_matrix import weights

__all__ = ["density", "eigenvalues", "error", "index_map", "loss", "new_axes", "save", "weights"]

# No file is called like what it holds: importing it would put the module in the place of the function.
_HOMES = {
    "density": "spectral_density",
    "eigenvalues": "eigenvalue_curves",
    "error": "series_error",
    "index_map": "atlas_map",
    "loss": "loss_curves",
    "new_axes": "style",
    "save": "style",
    "weights": "weight_matrix",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that the data can be collected without matplotlib."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symrelu.plots' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"symrelu.plots.{_HOMES[name]}"), name)
