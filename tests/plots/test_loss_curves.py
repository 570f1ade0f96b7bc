"""Loss against d: values against the dense network and the papers, styles that change at the fractional dimension."""

from math import pi

import pytest

from symrelu.arithmetic.outcome import UsageError
from symrelu.plots import style
from symrelu.plots.loss_curves import LossCurve, LossCurves, LossPoint, collect_loss, draw_loss

# Arjevani and Field: the d from which on each family is a minimum.
TURNS = {"A": 5.7638, "I": 6.7448, "II": 5.5855, "M2": 7.5612, "M3": 9.3232}


@pytest.fixture(scope="module")
def curves(families):
    return collect_loss(families("II"), 5, 1000)


def by_name(data):
    return {curve.family: curve for curve in data.curves}


def test_all_families_with_as_many_neurons(curves):
    assert set(by_name(curves)) == {"global", "A", "I", "II", "M2", "M3", "M4"}
    assert curves.curves[-1].family == "II"  # drawn over the others


def test_losses_are_those_of_the_dense_network(dense, families):
    found = by_name(collect_loss(families("A"), 6, 7))
    for name, d, place in (("A", 6, 0), ("II", 6, 0), ("M2", 7, -1)):
        point = found[name].points[place]
        assert (point.d, point.loss) == (d, pytest.approx(dense(name, d).loss, abs=1e-11))
    # Safran and Shamir's example.
    assert found["II"].points[0].loss == pytest.approx(0.02508, abs=5e-6)


def test_losses_far_out_are_those_of_the_papers_series(curves):
    d, far = 1000, {name: curve.points[-1].loss for name, curve in by_name(curves).items()}
    assert far["II"] == pytest.approx((1 / 2 - 2 / pi**2) / d - 32 / (3 * pi**4) / d**1.5, rel=1e-2)
    assert min(far["A"], far["I"]) > 0.1  # bounded away from 0
    assert all(point.loss == 0 for point in by_name(curves)["global"].points)


@pytest.mark.parametrize("name", TURNS)
def test_kind_and_line_change_at_the_fractional_dimension(curves, name):
    curve = by_name(curves)[name]
    (turn,) = curve.turns
    assert turn == pytest.approx(TURNS[name], rel=2e-3) and turn > TURNS[name] - 1e-4
    assert [run[-1].minimum for run in curve.runs] == [False, True]
    ax = draw_loss(LossCurves(name, curves.low, curves.high, [curve]))
    saddle, minimum, circle = ax.lines
    assert saddle.get_xdata()[-1] == minimum.get_xdata()[0] == pytest.approx(TURNS[name], rel=2e-3)
    assert saddle.get_linestyle() == "--" and minimum.get_linestyle() == "-"
    assert list(circle.get_xdata()) == [turn]


def test_the_axes_hold_the_data(curves, renders, overlapping):
    ax = draw_loss(curves)
    drawn = {(x, y) for line in ax.lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)}
    for curve in curves.curves:
        if curve.family != "global":
            assert {(point.d, point.loss) for point in curve.points} <= drawn
    texts = [text.get_text() for text in ax.texts]
    assert {"A", "I", "II", "M2", "M3", "M4"} <= set(texts)
    assert [text for text in texts if "global" in text] == [r"global: $\mathcal{L} = 0$"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("$d$", r"$\mathcal{L}$", "log")
    own = {point.d for point in by_name(curves)["II"].points}
    wide = [line for line in ax.lines if line.get_linewidth() > 2]
    assert {d for line in wide for d in line.get_xdata()} == own
    assert {line.get_color() for line in wide} == {style.INK}
    renders(ax)
    assert not overlapping(ax)
    assert not overlapping(draw_loss(curves, style.new_axes(3.4)))


def test_runs():
    points = [LossPoint(float(d), 1.0, minimum) for d, minimum in enumerate([True, False, False, True])]
    runs = LossCurve("F", points).runs
    assert [[point.d for point in run] for run in runs] == [[0.0], [0.0, 1.0, 2.0], [2.0, 3.0]]
    assert LossCurve("F", points).turns == [1.0, 3.0]


def test_a_family_of_the_user_among_those_of_the_catalogue():
    from symrelu import family

    values = {"diag1": "1", "off1": "0", "w12": "0.1", "w21": "0.05", "diag2": "-0.9", "off2": "0.1"}
    rows = [{"attached": 1}, {"attached": 2}]
    own = family({"name": "my $", "blocks": ["d-3", "3"], "rows": rows, "start": {"d": "20", "values": values}})
    data = collect_loss(own, 19, 20)
    found = by_name(data)
    assert found["my $"].points[-1].loss == pytest.approx(found["M3"].points[-1].loss, rel=1e-12)
    assert r"my \$" in [text.get_text() for text in draw_loss(data).texts]


def test_wrong_intervals(families):
    for low, high, reason in ((8, 6, "empty"), (2, 6, "out of the range")):
        with pytest.raises(UsageError, match=reason):
            collect_loss(families("II"), low, high)
    with pytest.raises(UsageError, match="symbol p"):
        collect_loss(families("M"))
