"""Look up single texts in an index. The results are those of adding each text on its own, without its own repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.removals import inside_blocks
from dedup.duplicates.sketches.masking import mask
from dedup.duplicates.sketches.shingle_sets import ShingleSettings, hash_shingles
from dedup.duplicates.sketches.signatures import sketch_batch, sketch_settings
from dedup.index.results import KnownUnit, QueryResult
from dedup.index.storage.layout import UnitKind
from dedup.index.storage.snapshot import IndexSnapshot
from dedup.kernels import jaccard
from dedup.kernels.estimate import may_match, most_mismatches
from dedup.kernels.hash_sets import SetArrays
from dedup.kernels.sketch import UnitRows
from dedup.results import UnitLocation
from dedup.runtime.arrow import buffers
from dedup.runtime.ordered import distinct
from dedup.settings import STANDARD_ERRORS, Settings


def query(snapshot: IndexSnapshot, texts: Sequence[str], per: Sequence[str | None] | None = None) -> list[QueryResult]:
    """Find texts and their paragraphs in an index; see `dedup.Index.query`.

    Args:
        snapshot: The index.
        texts: The texts; they are not compared with each other.
        per: The value of each in the column of ``--per``, if the index was made with it.
    """
    settings = snapshot.manifest.settings
    array = pa.array(texts, pa.large_string())
    sketched = sketch_batch(0, array, sketch_settings(settings), settings.ignore)
    search = _Search(snapshot, settings, array, per)
    documents = (
        search.find("documents", sketched.documents, np.arange(len(array))) if settings.compares_documents else {}
    )
    if not settings.compares_across:
        return [QueryResult(documents.get(doc)) for doc in range(len(array))]
    units = sketched.paragraphs
    rows = np.arange(sketched.written)
    rows = rows[~np.isin(units.doc[rows], np.array(list(documents), np.int64))]
    blocks = search.find("paragraphs", units, rows[units.block[rows]])
    is_known = np.zeros(sketched.written, np.bool_)
    is_known[list(blocks)] = True
    written = slice(sketched.written)
    inside = inside_blocks(units.doc[written], units.spans["end"][written], units.block[written], is_known)
    rows = rows[~units.block[rows] & ~inside[rows]]
    found = {**blocks, **search.find("paragraphs", units, rows)}
    results = []
    for doc in range(len(array)):
        own = [found[row] for row in sorted(found) if units.doc[row] == doc]
        results.append(QueryResult(documents.get(doc), tuple(own)))
    return results


class _Pairs(NamedTuple):
    """Units of texts and units of the index that share a key."""

    rows: NDArray[np.int64]
    """Row of the unit of a text, shape (pairs,)."""
    numbers: NDArray[np.int64]
    """Place of the unit of the index in the units that were read, shape (pairs,)."""

    def where(self, chosen: NDArray[np.bool_]) -> _Pairs:
        """Return some of the pairs."""
        return _Pairs(self.rows[chosen], self.numbers[chosen])


class _Verified(NamedTuple):
    """The pair of each unit that is at the threshold and most similar, by row."""

    row: int
    number: int
    shared: int
    size: int
    union: int


@dataclass(frozen=True)
class _Search:
    """Finds units of texts in an index."""

    snapshot: IndexSnapshot
    settings: Settings
    texts: pa.LargeStringArray
    per: Sequence[str | None] | None

    def find(self, kind: UnitKind, units: UnitRows, rows: NDArray[np.int64]) -> dict[int, KnownUnit]:
        """Return the most similar unit of the index for each row that has one at the threshold.

        Args:
            kind: What the units are.
            units: The units of the texts.
            rows: Rows to look up, ascending, shape (n,).
        """
        found = self._candidates(kind, units, rows[units.tokens[rows] > 0])
        numbers = np.unique(found.numbers)
        info, signatures = self.snapshot.read_units(kind, numbers)
        pairs = self._may_match(
            kind, units, _Pairs(found.rows, np.searchsorted(numbers, found.numbers)), info, signatures
        )
        if not pairs.rows.size:
            return {}
        documents = self._documents(np.unique(info["doc"][pairs.numbers]))
        if self.settings.per is not None:
            own = [self.per[units.doc[row]] if self.per is not None else None for row in pairs.rows.tolist()]
            theirs = [documents[doc]["per"] for doc in info["doc"][pairs.numbers].tolist()]
            pairs = pairs.where(np.array([one == other for one, other in zip(own, theirs, strict=True)], np.bool_))
        return {
            best.row: self._describe(kind, units, info[best.number], documents, best)
            for best in self._verify(kind, units, pairs, info, documents)
        }

    def _candidates(self, kind: UnitKind, units: UnitRows, rows: NDArray[np.int64]) -> _Pairs:
        """Return the distinct pairs that share a band key or the hash of the token sequence."""
        keys = units.sequence[rows].reshape(-1, 1)
        if not self.settings.exact:
            keys = np.column_stack((keys, units.keys[rows]))
        owners = np.repeat(rows, keys.shape[1])
        order = np.argsort(keys.ravel(), kind="stable")
        keys, owners = keys.ravel()[order], owners[order]
        matched, numbers = self.snapshot.find(kind, distinct(keys))
        first = np.searchsorted(keys, matched)
        counts = np.searchsorted(keys, matched, "right") - first
        before = np.cumsum(counts) - counts
        sharing = owners[np.repeat(first - before, counts) + np.arange(counts.sum())]
        pairs = np.unique(np.column_stack((sharing, np.repeat(numbers, counts))), axis=0)
        return _Pairs(pairs[:, 0], pairs[:, 1])

    def _may_match(
        self, kind: UnitKind, units: UnitRows, pairs: _Pairs, info: NDArray[Any], signatures: NDArray[np.uint64]
    ) -> _Pairs:
        """Return the pairs with the same tokens, and those that may be near-duplicates by the estimate."""
        settings = self.settings
        # Blocks are compared with blocks, and paragraphs with paragraphs.
        pairs = pairs.where(units.block[pairs.rows] == info["block"][pairs.numbers])
        same = units.sequence[pairs.rows] == info["sequence"][pairs.numbers]
        if settings.exact:
            return pairs.where(same)
        stacked = np.concatenate((signatures, units.signature.view(np.uint64)))
        most = most_mismatches(settings.threshold, settings.permutations, STANDARD_ERRORS)
        near = may_match(stacked, pairs.numbers, pairs.rows + len(signatures), int(most))
        if kind == "documents":
            near &= units.tokens[pairs.rows] >= settings.min_tokens
        return pairs.where(near | same)

    def _documents(self, docs: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
        """Read documents of the index by rank."""
        return {row["doc"]: row for batch in self.snapshot.read_documents(docs) for row in batch.to_pylist()}

    def _verify(
        self, kind: UnitKind, units: UnitRows, pairs: _Pairs, info: NDArray[Any], documents: dict[int, dict[str, Any]]
    ) -> list[_Verified]:
        """Return the most similar pair at the threshold of each row; among equals, the one with the lowest rank."""
        numbers, rows = np.unique(pairs.numbers), np.unique(pairs.rows)
        ranks = np.unique(info["doc"][numbers])
        stored = pa.array([documents[doc]["text"] for doc in ranks.tolist()], pa.large_string())
        theirs = self._sets(kind, stored, np.searchsorted(ranks, info["doc"][numbers]), info[numbers])
        ours = self._sets(kind, self.texts, units.doc[rows], units.spans[rows])
        sets = SetArrays(
            np.concatenate((theirs.starts, ours.starts + theirs.hashes.size)),
            np.concatenate((theirs.sizes, ours.sizes)),
            np.concatenate((theirs.hashes, ours.hashes)),
        )
        left = np.searchsorted(numbers, pairs.numbers)
        right = np.searchsorted(rows, pairs.rows) + numbers.size
        shared = jaccard.verify(left, right, sets, float(self.settings.threshold))
        best: dict[int, _Verified] = {}
        for index in np.flatnonzero(shared >= 0).tolist():  # by row, then by number
            row, count, size = int(pairs.rows[index]), int(shared[index]), int(sets.sizes[right[index]])
            pair = _Verified(row, int(pairs.numbers[index]), count, size, size + int(sets.sizes[left[index]]) - count)
            if row not in best or pair.shared / pair.union > best[row].shared / best[row].union:
                best[row] = pair
        return list(best.values())

    def _sets(
        self, kind: UnitKind, texts: pa.LargeStringArray, docs: NDArray[np.int64], spans: NDArray[Any]
    ) -> SetArrays:
        """Return the shingle sets of units.

        Args:
            kind: What the units are.
            texts: Texts that contain them.
            docs: Text of each unit, shape (units,).
            spans: Records with the fields byte_start and byte_end, shape (units,).
        """
        settings = self.settings
        _, offsets = buffers(texts)
        data = mask(texts, settings.ignore)
        starts = np.ascontiguousarray(offsets[docs] + spans["byte_start"])
        stops = np.ascontiguousarray(offsets[docs] + spans["byte_end"])
        sizes = np.empty(starts.size, np.int64)
        n = settings.shingle_documents if kind == "documents" else settings.shingle_paragraphs
        how = ShingleSettings(n, settings.by_signs, settings.exact)
        hashes = hash_shingles(data, starts, stops, how, sizes)
        return SetArrays(np.cumsum(sizes) - sizes, sizes, hashes)

    def _describe(
        self, kind: UnitKind, units: UnitRows, kept: Any, documents: dict[int, dict[str, Any]], best: _Verified
    ) -> KnownUnit:
        """Return a unit with the evidence that the index has it."""
        span, document = units.spans[best.row], documents[int(kept["doc"])]
        same_length = span["end"] - span["start"] == kept["end"] - kept["start"]
        return KnownUnit(
            unit="document" if kind == "documents" else "paragraph",
            start=int(span["start"]),
            end=int(span["end"]),
            kept=UnitLocation(document["id"], document["doc"], int(kept["start"]), int(kept["end"])),
            kept_path=document["path"],
            kept_row=document["row"],
            kept_text=document["text"][kept["start"] : kept["end"]],
            reason="exact" if same_length and units.content[best.row] == kept["content"] else "near",
            jaccard=best.shared / best.union,
            containment=best.shared / best.size,
        )
