"""Functions that run in tasks of Spark: call a function on the rows of a partition, and pass errors to the driver."""

from __future__ import annotations

import base64
import errno
import json
import pickle
import re
import socket
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from dedup import errors

RESULT = "result binary"
"""Schema of what tasks return to the driver: a pickled object in each row."""
_RESULT = pa.schema([("result", pa.binary())])
# An error is sent as text between these, in the message of the exception that ends a task.
_OPENING, _CLOSING = "<dedup-error:", ":dedup-error>"
_SENT = re.compile(f"{_OPENING}([A-Za-z0-9+/=]*){_CLOSING}")

Batches = Iterable[pa.RecordBatch]
"""The rows of a partition."""


def call_for_each(function: Callable[[int], Any], batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the result of a function for each number of a partition.

    Args:
        function: Takes a number; returns any object that can be pickled.
        batches: The numbers, in the column ``id``.
    """
    for number in _numbers(batches):
        with sent_errors():
            result = function(number)
        yield _row(result)


def read_each(function: Callable[[int], Batches], batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the rows that a function reads for each number of a partition.

    Args:
        function: Takes a number; returns rows.
        batches: The numbers, in the column ``id``.
    """
    with sent_errors():
        for number in _numbers(batches):
            yield from function(number)


def call_on_partition(function: Callable[[Batches], Any], batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the result of a function on the rows of a partition; nothing for a partition without rows.

    Args:
        function: Takes the rows; returns any object that can be pickled.
        batches: The rows.
    """
    rows = (batch for batch in batches if batch.num_rows)
    first = next(rows, None)
    if first is None:
        return
    with sent_errors():
        result = function(_chain(first, rows))
    yield _row(result)


def _chain(first: pa.RecordBatch, others: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from others


def _numbers(batches: Batches) -> Iterator[int]:
    for batch in batches:
        yield from batch.column(0).to_pylist()


def _row(result: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([pickle.dumps(result)], pa.binary())], schema=_RESULT)


@contextmanager
def sent_errors() -> Iterator[None]:
    """Send an error to the driver, where `received_error` finds it in what Spark reports.

    >>> try:
    ...     with sent_errors():
    ...         raise errors.InputError("a.parquet is damaged.")
    ... except RuntimeError as error:
    ...     received_error(f"Job aborted: {error}")
    InputError('a.parquet is damaged.')
    """
    try:
        yield
    except Exception as error:
        name, message = _described(error)
        content = json.dumps({"name": name, "message": message, "trace": traceback.format_exc()}).encode()
        raise RuntimeError(f"{message} {_OPENING}{base64.b64encode(content).decode()}{_CLOSING}") from None


def _described(error: Exception) -> tuple[str, str]:
    """Return the name of a class in `dedup.errors` and the message for an error of a task."""
    if isinstance(error, errors.DedupError):
        return type(error).__name__, str(error)
    host = socket.gethostname()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "OutputError", (
            f"No space is left on the machine {host} ({error.filename or 'a temporary file'}). Free some, or set "
            "spark.local.dir to a folder on a larger disk."
        )
    if isinstance(error, MemoryError):
        return "EngineError", (
            f"A task on the machine {host} ran out of memory. Give executors more with --spark-conf "
            "spark.executor.memoryOverhead=4g, or let fewer tasks run at a time with spark.executor.cores."
        )
    where = "".join(f" {note}" for note in getattr(error, "__notes__", ()))
    return "EngineError", f"A task on the machine {host} failed{where}: {type(error).__name__}: {error}"


def received_error(report: str) -> errors.DedupError | None:
    """Return the error of a task from what Spark reports; None if the report has none."""
    found = _SENT.search(report)
    if found is None:
        return None
    content = json.loads(base64.b64decode(found[1]))
    kind = getattr(errors, content["name"], errors.EngineError)
    error: errors.DedupError = kind(content["message"])
    return error
