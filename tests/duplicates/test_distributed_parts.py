"""The parts of a run on Spark: keys of the keep order, formats of strings, pieces, origins, texts of units."""

import dataclasses
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from hypothesis import assume, example, given
from hypothesis import strategies as st
from value_columns import columns, string_columns

from dedup.corpus import Corpus, open_corpus
from dedup.duplicates.columns.keep_key import KeepKey, has_sortable_type
from dedup.duplicates.columns.keep_order import StringFormats, cast_strings, column_precedence
from dedup.duplicates.distributed.storage.pieces import StoredPieces, divide
from dedup.duplicates.distributed.tasks.unit_rows import unit_texts
from dedup.duplicates.sketches.signatures import sketch_batch, sketch_corpus, sketch_settings
from dedup.duplicates.sketches.units import UNIT
from dedup.outputs.origins import Origin, OriginRuns
from dedup.runtime.shared_folder import SharedFolder
from dedup.settings import Resources, Settings

ORIGINS = [Origin(), Origin("extracted"), Origin("rows", separator="\n"), Origin(encoding="latin-1")]


def corpus_of(folder: Path, column: pa.Array) -> Corpus:
    texts = pa.array([str(number) for number in range(len(column))])
    return open_corpus([pa.table({"text": texts, "value": column})], folder)


def order_of(keys: pa.Array) -> list[int]:
    """Return the documents in the order of keys, nulls last, equal keys by rank."""
    found = keys.to_pylist()
    return sorted(range(len(found)), key=lambda doc: (found[doc] is None, found[doc] or 0, doc))


@given(columns, st.booleans())
@example(pa.array([-0.0, 0.0, float("nan"), None, -1.5, float("-inf")]), True)
@example(pa.array([2**63, 0, 2**64 - 1, None], pa.uint64()), True)
def test_keys_have_the_order_of_the_column(
    tmp_path_factory: pytest.TempPathFactory, column: pa.Array, descending: bool
) -> None:
    assume(has_sortable_type(column.type))
    folder = tmp_path_factory.mktemp("run")
    corpus = corpus_of(folder, column)
    precedence = column_precedence("-value" if descending else "value", corpus)
    assert precedence is not None
    values = pa.concat_arrays([batch.column(0) for _, batch in corpus.batches(["value"])])
    keys = KeepKey("value", descending).keys(values)
    assert order_of(keys) == np.argsort(precedence, kind="stable").tolist()


@given(string_columns, st.lists(st.integers(0, 12), max_size=4))
@example(pa.array(["2024-02-30", "2024-01-01"]), [1])
@example(pa.array(["2024", "20240501"]), [1])
@example(pa.array(["", None, "n/a"]), [1])
@example(pa.array(["1", "2.5", "3"]), [1, 2])
def test_formats_of_parts_decide_as_the_whole_column(column: pa.Array, cuts: list[int]) -> None:
    strings = column.cast(pa.large_string())
    bounds = sorted({0, len(strings), *(cut for cut in cuts if cut < len(strings))})
    parts = [strings[low:high] for low, high in zip(bounds, bounds[1:], strict=False)]
    formats = [StringFormats.of(pa.chunked_array([part])) for part in parts]
    joined = formats[0]
    for others in formats[1:]:
        joined = others.joined(joined)
    expected = cast_strings(pa.chunked_array([strings]))
    assert joined.data_type == (None if expected is None else expected.type)


@given(
    st.lists(st.lists(st.text(max_size=20), max_size=8), min_size=1, max_size=4), st.integers(1, 60), st.integers(1, 3)
)
def test_pieces_have_all_documents_in_order(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[str]], piece_bytes: int, group_rows: int
) -> None:
    assume(any(groups))
    folder = tmp_path_factory.mktemp("run")
    inputs: list[Any] = []
    for number, texts in enumerate(groups):
        whole = pa.table({"text": pa.array(texts, pa.string())})
        if number % 2:
            pq.write_table(whole, folder / f"{number}.parquet", row_group_size=group_rows)
        inputs.append(folder / f"{number}.parquet" if number % 2 else whole)
    corpus = open_corpus(inputs, folder)
    pieces = list(divide(corpus, piece_bytes))
    stored = StoredPieces.write(corpus, SharedFolder(folder / "work"), "pieces", Resources(workers=1), 2)
    found, expected = [], read(corpus)
    for piece in pieces:
        assert piece.first == len(found)
        part = stored.open(pickle.loads(pickle.dumps(piece)))
        assert part.rows == piece.rows == piece.origins.rows
        assert [piece.origins.of(doc) for doc in range(piece.rows)] == [
            corpus.origins.of(piece.first + doc) for doc in range(piece.rows)
        ]
        rows = read(part)
        some = np.arange(0, piece.rows, 2)
        wanted = {first + at: row for first, batch in part.batches(wanted=some) for at, row in enumerate(batch.to_pylist())}
        assert [wanted[doc] for doc in some.tolist()] == rows[::2]
        found += rows
    assert found == expected
    assert sum(piece.rows for piece in pieces) == corpus.rows
    whole_piece = stored.read(0)
    assert (stored.firsts, whole_piece.first, whole_piece.rows) == ((0,), 0, corpus.rows)


def read(corpus: Corpus, wanted: Any = None) -> list[dict[str, Any]]:
    return [row for _, batch in corpus.batches(wanted=wanted) for row in batch.to_pylist()]


runs = st.lists(st.tuples(st.sampled_from(ORIGINS), st.integers(0, 5)), max_size=6)


def runs_of(parts: list[tuple[Origin, int]]) -> OriginRuns:
    made = OriginRuns()
    for origin, count in parts:
        made.add(origin, count)
    return made


def listed(found: OriginRuns) -> list[Origin]:
    return [found.of(doc) for doc in range(found.rows)]


@given(runs, runs, st.integers(0, 30), st.integers(0, 30))
def test_origins_are_cut_and_joined_as_a_list(
    left: list[tuple[Origin, int]], right: list[tuple[Origin, int]], first: int, stop: int
) -> None:
    both = runs_of(left)
    both.extend(runs_of(right))
    expected = [origin for origin, count in left + right for _ in range(count)]
    assert listed(both) == expected
    assert dataclasses.asdict(both) == dataclasses.asdict(runs_of(left + right))
    first, stop = sorted((min(first, len(expected)), min(stop, len(expected))))
    part = both.slice(first, stop) if first < stop else OriginRuns()
    assert (part.rows, listed(part)) == (stop - first, expected[first:stop])
    assert len(part.starts) <= len(both.starts)


texts = st.lists(st.one_of(strategies.texts, strategies.layouts(), strategies.books()), min_size=1, max_size=4)


@given(
    texts,
    st.builds(
        Settings,
        tokens=st.sampled_from(["words", "signs"]),
        paragraphs=st.just("all"),
        paragraphs_by=st.sampled_from(["auto", "line", "blank-line"]),
        min_tokens=st.sampled_from([0, 1, 5]),
        ignore=st.sampled_from([(), ("[0-9]+",), ("(?m)^> .*$", "[aeé漢]")]),
        permutations=st.just(16),
    ),
    st.booleans(),
)
@example(["> a quoted text\n> of two lines\n\nan answer\n\n> a quoted text\n> of two lines"], Settings(paragraphs="all"), True)
def test_the_text_of_a_unit_has_the_sketch_of_the_unit(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], settings: Settings, is_paragraph: bool
) -> None:
    if is_paragraph:
        settings = dataclasses.replace(settings, min_tokens=max(1, settings.min_tokens))
    column = pa.array(["before", *texts], pa.large_string())[1:]
    folder = tmp_path_factory.mktemp("run")
    sketches = sketch_corpus([(0, column)], sketch_settings(settings), folder, 1, settings.ignore)
    units = sketches.paragraphs if is_paragraph else sketches.documents
    records = units.look_up(np.arange(len(units)), UNIT.names or ())
    alone = unit_texts(column, records, records["doc"], settings.ignore)
    shingle = settings.shingle_paragraphs if is_paragraph else settings.shingle_documents
    how = sketch_settings(settings)._replace(shingle_documents=shingle, shingle_paragraphs=0)
    found = sketch_batch(0, alone.cast(pa.large_binary()).view(pa.large_string()), how).documents
    assert found.tokens.tolist() == records["tokens"].tolist()
    assert found.sequence.tolist() == records["sequence"].tolist()
    some = records["tokens"] > 0
    assert (found.keys[some] == units.keys.map()[some]).all()
    assert (found.signature.view(np.uint64)[some] == units.signature.map()[some]).all()
