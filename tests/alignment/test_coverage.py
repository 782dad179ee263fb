"""The measure of overlap: the share of the letters of a text in passages that are also in another."""

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from paths import SEEDS
from strategies import texts

import dedup
from dedup.alignment.coverage import LetterCounts
from dedup.alignment.diff import Diff

SEED_TEXTS = [path.read_text("utf-8") for path in sorted(SEEDS.iterdir())]


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(texts)
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    return text, [(min(pair), max(pair)) for pair in draw(st.lists(ends, max_size=8))]


@given(texts_with_spans())
def test_shares_equal_the_reference(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    assert LetterCounts(text).share(spans) == reference.letter_share(text, spans)


def covered_spans(found: Diff, side: int) -> list[tuple[int, int]]:
    """Return the spans of a text whose letters are covered, from the public fields of an alignment."""
    spans: list[tuple[int, int]] = []
    for pair in found.pairs:
        if pair.kind == "verbatim":
            spans.append((pair.left, pair.right)[side])
        elif pair.kind != "related":
            words = [word for word in pair.words if word.kind != "replaced"]
            spans += [(word[2 * side], word[2 * side + 1]) for word in words]
    return spans


@pytest.mark.parametrize(("left", "right"), [(0, 1), (0, 3), (1, 3), (2, 4)])
def test_coverage_of_both_texts_can_be_counted_from_the_links(left: int, right: int) -> None:
    found = dedup.diff(SEED_TEXTS[left], SEED_TEXTS[right])
    shares = [
        reference.letter_share(text, covered_spans(found, side)) for side, text in enumerate((found.left, found.right))
    ]
    assert list(found.coverage) == shares
    assert all(0 < share < 1 for share in shares)


def test_coverage_is_directional() -> None:
    passage = "The harbour master of Innsmouth counted forty-one boats on the morning of the storm."
    rest = "Nothing else was written down in that year by any of the clerks who worked there."
    found = dedup.diff(f"{passage} {rest}", passage, "en")
    letters = [sum(map(str.isalnum, text)) for text in (passage, rest)]
    assert found.coverage == (letters[0] / sum(letters), 1.0)


def test_unrelated_texts_have_no_coverage() -> None:
    left = "The harbour master counted the boats in the morning. Nothing else was written down that year."
    right = "Bread needs flour, water and salt. Knead it for ten minutes, then let it rest in a warm place."
    assert dedup.diff(left, right, "en").coverage == (0.0, 0.0)
