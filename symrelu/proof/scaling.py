"""Blocks of the Hessian scaled by powers of s, so that they are bounded at s = 0, what vanishes being seen exactly.

A test tensor of a type has squared norm G_i ~ s^(-2 gamma_i), and its own curvature grows like s^(-rho_i) (the linear part of
the network's error makes it grow like d). In units s^gamma_i of each tensor, and with another s^(rho_i/2) for each that
grows, the block of the Hessian has a limit. That it has no pole is known from exact series (or series with symbols, where
coefficients have no closed form): coefficients at negative powers that vanish identically are taken off the models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.limit_spectrum import symbolic_point
from symrelu.analysis.series_problem import SeriesPoint, series_point
from symrelu.arithmetic.constants import Constant
from symrelu.arithmetic.laurent import LaurentDomain, LaurentModel
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.symbol_field import SymbolField
from symrelu.family.isotypic import BasisVector, Matrix, isotypic_action
from symrelu.symmetry.types import IsotypicType

_ORDER = 10  # terms of the exact point, for each d^(-1/2): those of negative powers in the Hessian are found from them
_SEARCH = 12  # an entry of the Hessian starts within so many powers, or does not matter


@dataclass(frozen=True)
class Scaled:
    """`matrix` is a block of 2 pi Hessian in the scaled basis, models with a limit at s = 0; `gram` its Gram matrix.

    The basis is s^(gamma_i) times the test tensors, after `steps`, times s^(rho_i / 2); `gram` leaves the last factor out.
    """

    matrix: list[list[LaurentModel]]
    gram: list[list[LaurentModel]]
    growth: list[int]  # rho


@dataclass(frozen=True)
class _Exact:
    """The exact block of a type: B_ij s^(gamma_i + gamma_j) in the basis after `steps` (i, j, t): v_j becomes v_j + t v_i."""

    norms: list[int]
    steps: list[tuple[int, int, Constant]]
    growth: list[int]
    entries: Matrix


class ExactBlocks:
    """The Hessian's entries by type as exact series at the family's formal point, and the scaling read off from them."""

    def __init__(self, derivation: SeriesDerivation) -> None:
        """Undecided where a sign on which the symbols rest is not proved."""
        self._point, self._ball = _exact_point(derivation)
        self._kept: dict[IsotypicType, _Exact] = {}

    def _exact(self, kind: IsotypicType) -> _Exact:
        if kind not in self._kept:
            action, basis = isotypic_action(self._point.table, kind)
            arithmetic = self._point.arithmetic
            norms = [-_start(vector.norm) // 2 for vector in basis]
            s = arithmetic.laurent({1: arithmetic.field.number(1)})
            B = [
                [_times_power(vector.norm * entry, s, norms[i] + norms[j]) for j, entry in enumerate(row)]
                for i, (vector, row) in enumerate(zip(basis, action, strict=True))
            ]
            steps = _split_growth(B, arithmetic)
            growth = [max(0, -_start(B[i][i])) for i in range(len(basis))]
            if any(rho % 2 for rho in growth):
                raise Undecided(f"a curvature of type {kind.name} grows with an odd power: no scaling is known")
            self._kept[kind] = _Exact(norms, steps, growth, B)
        return self._kept[kind]

    def exponents(self, kind: IsotypicType) -> list[int]:
        """c_i = gamma_i + rho_i/2, when the basis is that of the test tensors; Undecided otherwise."""
        exact = self._exact(kind)
        if exact.steps:
            raise Undecided(f"what grows in type {kind.name} does not grow along single entries: no scaling is known")
        return [gamma + rho // 2 for gamma, rho in zip(exact.norms, exact.growth, strict=True)]

    def scaled(self, kind: IsotypicType, action: Matrix, basis: list[BasisVector], domain: LaurentDomain) -> Scaled:
        """The symmetric block of a type, from its action as models."""
        exact, size = self._exact(kind), range(len(basis))
        B, G = [[domain.constant(0) for _ in size] for _ in size], [[domain.constant(0) for _ in size] for _ in size]
        for i in size:
            G[i][i] = domain.constant(basis[i].norm).shifted(2 * exact.norms[i])
            for j in size:
                B[i][j] = domain.constant(basis[i].norm * action[i][j]).shifted(exact.norms[i] + exact.norms[j])
        for step in exact.steps:
            factor = self._ball(step[2])
            _add_column(B, step[0], step[1], factor)
            _add_column(G, step[0], step[1], factor)
        matrix = [[self._without_pole(kind, B[i][j], i, j) for j in size] for i in size]
        return Scaled(matrix, G, exact.growth)

    def _without_pole(self, kind: IsotypicType, model: LaurentModel, i: int, j: int) -> LaurentModel:
        """s^(rho_i/2 + rho_j/2) times an entry, without the coefficients that vanish exactly and would be poles."""
        exact = self._exact(kind)
        shift = (exact.growth[i] + exact.growth[j]) // 2
        entry = exact.entries[i][j]
        if not isinstance(entry, int) and model.valuation < -shift:
            model = model.without([k for k in range(model.valuation, -shift) if not entry.coefficient(k)])
        if model.valuation < -shift:
            raise Undecided(f"entry {i + 1}, {j + 1} of type {kind.name} grows faster than its scaling allows")
        return model.shifted(shift)


def _split_growth(B: Matrix, arithmetic: Any) -> list[tuple[int, int, Constant]]:
    """Change the basis until what grows does so along basis vectors: the steps (i, j, t), B being changed in place.

    v_j becomes v_j + t v_i with t = -B_ij / B_ii at leading order, wherever both grow in the same way.
    """
    steps = []
    for i in range(len(B)):
        rho = -_start(B[i][i])
        if rho <= 0:
            continue
        for j in range(i + 1, len(B)):
            along = _coefficient(B[i][j], -rho)
            if along:
                t = -along / B[i][i].coefficient(-rho)
                _add_column(B, i, j, arithmetic.laurent({0: t}))
                steps.append((i, j, t))
    return steps


def _add_column(B: Matrix, i: int, j: int, t: Any) -> None:
    """v_j becomes v_j + t v_i, in the matrix of a bilinear form."""
    for row in B:
        row[j] = row[j] + t * row[i]
    B[j] = [x + t * y for x, y in zip(B[j], B[i], strict=True)]


def _coefficient(x: Any, power: int) -> Any:
    return 0 if isinstance(x, int) else x.coefficient(power)


def _times_power(x: Any, s: Any, power: int) -> Any:
    for _ in range(power):
        x = x * s
    return x


def _exact_point(derivation: SeriesDerivation) -> tuple[SeriesPoint, Callable[[Constant], arb]]:
    """A point of exact series, and what gives a ball for a constant of its field."""
    if not isinstance(derivation, BallDerivation):
        order = _ORDER * derivation.definition.ramification
        point = series_point(derivation.definition, derivation.field, derivation.terms(order), known=order)
        return point, lambda constant: constant.ball()
    with working(derivation.bits):
        point, values = symbolic_point(derivation)
        field = point.arithmetic.field
        assert isinstance(field, SymbolField)
        if not field.signs_hold(values):
            raise Undecided("a sign in the leading terms is not proved")
    return point, lambda constant: field.evaluate([constant], values)[0]


def _start(x: Any) -> int:
    """The first power of an exact series with a coefficient that does not vanish."""
    if isinstance(x, int):
        return 0
    for power in range(x.start, x.start + _SEARCH):
        if x.coefficient(power):
            return power
    raise Undecided("an entry of the Hessian starts later than is looked for")
