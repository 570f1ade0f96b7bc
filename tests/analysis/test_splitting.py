"""Splitting a neuron: the dense split point, the series against numbers far out, and intervals against points."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from flint import arb

from symrelu.analysis import chain
from symrelu.analysis.branch import Branch
from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.analysis.derivation import Derivation
from symrelu.analysis.leading_sources import leading_source
from symrelu.analysis.point import CriticalPoint, enclose_point
from symrelu.analysis.splitting import SplitPoint, check_split, split_point
from symrelu.analysis.splitting_range import SplitRange, split_range
from symrelu.analysis.splitting_result import Splitting
from symrelu.analysis.splitting_series import SplitSeries, expand_splitting
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal
from symrelu.family.catalogue import definition, member
from symrelu.model.dense import DenseNetwork

A_PLUS_1: dict[str, Any] = {
    "name": "one more neuron beside A",
    "blocks": ["d"],
    "rows": [{"attached": 1}, {"free": True}],
    "start": {"d": "20", "values": {"off1": "0.0932", "diag1": "-0.8900", "w21": "0.0974"}},
}


def point(source: Any, d: int | str, digits: int = 40) -> CriticalPoint:
    return enclose_point(Branch(definition(source)), Fraction(d), digits)


def series(name: str, order: int) -> SplitSeries:
    family = definition(name)
    branch = None if family.symbolic_p else Branch(family)
    return expand_splitting(Derivation(family, leading_source(family, branch, member)), order)


@pytest.fixture(scope="module")
def cover() -> SplitRange:
    """II from 5 to 100."""
    return split_range(Branch(definition("II")), Fraction(5), Fraction(100))


# -- at one d ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "d"), [("A", 12), ("I", 6), ("II", 7), ("M2", 8), ("M3", 8), ("M4", 9)])
def test_the_predicted_directions_are_in_the_dense_hessian_of_the_split_point(name: str, d: int) -> None:
    split = split_point(point(name, d))
    assert all(orbit.saddle for orbit in split.orbits)
    check = check_split(split)
    assert check.directions == d * len(split.orbits)
    assert check.passed
    assert min(check.quotients, check.eigenvectors, check.gradient) >= 35


def test_the_check_notices_a_wrong_eigenvalue() -> None:
    split = split_point(point("II", 6))
    component = split.orbits[0].components[0]
    wrong = replace(component, eigenvalues=[value - arb(10) ** -8 for value in component.eigenvalues])
    orbit = replace(split.orbits[0], components=[wrong, *split.orbits[0].components[1:]])
    check = check_split(replace(split, orbits=[orbit, split.orbits[1]]))
    assert check.quotients < 10 and not check.passed


@pytest.mark.parametrize(("source", "d"), [("II", 6), ("A", 5), (A_PLUS_1, 5)])
def test_the_index_of_the_split_point_is_that_of_the_dense_hessian(source: Any, d: int) -> None:
    where = point(source, d)
    split = split_point(where)
    network = DenseNetwork(dense_teacher(where.definition, d), 40)
    weights = dense_weights(where.definition, d, {name: decimal(x, 50) for name, x in where.parameters.items()})
    rows = [[network.mp.convert(x) for x in row] for row in weights]
    places = [0, len(rows) - 1]  # a row of the first orbit and one of the last
    for i, orbit in zip(places, (split.orbits[0], split.orbits[-1]), strict=True):
        copies = [[x * share / 4 for x in rows[i]] for share in (1, 3)]
        values = network.eigenvalues([*rows[:i], *copies, *rows[i + 1 :]])
        tiny = network.mp.mpf(10) ** -30
        assert sum(value < -tiny for value in values) == split.index(orbit)
        assert sum(abs(value) < tiny for value in values) == 1  # (v, -v) with v = w_i: the share of the copies


def test_exactly_one_eigenvalue_is_zero_and_it_is_said_to_be() -> None:
    split = split_point(point("M3", "11.5", 20))
    for orbit in split.orbits:
        assert [value.is_zero() for _, value in orbit.eigenvalues].count(True) == 1
        assert "0 (w_i itself)" in split.to_text()
    assert all(split.index(orbit) is None for orbit in split.orbits)  # no network at such d


def test_the_sum_of_the_norms() -> None:
    where = point("II", 6)
    network = DenseNetwork(dense_teacher(where.definition, 6), 40)
    mp = network.mp
    rows = dense_weights(where.definition, 6, {name: decimal(x, 45) for name, x in where.parameters.items()})
    norms = [mp.sqrt(mp.fsum(mp.convert(x) ** 2 for x in row)) for row in rows]
    split = split_point(where)
    assert abs(mp.convert(decimal(split.norm_sum, 40)) - mp.fsum(norms)) < mp.mpf(10) ** -35
    assert split.norms_below_targets is True
    assert split_point(point(A_PLUS_1, 20)).norms_below_targets is False


def test_at_the_global_minimum_splitting_changes_nothing() -> None:
    split = split_point(point("global", "7.3"))
    assert all(value.is_zero() for orbit in split.orbits for _, value in orbit.eigenvalues)
    assert split.orbits[0].saddle is False
    assert split.decided


def test_the_check_needs_a_network_of_moderate_size() -> None:
    with pytest.raises(UsageError, match="integer d"):
        check_split(split_point(point("A", "7.5", 20)))
    with pytest.raises(UsageError, match="goes up to"):
        check_split(split_point(point("A", 30, 20)))


def test_json_of_a_point() -> None:
    split = split_point(point("II", 20, 20))
    data = json.loads(json.dumps(replace(split, check=None).to_json()))
    assert data["family"] == "II" and data["d"] == "20" and data["evidence"] == "certified"
    assert [orbit["orbit"] for orbit in data["orbits"]] == [1, 2]
    first = data["orbits"][0]
    assert first["saddle"] is True and first["rows"] == "d-1" and first["index"] == 19
    assert [(e["type"], e["dimension"]) for e in first["eigenvalues"]] == [("t", "1")] * 3 + [("s1", "17")]
    assert first["eigenvalues"][0]["value"]["value"].startswith("-0.0536206")
    assert first["eigenvalues"][2]["value"] == {"value": "0", "radius": "0"}
    assert data["norm_sum"]["value"].startswith("19.99772116")


# -- series ------------------------------------------------------------------------------------------------------------


def values_of(split: SplitPoint, orbit: int, name: str) -> list[arb]:
    component = next(c for c in split.orbits[orbit].components if c.type.name == name)
    return [value for value in component.eigenvalues if not value.is_zero()]


@pytest.mark.parametrize("name", ["A", "II", "M3"])
def test_series_agree_with_numbers_far_out(name: str) -> None:
    order, d = 4, 10**8
    expanded, split = series(name, order), split_point(point(name, d))
    for R, blocks in enumerate(expanded.orbits):
        assert expanded.saddle(R + 1) is True
        for block in blocks:
            numbers = values_of(split, R, block.type.name)
            if block.polynomial is not None:
                continue
            assert len(block.eigenvalues) == len(numbers)
            with working(200):
                for terms, value in zip(block.eigenvalues, numbers, strict=True):
                    total = sum((c.ball() * arb(10) ** (-4 * j) for j, c in terms.items()), arb(0))
                    assert abs(total - value) < arb(10) ** -14  # the next term, c s^4
    with working(200):
        norms = sum((c.ball() * arb(10) ** (-4 * j) for j, c in (expanded.norms or {}).items()), arb(0))
        assert abs(norms - split.norm_sum) < arb(10) ** -14


def test_eigenvalues_outside_the_field_are_roots_of_an_exact_polynomial() -> None:
    expanded, split = series("I", 5), split_point(point("I", 10**8))
    block = expanded.orbits[0][0]
    assert block.polynomial is not None and block.eigenvalues == [] and "adjoined" in block.reason
    assert block.negative() == 2
    with working(200):
        low, high = values_of(split, 0, "t")
        for terms, value in zip(block.polynomial, (low * high, -low - high), strict=True):
            total = sum((c.ball() * arb(10) ** (-4 * j) for j, c in terms.items()), arb(0))
            assert abs(total - value) < arb(10) ** -18


def test_leading_terms() -> None:
    s, pi = sympy.Symbol("s", positive=True), sympy.pi
    at_a = series("A", 2)
    assert at_a.to_sympy(1, "s1") == [-s / pi]
    assert at_a.to_sympy(1, "t") == [-2 * s / pi]
    assert sympy.expand(series("II", 5).norms_to_sympy() - s**-2 + 4 * (pi - 2) / pi**2 * s**4) == 0
    (own,) = series("M", 3).to_sympy(1, "s1")
    assert {str(x) for x in own.free_symbols} == {"p", "s"}
    assert sympy.simplify(own.subs({x: 7 for x in own.free_symbols if str(x) == "p"}) + sympy.sqrt(7) / pi * s**2) == 0


def test_at_the_global_minimum_the_series_vanish() -> None:
    expanded = series("global", 3)
    assert expanded.saddle(1) is False
    assert all(terms == {} for block in expanded.orbits[0] for terms in block.eigenvalues)


def test_terms_that_do_not_tell_leave_the_question_open() -> None:
    assert series("A", 1).saddle(1) is None  # everything starts at s


def test_json_and_latex_of_series() -> None:
    expanded = series("I", 2)
    data = json.loads(json.dumps(expanded.to_json()))
    assert data["order"] == 2 and data["evidence"] == "exact"
    trivial = [e for e in data["orbits"][0]["eigenvalues"] if e["type"] == "t"]
    assert [e["series"] for e in trivial] == [[], None, None]
    assert [term["exact"] for term in trivial[1]["polynomial"][1]] == ["3/pi"]
    assert data["orbits"][1]["eigenvalues"][-1]["series"][0]["exact"] == "-(pi - 2)/pi**2"
    assert "roots of $z^{2} + c_{1} z^{1} + c_0$" in expanded.to_latex()


# -- intervals ---------------------------------------------------------------------------------------------------------


def test_splitting_a_neuron_of_ii_is_a_saddle_throughout(cover: SplitRange) -> None:
    result = Splitting(cover)
    assert result.decided
    assert [result.saddle(orbit) for orbit in (1, 2)] == [True, True]
    assert [result.saddle_from(orbit) for orbit in (1, 2)] == [5, 5]
    assert cover.norms_below_from == 5


def test_a_change_of_sign_is_narrowed_down_and_left_open_there(cover: SplitRange) -> None:
    before, change, after = cover.orbits[0].stretches["t"]
    assert (before.low, after.high) == (5, 100)
    assert (before.negative, change.negative, after.negative) == (2, None, 1)
    assert change.high - change.low < Fraction(1, 10**6)
    assert before.high == change.low and change.high == after.low
    sides = [split_point(point("II", str(end + step), 20)) for end, step in ((change.low, -1), (change.high, 1))]
    assert [sum(value < 0 for value in values_of(split, 0, "t")) for split in sides] == [2, 1]


def test_counts_on_the_interval_are_those_at_points(cover: SplitRange) -> None:
    for d in (5, 17, 44, 45, 100):
        split = split_point(point("II", d, 20))
        for signs in cover.orbits:
            for name, parts in signs.stretches.items():
                count = next(part.negative for part in parts if part.low <= d <= part.high)
                assert count == sum(value < 0 for value in values_of(split, signs.orbit - 1, name))


def test_the_sum_of_the_norms_passes_d_with_one_more_neuron() -> None:
    found = split_range(Branch(definition(A_PLUS_1)), Fraction(5), Fraction(7))
    assert [part.negative for part in found.norms] == [1, None, 0]
    assert Fraction("5.48") < found.norms[1].low < found.norms[1].high < Fraction("5.49")
    assert found.norms_below_from is None
    assert "below d for 5 <= d <= 5.48" in Splitting(found).to_text()


def test_what_no_tube_covers_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    prove = chain.prove_tube

    def fails_below_six(branch: Any, low: Fraction, high: Fraction) -> Any:
        if low < 6:
            raise Undecided("for the test")
        return prove(branch, low, high)

    monkeypatch.setattr(chain, "prove_tube", fails_below_six)
    found = split_range(Branch(definition("A")), Fraction(5), Fraction(8))
    result = Splitting(found)
    start = result.saddle_from(1)
    assert not result.decided
    assert start is not None and 6 <= start < Fraction("6.01")
    assert [(part.low, part.high, part.reason) for part in found.open] == [(5, start, "for the test")]
    assert "not covered: d from 5 to 6.0" in result.to_text()
    assert result.to_json()["undecided"][0]["to"] == result.to_json()["orbits"][0]["from"]


def test_tubes_are_joined_into_one_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise Undecided("another branch")

    monkeypatch.setattr(chain, "require_same_branch", never)
    found = split_range(Branch(definition("A")), Fraction(5), Fraction(20))
    assert [part.reason for part in found.open] == ["another branch"]
    assert found.saddle_from(1) is not None and found.saddle_from(1) != 5


def test_intervals_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="empty"):
        split_range(Branch(definition("A")), Fraction(8), Fraction(8))
    with pytest.raises(UsageError, match="out of the range"):
        split_range(Branch(definition("A")), Fraction(1), Fraction(8))


def test_an_interval_at_the_global_minimum() -> None:
    result = Splitting(split_range(Branch(definition("global")), Fraction(4), Fraction(100)))
    assert result.decided and result.saddle(1) is False and result.saddle_from(1) is None
    assert "H_ii = I/2 for every d" in result.to_text()


def test_json_and_tables_of_an_interval(cover: SplitRange) -> None:
    result = Splitting(cover)
    data = json.loads(json.dumps(result.to_json()))
    assert data["interval"] == {"from": "5", "to": "100"} and data["evidence"] == "certified"
    assert [(orbit["saddle"], orbit["from"]) for orbit in data["orbits"]] == [(True, "5"), (True, "5")]
    assert [part["count"] for part in data["orbits"][0]["eigenvalues"][0]["negative"]] == [2, None, 1]
    assert result.to_latex().startswith(r"\begin{tabular}") and "<table>" in result._repr_html_()
    assert "splitting it gives a saddle for every d from 5 to 100" in result.to_text()
