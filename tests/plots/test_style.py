"""What holds for all pictures: told apart in grey, no trace left, the same bytes each time."""

import json
import subprocess
import sys
from itertools import combinations, pairwise

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from PIL import Image

from symrelu import plots
from symrelu.arithmetic.outcome import UsageError
from symrelu.plots import layout, notation, style
from symrelu.plots.sampling import geometric
from symrelu.symmetry.types import IsotypicType, Kind

GROUP_OF_TWO = [
    IsotypicType(Kind.TRIVIAL),
    *(IsotypicType(kind, block) for block in (0, 1, 2) for kind in (Kind.STANDARD, Kind.EXTERIOR, Kind.SYMMETRIC)),
    IsotypicType(Kind.PRODUCT, 0, 1),
]


def grey(color):
    """Luminance as Pillow has it, which is what a grey copy of the picture shows."""
    pixel = Image.new("RGB", (1, 1), tuple(round(255 * x) for x in to_rgb(color)))
    return pixel.convert("L").getpixel((0, 0)) / 255


def test_luminance_is_what_a_grey_copy_shows():
    for color in (*style._BLOCKS, style.INK, style.GREY):
        assert style.luminance(to_rgb(color)) == pytest.approx(grey(color), abs=0.01)


@pytest.mark.parametrize(("one", "other"), list(combinations(GROUP_OF_TWO, 2)), ids=lambda kind: kind.name)
def test_lines_and_symbols_differ_without_colour(one, other):
    a, b = style.line_style(one), style.line_style(other)
    plain = [{**x, "color": None} for x in (a, b)]
    assert plain[0] != plain[1] or abs(grey(a["color"]) - grey(b["color"])) > 0.15
    a, b = style.symbol_style(one), style.symbol_style(other)
    assert a["marker"] != b["marker"] or abs(grey(a["color"]) - grey(b["color"])) > 0.08


def test_minimum_saddle_and_undecided_cells_differ_without_colour():
    assert grey(style.CELLS["minimum"]["facecolor"]) > 0.85
    assert grey(style.CELLS["saddle"]["facecolor"]) < 0.35
    assert style.CELLS["undecided"]["hatch"] and not style.CELLS["minimum"].get("hatch")
    assert style.kind_dashes(True) != style.kind_dashes(False)


def test_the_colour_map_tells_signs_by_luminance():
    colours = style.diverging()
    shades = [grey(colours(i / 40)[:3]) for i in range(41)]
    assert all(low < high for low, high in pairwise(shades))
    assert shades[20] - shades[0] > 0.4 and shades[40] - shades[20] > 0.3


@given(st.lists(st.floats(-0.2, 1.2), max_size=9), st.floats(0.001, 0.2))
def test_spread_keeps_order_and_distance(wanted, gap):
    places = layout.spread(wanted, gap)
    assert len(places) == len(wanted)
    ordered = [place for _, _, place in sorted(zip(wanted, range(len(wanted)), places, strict=True))]
    assert all(high - low >= gap - 1e-9 for low, high in pairwise(ordered))
    if gap * max(len(wanted) - 1, 0) <= 0.5:
        assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)


@pytest.mark.parametrize("name", ["t", "s1", "x2", "y1", "s1*s2"])
def test_components_can_be_set(name):
    with matplotlib.rc_context(style.RC):
        MathTextParser("agg").parse(notation.component(name))


def test_points_are_exact_and_denser_beside_thresholds():
    ds = geometric(4, 9, 10, [5.5855])
    assert (ds[0], ds[-1]) == (4, 9) and ds == sorted(ds)
    assert min(abs(float(d) - 5.5855) for d in ds) < 0.01
    assert sum(abs(float(d) - 5.5855) < 0.1 for d in ds) >= 6


def test_drawing_leaves_no_trace(families):
    before = dict(matplotlib.rcParams)
    plots.weights(families("A"), 6)
    assert dict(matplotlib.rcParams) == before


def test_an_axes_is_drawn_into_and_returned(families):
    for draw in (plots.weights, plots.density):
        ax = Figure().add_subplot()
        assert draw(families("A"), 6, ax=ax) is ax
        assert ax.has_data()


@pytest.mark.parametrize("suffix", style.SUFFIXES)
def test_files_are_the_same_each_time(families, tmp_path, suffix, monkeypatch):
    written = []
    for second, name in enumerate(("one", "other")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(10**9 * (second + 1)))  # as if years lay between
        path = plots.save(plots.density(families("A"), 6), tmp_path / f"{name}{suffix}")
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert written[0][:5] in (b"\x89PNG\r", b"%PDF-", b"<?xml")


def test_files_that_cannot_be_written(families, tmp_path):
    ax = plots.density(families("A"), 6)
    for path, reason in (
        ("a.gif", ".png, .pdf, .svg"),
        ("a", ".png, .pdf, .svg"),
        ("b/a.png", "no folder"),
        ("c.png", "cannot be written"),
    ):
        (tmp_path / "c.png").mkdir(exist_ok=True)
        with pytest.raises(UsageError, match=reason):
            plots.save(ax, tmp_path / path)


def test_no_name_is_hidden_by_its_file():
    for name in plots.__all__:
        assert callable(getattr(plots, name))
    with pytest.raises(AttributeError, match="pie"):
        plots.pie  # noqa: B018


SCRIPT = """
import json, sys
sys.modules["matplotlib"] = None
from symrelu import family
from symrelu.plots.weight_matrix import collect_weights
from symrelu.plots.spectral_density import collect_density
data = collect_weights(family("A"), 5)
del sys.modules["matplotlib"]
from symrelu import plots
plots.weights(family("A"), 5)
print(json.dumps([data.matrix[0][1], "matplotlib.pyplot" in sys.modules]))
"""


def test_data_need_no_matplotlib_and_drawing_no_pyplot(dense):
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    off, pyplot = json.loads(done.stdout)
    assert off == pytest.approx(dense("A", 5).weights[0][1], abs=1e-12)
    assert not pyplot
