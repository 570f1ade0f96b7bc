"""From a family found to its theory: point, continuation, series, spectrum, thresholds, theorem; each step with its evidence.

A step that cannot be done says why, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from symrelu.analysis.branch import Branch
from symrelu.arithmetic.reals import certain_digits
from symrelu.render.shown import Tabulated
from symrelu.toolkit import Family

_ORDER = 4  # terms of the series that are shown
_CONSTANTS = 4  # orders for which the theorem gives constants
_FAR = (100, 1000, 10**4)


@dataclass(frozen=True)
class Step:
    """A step of the derivation: its result in text and as data, or the reason why there is none."""

    name: str
    done: bool
    evidence: str
    text: str
    data: Any = None

    def to_json(self) -> dict[str, Any]:
        outcome = {"result": self.data} if self.done else {"reason": self.text}
        return {"step": self.name, "done": self.done, "evidence": self.evidence if self.done else None, **outcome}


@dataclass(frozen=True)
class DerivedTheory(Tabulated):
    """All steps of a derivation, in order."""

    family: str
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        return {"family": self.family, "steps": [step.to_json() for step in self.steps]}

    def to_text(self) -> str:
        parts = []
        for step in self.steps:
            heading = f"[{step.evidence if step.done else 'not done'}] {step.name}"
            parts.append("\n".join([heading, *(f"  {line}" for line in step.text.splitlines())]))
        return "\n".join(parts)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [[step.name, step.evidence if step.done else "not done", step.text] for step in self.steps]
        return ["step", "evidence", "result"], rows

    def _title(self) -> str:
        return f"From the matrix to the theory of {self.family}"

    def _badges(self) -> list[str]:
        return []

    def __repr__(self) -> str:
        return f"DerivedTheory({self.family}, {sum(step.done for step in self.steps)} of {len(self.steps)} steps)"


class Interrupted(KeyboardInterrupt):
    """Derivation was interrupted; `theory` has the steps that were finished."""

    def __init__(self, theory: DerivedTheory):
        super().__init__()
        self.theory = theory


def derive_theory(
    family: Family, d: int, out: Path | None = None, command: str = "", progress: Callable[[str], None] | None = None
) -> DerivedTheory:
    """Everything that can be derived of a family that was met at d; `out` is where the theorem's certificate goes.

    Interrupted, with the steps that were finished, on a keyboard interrupt.
    """
    steps = list[Step]()
    try:
        for name, evidence, act in _acts(family, d, out, command):
            if progress is not None:
                progress(name)
            steps.append(_attempt(name, evidence, act))
    except KeyboardInterrupt:
        raise Interrupted(DerivedTheory(family.name, tuple(steps))) from None
    return DerivedTheory(family.name, tuple(steps))


_Act = Callable[[], tuple[str, Any] | tuple[str, Any, str]]


def _attempt(name: str, evidence: str, act: _Act) -> Step:
    """What the step returns, or why it could not be done: only failures that mathematics explains are caught."""
    try:
        text, data, *better = act()
    except (ArithmeticError, ValueError) as error:  # Undecided, BranchEnds, UsageError
        return Step(name, False, "", " ".join(str(error).split()))
    return Step(name, True, better[0] if better else evidence, text, data)


def _acts(family: Family, d: int, out: Path | None, command: str) -> Iterator[tuple[str, str, _Act]]:
    yield f"critical point at d = {d}", "certified", lambda: _shown(family.at(d))
    yield "continuation to large d", "numeric", lambda: _continued(family)
    yield "series", "exact", lambda: _series(family)
    yield "spectrum at infinity", "certified", lambda: _shown(family.limit())
    yield "series of eigenvalues", "exact", lambda: _shown(family.spectrum(order=1))
    yield "fractional dimensions", "certified", lambda: _thresholds(family, d)
    yield "theorem", "certified", lambda: _theorem(family, out, command)


def _shown(result: Any) -> tuple[str, Any]:
    return result.to_text(), result.to_json()


def _thresholds(family: Family, d: int) -> tuple[str, Any]:
    found = family.threshold(d_to=max(100, d))
    if not found.to_json()["proved_free"]:
        raise ArithmeticError(found.to_text().splitlines()[-2].strip())
    return _shown(found)


def _continued(family: Family) -> tuple[str, Any]:
    """The entries at a few large d; BranchEnds where the branch cannot be followed."""
    branch, names = Branch(family.definition), family.definition.shape.names
    found = {d: dict(zip(names, branch.approx(Fraction(d), 64), strict=True)) for d in _FAR}
    lines = [f"{name:7s}" + "".join(f"{float(found[d][name]):16.9f}" for d in _FAR) for name in names]
    heading = "d      " + "".join(f"{d:16d}" for d in _FAR)
    return "\n".join([heading, *lines]), {str(d): {n: certain_digits(x, 12) for n, x in found[d].items()} for d in _FAR}


def _series(family: Family) -> tuple[str, Any, str]:
    expansion = family.expand(_ORDER)
    data = expansion.to_json()
    return expansion.to_text(), data, data["evidence"]


def _theorem(family: Family, out: Path | None, command: str) -> tuple[str, Any]:
    proof = family.prove(order=_CONSTANTS)
    if proof.outcome != "proved":
        raise ArithmeticError(proof.to_json()["reason"] or proof.outcome)
    if out is not None:
        proof = family.write_proof(proof, out, command)
    return _shown(proof)
