"""How far the truncated series of a value is from it, beside the bound that is proved: |x - sum_{j<N} a_j s^j| <= C_N s^N."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log10
from typing import TYPE_CHECKING

from flint import arb

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal, digits_to_bits, exact_real, to_fmpq
from symrelu.plots import notation, style
from symrelu.plots.sampling import Told, geometric
from symrelu.proof.theorem import FARTHEST
from symrelu.toolkit import Family, Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 17
_PLACES = 10**4


@dataclass(frozen=True)
class Truncation:
    """The series below s^order: its errors at the d of the picture (None where there is none), and C_N s^N there."""

    order: int
    errors: list[float | None]
    bounds: list[float]


@dataclass(frozen=True)
class SeriesErrors:
    """Of a value of a family at certified points. The bounds are proved for all d from `d[0]` on."""

    family: str
    value: str
    d: list[float]
    truncations: list[Truncation]


def collect_error(
    family: Family,
    d_from: Real | None = None,
    d_to: Real = FARTHEST,
    order: int = 4,
    value: str = "loss",
    progress: Told = None,
) -> SeriesErrors:
    """Errors and certified bounds of a value, the loss or an entry, for N = 1..order, from where the bounds are proved.

    That is from the last crossing on, or from d_from. UsageError for a value that there is not, an order out of range, an
    empty interval; ArithmeticError where no constants are proved, or the series ends and has no error.
    """
    high = exact_real(d_to, "--to")
    _require(family, order, value)
    low, constants = _proved(family, d_from, order, value, progress)
    if low >= high:
        raise UsageError(f"the bounds are proved from d = {decimal(low, 8)} on; give --to D larger than that")
    ds = geometric(low, high, _POINTS)
    digits = 30 + ceil(order * log10(high) / 2)  # of the points: what is left when the series is taken off
    expansion = family.expand(order, digits=digits)
    terms = expansion.loss if value == "loss" else expansion.parameters[value]
    found = [_value(family, d, digits, value) for d in ds]
    with working(digits_to_bits(digits)):
        s = [(1 / arb(to_fmpq(d))).root(2 * expansion.definition.ramification) for d in ds]
        coefficients = {power: coefficient.ball() for power, coefficient in terms.items()}
        truncations = [_truncation(N, coefficients, s, found, constants[N - 1]) for N in range(1, order + 1)]
    if all(error is None for truncation in truncations for error in truncation.errors):
        raise ArithmeticError(f"the series of {value} of {family.name} ends, and has no error to draw")
    return SeriesErrors(family.name, value, [float(d) for d in ds], truncations)


def _require(family: Family, order: int, value: str) -> None:
    if not 1 <= order <= 12:
        raise UsageError(f"errors are drawn for orders 1 to N with N up to 12, not {order}")
    values = [*family.definition.shape.names, "loss"]
    if value not in values:
        raise UsageError(f"{family.name} has no value {value!r}; give one of {', '.join(values)}")


def _proved(family: Family, d_from: Real | None, order: int, value: str, progress: Told) -> tuple[Fraction, list[arb]]:
    """(d from which on, rounded up; C_1, ..., C_order)."""

    def covered(d: Fraction) -> None:
        if progress:
            progress(min(1.0, float(d) / 400))  # tubes go on to the model at infinity, mostly at 400

    proof = family.prove(d_from, order, covered)
    constants = proof.theorem.constants
    if constants is None or value not in constants.bounds:
        raise ArithmeticError(
            f"no constants of {value} of {family.name} are proved: {proof.reason or 'none are finite'}"
        )
    return Fraction(ceil(proof.theorem.low * _PLACES), _PLACES), constants.bounds[value]


def _value(family: Family, d: Fraction, digits: int, value: str) -> arb:
    evaluation = family.at(d, digits)
    return evaluation.loss if value == "loss" else evaluation.parameters[value]


def _truncation(N: int, coefficients: dict[int, arb], s: list[arb], found: list[arb], constant: arb) -> Truncation:
    errors = list[float | None]()
    for x, value in zip(s, found, strict=True):
        rest = abs(value - sum((a * x**power for power, a in coefficients.items() if power < N), arb(0)))
        errors.append(None if rest.contains(0) else float(rest))
    return Truncation(N, errors, [float(constant * x**N) for x in s])


@style.picture
def draw_error(data: SeriesErrors, ax: Axes) -> None:
    """Both axes logarithmic; errors are marked points, bounds dashed lines of the same shade with C_N s^N beside them."""
    style.d_axis(ax.xaxis, data.d[0], data.d[-1])
    ax.set_yscale("log")
    labels = []
    for truncation in data.truncations:
        shade, marker = style.nth(truncation.order - 1)
        shown = [(d, error) for d, error in zip(data.d, truncation.errors, strict=True) if error is not None]
        ax.plot(
            *zip(*shown, strict=True),
            color=shade,
            marker=marker,
            markersize=_marker_size(truncation.order),
            mfc="white",
        )
        ax.plot(data.d, truncation.bounds, color=shade, linestyle=style.kind_dashes(False))
        labels.append((truncation.bounds[-1], f"$C_{{{truncation.order}}} s^{{{truncation.order}}}$"))
        if shown:
            labels.append((shown[-1][1], f"$N = {truncation.order}$"))
    style.label_right(ax, labels)
    name = notation.entry(data.value).strip("$")
    ax.set_ylabel(rf"$|{name} - \sum_{{j<N}} a_j s^j|$")
    ax.set_title(rf"{notation.family_name(data.family)}: bounds proved for $d \geq {data.d[0]:g}$")


def _marker_size(order: int) -> float:
    """Smaller for higher orders: errors that are the same are drawn over each other."""
    return max(3.0, 9.0 - 1.8 * order)


def error(
    family: Family,
    d_from: Real | None = None,
    d_to: Real = FARTHEST,
    order: int = 4,
    value: str = "loss",
    ax: Axes | None = None,
) -> Axes:
    """The error of a value's truncated series against d beside its certified bound; see collect_error."""
    return draw_error(collect_error(family, d_from, d_to, order, value), ax)
