"""The commands that help to set up the program: completion, man. Slow imports are deferred until one runs."""

import os
import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from dedup.cli.options import GroupedCommand

PROGRAM = "dedup"
SHELLS = ("bash", "zsh", "fish")


@click.command(cls=GroupedCommand, short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.pass_context
def completion(context: click.Context, shell: str | None) -> None:
    """Print the script that lets a shell complete commands, options and files; install it as shown below.

    SHELL is bash (4.4 or later), zsh or fish.  [default: the shell in the environment]

    \b
    Example:
      dedup completion bash > ~/.local/share/bash-completion/completions/dedup
      dedup completion zsh > ~/.zfunc/_dedup      # with fpath+=~/.zfunc before compinit in ~/.zshrc
      dedup completion fish > ~/.config/fish/completions/dedup.fish
    """
    name = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(name) if name in SHELLS else None
    if found is None:
        raise click.UsageError(f"The shell is unknown. Name one of: {', '.join(SHELLS)}.")
    sys.stdout.write(found(context.find_root().command, {}, PROGRAM, f"_{PROGRAM.upper()}_COMPLETE").source())


@click.command(cls=GroupedCommand, short_help="Print a manual page.")
@click.argument("command", nargs=-1, metavar="[COMMAND]")
@click.pass_context
def man(context: click.Context, command: tuple[str, ...]) -> None:
    """Print the manual page of the program, or of one COMMAND such as clean or index add, for man.

    \b
    Example:
      dedup man | man -l -
      dedup man > ~/.local/share/man/man1/dedup.1
      dedup man clean > ~/.local/share/man/man1/dedup-clean.1
    """
    from dedup.cli.manual import render_manual

    click.echo(render_manual(context.find_root().command, command), nl=False)
