"""Read plain text files; each file is one document."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from dedup.corpus.columns import rename_reserved, reserved_names
from dedup.corpus.encodings.decode import Decoded, decode
from dedup.corpus.files import InputFile
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.outputs.origins import PLAIN_TEXT, Origin, count_runs
from dedup.runtime.arrow import text_array
from dedup.settings import Reading

# Number of bytes, and of files, after which a batch of documents ends.
_DECODED_BATCH_BYTES = 8 << 20
_DECODED_BATCH_FILES = 16_384
_READ_THREADS = 4
# A store takes about 50 ms to answer, regardless of the number of simultaneous requests.
_REMOTE_READ_THREADS = 16
_FILES_PER_READ_TASK = 64
# Maximum number of bytes that one task reads ahead.
_READ_TASK_BYTES = 8 << 20

_Content: TypeAlias = bytes | Exception
"""Content of a file, or why it cannot be read."""


class TextBatch:
    """Plain text files that become one batch of documents."""

    def __init__(self, reading: Reading, report: ReportBuilder) -> None:
        """Start without files.

        Args:
            reading: How the files are read.
            report: Receives what is not text.
        """
        self._reading, self._report = reading, report
        self._files: list[InputFile] = []
        self._contents: list[bytes] = []
        self.size = 0

    @property
    def is_full(self) -> bool:
        """Whether the files are enough for a batch."""
        return self.size >= _DECODED_BATCH_BYTES or len(self._files) >= _DECODED_BATCH_FILES

    def add(self, file: InputFile, content: bytes) -> None:
        """Add a file."""
        self._files.append(file)
        self._contents.append(content)
        self.size += len(content)

    def take(self) -> Documents | None:
        """Return the documents, and start again without files. Plain UTF-8 is decoded all at once."""
        files, contents = self._files, self._contents
        self._files, self._contents, self.size = [], [], 0
        texts, joined = _join(contents)
        try:
            texts.validate(full=True)
            needs_check = _may_not_be_plain(joined) or any(content.startswith(codecs.BOM_UTF8) for content in contents)
        except pa.ArrowInvalid:
            needs_check = True
        origins = [(PLAIN_TEXT, len(files))]
        if needs_check:
            decoded = [
                (file, text, origin_of(text, content))
                for file, content in zip(files, contents, strict=True)
                if (text := self._decode(file, content)) is not None
            ]
            files = [file for file, _, _ in decoded]
            texts, _ = _join([text.text.encode() for _, text, _ in decoded])
            origins = count_runs(origin for _, _, origin in decoded)
        self._report.files += len(files)
        return Documents(document_batch(files, texts, self._reading), origins) if files else None

    def _decode(self, file: InputFile, content: bytes) -> Decoded | None:
        """Decode a file; return None if it is not text."""
        try:
            decoded = decode(content)
        except Unreadable as error:
            self._report.skip(file.path, str(error))
            return None
        self._report.add_decoded(file.path, decoded)
        return decoded


class Documents(NamedTuple):
    """Documents, and how they were read."""

    batch: pa.RecordBatch
    """Columns of the corpus."""
    origins: list[tuple[Origin, int]]
    """Origin and number of consecutive documents."""


def document_batch(
    files: Sequence[InputFile], texts: pa.Array, reading: Reading, columns: Mapping[str, str] | None = None
) -> pa.RecordBatch:
    """Return a batch of documents that are whole files: the path is the id, and there is no row.

    Args:
        files: The files, shape (documents,).
        texts: Their texts (large_string), shape (documents,).
        reading: How the input is read.
        columns: Other columns of a single document.
    """
    paths = pa.array([file.path for file in files], pa.string())
    arrays: dict[str, pa.Array] = {"id": paths, "path": paths, "row": pa.nulls(len(files), pa.int64()), "text": texts}
    if reading.outlet_level is not None:
        arrays["outlet"] = pa.array([file.folder_name(reading.outlet_level) for file in files], pa.string())
    partitions = [file.partitions() for file in files]
    if any(partitions) or columns:
        others = dict.fromkeys(name for partition in partitions for name in partition) | dict.fromkeys(columns or ())
        renamed = rename_reserved(list(others), reserved_names(reading))
        for name, new in zip(others, renamed, strict=True):
            values = [(columns or {}).get(name, partition.get(name)) for partition in partitions]
            arrays[new] = pa.array(values, pa.string())
    return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))


def origin_of(decoded: Decoded, content: bytes, suffix: str = "") -> Origin:
    """Return the origin of a text file: its encoding and byte order mark, if they restore the same bytes.

    Args:
        decoded: The decoded text.
        content: The bytes it was decoded from.
        suffix: Ending of the name that does not belong to the text, such as ".gz".
    """
    mark = "\ufeff" if decoded.has_bom else ""
    with suppress(UnicodeEncodeError, LookupError):
        if (mark + decoded.text).encode(decoded.encoding) == content:
            return Origin(encoding=decoded.encoding, mark=mark, suffix=suffix)
    return Origin(suffix=suffix)


def read_ahead(files: Iterable[InputFile]) -> Iterator[tuple[InputFile, _Content]]:
    """Yield files in order with their contents, which several threads read ahead.

    Reading ahead halves the time if the files are not in the cache of the operating system, and costs nothing if they
    are. Large files are not read ahead, which limits the memory.
    """
    waiting: deque[tuple[list[InputFile], Future[list[_Content | None]]]] = deque()
    source = iter(files)
    with ThreadPoolExecutor(_REMOTE_READ_THREADS, "read") as pool:
        while group := list(islice(source, _FILES_PER_READ_TASK)):
            waiting.append((group, pool.submit(_read_ahead_task, group)))
            while len(waiting) > (_READ_THREADS if group[-1].remote is None else _REMOTE_READ_THREADS):
                yield from _wait_for_contents(*waiting.popleft())
        for group, future in waiting:
            yield from _wait_for_contents(group, future)


def _read_ahead_task(files: list[InputFile]) -> list[_Content | None]:
    """Read files up to a total size; return None for files that would exceed it."""
    remaining_bytes, result = _READ_TASK_BYTES, list[_Content | None]()
    for file in files:
        content = _read(file, remaining_bytes)
        remaining_bytes -= len(content) if isinstance(content, bytes) else 0
        result.append(content)
    return result


def _read(file: InputFile, max_bytes: int | None) -> _Content | None:
    try:
        return file.read(max_bytes)
    except (OSError, MemoryError) as error:
        return error


def _wait_for_contents(
    files: list[InputFile], future: Future[list[_Content | None]]
) -> Iterator[tuple[InputFile, _Content]]:
    """Yield files with their contents; read those that were not read ahead."""
    for file, ahead in zip(files, future.result(), strict=True):
        content = _read(file, None) if ahead is None else ahead
        yield file, b"" if content is None else content


def _join(contents: Sequence[bytes]) -> tuple[pa.LargeStringArray, bytes]:
    """Return byte strings as an array of texts that are not validated, and their concatenation."""
    joined = b"".join(contents)
    offsets = np.zeros(len(contents) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, contents), np.int64, len(contents)), out=offsets[1:])
    return text_array(np.frombuffer(joined, np.uint8), offsets), joined


def _may_not_be_plain(joined: bytes) -> bool:
    """Return whether valid UTF-8 may be binary data or ISO-2022."""
    # Binary data that is valid UTF-8 has bytes below 8. A search for all controls would take as long as reading.
    return (b"\x1b" in joined and b"\x1b$" in joined) or bool(np.frombuffer(joined, np.uint8).min(initial=9) < 8)
