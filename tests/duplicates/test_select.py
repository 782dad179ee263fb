"""Verdicts: the kept set is the reference greedy one, and each removed unit names its most similar kept one.

Texts of few words, compared word by word, resemble each other in every way that a graph can.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import reference
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.duplicates.select import nothing_removed

WORDS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
Texts = list[list[str]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Texts, list[int | None], float]:
    """Sets of words, a value to keep by, and a threshold."""
    texts = draw(
        st.lists(
            st.lists(st.sampled_from(WORDS[: draw(st.integers(2, 12))]), min_size=1, max_size=12),
            min_size=2,
            max_size=30,
        )
    )
    values = draw(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=len(texts), max_size=len(texts)))
    return texts, values, draw(st.sampled_from([0.4, 0.5, 0.6, 0.75, 0.8]))


def clean(texts: list[str], **options: Any) -> dedup.Cleaned:
    return dedup.clean(pa.table({"text": texts, **options.pop("columns", {})}), shingle=1, workers=1, **options)


TIES = ([list("ab"), list("cd"), list("abcd"), list("cdab")], [None] * 4, 0.5)
CHAIN = ([list("abcdef"), list("abcdeg"), list("abcdgh"), list("abghij")], [3, None, 1, 2], 0.5)


@strategies.FEW
@given(graphs(), st.sampled_from([1, 2, 5, 64]))
@example(CHAIN, 1)
@example(CHAIN, 64)
@example(TIES, 1)
@example(TIES, 64)
def test_kept_documents_equal_the_greedy_reference(
    graph: tuple[Texts, list[int | None], float], largest_bucket: int
) -> None:
    sets, values, threshold = graph
    texts = [" ".join(words) for words in sets]
    columns = {"columns": {"rank": pa.array(values, pa.int64())}, "keep": "-rank", "unit": "documents"}
    pairs = {
        (row["left_doc"], row["right_doc"]) for row in clean(texts, threshold=threshold, **columns).pairs.to_pylist()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        cleaned = clean(texts, threshold=threshold, **{**columns, "columns": {"rank": pa.array(values, pa.int64())}})
    units = reference.document_units(texts, 1)
    kept = reference.greedy(reference.keep_order("-rank", texts, values), pairs)
    expected = reference.keepers(
        units, kept, {(a, b): reference.jaccard(units[a].shingles, units[b].shingles) for a, b in pairs}
    )
    assert cleaned.clean["doc"].to_pylist() == sorted(kept)
    assert (
        dict(zip(cleaned.removed["doc"].to_pylist(), cleaned.removed["kept_doc"].to_pylist(), strict=True)) == expected
    )


@strategies.FEW
@given(graphs(), st.integers(1, 4), st.booleans(), st.sampled_from([1, 2, 64]))
@example(TIES, 2, True, 1)
@example(TIES, 3, True, 64)
@example(([list("ab"), list("c"), list("d"), list("ef"), list("g"), list("abef")], [], 0.5), 3, True, 64)
@example(([list("ab"), list("c"), list("d"), list("ef"), list("g"), list("abef")], [], 0.5), 3, True, 1)
# The fourth equals the second, which is removed for the first; but the third, in the document of the fourth, is near
# it.
@example(([list("abc"), list("abcd"), list("abc"), list("abcd")], [], 0.7), 1, False, 1)
@example(([list("abc"), list("x"), list("abcd"), list("y"), list("abc"), list("abcd")], [], 0.7), 2, False, 64)
@example(([list("abc"), list("x"), list("abcd"), list("y"), list("abc"), list("abcd")], [], 0.7), 2, False, 1)
def test_ties_prefer_the_same_document(
    graph: tuple[Texts, list[int | None], float], a_document: int, near_within: bool, largest_bucket: int
) -> None:
    sets, _, threshold = graph
    lines = [" ".join(words) for words in sets]
    texts = ["\n\n".join(lines[first : first + a_document]) for first in range(0, len(lines), a_document)]
    options: dict[str, Any] = {"threshold": threshold, "unit": "paragraphs", "paragraphs": "all", "min_tokens": 0}
    options["near_within"] = near_within
    pairs = [tuple(row.values())[1:7] for row in clean(texts, **options).pairs.to_pylist()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        removed = clean(texts, **options).removed.to_pylist()
    units = reference.paragraph_units(texts, range(len(texts)), 1, "auto", 1)
    number = {(unit.doc, unit.span.start): at for at, unit in enumerate(units)}
    found = {(number[a, start], number[b, begin]) for a, start, _, b, begin, _ in pairs}
    kept = reference.greedy(range(len(units)), found)
    expected = reference.keepers(
        units, kept, {(a, b): reference.jaccard(units[a].shingles, units[b].shingles) for a, b in found}
    )
    ours = {
        number[row["doc"], row["start"]]: number[row["kept_doc"], row["kept_start"]]
        for row in removed
        if row["unit"] == "paragraph"
    }
    assert ours == expected


def test_nothing_removed() -> None:
    verdicts = nothing_removed(3)
    assert verdicts.kept.tolist() == [True] * 3
    assert verdicts.removed.size == verdicts.keeper.size == verdicts.jaccard.size == 0


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("first", 0), ("longest", 2), ("rank", 1), ("-rank", 0), ("name", 2), ("-name", 1), ("when", 1), ("text", 1)],
)
def test_keep_decides_which_duplicate_is_kept(keep: str, kept: int) -> None:
    texts = ["One two three, four five six", "ONE two three four five six", "One  two  three  four  five  six"]
    when = np.array(["2024-03-01", "2024-01-01", "NaT"], "datetime64[D]")
    columns = {"rank": [2, 1, None], "name": ["b", "ç", "a"], "when": pa.array(when)}
    cleaned = clean(texts, keep=keep, columns=columns)
    assert cleaned.clean["doc"].to_pylist() == [kept]
    assert set(cleaned.removed["kept_doc"].to_pylist()) == {cleaned.clean["doc"][0].as_py()}


@strategies.FEW
@given(strategies.corpora(most=8), st.sampled_from([1, 5, 20]))
def test_scan_counts_what_clean_removes(corpus: strategies.Corpus, min_tokens: int) -> None:
    table = pa.table({"text": pa.array(corpus.texts, pa.large_string())})
    scanned = dedup.scan(table, min_tokens=min_tokens)
    size = sum(len(text or "") for text in corpus.texts)
    for told, paragraphs in ((scanned.default, "within"), (scanned.everything, "all")):
        cleaned = dedup.clean(table, min_tokens=min_tokens, paragraphs=paragraphs)
        reasons = cleaned.removed["reason"].to_pylist()
        assert [told.exact, told.near, told.emptied] == [reasons.count(name) for name in ("exact", "near", "emptied")]
        assert told.characters == size - sum(len(text or "") for text in cleaned.clean["text"].to_pylist())
