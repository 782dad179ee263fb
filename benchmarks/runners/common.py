"""What every runner shares: its command line, and Parquet in and out. It runs in a peer's own environment.

python RUNNER.py clean CORPUS OUT [--workers N]    the texts that stay, to OUT/kept.parquet
python RUNNER.py shingles CORPUS OUT               what the peer compares a text by, to the file OUT
"""

import argparse
import re
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

THRESHOLD, SHINGLE, PERMUTATIONS = 0.8, 5, 128
BATCH = 1000
WORD = re.compile(r"\w+")

Clean = Callable[[Path, Path, int], None]
Shingles = Callable[[str], Set[object]]


def word_shingles(text: str) -> set[str]:
    """Cut a text into runs of five lower-cased words, as its users would; a shorter text is one run."""
    words = WORD.findall(text.lower())
    return {" ".join(words[first : first + SHINGLE]) for first in range(max(1, len(words) - SHINGLE + 1))}


def batches(corpus: Path) -> Iterator[pa.RecordBatch]:
    """Read ids and texts, some at a time."""
    yield from pq.ParquetFile(corpus).iter_batches(BATCH, columns=["id", "text"])


def filter_texts(corpus: Path, out: Path, stays: Callable[[list[str], list[str]], list[bool]]) -> None:
    """Write the texts that stay.

    Args:
        corpus: Parquet file of ids and texts.
        out: Folder to write.
        stays: Says of ids and texts, in their order, which of them stay.
    """
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    out.mkdir()
    with pq.ParquetWriter(out / "kept.parquet", schema, compression="zstd", compression_level=1) as writer:
        for batch in batches(corpus):
            answers = stays(batch["id"].to_pylist(), batch["text"].to_pylist())
            writer.write_batch(batch.filter(pa.array(answers, pa.bool_())))


def write_shingles(corpus: Path, out: Path, shingles: Shingles) -> None:
    """Write a peer's shingles of each text, as numbers of 64 bits."""
    schema = pa.schema([("shingles", pa.list_(pa.int64()))])
    with pq.ParquetWriter(out, schema, compression="none") as writer:
        for batch in batches(corpus):
            sets = [[hash(shingle) for shingle in shingles(text)] for text in batch["text"].to_pylist()]
            writer.write_table(pa.table([sets], schema=schema))


def main(clean: Clean, shingles: Shingles) -> None:
    """Read the command line and run.

    Args:
        clean: Takes the corpus, the folder to write, and the number of workers.
        shingles: Gives what a text is compared by.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["clean", "shingles"])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    if given.task == "clean":
        clean(given.corpus, given.out, given.workers)
    else:
        write_shingles(given.corpus, given.out, shingles)
