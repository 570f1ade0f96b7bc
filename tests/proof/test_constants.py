"""Constants C_N against values of another origin: Newton's method on equations written here from section 1 of the notes.

`Oracle` has the gradient of a single weight for orbits of any real size, in mpmath; the Hessian on a type is a difference
quotient of it, s being reached by splitting one column off. Series of II are PARI's. So a constant is judged at any d.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import pytest
from flint import arb
from mpmath import mpf

from symrelu.analysis.derive import SeriesDerivation
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import ends
from symrelu.proof import constants as module
from symrelu.proof import eigenvalue_constants as eigenvalue_module
from symrelu.proof.constants import Constants, constants
from symrelu.proof.theorem import Theorem
from symrelu.toolkit import Family, family

DIGITS = 90
NAMES = ["A", "I", "II"]
PARI = Path(__file__).parents[1] / "data" / "series_ii_pari_20.txt"
BEYOND = [401, 1000, 10**5, 10**8]  # d_1 is 400


@cache
def subject(name: str) -> Family:
    return family(name)


@cache
def theorem(name: str) -> Theorem:
    """With constants of order 4, from the last crossing on."""
    return subject(name).prove(order=4).theorem


def proved(name: str) -> Constants:
    found = theorem(name).constants
    assert found is not None
    return found


def series(name: str) -> SeriesDerivation:
    return subject(name)._series()


def sampled(name: str) -> list[Any]:
    """Some d next to the threshold, in the middle, next to d_1 on both sides, and far out."""
    first = mpf(theorem(name).low.numerator) / theorem(name).low.denominator
    return [first + mpf(10) ** -9, first + mpf("0.3"), mpf(7), mpf("11.5"), mpf(40), mpf(399), *map(mpf, BEYOND)]


# ---- the equations, for orbits of any size -------------------------------------------------------


class Oracle:
    """Rows u_R + delta_R e_i (R attached to a block) or u_R; `sizes` are those of the blocks. Targets: u = 0, delta = 1."""

    def __init__(self, sizes: list[Any], attached: list[int | None]):
        self.n, self.attached = sizes, attached
        self.entries = [
            (R, b, own)
            for R, a in enumerate(attached)
            for b in range(len(sizes))
            for own in ([True] if a == b and sizes[b] == 1 else [True, False] if a == b else [False])
        ]
        columns = range(len(sizes))
        self.targets = [(-1, b, [mpf(0)] * len(sizes), mpf(1)) for b in columns]

    def rows(self, x: list[Any]) -> list[Any]:
        """(sign, block, u, delta) of the orbits of students."""
        value = dict(zip(self.entries, x, strict=True))
        found = []
        for R, a in enumerate(self.attached):
            u = [value.get((R, b, False), mpf(0)) for b in range(len(self.n))]
            found.append((1, a, u, value[R, a, True] - u[a] if a is not None else mpf(0)))
        return found

    def inner(self, x: Any, y: Any, same: bool) -> Any:
        (_, a, u, p), (_, b, v, q) = x, y
        c = sum(n * i * j for n, i, j in zip(self.n, u, v, strict=True))
        c += p * v[a] if a is not None else 0
        c += q * u[b] if b is not None else 0
        return c + (p * q if same else 0)

    def relations(self, R: int, rows: list[Any]) -> Any:
        """(orbit, whether i = j, number of rows) of all rows but the own one."""
        for k, other in enumerate([*rows, *self.targets]):
            a, b = rows[R][1], other[1]
            if a is not None and a == b:
                if k != R:
                    yield other, True, mpf(1)
                if self.n[a] != 1:
                    yield other, False, self.n[a] - 1
            elif k != R:
                yield other, False, mpf(1) if b is None else self.n[b]

    def pair(self, w: Any, v: Any, same: bool) -> tuple[Any, Any, Any]:
        """(c, S, theta)."""
        own = [self.inner(x, x, x[1] is not None) for x in (w, v)]
        c = self.inner(w, v, same)
        S = mpmath.sqrt(own[0] * own[1] - c * c)
        return c, S, mpmath.atan2(S, c)

    def gradient(self, x: list[Any]) -> list[Any]:
        """2 pi times the derivative of L by one weight of each orbit of entries."""
        rows, result = self.rows(x), []
        for R, b, own in self.entries:
            row = rows[R]
            a, entry = row[1], row[2][b] + (row[3] if own else 0)
            A = self.inner(row, row, a is not None)
            total = mpmath.pi * entry
            for other, same, number in self.relations(R, rows):
                sign, block, u, delta = other
                _, S, theta = self.pair(row, other, same)
                one = block == b and own == same  # the column is the own one of one of these rows
                along = number * u[b] + (delta if one else 0)
                total += sign * (number * S / A * entry + (mpmath.pi - theta) * along)
            result.append(total)
        return result

    def jacobian(self, x: list[Any]) -> Any:
        h, size = mpf(10) ** (-DIGITS // 2), len(x)
        J = mpmath.matrix(size, size)
        for j in range(size):
            up, down = ([y + side * h * (i == j) for i, y in enumerate(x)] for side in (1, -1))
            for i, (p, q) in enumerate(zip(self.gradient(up), self.gradient(down), strict=True)):
                J[i, j] = (p - q) / (2 * h)
        return J

    def newton(self, x: list[Any]) -> list[Any]:
        for _ in range(30):
            step = mpmath.lu_solve(self.jacobian(x), mpmath.matrix(self.gradient(x)))
            x = [y - z for y, z in zip(x, step, strict=True)]
            if max(map(abs, step)) < mpf(10) ** (-DIGITS + 20):
                return x
        raise AssertionError("no convergence")

    def multiplicity(self, entry: tuple[int, int, bool]) -> Any:
        R, b, own = entry
        a = self.attached[R]
        n = mpf(1) if a is None else self.n[a]
        return n if own else n * (self.n[b] - (a == b))

    def eigenvalues(self, x: list[Any]) -> list[Any]:
        """Of the Hessian on the fixed space, ascending."""
        J, m = self.jacobian(x), [self.multiplicity(entry) for entry in self.entries]
        for i in range(len(x)):
            for j in range(len(x)):
                J[i, j] *= mpmath.sqrt(m[i] / m[j]) / (2 * mpmath.pi)
        return sorted(mpmath.eigsy((J + J.T) / 2, eigvals_only=True))

    def loss(self, x: list[Any]) -> Any:
        rows, total = self.rows(x), mpf(0)
        everything = [*rows, *self.targets]
        for k, row in enumerate(everything):
            n = mpf(1) if row[1] is None else self.n[row[1]]
            own = self.inner(row, row, row[1] is not None)
            total += n * mpmath.pi * own
            for j, other in enumerate(everything):
                attached = row[1] is not None and row[1] == other[1]
                cases = [(True, mpf(1)), (False, self.n[row[1]] - 1)] if attached else [(False, None)]
                for same, number in cases:
                    number = (mpf(1) if other[1] is None else self.n[other[1]]) if number is None else number
                    if number and not (k == j and same):
                        c, S, theta = self.pair(row, other, same)
                        total += row[0] * other[0] * n * number * (S + (mpmath.pi - theta) * c)
        return total / (4 * mpmath.pi)

    def lambda_xy(self, x: list[Any]) -> tuple[Any, Any]:
        """The formulas of section 3 for the first orbit."""
        rows = self.rows(x)
        w = rows[0]
        A = self.inner(w, w, True)
        K = sum((other[0] * n * self.pair(w, other, same)[1] for other, same, n in self.relations(0, rows)), mpf(0)) / (
            2 * mpmath.pi * A
        )
        target = next(t for t in self.targets if t[1] == 0)
        sin_target = self.pair(w, target, False)[1] / mpmath.sqrt(A)
        _, S, theta = self.pair(w, w, False)
        first = mpf(1) / 2 + K - (1 / (mpmath.sqrt(A) * sin_target) + mpmath.pi - theta) / (2 * mpmath.pi)
        return first, first + 2 * w[3] ** 2 / A / (2 * mpmath.pi * S / A)


def oracle(name: str, d: Any) -> Oracle:
    return Oracle([d], [0]) if name == "A" else Oracle([d - 1, mpf(1)], [0, 1])


def refined(name: str, d: Any, x: list[Any]) -> tuple[Oracle, list[Any]]:
    """The same point with one column (and row) of the first block set apart: its fixed space is t and one vector of s."""
    if name == "A":
        diag, off = x
        return Oracle([d - 1, mpf(1)], [0, 1]), [diag, off, off, off, diag]
    diag, off, w12, w21, w22 = x
    return Oracle([d - 2, mpf(1), mpf(1)], [0, 1, 2]), [diag, off, off, w12, off, diag, w12, w21, w21, w22]


@cache
def values(name: str, d: Any) -> dict[str, Any]:
    """Every value that has constants, at d."""
    with mpmath.workdps(DIGITS):
        o = oracle(name, d)
        order = [("diag", "off")] if name == "A" else [("diag", "off", "w12", "w21", "w22")]
        shape = subject(name).definition.shape
        start = [mpf(e.mid().str(30, radius=False)) for e in _starting(name, d)]
        assert len(order[0]) == len(start) == len(shape.names)
        x = o.newton(start)
        found = dict(zip(shape.names, x, strict=True)) | {"loss": o.loss(x)}
        t = o.eigenvalues(x)
        finer, y = refined(name, d, x)
        rest = finer.eigenvalues(y)
        for value in t:
            nearest = min(rest, key=lambda other: abs(other - value))
            assert abs(nearest - value) < mpf(10) ** -30
            rest.remove(nearest)
        found |= {f"t {k}": value for k, value in enumerate(t, 1)}
        found |= {f"s1 {k}": value for k, value in enumerate(rest, 1)}
        found["x1 1"], found["y1 1"] = o.lambda_xy(x)
        return found


def _starting(name: str, d: Any) -> list[arb]:
    """Close to the branch; Newton's method on the equations above decides what is there."""
    return subject(name)._numbers().approx(Fraction(round(d * 2**20), 2**20), 64)


# ---- the coefficients ----------------------------------------------------------------------------


def pari() -> dict[str, dict[int, Any]]:
    """Family II by PARI/GP, as decimals (the file has p/q with polynomials in pi)."""
    found: dict[str, dict[int, Any]] = {}
    for line in PARI.read_text().splitlines():
        if not line.startswith("#"):
            name, power, text = line.split(" ", 2)
            if int(power) < 8:
                python = re.sub(r"(?<![\w^])(\d+)", r"mpf(\1)", text.replace("^", "**"))
                python = re.sub(r"\*\*mpf\((\d+)\)", r"**\1", python)
                found.setdefault(name, {})[int(power)] = eval(python, {"mpf": mpf, "pi": +mpmath.pi})
    return found


@cache
def extrapolated(name: str, value: str, order: int) -> list[Any]:
    """a_{-2}, ..., a_{order - 1} through the values at many large d (Richardson: divided differences in s at s -> 0)."""
    with mpmath.workdps(DIGITS):
        count = 14
        s = [mpf(1) / (200 + 25 * k) for k in range(count)]
        rows = mpmath.matrix(count, count)
        for i, node in enumerate(s):
            for j in range(count):
                rows[i, j] = node**j
        right = mpmath.matrix([values(name, 1 / node**2)[value] * node**2 for node in s])
        return list(mpmath.lu_solve(rows, right))[: order + 2]


def coefficients(name: str, value: str, order: int) -> dict[int, Any]:
    """Powers from -2 on, below `order`."""
    if name == "II" and value in pari():
        return {j: a for j, a in pari()[value].items() if j < order}
    return dict(enumerate(extrapolated(name, value, order), start=-2))


def partial(terms: dict[int, Any], N: int, s: Any) -> Any:
    return sum((a * s**j for j, a in terms.items() if j < N), mpf(0))


# ---- the inequality ------------------------------------------------------------------------------


def bound(name: str, value: str, N: int) -> Any:
    C = ends(proved(name).bounds[value][N - 1])[1]
    return mpf(C.numerator) / C.denominator


def ratio(name: str, value: str, N: int, d: Any) -> Any:
    """|value - sum_{j<N} a_j s^j| / s^N at d."""
    s = 1 / mpmath.sqrt(d)
    return abs(values(name, d)[value] - partial(coefficients(name, value, N), N, s)) / s**N


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_the_loss_and_every_eigenvalue_has_constants(name: str) -> None:
    assert proved(name).missing == {}
    assert proved(name).order == 4
    with mpmath.workdps(DIGITS):
        assert set(proved(name).bounds) == set(values(name, mpf(7)))
    assert {len(row) for row in proved(name).bounds.values()} == {4}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("N", [1, 2, 3, 4])
def test_what_is_left_of_a_series_is_within_its_constant(name: str, N: int) -> None:
    """At d next to the threshold, on the tubes, at both sides of d_1, and up to 10^8."""
    with mpmath.workdps(DIGITS):
        for value in proved(name).bounds:
            for d in sampled(name):
                assert ratio(name, value, N, d) <= bound(name, value, N), (value, mpmath.nstr(d, 12))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("N", [1, 2, 3, 4])
def test_no_constant_is_twice_what_is_needed(name: str, N: int) -> None:
    """So that constants half as large would fail the test above."""
    with mpmath.workdps(DIGITS):
        for value in proved(name).bounds:
            largest = max(ratio(name, value, N, d) for d in sampled(name))
            assert bound(name, value, N) < 2 * largest, value


def test_the_series_of_ii_by_extrapolation_are_those_of_pari() -> None:
    """The coefficients that the constants of loss and eigenvalues are judged by come from a sound extrapolation."""
    with mpmath.workdps(DIGITS):
        for value, terms in pari().items():
            found = dict(enumerate(extrapolated("II", value, 4), start=-2))
            for j in range(-2, 4):
                assert abs(found[j] - terms.get(j, 0)) < mpf(10) ** -9, (value, j)


def test_the_equations_of_this_file_are_those_of_the_network() -> None:
    """Type II at d = 6: loss and spectrum against all weights in double precision, with multiplicities."""
    from symrelu.model.dense import DenseNetwork

    with mpmath.workdps(DIGITS):
        found = values("II", mpf(6))
        x = [found[name] for name in ("diag1", "off1", "w12", "w21", "w22")]
        rows = [[x[0] if i == j else x[1] for j in range(5)] + [x[2]] for i in range(5)] + [[x[3]] * 5 + [x[4]]]
        network = DenseNetwork.orthonormal(6, digits=30)
        assert max(abs(entry) for row in network.gradient(rows) for entry in row) < mpf(10) ** -25
        assert abs(network.loss(rows) - found["loss"]) < mpf(10) ** -25
        times = {"t": 1, "s1": 4, "x1": 6, "y1": 5}
        expected = sorted(v for key, v in found.items() if " " in key for _ in range(times[key.split()[0]]))
        dense = sorted(network.eigenvalues(rows))
        assert len(dense) == len(expected) == 36
        assert max(abs(p - q) for p, q in zip(dense, expected, strict=True)) < mpf(10) ** -20


@pytest.mark.parametrize(("name", "value"), [("A", "x1 1"), ("I", "x1 1"), ("II", "s1 1")])
def test_the_threshold_is_where_an_eigenvalue_of_these_equations_changes_sign(name: str, value: str) -> None:
    """By the secant method on values of this file, to all the digits that are certified; and so is the derivative."""
    crossing = theorem(name).crossings[0]
    with mpmath.workdps(DIGITS):
        low, high = (mpf(end.numerator) / end.denominator for end in ends(crossing.d))
        assert high - low < mpf(10) ** -18
        h = mpf(10) ** -20
        below, above = values(name, low - h)[value], values(name, high + h)[value]
        assert below < 0 < above
        slope = (above - below) / (high - low + 2 * h)
        assert abs(slope - mpf(crossing.derivative.mid().str(30, radius=False))) < mpf(10) ** -15
        others = [x for key, x in values(name, high).items() if " " in key and key != value]
        assert all(x > mpf(10) ** -3 for x in others)


# ---- what is wrong is refused --------------------------------------------------------------------


def again(name: str, near: Any = None, order: int = 2) -> Constants:
    """The constants next to infinity alone, where the series are compared with the proof."""
    found = near or theorem(name).near
    assert found is not None
    return constants(found, [], series(name), order)


@pytest.mark.parametrize(("entry", "power"), [("diag1", 0), ("diag1", 1), ("off1", 0), ("off1", 1)])
def test_a_wrong_coefficient_of_an_entry_has_no_constants(entry: str, power: int) -> None:
    near = theorem("A").near
    assert near is not None
    wrong = {name: list(row) for name, row in near.series.items()}
    wrong[entry][power] += arb(10) ** -15
    with pytest.raises(ValueError, match="is not zero"):
        again("A", replace(near, series=wrong))


@pytest.mark.parametrize("power", [0, 1])
def test_a_wrong_coefficient_of_the_loss_has_no_constants(monkeypatch: pytest.MonkeyPatch, power: int) -> None:
    right = module.loss_terms

    def wrong(derivation: SeriesDerivation, order: int) -> Any:
        terms = dict(right(derivation, order))
        one = next(iter(terms.values())).field.number(1)
        terms[power] = terms[power] + one if power in terms else one
        return terms

    monkeypatch.setattr(module, "loss_terms", wrong)
    with pytest.raises(ValueError, match="is not zero"):
        again("A")


@pytest.mark.parametrize("kind", ["t", "s1", "x1", "y1"])
@pytest.mark.parametrize("power", [-2, -1, 0, 1])
def test_a_wrong_eigenvalue_series_has_no_constants(monkeypatch: pytest.MonkeyPatch, kind: str, power: int) -> None:
    """Either the power at which the determinant starts is seen to be wrong, or no window is proved."""
    right = eigenvalue_module.expand_spectrum

    def wrong(derivation: SeriesDerivation, order: int) -> Any:
        spectrum = right(derivation, order)
        terms = spectrum.block(kind).eigenvalues[0]
        one = next(iter(terms.values())).field.number(1)
        terms[power] = terms[power] + one / 7 if power in terms else one / 7
        return spectrum

    expected = {value for value in proved("A").bounds if value.split()[0] != kind}
    monkeypatch.setattr(eigenvalue_module, "expand_spectrum", wrong)
    try:
        found = again("A")
    except ValueError as error:
        assert "is not zero" in str(error)
    else:
        assert set(found.missing) == {kind}
        assert set(found.bounds) == expected


def test_the_neighbourhood_of_infinity_alone_needs_no_larger_constants() -> None:
    """Without tubes the range is smaller, so no constant grows."""
    near = again("A", order=4)
    for value, row in near.bounds.items():
        for C, whole in zip(row, proved("A").bounds[value], strict=True):
            assert ends(C)[1] <= ends(whole)[1]


def test_orders_that_are_not_proved_are_refused() -> None:
    for order in (-1, 13):
        with pytest.raises(UsageError, match="orders 0 to 12"):
            subject("A").prove(order=order)


def test_a_series_that_cannot_be_expanded_leaves_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise Undecided("no field for it")

    monkeypatch.setattr(eigenvalue_module, "expand_spectrum", fails)
    found = again("A")
    assert found.missing == {"eigenvalues": "no field for it"}
    assert set(found.bounds) == {"diag1", "off1", "loss"}
