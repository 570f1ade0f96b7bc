"""Claim on targets that are not symmetric: a certified radius, tried on random targets with the dense network."""

from __future__ import annotations

import random
from fractions import Fraction
from math import isqrt
from typing import Any

from symrelu.analysis.branch import Branch
from symrelu.analysis.dense_check import dense_weights
from symrelu.analysis.perturbation import Persistence, persistence
from symrelu.arithmetic.reals import decimal
from symrelu.claims.shared import point, shared_family
from symrelu.claims.verdict import Verdict, judge
from symrelu.model.dense import DenseNetwork
from symrelu.solvers.definiteness import pivots

CASES = (("II", 6), ("II", 7), ("II", 8), ("II+1", 8))
SEED = 2210
BEYOND = 3  # times the certified radius, where nothing is proved
_DIGITS = 20


def perturbed_targets() -> Verdict:
    """AF22-perturb: radii for II at d = 6, 7, 8 and II+1 at (d, k) = (8, 9), and random targets on and beyond them."""
    failures, found, kept = [], [], 0
    for name, d in CASES:
        result = persistence(Branch(shared_family(name).definition), Fraction(d))
        if not result.is_minimum:
            failures.append(f"{name} at d = {d} is not a minimum")
        if reason := contradiction(result, random_target(d, result.radius, SEED + d)):
            failures.append(f"{name} at d = {d}, a target at the certified radius: {reason}")
        kept += contradiction(result, random_target(d, BEYOND * result.radius, SEED - d), beyond=True) is None
        found.append(
            f"{name} at (d,k) = ({d},{result.neurons}): |V - I|_F <= {decimal(result.radius)}, moved by at most "
            f"{decimal(result.distance)}, least eigenvalue above {decimal(result.least, 3)}"
        )
    return judge(
        failures,
        "certified",
        "(d,k) = " + ", ".join(f"({d},{point(name, d).point.definition.shape.neurons.at(d)})" for name, d in CASES),
        f"For every target V within the radius the minimum persists as a minimum, no symmetry assumed: {'; '.join(found)}. "
        "The radii are sufficient, not necessary. Dense Newton on one random target at each radius agrees; at "
        f"{BEYOND} times the radius, where nothing is proved, {kept} of {len(CASES)} random targets keep the minimum.",
    )


def random_target(d: int, radius: Fraction, seed: int) -> list[list[Fraction]]:
    """I + E with E pseudo-random of Frobenius norm at most the radius, and by less than a millionth part below it."""
    generator = random.Random(seed)
    noise = [[generator.randint(-(10**6), 10**6) for _ in range(d)] for _ in range(d)]
    size = isqrt(sum(x * x for row in noise for x in row)) + 1
    return [[radius * x / size + (p == q) for q, x in enumerate(row)] for p, row in enumerate(noise)]


def contradiction(result: Persistence, target: list[list[Fraction]], beyond: bool = False) -> str | None:
    """What a critical point found by Newton's method on the dense network has against the theorem, or None.

    `beyond`: the target is outside the radius; only the index is looked at.
    """
    symmetric = point(result.definition.name, result.d).parameters
    start = dense_weights(result.definition, result.d, {key: decimal(x, _DIGITS) for key, x in symmetric.items()})
    network = DenseNetwork(target, digits=_DIGITS)
    try:
        weights = network.newton(start, tolerance_digits=12).weights
    except ArithmeticError as error:
        return str(error)
    moved = network.mp.sqrt(
        sum(
            (x - network.mp.mpf(y)) ** 2
            for row, other in zip(weights, start, strict=True)
            for x, y in zip(row, other, strict=True)
        )
    )
    hessian = [[float(x) for x in row] for row in network.hessian(weights).tolist()]
    least = 0.0 if beyond else float(result.least)
    indices = {negative(hessian, side * least) for side in (-1, 1)}
    if indices != {result.index}:
        return f"index {sorted(indices)} instead of {result.index}"
    if not beyond and moved > float(result.distance):
        return f"it moves by {float(moved):.3g}"
    return None


def negative(hessian: list[list[float]], shift: float) -> int:
    """The number of eigenvalues below -shift, in floats."""
    shifted: Any = [[x + shift * (p == q) for q, x in enumerate(row)] for p, row in enumerate(hessian)]
    return sum(pivot < 0 for pivot in pivots(shifted))
