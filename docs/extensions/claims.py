"""The table of claims as cards, from what `symrelu verify --json` prints."""

from __future__ import annotations

import json
import os
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from symrelu.claims.ledger import PAPERS
from symrelu.claims.verify import verify
from symrelu.render.html import html_badge


def results(cache: Path) -> list[dict[str, Any]]:
    """From the file that SYMRELU_CLAIMS names, else from the cache, else by verifying now (some minutes)."""
    given = os.environ.get("SYMRELU_CLAIMS")
    if given:
        return json.loads(Path(given).read_text(encoding="utf-8"))
    if not cache.exists():
        found = [result.to_json() for result in verify()]
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return json.loads(cache.read_text(encoding="utf-8"))


def page(found: list[dict[str, Any]]) -> str:
    """Counts, then the claims of each paper."""
    verdicts = Counter(result["verdict"] for result in found)
    counts = " ".join(f"{html_badge(word)} {count}" for word, count in verdicts.items())
    parts = [f'<p class="counts">{len(found)} claims: {counts}</p>\n']
    for paper in dict.fromkeys(result["paper"] for result in found):
        parts.append(f"## {PAPERS[paper]}, arXiv {paper}\n")
        parts += [f"### {result['id']}\n\n{_card(result)}\n" for result in found if result["paper"] == paper]
    return "\n".join(parts)


def _card(result: dict[str, Any]) -> str:
    facts = (("Provenance", "provenance"), ("Range", "range"), ("Found", "detail"))
    rows = "".join(f"<dt>{heading}</dt><dd>{escape(result[key])}</dd>" for heading, key in facts)
    badges = f"{html_badge(result['verdict'])} {html_badge(result['evidence'])}"
    return f'<div class="claim"><p>{badges}</p><p>{escape(result["claim"])}</p><dl>{rows}</dl></div>'
