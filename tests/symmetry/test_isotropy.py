"""Isotropy groups against all column permutations tried one by one."""

from collections import Counter
from itertools import permutations
from math import factorial, prod

import numpy as np
import pytest

from symrelu.arithmetic.outcome import UsageError
from symrelu.symmetry.isotropy import Ambiguous, isotropy


def order_by_trying_all(C):
    """|{(P, Q)}|: for each Q that preserves the multiset of rows there are as many P as permutations of equal rows."""
    rows = Counter(map(tuple, C))
    preserving = sum(Counter(map(tuple, C[:, list(Q)])) == rows for Q in permutations(range(C.shape[1])))
    return preserving * prod(factorial(n) for n in rows.values())


@pytest.mark.parametrize("seed", range(120))
def test_order_of_random_structured_matrices(seed):
    random = np.random.default_rng(seed)
    d, k = int(random.integers(1, 6)), int(random.integers(1, 7))
    C = random.integers(0, random.integers(1, 4), (k, d))
    if seed % 3 == 0:  # circulants: cosets that move single columns
        C = np.array([np.roll(C[0], i) for i in range(d)])
    W = random.normal(size=4)[C] + random.uniform(-1e-9, 1e-9, C.shape) * (seed % 2)
    found = isotropy(W, tolerance=1e-6)
    assert found.order == order_by_trying_all(C)


@pytest.mark.parametrize("noise", [0.0, 1e-12, 1e-6, 1e-4])
def test_blocks_are_found_in_any_order_and_with_noise(noise):
    random = np.random.default_rng(7)
    exact = np.eye(12) + 0.05
    exact[9:] += 0.1
    exact[:, 11] -= 0.3
    shuffled = exact[random.permutation(12)][:, random.permutation(12)] + random.uniform(-noise, noise, (12, 12))
    found = isotropy(shuffled)
    assert found.blocks == (9, 2, 1)
    assert found.order == factorial(9) * 2
    assert np.abs(shuffled[np.ix_(found.rows, found.columns)] - exact).max() <= noise


def test_noise_of_the_size_of_a_gap_is_reported():
    random = np.random.default_rng(1)
    W = np.eye(6) + random.uniform(-1e-4, 1e-4, (6, 6))
    W[5] += 6e-4
    with pytest.raises(Ambiguous, match="apart"):
        isotropy(W)


def test_equal_rows_and_moved_blocks_are_said():
    copies = isotropy(np.array([[1.0, 2], [1, 2], [0, 0]]))
    assert (copies.copies, copies.order) == (2, 2)
    wreath = isotropy(np.kron(np.eye(3), np.ones((2, 2))) + np.eye(6))
    assert (wreath.young, wreath.further, wreath.order) == ((2, 2, 2), 6, 48)


def test_orbits_of_another_kind_give_a_smaller_young_subgroup():
    pairs = np.array(
        [[float(i in pair) for i in range(4)] for pair in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]]
    )
    found = isotropy(pairs)
    assert found.order == 24
    assert found.reduced and set(found.blocks) == {1}


def test_no_matrix():
    with pytest.raises(UsageError, match="shape"):
        isotropy(np.zeros(3))
    with pytest.raises(UsageError, match="NaN"):
        isotropy(np.array([[np.nan, 1.0]]))
