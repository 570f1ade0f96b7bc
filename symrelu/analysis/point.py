"""Certified critical points: a box with exactly one zero of the reduced gradient, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import digits_to_bits, to_fmpq
from symrelu.family.definition import Definition
from symrelu.family.extra_inputs import HessianType, hessian_action, hessian_types
from symrelu.family.gram import GramTable
from symrelu.family.reduced import loss
from symrelu.family.system import ReducedSystem
from symrelu.solvers.definiteness import enclose_eigenvalues, inertia
from symrelu.solvers.krawczyk import krawczyk

_GUARD_BITS = 64


@dataclass(frozen=True)
class Component:
    """An isotypic block of the Hessian at a point: its type, formal dimension, eigenvalues and their signs."""

    type: HessianType
    dimension: Fraction
    eigenvalues: list[arb]
    negative: int
    positive: int

    @property
    def counts(self) -> bool:
        """Only components of positive dimension occur in M(k, d)."""
        return self.dimension > 0


@dataclass(frozen=True)
class CriticalPoint:
    """A critical point at d: each entry enclosed by a ball; existence and uniqueness there are proved.

    The network may have `inputs` more inputs than d, on which all weights are zero: the Hessian has them too.
    """

    definition: Definition
    d: Fraction
    digits: int
    bits: int
    entries: list[arb]
    inputs: int = 0

    @property
    def parameters(self) -> dict[str, arb]:
        return dict(zip(self.definition.shape.names, self.entries, strict=True))

    def table(self) -> GramTable:
        exact: Any = self.definition.exact_point
        entries = self.entries if exact is None else [exact[name] for name in self.definition.shape.names]
        return ReducedSystem(self.definition, Balls(), arb(to_fmpq(self.d))).table(entries)

    @cached_property
    def loss(self) -> arb:
        with working(self.bits):
            return arb(loss(self.table())) / (2 * arb.pi())

    @cached_property
    def components(self) -> list[Component]:
        """Every type of the shape with its eigenvalues, ascending; Undecided where a sign stays open."""
        sizes = self.definition.sizes(self.d)
        with working(self.bits):
            table = self.table()
            return [
                self._component(table, kind, Fraction(kind.dimension(sizes)))
                for kind in hessian_types(self.definition.shape, sizes, self.inputs)
            ]

    def _component(self, table: GramTable, kind: HessianType, dimension: Fraction) -> Component:
        action, gram = hessian_action(table, kind)
        two_pi = 2 * arb.pi()
        B = [[g * (arb(x) / two_pi) for x in row] for g, row in zip(gram, action, strict=True)]
        eigenvalues = enclose_eigenvalues(B, gram, digits_to_bits(self.digits) + 8)
        negative, positive = inertia(B) if dimension > 0 else (0, 0)
        return Component(kind, dimension, eigenvalues, negative, positive)

    @property
    def is_network(self) -> bool:
        """Whether all block sizes are integers, so that there is a network with this point as its weights."""
        return all(Fraction(size).denominator == 1 for size in (self.d, *self.definition.sizes(self.d)))

    @property
    def negative(self) -> list[str]:
        """Names of the components with descent directions."""
        return [c.type.name for c in self.components if c.counts and c.negative]

    @property
    def is_minimum(self) -> bool:
        return not self.negative

    @property
    def index(self) -> int | None:
        """The number of negative eigenvalues of the full Hessian; None where the block sizes are not integers."""
        if not self.is_network:
            return None
        return sum(int(c.dimension) * c.negative for c in self.components if c.counts)


def enclose_point(branch: Branch, d: Fraction, digits: int, inputs: int = 0) -> CriticalPoint:
    """The family's critical point at d, certified to about `digits` digits, in a network of d + `inputs` inputs.

    UsageError when d is out of range, BranchEnds when the branch cannot be followed to d, Undecided when Krawczyk's
    test fails there.
    """
    definition = branch.definition
    definition.require_d(d)
    bits = digits_to_bits(digits) + _GUARD_BITS + 4 * max(d.numerator.bit_length() - d.denominator.bit_length(), 0)
    center = branch.approx(d, bits)
    if definition.exact_point is not None:
        return CriticalPoint(definition, d, digits, bits, center, inputs)
    with working(bits):
        return CriticalPoint(definition, d, digits, bits, krawczyk(branch.system(d), center), inputs)
