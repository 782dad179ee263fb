"""Facts: dates, numbers, names and quotations of a text, the comparison of two facts, and their labels."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

from itertools import pairwise

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from paths import SEEDS

from dedup.text.facts.extract import facts, label, same_fact, same_label, same_noun
from dedup.text.sentences.split import split
from dedup.text.spans import Fact

# Language, text, and its facts as kind and label, by start.
CASES = [
    ("fr", "En juin 2024, NHK a compté 25 000 ouvriers.", "date 2024-06 | name NHK | number 25000"),
    ("fr", "On a vu 40 drones Geran-2 et 3 chars Chonma-2.", "number 40 | name Geran-2 | number 3 | name Chonma-2"),
    ("fr", "Il dit : « Tout Moscou a peur. »", "quotation “tout moscou a peur” | name Moscou"),
    ("fr", "Le Covid-19 a tué 12 personnes le 3 mars 2020.", "name Covid-19 | number 12 | date 2020-03-03"),
    ("en", "In June 2024 the U.S. sent 25,000 men.", "date 2024-06 | name U.S. | number 25000"),
    ("en", "Trump said on May 5 that 50 pct is fine.", "date --05-05 | number 50"),
    ("de", "Im Juni 2024 kamen 25.000 Arbeiter nach Alabuga.", "date 2024-06 | number 25000 | name Alabuga"),
    ("ru", "В июне 2024 года в Курск прибыли 25 тысяч рабочих.", "date 2024-06 | name Курск | number 25000"),
    ("und", "", ""),
]
LANGUAGES = ["fr", "en", "de", "es", "ru", "uk", "zh", "und"]


def number(value: str, noun: str = "", qualifier: str = "") -> Fact:
    return Fact("number", 0, 1, value, noun, qualifier)


def name(value: str) -> Fact:
    return Fact("name", 0, 1, value)


def date(value: str) -> Fact:
    return Fact("date", 0, 1, value)


def quotation(value: str) -> Fact:
    return Fact("quotation", 0, 1, value)


SAME = [
    (number("25000", "ouvriers"), number("25000", "travailleurs")),
    (number("25000", "ouvriers"), number("25000")),
    (number("12", "ouvriers"), number("12", "ouvrier")),
    (number("2000", "soldats"), number("2000", "soldat")),
    (number("170", "mm"), number("170", "mm")),
    (number("50", "%"), number("50", "%")),
    (number("8–13", "jours"), number("8–13", "jour")),
    (number("8000–13000"), number("8000–13000")),
    (name("Lelabouga"), name("Alabuga")),
    (name("Vladimir Poutine"), name("Putin")),
    (name("ONU"), name("Organisation des Nations unies")),
    (date("2024-06"), date("--06")),
    (date("2024-06-19"), date("2024-06")),
    (quotation("plus que jamais"), quotation("plus que jamais")),
    (quotation("une premiere etape vers la guerre"), quotation("premiere etape vers la guerre")),
]
DIFFERENT = [
    (number("25000"), number("12000")),
    (number("12", "ouvriers"), number("12", "drones")),
    (number("12", "ouvriers"), number("12")),
    (number("12"), number("12")),
    (number("2000", "soldats"), number("2000", "drones")),
    (number("2000"), number("2000")),
    (number("500", "%"), number("500", "mm")),
    (number("1/2"), number("1/2")),
    (name("Niger"), name("Nigeria")),
    (name("Geran-2"), name("Geran-3")),
    (name("Ukraine"), name("RBC-Ukraine")),
    (date("2024"), date("2024-06")),
    (date("2024-06"), date("2024-07")),
    (quotation("plus que jamais"), quotation("moins que jamais")),
    (number("2024"), date("2024")),
    (name("2024"), date("2024")),
]


def find_facts(text: str, language: str) -> list[Fact]:
    return facts(text, split(text, language), language)


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_finds_facts(language: str, text: str, expected: str) -> None:
    shown = (
        (fact, fact.value if fact.kind in ("number", "date") else label(fact)) for fact in find_facts(text, language)
    )
    assert " | ".join(f"{fact.kind} {name}" for fact, name in shown) == expected


@pytest.mark.parametrize(("left", "right"), SAME)
def test_same_facts(left: Fact, right: Fact) -> None:
    assert same_fact(left, right, "fr")
    assert same_fact(right, left, "fr")


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_facts(left: Fact, right: Fact) -> None:
    assert not same_fact(left, right, "fr")
    assert not same_fact(right, left, "fr")


def test_sample_articles_share_facts() -> None:
    facts_by_article = {
        path.name[:3]: find_facts(path.read_text(encoding="utf-8"), "fr") for path in SEEDS.glob("*.txt")
    }

    def shared(left: str, right: str) -> set[str]:
        return {
            same_label(one, other)
            for one in facts_by_article[left]
            for other in facts_by_article[right]
            if same_fact(one, other, "fr")
        }

    assert {"25000", "Lelabouga", "NHK", "RBC-Ukraine"} <= shared("000", "001")
    assert {"25000", "Lelabouga ≈ Alabuga", "Kim Jong-un"} <= shared("000", "003")
    assert {"2024-06 ≈ June"} <= shared("002", "004")
    assert {"170"} <= shared("002", "003")
    assert "25000" not in shared("000", "002") | shared("000", "004")


def test_labels() -> None:
    assert label(number("25000", "ouvriers", "about")) == "25000"
    assert label(date("2024-06")) == "2024-06"
    assert label(quotation("a b c d e f g h i")) == "“a b c d e f g h …”"
    assert same_label(number("25000", "ouvriers"), number("25000", "hommes")) == "25000"


def test_same_noun_compares_stems() -> None:
    assert same_noun("soldats", "soldat", "fr")
    assert same_noun("workers", "worker", "en")
    assert same_noun("%", "%", "und")
    assert not same_noun("soldats", "drones", "fr")
    assert not same_noun("", "", "fr")


@given(st.one_of(strategies.texts, strategies.layouts(), st.text(max_size=80)), st.sampled_from(LANGUAGES))
def test_facts_are_ordered_and_only_quotations_overlap_others(text: str, language: str) -> None:
    ordered = find_facts(text, language)
    assert ordered == sorted(ordered, key=lambda fact: (fact.start, fact.end, fact.kind))
    assert all(0 <= fact.start < fact.end <= len(text) for fact in ordered)
    plain = [fact for fact in ordered if fact.kind != "quotation"]
    assert all(one.end <= other.start for one, other in pairwise(plain))
    for one in ordered[:5]:
        for other in ordered[:5]:
            assert same_fact(one, other, language) == same_fact(other, one, language)


@pytest.mark.parametrize(
    "text", ["1 " * 10**4, "A " * 10**5, "« " * 10**5, "a" * 10**6], ids=lambda text: repr(text[:4])
)
def test_handles_long_repetitive_texts(text: str) -> None:
    assert all(text[fact.start : fact.end] for fact in find_facts(text, "fr"))
