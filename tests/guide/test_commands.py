"""The guide shows every command, and names only options that exist; docs/options.md has all of them."""

import re

import pytest
from commands import all_commands
from paths import GUIDE

WRITTEN_BY_TESTS = ("options.md", "api.md")
# Options of spark-submit and venv-pack, and the help, which each command has.
OTHER_OPTIONS = {"--conf", "--exclude", "--help"}
TEXT = "".join(page.read_text("utf-8") for page in GUIDE if page.name not in WRITTEN_BY_TESTS)
OPTION = re.compile(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*")


@pytest.mark.parametrize("name", [name for name, _ in all_commands()])
def test_every_command_is_shown(name: str) -> None:
    assert re.search(rf"\bdedup {name}\b", TEXT)


@pytest.mark.parametrize("option", sorted({*OPTION.findall(TEXT)} - OTHER_OPTIONS))
def test_every_option_in_the_guide_exists(option: str) -> None:
    assert option in {name for _, command in all_commands() for item in command.params for name in item.opts}
