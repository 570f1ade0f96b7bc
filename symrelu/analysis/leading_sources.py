"""Where the leading terms of a family come from: numbers, members at several p, or the user's own expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq

from symrelu.analysis.branch import Branch
from symrelu.analysis.derivation import LeadingTerms
from symrelu.analysis.leading import NumericalSeries, find_leading_terms, numerical_series
from symrelu.analysis.series_problem import Radicand, Terms, coefficient_field
from symrelu.arithmetic.constants import Constant, ConstantField
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.polynomials import PiPolynomials, RootPolynomials, SymbolicRootPolynomials
from symrelu.family.definition import Definition

COARSE = 6  # terms of higher order need numbers of more digits
_SAMPLES = (2, 3, 5, 6, 7)  # members from which the dependence on p is read, none of them a square


def leading_source(definition: Definition, branch: Branch | None, member: Callable[[int], Definition]) -> LeadingTerms:
    """The source for a definition; `member(p)` gives the members of a family with a symbol p."""
    if definition.leading is not None:
        return ExpressionSource(definition)
    if definition.symbolic_p:
        return SymbolicSource(definition, [member(p) for p in _SAMPLES])
    assert branch is not None, "a family without a symbol p has a branch"
    return NumericalSource(definition, branch)


@dataclass
class NumericalSource:
    """Numbers at tiny s, identified in the coefficient field."""

    definition: Definition
    branch: Branch

    @cached_property
    def series(self) -> NumericalSeries:
        return numerical_series(self.branch)

    @property
    def ramification(self) -> int:
        return 1 if self.definition.exact_point is not None else self.series.ramification

    def __call__(self, below: int, root: Radicand | None) -> tuple[ConstantField, dict[str, Terms]]:
        field = coefficient_field(self.definition, root)
        series = self.series if below <= COARSE else self.series.finer
        return field, find_leading_terms(series, field, below)


class SymbolicSource:
    """Leading terms as polynomials in r = sqrt(p), interpolated through members; the lifting proves them for all p."""

    ramification = 1

    def __init__(self, definition: Definition, members: list[Definition]):
        self.definition = definition
        self._sources = [NumericalSource(member, Branch(member)) for member in members]

    def __call__(self, below: int, root: Radicand | None) -> tuple[ConstantField, dict[str, Terms]]:
        field = coefficient_field(self.definition)
        samples = [(source.definition.root_of, source(below, None)[1]) for source in self._sources]
        found: dict[str, Terms] = {}
        for name in self.definition.shape.names:
            found[name] = {}
            common = set.intersection(*(set(leading[name]) for _, leading in samples))
            for power in sorted(common):
                values = [(p, leading[name][power]) for p, leading in samples if p is not None]
                value = interpolate_in_root(values, field)
                if value is None:
                    break
                found[name][power] = value
        return field, found


def interpolate_in_root(values: list[tuple[int, Constant]], field: ConstantField) -> Constant | None:
    """The x(p) + y(p) r that takes the given values at each p, x and y polynomials confirmed by one value to spare."""
    base = ConstantField(PiPolynomials())
    assert isinstance(field.ring, SymbolicRootPolynomials)
    root = field.constant(field.ring.root)
    square = root * root
    total = field.number(0)
    for part, factor in ((0, field.number(1)), (1, root)):
        points = [(p, _component(value, part, base)) for p, value in values]
        coefficients = _interpolate(points, base)
        if coefficients is None:
            return None
        for degree, coefficient in enumerate(coefficients):
            total = total + _embed(coefficient, field) * factor * square**degree
    return total


def _component(value: Constant, part: int, base: ConstantField) -> Constant:
    """x (part 0) or y (part 1) of a constant x + y sqrt(p), in Q(pi)."""
    assert isinstance(value.field.ring, RootPolynomials)
    constant = base.constant(value.num.y if part else value.num.x)
    for prime, e in zip(value.field.primes, value.exponents, strict=False):
        constant = constant * base.constant(prime.x) ** (-e)
    return constant


def _embed(value: Constant, field: ConstantField) -> Constant:
    """A constant of Q(pi) in a larger field."""
    return _evaluate_polynomial(value.num, field) * _product(
        [
            _evaluate_polynomial(prime, field) ** (-e)
            for prime, e in zip(value.field.primes, value.exponents, strict=False)
        ],
        field,
    )


def _evaluate_polynomial(f: Any, field: ConstantField) -> Constant:
    total = field.number(0)
    for c in reversed(f.coeffs()):
        total = total * field.pi + fmpq(c)
    return total


def _product(factors: list[Constant], field: ConstantField) -> Constant:
    product = field.number(1)
    for factor in factors:
        product = product * factor
    return product


def _interpolate(points: list[tuple[int, Constant]], base: ConstantField) -> list[Constant] | None:
    """Coefficients of the polynomial through the points, if its degree leaves one point to check; else None."""
    n = len(points)
    differences = [value for _, value in points]
    for level in range(1, n):
        for i in range(n - 1, level - 1, -1):
            step = points[i][0] - points[i - level][0]
            differences[i] = (differences[i] - differences[i - 1]) * fmpq(1, step)
    if differences[-1]:
        return None
    coefficients: list[Constant] = []
    for level in range(n - 1, -1, -1):
        shifted = [base.number(0), *coefficients]
        kept = [*coefficients, base.number(0)]
        coefficients = [b - a * points[level][0] for a, b in zip(kept, shifted, strict=True)]
        coefficients[0] = coefficients[0] + differences[level]
    while coefficients and not coefficients[-1]:
        coefficients.pop()
    return coefficients


@dataclass
class ExpressionSource:
    """The user's own leading terms.

    With `below`, no more than the first term of an entry and those below s^below: more terms of one entry than of
    another can hide the order at which a row of the system starts.
    """

    definition: Definition

    @property
    def ramification(self) -> int:
        return self.definition.ramification

    def __call__(self, below: int, root: Radicand | None) -> tuple[ConstantField, dict[str, Terms]]:
        field = coefficient_field(self.definition, root)
        assert self.definition.leading is not None
        given = {name: parse_series(text, field) for name, text in self.definition.leading.items()}
        if not below:
            return field, given
        return field, {
            name: {j: c for j, c in terms.items() if j < below or j == min(terms)} for name, terms in given.items()
        }


def parse_series(text: str, field: ConstantField) -> Terms:
    """Read "2*s^2 - (2 + 8/pi)*s^4" as coefficients of powers of s; UsageError says what is not understood."""
    try:
        terms = _parse(ast.parse(text.replace("^", "**"), mode="eval").body, field)
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        raise UsageError(f"{text!r} is not a polynomial in s with coefficients in {field.name}") from None
    return {power: value for power, value in terms.items() if value}


def _parse(node: ast.expr, field: ConstantField) -> Terms:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return {0: field.number(value)}
        case ast.Name(id="pi"):
            return {0: field.pi}
        case ast.Name(id="s"):
            return {1: field.number(1)}
        case ast.Call(func=ast.Name(id="sqrt"), args=[ast.Constant(value=int() as value)]):
            return {0: field.number(value).sqrt()}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _combine({}, _parse(operand, field), -1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            return _combine(_parse(left, field), _parse(right, field), 1 if isinstance(op, ast.Add) else -1)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _multiply(_parse(left, field), _parse(right, field))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            divisor = _parse(right, field)
            if set(divisor) == {0}:
                return {power: value / divisor[0] for power, value in _parse(left, field).items()}
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as exponent)) if 0 <= exponent <= 99:
            base, product = _parse(left, field), {0: field.number(1)}
            for _ in range(exponent):
                product = _multiply(product, base)
            return product
    raise TypeError("not a polynomial in s")


def _combine(x: Terms, y: Terms, sign: int) -> Terms:
    total = dict(x)
    for power, value in y.items():
        total[power] = total[power] + value * sign if power in total else value * sign
    return total


def _multiply(x: Terms, y: Terms) -> Terms:
    product: Terms = {}
    for i, a in x.items():
        for j, b in y.items():
            product[i + j] = product[i + j] + a * b if i + j in product else a * b
    return product
