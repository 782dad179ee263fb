"""A name that several documents have is an error that lists them; each can be named by its rank."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dedup
from dedup.cli.commands import cli

TEXTS = ["The council of Brest voted on Tuesday to build a bridge over the river.", "Dogs barked all night.", "Rain."]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write rows of which two have the same id, and the output of `clean`."""
    monkeypatch.chdir(tmp_path)
    lines = [json.dumps({"id": name, "text": text}) for name, text in zip("aba", TEXTS, strict=True)]
    Path("rows.jsonl").write_text("\n".join(lines), "utf-8")
    assert dedup.clean("rows.jsonl", "out").run.counts["repeated_ids"] == 1
    return "rows.jsonl"


@pytest.mark.parametrize(
    "command", [["explain", "out", "a"], ["diff", "--in", "out", "a", "b"], ["diff", "--in", "rows.jsonl", "b", "a"]]
)
def test_documents_of_the_same_id_are_listed(rows: str, command: list[str]) -> None:
    done = run(*command)
    assert (done.exit_code, done.stdout) == (2, "")
    expected = f"2 documents have the id 'a': #0 ({rows}), #2 ({rows}). Name one of them by its #."
    assert expected in done.stderr


@pytest.mark.usefixtures("rows")
def test_each_can_be_named_by_its_rank() -> None:
    explained = json.loads(run("explain", "out", "#2", "--json").stdout)
    assert [item["doc"] for item in explained] == [2]
    assert run("diff", "--in", "out", "#0", "#2", "--json").exit_code == 0
    assert [item.doc for item in dedup.explain("out", "a")] == [0, 2]


@pytest.mark.usefixtures("rows")
def test_an_unknown_id_suggests_similar_ones() -> None:
    done = run("explain", "out", "rowz")
    assert done.exit_code == 2
    assert "No document of out has the id or path 'rowz'" in done.stderr
