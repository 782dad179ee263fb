"""What `clean` left to the originals again: its files stream side by side, by document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.errors import OutputError
from dedup.output import CLEAN, REMOVED, check_output, groups

if TYPE_CHECKING:
    import pyarrow as pa


def restore(out: Path, docs: Sequence[int] | None = None) -> Iterator[pa.RecordBatch]:
    """Rebuild the originals; see `dedup.restore`.

    Args:
        out: A folder that `clean` wrote.
        docs: Ranks of the documents to rebuild, ascending; None for all.

    Yields:
        Documents by rank: doc, id, path, row, text and every other input column.

    Raises:
        NotAnOutput: It is no such folder.
        OutputError: A file of it cannot be read, or they do not belong together.
    """
    check_output(out)
    clean, removed = _Side(groups(out / CLEAN, docs=docs)), _Side(groups(out / REMOVED, docs=docs))
    while True:
        slow = min(clean, removed, key=lambda side: side.known)
        known = slow.known
        stays, gone = clean.take(known), removed.take(known)
        if stays.num_rows or gone.num_rows:
            yield from _rebuilt(stays, gone).combine_chunks().to_batches()
        if known == math.inf:
            return
        slow.read()


class _Side:
    """The rows of a file that were read and not yet taken."""

    def __init__(self, tables: Iterator[pa.Table]) -> None:
        """Begin before the first row."""
        self._tables = tables
        self._rows = next(tables)
        self._over = False

    @property
    def known(self) -> float:
        """Up to which document all rows are here: those of the last one may go on in the next row group."""
        if self._over:
            return math.inf
        return self._rows["doc"][-1].as_py() - 1 if self._rows.num_rows else -1

    def read(self) -> None:
        """Read some more."""
        import pyarrow as pa

        table = next(self._tables, None)
        if table is None:
            self._over = True
        else:
            self._rows = pa.concat_tables([self._rows, table])

    def take(self, last: float) -> pa.Table:
        """Take the rows up to a document."""
        import numpy as np

        stop = int(np.searchsorted(self._rows["doc"].to_numpy(), last, side="right"))
        taken, self._rows = self._rows.slice(0, stop), self._rows.slice(stop)
        return taken


def _rebuilt(clean: pa.Table, removed: pa.Table) -> pa.Table:
    """Put documents back together: what stays with what was cut out of it, and whole ones as they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_document = pc.equal(removed["unit"], "document")
    documents = removed.filter(is_document)
    whole = pc.is_in(removed["doc"], documents["doc"].combine_chunks())
    place = clean.schema.get_field_index("text")
    stays = clean.set_column(place, "text", _spliced(clean, removed.filter(pc.invert(whole)))).drop_columns("removed")
    both = pa.concat_tables([stays, documents.select(stays.schema.names)])
    return both.take(pc.sort_indices(both["doc"])) if documents.num_rows else both


def _spliced(clean: pa.Table, cuts: pa.Table) -> pa.ChunkedArray:
    """Give the texts with what was cut out of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cut = pc.greater(clean["removed"], 0)
    found: dict[int, list[tuple[int, int, str]]] = {}
    columns = [cuts[name].to_pylist() for name in ("doc", "cut_start", "cut_end", "text")]
    for doc, start, end, text in zip(*columns, strict=True):
        found.setdefault(doc, []).append((start, end, text))
    chosen = clean.filter(cut)
    texts = []
    for doc, text, count in zip(*(chosen[name].to_pylist() for name in ("doc", "text", "removed")), strict=True):
        pieces = found.pop(doc, [])
        if len(pieces) != count:
            raise OutputError(f"{CLEAN} and {REMOVED} do not belong together: document {doc} lacks {count} passages.")
        texts.append(splice(text, pieces))
    if found:
        raise OutputError(f"{CLEAN} and {REMOVED} do not belong together: nobody misses passages of {min(found)}.")
    if not texts:
        return clean["text"]
    mask = cut.combine_chunks()
    return pa.chunked_array(
        [pc.replace_with_mask(clean["text"].combine_chunks(), mask, pa.array(texts, pa.large_string()))]
    )


def splice(text: str, cuts: Sequence[tuple[int, int, str]]) -> str:
    """Put back what was cut out of a text.

    Args:
        text: What is left.
        cuts: Start and end in the original, and the characters there; by start.

    Raises:
        OutputError: They do not fit.

    >>> splice("acd", [(1, 2, "b"), (4, 6, "ef")])
    'abcdef'
    """
    pieces: list[str] = []
    left = original = 0
    for start, end, cut in cuts:
        upto = left + start - original
        if start < original or upto > len(text) or len(cut) != end - start:
            raise OutputError(f"{CLEAN} and {REMOVED} do not belong together: a passage does not fit at {start}.")
        pieces += text[left:upto], cut
        left, original = upto, end
    return "".join((*pieces, text[left:]))
