"""Add documents to an index: compare them with those in it and with each other, write the output, commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext, open_run
from dedup.corpus.inputs import Input, is_within, named_paths, real_path
from dedup.duplicates.columns.scope import value_texts
from dedup.duplicates.pipeline import detect_duplicates, prepare, write_cleaned
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import inside_removed_blocks
from dedup.duplicates.summary import summarise
from dedup.duplicates.verdicts import CorpusVerdicts
from dedup.errors import IndexMismatch, InputError, OutputError, SettingsError
from dedup.index.known import hash_ids, hash_inputs, note_known_ids, refuse_known
from dedup.index.reference import IndexReference
from dedup.index.storage.commit import commit
from dedup.index.storage.layout import TEXTS
from dedup.index.storage.locks import writer_lock
from dedup.index.storage.manifest import Manifest, differing_settings, new_manifest
from dedup.index.storage.segments import KeptUnits, KeyRows, SegmentContent, write_segment
from dedup.index.storage.snapshot import IndexSnapshot, open_snapshot
from dedup.results import IndexVersion, Run
from dedup.runtime.storage.paths import AnyPath, path_text
from dedup.settings import Request, Settings


def add(folder: Path, inputs: Sequence[Input], out: AnyPath | None, request: Request, *, again: bool = False) -> Run:
    """Add documents to an index, and write an output as `clean` does; see `dedup.Index.add`.

    The output is put in place first, then the new version of the index.

    Args:
        folder: The index; it is created if it does not exist.
        inputs: The documents.
        out: The output folder; None writes only the index.
        request: The options of the run.
        again: Add inputs that the index has already.
    """
    _check_order(request.settings)
    _check_places(folder, inputs, out)
    with writer_lock(folder, "index add") as stored:
        manifest = stored or new_manifest(request.settings)
        _check_settings(manifest, request.settings, folder)
        with ExitStack() as stack:
            snapshot = stack.enter_context(open_snapshot(folder, request.resources.workers)) if stored else None
            run = stack.enter_context(open_run(inputs, out, request, exclude=[folder]))
            comparison = prepare(run, _references(folder, snapshot), "index add")
            ids = hash_ids(run.corpus, manifest.documents)
            files = hash_inputs(inputs, run.corpus, comparison.sketches.documents)
            if snapshot is not None:
                note_known_ids(ids, snapshot, run.corpus, manifest.documents)
                if not again:
                    refuse_known(files, snapshot, path_text(folder))
            verdicts = detect_duplicates(comparison)
            index = IndexVersion(path_text(folder), manifest.version + 1, len(manifest.segments) + 1)
            record = summarise("clean", run, verdicts, index) if out is None else write_cleaned(run, verdicts, index)
            with run.step("write the index", run.corpus.rows, "documents"):
                content = _content(run, verdicts, manifest, ids, np.array(sorted(files), np.uint64))
                segment = write_segment(folder, manifest, content, run.workspace("index"))
        commit(folder, manifest, segment)
    return record


def compare(folder: Path, inputs: Sequence[Input], out: AnyPath, request: Request) -> Run:
    """Compare documents as `add` does, without adding them; see `dedup.Index.compare`.

    Args:
        folder: The index.
        inputs: The documents.
        out: The output folder.
        request: The options of the run, with the settings of the index.
    """
    _check_places(folder, inputs, out)
    with (
        open_snapshot(folder, request.resources.workers) as snapshot,
        open_run(inputs, out, request, exclude=[folder]) as run,
    ):
        _check_settings(snapshot.manifest, request.settings, folder)
        return write_cleaned(run, detect_duplicates(prepare(run, _references(folder, snapshot), "index query")))


def _check_places(folder: Path, inputs: Sequence[Input], out: AnyPath | None) -> None:
    """Check that an index is neither an input nor the output.

    Raises:
        InputError: An input is the index, or in it.
        OutputError: The output is the index, or in it.
    """
    index = real_path(str(folder), {})
    for path in named_paths(inputs):
        if is_within(real_path(path, {}), index):
            raise InputError(
                f"{path_text(path)} is in the index {path_text(folder)}, which cannot be an input. Name other "
                "documents."
            )
    if isinstance(out, Path) and is_within(real_path(str(out), {}), index):
        raise OutputError(f"{path_text(out)} is in the index {path_text(folder)}. Name another folder with -o.")


def _check_order(settings: Settings) -> None:
    """Raise SettingsError for a keep order in which a later document may change an earlier verdict."""
    if settings.keep != "first":
        raise SettingsError(
            f"--keep {settings.keep} cannot be used with an index: a document that is added later could come first, "
            "and change what was kept before. Remove --keep: the first document is kept."
        )


def _check_settings(manifest: Manifest, settings: Settings, folder: Path) -> None:
    differences = differing_settings(manifest.settings, settings, asdict(settings))
    if differences:
        raise IndexMismatch(
            f"{folder} was made with other settings: {differences}. Remove these options: the settings of an index "
            "do not change."
        )


def _references(folder: Path, snapshot: IndexSnapshot | None) -> References:
    """Return the kept units of an index, of which the corpus is the continuation."""
    return References((IndexReference(path_text(folder), snapshot),) if snapshot else (), precedes=True)


def _content(
    run: RunContext, verdicts: CorpusVerdicts, manifest: Manifest, ids: KeyRows, inputs: NDArray[np.uint64]
) -> SegmentContent:
    """Return the data of an addition that the index stores.

    Args:
        run: The context of the run.
        verdicts: The verdicts.
        manifest: The index before.
        ids: Hashes of the ids and ranks of their documents.
        inputs: Hashes of the inputs.
    """
    sketches, pools, settings, first_doc = verdicts.sketches, verdicts.pools, manifest.settings, manifest.documents
    is_kept = verdicts.documents.kept[pools.documents.references :]
    paragraphs = None
    if settings.compares_across:
        pool, kept = pools.paragraphs, verdicts.paragraphs.kept
        kept = (kept & ~inside_removed_blocks(pool.units, kept))[pool.references :] & is_kept[pool.docs()]
        paragraphs = KeptUnits(sketches.paragraphs, np.flatnonzero(kept), first_doc)
    return SegmentContent(
        documents=run.corpus.rows,
        document_units=KeptUnits(sketches.documents, np.flatnonzero(is_kept), first_doc),
        paragraph_units=paragraphs,
        texts=_texts(run, is_kept, first_doc),
        ids=[ids],
        inputs=inputs,
    )


def _texts(run: RunContext, is_kept: NDArray[np.bool_], first_doc: int) -> Iterator[pa.RecordBatch]:
    """Yield the kept documents with the columns of `dedup.index.storage.layout.TEXTS`.

    Args:
        run: The context of the run.
        is_kept: Whether each document is kept, shape (documents,).
        first_doc: Rank in the index of the first document.
    """
    per, json_columns = run.settings.per, run.corpus.json_columns
    names = ["id", "path", "row", "text"]
    wanted = list(dict.fromkeys([*names, *([per] if per else [])]))
    for first, batch in run.corpus.batches(wanted):
        docs = np.arange(first, first + batch.num_rows)
        columns = {
            "doc": pa.array(docs + first_doc),
            **{name: batch.column(name) for name in names},
            "per": pa.nulls(docs.size) if per is None else value_texts(batch.column(per), per in json_columns),
        }
        columns["text"] = columns["text"].fill_null("")
        arrays = [columns[name].cast(TEXTS.field(name).type) for name in TEXTS.names]
        yield pa.RecordBatch.from_arrays(arrays, schema=TEXTS).filter(pa.array(is_kept[docs]))
        run.progress.advance(batch.num_rows)
