"""The weight matrix: every cell against the dense network, and what stands on the Axes."""

import numpy
import pytest
from matplotlib.collections import QuadMesh

from symrelu import family, plots
from symrelu.arithmetic.outcome import UsageError
from symrelu.plots.style import new_axes
from symrelu.plots.weight_matrix import DRAWN, collect_weights, draw_weights


@pytest.mark.parametrize(("name", "d"), [("II", 6), ("A", 6), ("M2", 7), ("II+1", 6)])
def test_every_cell_is_a_weight_of_the_dense_network(dense, families, renders, name, d):
    data = collect_weights(families(name), d)
    assert numpy.allclose(data.matrix, dense(name, d).weights, rtol=0, atol=1e-11)
    ax = draw_weights(data)
    (mesh,) = (found for found in ax.collections if isinstance(found, QuadMesh))
    assert numpy.array_equal(mesh.get_array(), data.matrix)
    renders(ax)


def test_sizes_separators_and_names(families):
    ax = plots.weights(families("II+1"), 6)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["$d-1 = 5$", "$1$"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["$d-1 = 5$", "$1$", "$1$"]
    assert len(ax.lines) == 1 + 2  # separators
    names = {text.get_text().splitlines()[0] for text in ax.texts}
    assert names == {
        *(r"$\mathrm{diag}_{1}$", r"$\mathrm{off}_{1}$"),
        *("$w_{12}$", "$w_{21}$", "$w_{22}$", "$w_{31}$", "$w_{32}$"),
    }
    assert ax.yaxis_inverted()  # the first row is on top


def test_each_name_stands_on_its_block(families):
    ax = plots.weights(families("II"), 6)
    at = {text.get_text().splitlines()[0]: text.get_position() for text in ax.texts}
    column, row = ax.lines[0].get_xdata()[0], ax.lines[1].get_ydata()[0]
    for name, right, below in (("$w_{12}$", True, False), ("$w_{21}$", False, True), ("$w_{22}$", True, True)):
        x, y = at[name]
        assert (x > column, y > row) == (right, below)


def test_large_blocks_are_drawn_with_fewer_cells(families, renders):
    data = collect_weights(families("II"), 100)
    assert numpy.shape(data.matrix) == (DRAWN + 1, DRAWN + 1)
    assert [part.size for part in data.columns] == [99, 1]
    # The leading terms of the papers: w12 = 2/d, w22 = -1 + O(1/d), diag1 = 1.
    assert data.matrix[0][DRAWN] == pytest.approx(2 / 100, abs=6 / 100**2)
    assert data.matrix[3][3] == pytest.approx(1, abs=1e-3)
    assert data.matrix[DRAWN][DRAWN] == pytest.approx(-1, abs=0.1)
    ax = draw_weights(data)
    assert str(DRAWN) in ax.get_xlabel()
    assert not draw_weights(collect_weights(families("II"), 20)).get_xlabel()
    renders(ax)


@pytest.mark.parametrize("width", [3.4, 6.5])
@pytest.mark.parametrize(("name", "d"), [("II", 100), ("M2", 100), ("M2", 12), ("II+1", 8)])
def test_names_do_not_overlap(families, overlapping, name, d, width):
    assert not overlapping(draw_weights(collect_weights(families(name), d), new_axes(width)))


def test_wrong_d():
    for d, reason in (("5.5", "integer"), (2, "needs d >= 3"), ("1e7", "too large"), ("x", "real number")):
        with pytest.raises(UsageError, match=reason):
            collect_weights(family("II"), d)
