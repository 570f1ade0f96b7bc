"""The command line: exit statuses, one line for every failure, and output that scripts can read."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


BAD = [
    (["expand", "IV"], "unknown family"),
    (["expand", "M0"], "unknown family"),
    (["expand", "II", "--order", "-1"], "negative"),
    (["expand", "II", "--order", "x"], "order"),
    (["expand"], "family"),
    (["spectrum", "II", "--d", "abc"], "not a real number"),
    (["spectrum", "II", "--d", "nan"], "not a real number"),
    (["spectrum", "II", "--d", "inf"], "not a real number"),
    (["spectrum", "II", "--d", "1/0"], "not a real number"),
    (["spectrum", "II", "--d", "8", "--order", "2"], "exclude"),
    (["spectrum", "II", "--check"], "--check"),
    (["spectrum", "II", "--order", "-2"], "order"),
    (["spectrum", "M", "--d", "8"], "symbol p"),
    (["evaluate", "II"], "--d"),
    (["evaluate", "II", "--d", "2"], "out of the range"),
    (["evaluate", "II", "--d", "-20"], "out of the range"),
    (["evaluate", "II", "--d", "20", "--digits", "0"], "digits"),
    (["evaluate", "II", "--d", "20", "--digits", "-5"], "digits"),
    (["evaluate", "II", "--d", "5.5", "--check"], "integer d"),
    (["threshold", "II", "--digits", "0"], "digits"),
    (["threshold", "II", "--from", "7", "--to", "6"], "empty"),
    (["threshold", "II", "--from", "7", "--to", "7"], "empty"),
    (["threshold", "II", "--from", "1"], "out of the range"),
    (["threshold", "II", "--to", "x"], "not a real number"),
    (["threshold", "M"], "symbol p"),
    (["verify", "AF99"], "no claim"),
    (["evaluate", "A+2", "--d", "9"], "no branch A+2"),
    (["evaluate", "II+7", "--d", "9"], "II+7"),
    (["evaluate", "M2+1z", "--d", "9"], "M2+1, M2+1b"),
    (["evaluate", "global+1", "--d", "9"], "global+1"),
    (["families", "--search", "II"], "names no family"),
    (["families", "--search", "II+0"], "names no family"),
    (["families", "--search", "global+1"], "not searched"),
    (["families", "--search", "Z+1"], "unknown family"),
    (["families", "--search", "A+1", "--starts", "0"], "starts"),
    (["annihilate", "Z"], "unknown family"),
    (["annihilate", "A", "--extra", "9"], "extra neurons"),
    (["annihilate", "M"], "symbol p"),
    (["split", "II", "--d", "8", "--order", "2"], "exclude"),
    (["split", "II", "--check"], "--check"),
    (["split", "II", "--order", "-1"], "negative"),
    (["split", "II", "--d", "1"], "out of the range"),
    (["spectrum", "II", "--limit", "--d", "8"], "exclude"),
    (["spectrum", "M", "--limit"], "symbol p"),
    (["interlace", "A+1"], "--d"),
    (["perturb", "global", "--d", "6"], "parallel"),
    (["perturb", "II", "--d", "6.5"], "integer"),
    (["nonconvex", "--extra", "0"], "extra"),
    (["frobnicate"], "No such command"),
    (["expand", "II", "--nonsense"], "nonsense"),
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
    ("content", "reason"),
    [
        ("", "not JSON"),
        ("[1, 2]", "expected an object"),
        ("{}", "blocks"),
        ('{"blocks": ["d-x"], "rows": [{"attached": 1}]}', "not linear"),
        ('{"blocks": ["d-1", "2"], "rows": [{"attached": 1}]}', "add up to"),
        ('{"blocks": ["d"], "rows": [{"attached": 2}]}', "block from 1 to 1"),
        ('{"blocks": ["d"], "rows": [{"attached": 1}]}', "start"),
        ('{"blocks": ["d"], "rows": [{"attached": 1}], "leading": {"off1": "1/s", "diag1": "1"}}', "polynomial in s"),
        (
            '{"blocks": ["d"], "rows": [{"attached": 1}], "start": {"d": "20", "values": {"diag1": "x", "off1": 0}}}',
            "not a real number",
        ),
    ],
)
def test_a_bad_family_file_is_one_line_and_status_two(capsys, monkeypatch, tmp_path, content, reason):
    path = tmp_path / "family.json"
    path.write_text(content)
    status, out, err = run(capsys, monkeypatch, "expand", str(path), "--order", "2")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert reason in err


def test_a_missing_or_binary_family_file_is_reported(capsys, monkeypatch, tmp_path):
    assert run(capsys, monkeypatch, "expand", str(tmp_path / "none.json"))[0] == 2
    (tmp_path / "binary.json").write_bytes(bytes(range(256)))
    assert run(capsys, monkeypatch, "expand", str(tmp_path / "binary.json"))[0] == 2


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=12).filter(lambda t: not t.startswith("-") and "\0" not in t))
def test_whatever_is_given_as_d_never_shows_a_traceback(capsys, monkeypatch, text):
    # "global" needs no solving, so that even huge d cost nothing.
    status, _, err = run(capsys, monkeypatch, "evaluate", "global", "--d", text, "--json")
    assert status in (0, 1, 2)
    assert err.count("\n") == (status != 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=10).filter(lambda t: not t.startswith("-") and "\0" not in t))
def test_whatever_is_given_as_family_never_shows_a_traceback(capsys, monkeypatch, name):
    status, _, err = run(capsys, monkeypatch, "expand", name, "--order", "1", "--json")
    assert status in (0, 2)
    assert err.count("\n") == (status != 0)


def test_a_branch_that_cannot_be_followed_is_status_one(capsys, monkeypatch, tmp_path):
    path = tmp_path / "lost.json"
    values = {"diag1": "5", "off1": "5"}
    path.write_text(json.dumps({"blocks": ["d"], "rows": [{"attached": 1}], "start": {"d": "20", "values": values}}))
    status, out, err = run(capsys, monkeypatch, "evaluate", str(path), "--d", "20")
    assert (status, out) == (1, "")
    assert "not certified" in err


def test_json_of_each_command_is_one_document(capsys, monkeypatch):
    for words in (
        ["families"],
        ["expand", "A", "--order", "3"],
        ["spectrum", "A"],
        ["spectrum", "A", "--d", "7.5"],
        ["spectrum", "A", "--order", "1"],
        ["spectrum", "A", "--symbolic"],
        ["threshold", "A", "--from", "5", "--to", "7"],
        ["evaluate", "A", "--d", "6"],
        ["verify", "SS-example"],
        ["expand", "II+1", "--order", "3", "--digits", "30"],
        ["families", "--search", "A+1", "--starts", "5"],
        ["annihilate", "A", "--extra", "0,2", "--processes", "1"],
        ["split", "A", "--d", "7"],
        ["split", "A", "--order", "2"],
        ["spectrum", "A+1", "--limit"],
        ["spectrum", "A", "--d", "7", "--inputs", "2"],
        ["interlace", "A+1", "--d", "7"],
        ["perturb", "II", "--d", "6"],
        ["nonconvex"],
    ):
        status, out, err = run(capsys, monkeypatch, *words, "--json")
        assert (status, err) == (0, ""), words
        json.loads(out)


def test_latex_is_what_one_would_paste(capsys, monkeypatch):
    _, series, _ = run(capsys, monkeypatch, "expand", "II", "--order", "4", "--latex")
    assert series.startswith("\\begin{align*}")
    assert r"w_{12} &= 2 d^{-1} + O\bigl(d^{-2}\bigr)" in series
    _, table, _ = run(capsys, monkeypatch, "threshold", "A", "--from", "5", "--to", "7", "--latex")
    assert r"\toprule" in table
    assert "5.76381273" in table


def test_an_open_part_of_the_interval_is_status_one(capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "threshold", "A", "--from", "2", "--to", "3", "--json")
    found = json.loads(out)
    assert status == 1
    assert found["undecided"]
    assert all(part["reason"] for part in found["undecided"])


def test_ctrl_c_says_so_and_keeps_what_is_finished(capsys, monkeypatch):
    from symrelu.claims import verify

    checked = []

    def check(claim):
        if checked:
            raise KeyboardInterrupt
        checked.append(claim.id)
        return original(claim)

    original = verify.check
    monkeypatch.setattr(verify, "check", check)
    status, out, err = run(capsys, monkeypatch, "verify", "SS-example", "AF20-global")
    assert status == 130
    assert checked[0] in out
    assert "interrupted; 1 claims were checked" in err


def test_an_interrupted_table_shows_its_rows(capsys, monkeypatch):
    from symrelu.analysis import annihilation

    def interrupted(tasks, processes):
        yield annihilation.fate(tasks[0])
        raise KeyboardInterrupt

    monkeypatch.setattr(annihilation, "annihilate", interrupted)
    status, out, err = run(capsys, monkeypatch, "annihilate", "A", "--extra", "0,1")
    assert status == 130
    assert "minimum" in out and "A+1" not in out
    assert "interrupted; 1 of 2 branches were finished" in err


def test_series_in_balls_say_so(capsys, monkeypatch):
    _, out, _ = run(capsys, monkeypatch, "expand", "II+1", "--order", "3", "--json")
    data = json.loads(out)
    assert data["evidence"] == "certified" and data["field"]["name"] == "balls" and data["parameter"] == "s = d^(-1/2)"
    assert [term["power"] for term in data["parameters"]["w12"]] == [2]
    assert data["parameters"]["w12"][0]["exact"] == "2" and data["parameters"]["w12"][0]["ball"] is None
    term = data["parameters"]["w32"][0]
    assert (
        term["exact"] is None and term["decimal"].startswith("-1.38833511087") and float(term["ball"]["radius"]) < 1e-18
    )
    generators = {g["name"]: g for g in data["field"]["generators"]}
    assert generators["y_w12"]["equation"] == "pi*(y_w12 + y_w22 + y_w32)/2 = 0"


def test_the_installed_script_answers(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "symrelu.cli", "families"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert "Delta(S_{d-1} x S_1)" in result.stdout
