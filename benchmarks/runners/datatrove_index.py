"""`MinhashBuildIndex` and `MinhashDedupBuckets(index_folder=…)`, all texts at once: 14 buckets of 8 hashes, 64 bits."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashBuildIndex, MinhashDedupBuckets, MinhashDedupCluster
from datatrove.pipeline.readers import ParquetReader
from datatrove_minhash import CONFIG
from lookups import Query, main

REMOVED_BYTES = 4  # a number of a text in a file of stage 3


def run(stages: Sequence[tuple[list[PipelineStep], int]], logs: Path, workers: int) -> None:
    """Run stages of steps, each with a number of tasks."""
    for number, (steps, tasks) in enumerate(stages):
        executor = LocalPipelineExecutor(
            steps, tasks=tasks, workers=min(workers, tasks), logging_dir=str(logs / str(number))
        )
        executor.run()


def sign(corpus: Path, signatures: Path) -> tuple[list[PipelineStep], int]:
    """Return the stage that computes the signatures of a folder of Parquet files; each file is a task."""
    files = len(list(corpus.glob("*.parquet")))
    return [ParquetReader(str(corpus)), MinhashDedupSignature(str(signatures), config=CONFIG)], files


def build(corpus: Path, index: Path, workers: int) -> None:
    """Index a corpus; only the index is left of the files."""
    temp = index.with_name(f"{index.name}-temporary")
    # Its maintainers advise to read each signature file at once if there is enough memory.
    step = MinhashBuildIndex(str(temp / "signatures"), str(index), "earlier", config=CONFIG, lines_to_buffer=-1)
    run([sign(corpus, temp / "signatures"), ([step], CONFIG.num_buckets)], temp / "logs", workers)
    shutil.rmtree(temp)


def query(wanted: Query) -> dict[str, float]:
    """Find the texts of a corpus that match the index, and count them."""
    temp = wanted.index.with_name(f"{wanted.index.name}-temporary")
    signatures, buckets, removed = (temp / name for name in ("signatures", "buckets", "removed"))
    find = MinhashDedupBuckets(
        str(signatures), str(buckets), str(wanted.index), CONFIG, only_dedup_in_index=True, lines_to_buffer=-1
    )
    cluster = MinhashDedupCluster(str(buckets), str(removed), config=CONFIG)
    stages = [sign(wanted.corpus, signatures), ([find], CONFIG.num_buckets), ([cluster], 1)]
    run(stages, temp / "logs", wanted.workers)
    found = sum(path.stat().st_size for path in removed.glob("*.remove")) // REMOVED_BYTES
    shutil.rmtree(temp)
    texts = sum(pq.read_metadata(path).num_rows for path in wanted.corpus.glob("*.parquet"))
    return {"texts": texts, "known": found}


if __name__ == "__main__":
    main(build, query)
