"""Checking the literature's claims: the ledger joined to the checks, and the table that comes out."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from symrelu.claims import (
    annihilation_claims,
    estimates_claims,
    global_claims,
    inputs_claims,
    interlacing_claims,
    minima_claims,
    nonconvex_claims,
    over_minima_claims,
    perturb_claims,
    search_claims,
    series_claims,
    spectrum_claims,
    splitting_claims,
)
from symrelu.claims.ledger import Claim, select
from symrelu.claims.verdict import Verdict
from symrelu.render.html import html_box, html_card
from symrelu.render.latex import latex_table
from symrelu.render.shown import Shown

CHECKS: dict[str, Callable[[], Verdict]] = {
    "AF20-skew": spectrum_claims.skewed_spectrum,
    "AF20-global": global_claims.explicit_spectrum,
    "AF20-inputs": inputs_claims.extra_inputs,
    "AF21-series": series_claims.power_series,
    "AF21-loss-II": series_claims.loss_of_ii,
    "AF21-loss-AI": series_claims.loss_of_a_and_i,
    "AF21-loss-M": minima_claims.minima_of_m2,
    "AF21-spectrum": spectrum_claims.limiting_spectrum,
    "AF21-coincide": spectrum_claims.coinciding_spectra,
    "AF21-fractional": minima_claims.fractional_dimensions,
    "AF-II-coeff": series_claims.diagonal_of_ii,
    "AF22-annihilate": annihilation_claims.annihilation,
    "AF22-count": annihilation_claims.neurons_needed,
    "AF22-estimates": estimates_claims.analytic_estimates,
    "AF22-interlacing": interlacing_claims.descent_by_interlacing,
    "AF22-perturb": perturb_claims.perturbed_targets,
    "LSB-sgd": search_claims.isotropy_of_minima,
    "LSB-general": search_claims.beyond_the_base_model,
    "HM-split": spectrum_claims.split_of_families,
    "HM-split-search": search_claims.avoided_families,
    "SYS-strong": global_claims.strong_convexity,
    "SYS-nonconvex": nonconvex_claims.local_nonconvexity,
    "SYS-most": nonconvex_claims.most_directions,
    "SYS-split": splitting_claims.splitting_makes_saddles,
    "SYS-values": splitting_claims.values_of_minima,
    "SS-example": minima_claims.published_example,
    "SS-minima": minima_claims.minima_for_small_d,
    "SS-table": search_claims.table_of_minima,
    "SS-overfree": search_claims.over_parameterisation,
    "SS-table-over": over_minima_claims.averaged_table,
}

_WIDTH = 80
_COLUMNS = (18, 11, 11)
_LATEX = {"\\": r"\textbackslash{}", "^": r"\^{}"} | {character: "\\" + character for character in "_&%#${}"}
_LATEX_RELATIONS = {"->": r"$\to$", "<=": r"$\le$", ">=": r"$\ge$", "...": r"\ldots{}", "infinity": r"$\infty$"}


@dataclass(frozen=True)
class Result(Shown):
    """A claim with the outcome of its check."""

    claim: Claim
    outcome: Verdict

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def verdict(self) -> str:
        return self.outcome.verdict

    def to_json(self) -> dict[str, Any]:
        claim, outcome = self.claim, self.outcome
        return {
            "id": claim.id,
            "paper": claim.paper,
            "claim": claim.claim,
            "provenance": claim.provenance,
            "verdict": outcome.verdict,
            "evidence": outcome.evidence,
            "range": outcome.range,
            "detail": outcome.detail,
        }

    def to_text(self) -> str:
        """One line of the table, and under it claim and detail, wrapped to 80 columns."""
        cells = (self.id, self.outcome.verdict, self.outcome.evidence)
        line = "".join(cell.ljust(width) for cell, width in zip(cells, _COLUMNS, strict=True)) + self.outcome.range
        claim = f"{self.claim.authors_year} ({self.claim.provenance}): {self.claim.claim}"
        found = f"  > {self.outcome.detail}"
        return "\n".join([*_wrapped(line, sum(_COLUMNS)), *_wrapped(f"  {claim}", 4), *_wrapped(found, 4)])

    def to_html(self) -> str:
        """The claim with its verdict, its evidence, the range of d and what was found."""
        claim, outcome = self.claim, self.outcome
        source = f"{claim.authors_year}, arXiv {claim.paper} ({claim.provenance})"
        parts = [("Claim", [claim.claim]), ("Range", [outcome.range]), ("Found", [outcome.detail])]
        return html_card(f"{self.id}: {source}", [outcome.verdict, outcome.evidence], html_box(parts))

    def to_latex(self) -> str:
        return results_latex([self])

    def __repr__(self) -> str:
        return f"Result({self.id}: {self.verdict}, {self.outcome.evidence})"


@dataclass
class Report(Shown):
    """Results in the order of the ledger, as a table, as LaTeX, as JSON."""

    results: list[Result] = field(default_factory=list)

    def to_json(self) -> list[dict[str, Any]]:
        return [result.to_json() for result in self.results]

    def to_text(self) -> str:
        return "\n".join([results_text(self.results), self.summary()])

    def to_latex(self) -> str:
        return results_latex(self.results)

    def summary(self) -> str:
        """How many claims got which verdict.

        >>> Report().summary()
        '0 claims checked'
        """
        words = [result.verdict for result in self.results]
        counts = [f"{words.count(word)} {word}" for word in dict.fromkeys(words)]
        heading = f"{len(words)} claim{'' if len(words) == 1 else 's'} checked"
        return ": ".join([heading, ", ".join(counts)] if counts else [heading])

    def to_html(self) -> str:
        return html_card(self.summary(), [], *(result.to_html() for result in self.results))

    def __repr__(self) -> str:
        return f"Report({self.summary()})"


def verify(words: Iterable[str] = (), progress: Callable[[Claim], None] | None = None) -> Iterator[Result]:
    """Check the claims that ids, id prefixes or arXiv ids name (all for no words), each when its result is asked for.

    UsageError, at once, for a word that names nothing. `progress` is told of each claim before it is checked. A check
    that cannot be carried through gives the verdict "undecided", with the reason as detail.

    >>> [result.verdict for result in verify(["SS-example"])]
    ['holds']
    """
    claims = select(words)
    return _verifying(claims, progress)


def _verifying(claims: list[Claim], progress: Callable[[Claim], None] | None) -> Iterator[Result]:
    for claim in claims:
        if progress:
            progress(claim)
        yield check(claim)


def check(claim: Claim) -> Result:
    """The result for one claim."""
    try:
        return Result(claim, CHECKS[claim.id]())
    except ArithmeticError as error:  # Undecided among them
        return Result(claim, Verdict("undecided", "numeric", "none", str(error) or type(error).__name__))


def results_text(results: Iterable[Result]) -> str:
    """A table of at most 80 columns: id, verdict, evidence, range; below each line the claim and what was found."""
    headings = zip(("claim", "verdict", "evidence"), _COLUMNS, strict=True)
    heading = "".join(text.ljust(width) for text, width in headings) + "range of d"
    return "\n".join([heading, "-" * _WIDTH, *(result.to_text() for result in results)])


def results_latex(results: Iterable[Result]) -> str:
    """A booktabs table: id, source, verdict, evidence, range."""
    cells = [
        [r.id, f"{r.claim.authors_year} ({r.claim.paper})", r.verdict, r.outcome.evidence, r.outcome.range]
        for r in results
    ]
    rows = [[_escaped(text) for text in row] for row in cells]
    return latex_table(["claim", "source", "verdict", "evidence", "range of $d$"], rows)


def _escaped(text: str) -> str:
    escaped = "".join(_LATEX.get(character, character) for character in text)
    for plain, symbol in _LATEX_RELATIONS.items():
        escaped = escaped.replace(plain, symbol)
    return escaped


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
