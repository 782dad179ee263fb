"""Removals to what a person wants to know: how much, and the largest groups."""

from dataclasses import asdict
from importlib.metadata import version

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import _known, _read
from dedup.corpus import Corpus
from dedup.corpus.corpus import ids_of
from dedup.duplicates.removals import REASONS, Removals
from dedup.duplicates.signatures import Sketches
from dedup.duplicates.units import CUT_END, TOKENS
from dedup.results import GroupMember, RemovalCounts, Run, ScanGroup, UnitLocation
from dedup.settings import Settings

PACKAGES = ("dedup-text", "datasketch", "duckdb", "numba", "numpy", "pyarrow")
# Members listed of a group, and code points of its excerpt.
MEMBERS = 5
EXCERPT = 200


def tally(removals: Removals, chosen: NDArray[np.bool_] | None = None) -> RemovalCounts:
    """Count removals, or some of them; what goes with its whole document counts once, as the document."""
    take = np.ones(removals.doc.size, np.bool_) if chosen is None else chosen
    exact, near, emptied = np.bincount(removals.reason[take], minlength=len(REASONS)).tolist()
    whole = removals.doc[removals.is_document]
    apart = take & (removals.is_document | ~np.isin(removals.doc, whole))
    characters = int((removals.span[apart, 3] - removals.span[apart, 2]).sum())
    return RemovalCounts(exact, near, emptied, characters)


def summarise(
    command: str,
    corpus: Corpus,
    settings: Settings,
    sketches: Sketches,
    removals: Removals,
    pairs: int,
    seconds: dict[str, float],
) -> Run:
    """Say what happened in a run."""
    within = removals.kept_doc == removals.doc
    paragraph = ~removals.is_document
    return Run(
        command=command,
        settings=asdict(settings),
        fingerprint=settings.fingerprint(),
        versions={name: version(name) for name in PACKAGES},
        counts={
            "documents": corpus.rows,
            "characters": int(sketches.documents.column(CUT_END).sum()),
            "paragraphs": sketches.seen,
            "short_paragraphs": sketches.short,
            "without_tokens": int((sketches.documents.column(TOKENS) == 0).sum()),
            "pairs": pairs,
            **_read(corpus),
        },
        removed={
            "documents": tally(removals, removals.is_document),
            "paragraphs within": tally(removals, paragraph & within),
            "paragraphs across": tally(removals, paragraph & ~within),
        },
        seconds=seconds,
        expected_recall=settings.expected_recall,
        **_known(corpus),
    )


def find_groups(corpus: Corpus, removals: Removals, most: int) -> tuple[tuple[ScanGroup, ...], int]:
    """Find the largest groups: a kept unit and all that go for it.

    Args:
        corpus: The documents.
        removals: What is taken out.
        most: How many groups to describe.

    Returns:
        The groups, largest first and equals by rank; and how many there are in all.
    """
    real = np.flatnonzero(removals.kept_doc >= 0)
    keys = np.column_stack((~removals.is_document, removals.kept_doc, removals.kept_start))[real]
    if not real.size:
        return (), 0
    groups, which, sizes = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    chosen = np.lexsort((groups[:, 2], groups[:, 1], groups[:, 0], -sizes))[:most]
    members = [real[which.ravel() == group] for group in chosen]
    listed = np.concatenate([rows[:MEMBERS] for rows in members])
    docs = np.unique(np.concatenate((removals.doc[listed], removals.kept_doc[listed])))
    names = dict(zip(docs.tolist(), ids_of(corpus, docs).to_pylist(), strict=True))
    places = {(int(removals.kept_doc[rows[0]]), int(removals.kept_start[rows[0]])) for rows in members}
    texts = _excerpts(corpus, places)
    return tuple(_group(removals, rows, names, texts) for rows in members), len(groups)


def _group(
    removals: Removals,
    rows: NDArray[np.int64],
    names: dict[int, str | None],
    texts: dict[tuple[int, int], str],
) -> ScanGroup:
    first = rows[0]
    doc, start = int(removals.kept_doc[first]), int(removals.kept_start[first])
    return ScanGroup(
        unit="document" if removals.is_document[first] else "paragraph",
        kept=UnitLocation(names[doc], doc, start, int(removals.kept_end[first])),
        members=tuple(
            GroupMember(
                UnitLocation(names[int(removals.doc[row])], int(removals.doc[row]), *map(int, removals.span[row, :2])),
                REASONS[removals.reason[row]],
                float(removals.jaccard[row]),
            )
            for row in rows[:MEMBERS]
        ),
        size=int(rows.size),
        excerpt=texts[doc, start],
    )


def _excerpts(corpus: Corpus, places: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    found = {}
    docs = np.unique([doc for doc, _ in places])
    for first, batch in corpus.batches(["text"], docs):
        for doc, start in places:
            if first <= doc < first + batch.num_rows:
                text: pa.LargeStringScalar = batch.column(0)[doc - first]
                found[doc, start] = text.as_py()[start : start + EXCERPT]
    return found
