"""Quotations: between marks of any kind, and never what a mark that is not closed would swallow."""
# ruff: noqa: RUF001 - quote marks that look alike are the point

import time
from itertools import pairwise

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.facts.quotations import LEAST, LONGEST, quotations
from dedup.text.tokens import tokens

# A text, and what it quotes, marks included.
CASES = [
    ("Elle dit « plus que jamais », non ?", ["« plus que jamais »"]),
    ('Une "première étape vers la guerre".', ['"première étape vers la guerre"']),
    ("„Wir schaffen das nicht“, sagte er.", ["„Wir schaffen das nicht“"]),
    ("»Das ist ein Test«, sagte sie.", ["»Das ist ein Test«"]),
    ("«Das ist ein Test», sagte sie.", ["«Das ist ein Test»"]),
    ("“We don’t know it,” he said.", ["“We don’t know it,”"]),
    ("‘We know the workers’ rights,’ he said.", ["‘We know the workers’ rights,’"]),
    ("'We will go home,' she said.", ["'We will go home,'"]),
    ("”Det är så det är”, sa hon.", ["”Det är så det är”"]),
    ("„To jest tylko próba”, mówi.", ["„To jest tylko próba”"]),
    ("「我们不知道」他说", ["「我们不知道」"]),
    ("« il dit « oui » et il part »", ["« il dit « oui » et il part »"]),
    ("“He said ‘we are all here’ and left.”", ["“He said ‘we are all here’ and left.”"]),
    ('x "a b c" "d e f" y', ['"a b c"', '"d e f"']),
    ("«un deux trois»«quatre cinq six»", ["«un deux trois»", "«quatre cinq six»"]),
    # Nothing is quoted, or too little.
    ("Il est « fort » et « très fort ».", []),
    ("C’est l’heure d’aller à l’école qu’il a dit.", []),
    ("It's the '90s and the dogs' bowl isn't here.", []),
    ("Rock 'n' roll isn't the workers' music 'n' all.", []),
    ('A pipe of 5" by 7 and one of 6 feet', []),
    ("« jamais fermé. Il dit", []),
    ("jamais ouvert de toute façon »", []),
    ("«  ! ? — »", []),
    ("", []),
    # A mark that is not closed swallows nothing.
    ("« jamais fermé. Il dit « oui mon cher ami ».", ["« oui mon cher ami »"]),
    ("« a b c\n\nd » e", []),
    ('"First part goes on\n\n"Second part ends here"', ['"Second part ends here"']),
    ("« un deux trois\nquatre »", ["« un deux trois\nquatre »"]),
    ("“" + "a " * 300 + "” “now it is short”", ["“now it is short”"]),
]
MARKS = ["«", "»", "“", "”", "„", '"', "'", "’", "‘", "‹", "›", "「", "」"]
texts = st.one_of(
    strategies.texts,
    st.lists(st.sampled_from([*MARKS, *MARKS, " ", " ", "a", "mot", ".", ",", "s", "\n", "\n\n"]), max_size=60).map(
        "".join
    ),
)
LONG = [
    "a" * 10**6,
    "« " * 10**5,
    '" ' * 10**5,
    "“" * 10**5,
    "'a" * 10**5,
    "» a b c " * 10**5,
    "\n " * 10**5,
    "„a b c" * 10**5,
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_a_text_quotes(text: str, expected: list[str]) -> None:
    assert [text[fact.start : fact.end] for fact in quotations(text)] == expected


def test_the_value_is_the_words_folded() -> None:
    (fact,) = quotations("Il dit : « L’été 2024, dit-il, est FINI ! »")
    assert fact.kind == "quotation"
    assert fact.value == "l ete 2024 dit il est fini"


def test_the_longest_is_as_long_as_promised() -> None:
    inside = ("mot " * LONGEST)[: LONGEST - 2]
    assert len(quotations(f"«{inside}»")) == 1
    assert quotations(f"«{inside}s»") == []


@given(texts)
def test_quotations_are_marks_with_words_between_in_order_and_apart(text: str) -> None:
    found = quotations(text)
    for fact in found:
        assert text[fact.start] in MARKS
        assert text[fact.end - 1] in MARKS
        assert fact.end - fact.start <= LONGEST
        words = [token.form for token in tokens(text[fact.start + 1 : fact.end - 1])]
        assert len(words) >= LEAST
        assert fact.value == " ".join(words)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.lists(st.sampled_from(["un", "deux", "trois", "été"]), min_size=3, max_size=9).map(" ".join))
def test_what_stands_between_plain_marks_is_always_found(words: str) -> None:
    for first, last in ("«»", "“”", "„“", '""', "「」"):
        (fact,) = quotations(f"On dit {first}{words}{last}.")
        assert (fact.start, fact.end) == (7, 9 + len(words))


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    quotations(text)
    assert time.perf_counter() - started < 8
