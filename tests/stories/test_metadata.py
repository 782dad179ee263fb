"""Titles, outlets, dates, URLs and authors of documents in stories."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import dedup
from dedup.stories.description.metadata import metadata_value

TEXT = "The council of Kingsport voted to build a bridge of 317 metres over the Miskatonic, for 25 million dollars."
TEXTS = [f"{TEXT} Dogs sleep for half of the day.", f"{TEXT} A storm is expected on the coast."]
PAGE = """<title>Bridge | Herald</title><meta property="og:title" content="A bridge">
<meta property="og:site_name" content="Herald"><meta property="article:published_time" content="2024-05-02T10:00:00Z">
<link rel="canonical" href="https://example.org/bridge"><meta name="author" content="Ana Sol"><p>"""
FRONT = "---\ntitle: Kingsport builds\noutlet: Post\ndate: 3 May 2024\nauthor: Bo\nurl: https://example.net/b\n---\n\n"


def documents(found: dedup.Aligned) -> list[dedup.StoryDocument]:
    [story] = found.result.stories
    return list(story.documents)


def test_pages_and_front_matter_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE + TEXTS[0], "utf-8")
    (tmp_path / "b.md").write_text(FRONT + TEXTS[1], "utf-8")
    left, right = documents(dedup.align(tmp_path))
    assert (left.title, left.outlet, left.author) == ("A bridge", "Herald", "Ana Sol")
    assert (left.time, left.url) == ("2024-05-02T10:00:00Z", "https://example.org/bridge")
    assert (right.title, right.outlet, right.author) == ("Kingsport builds", "Post", "Bo")
    assert (right.time, right.date, right.url) == ("2024-05-03", "3 May 2024", "https://example.net/b")


def test_title_does_not_change_texts_and_offsets() -> None:
    table = pa.table({"text": TEXTS, "kopf": ["The mayor of Arkham resigned", "Prices of wheat rose"]})
    plain, titled = dedup.align(table), dedup.align(table, title_column="kopf")
    assert [document.title for document in documents(titled)] == table["kopf"].to_pylist()
    assert plain.links.equals(titled.links)
    assert [document.stretches for document in documents(plain)] == [d.stretches for d in documents(titled)]
    assert documents(plain)[0].opening.startswith("The council of Kingsport")


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({"title_column": "empty"}, "--title-column has no effect: the column has no value in any document"),
        ({"date_column": "empty"}, "--date-column has no effect"),
        ({"outlet_level": 2}, "--outlet-level 2 has no effect: no document is that deep below its path"),
    ],
)
def test_options_without_effect_are_noted(options: dict[str, Any], note: str) -> None:
    table = pa.table({"text": TEXTS, "empty": [None, " "]})
    assert any(found.startswith(note) for found in dedup.align(table, **options).result.run.notes)
    assert not dedup.align(table).result.run.notes


@pytest.mark.parametrize("call", [dedup.scan, dedup.clean])
def test_columns_that_only_align_reads_are_noted(call: Any) -> None:
    table = pa.table({"text": TEXTS, "title": ["a", "b"]})
    run = call(table, title_column="title").run
    assert [note for note in run.notes if note.startswith("--title-column does not change what")]
    assert not call(table).run.notes


@pytest.mark.parametrize(
    ("value", "is_json", "expected"),
    [
        (None, False, None),
        ("  ", False, None),
        ('"Le Monde"', True, "Le Monde"),
        ("12", True, "12"),
        (["Ana", "Ana", None, "Bo"], False, "Ana; Bo"),
        ([], False, None),
        (b"caf\xc3\xa9", False, "caf\u00e9"),
        (7, False, "7"),
    ],
)
def test_values_become_text(value: Any, is_json: bool, expected: str | None) -> None:
    assert metadata_value(value, is_json=is_json) == expected
