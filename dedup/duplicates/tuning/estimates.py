"""Estimate from a random sample of the documents what is removed from the whole corpus.

A duplicate is seen only if the document of the other unit is in the sample too, so a sample alone cannot show how
many units are unique: every estimate has a large error for some corpus (Charikar, Chaudhuri, Motwani and Narasayya,
Towards Estimation Error Guarantees for Distinct Values, 2000, theorem 1). The intervals hold for every corpus. The
estimate is that of Chao and Lin, Nonparametric Lower Bounds for Species Richness and Shared Species Richness under
Sampling without Replacement, 2012: from the number of units without a similar one in the sample, and the number with
exactly one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.removals import Removals, group_by_kept, inside_removed_blocks
from dedup.duplicates.tuning.results import Interval, RemovedAmounts
from dedup.duplicates.verdicts import CorpusVerdicts

# Standard errors on both sides of an estimate, for a confidence of 95%.
STANDARD_ERRORS = 1.96


@dataclass(frozen=True)
class Sample:
    """The documents that are compared, drawn at random without replacement."""

    docs: NDArray[np.int64]
    """Their ranks, ascending, shape (sampled,)."""
    documents: int
    """Number of all documents."""

    @property
    def share(self) -> float:
        """Share of the documents that are compared."""
        return self.docs.size / self.documents

    def scale(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return the counts of the whole corpus, estimated from those of the sample.

        Args:
            counts: Counts by the names of `dedup.duplicates.summary.count_units`; ``documents`` and ``without_tokens``
                count the other documents too, whose texts were not read.
        """
        without_tokens = counts["without_tokens"] - (self.documents - self.docs.size)
        read = {**counts, "without_tokens": without_tokens}
        return {name: round(number / self.share) for name, number in read.items()} | {"documents": self.documents}

    def standard_error(self, values: NDArray[np.float64]) -> float:
        """Return the standard error of the sum of a value over all documents.

        Args:
            values: The value of each document of the sample, shape (sampled,).
        """
        if values.size < 2:
            return 0.0
        return float(self.documents * sqrt((1 - self.share) * np.var(values, ddof=1) / values.size))


def draw_sample(documents: int, size: int | None, seed: int) -> Sample | None:
    """Draw documents at random; return None if all are compared.

    Args:
        documents: Number of documents.
        size: Number of documents to draw; None for all.
        seed: Seed of the random numbers.

    >>> draw_sample(10, 3, seed=1).docs.tolist(), draw_sample(10, 10, seed=1)
    ([3, 4, 7], None)
    """
    if size is None or size >= documents:
        return None
    docs = np.sort(np.random.default_rng(seed).choice(documents, size, replace=False))
    return Sample(docs, documents)


class _Kind(NamedTuple):
    """The compared units of one kind in the sample, and the removed ones of them."""

    docs: NDArray[np.int64]
    """Document of each unit, shape (units,)."""
    lengths: NDArray[np.int64]
    """Code points of each unit, shape (units,)."""
    kept: NDArray[np.bool_]
    """Whether each unit is kept, shape (units,)."""
    removals: Removals
    """The removed units."""
    across: bool
    """Whether units of different documents are compared."""


class _Limits(NamedTuple):
    """An estimate of an amount in the whole corpus, with its limits."""

    value: float
    low: float
    high: float

    @property
    def interval(self) -> Interval:
        """The limits as whole numbers."""
        return Interval(floor(self.low), ceil(self.high))


def estimate(sample: Sample, verdicts: CorpusVerdicts, *, across: bool) -> RemovedAmounts:
    """Estimate what is removed from the whole corpus.

    Of the documents that are kept in the sample, some are removed from the whole corpus. Their paragraphs do not count.

    Args:
        sample: The documents that are compared.
        verdicts: The verdicts on them.
        across: Whether paragraphs of different documents are compared.
    """
    documents, paragraphs = _documents(verdicts), _paragraphs(verdicts, across=across)
    gone = documents.removals.doc
    inside = paragraphs._replace(removals=paragraphs.removals.take(~np.isin(paragraphs.removals.doc, gone)))
    removed, cut = _estimate(sample, documents), _estimate(sample, documents, by_length=True)
    shares = _shares_kept(sample, removed, gone.size)
    typical = float(documents.lengths.mean()) if documents.lengths.size else 1.0
    cut_inside = _times(_estimate(sample, inside, by_length=True, typical=typical), shares)
    characters = _Limits(*map(sum, zip(cut, cut_inside, strict=True)))
    characters = characters._replace(
        high=min(characters.high, _most(sample, documents.docs, documents.lengths.astype(np.float64)))
    )
    of_paragraphs = _times(_estimate(sample, paragraphs), shares)
    return RemovedAmounts(
        documents=round(removed.value),
        paragraphs=round(of_paragraphs.value),
        characters=round(characters.value),
        documents_interval=removed.interval,
        paragraphs_interval=of_paragraphs.interval,
        characters_interval=characters.interval,
    )


def _shares_kept(sample: Sample, removed: _Limits, removed_in_sample: int) -> _Limits:
    """Return the share of the documents kept in the sample that is kept in the whole corpus, with its limits."""
    kept = (sample.docs.size - removed_in_sample) / sample.share or 1.0
    shares = (min(1.0, (sample.documents - number) / kept) for number in (removed.value, removed.high, removed.low))
    return _Limits(*shares)


def _times(limits: _Limits, shares: _Limits) -> _Limits:
    return _Limits(*(number * share for number, share in zip(limits, shares, strict=True)))


def _documents(verdicts: CorpusVerdicts) -> _Kind:
    units = verdicts.sketches.documents
    removals = verdicts.removals.take(verdicts.removals.is_document)
    compared = units.column("tokens") > 0
    kept = np.ones(len(units), np.bool_)
    kept[removals.doc] = False
    lengths = units.column("cut_end") - units.column("cut_start")
    return _Kind(units.column("doc")[compared], lengths[compared], kept[compared], removals, across=True)


def _paragraphs(verdicts: CorpusVerdicts, *, across: bool) -> _Kind:
    units, kept = verdicts.sketches.paragraphs, verdicts.paragraphs.kept
    docs = units.column("doc")
    compared = ~units.column("block") & verdicts.documents.kept[docs]
    still = kept & ~inside_removed_blocks(units, kept)
    lengths = units.column("cut_end") - units.column("cut_start")
    removals = verdicts.removals.take(~verdicts.removals.is_document)
    return _Kind(docs[compared], lengths[compared], still[compared], removals, across=across)


def _estimate(sample: Sample, kind: _Kind, *, by_length: bool = False, typical: float = 1.0) -> _Limits:
    """Estimate how many units of a kind are removed from the whole corpus, or how many code points they have.

    A unit whose duplicate is in its own document is removed in any case. Of the others, i similar
    units in the sample stand for i / share units, of which one is kept.

    Args:
        sample: The documents that are compared.
        kind: The units in the sample, and the removed ones.
        by_length: Count code points, not units.
        typical: What a document that repeats a paragraph counts, if the sample has none.
    """
    removals, share = kind.removals, sample.share
    removed, kept_lengths = np.ones(len(removals)), np.ones(len(removals))
    all_units = np.ones(kind.docs.size)
    if by_length:
        removed = (removals.place["cut_end"] - removals.place["cut_start"]).astype(np.float64)
        kept_lengths = (removals.kept_end - removals.kept_start).astype(np.float64)
        all_units = kind.lengths.astype(np.float64)
    is_across = removals.has_keeper & (removals.kept_doc != removals.doc)
    places = (column[is_across] for column in (removals.kept_doc, removals.kept_start, removals.kept_end))
    groups = group_by_kept(np.zeros(int(is_across.sum())), *places)
    _, first = np.unique(groups.group_of, return_index=True)
    kept_once = kept_lengths[is_across][first].sum()

    seen = _by_document(
        sample, (removals.doc, removed), (removals.kept_doc[is_across][first], kept_lengths[is_across][first])
    )
    least, error = seen.sum() / share - kept_once, STANDARD_ERRORS * sample.standard_error(seen)
    low = float(max(removed.sum(), least - error))
    if not kind.across:
        documents = int(np.count_nonzero(seen))
        mean = seen.sum() / documents if documents else typical
        high = max(least + error, mean * most_events(documents) / share)
        return _Limits(float(least), low, float(high))
    kept = all_units[kind.kept].sum()
    alone = int(kind.kept.sum()) - groups.sizes.size
    mean = (kept - kept_once) / alone if alone else 0.0
    value = all_units.sum() / share - kept - mean * unseen_units(share, alone, int((groups.sizes == 1).sum()))
    high = max(low, float(_most(sample, kind.docs, all_units) - kept))
    return _Limits(float(min(max(value, low), high)), low, high)


def most_events(seen: int) -> float:
    """Return an upper limit of the expected number of rare events of which some were seen, for a confidence of 95%.

    Standard errors are too small where few documents of a sample have what is counted, and 0 where none has.

    Source: Byar's approximation of the limits of Poisson, in Breslow and Day, Statistical Methods in Cancer Research,
    volume II, 1987, section 2.3.

    >>> [round(most_events(seen), 1) for seen in (0, 1, 10, 100)]  # exact: 3.7, 5.6, 18.4, 121.6
    [3.7, 5.6, 18.4, 121.6]
    """
    return (seen + 1) * (1 - 1 / (9 * (seen + 1)) + STANDARD_ERRORS / (3 * sqrt(seen + 1))) ** 3


def _most(sample: Sample, docs: NDArray[np.int64], weights: NDArray[np.float64]) -> float:
    """Return an upper limit of the sum of the weights of all units of the whole corpus.

    Args:
        sample: The documents that are compared.
        docs: Document of each unit in the sample, shape (units,).
        weights: What each of them counts, shape (units,).
    """
    by_document = _by_document(sample, (docs, weights))
    return float(by_document.sum() / sample.share + STANDARD_ERRORS * sample.standard_error(by_document))


def unseen_units(share: float, alone: int, pairs: int) -> float:
    """Return how many units without a similar one in a sample the rest of the corpus has.

    Args:
        share: Share of the documents that are in the sample, between 0 and 1, exclusive.
        alone: Number of units without a similar one in the sample.
        pairs: Number of units with a single similar one.

    >>> unseen_units(0.5, alone=100, pairs=0)  # each unit is unique
    100.0
    >>> unseen_units(0.5, alone=500, pairs=250)  # each of 1,000 units has a copy; 250 units are not seen
    250.0
    """
    return alone * alone / (2 * pairs + share / (1 - share) * alone) if alone else 0.0


def _by_document(sample: Sample, *parts: tuple[NDArray[np.int64], NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the sum of the weights of units of each document of the sample, shape (sampled,)."""
    sums = np.zeros(sample.docs.size)
    for docs, weights in parts:
        np.add.at(sums, np.searchsorted(sample.docs, docs), weights)
    return sums
