"""symrelu: the symmetry theory of two-layer ReLU networks as exact, checkable mathematics.

>>> from symrelu import family
>>> print(family("II").expand(4).to_text().splitlines()[3])
  w12    = 2*s^2 + O(s^4)
"""

from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.toolkit import Family, family

__all__ = ["Family", "Undecided", "UsageError", "__version__", "family"]

__version__ = "0.1.0"
