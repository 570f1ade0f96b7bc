"""Exact eigenvalue series: every eigenvalue of every isotypic block as a power series in s, d^(-1/2) or a root of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from symrelu.analysis.derive import SeriesDerivation
from symrelu.analysis.expansion import terms_json, terms_to_sympy
from symrelu.analysis.series_points import SeriesPoints
from symrelu.analysis.series_problem import SeriesPoint, Terms
from symrelu.analysis.symbolic import inputs_text, symbolic_dimensions
from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.polynomials import SymbolicRootPolynomials
from symrelu.family.definition import Definition
from symrelu.family.extra_inputs import HessianType, hessian_action
from symrelu.render.latex import latex_field, latex_formula, latex_series, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import series_text
from symrelu.solvers.lattice import SparseSeries
from symrelu.solvers.puiseux import eigenvalue_series


@dataclass(frozen=True)
class SeriesBlock:
    """A type, its dimension as a polynomial in d (and p), and the series of its eigenvalues."""

    type: HessianType
    dimension: Any
    eigenvalues: list[Terms]


@dataclass(frozen=True)
class SpectrumSeries(Tabulated):
    """All eigenvalues of the Hessian, each with every term s^j, j < order; those that grow like d start at s^-2."""

    definition: Definition
    order: int
    field: ConstantField
    blocks: list[SeriesBlock]
    inputs: int = 0

    def block(self, name: str) -> SeriesBlock:
        """The block of a type by its name."""
        return next(block for block in self.blocks if block.type.name == name)

    def to_sympy(self, name: str) -> list[Any]:
        """The eigenvalues of a type as sympy expressions in s."""
        return [terms_to_sympy(terms) for terms in self.block(name).eigenvalues]

    def to_json(self) -> dict[str, Any]:
        names = [str(size) for size in self.definition.shape.blocks]
        symbolic = isinstance(self.field.ring, SymbolicRootPolynomials)
        return {
            "family": self.definition.name,
            "d": None,
            "inputs": inputs_text(self.definition, self.inputs),
            "order": self.order,
            "parameter": self.definition.series_parameter,
            "field": {"name": self.field.name},
            "blocks": [
                {
                    "type": block.type.name,
                    "name": block.type.describe(names),
                    "copies": len(block.eigenvalues),
                    "dimension": str(block.dimension),
                    "eigenvalues": [{"series": terms_json(terms, symbolic)} for terms in block.eigenvalues],
                }
                for block in self.blocks
            ],
            "evidence": "exact",
        }

    def to_text(self) -> str:
        heading = f"{self.definition.name}: eigenvalues of the Hessian in {self.definition.series_parameter}"
        lines = [f"{heading}, exact over {self.field.name}"]
        for block in self.blocks:
            lines.append(f"  {block.type.name}, multiplicity {block.dimension}")
            lines.extend(f"    {series_text(terms, self.order)}" for terms in block.eigenvalues)
        return "\n".join(lines)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                f"${latex_type(block.type.name)}$" if i == 0 else "",
                latex_formula(block.dimension) if i == 0 else "",
                f"${latex_series(terms, self.order, self.definition.ramification)}$",
            ]
            for block in self.blocks
            for i, terms in enumerate(block.eigenvalues)
        ]
        return ["type", "multiplicity", "eigenvalue"], rows

    def _title(self) -> str:
        return f"{self.definition.name}: eigenvalues of the Hessian over ${latex_field(self.field)}$"

    def _badges(self) -> list[str]:
        return ["exact"]

    def __repr__(self) -> str:
        return f"SpectrumSeries({self.definition.name}, order={self.order}, field={self.field.name})"


def expand_spectrum(derivation: SeriesDerivation, order: int, inputs: int = 0) -> SpectrumSeries:
    """Exact eigenvalue series below s^order, of a network with `inputs` more inputs than d.

    ArithmeticError where one leaves the coefficient field, or where the family's coefficients are balls.
    """
    source = SeriesPoints(derivation)
    definition, field = source.definition, source.field
    inverse = (field.pi * 2).inverse()

    def matrix(kind: HessianType, known: int) -> list[list[SparseSeries]]:
        """H of a type (B = G H) with all coefficients of s^j, j < known."""

        def heads(point: SeriesPoint) -> list[list[SparseSeries]]:
            action, _ = hessian_action(point.table, kind)
            return [[point.arithmetic.head(entry * inverse, known) for entry in row] for row in action]

        return source.read(heads, known)

    blocks = []
    for kind, dimension in symbolic_dimensions(definition.shape, inputs):
        found = eigenvalue_series(partial(matrix, kind), order, field)
        blocks.append(SeriesBlock(kind, dimension, [eigenvalue.terms for eigenvalue in found]))
    return SpectrumSeries(definition, order, field, blocks, inputs)
