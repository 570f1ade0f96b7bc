"""Families of users: what is read, and one clear line for everything that is not as it should be."""

import copy
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symrelu.arithmetic.outcome import UsageError
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition, definition_from_dict, definition_from_file

VALUES = {"diag1": "1.0013", "off1": 0, "w12": "1/20", "w21": 0.025, "diag2": "-95e-2", "off2": "+.05"}
GOOD = {
    "name": "three flipped",
    "blocks": ["d-3", "3"],
    "rows": [{"attached": 1}, {"attached": 2}],
    "start": {"d": "40", "values": VALUES},
}
LEADING = {"diag1": "1", "off1": "0", "w12": "2*s^2", "w21": "4/pi*s^2", "diag2": "-1", "off2": "s^2"}


def changed(path, value):
    """GOOD with one place changed; `...` deletes it."""
    data = copy.deepcopy(GOOD)
    target = data
    for step in path[:-1]:
        target = target[step]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return data


def refusal(data):
    with pytest.raises(UsageError) as caught:
        definition_from_dict(data, "mine.json")
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith("mine.json") or "family three flipped" in message
    return message


def test_a_family_is_read_exactly():
    family = definition_from_dict(GOOD)
    assert family.name == "three flipped"
    assert family.shape == definition("M3").shape
    assert family.start.d == 40
    assert family.start.values == {
        "diag1": Fraction(10013, 10000),
        "off1": 0,
        "w12": Fraction(1, 20),
        "w21": Fraction(1, 40),
        "diag2": Fraction(-19, 20),
        "off2": Fraction(1, 20),
    }
    assert family.leading is None
    assert family.exact_point is None
    assert not family.symbolic_p


def test_leading_terms_will_do_in_place_of_a_start():
    family = definition_from_dict(changed(["start"], ...) | {"leading": LEADING})
    assert family.leading == LEADING
    assert family.start is None
    both = definition_from_dict(GOOD | {"leading": LEADING})
    assert both.start is not None
    assert both.leading == LEADING


def test_blocks_without_a_teacher_do_not_count():
    data = {
        "blocks": ["d", "4"],
        "rows": [{"attached": 1}, {"free": True}],
        "teacher": [True, False],
        "leading": {"diag1": "1", "off1": "0", "w12": "0", "w21": "s", "w22": "s"},
    }
    family = definition_from_dict(data, "wide.json")
    assert family.name == "wide.json"
    assert family.shape.teacher == (True, False)
    assert str(family.shape.neurons) == "d+1"


BAD = {
    "no blocks": (["blocks"], ..., "blocks"),
    "blocks are text": (["blocks"], "d", "blocks"),
    "no block": (["blocks"], [], "blocks"),
    "a block is a number with a point": (["blocks", 1], 3.0, "blocks"),
    "a block is true": (["blocks", 1], True, "blocks"),
    "a block is null": (["blocks", 1], None, "blocks"),
    "a block is a list": (["blocks", 1], ["3"], "blocks"),
    "a block is not linear": (["blocks", 0], "d^2", "linear"),
    "a block is empty": (["blocks", 1], "", "linear"),
    "a block has a symbol": (["blocks", 0], "d-p", "positive integer or grow"),
    "a block is zero": (["blocks", 1], "0", "positive integer or grow"),
    "a block is negative": (["blocks", 1], -3, "positive integer or grow"),
    "a block is not whole": (["blocks", 1], "5/2", "positive integer or grow"),
    "a block shrinks": (["blocks", 0], "3-d", "positive integer or grow"),
    "blocks do not add up": (["blocks", 0], "d-2", "add up to d+1"),
    "blocks are deeply nested": (["blocks", 0], "(" * 300 + "d-3" + ")" * 300, "linear"),
    "no rows": (["rows"], ..., "rows"),
    "rows are empty": (["rows"], [], "rows"),
    "rows are an object": (["rows"], {"attached": 1}, "rows"),
    "a row is a number": (["rows", 0], 1, "attached"),
    "a row is empty": (["rows", 0], {}, "attached"),
    "a row is attached to block 0": (["rows", 0], {"attached": 0}, "from 1 to 2"),
    "a row is attached to block 3": (["rows", 0], {"attached": 3}, "from 1 to 2"),
    "a row is attached to true": (["rows", 0], {"attached": True}, "from 1 to 2"),
    "a row is attached to text": (["rows", 0], {"attached": "1"}, "from 1 to 2"),
    "a row is attached and free": (["rows", 0], {"attached": 1, "free": True}, "from 1 to 2"),
    "a row is not free": (["rows", 0], {"free": False}, "from 1 to 2"),
    "a row has line breaks": (["rows", 0], {"a\nb": "c\nd"}, "from 1 to 2"),
    "teacher is no list": (["teacher"], True, "2 booleans"),
    "teacher is too short": (["teacher"], [True], "2 booleans"),
    "teacher has numbers": (["teacher"], [1, 1], "2 booleans"),
    "the teacher is missing": (["teacher"], [False, True], "add up to 3"),
    "neither start nor leading": (["start"], ..., "start"),
    "start is null": (["start"], None, "start"),
    "start is a number": (["start"], 5, "start"),
    "start is zero": (["start"], 0, "start"),
    "start has no d": (["start", "d"], ..., "start"),
    "start has more": (["start", "digits"], 5, "start"),
    "values are a list": (["start", "values"], [1, 0], "start"),
    "a value is missing": (["start", "values", "w12"], ..., "exactly diag1, off1, w12, w21, diag2, off2"),
    "a value is too many": (["start", "values", "w22"], 1, "exactly"),
    "a value is text": (["start", "values", "w12"], "small", "w12 = 'small' is not a real number"),
    "a value is null": (["start", "values", "w12"], None, "not a real number"),
    "a value is true": (["start", "values", "w12"], True, "not a real number"),
    "a value is infinite": (["start", "values", "w12"], float("inf"), "not a real number"),
    "a value is not a number": (["start", "values", "w12"], float("nan"), "not a real number"),
    "a value is too long": (["start", "values", "w12"], "0." + "1" * 5000, "not a real number"),
    "d is text": (["start", "d"], "big", "d = 'big' is not a real number"),
    "d is too small": (["start", "d"], 4, "out of the range"),
    "d is negative": (["start", "d"], "-1e300", "out of the range"),
    "d is much too large": (["start", "d"], "1e9999", "digits"),
    "leading is a list": (["leading"], ["1"], "leading"),
    "leading is a number": (["leading"], 3, "leading"),
    "leading has numbers": (["leading"], dict.fromkeys(VALUES, 1), "leading"),
    "leading lacks an entry": (["leading"], {"diag1": "1"}, "exactly"),
    "the name is a number": (["name"], 5, "name"),
    "the name is empty": (["name"], "", "name"),
    "the name is null": (["name"], None, "name"),
    "the name has a line break": (["name"], "a\nb", "name"),
    "an unknown key": (["colour"], "red", "unknown key 'colour'"),
    "an unknown key with a line break": (["co\nlour"], "red", "unknown key"),
}


@pytest.mark.parametrize(("path", "value", "said"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_is_said_in_one_line(path, value, said):
    assert said in refusal(changed(path, value))


@pytest.mark.parametrize("data", [None, 3, "II", [], [GOOD], True])
def test_a_family_is_an_object(data):
    with pytest.raises(UsageError, match=r"mine\.json: expected an object"):
        definition_from_dict(data, "mine.json")


# -- files --------------------------------------------------------------------------------------------------------------


def test_a_file_is_read(tmp_path):
    path = tmp_path / "three.json"
    path.write_text(json.dumps(GOOD))
    assert definition_from_file(path) == definition(str(path)) == definition_from_dict(GOOD)


FILES = {
    "empty": b"",
    "not JSON": b"blocks = d",
    "cut off": json.dumps(GOOD).encode()[:50],
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "a list": b"[1, 2]",
    "a number": b"17",
    "a number of 5000 digits": b"1" * 5000,
    "nested 100,000 deep": b"[" * 100_000,
    "nan": b'{"blocks": NaN}',
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_family_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"bad\.json") as caught:
        definition(str(path))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "name",
    ["missing.json", "no/such/folder.json", "line\nbreak.json", "nul\0.json", "x" * 5000 + ".json"],
    ids=lambda name: repr(name)[:20],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(UsageError) as caught:
        definition(f"{tmp_path}/{name}")
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_is_no_family(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        definition(str(tmp_path))


# -- any JSON at all ----------------------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=6), x, max_size=3)
)
numbers = st.integers() | st.floats() | st.sampled_from(["1", "-0.5", "1e3", "2/7", "x"])
sizes = st.sampled_from(["d", "d-1", "1", "2", "d/2", "d-3", "3", "p"]) | st.integers(-2, 4) | anything
row = st.fixed_dictionaries({"attached": st.integers(0, 4)}) | st.just({"free": True}) | anything
start = st.fixed_dictionaries({"d": numbers, "values": st.dictionaries(st.sampled_from([*VALUES, "w22"]), numbers)})
family_like = st.fixed_dictionaries(
    {"blocks": st.lists(sizes, max_size=3) | anything, "rows": st.lists(row, max_size=3) | anything},
    optional={
        "name": st.text(max_size=5) | anything,
        "start": start | anything,
        "leading": st.dictionaries(st.sampled_from([*VALUES]), st.text(max_size=5)) | anything,
        "teacher": st.lists(st.booleans(), max_size=3) | anything,
        "colour": anything,
    },
)


@given(anything | family_like)
def test_any_json_is_a_family_or_refused_in_one_line(data):
    try:
        family = definition_from_dict(data, "mine.json")
    except UsageError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert isinstance(family, Definition)
        assert family.start is not None or family.leading is not None


@given(st.sampled_from(sorted(GOOD)), anything)
def test_a_good_family_with_one_key_replaced(key, value):
    try:
        definition_from_dict(GOOD | {key: value}, "mine.json")
    except UsageError as error:
        assert len(str(error).splitlines()) == 1


# -- ranges -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rows", "d"), [("A", 4, 4), ("II", 4, 5), ("M3", 4, 7), ("M3", 2, 5), ("M", 4, 4)])
def test_the_first_d_with_so_many_rows_in_the_varying_block(name, rows, d):
    assert definition(name).d_with_rows(rows) == d


def test_every_varying_block_must_have_so_many_rows():
    data = {
        "blocks": ["d/2", "d/4-1", "d/4+1"],
        "rows": [{"free": True}],
        "leading": {"w11": "1", "w12": "1", "w13": "1"},
    }
    assert definition_from_dict(data).d_with_rows(4) == 20


def test_a_d_below_two_rows_is_out_of_range():
    family = definition("II")
    family.require_d(Fraction(3))
    with pytest.raises(UsageError, match="needs d >= 3"):
        family.require_d(Fraction(299, 100))
    with pytest.raises(UsageError, match="symbol p"):
        definition("M").require_d(Fraction(50))


def test_block_sizes_at_real_d():
    assert definition("M3").sizes(Fraction(11, 2)) == [Fraction(5, 2), 3]
