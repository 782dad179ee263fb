"""`texts=`: texts in memory, in place of paths and tables."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import dedup

TEXT = "The council voted on Monday to build a new bridge over the river before the end of next year."
OTHER = "Nobody was hurt when a lorry with apples turned over on the road from Lyon to Paris this morning."


def test_strings() -> None:
    cleaned = dedup.clean(texts=[TEXT, OTHER, TEXT.upper()])
    assert cleaned.clean["text"].to_pylist() == [TEXT, OTHER]
    assert cleaned.removed["doc"].to_pylist() == [2]


def test_mappings_with_columns_and_missing_values() -> None:
    rows = [{"id": "a", "text": TEXT, "outlet": "NHK", "date": date(2024, 5, 2)}, {"text": OTHER, "id": "b", "n": 1}]
    table = dedup.clean(texts=iter(rows)).to_arrow()
    assert table["id"].to_pylist() == ["a", "b"]
    assert (table["outlet"].to_pylist(), table["n"].to_pylist()) == (["NHK", None], [None, 1])
    assert table["date"].to_pylist() == [date(2024, 5, 2), None]


def test_texts_are_the_same_as_a_table() -> None:
    texts = [TEXT, f"{OTHER}\n\n{TEXT}", "", TEXT]
    as_table, as_texts = dedup.clean(pa.table({"text": texts})), dedup.clean(texts=texts)
    assert as_texts.to_arrow("removed").equals(as_table.to_arrow("removed"))


def test_every_function_that_reads_a_corpus_takes_texts(tmp_path: Path) -> None:
    assert dedup.scan(texts=[TEXT, TEXT]).run.removed_documents == 1
    assert dedup.tune(texts=[TEXT, TEXT]).thresholds[0].removed.documents == 1
    assert dedup.align(texts=[TEXT, OTHER]).run.counts["documents"] == 2
    index = dedup.Index(tmp_path / "index")
    assert index.add(texts=[TEXT]).run.removed_documents == 0
    assert index.compare(texts=[TEXT]).run.removed_documents == 1


def test_strings_by_position_stay_paths(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert dedup.clean([str(tmp_path / "a.txt")]).clean["text"].to_pylist() == [TEXT]
    with pytest.raises(dedup.InputError, match="does not exist"):
        dedup.clean([TEXT])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "No input is given"),
        ({"inputs": "a.txt", "texts": ["a"]}, "both given"),
        ({"texts": "one text"}, r"texts is str; it must be a list of texts"),
        ({"texts": {"text": "a"}}, "texts is dict"),
        ({"texts": 3}, "texts is int"),
        ({"texts": ["a", 3]}, "texts has 3"),
        ({"texts": [b"a"]}, "texts has b'a'"),
        ({"texts": ["a\ud800"]}, "The values of 'text' in texts cannot be stored"),
        ({"texts": [{"text": "a", "n": 1}, {"text": "b", "n": "x"}]}, "The values of 'n' in texts cannot be stored"),
        ({"texts": [{"n": 1}]}, "column"),
        ({"texts": []}, "no document|nothing to read|No document|empty"),
    ],
)
def test_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(dedup.DedupError, match=message):
        dedup.clean(**arguments)
