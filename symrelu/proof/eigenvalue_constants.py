"""Constants C_N for the eigenvalues of the Hessian: |lambda - sum_{j<N} a_j s^j| <= C_N s^N for all d >= d_1.

Next to infinity. Let lambda_1, ..., lambda_n be the eigenvalues of a block; they are analytic in s (Rellich), and their
series are known exactly. Put x = sum_{j<M} a_j s^j +- C s^M with the a_j of one of them. Then det(B - x G) starts at a power
that the exact series tell, what is below is taken off, and that the rest does not vanish on 0 < s <= s_1 shows that no
eigenvalue crosses x there. So the eigenvalues that lie below x for small s, where the series decide, do so on all of it.

On a tube. With a polynomial x(s) through approximate eigenvalues, det(B - (x +- epsilon) G) does not vanish either, and the
inertia at the centre says that the k-th eigenvalue is within epsilon of x.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key
from math import cos, pi

from flint import arb, arb_poly, fmpq

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.series_problem import Terms
from symrelu.analysis.signature import block, sign_on_domain
from symrelu.analysis.spectrum_series import expand_spectrum
from symrelu.analysis.tube import BITS, Tube
from symrelu.arithmetic.laurent import LaurentModel
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.ranges import polynomial_range
from symrelu.arithmetic.taylor import TaylorModel
from symrelu.proof import near_infinity
from symrelu.proof.near_infinity import NearInfinity
from symrelu.proof.truncation import balls, laurent_polynomial, tail_on_tube
from symrelu.solvers.definiteness import approx_eigenvalues, determinant, inertia, schur_complement
from symrelu.symmetry.types import IsotypicType

_ATTEMPTS = 12
_NODES = 10  # through which an eigenvalue is interpolated on a tube
_LARGE = 4  # a curvature of 2 pi H that counts as large
_FINEST = 40  # bits of the narrowest ball around an eigenvalue that is tried


def eigenvalue_constants(
    near: NearInfinity, tubes: list[Tube], derivation: SeriesDerivation, order: int
) -> tuple[dict[str, list[arb]], dict[str, str]]:
    """C_1, ..., C_order of the eigenvalues of each type, ascending, by "type i"; and why some have none.

    Only types that occur next to infinity; the series must be exact.
    """
    bounds, missing = dict[str, list[arb]](), dict[str, str]()
    try:
        spectrum = expand_spectrum(derivation, order + 2)
    except ArithmeticError as error:
        return {}, {"eigenvalues": str(error)}
    for kind in near.kinds():
        series = _ascending(spectrum.block(kind.name).eigenvalues)
        try:
            bounds |= {
                f"{kind.name} {k + 1}": values
                for k, values in enumerate(_type_constants(near, tubes, kind, series, order))
            }
        except Undecided as error:
            missing[kind.name] = str(error)
    return bounds, missing


def _type_constants(
    near: NearInfinity, tubes: list[Tube], kind: IsotypicType, series: list[Terms], order: int
) -> Iterator[list[arb]]:
    """The constants of each eigenvalue of one type."""
    found = [_near_tails(near, kind, series, k, order) for k in range(len(series))]
    ramification = near.definition.ramification
    for tube in tubes:
        for k, (model, epsilon) in enumerate(_on_tube(tube, kind, len(series))):
            with working(BITS):
                least = near_infinity.s_at(tube.high, ramification)[0]
                for N in range(1, order + 1):
                    tail = tail_on_tube(tube, model, balls(series[k]), N, ramification).abs_upper()
                    found[k][N - 1] = arb.max(found[k][N - 1], tail + epsilon / arb(least**N)).abs_upper()
    return iter(found)


# -- next to infinity -------------------------------------------------------------------------------------------------


def _near_tails(near: NearInfinity, kind: IsotypicType, series: list[Terms], k: int, M: int) -> list[arb]:
    """Bounds of |lambda_k - sum_{j<N} a_j s^j| / s^N on 0 < s <= s_1 for N = 1..M."""
    with working(near_infinity.BITS):
        terms, reach = balls(series[k]), near.domain.reach
        C = _window(near, kind, series, k, M)
        return [
            polynomial_range(arb_poly([terms.get(j, arb(0)) for j in range(N, M)]), fmpq(0), reach).abs_upper()
            + C * arb(reach ** (M - N))
            for N in range(1, M + 1)
        ]


def _window(near: NearInfinity, kind: IsotypicType, series: list[Terms], k: int, M: int) -> arb:
    """C with |lambda_k - sum_{j<M} a_j s^j| < C s^M on 0 < s <= s_1, proved."""
    coincide = [_first_difference(series[k], other, M) for other in series]
    terms = balls(series[k])
    middle = laurent_polynomial(near.domain, terms, M)
    # All eigenvalues that share the first terms must lie inside the window for small s.
    sharing = [other for other, v in zip(series, coincide, strict=True) if v == M]
    first = max((_abs(other, M) + _abs(other, M + 1) * arb(near.domain.reach) for other in sharing), key=float)
    C = (first * arb(1.125) + arb(2) ** -10).mid()
    for _ in range(_ATTEMPTS):
        edge = laurent_polynomial(near.domain, {M: C}, M + 1)
        if all(_no_crossing(near, kind, x, coincide) for x in (middle - edge, middle + edge)):
            return C
        C = (C * arb(1.5) + arb(2) ** -4).mid()
    raise Undecided(f"an eigenvalue of {kind.name} is not separated near infinity")


def _no_crossing(near: NearInfinity, kind: IsotypicType, x: LaurentModel, coincide: list[int]) -> bool:
    """Whether det(B - x G) is proved different from 0 for all s, the power that it starts with being known."""
    scaled = near.scaled(kind)
    size, two_pi = range(len(coincide)), 2 * arb.pi()
    shifted = [
        [
            scaled.matrix[i][j] - (two_pi * x * scaled.gram[i][j]).shifted((scaled.growth[i] + scaled.growth[j]) // 2)
            for j in size
        ]
        for i in size
    ]
    value, start = determinant(shifted), sum(scaled.growth) + sum(coincide)
    value = value.without(list(range(value.valuation, start)))
    return value.valuation == start and not value.unit_range().contains(0)


def _ascending(series: list[Terms]) -> list[Terms]:
    """Series sorted as the eigenvalues are for small s."""

    def compare(one: Terms, other: Terms) -> int:
        for power in sorted({*one, *other}):
            difference = _ball(one, power) - _ball(other, power)
            if difference > 0 or difference < 0:
                return 1 if difference > 0 else -1
        return 0

    with working(near_infinity.BITS):
        return sorted(series, key=cmp_to_key(compare))


def _first_difference(one: Terms, other: Terms, M: int) -> int:
    """The first power at which two exact series differ, M if there is none below."""
    for power in sorted({*one, *other}):
        if power >= M:
            break
        if one.get(power, 0) != other.get(power, 0):
            return power
    return M


def _ball(terms: Terms, power: int) -> arb:
    return terms[power].ball() if power in terms else arb(0)


def _abs(terms: Terms, power: int) -> arb:
    return _ball(terms, power).abs_upper()


# -- on a tube --------------------------------------------------------------------------------------------------------


def _on_tube(tube: Tube, kind: IsotypicType, size: int) -> Iterator[tuple[TaylorModel, arb]]:
    """For each eigenvalue, ascending: a model x and epsilon with |lambda_k - x| <= epsilon for every d of the tube."""
    with working(BITS):
        matrix, gram = block(tube.table, kind)
        models = [[tube.domain.constant(entry) for entry in row] for row in matrix]
        weights = [tube.domain.constant(g) for g in gram]
        for k, x in enumerate(_interpolated(tube, models, weights)):
            yield x, _radius(models, weights, x, k)
    if len(matrix) != size:
        raise Undecided(f"the block of {kind.name} changes its size")


def _interpolated(tube: Tube, matrix: list[list[TaylorModel]], gram: list[TaylorModel]) -> list[TaylorModel]:
    """Polynomials through approximate eigenvalues at nodes that are denser towards the ends (not rigorous)."""
    radius = tube.domain.radius
    nodes = [radius * fmpq(round(c * 2**20), 2**20) for c in _chebyshev(_NODES)]
    values = list[list[arb]]()
    for t in nodes:
        B = [[entry.range_on(t, t).mid() / (2 * arb.pi()).mid() for entry in row] for row in matrix]
        values.append(approx_eigenvalues(B, [g.range_on(t, t).mid() for g in gram]))
    shift, models = tube.domain.variable() - tube.domain.center, list[TaylorModel]()
    for column in zip(*values, strict=True):
        differences = list(column)
        for level in range(1, _NODES):
            for i in range(_NODES - 1, level - 1, -1):
                differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - level])
        model = tube.domain.constant(0)
        for node, difference in zip(reversed(nodes), reversed(differences), strict=True):
            model = model * (shift - node) + difference.mid()
        models.append(model)
    return models


def _chebyshev(n: int) -> list[float]:
    return [cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)]


def _radius(matrix: list[list[TaylorModel]], gram: list[TaylorModel], x: TaylorModel, k: int) -> arb:
    """The least power of two tried for which both shifted pencils have the right inertia on the whole tube."""
    for bits in range(_FINEST, 0, -4):
        epsilon = arb(2) ** -bits
        try:
            if _negative(matrix, gram, x - epsilon) <= k < _negative(matrix, gram, x + epsilon):
                return epsilon
        except Undecided:
            continue
    raise Undecided("an eigenvalue is not enclosed on a tube")


def _negative(matrix: list[list[TaylorModel]], gram: list[TaylorModel], x: TaylorModel) -> int:
    """The number of eigenvalues of B / (2 pi) v = lambda G v below x, the same on the whole tube.

    Directions with a large curvature are eliminated first (there are differences of large numbers otherwise). For what is
    left the number is that at the centre, since the determinant does not vanish: no single pivot need keep away from 0.
    """
    shift, zero = x * (2 * arb.pi()), fmpq(0)
    rest = [[b - shift * gram[i] if i == j else b for j, b in enumerate(row)] for i, row in enumerate(matrix)]
    weights, negative = list(gram), 0
    while len(rest) > 1:
        sizes = [
            abs(row[i].polynomial[0] / g.polynomial[0]) for i, (row, g) in enumerate(zip(rest, weights, strict=True))
        ]
        largest = max(range(len(rest)), key=lambda i: float(sizes[i].mid()))
        if not sizes[largest] > _LARGE:
            break
        negative += sign_on_domain(rest[largest][largest]) < 0
        rest = schur_complement(rest, largest)
        del weights[largest]
    if determinant(rest).range().contains(0):
        raise Undecided("an eigenvalue may cross the edge of its window")
    return negative + inertia([[entry.range_on(zero, zero) for entry in row] for row in rest])[0]
