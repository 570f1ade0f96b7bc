"""What people see on a terminal: 80 columns, colours, progress with an estimate, completion, help with examples."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import click
import pytest

from symrelu.cli import cli
from symrelu.commands import output
from symrelu.commands.progress import Progress
from symrelu.render.layout import fitted
from symrelu.render.text import table

COMMANDS = dict(cli.commands)


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "symrelu.cli", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


WIDE = [
    "families",
    "experiment",
    "expand M --order 5",
    "expand II+1 --order 4",
    "expand II --order 4 --check",
    "spectrum M",
    "spectrum II --symbolic",
    "spectrum II+2 --limit",
    "spectrum M2+1 --d 20 --digits 50",
    "spectrum II --d 6 --check",
    "evaluate II --d 20 --digits 65",
    "threshold II --digits 50 --to 7",
    "split M2 --order 1",
    "interlace A+1 --d 20",
    "perturb II --d 6",
    "nonconvex --extra 2",
    "annihilate A --extra 0,1",
    "verify SS-example",
]


@pytest.mark.parametrize("words", WIDE)
def test_output_fits_80_columns(words: str) -> None:
    result = run(*words.split())
    assert result.returncode == 0 and result.stdout
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []
    assert "\x1b" not in result.stdout + result.stderr  # no colours, no progress


def test_nothing_is_lost_by_breaking_lines() -> None:
    from symrelu import family

    whole = family("M").expand(5).to_text()
    assert max(map(len, whole.splitlines())) > 300
    assert fitted(whole).split() == whole.split()


def test_digits_are_never_broken() -> None:
    number = "0." + "1234567890" * 12
    assert number in fitted(f"  w12    = {number}").split()
    assert number in table(["d*", "type"], [[number, "s1"]]).split()


def test_a_table_wraps_its_widest_column_and_stays_aligned() -> None:
    text = table(["name", "words"], [["a", "one two three four"], ["b", "five"]], width=16)
    assert text.splitlines() == ["name  words", "----  ----------", "a     one two", "      three four", "b     five"]


def test_a_series_is_broken_outside_brackets_first() -> None:
    lines = fitted("  w = (a + b)*(c + d) + (e + f)*(g + h)", 26).splitlines()
    assert lines == ["  w = (a + b)*(c + d)", "      + (e + f)*(g + h)"]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_that_the_parser_takes(name: str) -> None:
    result = run(name, "--help")
    assert result.returncode == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    example = re.search(r"Example: symrelu (.*?)(?:\n\n|\n\nOptions|\Z)", result.stdout, re.S)
    assert example, f"{name} has no example"
    words = re.split(r" (?:>|&&) ", " ".join(example[1].split()))[0]
    command, *rest = shlex.split(words)
    assert command == name
    COMMANDS[name].make_context(name, rest, parent=click.Context(cli))


def test_progress_estimates_from_the_share_done() -> None:
    progress = Progress("runs", 200, clock=lambda: 0.0)
    assert progress.line(50, 1.0) == "runs 50 of 200   25%"  # too early for an estimate
    assert progress.line(50, 30.0) == "runs 50 of 200   25%  about 90 s left"
    assert progress.line(2, 30.0) == "runs 2 of 200    1%"
    assert progress.line(100, 600.0).endswith("about 10 min left")


def test_progress_along_d_goes_by_its_logarithm() -> None:
    progress = Progress.along_d(1000)
    progress(10)
    assert progress.line(100, 30.0) == "d = 100 of 1000   50%  about 30 s left"


def test_progress_is_silent_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("runs", 2) as progress:
        progress(1)
    assert capsys.readouterr().err == ""


def test_verdicts_have_colours_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "SS-example        holds      certified\nII at d = 6: a minimum: all\nthe claim holds in a sentence"
    output.tell(text)
    assert capsys.readouterr().out == text + "\n"
    printed: list[str] = []
    monkeypatch.setattr(output.click, "echo", printed.append)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    output.tell(text)
    green = "\x1b[32m\x1b[1m{}\x1b[0m"
    expected = text.replace("holds ", green.format("holds") + " ", 1).replace("minimum", green.format("minimum"))
    assert printed == [expected]
    monkeypatch.setenv("NO_COLOR", "1")
    output.tell(text)
    assert printed[1] == text


@pytest.mark.parametrize(
    ("words", "expected", "absent"),
    [
        ("symrelu ex", {"expand", "experiment", "export"}, "check"),
        ("symrelu expand II", {"II", "II+1", "II+2"}, "A"),
        ("symrelu verify AF22", {"AF22-annihilate", "AF22-count"}, "SS-example"),
        ("symrelu experiment lea", {"leaky"}, "erf"),
        ("symrelu expand II --or", {"--order"}, "--check"),
    ],
)
def test_completion(words: str, expected: set[str], absent: str) -> None:
    result = run(_SYMRELU_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
    found = {line.partition(",")[2] for line in result.stdout.splitlines()}
    assert expected <= found and absent not in found


def test_a_path_is_completed_where_no_family_begins_so() -> None:
    result = run(_SYMRELU_COMPLETE="bash_complete", COMP_WORDS="symrelu expand ./my", COMP_CWORD="2")
    assert result.stdout.strip() == "file,./my"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell(shell: str) -> None:
    result = run("completion", shell)
    assert result.returncode == 0 and f"_SYMRELU_COMPLETE={shell}_complete" in result.stdout


def test_another_shell_is_one_clear_line() -> None:
    result = run("completion", "tcsh")
    assert result.returncode == 2 and "bash" in result.stderr and len(result.stderr.splitlines()) == 1
