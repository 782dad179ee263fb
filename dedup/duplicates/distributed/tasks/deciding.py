"""Compare the units of some components: all units that may be similar to one of them are among them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc
from numpy.typing import NDArray

from dedup.duplicates.columns.scope import encode_values, scope_numbers
from dedup.duplicates.comparison import Comparison, matching_paragraphs
from dedup.duplicates.distributed.plan import Plan, UnitKind
from dedup.duplicates.distributed.storage.removals import COPIES, DECIDED, removal_rows
from dedup.duplicates.distributed.tasks.unit_rows import UNIT_ROW
from dedup.duplicates.pool import Pool, Pools
from dedup.duplicates.references.shared_documents import SharedDocuments
from dedup.duplicates.removals import PLACE_NAMES, Removals, near_within_document, removals_of
from dedup.duplicates.select import Verdicts
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.signatures import sketch_batch, sketch_settings
from dedup.duplicates.sketches.units import UNIT, Units
from dedup.duplicates.tables import PairsFile
from dedup.kernels.sketch import SketchSettings
from dedup.runtime.arrow import buffers, text_array
from dedup.runtime.ordered import first_of_runs
from dedup.runtime.table_files import write_table

# Bytes of text that are sketched at a time.
_BATCH_BYTES = 8 << 20
# Columns of `UNIT_ROW` that are kept in memory.
_IN_MEMORY = [name for name in UNIT_ROW.names if name not in ("component", "text")]


@dataclass(frozen=True)
class Decided:
    """The results of a task for the units of some components."""

    name: str
    """Name of the files with the pairs, the removals and the copies."""
    first: int
    """Smallest number of a unit."""
    pairs: int
    """Number of verified pairs."""
    near_within: int
    """Number of paragraphs that another option would remove; see `Plan.counts_near_within`."""
    in_references: bool
    """Whether a unit is removed for one of a reference."""
    differing: Counter[int] = field(default_factory=Counter)
    """Number of removed documents whose value in another column is not that of the kept document, by column."""


@dataclass(frozen=True)
class _Units:
    """The units of a task."""

    table: pa.Table
    """Their rows, without texts, by number of the unit."""
    docs: NDArray[np.int64]
    """Documents as in the corpus, ascending, without repetition; negative for those of references."""
    local: NDArray[np.int64]
    """Index of the document of each unit among them, shape (units,)."""
    units: Units
    """The units, whose ``doc`` is that index."""
    texts: SharedDocuments
    """Texts of the documents: those of their units, joined."""

    @property
    def known(self) -> int:
        """Number of units of references, which come first."""
        return int((self.table["doc"].to_numpy() < 0).sum())

    @property
    def first_doc(self) -> int:
        """Index of the first document of the corpus."""
        return int((self.docs < 0).sum())


def decide(plan: Plan, kind: UnitKind, batches: Iterable[pa.RecordBatch]) -> Decided:
    """Compare units, and write what is removed, the pairs, and how many documents are removed in favour of each.

    Args:
        plan: The run.
        kind: Documents or paragraphs.
        batches: The units of some components, with the columns of `UNIT_ROW`.
    """
    name = uuid.uuid4().hex  # a task that is repeated writes other files
    with plan.temporary_folder() as temp:
        found = _load(plan, kind, _by_unit(batches, temp), temp)
        comparison = _comparison(plan, kind, found, temp)
        pool = getattr(comparison.pools, kind)
        near_within = 0
        with PairsFile(temp / "pairs", lambda docs: _numbers(found, docs)) as pairs:
            if kind == "documents":
                verdicts = comparison.detect_documents(pairs)
            else:
                verdicts = comparison.detect_paragraphs(None, matching_paragraphs(plan.settings), pairs)
        if pairs.rows:
            plan.work.put(temp / "pairs", f"{kind}-pairs/{name}.parquet")
        if kind == "paragraphs" and plan.counts_near_within:
            near = comparison.detect_paragraphs(None, replace(matching_paragraphs(plan.settings), near_within=True))
            near_within = int(near_within_document(pool, near).sum())
        rows = _decided_rows(found, removals_of(pool, verdicts, is_document=kind == "documents"), verdicts)
        write_table(plan.work, f"{kind}-decided/{name}.arrow", rows.to_batches(), DECIDED)
        if kind == "documents":
            write_table(plan.work, f"{kind}-copies/{name}.arrow", _copies(found, verdicts).to_batches(), COPIES)
    in_references = bool((rows["kept_doc"].to_numpy() < 0).any())
    first = found.table["unit"][0].as_py()
    return Decided(name, first, pairs.rows, near_within, in_references, _differing(found, verdicts))


def _by_unit(batches: Iterable[pa.RecordBatch], temp: Path) -> Iterator[pa.RecordBatch]:
    """Yield rows by number of the unit. They are kept in a file meanwhile, since an engine may not have sorted them."""
    path, last, is_sorted = str(temp / "rows"), -1, True
    with pa.OSFile(path, "wb") as sink, pyarrow.ipc.new_file(sink, UNIT_ROW) as writer:
        for batch in batches:
            units = batch.column("unit").to_numpy()
            is_sorted &= bool(units[0] > last and (np.diff(units) > 0).all())
            last = units[-1]
            writer.write_batch(batch.cast(UNIT_ROW))
    with pa.OSFile(path) as source, pyarrow.ipc.open_file(source) as reader:
        if is_sorted:
            for index in range(reader.num_record_batches):
                yield reader.get_batch(index)
        else:
            yield from reader.read_all().sort_by("unit").combine_chunks().to_batches()


def _load(plan: Plan, kind: UnitKind, batches: Iterable[pa.RecordBatch], temp: Path) -> _Units:
    """Sketch the texts of units, and store them by document."""
    shingle = getattr(plan.settings, f"shingle_{kind}")
    how = sketch_settings(plan.settings)._replace(shingle_documents=shingle, shingle_paragraphs=0)
    units = Units.create(temp, "compared", plan.settings.permutations, 0 if how.exact else plan.settings.bands)
    documents, tables = SharedDocuments(temp / "texts"), []
    docs: list[NDArray[np.int64]] = []
    count = 0
    for batch in _whole_documents(batches):
        of_units = batch.column("doc").to_numpy()
        is_first = first_of_runs(of_units)
        local = count + np.cumsum(is_first) - 1
        _append_units(batch, local, how, units)
        starts = np.append(np.flatnonzero(is_first), of_units.size)
        documents.add(local[is_first], pa.record_batch({"text": _joined_texts(batch.column("text"), starts)}))
        tables.append(pa.Table.from_batches([batch.select(_IN_MEMORY)]))
        docs.append(of_units[is_first])
        count += int(is_first.sum())
    table, of_all = pa.concat_tables(tables).combine_chunks(), np.concatenate(docs)
    return _Units(table, of_all, np.searchsorted(of_all, table["doc"].to_numpy()), units, documents)


def _whole_documents(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches of limited size that have all rows of their documents."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.column("text").nbytes for part in waiting) < _BATCH_BYTES:
            continue
        joined = _joined(waiting)
        docs = joined.column("doc").to_numpy()
        end = int(np.searchsorted(docs, docs[-1]))  # the rows of the last document may continue
        if end:
            yield _joined([joined.slice(0, end)])
        waiting = [joined.slice(end)]
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    [joined] = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return joined


def _append_units(batch: pa.RecordBatch, local: NDArray[np.int64], how: SketchSettings, units: Units) -> None:
    """Sketch the texts of units as if each were a document, and append them with their own places.

    Args:
        batch: The units.
        local: Index of the document of each, shape (units,).
        how: How to sketch.
        units: Receives the units.
    """
    texts = batch.column("text").cast(pa.large_binary()).view(pa.large_string())
    sketched = sketch_batch(0, texts, how).documents
    records = np.zeros(batch.num_rows, UNIT)
    lengths = np.diff(buffers(texts)[1])
    ends = np.cumsum(lengths)
    first = np.searchsorted(local, local)  # the first unit of the same document
    begin = ends - lengths - (ends - lengths)[first]
    for name in PLACE_NAMES:
        records[name] = batch.column(name).to_numpy()
    records["doc"], records["byte_start"], records["byte_end"] = local, begin, begin + lengths
    records["tokens"], records["sequence"] = batch.column("tokens").to_numpy(), sketched.sequence
    records["content"] = batch.column("content").to_numpy().view(np.uint64)
    records["block"] = batch.column("block").to_numpy(zero_copy_only=False)
    if how.exact:
        records["sequence"] = records["content"]
    units.append_records(records, sketched.signature.view(np.uint64), sketched.keys[:, : units.keys.width])


def _joined_texts(texts: pa.Array, starts: NDArray[np.int64]) -> pa.Array:
    """Return the texts of the units of each document, one after the other."""
    data, offsets = buffers(texts.cast(pa.large_binary()).view(pa.large_string()))
    return text_array(data, offsets[starts])


def _comparison(plan: Plan, kind: UnitKind, found: _Units, temp: Path) -> Comparison:
    """Return the comparison of the units of a task."""
    empty = found.units.empty_copy(temp, "none")
    none = Pool(empty, 0, 0, partial(_read_texts, found))
    pool = Pool(found.units, found.known, found.first_doc, partial(_read_texts, found), partial(_scope, plan, found))
    pools = Pools(pool, none) if kind == "documents" else Pools(none, pool)
    return Comparison(plan.settings, lambda _: plan.workspace(temp), pools, _precedence(found))


def _read_texts(found: _Units, docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
    for numbers, batch in found.texts.read(["text"], docs):
        yield DocumentTexts(numbers, batch.column(0))


def _scope(plan: Plan, found: _Units) -> NDArray[np.int64] | None:
    if plan.settings.per is None:
        return None
    return scope_numbers(encode_values(chunk.cast(pa.large_string()) for chunk in found.table["scope"].chunks))


def _precedence(found: _Units) -> NDArray[np.int64]:
    """Return the position of each unit of the corpus in keep order, shape (units of the corpus,)."""
    keys = found.table["precedence"].slice(found.known).combine_chunks()
    order = np.lexsort((keys.fill_null(0).to_numpy(), np.asarray(keys.is_null())))
    positions = np.empty(order.size, np.int64)
    positions[order] = np.arange(order.size)
    return positions


def _numbers(found: _Units, docs: NDArray[np.int64]) -> pa.Array:
    """Return the ranks of documents as `Pool.look_up` numbers them; null for those of references."""
    ranks = found.docs[docs + found.first_doc]
    return pa.array(ranks, mask=ranks < 0)


def _decided_rows(found: _Units, removals: Removals, verdicts: Verdicts) -> pa.Table:
    """Return the removals with the columns of `DECIDED`."""
    shifted = replace(
        removals,
        doc=found.docs[removals.doc + found.first_doc],
        kept_doc=found.docs[removals.kept_doc + found.first_doc],
    )
    keepers = found.table.take(pa.array(verdicts.keeper))
    columns = {
        "unit": found.table["unit"].take(pa.array(verdicts.removed)),
        "kept_unit": keepers["unit"],
        "kept_id": keepers["id"],
        "kept_path": keepers["path"],
    }
    rows = pa.Table.from_batches([removal_rows(shifted)])
    return pa.table({**dict(zip(rows.column_names, rows.columns, strict=True)), **columns}).cast(DECIDED)


def _copies(found: _Units, verdicts: Verdicts) -> pa.Table:
    """Return the number of documents removed in favour of each, with the columns of `COPIES`."""
    keepers, counts = np.unique(verdicts.keeper[verdicts.keeper >= found.known], return_counts=True)
    rows = found.table.take(pa.array(keepers))
    return pa.table([rows["unit"], rows["doc"], pa.array(counts, pa.int64())], schema=COPIES)


def _differing(found: _Units, verdicts: Verdicts) -> Counter[int]:
    """Return the number of removed documents that differ from their kept document in another column, by column."""
    in_corpus = verdicts.keeper >= found.known
    others = found.table["others"].combine_chunks()
    if others.null_count == len(others) or not in_corpus.any():
        return Counter()
    removed, kept = (
        np.frombuffer(b"".join(others.take(pa.array(rows[in_corpus])).to_pylist()), np.uint64).reshape(
            int(in_corpus.sum()), -1
        )
        for rows in (verdicts.removed, verdicts.keeper)
    )
    counts = (removed != kept).sum(axis=0).tolist()
    return Counter({index: count for index, count in enumerate(counts) if count})
