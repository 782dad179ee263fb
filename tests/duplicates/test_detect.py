"""Detection on a part of a corpus: always-kept units, and connected components on their own."""

import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import reference
import strategies
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedup.duplicates.detect import Matching, detect
from dedup.duplicates.select import Verdicts
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.signatures import sketch_corpus, sketch_settings
from dedup.runtime.workspace import Workspace
from dedup.settings import Settings

WORDS = ["a", "b", "c", "d", "e", "f", "g", "h"]
texts_of_few_words = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join), min_size=1, max_size=20
)
Pairs = dict[tuple[int, int], float]


def verdicts_on(
    texts: list[str], threshold: float, fixed: list[bool] | None = None, precedence: list[int] | None = None
) -> tuple[Verdicts, Pairs]:
    """Sketch documents and detect duplicates among them; pairs are by row."""
    settings = Settings(unit="documents", paragraphs="none", threshold=threshold, shingle_documents=1)
    batch = pa.array(texts, pa.large_string())

    def read(docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
        assert docs.tolist() == sorted(set(docs.tolist()))
        yield DocumentTexts(np.arange(len(texts)), batch)

    with tempfile.TemporaryDirectory() as folder:
        units = sketch_corpus([(0, batch)], sketch_settings(settings), Path(folder), 1).documents
        workspace = Workspace(Path(folder), 64 << 20, 1, lambda *_: nullcontext())
        with detect(
            units,
            read,
            Matching(1, threshold, settings.permutations),
            workspace,
            fixed=None if fixed is None else np.array(fixed),
            precedence=None if precedence is None else np.array(precedence),
        ) as detection:
            pairs: Pairs = {}
            for former, latter, shared, former_size, latter_size in detection.pairs():
                sides = zip(detection.order[former].tolist(), detection.order[latter].tolist(), strict=True)
                pairs.update(zip(sides, (shared / (former_size + latter_size - shared)).tolist(), strict=True))
            return detection.verdicts, pairs


@strategies.FEW
@given(texts_of_few_words, st.data(), st.sampled_from([0.5, 0.7, 1.0]), st.sampled_from([1, 2, 64]))
def test_fixed_units_are_kept_and_come_first(
    texts: list[str], data: st.DataObject, threshold: float, largest_bucket: int
) -> None:
    fixed = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    precedence = data.draw(st.lists(st.integers(0, 3), min_size=len(texts), max_size=len(texts)))
    _, found = verdicts_on(texts, threshold, None, precedence)  # recall is below 1: take the pairs that are found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        verdicts, pairs = verdicts_on(texts, threshold, fixed, precedence)
    assert not [pair for pair in pairs if all(fixed[row] for row in pair)]
    order = sorted(range(len(texts)), key=lambda row: (not fixed[row], 0 if fixed[row] else precedence[row], row))
    similar = {frozenset(pair) for pair in found if not all(fixed[row] for row in pair)}
    kept: set[int] = set()
    for row in order:
        if not any(frozenset((row, other)) in similar for other in kept):
            kept.add(row)
    assert set(np.flatnonzero(verdicts.kept).tolist()) == kept
    assert all(verdicts.kept[fixed])
    units = reference.document_units(texts, 1)
    for row, keeper, jaccard in zip(verdicts.removed, verdicts.keeper, verdicts.jaccard, strict=True):
        assert verdicts.kept[keeper]
        assert jaccard == reference.jaccard(units[row].shingles, units[keeper].shingles) >= threshold
        same = [other for other in range(keeper) if fixed[other] and units[other].shingles == units[keeper].shingles]
        assert not (
            fixed[keeper]
            and same
            and reference.document_tokens(texts[same[0]]) == reference.document_tokens(texts[keeper])
        )


@strategies.FEW
@given(texts_of_few_words, st.sampled_from([0.5, 0.8]), st.sampled_from([2, 64]))
def test_components_can_be_detected_separately(texts: list[str], threshold: float, largest_bucket: int) -> None:
    whole, pairs = verdicts_on(texts, threshold)
    component = list(range(len(texts)))
    for left, right in pairs:
        component = [component[left] if value == component[right] else value for value in component]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        for name in set(component):
            rows = [row for row, value in enumerate(component) if value == name]
            part, _ = verdicts_on([texts[row] for row in rows], threshold)
            assert part.kept.tolist() == whole.kept[rows].tolist()
            chosen = np.isin(whole.removed, rows)
            assert [rows[row] for row in part.removed] == whole.removed[chosen].tolist()
            assert [rows[row] for row in part.keeper] == whole.keeper[chosen].tolist()
            assert part.jaccard.tolist() == whole.jaccard[chosen].tolist()
