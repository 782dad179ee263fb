"""Generated corpora contain the duplicates they state, and their evaluation counts every error."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import recall
import reference
import scale
import synthetic
from hypothesis import given
from hypothesis import strategies as st

import dedup

RANKS = np.random.default_rng(1).zipf(1.3, 20_000) % 2000
MARKS = np.random.default_rng(2).choice(["", ".", ",", "'"], 20_000, p=[0.85, 0.06, 0.06, 0.03])
WORDS = [f"é{rank}{mark}" for rank, mark in zip(RANKS, MARKS, strict=True)]
SHORT = (60, 200)
BASE = synthetic.BaseText([piece for word in WORDS for piece in (word, " ")], 1, SHORT)
blocks = st.integers(0, 60)
seeds = st.integers(0, 20)


def text_of(base: synthetic.BaseText, doc: int) -> str:
    if synthetic.is_planted(doc):
        return synthetic.planted(base, doc)[0]
    return "".join(synthetic.ordinary(base, doc).pieces)


def reference_jaccard(left: str, right: str, n: int) -> float:
    return reference.jaccard(*(reference.shingles(reference.tokens(text), n) for text in (left, right)))


def changed(before: list[str], after: list[str]) -> list[int]:
    assert len(before) == len(after)
    return [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]


@given(blocks, st.integers(7, 9), seeds)
def test_planted_text_has_the_stated_jaccard_to_an_earlier_text(block: int, position: int, seed: int) -> None:
    base, doc = BASE._replace(seed=seed), 10 * block + position
    text, planted = synthetic.planted(base, doc)
    assert planted.doc == doc > planted.source >= 0
    assert not synthetic.is_planted(planted.source)
    assert planted.jaccard == reference_jaccard(text, text_of(base, planted.source), 5)


@given(blocks, seeds, st.booleans())
def test_repeated_paragraph_has_the_stated_spans_and_edits(block: int, seed: int, within: bool) -> None:
    base, doc = BASE._replace(seed=seed), 10 * block + (not within)
    (repeat,) = synthetic.ordinary(base, doc).repeats
    assert repeat.location.doc == doc >= repeat.source.doc
    assert (repeat.source.doc == doc) is within
    sides = []
    for location in (repeat.location, repeat.source):
        text = text_of(base, location.doc)
        spans = {(span.start, span.end) for span in reference.paragraphs(text, "auto")}
        assert (location.start, location.end) in spans
        sides.append(text[location.start : location.end])
    assert len(changed(*(side.split(" ") for side in sides))) == repeat.edits <= synthetic.MAX_PARAGRAPH_EDITS
    assert repeat.jaccard == reference_jaccard(*sides, 3)
    assert len(reference.tokens(sides[1])) >= 20


def test_ordinary_texts_are_not_similar() -> None:
    base = BASE._replace(pieces=BASE.pieces[:1000])  # 500 words for 70 texts of 60 to 200
    texts = [text_of(base, doc) for doc in range(100) if not synthetic.is_planted(doc)]
    assert max(synthetic.jaccard(left, right, 5) for left, right in combinations(texts, 2)) < 0.3
    assert [len(synthetic.ordinary(BASE, doc).repeats) for doc in range(7)] == [1, 1, 0, 0, 0, 0, 0]


def test_all_kinds_are_planted() -> None:
    planted = [synthetic.planted(BASE, doc) for doc in range(500) if synthetic.is_planted(doc)]
    assert {made.kind for _, made in planted} == set(synthetic.KINDS)
    for text, made in planted:
        source = text_of(BASE, made.source)
        if made.kind == synthetic.CONCATENATION:
            rest = text.removeprefix(f"{source}\n\n") if text.startswith(source) else text.removesuffix(f"\n\n{source}")
            assert rest != text
            assert reference_jaccard(text, rest, 5) <= made.jaccard
        elif made.kind in synthetic.SAME_TOKENS:
            assert text == synthetic.SAME_TOKENS[made.kind](source)
            assert made.jaccard == 1


@given(st.integers(60, 200), st.sampled_from([0.01, 0.1, 0.5]), seeds)
def test_edits_change_the_stated_share(words: int, share: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    page, count = BASE.stretch(words, random), max(1, round(share * words))
    edited = changed(page, synthetic.edit_words(page, share, BASE, random))
    assert count / 2 - 1 <= len(edited) <= count  # a word may be replaced by itself
    scanned = changed(page, synthetic.add_ocr_errors(page, share, BASE, random))
    assert len({at // 2 for at in scanned}) == len(scanned) == count
    filled = changed(page, synthetic.fill_template(page, share, BASE, random))
    assert not filled or filled[-1] - filled[0] < 2 * count
    longer, remaining = synthetic.insert_sentences(page, share, BASE, random), iter(page)
    assert len(longer) - len(page) == 2 * count
    shorter, sentences = synthetic.delete_sentences(page, share, BASE, random), synthetic.split_sentences(page)
    assert all(piece in remaining for piece in shorter)  # in the same order
    assert len(page) - len(shorter) < share * len(page) + max(map(len, sentences))
    assert sorted(synthetic.shuffle_sentences(page, share, BASE, random)) == sorted(page)


def test_same_seed_writes_the_same_bytes(prose: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        scale.generate([prose], tmp_path / name, 100_000, seed, SHORT)
    for file in ("corpus.parquet", "truth.parquet", "repeats.parquet"):
        first, same, other = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert first == same != other
    texts = pq.read_table(tmp_path / "a" / "corpus.parquet")["text"].to_pylist()
    assert texts == [text_of(scale.read_base_text([prose], 1, SHORT), doc) for doc in range(len(texts))]


@pytest.fixture(scope="module")
def cleaned(prose: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate a corpus and clean it."""
    folder = tmp_path_factory.mktemp("cleaned")
    scale.generate([prose], folder, 600_000, 1, SHORT)
    dedup.clean(folder / "corpus.parquet", folder / "out", paragraphs="all")
    return folder


def test_evaluation_counts_planted_duplicates(cleaned: Path, tmp_path: Path) -> None:
    results = recall.evaluate(cleaned, tmp_path)
    planted_rows = pq.read_table(cleaned / "truth.parquet").to_pylist()
    removed = pq.read_table(cleaned / "out" / "removed.parquet").to_pylist()
    removed_docs = {row["doc"] for row in removed if row["unit"] == "document"}
    for kind, planted, reached, found, _, below, below_removed, unjustified in results["tables"]["kind of edit"]:
        rows = [row for row in planted_rows if row["kind"] == kind]
        to_find = {row["doc"] for row in rows if row["jaccard"] >= 0.8}
        assert (planted, reached, below) == (len(rows), len(to_find), len(rows) - len(to_find))
        assert found == len(removed_docs & to_find)  # ordinary texts are kept
        assert below_removed == len(removed_docs & {row["doc"] for row in rows}) - found
        assert unjustified == 0
    counts = results["counts"]
    assert counts["texts lost"] == counts["ordinary texts removed"] == 0
    for unit in ("document", "paragraph"):
        assert counts[f"{unit}s removed without justification"] == 0
        assert counts[f"{unit}s with a wrong Jaccard similarity"] == 0
        assert counts[f"{unit}s compared again"] == counts[f"{unit}s removed"] > 20


def test_evaluation_counts_each_kind_of_error(tmp_path: Path) -> None:
    original, edited, ordinary = "a b c d e f g", "a b c d e f x", "m n o p q r s"
    texts = [original, original, original, ordinary, ordinary, edited, edited]
    near = synthetic.jaccard(original, edited, 5)
    # Text 1 is removed in favour of 0. Both texts of the pair 0 and 2 are kept. Of 3 and 4 the source is removed.
    # Text 5 names a removed text, with a wrong similarity. The pair 0 and 6 is below the threshold. Text 4 is lost.
    planted = [(1, 0, 1.0), (2, 0, 1.0), (4, 3, 1.0), (5, 0, 0.8), (6, 0, near)]
    removed = [
        ("document", 1, 0, 1.0),
        ("document", 3, 4, 1.0),
        ("document", 5, 1, 0.8),
        ("document", 6, 0, near),
        ("paragraph", 2, 0, 1.0),
    ]
    # A paragraph of text 2 is removed, one of text 0 is missed, and text 1 is removed as a document.
    repeats = [(2, 0, 0), (0, 20, 1), (1, 0, 0)]
    spans = {"start": 0, "end": 13, "kept_start": 0, "kept_end": 13}
    tables = {
        "corpus": pa.table({"text": texts}),
        "truth": pa.Table.from_pylist(
            [
                {"doc": doc, "source": source, "kind": "copy", "share": 0.0, "jaccard": value}
                for doc, source, value in planted
            ],
            scale.TRUTH,
        ),
        "repeats": pa.Table.from_pylist(
            [
                {"doc": doc, "start": start, "source_doc": 0, "source_start": 0, "edits": edits, "jaccard": 1.0}
                for doc, start, edits in repeats
            ],
            scale.REPEATS,
        ),
        "out/clean": pa.table({"doc": [0, 2]}),
        "out/removed": pa.Table.from_pylist(
            [
                {"doc": doc, "kept_doc": kept, "jaccard": value, "unit": unit, "reason": "near", **spans}
                for unit, doc, kept, value in removed
            ]
        ),
    }
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text('{"settings": {"paragraphs": "all"}}')
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    results = recall.evaluate(tmp_path, tmp_path)
    ((kind, *counts),) = results["tables"]["kind of edit"]
    settings = dedup.Settings()
    expected = (3 + 1 - (1 - 0.8**settings.rows) ** settings.bands) / 4
    assert (kind, *counts) == ("copy", 5, 4, 3, pytest.approx(expected), 1, 1, 2)
    assert results["tables"]["paragraphs, words that differ"] == [
        ("across texts, 0", 1, 1, 1, 1.0, 0, 0, 0),
        ("within a text, 1", 1, 1, 0, 1.0, 0, 0, 0),
    ]
    assert results["counts"]["documents removed"] == 4
    assert results["counts"]["documents removed without justification"] == 2
    assert results["counts"]["documents with a wrong Jaccard similarity"] == 1
    assert results["counts"]["ordinary texts removed"] == 1
    assert results["counts"]["texts lost"] == 1
