"""Writing a theorem down: proofs/<theorem>/ with statement.md, statement.tex, certificate.json and README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.proof.checking import check_file
from symrelu.proof.result import Proof


def write_files(
    proof: Proof, certificates: Iterator[dict[str, Any]], out: Path, command: str
) -> tuple[list[Path], str | None]:
    """Write the folder of a theorem: the files, and why there is no certificate among them, if there is none.

    The first of the certificates that the independent checker accepts is kept. UsageError if the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        files = [_written(out / "statement.md", statement_markdown(proof))]
        files.append(_written(out / "statement.tex", proof.to_latex() + "\n"))
        certificate, refusal = _accepted(certificates, out / "certificate.json")
        if certificate is not None:
            files.append(out / "certificate.json")
            files.append(_written(out / "README.md", readme(proof, certificate, command, out.name)))
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror}); give a folder with --out DIR") from None
    return files, refusal


def _accepted(certificates: Iterator[dict[str, Any]], path: Path) -> tuple[dict[str, Any] | None, str | None]:
    """The first certificate that the checker accepts, written; or the last reason against one."""
    refusal = "none is made"
    try:
        for certificate in certificates:
            _written(path, json.dumps(certificate, indent=1, sort_keys=True) + "\n")
            checked = check_file(path)
            if checked.outcome == "proved":
                return certificate, None
            refusal = checked.reason
            path.unlink()
    except ArithmeticError as error:
        refusal = str(error)
    return None, refusal


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def statement_markdown(proof: Proof) -> str:
    """The theorem in words, in Markdown, with the constants."""
    theorem = proof.theorem
    lines = [f"# {theorem.definition.name}", "", *proof.sentences(), "", "## Constants", ""]
    if theorem.constants is None:
        return "\n".join([*lines[:-3], ""])
    order = range(1, theorem.constants.order + 1)
    lines.append("| value | " + " | ".join(f"C_{N}" for N in order) + " |")
    lines.append("|---" * (1 + len(order)) + "|")
    lines.extend(f"| {name} | " + " | ".join(row) + " |" for name, row in proof.constants_rows())
    lines.extend(["", *(f"No constants for {name}: {why}." for name, why in theorem.constants.missing.items())])
    return "\n".join(lines).rstrip() + "\n"


def readme(proof: Proof, certificate: dict[str, Any], command: str, folder: str) -> str:
    """What is in the folder, the command that made it and the one that checks it."""
    return f"""# The theorem about {proof.theorem.definition.name}

`statement.md` (words) and `statement.tex` (LaTeX, amsthm) say what symrelu proves. `certificate.json` is the data from which
the independent checker proves existence, uniqueness, the signs of all blocks, the crossings and the constants listed in its
claims again. Constants of eigenvalues are proved by symrelu alone: they are not part of the certificate.

Made by

    {command} --out proofs/{folder}

and checked by

    symrelu check proofs/{folder}/certificate.json
    python proofs/checker.py proofs/{folder}/certificate.json

Hash of the certificate: `{certificate["hash"]}`
"""
