"""The command line of the runners of an index, and the timing of lookups. Runs in the virtual environment of a peer.

python RUNNER.py build CORPUS INDEX [--workers N]     index the texts of a corpus
python RUNNER.py query CORPUS INDEX [--texts N] [--warm-up N] [--workers N]    look up texts; prints JSON
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

BATCH_ROWS = 1000


@dataclass(frozen=True)
class Query:
    """What to look up."""

    corpus: Path
    """Parquet file, or folder of Parquet files for peers that distribute work by file."""
    index: Path
    texts: int | None
    """Number of texts whose times count; None for all that follow the warm-up."""
    warm_up: int
    """Number of texts at the beginning whose times do not count."""
    workers: int

    def read_texts(self) -> list[str]:
        """Read the texts of the warm-up and those whose times count."""
        last = None if self.texts is None else self.warm_up + self.texts
        return [text for _, text in islice(read(self.corpus), last)]


def read(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield the ids and texts of a Parquet file."""
    for batch in pq.ParquetFile(corpus).iter_batches(BATCH_ROWS, columns=["id", "text"]):
        yield from zip(batch["id"].to_pylist(), batch["text"].to_pylist(), strict=True)


def time_lookups(find: Callable[[str], bool], texts: Sequence[str], warm_up: int) -> dict[str, float]:
    """Time lookups of different texts in turn.

    Args:
        find: Returns whether a text is known.
        texts: The texts.
        warm_up: Number of texts at the beginning whose times do not count.

    Returns:
        Milliseconds of the "first" lookup, and "median", "high" (95th percentile) and "max" of those that count;
        the number of all "texts", and how many of them are "known".
    """
    times, known = [], []
    for text in texts:
        start = time.perf_counter()
        known.append(find(text))
        times.append(1000 * (time.perf_counter() - start))
    counted = times[warm_up:]
    median, high = np.percentile(counted, [50, 95])
    return {
        "first": times[0],
        "median": float(median),
        "high": float(high),
        "max": max(counted),
        "texts": len(texts),
        "known": sum(known),
    }


def main(build: Callable[[Path, Path, int], None], query: Callable[[Query], dict[str, float]]) -> None:
    """Parse the command line and run a task.

    Args:
        build: Indexes a corpus; takes the corpus, the index and the number of workers.
        query: Looks up texts and returns seconds to "load" the index, milliseconds and numbers as `time_lookups` does.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["build", "query"])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("index", type=Path)
    parser.add_argument("--texts", type=int)
    parser.add_argument("--warm-up", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    if options.task == "build":
        build(options.corpus, options.index, options.workers)
    else:
        print(json.dumps(query(Query(options.corpus, options.index, options.texts, options.warm_up, options.workers))))
