"""A weight matrix classified: polished to a critical point, its isotropy group, its family and its index.

The classification is numerical; where a family is found its critical point at this d is then certified on its own.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.analysis.branch import Branch
from symrelu.analysis.point import CriticalPoint, enclose_point
from symrelu.arithmetic.outcome import UsageError
from symrelu.search.classification_result import Classification
from symrelu.search.landscape import Landscape, OrthonormalRelu
from symrelu.search.naming import Member, catalogue_member, dense, user_family
from symrelu.search.polish import least_eigenvalue, polish
from symrelu.symmetry.isotropy import Ambiguous, isotropy

_TINY_ROW = 1e-3  # relative to the largest row
_PARALLEL = 1e-5  # sine of the angle between rows
_NEARLY_PARALLEL = 1e-2
_NEAR_TARGET = 5e-3  # distance from a permutation matrix at which W is that matrix with noise
_GLOBAL_LOSS = 1e-9
_LARGE = 1500  # unknowns from which Newton's method starts on the fixed-point space
_MOVED = 0.02  # how far an entry may move when W is polished
_POLISHED = 1e-8  # entries of a polished point are better known than this, next to soft directions too
_DIGITS = 20


def classify(W: Any, landscape: Landscape | None = None) -> Classification:
    """The isotropy group and the family of the critical point next to W (k, d), neurons as rows.

    UsageError, one line, for input that makes no sense or is too far from a critical point.
    """
    W = require_weights(W)
    live = np.nonzero(np.abs(W).max(axis=0) > _TINY_ROW * np.abs(W).max())[0]
    inputs, W = W.shape[1], W[:, live]
    k, d = W.shape
    if k < d:
        raise UsageError(
            f"{k} neurons for {d} inputs: a row is a neuron, and there are at least as many as inputs with a target; "
            "use --transpose if neurons are columns"
        )
    base = landscape or OrthonormalRelu(d)
    target = _permutation_near(W)
    weights, residual = (target, 0.0) if target is not None else _critical_point(base, W)
    group = isotropy(weights, _POLISHED)
    member = catalogue_member(weights, group)
    known = member is not None
    member = member or user_family(weights, group)
    point, reason = _certified(member, d)
    return Classification(
        weights=weights,
        isotropy=group,
        member=member,
        in_catalogue=known,
        residual=residual,
        moved=float(np.abs(weights - W).max()),
        loss=float(base.loss(weights[None])[0]),
        least_eigenvalue=least_eigenvalue(base, weights),
        inputs=inputs,
        used=tuple(int(j) for j in live),
        point=point,
        uncertified=reason,
    )


def require_weights(data: Any) -> np.ndarray:
    """A float matrix of finite entries without zero or parallel rows; UsageError says which row is not as it should be."""
    try:
        W = np.array(data, float)
    except (ValueError, TypeError):
        raise UsageError(
            "the weights are no matrix of real numbers; give one row of d numbers for each neuron"
        ) from None
    if W.ndim != 2 or W.size == 0:
        raise UsageError(f"an array of shape {W.shape} is no weight matrix; give one of shape (neurons, inputs)")
    if not np.isfinite(W).all():
        i, j = np.argwhere(~np.isfinite(W))[0]
        raise UsageError(f"row {i + 1}, column {j + 1} is {W[i, j]}; give finite numbers")
    norms = np.linalg.norm(W, axis=1)
    if norms.min() <= _TINY_ROW * norms.max():
        raise UsageError(
            f"row {int(norms.argmin()) + 1} is zero (norm {norms.min():.2g}): the loss is not differentiable there; "
            "remove that neuron"
        )
    i, j, sine = _closest_rows(W)
    if sine < _PARALLEL:
        raise UsageError(
            f"rows {i + 1} and {j + 1} are parallel: one neuron in two copies; add them up to one row, and see `symrelu split`"
        )
    return W


def _closest_rows(W: np.ndarray) -> tuple[int, int, float]:
    """The two rows with the smallest angle, and its sine (1 for a single row)."""
    unit = W / np.linalg.norm(W, axis=1)[:, None]
    cosine = unit @ unit.T
    np.fill_diagonal(cosine, -1.0)
    i, j = np.unravel_index(int(cosine.argmax()), cosine.shape)
    if cosine[i, j] <= 0:
        return int(i), int(j), 1.0
    # The length of what is orthogonal does not cancel.
    return int(min(i, j)), int(max(i, j)), float(np.linalg.norm(unit[i] - cosine[i, j] * unit[j]))


def _permutation_near(W: np.ndarray) -> np.ndarray | None:
    """The permutation matrix next to W, where the loss is zero and the Hessian is not smooth; None if W is none."""
    if W.shape[0] != W.shape[1]:
        return None
    rounded = np.round(W)
    is_permutation = (
        (rounded.sum(axis=0) == 1).all() and (np.abs(rounded).sum(axis=1) == 1).all() and rounded.min() >= 0
    )
    return rounded if is_permutation and np.abs(W - rounded).max() < _NEAR_TARGET else None


def _critical_point(landscape: Landscape, W: np.ndarray) -> tuple[np.ndarray, float]:
    """(critical point, residual) next to W; UsageError when there is none nearby, or none that is isolated."""
    tries = (_on_fixed_points, _directly) if W.size > _LARGE else (_directly, _on_fixed_points)
    reasons = list[str]()
    for attempt in tries:
        try:
            found, residual = attempt(landscape, W)
        except (ArithmeticError, Ambiguous) as error:
            reasons.append(str(error))
            continue
        if landscape.loss(found[None])[0] < _GLOBAL_LOSS:
            raise UsageError(
                "the loss is zero: with more neurons than targets the global minima are not isolated points"
            )
        if np.abs(found - W).max() <= _MOVED * max(1.0, float(np.abs(W).max())):
            return found, residual
        reasons.append(f"the critical point found is {np.abs(found - W).max():.2g} away in an entry")
    i, j, sine = _closest_rows(W)
    hint = f"; rows {i + 1} and {j + 1} are nearly parallel (sine {sine:.1g})" if sine < _NEARLY_PARALLEL else ""
    if landscape.loss(W[None])[0] < 1e-5:
        hint += "; the loss is almost zero, as near global minima, which are not isolated"
    raise UsageError(f"no critical point next to the matrix: {reasons[0]}{hint}; train on, or give more digits")


def _directly(landscape: Landscape, W: np.ndarray) -> tuple[np.ndarray, float]:
    polished = polish(landscape, W)
    return polished.weights, polished.residual


def _on_fixed_points(landscape: Landscape, W: np.ndarray) -> tuple[np.ndarray, float]:
    """W averaged over the isotropy group that its clusters show, and Newton's method on the few numbers that are left.

    A critical point on the fixed-point space is one of the loss (symmetric criticality).
    """
    group = isotropy(W)
    member = user_family(W, group)
    if member is None:
        raise ArithmeticError("the matrix has no two columns that can be exchanged")
    point = Branch(member.definition).approx(Fraction(W.shape[1]), 64)
    values = {name: float(x.mid()) for name, x in zip(member.definition.shape.names, point, strict=True)}
    found = np.empty_like(W)
    found[np.ix_(member.rows, member.columns)] = dense(member.definition.shape, list(group.blocks), values)
    residual = float(np.abs(landscape.gradient(found[None])).max())
    if not residual < 1e-8:
        raise ArithmeticError(f"the point on the fixed-point space has a gradient of {residual:.2g}")
    return found, residual


def _certified(member: Member | None, d: int) -> tuple[CriticalPoint | None, str]:
    """The family's critical point at d in balls, with its spectrum; or the reason why there is none."""
    if member is None:
        return None, "no two columns can be exchanged: there is no family in d"
    try:
        point = enclose_point(Branch(member.definition), Fraction(d), _DIGITS)
        point.negative  # noqa: B018  decides the signs, which may be undecidable
    except (ArithmeticError, UsageError) as error:
        return None, str(error)
    return point, ""
