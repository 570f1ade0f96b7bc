"""Where branches meet: at some integer d a point of one family has the larger symmetry of another one.

M_p at d = p + 2 is A, for instance: its weights then have two distinct values only. This is seen on certified points, as
an agreement of all distinct weights to many digits; it is reported as a remark and proves nothing.
"""

from __future__ import annotations

from fractions import Fraction

from symrelu.analysis.branch import Branch, BranchEnds
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import decimal
from symrelu.family.catalogue import CATALOGUE

_BITS = 160
_DIGITS = 25


def distinct_weights(branch: Branch, d: Fraction) -> set[str]:
    """The distinct entries at d, rounded to many digits."""
    return {decimal(value, _DIGITS) for value in branch.approx(d, _BITS)}


def meets(branch: Branch, d: Fraction) -> str | None:
    """A sentence naming the family of the catalogue that the branch coincides with at an integer d, or None."""
    if d.denominator != 1:
        return None
    try:
        values = distinct_weights(branch, d)
    except (BranchEnds, Undecided):
        return None
    entries = len(branch.definition.shape.entries)
    if len(values) >= entries:
        return None
    for definition in CATALOGUE.values():
        if definition.symbolic_p or len(definition.shape.entries) >= entries:
            continue
        try:
            definition.require_d(d)
            same = distinct_weights(Branch(definition.with_activation(branch.definition.activation)), d) == values
        except (BranchEnds, Undecided, UsageError):
            continue
        if same:
            return f"at d = {d} the branch meets {definition.name}: the weights are the same"
    return f"at d = {d} the weights have only {len(values)} distinct values: the branch meets one of larger symmetry"
