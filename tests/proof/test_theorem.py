"""Theorems for all d: thresholds and stretches against published values and dense networks, and what ends or breaks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flint import arb

from symrelu import family
from symrelu.analysis.threshold import Interrupted
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.reals import decimal, ends, exact_midpoint
from symrelu.model.dense import DenseNetwork
from symrelu.proof import theorem as module
from symrelu.proof.near_infinity import NearInfinity
from symrelu.proof.theorem import Theorem, prove_theorem
from symrelu.toolkit import Family


@cache
def subject(name: str) -> Family:
    return family(name)


@cache
def theorem(name: str, d_from: str | None = None) -> Theorem:
    return subject(name).prove(d_from, order=0).theorem


# Family, the d asked for, and the integers at which the whole network is asked.
RANGES = [("A", "5", (5, 6, 9)), ("II", "5", (5, 6, 9)), ("M2", "5", (5, 6, 7, 8)), ("II+1", "6", (6, 7, 8))]
ranges = pytest.mark.parametrize(("name", "start", "integers"), RANGES)


# ---- thresholds and stretches --------------------------------------------------------------------


def test_the_published_threshold_of_ii() -> None:
    """Arjevani & Field 2020: type II is a saddle at d = 5 and a minimum from d = 6 on, fractional dimension 5.6 (rounded)."""
    d = theorem("II", "5").crossings[0].d
    assert decimal(d, 2) == "5.6"
    assert d > 5 and d < 6


@ranges
def test_the_stretches_cover_the_range(name: str, start: str, integers: tuple[int, ...]) -> None:
    """From D to infinity, without gaps but for the balls of the crossings, over each of which one count changes by one."""
    found = theorem(name, start)
    assert found.proved and found.high is None and found.near is not None
    assert found.low == found.stretches[0].low == Fraction(start)
    assert len(found.stretches) == len(found.crossings) + 1
    for (one, other), crossing in zip(pairwise(found.stretches), found.crossings, strict=True):
        assert (one.high, other.low) == ends(crossing.d)
        assert other.low - one.high < Fraction(1, 10**18)
        change = Counter(other.negative)
        change.subtract(one.negative)
        assert {k: n for k, n in change.items() if n} == {crossing.type.name: -1 if crossing.direction == "up" else 1}
    assert found.stretches[-1].negative.items() >= found.limit.items()
    assert found.stretches[-1].high >= found.near.low
    tubes = sorted(found.tubes, key=lambda tube: tube.low)
    assert tubes[0].low == found.low and tubes[-1].high == found.near.low
    assert all(one.high == other.low for one, other in pairwise(tubes))


def whole_network(name: str, d: int) -> np.ndarray:
    """All eigenvalues of the dense Hessian at the zero of the dense gradient next to the family's point."""
    definition = subject(name).definition
    sizes = [int(n) for n in definition.sizes(Fraction(d))]
    columns = [(b, i) for b, n in enumerate(sizes) for i in range(n)]
    point = subject(name)._numbers().approx(Fraction(d), 100)
    value = {
        (e.row, e.block, e.diagonal): exact_midpoint(x) for e, x in zip(definition.shape.entries, point, strict=True)
    }
    rows = [
        [value[R, b, (b, j) == (orbit.attached, i)] for b, j in columns]
        for R, orbit in enumerate(definition.shape.rows)
        for i in ([None] if orbit.attached is None else range(sizes[orbit.attached]))
    ]
    network = DenseNetwork.orthonormal(d, digits=16)
    assert max(abs(g) for row in network.gradient(rows) for g in row) < 1e-14
    return np.linalg.eigvalsh(np.array(network.hessian(rows).tolist(), dtype=float))


@ranges
def test_the_counts_at_integers_are_the_index_of_the_whole_network(
    name: str, start: str, integers: tuple[int, ...]
) -> None:
    found, shape = theorem(name, start), subject(name).definition
    kinds = {kind.name: kind for kind in found.near.kinds()} if found.near else {}
    for d in integers:
        stretch = next(part for part in reversed(found.stretches) if part.low <= d)
        assert d <= stretch.high or stretch is found.stretches[-1]
        sizes = shape.sizes(Fraction(d))
        index = sum(max(0, int(kinds[k].dimension(sizes))) * count for k, count in stretch.negative.items())
        values = whole_network(name, d)
        assert np.min(np.abs(values)) > 1e-6
        assert int(np.sum(values < 0)) == index, d


@pytest.mark.parametrize(("name", "start"), [("A", "5"), ("II", "5")])
def test_by_default_the_range_starts_at_the_last_crossing(name: str, start: str) -> None:
    found, longer = theorem(name), theorem(name, start)
    assert found.proved and found.sharp and found.is_minimum
    assert not longer.sharp and not longer.is_minimum
    assert found.low == ends(found.crossings[-1].d)[1]
    assert len(found.crossings) == 1 and found.crossings[0].d.overlaps(longer.crossings[-1].d)
    assert len(found.stretches) == 1 and found.stretches[0].low == found.low
    assert all(tube.high > found.low for tube in found.tubes)


# ---- where the range begins ----------------------------------------------------------------------


def test_from_above_the_crossing_it_is_a_minimum_without_crossings() -> None:
    found = theorem("A", "6")
    assert found.proved and found.is_minimum and not found.sharp
    assert found.low == 6 and found.crossings == []


def test_from_within_the_ball_of_a_crossing_nothing_false_is_said() -> None:
    """At the middle and the end of the ball for d*: what is proved begins beyond it, the rest is open."""
    left, right = ends(theorem("A").crossings[0].d)
    for d in ((left + right) / 2, right):
        found = subject("A").prove(d, order=0).theorem
        if found.proved:
            assert found.crossings and found.low < ends(found.crossings[0].d)[1]
        else:
            assert any(part.low <= d < part.high for part in found.open)
            assert all(part.low >= right for part in found.stretches if not any(part.negative.values()))


@pytest.mark.parametrize("d", ["400", "1000", "123456.789", "1e9"])
def test_from_far_out_no_tube_is_needed(d: str) -> None:
    found = theorem("A", d)
    assert found.proved and found.is_minimum and found.high is None
    assert found.tubes == [] and found.crossings == []
    assert found.near is not None and found.near.low == found.low == Fraction(d)


def test_from_between_two_d_1_a_tube_or_a_model_that_begins_there() -> None:
    found = theorem("II", "450")
    assert found.proved and found.near is not None
    assert found.near.low == 450 and found.tubes == []


@pytest.mark.parametrize(
    ("name", "d", "reason"),
    [
        ("A", "1.5", "out of the range"),
        ("II", "2.9", "out of the range"),
        ("A", "-3", "out of the range"),
        ("A", "x", "not a real number"),
        ("M", None, "symbol p"),
    ],
)
def test_wrong_use(name: str, d: str | None, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        subject(name).prove(d, order=0)


# ---- where it ends, and what breaks it -----------------------------------------------------------


def refuse(*_: Any) -> Any:
    raise Undecided("the limit is not regular")


def test_without_a_model_at_infinity_it_ends_far_out_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "prove_near_infinity", refuse)
    monkeypatch.setattr(module, "FARTHEST", 30)
    proof = subject("A").prove(5, order=2)
    found = proof.theorem
    assert found.proved and found.high == 30 and found.near is None
    assert found.constants is None and found.limit == {}
    assert found.series_missing is not None and found.series_missing.endswith("the limit is not regular")
    assert proof.reason == f"infinity is not reached: {found.series_missing}"
    assert found.stretches[-1].high == found.tubes[-1].high == 30
    assert len(found.crossings) == 1


def test_a_family_without_series_is_proved_by_tubes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of type A under another name, of which starting values alone are known, and no series are found."""
    monkeypatch.setattr(module, "FARTHEST", 12)
    start = {"d": 20, "values": {"diag1": "-.9", "off1": ".1"}}
    mine = family({"name": "mine", "blocks": ["d"], "rows": [{"attached": 1}], "start": start})

    def missing() -> Any:
        raise ArithmeticError("no leading terms")

    monkeypatch.setattr(mine, "_series", missing)
    proof = mine.prove(order=3)
    assert (proof.outcome, proof.reason) == ("proved", "infinity is not reached: no leading terms")
    assert proof.theorem.high == 12 and proof.theorem.sharp
    assert proof.theorem.crossings[0].d.overlaps(theorem("A").crossings[0].d)


def test_beyond_what_tubes_can_reach_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "prove_near_infinity", refuse)
    proof = subject("A").prove("2e5", order=2)
    assert proof.outcome == "undecided" and proof.theorem.stretches == []
    assert proof.reason is not None and "the limit is not regular" in proof.reason
    assert not proof.theorem.is_minimum


@pytest.mark.parametrize("d_from", [None, "5", "7"])
@pytest.mark.parametrize("shift", [-1, Fraction(1, 2)])
def test_pieces_that_do_not_meet_prove_nothing(
    monkeypatch: pytest.MonkeyPatch, d_from: str | None, shift: Fraction
) -> None:
    """If the model at infinity held another point at d_1 than the last tube, the join must fail."""
    right: Callable[..., list[arb]] = NearInfinity.over

    def moved(self: NearInfinity, low: Fraction, high: Fraction) -> list[arb]:
        return [x + arb(shift.numerator) / shift.denominator for x in right(self, low, high)]

    monkeypatch.setattr(NearInfinity, "over", moved)
    proof = subject("A").prove(d_from, order=1)
    assert proof.outcome == "undecided"
    assert proof.theorem.constants is None and not proof.theorem.is_minimum
    assert proof.reason is not None and "not proved to be that of the series" in proof.reason


def test_a_tube_that_is_not_proved_leaves_a_gap_or_a_later_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """With D given a gap is reported; by default the range begins beyond it."""
    from symrelu.analysis import threshold

    right = threshold.prove_tube

    def fails(branch: Any, low: Fraction, high: Fraction, center: Any = None) -> Any:
        if low < 20 < high:
            raise Undecided("made to fail")
        return right(branch, low, high, center)

    monkeypatch.setattr(threshold, "prove_tube", fails)
    given, free = (subject("A").prove(d, order=0).theorem for d in ("7", None))
    assert not given.proved and [part.reason for part in given.open] == ["made to fail"]
    gap = given.open[0]
    assert gap.low < 20 < gap.high
    assert all(part.high <= gap.low or part.low >= gap.high for part in given.stretches)
    assert free.proved and free.is_minimum and not free.sharp and free.crossings == []
    assert 20 < free.low < Fraction(2001, 100)
    assert free.stretches[0].low == free.low


def test_an_interruption_hands_over_what_is_finished() -> None:
    """Interrupted carries the stretches proved so far, the crossing among them; the rest is open."""

    def progress(d: Fraction) -> None:
        if d > 50:
            raise KeyboardInterrupt

    A = subject("A")
    with pytest.raises(Interrupted) as caught:
        prove_theorem(A._numbers(), A._series(), Fraction(5), progress=progress)
    coverage = caught.value.coverage
    assert len(coverage.crossings) == 1
    assert 50 < coverage.stretches[-1].high < 400
    assert (coverage.open[-1].low, coverage.open[-1].high) == (coverage.stretches[-1].high, 400)
    assert coverage.open[-1].reason == "interrupted"
