"""The claims on stored searches, and that the stored searches are what the program finds."""

import json

import pytest

from symrelu.arithmetic.outcome import UsageError
from symrelu.claims import search_claims, stored
from symrelu.claims.stored import StoredMinimum, searches
from symrelu.search.experiments.running import experiment
from symrelu.search.searching import search


def test_a_stored_search_is_found_again():
    """The first of its 500 runs: as many of them at the global minimum as the rate lets expect, the same losses."""
    again = search(7, 7, 60, seed=0)
    known = {minimum.family: minimum for minimum in searches()[7, 7].minima}
    for found in again.minima:
        assert found.loss == pytest.approx(known[found.family].loss, abs=1e-9)
        assert found.count <= known[found.family].count
    assert again.runs == 60


def test_a_stored_experiment_is_found_again():
    data = next(data for data in stored.experiments() if data["name"] == "base")
    settings = data["settings"]
    again = experiment("base", settings["inputs"], settings["neurons"], runs=10, seed=settings["seed"])
    known = {(group["isotropy"], group["loss"]): group["count"] for group in data["found"]}
    for group in again.to_json()["found"]:
        assert group["count"] <= known[group["isotropy"], group["loss"]]


def test_every_run_is_counted():
    for found in searches().values():
        assert sum(minimum.count for minimum in found.minima) == found.runs
    for data in stored.experiments():
        assert sum(group["count"] for group in data["found"]) == data["settings"]["runs"]


@pytest.mark.parametrize("field", ["loss", "least_eigenvalue"])
def test_a_wrong_number_is_not_certified(field):
    (right,) = (minimum for minimum in searches()[8, 8].minima if minimum.family == "II")
    assert right.certified(8).is_minimum
    wrong = StoredMinimum(**{**right.__dict__, field: getattr(right, field) + 1e-6})
    with pytest.raises(UsageError, match="is not the certified one"):
        wrong.certified(8)


def test_fishers_exact_test():
    """Against scipy."""
    from scipy.stats import fisher_exact

    for a, m, b, n in ((478, 500, 473, 500), (410, 500, 389, 500), (3, 10, 9, 12), (0, 500, 57, 500)):
        expected = fisher_exact([[a, m - a], [b, n - b]]).pvalue
        assert search_claims.same_rate(a, m, b, n) == pytest.approx(expected, rel=1e-6)


@pytest.fixture
def altered(monkeypatch):
    """Stored data with a change made to it."""
    monkeypatch.setattr(search_claims, "searches", dict)

    def change(act):
        data = json.loads((stored._HERE / "searches.json").read_text())
        act({(d["settings"]["inputs"], d["settings"]["neurons"]): d for d in data})
        found = {(s.inputs, s.neurons): s for s in map(stored._search, data)}
        monkeypatch.setattr(search_claims, "searches", lambda: found)

    return change


def test_other_counts_would_fail(altered):
    def more_bad_runs(data):
        for minimum in data[8, 8]["found"]:
            minimum["count"] += {"global": -100, "II": 100}[minimum["family"]]

    altered(more_bad_runs)
    verdict = search_claims.table_of_minima()
    assert verdict.verdict == "fails" and "343 of 500 runs reach the global minimum, published 443" in verdict.detail


def test_less_symmetric_minima_would_fail(altered):
    altered(lambda data: data[8, 8]["found"][1].update(isotropy="Delta(S_4 x S_2 x S_1 x S_1)"))
    assert search_claims.isotropy_of_minima().verdict == "fails"


def test_bad_runs_with_one_more_neuron_would_fail(altered):
    altered(lambda data: data[8, 9].update(found=data[8, 8]["found"]))
    assert search_claims.over_parameterisation().verdict == "fails"


@pytest.mark.parametrize(("points", "verdict"), [(300_000, "fails"), (60_000, "holds")])
def test_minima_without_symmetry_decide_unless_the_sample_is_coarse(monkeypatch, points, verdict):
    """60000 // 7! = 11 drawn points are not the law they are drawn from: quoted, not counted."""
    data = [data for data in stored.experiments() if data["name"] == "laplace" and data["principle"]["holds"] is False]
    monkeypatch.setattr(
        search_claims, "experiments", lambda: [{**d, "settings": {**d["settings"], "points": points}} for d in data]
    )
    assert data and search_claims.beyond_the_base_model().verdict == verdict
