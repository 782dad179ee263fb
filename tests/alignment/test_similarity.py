"""Similarity of two texts as reports."""
# ruff: noqa: RUF001 - Turkish letters

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment.similarity import (
    CAPITALISED_WEIGHT,
    HALF_WEIGHT_POSITION,
    PREFIX_LETTERS,
    UNRELATED_SIMILARITY,
    WEIGHT_EXPONENT,
    similarity,
)
from dedup.text.features import grams
from dedup.text.function_words import function_words
from dedup.text.language import stem
from dedup.text.rarity import MAX_BITS, rarity
from dedup.text.tokens import tokens

LANGUAGES = st.sampled_from(["en", "de", "fr", "pl", "tr", "ar", "it", "und"])
WORDS = ["Ankara", "Berlin", "ministers", "Minister", "the", "of", "met", "25", "flood", "flooding", "çocuk", "منزل"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


def reference(left: str, right: str, language: str) -> float:
    """Compute the similarity of texts without notices of web pages, by its definition."""
    cosines = []
    for kind in ("prefix", "grams"):
        vectors = []
        for text in (left, right):
            sums: dict[str, float] = {}
            for position, token in enumerate(tokens(text)):
                written = text[token.start : token.end]
                base = stem(written, language)
                weight = rarity(base, language) / MAX_BITS / (1 + position / HALF_WEIGHT_POSITION)
                if position and written[0].isupper() and language != "de":
                    weight *= CAPITALISED_WEIGHT
                if token.form not in function_words(language):
                    for part in [base[:PREFIX_LETTERS]] if kind == "prefix" else grams(base):
                        sums[part] = sums.get(part, 0) + weight
            vectors.append({part: value**WEIGHT_EXPONENT for part, value in sums.items() if value})
        product = sum(value * vectors[1].get(part, 0) for part, value in vectors[0].items())
        norms = [sqrt(sum(value**2 for value in vector.values())) for vector in vectors]
        cosines.append(product / norms[0] / norms[1])
    return max(0, (sum(map(sqrt, cosines)) / 2 - UNRELATED_SIMILARITY) / (1 - UNRELATED_SIMILARITY))


@given(st.text() | TEXTS, st.text() | TEXTS, LANGUAGES)
def test_symmetric_and_between_0_and_1(left: str, right: str, language: str) -> None:
    found = similarity(left, right, language)
    assert 0 <= found <= 1
    assert found == similarity(right, left, language)


@given(st.text() | TEXTS, LANGUAGES)
def test_same_words_score_1(text: str, language: str) -> None:
    assert similarity(text, f"  {text} ", language) == pytest.approx(1 if tokens(text) else 0)


@given(TEXTS, TEXTS, LANGUAGES)
def test_score_is_that_of_the_reference(left: str, right: str, language: str) -> None:
    # With "flood" no text is without a content word.
    left, right = f"{left} flood", f"{right} flood"
    assert similarity(left, right, language) == pytest.approx(reference(left, right, language))


def test_rare_words_count_more_than_frequent_words() -> None:
    text = "A tugboat sank near Krefeld on Monday."
    shares_rare = similarity(text, "One tugboat lost, Krefeld council reports.", "en")
    shares_frequent = similarity(text, "A council met near Oslo on Monday.", "en")
    assert shares_rare > 2 * shares_frequent


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("de", "Impfstoffentwicklung stockt", "Der Impfstoff fehlt"),
        ("tr", "Denizli'de yangında öldüler", "Yangın: Denizli'deki ölü"),
        ("pl", "Pożary w Krakowie ugaszono", "Pożar Krakowa ugaszony"),
        ("ar", "والقاهرة تعلن النتائج", "القاهرة أعلنت نتائجها"),
    ],
)
def test_other_forms_of_words_are_similar(language: str, left: str, right: str) -> None:
    assert similarity(left, right, language) > 0.2


def test_notices_of_web_pages_count_little() -> None:
    notice = "Um die Website zu verbessern, verwenden unsere Partner Cookies und anonymisierte Informationen."
    left, right = "Die Schweiz schränkt den Export von Masken ein.", "Ein indischer Fahrer desinfiziert seine Rikscha."
    assert similarity(f"{notice} {left}", f"{notice} {right}", "de") < 0.2
    assert similarity(f"{notice} {left}", left, "de") > 0.8


def test_words_at_the_beginning_count_more() -> None:
    words = ["harbour", "bridge", "tugboat", "pilot", "crane", "lantern", "anchor", "rudder", "compass", "barrel"]
    story = " ".join(words)
    assert similarity(story, " ".join(words[:3]), "en") > 1.2 * similarity(story, " ".join(words[-3:]), "en")
