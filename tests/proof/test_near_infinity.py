"""A family for all d >= d_1 at once: judged at single d by proofs of another kind and by the dense network.

The boxes must contain the certified points (Krawczyk at one d) and the zero that Newton's method finds on the dense network;
the counts of negative eigenvalues are those of the dense Hessian. What is wrong on purpose must not be proved.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb, arb_mat, fmpq

from symrelu.analysis.branch import Branch
from symrelu.analysis.derive import SeriesDerivation, derive
from symrelu.analysis.leading_sources import leading_source
from symrelu.analysis.limit_spectrum import limit_eigenvalues
from symrelu.analysis.point import enclose_point
from symrelu.arithmetic.laurent import LaurentDomain, LaurentModel
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import exact_midpoint, to_fmpq
from symrelu.family.catalogue import definition
from symrelu.family.isotypic import isotypic_action, isotypic_types
from symrelu.family.system import TRIVIAL
from symrelu.proof import near_infinity as module
from symrelu.proof import scaling
from symrelu.proof.near_infinity import NearInfinity, prove_near_infinity, s_at
from symrelu.solvers.definiteness import enclose_eigenvalues

FIRST = {"A": 16, "I": 30, "A+1": 30, "II": 40, "M2": 40, "II+1": 150}  # a d_1 that is reached, for each
NAMES = sorted(FIRST)


@cache
def derived(name: str) -> tuple[Branch, SeriesDerivation]:
    found = definition(name)
    branch = Branch(found)
    return branch, derive(found, leading_source(found, branch, definition))


@cache
def proved(name: str) -> NearInfinity:
    return prove_near_infinity(derived(name)[1], Fraction(FIRST[name]))


# ---- the branch ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_boxes_contain_the_certified_points(name: str) -> None:
    """At d_1, close to it, at a d that is no integer, and far out, with strict inequality: the balls of both are small."""
    branch, _ = derived(name)
    for d in (Fraction(FIRST[name]), Fraction(FIRST[name]) + Fraction(1, 3), Fraction(1000, 3), Fraction(10**6)):
        point = enclose_point(branch, d, 60)
        for box, entry in zip(proved(name).over(d, d), point.entries, strict=True):
            assert box.contains_interior(entry), d
            assert box.rad() < (arb(10) ** -4 if d < 1000 else arb(10) ** -25), d


@pytest.mark.parametrize("name", NAMES)
def test_boxes_over_an_interval_contain_those_at_its_points(name: str) -> None:
    near, first = proved(name), Fraction(FIRST[name])
    for low, high in ((first, first + 1), (first + 3, 2 * first), (first, Fraction(10**8))):
        whole = near.over(low, high)
        for d in (low, (low + high) / 2, high):
            assert all(box.contains(part.mid()) for box, part in zip(whole, near.over(d, d), strict=True))
    with pytest.raises(ValueError, match="is below"):
        near.over(first / 2, 2 * first)


@pytest.mark.parametrize("name", ["A", "II"])
def test_another_precision_and_another_d_1_give_overlapping_boxes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, d = proved(name), Fraction(500)
    monkeypatch.setattr(module, "BITS", 320)
    other = prove_near_infinity(derived(name)[1], Fraction(300))
    assert all(x.overlaps(y) for x, y in zip(first.over(d, d), other.over(d, d), strict=True))
    for kind in isotypic_types(definition(name).shape):
        assert first.negative_count(kind) == other.negative_count(kind)


def weights(name: str, d: int, entries: list[Any]) -> list[list[Any]]:
    """The full matrix of a point of a family in the catalogue: orbit by orbit, a row for each index."""
    shape = definition(name).shape
    sizes = [int(n) for n in definition(name).sizes(Fraction(d))]
    columns = [(b, i) for b, n in enumerate(sizes) for i in range(n)]
    value = {(e.row, e.block, e.diagonal): x for e, x in zip(shape.entries, entries, strict=True)}
    rows = []
    for R, orbit in enumerate(shape.rows):
        for i in [None] if orbit.attached is None else range(sizes[orbit.attached]):
            rows.append([value[R, b, (b, j) == (orbit.attached, i)] for b, j in columns])
    return rows


def mp_gradient(W: list[list[Any]]) -> list[list[Any]]:
    """2 pi grad L by the definition of L: kappa_i w_i + sum_j +-(pi - theta_ij) w_j, targets the unit vectors."""
    mp, d = mpmath, len(W[0])
    norms = [mp.fdot(w, w) for w in W]
    result = []
    for i, w in enumerate(W):
        own, total = mp.mpf(0), [mp.pi * x for x in w]
        for j, v in enumerate(W):
            if j != i:
                c = mp.fdot(w, v)
                S = mp.sqrt(norms[i] * norms[j] - c * c)
                own += S
                phi = mp.pi - mp.atan2(S, c)
                total = [x + phi * y for x, y in zip(total, v, strict=True)]
        for j in range(d):
            S = mp.sqrt(norms[i] - w[j] ** 2)
            own -= S
            total[j] -= mp.pi - mp.atan2(S, w[j])
        result.append([x + own / norms[i] * y for x, y in zip(total, w, strict=True)])
    return result


@pytest.mark.parametrize("name", ["A", "A+1"])
def test_newton_on_the_whole_network_ends_in_the_box(name: str) -> None:
    """From the corner of the box, so that it moves; the Jacobian is one of differences of the dense gradient."""
    d, shape = FIRST[name], definition(name).shape
    boxes = proved(name).over(Fraction(d), Fraction(d))
    with mpmath.workdps(50):
        places = index_of(weights(name, d, list(shape.entries)))

        def reduced(x: list[Any]) -> Any:
            gradient = mp_gradient(weights(name, d, x))
            return mpmath.matrix([gradient[i][j] for i, j in (places[entry] for entry in shape.entries)])

        x = mpmath.matrix([number(box.mid() + box.rad()) for box in boxes])
        h = mpmath.mpf(10) ** -25
        values = reduced(list(x))
        n = len(boxes)
        J = mpmath.matrix(n, n)
        for j in range(n):
            moved = reduced([y + (h if i == j else 0) for i, y in enumerate(x)])
            J[:, j] = (moved - values) / h
        for _ in range(3):
            x -= mpmath.lu_solve(J, values)
            values = reduced(list(x))
        assert max(abs(v) for v in values) < mpmath.mpf(10) ** -18
        for box, y in zip(boxes, x, strict=True):
            assert abs(number(box.mid()) - y) < number(box.rad()) * mpmath.mpf("0.9")


def index_of(rows: list[list[Any]]) -> dict[Any, tuple[int, int]]:
    return {value: (i, j) for i, row in enumerate(rows) for j, value in enumerate(row)}


def number(x: arb) -> Any:
    mantissa, exponent = x.mid().man_exp()
    return mpmath.ldexp(int(mantissa), int(exponent))


@pytest.mark.parametrize("name", NAMES)
def test_the_series_are_inside_and_the_radii_are_what_the_proof_needed(name: str) -> None:
    """Each entry is its series up to c + N and one ball around zero there; the point is well inside that ball."""
    branch, derivation = derived(name)
    near = proved(name)
    d = Fraction(4 * FIRST[name])
    point = enclose_point(branch, d, 60)
    for shape_name, model, entry in zip(near.definition.shape.names, near.entries, point.entries, strict=True):
        series = near.series[shape_name]
        top = len(series)
        radius = model.coefficient(top)
        assert radius.mid() == 0 and radius.rad() > 0
        terms = derivation.terms(top)[shape_name]
        for j, coefficient in enumerate(series):
            assert coefficient.overlaps(terms[j].ball() if j in terms else arb(0))
        with working(300):
            s = 1 / arb(to_fmpq(d)).sqrt()
            partial, power = arb(0), arb(1)
            for c in series:
                partial, power = partial + c * power, power * s
            assert abs(entry - partial) < radius.rad() * power


@pytest.mark.parametrize("d", [Fraction(5), Fraction(100), Fraction(22, 7), Fraction(10**12)])
@pytest.mark.parametrize("ramification", [1, 2])
def test_bounds_of_s(d: Fraction, ramification: int) -> None:
    low, high = (Fraction(int(x.p), int(x.q)) for x in s_at(d, ramification))
    power = 2 * ramification
    assert low**power * d <= 1 <= high**power * d
    assert 0 < high - low < Fraction(1, 10**20) and low < high


# ---- the signs -----------------------------------------------------------------------------------


def dense_hessian(W: Any) -> Any:
    """2 pi Hessian in double precision: by rows, from the formulas of section 1, written for arrays."""
    k, d = W.shape
    H = np.zeros((k, d, k, d))
    eye = np.eye(d)
    for i, w in enumerate(W):
        H[i, :, i, :] += np.pi * eye
        A = w @ w
        for sign, others in ((1, W), (-1, eye)):
            for j, v in enumerate(others):
                if sign == 1 and i == j:
                    continue
                B, c = v @ v, w @ v
                S = np.sqrt(A * B - c * c)
                x = A * v - c * w
                H[i, :, i, :] += sign * ((S / A) * (eye - np.outer(w, w) / A) + np.outer(x, x) / (A * A * S))
                if sign == 1:
                    wv = np.outer(w, v)
                    mixed = wv + wv.T - (c / A) * np.outer(w, w) - (c / B) * np.outer(v, v)
                    H[i, :, j, :] += (np.pi - np.arctan2(S, c)) * eye + mixed / S
    return H.reshape(k * d, k * d)


@pytest.mark.parametrize(("name", "negative"), [("A", 0), ("A+1", 29)])
def test_the_counts_are_those_of_the_dense_hessian(name: str, negative: int) -> None:
    """All eigenvalues at d_1: how many are negative, and that none is close to zero."""
    d, near = FIRST[name], proved(name)
    middles = [float(box.mid()) for box in near.over(Fraction(d), Fraction(d))]
    values = np.linalg.eigvalsh(dense_hessian(np.array(weights(name, d, middles))))
    assert np.min(np.abs(values)) > 1e-3
    sizes = definition(name).sizes(Fraction(d))
    counts = {kind: near.negative_count(kind) for kind in isotypic_types(definition(name).shape)}
    assert (
        sum(int(kind.dimension(sizes)) * count for kind, count in counts.items()) == int(np.sum(values < 0)) == negative
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_counts_are_those_of_certified_points(name: str) -> None:
    branch, _ = derived(name)
    for d in (Fraction(FIRST[name]), Fraction(10**4)):
        for component in enclose_point(branch, d, 20).components:
            if component.counts:
                assert proved(name).negative_count(component.type) == component.negative


@pytest.mark.parametrize("name", NAMES)
def test_the_scaled_block_is_the_block_in_scaled_coordinates(name: str) -> None:
    """At d = 10^4, s = 1/100: congruent to the block of a certified point, step by step, with powers found from norms."""
    branch, _ = derived(name)
    s = fmpq(1, 100)
    point = enclose_point(branch, Fraction(10**4), 60)
    for kind in isotypic_types(definition(name).shape):
        block = proved(name).scaled(kind)
        with working(200):
            action, basis = isotypic_action(point.table(), kind)
            gammas = [round(float(arb(v.norm).log()) / (4 * np.log(10))) for v in basis]
            scale = [arb(s) ** g for g in gammas]
            size = range(len(basis))
            B = arb_mat([[arb(basis[i].norm) * action[i][j] * scale[i] * scale[j] for j in size] for i in size])
            G = arb_mat([[arb(basis[i].norm) * scale[i] ** 2 if i == j else arb(0) for j in size] for i in size])
            found = arb_mat([[block.matrix[i][j].range_on(s, s) for j in size] for i in size])
            gram = arb_mat([[block.gram[i][j].range_on(s, s) for j in size] for i in size])
            back = arb_mat(
                [[arb(s) ** -(rho // 2) if i == j else arb(0) for j in size] for i, rho in enumerate(block.growth)]
            )
            found = back * found * back.transpose()
            # gram = T^t G T with T unit upper triangular: T is found from gram, and must give B too.
            T = congruence(G, gram)
            assert overlap(T.transpose() * G * T, gram)
            assert overlap(T.transpose() * B * T, found)
            assert all(x.rad() < 1e-10 for x in found.entries())
            if kind == TRIVIAL:  # what the branch is scaled with is what its Jacobian is scaled with
                exponents = [g + rho // 2 for g, rho in zip(gammas, block.growth, strict=True)]
                assert proved(name).blocks.exponents(kind) == exponents


def congruence(G: arb_mat, gram: arb_mat) -> arb_mat:
    """T with gram = T^t G T, where only one vector is added to others: row i of T is that of gram over G_ii."""
    n = G.nrows()
    T = [[arb(int(i == j)) for j in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(i + 1, n):
            T[i][j] = gram[i, j] / G[i, i]
    return arb_mat(T)


def overlap(x: arb_mat, y: arb_mat) -> bool:
    return all(a.overlaps(b) for a, b in zip(x.entries(), y.entries(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_the_limit_of_the_scaled_block_has_the_limit_eigenvalues(name: str) -> None:
    """What grows is split off in the limit (Schur's complement); the rest has the eigenvalues of limit_spectrum.py."""
    limits = limit_eigenvalues(derived(name)[1])
    for kind in isotypic_types(definition(name).shape):
        block, expected = proved(name).scaled(kind), limits[kind.name]
        size = range(len(block.matrix))
        growing = [i for i in size if block.growth[i]]
        left = [i for i in size if not block.growth[i]]
        assert len(growing) == len(expected.pivots) and len(left) == len(expected.bounded)
        with working(160):
            B = [[entry.coefficient(0) for entry in row] for row in block.matrix]
            G = [[entry.coefficient(0) for entry in row] for row in block.gram]
            rest = [[B[i][j] for j in left] for i in left]
            if growing:
                inner = arb_mat([[B[i][j] for j in growing] for i in growing]).inv()
                side = arb_mat([[B[i][j] for j in growing] for i in left]) if left else arb_mat(0, len(growing))
                change = side * inner * side.transpose()
                rest = [[rest[a][b] - change[a, b] for b in range(len(left))] for a in range(len(left))]
            gram = [[G[i][j] for j in left] for i in left]
            assert all(gram[a][b].contains(0) for a in range(len(left)) for b in range(len(left)) if a != b)
            two_pi = 2 * arb.pi()
            balls = [[x / two_pi for x in row] for row in rest]
            found = enclose_eigenvalues(balls, [gram[a][a] for a in range(len(left))], 50) if left else []
            assert all(x.overlaps(y) and x.rad() < 1e-10 for x, y in zip(found, expected.bounded, strict=True))


# ---- what is wrong is not proved -----------------------------------------------------------------


class Altered:
    """A derivation that gives one coefficient wrongly."""

    def __init__(self, derivation: Any, name: str, power: int, change: Callable[[Any, Any], Any]):
        self._derivation, self._place, self._change = derivation, (name, power), change

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._derivation, attribute)

    def terms(self, order: int) -> dict[str, Any]:
        name, power = self._place
        terms = {key: dict(value) for key, value in self._derivation.terms(order).items()}
        if power < order:
            field = self._derivation.field
            terms[name][power] = self._change(terms[name].get(power, field.number(0)), field.number(1))
        return terms


NOTHING_PROVED = (Undecided, ValueError, ArithmeticError)


@pytest.mark.parametrize("name", ["A", "II"])
def test_a_wrong_coefficient_is_not_proved(name: str) -> None:
    """One of the first, one in the middle and the very last that is used, for each entry; even wrong by 10^-9."""
    derivation = derived(name)[1]
    for entry, series in proved(name).series.items():
        changes: list[tuple[int, Callable[[Any, Any], Any]]] = [
            (2, lambda c, one: -c - one),
            (9, lambda c, one: -c),
            (len(series) - 1, lambda c, one: c + one / 10**9),
        ]
        for power, change in changes:
            with pytest.raises(NOTHING_PROVED):
                prove_near_infinity(Altered(derivation, entry, power, change), Fraction(100))  # type: ignore[arg-type]


def test_a_coefficient_beyond_those_that_are_used_does_not_matter() -> None:
    """So that the test above fails for the reason it names."""
    derivation = derived("A")[1]
    for entry, series in proved("A").series.items():
        altered: Any = Altered(derivation, entry, len(series), lambda c, one: c + one)
        assert prove_near_infinity(altered, Fraction(100)).low == 100


@pytest.mark.parametrize("name", ["A", "II", "M2"])
def test_a_wrong_scaling_is_not_proved(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A direction scaled down by one s too many: an eigenvalue that does not grow tends to 0, and nothing is proved."""
    start, growth = scaling._start, proved(name).scaled(TRIVIAL).growth
    for place in [i for i, rho in enumerate(growth) if rho == 0]:
        calls = iter(range(10**9))  # the first are for the norms of type t

        def wrong(x: Any, place: int = place, calls: Any = calls) -> int:
            return start(x) - 2 * (next(calls) == place)

        monkeypatch.setattr(scaling, "_start", wrong)
        with pytest.raises(Undecided):
            prove_near_infinity(derived(name)[1], Fraction(400))


def test_a_wrong_growth_leaves_a_pole_or_a_singular_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    start = scaling._start

    def later(x: Any) -> int:
        found = start(x)
        return found + 2 if found == -2 else found

    monkeypatch.setattr(scaling, "_start", later)
    with pytest.raises(NOTHING_PROVED):
        prove_near_infinity(derived("II")[1], Fraction(400))


@pytest.mark.parametrize("name", ["A", "II", "II+1"])
def test_a_wrong_sign_in_the_gradient_is_not_proved(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The formal solution of the right equations is none of the wrong ones."""
    gradient, terms = module.gradient, len(definition(name).shape.names)
    for place in range(min(terms, 3)):

        def wrong(table: Any, place: int = place) -> list[Any]:
            entry = table.shape.entries[place]
            row = table.students[entry.row]
            own = row.diagonal if entry.diagonal else row.values[entry.block]
            return [g - 2 * table.arithmetic.pi * own * (i == place) for i, g in enumerate(gradient(table))]

        monkeypatch.setattr(module, "gradient", wrong)
        with pytest.raises(NOTHING_PROVED):
            prove_near_infinity(derived(name)[1], Fraction(400))


@pytest.mark.parametrize(("name", "low"), [("A", 4), ("II", 20), ("M2", 12), ("II+1", 40)])
def test_too_small_a_d_1_is_undecided_with_its_interval_or_its_d(name: str, low: int) -> None:
    with pytest.raises(Undecided, match=rf"0 < s <= 0\.|not proved for all d >= {low}"):
        prove_near_infinity(derived(name)[1], Fraction(low))


def test_radii_that_are_too_small_are_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one attempt is left to enlarge them: the reason names the family and d_1."""
    monkeypatch.setattr(module, "_first_radii", lambda jacobian, defect: [arb(10) ** -20 for _ in defect])
    monkeypatch.setattr(module, "_ATTEMPTS", 2)
    with pytest.raises(Undecided, match="the branch of II is not proved for all d >= 100"):
        prove_near_infinity(derived("II")[1], Fraction(100))
    monkeypatch.undo()
    monkeypatch.setattr(module, "_first_radii", lambda jacobian, defect: [arb("nan") for _ in defect])
    with pytest.raises(NOTHING_PROVED):
        prove_near_infinity(derived("II")[1], Fraction(100))


def test_a_pivot_whose_sign_is_open_is_undecided_with_its_type() -> None:
    kind = isotypic_types(definition("A").shape)[1]
    D = LaurentDomain(fmpq(1, 10), 4)
    assert module._sign(1 - D.variable(), kind) == 1 and module._sign(D.variable() - 1, kind) == -1
    for open_sign in (
        D.variable(),
        -D.variable(),
        1 - 20 * D.variable(),
        LaurentModel(D, 0, (1 - D.variable()).polynomial, 1, arb(0, 11)),
    ):
        with pytest.raises(Undecided, match=r"a pivot of s1 in .* has no proved sign for 0 < s <= 0.1"):
            module._sign(open_sign, kind)
    with pytest.raises(Undecided, match="may grow like"):
        module._sign(1 / D.variable(), kind)


def test_the_global_minimum_is_proved_though_it_lies_on_the_singular_set() -> None:
    """1/4 -+ 1/(2 pi) > 0: every block is positive, students and targets cancelling exactly."""
    branch_definition = definition("global")
    derivation = derive(branch_definition, leading_source(branch_definition, Branch(branch_definition), definition))
    near = prove_near_infinity(derivation, Fraction(100))
    assert [near.negative_count(kind) for kind in isotypic_types(branch_definition.shape)] == [0, 0, 0, 0]
    assert [exact_midpoint(x) for x in near.over(Fraction(100), Fraction(10**6))] == [1, 0]
