"""Block sizes: linear polynomials in d and p with rational coefficients."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

_LONGEST = 80  # characters of an expression that is read


@dataclass(frozen=True)
class Size:
    """The size a + b d + c p of a block.

    >>> Size.parse("d - p").at(d=10, p=3)
    7
    >>> str(Size.parse("d-1"))
    'd-1'
    """

    constant_part: Fraction
    per_d: Fraction = Fraction(0)
    per_p: Fraction = Fraction(0)

    @staticmethod
    def constant(value: int | Fraction) -> Size:
        return Size(Fraction(value))

    @staticmethod
    def parse(text: str | int) -> Size:
        """Read an expression like "d-3", "p" or "d/2"; ValueError says what is not linear in d and p."""
        shown = str(text)[:_LONGEST]
        try:
            if shown != str(text):
                raise TypeError("too long")
            return _evaluate(ast.parse(shown, mode="eval").body)
        except (SyntaxError, ValueError, TypeError, ZeroDivisionError):
            raise ValueError(f"block size {shown!r} is not linear in d and p, like 'd-3', '3' or 'd-p'") from None

    def __add__(self, other: Size) -> Size:
        return Size(self.constant_part + other.constant_part, self.per_d + other.per_d, self.per_p + other.per_p)

    def scaled(self, factor: Fraction) -> Size:
        return Size(self.constant_part * factor, self.per_d * factor, self.per_p * factor)

    def at(self, d: Any, p: Any = 0) -> Any:
        """The value at d and p, in the arithmetic of d and p."""
        return evaluate_linear([(self.per_d, d), (self.per_p, p)], self.constant_part)

    @property
    def is_constant(self) -> bool:
        return not self.per_d and not self.per_p

    @property
    def is_one(self) -> bool:
        return self == Size.constant(1)

    def __str__(self) -> str:
        text = ""
        for factor, symbol in ((self.per_d, "d"), (self.per_p, "p"), (self.constant_part, "")):
            if factor:
                digits = "" if abs(factor) == 1 and symbol else str(abs(factor)) + ("*" if symbol else "")
                text += ("-" if factor < 0 else "+" if text else "") + digits + symbol
        return text or "0"


def evaluate_linear(terms: list[tuple[Fraction, Any]], constant: Fraction) -> Any:
    """sum of factor * value + constant, using only + * / with integers, so that every arithmetic can do it."""
    scale = lcm(constant.denominator, *(factor.denominator for factor, _ in terms))
    total: Any = int(constant * scale)
    for factor, value in terms:
        if factor:
            total = (value if factor * scale == 1 else value * int(factor * scale)) + total
    return total if scale == 1 else Fraction(total, scale) if isinstance(total, int) else total / scale


def _evaluate(node: ast.expr) -> Size:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return Size.constant(value)
        case ast.Name(id="d"):
            return Size(Fraction(0), per_d=Fraction(1))
        case ast.Name(id="p"):
            return Size(Fraction(0), per_p=Fraction(1))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _evaluate(operand).scaled(Fraction(-1))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _evaluate(left) + _evaluate(right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _evaluate(left) + _evaluate(right).scaled(Fraction(-1))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = _evaluate(left), _evaluate(right)
            if other.is_constant:
                one, other = other, one
            if one.is_constant:
                return other.scaled(one.constant_part)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            divisor = _evaluate(right)
            if divisor.is_constant:
                return _evaluate(left).scaled(1 / divisor.constant_part)
    raise TypeError("not linear")
