"""Power series of a family in s = d^(-1/2), exact or in certified balls: the result of `expand`, and its self-check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy
from flint import arb

from symrelu.analysis.ball_derivation import BallDerivation
from symrelu.analysis.derivation import Derivation
from symrelu.analysis.loss_series import loss_terms
from symrelu.analysis.series_problem import Terms
from symrelu.arithmetic.constants import ConstantField
from symrelu.arithmetic.polynomials import SymbolicRootPolynomials
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ball_json, certain_digits, correctly_rounded, decimal
from symrelu.family.definition import Definition
from symrelu.render.breaking import breakable_constant, latex_aligned_series
from symrelu.render.html import html_card, html_equation, html_note
from symrelu.render.latex import (
    latex_ball,
    latex_constant_with_radius,
    latex_expression,
    latex_field,
    latex_group,
)
from symrelu.render.shown import Shown
from symrelu.render.text import series_text

S = sympy.Symbol("s", positive=True)


@dataclass(frozen=True)
class SeriesCheck:
    """Evidence for an expansion: the order to which the exact residual vanishes, and the agreement with numbers.

    `residual_order` is the power below which every coefficient of the gradient vanishes, `claimed_order` what the
    truncation allows; `unique` that Hensel's condition holds, so that exactly one formal solution to all orders begins
    with these terms; `digits` is the number of digits on which the truncation and a numerical solution at
    `numeric_d` agree, and `agreement` says whether their difference is what the next terms of the series predict.
    """

    residual_order: int
    claimed_order: int
    unique: bool
    numeric_d: int | None
    digits: int | None
    agreement: bool | None

    @property
    def passed(self) -> bool:
        return self.residual_order >= self.claimed_order and self.unique and self.agreement is not False

    def to_json(self) -> dict[str, Any]:
        return {
            "residual_order": self.residual_order,
            "unique": self.unique,
            "numeric_d": self.numeric_d,
            "digits": self.digits,
            "agreement": self.agreement,
        }


@dataclass(frozen=True)
class Generator:
    """A number that the coefficients are built from: the equation that defines it, and a ball that isolates it."""

    name: str
    equation: str
    ball: arb | None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "equation": self.equation,
            "ball": None if self.ball is None else ball_json(self.ball),
        }


@dataclass(frozen=True)
class Expansion(Shown):
    """All terms s^j, j < order, of every entry and of the loss; the error is O(s^order).

    The coefficients are derived over the field by lifting from leading terms; the residual vanishing identically is
    the proof (Hensel's lemma), as in Arjevani & Field 2021, section 5. Where the leading terms have no closed form, the
    coefficients are certified balls, and `generators` are the leading ones with their exact equations.
    """

    definition: Definition
    order: int
    field: ConstantField
    parameters: dict[str, Terms]
    loss: Terms
    check: SeriesCheck | None = None
    generators: tuple[Generator, ...] = ()
    digits: int = 20

    @property
    def exact(self) -> bool:
        """Whether every coefficient is exact; otherwise those that are not are certified balls."""
        return self.field.exact

    @property
    def symbolic_p(self) -> bool:
        return isinstance(self.field.ring, SymbolicRootPolynomials)

    def to_sympy(self, name: str = "loss") -> Any:
        """The truncated series of an entry (or of the loss) as a sympy expression in s, pi (and p)."""
        terms = self.loss if name == "loss" else self.parameters[name]
        return terms_to_sympy(terms)

    def rows(self) -> list[tuple[str, Terms]]:
        return [*self.parameters.items(), ("loss", self.loss)]

    def to_latex(self) -> str:
        """An aligned environment, one line per entry, with the error term in d."""
        return self._aligned(partial(breakable_constant, digits=self.digits))

    def _aligned(self, coefficient: Callable[[Any], str]) -> str:
        return latex_aligned_series(self.rows(), self.order, self.definition.ramification, coefficient)

    def to_text(self) -> str:
        rows = [(name, series_text(terms, self.order, self.digits)) for name, terms in self.rows()]
        lines = [self._heading(), *(f"  {name:6s} = {text}" for name, text in rows)]
        lines += [
            f"  {g.name} = {certain_digits(g.ball, self.digits)}: {g.equation}" for g in self.generators if g.ball
        ]
        if self.check is not None:
            lines.append(f"  check: {self._check_text()}")
        return "\n".join(lines)

    def _heading(self) -> str:
        definition = self.definition
        kind = f"exact series in {definition.series_parameter} over {self.field.name}"
        if not self.exact:
            kind = f"series in {definition.series_parameter}, decimals certified, all other coefficients exact"
        return f"{definition.name}: {definition.shape.isotropy}, {kind}"

    def _check_text(self) -> str:
        check = self.check
        assert check is not None
        text = f"residual vanishes below s^{check.residual_order}"
        text += ", Hensel's condition holds" if check.unique else ", Hensel's condition is NOT met"
        if check.numeric_d is not None:
            agrees = "as predicted" if check.agreement else "NOT as predicted"
            text += f"; at d = {check.numeric_d} agreement to {check.digits} digits, {agrees}"
        return text

    def to_json(self) -> dict[str, Any]:
        return {
            "family": self.definition.name,
            "branch": self.definition.branch,
            "isotropy": self.definition.shape.isotropy,
            "neurons": str(self.definition.shape.neurons),
            "p": "p" if self.symbolic_p else None,
            "parameter": self.definition.series_parameter,
            "order": self.order,
            "field": {"name": self.field.name, "generators": [g.to_json() for g in self._generators()]},
            "parameters": {
                name: terms_json(terms, self.symbolic_p, self.digits) for name, terms in self.parameters.items()
            },
            "loss": terms_json(self.loss, self.symbolic_p, self.digits),
            "check": None if self.check is None else self.check.to_json(),
            "evidence": "exact" if self.exact else "certified",
        }

    def _generators(self) -> list[Generator]:
        """What the coefficients need besides pi."""
        root, name = self.field.root, self.field.ring.root_name
        if root is None:
            return list(self.generators)
        with working(256):
            ball = None if self.symbolic_p else root.ball()
        radicand = f"({name})" if " " in name else name
        return [Generator(f"sqrt({name})", f"r^2 - {radicand} = 0, r > 0", ball)]

    def to_html(self) -> str:
        """The series; what their coefficients are built from; the self-check."""
        latex = self._aligned(partial(latex_constant_with_radius, digits=self.digits))
        series = html_equation(latex.replace("align*", "aligned"))
        generators = [html_equation(self._generator_latex(g)) for g in self.generators if g.ball]
        check = [] if self.check is None else [html_note(f"check: {self._check_text()}")]
        return html_card(self._title(), ["exact" if self.exact else "certified"], series, *generators, *check)

    def _title(self) -> str:
        shape = self.definition.shape
        field = f" over ${latex_field(self.field)}$" if self.exact else ""
        return f"{self.definition.name}: series for ${latex_group(shape.isotropy)}$, $k = {shape.neurons}${field}"

    def _generator_latex(self, generator: Generator) -> str:
        """A leading coefficient with the exact equation that defines it."""
        left, _, right = generator.equation.rpartition(" = ")
        name, equation = (latex_expression(sympy.sympify(text)) for text in (generator.name, left))
        return rf"{name} = {latex_ball(generator.ball, self.digits)}: \quad {equation} = {right}"

    def __repr__(self) -> str:
        return f"Expansion({self.definition.name}, order={self.order}, field={self.field.name})"


def terms_to_sympy(terms: Terms) -> Any:
    """The terms as a sympy expression in s, pi (and p)."""
    return sum((c.to_sympy() * S**j for j, c in sorted(terms.items())), sympy.Integer(0))


def terms_json(terms: Terms, symbolic_p: bool, digits: int = 20) -> list[dict[str, Any]]:
    """The non-zero terms in ascending powers; there is no decimal value while p is a symbol."""
    return [{"power": power, **_coefficient_json(value, symbolic_p, digits)} for power, value in sorted(terms.items())]


def _coefficient_json(value: Any, symbolic_p: bool, digits: int) -> dict[str, Any]:
    if value.field.exact:
        rounded = None if symbolic_p else correctly_rounded(lambda _bits: value.ball(), digits)
        return {"exact": repr(value), "decimal": rounded, "ball": None}
    return {"exact": None, "decimal": decimal(value.num, digits), "ball": ball_json(value.num, digits)}


def expand(derivation: Derivation | BallDerivation, order: int, digits: int = 20) -> Expansion:
    """The series below s^order; `digits` are shown of coefficients that are balls (derivation.require_digits)."""
    parameters = {
        name: {j: c for j, c in terms.items() if j < order} for name, terms in derivation.shown(order).items()
    }
    loss = loss_terms(derivation, order)
    generators = tuple(Generator(*generator) for generator in derivation.generators())
    return Expansion(
        derivation.definition, order, derivation.field, parameters, loss, generators=generators, digits=digits
    )
