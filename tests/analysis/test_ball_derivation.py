"""Series in balls: against families whose series are known exactly, and against certified points at large d."""

from functools import cache

import mpmath
import pytest
from flint import arb

from symrelu import family
from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.branch import Branch
from symrelu.analysis.leading import NumericalSeries
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ends
from symrelu.family.catalogue import definition

MP = mpmath.mp.clone()
MP.dps = 120


@cache
def derivation(name, digits=40):
    return BallDerivation(definition(name), NumericalSeries(Branch(definition(name))), digits)


def number(value):
    return MP.mpf(value.numerator) / value.denominator


def interval(ball):
    return tuple(number(end) for end in ends(ball))


@pytest.mark.parametrize("name", ["II", "A", "I"])
def test_balls_contain_the_exact_coefficients(families, name):
    """Families of the literature by way of symbols: every coefficient below s^9, zeros among them."""
    order = 9
    found, exact = derivation(name).terms(order), families(name).expand(order).parameters
    assert set(found) == set(exact)
    for entry, terms in exact.items():
        for power in range(order):
            if power not in found[entry]:
                assert power not in terms
                continue
            ball = found[entry][power].ball()
            with working(800):
                true = terms[power].ball() if power in terms else arb(0)
                assert ball.contains(true)
            assert ball.rad() < arb(10) ** -40 * (1 + abs(ball.mid()))


@cache
def richardson(name, digits=90, nodes=14):
    """Coefficients of the polynomial in s through certified points at d = (10^4 j)^2."""
    subject, points = family(name), {}
    for j in range(1, nodes + 1):
        at = subject.at((10**4 * j) ** 2, digits=digits)
        points[j] = {entry: number(sum(ends(ball)) / 2) for entry, ball in at.parameters.items()} | {
            "loss": number(sum(ends(at.loss)) / 2)
        }
    s = [MP.mpf(1) / (10**4 * j) for j in points]
    matrix = MP.matrix(nodes, nodes)
    for row, x in enumerate(s):
        for power in range(nodes):
            matrix[row, power] = x**power
    return {
        entry: MP.lu_solve(matrix, MP.matrix([points[j][entry] for j in points]))
        for entry in next(iter(points.values()))
    }


@pytest.mark.parametrize("name", ["II+1", "M2+1b"])
def test_certified_points_at_large_d_have_these_coefficients(families, name):
    """Every coefficient below s^4, the loss too, by Richardson extrapolation from d = 10^8 ... 2 10^10."""
    expansion = families(name).expand(5)
    found = richardson(name)
    for entry, terms in expansion.rows():
        for power in range(5):
            expected = found[entry][power]
            accuracy = MP.mpf(10) ** (-30 + 4 * power)
            if power not in terms:
                assert abs(expected) < accuracy
            else:
                low, high = interval(terms[power].ball())
                assert high - low < MP.mpf(10) ** -19
                assert low - accuracy < expected < high + accuracy


def test_values_of_ii_plus_1():
    """Computed once, to ten digits, by following the branch to s = 2^-40 outside of the program."""
    terms = derivation("II+1").terms(4)
    known = {("w32", 1): -1.3883351108, ("w22", 1): 1.0920365644, ("w21", 2): 0.6967111008, ("diag1", 3): -0.5722878789}
    for (entry, power), value in known.items():
        assert float(terms[entry][power].ball().mid()) == pytest.approx(value, abs=1e-10)
    assert 0 not in terms["off1"]
    assert all(power == 0 or power > 2 for power in terms["diag1"])


@pytest.mark.parametrize("name", ["II+1", "M2+1", "I+1b"])
def test_two_precisions_overlap(name):
    coarse, fine = derivation(name, 20).terms(6), derivation(name, 70).terms(6)
    for entry, terms in fine.items():
        assert set(terms) == set(coarse[entry])
        for power, c in terms.items():
            assert coarse[entry][power].ball().overlaps(c.ball())
            assert c.ball().rad() <= arb(10) ** -70 * (1 + abs(c.ball().mid()))


def test_digits_can_be_asked_for_later_and_are_not_given_back():
    growing = BallDerivation(definition("II+1"), NumericalSeries(Branch(definition("II+1"))), 10)
    before = growing.terms(3)
    growing.require_digits(60)
    assert growing.finished == 0  # what was kept is not good enough
    bits = growing.bits
    after = growing.terms(3)
    growing.require_digits(20)
    assert growing.finished == 3
    assert growing.bits == bits >= 60 * 3.32
    for entry, terms in after.items():
        for power, c in terms.items():
            assert c.ball().rad() <= arb(10) ** -60 * (1 + abs(c.ball().mid()))
            assert before[entry][power].ball().overlaps(c.ball())
    assert all(ball.rad() < arb(10) ** -60 for ball in growing.leading.values())


def test_longer_series_begin_with_the_shorter_ones():
    one = BallDerivation(definition("II+1"), NumericalSeries(Branch(definition("II+1"))))
    short = one.terms(3)
    long = one.terms(7)
    assert one.finished == 7
    again = one.terms(3)
    for entry in short:
        assert set(again[entry]) == set(short[entry]) == {power for power in long[entry] if power < 3}
        for power, c in short[entry].items():
            assert c.ball().overlaps(long[entry][power].ball())
    assert all(power < 3 for terms in again.values() for power in terms)
    assert any(power == 6 for terms in long.values() for power in terms)
    assert one.terms(0) == {entry: {} for entry in short}


def test_known_coefficients_are_shown_exactly():
    shown = derivation("II+1").shown(4)
    assert shown["w12"][2] == 2
    assert shown["w12"][2].field.exact
    assert not shown["w12"][3].field.exact
    assert shown["w22"][0] == -1
    assert 0 not in derivation("II+1").shown(0)["w22"]


def test_generators_are_the_leading_coefficients():
    generators = derivation("II+1").generators()
    assert [name for name, _, _ in generators] == [f"y_{entry}" for entry in definition("II+1").shape.names]
    terms = derivation("II+1").terms(5)
    for (name, equation, ball), (entry, power) in zip(
        generators, derivation("II+1").system.powers.items(), strict=True
    ):
        assert name == f"y_{entry}"
        assert equation.endswith(" = 0")
        assert ball.overlaps(terms[entry][power].ball())
        assert ball.rad() < arb(10) ** -40


def test_digits_that_are_never_reached_are_undecided(monkeypatch):
    one = BallDerivation(definition("II+1"), NumericalSeries(Branch(definition("II+1"))), 10)
    tried = []
    monkeypatch.setattr(one, "_precise", lambda terms: bool(tried.append(one.bits)))
    with pytest.raises(Undecided, match=r"the coefficients below s\^2 do not get 10 digits"):
        one.terms(2)
    assert tried == sorted(set(tried))
    assert len(tried) == 5


def test_precision_grows_until_the_digits_are_reached():
    """Leading coefficients of ten digits, forty asked of the series: they are isolated again."""
    one = BallDerivation(definition("II+1"), NumericalSeries(Branch(definition("II+1"))), 10)
    one.digits, bits = 40, one.bits
    terms = one.terms(4)
    assert one.bits > bits
    for series in terms.values():
        for c in series.values():
            assert c.ball().rad() <= arb(10) ** -40 * (1 + abs(c.ball().mid()))


def test_the_loss_starts_with_its_first_term(families):
    """Below it the coefficients are zero for all leading terms, and are left out: not balls around zero."""
    for name, start in (("II+1", 2), ("M2+1b", 2), ("I+1b", 0)):
        loss = families(name).expand(4).loss
        assert min(loss) == start
        assert loss[start].ball() > 0
    with working(800):
        assert families("I+1b").expand(4).loss[0].ball().contains(arb(1) / 2 - 1 / arb.pi())  # that of A


def test_progress_is_told():
    told = []
    BallDerivation(definition("II+1"), NumericalSeries(Branch(definition("II+1")))).terms(5, told.append)
    assert told == sorted(told)
    assert told[-1] >= 5
