"""The examples in README.md and docs/ run, in order, and show what the commands print.

Blocks of commands begin with ``$ ``; a line ``…`` in an output stands for any lines. With `DEDUP_GOLDEN=1` outputs
without such a line are written anew. A comment ``<!-- not run: REASON -->`` before a block leaves it out.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from paths import GUIDE, ROOT

from dedup.cli.commands import cli

BLOCK = re.compile(
    r"(?P<comment>^ *<!-- not run:(?P<reason>.*?)-->\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
# A command that needs no shell: no pipes, redirections, patterns or variables.
PLAIN = re.compile(r"dedup(?: +(?:'[^']*'|[^\s'\"\\|<>&;$*?~(]+))*")
ANY_LINES = "…"


def run_command(line: str) -> str:
    """Run a command; return what it prints on standard output, and if it fails also on standard error."""
    if PLAIN.fullmatch(line):
        found = CliRunner().invoke(cli, shlex.split(line)[1:], env={"COLUMNS": "80"})
        code, printed, errors = found.exit_code, found.stdout, found.stderr
    else:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(  # noqa: S603 - examples of our own
            ["/bin/bash", "-c", f"set -o pipefail; {line}"],
            env={**os.environ, "COLUMNS": "80", "PATH": path, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        code, printed, errors = done.returncode, done.stdout, done.stderr
    lines = (printed if code == 0 else printed + errors).rstrip("\n").split("\n")
    return "".join(f"{line.rstrip()}\n" for line in lines) if lines != [""] else ""


def is_shown(expected: str, printed: str) -> bool:
    """Whether an output is what an example shows, in which a line ``…`` stands for any lines."""
    pieces = ("(?:.*\n)*" if line == f"{ANY_LINES}\n" else re.escape(line) for line in expected.splitlines(True))
    return re.fullmatch("".join(pieces), printed) is not None


def run_commands(body: str) -> str:
    """Run the commands of a block; return the block with what they print where it does not show that."""
    shown = ""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, expected = re.fullmatch(r"((?:.*\\\n)*.*\n)((?s:.*))", part).groups()  # type: ignore[union-attr]
        printed = run_command(command.replace("\\\n", "").strip())
        keeps = is_shown(expected, printed) or (os.environ.get("DEDUP_GOLDEN") and f"{ANY_LINES}\n" in expected)
        shown += f"$ {command}{expected if keeps else printed}"
    return shown


def run_block(block: re.Match[str], name: str, names: dict[str, Any]) -> str:
    """Run a block of a page; return it with its actual output."""
    indent, language, start = block["indent"], block["language"], block.start("body")
    body = re.sub(f"^{indent}", "", block["body"], flags=re.MULTILINE)
    if block["comment"] or not is_example(language, body):
        return block[0]
    if language == "python":
        lines = "\n" * block.string.count("\n", 0, start)  # so that a traceback names the line of the page
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(lines + body, name, "exec"), names)  # noqa: S102  # examples of our own
        return block[0]
    shown = re.sub("^(?=.)", indent, run_commands(body), flags=re.MULTILINE)
    return f"{block[0][: start - block.start()]}{shown}{indent}```"


def is_example(language: str, body: str) -> bool:
    """Whether a block is run: Python, or commands with their output."""
    return language == "python" or (language in ("", "console") and body.startswith("$ "))


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    names: dict[str, Any] = {"__name__": "__main__"}
    text = page.read_text("utf-8")
    actual = BLOCK.sub(lambda block: run_block(block, str(page), names), text)
    if os.environ.get("DEDUP_GOLDEN"):
        page.write_text(actual, "utf-8")
    assert actual == text


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_that_do_not_run_say_why(page: Path) -> None:
    text = page.read_text("utf-8")
    left_out = [block for block in BLOCK.finditer(text) if block["comment"]]
    assert text.count("<!-- not run") == len(left_out), "a comment without a reason, or not before a block"
    for block in left_out:
        assert len(block["reason"].split()) > 1
        assert is_example(block["language"], block["body"].lstrip()), f"is not run anyway:\n{block[0]}"


def test_any_lines() -> None:
    assert is_shown("a\n…\nd\n", "a\nb\nc\nd\n")
    assert is_shown("a\n…\n", "a\n")
    assert not is_shown("a\n…\nd\n", "a\nb\nc\n")
    assert not is_shown("a\n", "a\nb\n")
    assert not is_shown("a.c\n", "abc\n")
