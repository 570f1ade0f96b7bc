"""Certified points: published digits, dense networks, the loss by hand at fractional d, ranges of d."""

from fractions import Fraction

import pytest
from flint import arb

from symrelu import Undecided, UsageError, family
from symrelu.analysis.branch import BranchEnds
from symrelu.analysis.dense_check import dense_weights
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal, ends, to_fmpq
from symrelu.model.dense import DenseNetwork, group_with_multiplicity


def contains(ball, number):
    """Whether an mpf lies in the ball, exactly."""
    sign, mantissa, exponent, _ = number._mpf_
    low, high = ends(ball)
    return low <= (-1) ** sign * mantissa * Fraction(2) ** exponent <= high


def test_the_example_of_safran_and_shamir(families):
    """SS-example, k = d = 6: entries .9867 (diagonal), -.0504, .3080, .2245, -.6015; loss .02508; least eigenvalue .0047."""
    point = families("II").at(6).point
    rounded = {entry: f"{float(decimal(ball, 12)):.4f}" for entry, ball in point.parameters.items()}
    assert rounded == {"diag1": "0.9867", "off1": "-0.0504", "w12": "0.3080", "w21": "0.2245", "w22": "-0.6015"}
    assert f"{float(decimal(point.loss, 12)):.5f}" == "0.02508"
    least = min(float(decimal(x, 12)) for c in point.components if c.counts for x in c.eigenvalues)
    assert f"{least:.4f}" == "0.0047"
    assert point.is_minimum
    assert point.index == 0


@pytest.mark.parametrize(("d", "least", "loss"), [(6, ".0047", ".025"), (7, ".014", ".023"), (8, ".021", ".021")])
def test_the_table_of_safran_and_shamir(families, d, least, loss):
    """SS-table: the averages of the minima found at d = 6, 7 and 8, which are all II, to the digits printed there."""
    point = families("II").at(d).point
    found = min(float(decimal(x, 12)) for c in point.components if c.counts for x in c.eigenvalues)
    assert abs(found - float(least)) < 0.0006
    assert abs(float(decimal(point.loss, 12)) - float(loss)) < 0.0006


@pytest.mark.parametrize(
    ("name", "d"), [("II", 5), ("II", 8), ("I", 6), ("A", 5), ("M2", 7), ("M3", 7), ("M4", 8), ("global", 4)]
)
def test_balls_contain_the_weights_and_the_loss_of_the_dense_network(families, name, d):
    """Weights polished by Newton's method on all k d unknowns, from eight digits."""
    point = families(name).at(d, digits=25).point
    network = DenseNetwork.orthonormal(d, digits=50)
    definition = families(name).definition
    weights = dense_weights(definition, d, {entry: decimal(ball, 8) for entry, ball in point.parameters.items()})
    polished = network.newton(weights).weights if name != "global" else network.mp.matrix(weights).tolist()
    balls = dense_weights(definition, d, point.parameters)
    for row, ball_row in zip(polished, balls, strict=True):
        for x, ball in zip(row, ball_row, strict=True):
            assert contains(ball, network.mp.mpf(x))
            assert ball.rad() < arb(10) ** -25
    assert contains(point.loss, network.loss(polished)) or name == "global"


@pytest.mark.parametrize(("name", "d"), [("II", 5), ("M2", 5), ("I", 5), ("A", 4)])
def test_components_are_the_dense_spectrum(families, name, d):
    point = families(name).at(d).point
    network = DenseNetwork.orthonormal(d, digits=30)
    weights = dense_weights(families(name).definition, d, {e: decimal(b, 12) for e, b in point.parameters.items()})
    dense = group_with_multiplicity(network.eigenvalues(network.newton(weights).weights), 20)
    claimed = sorted(
        (float(decimal(x, 15)), int(c.dimension)) for c in point.components if c.counts for x in c.eigenvalues
    )
    merged = []
    for value, count in claimed:
        if merged and abs(merged[-1][0] - value) < 1e-12:
            merged[-1] = (value, merged[-1][1] + count)
        else:
            merged.append((value, count))
    assert [count for _, count in merged] == [count for _, count in dense]
    assert all(abs(x - float(y)) < 1e-12 for (x, _), (y, _) in zip(merged, dense, strict=True))
    assert point.index == sum(count for value, count in dense if value < 0)
    assert point.index == sum(int(c.dimension) * c.negative for c in point.components if c.counts)


@pytest.mark.parametrize(("d", "minimum"), [("5.5855", False), ("5.58551", True), ("5.5", False), ("17/3", True)])
def test_real_d_on_both_sides_of_the_threshold(families, by_hand, d, minimum):
    """5.585505247...: the loss by hand gives the entries, and the sign of the Hessian once a column is split off."""
    point = families("II").at(d, digits=30).point
    assert point.is_minimum is minimum
    assert point.negative == ([] if minimum else ["s1"])
    assert point.index is None
    hand = by_hand(90)
    sizes = [hand.mp.mpf(Fraction(d).numerator) / Fraction(d).denominator - 1, 1]
    start = {entry: hand.mp.mpf(decimal(ball, 10)) for entry, ball in point.parameters.items()}
    rows = hand.critical_point(sizes, hand.rows(sizes, start))
    for entry, value in hand.values(sizes, rows).items():
        assert abs(hand.mp.mpf(decimal(point.parameters[entry], 40)) - value) < hand.mp.mpf(10) ** -30
    assert abs(hand.mp.mpf(decimal(point.loss, 40)) - hand.loss(sizes, rows)) < hand.mp.mpf(10) ** -30
    assert (hand.negative_eigenvalues(*hand.split(sizes, rows, 0, 1)) == 0) is minimum


@pytest.mark.parametrize(("name", "d"), [("II", "6"), ("M3", "11.25"), ("A", "1000000"), ("I", "1e12"), ("II", "3")])
def test_balls_of_different_precision_overlap(families, name, d):
    coarse, fine = families(name).at(d, digits=10), families(name).at(d, digits=200)
    with working(1000):
        for entry, ball in fine.parameters.items():
            assert ball.overlaps(coarse.parameters[entry])
            assert ball.rad() < arb(10) ** -200
            assert coarse.parameters[entry].rad() < arb(10) ** -10
        assert fine.loss.overlaps(coarse.loss)
        assert fine.loss.rad() < arb(10) ** -190


def test_a_large_d_agrees_with_the_series(families):
    """II at d = 10^12: w12 = 2 s^2 - (2 + 8/pi) s^4 + O(s^5)."""
    with working(200):
        s = arb(10) ** -6
        difference = families("II").at("1e12", digits=40).parameters["w12"] - (2 * s**2 - (2 + 8 / arb.pi()) * s**4)
        assert abs(difference) < s**5 * 100


def test_global_is_exact(families):
    point = families("global").at("7.5").point
    assert point.parameters["diag1"] == 1
    assert point.parameters["off1"] == 0
    assert point.loss == 0
    assert point.is_minimum
    # AF20-global: x is 1/4 - 1/(2 pi), y is 1/4 + 1/(2 pi)
    values = {c.type.name: c.eigenvalues for c in point.components}
    with working(53):
        assert abs(values["x1"][0] - (arb(1) / 4 - 1 / (2 * arb.pi()))) < arb(10) ** -14
        assert abs(values["y1"][0] - (arb(1) / 4 + 1 / (2 * arb.pi()))) < arb(10) ** -14
        # and t: the eigenvalues of [[1/2 + (d-1)/(2 pi), (d-1)/4], [1/4, d/4 + 1/(2 pi)]]
        d, pi = arb(to_fmpq(Fraction(15, 2))), arb.pi()
        trace = arb(1) / 2 + d / (2 * pi) + d / 4
        determinant = (arb(1) / 2 + (d - 1) / (2 * pi)) * (d / 4 + 1 / (2 * pi)) - (d - 1) / 16
        assert abs(values["t"][0] + values["t"][1] - trace) < arb(10) ** -13
        assert abs(values["t"][0] * values["t"][1] - determinant) < arb(10) ** -13


@pytest.mark.parametrize(
    ("name", "d", "digits", "said"),
    [
        ("II", 2, 20, "needs d >= 3"),
        ("II", "2.999", 20, "needs d >= 3"),
        ("II", -4, 20, "out of the range"),
        ("II", 0, 20, "out of the range"),
        ("A", "1", 20, "needs d >= 2"),
        ("M4", "5.9", 20, "needs d >= 6"),
        ("global", 1, 20, "needs d >= 2"),
        ("II", "six", 20, "d = 'six' is not a real number"),
        ("II", None, 20, "not a real number"),
        ("II", 6, 0, "0 digits"),
        ("II", 6, -1, "-1 digits"),
        ("II", 6, 10**5, "100000 digits"),
        ("M", 6, 20, "symbol p"),
    ],
)
def test_bad_input_gets_one_line(families, name, d, digits, said):
    with pytest.raises(UsageError) as caught:
        families(name).at(d, digits=digits)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_starting_values_from_which_nothing_is_found_are_refused():
    data = {"blocks": ["d"], "rows": [{"attached": 1}], "start": {"d": 20, "values": {"diag1": 0, "off1": 0}}}
    with pytest.raises(BranchEnds, match="starting values at d = 20"):
        family(data).at(20)


def test_the_global_minimum_cannot_be_certified_from_numbers():
    """It lies on the singular set, where no ball will do; Newton's method finds it from here."""
    data = {
        "blocks": ["d"],
        "rows": [{"attached": 1}],
        "start": {"d": 20, "values": {"diag1": "0.99", "off1": "0.001"}},
    }
    with pytest.raises((Undecided, BranchEnds)):
        family(data).at(20)


def test_near_a_singular_point_nothing_is_claimed(families):
    """I tends to a singular point as d -> 3; there the zero is not isolated."""
    with pytest.raises((Undecided, BranchEnds)):
        families("I").at(3)


def test_an_integer_d_with_blocks_that_are_no_integers_has_no_index():
    """Two halves of 5/2 columns are no network."""
    values = {"diag1": "-.6", "off1": ".3", "w12": ".3", "w21": ".3", "diag2": "-.6", "off2": ".3"}
    halves = family(
        {"blocks": ["d/2", "d/2"], "rows": [{"attached": 1}, {"attached": 2}], "start": {"d": 6, "values": values}}
    )
    assert halves.at(6).index is not None
    assert halves.at(5).index is None
    # the weights are those of A, whose symmetry is larger
    assert halves.at(5).parameters["off1"].overlaps(family("A").at(5).parameters["off1"])
    with pytest.raises(UsageError, match="no dense network"):
        halves.at(5, check=True)


def test_a_point_can_be_asked_for_twice_and_in_any_order():
    II = family("II")
    first = II.at(7).parameters
    for d in (50, "3.5", 7000, 7):
        again = II.at(d).parameters
    assert all(ball.overlaps(again[entry]) for entry, ball in first.items())
