"""The command search: what it prints, one line for every failure, and Ctrl-C."""

import json
import re
import signal
import subprocess
import sys
import time

import pytest

from symrelu import cli

SMALL = ["search", "--inputs", "4", "--neurons", "4", "--runs", "6"]


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
    (["search"], "--inputs"),
    (["search", "--inputs", "6", "--neurons", "6"], "--runs"),
    ([*SMALL, "--runs", "x"], "runs"),
    ([*SMALL, "--runs", "0"], "runs"),
    ([*SMALL, "--neurons", "0"], "neurons"),
    ([*SMALL, "--inputs", "-3"], "inputs"),
    ([*SMALL, "--inputs", "100000"], "inputs"),
    ([*SMALL, "--seed", "-1"], "seed"),
    ([*SMALL, "--method", "adam"], "gd, lbfgs, newton"),
    ([*SMALL, "--start", "zero"], "normal, uniform"),
    ([*SMALL, "--step", "0"], "step"),
    ([*SMALL, "--step", "nan"], "step"),
    ([*SMALL, "--variance", "inf"], "variance"),
    ([*SMALL, "--processes", "0"], "processes"),
    ([*SMALL, "--out", "."], "cannot be used"),
    ([*SMALL, "--out", __file__], "no store of symrelu"),
    ([*SMALL, "--scheduler", "here"], "tcp://127.0.0.1:8786"),
    ([*SMALL, "--scheduler", "tcp://127.0.0.1:9", "--processes", "2"], "--processes"),
    (["experiment", "relu"], "two-layers"),
    (["experiment", "erf", "--points", "9"], "needs no sample"),
    (["experiment", "base", "--runs", "0"], "at least one run"),
    (["prove", "--atlas", "5", "--scheduler", "here"], "tcp://127.0.0.1:8786"),
    (["prove", "II", "--scheduler", "tcp://127.0.0.1:9"], "--atlas"),
]


@pytest.mark.parametrize(("words", "reason"), BAD, ids=[" ".join(words[:1] + words[-2:])[:40] for words, _ in BAD])
def test_wrong_use_is_one_line_and_status_two(capsys, monkeypatch, words, reason):
    status, out, err = run(capsys, monkeypatch, *words)
    assert status == 2
    assert out == ""
    assert err.startswith("symrelu: ")
    assert err.count("\n") == 1
    assert reason.lower() in err.lower()


def test_without_numpy(capsys, monkeypatch):
    for name in list(sys.modules):
        if name.startswith("symrelu.search."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    status, out, err = run(capsys, monkeypatch, *SMALL)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "pip install 'symrelu[search]'" in err


def test_a_scheduler_that_does_not_answer(capsys, monkeypatch):
    from symrelu.arithmetic import cluster

    monkeypatch.setattr(cluster.Cluster.__init__, "__defaults__", (1.0,))
    status, out, err = run(capsys, monkeypatch, *SMALL, "--scheduler", "tcp://127.0.0.1:9")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in err


def test_table_json_and_latex(capsys, monkeypatch, tmp_path):
    store = tmp_path / "store.sqlite"
    words = [*SMALL, "--processes", "1", "--out", store]
    status, out, err = run(capsys, monkeypatch, *words, "--json")
    assert (status, err) == (0, "")
    (entry,) = json.loads(out)  # at k = d = 4 nothing else is found
    assert (entry["family"], entry["isotropy"], entry["count"]) == ("global", "Delta S_4", 6)
    assert (entry["loss"], entry["evidence"]) == ({"value": "0", "radius": "0"}, "certified")
    # AF20-global: 1/4 - 1/(2 pi)
    assert entry["least_eigenvalue"]["value"] == "0.090845056908104664231"
    status, out, _ = run(capsys, monkeypatch, *words)
    assert status == 0
    assert re.search(r"^global +Delta S_4 +6 +0 +0\.090845057 +yes$", out, re.MULTILINE)
    assert out.splitlines()[0].startswith("4 neurons, 4 inputs: 6 runs, seed 0; gradient descent, step 0.5")
    assert " ".join(out.split()).endswith(f"every run is in {store}")
    assert r"\toprule" in run(capsys, monkeypatch, *words, "--latex")[1]


def test_an_experiment_and_the_list_of_them(capsys, monkeypatch):
    status, out, err = run(capsys, monkeypatch, "experiment", "leaky", "--inputs", "4", "--runs", "3", "--json")
    assert (status, err) == (0, "")
    data = json.loads(out)
    assert (data["name"], data["evidence"], data["principle"]["holds"]) == ("leaky", "numeric", None)
    assert [(group["isotropy"], group["count"], group["loss"]) for group in data["found"]] == [
        ("Delta S_4", 3, "0.00000000")
    ]
    text = run(capsys, monkeypatch, "experiment", "leaky", "--inputs", "4", "--runs", "3")[1]
    assert "Least symmetry breaking: no spurious minimum was found" in " ".join(text.split())
    assert "Delta S_4  3      0.00000000  global minimum" in text
    names = [line.split()[0] for line in run(capsys, monkeypatch, "experiment")[1].splitlines()]
    assert {"exchangeable", "covariance", "laplace", "sphere", "erf", "gelu", "leaky", "two-layers"} <= set(names)


def test_help_needs_no_numpy():
    call = "sys.argv = ['symrelu', '--help']\ntry: c.main()\nfinally: print('numpy' in sys.modules)"
    code = f"import sys, symrelu.cli as c\n{call}"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout
    assert "experiment" in shown and shown.splitlines()[-1] == "False"


def test_help_says_that_other_methods_find_other_minima(capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "search", "--help")
    assert status == 0 and "rates" in out and "--scheduler" in out


@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_is_status_130_and_shows_what_was_finished(tmp_path, processes):
    store = tmp_path / "store.sqlite"
    words = [
        "search",
        "--inputs",
        "8",
        "--neurons",
        "8",
        "--runs",
        "100000",
        "--processes",
        processes,
        "--out",
        str(store),
    ]
    command = subprocess.Popen(
        [sys.executable, "-m", "symrelu.cli", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wal = store.with_name("store.sqlite-wal")
    for _ in range(400):
        time.sleep(0.05)
        if wal.exists() and wal.stat().st_size > 50_000:
            break
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)
    assert command.returncode == 130, err
    assert "Traceback" not in out + err and "interrupted" in err
    assert "of 100000 runs" in out and "Delta S_8" in out
