"""What `clean` left to the originals again: its files stream side by side, by document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.errors import OutputError
from dedup.outputs.reader import CLEAN, REMOVED, check_output, groups

if TYPE_CHECKING:
    import pyarrow as pa

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from dedup.errors import OutputExists
from dedup.runtime.workspace import folder_beside

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


@dataclass(frozen=True)
class Restored:
    """What `restore_to` wrote."""

    folder: Path
    files: int
    """Documents that were files, each at its path."""
    rows: int
    """Documents that were rows."""
    tables: tuple[str, ...]
    """The files they are in, one for each input; all end in ".jsonl"."""


def restore_to(out: Path, folder: Path, *, overwrite: bool = False) -> Restored:
    """Write the originals to a folder; see `dedup.restore_to`.

    They are first written beside it and moved when all of them are there.

    Args:
        out: A folder that `clean` wrote.
        folder: Where; it may exist.
        overwrite: Replace files that are there.

    Raises:
        NotAnOutput: OUT is no such folder.
        OutputExists: A file is there already.
        OutputError: A path would leave the folder, or something cannot be read or written.
    """
    try:
        with folder_beside(folder) as part:
            with _Unpacking(part, folder, overwrite) as unpacking:
                for batch in restore(out):
                    unpacking.take(batch)
            _move(part, folder)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror}. Name a folder that you may write to."
        ) from None
    return Restored(folder, unpacking.files, unpacking.rows, tuple(unpacking.tables))


class _Unpacking:
    """Files in the making; rows of one input follow each other, so one table is open at a time."""

    def __init__(self, part: Path, folder: Path, overwrite: bool) -> None:
        """Write to `part` what is meant for `folder`."""
        self._part, self._folder, self._overwrite = part, folder, overwrite
        self._stack = ExitStack()
        self._table: IO[str] | None = None
        self._path: str | None = None
        self.files = self.rows = 0
        self.tables: list[str] = []

    def __enter__(self) -> _Unpacking:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open."""
        self._stack.close()

    def take(self, batch: pa.RecordBatch) -> None:
        """Write some documents."""
        columns = (batch.column(name).to_pylist() for name in ("path", "row", "text"))
        for path, row, text, line in zip(*columns, lines(batch), strict=True):
            if row is None:
                with self._open(path, path) as file:
                    file.write(text or "")
                self.files += 1
            else:
                self._rows_of(path).write(line + "\n")
                self.rows += 1

    def _rows_of(self, path: str) -> IO[str]:
        """Open the table of an input, unless it is."""
        if self._table is None or self._path != path:
            self._stack.close()
            name = path if path.endswith(".jsonl") else f"{path}.jsonl"
            self._table, self._path = self._stack.enter_context(self._open(name, path)), path
            self.tables.append(name)
        return self._table

    def _open(self, name: str, path: str) -> IO[str]:
        """Begin a file, if it may be there."""
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\0" in name:
            raise OutputError(
                f"The path {path} leads out of {self._folder}, so nothing was written. "
                "Without -o, dedup restore writes JSON lines to standard output."
            )
        target = self._folder / name
        if not target.parent.resolve().is_relative_to(self._folder.resolve()):
            raise OutputError(f"{target.parent} is a link that leads out of {self._folder}, so nothing was written.")
        if not self._overwrite and os.path.lexists(target):
            raise OutputExists(f"{target} exists already. Name another folder, or replace it with --overwrite.")
        file = self._part / name
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("x", encoding="utf-8", newline="")


def _move(part: Path, folder: Path) -> None:
    """Put finished files in their place."""
    if not folder.exists():
        part.rename(folder)
        return
    for parent, _, names in os.walk(part):
        target = folder / Path(parent).relative_to(part)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            Path(parent, name).replace(target / name)


def lines(batch: pa.RecordBatch) -> Iterator[str]:
    """Write documents as JSON, a line each, without their rank.

    >>> import pyarrow as pa
    >>> list(lines(pa.RecordBatch.from_pydict({"doc": [0], "text": ["é"], "score": [float("nan")]})))
    ['{"text": "é", "score": null}']
    """
    import pyarrow as pa

    names = [name for name in batch.schema.names if name != "doc"]
    columns = []
    for name in names:
        column = batch.column(name)
        # Python has no nanoseconds: a time becomes text before it gets there.
        columns.append((column.cast(pa.string()) if pa.types.is_temporal(column.type) else column).to_pylist())
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        try:
            yield json.dumps(row, ensure_ascii=False, allow_nan=False, default=_text)
        except ValueError:
            yield json.dumps(_finite(row), ensure_ascii=False, default=_text)


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _finite(value: Any) -> Any:
    """Replace the numbers that JSON cannot write."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
