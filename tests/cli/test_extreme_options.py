"""Options with extreme, empty, contradictory and odd values: a clear refusal or the right result, never a traceback."""

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result
from commands import all_commands
from paths import SEEDS

import dedup
from dedup.cli.commands import cli

HUGE = str(10**23)
TEXT = "The council of Brest voted on 3 May 2024 to build a bridge of 25 000 tonnes, Reuters said, and all rejoiced."
VALUES = [
    "0",
    "1",
    "-1",
    HUGE,
    "NaN",
    "inf",
    "",
    "two",
    "nowhere/x",
    "é名",
    "x" * 5000,
    "\0",
    "a\nb",
    "-",
    "1.5",
    "s3://",
]
OPTIONS = [
    (name, parameter.opts[-1])
    for name, command in all_commands()
    for parameter in command.params
    if isinstance(parameter, click.Option) and not parameter.is_flag
]
ARGUMENTS = {
    "scan": ["two", "-q"],
    "clean": ["two", "-q", "-o", "out"],
    "tune": ["two", "-q"],
    "restore": ["done"],
    "explain": ["done", "a.txt"],
    "align": ["two", "-q"],
    "diff": ["two/a.txt", "two/b.txt"],
    "analyze": ["one/a.txt"],
    "report": ["done", "-q"],
    "index add": ["seen", "two", "-q", "--again"],
    "index query": ["seen", "two", "-q"],
    "index info": ["seen"],
    "index compact": ["seen", "-q"],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, env={"COLUMNS": "80"})


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder with an empty folder, one document, and two equal ones with the output of `clean`."""
    monkeypatch.chdir(tmp_path)
    for name, texts in {"empty": "", "one": "a", "two": "ab"}.items():
        Path(name).mkdir()
        for text in texts:
            Path(name, f"{text}.txt").write_text(TEXT, "utf-8")
    dedup.clean("two", "done")
    dedup.Index("seen").add("one")
    return tmp_path


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_extreme_values_give_a_result_or_a_refusal(command: str, option: str) -> None:
    for value in VALUES:
        result = run(*command.split(), *ARGUMENTS[command], option, value)
        shown = f"{command} {option} {value[:30]!r}: {result.output[-300:]}"
        assert result.exit_code in (0, 2), shown
        assert "bug in dedup" not in result.output, shown
        assert result.exit_code == 0 or result.stdout == "", shown
        assert result.exit_code == 0 or "dedup: " in result.stderr, shown


@pytest.mark.parametrize("command", ["scan", "clean", "align"])
@pytest.mark.parametrize("value", ["0", "-1", HUGE])
@pytest.mark.parametrize("option", ["--workers", "--memory"])
def test_resources_out_of_range_are_refused_by_name(command: str, option: str, value: str) -> None:
    result = run(command, *ARGUMENTS[command], option, value)
    assert result.exit_code == 2
    assert option in result.stderr or "is not a size" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "two", "-o", ""], "-o is empty"),
        (["scan", "two", "--temp-dir", ""], "--temp-dir is empty"),
        (["restore", "done", "-o", ""], "-o is empty"),
        (["restore", ""], "A path is empty"),
        (["diff", "", "two/a.txt"], "A path is empty"),
        (["diff", "a", "b", "--in", ""], "--in is empty"),
        (["scan", "two", "--min-tokens", HUGE], "--min-tokens is"),
        (["scan", "two", "--overwrite"], "--overwrite needs -o"),
        (["align", "two", "--overwrite"], "--overwrite needs -o"),
        (["restore", "done", "--overwrite"], "--overwrite needs -o"),
        (["diff", "two/a.txt", "two/b.txt", "--overwrite"], "--overwrite needs --html"),
        (["scan", "two", "--unit", "paragraphs", "--paragraphs", "none"], "leaves nothing to compare"),
        (["align", "two", "--outlet-column", "a", "--outlet-level", "1"], "cannot be used together"),
        (["clean", "done", "-o", "done", "--overwrite"], "done is in the output folder, which would be replaced"),
        (["clean", "./done/clean.parquet", "-o", "done", "--overwrite"], "clean.parquet is in the output folder"),
        (["align", "done", "-o", "done/../done/.", "--overwrite"], "done is in the output folder"),
        (["scan", ""], "An input is an empty string"),
        (["diff", "two/a.txt", "two/b.txt", "--html", os.devnull, "--overwrite"], "not a regular file"),
        (["report", "done", "-o", os.devnull, "--overwrite"], "not a regular file"),
        (["scan", "empty"], "Nothing to read in empty"),
        (["align", "empty", "--stories", "0"], "Nothing to read in empty"),
    ],
)
def test_refusals_name_the_option(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize("given", ["one", "two", str(SEEDS)])
def test_no_groups_are_listed_on_request(given: str) -> None:
    shown, usual = run("scan", given, "-q", "--groups", "0"), run("scan", given, "-q")
    assert shown.exit_code == 0
    tables = usual.stdout.partition("Text that clean")[0]
    assert "documents" in tables
    assert shown.stdout.startswith(tables)
    found, all_found = (
        json.loads(run("scan", given, "-q", "--json", *more).stdout) for more in (["--groups", "0"], [])
    )
    assert found["groups"] == []
    assert found["group_count"] == all_found["group_count"] == len(all_found["groups"])
    assert found["run"]["removed"] == all_found["run"]["removed"]


def test_last_of_a_repeated_option_counts() -> None:
    found = json.loads(run("scan", "two", "-q", "--json", "--threshold", "0.5", "--threshold", "0.9").stdout)
    assert found["run"]["settings"]["threshold"] == 0.9


def test_temporary_files_in_the_input_are_not_read() -> None:
    found = json.loads(run("scan", "two", "-q", "--json", "--temp-dir", "two").stdout)
    assert found["run"]["counts"]["documents"] == 2


def test_huge_limits_list_everything() -> None:
    assert len(json.loads(run("scan", "two", "-q", "--json", "--groups", HUGE).stdout)["groups"]) == 1
    assert run("align", str(SEEDS), "-q", "--stories", HUGE).exit_code == 0
    assert run("report", "done", "-q", "--passages", HUGE, "--stories", HUGE, "--diffs", HUGE).exit_code == 0


ODD_OPTIONS: list[tuple[str, Any]] = [
    *[("threshold", value) for value in ("0.8", None, math.nan, math.inf, 0.8j, [0.8])],
    *[("shingle", value) for value in ("x", "53", 3.5, True, (1, 2, 3), ("5", 3), {}, (5, None))],
    *[(name, value) for name in ("min_tokens", "seed", "permutations") for value in ("1", 1.5, None, True, 10**23)],
    *[("keep", value) for value in (None, 3, "", "-")],
    *[(name, value) for name in ("unit", "paragraphs", "paragraphs_by") for value in (None, 3, "", ["both"])],
    *[("workers", value) for value in ("2", 1.0, False, 0, -1, 10**23, np.float64(2))],
    *[("memory", value) for value in (None, 1e9, math.inf, 0, 10**23, b"1GB")],
    *[("batch_bytes", value) for value in ("1", 0, 1.5, 10**23)],
    *[("temp_dir", value) for value in (3, "", "a\0", b".", "nowhere", "two/a.txt", "s3://bucket/temp")],
    *[(name, 3) for name in ("text_column", "id_column", "date_column", "outlet_column", "delimiter")],
    *[("outlet_level", value) for value in ("1", 0, 1.5, True)],
    *[(name, value) for name in ("html_text", "quoting") for value in (None, 3, "some")],
    *[("header", value) for value in ("no", 0)],
    *[("overwrite", value) for value in ("no", None, 1)],
    *[("progress", value) for value in ("bar", 3, False)],
    ("no_such_option", 1),
]


@pytest.mark.parametrize(("name", "value"), ODD_OPTIONS, ids=repr)
def test_odd_values_in_python_are_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(dedup.SettingsError) as raised:
        dedup.scan("two", **{name: value})
    assert name in str(raised.value).replace("-", "_")


CALLS: list[tuple[str, Callable[[Any], object]]] = [
    ("--groups", lambda value: dedup.scan("two", groups=value)),
    ("--stories", lambda value: dedup.align("two", stories=value)),
    ("--language", lambda value: dedup.align("two", language=value)),
    ("--language", lambda value: dedup.diff("a", "b", value)),
    ("left", lambda value: dedup.diff(value, "b")),
    ("right", lambda value: dedup.diff("a", value)),
    ("text", lambda value: dedup.minhash(value)),
    ("--shingle", lambda value: dedup.minhash("a", shingle=value)),
    ("name", lambda value: dedup.explain("done", value)),
    ("path", lambda value: dedup.explain(value, "a")),
    ("path", lambda value: list(dedup.restore(value))),
    ("output folder", lambda value: dedup.scan("two", value)),
    ("output folder", lambda value: dedup.clean("two", value)),
    ("output folder", lambda value: dedup.align("two", value)),
    ("folder to restore to", lambda value: dedup.restore_to("done", value)),
    ("overwrite", lambda value: dedup.restore_to("done", "back", overwrite=value)),
    ("--passages", lambda value: dedup.report("done", passages=value)),
    ("--diffs", lambda value: dedup.report("done", diffs=value)),
    ("page", lambda value: dedup.report("done", value)),
]


@pytest.mark.parametrize(("name", "call"), CALLS)
@pytest.mark.parametrize("value", [-1, 1.5, b"two", ["two"]], ids=repr)
def test_odd_arguments_in_python_are_refused_by_name(name: str, call: Callable[[Any], object], value: Any) -> None:
    with pytest.raises(dedup.DedupError) as raised:
        call(value)
    assert name in str(raised.value)


@pytest.mark.parametrize("given", [3, None, b"two", [3], [None], [b"two"], True])
def test_odd_inputs_in_python_are_refused(given: Any) -> None:
    for call in (dedup.scan, dedup.clean, dedup.align):
        with pytest.raises(dedup.InputError, match="is a path or a table"):
            call(given)
