"""The search for numbers, dates and words, and folding: the same results as those of the slow patterns and loops."""
# ruff: noqa: RUF001 - letters and signs of many languages are the point

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from dedup.text.facts.dates.calendars import calendar
from dedup.text.facts.names.nouns import _WORD_BEFORE, _word_before
from dedup.text.facts.numbers.figures import (
    _GAPS,
    _MIN_FACTORED_FORMS,
    any_of_pattern,
    spelling_variants,
)
from dedup.text.facts.numbers.find import _ADDRESS, _mask_addresses
from dedup.text.facts.numbers.numerals import number_rules
from dedup.text.facts.search import WordSearch
from dedup.text.language import SUPPORTED_LANGUAGES, language_data
from dedup.text.tokens import _is_dropped, fold


def words_of(tables: object) -> list[str]:
    """All strings in the tables of a data file."""
    if isinstance(tables, str):
        return [tables]
    nested = tables.values() if isinstance(tables, dict) else tables if isinstance(tables, list) else ()
    return [word for value in nested for word in words_of(value)]


def searches(language: str) -> tuple[WordSearch, WordSearch]:
    """The searches for numbers and for dates."""
    return number_rules(language).amount, calendar(language).date


GAPS = st.sampled_from([" ", "", "-", "‑", ", ", "\n", "\u00a0", ". ", "/", "'", "’", "(", "東", "EUR", "Rs", "n", "#"])
FIGURES = st.sampled_from(
    ["2024", "13", "5", "1.500", "½", "٣", "Q2", "T1 2025", "3.", "8.X.2024", "2024年10月13日", "90"]
)


@pytest.mark.parametrize("language", [*SUPPORTED_LANGUAGES, "xx"])
@given(data=st.data())
def test_search_finds_the_matches_of_the_pattern(language: str, data: st.DataObject) -> None:
    tables = language_data(language)
    words = sorted({"", *words_of(tables.get("numbers", {})), *words_of(tables.get("dates", {}))})
    word = st.sampled_from(words).flatmap(lambda word: st.sampled_from([word, word.capitalize(), word.upper()]))
    pieces = st.lists(st.one_of(word, FIGURES, GAPS, st.text(max_size=2)), max_size=12)
    text = data.draw(st.one_of(texts, pieces.map("".join)))
    for search in searches(language):
        expected = [match.span() for match in search.pattern.finditer(text)]
        assert [match.span() for match in search.finditer(text)] == expected
        for start in range(len(text) + 1):
            found, match = search.search(text, start), search.pattern.search(text, start)
            assert (found and found.span()) == (match and match.span())


ADDRESSES = st.sampled_from(
    [
        "https://a.fr/b",
        "www.b.org",
        ".com/x",
        "@user",
        "+33 1 23 45 67 89",
        "0612345678",
        "[12]",
        "(3)",
        "(030) 12 34-56",
    ]
)


@given(st.lists(st.one_of(ADDRESSES, st.text("hw.@/+([])- 0123456789a", max_size=8)), max_size=8).map("".join))
def test_addresses_are_masked_as_by_the_pattern(text: str) -> None:
    assert _mask_addresses(text) == _ADDRESS.sub(lambda match: "\0" * len(match[0]), text)


@given(st.one_of(texts, st.lists(st.sampled_from(["der", "ab²", "a1", " ", ",", "\n", "é", "_", "-"])).map("".join)))
def test_word_before_an_offset_is_that_of_the_pattern(text: str) -> None:
    for start in (0, len(text) // 2):
        match = _WORD_BEFORE.search(text, start, len(text))
        assert _word_before(text, start, len(text)) == (match[1] if match else "")


@given(st.one_of(texts, st.text()))
def test_folding_drops_accents_one_by_one(word: str) -> None:
    kept = "".join(char for char in unicodedata.normalize("NFKD", word) if not _is_dropped(char))
    assert fold(word) == (kept.casefold() or word)


def reference_any_of(words: list[str]) -> str:
    """List all forms, longest first."""
    forms = ("".join(_GAPS.get(char) or re.escape(char) for char in form) for form in spelling_variants(words))
    return f"(?:{'|'.join(forms)})"


PARTS = st.text("abé- .\n", max_size=7)


@given(
    st.lists(st.text("abé- .", min_size=1, max_size=6), min_size=_MIN_FACTORED_FORMS, max_size=30),
    PARTS,
    st.sampled_from(["", r"(?!\w)", "a", "[ab]", r"\Z", " b"]),
)
def test_words_with_the_same_beginning(words: list[str], text: str, after: str) -> None:
    found = re.match(any_of_pattern(words) + after, text)
    expected = re.match(reference_any_of(words) + after, text)
    assert (found and found[0]) == (expected and expected[0])


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_number_words_of_languages(language: str) -> None:
    words = [word for found in language_data(language)["numbers"]["words"].values() for word in found]
    words += [word for found in language_data(language)["numbers"]["ordinal_words"].values() for word in found]
    pattern, reference = re.compile(any_of_pattern(words)), re.compile(reference_any_of(words))
    text = " ".join(spelling_variants(words))
    assert pattern.findall(text) == reference.findall(text)
    assert pattern.findall(text.replace(" ", "-")) == reference.findall(text.replace(" ", "-"))
