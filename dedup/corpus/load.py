"""Read each input with the reader of its format, and collect the documents in a spool."""
# ruff: noqa: PTH123
# Paths are bytes: see files.py.

from __future__ import annotations

import contextlib
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import pyarrow as pa

from dedup.corpus.compression import decompressed, is_compressed, open_decompressed
from dedup.corpus.files import FileVersion, InputFile, format_of
from dedup.corpus.formats.arrow import TableLayout, table_batches
from dedup.corpus.formats.csv import read_csv
from dedup.corpus.formats.encoding import is_utf8
from dedup.corpus.formats.html import read_html
from dedup.corpus.formats.json import read_json, read_jsonl, starts_with_object
from dedup.corpus.formats.parquet import ParquetPart, count_nulls
from dedup.corpus.formats.text import read_text, text_batches
from dedup.corpus.inputs import ArrowStreamExporter, ResolvedInput
from dedup.corpus.records import Record, RecordSource, record_batches
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.spool import Spool
from dedup.corpus.streams import Buffered, ByteCounter, read_stream, short_reason
from dedup.corpus.types import is_binary, plain_type
from dedup.errors import ColumnNotFound
from dedup.settings import Reading

# Errors of a stream that is truncated or damaged.
_STREAM_ERRORS = (OSError, EOFError, zlib.error, UnicodeDecodeError)
# Bytes of standard input from which its format is detected.
_HEAD_BYTES = 1 << 20
# Rows of a Parquet file that are read at a time, if they are copied.
_COPIED_ROWS = 1024


@dataclass(frozen=True)
class Loader:
    """Reads inputs in order."""

    reading: Reading
    """How the inputs are read."""
    spool: Spool
    """Receives the documents."""
    report: ReportBuilder
    """Receives what cannot be read."""
    count_bytes: ByteCounter
    """Receives the number of bytes read."""

    def load(self, inputs: Sequence[ResolvedInput]) -> None:
        """Read all inputs. A table has the path "table", or "table-1", "table-2" and so on if there are several."""
        count = sum(not isinstance(resolved, list | str) for resolved in inputs)
        names = iter(["table"] if count == 1 else [f"table-{number}" for number in range(1, count + 1)])
        for resolved in inputs:
            if isinstance(resolved, list):
                self._load_files(resolved)
            elif isinstance(resolved, str):
                self._load_standard_input()
            else:
                self._load_table(resolved, next(names))

    def _load_files(self, files: Sequence[InputFile]) -> None:
        for is_text, group in groupby(files, key=lambda file: format_of(file.relative) == "text"):
            if is_text:
                self._add(text_batches(group, self.reading, self.report, self.count_bytes))
            else:
                for file in group:
                    with self._skip_unreadable(file.path):
                        self._load_file(file)

    def _add(self, batches: Iterator[pa.RecordBatch]) -> None:
        for batch in batches:
            self.spool.add(batch)

    def _load_file(self, file: InputFile) -> None:
        form = format_of(file.relative)
        with open_decompressed(file.os_path, self.count_bytes) as stream:
            if form == "parquet":
                self._load_parquet(self._path_for_parquet(file, stream), file)
            elif form == "html":
                self.spool.add(read_html(read_stream(stream), file, self.reading, self.report))
            else:
                self._load_records(stream, form, file)

    def _load_records(self, stream: Buffered, form: str, file: InputFile) -> None:
        path, report = file.path, self.report
        readers: dict[str, Callable[[], Iterator[Record]]] = {
            "jsonl": lambda: read_jsonl(stream, path, report),
            "json": lambda: read_json(stream, path, report),
            "csv": lambda: read_csv(stream, path, report),
            "tsv": lambda: read_csv(stream, path, report, "\t"),
        }
        records = self._until_damage(readers[form](), path)
        source = RecordSource(path, file.folder_name(self.reading.outlet_level), self.reading, report)
        self._add(record_batches(records, source))

    def _until_damage(self, records: Iterator[Record], path: str) -> Iterator[Record]:
        """Yield records until the input is damaged, and report the damage; raise the error if no record precedes it."""
        line = None
        try:
            for record in records:
                line = record.line
                yield record
        except (*_STREAM_ERRORS, Unreadable) as error:
            if line is None:
                raise
            self.report.skip(
                path, f"damaged after this line ({short_reason(error)}); the rows before were read", line=line
            )

    @contextlib.contextmanager
    def _skip_unreadable(self, path: str) -> Iterator[None]:
        """Count an input as read, or report why it is skipped."""
        try:
            yield
        except ColumnNotFound as error:
            self.report.lacks_text_column = True
            self.report.skip(path, str(error))
        except (*_STREAM_ERRORS, Unreadable, MemoryError, pa.ArrowException) as error:
            self.report.skip(path, short_reason(error))
        else:
            self.report.files += 1

    def _path_for_parquet(self, file: InputFile, stream: Buffered) -> str:
        """Return a path that Arrow can open: copy the file if it is compressed or its path is not UTF-8."""
        with open(file.os_path, "rb") as raw:
            is_plain = not is_compressed(raw.read(4))
        if is_plain and is_utf8(file.os_path):
            return os.fsdecode(file.os_path)
        return self.spool.copy(stream)

    def _load_parquet(self, path: str, file: InputFile) -> None:
        """Insert a Parquet file as a part, or copy its documents if some rows may have to be left out.

        Args:
            path: Path to open.
            file: The file in the corpus.
        """
        import pyarrow.parquet as pq

        version = FileVersion.of(path)
        with pq.ParquetFile(path) as parquet:
            schema, metadata = parquet.schema_arrow, parquet.metadata
            outlet = file.folder_name(self.reading.outlet_level)
            layout = TableLayout.of(schema, file.path, outlet, self.reading)
            chosen = layout.chosen
            row_groups = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
            if row_groups and is_binary(plain_type(schema.field(chosen.text).type)):  # may not be UTF-8
                batches = parquet.iter_batches(_COPIED_ROWS, use_threads=False)
                self._add(table_batches(batches, schema, layout, self.report))
            else:
                self.report.null_texts += count_nulls(parquet, chosen.text)
                self.report.null_ids += 0 if chosen.id is None else count_nulls(parquet, chosen.id)
                self.spool.insert(ParquetPart(path, version, layout, row_groups))
        self.report.add_columns(chosen.text, chosen.id)

    def _load_table(self, table: ArrowStreamExporter, path: str) -> None:
        with self._skip_unreadable(path):
            reader = pa.RecordBatchReader.from_stream(table)
            layout = TableLayout.of(reader.schema, path, None, self.reading)
            self._add(table_batches(iter(reader), reader.schema, layout, self.report))
            self.report.add_columns(layout.chosen.text, layout.chosen.id)

    def _load_standard_input(self) -> None:
        """Read standard input: Parquet, JSONL or a single text, recognised by the first bytes."""
        file = InputFile(b"", b"-")
        raw: Buffered = io.BufferedReader(cast("Any", sys.stdin.buffer), 1 << 20)
        try:
            with self._skip_unreadable("-"), decompressed(raw) as stream:
                head = stream.peek(_HEAD_BYTES)
                if head.startswith(b"PAR1"):
                    self._load_parquet(self.spool.copy(stream), file)
                elif starts_with_object(head):
                    self._load_records(stream, "jsonl", file)
                else:
                    self.spool.add(read_text(read_stream(stream), file, self.reading, self.report))
        finally:
            raw.detach()  # else it would close standard input
