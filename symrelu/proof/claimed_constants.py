"""Constants of the O-terms as a certificate claims them: |x - sum_{j<n} a_j s^j| <= C_n s^n for every n up to an order.

Read off the certificate's own polynomials at many s, and enlarged a little; the checker proves them or refuses.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

from flint import arb, arb_poly

from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import exact_midpoint, to_fmpq
from symrelu.proof.segments import Scaling, Segment

_SAMPLES = 40  # per segment
_BITS = 300
_ENLARGED = Fraction(51, 50)
_PLACES = 22
_FEW = 10**4  # bounds have four significant digits


def claimed_constants(
    names: tuple[str, ...], scaling: list[Scaling], segments: list[Segment], low: Fraction, order: int
) -> dict[str, Any]:
    """The record `constants` of the claims; `segments` begin at s = 0."""
    entries = {}
    for r, (name, z) in enumerate(zip(names, scaling, strict=True)):
        first = _entry(segments[0], z, r)
        radii = [Fraction(0)] * z.m + segments[0].radii[r]
        terms = [[_decimal(first[j]), _decimal(4 * radii[j] + Fraction(1, 10 ** (_PLACES - 2)))] for j in range(order)]
        entries[name] = {
            "terms": terms,
            "bounds": [_rounded_up(_ENLARGED * _largest(segments, z, r, first, n)) for n in range(order + 1)],
        }
    return {"from": str(low), "entries": entries}


def _entry(segment: Segment, z: Scaling, r: int) -> list[Fraction]:
    """The Taylor coefficients of an entry at s = 0."""
    known = z.known + [Fraction(0)] * (z.m - len(z.known))
    return known + segment.coefficients[r]


def _largest(segments: list[Segment], z: Scaling, r: int, first: list[Fraction], n: int) -> Fraction:
    """The largest |x - sum_{j<n} a_j s^j| / s^n among samples, with what the tube allows."""
    found = abs(first[n])
    with working(_BITS):
        known, head, tail = (arb_poly([to_fmpq(c) for c in row]) for row in (z.known, first[:n], first[n:]))
        for segment in segments:
            y, remainder = arb_poly([to_fmpq(c) for c in segment.coefficients[r]]), to_fmpq(segment.radii[r][-1])
            for k in range(1, _SAMPLES + 1):
                s = arb(to_fmpq(segment.low + (segment.high - segment.low) * k / _SAMPLES))
                t = s - to_fmpq(segment.centre)
                rest = tail(s) if segment.centre == 0 else (known(s) + s**z.m * y(t) - head(s)) / s**n
                slack = s ** (z.m - n) * remainder * abs(t) ** len(segment.coefficients[r])
                found = max(found, exact_midpoint(abs(rest) + slack))
    return found


def _decimal(value: Fraction) -> str:
    scaled = round(abs(value) * 10**_PLACES)
    digits = str(scaled).rjust(_PLACES + 1, "0")
    return f"{'-' if value < 0 and scaled else ''}{digits[:-_PLACES]}.{digits[-_PLACES:]}"


def _rounded_up(value: Fraction) -> str:
    """A number of a few digits, not below a positive one."""
    power, scaled = 0, value
    while scaled < _FEW:
        scaled, power = scaled * 10, power - 1
    while scaled >= 10 * _FEW:
        scaled, power = scaled / 10, power + 1
    return f"{ceil(scaled)}e{power}"
