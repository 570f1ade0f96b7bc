"""The formulas and numbers of exported files, read back from LaTeX and compared with numbers from elsewhere."""

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy
import pytest

from symrelu import family
from symrelu.model.dense import DenseNetwork

ROOT = Path(__file__).parents[2]
PARI = ROOT / "tests" / "data" / "series_ii_pari_20.txt"


def pari_series(mp, name, order):
    """Coefficients by power, from an independent system."""
    found = {}
    for line in PARI.read_text().splitlines():
        word, power, text = [*line.split(), ""][:3]
        if word == name and int(power) < order:
            expression = re.sub(r"\d+", r"mpf(\g<0>)", text).replace("^", "**")
            found[int(power)] = eval(expression, {"pi": +mp.pi, "mpf": mp.mpf})
    return found


@pytest.mark.parametrize("name", ["diag1", "off1", "w12", "w21", "w22"])
def test_the_series_of_type_II_are_those_of_pari(exported, reader, name):
    """All coefficients at once: at d = 10^40 they do not overlap in 600 digits."""
    latex = dict(exported("II").formulas("series"))[name]
    assert latex.endswith(r"O\bigl(d^{-4}\bigr)")
    read = reader(600)
    d = read.mp.mpf(10) ** 40
    expected = pari_series(read.mp, name, 8)
    assert len(expected) >= 4
    total = sum(c * d ** (-read.mp.mpf(j) / 2) for j, c in expected.items())
    assert abs(read.value(latex, {"d": d}) - total) < read.mp.mpf(10) ** -580


def terms_by_power(latex):
    """The terms of a series by their power of s = d^(-1/2)."""
    found = {}
    for term in re.split(r"\\allowbreak (?=[+-] )", latex):
        exponent = re.search(r"d\^\{(-?\d+(?:/\d+)?)\}", term)
        found[0 if exponent is None else int(-2 * Fraction(exponent[1]))] = term
    return found


def test_the_loss_of_type_II_is_the_published_one(exported, reader):
    """(1/2 - 2/pi^2)/d - 32/(3 pi^4) d^(-3/2): Arjevani & Field 2021."""
    read, latex = reader(), dict(exported("II").formulas("series"))["mathcalL"]
    terms, pi, one = terms_by_power(latex), +reader().mp.pi, {"d": read.mp.mpf(1)}
    assert abs(read.value(terms[2], one) - (read.mp.mpf(1) / 2 - 2 / pi**2)) < read.mp.mpf(10) ** -50
    assert abs(read.value(terms[3], one) + 32 / (3 * pi**4)) < read.mp.mpf(10) ** -50


def test_ball_series_approach_the_critical_point(exported, reader, entries_of):
    """The error is O(d^-3): at d = 10^6 the decimals agree with the closed equations to 13 digits or more."""
    document, d = exported("II+1"), 10**6
    series, point = dict(document.formulas("series")), entries_of(document.subject, d)
    read = reader()
    for name, value in point.items():
        error = abs(read.value(series[name], {"d": read.mp.mpf(d)}) - read.mp.mpf(value))
        assert error < read.mp.mpf(10) ** -13, name
    assert "0.296298546446044310152320630826" in document.text("series")  # y_w12, as in the README


def test_generators_solve_their_equations(exported, reader):
    """The equations of the leading coefficients, at the decimals in the table."""
    text = exported("II+1").text("series")
    rows = re.findall(r"^\$y_\{(.*?)\}\$ & \$(-?\d+)\$ & \$(\.\d+)\$ & \$(.*?)\$", text, flags=re.M)
    read = reader()
    names = {"y" + re.sub(r"\\mathrm|[{}_]", "", row[0]): read.mp.mpf(row[1] + row[2]) for row in rows}
    assert len(names) == 7
    equations = [right.removesuffix(" = 0") for left, right in exported("II+1").formulas("series") if not left]
    assert len(equations) == 7
    for equation in equations:
        latex = re.sub(r"y_\{(?:\\mathrm\{(\w+)\}|(w))_\{(\d+)\}\}", r"y_{\1\2\3}", equation)
        assert abs(read.value(latex, names)) < read.mp.mpf(10) ** -27


def test_eigenvalue_series_approach_the_eigenvalues(exported, reader):
    document, d = exported("II"), 10**8
    read = reader()
    found = sorted(
        (read.value(right, {"d": read.mp.mpf(d)}) for left, right in document.formulas("spectrum")), key=float
    )
    components = document.subject.spectrum(d=d).components
    expected = sorted((read.mp.mpf(x.str(25, radius=False)) for c in components for x in c.eigenvalues), key=float)
    assert len(found) == len(expected) == 12
    for one, other in zip(found, expected, strict=True):
        assert abs(one - other) < read.mp.mpf(10) ** -14 * max(1, abs(other))  # O(d^-2)


def blocks_of(text):
    """For each type its dimension and Gram diagonal."""
    parts = re.split(r"\\textbf\{Type \$.*?\$\}, multiplicity \$(.*?)\$", text)[1:]
    for dimension, body in zip(parts[::2], parts[1::2], strict=True):
        gram = re.search(r"\\operatorname\{diag\}\((.*)\)\$\.", body)
        yield dimension, re.split(r",\\allowbreak\\ ", gram[1]) if gram else ["1"]


def is_entry(left):
    return re.fullmatch(r"B\d+|lambda", left) is not None


def test_the_blocks_give_the_spectrum_of_the_dense_network(exported, reader, entries_of):
    """All 36 eigenvalues at d = 6, from the LaTeX of the blocks and of the symbols alone."""
    document, read = exported("II"), reader()
    point = {name: read.mp.mpf(value) for name, value in entries_of(document.subject, 6).items()}
    names = {**point, "d": read.mp.mpf(6)}
    lines = document.formulas("blocks")
    waiting = [(left, right) for left, right in lines if not is_entry(left)]
    while waiting:  # each symbol once those it needs are known
        left, right = waiting.pop()
        try:
            names[left] = read.value(right, names)
        except KeyError:
            waiting.insert(0, (left, right))
    assert {"K1", "S'1v1", "varphi12", "n1"} <= set(names)
    entries = (read.value(right, names) for left, right in lines if is_entry(left))
    found = []
    for dimension, diagonal in blocks_of(document.text("blocks")):
        gram, size = [read.value(g, names) for g in diagonal], len(diagonal)
        matrix = numpy.zeros((size, size))
        for i in range(size):
            for j in range(i, size):
                matrix[i, j] = matrix[j, i] = float(next(entries) / read.mp.sqrt(gram[i] * gram[j]))
        found += list(numpy.linalg.eigvalsh(matrix)) * int(read.value(dimension, names))
    assert not list(entries)
    W = [[point["diag1" if i == j else "off1"] for j in range(5)] + [point["w12"]] for i in range(5)]
    W.append([point["w21"]] * 5 + [point["w22"]])
    hessian = DenseNetwork.orthonormal(6).hessian(W)
    dense = numpy.linalg.eigvalsh(numpy.array(hessian.tolist(), dtype=float).reshape(36, 36))
    assert numpy.allclose(sorted(found), dense, atol=1e-12)


def test_thresholds_are_those_of_the_checked_certificate(exported):
    """The certificate of the repository, which the checker proves again, has d* between these ends."""
    text = exported("II").text("thresholds")
    digits = re.search(r"\\symreluformula\{d\^\*\}\{= (.*?)\}\n", text)[1].replace(r"\,\allowbreak ", "")
    assert len(digits) == 51
    claims = json.loads((ROOT / "proofs" / "II" / "certificate.json").read_text())["claims"]
    (crossing,) = claims["crossings"]
    assert Fraction(crossing["from"]) < Fraction(digits) < Fraction(crossing["to"])
    assert crossing["type"] == "s1" and r"$\mathfrak{s}_{1}$" in text and r"$\uparrow$" in text
    assert "minimum at every integer $d$ from $6$ to $100$" in text


def test_the_point_at_one_d_is_the_published_one(exported):
    """d = 6: Safran & Shamir 2018."""
    values = {name: float(text.replace(r"\,\allowbreak ", "")) for name, text in exported("II").formulas("point")}
    published = {"diag1": 0.9867, "off1": -0.0504, "w12": 0.3080, "w21": 0.2245, "w22": -0.6015}
    for name, value in published.items():
        assert abs(values[name] - value) < 5.1e-5
    assert "0.0047003547" in exported("II").text("point").replace("$ & $", "")


def test_the_constants_hold(exported, reader, entries_of):
    """|x - sum_{j<N} a_j s^j| <= C_N s^N at a few d, with the series of the same document, cut off at N."""
    document, read = exported("A"), reader()
    series, theorem = dict(document.formulas("series")), document.text("theorem")
    for name in ("diag1", "off1"):
        row = next(line for line in theorem.splitlines() if line.startswith(rf"$\mathrm{{{name[:-1]}}}_{{1}}$ & "))
        cells = [read.mp.mpf(cell.replace("$", "") or "0") for cell in row.removesuffix(r" \\").split(" & ")[1:]]
        constants = [whole + part for whole, part in zip(cells[::2], cells[1::2], strict=True)]
        terms = terms_by_power(series[name])
        assert len(constants) == 4 and all(0 < bound < 20 for bound in constants)
        for d in (6, 10, 400):
            x, s = read.mp.mpf(entries_of(document.subject, d)[name]), 1 / read.mp.sqrt(d)
            for N, bound in enumerate(constants, start=1):
                kept = [read.value(term, {"d": read.mp.mpf(d)}) for power, term in terms.items() if power < N]
                assert abs(x - sum(kept)) <= bound * s**N


def test_series_with_a_symbol_p_are_those_of_its_members(exported, reader):
    """M at p = 3 is M3, whose coefficients are derived over another field."""
    read = reader()
    d, member = read.mp.mpf(10) ** 8, family("M3").expand(4)
    for name, latex in exported("M").formulas("series"):
        terms = member.loss if name == "mathcalL" else member.parameters[name]
        total = sum(read.mp.mpf(c.ball().str(40, radius=False)) * d ** (-read.mp.mpf(j) / 2) for j, c in terms.items())
        assert abs(read.value(latex, {"d": d, "p": read.mp.mpf(3)}) - total) < read.mp.mpf(10) ** -14
