"""Sentences about the outlet: bylines, subscriptions, navigation; and news that only looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.boilerplate import (
    MAX_PHRASE_TOKENS,
    MAX_WORD_TOKENS,
    MIN_PHRASES,
    SERVICES,
    _is_boilerplate,
    boilerplate_sentences,
)
from dedup.text.boilerplate import _cues as read_cues
from dedup.text.language import language_data
from dedup.text.spans import Span
from dedup.text.tokens import Token, token_forms, tokens

NEWS = "The council of Ennis closed the bridge after floods on Monday."


def marked(sentences: list[str], separators: list[str] | None = None, language: str = "en") -> list[bool]:
    """Mark sentences, which are joined by a space or by given separators."""
    text = ""
    spans: list[Span] = []
    for sentence, separator in zip(sentences, separators or [" "] * len(sentences), strict=True):
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + separator
    words = [
        [Token(token.start + span.start, token.end + span.start, token.form) for token in tokens(text[slice(*span)])]
        for span in spans
    ]
    return boilerplate_sentences(text, spans, words, language)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for our newsletter.",
        "Subscribe",
        "By Ann Roe, weather reporter",
        "Write to desk@example.org with your story.",
        "More at https://example.org/news",
        "Follow the Ennis Herald on Facebook and Twitter for all that happens in the county.",
        "Follow EnnisHerald.example on Twitter, Instagram, Facebook, Telegram, TikTok and on YouTube, and stay in the "
        "know with what is happening around you, in real time.",
    ],
)
def test_sentences_about_the_outlet(sentence: str) -> None:
    assert marked([NEWS, sentence, NEWS], ["\n"] * 3) == [False, True, False]


@pytest.mark.parametrize(
    "sentence",
    [
        NEWS,
        "By Monday Ennis was dry.",  # "By" of a sentence, with a full stop
        "By far the worst flood",  # no capitals after the first word
        "The minister announced on Facebook that the bridge would be closed for a month.",  # one service
        "Farmers who subscribe to the scheme get a third of the cost of the new drains.",  # a word in a long sentence
        "The company bought the copyright of forty novels from the heirs of the author.",
        "The commission in Ennis said on Monday that it would fine large platforms such as Facebook, Twitter, YouTube, "
        "TikTok and Instagram if they did not remove false reports on the floods within a day of a warning.",
    ],
)
def test_news_is_not_boilerplate(sentence: str) -> None:
    assert marked([NEWS, sentence], ["\n"] * 2) == [False, False]


def test_byline_only_at_the_beginning() -> None:
    assert marked([NEWS] * 4 + ["By Ann Roe"], ["\n"] * 5) == [False] * 5
    assert marked([NEWS] * 3 + ["By Ann Roe"], ["\n"] * 4) == [False] * 3 + [True]


def test_length_decides() -> None:
    """A phrase of several words makes longer sentences boilerplate than a single word."""
    assert MAX_WORD_TOKENS < MAX_PHRASE_TOKENS
    for cue, longest in (("subscribe", MAX_WORD_TOKENS), ("follow us", MAX_PHRASE_TOKENS)):
        fill = longest - len(cue.split())
        assert marked([" ".join([cue, *["word"] * fill])]) == [True]
        assert marked([" ".join([cue, *["word"] * (fill + 1)])]) == [False]


def test_line_of_boilerplate_is_whole() -> None:
    menu = ["Subscribe.", "Read more.", "Weather.", NEWS]
    assert marked(menu, [" ", " ", "\n", "\n"]) == [True, True, True, False]
    assert marked(menu, ["\n", "\n", "\n", "\n"]) == [True, True, False, False]
    assert marked(["Subscribe.", "Weather.", "Sport."], [" ", " ", "\n"]) == [True, False, False]


def test_phrases_are_those_of_the_language() -> None:
    assert marked(["Sign up for our newsletter."], language="ka") == [False]
    assert marked(["Share it on WhatsApp or Telegram"], language="ka") == [True]


@given(
    st.lists(st.sampled_from([NEWS, "Subscribe.", "By Ann Roe", "Weather.", "", "a@b.org"]), max_size=8),
    st.data(),
)
def test_a_mark_for_each_sentence(sentences: list[str], data: st.DataObject) -> None:
    """Sentences after the fourth have the same marks regardless of what follows on other lines."""
    separators = data.draw(st.lists(st.sampled_from([" ", "\n"]), min_size=len(sentences), max_size=len(sentences)))
    found = marked(sentences, separators)
    assert len(found) == len(sentences)
    if sentences:
        separators[-1] = "\n"
        assert marked([*sentences, "Subscribe."], [*separators, "\n"]) == [*found, True]


PHRASES = {tuple(token_forms(phrase)) for phrase in language_data("en")["boilerplate"]["phrases"]}
PIECES = st.sampled_from([*sorted(" ".join(phrase) for phrase in PHRASES), "follow", "us", "twitter", "Ennis", "rain"])


@given(st.lists(PIECES, max_size=MAX_PHRASE_TOKENS))
def test_phrases_are_found_at_all_places(pieces: list[str]) -> None:
    sentence = " ".join(pieces)
    forms = token_forms(sentence)
    spans = [(start, end) for end in range(len(forms) + 1) for start in range(end)]
    found = {tuple(forms[start:end]) for start, end in spans} & PHRASES
    longest = max(map(len, found), default=0)
    expected = len(forms) <= MAX_PHRASE_TOKENS and (
        len(found) + len(SERVICES.intersection(forms)) >= MIN_PHRASES
        or longest > 1
        or (longest == 1 and len(forms) <= MAX_WORD_TOKENS)
    )
    assert _is_boilerplate(sentence, forms, len(forms) + 10, read_cues("en")) == expected
