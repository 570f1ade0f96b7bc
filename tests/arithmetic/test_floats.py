"""Floats behind the arithmetic protocol: the loss and gradient they give are those of the dense network."""

from fractions import Fraction
from math import pi

import pytest

from symrelu.analysis.dense_check import dense_weights
from symrelu.arithmetic.floats import Floats
from symrelu.family.catalogue import definition
from symrelu.family.gram import GramTable
from symrelu.family.reduced import gradient, loss
from symrelu.model.dense import DenseNetwork

POINTS = {
    "A+1": {"diag1": -0.8, "off1": 0.15, "w21": 0.3},
    "II+1": {"diag1": 1.1, "off1": -0.04, "w12": 0.2, "w21": 0.1, "w22": -0.7, "w31": 0.05, "w32": -0.3},
    "M2": {"diag1": 0.9, "off1": 0.02, "w12": 0.2, "w21": 0.1, "diag2": -0.7, "off2": 0.3},
}


@pytest.mark.parametrize("name", POINTS)
def test_loss_and_gradient_are_those_of_the_dense_network(name):
    d, family = 6, definition(name)
    values = POINTS[name]
    table = GramTable(family.shape, Floats(), [float(n) for n in family.sizes(Fraction(d))], values)
    network, weights = DenseNetwork.orthonormal(d), dense_weights(family, d, values)
    assert loss(table) / (2 * pi) == pytest.approx(float(network.loss(weights)), rel=1e-13)
    # the component of an entry is the derivative with respect to one of its places in the matrix
    places = dense_weights(family, d, {entry: entry for entry in family.shape.names})
    slopes = network.gradient(weights)
    found = dict(zip(family.shape.names, gradient(table), strict=True))
    for row, names in zip(slopes, places, strict=True):
        for slope, entry in zip(row, names, strict=True):
            assert found[entry] / (2 * pi) == pytest.approx(float(slope), abs=1e-14)


def test_angles_are_between_zero_and_pi():
    assert Floats.angle(0.5, -0.5, 0.5) == pytest.approx(3 * pi / 4)
    assert Floats.angle(0.5, 0.5, 0.5) == pytest.approx(pi / 4)
    assert Floats.pi == pi


def test_only_the_integer_zero_is_structurally_zero():
    assert Floats.is_zero(0)
    assert not Floats.is_zero(0.0)
    assert not Floats.is_zero(1)


def test_a_root_of_a_negative_number_is_an_error():
    with pytest.raises(ValueError, match=r"math domain|nonnegative"):
        Floats.sqrt(-1e-300)
