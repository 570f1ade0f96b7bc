"""Critical points of the dense network, which knows no families: rough matrices, polished on all weights."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import combinations

import numpy
import pytest
from matplotlib.text import Text

from symrelu import family
from symrelu.model.dense import DenseNetwork

DIGITS = 20


@dataclass(frozen=True)
class DensePoint:
    """A weight matrix, its loss, and the eigenvalues of its Hessian with multiplicities, as floats."""

    weights: list[list[float]]
    loss: float
    eigenvalues: list[float]


def attached(n, m, diagonal, off, elsewhere):
    """n rows: constant on the first n columns but for the diagonal, and on m further ones."""
    return [[diagonal if i == j else off for j in range(n)] + [elsewhere] * m for i in range(n)]


ROUGH = {
    # Safran and Shamir's example of a local minimum at k = d = 6, to four digits.
    ("II", 6): [*attached(5, 1, 0.9867, -0.0504, 0.308), [0.2245] * 5 + [-0.6015]],
    # -I + (2/d) 11^T
    ("A", 5): attached(5, 0, -0.6, 0.4, 0),
    ("A", 6): attached(6, 0, -2 / 3, 1 / 3, 0),
    # Two neurons near -e_j, the others near e_j.
    ("M2", 7): [*attached(5, 2, 1, 0, 0.2), [0.15] * 5 + [-0.75, 0.25], [0.15] * 5 + [0.25, -0.75]],
    # II, its flipped neuron replaced by two unequal ones.
    ("II+1", 6): [*attached(5, 1, 0.96, -0.06, 0.3), [0.09] * 5 + [-0.43], [0.19] * 5 + [-0.18]],
}


@pytest.fixture(scope="session")
def dense():
    """dense(name, d): the dense critical point next to a rough matrix."""

    @cache
    def point(name, d):
        network = DenseNetwork.orthonormal(d, DIGITS)
        W = network.newton(ROUGH[name, d]).weights
        hessian = numpy.array(network.hessian(W).tolist(), dtype=float)
        return DensePoint(
            [[float(x) for x in row] for row in W], float(network.loss(W)), list(numpy.linalg.eigvalsh(hessian))
        )

    return point


@pytest.fixture(scope="session")
def families():
    """Families by name, each with what has been derived of it so far."""
    return cache(family)


@pytest.fixture(scope="session")
def renders():
    """renders(ax): draw all of its figure, so that what cannot be set (an unknown glyph, bad mathtext) fails."""
    return lambda ax: ax.figure.savefig(BytesIO(), format="png", dpi=60)


@pytest.fixture(scope="session")
def overlapping():
    """overlapping(ax): the texts in and around an Axes that overlap each other, or are cut off by the figure."""

    def find(ax):
        ax.figure.draw_without_rendering()
        axes = [ax.xaxis.label, ax.yaxis.label, ax.title]
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
            axes += [label for place, label in ticks if low <= place <= high]
        inside, around = (
            [(text.get_text(), Text.get_window_extent(text)) for text in texts if text.get_text()]
            for texts in (ax.texts, axes)
        )
        edges = ax.figure.bbox
        cut = [text for text, b in inside + around if b.x0 < edges.x0 or b.x1 > edges.x1 or b.y1 > edges.y1]
        return cut + [(one, other) for (one, a), (other, b) in combinations(inside, 2) if a.overlaps(b)]

    return find
