"""Describe an index."""

from pathlib import Path

from dedup.index.results import IndexInfo
from dedup.index.storage.layout import KEY_FILES, TEXTS_FILE, UNIT_FILES
from dedup.index.storage.manifest import read_manifest
from dedup.index.storage.snapshot import SegmentFiles


def describe(folder: Path) -> IndexInfo:
    """Return what an index contains, as its manifest states it.

    Args:
        folder: The index.

    Raises:
        NotAnIndex: There is no index.
        IndexMismatch: Another version of dedup wrote it.
        IndexDamaged: The manifest cannot be read, or a file is missing or incomplete.
    """
    manifest = read_manifest(folder)
    for segment in manifest.segments:
        for file in SegmentFiles.of(folder, segment).files.values():
            file.check()
    files = [item for segment in manifest.segments for item in segment.files.items()]
    sizes = [
        sum(record.bytes for name, record in files if name in names)
        for names in ({TEXTS_FILE}, set(UNIT_FILES.values()), set(KEY_FILES.values()))
    ]
    return IndexInfo(
        version=manifest.version,
        segments=len(manifest.segments),
        documents=manifest.documents,
        kept_documents=manifest.kept_documents,
        kept_paragraphs=manifest.units("paragraphs"),
        inputs=manifest.inputs,
        settings=manifest.settings,
        created=manifest.created,
        updated=manifest.updated,
        bytes=sum(sizes),
        text_bytes=sizes[0],
        unit_bytes=sizes[1],
        key_bytes=sizes[2],
    )
