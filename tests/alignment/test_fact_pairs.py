"""Pairs of facts: against a comparison of all pairs, and examples."""

from functools import partial

import pytest
import reference
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.alignment import fact_pairs
from dedup.alignment.fact_pairs import same_facts
from dedup.text.facts.extract import same_fact
from dedup.text.spans import Fact

DATES = ["2024", "2023", "2024-06", "2024-06-19", "--06", "--06-19", "2024-Q1", "--Q1", "2023-06", "2024-H2", "1998"]
DATES += ["2024-06/2024-07", "--06/--07", "2024-06-01/2024-07-02", "2020/2024", "--10-08/--10-13"]
DATES += ["2024-06-19T09:30", "--06-19T09:30", "2024-06-19T09:30Z", "2024-06-19T11:30+02:00", "2024-06-19T09:30:15"]
DATES += ["2024-06-30T23:30Z", "2024-07-01T01:30+02:00", "2024-07-01", "2024-06-30T23:30Z/2024-07-01T01:30Z"]
WORDS = ["all", "the", "fine", "old", "words", "that", "they", "said", "here"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9)
numbers = st.builds(
    Fact,
    st.just("number"),
    st.just(0),
    st.just(1),
    st.sampled_from(["2", "12", "1999", "25000", "3/4", "10\u201320", "10\u20132000"]),
    st.sampled_from(["", "men", "man", "%", "km", "tonnes"]),
    st.sampled_from(["", "ordinal", "about"]),
)
dates = st.sampled_from(DATES).map(lambda value: Fact("date", 0, 1, value))
quotations = words.map(lambda quoted: Fact("quotation", 0, 1, " ".join(quoted)))
NAMES = ["Putin", "Vladimir Poutine", "Kim", "Kim Jong-un", "Jong-un", "BOJ", "Bank of Japan", "Japan", "ONS", "OSCE"]
NAMES += ["Office for National Statistics", "Organization for Security and Co-operation in Europe", "OMS", "NIS", "UNO"]
NAMES += ["Organisation mondiale de la santé (OMS)", "Ursula von der Leyen", "von der Leyen", "Leyen", "Zelensky"]
NAMES += [
    "Volodymyr Zelenskyy",
    "Зеленського",
    "Володимир Зеленський",
    "EE.UU.",
    "Merck Ltd",
    "Ltd",
    "Xi Jinping",
    "Xi",
]
names = st.sampled_from(NAMES).map(lambda value: Fact("name", 0, 1, value))
facts = st.lists(numbers | dates | quotations | names, max_size=12)


@given(facts, facts)
@example([Fact("quotation", 0, 1, "a b c d e")], [Fact("quotation", 0, 1, "b a d c f")])
@example([Fact("quotation", 0, 1, "a b c d e")], [Fact("quotation", 0, 1, "a b c d")])
def test_same_facts_match_all_pairs_comparison(left: list[Fact], right: list[Fact]) -> None:
    assert same_facts(left, right, "en") == reference.pairs(left, right, partial(same_fact, language="en"))


@given(st.lists(st.sampled_from(DATES), max_size=5), st.lists(words.map(" ".join), max_size=5))
def test_each_fact_is_the_same_as_itself(dates: list[str], quoted: list[str]) -> None:
    own = [Fact("date", 0, 1, date) for date in dates] + [Fact("quotation", 0, 1, words) for words in quoted]
    own += [Fact("name", 0, 1, name) for name in ("Kim Jong-un", "Alabuga", "Jong-un", "Київ")]
    assert {(at, at) for at in range(len(own))} <= {*same_facts(own, own, "en")}


def test_names_are_paired_by_spelling_and_last_name() -> None:
    left = [Fact("name", 0, 1, value) for value in ("Alabuga", "Vladimir Putin", "NHK")]
    right = [Fact("name", 0, 1, value) for value in ("Putin", "Lelabouga", "BBC")]
    assert same_facts(left, right, "fr") == [(0, 1), (1, 0)]


def test_very_frequent_values_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    repeated = [Fact("date", 0, 1, "2024-06")] * 4
    assert len(same_facts(repeated, repeated, "en")) == 16
    monkeypatch.setattr(fact_pairs, "MAX_MENTION_PAIRS", 15)
    assert same_facts(repeated, repeated, "en") == []
