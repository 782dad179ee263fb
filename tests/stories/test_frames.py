"""Frames: sentences with their facts masked, and the templates that documents fill with other facts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment.document_frequency import EMPTY_CORPUS
from dedup.alignment.shared_facts import find_shared_facts
from dedup.stories.evidence.frames import MIN_TEMPLATE_SLOTS, FrameComparison, FramePair, count_slots
from dedup.stories.evidence.profile import FACT_CODES, WEEKDAY_CODE, Frame, make_profile
from dedup.text.analysis import Analysis, analyse
from dedup.text.features import term_id

EARNINGS = "Acme Corp reported a quarterly profit of {} cents a share on revenue of ${} million."


def frame_of(sentence: str, language: str = "en") -> Frame:
    [frame] = make_profile(analyse(sentence, language)).frames
    return frame


def compare(one: str, other: str, language: str = "en") -> FramePair | None:
    """Compare the first sentences of two texts."""
    left, right = analyse(one, language), analyse(other, language)
    shared = find_shared_facts(left, right, EMPTY_CORPUS).pairs
    return FrameComparison((left, right), (make_profile(left), make_profile(right)), shared).compare(0, 0)


def masks_by_hand(analysis: Analysis) -> list[int]:
    """Ids of the words outside facts and a code for each fact, by a loop over the tokens of the first sentence."""
    found: list[int] = []
    last = None
    for token, stem in zip(analysis.words[0], analysis.stems[0], strict=True):
        inside = [
            rank
            for rank, fact in enumerate(analysis.facts)
            if fact.kind in FACT_CODES and fact.start <= token.start < fact.end
        ]
        if not inside:
            found.append(term_id(stem))
        elif inside[0] != last:
            found.append(FACT_CODES[analysis.facts[inside[0]].kind])
        last = inside[0] if inside else last
    return found


@pytest.mark.parametrize(
    "sentence",
    [
        EARNINGS.format(25, 310),
        "In Alabuga NHK counted 25,000 workers on 8 October 2024, Ana Sol Verde said.",
        "Nobody knows why.",
        "25,000 of 30,000 left.",
    ],
)
def test_facts_are_masked(sentence: str) -> None:
    frame = frame_of(sentence)
    assert list(frame.words) == masks_by_hand(analyse(sentence, "en"))
    assert len(frame.facts) == len(frame.words)
    assert all((place >= 0) == (word in FACT_CODES.values()) for word, place in zip(*vars(frame).values(), strict=True))


def test_other_facts_have_the_same_frame() -> None:
    frames = [frame_of(EARNINGS.format(*numbers)) for numbers in ((25, 310), (7, 42))]
    assert frames[0].words == frames[1].words
    profiles = [make_profile(analyse(EARNINGS.format(*numbers), "en")) for numbers in ((25, 310), (7, 42))]
    assert profiles[0].frame_hashes == profiles[1].frame_hashes != (-1,)


def test_hash_only_of_frames_with_facts() -> None:
    """Weekdays are not facts, and a frame of fewer than four words is not a template."""
    for sentence in ("The bridge was closed on Tuesday.", "It has 7."):
        assert make_profile(analyse(sentence, "en")).frame_hashes == (-1,)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The bridge was closed on Tuesday.", "The bridge was closed on Friday."]),
        ("fr", ["Le pont était fermé le mardi matin.", "Le pont était fermé le vendredi matin."]),
    ],
)
def test_weekdays_are_places(language: str, sentences: list[str]) -> None:
    frames = [frame_of(sentence, language) for sentence in sentences]
    assert frames[0].words == frames[1].words
    assert frames[0].words.count(WEEKDAY_CODE) == 1
    places = [min(frame.facts) for frame in frames]
    assert max(places) < -1
    assert places[0] != places[1]
    other, same = compare(*sentences, language), compare(sentences[0], sentences[0], language)
    assert other == FramePair(0, 0, 0, 1)
    assert same == FramePair(0, 0, 1, 0)


def test_weekday_that_the_other_has_elsewhere_does_not_differ() -> None:
    one, other = "The bridge was closed on Tuesday.", "The bridge was closed on Friday. It opened on Tuesday."
    assert compare(one, other) == FramePair(0, 0, 0, 0)


def test_template_has_other_facts() -> None:
    found = compare(EARNINGS.format(25, 310), EARNINGS.format(7, 42))
    assert found == FramePair(0, 0, 1, 2)  # the name is the same
    assert found.is_template


def test_same_facts_are_not_a_template() -> None:
    found = compare(EARNINGS.format(25, 310), EARNINGS.format(25, 310))
    assert found == FramePair(0, 0, 3, 0)
    assert not found.is_template


def test_fact_that_the_other_has_elsewhere_does_not_differ() -> None:
    """A number that both have in other sentences is not a contradiction."""
    one = EARNINGS.format(25, 310) + " A year before it was 7 cents."
    other = EARNINGS.format(7, 42) + " A year before it was 25 cents."
    found = compare(one, other)
    assert found is not None
    assert found.differing == 1


def test_other_sentences_have_no_pair() -> None:
    assert compare(EARNINGS.format(25, 310), "Rain flooded 3 streets of Ennis on 8 October.") is None
    assert compare("Sign up for our newsletter.", "Sign up for our newsletter.") is None  # boilerplate has no frame
    assert compare("", "Nobody knows why.") is None


@given(
    st.lists(
        st.builds(FramePair, st.integers(0, 5), st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)), max_size=8
    ),
    st.lists(st.integers(0, 6), min_size=4, max_size=4),
)
def test_count_slots_matches_plain_loop(pairs: list[FramePair], ends: list[int]) -> None:
    stretches = range(*sorted(ends[:2])), range(*sorted(ends[2:]))
    same = differing = 0
    chosen = []
    for pair in pairs:
        if pair.left in stretches[0] and pair.right in stretches[1]:
            same, differing = same + pair.same, differing + pair.differing
            chosen.append(pair)
    is_template = differing >= max(same, MIN_TEMPLATE_SLOTS)
    templates = [pair for pair in chosen if is_template or (pair.differing and pair.differing >= pair.same)]
    found = count_slots(pairs, stretches, (6, 7))
    assert (found.same, found.differing, found.is_template) == (same, differing, is_template)
    left, right = found.template_sentences
    assert (left.size, right.size) == (6, 7)
    assert set(np.flatnonzero(left).tolist()) == {pair.left for pair in templates}
    assert set(np.flatnonzero(right).tolist()) == {pair.right for pair in templates}
