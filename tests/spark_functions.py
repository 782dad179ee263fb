"""Functions for mapInArrow that tests give to Spark.

Spark pickles a function by the name of its module, so the Python of the executors must find that: the fixture `spark`
puts this folder into PYTHONPATH.
"""

from collections.abc import Iterator

import pyarrow as pa


def doubled(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Double the ids."""
    for batch in batches:
        yield pa.RecordBatch.from_pydict({"id": [2 * value for value in batch["id"].to_pylist()]})


def failing(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Raise an error that names its input."""
    for batch in batches:
        raise ValueError(f"pages.parquet, row group {batch['id'][0]}: cannot be read")
    yield from ()
