"""A small program for drivers: two stages of mapInArrow, "sketch" and "judge", each named before its jobs begin.

Usage: python spark_jobs.py OUT SECONDS TASKS
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession

COLUMNS = "id long, squared long, python string, package string, temp string"


def square(seconds: float) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function for mapInArrow that squares the ids, slowly, and says where it ran."""

    def squares(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import tempfile
        import time

        import dedup

        for batch in batches:
            time.sleep(seconds)
            ids = batch["id"].to_pylist()
            yield pa.RecordBatch.from_pydict(
                {
                    "id": ids,
                    "squared": [value * value for value in ids],
                    "python": [sys.executable] * len(ids),
                    "package": [dedup.__file__] * len(ids),
                    "temp": [tempfile.gettempdir()] * len(ids),
                }
            )

    return squares


def main(out: Path, seconds: float, tasks: int) -> None:
    """Write the squares of numbers in two stages.

    Args:
        out: A new folder.
        seconds: How long each task takes.
        tasks: How many tasks a stage has.
    """
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.getOrCreate()
    spark.conf.set("spark.job.description", "dedup: sketch")
    numbers = spark.range(0, 10 * tasks, 1, tasks)
    numbers.mapInArrow(square(seconds), COLUMNS).write.parquet(str(out / "sketch"))
    spark.conf.set("spark.job.description", "dedup: judge")
    again = spark.read.parquet(str(out / "sketch")).select("id").repartition(tasks, "id")
    again.mapInArrow(square(seconds), COLUMNS).write.parquet(str(out / "judge"))
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
