"""Claims on what over-parameterisation does to convexity near the global minima (Safran, Yehudai & Shamir 2021)."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any

import sympy
from flint import arb

from symrelu.analysis.flat_path import FlatPath, derive_flat_path, ratio_bound
from symrelu.analysis.moved_rows import D, T
from symrelu.analysis.nonconvexity import NegativeCurvature, derive_negative_curvature
from symrelu.analysis.one_point import (
    GUARANTEE,
    OnePointShares,
    approx_descent,
    approx_one_point_shares,
    limit_share,
    limit_variance,
)
from symrelu.arithmetic.reals import certain_digits, ends, round_up, to_fmpq
from symrelu.claims.verdict import Verdict, judge

_EXTRA = (1, 2, 3)
_POINTS = tuple(
    (Fraction(d), Fraction(t)) for d, t in (("2", "1/2"), ("13/2", "1/3"), ("10", "1/100"), ("100", "1e-6"))
)
_RADIUS, _MU = 0.1, 0.25
_DESCENT_D, _DESCENT_STEPS = 8, 20


def local_nonconvexity() -> Verdict:
    """SYS-nonconvex: two constructions derived from the kernel in symbols d and t, and enclosed at some points."""
    curvatures = [derive_negative_curvature(extra) for extra in _EXTRA]
    paths = [derive_flat_path(extra) for extra in _EXTRA]
    failures = [f"k = d+{one.extra}: {text}" for one in curvatures for text in _wrong_curvature(one)]
    failures += [f"k = d+{one.extra}: {text}" for one in paths for text in _wrong_path(one)]
    leading = {name: coefficient * T**power for name, (coefficient, power) in paths[0].leading.items()}
    most, per_d, _ = (float(round_up(ends(ball)[1])) for ball in ratio_bound())
    points = ", ".join(f"({d}, {t})" for d, t in _POINTS)
    return judge(
        failures,
        "exact",
        "every d >= 2; k = d+1, d+2, d+3 derived",
        "k = d+1, twice (e_1 + t e_2)/2 beside e_2, ..., e_d: at distance eps = t/sqrt(2) <= 1/2 from the set of global "
        f"minima an eigenvalue is {_written(curvatures[0].eigenvalue_at_distance)}. For k = d+m it is -(m+1) t/(pi (1+t^2)) at "
        "distance t/sqrt(m+1) <= 1/(m+1), for every m on paper; with unequal parts the curvature stays negative, so the "
        "loss is convex near no global minimum. (e_1 +- t e_2)/2 beside e_2, ..., e_d, at distance t/sqrt(2) <= 1/2: "
        f"L = {_written(leading['loss'])} + ..., |grad L|^2 = {_written(leading['gradient_squared'])} + ..., their quotient "
        f"at most ({most} + {per_d} (d-2)) t for all t <= 1/2 (certified): Polyak-Lojasiewicz fails. There <grad L, W - W*> = "
        "(atan(t)/pi) |W - W*|^2, W* the nearest global minimum: one-point strong convexity fails for every mu > 0. "
        f"Enclosed in balls from the kernel at (d, t) = {points}.",
    )


def _written(expression: Any) -> str:
    return str(expression).replace("**", "^").replace("*", " ")


def _wrong_curvature(found: NegativeCurvature) -> list[str]:
    """What is not as claimed in the exact eigenvalue or in its enclosures."""
    parts, failures = found.extra + 1, list[str]()
    if sympy.simplify(found.eigenvalue + parts * T / (sympy.pi * (1 + T**2))) != 0:
        failures.append(f"the eigenvalue is {found.eigenvalue}")
    if sympy.simplify(found.leading + sympy.sqrt(parts) ** 3 / sympy.pi) != 0:
        failures.append(f"the leading coefficient is {found.leading}")
    for d, t in _POINTS:
        ball = found.at(d, t)
        if not ball < 0:
            failures.append(f"the curvature at d = {d}, t = {t} is {certain_digits(ball, 8)}")
    return failures


def _wrong_path(found: FlatPath) -> list[str]:
    """What is not as claimed in the leading terms, or in the enclosures: the quotients must be below their bounds."""
    failures = []
    for name, coefficient in (("ratio", 3 * (D + 10) / (8 * sympy.pi)), ("one_point", 1 / sympy.pi)):
        value, power = found.leading[name]
        if power != 1 or sympy.simplify(value - coefficient) != 0:
            failures.append(f"{name} = {value} t^{power} + ...")
    a, b, c = ratio_bound()
    for d, t in _POINTS:
        point, x = found.at(d, t), arb(to_fmpq(t))
        most = x * arb((a + b * to_fmpq(d - 2) + c * (found.extra - 1)).upper())
        if not (point.ratio > 0 and point.ratio <= most):
            failures.append(f"|grad L|^2 / L at d = {d}, t = {t} is {certain_digits(point.ratio, 8)}")
        if not (point.one_point > 0 and point.one_point * 3 < x):
            failures.append(f"the one-point quotient at d = {d}, t = {t} is {certain_digits(point.one_point, 8)}")
    return failures


def most_directions() -> Verdict:
    """SYS-most: the share counted on a sphere for several d, the exact limit for small balls, and one step tried."""
    measured = approx_one_point_shares(radius=_RADIUS, mu=_MU)
    failures = _wrong_shares(measured)
    if sympy.limit(limit_variance(), D, sympy.oo) != 0:
        failures.append(f"the variance {limit_variance()} does not tend to 0")
    descent = approx_descent(_DESCENT_D, _RADIUS, _DESCENT_STEPS, measured.seed)
    distances, quotients = [distance for distance, _ in descent], [quotient for _, quotient in descent]
    shares = ", ".join(f"{s.d}: {s.share:.1%} ({s.interval[0]:.1%} .. {s.interval[1]:.1%})" for s in measured.shares)
    total = sum(s.samples for s in measured.shares)
    return judge(
        failures,
        "numeric",
        f"d = {', '.join(str(s.d) for s in measured.shares)}; small balls: every d >= 2, exact",
        f"k = d+1, W uniform on the sphere of radius {_RADIUS} about (e_1/2, e_1/2, e_2, ..., e_d) = W*, mu = {_MU}; share of "
        f"directions and 95% interval at d = {shares}. 'Most directions' is read so. As the radius tends to 0 the quotient "
        "<grad L, W - W*>/|W - W*|^2 has mean 1/2 and variance ~ 1/(8d), both exact, so for every mu < 1/2 the share tends "
        f"to 1 with d (at least {limit_share(100, _MU):.1%} at d = 100, {limit_share(1000, _MU):.2%} at 1000). {GUARANTEE} "
        f"Tried: after one such step from each of the {total} starts, {sum(s.closer for s in measured.shares)} are closer to "
        f"W*, {sum(s.closer_to_set for s in measured.shares)} to the set of global minima, "
        f"{sum(s.contracted for s in measured.shares)} by the factor promised. Directions do not stay random under plain "
        f"steps of size 1/l: at d = {_DESCENT_D} the quotient falls from {quotients[0]:.2f} to {quotients[-1]:.2f} in "
        f"{_DESCENT_STEPS} steps, the distance from {distances[0]:.3f} to {distances[-1]:.3f}.",
    )


def _wrong_shares(measured: OnePointShares) -> list[str]:
    """Most directions: the interval above 1/2; shares that do not fall with d; means near the limit; steps that contract."""
    failures = []
    for s in measured.shares:
        if s.interval[0] <= 0.5:
            failures.append(f"at d = {s.d} it holds in {s.share:.1%} of the directions")
        if abs(s.mean - 0.5) > 5 * s.deviation / sqrt(s.samples) + measured.radius / 2:
            failures.append(f"at d = {s.d} the mean quotient is {s.mean:.4f}, far from 1/2")
        if min(s.closer, s.contracted) < s.holds:
            failures.append(f"at d = {s.d} a step failed to contract although one-point strong convexity held")
    for one, other in zip(measured.shares, measured.shares[1:], strict=False):
        if other.interval[1] < one.interval[0]:
            failures.append(f"the share falls from d = {one.d} to {other.d}")
    return failures
