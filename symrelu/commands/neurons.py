"""Commands about more neurons and other targets: annihilate, split, interlace, perturb, nonconvex."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from symrelu.commands.completion import FAMILY
from symrelu.commands.output import decimal_digits, output, show
from symrelu.commands.progress import Progress

_D = click.option(
    "--d", "d", required=True, metavar="D", help="An integer, a decimal, a fraction or 1e6, read exactly."
)


@click.command()
@click.argument("families", nargs=-1, type=FAMILY, metavar="[FAMILY ...]")
@click.option(
    "--extra", default="0,1,2,3", show_default=True, metavar="M,...", help="Numbers of neurons that are added."
)
@click.option("--processes", type=click.IntRange(1, 64), default=None, help="Processes; default: one for each core.")
@output()
def annihilate(families: tuple[str, ...], extra: str, processes: int | None, form: str | None) -> None:
    """Families and extra neurons: minimum or saddle, from which d on, the component of the descent, least eigenvalues.

    Without a FAMILY: A, I, II, M2, ..., M6.

    Example: symrelu annihilate II --extra 0,1,2
    """
    from symrelu.analysis.annihilation import Annihilation, annihilate, read_extras, tasks_for
    from symrelu.family.recorded import BASES

    tasks = tasks_for(list(families or BASES), read_extras(extra))
    result = Annihilation()
    try:
        with Progress("branch", len(tasks)) as progress:
            for row in annihilate(tasks, min(processes or os.cpu_count() or 1, len(tasks))):
                result.rows.append(row)
                progress(len(result.rows))
    except KeyboardInterrupt as stop:
        show(result.in_order_of(tasks), form)
        stop.add_note(f"{len(result.rows)} of {len(tasks)} branches were finished")
        raise
    show(result.in_order_of(tasks), form)
    if not result.decided:
        sys.exit(1)


@click.command()
@click.argument("family", type=FAMILY)
@click.option("--d", "d", default=None, metavar="D", help="The spectra at a real d, in balls.")
@click.option("--order", type=int, default=None, help="Exact series: all terms s^j with j < N.")
@click.option("--check", is_flag=True, help="With --d: find the directions in the dense Hessian of the split network.")
@decimal_digits(20)
@output()
def split(family: str, d: str | None, order: int | None, check: bool, digits: int, form: str | None) -> None:
    """What splitting each neuron does: the spectrum of H_ii - I/2; whether the result is a saddle, and for which d.

    Example: symrelu split II --d 10 --check
    """
    from symrelu.arithmetic.outcome import UsageError
    from symrelu.toolkit import family as find

    if d is not None and order is not None:
        raise UsageError("--order and --d exclude each other; give one of them or none")
    if check and d is None:
        raise UsageError("--check compares numbers with the dense network; give it together with --d D")
    with Progress.along_d(100) as progress:
        result: Any = find(family).split(d, order, digits, check, progress)
    show(result, form)
    if (order is None and not result.decided) or (check and not result.check.passed):
        sys.exit(1)


@click.command()
@click.argument("family", type=FAMILY)
@_D
@decimal_digits(20)
@output()
def interlace(family: str, d: str, digits: int, form: str | None) -> None:
    """Cauchy's interlacing: the named entries that force a descent direction, both spectra, all inequalities proved.

    Example: symrelu interlace A+1 --d 20
    """
    from symrelu.toolkit import family as find

    show(find(family).interlacing(d, digits), form)


@click.command()
@click.argument("family", type=FAMILY)
@_D
@output()
def perturb(family: str, d: str, form: str | None) -> None:
    """A certified radius: for every target so near, the critical point persists with the same index.

    Example: symrelu perturb II --d 6
    """
    from symrelu.toolkit import family as find

    show(find(family).persistence(d), form)


@click.command()
@click.option("--extra", type=click.IntRange(1, 6), default=1, show_default=True, help="Neurons more than the teacher.")
@output()
def nonconvex(extra: int, form: str | None) -> None:
    """Points next to the global minima with more neurons where the loss is not convex, with their exact curvature.

    Example: symrelu nonconvex --extra 2
    """
    from symrelu.analysis.nonconvexity import derive_negative_curvature

    show(derive_negative_curvature(extra), form)


COMMANDS = (annihilate, split, interlace, perturb, nonconvex)
