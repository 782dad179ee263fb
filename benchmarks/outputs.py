"""Compare the output of two versions of dedup on the same inputs, row by row.

    python benchmarks/outputs.py write before/          # with the one version installed
    python benchmarks/outputs.py write after/           # with the other
    python benchmarks/outputs.py compare before/ after/

`write` runs `clean` (the default, and with `--paragraphs all`), `scan` and `align` on the five seeds and on the corpora
in the folder that DEDUP_DATA names. `compare` prints each table that differs and the keys of `run.json` that differ,
apart from durations and versions, and exits with 1 if there are any. Use it before and after a change of the code that
must not change results, and to count the verdicts that a change of the rules moves.
"""

import argparse
import gzip
import itertools
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

SEEDS = Path(__file__).parent.parent / "seeds"
CORPORA = ("reuters21578.jsonl.gz", "french_novels.jsonl.gz", "legi_fr_articles.jsonl.gz")
ODD = "odd_inputs.tar.gz"
COMMANDS = {
    "clean": ["clean"],
    "clean-all": ["clean", "--paragraphs", "all"],
    "scan": ["scan", "--paragraphs", "all"],
    "align": ["align"],
}
# Sentences are compared in pairs of documents: a part of the largest corpora is enough, and the novels are too long.
ALIGN_ROWS = {"reuters21578.jsonl.gz": 3000, "legi_fr_articles.jsonl.gz": 1000, "french_novels.jsonl.gz": 0}
VOLATILE = {"seconds", "versions"}


def write(out: Path) -> None:
    """Run the commands on each corpus."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        for name, path in _inputs(Path(temp)):
            for label, command in COMMANDS.items():
                source = _head(path, ALIGN_ROWS.get(path.name), Path(temp)) if label == "align" else path
                if source is not None:
                    run = [
                        sys.executable,
                        "-m",
                        "dedup",
                        *command,
                        str(source),
                        "-q",
                        "-o",
                        str(out / f"{name}.{label}"),
                    ]
                    subprocess.run(run, check=True, cwd=temp)  # noqa: S603 - our own command
                    print(name, label, flush=True)


def _inputs(temp: Path) -> Iterator[tuple[str, Path]]:
    yield "seeds", SEEDS
    data = Path(os.environ.get("DEDUP_DATA") or sys.exit("Name the folder of the corpora in DEDUP_DATA."))
    for name in CORPORA:
        yield name.split(".")[0], data / name
    with tarfile.open(data / ODD) as archive:
        archive.extractall(temp / "odd", filter="data")
    yield "odd", temp / "odd"


def _head(path: Path, rows: int | None, temp: Path) -> Path | None:
    """Write the first rows of a JSONL file to a file of its own; all of it for None, nothing for 0."""
    if rows is None:
        return path
    if rows == 0:
        return None
    part = temp / f"first-{rows}-{path.name.removesuffix('.gz')}"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        part.write_text("".join(itertools.islice(lines, rows)), encoding="utf-8")
    return part


def compare(before: Path, after: Path) -> int:
    """Print what differs between two folders of output, and count it."""
    differences = 0
    names = sorted(
        {path.relative_to(root).as_posix() for root in (before, after) for path in root.rglob("*.*") if path.is_file()}
    )
    for name in names:
        left, right = before / name, after / name
        if not (left.is_file() and right.is_file()):
            found = [f"only in {before if left.is_file() else after}"]
        else:
            found = list(_tables(left, right) if name.endswith(".parquet") else _runs(left, right))
        for line in found:
            print(f"{name}: {line}")
        differences += bool(found)
    print(f"{len(names)} files, {differences} differ")
    return differences


def _tables(left: Path, right: Path) -> Iterator[str]:
    one, other = pq.read_table(left), pq.read_table(right)
    if one.schema != other.schema:
        yield "other columns or types"
    elif one.num_rows != other.num_rows:
        yield f"{one.num_rows} rows before, {other.num_rows} after"
    elif not one.equals(other):
        columns = [name for name in one.column_names if not one[name].equals(other[name])]
        # Columns with NaN are never equal to Arrow: look at the values.
        columns = [name for name in columns if repr(one[name].to_pylist()) != repr(other[name].to_pylist())]
        if columns:
            yield f"other values in {', '.join(columns)}"


def _runs(left: Path, right: Path) -> Iterator[str]:
    one, other = (_stable(json.loads(path.read_bytes())) for path in (left, right))
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            yield f"{key}: {one.get(key)} before, {other.get(key)} after"


def _stable(run: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in run.items() if key not in VOLATILE}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Compare the output of two versions of dedup.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write").add_argument("out", type=Path)
    both = commands.add_parser("compare")
    both.add_argument("before", type=Path)
    both.add_argument("after", type=Path)
    arguments = parser.parse_args()
    sys.exit(compare(arguments.before, arguments.after) > 0 if arguments.command == "compare" else write(arguments.out))
