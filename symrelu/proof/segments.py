"""Intervals of s = d^(-1/2) with approximate Taylor polynomials of a branch: the data that a certificate is made of.

Nothing here is rigorous: the checker proves what these numbers suggest. The entries are written x = known(s) + s^m y, and
equation r is divided by s^e, so that the y stay of order one and the equations regular down to s = 0: with G the squared
norm of an entry's tensor, which grows like s^(-2 gamma), and rho = 2 where its entry in the trivial block grows like d (0
elsewhere), m = gamma + rho/2 + 1 and e = gamma - rho/2 + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import log2
from typing import Any

from flint import arb, arb_mat, arb_series

from symrelu.analysis.branch import Branch
from symrelu.analysis.derive import SeriesDerivation
from symrelu.arithmetic.jets import Jets
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import exact_midpoint, to_fmpq
from symrelu.arithmetic.taylor import TaylorDomain
from symrelu.family.isotypic import isotypic_action, symmetric_pencil
from symrelu.family.system import TRIVIAL, ReducedSystem

LENGTH = 36  # coefficients of a polynomial
_AT_ZERO = 22  # at s = 0, where they come from the exact series, which costs more and more
_BITS = 240
_COEFFICIENT_BITS = 112
_FAR = (20, 40)  # d = 2^20 and 2^40 show how a quantity grows
_MARGIN = 6  # bits by which the remainder is taken larger than a Taylor model of the equations suggests
_GUESSED = 20  # bits by which it is taken larger than the next coefficient, at s = 0
_NARROW, _NARROWER = 26, 8  # bits: at the ends of a segment the tube is 2^-26 wide, and so much less for each caution
_SHARE, _SMALLER = 0.4, 0.75  # of the radius of convergence that a segment may reach, and the factor for each caution
_RADIUS = 72  # bits: coefficients are in the tube to 2^-72 of their growth


@dataclass(frozen=True)
class Scaling:
    """x = known_0 + known_1 s + ... + s^m y, the equation divided by s^e."""

    known: list[Fraction]
    m: int
    e: int

    def unscaled(self, s: Any, zero: Any) -> Any:
        """The known terms, in the arithmetic of s."""
        total = zero
        for c in reversed(self.known):
            total = total * s + to_fmpq(c)
        return total


@dataclass(frozen=True)
class Segment:
    """Polynomials for the y in t = s - centre on [low, high]; radii of their coefficients, and of a remainder at t^n."""

    centre: Fraction
    low: Fraction
    high: Fraction
    coefficients: list[list[Fraction]]
    radii: list[list[Fraction]]


@dataclass(frozen=True)
class Expansion:
    """Approximate Taylor coefficients at a centre and how far they serve."""

    centre: Fraction
    coefficients: list[list[Fraction]]
    growth: list[Fraction]  # the size of the remainder's coefficient
    reach: Fraction

    def on(self, low: Fraction, high: Fraction) -> Segment:
        rate = 1 / self.reach
        radii = [
            [_short(rate**j / 2**_RADIUS) for j in range(len(row))] + [_short(size)]
            for row, size in zip(self.coefficients, self.growth, strict=True)
        ]
        return Segment(self.centre, low, high, self.coefficients, radii)


def plain_scaling(branch: Branch) -> list[Scaling]:
    """The scaling that balances the equations where d is bounded: without known terms."""
    gammas, rhos = _growth_exponents(branch)
    return [Scaling([], gamma + rho // 2, gamma - rho // 2) for gamma, rho in zip(gammas, rhos, strict=True)]


def regular_scaling(branch: Branch, derivation: SeriesDerivation) -> list[Scaling]:
    """The scaling that makes the equations regular at s = 0, where the terms before s^m are short binary numbers."""
    gammas, rhos = _growth_exponents(branch)
    terms = derivation.terms(2 + max(gammas) + max(rhos))
    scalings = []
    for name, gamma, rho in zip(branch.definition.shape.names, gammas, rhos, strict=True):
        m, known = gamma + rho // 2 + 1, list[Fraction]()
        for j in range(m):
            value = _short_binary(terms[name][j].ball()) if j in terms[name] else Fraction(0)
            if value is None:
                m = j
                break
            known.append(value)
        scalings.append(Scaling(known, m, gamma - rho // 2 + 1))
    return scalings


def _short_binary(value: arb) -> Fraction | None:
    nearest = Fraction(round(exact_midpoint(value) * 64), 64)
    return nearest if abs(exact_midpoint(value) - nearest) < Fraction(1, 2**60) else None


def _growth_exponents(branch: Branch) -> tuple[list[int], list[int]]:
    """gamma and rho of each entry, read off at two large d."""
    sizes: list[list[tuple[float, float]]] = []
    for power in _FAR:
        with working(_BITS):
            d = Fraction(2**power)
            B, G = symmetric_pencil(*isotypic_action(branch.system(d).table(branch.approx(d, _BITS)), TRIVIAL))
            sizes.append([(_log2(G[i]), _log2(B[i][i]) - _log2(G[i])) for i in range(len(G))])
    steps = _FAR[1] - _FAR[0]
    gains = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(*sizes, strict=True)]
    return [round(g / steps) for g, _ in gains], [2 * max(round(e / steps), 0) for _, e in gains]


def _log2(x: Any) -> float:
    value = abs(exact_midpoint(arb(x)))
    return log2(value.numerator) - log2(value.denominator)


def expand_at_zero(
    derivation: SeriesDerivation, names: tuple[str, ...], scaling: list[Scaling], caution: int
) -> Expansion:
    """The series of the family."""
    terms = derivation.terms(_AT_ZERO + max(z.m for z in scaling))
    with working(_BITS):
        rows = [
            [exact_midpoint(series[j].ball()) if (j := z.m + k) in series else Fraction(0) for k in range(_AT_ZERO)]
            for z, series in ((z, terms[name]) for z, name in zip(scaling, names, strict=True))
        ]
    rate = _rate(rows)
    reach = _short(Fraction(2 ** (-(_GUESSED + _NARROW + _NARROWER * caution) / _AT_ZERO) / rate))
    return Expansion(
        Fraction(0), _all_rounded(rows), [_short(Fraction(rate) ** _AT_ZERO * 2**_GUESSED) for _ in rows], reach
    )


def expand_at(branch: Branch, centre: Fraction, scaling: list[Scaling], caution: int) -> Expansion:
    """Newton's method over series in s at a centre s > 0: each step of the simplified iteration gains one order."""
    d = 1 / centre**2
    with working(_BITS, cap=LENGTH):
        point = branch.approx(d, _BITS)
        _, jacobian = branch.system(d)(point)
        inverse = arb_mat([[arb(entry).mid() for entry in row] for row in jacobian]).inv().mid()
        s = Jets.variable(arb(to_fmpq(centre)))
        system = ReducedSystem(branch.definition, Jets(), 1 / (s * s))
        series = [arb_series([value]) for value in point]
        for _ in range(1, LENGTH):
            values = [arb_series(value) for value in system.values(series)]
            series = [
                _midpoints(x - sum((inverse[i, j] * v for j, v in enumerate(values)), arb_series([0])))
                for i, x in enumerate(series)
            ]
        zero, one = arb_series([0]), arb_series([1])
        scaled = [(x - z.unscaled(s, zero)) / _power(s, z.m, one) for x, z in zip(series, scaling, strict=True)]
        rows = _all_rounded([[exact_midpoint(y[j]) for j in range(LENGTH)] for y in scaled])
    reach = _short(Fraction(_SHARE * _SMALLER**caution / max(_rate(rows), 1 / float(centre))))
    while True:
        sizes = _remainders(branch, centre, scaling, rows, inverse, reach)
        if sizes is not None and max(sizes) * reach**LENGTH <= Fraction(1, 2 ** (_NARROW + _NARROWER * caution)):
            return Expansion(centre, rows, sizes, reach)
        reach = _short(reach * Fraction(7, 8))


def _all_rounded(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    return [[_rounded(c, _COEFFICIENT_BITS) for c in row] for row in rows]


def _midpoints(series: arb_series) -> arb_series:
    return arb_series([c.mid() for c in series.coeffs()])


def _rate(rows: list[list[Fraction]]) -> float:
    """The growth of the last coefficients, from one to the next."""
    return max(_root(abs(c), j) for row in rows for j, c in enumerate(row) if j >= len(row) // 2)


def _remainders(
    branch: Branch,
    centre: Fraction,
    scaling: list[Scaling],
    rows: list[list[Fraction]],
    inverse: arb_mat,
    reach: Fraction,
) -> list[Fraction] | None:
    """The size of the remainder of each y at t^LENGTH, |t| <= reach, that a Taylor model of the equations suggests."""
    domain = TaylorDomain(centre, reach, LENGTH)
    with working(_BITS, cap=LENGTH):
        s = domain.variable()
        t, entries = s - domain.center, []
        for z, row in zip(scaling, rows, strict=True):
            y = domain.constant(0)
            for c in reversed(row):
                y = y * t + to_fmpq(c)
            entries.append(z.unscaled(s, domain.constant(0)) + _power(s, z.m, domain.constant(1)) * y)
        try:
            defects = ReducedSystem(branch.definition, domain, 1 / (s * s)).values(entries)
        except Undecided:
            return None
        size = range(len(rows))
        moved = [sum(abs(inverse[i, j]) * defects[j].remainder.abs_upper() for j in size) for i in size]
    return [
        _short(exact_midpoint(arb(x).abs_upper()) / centre**z.m * 2**_MARGIN)
        for x, z in zip(moved, scaling, strict=True)
    ]


def _power(x: Any, k: int, one: Any) -> Any:
    return _power(x, k - 1, one) * x if k else one


def _root(value: Fraction, j: int) -> float:
    return 2.0 ** ((log2(value.numerator) - log2(value.denominator)) / j) if value else 0.0


def _rounded(value: Fraction, bits: int) -> Fraction:
    """The nearest number of so many bits, or of so many after the point where that is coarser."""
    shift = bits - max(0, value.numerator.bit_length() - value.denominator.bit_length())
    return Fraction(round(value * 2**shift), 2**shift) if shift >= 0 else Fraction(round(value / 2**-shift) * 2**-shift)


def _short(value: Fraction) -> Fraction:
    """A binary number of a few digits, at most a little smaller."""
    shift = 12 - (value.numerator.bit_length() - value.denominator.bit_length())
    return Fraction(int(value * Fraction(2) ** shift)) / Fraction(2) ** shift
