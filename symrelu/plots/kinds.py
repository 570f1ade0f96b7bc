"""The kinds of pictures by the words of the command: what collects their data, and what draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symrelu.plots.atlas_map import collect_index_map, draw_index_map
from symrelu.plots.eigenvalue_curves import collect_eigenvalues, draw_eigenvalues
from symrelu.plots.loss_curves import collect_loss, draw_loss
from symrelu.plots.series_error import collect_error, draw_error
from symrelu.plots.spectral_density import collect_density, draw_density
from symrelu.plots.weight_matrix import collect_weights, draw_weights

KINDS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "weights": (collect_weights, draw_weights),
    "eigenvalues": (collect_eigenvalues, draw_eigenvalues),
    "loss": (collect_loss, draw_loss),
    "index-map": (collect_index_map, draw_index_map),
    "density": (collect_density, draw_density),
    "error": (collect_error, draw_error),
}
