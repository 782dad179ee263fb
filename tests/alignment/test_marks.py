"""Marks of the words of aligned sentences: they partition the words, and numbers of both texts are not replaced."""

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.alignment.diff import Diff
from dedup.alignment.highlight import MarkedSpan, marked_spans
from dedup.alignment.words.word_groups import parse_words

SENTENCES = [
    "La Russie accueillera 25 000 ouvriers nord-coréens à Alabuga en 2024.",
    "Selon NHK, Moscou attend 25.000 travailleurs de Corée du Nord.",
    "L'usine d'Alabuga a produit 3 000 drones en 2023 et 6 000 en 2024.",
    "En 2024, l'usine produisait 6 000 drones, contre 3 000 en 2023.",
    "Pyongyang a déjà envoyé 10 000 soldats ; 12 000 suivront.",
    "Pyongyang enverra 12 000 soldats après les 10 000 premiers.",
    "Il neige.",
]
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map(" ".join)


def marks(text: str, found: Diff, rank: int, side: int) -> list[MarkedSpan]:
    """Return the marks of a side of a pair."""
    return list(marked_spans(text, found.pairs[rank], side, "fr"))


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_marks_partition_the_words(left: str, right: str) -> None:
    found = dedup.diff(left, right, "fr")
    for rank, pair in enumerate(found.pairs):
        for side, (text, extent) in enumerate(((left, pair.left), (right, pair.right))):
            spans = marks(text, found, rank, side)
            assert all(before.end <= after.start for before, after in pairwise(spans))
            marked = [at for span in spans for at in range(span.start, span.end)]
            letters = {at for at in range(*extent) if text[at].isalnum()}
            assert letters <= set(marked) <= set(range(*extent))


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_marks_mirror(left: str, right: str) -> None:
    one, other = dedup.diff(left, right, "fr"), dedup.diff(right, left, "fr")
    mirrored = {(pair.right, pair.left): rank for rank, pair in enumerate(other.pairs)}
    for rank, pair in enumerate(one.pairs):
        for side, text in enumerate((left, right)):
            expected = marks(text, other, mirrored[pair.left, pair.right], 1 - side)
            assert [span[:3] for span in marks(text, one, rank, side)] == [span[:3] for span in expected]


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_number_of_both_texts_is_not_replaced(left: str, right: str) -> None:
    found = dedup.diff(left, right, "fr")
    figures = [{word.stem for word in parse_words(text, "fr") if word.form[0].isdigit()} for text in (left, right)]
    for pair in found.pairs:
        for link in pair.words:
            shown = left[slice(*link.span(0))] + " " + right[slice(*link.span(1))]
            numbers = {re.sub(r"\D", "", number) for number in re.findall(r"\d[\d .]*", shown)}
            assert link.kind != "replaced" or not numbers & figures[0] & figures[1]
