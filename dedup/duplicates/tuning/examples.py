"""Choose pairs that show what a threshold removes, and read their texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.word_diff import diff_words
from dedup.corpus import Corpus
from dedup.corpus.corpus import names_of
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import NEAR, Removals
from dedup.duplicates.summary import read_units
from dedup.duplicates.tuning.results import TuningExample
from dedup.results import UnitLocation


def choose_examples(removals: Removals, below: float, most: int) -> Removals:
    """Choose near-duplicates whose similarity is under the next threshold.

    The least similar come first, and documents before paragraphs of the same similarity. A kept unit is named once.

    Args:
        removals: What a threshold removes.
        below: The next threshold, which removes none of the pairs.
        most: Number of examples.

    Returns:
        The chosen removals, of different kept units.
    """
    near = np.flatnonzero((removals.reason == NEAR) & (removals.jaccard < below))
    order = near[np.lexsort((removals.doc[near], ~removals.is_document[near], removals.jaccard[near]))]
    kept: dict[tuple[int, int, int], int] = {}
    for row in order.tolist():
        if len(kept) == most:
            break
        kept.setdefault(_kept_place(removals, row), row)
    return removals.take(np.array(list(kept.values()), np.int64))


def read_examples(corpus: Corpus, chosen: Sequence[Removals]) -> Iterator[tuple[TuningExample, ...]]:
    """Read the texts of chosen removals, all in one pass.

    Args:
        corpus: The documents.
        chosen: The removals of each threshold.

    Yields:
        The examples of each threshold.
    """
    pairs = [[(_place(some, row), _kept_place(some, row)) for row in range(len(some))] for some in chosen]
    places = {place for part in pairs for pair in part for place in pair}
    texts = read_units(corpus, References(), places)
    docs: NDArray[np.int64] = np.unique(np.array([place[0] for place in places], np.int64))
    names = dict(zip(docs.tolist(), names_of(corpus, docs)["id"].to_pylist(), strict=True))
    for some, part in zip(chosen, pairs, strict=True):
        yield tuple(_example(some, row, pair, texts, names) for row, pair in enumerate(part))


def _example(
    removals: Removals,
    row: int,
    pair: tuple[tuple[int, int, int], tuple[int, int, int]],
    texts: Mapping[tuple[int, int, int], str],
    names: Mapping[int, str | None],
) -> TuningExample:
    text, kept_text = (texts[place] for place in pair)
    removed, kept = (UnitLocation(names[doc], doc, start, end) for doc, start, end in pair)
    return TuningExample(
        unit="document" if removals.is_document[row] else "paragraph",
        jaccard=float(removals.jaccard[row]),
        removed=removed,
        kept=kept,
        text=text,
        kept_text=kept_text,
        words=tuple(diff_words(text, kept_text)),
    )


def _place(removals: Removals, row: int) -> tuple[int, int, int]:
    """Return the document, start and end of a removed unit."""
    place = removals.place[row]
    return int(removals.doc[row]), int(place["start"]), int(place["end"])


def _kept_place(removals: Removals, row: int) -> tuple[int, int, int]:
    """Return the document, start and end of the kept unit of a removed one."""
    return int(removals.kept_doc[row]), int(removals.kept_start[row]), int(removals.kept_end[row])
