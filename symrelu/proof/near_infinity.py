"""A family for all d >= d_1, infinity included: one Taylor model at s = 0 (mathematics of the notes, section 6).

Put x_i = p_i(s) + s^(c_i + N) z_i, where p_i is the formal series of the entry below s^(c_i + N). With the exponents c_i
of scaling.py the Jacobian K(s), in scaled rows and columns, is bounded and regular at s = 0. Formal power series tell which
coefficients vanish: those of K at negative powers (computed exactly), and those of the gradient at p below s^N, since p is
the formal solution up to there and K has no pole. They are taken off; what is left,

    F(z, s) = s^-N E(p + s^(c + N) z, s),

is bounded on 0 < s <= s_1, and Krawczyk's test on pieces of the interval proves that for each s exactly one z with
|z_i| <= r_i is a zero, and a regular one. So the family exists for every d >= d_1, is given by its series up to an explicit
multiple of s^(c_i + N), and is one smooth branch (implicit function theorem).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import arb, arb_mat, arb_poly, fmpq

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.signature import types_between
from symrelu.analysis.tube import equal_pieces, first_failure, s_bounds
from symrelu.arithmetic.laurent import LaurentDomain, LaurentModel
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action, isotypic_basis
from symrelu.family.reduced import gradient
from symrelu.family.system import TRIVIAL
from symrelu.proof.scaling import ExactBlocks, Scaled
from symrelu.solvers.definiteness import pivot_order, pivots, reordered
from symrelu.symmetry.types import IsotypicType

BITS = 200
DIGITS = 40  # of the coefficients of the series, where they are balls
_KNOWN = 16  # N: orders of the series beyond the scaling, for each d^(-1/2)
_LOST = 10  # orders that sums over rows and columns lose, likewise
_ATTEMPTS = 6


@dataclass(frozen=True)
class NearInfinity:
    """The branch of the series for all d >= `low`: `entries` are models in s that contain it, `table` its Gram data.

    `series[name]` are balls around the coefficients of s^j, j = 0, 1, ..., of an entry.
    """

    definition: Definition
    low: Fraction
    domain: LaurentDomain
    table: GramTable
    entries: list[LaurentModel]
    series: dict[str, list[arb]]
    blocks: ExactBlocks

    def over(self, low: Fraction, high: Fraction) -> list[arb]:
        """Boxes that contain the entries for every d in [low, high]; ValueError unless d_1 <= low."""
        if low < self.low:
            raise ValueError(f"d = {low} is below {self.low}, where the model begins")
        start = s_at(high, self.definition.ramification)[0]
        end = min(s_at(low, self.definition.ramification)[1], self.domain.reach)
        with working(BITS):
            return [entry.range_on(start, end) for entry in self.entries]

    def kinds(self) -> list[IsotypicType]:
        """The types of positive dimension for all these d."""
        return types_between(self.definition, self.low, 2 * self.low)

    def scaled(self, kind: IsotypicType) -> Scaled:
        """The block of 2 pi Hessian on a type, scaled to be bounded at s = 0, with the powers taken off."""
        if kind not in self._scaled:
            with working(BITS):
                self._scaled[kind] = self.blocks.scaled(kind, *isotypic_action(self.table, kind), self.domain)
        return self._scaled[kind]

    @cached_property
    def _scaled(self) -> dict[IsotypicType, Scaled]:
        return {}

    def negative_count(self, kind: IsotypicType) -> int:
        """The number of negative eigenvalues of a block, the same for every d >= d_1 and in the limit; or Undecided."""
        with working(BITS):
            matrix = self.scaled(kind).matrix
            order = pivot_order([[entry.coefficient(0) for entry in row] for row in matrix])
            return sum(_sign(pivot, kind) < 0 for pivot in pivots(reordered(matrix, order)))


def _sign(pivot: LaurentModel, kind: IsotypicType) -> int:
    values = pivot.range()
    if values > 0:
        return 1
    if values < 0:
        return -1
    raise Undecided(f"a pivot of {kind.name} in {values.str(5)} has no proved sign for {pivot.domain}")


def s_at(d: Fraction, ramification: int) -> tuple[fmpq, fmpq]:
    """Dyadic rationals below and above d^(-1/(2 ramification)), ramification 1 or 2."""
    low, high = s_bounds(d)
    if ramification == 1:
        return low, high
    return s_bounds(Fraction(int(low.q), int(low.p)))[0], s_bounds(Fraction(int(high.q), int(high.p)))[1]


def prove_near_infinity(derivation: SeriesDerivation, low: Fraction) -> NearInfinity:
    """The branch of the series for all d >= low, proved; Undecided where the models are too wide or K is not regular."""
    definition = derivation.definition
    ramification = definition.ramification
    known, lost = _KNOWN * ramification, _LOST * ramification
    blocks = ExactBlocks(derivation)
    derivation.require_digits(DIGITS)
    with working(BITS):
        domain = LaurentDomain(s_at(low, ramification)[1], known + lost)
        s = domain.variable()
        d = 1 / s
        for _ in range(2 * ramification - 1):
            d = d / s
        sizes, names = definition.sizes(d), definition.shape.names
        if definition.exact_point is not None:
            exact = [definition.exact_point[name] for name in names]
            table = GramTable(
                definition.shape, domain, sizes, dict(zip(names, exact, strict=True)), definition.activation
            )
            series = {name: [arb(value)] for name, value in zip(names, exact, strict=True)}
            return NearInfinity(definition, low, domain, table, [domain.constant(x) for x in exact], series, blocks)
        exponents = blocks.exponents(TRIVIAL)
        tops = [exponent + known for exponent in exponents]
        terms = derivation.terms(max(tops))
        series = {
            name: [c.ball() if (c := terms[name].get(j)) is not None else arb(0) for j in range(top)]
            for name, top in zip(names, tops, strict=True)
        }

        def table_at(entries: list[LaurentModel]) -> GramTable:
            point = dict(zip(names, entries, strict=True))
            return GramTable(definition.shape, domain, sizes, point, definition.activation)

        truncated = [LaurentModel(domain, 0, arb_poly(series[name])) for name in names]
        defect = [
            value.without(list(range(value.valuation, known))).shifted(-known)
            for value in _scaled_gradient(table_at(truncated), exponents)
        ]
        radii = [arb(1)] * len(names)
        pieces = equal_pieces(fmpq(0), domain.reach)
        for attempt in range(_ATTEMPTS):
            entries = [
                x + LaurentModel(domain, top, arb_poly([arb(0, r)]))
                for x, top, r in zip(truncated, tops, radii, strict=True)
            ]
            table = table_at(entries)
            jacobian = blocks.scaled(TRIVIAL, *isotypic_action(table, TRIVIAL), domain).matrix
            if attempt == 0:
                radii = _first_radii(jacobian, defect)  # the first table only served to find them
                continue
            image = first_failure(defect, jacobian, radii, pieces)
            if image is None:
                return NearInfinity(definition, low, domain, table, entries, series, blocks)
            radii = [(2 * radius).mid() for radius in image]
    raise Undecided(f"the branch of {definition.name} is not proved for all d >= {float(low):.6g}")


def _scaled_gradient(table: GramTable, exponents: list[int]) -> list[LaurentModel]:
    """s^(c_i) G_i times component i, G_i the weight of entry i: its derivative along s^(c_j) is the scaled block of t."""
    weights = [vector.norm for vector in isotypic_basis(table, TRIVIAL)]
    return [
        (weight * value).shifted(exponent)
        for weight, value, exponent in zip(weights, gradient(table), exponents, strict=True)
    ]


def _first_radii(jacobian: list[list[Any]], defect: list[LaurentModel]) -> list[arb]:
    """Twice what the defect moves the zero by in the limit."""
    limit = arb_mat([[entry.coefficient(0) for entry in row] for row in jacobian])
    try:
        inverse = limit.inv()
    except ZeroDivisionError:
        raise Undecided(
            "an eigenvalue of type t tends to 0 (the scaled Jacobian is not regular in the limit)"
        ) from None
    bounds = [value.range().abs_upper() for value in defect]
    return [
        2 * sum((inverse[i, j].abs_upper() * b for j, b in enumerate(bounds)), arb(2) ** -BITS).mid()
        for i in range(len(bounds))
    ]
