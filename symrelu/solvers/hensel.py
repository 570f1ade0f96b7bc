"""Lifting a solution of a system over power series from its leading terms (Hensel's lemma, one order at a time).

Given residuals g(theta) and Laurent polynomials M with (dg/dtheta) M = I + O(s), suppose g(theta) = O(s^k). Then
theta - M g_k s^k has residual O(s^(k+1)), as long as the terms of second and higher order are smaller. From the stage k on
at which that is certain (`regular_from`) the solution exists to all orders and is unique; before, each correction is
verified by the residual itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.exact_series import ExactSeries
from symrelu.arithmetic.online import Series, Unknown, Window
from symrelu.solvers.lattice import SparseSeries, truncated_inverse


@dataclass
class LiftingProblem:
    """A square system over exact series: `unknowns`, and `residuals` built from them in the same arithmetic."""

    arithmetic: ExactSeries
    unknowns: list[Unknown]
    residuals: list[Series]
    jacobian: list[list[Any]]


@dataclass
class Lifting:
    """A problem ready to be lifted: row r is corrected at s^(stage + offsets[r]), M acts on the shifted residuals."""

    problem: LiftingProblem
    offsets: list[int]
    inverse: list[list[SparseSeries]]
    stage: int

    @property
    def lowest(self) -> list[int]:
        """The lowest power of s by which a correction at stage 0 changes each unknown."""
        return [min((min(s) for s in row if s), default=0) for row in self.inverse]


def prepare(problem: LiftingProblem, search: int = 8) -> Lifting:
    """Find where the residuals start and invert the Jacobian to the order that lifting needs.

    The residual of each row sets its own offset, so that a row that is small already is not waited for. A row that
    vanishes up to s^search is taken to start there.
    """
    starts = [next((j for j in range(g.start, search) if g.coefficient(j)), search) for g in problem.residuals]
    stage = min(starts)
    offsets = [start - stage for start in starts]
    known = max(offsets) + 4
    jacobian = [
        [{j - offset: c for j, c in series.items()} for series in row]
        for row, offset in zip(truncated_jacobian(problem, known), offsets, strict=True)
    ]
    return Lifting(problem, offsets, truncated_inverse(jacobian, known - max(offsets), problem.arithmetic.field), stage)


def regular_from(lifting: Lifting) -> int:
    """A stage from which on every correction is certain to be right, and the solution unique (Hensel's lemma).

    A correction at stage k changes every node by a factor 1 + O(s^(k + w)), w the least of the relative sensitivities
    below, and this is stable under all operations. So the terms of order n >= 2 of residual r are
    O(s^(start_r + n (k + w))), against s^(k + offset_r) for the linear ones; for k + w > 0 it suffices that they are of
    higher order for n = 2, which is k > offset_r - start_r - 2 w.
    """
    problem, lowest = lifting.problem, lifting.lowest
    sensitivity: dict[Series, int] = {}
    for node in problem.arithmetic.nodes:  # operands come before the nodes that use them
        if isinstance(node, Unknown):
            sensitivity[node] = lowest[problem.unknowns.index(node)] - node.start
        else:
            # Where leading terms cancel, the same change weighs more against what is left.
            operands = [sensitivity[operand] for operand in node.operands() if operand in sensitivity]
            if operands:
                sensitivity[node] = min(operands) - max(node.start - node.nominal_start(), 0)
    w = min(sensitivity.values())
    needed = [offset - g.start - 2 * w + 1 for g, offset in zip(problem.residuals, lifting.offsets, strict=True)]
    return max([*needed, 1 - w])


def truncated_jacobian(problem: LiftingProblem, known: int) -> list[list[SparseSeries]]:
    """The Jacobian's coefficients below s^known."""
    return [[problem.arithmetic.head(x, known) for x in row] for row in problem.jacobian]


def lift(lifting: Lifting, order: int, progress: Callable[[int], None] | None = None) -> None:
    """Extend the unknowns so that every one is exact below s^order, in place.

    ArithmeticError when the leading terms do not suffice (a residual does not vanish after its correction).
    """
    problem, field = lifting.problem, lifting.problem.arithmetic.field
    rows = list(zip(problem.residuals, lifting.offsets, strict=True))
    while lifting.stage < order - min(lifting.lowest):
        stage = lifting.stage
        residual = [-g.coefficient(stage + offset) for g, offset in rows]
        if any(residual):
            for unknown, row in zip(problem.unknowns, lifting.inverse, strict=True):
                unknown.announce(_correction(row, residual, stage, field))
            for node in problem.arithmetic.nodes:
                node.patch()
            if not all(g.vanishes_at(stage + offset) for g, offset in rows):
                raise ArithmeticError(f"the residual at s^{stage} does not vanish: more leading terms are needed")
        lifting.stage += 1
        if progress:
            progress(lifting.stage + min(lifting.lowest))


def _correction(row: list[SparseSeries], residual: list[Constant], stage: int, field: ConstantField) -> Window | None:
    total: SparseSeries = {}
    for series, value in zip(row, residual, strict=True):
        if value:
            for power, factor in series.items():
                product = factor.times(value)
                total[power] = total[power].plus(product) if power in total else product
    if not total:
        return None
    start = min(total) + stage
    return Window(
        start,
        [total[j - stage] if j - stage in total else field.number(0) for j in range(start, max(total) + stage + 1)],
    )
