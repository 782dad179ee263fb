"""Read each input with the reader of its format, and collect the documents in a spool."""
# Paths are bytes: see files.py.

from __future__ import annotations

import contextlib
import io
import os
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

import pyarrow as pa

from dedup.corpus.batches import Block
from dedup.corpus.columns import rename_reserved, reserved_names
from dedup.corpus.compression import HEAD_BYTES, decompressed, is_compressed, read_sound, strip_compression
from dedup.corpus.encodings.decode import decode
from dedup.corpus.encodings.detect import is_utf8
from dedup.corpus.files import InputFile
from dedup.corpus.formats.arrow import TableLayout, table_batches
from dedup.corpus.formats.csv import read_csv
from dedup.corpus.formats.detect import detect_format, is_plain_text, may_be_text
from dedup.corpus.formats.json import read_json, read_jsonl
from dedup.corpus.formats.parquet import (
    LocalParquet,
    ParquetPart,
    ParquetSource,
    RemoteParquet,
    count_nulls,
    first_values,
)
from dedup.corpus.formats.text import TextBatch, document_batch, origin_of, read_ahead
from dedup.corpus.formats.warc import read_warc
from dedup.corpus.inputs import ArrowStreamExporter, ResolvedInput
from dedup.corpus.markup.html import read_page
from dedup.corpus.markup.markdown import front_matter_columns, may_have_front_matter, split_front_matter
from dedup.corpus.markup.xml import read_xml
from dedup.corpus.packed.members import MAX_ARCHIVE_DEPTH
from dedup.corpus.packed.pieces import TrailingGarbage
from dedup.corpus.packed.tar import tar_members
from dedup.corpus.packed.zip import zip_members
from dedup.corpus.records import Record, RowSource, record_batches
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.spool import Spool
from dedup.corpus.streams import Buffered, ByteCounter, CountedReader, FilledReader, short_reason
from dedup.corpus.types import is_binary, plain_type
from dedup.errors import ColumnNotFound
from dedup.outputs.origins import FRONT_MATTER, Origin
from dedup.settings import Reading

# Errors of a stream that is truncated or damaged.
_STREAM_ERRORS = (OSError, EOFError, zlib.error, UnicodeDecodeError)
# First bytes from which the format of a file or of standard input is detected.
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
    remote_in_place: bool = False
    """Whether Parquet files in object stores are read there in every pass, not copied."""

    def load(self, inputs: Sequence[ResolvedInput]) -> None:
        """Read all inputs."""
        for resolved, name in named_inputs(inputs):
            self.load_input(resolved, name)

    def load_input(self, resolved: ResolvedInput, name: str) -> None:
        """Read an input.

        Args:
            resolved: The input.
            name: Path of its documents in the corpus, if it is a table.
        """
        if isinstance(resolved, list):
            self._load_files(resolved)
        elif isinstance(resolved, str):
            self._load_standard_input()
        else:
            self._load_table(resolved, name)

    def _load_files(self, files: Sequence[InputFile]) -> None:
        """Read files; those that may be plain text are read ahead by several threads."""
        for is_candidate, group in groupby(files, key=lambda file: may_be_text(file.relative)):
            if is_candidate:
                self._load_texts(group)
            else:
                for file in group:
                    self._load_file(file)

    def _load_texts(self, files: Iterator[InputFile]) -> None:
        """Read files of which most are plain text, or Markdown without front matter; their order is kept."""
        batch = TextBatch(self.reading, self.report)
        for file, content in read_ahead(files):
            if isinstance(content, Exception):
                self.report.skip(file.path, short_reason(content))
                continue
            if is_plain_text(file.relative, content) or self._is_text(file, content):
                batch.add(file, content)
                if batch.is_full:
                    self._finish(batch)
            else:
                self._finish(batch)
                self._load_file(file, content)
        self._finish(batch)

    def _is_text(self, file: InputFile, content: bytes) -> bool:
        """Return whether a file is plain text without front matter that is not compressed."""
        if is_compressed(content[:HEAD_BYTES]):
            return False
        kind = detect_format(file.relative, content[:_HEAD_BYTES]).kind
        return kind == "text" or (kind == "markdown" and not may_have_front_matter(content))

    def _finish(self, batch: TextBatch) -> None:
        self.count_bytes(batch.size)
        documents = batch.take()
        if documents is not None:
            self.spool.add(documents.batch, *documents.origins)

    def _load_file(self, file: InputFile, content: bytes | None = None) -> None:
        """Read a file of any format; `content` is its content if that was read."""
        with self._skip_unreadable(file.path), self._open(file, content) as raw:
            is_plain = not is_compressed(raw.peek(HEAD_BYTES)[:HEAD_BYTES])
            with decompressed(raw) as stream:
                self._load_stream(stream, file, is_plain=is_plain)

    def _open(self, file: InputFile, content: bytes | None) -> Buffered:
        raw = file.open_raw() if content is None else io.BytesIO(content)
        return io.BufferedReader(CountedReader(raw, self.count_bytes), _HEAD_BYTES)

    def _load_stream(
        self, stream: Buffered, file: InputFile, *, is_plain: bool = False, is_stream: bool = False, depth: int = 0
    ) -> None:
        """Read a decompressed file by its format.

        Args:
            stream: The content.
            file: The file, or the member of an archive.
            is_plain: Whether it is a file that is neither compressed nor in an archive.
            is_stream: Whether it is standard input, which has no name.
            depth: Number of archives that it is nested in.
        """
        found = detect_format(
            strip_compression(file.relative), stream.peek(_HEAD_BYTES)[:_HEAD_BYTES], is_stream=is_stream
        )
        if found.note:
            self.report.remark(file.path, found.note)
        if found.kind == "none":
            raise Unreadable(found.reason)
        if found.kind == "parquet":
            is_direct = is_plain and file.remote is None and is_utf8(file.os_path)  # Arrow opens only paths in UTF-8
            if is_direct:
                self._load_parquet(LocalParquet.of(os.fsdecode(file.os_path)), file)
            elif self.remote_in_place and file.remote is not None and is_plain:
                self._load_parquet(RemoteParquet.of(file.remote), file)
            else:
                self._load_parquet(LocalParquet.of(self.spool.copy(stream), is_copy=True), file)
        elif found.kind in ("jsonl", "json", "csv", "tsv", "warc"):
            self._load_records(stream, found.kind, file)
        elif found.kind in ("zip", "tar"):
            self._load_archive(stream, found.kind, file, depth)
        else:
            self._load_document(stream, found.kind, file)

    def _load_document(self, stream: Buffered, kind: str, file: InputFile) -> None:
        """Read a file that is one document."""
        content, damage = read_sound(stream)
        if damage is not None and not content:
            raise Unreadable(str(damage))
        if kind in ("html", "xml"):
            page = read_page(content, self.reading.html_text) if kind == "html" else read_xml(content)
            decoded, text, columns, origin = page.decoded, page.text, page.columns, Origin("extracted")
            if page.remark:
                self.report.remark(file.path, page.remark)
        else:
            decoded = decode(content)
            text, columns = decoded.text, dict[str, str]()
            origin = origin_of(decoded, content, _compression_suffix(file.relative))
            if kind == "markdown":
                front, text = split_front_matter(text)
                columns = {FRONT_MATTER: front, **front_matter_columns(front)} if front else {}
        self.report.add_decoded(file.path, decoded)
        array = pa.array([text], pa.large_string())
        self.spool.add(document_batch([file], array, self.reading, columns), (origin, 1))
        if damage is not None:
            self.report.skip(file.path, f"{damage}; the part before was read")

    def _load_archive(self, stream: Buffered, kind: str, file: InputFile, depth: int) -> None:
        """Read the members of an archive as files of a folder with its name."""
        if depth == MAX_ARCHIVE_DEPTH:
            raise Unreadable("an archive in an archive in an archive; unpack it first")
        with contextlib.ExitStack() as stack:
            if kind == "tar":
                members = tar_members(stream, file.path, self.report)
            else:
                is_seekable = stream.seekable()
                file_of_members = stream if is_seekable else stack.enter_context(self.spool.open_copy(stream))
                members = zip_members(file_of_members, self.report)
            for member in members:
                inner = replace(file, relative=file.relative + b"/" + member.name)
                with self._skip_unreadable(inner.path):
                    if member.stream is None:
                        raise Unreadable(member.reason)
                    with decompressed(member.stream) as content:
                        self._load_stream(content, inner, depth=depth + 1)

    def _load_records(self, stream: Buffered, kind: str, file: InputFile) -> None:
        path, report, reading = file.path, self.report, self.reading
        if kind == "warc":
            records = read_warc(stream, path, report, reading.html_text)
            reading = replace(reading, text_column="text", id_column="url")
        elif kind == "jsonl":
            records = read_jsonl(stream, path, report, reading.text_column)
        elif kind == "json":
            records = read_json(stream, path, report, reading.text_column)
        else:
            records = read_csv(stream, path, report, reading, "\t" if kind == "tsv" else None)
        source = RowSource(path, self._constants(file), reading, report)
        for batch, origin in record_batches(self._until_damage(records, path), source):
            self.spool.add(batch, (origin, batch.num_rows))

    def _constants(self, file: InputFile) -> Mapping[str, str | None]:
        """Return the columns whose values are the names of folders."""
        partitions = file.partitions()
        renamed = rename_reserved(list(partitions), reserved_names(self.reading))
        constants = dict(zip(renamed, partitions.values(), strict=True))
        if self.reading.outlet_level is not None:
            constants["outlet"] = file.folder_name(self.reading.outlet_level)
        return constants

    def _until_damage(self, records: Iterator[Record], path: str) -> Iterator[Record]:
        """Yield records until the input is damaged, and report the damage; raise the error if no record precedes it."""
        line, is_first = None, True
        try:
            for record in records:
                line, is_first = record.line, False
                yield record
        except (*_STREAM_ERRORS, Unreadable) as error:
            if is_first and not isinstance(error, TrailingGarbage):
                raise
            reason = short_reason(error)
            if not isinstance(error, TrailingGarbage):  # otherwise the data are complete
                reason = f"damaged after this line: {reason}; the part before was read"
            self.report.skip(path, reason, line=line)

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

    def _load_parquet(self, source: ParquetSource, file: InputFile) -> None:
        """Insert a Parquet file as a part, or copy its documents if some rows may have to be left out.

        Args:
            source: The file to open.
            file: The file in the corpus.
        """
        import pyarrow.parquet as pq

        with source.opened() as opened, pq.ParquetFile(opened) as parquet:
            schema, metadata = parquet.schema_arrow, parquet.metadata
            table = RowSource(file.path, self._constants(file), self.reading, self.report)
            layout = TableLayout.of(schema, table, lambda name: first_values(parquet, name))
            chosen = layout.chosen
            row_groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
            blocks = [Block(group.num_rows, group.total_byte_size) for group in row_groups]
            [name, *_] = chosen.text.names
            is_plain = chosen.text.kind == "column" and not is_binary(plain_type(schema.field(name).type))
            if is_plain or not blocks:
                self.report.null_texts += count_nulls(parquet, name)
                self.report.null_ids += 0 if chosen.id is None else count_nulls(parquet, chosen.id)
                self.spool.insert(ParquetPart(source, layout, blocks), layout.origin)
            else:  # bytes that may not be UTF-8, or texts that are joined
                batches = parquet.iter_batches(_COPIED_ROWS, use_threads=False)
                self._add_table(batches, schema, layout)
        table.report_columns(chosen, layout.others)

    def _add_table(self, batches: Iterator[pa.RecordBatch], schema: pa.Schema, layout: TableLayout) -> None:
        for batch in table_batches(batches, schema, layout, self.report):
            self.spool.add(batch, (layout.origin, batch.num_rows))

    def _load_table(self, table: ArrowStreamExporter, path: str) -> None:
        with self._skip_unreadable(path):
            reader = pa.RecordBatchReader.from_stream(table)
            batches = iter(reader)
            first = next(batches, None)
            source = RowSource(path, {}, self.reading, self.report)
            layout = TableLayout.of(reader.schema, source, lambda name: None if first is None else first[name])
            self._add_table(batches if first is None else chain([first], batches), reader.schema, layout)
            source.report_columns(layout.chosen, layout.others)

    def _load_standard_input(self) -> None:
        """Read standard input; its format is recognised by the first bytes."""
        raw: Buffered = io.BufferedReader(FilledReader(sys.stdin.buffer), _HEAD_BYTES)
        try:
            with self._skip_unreadable("-"), decompressed(raw) as stream:
                self._load_stream(stream, InputFile(b"", b"-"), is_stream=True)
        finally:
            raw.detach()  # otherwise it would close standard input


def named_inputs(inputs: Sequence[ResolvedInput]) -> Iterator[tuple[ResolvedInput, str]]:
    """Yield each input with the path of its documents if it is a table: "table", or "table-1", "table-2" and so on.

    >>> [name for _, name in named_inputs(["-", pa.table({"text": ["a"]})])]
    ['', 'table']
    """
    count = sum(not isinstance(resolved, list | str) for resolved in inputs)
    names = iter(["table"] if count == 1 else [f"table-{number}" for number in range(1, count + 1)])
    for resolved in inputs:
        yield resolved, "" if isinstance(resolved, list | str) else next(names)


def _compression_suffix(name: bytes) -> str:
    """Return the endings of compression of a name: ".gz" of "a.txt.gz"; "" of "a.tgz"."""
    plain = strip_compression(name)
    return os.fsdecode(name[len(plain) :]) if name.startswith(plain) else ""
