"""Negative curvature arbitrarily near the global minima of an over-parameterised network, exactly.

Teacher V = I_d, k = d + m. Let m + 1 rows w_i = lambda_i (e_1 + t e_2) share the first target, turned together by
t = tan(alpha) > 0, beside the rows e_2, ..., e_d (moved_rows.py). All rows but these cancel with their targets in the own
blocks of w_1 and w_2, parallel rows have the blocks I/2, and with X = (v, -v) on w_1 and w_2

    HX = (kappa v / lambda_1, -kappa v / lambda_2),

    kappa = -t/(pi (1 + t^2)) for v = e_2 - t e_1,      half of that for v = e_3, ..., e_d,      0 for v = w_1.

So <X, HX>/|X|^2 = kappa (1/lambda_1 + 1/lambda_2)/2 < 0 however small t is, at distance at most t (sum lambda_i^2)^(1/2) from
a global minimum. Any of them is a limit of ones in which two rows share a target, so L is convex on no neighbourhood of
any global minimum, for any k > d >= 2. (L is C^2 off zero rows, so there are points without parallel rows as well.)

With equal parts, X is an eigenvector: the eigenvalue (m+1) kappa occurs m times, half of it m (d-2) times, at distance
exactly eps = t/sqrt(m+1) from the set of global minima for eps <= 1/(m+1).

Source of the claim: Safran, Yehudai & Shamir 2021 (2006.01005); construction and constants are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from flint import arb, fmpq

from symrelu.analysis.moved_rows import (
    D,
    RationalBalls,
    T,
    TurnedPlane,
    bits_for,
    moved_rows,
    read_point,
    require_extra,
    turned_together,
)
from symrelu.arithmetic.outcome import Undecided
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import to_fmpq
from symrelu.family.gram import GramTable
from symrelu.family.isotypic import isotypic_action
from symrelu.render.latex import latex_formula
from symrelu.render.shown import Tabulated
from symrelu.render.text import table as text_table
from symrelu.symmetry.types import IsotypicType, Kind

EPS = sympy.Symbol("eps", positive=True)
_TRIVIAL, _STANDARD = IsotypicType(Kind.TRIVIAL), IsotypicType(Kind.STANDARD, 2)  # block 2: columns 3, ..., d
_HEADINGS = ["", "exact, every d >= 2"]


@dataclass(frozen=True)
class NegativeCurvature(Tabulated):
    """The two values of kappa, v in the plane and v orthogonal to it, for `extra` = m extra neurons; exact in t and d."""

    extra: int
    kappa: Any
    kappa_across: Any
    evidence = "exact"

    @property
    def eigenvalue(self) -> Any:
        """With equal parts, m times; `kappa_across` gives another, m (d-2) times."""
        return (self.extra + 1) * self.kappa

    @property
    def distance(self) -> Any:
        """From W to the set of global minima, with equal parts and t <= 1/sqrt(m+1)."""
        return T / sympy.sqrt(self.extra + 1)

    @property
    def eigenvalue_at_distance(self) -> Any:
        """The eigenvalue as a function of the distance eps, 0 < eps <= 1/(m+1)."""
        return sympy.simplify(self.eigenvalue.subs(T, EPS * sympy.sqrt(self.extra + 1)))

    @property
    def leading(self) -> Any:
        """The coefficient of eps in it."""
        return sympy.limit(self.eigenvalue_at_distance / EPS, EPS, 0)

    def at(self, d: int | str | Fraction, t: int | str | Fraction, digits: int = 20) -> arb:
        """A ball with <X, HX>/|X|^2, equal parts, v in the plane, from the kernel: the least eigenvalue is no larger.

        UsageError unless d >= 2 and 0 < t^2 <= 1/(m+1).
        """
        size, tangent = read_point(d, t, Fraction(1, self.extra + 1))
        with working(bits_for(digits, size, tangent)):
            rows = turned_together([fmpq(1, self.extra + 1)] * (self.extra + 1), to_fmpq(tangent))
            v = _in_plane(to_fmpq(tangent))
            image = _antisymmetric_image(moved_rows(RationalBalls(), to_fmpq(size), rows), _TRIVIAL, v)
            inner = sum((x * (image[name.format(1)] - image[name.format(2)]) for name, x in v.items()), arb(0))
            return inner / (2 * sum(x * x for x in v.values())) / (2 * arb.pi())

    def to_json(self) -> dict[str, Any]:
        return {
            "neurons": f"d+{self.extra}",
            "distance": str(self.distance),
            "eigenvalue": str(self.eigenvalue),
            "multiplicity": self.extra,
            "eigenvalue_across": str((self.extra + 1) * self.kappa_across),
            "multiplicity_across": str(sympy.expand(self.extra * (D - 2))),
            "eigenvalue_at_distance": str(self.eigenvalue_at_distance),
            "leading": str(self.leading),
            "eps_to": f"1/{self.extra + 1}",
            "evidence": self.evidence,
        }

    def to_text(self) -> str:
        return text_table(_HEADINGS, self._rows(str))

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return ["", "exact, every $d \\ge 2$"], self._rows(latex_formula)

    def _title(self) -> str:
        return f"Negative curvature near the global minima, k = d+{self.extra}"

    def _badges(self) -> list[str]:
        return ["exact"]

    def _rows(self, show: Any) -> list[list[str]]:
        across = sympy.expand(self.extra * (D - 2))
        return [
            ["distance to the global minima", show(self.distance)],
            [f"eigenvalue, multiplicity {self.extra}", show(self.eigenvalue)],
            [f"eigenvalue, multiplicity {across}", show((self.extra + 1) * self.kappa_across)],
            [f"the first at distance eps <= 1/{self.extra + 1}", show(self.eigenvalue_at_distance)],
            ["its leading term", show(self.leading * EPS)],
        ]

    def __repr__(self) -> str:
        return f"NegativeCurvature(k = d+{self.extra}, distance eps: {self.eigenvalue_at_distance})"


def derive_negative_curvature(extra: int = 1) -> NegativeCurvature:
    """Derive HX from the kernel with symbols for d, t and every lambda_i.

    Undecided if HX has not the form above, identically, which would be an error of a formula.
    """
    require_extra(extra)
    parts = sympy.symbols(f"lambda1:{extra + 2}", positive=True)
    network = moved_rows(TurnedPlane(), D, turned_together(list(parts), T))
    kappa = -T / (sympy.pi * (1 + T**2))
    across = ((_TRIVIAL, {"w{}3": 1}), (_STANDARD, {"tensor{}": 1}))  # v = e_3 + ... + e_d, and those with zero sum
    for kind, v, value in ((_TRIVIAL, _in_plane(T), kappa), *((kind, v, kappa / 2) for kind, v in across)):
        image = _antisymmetric_image(network, kind, v)
        for row, sign in ((1, 1), (2, -1)):
            for name, x in v.items():
                image[name.format(row)] -= sign * 2 * sympy.pi * value * x / parts[row - 1]
        rest = [label for label, value in image.items() if sympy.simplify(value) != 0]
        if rest:
            raise Undecided(f"HX is not (kappa v / lambda_1, -kappa v / lambda_2) in {', '.join(rest)}")
    return NegativeCurvature(extra, kappa, kappa / 2)


def _in_plane(t: Any) -> dict[str, Any]:
    """v = e_2 - t e_1, orthogonal to the moved rows, by the names of its entries ({} for the row)."""
    return {"w{}2": 1, "w{}1": -t}


def _antisymmetric_image(network: GramTable, kind: IsotypicType, v: dict[str, Any]) -> dict[str, Any]:
    """2 pi H X on the basis of a type, X = (v, -v) on the first two rows."""
    action, basis = isotypic_action(network, kind)
    names = [vector.name for vector in basis]
    X = [(names.index(name.format(row)), sign * x) for row, sign in ((1, 1), (2, -1)) for name, x in v.items()]
    return {label: sum((line[j] * x for j, x in X), 0) for label, line in zip(names, action, strict=True)}
