"""The literature's claims as data: what is said, by whom, and how well its wording is known.

Every `claim` is a paraphrase in our own words, never a quotation. Provenance says where its content comes from:

    abstract        said in the abstract or introduction of the paper
    reconstructed   the theorem's content as recalled and consistent with computation; the wording may differ
    data            recomputed from the authors' published result files
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symrelu.arithmetic.outcome import UsageError

PAPERS: dict[str, str] = {
    "2107.10370": "Arjevani & Field 2021",
    "2008.01805": "Arjevani & Field 2020",
    "2003.10576": "Arjevani & Field 2020",
    "2210.06088": "Arjevani & Field 2022",
    "1912.11939": "Arjevani & Field 2019",
    "2312.16819": "Arjevani 2023",
    "2006.01005": "Safran, Yehudai & Shamir 2021",
    "1712.08968": "Safran & Shamir 2018",
}


@dataclass(frozen=True)
class Claim:
    """One claim of one paper, paraphrased; `step` is the part of the work that verifies it."""

    id: str
    paper: str
    provenance: str
    claim: str
    step: str = "A"

    @property
    def authors_year(self) -> str:
        return PAPERS[self.paper]


_WORDING = "(Reconstructed content: the paper's wording may differ.)"

LEDGER: tuple[Claim, ...] = (
    Claim(
        "AF20-skew",
        "2008.01805",
        "abstract",
        "The Hessian's spectrum is extremely skewed: of the d^2 eigenvalues all but O(d) stay bounded, near small "
        "constants, and Theta(d) of them grow linearly in d.",
    ),
    Claim(
        "AF20-global",
        "2008.01805",
        "reconstructed",
        "At the global minimum the spectrum is explicit for every d: x: 1/4 - 1/(2 pi); y: 1/4 + 1/(2 pi); s: "
        "1/4 - 1/(2 pi) and the two roots of z^2 - (d+2)/4 z + d/16 + 1/(4 pi) - 1/(4 pi^2) + 1/16; t: the eigenvalues "
        f"of [[1/2 + (d-1)/(2 pi), (d-1)/4], [1/4, d/4 + 1/(2 pi)]]. {_WORDING}",
    ),
    Claim(
        "AF20-inputs",
        "2008.01805",
        "abstract",
        "The analysis holds for d >= k inputs: extra inputs only add eigenvalues to the spectrum.",
        step="B",
    ),
    Claim(
        "AF21-series",
        "2107.10370",
        "abstract",
        "The entries of the families A, I and II of spurious critical points are power series in d^(-1/2).",
    ),
    Claim(
        "AF21-loss-II",
        "2107.10370",
        "abstract, reconstructed",
        "The loss at II decays like a/d with a near 0.3; reconstructed: a = 1/2 - 2/pi^2.",
    ),
    Claim(
        "AF21-loss-AI",
        "2107.10370",
        "abstract",
        "Not all spurious minima are alike: at A and I the loss tends to a positive constant as d grows.",
    ),
    Claim(
        "AF21-loss-M",
        "2003.10576",
        "abstract",
        "Spurious minima with isotropy Delta(S_{d-2} x S_2) (the family M_2) exist for all d >= 9.",
    ),
    Claim(
        "AF21-spectrum",
        "2107.10370",
        "reconstructed",
        "Modulo O(d^(-1/2)) the spectrum is the same at the global minimum and at A, I and II: 1/4 - 1/(2 pi), "
        "multiplicity d(d-1)/2; 1/4 + 1/(2 pi), d(d-3)/2; 1/4, d-1; (d+1)/4, d-1; and one each of "
        f"d/4 + 1/(2 pi) + pi/(4(pi-2)) and d/(2 pi) + 1/2 - 1/(2 pi) - pi/(4(pi-2)). {_WORDING}",
    ),
    Claim(
        "AF21-coincide",
        "2107.10370",
        "abstract",
        "The Hessian spectra at spurious minima coincide with that at the global minimum up to O(d^(-1/2)).",
    ),
    Claim(
        "AF21-fractional",
        "2107.10370",
        "abstract",
        "With d as a real parameter there is an exact fractional dimension at which each family of spurious critical "
        "points turns from saddle into minimum; for II it is about 5.6.",
    ),
    Claim(
        "AF-II-coeff",
        "2107.10370",
        "reconstructed",
        f"II: diag1 = 1 + (8/pi) d^-2 - 320/(3 pi^3 (pi-2)) d^(-5/2) + ... {_WORDING}",
    ),
    Claim(
        "AF22-annihilate",
        "2210.06088",
        "abstract",
        "Adding neurons turns symmetric spurious minima into saddles; minima of lesser symmetry need more neurons.",
        step="B",
    ),
    Claim(
        "AF22-count",
        "2210.06088",
        "reconstructed",
        "One extra neuron turns A (isotropy Delta S_d) into a saddle; I and II (isotropy Delta(S_{d-1} x S_1)) need two. "
        f"The descent directions lie in the standard representation. {_WORDING}",
        step="B",
    ),
    Claim(
        "AF22-estimates",
        "2210.06088",
        "abstract",
        "There are analytic estimates of the loss and of the Hessian's spectrum for the families with k = d+1 and "
        "k = d+2 neurons.",
        step="B",
    ),
    Claim(
        "AF22-interlacing",
        "2210.06088",
        "abstract",
        "By Cauchy's interlacing theorem there are descent directions in definite subspaces that come from the symmetry.",
        step="B",
    ),
    Claim(
        "AF22-perturb",
        "2210.06088",
        "abstract",
        "For fixed numbers of neurons and inputs the results on spurious minima and their spectra survive perturbations "
        "of the target that break its symmetry.",
        step="B",
    ),
    Claim(
        "LSB-sgd",
        "1912.11939",
        "abstract",
        "The minima that gradient methods find have large isotropy groups, subgroups of the target's such as "
        "Delta(S_p x S_q): least symmetry breaking.",
        step="D",
    ),
    Claim(
        "LSB-general",
        "1912.11939",
        "abstract",
        "The same is seen for inputs that are not isotropic or not of product form, for smooth activations and for a few "
        "layers.",
        step="D",
    ),
    Claim(
        "HM-split",
        "2312.16819",
        "abstract",
        "There are two kinds of families, one with loss tending to 0 and one (hidden) with loss bounded away from 0; "
        "their Hessian spectra agree up to O(d^(-1/2)) and differ in the terms of that order.",
    ),
    Claim(
        "HM-split-search",
        "2312.16819",
        "abstract",
        "Gradient methods avoid the family of minima with loss bounded away from 0.",
        step="D",
    ),
    Claim(
        "SYS-strong",
        "2006.01005",
        "abstract, data",
        "With as many neurons as an orthonormal target the loss is strongly convex near the global minimum; the least "
        "eigenvalue there is 1/4 - 1/(2 pi) for every d.",
    ),
    Claim(
        "SYS-nonconvex",
        "2006.01005",
        "abstract",
        "After any over-parameterisation the loss is not even locally convex near the global minima; one-point strong "
        "convexity and the Polyak-Lojasiewicz condition fail locally too.",
        step="B",
    ),
    Claim(
        "SYS-most",
        "2006.01005",
        "abstract, reconstructed",
        "Over-parameterised, one-point strong convexity still holds in most directions (suitably defined) about a global "
        "minimum; reconstructed: so gradient steps from randomly perturbed points come closer with high probability.",
        step="B",
    ),
    Claim(
        "SYS-split",
        "2006.01005",
        "abstract, data",
        "Splitting one neuron turns a non-global minimum into a saddle, under conditions that were checked empirically: a "
        "negative eigenvalue of H_ii - I/2, and a sum of the neurons' norms below k (data: true of all stored minima, "
        "k <= 100).",
        step="B",
    ),
    Claim(
        "SYS-values",
        "2006.01005",
        "data",
        "The minima found for k <= 100 have 5, 6 or 11 distinct entries: blocks (1,k-1), (p,q), (p,1,q).",
        step="B",
    ),
    Claim(
        "SS-example",
        "1712.08968",
        "data",
        "A spurious minimum for k = d = 6 has the entries .9867 (diagonal), -.0504, .3080, .2245, -.6015, "
        "loss .02508 and least eigenvalue .0047.",
    ),
    Claim(
        "SS-minima",
        "1712.08968",
        "abstract, data",
        "Spurious minima exist for k = d = 6, ..., 20 and for (d,k) = (8,9), (10,11), (11,12), ..., (19,20).",
    ),
    Claim(
        "SS-table",
        "1712.08968",
        "data",
        "With k = d the minima found have on average the least eigenvalue and the loss .0047/.025 at 6, .014/.023 at 7, "
        ".021/.021 at 8, .027/.020 at 9, .030/.020 at 10, .038/.033 at 20.",
        step="D",
    ),
    Claim(
        "SS-overfree",
        "1712.08968",
        "abstract",
        "Mild over-parameterisation drastically reduces spurious minima.",
        step="D",
    ),
    Claim(
        "SS-table-over",
        "1712.08968",
        "data",
        "With k = d+1 the minima found have on average the least eigenvalue and the loss .0059/.021 at (d,k) = (8,9), "
        ".0057/.018 at (10,11), .0015/.038 at (13,14), .0077/.0275 at (19,20): averages, so over several families "
        "perhaps; at (13,14) it is not II+1.",
        step="B",
    ),
)


def select(words: Iterable[str] = (), ledger: Iterable[Claim] = LEDGER) -> list[Claim]:
    """The claims that ids, id prefixes (AF21) or arXiv ids (2107.10370) name, in the order of the ledger.

    All claims when there are no words.
    UsageError for a word that names nothing.

    >>> [claim.id for claim in select(["AF21-loss", "2006.01005"])]
    ['AF21-loss-II', 'AF21-loss-AI', 'AF21-loss-M', 'SYS-strong', 'SYS-nonconvex', 'SYS-most', 'SYS-split', 'SYS-values']
    """
    claims = list(ledger)
    chosen = [_named(word, claims) for word in words]
    wanted = {claim.id for found in chosen for claim in found} if chosen else {claim.id for claim in claims}
    return [claim for claim in claims if claim.id in wanted]


def _named(word: str, claims: list[Claim]) -> list[Claim]:
    text = word.strip().lower().removeprefix("arxiv:")
    exact = [claim for claim in claims if claim.id.lower() == text]
    found = exact or [claim for claim in claims if text and (claim.id.lower().startswith(text) or claim.paper == text)]
    if not found:
        papers = ", ".join(dict.fromkeys(claim.paper for claim in claims))
        ids = ", ".join(claim.id for claim in claims)
        raise UsageError(f"no claim or paper {word!r}; there are papers {papers}; claims {ids}; prefixes like AF21")
    return found
