"""Compare what the engine spark gives with what the local engine gives for the same inputs and options."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import dedup
from dedup.engine.spark.session import SparkEngine
from dedup.errors import DedupError
from dedup.index import distributed
from dedup.options import list_inputs, make_request

TABLES = ("clean", "removed", "pairs", "reference", "contained", "items")
# What run.json says about the run itself, not about what it found.
OWN = {"seconds", "parts"}


def read_rows(out: Path, name: str) -> list[str]:
    """Return the rows of a table in a form that has an order; NaN equals itself."""
    return sorted(map(repr, pq.read_table(out / f"{name}.parquet").to_pylist()))


def read_schema(out: Path, name: str) -> pa.Schema:
    return pq.read_table(out / f"{name}.parquet").schema.remove_metadata()


def read_record(out: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((out / "run.json").read_text("utf-8"))
    return {name: value for name, value in record.items() if name not in OWN} | {"notes": sorted(record["notes"])}


def restored(out: Path | str) -> list[str]:
    return [repr(row) for batch in dedup.restore(out) for row in batch.to_pylist()]


def check_same_output(out: Path, expected: Path) -> None:
    """Check that two outputs have the same rows, counts and notes, and give back the same documents."""
    for name in TABLES:
        assert (out / f"{name}.parquet").exists() == (expected / f"{name}.parquet").exists(), name
        if (out / f"{name}.parquet").exists():
            assert read_schema(out, name) == read_schema(expected, name)
            assert read_rows(out, name) == read_rows(expected, name), name
    assert read_record(out) == read_record(expected)
    assert restored(out) == restored(expected)


def run_or_error(function: Callable[[], Any]) -> tuple[Any, DedupError | None]:
    """Return what a function returns, or the error for the user that it raised."""
    try:
        return function(), None
    except DedupError as error:
        return None, error


def check_same_clean(inputs: Any, folder: Path, session: Any, **options: Any) -> dedup.Cleaned | None:
    """Clean with both engines, and check that the outputs or the errors are equal; return what the local one gave.

    Args:
        inputs: One input or several.
        folder: An existing folder for the outputs.
        session: A session of Spark, or what stands for it.
        options: Options of `clean`.
    """
    listed, request = list_inputs(inputs), make_request(options)
    local, local_error = run_or_error(lambda: dedup.clean(inputs, folder / "local", **options))
    out = folder / "spark"
    _, error = run_or_error(lambda: distributed.clean(listed, out, request, SparkEngine(session)))
    assert type(error) is type(local_error), (error, local_error)
    # Spark counts different values where the local engine counts documents.
    assert str(error) == str(local_error) or "different values" in str(error)
    if local_error is not None:
        assert not out.exists()
        return None
    check_same_output(out, folder / "local")
    return dedup.Cleaned(local.run, folder / "local")


def check_same_scan(inputs: Any, session: Any, groups: int = 10, **options: Any) -> None:
    """Scan with both engines, and check that the results are equal."""
    options = {"paragraphs": "all", **options}
    listed, request = list_inputs(inputs), make_request(options)
    local = dedup.scan(inputs, groups=groups, **options)
    found = distributed.scan(listed, None, request, SparkEngine(session), groups)
    assert comparable_scan(found) == comparable_scan(local)


def comparable_scan(found: dedup.Scan) -> dedup.Scan:
    run = replace(found.run, seconds={}, notes=tuple(sorted(found.run.notes)))
    return replace(found, run=run)
