"""The command plot: files, JSON, one line for every failure, Ctrl-C."""

import json
import sys

import pytest
from PIL import Image

from symrelu import cli
from symrelu.plots.kinds import KINDS


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


PICTURES = [
    ["weights", "II", "--d", 6],
    ["eigenvalues", "A", "--from", 5, "--to", 8, "--digits", 5],
    ["loss", "A", "--from", "5", "--to", "6.5"],
    ["index-map", "--to", 4],
    ["density", "A", "--d", 6],
    ["error", "A", "--order", 1, "--to", 50, "--value", "off1"],
]


@pytest.mark.parametrize("words", PICTURES, ids=[words[0] for words in PICTURES])
def test_every_kind_is_written(capsys, monkeypatch, tmp_path, words):
    out_file = tmp_path / "picture.png"
    status, out, err = run(capsys, monkeypatch, "plot", *words, "--out", out_file, "--width", 4)
    assert (status, out, err) == (0, f"written: {out_file}\n", "")
    with Image.open(out_file) as picture:
        assert picture.size[0] == 4 * 300
        assert len(picture.convert("L").getcolors(10**6)) > 20  # something is drawn


def test_kinds_are_those_of_the_help(capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "plot", "--help")
    assert status == 0
    assert "Example: symrelu plot eigenvalues II --out II.png" in " ".join(out.split())
    from symrelu.commands.plot import _OPTIONS

    assert set(KINDS) == set(_OPTIONS) == {words[0] for words in PICTURES}


@pytest.mark.parametrize(("suffix", "begin"), [(".pdf", b"%PDF-"), (".svg", b"<?xml"), (".PNG", b"\x89PNG")])
def test_the_suffix_tells_the_format(capsys, monkeypatch, tmp_path, suffix, begin):
    path = tmp_path / f"A{suffix}"
    status, out, err = run(capsys, monkeypatch, "plot", "density", "A", "--d", 6, "--out", path, "--json")
    assert (status, err, json.loads(out)) == (0, "", {"files": [str(path)]})
    assert path.read_bytes().startswith(begin)


BAD = [
    (["pie", "II"], "weights, eigenvalues, loss, index-map, density, error"),
    (["weights"], "symrelu plot weights II"),
    (["weights", "II", "--order", "3"], "--order does not belong to weights, which takes --d"),
    (["weights", "II", "--from", "3"], "--from does not belong to weights"),
    (["eigenvalues", "II", "--d", "6"], "--d does not belong to eigenvalues, which takes --from, --to, --digits"),
    (["loss", "II", "--digits", "6"], "--digits does not belong to loss"),
    (["density", "II", "--value", "off1"], "--value does not belong to density"),
    (["error", "II", "--atlas", "."], "--atlas does not belong to error"),
    (["index-map", "--from", "5"], "--from does not belong to index-map"),
    (["index-map", "II"], "not of II"),
    (["index-map", "--to", "6.5"], "integer"),
    (["index-map", "--to", "0"], "4 <= d <= K"),
    (["index-map", "--atlas", "nowhere"], "cannot be read"),
    (["weights", "XY"], "unknown family"),
    (["weights", "M"], "M2"),
    (["weights", "II", "--d", "6.5"], "integer"),
    (["eigenvalues", "II", "--from", "9", "--to", "8"], "empty"),
    (["eigenvalues", "II", "--to", "x"], "--to"),
    (["eigenvalues", "II", "--digits", "0"], "digits"),
    (["error", "II", "--order", "99"], "up to 12"),
    (["error", "II", "--value", "w77"], "w12"),
    (["error", "global"], "known exactly"),
    (["weights", "II", "--width", "1000"], "--width"),
    (["weights", "II", "--out", "x.gif"], ".png, .pdf, .svg"),
    (["weights", "II", "--out", "nowhere/x.png"], "no folder nowhere"),
]


@pytest.mark.parametrize(("words", "reason"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_wrong_use_is_one_line_and_status_two(capsys, monkeypatch, tmp_path, words, reason):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, monkeypatch, "plot", "--out", "x.png", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("symrelu: ") and reason in err
    assert not list(tmp_path.iterdir())


def test_without_out(capsys, monkeypatch):
    status, out, err = run(capsys, monkeypatch, "plot", "weights", "II")
    assert (status, out, err.count("\n")) == (2, "", 1) and "--out" in err


def test_without_matplotlib(capsys, monkeypatch, tmp_path):
    for name in list(sys.modules):
        if name.split(".")[0] == "matplotlib":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, out, err = run(capsys, monkeypatch, "plot", "weights", "II", "--out", tmp_path / "x.png")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "plot needs matplotlib" in err and "pip install 'symrelu[plots]'" in err


def test_what_is_not_certified_is_status_one(capsys, monkeypatch, tmp_path):
    def fail(*_, **__):
        raise ArithmeticError("no constants")

    monkeypatch.setitem(KINDS, "error", (fail, None))
    assert run(capsys, monkeypatch, "plot", "error", "II", "--out", tmp_path / "x.png") == (
        1,
        "",
        "symrelu: not certified: no constants\n",
    )


def test_ctrl_c_says_that_nothing_is_written(capsys, monkeypatch, tmp_path):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setitem(KINDS, "eigenvalues", (interrupt, None))
    path = tmp_path / "x.png"
    status, out, err = run(capsys, monkeypatch, "plot", "eigenvalues", "II", "--out", path)
    assert (status, out) == (130, "")
    assert err.strip() == f"symrelu: interrupted; {path} is not written"
    assert not path.exists()
