"""General frequencies of words, by their folded forms."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts
from wordfreq import get_frequency_dict
from wordfreq import word_frequency as listed_frequency

from dedup.text import word_frequency as module
from dedup.text.tokens import distinct_token_forms, token_forms, tokens
from dedup.text.word_frequency import UNKNOWN_FREQUENCY, UNLISTED_FREQUENCY, word_frequency


@given(
    st.sampled_from(["en", "fr", "de", "es", "ru", "uk"]),
    st.sampled_from(["president", "maison", "haus", "casa", "дом", "день", "river", "xqzzy"]),
)
def test_frequency_is_that_of_the_list(language: str, word: str) -> None:
    """Several words of a list can have the same folded form, so that its frequency is at least that of each."""
    found = word_frequency(word, language)
    assert UNLISTED_FREQUENCY <= found < 1
    assert found >= listed_frequency(word, language, "small") * 0.99  # that has three digits


def test_forms_are_folded_as_those_of_texts() -> None:
    for word, language in (("Été", "fr"), ("Straße", "de"), ("ещё", "ru")):
        [token] = tokens(word)
        assert word_frequency(token.form, language) >= listed_frequency(word, language, "small") * 0.99 > 1e-5


@given(st.one_of(texts, st.text(max_size=60)))
def test_forms_of_many_words_are_those_of_each(text: str) -> None:
    assert distinct_token_forms(text) == token_forms(text)


@pytest.mark.parametrize("language", ["en", "fr", "ru", "ar", "hi", "ja", "ko", "tr"])
def test_frequencies_are_summed_word_by_word(language: str) -> None:
    expected: dict[str, float] = defaultdict(float)
    for word, frequency in get_frequency_dict(language, "small").items():
        for form in token_forms(word):
            expected[form] += frequency
    assert module._frequencies(language) == expected


@pytest.mark.parametrize("language", ["und", "zu", "xx"])
def test_language_without_a_list(language: str) -> None:
    assert word_frequency("the", language) == word_frequency("xqzzy", language) == UNKNOWN_FREQUENCY


@pytest.mark.parametrize("language", ["no", "nn", "hr", "bs", "sr"])
def test_language_listed_under_another_code(language: str) -> None:
    word = "til" if language in ("no", "nn") else "je"
    assert word_frequency(word, language) > 100 * UNLISTED_FREQUENCY


def test_unlisted_words_are_rarer_than_all_listed() -> None:
    assert min(module._frequencies("en").values()) > UNLISTED_FREQUENCY
    assert abs(sum(module._frequencies("en").values()) - 1) < 0.2
