"""Write the corpora of `index_speed.py`: earlier documents of several numbers, and the documents that come after them.

All files are parts of the sequence of texts of `synthetic.py`: of N earlier documents the first N texts, and later the
texts that follow. So about three in ten later documents are derived from another document, mostly from an earlier one.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import synthetic
from scale import read_base_text
from synthetic import BaseText

LENGTHS = (40, 300)
BLOCK = 5000  # texts that a process generates at a time, and rows of a row group at most
SCHEMA = pa.schema([("id", pa.string()), ("text", pa.string())])

_base: list[BaseText] = []  # of this process, so that it is read only once


@dataclass(frozen=True)
class Part:
    """A file that contains consecutive texts of the sequence."""

    path: Path
    first: int
    """Number of its first text."""
    last: int
    """One past the number of its last text."""


def earlier(folder: Path, size: int) -> Path:
    """Return the file of the earlier documents.

    Args:
        folder: Folder of the corpora.
        size: Number of earlier documents.
    """
    return folder / f"earlier-{size}.parquet"


def later(folder: Path, size: int) -> Path:
    """Return the file of the documents that come after a number of earlier ones."""
    return folder / f"later-{size}.parquet"


def parts(folder: Path, sizes: Sequence[int], count: int) -> list[Part]:
    """List the files to write.

    Args:
        folder: Folder to write to.
        sizes: Numbers of earlier documents.
        count: Number of later documents.

    >>> [(part.path.name, part.first, part.last) for part in parts(Path(), [100], 10)]
    [('earlier-100.parquet', 0, 100), ('later-100.parquet', 100, 110)]
    """
    return [
        part
        for size in sizes
        for part in (Part(earlier(folder, size), 0, size), Part(later(folder, size), size, size + count))
    ]


def read_base(files: list[Path], seed: int) -> None:
    """Read the text that this process generates from."""
    _base[:] = [read_base_text(files, seed, LENGTHS)]


def make_texts(span: tuple[int, int]) -> list[str]:
    """Generate the texts with the numbers of a span."""
    (base,) = _base
    return [
        synthetic.planted(base, doc)[0] if synthetic.is_planted(doc) else "".join(synthetic.ordinary(base, doc).pieces)
        for doc in range(*span)
    ]


def blocks(wanted: Sequence[Part]) -> list[tuple[int, int]]:
    """Divide the sequence into spans of at most `BLOCK` texts that lie inside or outside of each file as a whole.

    >>> blocks([Part(Path(), 0, 6000), Part(Path(), 6000, 6010)])
    [(0, 5000), (5000, 6000), (6000, 6010)]
    """
    last = max(part.last for part in wanted)
    bounds = {*range(0, last, BLOCK), *(bound for part in wanted for bound in (part.first, part.last))}
    return list(pairwise(sorted(bounds)))


def write(wanted: Sequence[Part], executor: Executor) -> int:
    """Generate texts and write the files; reports progress on stderr.

    Args:
        wanted: The files.
        executor: Runs `make_texts` in processes that have read the base text.

    Returns:
        Bytes of text of the whole sequence.
    """
    size, spans, start = 0, blocks(wanted), time.perf_counter()
    with ExitStack() as stack:
        writers = [
            stack.enter_context(pq.ParquetWriter(part.path, SCHEMA, compression="zstd", compression_level=1))
            for part in wanted
        ]
        made: Iterator[list[str]] = executor.map(make_texts, spans)
        for (first, last), texts in zip(spans, made, strict=True):
            table = pa.table([[f"text-{doc}" for doc in range(first, last)], texts], schema=SCHEMA)
            for part, writer in zip(wanted, writers, strict=True):
                if part.first <= first < part.last:
                    writer.write_table(table)
            size += sum(len(text.encode()) for text in texts)
            rate = last / (time.perf_counter() - start)
            print(f"\r{last:,} of {spans[-1][1]:,} texts, {rate:,.0f} a second", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return size
