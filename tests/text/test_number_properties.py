"""Number words of French and German, and properties of numbers in any text."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import layouts, texts

from dedup.text.facts.dates.find import dates
from dedup.text.facts.numbers.amounts import amounts
from dedup.text.facts.numbers.context import counted_noun, qualifier, words_after, words_before
from dedup.text.facts.numbers.find import numbers
from dedup.text.facts.numbers.symbols import NORMAL_UNITS
from dedup.text.facts.numbers.units import currency_before, unit_after
from dedup.text.language import SUPPORTED_LANGUAGES

LANGUAGES = (*SUPPORTED_LANGUAGES, "xx")


FRENCH_WORDS = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
GERMAN_WORDS = "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn"
GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"


def french(number: int) -> str:
    """Write a number under a million in French, in the old spelling."""
    if number >= 1000:
        thousands = "mille" if number < 2000 else f"{french(number // 1000)} mille"
        return thousands if number % 1000 == 0 else f"{thousands} {french(number % 1000)}"
    if number >= 100:
        hundreds = "cent" if number < 200 else f"{french(number // 100)} cent"
        return hundreds if number % 100 == 0 else f"{hundreds} {french(number % 100)}"
    if number <= 16:
        return FRENCH_WORDS.split()[number - 1]
    if number < 20:
        return f"dix-{french(number - 10)}"
    tens = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 7: "soixante", 8: "quatre-vingt"}
    ten = min(number // 10, 8)
    rest = number - 10 * (ten - (ten == 7))
    if rest == 0:
        return tens[ten]
    return f"{tens[ten]}{' et ' if rest in (1, 11) and ten < 8 else '-'}{french(rest)}"


def german(number: int) -> str:
    """Write a number under a million in German, as one word."""
    if number >= 1000:
        return german(number // 1000) + "tausend" + (german(number % 1000) if number % 1000 else "")
    if number >= 100:
        return german(number // 100) + "hundert" + (german(number % 100) if number % 100 else "")
    if number <= 16:
        return GERMAN_WORDS.split()[number - 1]
    if number < 20:
        return {17: "siebzehn", 18: "achtzehn", 19: "neunzehn"}[number]
    return (f"{german(number % 10)}und" if number % 10 else "") + GERMAN_TENS.split()[number // 10 - 2]


@given(st.integers(2, 999_999))
def test_finds_french_and_german_number_words(number: int) -> None:
    [fact] = numbers(f"il y a {french(number)} soldats", "fr")
    assert (fact.value, fact.noun) == (str(number), "soldats")
    [fact] = numbers(f"es waren {german(number)} Soldaten", "de")
    assert (fact.value, fact.noun) == (str(number), "Soldaten")


def test_words_and_units_around_a_number() -> None:
    text = "hasta un 10 % de los presuntos autores"
    assert qualifier(text, 9, "es") == "up to"
    assert qualifier(text, 0, "es") == ""
    assert words_before("a, 5", 3) == []
    assert words_before("l’an 5", 5) == ["l", "an"]
    assert counted_noun("12 anciens ministres", 2, words_after("12 anciens ministres", 2), "fr") == "ministres"
    assert counted_noun("12 sont", 2, words_after("12 sont", 2), "fr") == ""
    assert unit_after("12 kilomètres carrés", 2, words_after("12 kilomètres carrés", 2), "fr") == ("km²", 20)
    assert currency_before("¥5", 1) == ("JPY", 0)
    assert currency_before("5", 0) is None


pieces = st.sampled_from(
    [
        *["25 000", "1.500", "1,5", "17-1/2", "½", "80e", "3rd", "8-13", "5-2", "٢٥", "18:30", "2.3.1", "1."],
        *["deux", "vingt-et-un", "mille", "zwei", "dreiundzwanzig", "two", "dozen", "a million", "двадцать", "пять"],
        *["million", "Mio.", "тыс.", "k", "%", "$", "€", "km", "pour cent", "entre", "et", "à", "between", "and"],
        *["jusqu’à", "plus de", "about", "soldats", "North Korean troops", "d’", "\n", "\u202f", "-", "–", "/", ","],
        *["en 2024", "13 octobre", "a@b.fr", "http://a.b/25", "+33 1 23 45 67 89"],
    ]
)
mixtures = st.lists(st.tuples(pieces, st.sampled_from([" ", " ", "", "\n"])), max_size=25).map(
    lambda drawn: "".join(piece + gap for piece, gap in drawn)
)


@given(st.one_of(texts, layouts(), mixtures, mixtures), st.sampled_from(LANGUAGES))
def test_numbers_are_ordered_and_do_not_overlap(text: str, language: str) -> None:
    taken = dates(text, language)
    found = numbers(text, language, taken)
    facts = sorted([*taken, *found], key=lambda fact: fact.start)
    assert [fact.start for fact in found] == sorted(fact.start for fact in found)
    for fact in facts:
        mention = text[fact.start : fact.end]
        assert mention
        assert mention == mention.strip()
        assert fact.value
    for fact in found:
        assert fact.kind == "number"
        assert fact.qualifier in ("", "about", "up to", "over", "under", "ordinal")
        assert (
            fact.noun == ""
            or fact.noun in NORMAL_UNITS | {"cents", "lb"}
            or fact.noun in text
            or fact.noun.endswith("$")
        )
    for before, after in pairwise(facts):
        assert before.end <= after.start
    assert numbers(text, language, taken) == found
    assert all(amount.start < amount.end for amount in amounts(text, language))


@given(mixtures, mixtures, st.sampled_from(LANGUAGES))
def test_paragraphs_are_independent(left: str, right: str, language: str) -> None:
    both = numbers(f"{left}\n\n{right}", language)
    alone = [*numbers(left, language), *numbers(f"\n\n{right}", language)]
    assert [(fact.value, fact.noun, fact.qualifier) for fact in both] == [
        (fact.value, fact.noun, fact.qualifier) for fact in alone
    ]


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1 ", "A ", ".", "(", "« ", "1.", "1-", "1/", "deux ", "cent ", "million ", "1 de ", "12-12-", "a@"],
)
@pytest.mark.parametrize("language", ["fr", "de", "xx"])
def test_handles_long_repetitive_texts(piece: str, language: str) -> None:
    found = numbers(piece * 20_000, language)
    assert len(found) <= 20_000


@pytest.mark.parametrize("text", ["", " ", "\0", "\n\n", "\ufeff", "\u0301", "\u202e25\u202c", "٪", "½½", "1\u00ad000"])
def test_accepts_unusual_texts(text: str) -> None:
    for language in LANGUAGES:
        for fact in numbers(text, language):
            assert text[fact.start : fact.end].strip()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Leeds won 3-1 at home, and Ghana drew 2–2."),
        ("de", "Bremen gewann 3:1, dann 4-0."),
        ("fr", "Lens a gagné 3-1 puis 2-2."),
        ("es", "El Betis ganó 3-1."),
        ("ru", "Зенит победил 3-1."),
        ("uk", "Динамо перемогло 3-1."),
        ("en", "They took the set 113-108."),
    ],
)
def test_scores_are_not_amounts(language: str, text: str) -> None:
    assert [fact.value for fact in numbers(text, language)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The patch is in version 2.3, see section 4.1."),
        ("de", "Die Lücke ist in Version 2.3 geschlossen."),
        ("fr", "La faille est corrigée dans la version 2.3."),
        ("es", "El fallo se corrige en la versión 2.3."),
        ("ru", "Ошибка исправлена в версии 2.3."),
        ("uk", "Помилку виправлено у версії 2.3."),
    ],
)
def test_versions_and_sections_are_not_amounts(language: str, text: str) -> None:
    assert [fact.value for fact in numbers(text, language)] == []
