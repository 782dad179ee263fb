"""The commands of the command line, with those of groups."""

from collections.abc import Iterator

import click

from dedup.cli.commands import cli


def all_commands() -> Iterator[tuple[str, click.Command]]:
    """Yield the name of each command, such as "index add", and the command."""
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", found) for part, found in command.commands.items())
        else:
            yield name, command
