"""Reading real numbers exactly, and writing balls as correctly rounded decimals."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from flint import arb, fmpq, fmpz

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
_FRACTION = re.compile(r"[+-]?\d+/[1-9]\d*")
_LONGEST = 2000  # digits of a number that is read


def exact_real(text: str | int | Fraction, what: str = "number") -> Fraction:
    """An integer, a decimal, a fraction or 1e6, read exactly; UsageError otherwise.

    >>> exact_real("5.59"), exact_real("17/3"), exact_real("1e6")
    (Fraction(559, 100), Fraction(17, 3), Fraction(1000000, 1))
    """
    if isinstance(text, int | Fraction) and not isinstance(text, bool):
        return _not_too_long(Fraction(text), what)
    stripped = str(text).strip()
    if len(stripped) <= _LONGEST and (_NUMBER.fullmatch(stripped) or _FRACTION.fullmatch(stripped)):
        return _not_too_long(Fraction(stripped), what)
    shown = repr(text) if len(repr(text)) <= 60 else repr(text)[:60] + "..."
    raise UsageError(f"{what} {shown} is not a real number; write an integer, a decimal, a fraction or 1e6")


def _not_too_long(value: Fraction, what: str) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > digits_to_bits(_LONGEST):
        raise UsageError(f"{what} ... is not read: it has more than {_LONGEST} digits")
    return value


def to_fmpq(value: Fraction | int) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def digits_to_bits(digits: int) -> int:
    """Bits that hold `digits` decimal digits, rounded up."""
    return digits * 3322 // 1000 + 4


def exact_midpoint(ball: arb) -> Fraction:
    """The midpoint of a ball as the dyadic rational that it is."""
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def decimal(value: arb | Fraction, digits: int = 20) -> str:
    """The number (the midpoint of a ball) rounded to nearest at `digits` significant digits, zeros stripped.

    >>> decimal(arb(1) / 8), decimal(Fraction(2, 3), 5), decimal(Fraction(10) ** 30)
    ('0.125', '0.66667', '1e30')
    """
    mantissa, exponent = _rounded(exact_midpoint(value) if isinstance(value, arb) else value, digits)
    return ("-" if mantissa < 0 else "") + _written(_text(abs(mantissa)), exponent + digits - 1) if mantissa else "0"


def _rounded(value: Fraction, digits: int) -> tuple[int, int]:
    """(m, e) with m 10^e nearest to the value, m an integer of `digits` digits (or 0)."""
    if not value:
        return 0, 0
    size = abs(value)
    exponent = len(_text(size.numerator)) - len(_text(size.denominator))
    if size < Fraction(10) ** exponent:
        exponent -= 1
    mantissa = round(size / Fraction(10) ** (exponent - digits + 1))
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    return mantissa if value > 0 else -mantissa, exponent - digits + 1


def _text(number: int) -> str:
    return str(fmpz(number))  # Python's own conversion refuses more than 4300 digits


def _written(mantissa: str, exponent: int) -> str:
    """Digits m_0 m_1 ... standing for m_0.m_1... 10^exponent, in plain or scientific notation."""
    if -6 <= exponent < len(mantissa):
        if exponent < 0:
            return "0." + ("0" * (-exponent - 1) + mantissa).rstrip("0")
        return f"{mantissa[: exponent + 1]}.{mantissa[exponent + 1 :]}".rstrip("0").rstrip(".")
    body = f"{mantissa[0]}.{mantissa[1:]}".rstrip("0").rstrip(".")
    return f"{body}e{exponent}"


def correctly_rounded(enclose: Callable[[int], arb], digits: int = 20) -> str:
    """The decimal of the number that `enclose(bits)` encloses at any precision, proved correctly rounded.

    Works for numbers that are not a tie between two decimals; precision is doubled until both ends of the ball agree.
    """
    bits = digits_to_bits(digits) + 32
    while True:
        with working(bits):
            ball = enclose(bits)
        low, high = (decimal(end, digits) for end in ends(ball))
        if low == high:
            return low
        bits *= 2


def ends(ball: arb) -> tuple[Fraction, Fraction]:
    """The exact end points of a ball."""
    middle = exact_midpoint(ball)
    spread = exact_midpoint(ball.rad())
    return middle - spread, middle + spread


def certain_digits(ball: arb, digits: int = 20) -> str:
    """The digits (at most `digits`) that are right up to one unit in the last place, for every number of the ball.

    A ball that contains zero or determines no digit is written with its radius.
    """
    low, high = ends(ball)
    if low == high:
        return decimal(low, digits)
    middle, value = (low + high) / 2, Fraction(0)
    if not low <= 0 <= high:
        quotient = abs(middle) * 2 / (high - low)
        for certain in range(min(digits, len(_text(int(quotient))) + 1), 0, -1):
            mantissa, exponent = _rounded(middle, certain)
            unit = Fraction(10) ** exponent
            value = mantissa * unit
            if max(high - value, value - low) <= unit:
                return decimal(middle, certain)
    return f"{decimal(value, 1)} +/- {round_up(max(high - value, value - low))}"


def certain_ball(ball: arb, digits: int = 20) -> tuple[str, str]:
    """The certain digits (at most `digits`), and a radius rounded up: around exactly this decimal it covers the ball.

    >>> certain_ball(arb(1) / 8), certain_ball(arb("0.1 +/- 3e-8"))
    (('0.125', '0'), ('0.1', '4e-8'))
    """
    text = certain_digits(ball, digits)
    if " +/- " in text:
        value, radius = text.split(" +/- ")
        return value, radius
    low, high = ends(ball)
    return text, round_up(max(high - Fraction(text), Fraction(text) - low), 1)


def round_up(value: Fraction, digits: int = 3) -> str:
    """A decimal of at most so many digits that is not smaller than a non-negative rational.

    >>> round_up(Fraction(2, 3)), round_up(Fraction(1, 10**30)), round_up(Fraction(9995, 10000)), round_up(Fraction(11), 1)
    ('6.67e-1', '1e-30', '1e0', '2e1')
    """
    if not value:
        return "0"
    exponent = len(_text(value.numerator)) - len(_text(value.denominator)) - digits
    scaled = value / Fraction(10) ** exponent
    mantissa = -(-scaled.numerator // scaled.denominator)
    while mantissa >= 10**digits:
        mantissa, exponent = -(-mantissa // 10), exponent + 1
    written = str(mantissa)
    rest = written[1:].rstrip("0")
    return f"{written[0]}{'.' + rest if rest else ''}e{exponent + len(written) - 1}"


def ball_json(ball: arb, digits: int = 20) -> dict[str, str]:
    """{"value", "radius"}: the radius also covers the rounding of the decimal value."""
    mantissa, exponent = _rounded(exact_midpoint(ball), digits)
    low, high = ends(ball)
    exact = mantissa * Fraction(10) ** exponent
    return {"value": decimal(ball, digits), "radius": round_up(max(high - exact, exact - low))}
