"""Inputs that no neuron sees: N further columns of the weight matrix, on which teacher and critical point are zero.

The gradient in w_i is a combination of rows, so it vanishes there too and the point stays critical. In the Hessian the
terms with w w^T, w v^T, v v^T vanish on the new columns, which leaves

    D_ii = kappa_i / (2 pi) I_N,      O_ij = phi_ij / (2 pi) I_N,      kappa_i = pi + sum_j +-S_ij / A_i

(kernel.py, reduced.curvature), and nothing between new and old columns: the Hessian gains K (x) I_N with a k x k matrix
K, and the symmetry is G x O(N), G permuting the rows. For o the representation of O(N) on R^N the new types are

    t*o     X_i = c e                     one coordinate for each row orbit, squared norm its size
    s_a*o   X_i = c xi_i e                one for each orbit attached to block a, with xi in R^{n_a} of zero sum

(e a unit vector in the new columns, |xi| = 1), of dimensions N and N (n_a - 1). The old columns keep their blocks.
For an orbit that is alone on its block lambda_{s_a*o} = lambda_{x_a} + 1/(2 pi S'), where S' = |w| sin(w, v') > 0 belongs
to a row w and another target v' of its block: what is definite on x_a is definite on s_a*o.
Source: the claim of Arjevani & Field (2107.10370, 2008.01805) for d >= k; the formulas are derived here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.family.gram import GramTable, Relation, Row
from symrelu.family.isotypic import Matrix, isotypic_action, isotypic_types
from symrelu.family.reduced import curvature
from symrelu.family.shape import Shape
from symrelu.symmetry.types import IsotypicType, Kind


@dataclass(frozen=True)
class InputType:
    """rows (x) o: a type of the permutations of the rows (t or s_a) times the representation of O(inputs) on R^inputs.

    >>> kind = InputType(IsotypicType(Kind.STANDARD, 0), 3)
    >>> kind.name, kind.dimension([7])
    ('s1*o', 18)
    """

    rows: IsotypicType
    inputs: int

    @property
    def name(self) -> str:
        return f"{self.rows.name}*o"

    def dimension(self, sizes: list[Any]) -> Any:
        """The (formal) dimension as a polynomial in the block sizes, in their arithmetic."""
        return self.inputs * self.rows.dimension(sizes)

    def describe(self, sizes: list[str]) -> str:
        """In words, e.g. "trivial representation, in each of 2 extra inputs"."""
        where = "the extra input" if self.inputs == 1 else f"each of {self.inputs} extra inputs"
        return f"{self.rows.describe(sizes)}, in {where}"


HessianType = IsotypicType | InputType


def hessian_types(shape: Shape, sizes: list[Fraction] | None = None, inputs: int = 0) -> list[HessianType]:
    """The types in M(k, d + inputs): those of `isotypic_types`, then those in the extra inputs."""
    return [*isotypic_types(shape, sizes), *input_types(shape, inputs)]


def input_types(shape: Shape, inputs: int) -> list[InputType]:
    """t*o, then s_a*o for every block to which rows are attached; none without extra inputs."""
    if not inputs:
        return []
    hosts = sorted({row.attached for row in shape.rows if row.attached is not None})
    return [
        InputType(IsotypicType(Kind.TRIVIAL), inputs),
        *(InputType(IsotypicType(Kind.STANDARD, b), inputs) for b in hosts),
    ]


def hessian_action(table: GramTable, kind: HessianType) -> tuple[Matrix, list[Any]]:
    """The matrix of 2 pi Hessian on orthogonal vectors of a type (columns are images), and their squared norms."""
    if isinstance(kind, InputType):
        return input_action(table, kind)
    action, basis = isotypic_action(table, kind)
    return action, [vector.norm for vector in basis]


def input_action(table: GramTable, kind: InputType) -> tuple[Matrix, list[Any]]:
    """The matrix of 2 pi K on a type, and the squared norms of its coordinates."""
    trivial = kind.rows.kind is Kind.TRIVIAL
    rows = [row for row in table.students if trivial or row.attached == kind.rows.block]
    action = [[_entry(table, row, other, trivial) for other in rows] for row in rows]
    return action, [table.orbit_size(row) if trivial else 1 for row in rows]


def _entry(table: GramTable, row: Row, other: Row, trivial: bool) -> Any:
    """What row i gets from all rows j of an orbit: the sum of 2 pi K_ij, or of 2 pi K_ij xi_j / xi_i."""
    total: Any = curvature(table, row) if row is other else 0
    for relation, number in table.classes(row, other):
        phi = table.pair(row, other, relation).phi
        if trivial:
            total = total + number * phi
        else:  # sum_{j != i} xi_j = -xi_i
            total = total + phi if relation is Relation.SAME else total - phi
    return total
