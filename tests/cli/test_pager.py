"""Long results on a terminal: shown through a pager, with colours, and only if they are longer than the screen."""
# ruff: noqa: S603
# the tests run only dedup itself

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from paths import SEEDS

SCAN = ("scan", str(SEEDS), "-q")


def on_terminal(*arguments: str, rows: int, columns: int = 100, **environment: str) -> tuple[int, str]:
    """Run a command on a terminal of some rows; return its exit code and what the terminal shows."""
    terminal, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "LESS", "PAGER")}
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", *arguments],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**kept, "TERM": "xterm", **environment},
    ) as running:
        os.close(inner)
        shown = b""
        try:
            while part := os.read(terminal, 1 << 16):
                shown += part
        except OSError:  # the terminal has been closed by all
            pass
        code = running.wait(timeout=60)
    os.close(terminal)
    return code, shown.decode().replace("\r\n", "\n")


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """Return a pager that writes what it gets to a file beside it."""
    script = tmp_path / "my pager"
    script.write_text(f'#!/bin/sh\ncat > "{tmp_path}/paged"\necho "$1 $LESS" > "{tmp_path}/called"\n')
    script.chmod(0o755)
    return script


def test_long_results_go_through_the_pager_with_colours(pager: Path) -> None:
    code, shown = on_terminal(*SCAN, rows=10, PAGER=f"'{pager}' -z", LESS="M")
    assert (code, shown) == (0, "")
    assert (pager.parent / "called").read_text() == "-z M -R\n"
    paged = (pager.parent / "paged").read_text("utf-8")
    assert "\x1b[1mInput\x1b[0m" in paged
    assert on_terminal(*SCAN, "--no-pager", rows=10)[1] == paged


@pytest.mark.parametrize(
    ("options", "rows", "environment"),
    [
        ((), 100, {}),
        (("--no-pager",), 10, {}),
        ((), 10, {"NO_PAGER": "1"}),
        ((), 10, {"PAGER": ""}),
        ((), 10, {"PAGER": "no-such-program"}),
        ((), 10, {"PAGER": "'"}),
        ((), 10, {"TERM": "dumb"}),
        (("--json",), 10, {}),
    ],
)
def test_prints_what_is_short_or_what_is_wanted_at_once(
    pager: Path, options: tuple[str, ...], rows: int, environment: dict[str, str]
) -> None:
    code, shown = on_terminal(*SCAN, *options, rows=rows, **{"PAGER": f"'{pager}'", **environment})
    assert code == 0
    assert "004_4fab610f3404f076.txt" in shown
    assert not (pager.parent / "paged").exists()


def test_a_result_is_paged_if_the_prompt_would_not_fit_below_it(pager: Path) -> None:
    lines = on_terminal(*SCAN, rows=100)[1].count("\n")
    for rows, is_paged in ((lines, True), (lines + 1, False)):
        on_terminal(*SCAN, rows=rows, PAGER=f"'{pager}'")
        assert (pager.parent / "paged").exists() is is_paged
        (pager.parent / "paged").unlink(missing_ok=True)


def test_leaving_the_pager_early_prints_no_error() -> None:
    assert on_terminal(*SCAN, rows=10, PAGER="true") == (0, "")
    assert on_terminal(*SCAN, "--check", rows=10, PAGER="true") == (1, "dedup: --check: 2 duplicates found.\n")


@pytest.mark.parametrize("no_color", [False, True])
def test_a_terminal_shows_colours_or_signs(no_color: bool) -> None:
    names = [str(path) for path in sorted(SEEDS.iterdir())[:2]]
    environment = {"NO_COLOR": "1"} if no_color else {}
    _, shown = on_terminal("diff", *names, rows=9, PAGER="", **environment)
    assert bool(re.search(r"\x1b\[3\dm", shown)) is not no_color
    assert ("*Moscou Et" in shown) is no_color
