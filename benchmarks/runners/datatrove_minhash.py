"""Four MinHash stages on `LocalPipelineExecutor`: 5-grams, 14 buckets of 8 hashes, 64 bits, English (its defaults)."""

from functools import cache
from pathlib import Path

from common import SHINGLE, main
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
)
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import ParquetWriter

CONFIG = MinhashConfig(n_grams=SHINGLE)


def id_and_text(_writer: ParquetWriter, document: Document) -> dict[str, str]:
    """Return the columns to write."""
    return {"id": document.id, "text": document.text}


def clean(corpus: Path, out: Path, workers: int) -> None:
    """Write the kept texts of a folder of Parquet files; each file is a task."""
    files = len(list(corpus.glob("*.parquet")))
    signatures, buckets, removed = (str(out / name) for name in ("signatures", "buckets", "removed"))
    # Its maintainers advise to read each signature file at once if there is enough memory.
    find = MinhashDedupBuckets(signatures, buckets, config=CONFIG, lines_to_buffer=-1)
    writer = ParquetWriter(str(out), compression="zstd", adapter=id_and_text)
    stages: list[tuple[list[PipelineStep], int]] = [
        ([ParquetReader(str(corpus)), MinhashDedupSignature(signatures, config=CONFIG)], files),
        ([find], CONFIG.num_buckets),
        ([MinhashDedupCluster(buckets, removed, config=CONFIG)], 1),
        ([ParquetReader(str(corpus)), MinhashDedupFilter(removed), writer], files),
    ]
    for number, (steps, tasks) in enumerate(stages):
        logs = str(out / f"logs{number}")
        LocalPipelineExecutor(steps, tasks=tasks, workers=min(workers, tasks), logging_dir=logs).run()


@cache
def signer() -> MinhashDedupSignature:
    """Load the tokeniser once."""
    return MinhashDedupSignature(".", config=CONFIG)


def shingles(text: str) -> set[int]:
    """Return the shingles of the first stage."""
    return set(signer().get_shingles(text).flatten().tolist())


if __name__ == "__main__":
    main(clean, shingles)
