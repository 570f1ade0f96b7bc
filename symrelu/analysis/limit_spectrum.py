"""The limits of the bounded eigenvalues of a family as d grows, certified.

In coordinates of norm O(1) the block of a type is a matrix over Laurent series in s. Its leading coefficients are
computed exactly, with symbols where they have no closed form (leading_system.py), so that what vanishes is seen to
vanish. Directions whose curvature grows like d are split off by congruence, B = T^t B T and G = T^t G T; they carry no
bounded eigenvalue in the limit, and those of what is left of the pencil at s = 0 are the limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_mat

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.leading_system import embedded
from symrelu.analysis.series_problem import SeriesPoint, series_point
from symrelu.arithmetic.constants import Constant
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.symbol_field import SymbolField
from symrelu.family.isotypic import isotypic_action, isotypic_types
from symrelu.solvers.definiteness import enclose_eigenvalues
from symrelu.symmetry.types import IsotypicType

_TERMS = 3  # coefficients of the entry that is known to the fewest orders
_EXACT_ORDER, _EXACT_BITS = 8, 160  # terms below d^-4 are more than enough
_BITS = 60  # to which the limits are enclosed

Laurent = dict[int, Constant]


@dataclass(frozen=True)
class TypeLimits:
    """The limits of the bounded eigenvalues of a type, ascending, and the leading coefficients of the growing pivots.

    There are as many growing eigenvalues as pivots, with the same signs.
    """

    bounded: list[arb]
    pivots: list[arb]


def limit_eigenvalues(derivation: SeriesDerivation) -> dict[str, TypeLimits]:
    """The limits for each type that occurs, by name.

    ArithmeticError where splitting off what grows needs more than diagonal pivots.
    """
    if isinstance(derivation, BallDerivation):
        with working(derivation.bits):
            point, values = symbolic_point(derivation)
            field = point.arithmetic.field
            assert isinstance(field, SymbolField)
            limits = _limits(derivation, point, lambda constants: field.evaluate(constants, values))
            if not field.signs_hold(values):
                raise Undecided("a sign in the leading terms of the Hessian is not proved")
            return limits
    with working(_EXACT_BITS):
        order = _EXACT_ORDER * derivation.definition.ramification
        point = series_point(derivation.definition, derivation.field, derivation.terms(order), known=order)
        return _limits(derivation, point, lambda constants: [c.ball() for c in constants])


def _limits(
    derivation: SeriesDerivation, point: SeriesPoint, values: Callable[[list[Constant]], list[arb]]
) -> dict[str, TypeLimits]:
    """The limits of each type, given balls for constants."""
    limits, zero = {}, point.arithmetic.field.number(0)
    for kind in isotypic_types(derivation.definition.shape):
        pencil = _normalised(point, kind)
        left, pivots = pencil.split_off()
        size = len(left)
        constants = [pencil.B[i][j].get(0, zero) for i in left for j in left]
        numbers = values(constants + [pencil.G[i][j] for i in left for j in left])
        B, G = (arb_mat(size, size, part) for part in (numbers[: size * size], numbers[size * size :]))
        bounded = _eigenvalues(B * (1 / (2 * arb.pi())), G) if size else []
        limits[kind.name] = TypeLimits(bounded, values(pivots))
    return limits


def symbolic_point(derivation: BallDerivation) -> tuple[SeriesPoint, dict[str, arb]]:
    """The exact terms of each entry and symbols for the next ones, with balls; asked for more, the point refuses."""
    definition, system = derivation.definition, derivation.system
    last = max(system.powers.values()) + _TERMS
    found = derivation.terms(last)
    symbols = {name: range(power, last) for name, power in system.powers.items()}
    values: dict[str, arb] = {}
    for name, powers in symbols.items():
        for power in powers:
            coefficient = found[name].get(power)
            values[f"{name}_{power}"] = arb(0) if coefficient is None else coefficient.num
    field = SymbolField(values)
    terms = {
        name: {j: embedded(c, field) for j, c in system.known[name].items()}
        | {power: field.symbol(f"{name}_{power}") for power in powers}
        for name, powers in symbols.items()
    }
    return series_point(definition, field, terms, known=last), values


@dataclass
class _Pencil:
    """B v = lambda G v with B up to s^0, Laurent polynomials, and G at s = 0."""

    B: list[list[Laurent]]
    G: list[list[Constant]]

    def split_off(self) -> tuple[list[int], list[Constant]]:
        """Split off growing diagonal pivots, in place, until no entry of B grows: what is left, the pivots' first terms."""
        left, pivots = list(range(len(self.B))), list[Constant]()
        while True:
            lowest = min((min(self.B[i][j]) for i in left for j in left if self.B[i][j]), default=0)
            if lowest >= 0:
                return left, pivots
            pivot = next((i for i in left if min(self.B[i][i], default=0) == lowest), None)
            if pivot is None:
                raise ArithmeticError("a growing block of the Hessian has no diagonal pivot")
            left.remove(pivot)
            pivots.append(self.B[pivot][pivot][lowest])
            self._split(pivot, left)

    def _split(self, pivot: int, left: list[int]) -> None:
        """x_pivot -> x_pivot + sum_j t_j x_j with t_j = -B_pj / B_pp, after which B_pj = 0."""
        B, G = self.B, self.G
        lowest = min(B[pivot][pivot])
        inverse = _inverse(B[pivot][pivot])
        quotients = {j: _product(B[pivot][j], inverse, -lowest) for j in left}
        zero = G[pivot][pivot] * 0
        t = {j: -quotients[j].get(0, zero) for j in left}
        for i in left:
            for j in left:
                B[i][j] = _difference(B[i][j], _product(B[i][pivot], quotients[j], 0))
        moved = {j: G[pivot][j] + G[pivot][pivot] * t[j] for j in left}
        for i in left:
            for j in left:
                G[i][j] = G[i][j] + t[i] * moved[j] + G[i][pivot] * t[j]


def _normalised(point: SeriesPoint, kind: IsotypicType) -> _Pencil:
    """The pencil of 2 pi Hessian on test tensors scaled by powers of s to norm O(1)."""
    action, basis = isotypic_action(point.table, kind)
    zero = point.arithmetic.field.number(0)
    norms = [point.arithmetic.head(vector.norm, 1) for vector in basis]
    powers = [min(norm) for norm in norms]
    if any((power - powers[0]) % 2 for power in powers):
        raise ArithmeticError(f"the norms of the test tensors of type {kind.name} differ by odd powers of s")
    B, G = list[list[Laurent]](), list[list[Constant]]()
    for i, row in enumerate(action):
        norm = {power - powers[i]: c for power, c in norms[i].items()}
        shifts = [(powers[i] - power) // 2 for power in powers]
        heads = [point.arithmetic.head(entry, 1 - shift) for entry, shift in zip(row, shifts, strict=True)]
        scaled = [{p + shift: c for p, c in head.items()} for head, shift in zip(heads, shifts, strict=True)]
        B.append([_product(norm, entry, 0) for entry in scaled])
        G.append([norm[0] if i == j else zero for j in range(len(basis))])
    return _Pencil(B, G)


def _eigenvalues(B: arb_mat, G: arb_mat) -> list[arb]:
    """The eigenvalues of B v = lambda G v, G positive definite (proved by its Cholesky factor)."""
    size = G.nrows()
    L = [[arb(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = G[i, j] - sum((L[i][k] * L[j][k] for k in range(j)), arb(0))
            if i == j and not rest > 0:
                raise Undecided("the limit of the Gram matrix is not proved positive definite")
            L[i][j] = rest.sqrt() if i == j else rest / L[j][j]
    inverse = arb_mat(L).inv()
    return enclose_eigenvalues((inverse * B * inverse.transpose()).tolist(), [arb(1)] * size, _BITS)


def _product(f: Laurent, g: Laurent, top: int) -> Laurent:
    """f g up to s^top."""
    total: dict[int, Any] = {}
    for i, x in f.items():
        for j, y in g.items():
            if i + j <= top:
                total[i + j] = total[i + j] + x * y if i + j in total else x * y
    return {power: value for power, value in total.items() if value}


def _difference(f: Laurent, g: Laurent) -> Laurent:
    total = dict(f)
    for power, value in g.items():
        total[power] = total[power] - value if power in total else -value
    return {power: value for power, value in total.items() if value}


def _inverse(f: Laurent) -> Laurent:
    """1 / f with as many coefficients as f has up to s^0, from f h = 1."""
    start = min(f)
    unit = f[start].inverse()
    h: Laurent = {-start: unit}
    for n in range(1, -start + 1):
        rest = [f[start + i] * h[n - i - start] for i in range(1, n + 1) if start + i in f and n - i - start in h]
        if rest:
            value = -sum(rest[1:], rest[0]) * unit
            if value:
                h[n - start] = value
    return h
