"""Names for the Gram data of a family, so that its Hessian can be written in them.

In the names, R and Q stand for the labels of two rows w and v: 1, 2, ... for the student orbits, v1, v2, ... for the
targets of block 1, 2, ...

    K_R      sum of +-|v| sin(w, v) / (2 pi |w|) over all other students (+) and all targets (-)
    phi_RQ   pi - angle(w, v)
    r_RQ     w.v / |w|^2, the coefficient of the projection on w
    S_RQ     |w| |v| sin(w, v), the root of the Gram determinant
    c_RQ     w.v, where that is not just an entry of w
    A_R      |w|^2
    n_1      size of block 1, where that is not just d, p or a number

Where two orbits share a block, the plain name means rows of the same index and the suffix `prime` rows of different
indices: S_1v1 belongs to a row and its own target, S_1v1prime to a row and another target of its block. A pair of one
orbit, S_11, is always of two different rows. (Labels are joined by underscores when there are ten or more.)

For activations other than ReLU the coefficients of the kernel (model/kernel.py) have names in place of r and S:

    K_R                       sum of +-radial / (2 pi |w|^2) over all other students (+) and all targets (-)
    phi_RQ, q_RQ, b_RQ, a_RQ  of the pair (w, v); b_QR is b' of it
    slope_R, bend_R           of the row by itself, where they depend on it
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy

from symrelu.arithmetic.symbols import Symbols
from symrelu.family.gram import GramTable, Relation, Row
from symrelu.family.reduced import signed_rows
from symrelu.family.shape import Shape
from symrelu.model.kernel import RELU, Activation, KernelPair, OwnTerm, Pair

_LEVELS = ("K", "slope", "bend", "phi", "q", "b", "a", "r", "S", "c", "A", "n")  # each is defined by later ones
Levels = dict[str, dict[sympy.Symbol, Any]]


@dataclass(frozen=True)
class NamedPair(Pair):
    """A pair whose data are symbols: `root` for S, `supplement` for phi, `ratio` for c/A, `ratio_swapped` for c/B.

    The Hessian reads S itself, as `radial`, in one way only: summed over all pairs of a row, with sign and multiplicity,
    which is 2 pi A K. So K is carried whole by one pair of the row (its `share`), and the other pairs have share 0.
    """

    root: Any
    supplement: Any
    ratio: Any
    ratio_swapped: Any
    share: Any

    @cached_property
    def radial(self) -> Any:
        return self.share

    @cached_property
    def phi(self) -> Any:
        return self.supplement

    @cached_property
    def q(self) -> Any:
        return 1 / self.root

    @cached_property
    def b(self) -> Any:
        return -self.ratio * self.q

    @cached_property
    def b_swapped(self) -> Any:
        return -self.ratio_swapped * self.q

    @cached_property
    def a(self) -> Any:
        return self.ratio * self.ratio * self.q - self.radial / (self.A * self.A)


@dataclass(frozen=True)
class NamedCoefficients(KernelPair):
    """A pair of any activation: its coefficients by name, `share` as for NamedPair, and `plain`, which defines them."""

    plain: KernelPair
    names: dict[str, Any]
    share: Any

    @property
    def F(self) -> Any:
        return self.plain.F

    @property
    def radial(self) -> Any:
        return self.share

    @property
    def phi(self) -> Any:
        return self.names["phi"]

    @property
    def q(self) -> Any:
        return self.names["q"]

    @property
    def b(self) -> Any:
        return self.names["b"]

    @property
    def b_swapped(self) -> Any:
        return self.names["b_swapped"]

    @property
    def a(self) -> Any:
        return self.names["a"]


@dataclass(frozen=True)
class NamedOwnTerm(OwnTerm):
    """The own term of a row, by names."""

    plain: OwnTerm
    slope_name: Any
    bend_name: Any

    @property
    def value(self) -> Any:
        return self.plain.value

    @property
    def slope(self) -> Any:
        return self.slope_name

    @property
    def bend(self) -> Any:
        return self.bend_name


class NamedTable(GramTable):
    """The Gram table of a general point, in symbols; `definitions[level]` collects what they mean."""

    def __init__(self, shape: Shape, sizes: list[Any], activation: Activation = RELU):
        self.definitions: Levels = {level: {} for level in _LEVELS}
        self._joint = "_" if max(len(shape.rows), len(shape.blocks)) > 9 else ""
        named = [size if size.is_Atom else self._define("n", [str(b + 1)], size) for b, size in enumerate(sizes)]
        super().__init__(shape, Symbols(), named, {name: sympy.Symbol(name) for name in shape.names}, activation)
        carrying = [b for b, carries in enumerate(shape.teacher) if carries]
        self._labels = {id(row): str(R + 1) for R, row in enumerate(self.students)}
        self._labels |= {id(row): f"v{b + 1}" for b, row in zip(carrying, self.targets, strict=True)}
        self._order = list(self._labels)
        self._named: dict[tuple[int, int, Relation], NamedPair | NamedCoefficients] = {}
        for row in self.students:
            total = sum(
                sign * (number * _radial_meaning(self.pair(row, *pair)))
                for sign, number, pair in self._signed_pairs(row)
            )
            self._define("K", [self._label(row)], total / (2 * sympy.pi * self.norm_squared(row)))

    def norm_squared(self, row: Row) -> Any:
        plain = super().norm_squared(row)
        return self._define("A", [self._label(row)], plain) if sympy.sympify(plain).free_symbols else plain

    def own(self, row: Row) -> OwnTerm:
        plain = super().own(row)
        if plain.bend is None:
            return plain
        slope, bend = (self._name_of(x, [self._label(row)], getattr(plain, x)) for x in ("slope", "bend"))
        return NamedOwnTerm(plain.arithmetic, plain.A, plain, slope, bend)

    def pair(self, row: Row, other: Row, relation: Relation) -> NamedPair | NamedCoefficients:
        key = (id(row), id(other), relation)
        if key not in self._named:
            self._named[key] = self._name(row, other, relation)
        return self._named[key]

    def _name(self, row: Row, other: Row, relation: Relation) -> NamedPair | NamedCoefficients:
        plain = super().pair(row, other, relation)
        here = [self._label(row), self._label(other)]
        # S, phi and c do not depend on the order of the two rows, and have one name for both.
        either = here if self._order.index(id(row)) <= self._order.index(id(other)) else here[::-1]
        suffix = "prime" if relation is Relation.OTHER and row is not other else ""
        c = sympy.sympify(plain.c)
        if not c.is_Atom:
            c = self._define("c", either, c, suffix)
        if self.activation != RELU:
            return self._coefficients(plain, c, (here, either, suffix), self._share_of_curvature(row, other, relation))
        S = self._define("S", either, sympy.sqrt(plain.A * plain.B - c * c), suffix)
        phi = self._define("phi", either, sympy.pi - sympy.atan2(S, c), suffix)
        ratio = self._define("r", here, c / plain.A, suffix)
        swapped = self._define("r", here[::-1], c / plain.B, suffix)
        share = self._share_of_curvature(row, other, relation)
        return NamedPair(plain.arithmetic, plain.A, plain.B, c, plain.S_squared, S, phi, ratio, swapped, share)

    def _coefficients(
        self, plain: KernelPair, c: Any, labels: tuple[list[str], list[str], str], share: Any
    ) -> NamedCoefficients:
        here, either, suffix = labels
        data = (plain.arithmetic, plain.A, plain.B, c, plain.A * plain.B - c * c)
        pair = self.activation.pair(*data)
        names = {
            "phi": self._name_of("phi", either, pair.phi, suffix),
            "q": self._name_of("q", either, pair.q, suffix),
            "b": self._name_of("b", here, pair.b, suffix),
            "b_swapped": self._name_of("b", here[::-1], pair.b_swapped, suffix),
            "a": self._name_of("a", here, pair.a, suffix),
        }
        return NamedCoefficients(*data, pair, names, share)

    def _share_of_curvature(self, row: Row, other: Row, relation: Relation) -> Any:
        """2 pi A K where this pair carries K for its row (a pair that occurs once, if there is one), else 0."""
        sign, number, carrier = min(self._signed_pairs(row), key=lambda entry: entry[1] != 1)
        if carrier != (other, relation):
            return 0
        K = sympy.Symbol(f"K_{self._label(row)}")
        return 2 * sympy.pi * self.norm_squared(row) * K / (sign * number)

    def _signed_pairs(self, row: Row) -> list[tuple[int, Any, tuple[Row, Relation]]]:
        """All classes of pairs of a row: sign, number, and what `pair` wants besides the row."""
        return [
            (sign, number, (other, relation))
            for sign, other in signed_rows(self)
            for relation, number in self.classes(row, other)
        ]

    def _label(self, row: Row) -> str:
        return self._labels[id(row)]

    def _name_of(self, level: str, labels: list[str], meaning: Any, suffix: str = "") -> Any:
        """The name of an expression; a number stays what it is."""
        value = sympy.sympify(meaning)
        return self._define(level, labels, value, suffix) if value.free_symbols else value

    def _define(self, level: str, labels: list[str], meaning: Any, suffix: str = "") -> sympy.Symbol:
        symbol = sympy.Symbol(f"{level}_{self._joint.join(labels)}{suffix}")
        self.definitions[level].setdefault(symbol, sympy.sympify(meaning))
        return symbol


def linear_symbols(levels: Levels) -> set[Any]:
    """What a block is linear in: K, phi and 1/S of all pairs, or the named coefficients."""
    named = [name for level in ("K", "slope", "bend", "phi", "q", "b", "a") for name in levels.get(level, {})]
    return {*named, *(1 / S for S in levels.get("S", {}))}


def _radial_meaning(pair: NamedPair | NamedCoefficients) -> Any:
    return pair.root if isinstance(pair, NamedPair) else pair.plain.radial


def needed_definitions(symbols: Iterable[Any], levels: Levels) -> dict[sympy.Symbol, Any]:
    """The definitions that the symbols need, each before those that its own meaning needs."""
    needed, where = set(symbols), {}
    for definitions in levels.values():
        for symbol, meaning in definitions.items():
            if symbol in needed:
                where[symbol] = meaning
                needed |= meaning.free_symbols
    return where
