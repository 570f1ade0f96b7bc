"""Formulas with breaks: the same formulas, and nothing unbreakable that is wide."""

import re

import sympy

from symrelu import family
from symrelu.render.breaking import breakable_expression, breakable_number, breakable_series, visible_width
from symrelu.render.latex import latex_expression, latex_number, latex_series
from symrelu.render.paper_tables import paper_table


def unbreakable(latex):
    """The longest stretch without a break."""
    return max(map(visible_width, re.split(r"\\allowbreak|\\penalty500", latex)))


def test_breaks_leave_short_series_alone():
    terms = family("II").expand(4).parameters["w22"]
    marked = breakable_series(terms, 4)
    assert marked.count(r"\allowbreak ") == 3
    assert marked.replace(r"\allowbreak ", "") == latex_series(terms, 4)


def test_long_coefficients_of_a_series_can_be_broken():
    terms = family("M").expand(6).parameters["off2"]
    assert unbreakable(latex_series(terms, 6)) > 300
    assert unbreakable(breakable_series(terms, 6)) < 80


def test_long_numerators_of_expressions_can_be_broken():
    a, b, c, S = sympy.symbols("w12 w21 w22 S_12")
    long = sum(i * a**i * b ** (9 - i) * c for i in range(1, 10))
    latex = breakable_expression((a - b) * long / (2 * sympy.pi * S) - a / S)
    assert unbreakable(latex) < 60 < unbreakable(latex_expression((a - b) * long / S))
    assert latex.startswith(r"- \frac{w_{12}}{S_{12}} \allowbreak + \frac{1}{2 \, \pi \, S_{12}}")


def test_powers_of_long_sums_are_kept():
    a, b, S = sympy.symbols("w12 w21 S_12")
    long = sum(i * a**i * b ** (9 - i) for i in range(1, 10))
    assert breakable_expression(long**2 / S).endswith(r"\bigr)^{2}")
    assert breakable_expression(long / S).endswith(r"\bigr)")


def test_signs_of_terms():
    x, y = sympy.symbols("w12 w21")
    assert breakable_expression(-x - 2 * y) == r"- w_{12} \allowbreak - 2 \, w_{21}"
    assert breakable_expression(sympy.S.Zero) == "0"


def test_digits_stand_in_groups_when_they_are_many():
    digits = "3." + "1234567890" * 5
    grouped = breakable_number(digits)
    assert grouped.replace(r"\,\allowbreak ", "") == digits and grouped.count(r"\allowbreak") == 4
    assert breakable_number("3.14") == "3.14"
    assert breakable_number(digits + "e-9").endswith(r" \cdot 10^{-9}")


def test_numbers():
    assert [latex_number(text) for text in ("2.55e0", "8.59e-2", "35.4", "8e1", "1e-30", "0 +/- 2e-9")] == [
        "2.55",
        "0.0859",
        "35.4",
        r"8 \cdot 10^{1}",
        r"1 \cdot 10^{-30}",
        r"0 \pm 2 \cdot 10^{-9}",
    ]


def test_tables_align_decimal_points():
    table = paper_table(["a", "value"], [["x", "-12.5"], ["y", "3"]], "l.")
    assert r"\begin{tabular}{lr@{}l}" in table and r"a & \multicolumn{2}{c}{value} \\" in table
    assert r"x & $-12$ & $.5$ \\" in table and "y & $3$ &  \\\\" in table


def test_long_tables_go_on_on_the_next_page():
    table = paper_table(["n"], [[str(n)] for n in range(60)], "l")
    assert table.startswith(r"\begin{longtable}{l}") and r"\endhead" in table
