"""The result of `classify`, to show: the group, the family, the block matrix and the permutations that bring it about."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from symrelu.analysis.point import CriticalPoint
from symrelu.arithmetic.reals import ball_json, certain_digits
from symrelu.family.block_matrix import latex_block_matrix
from symrelu.render.html import html_card, html_equation, html_note, html_table
from symrelu.render.latex import latex_entry, latex_isotropy, latex_number
from symrelu.render.shown import Shown
from symrelu.search.naming import Member, definition_json
from symrelu.symmetry.isotropy import Isotropy

_WIDTH = 80


@dataclass(frozen=True)
class Classification(Shown):
    """A critical point in float64 with its isotropy group and family; `point` is the family's certified one at this d.

    `moved` is the largest change of an entry by polishing; `used` are the columns of the file that are not zero.
    """

    weights: np.ndarray
    isotropy: Isotropy
    member: Member | None
    in_catalogue: bool
    residual: float
    moved: float
    loss: float
    least_eigenvalue: float
    inputs: int
    used: tuple[int, ...]
    point: CriticalPoint | None
    uncertified: str

    @property
    def family(self) -> str | None:
        return self.member.definition.name if self.member else None

    @property
    def definition(self) -> dict[str, Any] | None:
        """The family as data for `family(...)` and the commands, where the catalogue does not have it."""
        return definition_json(self.member) if self.member and not self.in_catalogue else None

    @property
    def source(self) -> Any:
        """What `family(...)` reads: a name of the catalogue, or the definition."""
        return self.family if self.in_catalogue else self.definition

    def _order(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Rows and columns of the file, from 0, in block order."""
        shown = self.member or self.isotropy
        return shown.rows, tuple(self.used[j] for j in shown.columns)

    def to_json(self) -> dict[str, Any]:
        rows, columns = self._order()
        member, point = self.member, self.point
        return {
            "isotropy": self.isotropy.name,
            "order": self.isotropy.order,
            "family": self.family,
            "branch": member.definition.branch if member else None,
            "catalogue": self.in_catalogue,
            "residual": f"{self.residual:.3g}",
            "moved": f"{self.moved:.3g}",
            "d": len(self.used),
            "neurons": len(self.weights),
            "inputs": self.inputs,
            "blocks": list(self.isotropy.blocks),
            "parameters": {name: f"{x:.12g}" for name, x in member.parameters.items()} if member else {},
            "rows": [i + 1 for i in rows],
            "columns": [j + 1 for j in columns],
            "loss": f"{self.loss:.12g}",
            "least_eigenvalue": f"{self.least_eigenvalue:.10g}",
            "index": point.index if point else None,
            "minimum": point.is_minimum if point else None,
            "certified": None if point is None else {"loss": ball_json(point.loss, 20), "negative": point.negative},
            "uncertified": self.uncertified or None,
            "definition": self.definition,
            "evidence": "numeric" if point is None else "certified",
        }

    def to_text(self) -> str:
        rows, columns = self._order()
        lines = [
            f"family     {self._family_text()}",
            f"isotropy   {self.isotropy.name}",
            f"group      order {_short(self.isotropy.order)}",
            f"network    d = {len(self.used)}, {len(self.weights)} neurons, {self.inputs} inputs",
            f"polished   entries moved by up to {self.moved:.2g}, gradient {self.residual:.2g}",
            f"loss       {self.loss:.12g}",
            f"least ev   {self.least_eigenvalue:.10g}",
            *_wrapped("certified  ", self._certified_text()),
            *(f"  {name:8s} {x: .12f}" for name, x in (self.member.parameters if self.member else {}).items()),
            *_wrapped("rows       ", " ".join(str(i + 1) for i in rows)),
            *_wrapped("columns    ", " ".join(str(j + 1) for j in columns)),
        ]
        if self.isotropy.reduced:
            lines.insert(2, "           (a row orbit follows no single block: family of a smaller Young subgroup)")
        return "\n".join(lines)

    def _family_text(self) -> str:
        if self.family is None:
            return "none"
        return self.family if self.in_catalogue else f"{self.family}, not in the catalogue"

    def _certified_text(self) -> str:
        if self.point is None:
            return f"no: {self.uncertified}"
        digits = certain_digits(self.point.loss, 20)
        if self.point.is_minimum:
            return f"a minimum, loss {digits}"
        return f"a saddle of index {self.point.index} ({', '.join(self.point.negative)}), loss {digits}"

    def to_latex(self) -> str:
        """The matrix in block form: one letter for each entry, of which there are few."""
        if self.member is None:
            return rf"\text{{{self.isotropy.name}}}"
        values = [rf"{latex_entry(name)} &= {latex_number(f'{x:.10f}')}" for name, x in self.member.parameters.items()]
        matrix = rf"W = {latex_block_matrix(self.member.definition.shape)}"
        return "\n".join([matrix, r"\qquad \begin{aligned}", " \\\\\n".join(values), r"\end{aligned}"])

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.to_latex()}$"

    def to_html(self) -> str:
        """The block matrix with its values, what is certified, and the permutations that bring the matrix into blocks."""
        rows, columns = self._order()
        numbers = [
            [name, " ".join(str(i + 1) for i in order)] for name, order in (("rows", rows), ("columns", columns))
        ]
        return html_card(
            f"{self._family_text()}: {latex_isotropy(self.isotropy.name)}, d = {len(self.used)}, {len(self.weights)} neurons",
            ["numeric" if self.point is None else "certified"],
            html_equation(self.to_latex()),
            html_note(f"certified: {self._certified_text()}"),
            html_table(["", "order of the file in blocks"], numbers),
        )

    def __repr__(self) -> str:
        return f"Classification({self.family or 'no family'}: {self.isotropy.name}, d = {len(self.used)})"


def _short(order: int) -> str:
    text = str(order)
    return text if len(text) <= 30 else f"about {text[0]}.{text[1:4]}e{len(text) - 1}"


def _wrapped(heading: str, text: str) -> list[str]:
    lines = wrap(text, _WIDTH - len(heading)) or [""]
    return [heading + lines[0], *(" " * len(heading) + line for line in lines[1:])]
