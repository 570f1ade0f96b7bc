"""SYS-split and SYS-values: what is found, and that the checks notice what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flint import arb

from symrelu import family
from symrelu.analysis.dense_check import dense_teacher, dense_weights
from symrelu.arithmetic.reals import decimal
from symrelu.claims import splitting_claims
from symrelu.claims.splitting_claims import (
    THREE_BLOCKS,
    THREE_BLOCKS_D,
    split_cover,
    splitting_makes_saddles,
    values_of_minima,
)
from symrelu.model.dense import DenseNetwork


def test_splitting_gives_saddles() -> None:
    verdict = splitting_makes_saddles()
    assert (verdict.verdict, verdict.evidence) == ("holds", "certified")
    for part in (
        "A -1/pi*d^(-1/2)",
        "II 4*(pi - 2)/pi**2*d^(-2)",
        "M -sqrt(p)*(pi - 2)/pi**2*d^(-1/2) (t)",
        "it is 20.001035",
        "Not checked: the authors' stored minima",
    ):
        assert part in verdict.detail


def test_a_type_without_negative_eigenvalues_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    cover = split_cover("II")
    orbit = cover.orbits[1]
    flat = {name: [replace(part, negative=0) for part in parts] for name, parts in orbit.stretches.items()}
    broken = replace(cover, orbits=[cover.orbits[0], replace(orbit, stretches=flat)])
    monkeypatch.setattr(splitting_claims, "split_cover", lambda name: broken if name == "II" else split_cover(name))
    verdict = splitting_makes_saddles()
    assert verdict.verdict == "fails"
    assert "II, row orbit 2: no negative eigenvalue" in verdict.detail


def test_norms_that_are_too_large_are_noticed() -> None:
    cover = split_cover("A")
    broken = replace(cover, norms=[replace(part, negative=0) for part in cover.norms])
    assert splitting_claims._without_saddle(cover) == []
    assert ["the sum of the norms" in text for text in splitting_claims._without_saddle(broken)] == [True]


def test_the_shapes_have_five_six_and_eleven_values() -> None:
    verdict = values_of_minima()
    assert (verdict.verdict, verdict.evidence) == ("holds", "certified")
    assert "11 distinct entries, loss 0.06519402" in verdict.detail
    assert "Not checked" in verdict.detail


def test_other_numbers_of_values_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: Any = [(blocks, 7, source, d) for blocks, _, source, d in splitting_claims.SHAPES]
    monkeypatch.setattr(splitting_claims, "SHAPES", shapes)
    verdict = values_of_minima()
    assert verdict.verdict == "fails"
    assert "the shape (p,1,q) has 11 entries, not 7" in verdict.detail


def test_a_saddle_does_not_pass_for_a_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting_claims, "SHAPES", [("(1,k-1)", 5, "I", 6)])
    assert "I is not a spurious minimum at d = 6" in values_of_minima().detail


def test_the_point_with_three_blocks_is_critical_in_the_dense_network() -> None:
    found = family(THREE_BLOCKS).at(THREE_BLOCKS_D, 40)
    assert found.is_minimum and found.index == 0
    definition, entries = found.point.definition, {name: decimal(x, 40) for name, x in found.parameters.items()}
    network = DenseNetwork(dense_teacher(definition, THREE_BLOCKS_D), 40)
    weights = dense_weights(definition, THREE_BLOCKS_D, entries)
    assert max(abs(x) for row in network.gradient(weights) for x in row) < network.mp.mpf(10) ** -35
    assert abs(network.loss(weights) - network.mp.convert(decimal(found.loss, 30))) < network.mp.mpf(10) ** -28


def test_overlapping_balls_prove_nothing() -> None:
    assert splitting_claims.all_distinct([arb(1, 0.1), arb(2, 0.1), arb(3, 0.1)])
    assert not splitting_claims.all_distinct([arb(1, 0.1), arb(2, 0.1), arb(1.15, 0.1)])
