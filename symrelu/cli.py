"""The command line: parses, calls, prints - no mathematics.

Heavy imports happen inside the commands (commands/), so that `--help` answers at once.
"""

from __future__ import annotations

import sys

import click

from symrelu.commands import claims, classify, completion, experiment, export, family, neurons, plot, proof, search

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


@click.group(context_settings=_CONTEXT)
@click.version_option(package_name="symrelu", message="symrelu %(version)s")
def cli() -> None:
    """The symmetry theory of two-layer ReLU networks as exact, checkable mathematics.

    Families: global, A, I, II, M2, M3, ... (M keeps p a symbol), or a path to a JSON file. Every command takes --json.
    Exit status: 0 done; 1 a rigorous question came out false or undecided; 2 wrong use; 130 interrupted.
    """


for command in (
    *family.COMMANDS,
    *neurons.COMMANDS,
    *proof.COMMANDS,
    *claims.COMMANDS,
    classify.classify,
    *search.COMMANDS,
    *experiment.COMMANDS,
    *plot.COMMANDS,
    *export.COMMANDS,
    *completion.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """Entry point: every failure is one line on stderr and the exit status that goes with it."""
    try:
        cli.main(prog_name="symrelu", standalone_mode=False)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except (KeyboardInterrupt, click.Abort) as stop:
        # click raises Abort from the interrupt; the commands note on it what they have finished.
        notes = getattr(stop.__cause__ or stop, "__notes__", [])
        _fail("interrupted; " + ("; ".join(notes) or "nothing was finished"), 130)
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
