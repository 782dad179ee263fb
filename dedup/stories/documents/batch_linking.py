"""Link the sentences of many pairs of documents by kernels, and find the facts that they share."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.blocks import MAX_SENTENCE_PAIRS
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.alignment.fact_pairs import MAX_MENTION_PAIRS
from dedup.alignment.links import IDENTICAL_SCORE, LINK_RULES, SentenceLinks, calibrate
from dedup.kernels.alignment.arrays import DocumentArrays, TermArrays
from dedup.kernels.alignment.facts import FactArrays, fact_candidates
from dedup.kernels.alignment.links import PairLinks, link_pairs
from dedup.runtime.processes import ProcessPool
from dedup.runtime.threads import map_in_order
from dedup.stories.documents.comparing import LinkedPair, compare_facts
from dedup.stories.documents.linking import Chunk, LinkedChunk, PairLinker
from dedup.stories.documents.store import StoredDocuments

# Number of pairs of facts that a process compares at a time, and of those whose comparison is cached in memory.
FACT_BATCH, CACHED_FACTS = 2000, 1 << 18
# Number of such calls for which processes are started, if they have not been.
MIN_CALLS = 40
# Factor that combines two hashes of 64 bits into one that depends on their order.
_MIXER = np.int64(0x1E3779B97F4A7C15)


class BatchLinker:
    """A `Linker` that compares many pairs at a time by kernels; it finds what `PairLinker` finds."""

    def __init__(self, documents: StoredDocuments, statistics: CorpusStatistics, pool: ProcessPool) -> None:
        """Prepare to link documents.

        Args:
            documents: The documents, with their corpus columns.
            statistics: Document frequencies and boilerplate of the corpus.
            pool: Compares facts.
        """
        self._pool = pool
        self._documents = documents
        self._single = PairLinker(documents, statistics)
        self._arrays, self._facts = _document_arrays(documents), _fact_arrays(documents)
        self._are_same: dict[int, bool] = {}
        nothing = Chunk(np.empty((0, 2), np.int64), np.empty(0, np.bool_))
        self._link((nothing, self._shared_facts(nothing.pairs)))  # loads or compiles the kernels

    def link(self, chunks: Iterable[Chunk]) -> Iterator[LinkedChunk]:
        """Link the sentences of pairs of documents, several chunks at a time; see `Linker`."""
        prepared = ((chunk, None if self._is_long(chunk) else self._shared_facts(chunk.pairs)) for chunk in chunks)
        return map_in_order(self._link, prepared, self._pool.workers)

    def _is_long(self, chunk: Chunk) -> bool:
        """Return whether a chunk is a pair of long documents, of which not all pairs of sentences are compared."""
        cells = self._documents.sentence_counts[chunk.pairs].prod(axis=1)
        return len(cells) == 1 and bool(chunk.same_language[0] and cells[0] > MAX_SENTENCE_PAIRS)

    def _link(self, prepared: tuple[Chunk, NDArray[np.int64] | None]) -> LinkedChunk:
        """Link a chunk.

        Args:
            prepared: The chunk, and the facts that its pairs share; None for a pair of long documents.
        """
        chunk, shared = prepared
        if shared is None:
            return self._single.link_chunk(chunk)
        found = link_pairs(self._arrays, self._facts, chunk.pairs, shared, chunk.same_language, LINK_RULES)
        return LinkedChunk(len(chunk.pairs), [*_linked_pairs(chunk.pairs, found, shared)], _calibrated(found.nearest))

    def _shared_facts(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the facts that are the same, shape (found, 3): index of the pair, ranks of left and right fact."""
        candidates = fact_candidates(self._facts, pairs, MAX_MENTION_PAIRS)
        of_pair, *ranks = candidates.T
        left, right = (
            self._facts.facts["signature"][self._facts.first[pairs[of_pair, side]] + ranks[side]] for side in (0, 1)
        )
        keys = left * _MIXER + right  # modulo 2**64
        order = np.argsort(keys)
        is_first = np.diff(keys[order], prepend=~keys[order[:1]]) != 0
        known = self._compare_facts(pairs, candidates[order[is_first]], keys[order[is_first]])
        same = np.empty(len(candidates), np.bool_)
        same[order] = np.repeat(known, np.diff(np.flatnonzero(is_first), append=order.size))
        return candidates[same]

    def _compare_facts(
        self, pairs: NDArray[np.int64], candidates: NDArray[np.int64], keys: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return whether pairs of facts are the same, shape (candidates,).

        Args:
            pairs: Left and right document of each pair, shape (pairs, 2).
            candidates: Index of the pair, and ranks of the left and right fact, shape (candidates, 3).
            keys: A number for each; equal numbers have equal results.
        """
        if len(self._are_same) > CACHED_FACTS:
            self._are_same.clear()
        listed = keys.tolist()
        unknown = [at for at, key in enumerate(listed) if key not in self._are_same]
        compared = candidates[unknown]
        facts = np.column_stack((pairs[compared[:, 0]], compared[:, 1:]))
        batches = (facts[start : start + FACT_BATCH] for start in range(0, len(facts), FACT_BATCH))
        compare = partial(compare_facts, self._documents.folder)
        same = chain.from_iterable(self._pool.map_in_order(compare, batches, MIN_CALLS))
        self._are_same.update(zip([listed[at] for at in unknown], same, strict=True))
        return np.array([self._are_same[key] for key in listed], np.bool_)


def _document_arrays(documents: StoredDocuments) -> DocumentArrays:
    sentences = documents.tables["sentences"]
    return DocumentArrays(
        first=sentences.offsets,
        sentences=sentences.rows,
        excluded=documents.column("excluded"),
        stems=_term_arrays(documents, "stems", "stem_entries"),
        grams=_term_arrays(documents, "grams", "gram_entries"),
        content=_term_arrays(documents, "content", "content_entries"),
        rarity=documents.column("content_rarity"),
    )


def _term_arrays(documents: StoredDocuments, terms: str, entries: str) -> TermArrays:
    tables = documents.tables[terms], documents.tables[entries]
    return TermArrays(tables[0].offsets, tables[0].rows, tables[1].offsets, tables[1].rows)


def _fact_arrays(documents: StoredDocuments) -> FactArrays:
    facts, keys = documents.tables["facts"], documents.tables["match_keys"]
    return FactArrays(facts.offsets, facts.rows, documents.column("fact_rarity"), keys.offsets, keys.rows)


def _linked_pairs(pairs: NDArray[np.int64], found: PairLinks, shared: NDArray[np.int64]) -> Iterator[LinkedPair]:
    """Yield the pairs of documents with links.

    Args:
        pairs: Left and right document of each pair, shape (pairs, 2).
        found: The links of the pairs.
        shared: Facts that are the same, shape (fact pairs, 3).
    """
    shared = shared[found.shared]
    linked, starts = np.unique(found.links[:, 0], return_index=True)
    scores = _calibrated(found.scores)
    stops = [*starts.tolist(), len(found.links)][1:]
    fact_starts = np.searchsorted(shared[:, 0], linked).tolist()
    fact_stops = np.searchsorted(shared[:, 0], linked, side="right").tolist()
    for pair, start, stop, fact_start, fact_stop in zip(
        linked.tolist(), starts.tolist(), stops, fact_starts, fact_stops, strict=True
    ):
        links = SentenceLinks(found.links[start:stop, 1:], scores[start:stop], found.related[start:stop], 0.0)
        facts = tuple(map(tuple, shared[fact_start:fact_stop, 1:].tolist()))
        left, right = pairs[pair].tolist()
        yield LinkedPair(left, right, links, facts)


def _calibrated(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores of pairs of sentences as shares of right links, 1 for the same words, 0 for no pair."""
    return np.where(np.isposinf(scores), IDENTICAL_SCORE, np.where(np.isneginf(scores), 0.0, calibrate(scores)))
