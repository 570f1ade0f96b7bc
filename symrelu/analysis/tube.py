"""A family on a whole interval of d: a tube around a polynomial that contains exactly one critical point for each d.

The entries are approximated by polynomials in s = d^(-1/2), in which they are nearly polynomials for large d; a Taylor
model of the gradient bounds the defect on the interval, and Krawczyk's test, with a Taylor model of the Jacobian and one
preconditioner per piece, proves that for every d of the interval exactly one critical point lies within `radii` of the
polynomial. The points form one branch, because the tube is connected and the zero in it is unique and regular for each d
(implicit function theorem).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any, Protocol

from flint import arb, arb_mat, arb_series, fmpq

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.jets import Jets
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.taylor import TaylorDomain, TaylorModel
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.system import ReducedSystem
from symrelu.solvers.krawczyk import isolate

ORDER = 20
BITS = 160
_PIECES = 32
_ATTEMPTS = 4


@dataclass(frozen=True)
class Tube:
    """The branch over low <= d <= high; `table` is its Gram table in Taylor models in s around `domain.center`."""

    definition: Definition
    low: Fraction
    high: Fraction
    domain: TaylorDomain
    table: GramTable
    entries: list[TaylorModel]

    def over(self, low: Fraction, high: Fraction) -> list[arb]:
        """Boxes that contain the entries for every d in [low, high], a part of the interval."""
        center, reach = self.domain.center, self.domain.radius
        start = max(s_bounds(high)[0] - center, -reach)
        end = min(s_bounds(low)[1] - center, reach)
        with working(BITS):
            return [entry.range_on(start, end) for entry in self.entries]


class Enclosure(Protocol):
    """What is proved to contain exactly one critical point of the branch for each d of a range."""

    def over(self, low: Fraction, high: Fraction) -> list[arb]: ...


def require_same_branch(branch: Branch, one: Enclosure, other: Enclosure, d: Fraction) -> None:
    """Undecided unless both are proved to contain the same critical point at d, which lies in both intervals.

    Krawczyk's test on a box that contains what both have at d: the critical point in it is the only one.
    """
    with working(BITS):
        around = [x.union(y) for x, y in zip(one.over(d, d), other.over(d, d), strict=True)]
        if branch.definition.exact_point is None:
            isolate(branch.system(d), branch.approx(d, BITS), around)


def s_bounds(d: Fraction, bits: int = 96) -> tuple[fmpq, fmpq]:
    """Dyadic rationals below and above d^(-1/2), 2^-bits apart."""
    scaled = isqrt((1 << (2 * bits)) * d.denominator // d.numerator)
    return fmpq(scaled, 1 << bits), fmpq(scaled + 1, 1 << bits)


def short_s(d: Fraction, bits: int = 40) -> fmpq:
    """A rational with the denominator 2^bits, close to d^(-1/2)."""
    return fmpq(isqrt((1 << (2 * bits)) * d.denominator // d.numerator), 1 << bits)


def prove_tube(branch: Branch, low: Fraction, high: Fraction, center: fmpq | None = None) -> Tube:
    """The tube over [low, high], proved; Undecided or BranchEnds when it cannot be.

    `center` is the s at which the Taylor models are expanded (the middle unless given).
    """
    s_low, s_high = s_bounds(high)[0], s_bounds(low)[1]
    middle = short_s(4 / (_fraction(s_low + s_high) ** 2)) if center is None else center
    definition = branch.definition
    domain = TaylorDomain(middle, max(s_high - middle, middle - s_low), ORDER)
    with working(BITS, cap=ORDER):
        system = ReducedSystem(definition, domain, 1 / (domain.variable() * domain.variable()))
        if definition.exact_point is not None:
            exact = [definition.exact_point[name] for name in definition.shape.names]
            models = [domain.constant(value) for value in exact]
            return Tube(definition, low, high, domain, system.table(exact), models)
        d = 1 / _fraction(middle) ** 2
        inverse, polynomials = _taylor_polynomials(branch, d, middle)
        entries = [_model(polynomial, domain) for polynomial in polynomials]
        defect = system.values(entries)
        radii = _first_radii(inverse, defect)
        pieces = equal_pieces(s_low - middle, s_high - middle)
        for _ in range(_ATTEMPTS):
            widened = [entry + arb(0, radius) for entry, radius in zip(entries, radii, strict=True)]
            _, jacobian = system(widened)
            image = first_failure(defect, jacobian, radii, pieces)
            if image is None:
                return Tube(definition, low, high, domain, system.table(widened), widened)
            radii = [(4 * radius).mid() for radius in image]  # in the proportions that the test asks for
    raise Undecided(f"no tube around the branch is found for d in [{float(low):.6g}, {float(high):.6g}]")


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _taylor_polynomials(branch: Branch, d: Fraction, s: fmpq) -> tuple[arb_mat, list[arb_series]]:
    """The inverse Jacobian and approximate Taylor polynomials in s of the entries at d = s^-2.

    Each step of the simplified Newton iteration gains one order.
    """
    center = branch.approx(d, BITS)
    _, jacobian = branch.system(d)(center)
    inverse = arb_mat([[arb(entry).mid() for entry in row] for row in jacobian]).inv().mid()
    variable = Jets.variable(arb(s))
    system = ReducedSystem(branch.definition, Jets(), 1 / (variable * variable))
    series = [arb_series([value]) for value in center]
    for _ in range(1, ORDER):
        values = [arb_series(value) for value in system.values(series)]
        series = [
            _midpoints(x - sum((inverse[i, j] * v for j, v in enumerate(values)), arb_series([0])))
            for i, x in enumerate(series)
        ]
    return inverse, series


def _midpoints(series: arb_series) -> arb_series:
    return arb_series([c.mid() for c in series.coeffs()])


def _model(polynomial: arb_series, domain: TaylorDomain) -> TaylorModel:
    t = domain.variable() - domain.center
    model = domain.constant(0)
    for c in reversed(polynomial.coeffs()):
        model = model * t + c
    return model


def _first_radii(inverse: arb_mat, defect: list[TaylorModel]) -> list[arb]:
    """Eight times what the defect moves the zero by at the centre."""
    bounds = [value.range().abs_upper() for value in defect]
    return [
        8 * sum((abs(inverse[i, j]).abs_upper() * b for j, b in enumerate(bounds)), arb(2) ** (24 - BITS)).mid()
        for i in range(len(bounds))
    ]


def equal_pieces(low: fmpq, high: fmpq) -> list[tuple[fmpq, fmpq]]:
    """Equal parts of the interval, the outer ones first: there the test fails if it fails at all."""
    nodes = [low + (high - low) * i / _PIECES for i in range(_PIECES + 1)]
    return sorted(pairwise(nodes), key=lambda piece: -max(abs(piece[0]), abs(piece[1])))


def first_failure(
    defect: list[Any], jacobian: list[list[Any]], radii: list[arb], pieces: list[tuple[fmpq, fmpq]]
) -> list[arb] | None:
    """The radii of the image on the first piece where Krawczyk's test fails; None if it succeeds on all.

    `defect` and `jacobian` are Taylor models (or numbers), the pieces intervals that their `range_on` takes.
    """
    for piece in pieces:
        image = _krawczyk_radii(defect, jacobian, radii, piece)
        if not all(new < old for new, old in zip(image, radii, strict=True)):
            return image
    return None


def _krawczyk_radii(
    defect: list[Any], jacobian: list[list[Any]], radii: list[arb], piece: tuple[fmpq, fmpq]
) -> list[arb]:
    """|Y g| + |I - Y J| r on one piece, Y the inverse of the Jacobian's midpoint there: an upper bound of K's radii."""
    matrix = arb_mat([[_on(entry, piece) for entry in row] for row in jacobian])
    try:
        inverse = arb_mat([[x.mid() for x in row] for row in matrix.tolist()]).inv().mid()
    except ZeroDivisionError:
        raise Undecided("the Jacobian is singular near the branch") from None
    moved = inverse * arb_mat([[_on(value, piece)] for value in defect])
    n = len(radii)
    product = inverse * matrix
    image = []
    for i in range(n):
        total = moved[i, 0].abs_upper()
        for j in range(n):
            total = total + (int(i == j) - product[i, j]).abs_upper() * radii[j]
        image.append(total.abs_upper())
    return image


def _on(x: Any, piece: tuple[fmpq, fmpq]) -> arb:
    return x.range_on(*piece) if hasattr(x, "range_on") else arb(x)
