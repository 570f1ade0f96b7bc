"""The spectral density: multiplicities against the dense Hessian, the share of the crowded places, labels."""

from collections import Counter

import pytest

from symrelu import family, plots
from symrelu.arithmetic.outcome import UsageError
from symrelu.plots.spectral_density import collect_density, draw_density
from symrelu.plots.style import new_axes


@pytest.mark.parametrize(("name", "d"), [("II", 6), ("A", 5), ("M2", 7), ("II+1", 6)])
def test_eigenvalues_and_multiplicities_are_those_of_the_dense_hessian(dense, families, name, d):
    data = collect_density(families(name), d)
    found = sorted(value for level in data.levels for value in level.eigenvalues for _ in range(level.multiplicity))
    expected = dense(name, d).eigenvalues
    assert data.total == len(expected) == sum(level.number for level in data.levels)
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("name", "crowded"), [("A", 2), ("II", 2), ("M2", 2), ("II+1", 2)])
def test_all_but_order_d_eigenvalues_are_in_a_few_places(families, name, crowded):
    for d in (20, 200):
        data = collect_density(families(name), d)
        rest = data.total - sum(level.number for level in data.crowded)
        assert rest < 14 * d
        assert sum(len(level.eigenvalues) for level in data.crowded) == crowded


def test_labels_are_polynomials_in_d(families, renders):
    ax = plots.density(families("II"), 20)
    texts = [text.get_text() for text in ax.texts]
    assert texts == [
        r"$\mathfrak{t}$: $1$",
        r"$\mathfrak{s}_{1}$: $d-2 = 18$",
        r"$\mathfrak{x}_{1}$: $(d-3)(d-2)/2 = 153$",
        r"$\mathfrak{y}_{1}$: $(d-4)(d-1)/2 = 152$",
    ]
    assert "305 of 400 eigenvalues in 2 places" in ax.get_title()
    renders(ax)


def test_the_axes_hold_the_data(families):
    data = collect_density(families("M2"), 20)
    ax = draw_density(data)
    points = [(list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines]
    stems = [[(segment[0][0], segment[1][1]) for segment in collection.get_segments()] for collection in ax.collections]
    for level, stem in zip(data.levels, stems, strict=True):
        heights = [level.multiplicity] * len(level.eigenvalues)
        assert (level.eigenvalues, heights) in points
        assert stem == list(zip(level.eigenvalues, heights, strict=True))
    marks = Counter((line.get_marker(), line.get_color()) for line in ax.lines if line.get_marker() != "None")
    assert set(marks.values()) == {2}  # at its stems, and beside its name


@pytest.mark.parametrize("width", [3.4, 6.5])
def test_labels_do_not_overlap(families, overlapping, width):
    assert not overlapping(draw_density(collect_density(families("M4"), 100), new_axes(width)))


def test_wrong_d():
    for d, reason in (("5.5", "integer"), (2, "needs d >= 3")):
        with pytest.raises(UsageError, match=reason):
            collect_density(family("II"), d)
