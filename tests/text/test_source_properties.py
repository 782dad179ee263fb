"""The lists of attribution are valid, and properties of credits in any text."""
# ruff: noqa: RUF001 - characters that look alike, and whole sentences, are the point

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from dedup.text.language import SUPPORTED_LANGUAGES, language_data
from dedup.text.sources import attribution, cues
from dedup.text.spans import Credit, Span


def credits_in(text: str, language: str, sentences: list[Span] | None = None) -> list[Credit]:
    return attribution.find_credits(text, sentences or [Span(0, len(text))], language)


LANGUAGES = [*SUPPORTED_LANGUAGES, "xx", "und"]
# Repetitive texts, on which an algorithm with quadratic run time is slow.
REPETITIVE_TEXTS = [
    "a" * 10**6,
    "A" * 10**6,
    "." * 10**6,
    "(" * 10**6,
    "“" * 10**6,
    " " * 10**6,
    *(
        piece * 10**4
        for piece in (
            *[
                "A ",
                "1 ",
                "« ",
                '" ',
                "l'",
                "A-",
                "selon ",
                "said ",
                "X said ",
                "Selon X, ",
                "rapporté par ",
                "the X and ",
            ],
            *["A (B) ", "A <B> said ", "X said; ", "« selon X » ; ", 'said X "a; b" ', "selon X et Y, ", "X, who "],
        )
    ),
]


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_attribution_tables_are_valid(language: str) -> None:
    table = language_data(language)["attribution"]
    endings = table["endings"]
    for name, entries in table.items():
        if not isinstance(entries, list):
            assert entries is True or name in ("endings", "cases", "nominative"), name
            continue
        assert len(entries) == len(set(entries)), name
        for entry in entries:
            assert entry == unicodedata.normalize("NFC", entry).lower().strip(), entry
            assert "+" not in entry or entry.split("+")[1] in endings, entry
            assert len(entry) <= cues.MAX_PATTERN_LENGTH or "*" not in entry, entry
    assert {kind for forms in endings.values() for kind in forms} <= {"plain", "finite", "participle", "passive"}


pieces = st.sampled_from(
    [
        "selon",
        "d'après",
        "a",
        "affirmé",
        "que",
        "rapportée",
        "par",
        "et",
        ",",
        ";",
        "«",
        "»",
        '"',
        "“",
        "”",
        "(",
        ")",
        "said",
        "told",
        "according to",
        "reported",
        "by",
        "the",
        "NHK",
        "RBC-Ukraine",
        "Reuters",
        "ministre",
        "Kim Jong-un",
        "laut",
        "zufolge",
        "sagte",
        "wie",
        "según",
        "dijo",
        "по данным",
        "сообщил",
        "за даними",
        "повідомив",
        "de",
        "of",
        "l’",
        "'s",
        "-",
        "–",
        "\n",
        "\u2028",
        "\u00a0",
        "\0",
        "\u0301",
        "\u00ad",
        "𝐍",
        "👩‍👩‍👧",
        "نيوز",
        "中国",
        ".",
        ":",
        "(AFP) -",
    ]
)


@given(
    st.lists(st.one_of(pieces, texts), max_size=25),
    st.sampled_from(LANGUAGES),
    st.lists(st.integers(0, 200), max_size=4),
    st.booleans(),
)
def test_credits_index_the_original_text(parts: list[str], language: str, cuts: list[int], spaced: bool) -> None:
    text = (" " if spaced else "").join(parts)
    boundaries = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    sentences = [Span(start, end) for start, end in pairwise(boundaries)]
    credits_ = attribution.find_credits(text, sentences, language)
    assert credits_ == sorted(credits_, key=lambda credit: (credit.start, credit.end))
    assert len({(credit.start, credit.end) for credit in credits_}) == len(credits_)
    for credit in credits_:
        assert 0 <= credit.start < credit.end <= len(text)
        if language not in ("ru", "uk"):  # where the nominative of a name is given
            assert credit.source == " ".join(text[credit.start : credit.end].split())
        assert credit.source
        assert any(span.start <= credit.start and credit.end <= span.end for span in sentences)
        assert any(span.start <= credit.clause.start <= credit.clause.end <= span.end for span in sentences)
    assert credits_ == attribution.find_credits(text, sentences, language)


@given(st.lists(pieces, max_size=15).map(" ".join), st.sampled_from(SUPPORTED_LANGUAGES))
def test_sentences_are_independent(text: str, language: str) -> None:
    alone = credits_in(text, language)
    twice = f"{text}. {text}"
    second = len(text) + 2
    both = credits_in(twice, language, [Span(0, len(text)), Span(second, len(twice))])
    if text.strip()[:1] not in ("-", "–"):
        assert [credit.source for credit in both] == 2 * [credit.source for credit in alone]


@pytest.mark.parametrize("language", ["fr", "en", "de", "ru"])
@pytest.mark.parametrize("text", REPETITIVE_TEXTS, ids=lambda text: text[:13])
def test_repetitive_text(text: str, language: str) -> None:
    """A quadratic algorithm would take hours."""
    assert len(credits_in(text, language)) <= len(text)


def test_empty_text_has_no_credits() -> None:
    assert attribution.find_credits("", [], "fr") == []
    assert attribution.find_credits("", [Span(0, 0)], "fr") == []
    assert attribution.find_credits("\0\u0301 \u200b", [Span(0, 4)], "en") == []
