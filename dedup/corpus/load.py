"""Inputs to parts: each file goes to the reader of its format, each problem into the tally."""
# ruff: noqa: PTH123
# bytes paths: see files.py

from __future__ import annotations

import contextlib
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, cast

from dedup.corpus.columns import Asked, take
from dedup.corpus.files import Buffered, Meter, Place, Stamp, is_packed, kind, opened, read_all, reason, unpacked
from dedup.corpus.formats import csv as csv_rows
from dedup.corpus.formats import json as json_rows
from dedup.corpus.formats import records as rows
from dedup.corpus.formats import text as documents
from dedup.corpus.formats.arrow import Shape, Unusable, contents, table_batches
from dedup.corpus.formats.encoding import NotText
from dedup.corpus.formats.parquet import ParquetPart, null_count
from dedup.corpus.inputs import ArrowStream
from dedup.corpus.report import Record, Tally
from dedup.corpus.spool import Spool
from dedup.corpus.types import is_binary, plain
from dedup.errors import ColumnNotFound

if TYPE_CHECKING:
    import pyarrow as pa


# what a stream raises where a file is truncated or damaged
_BREAKS = (OSError, EOFError, zlib.error, UnicodeDecodeError)


@dataclass(frozen=True)
class Loader:
    """Reads inputs, in order, into a spool; what cannot be read is named in the tally."""

    asked: Asked
    html: Literal["all", "main"]
    spool: Spool
    tally: Tally
    meter: Meter

    def files(self, places: Sequence[Place]) -> None:
        """Read files in this order."""
        for text, group in groupby(places, key=lambda place: kind(place.relative) == "text"):
            if text:
                self._spool(documents.text_batches(group, self.asked, self.tally, self.meter))
            else:
                for place in group:
                    with self._naming(place.shown):
                        self._file(place)

    def _spool(self, batches: Iterator[pa.RecordBatch]) -> None:
        for batch in batches:
            self.spool.add(batch)

    def _file(self, place: Place) -> None:
        form = kind(place.relative)
        with opened(place.path, self.meter) as stream:
            if form == "parquet":
                self._parquet(self._plain(place, stream), place)
            elif form == "html":
                self.spool.add(documents.page(read_all(stream), place, self.html, self.asked, self.tally))
            else:
                self._rows(stream, form, place)

    def _rows(self, stream: Buffered, form: str, place: Place) -> None:
        path = place.shown
        readers: dict[str, Callable[[], Iterator[Record]]] = {
            "jsonl": lambda: json_rows.jsonl(stream, path, self.tally),
            "json": lambda: json_rows.json_file(stream, path, self.tally),
            "csv": lambda: csv_rows.csv_file(stream, path, self.tally),
            "tsv": lambda: csv_rows.csv_file(stream, path, self.tally, "\t"),
        }
        records = self._guarded(readers[form](), path)
        self._spool(rows.batches(records, path, documents.outlet(place, self.asked), self.asked, self.tally))

    def _guarded(self, records: Iterator[Record], path: str) -> Iterator[Record]:
        """Yield records up to where the file breaks, and name it; one that breaks at once is the caller's."""
        line = None
        try:
            for record in records:
                line = record[1]
                yield record
        except (*_BREAKS, NotText) as error:
            if line is None:
                raise
            self.tally.skip(path, f"broken from here on ({reason(error)}); the rows before are read", line=line)

    @contextlib.contextmanager
    def _naming(self, path: str) -> Iterator[None]:
        """Name in the tally what keeps an input from being read."""
        import pyarrow as pa

        try:
            yield
        except ColumnNotFound as error:
            self.tally.lacking_text.append(path)
            self.tally.skip(path, str(error))
        except (*_BREAKS, NotText, MemoryError, pa.ArrowException, Unusable) as error:
            self.tally.skip(path, reason(error))
        else:
            self.tally.files += 1

    def _plain(self, place: Place, stream: Buffered) -> str:
        """Return the name of a file as Parquet's reader takes it: unpacked, and valid UTF-8."""
        with open(place.path, "rb") as packed:
            plain = not is_packed(packed.read(4))
        if plain and _is_utf8(place.path):
            return os.fsdecode(place.path)
        return self.spool.copy(stream)

    def _parquet(self, file: str, place: Place) -> None:
        import pyarrow.parquet as pq

        stamp = Stamp.of(file)
        with pq.ParquetFile(file) as found:
            schema, facts = found.schema_arrow, found.metadata
            taken = take(contents(schema), self.asked)
            shape = Shape.of(schema, taken, place.shown, documents.outlet(place, self.asked), self.asked)
            groups = [facts.row_group(group).num_rows for group in range(facts.num_row_groups)]
            # Of binary texts, rows may have to be left out: read it once, now.
            if groups and is_binary(plain(schema.field(taken.text).type)):
                batches = found.iter_batches(1024, use_threads=False)
                self._spool(table_batches(batches, shape, schema, self.tally))
            else:
                self.tally.null_texts += null_count(found, taken.text)
                self.tally.null_ids += 0 if taken.id is None else null_count(found, taken.id)
                self.spool.insert(ParquetPart(file, shape, schema, stamp, groups))
        self.tally.took(taken.text, taken.id)

    def table(self, table: ArrowStream, path: str) -> None:
        """Read a table of another library."""
        import pyarrow as pa

        with self._naming(path):
            reader = pa.RecordBatchReader.from_stream(table)
            taken = take(contents(reader.schema), self.asked)
            shape = Shape.of(reader.schema, taken, path, None, self.asked)
            self._spool(table_batches(iter(reader), shape, reader.schema, self.tally))
            self.tally.took(taken.text, taken.id)

    def standard_input(self) -> None:
        """Read standard input: Parquet, JSONL or one text, told by how it starts."""
        place = Place(b"", b"-")
        packed: Buffered = io.BufferedReader(cast("Any", sys.stdin.buffer), 1 << 20)
        try:
            with self._naming("-"), unpacked(packed) as stream:
                head = stream.peek(1 << 20)
                if head.startswith(b"PAR1"):
                    self._parquet(self.spool.copy(stream), place)
                elif json_rows.starts_with_object(head):
                    self._rows(stream, "jsonl", place)
                else:
                    self.spool.add(documents.document(read_all(stream), place, self.asked, self.tally))
        finally:
            packed.detach()  # or it would close standard input


def _is_utf8(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True
