"""The commands prove and check: exit statuses, one line for every failure, files, and output that scripts can read."""

import json
import sys
from pathlib import Path

import pytest

from symrelu import cli
from symrelu.arithmetic.outcome import Undecided
from symrelu.proof import theorem as theorem_module

ROOT = Path(__file__).parents[1]


def run(capsys, monkeypatch, *words):
    """(exit status, stdout, stderr) of a command, in this process."""
    monkeypatch.setattr(sys, "argv", ["symrelu", *map(str, words)])
    try:
        cli.main()
        status = 0
    except SystemExit as stop:
        status = stop.code or 0
    out, err = capsys.readouterr()
    return status, out, err


BAD = [
    (["prove"], "needs a family or --atlas"),
    (["prove", "A", "--atlas", "6"], "not both"),
    (["prove", "--atlas", "6", "--from", "5"], "--from"),
    (["prove", "--atlas", "3"], "4"),
    (["prove", "--atlas", "-1"], "4"),
    (["prove", "--atlas", "x"], "atlas"),
    (["prove", "--atlas", "6", "--processes", "0"], "processes"),
    (["prove", "IV"], "unknown family"),
    (["prove", "M"], "symbol p"),
    (["prove", "A+9"], "A+9"),
    (["prove", "nowhere.json"], "nowhere.json"),
    (["prove", "II", "--from", "abc"], "not a real number"),
    (["prove", "II", "--from", "nan"], "not a real number"),
    (["prove", "II", "--from", "inf"], "not a real number"),
    (["prove", "II", "--from", "2.5"], "out of the range"),
    (["prove", "II", "--from", "-6"], "out of the range"),
    (["prove", "A", "--order", "-1"], "orders 0 to 12"),
    (["prove", "A", "--order", "13"], "orders 0 to 12"),
    (["prove", "A", "--order", "x"], "order"),
    (["prove", "A", "--nonsense"], "nonsense"),
    (["check"], "certificate"),
    (["check", "nowhere.json"], "nowhere.json"),
    (["check", "--latex", "nowhere.json"], "--latex"),
]


@pytest.mark.parametrize(("words", "reason"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_wrong_use_is_one_line_and_status_two(capsys, monkeypatch, words, reason):
    status, out, err = run(capsys, monkeypatch, *words)
    assert status == 2
    assert out == ""
    assert err.startswith("symrelu: ")
    assert err.count("\n") == 1
    assert reason.lower() in err.lower()


@pytest.mark.parametrize(
    "content", ["", "{}", "[1, 2]", '"text"', "null", '{"format": "symrelu certificate 1"}', "\0\1"]
)
def test_what_is_no_certificate_is_refused_in_words(capsys, monkeypatch, tmp_path, content):
    path = tmp_path / "certificate.json"
    path.write_text(content)
    status, out, err = run(capsys, monkeypatch, "check", path)
    assert "Traceback" not in out + err and str(path) in out + err
    if status == 2:  # no JSON: wrong use
        assert (out, err.count("\n")) == ("", 1)
    else:
        assert (status, err) == (1, "")
        assert out.startswith(f"{path}: refuted\n") and "the fields must be" in out


def test_a_folder_or_a_binary_file_is_no_certificate(capsys, monkeypatch, tmp_path):
    (tmp_path / "binary.json").write_bytes(bytes(range(256)))
    for path in (tmp_path, tmp_path / "binary.json"):
        status, out, err = run(capsys, monkeypatch, "check", path)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert str(path) in err and "Traceback" not in err


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The theorem about A for d >= 20 with constants of order 1: no crossing, so the certificate is soon checked."""
    return tmp_path_factory.mktemp("proofs") / "A"


@pytest.fixture(scope="module")
def made(folder):
    """The command that writes it, once: (status, document)."""
    from click.testing import CliRunner

    words = ["prove", "A", "--from", "20", "--order", "1", "--out", str(folder), "--json"]
    result = CliRunner().invoke(cli.cli, words)
    return result.exit_code, json.loads(result.stdout)


def test_a_theorem_with_its_files_is_status_zero(made, folder):
    status, data = made
    assert status == 0
    assert (data["family"], data["outcome"], data["reason"]) == ("A", "proved", None)
    assert (data["from"], data["to"], data["minimum"], data["evidence"]) == ("20", None, True, "certified")
    assert data["constants"]["order"] == 1 and set(data["constants"]["bounds"]) >= {"diag1", "off1", "loss", "y1 1"}
    assert sorted(data["files"]) == sorted(map(str, folder.iterdir()))
    assert "symrelu prove A --from 20 --order 1" in (folder / "README.md").read_text()


def test_what_was_written_is_checked_and_a_change_is_refused(capsys, monkeypatch, made, folder):
    """Both in one command: every file is reported, and one that is refused makes status 1."""
    good, bad = folder / "certificate.json", folder.parent / "bad.json"
    data = json.loads(good.read_text())
    data["claims"]["from"] = "19"
    bad.write_text(json.dumps(data))
    status, out, err = run(capsys, monkeypatch, "check", good, bad, "--json")
    first, second = json.loads(out)
    assert (status, err) == (1, "")
    assert (first["file"], first["outcome"]) == (str(good), "proved")
    assert (second["file"], second["outcome"]) == (str(bad), "refuted")
    assert second["reason"] and set(first) == {"file", "outcome", "reason"}


def test_the_table_for_people_and_latex(capsys, monkeypatch):
    status, out, err = run(capsys, monkeypatch, "prove", "A", "--from", "20", "--order", "1")
    assert (status, err) == (0, "")
    assert out.startswith("A: proved\n") and "value  C_1" in out
    assert max(map(len, out.splitlines())) <= 80
    status, out, _ = run(capsys, monkeypatch, "prove", "A", "--from", "20", "--order", "0", "--latex")
    assert status == 0 and out.startswith("\\begin{theorem}[A]") and "tabular" not in out


@pytest.mark.parametrize("place", ["taken", "taken/A"])
def test_a_folder_that_cannot_be_written_is_one_line_and_status_two(capsys, monkeypatch, tmp_path, place):
    (tmp_path / "taken").write_text("")
    out_dir = tmp_path / place
    status, out, err = run(capsys, monkeypatch, "prove", "A", "--from", "400", "--order", "0", "--out", out_dir)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "cannot be written" in err and str(out_dir) in err


def test_what_is_undecided_is_status_one_and_writes_nothing(capsys, monkeypatch, tmp_path):
    def refuse(*_):
        raise Undecided("made to fail")

    monkeypatch.setattr(theorem_module, "prove_near_infinity", refuse)
    words = ["prove", "A", "--from", "1e5", "--out", tmp_path / "A"]
    status, out, err = run(capsys, monkeypatch, *words, "--json")
    data = json.loads(out)
    assert (status, err, data["outcome"]) == (1, "", "undecided")
    assert "made to fail" in data["reason"] and data["files"] == []
    assert not (tmp_path / "A").exists()
    status, out, err = run(capsys, monkeypatch, *words)
    assert (status, err) == (1, "") and out.startswith("A: undecided\n")


def test_a_theorem_that_ends_before_infinity_is_status_zero_and_says_so(capsys, monkeypatch):
    def refuse(*_):
        raise Undecided("made to fail")

    monkeypatch.setattr(theorem_module, "prove_near_infinity", refuse)
    monkeypatch.setattr(theorem_module, "FARTHEST", 12)
    status, out, err = run(capsys, monkeypatch, "prove", "A", "--from", "7")
    assert (status, err) == (0, "")
    assert "Infinity is not reached" in out and "made to fail" in out


def test_ctrl_c_is_status_130_without_a_traceback(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("symrelu.analysis.threshold.prove_tube", interrupted)
    status, _, err = run(capsys, monkeypatch, "prove", "A", "--order", "0")
    assert status == 130
    assert "interrupted" in err and "Traceback" not in err


@pytest.mark.parametrize("name", ["A"])
def test_the_theorems_of_the_repository_are_what_the_command_says(capsys, monkeypatch, name):
    """statement.tex is what `prove` gives today, by the command that README.md names."""
    folder = ROOT / "proofs" / name
    line = next(
        text for text in (folder / "README.md").read_text().splitlines() if text.startswith("    symrelu prove ")
    )
    words = line.split()[1 : line.split().index("--out")]
    _, out, _ = run(capsys, monkeypatch, *words, "--latex")
    assert out == (folder / "statement.tex").read_text()
