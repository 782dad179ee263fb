"""Search documents for items, and find what is removed for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.containment.found import FOUND, Contained, join_contained, no_removals
from dedup.duplicates.containment.items import Items
from dedup.duplicates.removals import CONTAINED, PLACE, PLACE_NAMES, Removals, join_removals
from dedup.duplicates.sketches.masking import mask
from dedup.duplicates.sketches.signatures import SPLIT_BY, SketchedBatch
from dedup.duplicates.sketches.units import corpus_offsets
from dedup.kernels import containment as kernel
from dedup.kernels.containment import SearchWorkspace
from dedup.kernels.sketch import UnitRows
from dedup.kernels.text.folding import TokenTables, token_tables
from dedup.kernels.text.lines import LINE
from dedup.kernels.text.paragraphs import NO_BLOCKS, SPAN, Spans, count_lines, paragraphs
from dedup.kernels.text.places import PLACE as FOUND_PLACE
from dedup.kernels.text.places import Places, locate
from dedup.kernels.text.tokens import has_word, tokenise
from dedup.runtime.arrow import buffers
from dedup.runtime.ordered import bounds_of_runs, first_of_runs
from dedup.settings import Settings

# Room for hits and matches at first.
_HITS, _MATCHES = 1 << 16, 1 << 10


@dataclass(frozen=True)
class Collector:
    """Searches the batches of a corpus while they are sketched, in any order."""

    searcher: Searcher
    """Searches texts."""
    parts: list[Contained] = field(default_factory=list)
    """What was found so far."""

    def visit(self, batch: SketchedBatch, texts: pa.LargeStringArray) -> NDArray[np.int64]:
        """Search a batch; return the rows of its paragraphs that are compared: those that are not removed.

        Args:
            batch: The batch.
            texts: Its texts.
        """
        contained = self.searcher.search(texts, batch.documents)
        units = np.arange(batch.written)
        if contained.found.size:
            self.parts.append(contained.shifted(batch.first_doc))
            removals = contained.removals.take(~contained.removals.is_document)
            units = units[~_overlap(batch.paragraphs, batch.written, removals)]
        return units

    def contained(self) -> Contained:
        """Return what was found in the corpus."""
        return join_contained(sorted(self.parts, key=lambda part: int(part.found["doc"][0])))


def _overlap(units: UnitRows, count: int, removals: Removals) -> NDArray[np.bool_]:
    """Return whether each unit is a removed paragraph, or a block with one, shape (count,)."""
    # Removed paragraphs do not overlap, so that the last one that starts before the end of a unit decides.
    docs, spans = units.doc[:count], units.spans[:count]
    keys = corpus_offsets(removals.doc, removals.place["start"])
    before = np.searchsorted(keys, corpus_offsets(docs, spans["end"])) - 1
    ends = np.append(corpus_offsets(removals.doc, removals.place["end"]), -1)
    return np.asarray(ends[before] > corpus_offsets(docs, spans["start"]))


class _Texts(NamedTuple):
    """A batch of texts, and the tables for their tokens."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    tables: TokenTables

    def span(self, doc: int) -> tuple[int, int]:
        """Return the first byte of a text, and its end."""
        return int(self.offsets[doc]), int(self.offsets[doc + 1])


@dataclass(frozen=True)
class Searcher:
    """Searches texts for items."""

    items: Items
    """The items."""
    settings: Settings
    """The settings of the run."""

    def search(self, texts: pa.LargeStringArray, documents: UnitRows) -> Contained:
        """Search a batch of texts.

        Args:
            texts: The texts.
            documents: Their sketches.

        Returns:
            What was found; the documents are numbered from 0.
        """
        batch = _Texts(mask(texts, self.settings.ignore), buffers(texts)[1], token_tables(self.settings.by_signs))
        matches = self._matches(batch)
        places = _locate(batch, matches)
        found = np.empty(matches.size, FOUND)
        for name in ("doc", "item", "found"):
            found[name] = matches[name]
        for name in ("start", "end"):
            found[name] = places[name]
        if self.settings.compares_across:
            paragraphs = self._paragraphs(batch, found, places)
            tokens = np.bincount(paragraphs.doc, paragraphs.tokens, documents.tokens.size)
            cut = np.unique(paragraphs.doc)
            return Contained(found, paragraphs, cut[tokens[cut] == documents.paragraph_tokens[cut]])
        best = self._best(found)
        removed = found[best[first_of_runs(found["doc"][best])]]
        rows = removed["doc"]
        place = _places(documents.spans[rows])
        removals = self._removals(removed, place, documents.tokens[rows], is_document=True)
        return Contained(found, removals, np.empty(0, np.int64))

    def _matches(self, batch: _Texts) -> NDArray[Any]:
        """Return what the kernel found, records of dtype `MATCH`."""
        longest = int(np.diff(batch.offsets).max(initial=0))
        counts = np.zeros(int(self.items.runs.max(initial=0)), np.int64)
        hits, room, start = _HITS, _MATCHES, 0
        tokens, parts = np.empty(longest + 1, np.uint64), []
        while True:
            space = SearchWorkspace(tokens, np.empty(hits, np.int64), np.empty(hits, np.int32), counts)
            rows = np.recarray(room, kernel.MATCH)
            stopped, written, wanted = kernel.search(
                batch.data, batch.offsets, start, batch.tables, self.items.index, space, rows
            )
            parts.append(rows[:written])
            if stopped == batch.offsets.size - 1:
                return np.concatenate(parts)
            # There was no room for the hits, or, unless some were written before, for the matches of one document.
            hits, room = (max(hits, 2 * wanted), room) if wanted > hits else (hits, room if written else 2 * room)
            start = stopped

    def _best(self, found: NDArray[Any]) -> NDArray[np.int64]:
        """Return the order by document; the greatest share first, then the item of the lowest rank, then the start."""
        shares = self.items.shares(found["item"], found["found"])
        return np.lexsort((found["start"], found["item"], -shares, found["doc"]))

    def _paragraphs(self, batch: _Texts, found: NDArray[Any], places: Places) -> Removals:
        """Return the removals of the paragraphs that have a part of a stretch."""
        parts = [no_removals()]
        best = self._best(found)
        for low, high in bounds_of_runs(found["doc"][best]):
            rows = best[low:high]
            spans = self._split(batch, int(found["doc"][rows[0]]))
            overlaps = (places["byte_start"][rows] < spans["byte_end"][:, None]) & (
                places["byte_end"][rows] > spans["byte_start"][:, None]
            )
            cut = np.flatnonzero(overlaps.any(axis=1))
            named = found[rows[overlaps[cut].argmax(axis=1)]]  # the first is the best
            start, _ = batch.span(int(named["doc"][0]))
            tokens = np.array([_count_tokens(batch, start, span) for span in spans[cut]], np.int64)
            parts.append(self._removals(named, _places(spans[cut]), tokens, is_document=False))
        return join_removals(parts)

    def _split(self, batch: _Texts, doc: int) -> Spans:
        """Return the paragraphs of a text, without blocks of several."""
        start, stop = batch.span(doc)
        most = count_lines(batch.data, start, stop)
        spans, lines = np.recarray(most, SPAN), np.recarray(most, LINE)
        by = SPLIT_BY[self.settings.paragraphs_by]
        count = paragraphs(batch.data, start, stop, by, batch.tables.words, spans, lines, NO_BLOCKS)
        return spans[:count]

    def _removals(
        self, named: NDArray[Any], place: NDArray[Any], tokens: NDArray[np.int64], *, is_document: bool
    ) -> Removals:
        """Return removals.

        Args:
            named: What names each of them, records of dtype `FOUND`, shape (removals,).
            place: Their places, shape (removals,).
            tokens: Their numbers of tokens, shape (removals,).
            is_document: Whether they are documents.
        """
        items, count = self.items, named.size
        item = named["item"]
        return Removals(
            is_document=np.full(count, is_document),
            doc=named["doc"].copy(),
            place=place,
            tokens=tokens,
            reason=np.full(count, CONTAINED, np.int8),
            kept_doc=items.docs[item] - items.documents,
            kept_start=items.starts[item],
            kept_end=items.ends[item],
            jaccard=np.full(count, np.nan),
            containment=np.full(count, np.nan),
            kept_containment=items.shares(item, named["found"]),
            found_start=named["start"].copy(),
            found_end=named["end"].copy(),
        )


def _locate(batch: _Texts, matches: NDArray[Any]) -> Places:
    """Return where matches stand, records of dtype `dedup.kernels.text.places.PLACE`, shape (matches,)."""
    places = np.recarray(matches.size, FOUND_PLACE)
    for low, high in bounds_of_runs(matches["doc"]):
        start, stop = batch.span(int(matches["doc"][low]))
        firsts, stops = (np.ascontiguousarray(matches[name][low:high]) for name in ("first", "stop"))
        space = np.empty(stop - start + 1, np.uint64)
        locate(batch.data, start, stop, batch.tables, firsts, stops, space, places[low:high])
    return places


def _places(spans: Spans) -> NDArray[Any]:
    """Return spans as records of dtype `PLACE`."""
    places = np.empty(spans.size, PLACE)
    for name in PLACE_NAMES:
        places[name] = spans[name]
    return places


def _count_tokens(batch: _Texts, start: int, span: Any) -> int:
    """Return the number of tokens of a paragraph; 0 without letters and digits, as in `Units`."""
    first, last = start + int(span["byte_start"]), start + int(span["byte_end"])
    if not has_word(batch.data, first, last, batch.tables.words):
        return 0
    return int(tokenise(batch.data, first, last, batch.tables.tokens, np.empty(last - first + 1, np.uint64), 0))
