"""Signs of the Hessian's blocks over a tube: how many negative eigenvalues each type has, for every d at once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.taylor import TaylorModel
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, isotypic_types, symmetric_pencil
from symrelu.solvers.definiteness import pivot_order, pivots, reordered
from symrelu.symmetry.types import IsotypicType


def types_between(definition: Definition, low: Fraction, high: Fraction) -> list[IsotypicType]:
    """The types that have positive dimension somewhere in [low, high] (dimensions grow with d)."""
    sizes = definition.sizes(high)
    # A block of two rows has a smaller standard type, but only at the one d where it has two.
    kinds = isotypic_types(definition.shape, sizes if low == high else None)
    return [kind for kind in kinds if kind.dimension(sizes) > 0]


def block(table: GramTable, kind: IsotypicType) -> tuple[list[list[Any]], list[Any]]:
    """The symmetric pencil (B, G) of 2 pi Hessian on a type, in the arithmetic of the table."""
    return symmetric_pencil(*isotypic_action(table, kind))


def block_pivots(matrix: list[list[Any]]) -> list[Any]:
    """Pivots of L D L^T in an order that keeps the smallest for last."""
    return pivots(reordered(matrix, pivot_order([[center_value(x) for x in row] for row in matrix])))


def center_value(x: Any) -> arb:
    """The value of a number of any ball arithmetic at its centre."""
    return x.polynomial[0] if isinstance(x, TaylorModel) else arb(x)


def negative_count(tube: Tube, kind: IsotypicType) -> int:
    """The number of negative eigenvalues of a block, the same for every d of the tube; Undecided if not proved so."""
    with working(BITS):
        matrix, _ = block(tube.table, kind)
        return sum(sign_on_domain(pivot) < 0 for pivot in block_pivots(matrix))


def sign_on_domain(x: Any) -> int:
    """+1 or -1 if x has that sign on its whole domain, else Undecided."""
    values = x.range() if isinstance(x, TaylorModel) else arb(x)
    if values > 0:
        return 1
    if values < 0:
        return -1
    raise Undecided(f"the sign of a pivot in {values.str(5)} is open")


def approx_negative_count(branch: Branch, kind: IsotypicType, d: Fraction) -> int:
    """The number of negative eigenvalues of a block at an approximate critical point: by midpoints, not proved."""
    with working(BITS):
        matrix, _ = block(branch.system(d).table(branch.approx(d, BITS)), kind)
        return sum(arb(pivot).mid() < 0 for pivot in block_pivots(matrix))


def approx_negative_counts(branch: Branch, d: Fraction) -> dict[str, int]:
    """The same for every type of the shape."""
    kinds = isotypic_types(branch.definition.shape, branch.definition.sizes(d))
    return {kind.name: approx_negative_count(branch, kind, d) for kind in kinds}
