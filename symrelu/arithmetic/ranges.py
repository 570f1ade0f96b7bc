"""Bounds of polynomials with ball coefficients on intervals, and what Taylor models of all kinds need of series."""

from __future__ import annotations

from flint import arb, arb_poly, arb_series, fmpq

from symrelu.arithmetic.precision import working

SPLITS = 3  # bisections in a row that a range may cost; rigour does not depend on it


def series_quotient(p: arb_poly, q: arb_poly, order: int) -> arb_poly:
    """p/q mod t^order."""
    with working(cap=order):
        return arb_poly((arb_series(p, order) / arb_series(q, order)).coeffs())


def atan_slope(x: arb) -> arb:
    """1/(1 + xi^2) for all xi in x; it is monotone in |xi|."""
    least, most = x.abs_lower(), x.abs_upper()
    return (1 / (1 + least * least)).union(1 / (1 + most * most))


def power_range(a: fmpq, b: fmpq, n: int) -> arb:
    """t^n for a <= t <= b: monotone, but for an even n with 0 inside."""
    ends = arb(a**n).union(arb(b**n))
    return ends.union(arb(0)) if n % 2 == 0 and a < 0 < b else ends


def polynomial_range(p: arb_poly, a: fmpq, b: fmpq, splits: int = SPLITS) -> arb:
    """A ball that contains p(t) for a <= t <= b, for every choice of the coefficients in their balls.

    A monotone p lies between its ends, a convex or concave one between them and any tangent (here that at
    an approximate extremum); else bisection and, at last, Horner about the midpoint.
    """
    middle, h = (a + b) / 2, (b - a) / 2
    u = arb(0, h)
    about = p if middle == 0 else p(arb_poly([middle, 1]))
    slope = about.derivative()
    if _one_sign(slope(u)):
        return p(a).union(p(b))
    bend = slope.derivative()
    if _one_sign(bend(u)):
        if _one_sign(slope(-h).union(slope(h))):  # all slopes, since the slope is monotone
            return p(a).union(p(b))
        x = arb(0)
        for _ in range(2):  # Newton; nothing depends on how good it is
            x = (x - slope(x) / bend(x)).mid()
        if u.contains(x):
            return p(a).union(p(b)).union(about(x) + slope(x) * (u - x))
    if splits == 0:
        return about(u)
    return polynomial_range(p, a, middle, splits - 1).union(polynomial_range(p, middle, b, splits - 1))


def _one_sign(x: arb) -> bool:
    return bool(x >= 0 or x <= 0)
