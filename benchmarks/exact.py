"""How right a tool was: what it kept, beside all similar pairs by exact Jaccard, found through an inverted index.

The index gives how many shingles each text shares with each other, and with that their Jaccard: no sketch, no sample.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from data import Row, read
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dedup.kernels.folding import fold_table
from dedup.kernels.shingle_sets import make_space, shingle_sets
from dedup.runtime.arrow import buffers

SHINGLE = 5
THRESHOLD, LOWER = 0.8, 0.7
LEGEND = """
Tokens: of dedup's and its own, those by which the tool does better. Missed: texts that stay though an earlier one that
stays is as similar. Recall of texts: of those that had to go, how many went; of pairs: of those at the threshold, how
many do not both stay.
"""
# How many pairs of a shared shingle are counted at a time.
SHARE = 1 << 25


class Sets(NamedTuple):
    """The shingles of some texts."""

    shared: csr_array
    """Which text has which of the shingles that several have."""
    sizes: NDArray[np.int64]
    """How many shingles each has, shared or not."""


class Pairs(NamedTuple):
    """Similar texts, the former of a pair before the latter."""

    former: NDArray[np.int64]
    latter: NDArray[np.int64]
    jaccard: NDArray[np.float64]


class Verdict(NamedTuple):
    """How right a tool was."""

    removed: int
    unlike: int
    """Texts it removed that no text it kept resembles at the threshold."""
    far: int
    """Those of them that none resembles even at the lower threshold."""
    missed: int
    """Texts it kept that resemble an earlier one it kept."""
    recall: float
    """Of the texts that had to go, as one that it kept resembles them, the share that went."""
    pairs: int
    """Pairs of texts at the threshold."""
    parted: float
    """Share of them of which it did not keep both."""


class Judged(NamedTuple):
    """How right a tool was on one size of a corpus."""

    corpus: str
    megabytes: float
    tool: str
    tokens: str
    """By whose tokens it was judged: those by which it did better."""
    verdict: Verdict


class Loss(NamedTuple):
    """What became of texts that are alike only if they are the same."""

    texts: int
    """Different texts."""
    lost: int
    """Those of which none is left."""
    copies: int
    """Copies that should go."""
    left: int
    """Those that stayed."""


def gather(sizes: NDArray[np.int64], shingles: NDArray[np.int64]) -> Sets:
    """Index shingles.

    Args:
        sizes: How many distinct shingles each text has.
        shingles: Those of the first text, of the second, and so on.
    """
    _, numbers, counts = np.unique(shingles, return_inverse=True, return_counts=True)
    several = counts > 1
    texts = np.repeat(np.arange(sizes.size), sizes)[several[numbers]]
    columns = (np.cumsum(several) - 1)[numbers[several[numbers]]]
    ones = np.ones(texts.size, np.int32)
    return Sets(csr_array((ones, (texts, columns)), (sizes.size, int(several.sum()))), sizes)


def dedup_sets(texts: Iterable[str]) -> Sets:
    """Cut texts into runs of five tokens as `dedup` defines them: the kernel is held to a plain twin by its tests."""
    data, offsets = buffers(pa.array(texts, pa.large_string()))
    lengths = np.diff(offsets)
    sizes = np.empty(lengths.size, np.int64)
    space = make_space(int(lengths.max(initial=0)), int((lengths // 2 + 1).sum()))
    total = shingle_sets(data, offsets[:-1], offsets[1:], SHINGLE, fold_table(), space, sizes)
    return gather(sizes, space.out[:total].view(np.int64))


def read_sets(path: Path) -> Sets:
    """Read what a peer cut texts into (`runners/common.py` writes it)."""
    column = pq.read_table(path)["shingles"].combine_chunks()
    sizes = column.value_lengths().to_numpy(zero_copy_only=False)
    return gather(sizes.astype(np.int64), column.flatten().to_numpy())


def similar_pairs(sets: Sets, least: float) -> Pairs:
    """Find all pairs of texts that reach a Jaccard.

    Args:
        sets: The texts.
        least: Over 0: texts that share nothing are no pair.
    """
    index = sets.shared.T.tocsr()
    # What it costs to look a text up: the texts that each of its shingles leads to.
    work = np.cumsum(sets.shared @ np.diff(index.indptr).astype(np.int64))
    cuts = np.flatnonzero(np.diff(work // SHARE)) + 1
    found = []
    for first, last in pairwise([0, *cuts.tolist(), sets.sizes.size]):
        counts = (sets.shared[first:last] @ index).tocoo()
        former, latter = counts.coords[1].astype(np.int64), counts.coords[0].astype(np.int64) + first
        jaccard = counts.data / (sets.sizes[former] + sets.sizes[latter] - counts.data)
        alike = (former < latter) & (jaccard >= least)
        found.append((former[alike], latter[alike], jaccard[alike]))
    return Pairs(*map(np.concatenate, zip(*found, strict=True)))


def judge(pairs: Pairs, stays: NDArray[np.bool_], threshold: float) -> Verdict:
    """Say how right a tool was.

    Args:
        pairs: All pairs at the lower threshold, and so those at the threshold.
        stays: Whether it kept each text.
        threshold: Of Jaccard.
    """
    like = pairs.jaccard >= threshold
    excused, excused_far = (_beside_kept(pairs, stays, which) for which in (like, np.ones_like(like)))
    both = like & stays[pairs.former] & stays[pairs.latter]
    missed = np.unique(pairs.latter[both]).size
    found = int((excused & ~stays).sum())
    return Verdict(
        removed=int((~stays).sum()),
        unlike=int((~stays & ~excused).sum()),
        far=int((~stays & ~excused_far).sum()),
        missed=missed,
        recall=found / (found + missed) if found + missed else 1.0,
        pairs=int(like.sum()),
        parted=1 - float(both.sum() / like.sum()) if like.any() else 1.0,
    )


def _beside_kept(pairs: Pairs, stays: NDArray[np.bool_], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the texts that are in one of these pairs with a text that stays."""
    marked = np.zeros(stays.size, np.bool_)
    for one, other in ((pairs.former, pairs.latter), (pairs.latter, pairs.former)):
        marked[one[which & stays[other]]] = True
    return marked


def losses(rows: Iterable[Row], kept: set[str]) -> dict[str, Loss]:
    """Say of each kind of odd text what was lost, and which copies stayed.

    Args:
        rows: Ids that begin with a kind and "-", and texts.
        kept: Ids of those that the tool kept.
    """
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for name, text in rows:
        there, stayed = counts.setdefault(name.split("-")[0], (Counter(), Counter()))
        there[text] += 1
        stayed[text] += name in kept
    return {
        kind: Loss(
            texts=len(there),
            lost=sum(not stayed[text] for text in there),
            copies=there.total() - len(there),
            left=sum(max(0, count - 1) for count in stayed.values()),
        )
        for kind, (there, stayed) in counts.items()
    }


def ids_and_texts(path: Path) -> tuple[list[str], list[str]]:
    """Read a corpus whole."""
    ids, texts = zip(*read(path), strict=True)
    return list(ids), list(texts)


def table(head: list[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def verdicts(judged: Iterable[Judged]) -> str:
    """Write how right the tools were."""
    head = ["corpus", "MB", "tool", "tokens", "removed", f"without a kept text at {THRESHOLD}", f"at {LOWER}", "missed"]
    rows = (
        [
            one.corpus,
            f"{one.megabytes:,.0f}",
            one.tool,
            one.tokens,
            f"{one.verdict.removed:,}",
            f"{one.verdict.unlike:,}",
            f"{one.verdict.far:,}",
            f"{one.verdict.missed:,}",
            f"{one.verdict.recall:.4f}",
            f"{one.verdict.pairs:,}",
            f"{one.verdict.parted:.4f}",
        ]
        for one in judged
    )
    return table([*head, "recall of texts", "pairs", "recall of pairs"], rows) + LEGEND


def odds(lost: dict[str, dict[str, Loss]]) -> str:
    """Write what the tools lost of odd texts."""
    kinds = list(next(iter(lost.values()), {}))
    rows = (
        [tool, *(f"{one.lost} of {one.texts}; {one.left} of {one.copies}" for one in map(found.__getitem__, kinds))]
        for tool, found in lost.items()
    )
    return table(["texts lost; copies left", *kinds], rows)
