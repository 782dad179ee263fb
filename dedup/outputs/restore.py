"""Rebuild the original documents from the output of `clean`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.errors import OutputError
from dedup.outputs.files import CLEAN_FILE, REMOVED_FILE
from dedup.outputs.origins import OriginRuns, decode_origins, merge_origins
from dedup.outputs.reader import check_output, read_schemas, read_tables

if TYPE_CHECKING:
    import pyarrow as pa

_MISMATCH = f"{CLEAN_FILE} and {REMOVED_FILE} do not belong together"
_AGAIN = "Run dedup clean again."


def restore(out: Path, docs: Sequence[int] | None = None) -> Iterator[pa.RecordBatch]:
    """Rebuild the original documents; see `dedup.restore`. The two tables are read side by side, by document.

    Args:
        out: A folder that `clean` wrote.
        docs: Ascending ranks of the documents to rebuild; None for all.

    Yields:
        Documents by rank: doc, id, path, row, text and the other columns of the input.

    Raises:
        NotAnOutput: `clean` did not write the folder.
        OutputError: A file cannot be read, or the files do not belong together.
    """
    check_output(out)
    clean = _Reader(read_tables(out / CLEAN_FILE, docs=docs))
    removed = _Reader(read_tables(out / REMOVED_FILE, docs=docs))
    while True:
        behind = min(clean, removed, key=lambda side: side.complete_to)
        last = behind.complete_to
        kept, cut = clean.take(last), removed.take(last)
        if kept.num_rows or cut.num_rows:
            yield from _rebuild(kept, cut).combine_chunks().to_batches()
        if last == math.inf:
            return
        behind.read()


def read_origins(out: Path) -> tuple[OriginRuns | None, frozenset[str]]:
    """Read how the documents of an output were read.

    Args:
        out: A folder that `clean` wrote.

    Returns:
        The origins of the documents, and the columns whose values are JSON; None and no column if they are unknown.

    Raises:
        NotAnOutput: `clean` did not write the folder.
    """
    check_output(out)
    return merge_origins(decode_origins(schema.metadata) for schema in read_schemas(out / CLEAN_FILE))


class _Reader:
    """A reader of the rows of a table, by document."""

    def __init__(self, tables: Iterator[pa.Table]) -> None:
        self._tables = tables
        self._rows = next(tables)
        self._at_end = False

    @property
    def complete_to(self) -> float:
        """Rank of the last document of which all rows are read; the rows of a document may span two row groups."""
        if self._at_end:
            return math.inf
        return self._rows["doc"][-1].as_py() - 1 if self._rows.num_rows else -1

    def read(self) -> None:
        """Read the next row group."""
        import pyarrow as pa

        table = next(self._tables, None)
        if table is None:
            self._at_end = True
        else:
            self._rows = pa.concat_tables([self._rows, table])

    def take(self, last: float) -> pa.Table:
        """Return the rows up to and including a document that were not yet returned."""
        import numpy as np

        stop = int(np.searchsorted(self._rows["doc"].to_numpy(), last, side="right"))
        taken, self._rows = self._rows.slice(0, stop), self._rows.slice(stop)
        return taken


def _rebuild(clean: pa.Table, removed: pa.Table) -> pa.Table:
    """Return original documents by rank: kept ones with their removed paragraphs inserted, and removed ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    documents = removed.filter(pc.equal(removed["unit"], "document"))
    of_removed = pc.is_in(removed["doc"], documents["doc"].combine_chunks())
    column = clean.schema.get_field_index("text")
    texts = _splice_texts(clean, removed.filter(pc.invert(of_removed)))
    kept = clean.set_column(column, "text", texts).drop_columns(["removed", "copies"])
    both = pa.concat_tables([kept, documents.select(kept.schema.names)])
    return both.take(pc.sort_indices(both["doc"])) if documents.num_rows else both


def _splice_texts(clean: pa.Table, cuts: pa.Table) -> pa.ChunkedArray:
    """Return the texts of kept documents with the removed paragraphs inserted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_cut = pc.greater(clean["removed"], 0)
    passages: dict[int, list[tuple[int, int, str]]] = {}
    columns = [cuts[name].to_pylist() for name in ("doc", "cut_start", "cut_end", "text")]
    for doc, start, end, text in zip(*columns, strict=True):
        passages.setdefault(doc, []).append((start, end, text))
    chosen = clean.filter(is_cut)
    texts = []
    for doc, text, count in zip(*(chosen[name].to_pylist() for name in ("doc", "text", "removed")), strict=True):
        pieces = passages.pop(doc, [])
        if len(pieces) != count:
            raise OutputError(
                f"{_MISMATCH}: document {doc} has {count} removed passages, but {len(pieces)} are stored. {_AGAIN}"
            )
        texts.append(splice(text, pieces))
    if passages:
        raise OutputError(
            f"{_MISMATCH}: document {min(passages)} has no removed passages, but some are stored. {_AGAIN}"
        )
    if not texts:
        return clean["text"]
    spliced = pa.array(texts, pa.large_string())
    return pa.chunked_array([pc.replace_with_mask(clean["text"].combine_chunks(), is_cut.combine_chunks(), spliced)])


def splice(text: str, cuts: Sequence[tuple[int, int, str]]) -> str:
    """Return a text with the passages inserted that were cut out of it.

    Args:
        text: The remaining text.
        cuts: Start and end in the original, in code points, and the text between them; ascending.

    Raises:
        OutputError: The cuts do not fit the text.

    >>> splice("acd", [(1, 2, "b"), (4, 6, "ef")])
    'abcdef'
    """
    pieces: list[str] = []
    position = original = 0
    for start, end, cut in cuts:
        stop = position + start - original
        if start < original or stop > len(text) or len(cut) != end - start:
            raise OutputError(f"{_MISMATCH}: a passage does not fit at {start}. {_AGAIN}")
        pieces += text[position:stop], cut
        position, original = stop, end
    return "".join((*pieces, text[position:]))
