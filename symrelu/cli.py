"""The command line: parses, calls, prints - no mathematics.

Heavy imports happen inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(package_name="symrelu", message="symrelu %(version)s")
def cli() -> None:
    """The symmetry theory of two-layer ReLU networks as exact, checkable mathematics.

    Families: global, A, I, II, M2, M3, ... (M keeps p a symbol), or a path to a JSON file. Every command takes --json.
    Exit status: 0 done; 1 a rigorous question came out false or undecided; 2 wrong use; 130 interrupted.
    """


def _output(latex: bool = True) -> Callable[[Any], Any]:
    """The options --json and --latex."""

    def decorate(command: Any) -> Any:
        if latex:
            command = click.option("--latex", "form", flag_value="latex", help="LaTeX to paste into a paper.")(command)
        return click.option("--json", "form", flag_value="json", help="JSON for scripts.")(command)

    return decorate


def _show(result: Any, form: str | None) -> None:
    if form == "json":
        click.echo(json.dumps(result.to_json(), indent=2))
    else:
        click.echo(result.to_latex() if form == "latex" else result.to_text())


class _Progress:
    """One line on the terminal that says how far long work has come; silent elsewhere."""

    def __init__(self, what: str, total: Any):
        self._what, self._total, self._shown = what, total, False

    def __call__(self, done: Any) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{self._what} {float(done):.4g} of {float(self._total):.4g}  ", nl=False, err=True)
            self._shown = True

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)


def _decimal_digits(default: int) -> Any:
    return click.option("--digits", type=int, default=default, show_default=True, help="Decimal digits.")


@cli.command()
@_output(latex=False)
def families(form: str | None) -> None:
    """The catalogue: isotropy, neurons, parameters, status.

    Example: symrelu families
    """
    from symrelu.family.listing import Listing

    _show(Listing(), form)


@cli.command()
@click.argument("family")
@click.option("--order", type=int, default=6, show_default=True, help="All terms s^j with j < N, error O(s^N).")
@click.option("--check", is_flag=True, help="Substitute back exactly, and compare with numbers at d = 10^8.")
@_output()
def expand(family: str, order: int, check: bool, form: str | None) -> None:
    """Exact power series in s = d^(-1/2) of every parameter and of the loss.

    Example: symrelu expand II --order 6 --check
    """
    from symrelu.toolkit import family as find

    subject = find(family)
    try:
        with _Progress("order", order) as progress:
            result = subject.expand(order, check, progress)
    except KeyboardInterrupt:
        partial = subject.finished_expansion()
        if partial is not None:
            _show(partial, form)
            click.echo(f"symrelu: interrupted; the series is complete below s^{partial.order}", err=True)
        raise
    _show(result, form)
    if result.check is not None and not result.check.passed:
        sys.exit(1)


@cli.command()
@click.argument("family")
@click.option("--order", type=int, default=None, help="Exact eigenvalue series: all terms s^j with j < N.")
@click.option("--d", "d", default=None, metavar="D", help="At a real d: an integer, a decimal, a fraction or 1e6.")
@click.option("--symbolic", is_flag=True, help="Every block as a pencil of closed expressions in the Gram data.")
@click.option("--inputs", type=int, default=0, metavar="N", help="N more inputs than d, on which all weights are zero.")
@click.option("--check", is_flag=True, help="With --d: compare with the dense network in mpmath.")
@_decimal_digits(20)
@_output()
def spectrum(
    family: str,
    order: int | None,
    d: str | None,
    symbolic: bool,
    inputs: int,
    check: bool,
    digits: int,
    form: str | None,
) -> None:
    """The Hessian by isotypic component: decomposition, eigenvalues at a real d, exact series, or closed form.

    Example: symrelu spectrum II --d 20 --check
    """
    from symrelu.arithmetic.outcome import UsageError
    from symrelu.toolkit import family as find

    if (order is not None) + (d is not None) + symbolic > 1:
        raise UsageError("--order, --d and --symbolic exclude each other; give one of them or none")
    if check and d is None:
        raise UsageError("--check compares numbers with the dense network; give it together with --d D")
    result: Any = find(family).spectrum(d, order, digits, check, inputs)
    if d is None and order is None and not symbolic:
        result = result.decomposition()
    _show(result, form)
    if check and not result.check.passed:
        sys.exit(1)


@cli.command()
@click.argument("family")
@_decimal_digits(20)
@click.option("--from", "d_from", default=None, metavar="D", help="Start; default: varying blocks of size four.")
@click.option("--to", "d_to", default="100", show_default=True, metavar="D", help="End.")
@_output()
def threshold(family: str, digits: int, d_from: str | None, d_to: str, form: str | None) -> None:
    """Every fractional dimension at which the index changes, certified; from which integer on it is a minimum.

    Example: symrelu threshold II --digits 50
    """
    from symrelu.analysis.threshold import Interrupted
    from symrelu.analysis.threshold_result import Thresholds
    from symrelu.toolkit import family as find

    try:
        with _Progress("d =", _number(d_to)) as progress:
            result = find(family).threshold(digits, d_from, d_to, progress)
    except Interrupted as interruption:
        _show(Thresholds(interruption.coverage), form)
        click.echo("symrelu: interrupted; what is shown was finished before", err=True)
        raise
    _show(result, form)
    if not result.decided:
        sys.exit(1)


def _number(text: str) -> float:
    from symrelu.arithmetic.reals import exact_real

    return float(exact_real(text, "--to"))


@cli.command()
@click.argument("family")
@click.option("--d", "d", required=True, metavar="D", help="An integer, a decimal, a fraction or 1e6, read exactly.")
@_decimal_digits(20)
@click.option("--check", is_flag=True, help="Compare with the dense network in mpmath (integer d).")
@_output()
def evaluate(family: str, d: str, digits: int, check: bool, form: str | None) -> None:
    """The critical point at a real d, proved to exist and to be unique in the balls shown.

    Example: symrelu evaluate II --d 5.59 --digits 30
    """
    from symrelu.toolkit import family as find

    result = find(family).at(d, digits, check)
    _show(result, form)
    if result.check is not None and not result.check.passed:
        sys.exit(1)


@cli.command()
@click.argument("claims", nargs=-1, metavar="[PAPER | CLAIM ...]")
@_output()
def verify(claims: tuple[str, ...], form: str | None) -> None:
    """The literature's claims, re-derived one by one: verdict and evidence.

    PAPER is an arXiv id or an id prefix. Example: symrelu verify AF21 SS-example
    """
    from symrelu.claims.verify import Report
    from symrelu.claims.verify import verify as run

    report = Report([])
    try:
        for result in run(list(claims)):
            report.results.append(result)
            if form is None:
                click.echo(result.to_text())
            elif sys.stderr.isatty():
                click.echo(f"{result.id}: {result.verdict}", err=True)
    except KeyboardInterrupt:
        if form is not None:
            _show(report, form)
        click.echo(f"symrelu: interrupted after {len(report.results)} claims", err=True)
        raise
    if form is None:
        click.echo(report.summary())
    else:
        _show(report, form)
    if any(result.verdict == "undecided" for result in report.results):
        sys.exit(1)


def main() -> None:
    """Entry point: every failure is one line on stderr and the exit status that goes with it."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted", 130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except ValueError as error:
        from symrelu.arithmetic.outcome import UsageError

        if not isinstance(error, UsageError):
            raise
        _fail(str(error), 2)
    except ArithmeticError as error:
        _fail(f"not certified: {error}", 1)


def _fail(message: str, status: int) -> None:
    click.echo("symrelu: " + " ".join(message.split()), err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
