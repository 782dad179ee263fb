"""Documents as tables: what is read back, and links and terms against the code that compares one pair at a time."""

import gc
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import fields
from itertools import combinations
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment import blocks
from dedup.alignment.blocks import link_texts
from dedup.alignment.document_frequency import EMPTY_CORPUS, CorpusStatistics
from dedup.alignment.links import link_equal_sentences
from dedup.alignment.shared_facts import fact_keys, find_shared_facts
from dedup.runtime.processes import ProcessPool
from dedup.stories import terms as terms_module
from dedup.stories.documents import batch_linking, linking
from dedup.stories.documents.analyse import ReadDocument, analyse_texts, make_tables
from dedup.stories.documents.batch_linking import BatchLinker
from dedup.stories.documents.comparing import LinkedPair
from dedup.stories.documents.linkers import FEW_CELLS, make_linker
from dedup.stories.documents.linking import Chunk, PairLinker, chunk_pairs
from dedup.stories.documents.store import DocumentWriter, StoredDocuments
from dedup.stories.evidence.profile import make_profile
from dedup.stories.terms import find_terms
from dedup.text.analysis import Analysis, analyse

SENTENCES = [
    "NHK counted 25,000 workers in Alabuga on 8 October 2024.",
    "The workers of Alabuga build drones, Ana Sol said.",
    "About 25,000 people work in Alabuga since 8 October, according to NHK.",
    "The International Atomic Energy Agency inspected 3 reactors on 8 October 2023.",
    "Inspectors of the IAEA came on 8 October and left in March 2024.",
    "“We will build the northern pillar of the bridge again next year”, Ana Sol Verde said.",
    "Ana Sol said: “We will build the northern pillar of the old bridge again next year.”",
    "The northern pillar had 14 cracks, 12 of them deep.",
    "Inspectors found 12 cracks and 14 holes in the northern pillar of the bridge.",
    "Sign up for our newsletter.",
    "Yes.",
    "No, no.",
    "The bridge was closed on Tuesday.",
    "The bridge was closed on Tuesday, and the ferry will sail until 3 May.",
    "Norvik Steel reported a loss of 3.2 million euros.",
    "Die Brücke wurde am Dienstag gesperrt, sagte Ana Sol.",
    "Nach Angaben von NHK arbeiten 25.000 Menschen in Alabuga.",
    "…",
]
TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=7).map(" ".join)
LANGUAGES = st.sampled_from(["en", "en", "en", "de"])
CORPORA = st.lists(st.tuples(TEXTS, LANGUAGES), min_size=2, max_size=4)


PAIR = Chunk(np.array([[0, 1]]), np.array([True]))


def read(corpus: Sequence[tuple[str, str]]) -> list[ReadDocument]:
    analyses = [analyse(text, language) for text, language in corpus]
    return [ReadDocument(analysis, make_profile(analysis)) for analysis in analyses]


def stored(documents: Sequence[ReadDocument], statistics: CorpusStatistics, folder: str) -> StoredDocuments:
    writer = DocumentWriter(Path(folder))
    for first in range(0, len(documents), 2):  # in several parts, as batches are written
        writer.append(make_tables(documents[first : first + 2]))
    found = StoredDocuments(Path(folder))
    found.write_corpus_columns(statistics, frozenset({5}))
    return found


def linker_of(documents: Sequence[ReadDocument], statistics: CorpusStatistics, folder: str) -> BatchLinker:
    return BatchLinker(stored(documents, statistics, folder), statistics, ProcessPool(1))


@st.composite
def statistics_of(draw: st.DrawFn, documents: Sequence[ReadDocument]) -> CorpusStatistics:
    """Statistics in which some words and facts are frequent, and some sentences boilerplate."""
    known = {int(term) for document in documents for term in document.analysis.terms.content.ids}
    known |= {key for document in documents for fact in document.analysis.facts for key in fact_keys(fact)}
    wordings = {int(wording) for document in documents for wording in document.analysis.terms.wordings}
    chosen = sorted(draw(st.sets(st.sampled_from(sorted(known))))) if known else []
    counts = draw(st.lists(st.integers(3, 90), min_size=len(chosen), max_size=len(chosen)))
    boilerplate = draw(st.sets(st.sampled_from(sorted(wordings)), max_size=2)) if wordings else set()
    return CorpusStatistics(np.array(chosen, np.int64), np.array(counts, np.int64), 100, frozenset(boilerplate))


def same_pair(found: LinkedPair | None, left: Analysis, right: Analysis, statistics: CorpusStatistics) -> float:
    """Check the links of a pair against the code that compares one pair; return the best score."""
    facts = find_shared_facts(left, right, statistics)
    if left.language == right.language:
        expected = link_texts(left.terms, right.terms, facts.weights, statistics)
    else:
        expected = link_equal_sentences(left.terms, right.terms, statistics)
    if found is None:
        assert not len(expected.pairs)
    else:
        assert found.facts == facts.pairs
        np.testing.assert_array_equal(found.found.pairs, expected.pairs)
        np.testing.assert_array_equal(found.found.related, expected.related)
        np.testing.assert_allclose(found.found.scores, expected.scores, atol=1e-9)
    return expected.nearest


@given(CORPORA, st.data())
def test_links_are_those_of_the_comparison_of_single_pairs(corpus: list[tuple[str, str]], data: st.DataObject) -> None:
    documents = read(corpus)
    statistics = data.draw(statistics_of(documents))
    pairs = list(combinations(range(len(documents)), 2))
    same = [corpus[left][1] == corpus[right][1] for left, right in pairs]
    with tempfile.TemporaryDirectory() as folder:
        linker = linker_of(documents, statistics, folder)
        chunk = Chunk(np.array(pairs), np.array(same))
        [found] = linker.link([chunk])
        [single] = PairLinker(StoredDocuments(Path(folder)), statistics).link([chunk])
    assert [pair[:2] for pair in single.pairs] == [pair[:2] for pair in found.pairs]
    np.testing.assert_allclose(single.nearest, found.nearest, atol=1e-9)
    linked = {(pair.left, pair.right): pair for pair in found.pairs}
    assert list(linked) == sorted(linked)
    for (left, right), nearest in zip(pairs, found.nearest.tolist(), strict=True):
        sides = documents[left].analysis, documents[right].analysis
        assert same_pair(linked.get((left, right)), *sides, statistics) == pytest.approx(nearest, abs=1e-9)


@given(TEXTS, TEXTS)
def test_long_texts_are_linked_block_by_block(one: str, other: str) -> None:
    documents = read([(one, "en"), (other, "en")])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "MAX_SENTENCE_PAIRS", 0)
        patch.setattr(batch_linking, "MAX_SENTENCE_PAIRS", 0)
        [found] = linker_of(documents, EMPTY_CORPUS, folder).link([PAIR])
        linked = found.pairs[0] if found.pairs else None
        nearest = same_pair(linked, documents[0].analysis, documents[1].analysis, EMPTY_CORPUS)
    assert found.nearest.tolist() == [pytest.approx(nearest)]


def test_values_with_too_many_mentions_are_left_out() -> None:
    """101 x 100 mentions of a name are too many; the other facts of the documents are found."""
    documents = read([("Alabuga fell. " * 101 + "NHK said so.", "en"), ("Alabuga fell. " * 100 + "NHK said so.", "en")])
    with tempfile.TemporaryDirectory() as folder:
        [found] = linker_of(documents, EMPTY_CORPUS, folder).link([PAIR])
    assert [documents[0].analysis.facts[left].value for left, _ in found.pairs[0].facts] == ["NHK"]
    same_pair(found.pairs[0], documents[0].analysis, documents[1].analysis, EMPTY_CORPUS)


@given(CORPORA)
def test_documents_are_read_as_they_were_written(corpus: list[tuple[str, str]]) -> None:
    documents = read(corpus)
    with tempfile.TemporaryDirectory() as folder:
        found = stored(documents, EMPTY_CORPUS, folder)
        assert list(found.texts) == [text for text, _ in corpus]
        languages = found.languages()
        assert [languages.names[code] for code in languages.codes] == [language for _, language in corpus]
        for doc, (analysis, profile) in enumerate(documents):
            side = found.side(doc)
            for item in fields(analysis):
                assert getattr(side.analysis, item.name) == getattr(analysis, item.name)
            stems = {stem for sentence in analysis.stems for stem in sentence} | {"unknown"}
            assert all(side.analysis.sentences_with(stem) == analysis.sentences_with(stem) for stem in stems)
            assert [*side.analysis.words] == [*analysis.words]
            assert [*side.profile.frames] == [*profile.frames]
            for item in fields(profile):
                if item.name not in ("frames", "boilerplate"):
                    np.testing.assert_array_equal(getattr(side.profile, item.name), getattr(profile, item.name))


@given(CORPORA)
def test_tables_do_not_depend_on_batches(corpus: list[tuple[str, str]]) -> None:
    texts = [text for text, _ in corpus]
    whole = analyse_texts("en", texts)
    parts = [analyse_texts("en", [text]) for text in texts]
    for name, groups in whole.tables.items():
        rows = np.concatenate([part.tables[name].rows for part in parts])
        np.testing.assert_array_equal(groups.rows, rows)
    assert whole.boilerplate == frozenset().union(*(part.boilerplate for part in parts))
    assert whole.characters == sum(map(len, texts))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12), st.integers(1, 8), st.integers(1, 4))
def test_chunks_are_all_pairs_in_order(pairs: list[tuple[int, int]], cells: int, most: int) -> None:
    sizes = np.arange(7)
    array = np.array(pairs, np.int64).reshape(-1, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "CHUNK_CELLS", cells)
        patch.setattr(linking, "CHUNK_PAIRS", most)
        chunks = [chunk.pairs for chunk in chunk_pairs(array, array[:, 0] > 2, sizes)]
    assert [pair for chunk in chunks for pair in chunk.tolist()] == array.tolist()
    for chunk in chunks:
        assert 1 <= len(chunk) <= most
        assert len(chunk) == 1 or (sizes[chunk[:, 0]] * sizes[chunk[:, 1]]).sum() <= cells


def test_documents_are_freed_without_garbage_collection() -> None:
    """Worker processes collect cycles rarely, and analyse many documents."""
    analysis = analyse(" ".join(SENTENCES), "en")
    make_tables([ReadDocument(analysis, make_profile(analysis))])
    reference = weakref.ref(analysis)
    gc.disable()
    try:
        del analysis
        assert reference() is None
    finally:
        gc.enable()


def test_few_pairs_are_linked_without_kernels() -> None:
    documents = read([(SENTENCES[0], "en")] * 2)
    with tempfile.TemporaryDirectory() as folder:
        found = stored(documents, EMPTY_CORPUS, folder)
        few, many = np.array([[0, 1]]), np.array([[0, 1]] * (FEW_CELLS + 1))
        assert isinstance(make_linker(found, few, EMPTY_CORPUS, ProcessPool(1)), PairLinker)
        assert isinstance(make_linker(found, many, EMPTY_CORPUS, ProcessPool(1)), BatchLinker)


def slow_terms(document: ReadDocument) -> set[int]:
    keys = {key for fact in document.analysis.facts for key in fact_keys(fact)}
    return keys | set(document.analysis.terms.content.ids.tolist())


def slow_lines(document: ReadDocument) -> set[tuple[int, int]]:
    """Lines at the beginning and end with the wording of the longest sentence."""
    terms = document.analysis.terms
    sizes, wordings = terms.sizes.tolist(), terms.wordings.tolist()
    last = len(sizes) - terms_module.LAST_LINES
    chosen = [
        rank
        for rank, size in enumerate(sizes)
        if size <= terms_module.MAX_LINE_LETTERS and (rank < terms_module.FIRST_LINES or rank >= last)
    ]
    if 2 * sum(sizes[rank] for rank in chosen) > sum(sizes):
        return set()
    return {(wordings[rank], wordings[sizes.index(max(sizes))]) for rank in chosen}


def slow_phrases(document: ReadDocument) -> set[tuple[int, int]]:
    words = [int(document.profile.ids[column]) for column in document.profile.columns]
    found = set()
    for start in range(len(words) - terms_module.PHRASE_WORDS + 1):
        hashed = 0
        for word in words[start : start + terms_module.PHRASE_WORDS]:
            hashed = (hashed * 0x9E3779B97F4A7C15 + word + 1) % 2**64
        found.add((start // terms_module.PART_WORDS, (hashed ^ (hashed >> 29)) >> 1))
    return found


def slow_frames(document: ReadDocument) -> list[tuple[int, int]]:
    facts = document.analysis.facts
    return [
        (hashed, crc32("\0".join(facts[rank].value for rank in frame.facts if rank >= 0).encode()))
        for frame, hashed in zip(document.profile.frames, document.profile.frame_hashes, strict=True)
        if hashed >= 0
    ]


@given(CORPORA, st.integers(1, 5))
def test_terms_match_reference(corpus: list[tuple[str, str]], part_words: int) -> None:
    documents = read(corpus)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms_module, "PART_WORDS", part_words)
        found = find_terms(make_tables(documents))
        assert found.documents == len(documents)
        for doc, document in enumerate(documents):

            def rows(columns: dict[str, np.ndarray], *names: str, doc: int = doc) -> list[tuple[int, ...]]:
                chosen = columns["doc"] == doc
                return list(zip(*(columns[name][chosen].tolist() for name in names), strict=True))

            assert sorted(rows(found.terms, "term")) == sorted((term,) for term in slow_terms(document))
            assert sorted(rows(found.lines, "line", "anchor")) == sorted(slow_lines(document))
            assert sorted(rows(found.phrases, "part", "phrase")) == sorted(slow_phrases(document))
            assert rows(found.frames, "frame", "facts") == slow_frames(document)
