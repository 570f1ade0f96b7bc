"""The catalogue as a table."""

from __future__ import annotations

from typing import Any

from symrelu.family.catalogue import members
from symrelu.family.definition import Definition
from symrelu.render.latex import latex_entry, latex_isotropy
from symrelu.render.shown import Tabulated
from symrelu.render.text import table


class Listing(Tabulated):
    """The families of the catalogue, M_p with its first members written out."""

    def __init__(self) -> None:
        self.definitions = members()

    def to_json(self) -> list[dict[str, Any]]:
        return [_entry(definition) for definition in self.definitions]

    def to_text(self) -> str:
        rows = [[d.name, d.shape.isotropy, str(d.shape.neurons), d.status] for d in self.definitions]
        parameters = [f"  {d.name}: {', '.join(d.shape.names)}" for d in self.definitions]
        return "\n".join([table(["family", "isotropy", "neurons", "status"], rows), "parameters", *parameters, _NOTE])

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return ["family", "isotropy", "neurons", "parameters", "status"], [
            [
                d.name,
                latex_isotropy(d.shape.isotropy),
                f"${d.shape.neurons}$",
                f"${', '.join(map(latex_entry, d.shape.names))}$",
                d.status,
            ]
            for d in self.definitions
        ]

    def _title(self) -> str:
        return "Families of critical points"

    def _badges(self) -> list[str]:
        return []

    def _notes(self) -> list[str]:
        return [_NOTE]

    def __repr__(self) -> str:
        return f"Listing({len(self.definitions)} families)"


_NOTE = "M_p and M_p+m are there for every p >= 2 (M2, M3, ...); M keeps p a symbol (series and decomposition only)."


def _entry(definition: Definition) -> dict[str, Any]:
    shape, start = definition.shape, definition.start
    return {
        "name": definition.name,
        "branch": definition.branch,
        "isotropy": shape.isotropy,
        "neurons": str(shape.neurons),
        "parameters": list(shape.names),
        "rows": [{"free": True} if r.attached is None else {"attached": r.attached + 1} for r in shape.rows],
        "start": None
        if start is None
        else {"d": str(start.d), "values": {name: str(value) for name, value in start.values.items()}},
        "status": definition.status,
    }
