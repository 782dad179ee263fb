"""Commit segments to an index, and merge them. If the process is killed, the index is the old or the new version."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa

from dedup.duplicates.sketches.units import signature_words
from dedup.index.results import Compaction
from dedup.index.storage.layout import KEY_FILES, SEGMENTS, TEXTS_FILE, UNIT_FILES
from dedup.index.storage.locks import writer_lock
from dedup.index.storage.manifest import Manifest, Segment, prepare_manifest, read_manifest, replace_manifest, sync
from dedup.index.storage.segments import (
    KeyRows,
    part_folder,
    record_segment,
    segment_name,
    unit_writer,
    write_keys,
    write_texts,
)
from dedup.index.storage.snapshot import KEY_GROUPS, TEXT_GROUPS, UNIT_GROUPS, SegmentFiles
from dedup.runtime.arrow import numbers
from dedup.runtime.workspace import Workspace


def commit(folder: Path, manifest: Manifest, segment: Segment, *, replace: bool = False) -> Manifest:
    """Put a segment and a manifest that names it in place, for readers that open the index from now on.

    Args:
        folder: The index, locked by this process for writing.
        manifest: Its present manifest, or that of `new_manifest`.
        segment: A segment that was written for it.
        replace: Whether it takes the place of all other segments.

    Returns:
        The new manifest.
    """
    part = part_folder(folder, segment.name)
    for name in segment.files:
        sync(part / name)
    sync(part)
    after = manifest.next([segment] if replace else [*manifest.segments, segment])
    # Before the rename: where there are segments but neither manifest, the manifest was lost; see writer_lock.
    prepare_manifest(folder, after)
    part.rename(part.with_suffix(""))
    sync(folder / SEGMENTS)
    replace_manifest(folder)
    return after


def compact(folder: Path, workspace: Workspace) -> Compaction:
    """Merge the segments of an index into one. The numbers of documents and units and all results stay the same.

    The old segments are removed now or, if a reader has them open, by the next writer.

    Args:
        folder: The index.
        workspace: Temporary directory, memory and threads.

    Raises:
        NotAnIndex: There is no index.
        IndexLocked: Another process writes to the index.
        IndexDamaged: A file is missing or damaged.
    """
    read_manifest(folder)  # before the lock, which would create the folder
    with writer_lock(folder, "index compact"):
        before = after = read_manifest(folder)
        if len(before.segments) > 1:
            with workspace.step("merge segments"):
                after = commit(folder, before, _merge(folder, before, workspace), replace=True)
    sizes = [sum(segment.bytes for segment in manifest.segments) for manifest in (before, after)]
    return Compaction(after.version, len(before.segments), *sizes)


def _merge(folder: Path, manifest: Manifest, workspace: Workspace) -> Segment:
    """Write one segment with the content of all."""
    name = segment_name(manifest)
    part = part_folder(folder, name)
    part.mkdir()
    segments = [SegmentFiles.of(folder, segment) for segment in manifest.segments]
    words = signature_words(manifest.settings.permutations)
    present = {file for segment in segments for file in segment.files}
    for file in present & set(UNIT_FILES.values()):
        with closing(unit_writer(part / file, words)) as writer:
            for table in _chunks(segments, file, UNIT_GROUPS):
                writer.write(table, np.zeros(table.num_rows, np.int64))
    for file in present & set(KEY_FILES.values()):
        write_keys(part / file, _key_rows(segments, file), workspace)
    batches = (batch for table in _chunks(segments, TEXTS_FILE, TEXT_GROUPS) for batch in table.to_batches())
    write_texts(part / TEXTS_FILE, batches)
    return record_segment(part, name, manifest.documents)


def _chunks(segments: list[SegmentFiles], name: str, groups: int) -> Iterator[pa.Table]:
    """Read a file of each segment, in the order of the segments."""
    for segment in segments:
        if name in segment.files:
            yield from segment.files[name].chunks(groups)


def _key_rows(segments: list[SegmentFiles], name: str) -> Iterator[KeyRows]:
    """Read a file of keys of each segment."""
    for table in _chunks(segments, name, KEY_GROUPS):
        yield numbers(table["key"]), numbers(table["unit"])
