"""The nouns for users: `family(...)` and what one can ask of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import isqrt
from pathlib import Path
from typing import Any

from flint import arb

from symrelu.analysis.branch import Branch
from symrelu.analysis.dense_check import CHECKED_DIGITS, DenseCheck, dense_check
from symrelu.analysis.derive import SeriesDerivation, derive
from symrelu.analysis.evaluation import Evaluation, Spectrum
from symrelu.analysis.expansion import Expansion, expand
from symrelu.analysis.expansion_check import check_expansion, digits_of_check
from symrelu.analysis.extra_inputs import require_inputs
from symrelu.analysis.interlacing import Interlacing, interlacing
from symrelu.analysis.leading_sources import leading_source
from symrelu.analysis.limit_result import LimitSpectrum, limit_spectrum
from symrelu.analysis.perturbation import Persistence, persistence
from symrelu.analysis.point import enclose_point
from symrelu.analysis.spectrum_series import SpectrumSeries, expand_spectrum
from symrelu.analysis.splitting import SplitPoint, check_split, split_point
from symrelu.analysis.splitting_range import split_range
from symrelu.analysis.splitting_result import Splitting
from symrelu.analysis.splitting_series import SplitSeries, expand_splitting
from symrelu.analysis.symbolic import SymbolicSpectrum, symbolic_spectrum
from symrelu.analysis.threshold import cover_interval
from symrelu.analysis.threshold_result import Thresholds
from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.precision import working
from symrelu.arithmetic.reals import exact_midpoint, exact_real, to_fmpq
from symrelu.family.block_matrix import block_matrix_note, latex_block_matrix
from symrelu.family.catalogue import definition, member
from symrelu.family.definition import Definition, Start
from symrelu.model.activations import activation_named
from symrelu.proof.certificate import build_certificate
from symrelu.proof.files import write_files
from symrelu.proof.result import Proof
from symrelu.proof.theorem import prove_theorem
from symrelu.render.html import html_card, html_equation, html_note
from symrelu.render.latex import latex_isotropy
from symrelu.render.shown import Shown

Real = int | str | Fraction

# Where a branch given by its leading terms is first turned into numbers: far out, where a short series is good.
_START_D = 10**4
_START_ORDER = 6
_CAUTIONS = 3  # certificates that are tried, of ever shorter segments


class Family(Shown):
    """A family of critical points: the object to ask for series, spectra, thresholds and points.

    What has been derived is kept, so that asking again, or for less, costs nothing.
    """

    def __init__(self, definition: Definition):
        self.definition = definition
        has_numbers = definition.start is not None or definition.exact_point is not None
        self._branch = Branch(definition) if has_numbers else None
        self._derivation: SeriesDerivation | None = None

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def isotropy(self) -> str:
        return self.definition.shape.isotropy

    def expand(
        self, order: int, check: bool = False, progress: Callable[[int], None] | None = None, digits: int = 20
    ) -> Expansion:
        """Series of every entry and of the loss: all terms s^j with j < order, s = d^(-1/2) unless the result says so.

        Coefficients are exact, or, where the leading ones have no closed form, balls of at least `digits` digits.
        ArithmeticError when the series cannot be derived. With `check`, see SeriesCheck.
        """
        _require(order >= 0, f"the order {order} is negative; give a number of terms N >= 0")
        derivation = self._series()
        derivation.require_digits(max(digits, digits_of_check(order)) if check else digits)
        if progress is not None and order > 0:
            derivation.terms(order, progress)
        expansion = expand(derivation, order, digits)
        if not check:
            return expansion
        return check_expansion(expansion, derivation, None if self.definition.symbolic_p else self._numbers())

    def finished_expansion(self) -> Expansion | None:
        """What an interrupted `expand` had finished, or None."""
        order = 0 if self._derivation is None else self._derivation.finished
        return None if order == 0 or self._derivation is None else expand(self._derivation, order)

    def at(self, d: Real, digits: int = 20, check: bool = False) -> Evaluation:
        """The certified critical point at a real d. UsageError, BranchEnds or Undecided when there is none to give."""
        return Evaluation(self._point(d, digits), self._dense_check(d, digits) if check else None)

    def spectrum(
        self,
        d: Real | None = None,
        order: int | None = None,
        digits: int = 20,
        check: bool = False,
        inputs: int = 0,
    ) -> Spectrum | SpectrumSeries | SymbolicSpectrum:
        """The Hessian by isotypic component: at a real d, as exact series below s^order, or in closed form (neither).

        `inputs`: that of the network with so many more inputs than d, on which all weights are zero.
        """
        require_inputs(inputs)
        if d is not None:
            compared = self._dense_check(d, digits, inputs) if check else None
            return Spectrum(self._point(d, digits, inputs), compared)
        if order is not None:
            _require(order >= -1, f"the order {order} is below -1; eigenvalues start at s^-2")
            return expand_spectrum(self._series(), order, inputs)
        return symbolic_spectrum(self.definition, inputs) if inputs else self._symbolic

    def limit(self) -> LimitSpectrum:
        """The limits of all eigenvalues of the Hessian as d grows, certified; ArithmeticError where they are not."""
        _require(not self.definition.symbolic_p, f"{self.name} has a symbol p; name a member like {self.name}2")
        return limit_spectrum(self._series())

    def threshold(
        self,
        digits: int = 20,
        d_from: Real | None = None,
        d_to: Real = 100,
        progress: Callable[[Fraction], None] | None = None,
    ) -> Thresholds:
        """Every real d of an interval at which the index changes, certified to `digits` digits.

        The interval starts, unless told otherwise, at the first d at which the varying blocks have four rows.
        """
        _require(1 <= digits <= 5000, f"{digits} digits cannot be given; ask for 1 to 5000")
        low = self.definition.d_with_rows(4) if d_from is None else exact_real(d_from, "--from")
        high = exact_real(d_to, "--to")
        return Thresholds(cover_interval(self._numbers(), low, high, digits, progress))

    def prove(
        self,
        d_from: Real | None = None,
        order: int = 4,
        progress: Callable[[Fraction], None] | None = None,
    ) -> Proof:
        """The theorem about the family for all real d >= d_from up to infinity, by default from the last crossing on.

        Existence, local uniqueness, the sign of every isotypic block, and constants C_N of the series for N up to
        `order`. Where the model at infinity fails it ends at d = 10^4, and `reason` says why.
        """
        _require(0 <= order <= 12, f"constants are proved for orders 0 to 12, not {order}")
        self.definition.require_relu("a theorem for all d")
        branch, derivation, missing = self._numbers(), None, None
        try:
            derivation = self._series()
        except ArithmeticError as error:
            missing = str(error)
        low = None if d_from is None else exact_real(d_from, "--from")
        return Proof(prove_theorem(branch, derivation, low, order, missing, progress))

    def write_proof(self, proof: Proof, out: Path, command: str) -> Proof:
        """Write a theorem of this family with its certificate into a folder; `command` is what makes it again.

        The certificate is kept only if the independent checker accepts it; the result says why there is none.
        """
        self.definition.require_relu("a certificate")
        theorem = proof.theorem
        derivation = None if theorem.near is None else self._series()
        certificates = (
            build_certificate(
                self._numbers(),
                derivation,
                theorem.certificate_from,
                theorem.high,
                theorem.crossings,
                theorem.certified_order,
                caution,
            )
            for caution in range(_CAUTIONS)
        )
        files, refusal = write_files(proof, certificates, out, command)
        return replace(proof, files=files, uncertified=refusal)

    def split(
        self,
        d: Real | None = None,
        order: int | None = None,
        digits: int = 20,
        check: bool = False,
        progress: Callable[[Fraction], None] | None = None,
    ) -> SplitPoint | SplitSeries | Splitting:
        """What splitting each neuron does: at a real d, as exact series below s^order, or for which d up to 100 (neither)."""
        self.definition.require_homogeneous("splitting a neuron")
        if check:
            self.definition.require_relu("the dense check of a splitting")
        if d is not None:
            result = split_point(self._point(d, digits))
            if not check:
                return result
            return replace(result, check=check_split(split_point(self._point(d, max(digits, CHECKED_DIGITS)))))
        if order is not None:
            _require(order >= 0, f"the order {order} is negative; give a number of terms N >= 0")
            return expand_splitting(self._series(), order)
        low = self.definition.d_with_rows(4)
        return Splitting(split_range(self._numbers(), low, Fraction(100), progress))

    def interlacing(self, d: Real, digits: int = 20) -> Interlacing:
        """Which named entries force a descent direction at d, by Cauchy's interlacing theorem."""
        self.definition.require_relu("the question of interlacing")
        return interlacing(self._numbers(), exact_real(d, "d ="), digits)

    def persistence(self, d: Real) -> Persistence:
        """A radius within which every target has the critical point, with the same index; d an integer."""
        self.definition.require_relu("a bound for other targets")
        return persistence(self._numbers(), exact_real(d, "d ="))

    def _point(self, d: Real, digits: int, inputs: int = 0) -> Any:
        _require(1 <= digits <= 5000, f"{digits} digits cannot be given; ask for 1 to 5000")
        return enclose_point(self._numbers(), exact_real(d, "d ="), digits, inputs)

    def _dense_check(self, d: Real, digits: int, inputs: int = 0) -> DenseCheck:
        """Against a point of at least as many digits as the dense network is compared to."""
        return dense_check(self._point(d, max(digits, CHECKED_DIGITS), inputs))

    def _numbers(self) -> Branch:
        """The branch to follow in numbers; it starts, where only leading terms are given, from the series derived."""
        definition = self.definition
        if definition.symbolic_p:
            raise UsageError(f"family {self.name} has a symbol p; name a member like {self.name}2 for numbers")
        if self._branch is None:
            terms = self._series().terms(_START_ORDER)
            s = Fraction(1, isqrt(_START_D))
            with working(64):
                values = {
                    name: exact_midpoint(sum((c.ball() * to_fmpq(s**j) for j, c in series.items()), arb(0)))
                    for name, series in terms.items()
                }
            self._branch = Branch(replace(definition, start=Start(Fraction(_START_D), values)))
        return self._branch

    def _series(self) -> SeriesDerivation:
        self.definition.require_homogeneous("an exact series")
        if self._derivation is None:
            self._derivation = derive(self.definition, leading_source(self.definition, self._branch, member))
        return self._derivation

    @cached_property
    def _symbolic(self) -> SymbolicSpectrum:
        return symbolic_spectrum(self.definition)

    def to_text(self) -> str:
        return f"{self!r}\n  {', '.join(self.definition.shape.names)}"

    def to_latex(self) -> str:
        """The weight matrix in block form, as an align* environment."""
        return rf"\begin{{align*}}W &= {latex_block_matrix(self.definition.shape)}\end{{align*}}"

    def to_html(self) -> str:
        """The block matrix of the weights, with isotropy, neurons and status."""
        shape, status = self.definition.shape, self.definition.status
        title = f"{self.name}: {latex_isotropy(shape.isotropy)}, $k = {shape.neurons}$ neurons"
        matrix = html_equation(f"W = {latex_block_matrix(shape)}")
        notes = [block_matrix_note(shape), *([status] if status else [])]
        return html_card(title, [], matrix, *map(html_note, notes))

    def __repr__(self) -> str:
        return f"Family({self.name}: {self.isotropy}, {self.definition.shape.neurons} neurons)"


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(message)


def family(source: Any, activation: str | None = None) -> Family:
    """The family of a name (global, A, I, II, M2, ..., M), of a path to a JSON file, or of a dict.

    `activation` is relu, erf or leaky:SLOPE, if it is not to be that of the family itself: the branch is continued to it.

    >>> family("II")
    Family(II: Delta(S_{d-1} x S_1), d neurons)
    >>> family("II", activation="leaky:1/10")
    Family(II with leaky:1/10: Delta(S_{d-1} x S_1), d neurons)
    """
    found = definition(source)
    return Family(found if activation is None else found.with_activation(activation_named(activation)))
