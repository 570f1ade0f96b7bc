"""Errors of the series: against the papers' coefficients and the dense network, and below their certified bounds."""

from math import nan, pi
from types import SimpleNamespace

import pytest

from symrelu.arithmetic.outcome import UsageError
from symrelu.plots.series_error import SeriesErrors, Truncation, collect_error, draw_error

# Arjevani and Field: the loss at II, and its entry w21.
LOSS_II = {2: 1 / 2 - 2 / pi**2, 3: -32 / (3 * pi**4)}
W21 = {2: 4 / pi, 3: 32 / pi**3}


def partial_sum(coefficients, N, d):
    return sum(a * d ** (-j / 2) for j, a in coefficients.items() if j < N)


@pytest.fixture(scope="module")
def losses(families):
    return collect_error(families("II"), 6, 10**6)


@pytest.mark.parametrize(("value", "coefficients"), [("loss", LOSS_II), ("w21", W21)])
def test_errors_are_what_the_papers_series_leave(dense, families, losses, value, coefficients):
    data = losses if value == "loss" else collect_error(families("II"), 6, 8, 4, value)
    point = dense("II", 6)
    exact = point.loss if value == "loss" else point.weights[5][0]
    assert data.d[0] == 6 and [truncation.order for truncation in data.truncations] == [1, 2, 3, 4]
    for truncation in data.truncations:
        assert truncation.errors[0] == pytest.approx(
            abs(exact - partial_sum(coefficients, truncation.order, 6)), rel=1e-9
        )


def test_errors_are_below_the_bounds_which_are_powers_of_s(losses):
    for truncation in losses.truncations:
        assert all(error <= bound for error, bound in zip(truncation.errors, truncation.bounds, strict=True))
        constants = [bound * d ** (truncation.order / 2) for bound, d in zip(truncation.bounds, losses.d, strict=True)]
        assert constants == pytest.approx([constants[0]] * len(constants), rel=1e-9)
    # Far out the error is the next term, so no bound can be smaller than it.
    last = losses.truncations[2]
    assert last.errors[-1] * losses.d[-1] ** 1.5 == pytest.approx(-LOSS_II[3], rel=2e-2)


def test_without_from_the_bounds_begin_at_the_last_crossing(families, renders, overlapping):
    data = collect_error(families("A"), d_to=50, order=2)
    assert data.d[0] == pytest.approx(5.7638, abs=2e-4) and data.d[0] > 5.7638
    ax = draw_error(data)
    assert "bounds proved for $d \\geq 5.76" in ax.get_title()
    drawn = [(list(line.get_xdata()), list(line.get_ydata()), line.get_linestyle()) for line in ax.lines]
    for truncation in data.truncations:
        assert (data.d, truncation.errors, "-") in drawn
        assert (data.d, truncation.bounds, "--") in drawn
    texts = [text.get_text() for text in ax.texts]
    assert sorted(texts) == ["$C_{1} s^{1}$", "$C_{2} s^{2}$", "$N = 1$", "$N = 2$"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert r"\mathcal{L}" in ax.get_ylabel()
    renders(ax)
    assert not overlapping(ax)


def test_where_no_constants_are_proved_it_says_why(families, monkeypatch):
    missing = SimpleNamespace(theorem=SimpleNamespace(constants=None), reason="the limit is not regular")
    monkeypatch.setattr(families("I"), "prove", lambda *_: missing, raising=False)
    with pytest.raises(ArithmeticError, match="no constants of loss of I are proved: the limit is not regular"):
        collect_error(families("I"))


def test_series_in_another_root():
    ax = draw_error(SeriesErrors("F", "w12", 2, [10.0, 100.0], [Truncation(1, [0.1, nan], [0.2, 0.02])]))
    assert ax.get_xlabel() == "$d$ ($s = d^{-1/4}$)"
    assert [text.get_text() for text in ax.texts] == ["$C_{1} s^{1}$"]  # no error is seen at the end


def test_wrong_use(families):
    II = families("II")
    for options, reason in (
        ({"value": "off2"}, "diag1, off1, w12, w21, w22, loss"),
        ({"order": 0}, "N up to 12"),
        ({"order": 13}, "N up to 12"),
        ({"d_from": 30, "d_to": 20, "order": 1}, "from d = 30 on"),
        ({"d_to": "far"}, "--to"),
    ):
        with pytest.raises(UsageError, match=reason):
            collect_error(II, **options)
    with pytest.raises(UsageError, match="known exactly"):
        collect_error(families("global"))
