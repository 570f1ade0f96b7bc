"""The command classify."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from symrelu.cli import cli, main
from symrelu.family.catalogue import definition

MATRIX = Path(__file__).parent / "data" / "critical_points" / "type_A_beside_identity.csv"


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


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_derive_goes_from_a_matrix_to_a_certificate(tmp_path, form):
    """A minimum outside the catalogue; the certificate is accepted by the checker, which shares no code with what wrote it."""
    words = ["classify", str(MATRIX), "--derive", "--out", str(tmp_path / "out"), *form]
    shown = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert shown.exit_code == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"family.json", "certificate.json"} <= written
    checked = CliRunner().invoke(cli, ["check", str(tmp_path / "out" / "certificate.json")], catch_exceptions=False)
    assert checked.exit_code == 0 and ": proved" in checked.output
    if form:
        steps = json.loads(shown.output)["derivation"]
        assert [step["done"] for step in steps] == [True] * 7
    else:
        assert "[certified] theorem" in shown.output


def test_a_matrix_far_from_any_critical_point_is_one_line_and_status_two(tmp_path, monkeypatch, capsys):
    np.savetxt(tmp_path / "w.csv", np.random.default_rng(0).standard_normal((3, 3)), delimiter=",")
    monkeypatch.setattr(sys, "argv", ["symrelu", "classify", str(tmp_path / "w.csv"), "--derive"])
    with pytest.raises(SystemExit) as stop:
        main()
    shown = capsys.readouterr()
    assert (stop.value.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert "no critical point next to the matrix" in shown.err
