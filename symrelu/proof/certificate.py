"""The certificate of a theorem about a family: data from which proofs/checker.py proves it again, knowing nothing of symrelu.

Made from approximate numbers throughout: what they claim holds when the checker accepts it. The format is described in
proofs/README.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

from flint import fmpq, fmpq_poly

from symrelu.analysis.branch import Branch
from symrelu.analysis.crossing import Crossing
from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.signature import approx_negative_count
from symrelu.analysis.tube import s_bounds, short_s
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.reals import ends
from symrelu.family.isotypic import isotypic_types
from symrelu.family.shape import Shape
from symrelu.proof.claimed_constants import claimed_constants
from symrelu.proof.segments import (
    Scaling,
    Segment,
    expand_at,
    expand_at_zero,
    plain_scaling,
    regular_scaling,
)
from symrelu.symmetry.types import IsotypicType

FORMAT = "symrelu certificate 1"
_CENTRE_BITS, _END_BITS = 96, 40
_CROSSING_BITS = 44  # a crossing is given to 2^-44 in s
_SPOTS, _SPOT_PARTS = 3, 64  # about so many, in 64ths
_DECIMALS = 14


def build_certificate(
    branch: Branch,
    derivation: SeriesDerivation | None,
    low: Fraction,
    high: Fraction | None,
    crossings: list[Crossing],
    order: int,
    caution: int = 0,
) -> dict[str, Any]:
    """The certificate of a branch for low <= d <= high (None: infinity, which needs the derivation).

    `crossings` are all those in the range, in ascending d; `order` is the number of terms for which constants are claimed
    (none without a derivation). With more `caution` segments are shorter: where the checker refuses one, another may do.
    """
    shape = branch.definition.shape
    if derivation is not None and derivation.definition.ramification != 1:
        raise Undecided(
            f"the series of {branch.definition.name} is not one in d^(-1/2): there is no certificate for it"
        )
    scaling = plain_scaling(branch) if derivation is None else regular_scaling(branch, derivation)
    kinds = present_types(shape, low)
    segments = list(_segments(branch, derivation, scaling, low, high, [_s_of(c) for c in crossings], caution))
    record = {
        "format": FORMAT,
        "words": {"family": branch.definition.name, "isotropy": shape.isotropy},
        "problem": problem_of(shape),
        "scaling": [{"known": [_text(c) for c in z.known], "m": z.m, "e": z.e} for z in scaling],
        "segments": [_segment(segment, crossings) for segment in segments],
        "spots": _spots(segments, crossings),
        "claims": {
            "shape": _in_words(shape),
            "limits": _limits(shape, scaling) if high is None else None,
            "from": _text(low),
            "to": None if high is None else _text(high),
            "types": {kind.name: _polynomial_text(kind.dimension(_sizes(shape))) for kind in kinds},
            "stretches": _stretches(branch, low, high, crossings, kinds),
            "crossings": [_crossing_claim(crossing) for crossing in crossings],
            "constants": claimed_constants(shape.names, scaling, segments, low, order) if high is None else None,
        },
    }
    return {**record, "hash": certificate_hash(record)}


def certificate_hash(record: dict[str, Any]) -> str:
    """sha256 of the canonical JSON of all but the hash."""
    body = {name: value for name, value in record.items() if name != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def present_types(shape: Shape, low: Fraction) -> list[IsotypicType]:
    """The types of positive dimension for every d > low."""
    kinds = isotypic_types(shape)
    return [kind for kind in kinds if kind.dimension([size.at(low + 1) for size in shape.blocks]) > 0]


def _sizes(shape: Shape) -> list[fmpq_poly]:
    return [fmpq_poly([_fmpq(size.constant_part), _fmpq(size.per_d)]) for size in shape.blocks]


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _polynomial_text(polynomial: Any) -> str:
    return str(fmpq_poly([polynomial]) if isinstance(polynomial, int) else polynomial).replace("x", "d")


def problem_of(shape: Shape) -> dict[str, Any]:
    """The shape as a certificate states it."""
    return {
        "blocks": [[_text(size.constant_part), _text(size.per_d)] for size in shape.blocks],
        "rows": [None if row.attached is None else row.attached + 1 for row in shape.rows],
        "teacher": list(shape.teacher),
    }


def _in_words(shape: Shape) -> str:
    """The shape as the checker words it."""
    sizes = _sizes(shape)
    blocks = "; ".join(f"block {b + 1} of {_polynomial_text(n)}" for b, n in enumerate(sizes))
    rows = ["one" if r.attached is None else f"one for each column of block {r.attached + 1}" for r in shape.rows]
    targets = ", ".join(str(b + 1) for b, carries in enumerate(shape.teacher) if carries)
    return f"columns: {blocks}; orbits of rows: {'; '.join(rows)}; targets: the columns of block {targets}"


def _limits(shape: Shape, scaling: list[Scaling]) -> dict[str, str]:
    return {name: _text(z.known[0] if z.known else Fraction(0)) for name, z in zip(shape.names, scaling, strict=True)}


def _s_of(crossing: Crossing) -> Fraction:
    low, high = ends(crossing.d)
    value = short_s((low + high) / 2, _CENTRE_BITS)
    return Fraction(int(value.p), int(value.q))


def _segments(
    branch: Branch,
    derivation: SeriesDerivation | None,
    scaling: list[Scaling],
    low: Fraction,
    high: Fraction | None,
    marks: list[Fraction],
    caution: int,
) -> Iterator[Segment]:
    """Segments from the smallest s to the largest; each of the `marks`, the s of crossings, is a centre."""
    marks, last = sorted(marks), _end(s_bounds(low)[1], 1)
    here = Fraction(0) if high is None else _end(s_bounds(high)[0], -1)
    zones = [_zone(branch, scaling, here, last, marks, k, caution) for k in range(len(marks))]
    if high is None:
        assert derivation is not None, "infinity needs the series"
        first = expand_at_zero(derivation, branch.definition.shape.names, scaling, caution)
        here = _end(min([first.reach, last, *(zone.low for zone in zones[:1])]))
        yield first.on(Fraction(0), here)
    for zone in zones:
        yield from _fill(branch, scaling, here, zone.low, caution)
        yield zone
        here = zone.high
    yield from _fill(branch, scaling, here, last, caution)


def _zone(
    branch: Branch, scaling: list[Scaling], first: Fraction, last: Fraction, marks: list[Fraction], k: int, caution: int
) -> Segment:
    """A segment around one mark, that reaches at most half way to the others."""
    mark, at = marks[k], expand_at(branch, marks[k], scaling, caution)
    before = (mark + marks[k - 1]) / 2 if k else first
    after = (mark + marks[k + 1]) / 2 if k + 1 < len(marks) else last
    return at.on(_end(max(mark - at.reach, before)), _end(min(mark + at.reach, after)))


def _fill(branch: Branch, scaling: list[Scaling], low: Fraction, high: Fraction, caution: int) -> Iterator[Segment]:
    """Segments that cover [low, high], each about a centre from which it reaches as far as to both its ends."""
    width = low / 4
    while low < high:
        width = min(width, (high - low) / 2)
        centre = _end(low + width)
        at = expand_at(branch, centre, scaling, caution)
        if at.reach < centre - low:
            width = at.reach * Fraction(15, 16)
            continue
        end = min(_end(centre + at.reach), high)
        yield at.on(low, end)
        low, width = end, at.reach


def _end(s: Any, side: int = 0) -> Fraction:
    """A short binary fraction next to s, on the given side of it (at most 1 its last place away)."""
    scaled = Fraction(int(s.p), int(s.q)) if isinstance(s, fmpq) else s
    return Fraction(floor(scaled * 2**_END_BITS) + side, 2**_END_BITS)


def _segment(segment: Segment, crossings: list[Crossing]) -> dict[str, Any]:
    inside = [(c, s) for c in crossings if segment.low < (s := _s_of(c)) < segment.high]
    narrow = Fraction(1, 2**_CROSSING_BITS)
    return {
        "centre": _text(segment.centre),
        "low": _text(segment.low),
        "high": _text(segment.high),
        "coefficients": [[_text(c) for c in row] for row in segment.coefficients],
        "radii": [[_text(r) for r in row] for row in segment.radii],
        "crossings": {c.type.name: [_text(s - narrow), _text(s + narrow)] for c, s in inside},
    }


def _spots(segments: list[Segment], crossings: list[Crossing]) -> list[str]:
    """A few short d, inside segments without crossings."""
    found = []
    for g in segments:
        d = Fraction(round(_SPOT_PARTS / ((g.low + g.high) / 2) ** 2), _SPOT_PARTS)
        if not any(g.low < _s_of(c) < g.high for c in crossings) and g.low**2 < 1 / d < g.high**2:
            found.append(_text(d))
    return found[:: max(1, len(found) // _SPOTS)]


def _stretches(
    branch: Branch, low: Fraction, high: Fraction | None, crossings: list[Crossing], kinds: list[IsotypicType]
) -> list[dict[str, int]]:
    """The numbers of negative eigenvalues between crossings, at a d in each stretch, by ascending d."""
    marks = [low, *((a + b) / 2 for a, b in (ends(c.d) for c in crossings))]
    end = high if high is not None else 2 * max(marks)
    middles = [Fraction(round((a + b) / 2 * 2**20), 2**20) for a, b in zip(marks, [*marks[1:], end], strict=True)]
    return [{kind.name: approx_negative_count(branch, kind, d) for kind in kinds} for d in middles]


def _crossing_claim(crossing: Crossing) -> dict[str, str]:
    s, narrow = _s_of(crossing), Fraction(2, 2**_CROSSING_BITS)
    low, high = 1 / (s + narrow) ** 2, 1 / (s - narrow) ** 2
    places = 10**_DECIMALS
    return {
        "type": crossing.type.name,
        "from": _decimal(floor(low * places)),
        "to": _decimal(floor(high * places) + 1),
        "direction": crossing.direction,
    }


def _decimal(scaled: int) -> str:
    digits = str(scaled).rjust(_DECIMALS + 1, "0")
    return f"{digits[:-_DECIMALS]}.{digits[-_DECIMALS:]}"


def _text(value: Fraction) -> str:
    """An integer, a fraction, or m*2^e, exactly."""
    if value.denominator == 1 or value.denominator & (value.denominator - 1):
        return str(value)
    return f"{value.numerator}*2^-{value.denominator.bit_length() - 1}"
