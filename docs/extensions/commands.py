"""The reference of the command line, from the help texts of the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from symrelu.cli import cli

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>$|#])")


def page() -> str:
    """One section for each command."""
    return "\n".join(line for name in cli.commands for line in _section(name, cli.commands[name]))


def _section(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=f"symrelu {name}")
    usage = " ".join(["symrelu", name, *command.collect_usage_pieces(context)])
    description, _, example = (command.help or "").partition("Example: ")
    yield f"(command-{name})=\n## {name}\n\n```text\n{usage}\n```\n"
    yield from (_prose(paragraph) + "\n" for paragraph in description.strip().split("\n\n"))
    if example:
        yield f"For example\n\n```text\n{example.strip()}\n```\n"
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            yield f"`{record[0]}`\n: {_prose(record[1])}\n"


def _prose(text: str) -> str:
    """Plain text on one line, safe in Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
