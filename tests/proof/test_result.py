"""What a theorem says: true to what is proved, in words, JSON, LaTeX, HTML and files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symrelu import family
from symrelu.analysis.threshold import Open, Stretch
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import ends
from symrelu.proof.certificate import certificate_hash
from symrelu.proof.files import statement_markdown, write_files
from symrelu.proof.result import Proof
from symrelu.proof.statement import lower_text, upper_text
from symrelu.toolkit import Family

Find = Callable[[str], Proof]


@pytest.fixture(scope="module")
def A() -> Family:
    return family("A")


@pytest.fixture(scope="module")
def proofs(A: Family) -> dict[str, Proof]:
    """Theorems of every kind: sharp, with a crossing inside, without one, with a gap, ending, and none at all."""
    sharp, across = A.prove(order=2), A.prove(5, order=0)
    theorem = across.theorem
    gap = Open(Fraction(20), Fraction(201, 10), "100 % of it_fails")
    pieces = [
        replace(theorem.stretches[0]),
        Stretch(theorem.stretches[1].low, gap.low, theorem.limit),
        Stretch(gap.high, Fraction(400), theorem.limit),
    ]
    found = {
        "sharp": sharp,
        "across": across,
        "above": A.prove(6, order=0),
        "gap": Proof(replace(theorem, stretches=pieces, open=[gap])),
        "joint": Proof(replace(theorem, open=[Open(Fraction(400), Fraction(400), "not joined")])),
        "ending": Proof(replace(theorem, near=None, high=Fraction(400), limit={}, series_missing="no series")),
        "nothing": Proof(replace(theorem, stretches=[], tubes=[], crossings=[], open=[gap], near=None)),
    }
    hidden = replace(theorem.definition, name="my_50%_{family} & #1")
    return found | {"named": Proof(replace(theorem, definition=hidden))}


KINDS = ["sharp", "across", "above", "gap", "joint", "ending", "nothing", "named"]
kinds = pytest.mark.parametrize("kind", KINDS)


# ---- words ---------------------------------------------------------------------------------------


def said(proof: Proof) -> str:
    return " ".join(proof.sentences())


def test_the_statement_of_a_sharp_theorem(proofs: dict[str, Proof]) -> None:
    text = said(proofs["sharp"])
    assert text.startswith("For every real d > d* = 5.76381273491957116")
    assert "family A (Delta S_d, k = d neurons) has exactly one critical point" in text
    assert "that of its formal series in s = d^(-1/2)" in text
    assert "every isotypic component of the Hessian is positive definite: a local minimum" in text
    assert "exactly one eigenvalue of type x1, of multiplicity (d - 2)(d - 1)/2, crosses zero" in text
    assert "|value - sum_(j<N) a_j s^j| <= C_N s^N" in text and "N = 1..2" in text


def test_the_stretches_are_between_named_crossings(proofs: dict[str, Proof]) -> None:
    """No decimal of d* bounds a stretch: rounded, it would claim a little too much."""
    text = said(proofs["across"])
    assert text.startswith("For every real d >= 5 the family")
    assert "For d > d*, in the limit too, every component is positive definite." in text
    assert "For 5 < d < d* the Hessian is negative on 1 eigenvalue of type x1 (dimension (d - 2)(d - 1)/2 each)" in text
    assert "local minimum" not in text


def test_several_crossings_have_numbers(proofs: dict[str, Proof]) -> None:
    theorem = proofs["across"].theorem
    crossing = theorem.crossings[0]
    second = replace(crossing, d=crossing.d + 1, negative_besides=3)
    left, right = ends(second.d)
    first_end = ends(crossing.d)
    stretches = [
        theorem.stretches[0],
        Stretch(first_end[1], left, {"x1": 2}),
        Stretch(right, Fraction(400), {"x1": 0}),
    ]
    text = said(Proof(replace(theorem, crossings=[crossing, second], stretches=stretches)))
    assert "At d*_1 = 5.7638" in text and "At d*_2 = 6.7638" in text
    assert "For d*_1 < d < d*_2 the Hessian is negative on 2 eigenvalues of type x1" in text
    assert "For d > d*_2, in the limit too, every component is positive definite." in text


def test_what_is_not_proved_is_said_at_once(proofs: dict[str, Proof]) -> None:
    gap = proofs["gap"]
    assert (gap.outcome, gap.reason) == ("undecided", "100 % of it_fails")
    assert "For every real d >= 5, but for the gaps named below, the family" in said(gap)
    assert "Not proved for d in [20, 20.1]: 100 % of it_fails." in said(gap)
    assert "For d* < d < 20 every" in said(gap) and "For d > 20.1, in the limit too" in said(gap)
    assert "Not proved for d = 400: not joined." in said(proofs["joint"])
    assert "exactly one" not in said(proofs["nothing"]) and "Nothing is proved" in said(proofs["nothing"])
    assert proofs["nothing"].outcome == "undecided"
    for kind in ("gap", "joint", "nothing"):
        assert "a local minimum wherever" not in said(proofs[kind])


def test_where_infinity_is_not_reached(proofs: dict[str, Proof]) -> None:
    text = said(proofs["ending"])
    assert "For every real d >= 5, d <= 400, the family" in text
    assert "Infinity is not reached: no series." in text
    assert "limit" not in text and "formal series" not in text
    assert proofs["ending"].reason == "infinity is not reached: no series"


@pytest.mark.parametrize(
    "value", [Fraction(17, 3), Fraction(10**30 + 1, 3 * 10**30), Fraction(2**70 + 1, 2**67), Fraction(400)]
)
def test_bounds_are_exact_or_rounded_into_the_range(value: Fraction) -> None:
    assert Fraction(upper_text(value)) <= value <= Fraction(lower_text(value))
    assert Fraction(lower_text(value)) - Fraction(upper_text(value)) <= Fraction(1, 10**20)
    assert (lower_text(value) == upper_text(value)) == (len(lower_text(value)) < 20)


@kinds
def test_lines_fit(proofs: dict[str, Proof], kind: str) -> None:
    text = proofs[kind].to_text()
    assert max(map(len, text.splitlines())) <= 80
    assert text.splitlines()[0] == f"{proofs[kind].theorem.definition.name}: {proofs[kind].outcome}"
    flat = " ".join(text.split())
    assert all(" ".join(sentence.split()) in flat for sentence in proofs[kind].sentences())


# ---- other forms ---------------------------------------------------------------------------------

KEYS = {
    "family": str,
    "statement": str,
    "outcome": str,
    "reason": (str, type(None)),
    "from": str,
    "to": (str, type(None)),
    "minimum": bool,
    "segments": list,
    "stretches": list,
    "limit": (dict, type(None)),
    "crossings": list,
    "constants": (dict, type(None)),
    "files": list,
    "uncertified": (str, type(None)),
    "evidence": str,
}


@kinds
def test_json_has_these_keys_and_types(proofs: dict[str, Proof], kind: str) -> None:
    data = proofs[kind].to_json()
    assert json.loads(json.dumps(data)) == data
    assert set(data) == set(KEYS)
    assert all(isinstance(data[key], expected) for key, expected in KEYS.items())
    assert data["outcome"] in ("proved", "refuted", "undecided")
    assert data["statement"] == said(proofs[kind])
    for part in [*data["segments"], *data["stretches"]]:
        assert part["to"] is None or Fraction(part["from"]) < Fraction(part["to"])
    for part in data["stretches"]:
        assert all(isinstance(count, int) for count in part["negative"].values())


def test_json_of_ranges_is_inside_what_is_proved(proofs: dict[str, Proof]) -> None:
    for proof in (proofs["sharp"], proofs["across"]):
        data, theorem = proof.to_json(), proof.theorem
        assert theorem.low <= Fraction(data["from"]) < theorem.low + Fraction(1, 10**19)
        assert data["to"] is None and data["stretches"][-1]["to"] is None
        assert data["segments"][-1] == {"from": "400", "to": None}
        for part, stretch in zip(data["stretches"], theorem.stretches, strict=True):
            assert Fraction(part["from"]) >= stretch.low
            assert part["to"] is None or Fraction(part["to"]) <= stretch.high
        for shown, crossing in zip(data["crossings"], theorem.crossings, strict=True):
            value, radius = Fraction(shown["d"]["value"]), Fraction(shown["d"]["radius"])
            low, high = ends(crossing.d)
            assert value - radius <= low <= high <= value + radius
            assert shown["type"] == "x1" and set(shown["derivative"]) == {"value", "radius"}


def test_constants_are_rounded_up(proofs: dict[str, Proof]) -> None:
    proof = proofs["sharp"]
    constants = proof.theorem.constants
    assert constants is not None
    shown = proof.to_json()["constants"]
    assert shown["order"] == 2 and shown["missing"] == {} and shown["from"] == proof.to_json()["from"]
    for value, row in constants.bounds.items():
        assert len(shown["bounds"][value]) == 2
        for text, C in zip(shown["bounds"][value], row, strict=True):
            assert ends(C)[1] <= Fraction(text) <= ends(C)[1] * Fraction(102, 100)
        assert [value, *shown["bounds"][value]] in [line.split() for line in proof.to_text().splitlines()] or (
            " " in value and " ".join([value, *shown["bounds"][value]]) in " ".join(proof.to_text().split())
        )


@kinds
def test_latex_is_balanced(proofs: dict[str, Proof], kind: str) -> None:
    text = proofs[kind].to_latex()
    plain = re.sub(r"\\[{}$%&#_]", "", text)
    depth = 0
    for mark in plain:
        depth += (mark == "{") - (mark == "}")
        assert depth >= 0
    assert depth == 0
    begun, ended = (re.findall(rf"\\{word}{{(\w+)}}", plain) for word in ("begin", "end"))
    assert sorted(begun) == sorted(ended)
    assert text.startswith(r"\begin{theorem}[")
    for line in plain.splitlines():
        assert line.count("$") % 2 == 0
        outside = re.sub(r"\$[^$]*\$", "", line)
        assert not re.search(r"[_^#%<>]", outside), outside
        assert ("&" not in outside) or outside.endswith(r"\\")
        for inside in re.findall(r"\$([^$]*)\$", line):
            assert not re.search(r"\de-?\d|(?<!\^)\*", inside), inside


def test_latex_of_the_theorem_and_its_table(proofs: dict[str, Proof]) -> None:
    text = proofs["sharp"].to_latex()
    assert r"For every real $d > d^*$ the family with isotropy $\Delta S_d$ and $k = d$ neurons" in text
    assert r"At $d^* \approx 5.7638127349" in text
    assert r"value & $C_{1}$ & $C_{2}$ \\" in text and r"$\lambda_{\mathfrak{x}_{1},1}$ & $" in text
    assert text.count(r" \\") == 1 + len(proofs["sharp"].constants_rows())
    assert r"[my\_50\%\_\{family\} \& \#1]" in proofs["named"].to_latex()


@kinds
def test_repr_and_html(proofs: dict[str, Proof], kind: str) -> None:
    proof = proofs[kind]
    assert "\n" not in repr(proof) and proof.outcome in repr(proof)
    page = proof._repr_html_()
    assert (
        page.index("Proves") < page.index("Does not prove") if proof.theorem.stretches else "Nothing is proved" in page
    )
    assert "<N)" not in page and "Does not prove" in page


def test_the_repr_says_what_and_from_where(proofs: dict[str, Proof]) -> None:
    assert repr(proofs["sharp"]) == "Proof(A: proved, d from 5.7638127 to infinity, a minimum)"
    assert repr(proofs["ending"]) == "Proof(A: proved, d from 5 to 400)"


# ---- files ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(A: Family, proofs: dict[str, Proof], tmp_path_factory: Any) -> Proof:
    folder = tmp_path_factory.mktemp("theorem") / "deep" / "A"
    return A.write_proof(proofs["sharp"], folder, "symrelu prove A --order 2")


def test_four_files_are_written(written: Proof) -> None:
    names = [path.name for path in written.files]
    assert names == ["statement.md", "statement.tex", "certificate.json", "README.md"]
    assert all(path.is_file() for path in written.files)
    assert written.to_json()["files"] == [str(path) for path in written.files]
    assert all(f"written: {path}" in written.to_text() for path in written.files)


def test_the_files_say_what_the_theorem_says(written: Proof) -> None:
    statement, tex, certificate, readme = (path.read_text(encoding="utf-8") for path in written.files)
    assert all(sentence in statement for sentence in written.sentences())
    rows = [line for line in statement.splitlines() if line.startswith("|")]
    assert len({row.count("|") for row in rows}) == 1 and len(rows) == 2 + len(written.constants_rows())
    assert tex == written.to_latex() + "\n"
    data = json.loads(certificate)
    assert data["hash"] == certificate_hash(data) and data["hash"] in readme
    assert "symrelu prove A --order 2" in readme and "proofs/checker.py" in readme
    assert data["words"]["family"] == "A"


def test_markdown_without_constants_has_no_empty_heading(proofs: dict[str, Proof]) -> None:
    text = statement_markdown(proofs["across"])
    assert text.startswith("# A\n\nFor every") and text.endswith(".\n")
    assert "Constants" not in text and "|" not in text


def test_writing_twice_gives_the_same_files(
    A: Family, written: Proof, proofs: dict[str, Proof], tmp_path: Path
) -> None:
    again = A.write_proof(proofs["sharp"], tmp_path / "A", "symrelu prove A --order 2")
    for one, other in zip(written.files, again.files, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("place", ["a file", "below a file"])
def test_a_folder_that_cannot_be_written_is_one_line(proofs: dict[str, Proof], tmp_path: Path, place: str) -> None:
    blocked = tmp_path / "taken"
    blocked.write_text("")
    out = blocked if place == "a file" else blocked / "A"
    with pytest.raises(UsageError, match="cannot be written") as caught:
        write_files(proofs["across"], iter([{"hash": "0"}]), out, "symrelu prove A")
    assert str(out) in str(caught.value) and "\n" not in str(caught.value)


def test_a_certificate_that_the_checker_refuses_is_not_kept_and_the_reason_is_said(
    proofs: dict[str, Proof], tmp_path: Path
) -> None:
    files, refusal = write_files(proofs["across"], iter([{"hash": "0"}]), tmp_path / "A", "symrelu prove A")
    assert [path.name for path in files] == ["statement.md", "statement.tex"]
    assert sorted(path.name for path in (tmp_path / "A").iterdir()) == ["statement.md", "statement.tex"]
    assert refusal is not None and refusal.startswith("refused: certificate: the fields must be")
    assert "no certificate: refused" in replace(proofs["across"], files=files, uncertified=refusal).to_text()
