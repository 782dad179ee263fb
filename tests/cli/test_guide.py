"""The examples in pages of docs/ show what the commands print. With `DEDUP_GOLDEN=1` they are written anew."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from paths import ROOT

from dedup.cli.commands import cli

# Pages with examples, and how many examples there are at least.
PAGES = {"index.md": 4, "contamination.md": 2}
# A file that the examples read: its name in the sentence before its content.
FILE = re.compile(r"`([a-z]+\.jsonl)`[^\n]*:\n\n```json\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"```\n(\$ .*?)```", re.DOTALL)


def run(line: str) -> str:
    """Run a line of an example: `dedup`, or `cp`; return what is printed."""
    program, *arguments = shlex.split(line)
    if program == "cp":
        shutil.copy(*arguments)
        return ""
    assert program == "dedup"
    result = CliRunner().invoke(cli, arguments, env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.stderr
    return "".join(f"{line.rstrip()}\n" for line in result.stdout.rstrip("\n").split("\n"))


@pytest.mark.parametrize("name", PAGES)
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    path = ROOT / "docs" / name
    page = path.read_text("utf-8")
    for file, content in FILE.findall(page):
        (tmp_path / file).write_text(content, "utf-8")

    def printed(block: re.Match[str]) -> str:
        commands = [line[2:] for line in block[1].split("\n") if line.startswith("$ ")]
        return "```\n" + "".join(f"$ {line}\n{run(line)}" for line in commands).replace("\n\n$ ", "\n$ ") + "```"

    actual = BLOCK.sub(printed, page)
    if os.environ.get("DEDUP_GOLDEN"):
        path.write_text(actual, "utf-8")
    assert len(BLOCK.findall(page)) >= PAGES[name]
    assert actual == page
