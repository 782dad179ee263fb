"""Adding a corpus in parts gives what one run of `clean` gives, and queries give what adding would."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import reference
import strategies
from clean_runs import ALL, DEFAULT, TEN, a_corpus, options, table
from hypothesis import example, given
from hypothesis import strategies as st

import dedup

TWELVE = f"{TEN} eleven twelve"
# What may differ between one run and several.
DIFFERING = {"path", "row", "kept_path", "copies"}


def with_ids(corpus: pa.Table) -> pa.Table:
    names = pa.array([f"d{rank}" for rank in range(corpus.num_rows)])
    return corpus.set_column(corpus.schema.get_field_index("id"), "id", names)


def comparable(tables: list[pa.Table]) -> list[dict[str, Any]]:
    rows = [row for part in tables for row in part.to_pylist()]
    return [{key: value for key, value in row.items() if key not in DIFFERING} for row in rows]


def settings_of(chosen: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in chosen.items() if value is not None} | {"keep": "first", "workers": 1}


def split(corpus: pa.Table, cuts: list[int]) -> list[pa.Table]:
    bounds = sorted({0, corpus.num_rows, *(cut for cut in cuts if cut < corpus.num_rows)})
    return [corpus.slice(low, high - low) for low, high in pairwise(bounds)]


@strategies.FEW
@given(strategies.corpora(most=10), options, st.lists(st.integers(1, 9), max_size=4), st.sampled_from([1, 2, 64]))
@example(a_corpus(TEN, f"{TEN} a", TEN, f"{TEN} a", "x"), DEFAULT, [1, 2, 3], 64)
@example(a_corpus(f"{TWELVE}\n\n{TEN}", f"{TEN}\n\nx", f"{TWELVE}\n\n{TEN}", TEN), ALL, [1, 2], 64)
@example(a_corpus(f"{TWELVE}\n\n{TEN}", f"x y z\n\n{TWELVE}!", f"{TWELVE}\n\nx y z", "x y z"), ALL, [1, 2, 3], 2)
@example(a_corpus("a b c", "a b c", "?", "?", None, ""), DEFAULT | {"min_tokens": 20}, [1, 2, 3, 4, 5], 64)
def test_adding_in_parts_equals_one_run(
    tmp_path_factory: pytest.TempPathFactory,
    corpus: strategies.Corpus,
    chosen: dict[str, Any],
    cuts: list[int],
    largest_bucket: int,
) -> None:
    if not corpus.texts:
        return
    settings, whole = settings_of(chosen), with_ids(table(corpus))
    at_once = dedup.clean(whole, **settings)
    index = dedup.Index(tmp_path_factory.mktemp("run") / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        parts = [index.add(part, **settings) for part in split(whole, cuts)]
    assert comparable([part.removed for part in parts]) == comparable([at_once.removed])
    assert comparable([part.clean for part in parts]) == comparable([at_once.clean])
    assert index.info().documents == whole.num_rows
    assert [part.run.index.version for part in parts if part.run.index] == list(range(1, len(parts) + 1))


@strategies.FEW
@given(strategies.corpora(most=8), options, strategies.corpora(most=4))
@example(a_corpus(f"{TWELVE}\n\n{TEN}", "x y z"), ALL | {"min_tokens": 5}, a_corpus(f"{TWELVE}!", f"{TEN}\n\nx y z"))
@example(a_corpus(TEN, f"{TEN} a", f"{TEN} a b"), DEFAULT | {"threshold": 0.6}, a_corpus(f"{TEN} a b c"))
def test_a_query_finds_what_adding_would_remove(
    tmp_path_factory: pytest.TempPathFactory,
    corpus: strategies.Corpus,
    chosen: dict[str, Any],
    asked: strategies.Corpus,
) -> None:
    if not corpus.texts:
        return
    settings, by_signs = settings_of(chosen), chosen.get("tokens") == "signs"
    index = dedup.Index(tmp_path_factory.mktemp("run") / "index")
    index.add(with_ids(table(corpus)), **settings)
    texts = [text or "" for text in asked.texts]
    results = index.query(texts)
    assert len(results) == len(texts)
    for text, result in zip(texts, results, strict=True):
        removed = index.compare(pa.table({"text": [text]})).removed.to_pylist()
        expected = [row for row in removed if row["scope"] == "across"]
        found = [result.document] if result.document else list(result.paragraphs)
        assert result.known == any(row["unit"] == "document" for row in expected)
        of_text = {(row["unit"], row["start"], row["end"]): row for row in expected}
        for unit in found:
            row = of_text.get((unit.unit, unit.start, unit.end))
            if row is None:  # removed for a more similar paragraph of its own text, or inside a block that is
                assert unit.unit == "paragraph"
                continue
            assert (unit.kept.id, unit.kept.doc) == (row["kept_id"], row["kept_doc"])
            assert (unit.kept.start, unit.kept.end) == (row["kept_start"], row["kept_end"])
            assert (unit.reason, unit.jaccard) == (row["reason"], row["jaccard"])
            assert unit.containment == row["containment"]
            sizes = chosen["shingle"] or (5, 3)
            n = sizes if isinstance(sizes, int) else sizes[unit.unit == "paragraph"]
            words = reference.document_tokens(unit.kept_text, by_signs)
            own = reference.document_tokens(text[unit.start : unit.end], by_signs)
            assert unit.jaccard == reference.jaccard(reference.shingles(words, n), reference.shingles(own, n))
        assert {(unit.unit, unit.start, unit.end) for unit in found} >= of_text.keys()


@pytest.mark.parametrize("settings", [{"paragraphs": "all", "min_tokens": 5}, {}], ids=["all", "within"])
def test_a_large_corpus_in_parts_equals_one_run(tmp_path: Path, settings: dict[str, Any]) -> None:
    whole = with_ids(strategies.varied_corpus(7, 1200))
    at_once = dedup.clean(whole, **settings)
    index = dedup.Index(tmp_path / "index")
    parts = []
    for number, part in enumerate(split(whole, [1, 400, 401, 900])):
        parts.append(index.add(part, tmp_path / f"out-{number}", workers=number % 2 + 1, **settings))
        if number == 2:
            index.compact()
    assert comparable([part.removed for part in parts]) == comparable([at_once.removed])
    assert comparable([part.clean for part in parts]) == comparable([at_once.clean])
    assert at_once.removed.num_rows > 300
    restored = [row for part in parts if part.out for batch in dedup.restore(part.out) for row in batch.to_pylist()]
    assert [row["text"] for row in restored] == whole["text"].to_pylist()
    assert [row["doc"] for row in restored] == list(range(whole.num_rows))
