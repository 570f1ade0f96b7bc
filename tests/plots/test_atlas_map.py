"""The index map: indices against the dense Hessian, one cell for each pair, legible kinds."""

import numpy
import pytest
from matplotlib.collections import PatchCollection

from symrelu.arithmetic.outcome import UsageError
from symrelu.plots.atlas_map import IndexMap, collect_index_map, draw_index_map, require_all_p
from symrelu.plots.style import CELLS, new_axes
from symrelu.proof.atlas import run_atlas


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    run_atlas(7, folder, processes=1)
    return folder


def test_indices_are_those_of_the_dense_hessian(dense, stored):
    data = collect_index_map(atlas=stored)
    assert data.largest == 7 and len(data.index) == 2 + 2 + 3 + 3
    for (d, p), name in {(7, 2): "M2", (6, 1): "II"}.items():
        negative = int(numpy.sum(numpy.array(dense(name, d).eigenvalues) < 0))
        assert data.index[d, p] == negative
    # At d = 4 two flipped neurons of four are type A, rows exchanged: 3 descent directions, x of S_4.
    assert data.index[4, 2] == 3


def test_a_part_of_an_atlas_and_progress(stored):
    assert set(collect_index_map("6", stored).index) == {(4, 1), (4, 2), (5, 1), (5, 2), (6, 1), (6, 2), (6, 3)}
    told = []
    computed = collect_index_map(4, progress=told.append)
    assert computed.index == collect_index_map(4, stored).index
    assert told == [0.5, 1.0]


MADE_UP = IndexMap(7, {(4, 1): 2, (4, 2): 13, (5, 1): 0, (5, 2): None, (6, 1): 0, (6, 2): 4, (6, 3): 0, (7, 1): 0})


def test_one_cell_for_each_pair(renders):
    ax = draw_index_map(MADE_UP)
    cells = {c.get_label(): c for c in ax.collections if isinstance(c, PatchCollection)}
    corners = {
        kind: {tuple(path.vertices.min(axis=0) + 0.5) for path in cell.get_paths()} for kind, cell in cells.items()
    }
    assert corners == {
        "minimum": {(5, 1), (6, 1), (6, 3), (7, 1)},
        "saddle": {(4, 1), (4, 2), (6, 2)},
        "undecided": {(5, 2)},
    }
    assert {text.get_position(): text.get_text() for text in ax.texts} == {(4, 1): "2", (4, 2): "13", (6, 2): "4"}
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["minimum (4)", "saddle (3)", "undecided (1)"]
    assert cells["undecided"].get_hatch() == CELLS["undecided"]["hatch"]
    renders(ax)


def test_numbers_only_where_they_can_be_read():
    pairs = {(d, p): d % 3 for d in range(4, 101) for p in range(1, d // 2 + 1)}
    assert not draw_index_map(IndexMap(100, pairs), new_axes(3.4)).texts


def test_wrong_use(families, tmp_path):
    with pytest.raises(UsageError, match="not of II"):
        require_all_p(families("II").definition)
    require_all_p(families("M").definition)
    for largest, reason in (("8.5", "integer"), (3, "4 <= d <= K"), ("x", "--to")):
        with pytest.raises(UsageError, match=reason):
            collect_index_map(largest)
    with pytest.raises(UsageError, match="cannot be read"):
        collect_index_map(atlas=tmp_path)
    (tmp_path / "atlas.jsonl").write_text('{"format": "symrelu-atlas-1", "largest": 4, "digits": 12, "versions": {}}\n')
    with pytest.raises(UsageError, match="no entry"):
        collect_index_map(atlas=tmp_path)
