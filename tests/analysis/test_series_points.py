"""The point of a family as truncated series: expanded as far as needed, and only where coefficients are exact."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import pytest

from symrelu.analysis.branch import Branch
from symrelu.analysis.derive import derive
from symrelu.analysis.leading_sources import leading_source
from symrelu.analysis.series_points import SeriesPoints
from symrelu.analysis.series_problem import coefficient_field
from symrelu.analysis.spectrum_series import expand_spectrum
from symrelu.analysis.splitting_series import expand_norms, expand_splitting
from symrelu.family.catalogue import definition, member


def source_of(name):
    family = definition(name)
    return family, leading_source(family, Branch(family), member)


def test_the_point_is_expanded_until_it_suffices_and_no_further():
    """1/w12^3 starts at s^-6 and loses as many terms."""
    points, tried = SeriesPoints(derive(*source_of("II"))), []

    def power(point):
        tried.append(point)
        inverse = 1 / point.entries["w12"]
        return point.arithmetic.head(inverse * inverse * inverse, 1)

    terms = points.read(power, 1)
    assert min(terms) == -6 and max(terms) <= 0
    assert terms[-6] == terms[-6].field.number(Fraction(1, 8))
    assert len(tried) > 1 and points.read(power, 1) == terms


def test_what_fails_otherwise_is_not_tried_again():
    points, tried = SeriesPoints(derive(*source_of("A"))), []

    def fails(point):
        tried.append(point)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        points.read(fails, 2)
    assert len(tried) == 1


class Unstarted:
    """A derivation that learns what s is when it starts, as those with numerical leading terms do."""

    def __init__(self, family):
        self.definition = family

    @property
    def field(self):
        self.definition = replace(self.definition, ramification=2)
        return coefficient_field(self.definition)

    def terms(self, order):
        self.asked = order
        return {name: {0: self.field.number(1)} for name in self.definition.shape.names}


def test_what_s_is_may_only_be_known_after_the_start():
    derivation = Unstarted(definition("A"))
    points = SeriesPoints(cast(Any, derivation))
    assert points.definition.ramification == 2
    size = points.read(lambda point: point.arithmetic.head(point.table.sizes[0], 1), 1)
    assert list(size) == [-4] and derivation.asked == 9


@pytest.mark.parametrize("expand", [expand_splitting, expand_norms, expand_spectrum])
def test_balls_are_refused_in_one_line(expand):
    derivation = derive(*source_of("II+1"))
    assert not derivation.field.exact
    with pytest.raises(
        ArithmeticError, match=r"coefficients of II\+1 are balls.*only over exact fields; give --d D"
    ) as told:
        expand(derivation, 2)
    assert "\n" not in str(told.value)
