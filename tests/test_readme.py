"""The README and docs/ document every command, and its examples show the actual output."""

import re

import pytest
from commands import all_commands
from paths import ROOT

from dedup.cli.commands import cli

README = (ROOT / "README.md").read_text("utf-8")
# Options of spark-submit and venv-pack, and the help, which each command has.
OTHER_OPTIONS = {"--conf", "--exclude", "--help"}
GUIDE = README + "".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"`dedup {name}" in README
    assert cli.commands[name].help


@pytest.mark.parametrize("option", sorted({*re.findall(r"(?<!-)--[a-z]+(?:-[a-z]+)*", GUIDE)} - OTHER_OPTIONS))
def test_every_option_in_the_guide_exists(option: str) -> None:
    assert option in {name for _, command in all_commands() for item in command.params for name in item.opts}


@pytest.mark.parametrize(
    ("command", "golden"),
    [("dedup scan seeds", "scan"), ("dedup explain out 004", "explain"), ("dedup align seeds", "align")],
)
def test_examples_match_golden_files(command: str, golden: str) -> None:
    example = re.search(rf"```\n\$ {command}\n(.*?)```", README, re.DOTALL)
    output = (ROOT / "tests" / "golden" / f"{golden}-80.txt").read_text("utf-8")
    assert example is not None
    assert example[1].split("\n")[:-1] == [line.rstrip() for line in output.strip("\n").split("\n")]


def test_diff_example_is_the_beginning_of_the_golden_file() -> None:
    example = re.search(r"```\n\$ dedup diff --in seeds 000 001\n(.*?)\n…\n```", README, re.DOTALL)
    output = (ROOT / "tests" / "golden" / "diff-000-001-80.txt").read_text("utf-8")
    assert example is not None
    assert output.startswith(f"{example[1]}\n")
    assert example[1].count("\n") > 20
