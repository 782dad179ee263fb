"""The corpus: all documents of all inputs, in rank order, as often as needed."""
# bytes paths: see files.py

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.columns import DATE_NAMES, OUTLET_NAMES, Asked, content, named, renamed
from dedup.corpus.formats import html as pages
from dedup.corpus.formats.arrow import cuts, hits
from dedup.corpus.formats.parquet import ParquetPart
from dedup.corpus.inputs import Group, Input, measured, places
from dedup.corpus.load import Loader
from dedup.corpus.report import Columns, ReadReport, Tally
from dedup.corpus.spool import Part, Spool
from dedup.corpus.types import JSON_TEXT, conform, unify
from dedup.errors import ColumnNotFound, NothingToRead, SettingsError

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.corpus.formats.arrow import Ranks, cuts, hits


class Corpus:
    """All documents in rank order; made by `open_corpus`, to be read as often as needed.

    `schema` has the columns `id`, `path`, `row` (null for a whole file), `text`, then every other input
    column. `rows` is the number of documents, `bytes` that of their texts in UTF-8 (None where finding out
    would cost a pass over Parquet files), `columns` tells which input columns were taken for what.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        columns: Columns,
        tally: Tally,
        size: int | None,
        batch: int,
        workers: int,
    ) -> None:
        """`size` is the bytes of text if known, `batch` the bytes of text a batch should hold at most."""
        import pyarrow as pa

        self.rows = sum(part.rows for part in parts)
        self.bytes = size
        self.columns = columns
        self._target = _settled(unify(part.schema for part in parts))
        self.schema: pa.Schema = pa.schema([field.remove_metadata() for field in self._target])
        self._parts, self._tally, self._batch, self._workers = tuple(parts), tally, batch, workers

    @property
    def report(self) -> ReadReport:
        """What reading found; what is wrong inside Parquet strings is known once their texts were read."""
        report = self._tally.frozen()
        broken = [part.replaced for part in self._parts if isinstance(part, ParquetPart) and part.replaced]
        if not broken:
            return report
        texts = sum(map(len, broken))
        note = f"{texts} texts in Parquet files hold bytes that are not UTF-8: each became U+FFFD"
        count = report.replaced + sum(sum(counts.values()) for counts in broken)
        return replace(report, replaced=count, notes=(*report.notes, note))

    def batches(
        self, columns: Sequence[str] | None = None, wanted: Ranks | None = None
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield (rank of the first row, batch) in rank order; every call yields the same rows.

        `columns` are names in `schema` (None: all of them), `wanted` sorted int64 ranks: then batches without
        any of them are left out. Raises ColumnNotFound for an unknown name, InputChanged if a file is another
        by now, InputError if one turns out to be damaged.
        """
        import pyarrow as pa

        names = self.schema.names if columns is None else list(columns)
        if unknown := [name for name in names if name not in self.schema.names]:
            raise ColumnNotFound(f"There is no column {unknown[0]!r}; there are: {', '.join(self.schema.names)}.")
        target = pa.schema([self._target.field(name) for name in names])
        schema = pa.schema([self.schema.field(name) for name in names])
        first = 0
        for part in self._parts:
            mine = None if wanted is None else _within(wanted, first, part.rows)
            if part.rows and (mine is None or len(mine)):
                for start, batch in part.batches(names, mine, self._batch, self._workers > 1):
                    full = conform(batch, target)
                    texts = full.column(names.index("text")) if "text" in names else None
                    for low, high in cuts(texts, batch.num_rows, self._batch):
                        if mine is None or hits(mine, start + low, high - low):
                            arrays = full.slice(low, high - low).columns
                            yield first + start + low, pa.RecordBatch.from_arrays(arrays, schema=schema)
            first += part.rows


def _within(wanted: Ranks, first: int, count: int) -> Ranks:
    import numpy as np

    low, high = np.searchsorted(wanted, [first, first + count])
    return cast("Ranks", wanted[low:high] - first)


def _settled(schema: pa.Schema) -> pa.Schema:
    """Give columns that are null everywhere a type: text, which every reader of Parquet knows."""
    import pyarrow as pa

    return pa.schema([field.with_type(pa.string()) if pa.types.is_null(field.type) else field for field in schema])


def open_corpus(
    inputs: Sequence[Input],
    *,
    temp: Path,
    text_column: str | None = None,
    id_column: str | None = None,
    date_column: str | None = None,
    outlet_column: str | None = None,
    outlet_level: int | None = None,
    html: Literal["all", "main"] = "all",
    workers: int = 1,
    batch_bytes: int = 8 << 20,
    exclude: Sequence[Path] = (),
    progress: Callable[[int, int | None], None] | None = None,
) -> Corpus:
    """Find all documents of the inputs, read once what cannot be read again cheaply, and tell what was found.

    `inputs` are paths of files and folders, "-" for standard input, and tables of any library with
    `__arrow_c_stream__`. `temp` is an existing folder for intermediate files, needed for as long as the
    corpus is; `outlet_level` counts folders under PATH from 1; `batch_bytes` bounds the text in a batch;
    `exclude` are folders not to read; `progress` is called with the bytes read so far and in all (None:
    unknown).

    Raises SettingsError, InputError, NothingToRead, ColumnNotFound, and OutputError if `temp` fills up.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("Hello", "utf-8")
    ...     corpus = open_corpus([Path(folder, "a.txt")], temp=Path(folder))
    ...     [(rank, batch.to_pylist()) for rank, batch in corpus.batches(["id", "text"])]
    [(0, [{'id': 'a.txt', 'text': 'Hello'}])]
    """
    asked = Asked(text_column, id_column, date_column, outlet_column, outlet_level)
    _check(asked, html, workers, batch_bytes)
    tally = Tally()
    groups = places(inputs, exclude, tally)
    with Spool(temp) as spool:
        loader = Loader(asked, html, spool, tally, measured(groups, progress))
        _load(groups, loader)
    _refuse_nothing(inputs, spool, asked, tally)
    size = None if any(isinstance(part, ParquetPart) for part in spool.parts) else spool.text_bytes
    corpus = Corpus(spool.parts, Columns(), tally, size, batch_bytes, workers)
    corpus.columns = _columns(corpus, asked, tally)
    _count_repeated_ids(corpus, tally)
    return corpus


def _load(groups: Sequence[Group], loader: Loader) -> None:
    tables = sum(not isinstance(group, list | str) for group in groups)
    names = iter(["table"] if tables == 1 else [f"table-{number}" for number in range(1, tables + 1)])
    for group in groups:
        if isinstance(group, list):
            loader.files(group)
        elif isinstance(group, str):
            loader.standard_input()
        else:
            loader.table(group, next(names))


def _check(asked: Asked, html: str, workers: int, batch_bytes: int) -> None:
    pages.check_mode(html)
    if asked.outlet_level is not None and asked.outlet_level < 1:
        raise SettingsError(
            "The folder level that names the outlet counts from 1 (the first folder under PATH), "
            f"not {asked.outlet_level}."
        )
    if asked.outlet_level is not None and asked.outlet is not None:
        raise SettingsError("The outlet comes either from a column or from a folder level: name one of them.")
    if workers < 1 or batch_bytes < 1:
        raise SettingsError(f"Workers and bytes a batch are at least 1, not {workers} and {batch_bytes}.")


def _refuse_nothing(inputs: Sequence[Input], spool: Spool, asked: Asked, tally: Tally) -> None:
    """Raise if a named column is nowhere, or if there is no document."""
    why = "; ".join(map(str, tally.skipped[:3])) + ("; …" if len(tally.skipped) > 3 else "")
    if asked.text is not None and not tally.taken["text"]:
        raise ColumnNotFound(f"No input has a column of text named {asked.text!r}. {why}".rstrip())
    if asked.id is not None and not tally.taken["id"]:
        raise ColumnNotFound(f"No input has a column {asked.id!r} to take ids from. {why}".rstrip())
    if any(part.rows for part in spool.parts):
        return
    if tally.lacking_text:
        raise ColumnNotFound(f"No column can be told to be the text. {why}. Name it with --text-column.")
    names = ", ".join("a table" if hasattr(given, "__arrow_c_stream__") else str(given) for given in inputs)
    hidden = f" {tally.hidden} hidden files or folders were left out." if tally.hidden else ""
    raise NothingToRead(f"Nothing to read in {names or 'no input'}: {why or 'there are no documents'}.{hidden}")


def _columns(corpus: Corpus, asked: Asked, tally: Tally) -> Columns:
    """Settle which columns play which role, and note what the user should know of it."""
    held = {
        field.name: content(field.type) for field in corpus.schema if field.name not in ("id", "path", "row", "text")
    }
    found = [role for role in ("text", "id") if getattr(asked, role) is None and tally.taken[role]]
    chosen: dict[str, str | None] = {}
    for role, names, level in (("date", DATE_NAMES, None), ("outlet", OUTLET_NAMES, asked.outlet_level)):
        wish = getattr(asked, role)
        if wish is not None:
            chosen[role] = renamed([wish], asked.reserved)[0]
            if chosen[role] not in held:
                raise ColumnNotFound(f"No input has a column {wish!r} to take the {role} from.")
        elif level is not None:
            chosen[role] = "outlet"
        else:
            chosen[role] = named(held, names, ("text", "mixed", "scalar"))
            found += [role] if chosen[role] else []
    for role in ("text", "id"):
        taken = tally.taken[role]
        if len(taken) > 1:
            uses = ", ".join(f"`{name}` in {count}" for name, count in taken.most_common())
            tally.notes.append(f"the {role} is taken from differing columns: {uses} inputs")
    if tally.lacking_id and tally.taken["id"]:
        tally.notes.append(f"{tally.lacking_id} inputs with columns have no column of ids: theirs are path#row")
    tally.notes += [
        f"column `{field.name}` has differing types across inputs and is kept as JSON text"
        for field in corpus._target
        if field.metadata and JSON_TEXT.items() <= field.metadata.items()
    ]
    return Columns(_first(tally, "text"), _first(tally, "id"), chosen["date"], chosen["outlet"], tuple(found))


def _first(tally: Tally, role: str) -> str | None:
    return next(iter(tally.taken[role]), None)


def _count_repeated_ids(corpus: Corpus, tally: Tally) -> None:
    """Count documents whose id occurred before, by 64-bit hashes, so at 8 bytes a document."""
    import numpy as np

    if not tally.taken["id"]:
        return  # paths and rows are unique
    hashes = np.empty(corpus.rows, np.int64)
    for first, batch in corpus.batches(["id"]):
        hashes[first : first + batch.num_rows] = np.fromiter(map(hash, batch.column(0).to_pylist()), np.int64)
    hashes.sort()
    tally.repeated_ids = int(np.count_nonzero(hashes[1:] == hashes[:-1]))


def ids_of(corpus: Corpus, docs: NDArray[np.int64]) -> pa.LargeStringArray:
    """Look up the ids of some documents, given by ascending rank."""
    found = [rows.column(0).cast(pa.large_string()) for _, rows in rows_of(corpus, ["id"], docs)]
    return pa.concat_arrays(found or [pa.array([], pa.large_string())])


def rows_of(
    corpus: Corpus, columns: Sequence[str], docs: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
    """Read some columns of some documents, given by ascending rank: ranks and rows, a batch at a time."""
    for first, batch in corpus.batches(columns, docs) if docs.size else ():
        low, high = np.searchsorted(docs, (first, first + batch.num_rows))
        mine = docs[low:high]
        yield mine, batch.take(pa.array(mine - first))
