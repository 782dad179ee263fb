"""`dedup.analyze` and `dedup analyze`: what was read in a text."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from screens import screen

import dedup
from dedup.cli.commands import cli
from dedup.render.terminal.analysis import MAX_SHOWN, show_analysis

TEXT = "Selon NHK, entre 8 et 13 % des 25 000 ouvriers arrivent en juin 2024 : « Nous sommes prêts à partir »."


def test_facts_have_their_parts() -> None:
    found = dedup.analyze(TEXT, "fr")
    assert found.language == "fr"
    assert [TEXT[start:end] for start, end in found.sentences] == [TEXT]
    facts = {fact.kind: fact for fact in found.facts}
    percent = next(fact for fact in found.facts if fact.high)
    assert (percent.value, percent.high, percent.unit, percent.noun) == ("8", "13", "%", "")
    assert (facts["number"].value, facts["number"].noun) == ("25000", "ouvriers")
    assert facts["date"].value == "2024-06"
    assert TEXT[facts["quotation"].start : facts["quotation"].end] == "« Nous sommes prêts à partir »"
    assert [TEXT[credit.start : credit.end] for credit in found.credits] == ["NHK"]
    assert json.loads(json.dumps(found.to_dict()))["facts"][0]["value"] == "NHK"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(dedup.SettingsError, match="--language is 'french'"):
        dedup.analyze(TEXT, "french")


def test_command_prints_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    shown = CliRunner().invoke(cli, ["analyze", str(path)])
    assert shown.exit_code == 0
    for part in ("language  fr", "1 sentence", "8 to 13 %", "25000 ouvriers", "1 credited source", "credits  NHK"):
        assert part in shown.stdout
    as_json = CliRunner().invoke(cli, ["analyze", "-", "--language", "fr", "--json"], input=TEXT)
    assert json.loads(as_json.stdout) == json.loads(json.dumps(dedup.analyze(TEXT, "fr").to_dict()))


def test_file_with_several_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    result = CliRunner().invoke(cli, ["analyze", str(tmp_path / "a.jsonl")])
    assert result.exit_code == 2
    assert "contains 2 documents. Write one of them to a file." in " ".join(result.stderr.split())


def test_empty_and_long_texts() -> None:
    for text, expected in (("", "0 sentences"), ("It rained. " * (MAX_SHOWN + 7), "and 7 more; --json lists all")):
        console, output = screen(80)
        show_analysis(text, dedup.analyze(text, "en"), console)
        assert expected in output.getvalue()
