"""The Hessian of a family as closed expressions, block by block, with names for the Gram data.

Each block is a pencil B v = lambda G v in the basis of `isotypic_basis`; lambda is an eigenvalue of the Hessian of L.
B is written in the entries of the shape (diag1, off1, w12, ...) and in symbols that `where` defines (gram_names.py), each
by an expression in symbols further down, the last ones by the entries, d and p.

The formulas are those of hessian.py, run on sympy; only the names and the order of terms are made here.
Source for the form of lambda_x and lambda_y: Arjevani & Field 2020 (2008.01805).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.polys.rings import PolyElement, PolyRing

from symrelu.analysis.gram_names import NamedTable, linear_symbols, needed_definitions
from symrelu.arithmetic.symbols import Symbols
from symrelu.family.definition import Definition
from symrelu.family.extra_inputs import HessianType, hessian_action, hessian_types
from symrelu.family.gram import GramTable
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.render.html import html_card, html_equation, html_note
from symrelu.render.latex import latex_expression, latex_formula, latex_type, latex_words
from symrelu.render.shown import Shown, Tabulated
from symrelu.render.text import table


@dataclass(frozen=True)
class SymbolicBlock:
    """The pencil (matrix, gram) of a type: `matrix` is symmetric, `gram` diagonal, `where` defines their symbols.

    `copies` is the size of the block, `dimension` the multiplicity of each of its eigenvalues, a polynomial in d and p.
    """

    type: HessianType
    matrix: sympy.ImmutableMatrix
    gram: sympy.ImmutableMatrix
    where: dict[sympy.Symbol, Any]
    dimension: Any

    @property
    def copies(self) -> int:
        return self.matrix.rows

    def explicit(self, expression: Any) -> Any:
        """An expression or matrix with every symbol of `where` replaced: in the entries of the shape, d and p alone."""
        for symbol, meaning in self.where.items():
            expression = expression.xreplace({symbol: meaning})
        return expression

    def to_dict(self, sizes: list[str]) -> dict[str, Any]:
        """The block in strings that sympy reads back; `sizes` are those of the shape."""
        return {
            "type": self.type.name,
            "name": self.type.describe(sizes),
            "copies": self.copies,
            "dimension": str(self.dimension),
            "matrix": [[str(entry) for entry in row] for row in self.matrix.tolist()],
            "gram": [[str(entry) for entry in row] for row in self.gram.tolist()],
            "where": {str(symbol): str(meaning) for symbol, meaning in self.where.items()},
        }


@dataclass(frozen=True)
class SymbolicSpectrum(Shown):
    """All blocks of a family's Hessian; types that occur at no d are left out."""

    definition: Definition
    blocks: tuple[SymbolicBlock, ...]
    inputs: int = 0

    def block(self, name: str) -> SymbolicBlock:
        """The block of a type by its name: t, s1, x1, ..."""
        return next(block for block in self.blocks if block.type.name == name)

    def to_dict(self) -> dict[str, Any]:
        sizes = [str(size) for size in self.definition.shape.blocks]
        blocks = [block.to_dict(sizes) for block in self.blocks]
        return {"family": self.definition.name, "inputs": inputs_text(self.definition, self.inputs), "blocks": blocks}

    def to_json(self) -> dict[str, Any]:
        return {**self.to_dict(), "d": None, "evidence": "exact"}

    def decomposition(self) -> Decomposition:
        """Only the types, with copies and dimensions."""
        return Decomposition(self)

    def to_text(self) -> str:
        lines = [f"{self.definition.name}: the Hessian as pencils B v = lambda G v in the Gram data"]
        for block in self.blocks:
            lines.append(
                f"{block.type.name}, multiplicity {block.dimension}, G = diag({_commas(block.gram.diagonal())})"
            )
            lines.extend(
                f"  B[{i + 1},{j + 1}] = {block.matrix[i, j]}"
                for i in range(block.copies)
                for j in range(i, block.copies)
            )
        where: dict[Any, Any] = {}
        for block in self.blocks:
            where.update(block.where)
        definitions = [f"  {symbol} = {meaning}" for symbol, meaning in where.items()]
        return "\n".join([*lines, "where", *definitions] if definitions else lines)

    def to_latex(self) -> str:
        """One displayed matrix for each type, and the symbols it uses."""
        lines = [*map(_pencil_latex, self.blocks), *self._definitions()]
        return "\n".join([r"\begin{gather*}", " \\\\\n".join(lines), r"\end{gather*}"])

    def _definitions(self) -> list[str]:
        """What each symbol stands for, as LaTeX."""
        where = {symbol: meaning for block in self.blocks for symbol, meaning in block.where.items()}
        return [f"{latex_expression(symbol)} = {latex_expression(meaning)}" for symbol, meaning in where.items()]

    def to_html(self) -> str:
        """The entries of each pencil, one formula each, and what each symbol stands for."""
        title = f"{self.definition.name}: the Hessian as pencils $B v = \\lambda G v$"
        pencils = [part for block in self.blocks for part in _pencil_html(block)]
        where = [html_note("where"), *map(html_equation, self._definitions())] if self._definitions() else []
        return html_card(title, ["exact"], *pencils, *where)

    def __repr__(self) -> str:
        return f"SymbolicSpectrum({self.definition.name}: {', '.join(block.type.name for block in self.blocks)})"


@dataclass(frozen=True)
class Decomposition(Tabulated):
    """M(k, d) as a representation of the isotropy group: which types, how often, of which dimension."""

    spectrum: SymbolicSpectrum

    def _rows(self) -> list[tuple[str, int, Any, str]]:
        sizes = [str(size) for size in self.spectrum.definition.shape.blocks]
        return [(b.type.name, b.copies, b.dimension, b.type.describe(sizes)) for b in self.spectrum.blocks]

    def to_json(self) -> dict[str, Any]:
        blocks = [
            {"type": name, "name": words, "copies": copies, "dimension": str(dimension)}
            for name, copies, dimension, words in self._rows()
        ]
        definition, extra = self.spectrum.definition, self.spectrum.inputs
        return {
            "family": definition.name,
            "d": None,
            "inputs": inputs_text(definition, extra),
            "blocks": blocks,
            "evidence": "exact",
        }

    def to_text(self) -> str:
        definition = self.spectrum.definition
        rows = [[name, str(copies), str(dimension), words] for name, copies, dimension, words in self._rows()]
        extra = self.spectrum.inputs
        group = definition.shape.isotropy + (f" x O({extra})" if extra else "")
        inputs = inputs_text(definition, extra)
        heading = f"{definition.name}: M(k, {inputs}) under {group}, each copy an eigenvalue"
        return heading + "\n" + table(["type", "copies", "dimension", "name"], rows)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [f"${latex_type(name)}$", str(copies), latex_formula(dimension), latex_words(words)]
            for name, copies, dimension, words in self._rows()
        ]
        return ["type", "copies", "dimension", "name"], rows

    def _title(self) -> str:
        return f"{self.spectrum.definition.name}: isotypic components of M(k, {self._inputs()})"

    def _badges(self) -> list[str]:
        return ["exact"]

    def __repr__(self) -> str:
        types = ", ".join(f"{copies} {name}" for name, copies, *_ in self._rows())
        return f"Decomposition({self.spectrum.definition.name}: {types})"

    def _inputs(self) -> str:
        return inputs_text(self.spectrum.definition, self.spectrum.inputs)


def _pencil_latex(block: SymbolicBlock) -> str:
    name, matrix, gram = latex_type(block.type.name), latex_expression(block.matrix), latex_expression(block.gram)
    return rf"B_{{{name}}} = {matrix}, \quad G_{{{name}}} = {gram}"


def _pencil_html(block: SymbolicBlock) -> list[str]:
    """A heading with the diagonal of G, and the upper triangle of B."""
    name, diagonal = latex_type(block.type.name), ", ".join(map(latex_expression, block.gram.diagonal()))
    heading = rf"${name}$, multiplicity {latex_formula(block.dimension)}, $G = \operatorname{{diag}}({diagonal})$"
    triangle = [(i, j) for i in range(block.copies) for j in range(i, block.copies)]
    entries = [f"B_{{{i + 1}{j + 1}}} = {latex_expression(block.matrix[i, j])}" for i, j in triangle]
    return [html_note(heading), *map(html_equation, entries)]


def _commas(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values))


def symbolic_spectrum(definition: Definition, inputs: int = 0) -> SymbolicSpectrum:
    """The Hessian blocks of a family at every point of its shape, critical or not.

    A family with an exact point (the global minimum) gets its blocks there, explicit in d and pi: parallel rows, where
    the general expressions would read 0/0, are recognised by their exact entries. A size that is a symbol stands for
    three or more: at p = 2 the `symmetric` tensors vanish, and the member (M2) has its own, smaller, blocks. `inputs` adds
    the blocks of so many inputs that no neuron sees.
    """
    shape = definition.shape
    d, p = sympy.symbols("d p")
    sizes: list[Any] = [sympy.sympify(size.at(d, p)) for size in shape.blocks]
    if definition.exact_point is None:
        named = NamedTable(shape, sizes, definition.activation)
        table, levels = named, named.definitions
    else:
        table, levels = GramTable(shape, Symbols(), sizes, dict(definition.exact_point), definition.activation), {}
    blocks = []
    for kind, dimension in symbolic_dimensions(shape, inputs):
        matrix, gram = _pencil(*hessian_action(table, kind), linear_symbols(levels))
        where = needed_definitions(matrix.free_symbols | gram.free_symbols, levels)
        blocks.append(SymbolicBlock(kind, matrix, gram, where, dimension))
    return SymbolicSpectrum(definition, tuple(blocks), inputs)


def inputs_text(definition: Definition, extra: int) -> str:
    """The number of inputs, like d or d+2."""
    return str(definition.shape.inputs + Size.constant(extra))


def symbolic_dimensions(shape: Shape, inputs: int = 0) -> list[tuple[HessianType, Any]]:
    """The types that occur at some d, with their dimensions as factored polynomials in d and p."""
    d, p = sympy.symbols("d p")
    sizes: list[Any] = [sympy.sympify(size.at(d, p)) for size in shape.blocks]
    dimensions: list[tuple[HessianType, Any]] = [
        (kind, sympy.factor(kind.dimension(sizes), d, p)) for kind in hessian_types(shape, inputs=inputs)
    ]
    return [(kind, dimension) for kind, dimension in dimensions if not (dimension.is_Integer and dimension <= 0)]


def _pencil(action: list[list[Any]], gram: list[Any], linear: set[Any]) -> tuple[Any, Any]:
    """B = G H / (2 pi) and G, each entry of B sorted by the symbols it is linear in."""
    norms = [sympy.factor(norm) for norm in gram]
    matrix = sympy.zeros(len(norms))
    for i, row in enumerate(action):
        for j in range(i + 1):
            # G_i H_ij = G_j H_ji: take the shorter one.
            choices = [(norms[i], _polynomial(row[j])), (norms[j], _polynomial(action[j][i]))]
            norm, entry = min(choices, key=lambda choice: len(choice[1]))
            matrix[i, j] = matrix[j, i] = _sorted_by(entry, linear, norm)
    return sympy.ImmutableMatrix(matrix), sympy.ImmutableMatrix(sympy.diag(*norms))


def _polynomial(entry: Any) -> PolyElement:
    """The entry as a polynomial over Q in its symbols and in the reciprocals and roots of numbers that occur in it."""
    expression = sympy.sympify(entry)
    powers = expression.atoms(sympy.Pow)
    others = {x for x in powers if x.exp == -1 or (x.exp == sympy.Rational(1, 2) and x.base.is_Integer)}
    generators = expression.free_symbols | others | {sympy.pi}
    return PolyRing(sorted(generators, key=str), sympy.QQ).from_expr(expression)


def _sorted_by(entry: PolyElement, linear: set[Any], norm: Any) -> Any:
    """norm * entry / (2 pi) as a sum over the symbols of `linear`, with factored coefficients."""
    ring = entry.ring
    if not linear:  # an explicit point: no names, nothing to sort by
        return norm * sympy.expand(entry.as_expr() / (2 * sympy.pi))
    marked = [place for place, generator in enumerate(ring.symbols) if generator in linear]
    parts: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for exponents, coefficient in entry.terms():
        kept = tuple(exponents[place] for place in marked)
        rest = tuple(0 if place in marked else e for place, e in enumerate(exponents))
        parts.setdefault(kept, {})[rest] = coefficient
    total: Any = sympy.S.Zero
    for kept, terms in parts.items():
        unit, factors = _factored(terms, ring.symbols)
        factors += [(ring.symbols[place], e) for place, e in zip(marked, kept, strict=True)]
        total += norm * _product(unit, factors) / (2 * sympy.pi)
    return total


def _factored(terms: dict[tuple[int, ...], Any], generators: tuple[Any, ...]) -> tuple[Any, list[tuple[Any, int]]]:
    """The polynomial with these terms as a rational number and powers of its factors."""
    # Factorising is many times faster without the generators that do not occur.
    used = [place for place in range(len(generators)) if any(exponents[place] for exponents in terms)]
    if not used:
        return sympy.sympify(next(iter(terms.values()))), []
    ring = PolyRing([generators[place] for place in used], sympy.QQ)
    polynomial = ring.from_dict({tuple(exponents[place] for place in used): c for exponents, c in terms.items()})
    unit, factors = polynomial.factor_list()
    return sympy.sympify(unit), [(factor.as_expr(), e) for factor, e in factors]


def _product(unit: Any, powers: list[tuple[Any, int]]) -> Any:
    """unit * prod base^e, a minus sign being moved into a factor like 1 - x y, if there is one."""
    if unit < 0:
        for position, (base, e) in enumerate(powers):
            if base.is_Add and e % 2 and len(base.free_symbols) > 1:
                powers[position], unit = (-base, e), -unit
                break
    return sympy.Mul(unit, *(base**e for base, e in powers))
