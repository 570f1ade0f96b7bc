"""SS-table-over and SS-minima for k = d+1: what certified minima say, and that wrong rows are noticed."""

from __future__ import annotations

import pytest
from flint import arb

from symrelu.claims import minima_claims, over_minima_claims
from symrelu.claims.over_minima_claims import averaged_table, bracket

PUBLISHED = {8: (".0059", ".021"), 10: (".0057", ".018"), 13: (".0015", ".038"), 19: (".0077", ".0275")}


def test_two_rows_are_ii_with_one_more_and_two_lie_among_certified_minima() -> None:
    found = averaged_table()
    assert (found.verdict, found.evidence) == ("holds", "certified")
    assert {
        d: tuple(text.removeprefix("0") for text in row) for d, row in over_minima_claims.TABLE.items()
    } == PUBLISHED
    assert "(8,9) is II+1, 0.005945/0.02056" in found.detail
    assert "(10,11) is II+1, 0.005667/0.01789" in found.detail
    assert "(13,14), 0.0015/0.038: no single branch (II+1 0.005432/0.01492" in found.detail
    assert "(19,20), 0.0077/0.0275: no single branch" in found.detail
    assert "At (13,14) it is not II+1, certified" in found.detail


M5 = ("0.0006", "0.036")  # M5+1 at (13, 14)


@pytest.mark.parametrize(
    ("table", "verdict", "reason"),
    [
        ({8: ("0.0059", "0.021"), 13: M5}, "holds", "(8,9) is II+1, 0.005945/0.02056; (13,14) is M5+1"),
        ({8: ("0.0058", "0.021"), 13: M5}, "undecided", "(8,9): no certified minima are known that have or average to"),
        ({13: ("0.0015", "0.1")}, "undecided", "(13,14): no certified minima are known"),
        ({13: ("0.0054", "0.015")}, "undecided", "the row of d = 13 is II+1"),
    ],
)
def test_other_rows_get_other_words(
    monkeypatch: pytest.MonkeyPatch, table: dict[int, tuple[str, str]], verdict: str, reason: str
) -> None:
    monkeypatch.setattr(over_minima_claims, "TABLE", table)
    found = averaged_table()
    assert (found.verdict, reason in found.detail) == (verdict, True), found.detail


def test_an_average_has_positive_weights_and_the_right_value() -> None:
    corners = {"a": (arb(0), arb(0)), "b": (arb(1), arb(0)), "c": (arb(0), arb(1)), "d": (arb(5), arb(5))}
    target = (arb("0.5"), arb("0.25"))
    weights = bracket(corners, target)
    assert weights is not None
    assert all(weight > 0 for weight in weights.values())
    for i in range(2):
        mean = sum((weight * corners[name][i] for name, weight in weights.items()), arb(0))
        assert abs(mean - target[i]) < 1e-15
    assert bracket(corners, (arb(-1), arb(0))) is None
    assert bracket({name: corners[name] for name in "abc"}, (arb("0.6"), arb("0.6"))) is None
    line = {"a": (arb(0), arb(0)), "b": (arb(1), arb(1)), "c": (arb(2), arb(2))}
    assert bracket(line, (arb(1), arb(1))) is None


def test_spurious_minima_at_every_pair_claimed() -> None:
    found = minima_claims.minima_for_small_d()
    assert found.verdict == "holds"
    assert list(minima_claims.OVER_D) == [8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    assert "II+1 at 8, 10..19, I+1 at 12..19, M2+1b at 10..19, M3+1 at 17..19" in found.detail


@pytest.mark.parametrize(
    ("branches", "reason"),
    [
        ({"II+1": 8, "I+1": 11}, "I+1 is not a spurious minimum at (d,k) = (11,12)"),
        ({"II+1": 8, "M2+1": 19}, "M2+1 is not a spurious minimum at (d,k) = (19,20)"),
        ({"II+1": 10}, "no spurious minimum among II+1 at d = 8, k = d+1"),
    ],
)
def test_a_saddle_or_a_gap_is_noticed(monkeypatch: pytest.MonkeyPatch, branches: dict[str, int], reason: str) -> None:
    monkeypatch.setattr(minima_claims, "OVER_MINIMA", branches)
    found = minima_claims.minima_for_small_d()
    assert found.verdict == "fails"
    assert reason in found.detail
