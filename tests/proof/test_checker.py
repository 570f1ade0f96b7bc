"""The independent checker accepts what is true and refuses what is not."""

import copy
import json
import subprocess
import sys
from fractions import Fraction
from itertools import product
from math import prod
from types import SimpleNamespace

import mpmath
import pytest
from flint import arb, arb_poly, fmpq, fmpq_poly

from symrelu.arithmetic.precision import working
from symrelu.model.dense import DenseNetwork
from symrelu.proof.certificate import certificate_hash

from .conftest import CHECKER

SHAPES = {
    "A": ([[0, 1]], [0]),
    "II": ([[-1, 1], [1, 0]], [0, None]),
    "M2": ([[-2, 1], [2, 0]], [0, 1]),
    "M3": ([[-3, 1], [3, 0]], [0, 1]),
    "M2+1": ([[-2, 1], [2, 0]], [0, 1, None]),
    "II+2": ([[-1, 1], [1, 0]], [0, None, None, None]),
    "two orbits in one block": ([[-1, 1], [1, 0]], [0, 0, None]),
}


@pytest.fixture(autouse=True)
def precision():
    with working(160, 192):
        yield


def shape_of(checker, name):
    blocks, rows = SHAPES[name]
    return checker.Shape([fmpq_poly(b) for b in blocks], rows, [True] * len(blocks))


# ---- formulas against the dense network


def dense_rows(shape, d, value):
    """All rows of the network, as (orbit, index, columns): value(R, b, own) gives the entries."""
    sizes = [int(n(d)) for n in shape.sizes]
    columns = [(b, c) for b, n in enumerate(sizes) for c in range(n)]
    for R in shape.students:
        home = shape.homes[R]
        for i in range(1 if home is None else sizes[home]):
            index = None if home is None else i
            yield R, index, [value(R, b, b == home and c == index) for b, c in columns], columns


def dense_tensor(shape, d, T):
    return [
        T.entry(index, b, c) if T.orbit == R else 0
        for R, index, _, columns in dense_rows(shape, d, lambda *_: 0)
        for b, c in columns
    ]


def random_point(shape):
    return [fmpq(((7 * k * k + 5 * k + 3) % 19) - 8, 13) + fmpq(1, 7 + k) for k in range(len(shape.entries))]


def dense_network(shape, d, point):
    values = dict(zip(shape.entries, (str(Fraction(int(x.p), int(x.q))) for x in point), strict=True))
    mp = mpmath.mp.clone()
    mp.dps = 45
    W = [row for _, _, row, _ in dense_rows(shape, d, lambda *key: mp.fraction(*map(int, values[key].split("/"))))]
    return DenseNetwork.orthonormal(d, 30), [[+x for x in row] for row in W]


def network(checker, shape, d, point):
    line = checker.Line(arb(1) / arb(d).sqrt(), 1)
    return checker.Network(shape, line, [line.constant(x) for x in point])


def close(x, y):
    return abs(arb(mpmath.nstr(y, 28)) - x.p[0] if hasattr(x, "p") else arb(mpmath.nstr(y, 28)) - x) < 1e-20


@pytest.mark.parametrize("name", SHAPES)
def test_gradient_and_every_block_are_those_of_the_dense_network(checker, name):
    shape, d = shape_of(checker, name), 7
    point = random_point(shape)
    dense, W = dense_network(shape, d, point)
    ours = network(checker, shape, d, point)
    gradient, hessian = [g for row in dense.gradient(W) for g in row], dense._hessian(W)
    for T, g in zip(shape.types[0].tensors, ours.gradient(), strict=True):
        support = [k for k, x in enumerate(dense_tensor(shape, d, T)) if x]
        assert all(close(g, 2 * gradient[k]) for k in support)
    for kind in shape.types:
        if any(shape.sizes[b](d) < n for b, n in kind.marked.items()):
            continue  # the marked indices do not all exist: see the next test
        tensors = [dense_tensor(shape, d, T) for T in kind.tensors]
        block = ours.block(kind.name)
        for a, T in enumerate(tensors):
            image = [sum(h * t for h, t in zip(row, T, strict=True) if t) for row in hessian]
            for b, X in enumerate(tensors[: a + 1]):
                assert close(block[a][b], 2 * sum(x * y for x, y in zip(X, image, strict=True) if x)), (kind.name, a, b)


def test_exterior_square_of_three_columns(checker):
    """With n = 3 the four marked indices do not exist; the formulas, polynomial in n, hold for e_0^e_1 + e_1^e_2 + e_2^e_0."""
    shape, d = shape_of(checker, "M3"), 7
    point = random_point(shape)
    dense, W = dense_network(shape, d, point)
    kind = next(kind for kind in shape.types if kind.name == "x2")
    cyclic = checker.Tensor(1, lambda i, b, c: {1: 1, 2: -1}.get((c - i) % 3, 0) if b == 1 else 0)
    T = dense_tensor(shape, d, cyclic)
    value = sum(x * y * h for x, row in zip(T, dense._hessian(W), strict=True) for y, h in zip(T, row, strict=True))
    own = kind.tensors[0]
    norm = shape.weights(own, own, 1, 1, True, False, kind.marked)[1](d)
    block = network(checker, shape, d, point).block("x2")[0][0]
    assert close(block / norm, 2 * value / sum(x * x for x in T))


@pytest.mark.parametrize("name", SHAPES)
def test_types_fill_the_whole_space(checker, name):
    shape = shape_of(checker, name)
    for d in (8, 11):
        present = [kind for kind in shape.types if kind.dimension(d) > 0]
        rows = sum(1 for _ in dense_rows(shape, d, lambda *_: 0))
        assert sum(len(kind.tensors) * kind.dimension(d) for kind in present) == rows * d


def test_tensors_of_a_type_are_independent_and_types_orthogonal(checker):
    shape, d = shape_of(checker, "M2+1"), 8
    kinds = [kind for kind in shape.types if kind.dimension(d) > 0]
    tensors = [(kind.name, dense_tensor(shape, d, T)) for kind in kinds for T in kind.tensors]
    for (one, T), (other, X) in product(tensors, tensors):
        if one != other:
            assert sum(map(prod, zip(T, X, strict=True))) == 0
    for kind in kinds:
        rows = [[fmpq(x) for x in T] for name, T in tensors if name == kind.name]
        gram = checker.arb_mat([[sum(map(prod, zip(T, X, strict=True))) for X in rows] for T in rows])
        assert gram.det() > 0


def test_mpmath_agrees_with_the_other_arithmetic(checker):
    shape = shape_of(checker, "II+2")
    point, spot = random_point(shape), checker.Spot(fmpq(33, 4))
    one = network(checker, shape, fmpq(33, 4), point)
    other = checker.Network(shape, spot, [spot._number(x) for x in point])
    pairs = list(zip(one.gradient(), other.gradient(), strict=True))
    pairs += [pair for rows in zip(one.block("s1"), other.block("s1"), strict=True) for pair in zip(*rows, strict=True)]
    with mpmath.workdps(40):
        assert all(close(x, mpmath.mpf(y.mid)) for x, y in pairs)


def test_the_jacobian_is_the_derivative_of_the_equations(checker):
    """In the scaled unknowns, by difference quotients."""
    shape = shape_of(checker, "M2+1")
    scaling = [checker.Scaling([fmpq(1, 3 + r), fmpq(r, 7)], 1 + r % 3, r % 4 - 1) for r in range(len(shape.entries))]
    problem, line = checker.Problem(shape, scaling), checker.Line(arb(1) / 3, 1)
    y, step = [line.constant(x) for x in random_point(shape)], fmpq(1, 2**60)
    E, J = (f(line, problem.network(line, y)) for f in (problem.equations, problem.jacobian))
    for q in range(len(y)):
        moved = problem.equations(line, problem.network(line, [x + step if i == q else x for i, x in enumerate(y)]))
        for r, (before, after) in enumerate(zip(E, moved, strict=True)):
            assert abs((after.p[0] - before.p[0]) / step - J[r][q].p[0]) < 1e-10 * (1 + abs(J[r][q].p[0]))


# ---- arithmetic


def at(f, t):
    """A ball with f at s = centre + t."""
    return f.p(arb(t)) * arb(t) ** f.v if f.v else f.p(arb(t))


@pytest.mark.parametrize(("centre", "low", "high"), [("0", "0", "1/4"), ("3/8", "1/4", "1/2")])
def test_taylor_polynomials_contain_the_values(checker, centre, low, high):
    centre, *ends = [checker.number(x) for x in (centre, low, high)]
    line = checker.Line(centre, 9, *ends)
    s = line.power(1)
    functions = {
        "sqrt": (checker.Line.sqrt(s * s * (2 + 3 * s)), lambda x: x * (2 + 3 * x).sqrt()),
        "quotient": ((1 + s) / (s * (2 - s)), lambda x: (1 + x) / (x * (2 - x))),
        "atan": (checker.Line.atan(s * (3 - s)), lambda x: (x * (3 - x)).atan()),
        "beyond atan": (checker.Line.beyond_atan(3 * s), lambda x: 3 * x - (3 * x).atan()),
        "root of an angle": (checker.Line.sqrt(1 + checker.Line.atan(s)), lambda x: (1 + x.atan()).sqrt()),
        "power": (line.power(-3), lambda x: 1 / (x * x * x)),
        "polynomial in d": (line.exact(fmpq_poly([fmpq(1, 3), 0, 2])), lambda x: arb(1) / 3 + 2 / (x * x * x * x)),
    }
    for name, (model, function) in functions.items():
        for k in range(1, 17):
            t = line.low + (line.high - line.low) * k / 16
            with working(400):
                assert at(model, t).contains(function(line.centre + t)), name
            assert at(model, t).rad() < 0.3 * abs(at(model, t)).mid(), name


def test_coefficients_at_zero_keep_exact_zeros(checker):
    line = checker.Line(fmpq(0), 8, fmpq(0), fmpq(1, 4))
    s, y = line.power(1), line.constant(arb(1, 0.25))
    assert (1 + s * s * y - 1).v == 2
    assert checker.Line.beyond_atan(s * y).v == 3
    assert (checker.Line.sqrt(1 + s * s * s * y) - 1).v == 3


def test_coefficients_that_are_not_known_are_refused(checker):
    line = checker.Line(fmpq(0), 8, fmpq(0), fmpq(1, 4))
    assert len((1 / (1 + line.power(1))).coefficients(8)) == 9
    with pytest.raises(checker.Refused, match="order"):
        (1 / (1 + line.power(1))).coefficients(9)
    with pytest.raises(checker.Refused, match="pole"):
        line.power(-1).coefficients(4)


def test_a_sign_that_is_not_constant_is_refused(checker):
    line = checker.Line(fmpq(1, 2), 6, fmpq(1, 4), fmpq(3, 4))
    s = line.power(1)
    assert checker.Line.sign(s - fmpq(1, 5)) == 1
    with pytest.raises(checker.Refused):
        checker.Line.sign(s - fmpq(1, 2))
    with pytest.raises(checker.Refused):
        checker.Line.sign((s - fmpq(1, 3)) * (s - fmpq(1, 3)))


def test_nothing_that_is_not_finite_passes(checker):
    line = checker.Line(fmpq(1, 2), 4, fmpq(1, 4), fmpq(3, 4))
    bad = checker.Model(line, arb_poly([arb("nan"), 1]), 4)
    with pytest.raises(checker.Refused):
        checker.Line.sign(bad)
    assert not bad.at_most(arb(10), 0, line.low, line.high)
    with pytest.raises(checker.Refused):
        1 / (line.power(1) - fmpq(1, 2))
    with pytest.raises(checker.Refused):
        checker.Line.sqrt(line.power(1) - fmpq(1, 2))


# ---- true certificates


def verdict(checker, record, tmp_path, sign=True):
    record = copy.deepcopy(record)
    if sign:
        record["hash"] = certificate_hash(record)
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(record))
    status, lines = checker.check(path)
    return status, " ".join(lines)


def test_true_certificates_are_accepted(checker, certificate_a, certificate_ii, certificate_bounded, tmp_path):
    status, text = verdict(checker, certificate_a, tmp_path, sign=False)
    assert status == 0, text
    assert "x1 crosses zero, once, up, at d in [5.7638127349" in text
    assert "diag1 = -1, off1 = 0" in text and "minimum" in text
    status, text = verdict(checker, certificate_ii, tmp_path, sign=False)
    assert status == 0 and "s1 crosses zero, once, up, at d in [5.5855052474" in text
    status, text = verdict(checker, certificate_bounded, tmp_path, sign=False)
    assert status == 0 and "from 20 to 60" in text and "tends" not in text


def test_a_certificate_is_small(certificate_ii):
    assert len(json.dumps(certificate_ii)) < 100_000


# ---- every field of a certificate


def changed(record, path, change):
    """A copy with one leaf replaced by change(leaf)."""
    record = copy.deepcopy(record)
    place = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = change(place[path[-1]])
    return record


def value_of(text):
    """The number that a text of a certificate stands for."""
    base, _, exponent = text.partition("*2^")
    decimal, _, power = base.partition("e")
    return Fraction(decimal) * Fraction(10) ** int(power or 0) * Fraction(2) ** int(exponent or 0)


def plus(amount):
    return lambda text: str(value_of(text) + Fraction(amount))


def times(factor):
    return lambda text: str(value_of(text) * factor)


def to(value):
    return lambda _: value


MUTATIONS = {
    "format": (["format"], to("symrelu certificate 2")),
    "block": (["problem", "blocks", 0, 0], to("-1")),
    "growth": (["problem", "blocks", 0, 1], to("2")),
    "rows": (["problem", "rows", 0], to(None)),
    "teacher": (["problem", "teacher", 0], to(False)),
    "known": (["scaling", 0, "known", 0], to("1")),
    "known, slightly": (["scaling", 0, "known", 2], to("3")),
    "m": (["scaling", 1, "m"], to(3)),
    "e": (["scaling", 0, "e"], to(3)),
    "low": (["segments", 1, "low"], plus(Fraction(1, 2**20))),
    "first low": (["segments", 0, "low"], to("1*2^-30")),
    "high": (["segments", 1, "high"], plus(Fraction(-1, 2**20))),
    "last high": (["segments", -1, "high"], plus(Fraction(-1, 2**10))),
    "too far": (["segments", -1, "high"], plus(Fraction(1, 4))),
    "centre": (["segments", 1, "centre"], plus(Fraction(1, 2**30))),
    "coefficient at s = 0": (["segments", 0, "coefficients", 0, 0], plus(Fraction(1, 2**60))),
    "later coefficient": (["segments", 0, "coefficients", 1, 7], plus(Fraction(1, 2**30))),
    "coefficient elsewhere": (["segments", 2, "coefficients", 1, 0], plus(Fraction(1, 2**60))),
    "coefficient that is not dyadic": (["segments", 0, "coefficients", 0, 0], plus(Fraction(1, 3 * 2**90))),
    "radius of a coefficient": (["segments", 0, "radii", 0, 3], to("1*2^-140")),
    "radius of a remainder": (["segments", 1, "radii", 0, -1], to("1*2^-20")),
    "radius zero": (["segments", 0, "radii", 0, 0], to("0")),
    "radius negative": (["segments", 0, "radii", 0, 0], to("-1")),
    "large radius": (["segments", 0, "radii", 0, 0], to("16")),
    "crossing left out": (["segments", -1, "crossings"], to({})),
    "crossing moved": (["segments", -1, "crossings", "x1", 1], plus(Fraction(-1, 2**43))),
    "crossing wide": (["segments", -1, "crossings", "x1", 0], plus(Fraction(-1, 2**4))),
    "crossing of another type": (["segments", -1, "crossings"], lambda c: {"y1": c["x1"]}),
    "spot out of range": (["spots", 0], to("1")),
    "claimed shape": (["claims", "shape"], lambda text: text.replace("d", "d-1", 1)),
    "claimed limit": (["claims", "limits", "diag1"], to("1")),
    "claimed start": (["claims", "from"], to("9/2")),
    "claimed start after the crossing": (["claims", "from"], to("6")),
    "claimed end": (["claims", "to"], to("100")),
    "claimed dimension": (["claims", "types", "x1"], to("d")),
    "claimed sign": (["claims", "stretches", 0, "x1"], to(0)),
    "claimed truth value": (["claims", "stretches", 0, "x1"], to(True)),
    "claimed later sign": (["claims", "stretches", 1, "s1"], to(1)),
    "claimed type": (["claims", "crossings", 0, "type"], to("s1")),
    "claimed direction": (["claims", "crossings", 0, "direction"], to("down")),
    "claimed place from": (["claims", "crossings", 0, "from"], plus(Fraction(1, 10**11))),
    "claimed place to": (["claims", "crossings", 0, "to"], plus(Fraction(-1, 10**11))),
    "claimed term": (["claims", "constants", "entries", "diag1", "terms", 2, 0], plus(Fraction(1, 10**9))),
    "claimed radius": (["claims", "constants", "entries", "diag1", "terms", 2, 1], plus(-1)),
    "claimed constant": (["claims", "constants", "entries", "off1", "bounds", 3], times(Fraction(9, 10))),
    "constants from an earlier d": (["claims", "constants", "from"], to("4")),
    "hash": (["hash"], to("0" * 64)),
}
# A proof survives these: words, fewer spots, a coefficient moved within its radius, a radius a little larger, a longer hull.
HARMLESS = {
    "words": (["words", "family"], to("II")),
    "no spots": (["spots"], to([])),
    "coefficient within its radius": (["segments", 0, "coefficients", 0, 0], plus(Fraction(1, 2**90))),
    "larger radius": (["segments", 0, "radii", 0, 0], to("1*2^-60")),
    "wider claim of a place": (["claims", "crossings", 0, "from"], plus(Fraction(-1, 10))),
    "larger constant": (["claims", "constants", "entries", "off1", "bounds", 3], plus(1)),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_field_is_refused(checker, certificate_a, tmp_path, name):
    record = changed(certificate_a, *MUTATIONS[name])
    assert json.dumps(record) != json.dumps(certificate_a)
    status, text = verdict(checker, record, tmp_path, sign=name != "hash")
    assert status == 1 and text.startswith("refused: "), text


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not_matter_is_accepted(checker, certificate_a, tmp_path, name):
    status, text = verdict(checker, changed(certificate_a, *HARMLESS[name]), tmp_path)
    assert status == 0, text


def leaves(value, path=()):
    """The paths of everything in a record, one element of each list."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list) and value:
        yield from leaves(value[0], (*path, 0))


def test_a_field_of_another_type_is_refused(checker, certificate_a, tmp_path):
    for path in [path for path in leaves(certificate_a) if path and path[0] not in ("hash", "words")]:
        status, text = verdict(checker, changed(certificate_a, path, to(1.5)), tmp_path)
        assert status == 1 and text.startswith("refused: "), (path, text)


def test_a_field_that_is_missing_or_added_is_refused(checker, certificate_a, tmp_path):
    for path in leaves(certificate_a):
        place = certificate_a
        for key in path:
            place = place[key]
        if not isinstance(place, dict) or path[:1] == ("words",):
            continue
        others = [{**place, "more": 0}, *({k: v for k, v in place.items() if k != name} for name in place)]
        for other in others if path[-1:] != ("crossings",) else others[:1]:
            wrong = changed(certificate_a, path, to(other)) if path else other
            status, text = verdict(checker, wrong, tmp_path, sign="hash" in wrong)
            assert status == 1 and text.startswith("refused: "), (path, text)


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "1e5000", "0x1", "1/0", "1.", "--1", "1*2^", " 1", "1_000", 1, 1.5, None, True, ["1"]]
)
def test_what_is_no_number_is_refused(checker, text):
    with pytest.raises(checker.Refused):
        checker.number(text)


def test_numbers_are_read_exactly(checker):
    texts = {"-7": (-7, 1), "3/4": (3, 4), "-5*2^-3": (-5, 8), "1.25": (5, 4), "-0.5e1": (-5, 1), "12e-1": (6, 5)}
    assert all(checker.number(text) == fmpq(*value) for text, value in texts.items())


# ---- wrong theorems


def test_a_minimum_below_its_threshold_is_refused(checker, certificate_a, tmp_path):
    record = copy.deepcopy(certificate_a)
    record["segments"][-1]["crossings"] = {}
    record["claims"]["crossings"] = []
    record["claims"]["stretches"] = record["claims"]["stretches"][1:]
    status, text = verdict(checker, record, tmp_path)
    assert status == 1 and "sign" in text


def test_two_crossings_where_there_is_one_are_refused(checker, certificate_ii, tmp_path):
    record = copy.deepcopy(certificate_ii)
    place = next(g["crossings"] for g in record["segments"] if g["crossings"])
    record["claims"]["crossings"] *= 2
    record["claims"]["stretches"].append(record["claims"]["stretches"][0])
    assert verdict(checker, record, tmp_path)[0] == 1
    place["t"] = place["s1"]
    assert verdict(checker, record, tmp_path)[0] == 1


def test_a_crossing_is_proved_simple(checker, certificate_a, tmp_path):
    """On an interval around the crossing that is too wide for the derivative's sign the claim is refused."""
    record = copy.deepcopy(certificate_a)
    segment = record["segments"][-1]
    number = checker.number
    low, high = number(segment["low"]), number(segment["high"])
    segment["crossings"]["x1"] = [str(low + (high - low) / 64), str(high - (high - low) / 64)]
    record["claims"]["crossings"][0] |= {"from": "4", "to": "100"}
    assert verdict(checker, record, tmp_path)[0] == 1


def first_crossing(checker, record):
    """The problem, the segment with the crossing, and the crossing."""
    shape = checker.read_shape(record["problem"])
    problem = checker.Problem(shape, checker.read_scaling(record["scaling"], shape))
    data = next(g for g in record["segments"] if g["crossings"])
    segment, crossings = checker.read_segment(data, problem, {kind.name for kind in shape.types})
    return problem, segment, crossings["x1"]


def test_a_pivot_without_a_change_of_sign_has_no_crossing(checker, certificate_a):
    _, segment, (a, b) = first_crossing(checker, certificate_a)
    assert segment.counts(["x1"], {"x1": (a, b)}) == {"x1": [1, 0]}
    with pytest.raises(checker.Refused, match="does not change sign"):
        segment.counts(["y1"], {"y1": (a, b)})
    with pytest.raises(checker.Refused, match="not proved"):
        segment.counts(["x1"], {})


def test_a_derivative_without_a_sign_is_refused(checker, certificate_a):
    """The wider the interval, the less is known of the derivative: it is refused before anything else breaks."""
    _, segment, (a, b) = first_crossing(checker, certificate_a)
    reasons = []
    for k in range(1, 12):
        try:
            segment._require_simple("x1", [0], a - (b - a) * 8**k, b + (b - a) * 8**k)
        except checker.Refused as reason:
            reasons.append(str(reason))
    assert "the crossing of type x1 is not proved simple" in reasons


def test_two_tubes_that_may_hold_different_zeros_are_not_joined(checker, certificate_a):
    problem, segment, _ = first_crossing(checker, certificate_a)
    s = segment.low
    checker.require_same(problem, segment, segment, s)
    for distance in (4, 8):
        apart = SimpleNamespace(at=lambda a, b, x=distance: [y + x for y in segment.at(a, b)])
        with pytest.raises(checker.Refused, match="one branch"):
            checker.require_same(problem, segment, apart, s)


def test_every_joint_and_every_spot_counts(checker, certificate_a, tmp_path, monkeypatch):
    def fails(*_):
        raise checker.Refused("as the test wants it")

    joints = []
    with monkeypatch.context() as patched:
        patched.setattr(checker, "require_same", lambda *joint: joints.append(joint[-1]))
        assert verdict(checker, certificate_a, tmp_path)[0] == 0
        patched.setattr(checker, "require_same", fails)
        assert verdict(checker, certificate_a, tmp_path)[0] == 1
    assert joints == [checker.number(segment["high"]) for segment in certificate_a["segments"][:-1]]
    monkeypatch.setattr(checker.Spot, "check", lambda *_: {"t": 1})
    assert verdict(checker, certificate_a, tmp_path)[0] == 1


def test_signs_must_agree_from_segment_to_segment(checker):
    def segment(count):
        return SimpleNamespace(high=1, counts=lambda names, crossings: {"t": count})

    assert checker.timeline([(segment([0]), {}), (segment([0]), {})], ["t"]) == ([{"t": 0}], [])
    crossing = {"t": (fmpq(1, 4), fmpq(1, 3))}
    stretches, found = checker.timeline([(segment([0]), {}), (segment([1, 0]), crossing)], ["t"])
    assert stretches == [{"t": 1}, {"t": 0}] and found[0][0] == "t" and found[0][3] == "up"
    for parts in ([(segment([0]), {}), (segment([1]), {})], [(segment([1]), {}), (segment([1, 0]), crossing)]):
        with pytest.raises(checker.Refused, match="signs change"):
            checker.timeline(parts, ["t"])


def test_a_range_beyond_the_segments_is_refused(checker, certificate_bounded, certificate_a, tmp_path):
    for change in (["claims", "to"], to("61")), (["claims", "to"], to(None)), (["claims", "from"], to("19")):
        assert verdict(checker, changed(certificate_bounded, *change), tmp_path)[0] == 1
    record = copy.deepcopy(certificate_a)
    del record["segments"][0]
    record["claims"]["constants"] = None
    assert verdict(checker, record, tmp_path)[0] == 1


def test_blocks_of_less_than_three_columns_are_refused(checker):
    shape = shape_of(checker, "M3")
    assert [kind.name for kind in checker.present_types(shape, fmpq(6))] == ["t", "s1", "x1", "y1", "s1*s2", "s2", "x2"]
    with pytest.raises(checker.Refused):
        checker.present_types(shape, fmpq(11, 2))


def test_a_gap_between_segments_is_refused(checker, certificate_a, tmp_path):
    record = copy.deepcopy(certificate_a)
    del record["segments"][1]
    status, text = verdict(checker, record, tmp_path)
    assert status == 1 and "gap" in text


def test_another_branch_between_is_refused(checker, certificate_ii, tmp_path):
    """A segment of zeros of another family in the middle of the chain: it is no proof for this shape."""
    record = copy.deepcopy(certificate_ii)
    for row in record["segments"][1]["coefficients"]:
        row[0] = plus(Fraction(1, 2**10))(row[0])
    assert verdict(checker, record, tmp_path)[0] == 1


@pytest.mark.parametrize("blocks", [[["-2", "1"], ["2", "0"]], [["-3", "1"], ["3", "0"]]])
def test_the_data_of_one_family_do_not_prove_another(checker, certificate_ii, tmp_path, blocks):
    record = copy.deepcopy(certificate_ii)
    record["problem"]["blocks"] = blocks
    assert verdict(checker, record, tmp_path)[0] == 1
    record["problem"]["rows"] = [1, 2]
    assert verdict(checker, record, tmp_path)[0] == 1


# ---- the program


def run(*arguments):
    command = [sys.executable, "-I", str(CHECKER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_program_and_its_exit_status(certificate_a, tmp_path):
    good, bad, broken = (tmp_path / name for name in ("good.json", "bad.json", "broken.json"))
    good.write_text(json.dumps(certificate_a))
    bad.write_text(json.dumps(changed(certificate_a, ["claims", "from"], to("4"))))
    broken.write_text("{")
    assert run(good).returncode == 0
    both = run(good, bad)
    assert both.returncode == 1 and "accepted" in both.stdout and "refused" in both.stdout
    for paths in ([broken], [tmp_path / "nothing.json"], [good, broken], []):
        outcome = run(*paths)
        assert outcome.returncode == 2 and "Traceback" not in outcome.stderr


def test_the_checker_shares_nothing_with_the_program():
    imports = [line for line in CHECKER.read_text().splitlines() if line.startswith(("import ", "from "))]
    allowed = [
        "__future__",
        "hashlib",
        "json",
        "re",
        "sys",
        "collections",
        "functools",
        "itertools",
        "flint",
        "mpmath.ctx_iv",
    ]
    assert {line.split()[1] for line in imports} <= set(allowed)
    assert "symrelu." not in CHECKER.read_text()
