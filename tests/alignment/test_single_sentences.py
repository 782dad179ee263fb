"""Links of texts of one sentence each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.alignment.single_sentences import MIN_MATCHED_SHARE, matched_share

WORDS = ["police", "officers", "sealed", "off", "the", "scene", "of", "blast", "25", "killed", "said", "Kim", ",", "."]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join)


@given(st.text() | SENTENCES, st.text() | SENTENCES, st.sampled_from(["en", "fr", "und"]))
def test_share_is_symmetric_and_at_least_the_minimum(left: str, right: str, language: str) -> None:
    share = matched_share(left, right, language)
    assert share == matched_share(right, left, language)
    assert share == 0 or MIN_MATCHED_SHARE <= share <= 1


def test_single_sentences_are_linked_by_their_words() -> None:
    left = "It is forecast that growth will slow further in the following months."
    right = "The economy is expected to slow in the coming months."
    (pair,) = dedup.diff(left, right, "en").pairs
    assert pair.kind == "heavy"
    assert MIN_MATCHED_SHARE <= pair.score < 1
    assert pair.words
    # Among other sentences, the same words are too little evidence.
    assert not dedup.diff(f"{left} Wheat prices fell in Chicago.", right, "en").pairs


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Rain fell on the coast.", "A minister opened two new hospitals in Lima."),
        ("The company said that it will report on Monday.", "The mayor said that she was in the city on Friday."),
        ("", "A sentence."),
    ],
)
def test_unrelated_single_sentences_have_no_link(left: str, right: str) -> None:
    assert not dedup.diff(left, right, "en").pairs
