"""Quotations: marks of all kinds, nested marks, and marks that are not closed."""
# ruff: noqa: RUF001 - look-alike quotation marks are meant

from itertools import pairwise

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.facts.quotations import MAX_QUOTATION_LENGTH, MIN_QUOTATION_WORDS, quotations
from dedup.text.tokens import tokens

# Text, and its quotations with their marks.
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
    # No quotation, or fewer than three words.
    ("Il est « fort » et « très fort ».", []),
    ("C’est l’heure d’aller à l’école qu’il a dit.", []),
    ("It's the '90s and the dogs' bowl isn't here.", []),
    ("Rock 'n' roll isn't the workers' music 'n' all.", []),
    ('A pipe of 5" by 7 and one of 6 feet', []),
    ("« jamais fermé. Il dit", []),
    ("jamais ouvert de toute façon »", []),
    ("«  ! ? — »", []),
    ("", []),
    # A mark that is not closed does not open a quotation.
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
def test_finds_quotations(text: str, expected: list[str]) -> None:
    assert [text[fact.start : fact.end] for fact in quotations(text)] == expected


def test_value_is_the_folded_words() -> None:
    (fact,) = quotations("Il dit : « L’été 2024, dit-il, est FINI ! »")
    assert fact.kind == "quotation"
    assert fact.value == "l ete 2024 dit il est fini"


def test_longest_quotation() -> None:
    inside = ("mot " * MAX_QUOTATION_LENGTH)[: MAX_QUOTATION_LENGTH - 2]
    assert len(quotations(f"«{inside}»")) == 1
    assert quotations(f"«{inside}s»") == []


@given(texts)
def test_quotations_are_ordered_and_do_not_overlap(text: str) -> None:
    found = quotations(text)
    for fact in found:
        assert text[fact.start] in MARKS
        assert text[fact.end - 1] in MARKS
        assert fact.end - fact.start <= MAX_QUOTATION_LENGTH
        words = [token.form for token in tokens(text[fact.start + 1 : fact.end - 1])]
        assert len(words) >= MIN_QUOTATION_WORDS
        assert fact.value == " ".join(words)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.lists(st.sampled_from(["un", "deux", "trois", "été"]), min_size=3, max_size=9).map(" ".join))
def test_finds_any_words_between_marks(words: str) -> None:
    for first, last in ("«»", "“”", "„“", '""', "「」"):
        (fact,) = quotations(f"On dit {first}{words}{last}.")
        assert (fact.start, fact.end) == (7, 9 + len(words))


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_handles_long_repetitive_texts(text: str) -> None:
    assert all(text[fact.start : fact.end] for fact in quotations(text))
