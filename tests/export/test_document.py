"""Exported files as LaTeX: balanced, complete, the same twice, with headers and a certificate that the checker accepts."""

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from symrelu import Undecided, UsageError, __version__, family
from symrelu.export.family_section import family_piece
from symrelu.export.writing import Options, export
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size

ROOT = Path(__file__).parents[2]
PIECES = ("family", "series", "decomposition", "spectrum", "thresholds", "theorem", "evidence", "blocks")
ALL = ("A", "II", "II+1", "M", "global", "erf", "hostile")
ONE_BLOCK = {
    "blocks": ["d"],
    "rows": [{"attached": 1}],
    "start": {"d": "100", "values": {"diag1": "-0.98", "off1": "0.02"}},
}
documents = pytest.mark.parametrize("what", ALL)


def without_comments(text):
    return re.sub(r"(?m)^%.*$", "", text)


@documents
def test_every_file_is_balanced(exported, what):
    document = exported(what)
    for path in document.files:
        if path.suffix != ".tex":
            continue
        text = re.sub(r"\\[{}$%&#_\\]", " ", without_comments(path.read_text(encoding="utf-8")))
        depth = 0
        for mark in text:
            depth += (mark == "{") - (mark == "}")
            assert depth >= 0, path
        assert depth == 0, path
        begun, ended = (re.findall(rf"\\{word}{{([\w*]+)}}", text) for word in ("begin", "end"))
        assert sorted(begun) == sorted(ended), path
        assert text.count("$") % 2 == 0, path
        assert text.count(r"\left(") == text.count(r"\right)"), path
        assert text.count(r"\bigl(") == text.count(r"\bigr)"), path


@documents
def test_plain_text_has_no_bare_specials(exported, what):
    """Outside mathematics and alignments no sign stands that TeX would take for a command."""
    document = exported(what)
    for piece in ("family", "thresholds", "theorem", "evidence"):
        text = re.sub(r"\\[{}$%&#_]", "", without_comments(document.text(piece)))
        text = text.split(r"$\displaystyle{}#2$\par}}")[-1]
        text = re.sub(r"\\begin\{(?:tabular|longtable)\}.*", "", text)
        outside = re.sub(r"\\\[.*?\\\]|\$[^$]*\$|\\symreluformula.*", "", text, flags=re.S)
        assert not re.search(r"[_^#~<>]", outside), piece


@documents
def test_the_document_includes_every_piece_and_has_every_source(exported, what):
    document = exported(what)
    main = document.text()
    included = re.findall(r"\\input{(.*?)}", main)
    expected = [*PIECES[:4], *(["point"] if what == "II" else []), *PIECES[4:]]
    assert included == [f"{document.stem}-{piece}" for piece in expected]
    assert all((document.folder / f"{name}.tex").is_file() for name in included)
    cited = {key for keys in re.findall(r"\\cite{(.*?)}", main) for key in keys.split(",")}
    assert cited == set(re.findall(r"\\bibitem{(.*?)}", main)) and "ArjevaniField2021" in cited
    assert not re.search(r"\\cite", "".join(document.text(piece) for piece in expected))
    assert "booktabs" in main and "longtable" in main and main.endswith("\\end{document}\n")


@documents
def test_headers_name_command_version_and_certificate(exported, what):
    document = exported(what)
    for path in document.files:
        if path.suffix != ".tex" or path.parent != document.folder:
            continue
        header = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("%"))
        assert f"% Made again by: {document.command}" in header
        assert f"% symrelu version: {__version__}" in header
        assert "% certificate: " in header
        if path != document.main:
            assert "amsmath, amssymb, amsthm, array, booktabs, longtable" in header


def test_the_certificate_is_the_one_named_and_the_checker_accepts_it(exported):
    document = exported("A")
    certificate = document.folder / "A-proof" / "certificate.json"
    digest = hashlib.sha256(certificate.read_bytes()).hexdigest()
    for path in document.files:
        if path.suffix == ".tex" and path.parent == document.folder:
            assert f"% certificate: A-proof/certificate.json, SHA-256 {digest}" in path.read_text(encoding="utf-8")
    visible = re.sub(r"\\allowbreak\{\}", "", without_comments(document.text()))
    assert digest in visible and f"symrelu {__version__}" in visible and "A-proof/certificate.json" in visible
    run = subprocess.run(
        [sys.executable, str(ROOT / "proofs" / "checker.py"), str(certificate)], capture_output=True, check=False
    )
    assert run.returncode == 0
    assert certificate in document.files
    assert "proved with" not in document.text("theorem") and r"\begin{theorem}[A]" in document.text("theorem")


def test_the_hessian_of_every_type_is_there(exported):
    """M: t, s1, x1, y1, s2, x2, y2, s1*s2, in the decomposition, the spectrum and the blocks."""
    document = exported("M")
    types = [r"\mathfrak{t}", *(rf"\mathfrak{{{letter}}}_{{{block}}}" for block in "12" for letter in "sxy")]
    for name in [*types, r"\mathfrak{s}_{1} \otimes \mathfrak{s}_{2}"]:
        assert f"${name}$ & " in document.text("decomposition")
        assert rf"\textbf{{Type ${name}$}}" in document.text("spectrum")
        assert rf"\textbf{{Type ${name}$}}" in document.text("blocks")


def test_the_weights_are_a_block_matrix_with_sizes(exported):
    text = exported("M").text("family")
    assert re.search(r"\\bordermatrix\{\s*& d-p & p \\cr\s*d-p & .*\\mathrm\{diag\}_\{1\}.* & w_\{12\}\\, J \\cr", text)


def shape_of(*blocks, rows, teacher):
    values = dict.fromkeys(Shape.build([Size.parse(b) for b in blocks], rows, teacher).names, "1")
    attached = [{"free": True} if row is None else {"attached": row + 1} for row in rows]
    data = {"name": "shape", "blocks": list(blocks), "rows": attached, "teacher": teacher}
    return family({**data, "start": {"d": "30", "values": values}})


def test_extra_neurons_and_columns_without_teacher():
    text = family_piece(shape_of("d-1", "1", "2", rows=[0, 0, None], teacher=[True, True, False])).body
    assert r"$k = 2d-1$" in text.replace("2 d", "2d") and "$d+2$ inputs" in text
    assert r"d-1 & \mathrm{diag}_{2}\, I + \mathrm{off}_{2}\, (J - I) & w_{22}\, J & w_{23}\, J \cr" in text
    assert r"1 & w_{31}\, J & w_{32} & w_{33}\, J \cr" in text
    assert "unit vectors of the columns of block 1, 2" in text


def test_many_blocks_stay_within_the_page():
    four = family_piece(shape_of("d-6", "1", "2", "3", rows=[0, 1, 2, 3], teacher=[True] * 4)).body
    assert r"3 & w_{41}\, J & w_{42}\, J & w_{43}\, J & D_{4} \cr" in four and "Here $D_R = " in four
    eight = family_piece(shape_of("d-14", *"2222222", rows=list(range(8)), teacher=[True] * 8)).body
    assert "bordermatrix" not in eight and r"$2$ & $d-14$ & $w_{81}\, J$ \\" in eight


MISSING = {
    "M": {"thresholds": "family M has a symbol p", "theorem": "family M has a symbol p"},
    "global": {"theorem": "has no bound"},
    "erf": {
        "series": "an exact series is there for ReLU and leaky ReLU, not for erf",
        "spectrum": "not for erf",
        "thresholds": "no way leads from there to erf",
        "theorem": "ReLU only",
    },
    "II+1": {"theorem": "a proof was not asked for"},
}


@pytest.mark.parametrize("what", list(MISSING))
def test_a_missing_part_says_in_a_sentence_why(exported, what):
    document = exported(what)
    for piece, reason in MISSING[what].items():
        text = document.text(piece)
        assert "Not given: " in text and reason in text and "; " not in text.split("Not given: ")[1]
        assert "not given & " in document.text("evidence")
    assert "% certificate: no certificate: " in document.text()


def test_limits_stand_in_for_series_that_are_not_exact(exported):
    text = exported("II+1").text("spectrum")
    assert "Exact series of the eigenvalues are not given" in text
    assert r"$0$ & $.00442619791126" in text  # least limit of type t, as in the README


def test_evidence_names_what_is_exact_certified_numeric(exported):
    text = exported("A").text("evidence")
    rows = [line.split(" & ") for line in text.splitlines() if line.count(" & ") == 2]
    kinds = {statement.replace(r"\addlinespace[2pt]", ""): kind for statement, kind, _ in rows}
    assert kinds["Series of entries and loss"] == "exact"
    assert kinds["Blocks of the Hessian"] == "exact"
    assert kinds["Existence, uniqueness in a tube, signs of all blocks"] == "certified"
    assert kinds["Which critical point of this shape is meant"] == "numeric"
    assert "Not proved" in text and "every statement is about one branch" in text
    balls = exported("II+1").text("evidence")
    assert "Series of entries and loss: decimals & certified & 30 digits" in balls


def test_twice_gives_the_same_bytes(exported, tmp_path):
    """The theorem and its certificate too."""
    first = exported("A")
    for path in export(family("A"), tmp_path, Options(), first.command, "A"):
        assert path.read_bytes() == (first.folder / path.relative_to(tmp_path)).read_bytes(), path


def test_a_given_certificate_is_checked_and_named(tmp_path):
    given = ROOT / "proofs" / "A" / "certificate.json"
    files = list(export(family("A"), tmp_path, Options(certificate=given), "command", "A"))
    assert not any(path.suffix == ".json" for path in files)
    digest = hashlib.sha256(given.read_bytes()).hexdigest()
    assert digest in files[-1].read_text() and "negative eigenvalues: none" in (tmp_path / "A-theorem.tex").read_text()


def test_certificates_that_are_not_accepted(tmp_path):
    certificate = ROOT / "proofs" / "II" / "certificate.json"
    with pytest.raises(UsageError, match="about II; give one about I,"):  # the same shape, another family
        list(export(family("I"), tmp_path, Options(certificate=certificate), "command", "I"))
    other = family({**ONE_BLOCK, "name": "II"})  # the same name, another shape
    with pytest.raises(UsageError, match="of the same shape"):
        list(export(other, tmp_path, Options(certificate=certificate), "command", "II"))
    record = json.loads(certificate.read_text())
    record["claims"]["from"] = "4"
    false = tmp_path / "false.json"
    false.write_text(json.dumps(record))
    with pytest.raises((UsageError, Undecided)):
        list(export(family("II"), tmp_path, Options(certificate=false), "command", "II"))
    with pytest.raises(UsageError, match="cannot be read"):
        list(export(family("II"), tmp_path, Options(certificate=tmp_path / "none.json"), "command", "II"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"order": -1}, "order -1"),
        ({"eigenvalue_order": -2}, "order -2"),
        ({"digits": 0}, "0 digits"),
        ({"digits": 5001}, "5001 digits"),
        ({"proof": False, "certificate": Path("c.json")}, "exclude"),
    ],
)
def test_options_out_of_range(tmp_path, options, message):
    with pytest.raises(UsageError, match=message):
        list(export(family("A"), tmp_path, Options(**options), "command", "A"))
    assert not list(tmp_path.iterdir())


def test_what_the_compilation_in_ci_refuses():
    """The script must fail on what runs into the margin, and on references and characters that are missing."""
    specification = importlib.util.spec_from_file_location("compile_latex", ROOT / ".ci" / "compile_latex.py")
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    fine = "Overfull \\hbox (0.9pt too wide) in paragraph at lines 1--2\nUnderfull \\hbox (badness 10000)\n"
    assert script.faults(fine) == []
    for line in (
        "Overfull \\hbox (1.2pt too wide) in paragraph at lines 1--2",
        "LaTeX Warning: Reference `x' on page 1 undefined on input line 3.",
        "LaTeX Warning: Citation `x' on page 1 undefined on input line 3.",
        "Missing character: There is no x in font y!",
        "! Undefined control sequence.",
    ):
        assert script.faults(f"{fine}{line}\n") == [line]
