"""The leading coefficients of a family when they have no closed form: exact equations for them, and certified balls.

Each entry is taken as the terms that are recognised, then a symbol y times the next power of s. With symbols the gradient
(its regular rows, reduced.py) is computed exactly: the coefficients that vanish for all y are seen to vanish, and the
first that does not, one for each entry, is an equation in the y. The coefficients after the y are symbols too, up to a power
beyond which the point refuses to answer, and do not occur in the equations. So with y_i + O(s) in place of the y_i the
gradient is s^e_r (E_r(y) + O(s)), and a zero of E with regular Jacobian begins exactly one formal solution (implicit function
theorem over power series). Krawczyk's test isolates the zero.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import sympy
from flint import arb, arb_mat, arb_series, ctx

from symrelu.analysis.leading import NumericalSeries, recognised_terms
from symrelu.analysis.series_problem import SeriesPoint, Terms, series_point
from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.polynomials import PiPolynomials
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.symbol_field import SymbolField
from symrelu.family.definition import Definition
from symrelu.family.reduced import gradient, loss, regular_rows
from symrelu.solvers.krawczyk import krawczyk
from symrelu.solvers.newton import approx_root

_FURTHER = 3  # coefficients of the entry known to the fewest orders: the leading one and two more
_SEARCH = 10  # the equations start below s^(lowest + 10)


class LeadingSystem:
    """E(y) = 0 for the first coefficients y of a family that are not recognised, one for each entry.

    `known[name]` are the exact terms before, `powers[name]` the power of s that y_name multiplies, `orders[r]` the power
    with which equation r starts. ArithmeticError when the system is not regular in this form.
    """

    def __init__(self, definition: Definition, series: NumericalSeries):
        self.definition = definition
        self.base = ConstantField(PiPolynomials())
        self.known: dict[str, Terms] = {}
        self.powers: dict[str, int] = {}
        for name in definition.shape.names:
            self.known[name], self.powers[name] = recognised_terms(series, name, self.base)
        self._last = max(self.powers.values()) + _FURTHER
        leading = {_symbol(name): series.coefficients[name][power] for name, power in self.powers.items()}
        further = {
            _symbol(name, power): series.coefficients[name][power]
            for name in self.powers
            for power in self._after(name)
        }
        self.field = SymbolField(leading | further)
        self.orders, self.equations = self._derive(set(further))
        self._center = list(leading.values())

    def _after(self, name: str) -> range:
        """The powers of the further coefficients of an entry that are symbols."""
        return range(self.powers[name] + 1, self._last)

    def _point(self) -> SeriesPoint:
        """The known terms and the symbols as a point over exact series, which refuses to be asked for more."""
        symbol = self.field.symbol
        terms = {
            name: {j: embedded(c, self.field) for j, c in known.items()}
            | {self.powers[name]: symbol(_symbol(name))}
            | {power: symbol(_symbol(name, power)) for power in self._after(name)}
            for name, known in self.known.items()
        }
        return series_point(self.definition, self.field, terms, known=self._last)

    @cached_property
    def loss_start(self) -> int:
        """The power below which all coefficients of the loss vanish identically in all symbols."""
        value = loss(self._point().table)
        return next(j for j in range(value.start, value.start + _SEARCH) if value.coefficient(j))

    def _derive(self, further: set[str]) -> tuple[list[int], list[Constant]]:
        point = self._point()
        orders, equations = [], []
        for component in regular_rows(self.definition.shape, gradient(point.table)):
            powers = range(component.start, component.start + _SEARCH)
            order = next((j for j in powers if component.coefficient(j)), None)
            if order is None:
                raise ArithmeticError("an equation for the leading terms vanishes identically")
            equation = component.coefficient(order)
            if further & self.field.occurring(equation):
                raise ArithmeticError("an equation for the leading terms contains later ones")
            orders.append(order)
            equations.append(equation)
        return orders, equations

    def solve(self, bits: int) -> tuple[list[arb], arb_mat]:
        """Balls for the y in the order of the entries, each with the zero, and the inverse of E' on them.

        Undecided when Krawczyk's test fails, or when a sign on which the equations rest is not proved on the balls.
        """
        with working(bits + 64):
            center, _ = approx_root(self._system, self._center)
            self._center = center
            box = krawczyk(self._system, center)
            if not self.field.signs_hold(self._values(box)):
                raise Undecided("a sign in the leading equations is not proved")
            _, jacobian = self._system(box)
            return box, arb_mat(jacobian).inv()

    def _values(self, y: list[Any]) -> dict[str, Any]:
        return {_symbol(name): value for name, value in zip(self.definition.shape.names, y, strict=True)}

    def _system(self, y: list[arb]) -> tuple[list[arb], list[list[arb]]]:
        """E and its Jacobian, one column at a time as a derivative along y_i."""
        columns = []
        with working(ctx.prec, cap=2):
            for i in range(len(y)):
                moved = [arb_series([value, int(i == j)]) for j, value in enumerate(y)]
                columns.append([arb_series(e) for e in self.field.evaluate(self.equations, self._values(moved))])
        values = self.field.evaluate(self.equations, self._values(y))
        return values, [[column[r][1] for column in columns] for r in range(len(y))]

    def equation_texts(self) -> dict[str, str]:
        """The equations E_r = 0 in words that sympy reads, each under the entry whose row of the gradient it comes from."""
        return {
            name: f"{_expression(self.field, equation)} = 0"
            for name, equation in zip(self.definition.shape.names, self.equations, strict=True)
        }


def embedded(value: Constant, field: SymbolField) -> Constant:
    """A constant of Q(pi) among those with symbols."""
    total = _at_pi(value.num, field)
    for prime, e in zip(value.field.primes, value.exponents, strict=False):
        if e:
            total = total * _at_pi(prime, field) ** (-e)
    return total


def _at_pi(polynomial: Any, field: SymbolField) -> Constant:
    total = field.number(0)
    for c in reversed(polynomial.coeffs()):
        total = total * field.pi + c
    return total


def _symbol(name: str, power: int | None = None) -> str:
    """The symbol of the leading coefficient of an entry, or of the one of s^power."""
    return f"y_{name}" if power is None else f"y_{name}_{power}"


def _expression(field: SymbolField, equation: Constant) -> Any:
    """An equation with roots and angles written out, sorted by them, each coefficient factored."""
    ring = field.polynomials
    written: dict[str, Any] = {name: sympy.sqrt(ring.to_sympy(f)) for name, f in ring.radicands.items()}
    for name, tangent in ring.tangents.items():
        symbols = {sympy.Symbol(root, real=True): value for root, value in written.items()}
        written[name] = sympy.atan(sympy.factor(tangent.to_sympy()).subs(list(symbols.items())))
    denominator = sympy.Mul(
        *(ring.to_sympy(prime) ** e for prime, e in zip(field.primes, equation.exponents, strict=False))
    )
    total = sympy.Integer(0)
    for powers, coefficient in ring.sorted_by(equation.num, list(written)).items():
        monomial = sympy.Mul(*(written[name] ** e for name, e in zip(written, powers, strict=True)))
        total += monomial * sympy.factor(ring.to_sympy(coefficient) / denominator)
    return total
