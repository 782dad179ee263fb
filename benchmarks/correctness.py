"""Check what a tool removed and kept against the exact Jaccard similarity of all pairs of texts.

The similar pairs are found without sketches or sampling: an inverted index of all shingles gives the number of shingles
that two texts share, and with it their Jaccard similarity.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from data import Row
from markdown_tables import markdown_table
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dedup.kernels.shingle_sets import make_workspace, shingle_sets
from dedup.kernels.text.folding import token_tables
from dedup.runtime.arrow import buffers

SHINGLE = 5
THRESHOLD, LOWER_THRESHOLD = 0.8, 0.7
LEGEND = """
tokens: the tokenisation used for the check, dedup's or the tool's own, whichever favours the tool. missed: texts kept
although an earlier kept text is similar at the threshold. recall of texts: share removed of the texts to remove. recall
of pairs: share of the pairs at the threshold of which the tool did not keep both texts.
"""
# Pairs with a shared shingle that are counted at a time.
BATCH_PAIRS = 1 << 25


class ShingleSets(NamedTuple):
    """The shingle sets of some texts."""

    shared: csr_array
    """1 where a text contains a shingle that occurs in several texts, shape (texts, shingles)."""
    sizes: NDArray[np.int64]
    """Number of shingles of each text, shape (texts,)."""


class Pairs(NamedTuple):
    """Similar pairs of texts."""

    earlier: NDArray[np.int64]
    """Index of the first text of each pair, shape (pairs,)."""
    later: NDArray[np.int64]
    """Index of the second text of each pair, shape (pairs,)."""
    jaccard: NDArray[np.float64]
    """Jaccard similarity of each pair, shape (pairs,)."""


class Scores(NamedTuple):
    """Counts of right and wrong removals of a tool."""

    removed: int
    """Removed texts."""
    unjustified: int
    """Removed texts without a similar kept text at the threshold."""
    unjustified_lower: int
    """Removed texts without a similar kept text even at the lower threshold."""
    missed: int
    """Kept texts that are similar to an earlier kept text."""
    text_recall: float
    """Share removed of the texts to remove, which are those with a similar kept text."""
    pairs: int
    """Pairs of texts at the threshold."""
    pair_recall: float
    """Share of these pairs of which the tool did not keep both texts."""


class ToolScores(NamedTuple):
    """The scores of a tool on one size of a corpus."""

    corpus: str
    megabytes: float
    tool: str
    tokens: str
    """Tokenisation used: the one that gives the tool the better scores."""
    scores: Scores


class UnusualCounts(NamedTuple):
    """Counts for texts that are similar only if they are identical."""

    texts: int
    """Distinct texts."""
    lost: int
    """Distinct texts of which no copy was kept."""
    copies: int
    """Copies to remove."""
    kept_copies: int
    """Copies that were not removed."""


def index_shingles(sizes: NDArray[np.int64], shingles: NDArray[np.int64]) -> ShingleSets:
    """Index shingle sets.

    Args:
        sizes: Number of distinct shingles of each text, shape (texts,).
        shingles: Shingles of the first text, then those of the second, and so on, shape (sum of sizes,).
    """
    _, numbers, counts = np.unique(shingles, return_inverse=True, return_counts=True)
    several = counts > 1
    texts = np.repeat(np.arange(sizes.size), sizes)[several[numbers]]
    columns = (np.cumsum(several) - 1)[numbers[several[numbers]]]
    ones = np.ones(texts.size, np.int32)
    return ShingleSets(csr_array((ones, (texts, columns)), (sizes.size, int(several.sum()))), sizes)


def dedup_shingles(texts: Iterable[str], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Compute shingle sets as `dedup` defines them.

    Args:
        texts: The texts.
        n: Tokens in a shingle.

    Returns:
        Number of distinct shingles of each text, and the shingles of all texts one after the other.
    """
    data, offsets = buffers(pa.array(texts, pa.large_string()))
    lengths = np.diff(offsets)
    sizes = np.empty(lengths.size, np.int64)
    space = make_workspace(int(lengths.max(initial=0)), int((lengths + 1).sum()))
    total = shingle_sets(data, offsets[:-1], offsets[1:], n, token_tables(), space, sizes)
    return sizes, space.out[:total].view(np.int64)


def read_shingle_sets(path: Path) -> ShingleSets:
    """Read the shingle sets that `runners/common.py` wrote with a tool's own tokenisation."""
    column = pq.read_table(path)["shingles"].combine_chunks()
    sizes = column.value_lengths().to_numpy(zero_copy_only=False)
    return index_shingles(sizes.astype(np.int64), column.flatten().to_numpy())


def similar_pairs(sets: ShingleSets, min_jaccard: float) -> Pairs:
    """Find all pairs of texts with at least a Jaccard similarity.

    Args:
        sets: Shingle sets of the texts.
        min_jaccard: Least Jaccard similarity; greater than 0.
    """
    index = sets.shared.T.tocsr()
    # Cost of the lookups up to each text: the number of texts that its shingles occur in.
    work = np.cumsum(sets.shared @ np.diff(index.indptr).astype(np.int64))
    boundaries = np.flatnonzero(np.diff(work // BATCH_PAIRS)) + 1
    found = []
    for first, last in pairwise([0, *boundaries.tolist(), sets.sizes.size]):
        counts = (sets.shared[first:last] @ index).tocoo()
        earlier, later = counts.coords[1].astype(np.int64), counts.coords[0].astype(np.int64) + first
        jaccard = counts.data / (sets.sizes[earlier] + sets.sizes[later] - counts.data)
        similar = (earlier < later) & (jaccard >= min_jaccard)
        found.append((earlier[similar], later[similar], jaccard[similar]))
    return Pairs(*map(np.concatenate, zip(*found, strict=True)))


def evaluate(pairs: Pairs, kept: NDArray[np.bool_], threshold: float) -> Scores:
    """Count right and wrong removals.

    Args:
        pairs: All pairs at the lower threshold, and so all pairs at the threshold.
        kept: Whether the tool kept each text, shape (texts,).
        threshold: Least Jaccard similarity of duplicates.
    """
    similar = pairs.jaccard >= threshold
    has_kept, has_kept_lower = (_paired_with_kept(pairs, kept, chosen) for chosen in (similar, np.ones_like(similar)))
    both_kept = similar & kept[pairs.earlier] & kept[pairs.later]
    missed = np.unique(pairs.later[both_kept]).size
    found = int((has_kept & ~kept).sum())
    return Scores(
        removed=int((~kept).sum()),
        unjustified=int((~kept & ~has_kept).sum()),
        unjustified_lower=int((~kept & ~has_kept_lower).sum()),
        missed=missed,
        text_recall=found / (found + missed) if found + missed else 1.0,
        pairs=int(similar.sum()),
        pair_recall=1 - float(both_kept.sum() / similar.sum()) if similar.any() else 1.0,
    )


def _paired_with_kept(pairs: Pairs, kept: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the texts that form one of the chosen pairs with a kept text, shape (texts,)."""
    marked = np.zeros(kept.size, np.bool_)
    for text, partner in ((pairs.earlier, pairs.later), (pairs.later, pairs.earlier)):
        marked[text[chosen & kept[partner]]] = True
    return marked


def count_unusual(rows: Iterable[Row], kept: set[str]) -> dict[str, UnusualCounts]:
    """Count lost texts and kept copies for each kind of unusual text.

    Args:
        rows: Ids that begin with a kind and "-", and texts.
        kept: Ids of the texts that the tool kept.
    """
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for name, text in rows:
        total, remaining = counts.setdefault(name.split("-")[0], (Counter(), Counter()))
        total[text] += 1
        remaining[text] += name in kept
    return {
        kind: UnusualCounts(
            texts=len(total),
            lost=sum(not remaining[text] for text in total),
            copies=total.total() - len(total),
            kept_copies=sum(max(0, count - 1) for count in remaining.values()),
        )
        for kind, (total, remaining) in counts.items()
    }


def scores_table(results: Iterable[ToolScores]) -> str:
    """Format the scores of all tools as Markdown."""
    header = [
        "corpus",
        "MB",
        "tool",
        "tokens",
        "removed",
        f"without a kept text at {THRESHOLD}",
        f"at {LOWER_THRESHOLD}",
        "missed",
        "recall of texts",
        "pairs",
        "recall of pairs",
    ]
    rows = (
        [
            result.corpus,
            f"{result.megabytes:,.0f}",
            result.tool,
            result.tokens,
            f"{result.scores.removed:,}",
            f"{result.scores.unjustified:,}",
            f"{result.scores.unjustified_lower:,}",
            f"{result.scores.missed:,}",
            f"{result.scores.text_recall:.4f}",
            f"{result.scores.pairs:,}",
            f"{result.scores.pair_recall:.4f}",
        ]
        for result in results
    )
    return markdown_table(header, rows) + LEGEND


def unusual_table(results: dict[str, dict[str, UnusualCounts]]) -> str:
    """Format the counts for unusual texts as Markdown."""
    kinds = list(next(iter(results.values()), {}))

    def cell(counts: UnusualCounts) -> str:
        return f"{counts.lost} of {counts.texts}; {counts.kept_copies} of {counts.copies}"

    rows = ([tool, *(cell(found[kind]) for kind in kinds)] for tool, found in results.items())
    return markdown_table(["texts lost; copies kept", *kinds], rows)
