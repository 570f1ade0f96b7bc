"""A crossing: a real d at which one eigenvalue of one isotypic block changes sign, certified to any number of digits.

The last pivot of L D L^T of the block, as a function of d along the branch, is det B over the product of the others. Where
those are not zero, it vanishes exactly when an eigenvalue does, and its derivative says whether the crossing is simple.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat, arb_series, ctx

from symrelu.analysis.branch import Branch
from symrelu.analysis.signature import approx_negative_count, block, block_pivots, center_value, sign_on_domain
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.jets import Jets
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import digits_to_bits, ends, exact_midpoint, to_fmpq
from symrelu.family.system import ReducedSystem
from symrelu.solvers.definiteness import pivot_order, pivots, reordered
from symrelu.solvers.krawczyk import isolate, krawczyk
from symrelu.symmetry.types import IsotypicType

_LEAST_DIGITS = 15  # a wider ball would only make the derivative harder to bound


@dataclass(frozen=True)
class Crossing:
    """One eigenvalue of type `type` vanishes at exactly one d in the ball, with the given derivative in d there.

    `negative_besides` is the number of negative eigenvalues of the block, this one left out.
    """

    d: arb
    type: IsotypicType
    multiplicity: arb
    derivative: arb
    negative_besides: int

    @property
    def direction(self) -> str:
        """Whether the eigenvalue goes up (the family becomes more stable) or down as d grows."""
        return "up" if self.derivative > 0 else "down"


def approx_crossing(branch: Branch, kind: IsotypicType, low: Fraction, high: Fraction, digits: int) -> Fraction:
    """A rational near the zero of the block's last pivot between low and high; ArithmeticError if none is found.

    Bisection on the number of negative eigenvalues, then Newton's method with the digits doubling.
    """
    count = approx_negative_count(branch, kind, low)
    for _ in range(20):
        middle = (low + high) / 2
        if approx_negative_count(branch, kind, middle) == count:
            low = middle
        else:
            high = middle
    d, bits, goal = (low + high) / 2, 64, digits_to_bits(digits) + 16
    order, reach = _order_at(branch, kind, d), 64 * (high - low)
    for _ in range(64):
        with working(bits + 64):
            value = _pivot_jet(branch, kind, order, d)
            step = (value[0].mid() / value[1].mid()).mid()
            small = abs(step) < arb(2) ** (-bits // 2 - 8)
        d = _rounded(d - exact_midpoint(step), bits)
        if not low - reach < d < high + reach:
            break
        if small and bits >= goal:
            return d
        if small:  # the next step is right to twice as many bits
            bits = min(2 * bits, goal)
    raise ArithmeticError("Newton's method for the crossing does not converge")


def _rounded(d: Fraction, bits: int) -> Fraction:
    return Fraction(round(d * 2**bits), 2**bits)


def _order_at(branch: Branch, kind: IsotypicType, d: Fraction) -> list[int]:
    with working(BITS):
        matrix, _ = block(branch.system(d).table(branch.approx(d, BITS)), kind)
        return pivot_order(matrix)


def _pivot_jet(branch: Branch, kind: IsotypicType, order: list[int], d: Fraction) -> arb_series:
    """The last pivot and its derivative in d at an approximate critical point."""
    point = branch.approx(d, ctx.prec)
    return _jet_along_branch(branch, kind, order, arb(to_fmpq(d)), point)


def _jet_along_branch(branch: Branch, kind: IsotypicType, order: list[int], d: arb, entries: list[arb]) -> arb_series:
    """Last pivot of B - shift G and its derivative in t, where d + t moves along the branch through the entries.

    Over balls this encloses value and derivative for every d and every critical point in them.
    """
    definition = branch.definition
    with working(cap=2):
        _, jacobian = ReducedSystem(definition, Balls(), d)(entries)
        moving = ReducedSystem(definition, Jets(), Jets.variable(d))
        partial = [arb_series(value)[1] for value in moving.values(entries)]
        slope = arb_mat(jacobian).solve(arb_mat([[-x] for x in partial]))
        along = [arb_series([x, slope[i, 0]]) for i, x in enumerate(entries)]
        matrix, _ = block(moving.table(along), kind)
        return arb_series(pivots(reordered(matrix, order))[-1])


def _pivot_in_eigenvalue(branch: Branch, kind: IsotypicType, order: list[int], d: arb, entries: list[arb]) -> arb:
    """d/dx of the last pivot of B - x G at x = 0."""
    with working(cap=2):
        table = ReducedSystem(branch.definition, Balls(), d).table(entries)
        matrix, gram = block(table, kind)
        x = arb_series([0, 1])
        shifted = [
            [b - x * gram[i] if i == j else arb_series([b]) for j, b in enumerate(row)] for i, row in enumerate(matrix)
        ]
        return arb_series(pivots(reordered(shifted, order))[-1])[1]


def certify_crossing(branch: Branch, tube: Tube, kind: IsotypicType, center: Fraction, digits: int) -> Crossing:
    """The only crossing of the block in the tube, which is expanded around `center`; Undecided if it is not proved so.

    Three steps: outside a narrow interval around the centre the last pivot has no zero (Taylor model); on that interval
    it is strictly monotone (derivative along the branch); and interval Newton puts its zero into a ball of the digits
    asked. Here the pivots before the last one are proved not to vanish on the tube.
    """
    digits = max(digits, _LEAST_DIGITS)
    low, high, negative = _zero_interval(tube, kind)
    reach = Fraction(1, 2 ** (digits_to_bits(digits) + 4))  # of the ball in which interval Newton looks
    low, high = min(low, center - reach), max(high, center + reach)
    if not tube.low <= low < high <= tube.high:
        raise Undecided("the crossing is not inside the tube")
    order = _order_at(branch, kind, center)
    with working(BITS):
        wide = arb(to_fmpq(low)).union(arb(to_fmpq(high)))
        # Exactly one critical point lies in this box for each d of the interval; the tube's, which is inside, is it.
        only, entries = isolate(_system_at(branch, wide), branch.approx(center, BITS), around=tube.over(low, high))
        _require_nonzero(_jet_along_branch(branch, kind, order, wide, entries)[1], "of the pivot near the crossing")
    bits = digits_to_bits(digits) + 64
    with working(bits):
        m, start = arb(to_fmpq(center)), branch.approx(center, bits)
        ball = arb(to_fmpq(center), arb(to_fmpq(reach)))
        slope = _jet_along_branch(branch, kind, order, ball, _on_branch(branch, ball, start, only))[1]
        value = _jet_along_branch(branch, kind, order, m, _on_branch(branch, m, start, only))[0]
        image = m - value / _require_nonzero(slope, "of the pivot")
        if not ball.contains_interior(image):
            raise Undecided("interval Newton does not isolate the crossing")
        entries = _on_branch(branch, image, start, only)
        change = _jet_along_branch(branch, kind, order, image, entries)[1]
        derivative = -change / _pivot_in_eigenvalue(branch, kind, order, image, entries) / (2 * arb.pi())
        _require_nonzero(derivative, "of the eigenvalue")
        multiplicity = arb(kind.dimension(branch.definition.sizes(image)))
    return Crossing(image, kind, multiplicity, derivative, negative)


def _system_at(branch: Branch, d: arb) -> ReducedSystem:
    return ReducedSystem(branch.definition, Balls(), d)


def _on_branch(branch: Branch, d: arb, start: list[arb], only: list[arb]) -> list[arb]:
    """A box with the critical point for each d of the ball, inside the box in which it is the only one."""
    entries = krawczyk(_system_at(branch, d), start)
    if not all(box.contains(entry) for box, entry in zip(only, entries, strict=True)):
        raise Undecided("the crossing found is not proved to lie on the branch that is followed")
    return entries


def _require_nonzero(x: arb, what: str) -> arb:
    if not x.is_finite() or x.contains(0):
        raise Undecided(f"the derivative {what} is not proved different from zero")
    return x


def _zero_interval(tube: Tube, kind: IsotypicType) -> tuple[Fraction, Fraction, int]:
    """An interval of d outside which the last pivot has no zero in the tube, and how many of the others are negative.

    The other pivots have one sign on the whole tube. With p(t) = p_0 + t q, t = s - s_0, q of one sign, every zero has
    |t| <= |p_0| / |q|.
    """
    with working(BITS):
        matrix, _ = block(tube.table, kind)
        values = block_pivots(matrix)
        negative = sum(sign_on_domain(pivot) < 0 for pivot in values[:-1])
        last = values[-1]
        slope = last.slope_range()
        if slope.contains(0):
            raise Undecided("the eigenvalue is not proved to cross zero only once near the threshold")
        reach = (center_value(last).abs_upper() / slope.abs_lower()).abs_upper()
        s = arb(tube.domain.center)
        if not reach < s / 1024:
            raise Undecided("the crossing is not isolated well enough by the tube")
        ball = 1 / ((s + arb(0, reach)) * (s + arb(0, reach)))
        return *ends(ball), negative
