"""The command export: files, JSON, bad input, interruption."""

import json
import os
import sys

import pytest

from symrelu import cli


def run(capsys, monkeypatch, *words):
    """(exit status, stdout, stderr) of a command, in this process."""
    monkeypatch.setattr(sys, "argv", ["symrelu", *words])
    try:
        cli.main()
        status = 0
    except SystemExit as stop:
        status = stop.code or 0
    out, err = capsys.readouterr()
    return status, out, err


FAST = ("--no-proof", "--order", "2", "--eigenvalue-order", "1", "--digits", "5")


def test_json_lists_the_files_that_are_there(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, monkeypatch, "export", "A", "--out", "my folder", "--json", *FAST)
    files = json.loads(out)["files"]
    assert status == 0 and err == ""
    assert files[-1] == "my folder/A.tex" and len(files) == 9
    assert sorted(files) == sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "my folder").iterdir())
    header = (tmp_path / "my folder" / "A-series.tex").read_text().splitlines()[2]
    words = "symrelu export A --out 'my folder' --order 2 --eigenvalue-order 1 --digits 5 --no-proof"
    assert header == f"% Made again by: {words}"


def test_the_default_names_the_files(capsys, monkeypatch, tmp_path):
    status, out, _ = run(capsys, monkeypatch, "export", "A", "--out", str(tmp_path), "--d", "9", *FAST)
    assert status == 0 and f"written: {tmp_path}/A-point.tex" in out.splitlines()


BAD = [
    (["IV", "--out", "o"], "unknown family"),
    (["A"], "--out"),
    (["A", "--out", "o", "--order", "-1"], "negative"),
    (["A", "--out", "o", "--digits", "0"], "digits"),
    (["A", "--out", "o", "--digits", "x"], "digits"),
    (["A", "--out", "o", "--d", "abc"], "not a real number"),
    (["A", "--out", "o", "--d", "1"], "out of the range"),
    (["M", "--out", "o", "--d", "8"], "symbol p"),
    (["A", "--out", "o", "--activation", "tanh"], "unknown activation"),
    (["A", "--out", "file"], "is a file"),
    (["A", "--out", "file/below"], "cannot be made"),
    (["A", "--out", "o", "--certificate", "none.json"], "cannot be read"),
    (["A", "--out", "o", "--certificate", "file", "--no-proof"], "exclude"),
]


@pytest.mark.parametrize(("words", "message"), BAD)
def test_bad_input_is_one_clear_line(capsys, monkeypatch, tmp_path, words, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("{}")
    status, out, err = run(capsys, monkeypatch, "export", *words)
    assert status == 2 and out == ""
    assert len(err.splitlines()) == 1 and err.startswith("symrelu: ") and message in err


def test_a_certificate_that_is_refused_is_status_1(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("{}")
    status, _, err = run(
        capsys, monkeypatch, "export", "A", "--out", str(tmp_path), "--certificate", f"{tmp_path}/file"
    )
    assert status == 1 and "the checker refuses it" in err and len(err.splitlines()) == 1


def test_a_folder_that_cannot_be_written(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)  # root may write everywhere
    status, _, err = run(capsys, monkeypatch, "export", "A", "--out", str(tmp_path))
    assert status == 2 and "cannot be written" in err


def test_a_file_in_the_way(capsys, monkeypatch, tmp_path):
    (tmp_path / "A-series.tex").mkdir()
    status, _, err = run(capsys, monkeypatch, "export", "A", "--out", str(tmp_path), *FAST)
    assert status == 2 and "A-series.tex" in err and len(err.splitlines()) == 1


def test_an_interruption_names_what_is_kept(capsys, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("symrelu.export.blocks_section.decomposition_piece", interrupted)
    status, out, err = run(capsys, monkeypatch, "export", "A", "--out", str(tmp_path), *FAST)
    assert status == 130 and out == ""
    assert f"finished and kept: {tmp_path}/A-family.tex, {tmp_path}/A-series.tex\n" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A-family.tex", "A-series.tex"]


def test_an_interruption_at_the_start(capsys, monkeypatch, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("symrelu.toolkit.Family.prove", interrupted)
    status, _, err = run(capsys, monkeypatch, "export", "A", "--out", str(tmp_path))
    assert status == 130 and "finished and kept: nothing" in err


def test_progress_on_a_terminal(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    status, _, err = run(capsys, monkeypatch, "export", "A", "--out", str(tmp_path), *FAST)
    assert status == 0 and "Blocks of the Hessian" in err and "Thresholds, d = " in err
