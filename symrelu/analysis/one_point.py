"""One-point strong convexity about a global minimum, measured in random directions.

It asks for <grad L(W), W - W*> >= mu |W - W*|^2. With more neurons than the teacher it fails in some directions for every
mu > 0 (flat_path.py). Here W* = (e_1/2, e_1/2, e_2, ..., e_d), so k = d + 1, and W is uniform on the sphere of a radius
r <= 1/4 about it; other branches of global minima are at least 1/2 away from W*, hence farther from W than W*.

As r -> 0 the quotient tends to <X, HX>, H = Hessian at W*, X uniform on the unit sphere of dimension N = d (d+1). Blocks of
H: I/2 for equal and for parallel rows, I/4 + (e_i e_j^T + e_j e_i^T)/(2 pi) for the others. Hence, exactly,

    mean = tr H / N = 1/2,    variance = 2 (tr H^2/N - 1/4) / (N+2) ~ 1/(8 d),
    tr H^2 = (d+3) d/4 + (d+2)(d-1)(d/16 + 1/(2 pi^2)),

and by Cantelli's inequality the share of directions with <X, HX> >= mu is at least 1 - v/(v + (1/2 - mu)^2), v the
variance, for every mu < 1/2: in the limit of small balls the claim holds with a share that tends to 1 as d grows. At a
positive radius the share is counted, with Wilson's interval (Wilson 1927): evidence "numeric".

Source of the claim and of the guarantee: Safran, Yehudai & Shamir 2021 (2006.01005), as far as it is known here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, pi, sqrt
from operator import mul
from typing import Any

import sympy

from symrelu.arithmetic.floats import Floats
from symrelu.arithmetic.outcome import UsageError
from symrelu.model.kernel import Pair
from symrelu.render.shown import Tabulated
from symrelu.render.text import table as text_table

D = sympy.Symbol("d", positive=True)
SIZES = (4, 6, 8, 12, 16, 24)
GUARANTEE = (
    "Reconstructed, the paper's wording may differ: if <grad L(W), W - W*> >= mu |W - W*|^2 and |grad L(W)| <= l |W - W*|, "
    "a gradient step of size mu/l^2 multiplies |W - W*|^2 by at most 1 - mu^2/l^2; as this holds in most directions, "
    "steps taken from randomly perturbed points near a global minimum come closer to it with high probability."
)
_Z = 1.959963984540054  # 95 % of the normal distribution

Rows = list[list[float]]


def limit_variance() -> Any:
    """The variance of <X, HX> over the unit sphere, exact in d (see above)."""
    N = D * (D + 1)
    square = (D + 3) * D / 4 + (D + 2) * (D - 1) * (D / 16 + 1 / (2 * sympy.pi**2))
    return sympy.factor(2 * (square / N - sympy.Rational(1, 4)) / (N + 2))


def limit_share(d: int, mu: float) -> float:
    """Cantelli's lower bound, in the limit of radius 0, for the share of directions in which the quotient is >= mu."""
    variance, gap = float(limit_variance().subs(D, d)), 0.5 - mu
    return 1 - variance / (variance + gap * gap) if gap > 0 else 0.0


def smoothness(d: int) -> float:
    """An upper bound for the norm of the Hessian at W*: the largest sum of the norms of a row of its blocks."""
    return 1 + (d - 1) * (1 / 4 + 1 / (2 * pi))


@dataclass(frozen=True)
class Share:
    """Counts over the samples at one d.

    `holds`: quotient >= mu. `closer`, `closer_to_set`, `contracted`: after one step of size mu/l^2 the distance to W*, to
    the set of global minima, is smaller; the squared distance to W* is at most (1 - mu^2/l^2) times what it was.
    """

    d: int
    samples: int
    holds: int
    closer: int
    closer_to_set: int
    contracted: int
    mean: float
    deviation: float
    least: float

    @property
    def share(self) -> float:
        return self.holds / self.samples

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.holds, self.samples)


@dataclass(frozen=True)
class OnePointShares(Tabulated):
    """The share of directions in which one-point strong convexity holds, for several d: a seeded measurement."""

    radius: float
    mu: float
    seed: int
    shares: list[Share]
    evidence = "numeric"
    guarantee = GUARANTEE

    def to_json(self) -> dict[str, Any]:
        return {
            "minimum": "e_1/2, e_1/2, e_2, ..., e_d",
            "neurons": "d+1",
            "radius": str(self.radius),
            "mu": str(self.mu),
            "seed": self.seed,
            "guarantee": self.guarantee,
            "shares": [
                {
                    "d": s.d,
                    "samples": s.samples,
                    "holds": s.holds,
                    "share": f"{s.share:.6f}",
                    "interval": [f"{x:.6f}" for x in s.interval],
                    "mean": f"{s.mean:.6f}",
                    "deviation": f"{s.deviation:.6f}",
                    "least": f"{s.least:.6f}",
                    "limit_deviation": f"{_limit_deviation(s.d):.6f}",
                    "limit_share_at_least": f"{limit_share(s.d, self.mu):.6f}",
                    "step": f"{self.mu / smoothness(s.d) ** 2:.6f}",
                    "closer": s.closer,
                    "closer_to_set": s.closer_to_set,
                    "contracted": s.contracted,
                }
                for s in self.shares
            ],
            "evidence": self.evidence,
        }

    def to_text(self) -> str:
        headings, *rows = self._cells()
        lines = [
            f"k = d+1, W uniform at distance {self.radius} from (e_1/2, e_1/2, e_2, ..., e_d), seed {self.seed}",
            f"holds: <grad L, W - W*> >= {self.mu} |W - W*|^2, 95% interval; mean and deviation of the quotient, and the",
            "limit of the deviation for small balls; after one step of size mu/l^2: closer to W*, to the set of global",
            "minima, contracted as promised",
        ]
        return "\n".join([*lines, text_table(headings, rows), self.guarantee])

    def to_latex(self) -> str:
        return super().to_latex().replace("%", r"\%")

    def _table(self) -> tuple[list[str], list[list[str]]]:
        headings, *rows = self._cells()
        return headings, rows

    def _title(self) -> str:
        return f"One-point convexity, k = d+1: radius {self.radius}, mu = {self.mu}, seed {self.seed}"

    def _badges(self) -> list[str]:
        return [self.evidence]

    def _notes(self) -> list[str]:
        return [self.guarantee]

    def _cells(self) -> list[list[str]]:
        """The table, headings first."""
        headings = ["d", "samples", "holds", "interval", "mean", "deviation", "limit", "closer", "to set", "contracted"]
        return [headings] + [
            [
                *(str(s.d), str(s.samples), f"{s.share:.2%}", "{:.2%} .. {:.2%}".format(*s.interval)),
                *(f"{x:.4f}" for x in (s.mean, s.deviation, _limit_deviation(s.d))),
                *(str(count) for count in (s.closer, s.closer_to_set, s.contracted)),
            ]
            for s in self.shares
        ]

    def __repr__(self) -> str:
        found = ", ".join(f"d={s.d}: {s.share:.2%}" for s in self.shares)
        return f"OnePointShares(radius {self.radius}, mu {self.mu}: {found})"


def approx_one_point_shares(
    sizes: Sequence[int] = SIZES, radius: float = 0.1, mu: float = 0.25, samples: int = 300, seed: int = 1
) -> OnePointShares:
    """Count, for each d, the directions in which one-point strong convexity holds, and try its step on them.

    The numbers at one d depend on d, radius, mu, samples and seed alone. Double precision; nothing is certified.
    UsageError unless d >= 2, 1/1000 <= radius <= 1/4, mu > 0 and samples >= 1.
    """
    if not 0.001 <= radius <= 0.25:
        raise UsageError(f"radius = {radius} must be from 0.001 to 0.25, where W* is on the nearest branch of minima")
    if mu <= 0 or samples < 1 or not sizes or min(sizes) < 2:
        raise UsageError(
            f"need mu > 0, samples >= 1 and d >= 2, got mu = {mu}, samples = {samples}, d in {list(sizes)}"
        )
    return OnePointShares(radius, mu, seed, [_measure(d, radius, mu, samples, seed) for d in sizes])


def _measure(d: int, radius: float, mu: float, samples: int, seed: int) -> Share:
    generator = random.Random(f"{seed} {d}")
    center, bound = minimum(d), smoothness(d)
    quotients, closer, closer_to_set, contracted = list[float](), 0, 0, 0
    for _ in range(samples):
        shift = _direction(generator, d, radius)
        W = _moved(center, 1.0, shift)
        slope = approx_gradient(W)
        quotients.append(_inner(slope, shift) / radius**2)
        after = _moved(W, -mu / bound**2, slope)
        squared = _norm_squared(_moved(after, -1.0, center))
        closer += squared < radius**2
        contracted += squared <= (1 - (mu / bound) ** 2) * radius**2
        closer_to_set += _norm_squared(from_nearest(after)) < _norm_squared(from_nearest(W))
    mean = fsum(quotients) / samples
    deviation = sqrt(fsum((q - mean) ** 2 for q in quotients) / samples)
    holds = sum(q >= mu for q in quotients)
    return Share(d, samples, holds, closer, closer_to_set, contracted, mean, deviation, min(quotients))


def minimum(d: int) -> Rows:
    """W* = (e_1/2, e_1/2, e_2, ..., e_d)."""
    rows = [[float(i == j) for j in range(d)] for i in range(d)]
    half = [x / 2 for x in rows[0]]
    return [half, list(half), *rows[1:]]


def from_nearest(W: Rows) -> Rows:
    """W minus the nearest (lambda e_1, (1 - lambda) e_1, e_2, ..., e_d): no other global minimum is near W*."""
    share = min(max((1 + W[0][0] - W[1][0]) / 2, 0.0), 1.0)
    nearest = minimum(len(W[0]))
    nearest[0][0], nearest[1][0] = share, 1 - share
    return _moved(W, -1.0, nearest)


def approx_descent(d: int, radius: float = 0.1, steps: int = 20, seed: int = 1) -> list[tuple[float, float]]:
    """Plain gradient descent with steps 1/l from a random start: before each step, and after the last, the distance to the
    set of global minima and the one-point quotient about its nearest point. The direction does not stay random."""
    W, found = _moved(minimum(d), 1.0, _direction(random.Random(f"{seed} {d}"), d, radius)), list[tuple[float, float]]()
    for _ in range(steps + 1):
        slope, shift = approx_gradient(W), from_nearest(W)
        squared = _norm_squared(shift)
        found.append((sqrt(squared), _inner(slope, shift) / squared))
        W = _moved(W, -1 / smoothness(d), slope)
    return found


def approx_gradient(W: Rows) -> Rows:
    """grad L in floats, rows in general position: kappa_i w_i + sum_j phi_ij w_j - sum_j phi_ij e_j, over 2 pi."""
    norms = [sum(map(mul, w, w)) for w in W]
    columns = list(zip(*W, strict=True))
    students = [[0.0] * len(W) for _ in W]  # phi_ij, and kappa_i on the diagonal
    targets: Rows = []
    for i, w in enumerate(W):
        pairs = [_pair(norms[i], 1.0, c) for c in w]
        targets.append([pair.phi for pair in pairs])
        students[i][i] += pi - fsum(pair.S for pair in pairs) / norms[i]
        for j in range(i):
            pair = _pair(norms[i], norms[j], sum(map(mul, w, W[j])))
            students[i][j] = students[j][i] = pair.phi
            students[i][i] += pair.S / norms[i]
            students[j][j] += pair.S / norms[j]
    return [
        [(sum(map(mul, weights, column)) - phi) / (2 * pi) for column, phi in zip(columns, own, strict=True)]
        for weights, own in zip(students, targets, strict=True)
    ]


def _pair(A: float, B: float, c: float) -> Pair:
    return Pair(_FLOATS, A, B, c, A * B - c * c)


_FLOATS = Floats()


def _direction(generator: random.Random, d: int, radius: float) -> Rows:
    """Uniform on the sphere of this radius in M(d+1, d)."""
    rows = [[generator.gauss(0.0, 1.0) for _ in range(d)] for _ in range(d + 1)]
    scale = radius / sqrt(_norm_squared(rows))
    return [[scale * x for x in row] for row in rows]


def _moved(W: Rows, factor: float, X: Rows) -> Rows:
    return [[w + factor * x for w, x in zip(row, other, strict=True)] for row, other in zip(W, X, strict=True)]


def _inner(X: Rows, Y: Rows) -> float:
    return fsum(sum(map(mul, x, y)) for x, y in zip(X, Y, strict=True))


def _norm_squared(X: Rows) -> float:
    return _inner(X, X)


def _limit_deviation(d: int) -> float:
    return sqrt(float(limit_variance().subs(D, d)))


def wilson(count: int, samples: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a binomial proportion.

    >>> [round(x, 4) for x in wilson(300, 300)]
    [0.9874, 1.0]
    """
    share, weight = count / samples, _Z * _Z / samples
    center = (share + weight / 2) / (1 + weight)
    half = _Z * sqrt(share * (1 - share) / samples + weight / (4 * samples)) / (1 + weight)
    return center - half if count else 0.0, center + half if count < samples else 1.0
