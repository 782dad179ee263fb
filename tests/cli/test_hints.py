"""The commands that results suggest: they run as they are printed, and lead to the same result."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dedup.cli.commands import cli

TEXT = "The council of Kingsport voted to build a bridge of 317 metres over the Miskatonic, for 25 million dollars."


def run(*arguments: str) -> Result:
    """Run a command on a wide terminal."""
    result = CliRunner().invoke(cli, arguments, env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.stderr
    return result


def suggested(result: Result) -> list[list[str]]:
    """Return the words of the commands that a result suggests, without the name of the program."""
    _, _, hints = result.stdout.partition("\nNext\n")
    commands = re.findall(r"^ +(dedup .*?)(?: {3}.*)?$", hints, re.MULTILINE)
    return [shlex.split(command)[1:] for command in commands]


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Change to an empty folder with a table, whose name has a space; return its name."""
    monkeypatch.chdir(tmp_path)
    rows = [
        {"id": identity, "body": f"{TEXT} {more}"}
        for identity, more in (("-a", "Dogs sleep."), ("b", "Dogs sleep."), ("c", "A storm is expected on the coast."))
    ]
    (tmp_path / "the news.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return "the news.jsonl"


def test_scan_suggests_clean_with_the_same_options(news: str) -> None:
    given = shlex.split("--threshold .5 --shingle 3,2 --unit both --ignore Dogs --ignore cats --text-column body")
    [clean] = suggested(run("scan", news, *given, "--delimiter", "\t", "--groups", "1"))
    expected = shlex.split("--threshold 0.5 --ignore Dogs --ignore cats --unit both --shingle 3,2 --text-column body")
    assert clean == ["clean", news, *expected, "--delimiter", "\\x09", "-o", "out"]
    run(*clean)
    scanned, cleaned = (
        json.loads(run("scan", news, *given, "-q", "--json").stdout)["run"],
        json.loads(Path("out/run.json").read_text("utf-8")),
    )
    assert scanned["removed"]["documents"] == cleaned["removed"]["documents"]
    assert scanned["removed"]["documents"]["near"] == 1
    assert suggested(run("scan", news))[0][-1] == "out-2"


def test_scan_suggests_all_paragraphs_if_others_are_not_duplicates(news: str) -> None:
    rows = [{"text": f"{TEXT}\n\n{more} {TEXT[::-1]}"} for more in ("One.", "Two.")]
    Path(news).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    [clean] = suggested(run("scan", news, "--unit", "paragraphs", "--min-tokens", "5"))
    assert clean[-4:] == ["--paragraphs", "all", "-o", "out"]
    run(*clean)
    assert json.loads(Path("out/run.json").read_text("utf-8"))["removed"]["paragraphs across"]["exact"] == 1


def test_scan_suggests_nothing_without_duplicates_or_with_standard_input(news: str) -> None:
    assert suggested(run("scan", news, "--unit", "paragraphs", "--paragraphs", "within")) == []
    result = CliRunner().invoke(cli, ["scan", "-"], input=f"{TEXT}\n\n{TEXT}\n\n{TEXT}")
    assert "\nNext\n" not in result.stdout


def test_suggestions_after_clean_run_as_printed(news: str) -> None:
    commands = suggested(run("clean", news, "-o", "my out"))
    assert [words[0] for words in commands] == ["report", "explain", "restore"]
    for words in commands:
        run(*words)
    assert "Dogs sleep." in Path("report.html").read_text("utf-8")
    assert (Path("originals") / f"{news}").exists()
    assert suggested(run("clean", news, "-o", "again"))[0][-2:] == ["-o", "report-2.html"]


def test_clean_suggests_only_to_restore_if_nothing_was_removed(news: str) -> None:
    [restore] = suggested(run("clean", news, "-o", "out", "--unit", "paragraphs"))
    assert restore[:2] == ["restore", "out"]


@pytest.mark.parametrize("out", [(), ("-o", "stories of today")])
def test_suggestions_after_align_run_as_printed(news: str, out: tuple[str, ...]) -> None:
    commands = suggested(run("align", news, *out))
    assert [words[0] for words in commands] == (["report", "diff"] if out else ["align", "diff"])
    assert commands[1][1:3] == ["#0", "b"]  # an id that begins with "-" would be taken for an option
    for words in commands:
        run(*words)
    assert Path("report.html" if out else "stories/stories.parquet").exists()


def test_align_suggests_no_diff_that_could_not_read_the_input(news: str) -> None:
    assert [words[0] for words in suggested(run("align", news, "--text-column", "body"))] == ["align"]
    Path("other.jsonl").write_text(Path(news).read_text("utf-8"), "utf-8")
    [align] = suggested(run("align", news, "other.jsonl"))
    assert align == ["align", news, "other.jsonl", "-o", "stories"]


@pytest.mark.parametrize("command", ["scan", "clean", "align"])
def test_nothing_is_suggested_under_quiet_or_json(news: str, command: str) -> None:
    out = ("-o", "out") if command == "clean" else ()
    assert suggested(run(command, news, *out, "-q")) == []
    assert "dedup report" not in run(command, news, *(("-o", "out-2") if out else ()), "--json").stdout


def test_a_command_is_one_line_however_narrow_the_terminal_is(news: str) -> None:
    result = CliRunner().invoke(cli, ["align", news], env={"COLUMNS": "40"})
    assert f"\n    dedup diff '#0' b --in '{news}'\n" in result.stdout


def test_a_document_with_a_repeated_id_is_named_by_its_rank(news: str) -> None:
    lines = Path(news).read_text("utf-8").replace('"-a"', '"b"')
    Path(news).write_text(lines, "utf-8")
    commands = suggested(run("clean", news, "-o", "out"))
    assert commands[1] == ["explain", "out", "#1"]
    assert run(*commands[1]).stdout.startswith("b, from")
