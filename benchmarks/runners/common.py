"""The command line and the Parquet input and output of all runners. Runs in the virtual environment of a peer.

python RUNNER.py clean CORPUS OUT [--workers N]    write the kept texts to OUT/kept.parquet
python RUNNER.py shingles CORPUS OUT               write the shingles that the peer compares to the file OUT
"""

import argparse
import re
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

THRESHOLD, SHINGLE, PERMUTATIONS = 0.8, 5, 128
BATCH_ROWS = 1000
WORD = re.compile(r"\w+")

Clean = Callable[[Path, Path, int], None]
Shingles = Callable[[str], Set[object]]


def word_shingles(text: str) -> set[str]:
    """Return the 5-grams of lower-cased words; a shorter text counts as a single shingle."""
    words = WORD.findall(text.lower())
    return {" ".join(words[first : first + SHINGLE]) for first in range(max(1, len(words) - SHINGLE + 1))}


def batches(corpus: Path) -> Iterator[pa.RecordBatch]:
    """Read ids and texts in batches."""
    yield from pq.ParquetFile(corpus).iter_batches(BATCH_ROWS, columns=["id", "text"])


def filter_texts(corpus: Path, out: Path, is_kept: Callable[[list[str], list[str]], list[bool]]) -> None:
    """Write the kept texts.

    Args:
        corpus: Parquet file of ids and texts.
        out: Folder to write.
        is_kept: Returns for ids and texts, in corpus order, whether each is kept.
    """
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    out.mkdir()
    with pq.ParquetWriter(out / "kept.parquet", schema, compression="zstd", compression_level=1) as writer:
        for batch in batches(corpus):
            kept = is_kept(batch["id"].to_pylist(), batch["text"].to_pylist())
            writer.write_batch(batch.filter(pa.array(kept, pa.bool_())))


def write_shingles(corpus: Path, out: Path, shingles: Shingles) -> None:
    """Write the shingles of each text as 64-bit hashes."""
    schema = pa.schema([("shingles", pa.list_(pa.int64()))])
    with pq.ParquetWriter(out, schema, compression="none") as writer:
        for batch in batches(corpus):
            sets = [[hash(shingle) for shingle in shingles(text)] for text in batch["text"].to_pylist()]
            writer.write_table(pa.table([sets], schema=schema))


def main(clean: Clean, shingles: Shingles) -> None:
    """Parse the command line and run a task.

    Args:
        clean: Cleans a corpus; takes the corpus, the output folder and the number of workers.
        shingles: Returns the shingles of a text.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["clean", "shingles"])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    if options.task == "clean":
        clean(options.corpus, options.out, options.workers)
    else:
        write_shingles(options.corpus, options.out, shingles)
