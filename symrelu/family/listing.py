"""The catalogue as a table."""

from __future__ import annotations

from typing import Any

from symrelu.family.catalogue import members
from symrelu.family.definition import Definition
from symrelu.render.text import table


class Listing:
    """The families of the catalogue, M_p with its first members written out."""

    def __init__(self) -> None:
        self.definitions = members()

    def to_json(self) -> list[dict[str, Any]]:
        return [_entry(definition) for definition in self.definitions]

    def to_text(self) -> str:
        rows = [[d.name, d.shape.isotropy, str(d.shape.neurons), d.status] for d in self.definitions]
        parameters = [f"  {d.name}: {', '.join(d.shape.names)}" for d in self.definitions]
        note = "M_p and M_p+m are there for every p >= 2 (M2, M3, ...); M keeps p a symbol (series and decomposition only)."
        return "\n".join([table(["family", "isotropy", "neurons", "status"], rows), "parameters", *parameters, note])


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
