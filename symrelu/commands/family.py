"""Commands about one family: families, expand, spectrum, threshold, evaluate."""

from __future__ import annotations

import sys
from typing import Any

import click

from symrelu.commands.completion import FAMILY
from symrelu.commands.output import decimal_digits, output, show
from symrelu.commands.progress import Progress


@click.command()
@click.option("--search", metavar="F+M", help="Search the shape of F with M more neurons for branches at d = 20.")
@click.option("--starts", type=click.IntRange(1, 10**6), default=400, show_default=True, help="Starts of the search.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the search.")
@output(latex=False)
def families(search: str | None, starts: int, seed: int, form: str | None) -> None:
    """The catalogue: isotropy, neurons, parameters, branches, status; or a search for branches, which can be repeated.

    Example: symrelu families --search II+1
    """
    from symrelu.family.listing import Listing

    if search is None:
        show(Listing(), form)
        return
    from symrelu.analysis.branch_record import search_named

    with Progress("start", starts) as progress:
        result = search_named(search, starts, seed, progress)
    show(result, form)


_activation = click.option(
    "--activation", metavar="NAME", help="relu, erf or leaky:SLOPE, like leaky:1/10; default: that of the family."
)


@click.command()
@click.argument("family", type=FAMILY)
@_activation
@click.option("--order", type=int, default=6, show_default=True, help="All terms s^j with j < N, error O(s^N).")
@click.option("--check", is_flag=True, help="Substitute back exactly, and compare with numbers at d = 10^8.")
@decimal_digits(20)
@output()
def expand(family: str, activation: str | None, order: int, check: bool, digits: int, form: str | None) -> None:
    """Power series in s = d^(-1/2) of every parameter and of the loss, exact, or in balls of so many digits.

    Example: symrelu expand II --order 6 --check
    """
    from symrelu.toolkit import family as find

    subject = find(family, activation)
    try:
        with Progress("order", order) as progress:
            result = subject.expand(order, check, progress, digits)
    except KeyboardInterrupt as stop:
        partial = subject.finished_expansion()
        if partial is not None:
            show(partial, form)
            stop.add_note(f"the series is complete below s^{partial.order}")
        raise
    show(result, form)
    if result.check is not None and not result.check.passed:
        sys.exit(1)


@click.command()
@click.argument("family", type=FAMILY)
@_activation
@click.option("--order", type=int, default=None, help="Exact eigenvalue series: all terms s^j with j < N.")
@click.option("--d", "d", default=None, metavar="D", help="At a real d: an integer, a decimal, a fraction or 1e6.")
@click.option("--limit", is_flag=True, help="The limits of all eigenvalues as d grows, certified.")
@click.option("--symbolic", is_flag=True, help="Every block as a pencil of closed expressions in the Gram data.")
@click.option("--inputs", type=int, default=0, metavar="N", help="N more inputs than d, on which all weights are zero.")
@click.option("--check", is_flag=True, help="With --d: compare with the dense network in mpmath.")
@decimal_digits(20)
@output()
def spectrum(
    family: str,
    activation: str | None,
    order: int | None,
    d: str | None,
    limit: bool,
    symbolic: bool,
    inputs: int,
    check: bool,
    digits: int,
    form: str | None,
) -> None:
    """The Hessian by isotypic component: decomposition, eigenvalues at a real d, exact series, limits, or
    closed form.

    Example: symrelu spectrum II --d 20 --check
    """
    from symrelu.arithmetic.outcome import UsageError
    from symrelu.toolkit import family as find

    if (order is not None) + (d is not None) + limit + symbolic > 1:
        raise UsageError("--order, --d, --limit and --symbolic exclude each other; give one of them or none")
    if limit and inputs:
        raise UsageError("--limit does not know extra inputs; give --order N or --d D with --inputs")
    if check and d is None:
        raise UsageError("--check compares numbers with the dense network; give it together with --d D")
    if limit:
        show(find(family, activation).limit(), form)
        return
    result: Any = find(family, activation).spectrum(d, order, digits, check, inputs)
    if d is None and order is None and not symbolic:
        result = result.decomposition()
    show(result, form)
    if check and not result.check.passed:
        sys.exit(1)


@click.command()
@click.argument("family", type=FAMILY)
@_activation
@decimal_digits(20)
@click.option("--from", "d_from", default=None, metavar="D", help="Start; default: varying blocks of size four.")
@click.option("--to", "d_to", default="100", show_default=True, metavar="D", help="End.")
@output()
def threshold(
    family: str, activation: str | None, digits: int, d_from: str | None, d_to: str, form: str | None
) -> None:
    """Every fractional dimension at which the index changes, certified; from which integer on it is a minimum.

    Example: symrelu threshold II --digits 50
    """
    from symrelu.analysis.threshold import Interrupted
    from symrelu.analysis.threshold_result import Thresholds
    from symrelu.toolkit import family as find

    try:
        with Progress.along_d(_number(d_to)) as progress:
            result = find(family, activation).threshold(digits, d_from, d_to, progress)
    except Interrupted as interruption:
        show(Thresholds(interruption.coverage), form)
        interruption.add_note("what is shown was finished before")
        raise
    show(result, form)
    if not result.decided:
        sys.exit(1)


def _number(text: str) -> float:
    from symrelu.arithmetic.reals import exact_real

    return float(exact_real(text, "--to"))


@click.command()
@click.argument("family", type=FAMILY)
@_activation
@click.option("--d", "d", required=True, metavar="D", help="An integer, a decimal, a fraction or 1e6, read exactly.")
@decimal_digits(20)
@click.option("--check", is_flag=True, help="Compare with the dense network in mpmath (integer d).")
@output()
def evaluate(family: str, activation: str | None, d: str, digits: int, check: bool, form: str | None) -> None:
    """The critical point at a real d, proved to exist and to be unique in the balls shown.

    Example: symrelu evaluate II --d 5.59 --digits 30
    """
    from symrelu.toolkit import family as find

    result = find(family, activation).at(d, digits, check)
    show(result, form)
    if result.check is not None and not result.check.passed:
        sys.exit(1)


COMMANDS = (families, expand, spectrum, threshold, evaluate)
