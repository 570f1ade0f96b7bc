"""Splitting a neuron as d grows: the eigenvalues of H_ii - I/2 and the sum of the norms as exact series in s."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.expansion import terms_json, terms_to_sympy
from symrelu.analysis.series_points import SeriesPoints
from symrelu.analysis.series_problem import SeriesPoint, Terms
from symrelu.analysis.splitting import eigenvalue_json, norm_sum, orbit_json, orbit_text, vanishing_blocks
from symrelu.arithmetic.constants import ConstantField, NotInField
from symrelu.arithmetic.online import Series
from symrelu.arithmetic.polynomials import SymbolicRootPolynomials
from symrelu.family.definition import Definition
from symrelu.family.isotypic import Matrix
from symrelu.family.own_block import OwnBlock, OwnType, negative_roots, own_blocks, own_types
from symrelu.render.latex import latex_field, latex_series, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import series_text
from symrelu.solvers.lattice import SparseSeries
from symrelu.solvers.puiseux import eigenvalue_series


@dataclass(frozen=True)
class SplitSeriesBlock:
    """The series of the eigenvalues of one type, for the trivial one without the exact zero of w_i.

    Where one leaves the coefficient field there are none, `reason` says why, and `polynomial` holds the coefficients
    (lowest first, the leading 1 left out) of the polynomial of which they are the roots, exact series in the field.
    """

    type: OwnType
    eigenvalues: list[Terms]
    reason: str = ""
    polynomial: list[Terms] | None = None

    def negative(self) -> int | None:
        """How many of the eigenvalues are negative for every d large enough; None where these terms do not tell."""
        if self.polynomial is None:
            signs = [_leading_sign(terms) for terms in self.eigenvalues]
            return None if None in signs else signs.count(-1)
        return negative_roots([_leading_sign(terms) for terms in self.polynomial])


@dataclass(frozen=True)
class SplitSeries(Tabulated):
    """The eigenvalues of H_ii - I/2 for each row orbit, and the sum of the norms: all terms s^j, j < order.

    `vanishing` says that H_ii = I/2 for every d; `norms` is None where the sum leaves the coefficient field.
    """

    definition: Definition
    order: int
    field: ConstantField
    orbits: list[list[SplitSeriesBlock]]
    norms: Terms | None
    vanishing: bool = False

    def saddle(self, orbit: int) -> bool | None:
        """Whether H_ii - I/2 has a negative eigenvalue for every d large enough, by leading coefficients (orbit from 1).

        None where neither is decided by the terms that are shown.
        """
        if self.vanishing:
            return False
        counts = [block.negative() for block in self.orbits[orbit - 1] if _occurs(block.type)]
        if any(counts):
            return True
        return None if None in counts else False

    def to_sympy(self, orbit: int, name: str) -> list[Any]:
        """The eigenvalues of a type as sympy expressions in s (orbit from 1)."""
        block = next(block for block in self.orbits[orbit - 1] if block.type.name == name)
        return [terms_to_sympy(terms) for terms in block.eigenvalues]

    def norms_to_sympy(self) -> Any:
        """The sum of the norms as a sympy expression in s; None where it leaves the coefficient field."""
        return None if self.norms is None else terms_to_sympy(self.norms)

    @property
    def _symbolic(self) -> bool:
        return isinstance(self.field.ring, SymbolicRootPolynomials)

    def to_json(self) -> dict[str, Any]:
        shape, symbolic = self.definition.shape, self._symbolic
        return {
            "family": self.definition.name,
            "d": None,
            "order": self.order,
            "parameter": self.definition.series_parameter,
            "field": {"name": self.field.name},
            "orbits": [
                {
                    **orbit_json(shape, R + 1),
                    "eigenvalues": [entry for block in blocks for entry in _block_json(block, symbolic)],
                    "saddle": self.saddle(R + 1),
                    "from": None,
                }
                for R, blocks in enumerate(self.orbits)
            ],
            "norm_sum": None,
            "norm_series": None if self.norms is None else terms_json(self.norms, symbolic),
            "evidence": "exact",
        }

    def to_text(self) -> str:
        shape = self.definition.shape
        heading = f"{self.definition.name}: eigenvalues of H_ii - I/2 in {self.definition.series_parameter}"
        lines = [f"{heading}, exact over {self.field.name}"]
        for R, blocks in enumerate(self.orbits):
            lines.append(f"{orbit_text(shape, R + 1)}: {_OUTCOMES[self.saddle(R + 1)]}")
            for block in blocks:
                lines.append(f"  {block.type.name}, multiplicity {block.type.dimension}")
                lines += [f"    {text}" for text in self._written(block)]
        norms = "leaves the coefficient field" if self.norms is None else series_text(self.norms, self.order)
        return "\n".join([*lines, f"sum of the neurons' norms: {norms}, with d target neurons"])

    def _written(self, block: SplitSeriesBlock) -> list[str]:
        lines = ["0 (w_i itself)"] if block.type.is_trivial else []
        if block.polynomial is None:
            return lines + [series_text(terms, self.order) for terms in block.eigenvalues]
        roots = f"the {len(block.polynomial)} roots of z^{len(block.polynomial)} + ... + c_1 z + c_0 ({block.reason})"
        return [*lines, roots, *(f"  c_{j} = {series_text(c, self.order)}" for j, c in enumerate(block.polynomial))]

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                str(R + 1) if i == 0 and block is blocks[0] else "",
                f"${latex_type(block.type.name)}$" if i == 0 else "",
                f"${block.type.dimension}$" if i == 0 else "",
                text,
            ]
            for R, blocks in enumerate(self.orbits)
            for block in blocks
            for i, text in enumerate(self._in_latex(block))
        ]
        return ["row orbit", "type", "multiplicity", "eigenvalue of $H_{ii} - I/2$"], rows

    def _in_latex(self, block: SplitSeriesBlock) -> list[str]:
        lines = ["$0$"] if block.type.is_trivial else []
        if block.polynomial is None:
            return lines + [
                f"${latex_series(terms, self.order, self.definition.ramification)}$" for terms in block.eigenvalues
            ]
        n = len(block.polynomial)
        powers = [rf"c_{{{j}}} z^{{{j}}}" if j else "c_0" for j in reversed(range(n))]
        lines.append(f"roots of $z^{{{n}}} + {' + '.join(powers)}$")
        return lines + [
            f"$c_{{{j}}} = {latex_series(c, self.order, self.definition.ramification)}$"
            for j, c in enumerate(block.polynomial)
        ]

    def _title(self) -> str:
        return f"Splitting the neurons of {self.definition.name}: eigenvalues over ${latex_field(self.field)}$"

    def _badges(self) -> list[str]:
        return ["exact"]

    def _notes(self) -> list[str]:
        return [f"row orbit {R + 1}: {_OUTCOMES[self.saddle(R + 1)]}" for R in range(len(self.orbits))]

    def __repr__(self) -> str:
        return f"SplitSeries({self.definition.name}, order={self.order}, field={self.field.name})"


_OUTCOMES = {
    True: "splitting it gives a saddle for every d large enough",
    False: "splitting it adds no descent direction for any d large enough",
    None: "what splitting it does for large d is not decided by these terms",
}


def _occurs(kind: OwnType) -> bool:
    """Whether the type occurs for every d large enough (and, with a symbol p, for every p >= 3)."""
    size = kind.dimension
    return size.per_d > 0 or size.per_p > 0 or size.constant_part > 0


def expand_splitting(derivation: SeriesDerivation, order: int) -> SplitSeries:
    """Exact series below s^order.

    ArithmeticError where the family's own series cannot be derived, or have balls for coefficients.
    """
    source = SeriesPoints(derivation)
    definition = source.definition
    orbits = [
        [_series_block(source, R, kind, order) for kind in own_types(definition.shape, R)]
        for R in range(len(definition.shape.rows))
    ]
    norms = _norms(source, order)
    return SplitSeries(definition, order, source.field, orbits, norms, vanishing_blocks(definition))


def expand_norms(derivation: SeriesDerivation, order: int) -> Terms | None:
    """The sum of the neurons' norms below s^order, exact; None where it leaves the coefficient field.

    ArithmeticError as for `expand_splitting`.
    """
    return _norms(SeriesPoints(derivation), order)


def _norms(source: SeriesPoints, order: int) -> Terms | None:
    try:
        return source.read(lambda point: point.arithmetic.head(norm_sum(point.table), order), order)
    except NotInField:
        return None


def _series_block(source: SeriesPoints, row: int, kind: OwnType, order: int) -> SplitSeriesBlock:
    def matrix(known: int) -> list[list[SparseSeries]]:
        return source.read(
            lambda point: [_heads(point, line, known) for line in _matrix(_block(point, row, kind))], known
        )

    first = matrix(order)
    if len(first) <= 1:  # nothing but w_i itself, or a number
        return SplitSeriesBlock(kind, [line[0] for line in first])
    try:
        found = eigenvalue_series(matrix, order, source.field)
        return SplitSeriesBlock(kind, [eigenvalue.terms for eigenvalue in found])
    except NotInField as error:
        reason = str(error)

    def coefficients(point: SeriesPoint) -> list[SparseSeries]:
        block = _block(point, row, kind)
        return _heads(point, block.characteristic(_largest(block)), order)

    return SplitSeriesBlock(kind, [], reason, source.read(coefficients, order))


def _block(point: SeriesPoint, row: int, kind: OwnType) -> OwnBlock:
    """H_ii - I/2 on a type, no longer times 2 pi."""
    block = next(block for block in own_blocks(point.table, row) if block.type == kind)
    inverse = (point.arithmetic.field.pi * 2).inverse()
    return replace(block, action=[[entry and entry * inverse for entry in line] for line in block.action])


def _matrix(block: OwnBlock) -> Matrix:
    return block.action if block.row is None else block.without_row(_largest(block))


def _heads(point: SeriesPoint, values: list[Any], known: int) -> list[SparseSeries]:
    return [point.arithmetic.head(value, known) for value in values]


def _leading_sign(terms: Terms) -> int | None:
    try:
        return terms[min(terms)].sign() if terms else None
    except ArithmeticError:  # it depends on p
        return None


def _block_json(block: SplitSeriesBlock, symbolic: bool) -> list[dict[str, Any]]:
    dimension = str(block.type.dimension)
    series = [[]] if block.type.is_trivial else []
    series += [terms_json(terms, symbolic) for terms in block.eigenvalues]
    found = [eigenvalue_json(block.type, dimension, series=terms) for terms in series]
    if block.polynomial is not None:
        polynomial = [terms_json(c, symbolic) for c in block.polynomial]
        roots = {"polynomial": polynomial, "reason": block.reason}
        found += [{**eigenvalue_json(block.type, dimension), **roots} for _ in polynomial]
    return found


def _largest(block: OwnBlock) -> int:
    """The coordinate that carries most of |w_i|^2 as s -> 0: dividing by it costs fewest terms."""
    row = block.row or []

    def power(i: int) -> float:
        entry, norm = row[i], block.gram[i]
        if not isinstance(entry, Series):
            return 0 if entry else float("inf")
        start = norm.leading()[0] if isinstance(norm, Series) else 0
        return 2 * entry.leading()[0] + start

    return min(range(len(row)), key=power, default=0)
