"""symrelu: the symmetry theory of two-layer ReLU networks as exact, checkable mathematics.

>>> from symrelu import family
>>> print(family("II").expand(4).to_text().splitlines()[3])
  w12    = 2*s^2 + O(s^4)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# The subpackages are bound to their names here, once: a later import would replace the functions of that name below.
import symrelu.family
import symrelu.search  # noqa: F401

if TYPE_CHECKING:
    from symrelu.arithmetic.outcome import Undecided, UsageError
    from symrelu.search.classification import classify
    from symrelu.search.search_result import SearchResult
    from symrelu.toolkit import Family

__all__ = ["Family", "Undecided", "UsageError", "__version__", "classify", "family", "search"]

__version__ = "0.1.0"

_HOMES = {
    "Family": "symrelu.toolkit",
    "Undecided": "symrelu.arithmetic.outcome",
    "UsageError": "symrelu.arithmetic.outcome",
    "classify": "symrelu.search.classification",
}


def family(source: Any, activation: str | None = None) -> Family:
    """The family of a name (global, A, I, II, M2, ..., M), of a path to a JSON file, or of a dict.

    `activation` is relu, erf or leaky:SLOPE, if it is not to be that of the family itself.

    >>> family("II")
    Family(II: Delta(S_{d-1} x S_1), d neurons)
    """
    from symrelu.toolkit import family as make

    return make(source, activation)


def search(inputs: int, neurons: int, runs: int, seed: int = 0, **options: Any) -> SearchResult:
    """What gradient descent finds from so many random starts; the options are those of symrelu.search.searching.search."""
    from symrelu.search.searching import search as find

    return find(inputs, neurons, runs, seed, **options)


def __getattr__(name: str) -> Any:
    """Import on first use: the command line would otherwise wait for sympy even to print its help."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symrelu' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
