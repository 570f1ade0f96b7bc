"""Following a family's branch numerically in d: approximate critical points at any d and precision.

Nothing here is rigorous: it supplies centres to the proofs, which then decide.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from flint import arb

from symrelu.analysis.homotopy import NoStart, frobenius_distance, orientation, start_for_activation
from symrelu.arithmetic.balls import Balls
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.family.definition import Definition
from symrelu.family.system import ReducedSystem
from symrelu.solvers.newton import approx_root

_LARGEST_RATIO = 64.0
_REMEMBERED = 5  # points through which the next one is predicted
_DEPARTURES = 3
_NEAR = 0.1  # how far, in Frobenius norm, Newton's method may move from what was predicted
_APART = Fraction(129, 128)
_SMALLEST_RATIO = 1.0 + 2.0**-12


class BranchEnds(ArithmeticError):
    """Continuation in d stops; `d` is where, the message says how."""

    def __init__(self, d: Fraction, message: str):
        super().__init__(message)
        self.d = d


class Branch:
    """A family's branch, remembered at the d visited so far (at a low precision that is good enough to start from)."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self._visited: dict[Fraction, list[arb]] = {}
        self._orientation = 0  # the sign of the Jacobian's determinant along the branch

    def approx(self, d: Fraction, bits: int) -> list[arb]:
        """Midpoints of the critical point at d to about `bits`; BranchEnds when it cannot be followed there."""
        point = self._exact() or self._coarse(d)
        precision = _coarse_bits(d)
        while precision < bits:
            precision = min(2 * precision - 32, bits)
            with working(precision + 16):
                point, _ = approx_root(self.system(d), point)
        return point

    def system(self, d: Fraction) -> ReducedSystem:
        return ReducedSystem(self.definition, Balls(), arb(to_fmpq(d)))

    @property
    def _where_it_starts(self) -> Definition:
        """The family with the activation to which its start values belong."""
        assert self.definition.start is not None
        return replace(self.definition, activation=self.definition.start.activation)

    def _exact(self) -> list[arb] | None:
        exact = self.definition.exact_point
        return None if exact is None else [arb(exact[name]) for name in self.definition.shape.names]

    def _coarse(self, d: Fraction) -> list[arb]:
        if not self._visited:
            self._visit_start()
        # The nearest point known may be a bad one to leave from (next to a singular point): then others are tried.
        failure: BranchEnds | None = None
        for here in sorted(self._visited, key=lambda known: _ratio(known, d))[:_DEPARTURES]:
            try:
                return self._walk(here, d)
            except BranchEnds as error:
                failure = failure or error
        assert failure is not None
        raise failure

    def _walk(self, here: Fraction, d: Fraction) -> list[arb]:
        """Continue the branch from a known point to d, in steps that shrink where Newton's method fails.

        What was visited on a way that gets lost is forgotten: near a fold it may lie on another branch already.
        """
        before = dict(self._visited)
        try:
            return self._steps(here, d)
        except BranchEnds:
            self._visited = before
            raise

    def _steps(self, here: Fraction, d: Fraction) -> list[arb]:
        ratio = 2.0
        while here != d:
            step = _towards(here, d, ratio)
            point = self._try(step, self._predict(step))
            if point is None:
                ratio = ratio**0.5
                if ratio < _SMALLEST_RATIO:
                    raise BranchEnds(here, f"the branch of {self.definition.name} is lost near d = {float(here):.6g}")
                continue
            self._visited[step] = point
            here = step
            ratio = min(ratio**1.5, _LARGEST_RATIO)
        return self._visited[d]

    def _visit_start(self) -> None:
        start = self.definition.start
        assert start is not None, "a branch needs starting values"
        with working(_coarse_bits(start.d)):
            values = [arb(to_fmpq(start.values[name])) for name in self.definition.shape.names]
            try:
                found = ReducedSystem(self._where_it_starts, Balls(), arb(to_fmpq(start.d)))
                point, _ = approx_root(found, values)
                if start.activation != self.definition.activation:
                    point = start_for_activation(self.definition, point)
                self._orientation = orientation(self.system(start.d), point)
            except NoStart as error:
                raise BranchEnds(start.d, str(error)) from None
            except (ArithmeticError, Undecided) as error:
                message = f"no critical point is found from the starting values at d = {start.d}: {error}"
                raise BranchEnds(start.d, message) from None
        self._visited[start.d] = point

    def _predict(self, step: Fraction) -> list[arb]:
        """The polynomial in s = d^(-1/2) through the nearest points known, at a new d (Lagrange)."""
        path: list[Fraction] = []
        for known in sorted(self._visited, key=lambda known: _ratio(known, step)):
            # Points that are too close to each other would only amplify their errors.
            if all(_ratio(known, other) > _APART for other in path) and len(path) < _REMEMBERED:
                path.append(known)
        with working(_coarse_bits(step)):
            nodes = [1 / arb(to_fmpq(d)).sqrt() for d in path]
            s = 1 / arb(to_fmpq(step)).sqrt()
            prediction = [arb(0)] * len(self.definition.shape.names)
            for i, d in enumerate(path):
                weight = arb(1)
                for j, node in enumerate(nodes):
                    if j != i:
                        weight = weight * (s - node) / (nodes[i] - node)
                prediction = [x + weight * y for x, y in zip(prediction, self._visited[d], strict=True)]
            return [x.mid() for x in prediction]

    def _try(self, d: Fraction, guess: list[arb]) -> list[arb] | None:
        """Newton from a guess; None if it fails, wanders, or ends where the Jacobian has the other sign.

        On a branch the determinant keeps its sign; beyond a fold, where two branches meet, it has the other one.
        """
        with working(_coarse_bits(d)):
            try:
                point, _ = approx_root(self.system(d), guess, max_steps=14)
                near = frobenius_distance(self.system(d), guess, point) < _NEAR
                return point if near and orientation(self.system(d), point) == self._orientation else None
            except (ArithmeticError, Undecided):
                return None


def _coarse_bits(d: Fraction) -> int:
    """Enough to converge: sums over d rows lose about log2 d bits, twice, and soft directions cost as much again."""
    return 128 + 3 * max(d.numerator.bit_length() - d.denominator.bit_length(), 0)


def _ratio(x: Fraction, y: Fraction) -> Fraction:
    return max(x / y, y / x)


def _towards(here: Fraction, d: Fraction, ratio: float) -> Fraction:
    """d if it is within the ratio, else the next d on the way, with a short binary fraction."""
    if _ratio(here, d) <= Fraction(ratio):
        return d
    target = here * Fraction(ratio) if d > here else here / Fraction(ratio)
    rounded = Fraction(round(target * 2**16), 2**16)
    return rounded
