"""Exports that the tests share, and a reader of LaTeX formulas that shares no code with what writes them."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath.ctx_mp import MPContext

from symrelu import family
from symrelu.export.writing import Options, export

TOKEN = re.compile(r"\\[a-zA-Z]+|\d+(?:\.\d+)?|[a-zA-Z]|[{}()^_+\-/,']")
DROPPED = re.compile(r"\\(?:allowbreak|penalty500|left|right|bigl|bigr|displaystyle|cdot|!|,)(?![a-zA-Z])|\s+")


class Reader:
    """Evaluates the formulas of a LaTeX file: sums, products, fractions, powers, roots, named symbols."""

    def __init__(self, digits=60):
        self.mp = MPContext()
        self.mp.dps = digits

    def value(self, latex, names):
        """The number that a formula stands for; an O-term counts as nothing."""
        plain = DROPPED.sub(" ", re.sub(r"O\s*\\bigl\(.*?\\bigr\)|O\(1\)", "0", latex))
        self._tokens, self._names = TOKEN.findall(plain), names
        assert "".join(self._tokens) == plain.replace(" ", ""), plain
        result = self._sum()
        assert not self._tokens, self._tokens
        return result

    def _next(self, expected=None):
        token = self._tokens.pop(0)
        assert expected in (None, token), (expected, token, self._tokens[:10])
        return token

    def _peek(self):
        return self._tokens[0] if self._tokens else ""

    def _sum(self):
        total = self.mp.mpf(0)
        sign = -1 if self._peek() == "-" else 1
        if self._peek() in ("+", "-"):
            self._next()
        while True:
            total += sign * self._product()
            if self._peek() not in ("+", "-"):
                return total
            sign = -1 if self._next() == "-" else 1

    def _product(self):
        result = self._power()
        while self._peek() and self._peek() not in ("+", "-", ")", "}", ","):
            if self._peek() == "/":
                self._next()
                result /= self._power()
            else:
                result *= self._power()
        return result

    def _power(self):
        base = self._atom()
        if self._peek() != "^":
            return base
        self._next()
        return base ** self._group()

    def _group(self):
        self._next("{")
        result = self._sum()
        self._next("}")
        return result

    def _atom(self):
        token = self._next()
        if token[0].isdigit():
            return self.mp.mpf(token)
        match token:
            case "(":
                result = self._sum()
                self._next(")")
                return result
            case "{":
                self._tokens.insert(0, "{")
                return self._group()
            case r"\pi":
                return +self.mp.pi
            case r"\frac":
                above = self._group()
                return above / self._group()
            case r"\sqrt":
                return self.mp.sqrt(self._group())
            case r"\operatorname":  # atan2
                self._raw(), self._next("_"), self._raw(), self._next("{"), self._next("(")
                y = self._sum()
                self._next(",")
                x = self._sum()
                self._next(")"), self._next("}")
                return self.mp.atan2(y, x)
            case r"\arctan":
                return self.mp.atan(self._group())
            case _:
                return self._names[self._name(token)]

    def _name(self, token):
        name = self._raw() if token == r"\mathrm" else token.lstrip("\\")
        if self._peek() == "'":
            name += self._next()
        if self._peek() == "_":
            self._next()
            name += self._raw()
        return name

    def _raw(self):
        """What stands in braces, as it is."""
        self._next("{")
        inside = ""
        while self._peek() != "}":
            inside += self._next()
        self._next("}")
        return inside


def braced(text, start):
    """The text in the braces that open at `start`, and where they end."""
    assert text[start] == "{"
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise AssertionError("a brace is not closed")


def key(left):
    """w_{12} -> w12, \\mathrm{off}_{1} -> off1."""
    return re.sub(r"\\mathrm|\\|[{}_]", "", left)


def formulas(text):
    """(left-hand side, right-hand side) of every formula of a file, in order."""
    found = []
    text = text.split(r"$\displaystyle{}#2$\par}}")[-1]
    for match in re.finditer(r"\\symreluformula", text):
        left, end = braced(text, match.end())
        right, _ = braced(text, end)
        found.append((match.start(), key(left), right.removeprefix("= ")))
    for match in re.finditer(r"\\mbox\{\$\\displaystyle (.*?) = (.*?)\$\}", text):
        found.append((match.start(), key(match[1]), match[2]))
    return [(left, right) for _, left, right in sorted(found)]


class Exported:
    """A family exported into a folder: the text of each piece, and of the document."""

    def __init__(self, name, folder, activation=None, **options):
        self.subject = family(name, activation)
        self.folder = folder
        self.command = f"symrelu export {name} --out somewhere"
        self.files = list(export(self.subject, folder, Options(**options), self.command, str(name)))
        self.main = self.files[-1]
        self.stem = self.main.stem

    def text(self, piece=None):
        path = self.main if piece is None else self.folder / f"{self.stem}-{piece}.tex"
        return path.read_text(encoding="utf-8")

    def formulas(self, piece):
        return formulas(self.text(piece))


HOSTILE = {
    "name": "100% {my}_family & #1 ^~\\ 中",
    "blocks": ["d"],
    "rows": [{"attached": 1}],
    "start": {"d": "100", "values": {"diag1": "-0.98", "off1": "0.02"}},
}


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """The exports by name, made when they are first asked for."""
    made = {}
    asked = {
        "A": {"name": "A"},
        "II": {"name": "II", "order": 8, "digits": 50, "d": "6", "proof": False},
        "II+1": {"name": "II+1", "digits": 30, "proof": False},
        "M": {"name": "M", "order": 4, "eigenvalue_order": 2},
        "global": {"name": "global"},
        "erf": {"name": "II", "activation": "erf", "order": 3},
        "hostile": {"name": HOSTILE, "order": 3, "eigenvalue_order": 1, "proof": False},
    }

    def get(what):
        if what not in made:
            options = dict(asked[what])
            folder = Path(tmp_path_factory.mktemp("export"))
            made[what] = Exported(options.pop("name"), folder, **options)
        return made[what]

    return get


@pytest.fixture
def reader():
    return Reader


@pytest.fixture
def entries_of():
    """The entries of a family at d, from its closed equations, as strings of 30 digits."""

    def entries(subject, d):
        return {name: ball.str(30, radius=False) for name, ball in subject.at(Fraction(d), 30).parameters.items()}

    return entries
