"""Links between sentences: the arrays against loops, and what must hold of every pair of texts."""

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment import links as module
from dedup.alignment.blocks import link_long
from dedup.alignment.document_frequency import Background
from dedup.alignment.links import NO_FACTS, Links, Shared, cosines, link, match_wordings
from dedup.text.analysis import wording_id
from dedup.text.features import SentenceTerms, Terms, content_terms, gram_terms, stem_terms, stems
from dedup.text.tokens import tokens

WORDS = ["the", "council", "voted", "on", "tuesday", "to", "build", "bridge", "over", "river", "costs", "25", "000"]
sentences = st.lists(st.lists(st.sampled_from(WORDS), max_size=9), max_size=7)
NOTHING = Background()


def read(texts: list[str], language: str = "en") -> SentenceTerms:
    words = [tokens(text) for text in texts]
    stemmed = [stems(found, text, language) for found, text in zip(words, texts, strict=True)]
    return SentenceTerms(
        stems=stem_terms(stemmed),
        grams=gram_terms(words),
        content=content_terms(words, stemmed, language),
        sizes=np.array([sum(len(word.form) for word in found) for found in words], np.int64),
        wordings=np.array([wording_id(found, text) for found, text in zip(words, texts, strict=True)], np.int64),
    )


def joined(lists: list[list[str]]) -> list[str]:
    return [" ".join(words) or "…" for words in lists]


def cells(terms: Terms) -> list[list[str]]:
    """The terms of each sentence, by name, as often as they occur."""
    found: list[list[str]] = [[] for _ in range(terms.sentences)]
    for row, column, count in zip(terms.rows, terms.columns, terms.counts, strict=True):
        found[row] += [str(terms.ids[column])] * int(count)
    return found


@given(sentences, sentences)
def test_cosines_equal_those_of_dictionaries(left: list[list[str]], right: list[list[str]]) -> None:
    one, other = stem_terms(left), stem_terms(right)
    found = cosines(one, other)
    assert found.shape == (len(left), len(right))
    if left and right:
        np.testing.assert_allclose(found, reference.cosines(left, right, module.PART), atol=1e-9)


@given(sentences, sentences)
def test_a_sparse_product_equals_a_dense_one(left: list[list[str]], right: list[list[str]]) -> None:
    one, other = stem_terms(left), stem_terms(right)
    dense = cosines(one, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DENSE", -1)
        np.testing.assert_allclose(cosines(one, other), dense, atol=1e-12)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.randoms(use_true_random=False))
def test_neighbours_equal_those_of_loops(rows: int, columns: int, reach: int, random: "np.random.Generator") -> None:
    values = [[random.random() for _ in range(columns)] for _ in range(rows)]
    np.testing.assert_allclose(module._around(np.array(values), reach), reference.around(values, reach), atol=1e-12)


def pairs(found: Links) -> set[tuple[int, int, float, bool]]:
    return {
        (int(left), int(right), round(float(score), 9), bool(related))
        for (left, right), score, related in zip(found.pairs, found.scores, found.related, strict=True)
    }


@given(sentences, sentences)
def test_links_index_sentences_and_mirror(left: list[list[str]], right: list[list[str]]) -> None:
    one, other = read(joined(left)), read(joined(right))
    found, mirrored = link(one, other, NO_FACTS, NOTHING), link(other, one, NO_FACTS, NOTHING)
    assert pairs(found) == {(right, left, *rest) for left, right, *rest in pairs(mirrored)}
    assert all(0 <= row < len(left) and 0 <= column < len(right) for row, column in found.pairs)
    assert ((found.scores > 0) & (found.scores <= 1)).all()
    assert len(set(map(tuple, found.pairs.tolist()))) == len(found.pairs)
    assert found.pairs.tolist() == sorted(found.pairs.tolist())


@given(sentences)
def test_a_text_is_linked_to_itself_sentence_by_sentence(lists: list[list[str]]) -> None:
    same = read(joined(lists))
    found = link(same, same, NO_FACTS, NOTHING)
    linked = set(map(tuple, found.pairs[~found.related].tolist()))
    assert {(at, at) for at in range(len(lists))} <= linked


TEXT = [
    "The council of Kingsport voted on Tuesday to build a bridge over the river Miskatonic.",
    "It will cost 25 million dollars, the mayor said.",
    "Fishermen protested in the harbour against the plan.",
    "The old ferry will stop in March.",
    "A storm had damaged its landing stage twice.",
]


def test_shuffled_sentences_are_found() -> None:
    order = [3, 0, 4, 2, 1]
    found = link(read(TEXT), read([TEXT[at] for at in order]), NO_FACTS, NOTHING)
    assert sorted(map(tuple, found.pairs.tolist())) == sorted((at, place) for place, at in enumerate(order))
    assert found.scores.tolist() == [1.0] * 5


def test_rewritten_sentences_are_linked_and_strangers_are_not() -> None:
    retold = [
        "Dogs sleep for half of the day.",
        "A bridge across the Miskatonic river will be built, Kingsport's council has voted.",
        "Their owners seldom mind.",
    ]
    found = link(read(TEXT), read(retold), NO_FACTS, NOTHING)
    assert found.pairs.tolist() == [[0, 1]]
    assert not found.related[0]


def test_a_shared_fact_lifts_a_weak_pair() -> None:
    one, other = read(["Around 25 000 workers shall arrive in Lelabouga."]), read(["Alabuga hosts 25.000 workers now."])
    weak = link(one, other, NO_FACTS, NOTHING)
    strong = link(one, other, Shared(np.array([0, 0]), np.array([0, 0]), np.array([1.0, 0.5])), NOTHING)
    assert not weak.pairs.size or weak.scores[0] < strong.scores[0]
    assert strong.pairs.tolist() == [[0, 0]]


def test_what_the_whole_folder_says_is_no_evidence() -> None:
    one, other = (read([f"The company said on Monday that its shares {what}."]) for what in ("rose", "fell"))
    terms = np.unique(one.content.ids)
    common = Background(terms, np.full(terms.size, 1000), 1000)
    assert link(one, other, NO_FACTS, NOTHING).pairs.size
    assert not link(one, other, NO_FACTS, common).pairs.size


def test_boilerplate_links_nothing() -> None:
    lines = read(["Subscribe to our newsletter today.", "Dogs sleep."])
    known = Background(boilerplate=frozenset([int(lines.wordings[0])]))
    assert link(lines, lines, NO_FACTS, known).pairs.tolist() == [[1, 1]]


def test_a_short_line_that_both_have_is_no_link() -> None:
    one = read(["The parliament passed a law on forests.", "Reuters."])
    other = read(["Oil prices fell again in Rotterdam.", "Reuters."])
    assert not link(one, other, NO_FACTS, NOTHING).pairs.size


@given(st.lists(st.integers(-1, 4), max_size=12), st.lists(st.integers(-1, 4), max_size=12))
def test_sentences_of_the_same_words_are_matched_as_by_loops(left: list[int], right: list[int]) -> None:
    one, other = match_wordings(np.array(left, np.int64), np.array(right, np.int64))
    found = {(int(row), int(column)) for row, column in np.argwhere((one[:, None] == other) & (one[:, None] >= 0))}
    assert found == reference.match_wordings(left, right)


def test_a_long_text_is_linked_to_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.alignment import blocks

    place = [f"The bridge of place {at} over the river {at % 7} costs 25 000 euros, they said." for at in range(90)]
    own = read([*place, *place[:15]])
    monkeypatch.setattr(blocks, "ALL", 0)
    monkeypatch.setattr(blocks, "BLOCK", 15)
    assert link_long(own, own, NO_FACTS, NOTHING).pairs.tolist() == [[at, at] for at in range(105)]


def test_long_texts_are_linked_by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.alignment import blocks

    numbers = [f"Report {at} tells of place {at * 7919 % 1000} and of person {at * 104729 % 1000}." for at in range(90)]
    one, other = read(numbers), read(numbers[45:] + numbers[:45])
    monkeypatch.setattr(blocks, "ALL", 0)
    monkeypatch.setattr(blocks, "BLOCK", 15)
    found = link_long(one, other, NO_FACTS, NOTHING)
    linked = {(row, column) for row, column in found.pairs.tolist()}
    assert {(at, (at + 45) % 90) for at in range(90)} <= linked
    assert found.pairs.tolist() == sorted(found.pairs.tolist())


@pytest.mark.parametrize("texts", [[], ["…"], ["—", "¡!"]])
def test_a_text_without_words_is_linked_to_itself_only(texts: list[str]) -> None:
    empty = read(texts)
    assert not link(empty, read(TEXT), NO_FACTS, NOTHING).pairs.size
    assert link(empty, empty, NO_FACTS, NOTHING).pairs.tolist() == [[at, at] for at in range(len(texts))]
