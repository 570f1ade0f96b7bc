"""Fractional dimensions: against the loss by hand, against dense networks, and on eigenvalues made up to be difficult."""

from fractions import Fraction
from itertools import pairwise

import numpy
import pytest
from flint import arb

from symrelu import Undecided, UsageError, family
from symrelu.analysis import crossing as crossing_module
from symrelu.analysis import signature as signature_module
from symrelu.analysis import threshold as threshold_module
from symrelu.analysis.dense_check import dense_weights
from symrelu.analysis.tube import prove_tube, require_same_branch
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal, ends, exact_midpoint, exact_real
from symrelu.model.dense import DenseNetwork

VALUES = {"off1": "-.00003", "w12": ".0489", "diag1": 1, "w21": ".0182", "off2": ".1757", "diag2": "-.5816"}
M2_PLUS_1 = {
    "name": "M2+1",
    "blocks": ["d-2", "2"],
    "rows": [{"attached": 1}, {"attached": 2}, {"free": True}],
    "start": {"d": 20, "values": VALUES | {"w31": "-.0389", "w32": ".5016"}},
}

# Family, p, interval, and the crossings on it: type, direction, d to 12 digits (found with this program, judged below).
CROSSINGS = [
    ("A", 0, (4, 12), [("x1", "up", "5.76381273492")]),
    ("I", 1, (5, 12), [("x1", "up", "6.74483065625")]),
    ("II", 1, (5, 20), [("s1", "up", "5.58550524743")]),
    (
        "M2",
        2,
        (5, 12),
        [("s1*s2", "up", "5.00680323251"), ("s2", "up", "6.01408901704"), ("s1", "up", "7.56119049795")],
    ),
    ("M3", 3, (7, 12), [("s1", "up", "9.32317221769")]),
    (
        "M4",
        4,
        ("6.002", 12),
        [("s1", "down", "6.02891180177"), ("x1", "up", "7.04560448065"), ("s1", "up", "10.9783902655")],
    ),
]


@pytest.fixture(scope="module")
def found(families):
    """Thresholds of the families in the list, each computed once."""
    return {name: families(name).threshold(d_from=low, d_to=high) for name, _, (low, high), _ in CROSSINGS}


@pytest.mark.parametrize(("name", "p", "interval", "expected"), CROSSINGS)
def test_every_crossing_is_found_with_its_type_and_direction(found, name, p, interval, expected):
    crossings = found[name].crossings
    assert [(c.type.name, c.direction, decimal(c.d, 12)) for c in crossings] == expected
    for c in crossings:
        assert c.d.rad() < arb(10) ** -20
        assert (c.derivative > 0) == (c.direction == "up")
        # the formal dimension of the type, at d*
        n = c.d - p
        dimension = {"s1": n - 1, "s2": p - 1, "x1": (n - 1) * (n - 2) / 2, "s1*s2": (n - 1) * (p - 1)}[c.type.name]
        assert c.multiplicity.overlaps(arb(dimension))


# How each type shows itself: this many columns split off from each block, and the number of its copies there.
SPLITS = {"s1": {0: 1}, "s2": {1: 1}, "s1*s2": {0: 1, 1: 1}, "x1": {0: 2}}


@pytest.mark.parametrize(
    ("name", "p", "kind", "place"), [(n, p, kind, place) for n, p, _, rows in CROSSINGS for kind, _, place in rows]
)
def test_an_eigenvalue_of_the_loss_by_hand_changes_sign_there(families, found, by_hand, name, p, kind, place):
    """Columns are split off so that the type occurs in the fixed-point space; its Hessian is by finite differences."""
    crossing = next(c for c in found[name].crossings if c.type.name == kind and decimal(c.d, 12) == place)
    hand, middle = by_hand(45), exact_midpoint(crossing.d)
    counts = []
    for side in (-1, 1):
        d = middle + Fraction(side, 10**9)
        sizes = [hand.mp.mpf(d.numerator) / d.denominator - p, *([p] if p else [])]
        near = families(name).at(d, digits=15).parameters
        rows = hand.rows(sizes, {entry: hand.mp.mpf(decimal(ball, 15)) for entry, ball in near.items()})
        rows = hand.critical_point(sizes, rows)
        for block, singles in sorted(SPLITS[kind].items(), reverse=True):
            sizes, rows = hand.split(sizes, rows, block, singles)
        counts.append(hand.negative_eigenvalues(sizes, rows))
    assert counts[0] - counts[1] == (1 if crossing.direction == "up" else -1)


def test_the_threshold_of_ii_to_25_digits_by_hand(families, by_hand):
    """The secant method on the determinant of the Hessian on the matrices that Delta(S_{d-2} x S_1 x S_1) fixes."""
    hand = by_hand(90)
    mp = hand.mp
    rows = None

    def determinant(d):
        nonlocal rows
        sizes = [d - 1, 1]
        if rows is None:
            near = families("II").at("5.58", digits=15).parameters
            rows = hand.rows(sizes, {entry: mp.mpf(decimal(ball, 15)) for entry, ball in near.items()})
        rows = hand.critical_point(sizes, rows)
        return mp.det(hand.hessian(*hand.split(sizes, rows, 0, 1)))

    x, y = mp.mpf("5.585"), mp.mpf("5.586")
    f, g = determinant(x), determinant(y)
    while abs(y - x) > mp.mpf(10) ** -17:
        x, y, f = y, y - g * (y - x) / (g - f), g
        g = determinant(y)
    expected = mp.nstr(y, 26)
    assert expected.startswith("5.58550524742588")
    (crossing,) = families("II").threshold(digits=30, d_from="5.5", d_to=6).crossings
    assert abs(mp.mpf(decimal(crossing.d, 30)) - y) < mp.mpf(10) ** -24


def test_the_derivative_is_that_of_the_eigenvalue(families, found):
    """Central differences of the certified eigenvalue that is nearest to zero, at d* +- 10^-6."""
    for name, kind in (("II", "s1"), ("A", "x1"), ("M2", "s2")):
        crossing = next(c for c in found[name].crossings if c.type.name == kind)
        d, h = exact_midpoint(crossing.d), Fraction(1, 10**6)
        near = []
        for side in (-1, 1):
            (component,) = (
                c for c in families(name).at(d + side * h, digits=30).point.components if c.type.name == kind
            )
            near.append(min((exact_midpoint(x) for x in component.eigenvalues), key=abs))
        slope = (near[1] - near[0]) / (2 * h)
        assert abs(slope - exact_midpoint(crossing.derivative)) < abs(slope) / 10**6


def test_more_digits_are_the_same_threshold(families, found):
    (fine,) = families("II").threshold(digits=200, d_from="5.5", d_to=6).crossings
    (coarse,) = found["II"].crossings
    assert coarse.d.overlaps(fine.d)
    with working(800):
        assert fine.d.rad() < arb(10) ** -200
    assert decimal(fine.d, 200).startswith("5.58550524742588")


# -- coverage -----------------------------------------------------------------------------------------------------------


def pieces(thresholds):
    """What is said of the interval, in ascending order: crossings as they are, stretches and open parts."""
    coverage = thresholds.coverage
    free = [(low, high) for low, high in thresholds.proved_free()]
    parts = [(part.low, part.high) for part in coverage.open]
    return sorted([*free, *parts, *(ends(c.d) for c in thresholds.crossings)])


@pytest.mark.parametrize("name", [row[0] for row in CROSSINGS])
def test_the_interval_is_covered_without_a_gap(found, name):
    thresholds = found[name]
    parts = pieces(thresholds)
    assert parts[0][0] == thresholds.coverage.low
    assert parts[-1][1] == thresholds.coverage.high
    for (_, end), (start, _) in pairwise(parts):
        assert start == end
    assert thresholds.decided
    # crossings alternate with what is free of them
    assert len(thresholds.proved_free()) == len(thresholds.crossings) + 1


@pytest.mark.parametrize("name", ["II", "M2", "M4"])
def test_signatures_on_the_stretches_are_those_of_points_in_them(families, found, name):
    for stretch in found[name].coverage.stretches:
        if stretch.high - stretch.low > Fraction(1, 1000):
            d = Fraction(round((stretch.low + stretch.high) / 2 * 1000), 1000)
            counts = {c.type.name: c.negative for c in families(name).at(d).point.components if c.counts}
            assert {kind: n for kind, n in stretch.negative.items() if kind in counts} == counts


@pytest.mark.parametrize(("name", "d"), [("II", 6), ("A", 6), ("I", 7), ("M2", 8), ("M3", 10), ("M4", 11)])
def test_minimum_from(found, name, d):
    assert found[name].minimum_from == d


@pytest.mark.parametrize(
    ("name", "minima", "saddles"),
    [
        ("M4", [6, 11], [7, 8, 9, 10]),
        ("II", [6, 7], [5, 4]),
        ("A", [6], [5]),
        ("I", [7], [5, 6]),
        ("M2", [8], [5, 6, 7]),
    ],
)
def test_dense_networks_agree_which_integers_are_minima(families, name, minima, saddles):
    """All k d weights, polished by Newton's method on the dense network, and numpy's eigenvalues of its Hessian."""
    for d in minima + saddles:
        entries = {entry: decimal(ball, 12) for entry, ball in families(name).at(d).parameters.items()}
        network = DenseNetwork.orthonormal(d, digits=20)
        weights = network.newton(dense_weights(families(name).definition, d, entries)).weights
        hessian = numpy.array(network.hessian(weights).tolist(), dtype=float)
        least = numpy.linalg.eigvalsh(hessian)[0]
        assert (least > 1e-4) if d in minima else (least < -1e-4)


def test_global_has_no_crossing(families):
    thresholds = families("global").threshold(d_to=50)
    assert thresholds.crossings == []
    assert thresholds.proved_free() == [(4, 50)]
    assert thresholds.minimum_from == 4


def test_an_interval_without_an_integer_or_without_minima(families):
    short = families("II").threshold(d_from="5.2", d_to="5.4")
    assert short.crossings == []
    assert short.minimum_from is None
    assert short.proved_free() == [(Fraction(26, 5), Fraction(27, 5))]
    assert families("II").threshold(d_from="5.6", d_to="6.5").minimum_from == 6


def test_the_default_interval_starts_with_four_rows(families):
    coverage = families("M3").threshold(d_to=8).coverage
    assert (coverage.low, coverage.high) == (7, 8)
    assert families("II").threshold(d_to="5.1").coverage.low == 5


# -- branches that end or meet ------------------------------------------------------------------------------------------


def test_a_branch_that_ends_within_the_interval_says_where():
    thresholds = family(M2_PLUS_1).threshold(d_from=8, d_to=9)
    assert not thresholds.decided
    end = thresholds.coverage.end
    assert Fraction(8) < end.d < Fraction(17, 2)
    assert "lost near" in str(end)
    parts = pieces(thresholds)
    assert parts[0][0] == 8
    assert parts[-1][1] == 9
    assert all(start == end for (_, end), (start, _) in pairwise(parts))
    data = thresholds.to_json()
    assert data["ends"]["reason"] == str(end)
    assert data["undecided"][0]["from"] == "8"
    assert "branch" in thresholds.to_text()


def test_an_interval_below_the_end_of_a_branch_is_open_altogether():
    thresholds = family(M2_PLUS_1).threshold(d_from="7.5", d_to=8)
    assert thresholds.crossings == []
    assert thresholds.proved_free() == []
    (part,) = thresholds.coverage.open
    assert (part.low, part.high) == (Fraction(15, 2), 8)
    assert "lost near" in part.reason
    assert thresholds.minimum_from is None


def test_where_m4_meets_a_is_said_and_not_covered(families):
    thresholds = families("M4").threshold(d_from=6, d_to="6.02")
    assert "meets A" in thresholds.coverage.meeting
    assert "meets A" in thresholds.to_text()
    assert [part.low for part in thresholds.coverage.open] == [6]
    assert pieces(thresholds)[0][0] == 6


# -- input --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"d_from": 6, "d_to": 6}, "empty"),
        ({"d_from": 7, "d_to": 6}, "empty"),
        ({"d_to": 4}, "empty"),
        ({"d_from": "2.9"}, "out of the range"),
        ({"d_from": -3}, "out of the range"),
        ({"d_from": "x"}, "--from 'x' is not a real number"),
        ({"d_to": "infinity"}, "--to 'infinity' is not a real number"),
        ({"digits": 0}, "0 digits"),
        ({"digits": -5}, "-5 digits"),
        ({"digits": 10**6}, "1000000 digits"),
    ],
)
def test_bad_intervals_are_refused_in_one_line(families, arguments, said):
    with pytest.raises(UsageError) as caught:
        families("II").threshold(**arguments)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_symbol_p_has_no_thresholds(families):
    with pytest.raises(UsageError, match="symbol p"):
        families("M").threshold()


def test_progress_rises_to_the_end_of_the_interval(families):
    told = []
    families("II").threshold(d_from=5, d_to=30, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 30


# -- eigenvalues made up ------------------------------------------------------------------------------------------------


def in_ball(value, ball):
    low, high = ends(ball)
    return low <= value <= high


def with_eigenvalue(monkeypatch, formula, name="s1"):
    """Put 2 pi times the eigenvalue of s1 in II as formula(n), n = d - 1, in place of the true block; others stay."""
    true_block = signature_module.block

    def block(table, kind):
        return ([[formula(table.sizes[0])]], [1]) if kind.name == name else true_block(table, kind)

    for module in (signature_module, crossing_module):
        monkeypatch.setattr(module, "block", block)


def test_an_eigenvalue_with_a_known_zero(monkeypatch):
    """n - 8 + 1/3 vanishes at d = 26/3 exactly, with derivative 1 in 2 pi times the eigenvalue."""
    with_eigenvalue(monkeypatch, lambda n: 3 * n - 23)
    (crossing,) = family("II").threshold(d_from=8, d_to=10).crossings
    assert in_ball(Fraction(26, 3), crossing.d)
    assert crossing.d.rad() < arb(10) ** -20
    assert crossing.direction == "up"
    assert abs(crossing.derivative - 3 / (2 * arb.pi())) < arb(10) ** -12


def test_an_eigenvalue_that_falls(monkeypatch):
    with_eigenvalue(monkeypatch, lambda n: 23 - 3 * n)
    thresholds = family("II").threshold(d_from=8, d_to=10)
    (crossing,) = thresholds.crossings
    assert in_ball(Fraction(26, 3), crossing.d)
    assert crossing.direction == "down"
    assert abs(crossing.derivative + 3 / (2 * arb.pi())) < arb(10) ** -12
    assert thresholds.coverage.stretches[0].negative["s1"] == 0
    assert thresholds.coverage.stretches[-1].negative["s1"] == 1


def test_an_eigenvalue_that_touches_zero_is_no_crossing_and_not_proved_free(monkeypatch):
    """(n - 23/3)^2: the sign does not change; around d = 26/3 nothing is proved, and that is reported."""
    with_eigenvalue(monkeypatch, lambda n: (3 * n - 23) * (3 * n - 23))
    thresholds = family("II").threshold(d_from="8.6", d_to="8.75")
    assert thresholds.crossings == []
    assert not thresholds.decided
    assert any(part.low <= Fraction(26, 3) <= part.high for part in thresholds.coverage.open)
    assert all(not low <= Fraction(26, 3) <= high for low, high in thresholds.proved_free())


def test_two_crossings_too_close_for_the_grid_are_not_overlooked(monkeypatch):
    """Zeros at d = 26/3 and 26/3 + 10^-6: approximate signs see nothing, the proof must not see nothing."""
    with_eigenvalue(monkeypatch, lambda n: (3 * n - 23) * (3000000 * n - 23000003))
    thresholds = family("II").threshold(d_from="8.6", d_to="8.75")
    assert len(thresholds.crossings) in (0, 2)
    if not thresholds.crossings:
        assert not thresholds.decided
        assert any(part.low <= Fraction(26, 3) <= part.high for part in thresholds.coverage.open)


def test_a_triple_zero_is_not_certified(monkeypatch):
    """(n - 23/3)^3 changes its sign with derivative zero: no interval Newton step can isolate it."""
    with_eigenvalue(monkeypatch, lambda n: (3 * n - 23) * (3 * n - 23) * (3 * n - 23))
    thresholds = family("II").threshold(d_from="8.6", d_to="8.75")
    assert thresholds.crossings == []
    assert not thresholds.decided
    assert any(part.low <= Fraction(26, 3) <= part.high for part in thresholds.coverage.open)


def test_two_crossings_far_enough_apart_are_both_found(monkeypatch):
    with_eigenvalue(monkeypatch, lambda n: (3 * n - 23) * (3 * n - 25))
    crossings = family("II").threshold(d_from=8, d_to=10).crossings
    assert [c.direction for c in crossings] == ["down", "up"]
    for c, d in zip(crossings, (Fraction(26, 3), Fraction(28, 3)), strict=True):
        assert in_ball(d, c.d)


def test_a_type_of_negative_dimension_does_not_cross(monkeypatch):
    """y1 has dimension n (n - 3) / 2: a zero of its block at n = 5/2, d = 3.5, is none of the Hessian's."""
    with_eigenvalue(monkeypatch, lambda n: 2 * n - 5, name="y1")
    thresholds = family("II").threshold(d_from="3.3", d_to="4.5")
    assert thresholds.crossings == []
    assert thresholds.decided
    with_eigenvalue(monkeypatch, lambda n: 2 * n - 7, name="y1")
    (crossing,) = family("II").threshold(d_from="4.3", d_to="4.8").crossings
    assert in_ball(Fraction(9, 2), crossing.d)


def test_a_type_of_dimension_zero_does_not_count(families):
    """At d = 3 and below, II has no x1 and no y1; at d = 4 (three rows) no y1: signs of absent types are not counted."""
    thresholds = families("II").threshold(d_from=3, d_to="3.1")
    assert thresholds.crossings == []
    names = {name for stretch in thresholds.coverage.stretches for name in stretch.negative}
    assert "y1" not in names


# -- tubes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "low", "high"), [("II", 6, 9), ("M3", "7.5", 9), ("A", 20, 40), ("global", 5, 6)])
def test_a_tube_contains_the_certified_points(families, name, low, high):
    low, high = exact_real(low), exact_real(high)
    tube = prove_tube(families(name)._branch, low, high)
    for part in (Fraction(0), Fraction(1, 7), Fraction(1, 2), Fraction(1)):
        d = low + (high - low) * part
        box = tube.over(d, d)
        point = families(name).at(d, digits=30)
        for ball, value in zip(box, point.parameters.values(), strict=True):
            assert ball.contains(value.mid())
            assert ball.rad() < arb(10) ** -5


def test_tubes_of_one_branch_are_joined_and_those_of_two_are_not(families):
    """I and II have one shape: at d = 8 both are critical points, and not the same."""
    one, other = families("II")._branch, families("I")._branch
    left, right, stranger = (
        prove_tube(b, Fraction(x), Fraction(y)) for b, x, y in ((one, 6, 8), (one, 8, 9), (other, 8, 9))
    )
    require_same_branch(one, left, right, Fraction(8))
    for branch in (one, other):
        with pytest.raises(Undecided):
            require_same_branch(branch, left, stranger, Fraction(8))


@pytest.mark.parametrize(
    ("low", "high", "strange"), [(5, 6, lambda low, high: high < 5.5), (6, 20, lambda low, high: low > 9)]
)
def test_a_jump_to_another_branch_is_reported(families, monkeypatch, low, high, strange):
    """As if numbers had led to I for a part of the interval: its tubes are proved, and not joined to those of II."""

    def misled(branch, start, end, center=None):
        return prove_tube(families("I")._branch if strange(start, end) else branch, start, end, center)

    monkeypatch.setattr(threshold_module, "prove_tube", misled)
    thresholds = families("II").threshold(d_from=low, d_to=high)
    assert not thresholds.decided
    assert any("one branch" in part.reason for part in thresholds.coverage.open)


# -- showing ------------------------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_interface(found):
    data = found["II"].to_json()
    keys = {"family", "interval", "crossings", "proved_free", "undecided", "ends", "minimum_from", "evidence"}
    assert set(data) >= keys
    assert data["family"] == "II"
    assert data["interval"] == {"from": "5", "to": "20"}
    assert data["ends"] is None
    assert data["undecided"] == []
    assert data["minimum_from"] == 6
    (crossing,) = data["crossings"]
    assert set(crossing) == {"d", "type", "multiplicity_at_d", "derivative", "direction"}
    assert set(crossing["d"]) == set(crossing["derivative"]) == {"value", "radius"}
    assert abs(Fraction(crossing["multiplicity_at_d"]) - Fraction(crossing["d"]["value"]) + 2) < Fraction(1, 10**15)
    value, radius = (Fraction(crossing["d"][key]) for key in ("value", "radius"))
    low, high = ends(found["II"].crossings[0].d)
    assert value - radius <= low <= high <= value + radius
    assert radius < Fraction(1, 10**18)


def test_intervals_in_json_are_rounded_inwards(found):
    """A decimal end of `proved_free` must lie in what was proved."""
    for name, thresholds in found.items():
        free = thresholds.proved_free()
        for text, (low, high) in zip(thresholds.to_json()["proved_free"], free, strict=True):
            assert low <= Fraction(text["from"]) < Fraction(text["to"]) <= high, name
            assert Fraction(text["from"]) - low < Fraction(1, 10**20)
            assert high - Fraction(text["to"]) < Fraction(1, 10**20)


def test_text_latex_and_repr(found):
    text = found["M2"].to_text()
    assert "7.5611904979" in text
    assert "a minimum at every integer d from 8 to 12" in text
    latex = found["M2"].to_latex()
    assert latex.count(r"\uparrow") == 3
    assert r"\mathfrak{s}_{1} \otimes \mathfrak{s}_{2}" in latex
    assert "7.56119" in found["M2"]._repr_html_()
    assert repr(found["II"]) == "Thresholds(II: 5.5855052 (s1))"


# -- lengths of tubes ---------------------------------------------------------------------------------------------------


def covered(monkeypatch, longest, low=Fraction(6), high=Fraction(40)):
    """The tubes tried by _cover where one is proved exactly if its ends have a ratio of at most `longest(low)`."""
    tried = []

    def stretch(branch, start, end, coverage):
        tried.append((start, end, end / start <= longest(start)))
        return None if tried[-1][2] else "too long"

    monkeypatch.setattr(threshold_module, "_stretch", stretch)
    coverage = threshold_module.Coverage(None, low, high, 20)
    threshold_module._cover(None, low, high, coverage, None)
    return tried, coverage


def test_the_length_that_went_is_where_the_next_tube_starts_from(monkeypatch):
    tried, coverage = covered(monkeypatch, lambda low: Fraction(41, 40))
    assert coverage.open == []
    proved = [(low, high) for low, high, good in tried if good]
    assert all(one[1] == other[0] for one, other in pairwise(proved))
    assert (proved[0][0], proved[-1][1]) == (6, 40)
    # after the first tube one try is lost for each, not six
    assert sum(not good for *_, good in tried) <= 6 + len(proved)


def test_tubes_grow_again_where_they_may_up_to_the_first_length(monkeypatch):
    tried, _ = covered(monkeypatch, lambda low: Fraction(41, 40) if low < 7 else Fraction(10), high=Fraction(10**4))
    ratios = [float(high / low) for low, high, good in tried if good and low > 7]
    assert max(ratios) == pytest.approx(1.8, rel=0.01)
    assert ratios[0] < 1.1
    assert all(later >= earlier * 0.99 for earlier, later in pairwise(ratios[:-1]))


def test_what_never_goes_is_open(monkeypatch):
    tried, coverage = covered(monkeypatch, lambda low: Fraction(1), high=Fraction(601, 100))
    assert {part.reason for part in coverage.open} == {"too long"}
    assert (coverage.open[0].low, coverage.open[-1].high) == (6, Fraction(601, 100))
    assert all(one.high == other.low for one, other in pairwise(coverage.open))
    assert len(tried) < 200


def test_the_tube_around_a_crossing_is_expanded_next_to_it(monkeypatch):
    """Its centre is d*^(-1/2) to far more than forty bits."""
    centers = []
    original = threshold_module.prove_tube

    def proved(branch, low, high, center=None):
        if center is not None:
            centers.append(center)
        return original(branch, low, high, center)

    monkeypatch.setattr(threshold_module, "prove_tube", proved)
    (crossing,) = family("A").threshold(d_from="5.5", d_to="6").crossings
    with working(300):
        assert abs(arb(centers[-1]) - 1 / crossing.d.sqrt()) < arb(2) ** -60
