"""What a check says of a claim: a verdict, the evidence it rests on, the range it covers, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Word = Literal["holds", "not sharp", "fails", "undecided"]
Evidence = Literal["exact", "certified", "numeric"]


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check.

    `verdict`: a claim is "not sharp" when it is true where it was checked, but more than it says is true. `evidence`:
    "exact" is algebra over Q(pi) and its extensions, "certified" is ball arithmetic, "numeric" is neither. `range` says
    for which d the verdict was established; `detail` gives numbers, counterexamples, and the reading that was checked
    where the claim allows several.
    """

    verdict: Word
    evidence: Evidence
    range: str
    detail: str


def judge(failures: list[str], evidence: Evidence, over: str, detail: str) -> Verdict:
    """ "holds" with the detail when nothing failed, otherwise "fails" with what did."""
    if failures:
        return Verdict("fails", evidence, over, "; ".join(failures))
    return Verdict("holds", evidence, over, detail)
