"""The README tells the truth: its output is what the commands print, and it leaves no command out."""

import re

import pytest
from paths import ROOT

from dedup.cli.commands import cli

README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"`dedup {name}" in README
    assert cli.commands[name].help


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?<!-)--[a-z]+(?:-[a-z]+)*", README))))
def test_every_option_in_the_readme_is_one(option: str) -> None:
    known = {name for command in cli.commands.values() for item in command.params for name in item.opts}
    assert option in known


@pytest.mark.parametrize(
    ("command", "golden"),
    [("dedup scan seeds", "scan"), ("dedup explain out 004", "explain"), ("dedup align seeds", "align")],
)
def test_the_output_shown_is_the_output(command: str, golden: str) -> None:
    shown = re.search(rf"```\n\$ {command}\n(.*?)```", README, re.DOTALL)
    printed = (ROOT / "tests" / "golden" / f"{golden}-80.txt").read_text("utf-8")
    assert shown is not None
    assert shown[1].split("\n")[:-1] == [line.rstrip() for line in printed.strip("\n").split("\n")]


def test_the_beginning_of_the_difference_shown_is_that_of_the_difference() -> None:
    shown = re.search(r"```\n\$ dedup diff --in seeds 000 001\n(.*?)\n…\n```", README, re.DOTALL)
    printed = (ROOT / "tests" / "golden" / "diff-000-001-80.txt").read_text("utf-8")
    assert shown is not None
    assert printed.startswith(f"{shown[1]}\n")
    assert shown[1].count("\n") > 20
