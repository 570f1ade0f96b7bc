"""The theorem for all d with its constants, and what the independent checker says of the certificate."""

from __future__ import annotations

from symrelu.analysis.evaluation import real_text
from symrelu.export.certificate import Certificate
from symrelu.export.pieces import ABSENT, CERTIFIED, Evidence, Piece, absent, in_words, itemised, paragraph
from symrelu.proof.result import Proof
from symrelu.proof.statement import begin_text, latex
from symrelu.render.latex import latex_number, latex_plain
from symrelu.render.paper_tables import paper_table

TITLE = "The theorem, its constants and its certificate"

_INTRO = (
    r"The proof is by Krawczyk's test \cite{Krawczyk1969} in Taylor models over balls \cite{Johansson2017}, on tubes that "
    "cover the range of $d$ and, for all large $d$ at once, on the truncated series plus an unknown multiple of the first "
    "power left out."
)


def theorem_piece(proof: Proof, certificate: Certificate) -> Piece:
    """A theorem proved here, with its certificate, if it has one."""
    theorem = proof.theorem
    parts = [latex(theorem)]
    if theorem.constants is not None:
        headings = ["value", *(f"$C_{{{N}}}$" for N in range(1, theorem.constants.order + 1))]
        table = paper_table(headings, proof.constants_latex(), "l" + "." * theorem.constants.order)
        parts.append(f"The constants, rounded up:\n{table}")
        parts += [
            paragraph(f"No constants for {latex_plain(name)}: {in_words(why)}.")
            for name, why in theorem.constants.missing.items()
        ]
    elif theorem.near is None and theorem.series_missing:
        parts.append(paragraph(f"Infinity is not reached: {in_words(theorem.series_missing)}."))
    parts.append(_certificate_text(certificate))
    unproved = [in_words(part.reason) for part in theorem.open]
    if theorem.high is not None:
        unproved.append(f"the theorem for $d > {real_text(theorem.high)}$")
    return Piece("theorem", TITLE, "\n\n".join(parts), _evidence(proof, certificate), _INTRO, tuple(unproved))


def given_piece(certificate: Certificate) -> Piece:
    """The theorem of a certificate that was given: in the checker's words."""
    evidence = (Evidence("The theorem in the checker's words", CERTIFIED, "the range of $d$ it names"),)
    return Piece("theorem", TITLE, _certificate_text(certificate), evidence)


def no_theorem_piece(certificate: Certificate) -> Piece:
    """Why there is no theorem."""
    return absent("theorem", TITLE, certificate.reason)


def _certificate_text(certificate: Certificate) -> str:
    if certificate.file is None:
        return paragraph(f"There is no certificate: {in_words(certificate.reason)}.")
    said = itemised(map(latex_plain, certificate.words))
    return (
        "The certificate contains the data from which an independent checker, which shares no code with symrelu, proves "
        "existence, uniqueness, all signs, the crossings and, where there are any, the constants of the entries and of the "
        f"loss again. It accepts the certificate, and says:\\nopagebreak\n{{\\small\n{said}}}"
    )


def _evidence(proof: Proof, certificate: Certificate) -> tuple[Evidence, ...]:
    theorem = proof.theorem
    end = r"\infty)" if theorem.high is None else f"{real_text(theorem.high)}]"
    start = "(d^*" if theorem.sharp else f"[{latex_number(begin_text(theorem))}"
    scope = f"$d \\in {start}, {end}$" + (", but for gaps" if theorem.open else "")
    rows = [Evidence("Existence, uniqueness in a tube, signs of all blocks", CERTIFIED, scope)]
    if theorem.constants is not None:
        bounds, missing = theorem.constants.bounds, theorem.constants.missing
        rows.append(Evidence("Constants of entries and loss", CERTIFIED, scope))
        if any(" " in name for name in bounds):
            rows.append(Evidence("Constants of the eigenvalues", CERTIFIED, f"{scope}; by symrelu alone"))
        if missing:
            rows.append(Evidence("Constants of other values", ABSENT, in_words(next(iter(missing.values())))))
    if certificate.file is None:
        rows.append(Evidence("Certificate", ABSENT, in_words(certificate.reason)))
    else:
        rows.append(
            Evidence("The same, but for constants of eigenvalues, by the independent checker", CERTIFIED, scope)
        )
    return tuple(rows)
