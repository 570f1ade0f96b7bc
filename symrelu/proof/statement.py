"""A theorem in words and in LaTeX, read off what is proved.

Numbers that bound a range are exact, or rounded into it; crossings, known as balls, have names: d*, or d*_1 < d*_2 < ...
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor
from typing import Any

from symrelu.analysis.crossing import Crossing
from symrelu.analysis.evaluation import real_text
from symrelu.analysis.symbolic import symbolic_dimensions
from symrelu.analysis.threshold import Stretch
from symrelu.arithmetic.reals import certain_digits, ends
from symrelu.proof.theorem import Theorem
from symrelu.render.latex import latex_group, latex_number, latex_plain, latex_type

_LONG = 24  # characters of an exact number that is not rounded
_PLACES = 20


def words(theorem: Theorem) -> list[str]:
    """The statement as sentences; those that follow need those before."""
    definition = theorem.definition
    shape = definition.shape
    besides = ", but for the gaps named below," if theorem.open else ""
    lines = [
        f"For every real d {_range(theorem)}{besides} the family {definition.name} ({shape.isotropy}, "
        f"k = {shape.neurons} neurons) has exactly one critical point in a tube around one smooth branch"
        + (f", that of its formal series in {definition.series_parameter}." if theorem.near is not None else ".")
    ]
    if not theorem.stretches:
        lines = [f"Nothing is proved of the family {definition.name} ({shape.isotropy}, k = {shape.neurons} neurons)."]
    elif theorem.near is None:
        lines.append(f"Infinity is not reached: {theorem.series_missing}.")
    if theorem.is_minimum:
        lines.append(
            "There every isotypic component of the Hessian is positive definite: a local minimum wherever d is an integer."
        )
        if theorem.near is not None:
            lines.append("The same holds in the limit: the eigenvalues that stay bounded have positive limits.")
    lines.extend(_crossing(theorem, crossing) for crossing in reversed(theorem.crossings))
    if not theorem.is_minimum:
        lines.extend(_stretch(theorem, stretch) for stretch in reversed(theorem.stretches))
    if theorem.constants is not None:
        lines.append(
            f"For these d, |value - sum_(j<N) a_j s^j| <= C_N s^N, {definition.series_parameter}, for every value in the table "
            f"below, N = 1..{theorem.constants.order}, with the constants there."
        )
    lines.extend(f"Not proved for {_gap(o.low, o.high)}: {o.reason}." for o in theorem.open)
    return lines


def threshold_digits(theorem: Theorem, crossing: Crossing) -> str:
    """The certain digits of a fractional dimension."""
    return certain_digits(crossing.d, theorem.digits)


def begin_text(theorem: Theorem) -> str:
    """The lower end of the range, rounded into it where it has many digits."""
    return lower_text(theorem.low)


def lower_text(value: Fraction) -> str:
    """A number that bounds a range from below, rounded up where it has many digits.

    >>> lower_text(Fraction(11, 2)), lower_text(Fraction(10**30, 3 * 10**30 - 1))
    ('5.5', '0.33333333333333333334')
    """
    return _rounded(value, ceil)


def upper_text(value: Fraction) -> str:
    """A number that bounds a range from above, rounded down where it has many digits."""
    return _rounded(value, floor)


def _rounded(value: Fraction, towards: Any) -> str:
    text = real_text(value)
    return text if len(text) <= _LONG else real_text(Fraction(towards(value * 10**_PLACES), 10**_PLACES))


def dimensions(theorem: Theorem) -> dict[str, str]:
    """The dimension of each type as a polynomial in d."""
    sizes = symbolic_dimensions(theorem.definition.shape)
    return {kind.name: str(dimension).replace(")*(", ")(") for kind, dimension in sizes}


def _star(theorem: Theorem, crossing: Crossing) -> str:
    """What a crossing is called."""
    return "d*" if len(theorem.crossings) == 1 else f"d*_{theorem.crossings.index(crossing) + 1}"


def _end(theorem: Theorem, d: Fraction, text: str) -> str:
    """An end of a stretch: the name of the crossing there, or a number."""
    return next((_star(theorem, crossing) for crossing in theorem.crossings if d in ends(crossing.d)), text)


def _range(theorem: Theorem) -> str:
    start = (
        f"> d* = {threshold_digits(theorem, theorem.crossings[0])}" if theorem.sharp else f">= {begin_text(theorem)}"
    )
    return start if theorem.high is None else f"{start}, d <= {real_text(theorem.high)},"


def _gap(low: Fraction, high: Fraction) -> str:
    """A part of the range that is not proved, rounded outwards; or the one point where two parts are not joined."""
    return f"d = {upper_text(low)}" if low == high else f"d in [{upper_text(low)}, {lower_text(high)}]"


def _last(theorem: Theorem, stretch: Stretch) -> bool:
    """Whether a stretch reaches infinity."""
    return stretch is theorem.stretches[-1] and theorem.high is None


def _stretch(theorem: Theorem, stretch: Stretch) -> str:
    low = _end(theorem, stretch.low, lower_text(stretch.low))
    if _last(theorem, stretch):
        where = f"For d > {low}, in the limit too,"
    else:
        where = f"For {low} < d < {_end(theorem, stretch.high, upper_text(stretch.high))}"
    counts = _counts(theorem, stretch)
    if not counts:
        return f"{where} every component is positive definite."
    return f"{where} the Hessian is negative on {counts}, and on nothing else."


def _counts(theorem: Theorem, stretch: Stretch) -> str:
    sizes = dimensions(theorem)
    return " and ".join(
        f"{count} eigenvalue{'s' if count > 1 else ''} of type {name} (dimension {sizes[name]} each)"
        for name, count in stretch.negative.items()
        if count
    )


def _crossing(theorem: Theorem, crossing: Crossing) -> str:
    return (
        f"At {_star(theorem, crossing)} = {threshold_digits(theorem, crossing)} exactly one eigenvalue of type "
        f"{crossing.type.name}, of multiplicity {dimensions(theorem)[crossing.type.name]}, crosses zero, with derivative "
        f"{certain_digits(crossing.derivative, 8)}."
    )


def latex(theorem: Theorem) -> str:
    """A theorem environment (amsthm, amssymb)."""
    name = latex_plain(theorem.definition.name)
    return "\n".join([rf"\begin{{theorem}}[{name}]", *latex_sentences(theorem), r"\end{theorem}"])


def latex_sentences(theorem: Theorem) -> list[str]:
    """The statement as sentences with mathematics between dollar signs."""
    definition = theorem.definition
    start = f"d > {_latex_star('d*')}" if theorem.sharp else rf"d \ge {latex_number(begin_text(theorem))}"
    end = "" if theorem.high is None else rf", $d \le {latex_number(real_text(theorem.high))}$,"
    gaps = ", but for the gaps named below," if theorem.open else ""
    isotropy = latex_group(definition.shape.isotropy)
    series = "" if theorem.near is None else rf", that of its formal series in ${_latex_parameter(theorem)}$"
    lines = [
        rf"For every real ${start}${end}{gaps} the family with isotropy ${isotropy}$ and $k = {definition.shape.neurons}$ "
        rf"neurons has exactly one critical point in a tube around one smooth branch{series}.",
    ]
    if not theorem.stretches:
        lines = [rf"Nothing is proved of the family with isotropy ${isotropy}$."]
    lines.extend(_latex_crossing(theorem, crossing) for crossing in reversed(theorem.crossings))
    lines.extend(_latex_stretch(theorem, stretch) for stretch in reversed(theorem.stretches))
    if theorem.constants is not None:
        lines.append(
            rf"For these $d$ and $N = 1, \dots, {theorem.constants.order}$, every value $x \sim \sum_j a_j s^j$ in the table "
            rf"satisfies $|x - \sum_{{j<N}} a_j s^j| \le C_N s^N$ with the constants there."
        )
    for part in theorem.open:
        gap = _gap(part.low, part.high).replace(" in ", r" \in ")
        lines.append(f"Not proved for ${gap}$: {latex_plain(part.reason)}.")
    return lines


def _latex_stretch(theorem: Theorem, stretch: Stretch) -> str:
    low = _latex_star(_end(theorem, stretch.low, lower_text(stretch.low)))
    high = _latex_star(_end(theorem, stretch.high, upper_text(stretch.high)))
    where = rf"$d > {low}$, in the limit too," if _last(theorem, stretch) else rf"${low} < d < {high}$"
    negative = [
        rf"{count} eigenvalue{'s' if count > 1 else ''} of type ${latex_type(name)}$"
        for name, count in stretch.negative.items()
        if count
    ]
    if not negative:
        return f"For {where} every isotypic component of the Hessian is positive definite."
    return f"For {where} the Hessian is negative on {' and '.join(negative)}, and on nothing else."


def _latex_crossing(theorem: Theorem, crossing: Crossing) -> str:
    star, digits = _latex_star(_star(theorem, crossing)), latex_number(threshold_digits(theorem, crossing))
    name = latex_type(crossing.type.name)
    return rf"At ${star} \approx {digits}$ exactly one eigenvalue of type ${name}$ crosses zero, transversally."


def _latex_star(text: str) -> str:
    """d*, d*_1 as LaTeX; numbers as they are."""
    return re.sub(r"d\*(?:_(\d+))?", lambda m: "d^*" + (f"_{{{m[1]}}}" if m[1] else ""), text)


def _latex_parameter(theorem: Theorem) -> str:
    return re.sub(r"\^\(([^)]*)\)", r"^{\1}", theorem.definition.series_parameter)
