"""How far the truncated series of a value is from it, beside the bound that is proved: |x - sum_{j<N} a_j s^j| <= C_N s^N."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isfinite, log10, nan
from typing import TYPE_CHECKING

from flint import arb

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import decimal, digits_to_bits, exact_real, to_fmpq
from symrelu.plots import layout, notation, style
from symrelu.plots.sampling import Told, geometric
from symrelu.proof.theorem import FARTHEST
from symrelu.render.latex import latex_power
from symrelu.toolkit import Family, Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 17
_PLACES = 10**4


@dataclass(frozen=True)
class Truncation:
    """The series below s^order: its errors at the d of the picture (nan where none is seen), and C_N s^N there."""

    order: int
    errors: list[float]
    bounds: list[float]


@dataclass(frozen=True)
class SeriesErrors:
    """Of a value of a family at certified points. The bounds are proved for all d from `d[0]` on."""

    family: str
    value: str
    ramification: int
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
    empty interval, a family that is known exactly; ArithmeticError where no constants are proved.
    """
    high = exact_real(d_to, "--to")
    _require(family, order, value)
    low, constants = _proved(family, d_from, order, value, progress)
    if low >= high:
        raise UsageError(f"the bounds are proved from d = {decimal(low, 8)} on; give --to D larger than that")
    ds = geometric(low, high, _POINTS)
    digits = 30 + ceil(order * log10(high) / 2)  # of the points: what is left when the series is taken off
    expansion = family.expand(order, digits=digits)
    ramification = expansion.definition.ramification
    terms = expansion.loss if value == "loss" else expansion.parameters[value]
    found = [_value(family, d, digits, value) for d in ds]
    with working(digits_to_bits(digits)):
        s = [(1 / arb(to_fmpq(d))).root(2 * ramification) for d in ds]
        coefficients = {power: coefficient.ball() for power, coefficient in terms.items()}
        truncations = [_truncation(N, coefficients, s, found, constants[N - 1]) for N in range(1, order + 1)]
    return SeriesErrors(family.name, value, ramification, [float(d) for d in ds], truncations)


def _require(family: Family, order: int, value: str) -> None:
    if family.definition.exact_point is not None:
        raise UsageError(f"{family.name} is known exactly, so its series has no error; name another family")
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
    errors = list[float]()
    for x, value in zip(s, found, strict=True):
        rest = abs(value - sum((a * x**power for power, a in coefficients.items() if power < N), arb(0)))
        errors.append(nan if rest.contains(0) else float(rest))
    return Truncation(N, errors, [float(constant * x**N) for x in s])


@style.picture
def draw_error(data: SeriesErrors, ax: Axes) -> None:
    """Both axes logarithmic; errors are marked points, bounds dashed lines of the same shade with C_N s^N beside them."""
    layout.d_axis(ax.xaxis, data.d[0], data.d[-1])
    ax.set_yscale("log")
    labels = []
    for truncation in data.truncations:
        N, errors, bounds = truncation.order, truncation.errors, truncation.bounds
        shade, marker = style.nth(N - 1)
        ax.plot(data.d, errors, color=shade, marker=marker, markersize=_marker_size(N), markerfacecolor="white")
        ax.plot(data.d, bounds, color=shade, linestyle=style.DASHED)
        labels += [(bounds[-1], f"$C_{{{N}}} s^{{{N}}}$"), (errors[-1], f"$N = {N}$")]
    layout.label_right(ax, [(height, text) for height, text in labels if isfinite(height)])
    ax.set_xlabel(f"$d$ ($s = {latex_power(1, data.ramification)}$)")
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
