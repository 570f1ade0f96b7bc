"""The literature's claims: the ledger is complete, the checks find what is known, and they notice what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy
from flint import arb

from symrelu.analysis.expansion import S
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.claims import global_claims, minima_claims, series_claims, shared, spectrum_claims, verify
from symrelu.claims.ledger import LEDGER, PAPERS, select
from symrelu.claims.verdict import Verdict, judge

EXPECTED = {
    "AF20-skew": ("holds", "exact"),
    "AF20-global": ("holds", "exact"),
    "AF20-inputs": ("holds", "exact"),
    "AF21-series": ("holds", "exact"),
    "AF21-loss-II": ("holds", "certified"),
    "AF21-loss-AI": ("holds", "certified"),
    "AF21-loss-M": ("not sharp", "certified"),
    "AF21-spectrum": ("holds", "certified"),
    "AF21-coincide": ("holds", "exact"),
    "AF21-fractional": ("holds", "certified"),
    "AF-II-coeff": ("holds", "exact"),
    "AF22-annihilate": ("holds", "certified"),
    "AF22-count": ("holds", "certified"),
    "AF22-estimates": ("holds", "certified"),
    "AF22-interlacing": ("holds", "certified"),
    "AF22-perturb": ("holds", "certified"),
    "LSB-sgd": ("holds", "numeric"),
    "LSB-general": ("holds", "numeric"),
    "HM-split": ("holds", "exact"),
    "HM-split-search": ("holds", "numeric"),
    "SYS-strong": ("holds", "exact"),
    "SYS-nonconvex": ("holds", "exact"),
    "SYS-most": ("holds", "numeric"),
    "SYS-split": ("holds", "certified"),
    "SYS-values": ("holds", "certified"),
    "SS-example": ("holds", "certified"),
    "SS-minima": ("holds", "certified"),
    "SS-table": ("holds", "numeric"),
    "SS-overfree": ("holds", "numeric"),
    "SS-table-over": ("holds", "certified"),
}
KEYS = ["id", "paper", "claim", "provenance", "verdict", "evidence", "range", "detail"]


@pytest.fixture(scope="module")
def report() -> verify.Report:
    """Every claim checked, once for this module."""
    return verify.Report(list(verify.verify()))


# -- the ledger --------------------------------------------------------------------------------------------------------


def test_the_ledger_holds_every_claim_and_each_has_a_check() -> None:
    assert {claim.id for claim in LEDGER if claim.step in ("A", "B", "D")} == EXPECTED.keys()
    assert len({claim.id for claim in LEDGER}) == len(LEDGER)
    assert verify.CHECKS.keys() == {claim.id for claim in LEDGER}


def test_provenance_is_said_and_reconstructed_wording_is_owned_up_to() -> None:
    for claim in LEDGER:
        assert claim.paper in PAPERS
        assert claim.authors_year == PAPERS[claim.paper]
        assert set(claim.provenance.split(", ")) <= {"abstract", "reconstructed", "data"}
        assert ("reconstructed" in claim.provenance) == ("reconstructed" in claim.claim.lower())


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ([], list(EXPECTED)),
        (["2008.01805"], ["AF20-skew", "AF20-global", "AF20-inputs"]),
        (["2210.06088"], ["AF22-annihilate", "AF22-count", "AF22-estimates", "AF22-interlacing", "AF22-perturb"]),
        (["arXiv:2003.10576"], ["AF21-loss-M"]),
        (["AF21-loss"], ["AF21-loss-II", "AF21-loss-AI", "AF21-loss-M"]),
        (["SS", "AF20-skew"], ["AF20-skew", "SS-example", "SS-minima", "SS-table", "SS-overfree", "SS-table-over"]),
        (["sys-STRONG", "SYS-S"], ["SYS-strong", "SYS-split"]),
    ],
)
def test_selection(words: list[str], ids: list[str]) -> None:
    assert [claim.id for claim in select(words)] == ids


@pytest.mark.parametrize("word", ["AF99", "2107", "", "skew", "1234.56789"])
def test_a_word_that_names_nothing_is_refused_at_once_with_what_there_is(word: str) -> None:
    with pytest.raises(UsageError) as refusal:
        verify.verify([word])  # not even asked for its first result
    message = str(refusal.value)
    assert repr(word) in message
    assert "2107.10370" in message
    assert "SS-example" in message
    assert "\n" not in message


# -- the whole run -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", EXPECTED)
def test_verdict_and_evidence(report: verify.Report, claim: str) -> None:
    (result,) = [result for result in report.results if result.id == claim]
    assert (result.verdict, result.outcome.evidence) == EXPECTED[claim], result.outcome.detail


def test_what_is_not_sharp_comes_with_its_counterexample(report: verify.Report) -> None:
    (result,) = [result for result in report.results if result.verdict == "not sharp"]
    assert "9 can be lowered to 8" in result.outcome.detail
    assert "a saddle at d = 7, index 4" in result.outcome.detail
    assert "7.5611905" in result.outcome.detail


def test_the_details_give_the_numbers(report: verify.Report) -> None:
    detail = {result.id: result.outcome.detail for result in report.results}
    for number in ("5.58550524743 (s1)", "5.76381273492 (x1)", "6.74483065625 (x1)", "14.1031707365 (s1)"):
        assert number in detail["AF21-fractional"]
    assert "M4 at d = 6 (there the loss is that of A)" in detail["AF21-fractional"]
    assert "0.181690" in detail["AF21-loss-AI"]
    assert "0.297358" in detail["AF21-loss-II"]
    assert "A -1/pi and -1/pi" in detail["HM-split"]
    assert "II 0 and 0" in detail["HM-split"]
    assert "d + 1 eigenvalues grow linearly, all but 2*d" in detail["AF20-skew"]
    assert "II at 6..20" in detail["SS-minima"]


def test_json_is_as_promised(report: verify.Report) -> None:
    data = json.loads(json.dumps(report.to_json()))
    assert [entry["id"] for entry in data] == list(EXPECTED)
    for entry in data:
        assert list(entry) == KEYS
        assert all(isinstance(value, str) and value for value in entry.values())


def test_the_table_fits_eighty_columns(report: verify.Report) -> None:
    lines = report.to_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == report.summary() == "30 claims checked: 29 holds, 1 not sharp"


def test_latex_is_a_booktabs_table(report: verify.Report) -> None:
    lines = report.to_latex().splitlines()
    assert lines[1] == r"\toprule"
    assert sum(line.endswith(r"\\") for line in lines) == len(EXPECTED) + 1
    assert r"d $\to$ $\infty$" in report.to_latex()
    assert r"Safran \& Shamir" in report.to_latex()


# -- wrong claims are noticed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "module", "name", "value"),
    [
        ("AF21-loss-II", series_claims, "LOSS_COEFFICIENT_II", sympy.Rational(3, 10)),
        ("AF21-loss-II", series_claims, "LOSS_NEAR", 0.4),
        ("AF-II-coeff", series_claims, "DIAGONAL_II", series_claims.DIAGONAL_II + S**3 / 10**9),
        ("AF20-global", global_claims, "SYMMETRIC", global_claims.SYMMETRIC + sympy.Rational(1, 10**9)),
        ("AF20-global", global_claims, "STANDARD_QUADRATIC", global_claims.STANDARD_QUADRATIC - global_claims.Z),
        ("AF20-global", global_claims, "TRIVIAL_MATRIX", 2 * global_claims.TRIVIAL_MATRIX),
        ("SYS-strong", global_claims, "LEAST", sympy.Rational(1, 4)),
        ("AF21-spectrum", spectrum_claims, "LIMITING_SPECTRUM", spectrum_claims.LIMITING_SPECTRUM[1:]),
        ("AF20-skew", spectrum_claims, "BULK", spectrum_claims.BULK[:1]),
        ("SS-example", minima_claims, "EXAMPLE", {**minima_claims.EXAMPLE, "w21": "0.2246"}),
        ("SS-minima", minima_claims, "MINIMA_D", range(5, 7)),
        ("AF21-fractional", minima_claims, "THRESHOLD_OF_II", "5.58"),
        ("AF21-loss-M", minima_claims, "M2_MINIMUM_FROM", 7),
    ],
)
def test_a_wrong_claim_fails(
    report: verify.Report, monkeypatch: pytest.MonkeyPatch, claim: str, module: Any, name: str, value: Any
) -> None:
    monkeypatch.setattr(module, name, value)
    (result,) = verify.verify([claim])
    assert result.verdict == "fails"
    assert result.outcome.detail


def test_a_sharp_claim_on_m2_would_hold(report: verify.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minima_claims, "M2_MINIMUM_FROM", 8)
    assert next(verify.verify(["AF21-loss-M"])).verdict == "holds"


def test_failures_outweigh_the_detail() -> None:
    assert judge([], "exact", "every d", "fine") == Verdict("holds", "exact", "every d", "fine")
    assert judge(["a", "b"], "exact", "every d", "fine") == Verdict("fails", "exact", "every d", "a; b")


@pytest.mark.parametrize("error", [Undecided("a pivot is open"), ZeroDivisionError("a pivot is open")])
def test_a_check_that_breaks_off_is_undecided(monkeypatch: pytest.MonkeyPatch, error: ArithmeticError) -> None:
    def broken() -> Verdict:
        raise error

    monkeypatch.setitem(verify.CHECKS, "SS-example", broken)
    told: list[str] = []
    (result,) = verify.verify(["SS-example"], progress=lambda claim: told.append(claim.id))
    assert told == ["SS-example"]
    assert result.to_json()["verdict"] == "undecided"
    assert result.to_json()["evidence"] == "numeric"
    assert result.outcome.detail == "a pivot is open"


@pytest.mark.parametrize("claim", ["AF21-loss-II", "AF21-loss-AI", "AF21-loss-M", "AF21-spectrum", "AF21-fractional"])
def test_claims_for_all_d_say_that_they_are_certified_for_all_d(report: verify.Report, claim: str) -> None:
    (result,) = [result for result in report.results if result.id == claim]
    assert "certified for every real d" in result.outcome.range or claim == "AF21-loss-M"
    if claim == "AF21-loss-M":
        assert "for every real d > d* = 7.5611905 (s1), infinity included" in result.outcome.detail


def test_a_theorem_that_is_not_proved_leaves_the_claim_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_theorem(name: str) -> Any:
        raise Undecided(f"{name} on [5, 6]: no tube")

    monkeypatch.setattr(minima_claims, "theorem", no_theorem)
    (result,) = verify.verify(["AF21-fractional"])
    assert (result.verdict, result.outcome.detail) == ("undecided", "A on [5, 6]: no tube")


# -- exact comparison --------------------------------------------------------------------------------------------------


def test_identities_over_q_of_pi_are_decided_exactly() -> None:
    pi = sympy.pi
    assert shared.equal((pi**2 - 4) / (pi - 2), pi + 2)
    assert not shared.equal(sympy.Rational(355, 113), pi)
    constants = (pi - sympy.Rational(22, 7), (pi - 2) ** 2 - pi**2 + 4 * pi - 4, 1 / pi)
    assert [shared.certain_sign(c) for c in constants] == [-1, 0, 1]


def test_spectra_are_compared_as_multisets() -> None:
    d, pi = shared.D, sympy.pi
    left = [(d - 1, 1 / pi), (sympy.Integer(1), S**-2 / 4), (sympy.Integer(1), 1 / pi)]
    assert shared.disagreement(left, [(sympy.Integer(1), S**-2 / 4), (d, 2 / (2 * pi))]) == []
    (text,) = shared.disagreement(left, [(sympy.Integer(1), S**-2 / 4), (d - 1, 1 / pi)])
    assert text == "1/pi occurs 1 times more than expected"
    assert len(shared.disagreement(left, [(d, 1 / pi), (sympy.Integer(1), S**-2 / 3)])) == 2


def test_positivity_of_roots_for_all_d_from_two_on() -> None:
    z, d = global_claims.Z, shared.D
    assert global_claims.all_roots_positive(sympy.Poly((z - 1) * (z - d), z))
    assert not global_claims.all_roots_positive(sympy.Poly((z - 1) * (z - d + 3), z))
    assert not global_claims.all_roots_positive(sympy.Poly((z - 1) * (z - d + 2), z))  # zero at d = 2


def test_closed_forms_at_the_global_minimum_agree_with_certified_numbers_at_a_large_d() -> None:
    d = 10**8
    spectrum: Any = shared.shared_family("global").spectrum(d=d)
    certified = sorted(float(value.mid()) for c in spectrum.components for value in c.eigenvalues)
    closed = sorted(float(value.subs(S, 10**-4)) for _, value in global_claims.eigenvalues_at_large_d())
    assert closed == pytest.approx(certified, rel=1e-14, abs=1e-7)
    number: Any = sum(n for n, _ in global_claims.eigenvalues_at_large_d())
    assert number.subs(shared.D, 5) == 25


def test_closed_forms_at_the_global_minimum_agree_with_the_exact_eigenvalue_series() -> None:
    assert shared.disagreement(global_claims.eigenvalues_at_large_d(), shared.eigenvalues("global", 2)) == []


def test_a_number_rounds_to_a_decimal_only_if_its_whole_ball_does() -> None:
    assert minima_claims.rounds_to(arb("0.12344"), "0.1234")
    assert not minima_claims.rounds_to(arb("0.12344", "0.0001"), "0.1234")
    assert not minima_claims.rounds_to(arb("-0.12344"), "0.1234")
