"""What a search has found: runs that ended at the same point up to permutations, and what each such class is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ball_json
from symrelu.search.equivalence import TOLERANCE, equivalent
from symrelu.search.landscape import Array
from symrelu.search.runs import MINIMUM, Run
from symrelu.symmetry.isotropy import Ambiguous, isotropy

if TYPE_CHECKING:
    from symrelu.analysis.point import CriticalPoint

_SAME_LOSS = 1e-9  # the loss is stationary: better known than the entries


@dataclass(frozen=True)
class Group:
    """Runs with one status that ended, if at minima, at the same one up to permutations; the first of them stands for it."""

    status: str
    members: tuple[Run, ...]

    @property
    def weights(self) -> Array:
        return self.members[0].weights


def groups(runs: list[Run]) -> list[Group]:
    """The classes of runs, by loss; those that ended at no isolated minimum are one class for each status, at the end."""
    found: list[tuple[Array, list[Run]]] = []  # with the sorted entries of the first
    others: dict[str, list[Run]] = {}
    for run in runs:
        if run.status == MINIMUM:
            _place(run, found)
        else:
            others.setdefault(run.status, []).append(run)
    minima = sorted((members for _, members in found), key=lambda members: members[0].loss)
    return [Group(MINIMUM, tuple(members)) for members in minima] + [
        Group(status, tuple(members)) for status, members in sorted(others.items(), reverse=True)
    ]


def _place(run: Run, found: list[tuple[Array, list[Run]]]) -> None:
    entries = np.sort(run.weights, axis=None)
    for known, members in found:
        if (
            abs(run.loss - members[0].loss) < _SAME_LOSS
            and np.abs(entries - known).max() < TOLERANCE
            and equivalent(run.weights, members[0].weights)
        ):
            members.append(run)
            return
    found.append((entries, [run]))


class Description(NamedTuple):
    """What a minimum is: names, and loss and least eigenvalue in balls where the family's point is certified."""

    family: str | None
    isotropy: str
    certified: bool
    loss: dict[str, str] | None
    least_eigenvalue: dict[str, str] | None
    definition: dict[str, Any] | None  # of a family that is not in the catalogue


def describe(task: tuple[int, Array]) -> Iterator[tuple[int, Description]]:
    """(number, Description) of a task (number, weights of a minimum): its classification, in words and decimals."""
    # Heavy: families, branches and balls, which descents do without.
    from symrelu.search.classification import classify

    number, weights = task
    with threadpool_limits(1):
        try:
            found = classify(weights)
        except UsageError:  # no family can be made of it
            yield number, described_in_short(weights)
            return
    yield number, Description(found.family, found.isotropy.name, *_certified(found.point), found.definition)


def _certified(point: CriticalPoint | None) -> tuple[bool, dict[str, str] | None, dict[str, str] | None]:
    """Whether a family's point is proved to be a minimum, and if so its loss and least eigenvalue in balls."""
    from symrelu.analysis.least_eigenvalue import least_eigenvalue

    if point is None or not point.is_minimum:
        return False, None, None
    with working(point.bits):
        return True, ball_json(point.loss), ball_json(least_eigenvalue(point))


def described_in_short(weights: Array) -> Description:
    """The isotropy group alone, which is found at once."""
    try:
        name = isotropy(weights, TOLERANCE).name
    except Ambiguous:
        name = "not clear"
    return Description(None, name, False, None, None, None)
