"""`-q` prints nothing but errors where the result is written; -o and --output, -V and --version mean the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import all_commands
from paths import SEEDS

WRITING = {
    "scan": ["scan", SEEDS, "-o", "new"],
    "clean": ["clean", SEEDS, "--output", "new"],
    "align": ["align", SEEDS, "-o", "new"],
    "report": ["report", "out", "-o", "new.html"],
    "restore": ["restore", "out", "--output", "new"],
    "index add": ["index", "add", "seen", SEEDS, "-o", "new"],
    "index query": ["index", "query", "known", SEEDS, "-o", "new"],
    "diff": ["diff", "--in", SEEDS, "000", "001", "--html", "new.html"],
    "tune": ["tune", SEEDS, "--html", "new.html"],
    "clean page": ["clean", SEEDS, "-o", "new", "--html", "new.html"],
    "align page": ["align", SEEDS, "--html", "new.html"],
    "scan page": ["scan", SEEDS, "--html", "new.html"],
}


def run(folder: Path, *arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "dedup", *map(str, arguments)], cwd=folder, capture_output=True, check=False, text=True
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an output and an index."""
    folder = tmp_path_factory.mktemp("quiet")
    assert run(folder, "clean", SEEDS, "-o", "out", "-q") == (0, "", "")
    assert run(folder, "index", "add", "known", SEEDS, "-q")[0] == 0
    return folder


@pytest.mark.parametrize("name", WRITING)
def test_quiet_prints_nothing_where_the_result_is_written(name: str, folder: Path, tmp_path: Path) -> None:
    arguments = [folder / word if word in ("out", "known") else word for word in WRITING[name]]
    assert run(tmp_path, *arguments, "-q") == (0, "", "")
    assert [*tmp_path.glob("new*")]
    again = run(tmp_path, *arguments, *(["--again"] if name == "index add" else []))
    if {"-o", "--output"} & {*map(str, arguments)} and name != "report":
        assert again[0] == 2
        assert "exists" in again[2]


@pytest.mark.parametrize("arguments", [["explain", "out", "004"], ["diff", "--in", SEEDS, "000", "001"]])
def test_quiet_without_an_output_prints_the_result_only(arguments: list[object], folder: Path) -> None:
    code, shown, errors = run(folder, *arguments, "-q")
    assert (code, errors) == (0, "")
    assert len(shown) > 100


def test_quiet_json_is_printed(tmp_path: Path) -> None:
    code, shown, errors = run(tmp_path, "clean", SEEDS, "-o", "new", "-q", "--json")
    assert (code, errors) == (0, "")
    assert json.loads(shown)["command"] == "clean"


def test_every_command_that_prints_or_writes_results_can_be_quiet() -> None:
    without = {name for name, command in all_commands() if not any("-q" in item.opts for item in command.params)}
    assert without == {"completion", "man"}
    for name, command in all_commands():
        for item in command.params:
            assert ("-o" in item.opts) == ("--output" in item.opts), name


def test_version(tmp_path: Path) -> None:
    assert run(tmp_path, "-V") == run(tmp_path, "--version")
    assert run(tmp_path, "-V")[1].startswith("dedup ")


def test_pages_replace_only_pages(tmp_path: Path) -> None:
    (tmp_path / "mine.html").write_text("mine")
    for name in ("diff", "tune", "align page", "scan page", "report"):
        words = ["mine.html" if word == "new.html" else word for word in WRITING[name]]
        code, _, errors = run(tmp_path, *words, "-q")
        assert code == 2
        if name != "report":
            assert "mine.html exists and is not a page of dedup" in errors
    assert (tmp_path / "mine.html").read_text() == "mine"
    assert run(tmp_path, "diff", "--in", SEEDS, "000", "001", "--html", "mine.html", "--overwrite", "-q")[0] == 0
    assert "<!doctype html>" in (tmp_path / "mine.html").read_text("utf-8")


def test_a_page_without_an_output_names_the_input(tmp_path: Path) -> None:
    assert run(tmp_path, "align", SEEDS, "--html", "page.html", "-q")[0] == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert str(SEEDS) in page
    assert "/dedup-" not in page  # a temporary folder
