"""Leave out files that accompany tables and are not documents: Spark markers, logs and checksums, dataset cards."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from dedup.corpus.report import ReportBuilder

# Folders and files that Spark, Hadoop, Databricks, Delta Lake and Iceberg write beside the data.
_LOGS = re.compile(
    rb"(?:.*/)?(?:(?:_delta_log|_delta_index|_change_data|_temporary|_spark_metadata|_symlink_format_manifest)/.*"
    rb"|_SUCCESS|_FAILURE|_(?:started|committed)_[^/]*|_(?:common_)?metadata|[^/]*\.crc|deletion_vector_[^/]*\.bin"
    rb"|metadata/(?:version-hint\.text|(?:v\d+|\d+-[0-9a-f-]+)(?:\.gz)?\.metadata\.json|snap-[^/]*\.avro|[^/]*-m\d+\.avro))",
    re.DOTALL,
)
# Every path with a log contains one of these.
_LOG_MARKS = (b"_", b".crc", b"metadata/")
_DELTA_LOG = b"_delta_log/"
# Descriptions of datasets that the library `datasets` writes.
_DESCRIPTIONS = frozenset((b"dataset_info.json", b"dataset_infos.json", b"dataset_dict.json"))
_STATE = b"state.json"  # it is beside dataset_info.json
_CARD = re.compile(
    rb"(?:readme(?:[._-][a-z]{2}(?:[_-][a-z]{2,4})?)?|licen[sc]e|copying|notice|citation|changelog|dataset_?card)"
    rb"(?:\.(?:md|txt|rst|cff|bib))?",
    re.IGNORECASE,
)
_TABLE = re.compile(
    rb"part-\d[\w-]*|.*\.(?:parquet|pq|csv|tsv|tab|jsonl|jsonlines|ldjson|jl|ndjson|json|arrow|warc|wet)(?:\.(?:gz|gzip|bgz|bz2|xz|lzma|lz4|zst|zstd))?",
    re.IGNORECASE | re.DOTALL,
)
# Files that are not read as text: beside them, a dataset card is still the only text.
_NOT_TEXT = re.compile(
    rb"(?:sha(?:1|256|512)|md5)sums?(?:\.txt)?|.*\.(?:py|ipynb|png|jpe?g|gif|webp|ico|pdf|mp[34]|wav|flac|ogg|npy|npz|bin|pt|safetensors|sha256|md5)",
    re.IGNORECASE | re.DOTALL,
)
_LISTED_PATHS = 5


def leave_out_companions(paths: Sequence[bytes], prefix: str, report: ReportBuilder) -> list[bytes]:
    """Return the files of a folder without those that accompany tables and are not documents; notes name these.

    These are logs, markers and checksums of Spark and table formats; descriptions of datasets; and README and license
    of a folder that contains tables, directly or in subfolders, and no other text.

    Args:
        paths: Relative paths of the files.
        prefix: Prefix of the paths in the corpus.
        report: Receives the notes.

    >>> report = ReportBuilder()
    >>> leave_out_companions([b"README.md", b"_SUCCESS", b"data/a.parquet"], "", report)
    [b'data/a.parquet']
    >>> report.notes[0]
    '1 file of Spark or a table format was left out: _SUCCESS'
    """
    logs = {path for path in paths if any(mark in path for mark in _LOG_MARKS) and _LOGS.fullmatch(path)}
    described = {_folder(path) for path in paths if _name(path) == b"dataset_info.json"}
    descriptions = {path for path in paths if _is_description(path, described)}
    cards = {path for path in paths if _CARD.fullmatch(_name(path))}
    if descriptions or cards:
        others = logs | descriptions | cards
        tables, texts = _folders_with_content(path for path in paths if path not in others)
        descriptions = {path for path in descriptions if _folder(path) in tables}
        cards = {path for path in cards if _folder(path) in tables and _folder(path) not in texts}
    if not (logs or descriptions or cards):
        return list(paths)
    _add_note(logs, "of Spark or a table format", prefix, report)
    _add_note(descriptions, "with a description of a dataset", prefix, report)
    _add_note(cards, "describing tables in the same folder (name a file to read it)", prefix, report)
    _note_delta_tables(logs, prefix, report)
    left_out = logs | descriptions | cards
    return [path for path in paths if path not in left_out]


def _name(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]


def _folder(path: bytes) -> bytes:
    """Return the folder of a file, with a slash at the end; empty for the root."""
    return path[: path.rfind(b"/") + 1]


def _is_description(path: bytes, described: Collection[bytes]) -> bool:
    name = _name(path)
    return name in _DESCRIPTIONS or (name == _STATE and _folder(path) in described)


def _folders_with_content(paths: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
    """Return the folders that contain tables, and those that contain other texts, directly or in subfolders."""
    tables, texts = set[bytes](), set[bytes]()
    for path in paths:
        name = _name(path)
        is_table = _TABLE.fullmatch(name) is not None
        if not is_table and _NOT_TEXT.fullmatch(name):
            continue
        found, folder = (tables if is_table else texts), _folder(path)
        while folder not in found:
            found.add(folder)
            folder = _folder(folder[:-1])
    return tables, texts


def _add_note(paths: Collection[bytes], what: str, prefix: str, report: ReportBuilder) -> None:
    """Add a note that names the files that were left out."""
    if paths:
        names = sorted(prefix + path.decode("utf-8", "backslashreplace") for path in paths)
        more = f" and {len(names) - _LISTED_PATHS:,} more" if len(names) > _LISTED_PATHS else ""
        count = "1 file" if len(names) == 1 else f"{len(names):,} files"
        verb = "was" if len(names) == 1 else "were"
        report.notes.append(f"{count} {what} {verb} left out: {', '.join(names[:_LISTED_PATHS])}{more}")


def _note_delta_tables(logs: Collection[bytes], prefix: str, report: ReportBuilder) -> None:
    """Add a note for each Delta table, whose files are read as they are."""
    folders = {
        path.partition(_DELTA_LOG)[0] for path in logs if path.startswith(_DELTA_LOG) or b"/" + _DELTA_LOG in path
    }
    for folder in sorted(folders):
        shown = prefix + folder.decode("utf-8", "backslashreplace")
        report.notes.append(
            f"{shown or '.'} is a Delta table: all of its Parquet files are read, including those not part of its "
            "latest version; to read only that, export it first"
        )
