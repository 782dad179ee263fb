"""Units of one token sequence are compared as one, and yet each is paired as if it had been compared alone."""

from itertools import combinations

import pyarrow as pa
import pytest
import reference
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

import dedup

WORDS = ["a", "b", "c", "d", "e", "f", "g"]
lists = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join), min_size=2, max_size=20)


@strategies.FEW
@given(lists, st.sampled_from([0.5, 0.7, 1.0]), st.sampled_from([1, 3, 64]))
@example(["a b c", "a b d", "a b c", "A, b c", "a b d"], 0.5, 64)
@example(["a b", "a b c", "a b c", "a b", "a b d", "a b c"], 0.6, 1)
def test_copies_have_the_pairs_of_their_original(texts: list[str], threshold: float, largest_bucket: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        cleaned = dedup.clean(pa.table({"text": texts}), shingle=1, threshold=threshold, unit="documents")
    rows = cleaned.pairs.to_pylist()
    found = {(row["left_doc"], row["right_doc"]): (row["jaccard"], row["containment"]) for row in rows}
    assert len(found) == len(rows)
    units = reference.document_units(texts, 1)
    for (left, right), (jaccard, containment) in found.items():
        one, other = units[left].shingles, units[right].shingles
        assert left < right
        assert jaccard == reference.jaccard(one, other) >= threshold
        assert containment == len(one & other) / len(other)
    if largest_bucket < 64:  # of large groups, only the pairs with kept units are reported
        return
    same = [reference.document_tokens(text) for text in texts]
    assert {pair for pair in combinations(range(len(texts)), 2) if same[pair[0]] == same[pair[1]]} <= found.keys()
    for left, right in found:
        for again in range(len(texts)):
            if same[again] == same[left] and again != right:
                assert (min(again, right), max(again, right)) in found
            if same[again] == same[right] and again != left:
                assert (min(again, left), max(again, left)) in found
