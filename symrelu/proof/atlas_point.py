"""The atlas entry by entry: the critical point M_p at an integer d, proved, its index, and how others prove it again.

The claim is about the fixed-point space of Delta(S_{d-p} x S_p): the balls of the entries contain exactly one zero of the
reduced gradient, hence a critical point of L on all d x d matrices (principle of symmetric criticality); its Hessian is
regular, with so many negative eigenvalues. All points of one p lie on one curve, continuous in real d: tubes are proved
from the d of the catalogue's starting values, far out, to every d asked for. Without them numbers jump to other branches of
the same shape, which are minima as well (M_44 at d = 98 in one step from d = 270).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.chain import along_branch
from symrelu.analysis.point import CriticalPoint, enclose_point
from symrelu.analysis.tube import Tube
from symrelu.arithmetic.outcome import Undecided, UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import ball_json, digits_to_bits, ends, exact_real, to_fmpq
from symrelu.family.catalogue import definition
from symrelu.family.definition import Definition
from symrelu.family.isotypic import isotypic_types
from symrelu.solvers.krawczyk import isolate, krawczyk
from symrelu.solvers.newton import approx_root

DIGITS = 12
_GUARD_BITS = 64

Ball = dict[str, str]  # {"value", "radius"}, decimal


@dataclass(frozen=True)
class AtlasPoint:
    """M_p at d: the `index` and its components, loss and entries in balls; or the `reason` why nothing is proved."""

    d: int
    p: int
    reason: str | None = None
    index: int | None = None
    negative: tuple[str, ...] = ()
    loss: Ball | None = None
    parameters: dict[str, Ball] | None = None

    @property
    def proved(self) -> bool:
        return self.reason is None

    @property
    def is_minimum(self) -> bool:
        """Whether it is proved to be one."""
        return self.index == 0

    @property
    def isotropy_is_exact(self) -> bool:
        """Whether all entries are proved different: then no more permutations fix the weights than the shape's.

        M_2 at d = 4 is A with rows exchanged: there the claim holds, and the isotropy group is larger.
        """
        intervals = [_interval(ball) for ball in (self.parameters or {}).values()]
        return all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(intervals, 2))

    def to_json(self) -> dict[str, Any]:
        fields = asdict(self)
        outcome = "proved" if self.proved else "undecided"
        return {"d": fields.pop("d"), "p": fields.pop("p"), "family": family(self.p).name, "outcome": outcome, **fields}


@lru_cache(maxsize=64)
def family(p: int) -> Definition:
    """The definition of M_p."""
    return definition(f"M{p}")


def prove_points(task: tuple[int, list[int]]) -> Iterator[AtlasPoint]:
    """The entries of p at the d of a list, for a task (p, list), as they are finished."""
    p, wanted = task
    branch, left = Branch(family(p)), sorted(wanted)
    reason = "no tube reaches it"
    try:
        for low, tube in _tubes(branch, Fraction(left[0]), Fraction(left[-1])):
            while left and left[-1] >= low:
                yield _prove_point(branch, tube, left.pop(), p)
            if not left:
                return
    except ArithmeticError as error:
        reason = _on_one_line(error)
    for d in reversed(left):
        yield AtlasPoint(d, p, f"the branch is not followed there: {reason}")


def _tubes(branch: Branch, low: Fraction, high: Fraction) -> Iterator[tuple[Fraction, Tube]]:
    """Tubes that cover [low, high], from above, with their lower ends: one curve, which is the family's where it starts."""
    start = branch.definition.start
    assert start is not None
    there = enclose_point(branch, start.d, DIGITS)
    if high > start.d:
        above = list(along_branch(branch, start.d, high, lambda tube: tube))
        _require_on(branch, above[-1][2], there)
        yield from ((end, tube) for end, _, tube in above)
    if low <= start.d:
        for end, beginning, tube in along_branch(branch, min(low, start.d - 1), start.d, lambda tube: tube):
            if beginning == start.d:
                _require_on(branch, tube, there)
            yield end, tube


def _require_on(branch: Branch, tube: Tube, point: CriticalPoint) -> None:
    """Undecided unless a certified point is proved to be the one in the tube: one box around both contains one zero."""
    with working(point.bits):
        around = [x.union(y) for x, y in zip(tube.over(point.d, point.d), point.entries, strict=True)]
        isolate(branch.system(point.d), point.entries, around)


def _prove_point(branch: Branch, tube: Tube, d: int, p: int) -> AtlasPoint:
    try:
        point = enclose_point(branch, Fraction(d), DIGITS)
        _require_on(branch, tube, point)
    except ArithmeticError as error:
        return AtlasPoint(d, p, f"existence: {_on_one_line(error)}")
    try:
        return AtlasPoint(
            d,
            p,
            None,
            point.index,
            tuple(point.negative),
            ball_json(point.loss, DIGITS),
            {name: ball_json(ball, DIGITS) for name, ball in point.parameters.items()},
        )
    except ArithmeticError as error:
        return AtlasPoint(d, p, f"existence is proved; index: {_on_one_line(error)}")


def check_point(point: AtlasPoint) -> None:
    """Prove an entry again from its balls alone; Undecided when that fails or differs.

    Proved are: the balls contain exactly one critical point of the shape; index, components and loss are as stated. That it
    is on the curve of the other entries is not proved again.
    """
    if point.reason is not None:
        raise Undecided(point.reason)
    assert point.parameters is not None and point.loss is not None
    where, shape = f"(d, p) = ({point.d}, {point.p})", family(point.p)
    stated = [_interval(point.parameters[name]) for name in shape.shape.names]
    bits = digits_to_bits(DIGITS) + _GUARD_BITS + 4 * point.d.bit_length()
    with working(bits):
        system = Branch(shape).system(Fraction(point.d))
        balls = [arb(to_fmpq(low)).union(arb(to_fmpq(high))) for low, high in stated]
        center, _ = approx_root(system, balls)
        entries = krawczyk(system, center)
        box, _ = isolate(system, center, balls)
        if not all(_inside(entry, ball) for entry, ball in zip(entries, stated, strict=True)):
            raise Undecided(f"{where}: the critical point near the stated balls is not proved to lie in them")
        if not all(x.contains(entry) for x, entry in zip(box, entries, strict=True)):
            raise Undecided(f"{where}: the stated balls are not proved to contain one critical point only")
    found = CriticalPoint(shape, Fraction(point.d), DIGITS, bits, entries)
    if (found.index, found.negative) != (point.index, list(point.negative)):
        raise Undecided(f"{where}: the index is {found.index} (stated: {point.index}), in {found.negative}")
    if not _inside(found.loss, _interval(point.loss)):
        raise Undecided(f"{where}: the loss is not proved to lie in the stated ball")


def read_point(data: Any) -> AtlasPoint:
    """The entry from its JSON form; UsageError says what is wrong with it."""
    keys = ("d", "p", "family", "outcome", "reason", "index", "negative", "loss", "parameters")
    _require(isinstance(data, dict) and set(data) == set(keys), f"an entry has the keys {', '.join(keys)}")
    d, p = data["d"], data["p"]
    _require(type(d) is int and type(p) is int and is_pair(d, p), '"d" and "p" are integers, 4 <= d, 1 <= p <= d/2')
    _require(data["family"] == family(p).name, f'the "family" of p = {p} is {family(p).name}')
    if data["outcome"] == "undecided":
        reason = data["reason"]
        _require(isinstance(reason, str) and reason.isprintable(), 'an undecided entry needs a "reason"')
        return AtlasPoint(d, p, reason)
    _require(data["outcome"] == "proved" and data["reason"] is None, '"outcome" is "proved" or "undecided"')
    index, negative, entries = data["index"], data["negative"], data["parameters"]
    _require(type(index) is int and 0 <= index < d * d, '"index" is the number of negative eigenvalues')
    known = [kind.name for kind in isotypic_types(family(p).shape)]
    _require(
        isinstance(negative, list) and all(name in known for name in negative) and bool(negative) == bool(index),
        f'"negative" lists the components with descent directions, of {", ".join(known)}',
    )
    names = family(p).shape.names
    _require(isinstance(entries, dict) and tuple(entries) == names, f'"parameters" are {", ".join(names)}')
    for ball in (data["loss"], *entries.values()):
        _require(_is_ball(ball), "a ball has a decimal value and a radius, not negative")
    return AtlasPoint(d, p, None, index, tuple(negative), data["loss"], entries)


def is_pair(d: int, p: int) -> bool:
    """Whether (d, p) belongs to the atlas."""
    return d >= 4 and 1 <= p <= d // 2


def _on_one_line(error: ArithmeticError) -> str:
    return " ".join(str(error).split())


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(message)


def _is_ball(ball: Any) -> bool:
    if not (isinstance(ball, dict) and set(ball) == {"value", "radius"}):
        return False
    try:
        return all(isinstance(text, str) for text in ball.values()) and _interval(ball)[0] <= _interval(ball)[1]
    except UsageError:
        return False


def _interval(ball: Ball) -> tuple[Fraction, Fraction]:
    value, radius = exact_real(ball["value"]), exact_real(ball["radius"])
    return value - radius, value + radius


def _inside(ball: arb, interval: tuple[Fraction, Fraction]) -> bool:
    low, high = ends(ball)
    return interval[0] <= low and high <= interval[1]
