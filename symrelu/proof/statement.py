"""A theorem in words and in LaTeX, read off what is proved."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symrelu.analysis.crossing import Crossing
from symrelu.analysis.evaluation import real_text
from symrelu.analysis.symbolic import symbolic_dimensions
from symrelu.analysis.threshold import Stretch
from symrelu.arithmetic.reals import certain_digits, decimal
from symrelu.proof.theorem import Theorem
from symrelu.render.latex import latex_number, latex_type


def words(theorem: Theorem) -> list[str]:
    """The statement as sentences; those that follow need those before."""
    definition = theorem.definition
    shape = definition.shape
    lines = [
        f"For every real d {_range(theorem)} the family {definition.name} ({shape.isotropy}, k = {shape.neurons} neurons) "
        "has exactly one critical point in a tube around one smooth branch"
        + (f", that of its formal series in {definition.series_parameter}." if theorem.near is not None else ".")
    ]
    if theorem.near is None:
        lines.append(f"Infinity is not reached: {theorem.series_missing}.")
    if theorem.is_minimum:
        lines.append(
            "There every isotypic component of the Hessian is positive definite: a local minimum wherever d is an integer."
        )
        if theorem.near is not None:
            lines.append("The same holds in the limit: the eigenvalues that stay bounded have positive limits.")
    else:
        lines.extend(_stretch(theorem, stretch) for stretch in reversed(theorem.stretches))
    lines.extend(_crossing(theorem, crossing) for crossing in reversed(theorem.crossings))
    if theorem.constants is not None:
        lines.append(
            f"For these d, |value - sum_(j<N) a_j s^j| <= C_N s^N, s = {definition.series_parameter.removeprefix('s = ')}, for "
            f"every entry, the loss and the eigenvalues, N = 1..{theorem.constants.order}, with the constants below."
        )
    lines.extend(f"Not proved for d in [{real_text(o.low)}, {real_text(o.high)}]: {o.reason}." for o in theorem.open)
    return lines


def threshold_digits(theorem: Theorem, crossing: Crossing) -> str:
    """The certain digits of a fractional dimension."""
    return certain_digits(crossing.d, theorem.digits)


def begin_text(theorem: Theorem) -> str:
    """The lower end of the range, rounded into it where it has many digits."""
    text = real_text(theorem.low)
    if len(text) <= 24:
        return text
    return decimal(theorem.low + Fraction(1, 10**20), 20)


def dimensions(theorem: Theorem) -> dict[str, Any]:
    """The dimension of each type as a polynomial in d."""
    return {kind.name: dimension for kind, dimension in symbolic_dimensions(theorem.definition.shape)}


def _range(theorem: Theorem) -> str:
    start = (
        f"> d* = {threshold_digits(theorem, theorem.crossings[0])}" if theorem.sharp else f">= {begin_text(theorem)}"
    )
    return start if theorem.high is None else f"{start}, d <= {real_text(theorem.high)},"


def _stretch(theorem: Theorem, stretch: Stretch) -> str:
    counts = _counts(theorem, stretch)
    where = f"For {decimal(stretch.low, 8)} < d"
    last = stretch is theorem.stretches[-1] and theorem.high is None
    where += ", in the limit too," if last else f" < {decimal(stretch.high, 8)}"
    return (
        f"{where} every component is positive definite."
        if not counts
        else f"{where} the Hessian is negative on {counts}."
    )


def _counts(theorem: Theorem, stretch: Stretch) -> str:
    sizes = dimensions(theorem)
    return " and ".join(
        f"{count} eigenvalue{'s' if count > 1 else ''} of type {name} (dimension {sizes[name]} each)"
        for name, count in stretch.negative.items()
        if count
    )


def _crossing(theorem: Theorem, crossing: Crossing) -> str:
    return (
        f"At d* = {threshold_digits(theorem, crossing)} exactly one eigenvalue of type {crossing.type.name}, of "
        f"multiplicity {dimensions(theorem)[crossing.type.name]}, crosses zero, with derivative "
        f"{certain_digits(crossing.derivative, 8)}."
    )


def latex(theorem: Theorem) -> str:
    """A theorem environment, with a table of the constants below where there are any."""
    definition = theorem.definition
    d_star = latex_number(certain_digits(theorem.crossings[0].d, 12)) if theorem.crossings else ""
    start = f"d > d^* = {d_star}" if theorem.sharp else rf"d \ge {begin_text(theorem)}"
    end = "" if theorem.high is None else rf", $d \le {real_text(theorem.high)}$"
    isotropy = definition.shape.isotropy.replace("Delta", r"\Delta").replace(" x ", r" \times ")
    lines = [
        rf"\begin{{theorem}}[{definition.name}]",
        rf"For every real ${start}${end} the family with isotropy ${isotropy}$ and $k = {definition.shape.neurons}$ has "
        r"exactly one critical point in a tube around one smooth branch.",
    ]
    for stretch in reversed(theorem.stretches):
        negative = [(name, count) for name, count in stretch.negative.items() if count]
        high = (
            r"d \to \infty"
            if stretch is theorem.stretches[-1] and theorem.high is None
            else f"d = {decimal(stretch.high, 8)}"
        )
        text = (
            ", ".join(rf"{count} eigenvalue(s) of type ${latex_type(name)}$ are negative" for name, count in negative)
            or "every isotypic component of the Hessian is positive definite"
        )
        lines.append(rf"From $d = {decimal(stretch.low, 8)}$ to ${high}$ {text}.")
    lines.extend(
        rf"At $d^* = {latex_number(threshold_digits(theorem, crossing))}$ one eigenvalue of type "
        rf"${latex_type(crossing.type.name)}$ crosses zero transversally."
        for crossing in theorem.crossings
    )
    return "\n".join([*lines, r"\end{theorem}"])
