"""Measure how fast tables are read: by `dedup`, by another checkout of it, and by pyarrow and Polars, run in turn."""

import csv
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FORMATS = ("csv", "jsonl")
_DEDUP = """
from pathlib import Path
from dedup.corpus import open_corpus
from dedup.settings import Resources
def read(path):
    with tempfile.TemporaryDirectory() as temp:
        return open_corpus([Path(path)], Path(temp), None, Resources(workers=2)).rows
"""
_PYARROW = """
import pyarrow.csv, pyarrow.json
def read(path):
    if path.endswith("csv"):
        options = pyarrow.csv.ParseOptions(newlines_in_values=True)
        return pyarrow.csv.read_csv(path, parse_options=options).num_rows
    options = pyarrow.json.ParseOptions(newlines_in_values=False)
    return pyarrow.json.read_json(path, pyarrow.json.ReadOptions(block_size=64 << 20), options).num_rows
"""
_POLARS = """
import polars
def read(path):
    return (polars.read_csv if path.endswith("csv") else polars.read_ndjson)(path).height
"""
_TIMED = """
import sys, tempfile, time
{reader}
start = time.perf_counter()
rows = read(sys.argv[1])
print(time.perf_counter() - start, rows)
"""


def write_tables(source: Path, folder: Path, megabytes: float) -> dict[str, Path]:
    """Write the pages of the texts of a set as CSV and as JSON Lines with four columns.

    Args:
        source: Gzipped JSONL file with a column `text`.
        folder: Where to write.
        megabytes: Text to write; the texts are repeated as often as needed.

    Returns:
        File by format.
    """
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        text = "\n".join(json.loads(line)["text"] for line in lines)
    pages = [text[start : start + 2000] for start in range(0, len(text), 2000)]
    paths = {name: folder / f"pages.{name}" for name in FORMATS}
    with (
        paths["csv"].open("w", encoding="utf-8", newline="") as table,
        paths["jsonl"].open("w", encoding="utf-8") as rows,
    ):
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("id", "date", "text", "score"))
        size = number = 0
        while size < megabytes * 1e6:
            page = pages[number % len(pages)]
            values = {"id": f"page-{number}", "date": "2024-05-01", "text": page, "score": number % 100 / 8}
            writer.writerow(values.values())
            rows.write(json.dumps(values, ensure_ascii=False) + "\n")
            size, number = size + len(page.encode()), number + 1
    return paths


def time_reader(reader: str, path: Path, checkout: Path | None = None) -> tuple[float, int]:
    """Run a reader in a process of its own.

    Returns:
        Seconds without the start of Python, and rows read.
    """
    environment = {**os.environ, **({"PYTHONPATH": str(checkout)} if checkout else {})}
    command = [sys.executable, "-c", _TIMED.format(reader=reader), str(path)]
    result = subprocess.run(  # noqa: S603 - a fixed command
        command, env=environment, cwd=checkout, capture_output=True, text=True, check=True
    )
    seconds, rows = result.stdout.split()
    return float(seconds), int(rows)


def compare_readers(source: Path, rounds: int, megabytes: float, base: Path | None) -> str:
    """Return a table of the readers' medians, after a warm-up round, and the ratio of each to `dedup`.

    Args:
        source: Gzipped JSONL file with a column `text`.
        rounds: Rounds, in each of which the readers run in turn.
        megabytes: Size of the tables.
        base: Another checkout of the project to compare with, if any.
    """
    readers: dict[str, tuple[str, Path | None]] = {"dedup": (_DEDUP, None)}
    if base is not None:
        readers["dedup, other checkout"] = (_DEDUP, base.resolve())
    readers |= {"pyarrow": (_PYARROW, None), "Polars": (_POLARS, None)}
    lines = [f"{source.name}, {megabytes:g} MB of text, {rounds} rounds"]
    with tempfile.TemporaryDirectory() as temp:
        for name, path in write_tables(source, Path(temp), megabytes).items():
            times: dict[str, list[float]] = {reader: [] for reader in readers}
            counts = {}
            for turn in range(rounds + 1):
                for reader, (code, checkout) in readers.items():
                    seconds, counts[reader] = time_reader(code, path, checkout)
                    times[reader] += [seconds] if turn else []
            if len(set(counts.values())) > 1:
                raise SystemExit(f"{path.name}: the readers found different numbers of rows: {counts}")
            lines += _format(name, times)
    return "\n".join(lines)


def _format(name: str, times: dict[str, list[float]]) -> Sequence[str]:
    ours = statistics.median(times["dedup"])
    return [
        f"  {name:6}{reader:22} {statistics.median(seconds):6.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), "
        f"{statistics.median(seconds) / ours:.2f} times dedup"
        for reader, seconds in times.items()
    ]
