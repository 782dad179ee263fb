"""Read plain text files; each file is one document."""

from __future__ import annotations

import codecs
import errno
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from dedup.corpus.columns import document_schema
from dedup.corpus.compression import is_compressed, open_decompressed
from dedup.corpus.files import InputFile
from dedup.corpus.formats.encoding import decode
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.corpus.streams import ByteCounter, read_file, read_stream, short_reason
from dedup.runtime.arrow import text_array
from dedup.settings import Reading

# A batch of documents ends after so many bytes or files.
_DECODED_BATCH_BYTES = 8 << 20
_DECODED_BATCH_FILES = 16_384
_READ_THREADS = 4
_FILES_PER_READ_TASK = 64
# Most bytes that one task reads ahead.
_READ_TASK_BYTES = 8 << 20

_Content: TypeAlias = bytes | Exception
"""Content of a file, or why it cannot be read."""


def text_batches(
    files: Iterable[InputFile], reading: Reading, report: ReportBuilder, count_bytes: ByteCounter
) -> Iterator[pa.RecordBatch]:
    """Read text files in batches; files that are not text or cannot be read are skipped."""
    pending_files: list[InputFile] = []
    contents: list[bytes] = []
    size = 0
    for file, content in read_ahead(files):
        if isinstance(content, Exception):
            report.skip(file.path, short_reason(content))
            continue
        pending_files.append(file)
        contents.append(content)
        size += len(content)
        if size >= _DECODED_BATCH_BYTES or len(pending_files) >= _DECODED_BATCH_FILES:
            yield from _decode_batch(pending_files, contents, reading, report)
            count_bytes(size)
            pending_files, contents, size = [], [], 0
    yield from _decode_batch(pending_files, contents, reading, report)
    count_bytes(size)


def file_batch(files: Sequence[InputFile], texts: pa.Array, reading: Reading) -> pa.RecordBatch:
    """Make a batch of documents that are whole files: the path is the id, and there is no row.

    Args:
        files: The files, shape (documents,).
        texts: Their texts (large_string), shape (documents,).
        reading: How the input is read.
    """
    paths = pa.array([file.path for file in files], pa.string())
    columns = [paths, paths, pa.nulls(len(files), pa.int64()), texts]
    if reading.outlet_level is not None:
        columns.append(pa.array([file.folder_name(reading.outlet_level) for file in files], pa.string()))
    return pa.RecordBatch.from_arrays(columns, schema=document_schema(reading))


def read_text(content: bytes, file: InputFile, reading: Reading, report: ReportBuilder) -> pa.RecordBatch:
    """Decode a single decompressed text; raises Unreadable if it is not text."""
    decoded = decode(content)
    report.add_decoding(file.path, decoded.guessed, decoded.replaced)
    return file_batch([file], pa.array([decoded.text], pa.large_string()), reading)


def read_ahead(files: Iterable[InputFile]) -> Iterator[tuple[InputFile, _Content]]:
    """Yield files in order with their contents, which several threads read ahead.

    Reading ahead halves the time if the files are not in the cache of the operating system, and costs nothing if they
    are. Large files are not read ahead, which limits the memory.
    """
    waiting: deque[tuple[list[InputFile], Future[list[_Content | None]]]] = deque()
    source = iter(files)
    with ThreadPoolExecutor(_READ_THREADS, "read") as pool:
        while group := list(islice(source, _FILES_PER_READ_TASK)):
            waiting.append((group, pool.submit(_read_ahead_task, group)))
            if len(waiting) > _READ_THREADS:
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
        return read_file(file.os_path, max_bytes)
    except (OSError, MemoryError) as error:
        return error


def _wait_for_contents(
    files: list[InputFile], future: Future[list[_Content | None]]
) -> Iterator[tuple[InputFile, _Content]]:
    """Yield files with their contents; read those that were not read ahead."""
    for file, ahead in zip(files, future.result(), strict=True):
        content = _read(file, None) if ahead is None else ahead
        yield file, b"" if content is None else content


def _decode_batch(
    files: list[InputFile], contents: list[bytes], reading: Reading, report: ReportBuilder
) -> Iterator[pa.RecordBatch]:
    """Decode files into a batch, all at once if they are plain UTF-8, otherwise one by one."""
    texts, joined = _join(contents)
    try:
        texts.validate(full=True)
        needs_check = _may_not_be_plain(joined) or any(content.startswith(codecs.BOM_UTF8) for content in contents)
    except pa.ArrowInvalid:
        needs_check = True
    if needs_check:
        decoded = [
            (file, text)
            for file, content in zip(files, contents, strict=True)
            if (text := _decode_file(file, content, report)) is not None
        ]
        files = [file for file, _ in decoded]
        texts, _ = _join([text for _, text in decoded])
    report.files += len(files)
    if files:
        yield file_batch(files, texts, reading)


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


def _decode_file(file: InputFile, content: bytes, report: ReportBuilder) -> bytes | None:
    """Decompress and decode a file; return its text in UTF-8, or None if it is skipped."""
    try:
        if is_compressed(content):
            with open_decompressed(file.os_path, _ignore_count) as stream:
                content = read_stream(stream)
        decoded = decode(content)
    except Unreadable as error:
        report.skip(file.path, str(error))
    except (OSError, EOFError, ValueError, MemoryError) as error:
        reason = short_reason(error)
        is_too_long = isinstance(error, OSError) and error.errno == errno.EFBIG
        report.skip(file.path, reason if is_too_long else f"damaged archive ({reason})")
    else:
        report.add_decoding(file.path, decoded.guessed, decoded.replaced)
        return decoded.text.encode()
    return None


def _ignore_count(count: int) -> None:
    """Ignore the bytes of a file that is read a second time."""
