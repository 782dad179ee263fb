"""Open a corpus: all documents of all inputs in the order of their ranks, to be read repeatedly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.batches import BatchRequest, Ranks, TextCache, contains_any, split_texts
from dedup.corpus.columns import (
    DOCUMENT_SCHEMA,
    METADATA_NAMES,
    Content,
    content_of,
    find_column,
    listed_columns,
    rename_reserved,
    reserved_names,
)
from dedup.corpus.formats.parquet import ParquetPart
from dedup.corpus.inputs import Input, make_byte_counter, resolve_inputs
from dedup.corpus.load import Loader
from dedup.corpus.markup.html import check_mode
from dedup.corpus.report import Columns, ReadReport, ReportBuilder
from dedup.corpus.spool import CorpusPart, Spool
from dedup.corpus.types import conform, is_json, unify
from dedup.errors import ColumnNotFound, NothingToRead
from dedup.outputs.origins import OriginRuns
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Reading, Resources

# Skipped inputs that an error message lists.
_MAX_LISTED = 3


class Corpus:
    """All documents in the order of their ranks; created by `open_corpus`."""

    rows: int
    """Number of documents."""
    schema: pa.Schema
    """Columns: `id`, `path`, `row` (null for a whole file), `text`, then every other column of the inputs."""
    columns: Columns
    """The columns that texts, ids, dates and outlets were read from."""
    origins: OriginRuns
    """How the documents were read."""
    unified_schema: pa.Schema
    """Columns with the metadata of `dedup.corpus.types.unify`, which marks JSON."""
    parts: tuple[CorpusPart, ...]
    """The documents in parts, in order."""

    def __init__(
        self,
        parts: Sequence[CorpusPart],
        schema: pa.Schema,
        columns: Columns,
        report: ReportBuilder,
        resources: Resources,
        origins: OriginRuns,
    ) -> None:
        """Join parts to a corpus.

        Args:
            parts: The documents, in order.
            schema: Unified schema of the parts, with the metadata of `types.unify`.
            columns: The columns that texts, ids, dates and outlets were read from.
            report: Counts and remarks from reading.
            resources: Threads, and bytes of text in a batch.
            origins: How the documents were read.
        """
        self.origins = origins
        self.rows = sum(part.rows for part in parts)
        self.columns = columns
        self.schema = pa.schema([field.remove_metadata() for field in schema])
        self.unified_schema = schema
        self.parts = tuple(parts)
        self._report, self._resources = report, resources
        self._replaced_elsewhere = (0, 0)
        self._cache = TextCache(0)

    @property
    def json_columns(self) -> list[str]:
        """Columns whose values are stored as JSON, since their types differ."""
        return [field.name for field in self.unified_schema if is_json(field)]

    @property
    def report(self) -> ReadReport:
        """Counts and remarks from reading. Invalid text in Parquet files is counted when it is read."""
        report = self._report.build()
        texts, characters = self.replaced_in_parquet
        if not texts:
            return report
        note = f"{texts} texts in Parquet files contain bytes that are not UTF-8, replaced by U+FFFD"
        return replace(report, replaced=report.replaced + characters, notes=(*report.notes, note))

    @property
    def replaced_in_parquet(self) -> tuple[int, int]:
        """Numbers of texts of Parquet files with replaced bytes, and of these characters, as far as they were read."""
        counts = [part.replaced.values() for part in self.parts if isinstance(part, ParquetPart)]
        texts, characters = self._replaced_elsewhere
        return texts + sum(map(len, counts)), characters + sum(map(sum, counts))

    def add_replaced(self, texts: int, characters: int) -> None:
        """Add what other processes replaced when they read parts of this corpus; see `replaced_in_parquet`."""
        before = self._replaced_elsewhere
        self._replaced_elsewhere = before[0] + texts, before[1] + characters

    def add_repeated_ids(self, count: int) -> None:
        """Add the number of documents with the id of an earlier one, if it was counted elsewhere."""
        self._report.repeated_ids += count

    @property
    def has_given_ids(self) -> bool:
        """Whether ids were read from a column; others are unique."""
        return bool(self._report.used_columns["id"])

    def add_note(self, note: str) -> None:
        """Add a remark for the user to the report."""
        self._report.notes.append(note)

    def add_report(self, name: str, report: ReadReport) -> None:
        """Add what was noted and skipped when a reference was read.

        Args:
            name: The reference.
            report: The report on it.
        """
        self._report.notes += [f"reference {name}: {note.removeprefix(f'{name}: ')}" for note in report.notes]
        self._report.skipped += [replace(item, reason=f"{item.reason} (in a reference)") for item in report.skipped]

    def batches(
        self, columns: Sequence[str] | None = None, wanted: Ranks | None = None
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read the documents in batches; every call yields the same rows.

        Args:
            columns: Names of columns in `schema`; None for all.
            wanted: Ranks, ascending, shape (documents,); batches without any of them are left out. None for all.

        Yields:
            Rank of the first row, and batch, in order.

        Raises:
            ColumnNotFound: A column does not exist.
            InputChanged: A file has changed.
            InputError: A file is damaged.
        """
        names = self.schema.names if columns is None else list(columns)
        if unknown := [name for name in names if name not in self.schema.names]:
            raise ColumnNotFound(f"There is no column {unknown[0]!r}. Name one of: {', '.join(self.schema.names)}.")
        known = self._cache.rows if "text" in names else 0
        if known:
            yield from self._cached_batches(names, wanted, known)
        for first, batch in self._read(names, wanted, known):
            if "text" in names and wanted is None:
                self._cache.add(first, batch.column(names.index("text")))
            yield first, batch

    def keep_texts(self, limit: int) -> None:
        """Keep texts in memory when they are read the next time, so that they are not read from the files again.

        Args:
            limit: Maximum number of bytes of texts; those of the first documents are kept.
        """
        self._cache = TextCache(limit)

    def _cached_batches(
        self, names: list[str], wanted: Ranks | None, known: int
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield the batches of the first documents, whose texts are in memory; see `batches`."""
        schema = pa.schema([self.schema.field(name) for name in names])
        others = [name for name in names if name != "text"]
        read = self._read(others, wanted) if others else [(0, None)]
        for first, batch in read:
            for start, texts in self._cache.between(first, known if batch is None else first + batch.num_rows):
                if wanted is None or contains_any(wanted, start, len(texts)):
                    columns = {"text": texts}
                    if batch is not None:
                        columns |= zip(others, batch.slice(start - first, len(texts)), strict=True)
                    yield start, pa.RecordBatch.from_arrays([columns[name] for name in names], schema=schema)
            if batch is not None and first + batch.num_rows >= known:
                return

    def _read(self, names: list[str], wanted: Ranks | None, known: int = 0) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read the documents from their parts.

        Args:
            names: Columns.
            wanted: See `batches`.
            known: Rank of the first document to read.

        Yields:
            Rank of the first row, and batch, in order.
        """
        unified = pa.schema([self.unified_schema.field(name) for name in names])
        schema = pa.schema([self.schema.field(name) for name in names])
        max_bytes, threads = self._resources.batch_bytes, self._resources.workers > 1
        first = 0
        for part in self.parts:
            rows = _rows_of_part(wanted, first, part.rows, max(0, known - first))
            if part.rows and (rows is None or len(rows)):
                for start, batch in part.batches(BatchRequest(names, rows, max_bytes, threads)):
                    full = conform(batch, unified)
                    skipped = min(max(0, known - first - start), batch.num_rows)
                    full, start = full.slice(skipped), start + skipped
                    texts = full.column(names.index("text")) if "text" in names else None
                    for low, high in split_texts(texts, full.num_rows, max_bytes):
                        if rows is None or contains_any(rows, start + low, high - low):
                            arrays = full.slice(low, high - low).columns
                            yield first + start + low, pa.RecordBatch.from_arrays(arrays, schema=schema)
            first += part.rows


def _rows_of_part(wanted: Ranks | None, first: int, count: int, known: int) -> Ranks | None:
    """Return the wanted rows of a part as indices in the part, without the first rows; None for all rows."""
    if wanted is not None:
        low, high = np.searchsorted(wanted, [first + known, first + count])
        return wanted[low:high] - first
    return np.arange(known, count) if known else None


def open_corpus(
    inputs: Sequence[Input],
    temp: Path,
    reading: Reading | None = None,
    resources: Resources | None = None,
    *,
    exclude: Sequence[AnyPath] = (),
    progress: Callable[[int, int | None], None] | None = None,
) -> Corpus:
    """Open all documents of the inputs; copy those that can be read only once or only slowly.

    Args:
        inputs: Paths of files and folders, "-" for standard input, and tables of any library with `__arrow_c_stream__`.
        temp: Existing folder for temporary files, which must exist as long as the corpus is used.
        reading: How the inputs are read; None for the defaults.
        resources: Threads, and bytes of text in a batch; None for one thread and the default size.
        exclude: Folders that are not read.
        progress: Receives the bytes read so far, and the total or None if that is unknown.

    Returns:
        The corpus.

    Raises:
        SettingsError: An option of `reading` is invalid.
        InputError: An input does not exist, or would be read twice.
        NothingToRead: There is no document.
        ColumnNotFound: No input has a text column, or a named column does not exist.
        OutputError: A temporary file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("Hello", "utf-8")
    ...     corpus = open_corpus([Path(folder, "a.txt")], Path(folder))
    ...     [(rank, batch.to_pylist()) for rank, batch in corpus.batches(["id", "text"])]
    [(0, [{'id': 'a.txt', 'text': 'Hello'}])]
    """
    reading, resources = reading or Reading(), resources or Resources(workers=1)
    check_mode(reading.html_text)
    report = ReportBuilder()
    resolved = resolve_inputs(inputs, exclude, report)
    with Spool(temp) as spool:
        Loader(reading, spool, report, make_byte_counter(resolved, progress)).load(resolved)
    loaded = Loaded(spool.parts, spool.origins)
    corpus = join_loaded(inputs, loaded, reading, report, resources)
    _count_repeated_ids(corpus, report)
    return corpus


class Loaded(NamedTuple):
    """What a `Loader` read."""

    parts: Sequence[CorpusPart]
    """The documents, in order."""
    origins: OriginRuns
    """How they were read."""


def join_loaded(
    inputs: Sequence[Input], loaded: Loaded, reading: Reading, report: ReportBuilder, resources: Resources
) -> Corpus:
    """Return the corpus of all documents that were loaded; repeated ids are not counted.

    Args:
        inputs: The inputs as the user named them, for messages.
        loaded: The documents.
        reading: How they were read.
        report: The report on them; receives notes on their columns.
        resources: Threads, and bytes of text in a batch.

    Raises:
        NothingToRead: There is no document.
        ColumnNotFound: No input has a text column, or a named column does not exist.
    """
    _refuse_empty(inputs, loaded.parts, reading, report)
    schema = _unified_schema(loaded.parts)
    columns = _assign_columns(schema, reading, report)
    return Corpus(loaded.parts, schema, columns, report, resources, loaded.origins)


def _unified_schema(parts: Sequence[CorpusPart]) -> pa.Schema:
    """Unify the schemas of the parts; columns without any value become text, which every Parquet reader supports."""
    schema = unify(part.schema for part in parts)
    return pa.schema([field.with_type(pa.string()) if pa.types.is_null(field.type) else field for field in schema])


def _refuse_empty(
    inputs: Sequence[Input], parts: Sequence[CorpusPart], reading: Reading, report: ReportBuilder
) -> None:
    """Raise ColumnNotFound if a named column does not exist, NothingToRead if there is no document."""
    reasons = "; ".join(map(str, report.skipped[:_MAX_LISTED])) + ("; …" if len(report.skipped) > _MAX_LISTED else "")
    if reading.text_column is not None and not report.used_columns["text"]:
        raise ColumnNotFound(f"No input has a text column named {reading.text_column!r}. {reasons}".rstrip())
    if reading.id_column is not None and not report.used_columns["id"]:
        raise ColumnNotFound(f"No input has an id column named {reading.id_column!r}. {reasons}".rstrip())
    if any(part.rows for part in parts):
        return
    if report.lacks_text_column:
        raise ColumnNotFound(
            f"No input has a text column that is recognised. {reasons}. Name it with --text-column: a column, a path "
            "such as data.body, or several separated by commas."
        )
    names = ", ".join("a table" if hasattr(item, "__arrow_c_stream__") else str(item) for item in inputs)
    hidden = f" Hidden files and folders were left out: {report.hidden:,}." if report.hidden else ""
    raise NothingToRead(f"Nothing to read in {names or 'no input'}: {reasons or 'there are no documents'}.{hidden}")


def _assign_columns(schema: pa.Schema, reading: Reading, report: ReportBuilder) -> Columns:
    """Choose the columns of dates, outlets, titles and so on, and add notes on columns that differ between inputs."""
    contents = {field.name: content_of(field.type) for field in schema if field.name not in DOCUMENT_SCHEMA.names}
    requested = {role: getattr(reading, f"{role}_column") for role in METADATA_NAMES}
    chosen = {role: _choose_column(role, contents, name, reading, report) for role, name in requested.items()}
    if reading.outlet_level is not None:
        chosen["outlet"] = "outlet"
    for role, used in report.used_columns.items():
        if len(used) > 1:
            uses = ", ".join(f"`{name}` in {count}" for name, count in used.most_common())
            report.notes.append(f"the {role} column differs between inputs: {uses}")
    if report.inputs_without_id and report.used_columns["id"]:
        report.notes.append(f"inputs without an id column: {report.inputs_without_id:,}; their ids are path#row")
    report.notes += [
        f"column `{field.name}` has values of several types, or too large for a number, and is stored as JSON text"
        for field in schema
        if is_json(field)
    ]
    text, identity = (next(iter(report.used_columns[role]), None) for role in ("text", "id"))
    is_found = {
        "text": reading.text_column is None and text is not None,
        "id": reading.id_column is None and identity is not None,
        **{role: name is None and chosen[role] is not None for role, name in requested.items()},
    }
    if reading.outlet_level is not None:
        is_found["outlet"] = False
    return Columns(text, identity, **chosen, found=tuple(role for role, found in is_found.items() if found))


def _choose_column(
    role: str, contents: dict[str, Content], requested: str | None, reading: Reading, report: ReportBuilder
) -> str | None:
    """Return the name in the corpus of a requested column, or of one that is found by its name."""
    if requested is None:
        accepted: tuple[Content, ...] = ("text", "mixed", "scalar") if role in ("date", "outlet") else ("text",)
        return find_column(contents, METADATA_NAMES[role], ("text", "strings") if role == "author" else accepted)
    [name] = rename_reserved([requested], reserved_names(reading))
    if name not in contents:
        text_columns = {part for label in report.used_columns["text"] for part in label.split(",")}
        if requested in text_columns:
            raise ColumnNotFound(
                f"The column {requested!r} is read as the text or a part of it, so it cannot be the {role} too. "
                f"Remove --{role}-column, or name the column of the text with --text-column."
            )
        raise ColumnNotFound(
            f"No input has a column {requested!r} for the {role} ({listed_columns(contents)}, besides those of the "
            "text and the id)."
        )
    if contents[name] in ("other", "turns") or (contents[name] == "strings" and role != "author"):
        raise ColumnNotFound(f"The column {requested!r} contains lists or objects, which cannot be the {role}.")
    return name


def _count_repeated_ids(corpus: Corpus, report: ReportBuilder) -> None:
    """Count the documents with the id of an earlier document, by 64-bit hashes: 8 bytes per document."""
    if not report.used_columns["id"]:
        return  # generated ids are unique
    hashes = np.empty(corpus.rows, np.int64)
    for first, batch in corpus.batches(["id"]):
        hashes[first : first + batch.num_rows] = np.fromiter(map(hash, batch.column(0).to_pylist()), np.int64)
    hashes.sort()
    report.repeated_ids = int(np.count_nonzero(hashes[1:] == hashes[:-1]))


def ids_of(corpus: Corpus, docs: NDArray[np.int64]) -> pa.LargeStringArray:
    """Return the ids of some documents.

    Args:
        corpus: The corpus.
        docs: Ranks, ascending, shape (documents,).

    Returns:
        The ids, shape (documents,).
    """
    return names_of(corpus, docs).column("id").combine_chunks().cast(pa.large_string())


def names_of(corpus: Corpus, docs: NDArray[np.int64]) -> pa.Table:
    """Return the ids and paths of some documents.

    Args:
        corpus: The corpus.
        docs: Ranks, ascending, shape (documents,).

    Returns:
        Columns ``id`` and ``path``, strings.
    """
    schema = pa.schema([("id", pa.string()), ("path", pa.string())])
    batches = [batch.cast(schema) for _, batch in rows_of(corpus, schema.names, docs)]
    return pa.Table.from_batches(batches, schema).combine_chunks()


def rows_of(
    corpus: Corpus, columns: Sequence[str], docs: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
    """Read some columns of some documents.

    Args:
        corpus: The corpus.
        columns: Names of columns in its schema.
        docs: Ranks, ascending, shape (documents,).

    Yields:
        Ranks, shape (rows,), and a batch with these rows.
    """
    for first, batch in corpus.batches(columns, docs) if docs.size else ():
        low, high = np.searchsorted(docs, (first, first + batch.num_rows))
        ranks = docs[low:high]
        yield ranks, batch.take(pa.array(ranks - first))
