"""Inputs that no neuron sees: is a minimum of d inputs still one with more of them? At one d, or on a range of d.

The question is the sign of the matrix K of family/extra_inputs.py. The eigenvalues themselves stand with the others in the
results of `spectrum`.
"""

from __future__ import annotations

from fractions import Fraction

from symrelu.analysis.branch import Branch
from symrelu.analysis.chain import along_branch
from symrelu.analysis.signature import block_pivots, sign_on_domain
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.family.extra_inputs import hessian_action, input_types


def require_inputs(inputs: int) -> None:
    """UsageError unless it is a number of extra inputs."""
    if not isinstance(inputs, int) or isinstance(inputs, bool) or inputs < 0:
        raise UsageError(f"{inputs!r} extra inputs make no sense; give an integer N >= 0")


def prove_inputs_convex(branch: Branch, low: Fraction, high: Fraction) -> int:
    """Prove that K is positive definite for every real d in [low, high]; the number of tubes that it took.

    So every additional input only adds positive eigenvalues, and what is a minimum stays one. Undecided or BranchEnds where
    the proof fails (K may be indefinite there, or singular).
    """
    return sum(1 for _ in along_branch(branch, low, high, _require_positive))


def _require_positive(tube: Tube) -> None:
    with working(BITS):
        for kind in input_types(tube.definition.shape, 1):
            action, gram = hessian_action(tube.table, kind)
            matrix = [[g * x for x in row] for g, row in zip(gram, action, strict=True)]
            if any(sign_on_domain(pivot) < 0 for pivot in block_pivots(matrix)):
                raise Undecided(f"K is not positive definite on {kind.name}")
