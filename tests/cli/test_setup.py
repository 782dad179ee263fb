"""Shell completion and manual pages are made from the commands."""

import shutil
import subprocess

import click
import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner, Result
from commands import all_commands

from dedup.cli.commands import cli


def run(*arguments: str, variable: str = "") -> Result:
    return CliRunner().invoke(cli, arguments, env={"SHELL": variable})


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_dedup(shell: str) -> None:
    named, found = run("completion", shell), run("completion", variable=f"/usr/bin/{shell}")
    assert named.exit_code == found.exit_code == 0
    assert named.stdout == found.stdout
    assert f"_DEDUP_COMPLETE={shell}_complete" in named.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=named.stdout.encode(), check=True)  # noqa: S603 - only read


def test_an_unknown_shell_is_an_error() -> None:
    assert run("completion", "tcsh").exit_code == 2
    unknown = run("completion", variable="/bin/tcsh")
    assert unknown.exit_code == 2
    assert "Name one of: bash, zsh, fish." in unknown.stderr


@pytest.mark.parametrize(
    ("words", "start", "expected"),
    [
        ([], "tu", [("plain", "tune")]),
        (["clean"], "--thr", [("plain", "--threshold")]),
        (["clean"], "news", [("file", "news")]),
        (["clean", "--paragraphs"], "w", [("plain", "within")]),
        (["index", "add"], "s", [("file", "s")]),
        (["report"], "o", [("file", "o")]),
        (["diff"], "a", [("file", "a")]),
        (["index"], "q", [("plain", "query")]),
    ],
)
def test_shells_complete_commands_options_values_and_files(
    words: list[str], start: str, expected: list[tuple[str, str]]
) -> None:
    kind = get_completion_class("bash")
    assert kind is not None
    found = kind(cli, {}, "dedup", "_DEDUP_COMPLETE").get_completions(words, start)
    assert [(item.type, item.value) for item in found] == expected


def test_the_manual_has_all_commands_and_options() -> None:
    page = run("man").stdout
    for name, command in all_commands():
        assert f'.SH "DEDUP {name.upper()}"' in page
        own = run("man", *name.split()).stdout
        assert f'.TH "DEDUP-{name.upper().replace(" ", "-")}" "1"' in own
        assert ".SH EXAMPLES" in own
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                option = parameter.opts[0].replace("-", "\\-")
                assert f".B {option}" in own
                assert f".B {option}" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
@pytest.mark.parametrize("name", ["", *[name for name, _ in all_commands()]])
def test_manual_pages_are_formatted_without_a_warning(name: str) -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8"],  # noqa: S607 - of the system
        input=run("man", *name.split()).stdout.encode("ascii"),
        capture_output=True,
        check=True,
    )
    assert [line for line in done.stderr.decode().splitlines() if "can't break line" not in line] == []
    assert b"OPTIONS" in done.stdout


def test_the_manual_of_an_unknown_command_is_an_error() -> None:
    for words in (["nothing"], ["index", "nothing"], ["clean", "more"]):
        done = run("man", *words)
        assert done.exit_code == 2
        assert f"There is no command {' '.join(words)!r}" in done.stderr
