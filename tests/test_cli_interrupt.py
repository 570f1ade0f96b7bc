"""A real Ctrl-C on a terminal: long commands stop with one sentence that says what was finished, and status 130."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys

import pytest

LONG = {
    "threshold II+1 --digits 300 --to 10000": "what is shown was finished before",
    "prove M3": "what is shown was proved before",
    "annihilate II --extra 1,2,3 --processes 1": "of 3 branches were finished",
    "verify AF21": "claims were checked",
    "search --inputs 14 --neurons 14 --runs 4000 --processes 1": "what is shown was finished before",
    "export M3 --out supplement": "finished and kept",
}


def read_until(terminal: int, sign: str, seconds: float = 90.0) -> str:
    """What the command writes to its terminal, up to a sign, a regular expression."""
    text = ""
    while not re.search(sign, text):
        ready, _, _ = select.select([terminal], [], [], seconds)
        assert ready, f"nothing came for {seconds} seconds after {text!r}"
        text += os.read(terminal, 4096).decode()
    return text


@pytest.mark.parametrize("words", LONG)
def test_ctrl_c_leaves_a_sentence(words: str, tmp_path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "symrelu.cli", *words.split()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, text=True, cwd=tmp_path)
    os.close(theirs)
    try:
        read_until(ours, "\r")  # the first line of progress
        process.send_signal(signal.SIGINT)
        said = read_until(ours, r"symrelu: interrupted; .*\n")
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        os.close(ours)
    assert process.returncode == 130
    assert LONG[words] in said
    assert "Traceback" not in said + out
