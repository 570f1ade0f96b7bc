"""Eigenvalues against d: values against the dense network, thresholds against the papers, lines against the data."""

from collections import Counter

import pytest

from symrelu.arithmetic.outcome import UsageError
from symrelu.plots.eigenvalue_curves import collect_eigenvalues, draw_eigenvalues
from symrelu.plots.layout import LINEAR_TO
from symrelu.plots.style import new_axes

# Formal dimensions at the d of the first points, by hand: II at 6 (n = 5), A at 5 (n = 5).
DIMENSIONS = {"II": {"t": 1, "s1": 4, "x1": 6, "y1": 5}, "A": {"t": 1, "s1": 4, "x1": 6, "y1": 5}}
# Arjevani and Field, fractional dimensions.
PAPERS = {"II": ("5.5855", "s1"), "A": ("5.7638", "x1")}


@pytest.fixture(scope="module")
def curves(families):
    ranges = {"II": (5, 8), "A": (5, 8)}
    return {name: collect_eigenvalues(families(name), low, high) for name, (low, high) in ranges.items()}


@pytest.mark.parametrize(("name", "d"), [("A", 5), ("II", 6)])
def test_values_are_those_of_the_dense_hessian(dense, families, curves, name, d):
    data = curves[name] if name == "A" else collect_eigenvalues(families(name), d, 7)
    found = []
    for curve in data.curves:
        assert curve.d[0] == d
        found += [curve.values[0]] * DIMENSIONS[name][curve.type.name]
    assert sorted(found) == pytest.approx(dense(name, d).eigenvalues, abs=1e-9)


@pytest.mark.parametrize("name", PAPERS)
def test_thresholds_are_those_of_the_papers(curves, name):
    (threshold,) = curves[name].thresholds
    digits, component = PAPERS[name]
    assert threshold.digits.startswith(digits) and len(threshold.digits) == 9
    assert threshold.type.name == component
    crossing = [curve for curve in curves[name].curves if min(curve.values) < 0 < max(curve.values)]
    assert [(curve.type.name, curve.number) for curve in crossing] == [(component, 1)]
    below = [d for d, value in zip(crossing[0].d, crossing[0].values, strict=True) if value < 0]
    assert 0 < threshold.d - max(below) < 0.01  # there are points next to it


@pytest.mark.parametrize("name", PAPERS)
def test_the_axes_hold_the_data(curves, renders, name):
    data = curves[name]
    ax = draw_eigenvalues(data)
    drawn = [(list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines]
    for curve in data.curves:
        assert (curve.d, curve.values) in drawn
    (threshold,) = data.thresholds
    assert ([threshold.d], [0]) in drawn
    assert ([threshold.d] * 2, [0, 1]) in drawn  # the whole height of the axes
    (text,) = (text.get_text() for text in ax.texts if text.get_text())
    assert text.startswith(f"$d^* = {PAPERS[name][0]}") and r"\mathfrak" in text
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [
        rf"$\mathfrak{{{letter}}}{index}$" for letter, index in zip("tsxy", ["", *["_{1}"] * 3], strict=True)
    ]
    renders(ax)


def test_small_eigenvalues_take_as_much_room_as_the_growing_ones(curves):
    ax = draw_eigenvalues(curves["II"])
    height = ax.transAxes.inverted().transform(ax.transData.transform([(6, 0), (6, LINEAR_TO)]))[:, 1]
    assert height[1] - height[0] > 0.3
    assert "linear" in ax.get_ylabel() and ax.get_xlabel() == "$d$"


def test_lines_of_components_differ(curves):
    ax = draw_eigenvalues(curves["II"])
    assert len({str(line._dash_pattern) for line in ax.get_legend().get_lines()}) == 4


def test_several_thresholds_and_a_block_of_two_columns(families, renders, overlapping):
    data = collect_eigenvalues(families("M2"), 4, 9)  # at d = 4 the first block has two columns
    assert [threshold.type.name for threshold in data.thresholds] == ["x1", "s1*s2", "s2", "s1"]
    assert data.thresholds[-1].digits.startswith("7.5611")
    numbers = Counter(curve.type.name for curve in data.curves)
    assert numbers == {"t": 6, "s1": 5, "x1": 1, "y1": 1, "s2": 4, "s1*s2": 2}
    ax = draw_eigenvalues(data, new_axes(3.4))
    renders(ax)
    assert not overlapping(ax)


def test_wrong_intervals(families):
    for low, high, reason in ((8, 6, "empty"), (1, 6, "out of the range"), ("a", 6, "real number")):
        with pytest.raises(UsageError, match=reason):
            collect_eigenvalues(families("II"), low, high)
