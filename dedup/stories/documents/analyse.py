"""Analyse texts, and return what is found as tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.fact_pairs import match_keys
from dedup.alignment.shared_facts import fact_keys, specificity
from dedup.kernels.alignment.arrays import SENTENCE
from dedup.kernels.alignment.facts import FACT, MATCH_KEY
from dedup.runtime.row_groups import RowGroups, offsets_of
from dedup.stories.documents.sentence_terms import count_terms
from dedup.stories.documents.tables import (
    FACT_KINDS,
    LOOKUP_KEY,
    NUMBER,
    OCCURRENCE,
    PLACE,
    WORD,
    Tables,
)
from dedup.stories.evidence.profile import Frame, Profile, make_profile
from dedup.stories.terms import TermTables, find_terms
from dedup.text.analysis import Analysis, analyse, wording_id
from dedup.text.features import content_test, gram_ids, term_id
from dedup.text.language import WORD_CACHE_SIZE
from dedup.text.spans import Fact, FactKind

_NO_YEAR, _NO_DATE = -1, -2


class ReadDocument(NamedTuple):
    """A document as it is analysed."""

    analysis: Analysis
    profile: Profile


class AnalysedTexts(NamedTuple):
    """What was found in some texts."""

    tables: Tables
    """Rows of the documents, by table."""
    terms: TermTables
    """The terms by which they are found."""
    boilerplate: frozenset[int]
    """Wordings of boilerplate sentences."""
    characters: int
    """Number of their code points."""


def analyse_texts(language: str | None, texts: Sequence[str]) -> AnalysedTexts:
    """Analyse texts.

    Args:
        language: ISO 639-1 code; None detects the language of each text.
        texts: The texts.
    """
    documents = [_read(text, language) for text in texts]
    tables = make_tables(documents)
    return AnalysedTexts(
        tables,
        find_terms(tables),
        frozenset().union(*(document.profile.boilerplate for document in documents)),
        sum(map(len, texts)),
    )


def _read(text: str, language: str | None) -> ReadDocument:
    analysis = analyse(text, language)
    return ReadDocument(analysis, make_profile(analysis))


def make_tables(documents: Sequence[ReadDocument]) -> Tables:
    """Return the tables of some documents.

    Args:
        documents: The documents.
    """
    analyses = [document.analysis for document in documents]
    profiles = [document.profile for document in documents]
    facts = [analysis.facts for analysis in analyses]
    return {
        "language": _encoded([analysis.language for analysis in analyses]),
        "text": _encoded([analysis.text for analysis in analyses]),
        "sentences": _sentences(documents),
        **_terms(analyses),
        "words": _stacked(
            WORD,
            [(profile.ids, profile.frequencies, profile.shares, profile.names) for profile in profiles],
        ),
        "occurrences": _stacked(OCCURRENCE, [(profile.rows, profile.columns) for profile in profiles]),
        "facts": _facts(analyses),
        "fact_text": _encoded(["".join(map(_fact_text, found)) for found in facts]),
        "lookup_keys": _grouped(LOOKUP_KEY, [list(_lookup_keys(found)) for found in facts]),
        "match_keys": _grouped(MATCH_KEY, [_match_keys(found) for found in facts]),
        "numbers": _stacked(
            NUMBER,
            [
                (profile.fact_ranks, profile.fact_rows, profile.fact_values, profile.fact_information)
                for profile in profiles
            ],
        ),
        "places": _places(profiles),
    }


def _places(profiles: Sequence[Profile]) -> RowGroups:
    sizes = [sum([len(frame.words) for frame in profile.frames]) for profile in profiles]
    offsets = offsets_of(np.array(sizes, np.int64))
    frames = [frame for profile in profiles for frame in profile.frames]
    rows = np.empty(int(offsets[-1]), PLACE)
    rows["word"] = np.fromiter(chain.from_iterable([frame.words for frame in frames]), np.int64, rows.size)
    rows["fact"] = np.fromiter(chain.from_iterable([frame.facts for frame in frames]), np.int64, rows.size)
    return RowGroups(rows, offsets)


def _grouped(dtype: np.dtype, groups: Sequence[Sequence[object]]) -> RowGroups:
    """Return rows that are given as tuples for each document as a table."""
    sizes = np.array([len(rows) for rows in groups], np.int64)
    return RowGroups(np.array([*chain.from_iterable(groups)], dtype), offsets_of(sizes))


def _stacked(dtype: np.dtype, groups: Sequence[tuple[NDArray[np.generic], ...]]) -> RowGroups:
    """Return rows that are given as the columns of each document as a table."""
    offsets = offsets_of(np.array([columns[0].size for columns in groups], np.int64))
    rows = np.empty(int(offsets[-1]), dtype)
    for name, columns in zip(dtype.names or (), zip(*groups, strict=True), strict=True):
        rows[name] = np.concatenate(columns)
    return RowGroups(rows, offsets)


def _encoded(texts: Sequence[str]) -> RowGroups:
    """Return texts in UTF-8 as a table of bytes."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = offsets_of(np.array([len(text) for text in encoded], np.int64))
    return RowGroups(np.frombuffer(b"".join(encoded), np.uint8), offsets)


def _sentences(documents: Sequence[ReadDocument]) -> RowGroups:
    return _grouped(SENTENCE, [list(_sentence_rows(*document)) for document in documents])


def _sentence_rows(analysis: Analysis, profile: Profile) -> Iterator[tuple[int, ...]]:
    hashes = profile.frame_hashes
    lengths, text = profile.lengths.tolist(), analysis.text
    for rank, ((start, end), words, frame) in enumerate(
        zip(analysis.sentences, analysis.words, profile.frames, strict=True)
    ):
        forms = [token.form for token in words]
        size = len("".join(forms))
        facts = _frame_facts(analysis, frame) if hashes[rank] >= 0 else 0
        yield start, end, size, wording_id(forms, text[start:end]), lengths[rank], hashes[rank], facts, len(frame.words)


def _frame_facts(analysis: Analysis, frame: Frame) -> int:
    """Return a hash of the facts in a frame."""
    values = [analysis.facts[rank].value for rank in frame.facts if rank >= 0]
    return crc32("\0".join(values).encode("utf-8", "surrogatepass"))


def _terms(analyses: Sequence[Analysis]) -> Tables:
    """Return the terms of the sentences and their entries: stems, 4-grams of words, stems of content words."""
    sentences = offsets_of(np.array([len(analysis.sentences) for analysis in analyses], np.int64))
    words = np.array([len(found) for analysis in analyses for found in analysis.words], np.int64)
    rows = np.repeat(np.arange(words.size), words)
    forms = [token.form for analysis in analyses for found in analysis.words for token in found]
    stems = [stem for analysis in analyses for found in analysis.stems for stem in found]
    ids = np.fromiter(map(term_id, stems), np.uint32, len(stems))
    is_content = np.fromiter(chain.from_iterable(map(_content_mask, analyses)), np.bool_, len(stems))
    grams = gram_ids(forms)
    counted = {
        "stems": count_terms(ids, rows, sentences),
        "gram": count_terms(grams.ids, np.repeat(rows, grams.counts), sentences),
        "content": count_terms(ids[is_content], rows[is_content], sentences),
    }
    return {
        "stems": counted["stems"].terms,
        "stem_entries": counted["stems"].entries,
        "grams": counted["gram"].terms,
        "gram_entries": counted["gram"].entries,
        "content": counted["content"].terms,
        "content_entries": counted["content"].entries,
    }


def _content_mask(analysis: Analysis) -> Iterator[bool]:
    """Yield whether each token of a document is a content word."""
    is_content: Callable[[str], bool] = content_test(analysis.language)
    return (is_content(token.form) for sentence in analysis.words for token in sentence)


def _facts(analyses: Sequence[Analysis]) -> RowGroups:
    rows: list[list[tuple[object, ...]]] = []
    for analysis in analyses:
        first: dict[tuple[str, str], int] = {}
        rows.append(
            [
                (
                    FACT_KINDS.index(fact.kind),
                    sentence,
                    fact.start,
                    fact.end,
                    first.setdefault((fact.kind, fact.value), rank),
                    _signature(fact, analysis.language),
                    specificity(fact),
                    _year(fact),
                    *map(len, _texts(fact)),
                )
                for rank, (fact, sentence) in enumerate(zip(analysis.facts, analysis.fact_sentences, strict=True))
            ]
        )
    return _grouped(FACT, rows)


def _texts(fact: Fact) -> tuple[str, str, str, str]:
    return fact.value, fact.noun, fact.qualifier, fact.unit


def _fact_text(fact: Fact) -> str:
    return "".join(_texts(fact))


def _signature(fact: Fact, language: str) -> int:
    """Return a hash of the properties that decide whether two facts are the same."""
    if fact.kind == "number":
        return _hash(f"number\0{fact.value}\0{fact.noun}\0{fact.qualifier}\0{language}")
    return _hash(f"{fact.kind}\0{fact.value}")


@lru_cache(WORD_CACHE_SIZE)
def _hash(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _year(fact: Fact) -> int:
    """Return the year of a date as a number, equal for the same year."""
    if fact.kind != "date":
        return _NO_DATE
    year = fact.value[:4]
    if fact.value.startswith("--"):
        return _NO_YEAR
    return int(year) if year.isdecimal() else term_id(year) >> 1


def _lookup_keys(facts: Sequence[Fact]) -> Iterator[tuple[int, int]]:
    return ((rank, key) for rank, fact in enumerate(facts) for key in fact_keys(fact))


def _match_keys(facts: Iterable[Fact]) -> list[tuple[int, int, bool]]:
    """Return the rank of the first fact of each kind and value with each of its keys, ascending by key."""
    found: list[tuple[int, int, bool]] = []
    seen: set[tuple[str, str]] = set()
    for rank, fact in enumerate(facts):
        if (fact.kind, fact.value) not in seen:
            seen.add((fact.kind, fact.value))
            found += [(rank, key, is_own) for key, is_own in _key_ids(fact.kind, fact.value)]
    return sorted(found, key=itemgetter(1))


@lru_cache(WORD_CACHE_SIZE)
def _key_ids(kind: FactKind, value: str) -> tuple[tuple[int, bool], ...]:
    """Return hashes of the keys of a fact, and whether each is an own key."""
    keys = match_keys(kind, value)
    named = [*((key, True) for key in keys.own), *((key, False) for key in keys.others)]
    return tuple((term_id(f"{kind} {key}"), is_own) for key, is_own in named)
