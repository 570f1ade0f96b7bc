"""Splitting a neuron at one d: the spectrum of H_ii - I/2 for each row orbit, and what it makes of the critical point.

Replacing w_i by lambda w_i and (1 - lambda) w_i, 0 < lambda < 1, gives a critical point of the network with one neuron
more, whose index is that of the point plus the number of negative eigenvalues of H_ii - I/2 (family/own_block.py). The
eigenvalue of w_i itself is exactly zero: the loss does not depend on lambda. Source: Safran, Yehudai & Shamir 2021.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.analysis.evaluation import real_text
from symrelu.analysis.point import CriticalPoint
from symrelu.analysis.series_problem import coefficient_field, series_point
from symrelu.analysis.splitting_check import SplitCheck, check_splitting
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ball_json, certain_digits, digits_to_bits
from symrelu.family.definition import Definition
from symrelu.family.gram import GramTable
from symrelu.family.own_block import OwnBlock, OwnType, own_blocks
from symrelu.family.shape import Shape
from symrelu.render.latex import latex_ball, latex_type
from symrelu.render.shown import Tabulated
from symrelu.render.text import table
from symrelu.solvers.definiteness import enclose_eigenvalues


@dataclass(frozen=True)
class SplitComponent:
    """The eigenvalues of H_ii - I/2 of one type, ascending, each `dimension` times; the exact zero of w_i is arb(0)."""

    type: OwnType
    dimension: Fraction
    eigenvalues: list[arb]

    @property
    def counts(self) -> bool:
        """Only components of positive dimension occur in R^d."""
        return self.dimension > 0


@dataclass(frozen=True)
class OrbitSplit:
    """H_ii - I/2 for a row of one orbit (numbered from 1)."""

    orbit: int
    components: list[SplitComponent]

    @property
    def eigenvalues(self) -> list[tuple[SplitComponent, arb]]:
        return [
            (component, value) for component in self.components if component.counts for value in component.eigenvalues
        ]

    @property
    def saddle(self) -> bool | None:
        """Whether H_ii - I/2 has a negative eigenvalue; None where the balls do not tell."""
        if any(value < 0 for _, value in self.eigenvalues):
            return True
        return False if all(value >= 0 for _, value in self.eigenvalues) else None

    @property
    def negative(self) -> Fraction | None:
        """The (formal) number of negative eigenvalues of H_ii - I/2; None where a sign is open."""
        if not all(value < 0 or value >= 0 for _, value in self.eigenvalues):
            return None
        return sum((component.dimension for component, value in self.eigenvalues if value < 0), Fraction(0))


@dataclass(frozen=True)
class SplitPoint(Tabulated):
    """What splitting each neuron of a critical point does, in certified balls, and the sum of the neurons' norms."""

    point: CriticalPoint
    orbits: list[OrbitSplit]
    norm_sum: arb
    check: SplitCheck | None = None

    @property
    def decided(self) -> bool:
        return all(orbit.saddle is not None for orbit in self.orbits)

    @property
    def norms_below_targets(self) -> bool | None:
        """Whether the sum of the norms is below the number of target neurons, which is d."""
        return compared(self.norm_sum - self.point.d.numerator / arb(self.point.d.denominator))

    def index(self, orbit: OrbitSplit) -> int | None:
        """The index of the split point; None where there is no network or a sign is open."""
        before, more = self.point.index, orbit.negative
        return None if before is None or more is None else before + int(more)

    def to_json(self) -> dict[str, Any]:
        point, digits = self.point, self.point.digits
        shape = point.definition.shape
        return {
            "family": point.definition.name,
            "d": real_text(point.d),
            "order": None,
            "index": point.index,
            "orbits": [
                {
                    **orbit_json(shape, orbit.orbit),
                    "eigenvalues": [
                        eigenvalue_json(c.type, real_text(c.dimension), value=ball_json(value, digits))
                        for c, value in orbit.eigenvalues
                    ],
                    "saddle": orbit.saddle,
                    "from": None,
                    "index": self.index(orbit),
                }
                for orbit in self.orbits
            ],
            "norm_sum": ball_json(self.norm_sum, digits),
            "norm_sum_below_targets": self.norms_below_targets,
            "check": None if self.check is None else self.check.to_json(),
            "evidence": "certified",
        }

    def to_text(self) -> str:
        point, digits = self.point, min(self.point.digits, 20)
        lines = [f"{point.definition.name} at d = {real_text(point.d)}, {_kind(point)}: H_ii - I/2 for each row"]
        for orbit in self.orbits:
            lines.append(f"{orbit_text(point.definition.shape, orbit.orbit)}: {self._outcome(orbit)}")
            lines.append(table(*_rows(orbit, str, lambda ball: certain_digits(ball, digits))))
        sign = {True: "below", False: "not below", None: "not proved below"}[self.norms_below_targets]
        norms = certain_digits(self.norm_sum, digits)
        lines.append(f"sum of the neurons' norms: {norms}, {sign} the number of target neurons, {real_text(point.d)}")
        return "\n".join(lines + ([self.check.to_text()] if self.check else []))

    def _outcome(self, orbit: OrbitSplit) -> str:
        index = self.index(orbit)
        reached = "" if index is None else f", of index {index}"
        match orbit.saddle:
            case True:
                return f"splitting it gives a saddle{reached}"
            case False:
                return f"splitting it adds no descent direction{reached}"
        return "undecided, a sign is open"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        digits = min(self.point.digits, 20)
        headings, rows = ["row orbit", "type", "multiplicity", "eigenvalue of $H_{ii} - I/2$"], list[list[str]]()
        for orbit in self.orbits:
            own = _rows(orbit, lambda name: f"${latex_type(name)}$", lambda ball: f"${latex_ball(ball, digits)}$")[1]
            rows += [[str(orbit.orbit) if i == 0 else "", *row] for i, row in enumerate(own)]
        return headings, rows

    def _title(self) -> str:
        return f"Splitting the neurons of {self.point.definition.name} at d = {real_text(self.point.d)}"

    def _badges(self) -> list[str]:
        return ["certified"]

    def _notes(self) -> list[str]:
        outcomes = [f"row orbit {orbit.orbit}: {self._outcome(orbit)}" for orbit in self.orbits]
        return [*outcomes, f"sum of the neurons' norms: ${latex_ball(self.norm_sum, 10)}$"]

    def __repr__(self) -> str:
        outcomes = ", ".join(f"{orbit.orbit}: {self._outcome(orbit)}" for orbit in self.orbits)
        return f"SplitPoint({self.point.definition.name}, d={real_text(self.point.d)}; {outcomes})"


def split_point(point: CriticalPoint) -> SplitPoint:
    """The eigenvalues of H_ii - I/2 for each row orbit of a certified point, and the sum of the neurons' norms.

    Undecided where an eigenvalue cannot be isolated at the precision of the point.
    """
    exact = vanishing_blocks(point.definition)
    with working(point.bits):
        gram = point.table()
        orbits = [
            OrbitSplit(R + 1, [_component(block, point, exact) for block in own_blocks(gram, R)])
            for R in range(len(gram.students))
        ]
        return SplitPoint(point, orbits, norm_sum(gram))


def check_split(split: SplitPoint) -> SplitCheck:
    """The eigenvalues found, in the dense Hessian of the split points (see SplitCheck); UsageError where there is none.

    The point should be given to as many digits as the check is to see.
    """
    expected = [(o.orbit, [(value, int(c.dimension)) for c, value in o.eigenvalues]) for o in split.orbits]
    return check_splitting(split.point, expected)


def _component(block: OwnBlock, point: CriticalPoint, zero: bool) -> SplitComponent:
    dimension = Fraction(block.type.dimension.at(point.d))
    if zero:
        return SplitComponent(block.type, dimension, [arb(0)] * len(block.gram))
    two_pi = 2 * arb.pi()
    pencil = [[arb(entry) / two_pi for entry in line] for line in block.pencil]
    values = enclose_eigenvalues(pencil, block.gram, digits_to_bits(point.digits) + 8)
    around_zero = [i for i, value in enumerate(values) if value.contains(0)]
    if block.row is not None and len(around_zero) == 1:
        values[around_zero[0]] = arb(0)  # zero is an eigenvalue, so it is this one
    return SplitComponent(block.type, dimension, values)


def vanishing_blocks(definition: Definition) -> bool:
    """Whether H_ii = I/2 identically in d: students equal to targets cancel in exact arithmetic (the global minimum)."""
    if definition.exact_point is None:
        return False
    exact = series_point(definition, coefficient_field(definition), {})
    entries = [
        x
        for R in range(len(exact.table.students))
        for b in own_blocks(exact.table, R)
        for line in b.action
        for x in line
    ]
    return all(exact.arithmetic.is_zero(x) for x in entries)


def norm_sum(gram: GramTable) -> Any:
    """The sum of |w_i| over all neurons, in the arithmetic of the table."""
    total: Any = 0
    for row in gram.students:
        total = total + gram.orbit_size(row) * gram.arithmetic.sqrt(gram.norm_squared(row))
    return total


def compared(difference: arb) -> bool | None:
    """Whether a number is negative; None where its ball does not tell."""
    return True if difference < 0 else False if difference >= 0 else None


def eigenvalue_json(
    kind: OwnType, dimension: str, series: Any = None, value: Any = None, negative: Any = None
) -> dict[str, Any]:
    """One eigenvalue of H_ii - I/2; `negative` is what is known of the signs of this type on an interval of d."""
    found = {"type": kind.name, "name": kind.words, "dimension": dimension, "series": series, "value": value}
    return found if negative is None else {**found, "negative": negative}


def orbit_json(shape: Shape, orbit: int) -> dict[str, Any]:
    attached = shape.rows[orbit - 1].attached
    return {
        "orbit": orbit,
        "rows": "1" if attached is None else str(shape.blocks[attached]),
        "attached": None if attached is None else attached + 1,
    }


def orbit_text(shape: Shape, orbit: int) -> str:
    """The row orbit in words, e.g. "row orbit 1 (d-1 rows, block 1)"."""
    attached = shape.rows[orbit - 1].attached
    return f"row orbit {orbit} (" + (
        "one row)" if attached is None else f"{shape.blocks[attached]} rows, block {attached + 1})"
    )


def _kind(point: CriticalPoint) -> str:
    return "a minimum" if point.is_minimum else f"a saddle in {', '.join(point.negative)}"


def _rows(orbit: OrbitSplit, named: Any, written: Any) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            named(c.type.name) if i == 0 else "",
            real_text(c.dimension) if i == 0 else "",
            written(value) + (" (w_i itself)" if value.is_zero() and c.type.is_trivial else ""),
        ]
        for c in orbit.components
        if c.counts
        for i, value in enumerate(c.eigenvalues)
    ]
    return ["type", "multiplicity", "eigenvalue"], rows
