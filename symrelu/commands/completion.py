"""Shell completion: what arguments may be, and the command that prints the script for a shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class


class Word(click.ParamType):
    """A word that is passed on as it is, with suggestions; `files` where a path serves too."""

    name = "word"

    def __init__(self, suggestions: Callable[[], Iterable[str]], files: bool = False):
        self._suggestions, self._files = suggestions, files

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(word) for word in self._suggestions() if word.startswith(incomplete)]
        return found or ([CompletionItem(incomplete, type="file")] if self._files else [])


def _families() -> list[str]:
    from symrelu.family.catalogue import members

    return [member.name for member in members()]


def _claims() -> list[str]:
    from symrelu.claims.ledger import LEDGER, PAPERS

    return [*(claim.id for claim in LEDGER), *PAPERS]


def _experiments() -> list[str]:
    try:
        from symrelu.search.experiments.catalogue import EXPERIMENTS
    except ModuleNotFoundError:  # without numpy there is nothing to run either
        return []
    return list(EXPERIMENTS)


FAMILY = Word(_families, files=True)
CLAIM = Word(_claims)
EXPERIMENT = Word(_experiments)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """The script that makes a shell complete commands, options, families and claims.

    Example: symrelu completion bash > ~/.symrelu-completion && echo 'source ~/.symrelu-completion' >> ~/.bashrc
    """
    complete: Any = get_completion_class(shell)
    root = context.find_root().command
    # The version check of click asks the shell itself, which need not be on this machine.
    script = complete(root, {}, "symrelu", "_SYMRELU_COMPLETE")
    click.echo(script.source_template % script.source_vars())


COMMANDS = (completion,)
