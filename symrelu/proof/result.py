"""The result of `prove`: the theorem, what it uses and does not prove, its constants and files, to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap
from typing import Any

from symrelu.analysis.evaluation import real_text
from symrelu.arithmetic.reals import ball_json, decimal, ends, round_up
from symrelu.proof.statement import begin_text, latex, latex_sentences, lower_text, upper_text, words
from symrelu.proof.theorem import Theorem
from symrelu.render.html import html_box, html_card, html_note, html_table
from symrelu.render.latex import latex_entry, latex_number, latex_table, latex_type
from symrelu.render.shown import Shown
from symrelu.render.text import table

_WIDTH = 80  # of text, tables aside


@dataclass(frozen=True)
class Proof(Shown):
    """A theorem to show; `files` are those written, if any, `uncertified` why no certificate is among them."""

    theorem: Theorem
    files: list[Path] = field(default_factory=list)
    uncertified: str | None = None

    @property
    def outcome(self) -> str:
        """`proved` or `undecided`; `reason` says what is missing."""
        return "proved" if self.theorem.proved else "undecided"

    @property
    def reason(self) -> str | None:
        """Why less than asked for, or not infinity, is reached."""
        reasons = [part.reason for part in self.theorem.open]
        if self.theorem.near is None and self.theorem.series_missing:
            reasons.append(f"infinity is not reached: {self.theorem.series_missing}")
        return "; ".join(dict.fromkeys(reasons)) or None

    def to_json(self) -> dict[str, Any]:
        theorem = self.theorem
        return {
            "family": theorem.definition.name,
            "statement": " ".join(self.sentences()),
            "outcome": self.outcome,
            "reason": self.reason,
            "from": begin_text(theorem),
            "to": None if theorem.high is None else real_text(theorem.high),
            "minimum": theorem.is_minimum,
            "segments": [{"from": lower_text(tube.low), "to": upper_text(tube.high)} for tube in theorem.tubes]
            + ([] if theorem.near is None else [{"from": real_text(theorem.near.low), "to": None}]),
            "stretches": self._stretches_json(),
            "limit": theorem.limit if theorem.near is not None else None,
            "crossings": [
                {"d": ball_json(c.d, theorem.digits), "type": c.type.name, "derivative": ball_json(c.derivative, 20)}
                for c in theorem.crossings
            ],
            "constants": self._constants_json(),
            "files": [str(path) for path in self.files],
            "uncertified": self.uncertified,
            "evidence": "certified",
        }

    def _stretches_json(self) -> list[dict[str, Any]]:
        """The numbers of negative eigenvalues on open intervals; with a model at infinity the last one has no end."""
        parts = [
            {"from": lower_text(part.low), "to": upper_text(part.high), "negative": part.negative}
            for part in self.theorem.stretches
        ]
        if parts and self.theorem.near is not None:
            parts[-1]["to"] = None
        return parts

    def _constants_json(self) -> dict[str, Any] | None:
        constants = self.theorem.constants
        if constants is None:
            return None
        return {
            "order": constants.order,
            "from": begin_text(self.theorem),
            "bounds": {name: [round_up(ends(c)[1]) for c in row] for name, row in constants.bounds.items()},
            "missing": constants.missing,
        }

    def to_text(self) -> str:
        theorem = self.theorem
        lines = [f"{theorem.definition.name}: {self.outcome}"]
        for sentence in self.sentences():
            lines += wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
        if theorem.stretches:
            lines += wrap(f"Proved by {self._means()}.", _WIDTH)
        if theorem.constants is not None:
            headings = ["value", *(f"C_{N}" for N in range(1, theorem.constants.order + 1))]
            lines.append(table(headings, [[name, *row] for name, row in self.constants_rows()]))
            for name, why in theorem.constants.missing.items():
                lines += wrap(f"no constants for {name}: {why}", _WIDTH)
        lines += [f"written: {path}" for path in self.files]
        if self.uncertified is not None:
            lines += wrap(f"no certificate: {self.uncertified}", _WIDTH, subsequent_indent="  ")
        return "\n".join(lines)

    def _means(self) -> str:
        theorem = self.theorem
        tubes = f"{len(theorem.tubes)} tube{'' if len(theorem.tubes) == 1 else 's'}"
        if theorem.near is None:
            return tubes
        model = f"one Taylor model at s = 0 for d >= {real_text(theorem.near.low)}"
        return f"{tubes} and {model}" if theorem.tubes else model

    def sentences(self) -> list[str]:
        """The statement in words."""
        return words(self.theorem)

    def constants_rows(self) -> list[tuple[str, list[str]]]:
        """Each value with its constants, rounded up."""
        constants = self.theorem.constants
        bounds = {} if constants is None else constants.bounds
        return [(name, [round_up(ends(c)[1]) for c in row]) for name, row in bounds.items()]

    def to_latex(self) -> str:
        """A theorem environment (amsthm, amssymb), and a table of the constants (booktabs) where there are any."""
        if self.theorem.constants is None:
            return latex(self.theorem)
        return f"{latex(self.theorem)}\n{latex_table(*self._constants_table())}"

    def _constants_table(self) -> tuple[list[str], list[list[str]]]:
        constants = self.theorem.constants
        headings = ["value", *(f"$C_{{{N + 1}}}$" for N in range(constants.order if constants else 0))]
        return headings, [[name, *(f"${c}$" for c in row)] for name, *row in self.constants_latex()]

    def constants_latex(self) -> list[list[str]]:
        """The name of each value, in dollar signs, and its constants as LaTeX numbers."""
        return [[f"${_symbol(name)}$", *map(latex_number, row)] for name, row in self.constants_rows()]

    def to_html(self) -> str:
        """Proves / Uses / Does not prove in a box, then the constants and the files."""
        proves = [line.replace(r"\%", "%").replace(r"\_", "_") for line in latex_sentences(self.theorem)]
        box = [("Proves", proves), ("Uses", self.uses()), ("Does not prove", self.does_not_prove())]
        constants = [html_table(*self._constants_table())] if self.theorem.constants is not None else []
        files = [f"written: {path}" for path in self.files]
        files += [] if self.uncertified is None else [f"no certificate: {self.uncertified}"]
        title = f"Theorem about {self.theorem.definition.name}"
        return html_card(title, [self.outcome, "certified"], html_box(box), *constants, *map(html_note, files))

    def uses(self) -> list[str]:
        """What the proof rests on."""
        theorem = self.theorem
        if not theorem.stretches:
            return []
        series = [] if theorem.near is None else ["the exact formal series of the family"]
        parts = [
            f"ball arithmetic (Arb, through python-flint): Krawczyk's test and Sylvester's criterion in {self._means()}",
            "the closed form of the kernel; the principle of symmetric criticality; Schur's lemma",
            *series,
        ]
        return ["; ".join(parts) + "."]

    def does_not_prove(self) -> list[str]:
        """What a reader might take it for, and it is not."""
        theorem = self.theorem
        lines = ["That there are no critical points outside the tube, of this shape or any other."]
        if theorem.constants is not None:
            bounded = (
                "entries, the loss and the eigenvalues" if not theorem.constants.missing else "values in the table"
            )
            lines.append(f"That the constants are the least: they are bounds for the {bounded}.")
        if theorem.high is not None:
            lines.append(f"Anything for d > {real_text(theorem.high)}.")
        lines += [f"The case {_gap_text(part)}: {part.reason}." for part in theorem.open]
        return lines

    def __repr__(self) -> str:
        theorem = self.theorem
        end = "infinity" if theorem.high is None else real_text(theorem.high)
        kind = ", a minimum" if theorem.is_minimum else ""
        return f"Proof({theorem.definition.name}: {self.outcome}, d from {decimal(theorem.low, 8)} to {end}{kind})"


def _gap_text(part: Any) -> str:
    return f"{upper_text(part.low)} <= d <= {lower_text(part.high)}"


def _symbol(name: str) -> str:
    kind, _, number = name.partition(" ")
    return rf"\lambda_{{{latex_type(kind)},{number}}}" if number else latex_entry(kind)
