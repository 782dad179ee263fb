"""`dedup.Index.query`, a text at a time: candidates are verified by exact Jaccard, and the kept text is returned."""

import time
from pathlib import Path

from lookups import Query, main, time_lookups

import dedup


def build(corpus: Path, index: Path, workers: int) -> None:
    """Index a corpus."""
    dedup.Index(index).add(corpus, unit="documents", paragraphs="none", workers=workers)


def query(wanted: Query) -> dict[str, float]:
    """Look up texts; the first lookup opens the index."""
    texts, start = wanted.read_texts(), time.perf_counter()
    with dedup.Index(wanted.index) as index:
        seconds = time.perf_counter() - start
        return {"load": seconds, **time_lookups(lambda text: index.query(text)[0].known, texts, wanted.warm_up)}


if __name__ == "__main__":
    main(build, query)
