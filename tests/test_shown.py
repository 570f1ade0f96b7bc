"""Every result shows itself: one line as repr, well-formed HTML, balanced LaTeX, certified digits with a radius."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import symrelu
from symrelu import family
from symrelu.analysis.annihilation import Annihilation
from symrelu.analysis.branch_record import BranchSearch
from symrelu.analysis.flat_path import FlatPath
from symrelu.analysis.nonconvexity import derive_negative_curvature
from symrelu.analysis.one_point import OnePointShares
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import decimal, exact_midpoint
from symrelu.claims.verify import Report, verify
from symrelu.family.catalogue import definition
from symrelu.family.listing import Listing
from symrelu.model.dense import DenseNetwork
from symrelu.proof.checking import CheckResult
from symrelu.render.shown import Shown, Tabulated, in_a_notebook


def modules() -> Iterator[Any]:
    for info in pkgutil.walk_packages(symrelu.__path__, "symrelu."):
        if "checker" not in info.name and not info.name.startswith("symrelu.commands"):
            yield importlib.import_module(info.name)


def test_every_result_shows_itself() -> None:
    results = {
        c
        for module in modules()
        for _, c in inspect.getmembers(module, inspect.isclass)
        if c.__module__ == module.__name__ and {"to_json", "to_text"} <= set(vars(c))
    }
    assert len(results) > 20
    apart = {"DenseCheck", "SplitCheck"}  # a line within another result
    silent = {c.__qualname__ for c in results if not issubclass(c, Shown)} - apart
    assert not silent
    assert all(c.__repr__ is not object.__repr__ for c in results)


class Balanced(HTMLParser):
    """Raises AssertionError where tags do not close in order; collects the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page_text(result: Shown) -> str:
    page = Balanced()
    page.feed(result._repr_html_())
    assert not page.open
    return " ".join(page.text)


II = family("II")


@pytest.fixture(scope="module")
def shown() -> dict[str, Shown]:
    """A result of each kind that takes no long computation."""
    small = II.at(20, digits=15)
    return {
        "family": II,
        "symbolic p": family("M"),
        "extra": family("A+1"),
        "listing": Listing(),
        "expansion": II.expand(4),
        "balls": family("II+1").expand(2),
        "checked": II.expand(4, check=True),
        "evaluation": small,
        "spectrum": II.spectrum(d=20),
        "spectrum series": II.spectrum(order=1),
        "symbolic": II.spectrum(),
        "decomposition": II.spectrum().decomposition(),
        "limit": II.limit(),
        "thresholds": II.threshold(d_from=5, d_to=7),
        "split": II.split(d=10),
        "split series": II.split(order=1),
        "interlacing": family("A+1").interlacing(20),
        "persistence": II.persistence(8),
        "curvature": derive_negative_curvature(),
        "report": Report(list(verify(["SS-example", "AF21-loss-II"]))),
        "search": BranchSearch(definition("A"), 1, 10, 1, [], []),
        "check": CheckResult(Path("proof_of_mine") / "certificate.json", "refuted", ["segment 3: 1 < 2 & no_more"]),
        "annihilation": Annihilation(),
    }


def test_repr_is_one_line(shown: dict[str, Shown]) -> None:
    for name, result in shown.items():
        text = repr(result)
        assert "\n" not in text and " object at " not in text, name
        assert len(text) < 200, name


def test_html_is_well_formed_and_its_mathematics_closed(shown: dict[str, Shown]) -> None:
    for name, result in shown.items():
        text = page_text(result)
        assert text.count("$") % 2 == 0, name
        for formula in re.findall(r"\$\$(.*?)\$\$|\$(.*?)\$", text, re.S):
            body = formula[0] or formula[1]
            assert body.count("{") == body.count("}"), (name, body)
            assert r"\begin{tabular}" not in body, name


def test_latex_closes_what_it_opens(shown: dict[str, Shown]) -> None:
    for name, result in shown.items():
        text = result._repr_latex_()
        stack: list[str] = []
        for kind, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
            if kind == "begin":
                stack.append(environment)
            else:
                assert stack.pop() == environment, name
        assert not stack, name
        assert text.count("{") == text.count("}"), name
        assert "{align*}" not in text and "{theorem}" not in text and "{gather*}" not in text, name


def test_the_evidence_stands_beside_the_title(shown: dict[str, Shown]) -> None:
    expected = {
        "expansion": "exact",
        "balls": "certified",
        "evaluation": "certified",
        "spectrum series": "exact",
        "limit": "certified",
        "thresholds": "certified",
        "search": "numeric",
    }
    for name, word in expected.items():
        assert f">{word}</span>" in shown[name]._repr_html_(), name


def test_verdicts_are_coloured_and_worded(shown: dict[str, Shown]) -> None:
    page = shown["report"]._repr_html_()
    assert page.count(">holds</span>") == 2
    green, red = (
        re.search(rf"background:(#\w+)[^>]*>{word}</span>", p)
        for word, p in (("holds", page), ("refuted", shown["check"]._repr_html_()))
    )
    assert green and red and green[1] != red[1]


def test_certified_numbers_print_certain_digits_and_a_radius_that_covers_them(shown: dict[str, Shown]) -> None:
    precise = II.at(20, digits=60).point.parameters
    found = re.findall(
        r"\$([-\d.]+) (?:\\cdot 10\^\{(-?\d+)\} )?\\pm (\d+) \\cdot 10\^\{(-?\d+)\}\$", page_text(shown["evaluation"])
    )
    assert len(found) == 6  # five entries and the loss
    for (value, shift, mantissa, exponent), ball in zip(found, precise.values(), strict=False):
        digits = Fraction(value) * Fraction(10) ** int(shift or 0)
        radius = int(mantissa) * Fraction(10) ** int(exponent)
        assert abs(digits - exact_midpoint(ball)) <= radius
        last = Fraction(10) ** (int(shift or 0) - len(value.partition(".")[2]))
        assert radius <= last  # no digit is printed that is not certain up to one unit


def test_coefficients_that_are_balls_have_a_radius(shown: dict[str, Shown]) -> None:
    assert r"\left(-1.3883351108725839916 \pm 2 \cdot 10^{-20}\right) d^{-1/2}" in page_text(shown["balls"])
    assert r"\pm" not in page_text(shown["expansion"])


def test_weights_of_a_point_are_those_of_the_dense_network() -> None:
    weights = II.at(6, digits=40).weights()
    gradient = DenseNetwork.orthonormal(6).gradient([[decimal(ball, 40) for ball in row] for row in weights])
    assert max(abs(x) for row in gradient for x in row) < 1e-35
    with pytest.raises(UsageError, match="integer"):
        II.at("5.5").weights()


def test_a_component_by_its_name() -> None:
    spectrum = II.spectrum(d=6)
    assert abs(float(spectrum.block("s1").eigenvalues[0]) - 0.0047) < 5e-5  # Safran & Shamir 2018
    with pytest.raises(UsageError, match="t, s1, x1, y1"):
        spectrum.block("q")


def test_a_proof_says_what_it_uses_and_does_not_prove() -> None:
    proof = II.prove(d_from=6, order=2)
    text = page_text(proof)
    assert text.index("Proves") < text.index("Uses") < text.index("Does not prove")
    assert ">proved</span>" in proof._repr_html_() and "$C_{2}$" in text
    assert "critical points outside the tube" in text


def test_block_matrix_of_type_ii() -> None:
    page = page_text(II)
    for cell in (
        r"\mathrm{diag}_{1} I + \mathrm{off}_{1} (J - I)",
        r"w_{12} \mathbf{1}",
        r"w_{21} \mathbf{1}^{\mathsf T}",
        "w_{22}",
    ):
        assert cell in page
    assert r"\scriptstyle d-1 & \scriptstyle 1" in page


def test_a_table_needs_no_latex_in_the_browser(shown: dict[str, Shown]) -> None:
    tables = [r for r in shown.values() if isinstance(r, Tabulated)]
    assert len(tables) > 10
    assert all("<table>" in r._repr_html_() and r._repr_latex_().startswith(r"\begin{tabular}") for r in tables)


def test_theorems_become_paragraphs() -> None:
    assert in_a_notebook("\\begin{theorem}[II]\nx\n\\end{theorem}") == "\\paragraph{Theorem (II).}\nx\n"


def test_flat_path_and_shares_are_results() -> None:
    assert issubclass(FlatPath, Tabulated) and issubclass(OnePointShares, Tabulated)
