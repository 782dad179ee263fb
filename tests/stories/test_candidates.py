"""Pairs of documents to compare: the queries against plain loops; phrases, lines that are boilerplate, and frames."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.engine.duckdb import DuckDB
from dedup.stories import candidates as module
from dedup.stories.candidates import corpus_statistics, find_candidates, template_frames
from dedup.stories.documents.analyse import analyse_texts
from dedup.stories.terms import PART_WORDS, PHRASE_WORDS, Columns, TermTables
from dedup.text.analysis import wording_id
from dedup.text.tokens import tokens

Pair = tuple[int, int]
# Scores are integers here: decimal numbers with six digits.
DIGITS = 6


@contextmanager
def database() -> Iterator[DuckDB]:
    with TemporaryDirectory() as folder:
        yield DuckDB(Path(folder), 64 << 20, 1)


def array(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(list(values), np.int64)


def made(
    terms: Iterable[int] = (),
    phrases: Iterable[Pair] = (),
    lines: Iterable[int] = (),
    anchor: int = -1,
    frames: Iterable[Pair] = (),
) -> TermTables:
    """Return the terms of a document; phrases with their parts, frames with their facts."""
    phrases, frames, lines = sorted(phrases), list(frames), list(lines)

    def columns(rows: Sequence[tuple[int, ...]], *names: str) -> Columns:
        found = {name: array(row[at] for row in rows) for at, name in enumerate(names)}
        return {"doc": np.zeros(len(rows), np.int64), **found}

    return TermTables(
        1,
        columns([(term,) for term in sorted(terms)], "term"),
        columns([(line, anchor) for line in lines], "line", "anchor"),
        columns(phrases, "part", "phrase"),
        columns(frames, "frame", "facts"),
    )


def read(text: str) -> TermTables:
    return analyse_texts("en", [text]).terms


def found_pairs(documents: Sequence[TermTables]) -> tuple[set[Pair], int]:
    with database() as tables:
        pairs, left_out = find_candidates(tables, documents)
    assert pairs.tolist() == sorted(pairs.tolist())
    return {(left, right) for left, right in pairs.tolist()}, left_out


def term_scores(documents: Sequence[TermTables], most: int, window: int) -> dict[Pair, int]:
    """Score the pairs by the rarest terms of each document, by loops."""
    frequency = Counter(term for document in documents for term in document.terms["term"].tolist())
    lists: dict[int, list[int]] = defaultdict(list)
    for doc, document in enumerate(documents):
        shared = [term for term in document.terms["term"].tolist() if frequency[term] > 1]
        for term in sorted(shared, key=lambda term: (frequency[term], term))[:most]:
            lists[term].append(doc)
    scores: dict[Pair, list[int]] = defaultdict(list)
    for term, docs in lists.items():
        for at, left in enumerate(docs):
            for right in docs[at + 1 : at + 1 + window]:
                scores[left, right].append(weight(len(documents), frequency[term]))
    return {pair: sum(weights) for pair, weights in scores.items() if len(weights) >= module.MIN_SHARED_TERMS}


def phrase_scores(documents: Sequence[TermTables], window: int) -> dict[tuple[int, int], dict[Pair, int]]:
    """Score the pairs of each part of each document by its phrases, by loops."""
    parts: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for doc, document in enumerate(documents):
        for part, phrase in zip(*(document.phrases[name].tolist() for name in ("part", "phrase")), strict=True):
            parts[phrase][doc].add(part)
    scores: dict[tuple[int, int], dict[Pair, int]] = defaultdict(lambda: defaultdict(int))
    for having in parts.values():
        docs = sorted(having)
        for at, left in enumerate(docs):
            for right in docs[at + 1 : at + 1 + window]:
                for doc in (left, right):
                    for part in having[doc]:
                        scores[doc, part][left, right] += weight(len(documents), len(docs))
    return {
        part: {pair: score for pair, score in pairs.items() if score >= module.MIN_PHRASE_WEIGHT * 10**DIGITS}
        for part, pairs in scores.items()
    }


def weight(documents: int, frequency: int) -> int:
    return round(10**DIGITS * log(1 + documents / frequency))


def best(scores: dict[Pair, int], count: int) -> set[Pair]:
    return set(sorted(scores, key=lambda pair: (-scores[pair], pair))[:count])


@given(st.randoms(use_true_random=False), st.integers(41, 60), st.integers(2, 60), st.integers(5, 80))
def test_queries_match_loops(rng: random.Random, count: int, words: int, phrases: int) -> None:
    documents = [
        made(
            {rng.randrange(words) for _ in range(rng.randrange(9))},
            {(rng.randrange(3), rng.randrange(phrases)) for _ in range(rng.randrange(9))},
        )
        for _ in range(count)
    ]
    limits = {"MAX_TERMS": 5, "WINDOW": 4, "MAX_PARTNERS": 2, "PHRASE_WINDOW": 3, "MAX_PHRASE_PARTNERS": 2}
    with patch.multiple(module, **limits):
        found, left_out = found_pairs(documents)
    by_terms, by_phrases = term_scores(documents, 5, 4), phrase_scores(documents, 3)
    sides = [{pair: score for pair, score in by_terms.items() if doc in pair} for doc in range(count)]
    assert found == set().union(*(best(scores, 2) for scores in (*sides, *by_phrases.values())))
    assert left_out == len(by_terms.keys() | {pair for scores in by_phrases.values() for pair in scores}) - len(found)


def test_threads_do_not_change_the_selection() -> None:
    """Many pairs have equal scores, which are sums of the same weights in another order."""
    rng = random.Random(3)  # noqa: S311 - no secret
    documents = [
        made(
            {int(rng.paretovariate(0.5)) % 900 for _ in range(60)},
            {(0, int(rng.paretovariate(0.7)) % 500) for _ in range(40)},
        )
        for _ in range(2000)
    ]
    found = []
    for workers in (1, 4):
        with TemporaryDirectory() as folder:
            found.append(find_candidates(DuckDB(Path(folder), 256 << 20, workers), documents)[0].tolist())
    assert found[0] == found[1]


def test_all_pairs_of_few_documents() -> None:
    assert found_pairs([made()] * module.MAX_EXHAUSTIVE_DOCUMENTS)[0] == {
        (left, right) for right in range(module.MAX_EXHAUSTIVE_DOCUMENTS) for left in range(right)
    }
    assert found_pairs([made()] * (module.MAX_EXHAUSTIVE_DOCUMENTS + 1)) == (set(), 0)


def psalm(rng: random.Random) -> str:
    """Return a text of 24 invented words in three verses."""
    words = ["".join(rng.choice(["ba", "do", "ki", "lu", "me", "ran", "sto"]) for _ in range(4)) for _ in range(24)]
    return "\n".join(" ".join(words[at : at + 8]).capitalize() + "." for at in (0, 8, 16))


def test_long_document_has_many_partners() -> None:
    """A book with 100 psalms is compared with each, by phrases alone, which few other texts have."""
    rng = random.Random(1)  # noqa: S311 - no secret
    psalms = [psalm(rng) for _ in range(100)]
    with patch.object(module, "MAX_PARTNERS", 0):
        found, _ = found_pairs([read(text) for text in (*psalms, "\n\n".join(psalms))])
    assert found == {(number, 100) for number in range(100)}


@given(st.lists(st.sampled_from([f"word{chr(number + 97)}" for number in range(5)]), max_size=150))
def test_phrases_are_runs_of_content_words(words: list[str]) -> None:
    """Runs have the same hash if and only if they have the same words, and parts begin every PART_WORDS words."""
    found = read(" ".join(words))
    runs = [tuple(words[at : at + PHRASE_WORDS]) for at in range(len(words) - PHRASE_WORDS + 1)]
    wanted = {(at // PART_WORDS, run) for at, run in enumerate(runs)}
    assert len(found.phrases["phrase"]) == len(wanted)
    assert Counter(found.phrases["part"].tolist()) == Counter(part for part, _ in wanted)
    assert len(set(found.phrases["phrase"].tolist())) == len(set(runs))


def boilerplate(texts: Sequence[str]) -> frozenset[int]:
    """Return the wordings of the boilerplate lines of a corpus."""
    with database() as tables:
        find_candidates(tables, map(read, texts))
        return frozenset(corpus_statistics(tables, len(texts)).boilerplate)


def wording(line: str) -> int:
    return wording_id([token.form for token in tokens(line)], line)


SIGNATURE = "The Ennis Herald, 12 Main Street."
BODIES = [
    f"The council of {name} closed the bridge over the river after two days of heavy floods, its mayor said to our "
    f"reporters in the town hall, where many people of the quarter had come to sleep in the corridors. "
    f"Farmers near {name} have lost many sheep, and {number} families have left their houses and farms on the lower "
    f"side of the valley for some days, until the water falls, which nobody expects before the end of the month."
    for number, name in enumerate(["Ennis", "Millau", "Alabuga", "Norvik", "Balder", "Carmel", "Dorado", "Tralee"], 11)
]


def test_signature_under_different_texts_is_boilerplate() -> None:
    texts = [f"{body}\n\n{SIGNATURE}" for body in BODIES]
    assert boilerplate(texts) == {wording(SIGNATURE)}
    assert boilerplate(texts[:4]) == {wording(SIGNATURE)}
    assert boilerplate(texts[:3]) == frozenset()


def test_agency_copy_of_ten_outlets_is_not() -> None:
    """Its last line recurs, but in copies: the longest sentence is the same."""
    copy = f"{BODIES[0]}\n\nThe bridge opens on Monday."
    assert boilerplate([copy] * 10) == frozenset()
    assert boilerplate([copy] * 10 + [f"{body}\n\nThe bridge opens on Monday." for body in BODIES[1:4]]) == frozenset()


def test_verses_are_not() -> None:
    """The lines at the beginning and end of a psalm are all of it; in books they are in the middle."""
    verses = psalm(random.Random(2))  # noqa: S311 - no secret
    books = [f"{body}\n\n{body}\n\n{verses}\n\n{body}\n\n{body}\n\n{body}" for body in BODIES]
    found = boilerplate([*books, *[verses] * 5])
    assert not found & {wording(verse) for verse in verses.split("\n")}


def test_title_of_short_texts_is_not() -> None:
    """A line that is most of a text says what the text says."""
    towns = ["Ennis", "Millau", "Alabuga", "Norvik", "Balder"]
    assert (
        boilerplate([f"The bridge is closed.\n\nNobody in {town} knows for how long." for town in towns]) == frozenset()
    )


@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=5), max_size=8))
def test_template_frames_match_loop(documents: list[list[Pair]]) -> None:
    """A frame is a template with enough different facts in enough documents."""
    with database() as tables:
        find_candidates(tables, (made(frames=frames) for frames in documents))
        found = template_frames(tables)
    wanted = set()
    for frame in range(4):
        facts = {facts for frames in documents for hashed, facts in frames if hashed == frame}
        docs = sum(any(hashed == frame for hashed, _ in frames) for frames in documents)
        if min(len(facts), docs) >= module.MIN_FILLINGS:
            wanted.add(frame)
    assert found == wanted


@given(st.lists(st.lists(st.integers(0, 6), unique=True, max_size=5), max_size=12))
def test_frequencies_match_loop(documents: list[list[int]]) -> None:
    with database() as tables:
        find_candidates(tables, map(made, documents))
        statistics = corpus_statistics(tables, len(documents))
    counts = Counter(term for terms in documents for term in terms)
    wanted = {term: count for term, count in counts.items() if count > 2}
    assert dict(zip(statistics.terms.tolist(), statistics.frequencies.tolist(), strict=True)) == wanted
    assert statistics.terms.tolist() == sorted(wanted)
