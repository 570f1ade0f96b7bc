"""The command classify."""

import json

import numpy as np
from click.testing import CliRunner

from symrelu.cli import cli
from symrelu.family.catalogue import definition


def test_json_text_and_latex_of_the_global_minimum(tmp_path):
    path = tmp_path / "w.csv"
    np.savetxt(path, np.eye(4)[[2, 0, 1, 3]], delimiter=",")
    data = json.loads(CliRunner().invoke(cli, ["classify", str(path), "--json"], catch_exceptions=False).output)
    assert (data["family"], data["isotropy"], data["order"], data["d"]) == ("global", "Delta S_4", 24, 4)
    assert data["parameters"]["diag1"] == "1"
    text = CliRunner().invoke(cli, ["classify", str(path)]).output
    assert max(map(len, text.splitlines())) <= 80
    assert "diag" in CliRunner().invoke(cli, ["classify", str(path), "--latex"]).output
    assert definition("global").name in text
