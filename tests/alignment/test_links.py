"""Links between sentences: against the reference implementation, invariants, and examples."""

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment import links as module
from dedup.alignment.blocks import link_texts
from dedup.alignment.document_frequency import EMPTY_CORPUS, CorpusStatistics
from dedup.alignment.links import FactWeights, SentenceLinks, cosines, link_sentences, match_wordings
from dedup.text.analysis import wording_id
from dedup.text.features import (
    SentenceTerms,
    Terms,
    content_terms,
    gram_ids,
    gram_terms,
    grams,
    stem_terms,
    stems,
)
from dedup.text.tokens import tokens

WORDS = ["the", "council", "voted", "on", "tuesday", "to", "build", "bridge", "over", "river", "costs", "25", "000"]
NO_FACTS = FactWeights(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
sentences = st.lists(st.lists(st.sampled_from(WORDS), max_size=9), max_size=7)


def read(texts: list[str], language: str = "en") -> SentenceTerms:
    words = [tokens(text) for text in texts]
    stemmed = [stems(found, text, language) for found, text in zip(words, texts, strict=True)]
    return SentenceTerms(
        stems=stem_terms(stemmed),
        grams=gram_terms(words),
        content=content_terms(words, stemmed, language),
        sizes=np.array([sum(len(word.form) for word in found) for found in words], np.int64),
        wordings=np.array(
            [wording_id([word.form for word in found], text) for found, text in zip(words, texts, strict=True)],
            np.int64,
        ),
    )


def joined(lists: list[list[str]]) -> list[str]:
    return [" ".join(words) or "…" for words in lists]


def cells(terms: Terms) -> list[list[str]]:
    """Return the terms of each sentence, repeated as often as they occur."""
    found: list[list[str]] = [[] for _ in range(terms.sentences)]
    for row, column, count in zip(terms.rows, terms.columns, terms.counts, strict=True):
        found[row] += [str(terms.ids[column])] * int(count)
    return found


@given(sentences, sentences)
def test_cosines_match_reference(left: list[list[str]], right: list[list[str]]) -> None:
    one, other = stem_terms(left), stem_terms(right)
    found = cosines(one, other)
    assert found.shape == (len(left), len(right))
    if left and right:
        np.testing.assert_allclose(found, reference.cosines(left, right, module.LESSER_NORM_EXPONENT), atol=1e-9)


@given(sentences, sentences)
def test_sparse_and_dense_products_are_equal(left: list[list[str]], right: list[list[str]]) -> None:
    one, other = stem_terms(left), stem_terms(right)
    dense = cosines(one, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_DENSE_CELLS", -1)
        np.testing.assert_allclose(cosines(one, other), dense, atol=1e-12)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.randoms(use_true_random=False))
def test_mean_around_matches_reference(rows: int, columns: int, reach: int, random: "np.random.Generator") -> None:
    values = [[random.random() for _ in range(columns)] for _ in range(rows)]
    np.testing.assert_allclose(
        module._mean_around(np.array(values), reach), reference.around(values, reach), atol=1e-12
    )


def pairs(found: SentenceLinks) -> set[tuple[int, int, float, bool]]:
    return {
        (int(left), int(right), round(float(score), 9), bool(related))
        for (left, right), score, related in zip(found.pairs, found.scores, found.related, strict=True)
    }


@given(sentences, sentences)
def test_links_are_valid_and_symmetric(left: list[list[str]], right: list[list[str]]) -> None:
    one, other = read(joined(left)), read(joined(right))
    found, mirrored = (
        link_sentences(one, other, NO_FACTS, EMPTY_CORPUS),
        link_sentences(other, one, NO_FACTS, EMPTY_CORPUS),
    )
    assert pairs(found) == {(right, left, *rest) for left, right, *rest in pairs(mirrored)}
    assert all(0 <= row < len(left) and 0 <= column < len(right) for row, column in found.pairs)
    assert ((found.scores > 0) & (found.scores <= 1)).all()
    assert len(set(map(tuple, found.pairs.tolist()))) == len(found.pairs)
    assert found.pairs.tolist() == sorted(found.pairs.tolist())


@given(sentences)
def test_each_sentence_is_linked_to_itself(lists: list[list[str]]) -> None:
    same = read(joined(lists))
    found = link_sentences(same, same, NO_FACTS, EMPTY_CORPUS)
    linked = set(map(tuple, found.pairs[~found.related].tolist()))
    assert {(at, at) for at in range(len(lists))} <= linked


TEXT = [
    "The council of Kingsport voted on Tuesday to build a bridge over the river Miskatonic.",
    "It will cost 25 million dollars, the mayor said.",
    "Fishermen protested in the harbour against the plan.",
    "The old ferry will stop in March.",
    "A storm had damaged its landing stage twice.",
]


def test_shuffled_sentences_are_linked() -> None:
    order = [3, 0, 4, 2, 1]
    found = link_sentences(read(TEXT), read([TEXT[at] for at in order]), NO_FACTS, EMPTY_CORPUS)
    assert sorted(map(tuple, found.pairs.tolist())) == sorted((at, place) for place, at in enumerate(order))
    assert found.scores.tolist() == [1.0] * 5


def test_only_rewritten_sentences_are_linked() -> None:
    rewritten = [
        "Dogs sleep for half of the day.",
        "A bridge across the Miskatonic river will be built, Kingsport's council has voted.",
        "Their owners seldom mind.",
    ]
    found = link_sentences(read(TEXT), read(rewritten), NO_FACTS, EMPTY_CORPUS)
    assert found.pairs.tolist() == [[0, 1]]
    assert not found.related[0]


def test_shared_facts_raise_the_score() -> None:
    one, other = read(["Around 25 000 workers shall arrive in Lelabouga."]), read(["Alabuga hosts 25.000 workers now."])
    weak = link_sentences(one, other, NO_FACTS, EMPTY_CORPUS)
    strong = link_sentences(
        one, other, FactWeights(np.array([0, 0]), np.array([0, 0]), np.array([1.0, 0.5])), EMPTY_CORPUS
    )
    assert not weak.pairs.size or weak.scores[0] < strong.scores[0]
    assert strong.pairs.tolist() == [[0, 0]]


def test_frequent_words_are_not_evidence() -> None:
    one, other = (read([f"The company said on Monday that its shares {verb}."]) for verb in ("rose", "fell"))
    terms = np.unique(one.content.ids)
    statistics = CorpusStatistics(terms, np.full(terms.size, 1000), 1000)
    assert link_sentences(one, other, NO_FACTS, EMPTY_CORPUS).pairs.size
    assert not link_sentences(one, other, NO_FACTS, statistics).pairs.size


def test_boilerplate_is_not_linked() -> None:
    lines = read(["Subscribe to our newsletter today.", "Dogs sleep."])
    statistics = CorpusStatistics(boilerplate=frozenset([int(lines.wordings[0])]))
    assert link_sentences(lines, lines, NO_FACTS, statistics).pairs.tolist() == [[1, 1]]


def test_shared_short_line_is_not_linked() -> None:
    one = read(["The parliament passed a law on forests.", "Reuters."])
    other = read(["Oil prices fell again in Rotterdam.", "Reuters."])
    assert not link_sentences(one, other, NO_FACTS, EMPTY_CORPUS).pairs.size


@given(st.lists(st.integers(-1, 4), max_size=12), st.lists(st.integers(-1, 4), max_size=12))
def test_match_wordings_matches_reference(left: list[int], right: list[int]) -> None:
    one, other = match_wordings(np.array(left, np.int64), np.array(right, np.int64))
    found = {(int(row), int(column)) for row, column in np.argwhere((one[:, None] == other) & (one[:, None] >= 0))}
    assert found == reference.match_wordings(left, right)


def test_long_text_is_linked_to_itself_by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.alignment import blocks

    reports = [f"The bridge of place {at} over the river {at % 7} costs 25 000 euros, they said." for at in range(90)]
    own = read([*reports, *reports[:15]])
    monkeypatch.setattr(blocks, "MAX_SENTENCE_PAIRS", 0)
    monkeypatch.setattr(blocks, "BLOCK_SENTENCES", 15)
    assert link_texts(own, own, NO_FACTS, EMPTY_CORPUS).pairs.tolist() == [[at, at] for at in range(105)]


def test_long_texts_are_linked_by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.alignment import blocks

    numbers = [f"Report {at} tells of place {at * 7919 % 1000} and of person {at * 104729 % 1000}." for at in range(90)]
    one, other = read(numbers), read(numbers[45:] + numbers[:45])
    monkeypatch.setattr(blocks, "MAX_SENTENCE_PAIRS", 0)
    monkeypatch.setattr(blocks, "BLOCK_SENTENCES", 15)
    found = link_texts(one, other, NO_FACTS, EMPTY_CORPUS)
    linked = {(row, column) for row, column in found.pairs.tolist()}
    assert {(at, (at + 45) % 90) for at in range(90)} <= linked
    assert found.pairs.tolist() == sorted(found.pairs.tolist())


@pytest.mark.parametrize("texts", [[], ["…"], ["—", "¡!"]])
def test_text_without_words_is_linked_only_to_itself(texts: list[str]) -> None:
    empty = read(texts)
    assert not link_sentences(empty, read(TEXT), NO_FACTS, EMPTY_CORPUS).pairs.size
    assert link_sentences(empty, empty, NO_FACTS, EMPTY_CORPUS).pairs.tolist() == [[at, at] for at in range(len(texts))]


@given(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=7), max_size=9))
def test_gram_ids_are_equal_for_equal_grams(forms: list[str]) -> None:
    found = gram_ids(forms)
    written = [grams(form) for form in forms]
    assert found.counts.tolist() == list(map(len, written))
    ids: dict[str, int] = {}
    for gram, hashed in zip((gram for word in written for gram in word), found.ids.tolist(), strict=True):
        assert ids.setdefault(gram, hashed) == hashed
    assert len(set(ids.values())) == len(ids)
