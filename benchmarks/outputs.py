"""Compare the output of two versions of dedup on the same inputs, row by row.

    python benchmarks/outputs.py write before/          # with the first version installed
    python benchmarks/outputs.py write after/           # with the second version installed
    python benchmarks/outputs.py compare before/ after/

`write` runs `clean` (with the defaults, and with `--paragraphs all`), `scan` and `align` on the five seeds and on the
corpora in the folder named by DEDUP_DATA. `compare` lists each table that differs, and each key of `run.json` that
differs except durations and versions; it exits with 1 if there are any. Use it to check that a change of the code does
not change results, and to count the verdicts that a change of the rules affects.
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
from typing import Any, NamedTuple

import pyarrow.parquet as pq

SEEDS = Path(__file__).parent.parent / "seeds"
CORPORA = ("reuters21578.jsonl.gz", "french_novels.jsonl.gz", "legi_fr_articles.jsonl.gz")
ODD_INPUTS = "odd_inputs.tar.gz"
COMMANDS = {
    "clean": ["clean"],
    "clean-all": ["clean", "--paragraphs", "all"],
    "scan": ["scan", "--paragraphs", "all"],
    "align": ["align"],
}
# `align` compares sentences of each pair of documents: part of a large corpus is enough, and the novels are too long.
ALIGN_ROWS = {"reuters21578.jsonl.gz": 3000, "legi_fr_articles.jsonl.gz": 1000, "french_novels.jsonl.gz": 0}
# The other folders of the odd inputs contain a few files of about a megabyte, on which `align` takes ten minutes.
ALIGN_ODD_FOLDER = "odd_inputs/chardet_tests"
UNSTABLE_KEYS = {"seconds", "versions"}


class Corpus(NamedTuple):
    """An input of the commands."""

    name: str
    path: Path
    align_path: Path | None
    """Input of `align`; None if it is not run."""


def write(out: Path) -> None:
    """Run the commands on each corpus and write their output to folders `CORPUS.COMMAND` in ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        for corpus in _corpora(Path(temp)):
            for label, command in COMMANDS.items():
                source = corpus.align_path if label == "align" else corpus.path
                if source is None:
                    continue
                target = (out / f"{corpus.name}.{label}").absolute()
                run = [sys.executable, "-m", "dedup", *command, str(source), "-q", "-o", str(target)]
                # `align` prints its results even with --quiet.
                subprocess.run(run, check=True, cwd=temp, stdout=subprocess.DEVNULL)  # noqa: S603 - built above
                print(corpus.name, label, flush=True)


def _corpora(temp: Path) -> Iterator[Corpus]:
    """List the corpora; files made for them are written to ``temp``."""
    yield Corpus("seeds", SEEDS, SEEDS)
    data = Path(os.environ.get("DEDUP_DATA") or sys.exit("Set DEDUP_DATA to the folder of the corpora.")).absolute()
    for name in CORPORA:
        path = data / name
        yield Corpus(name.split(".")[0], path, _head(path, ALIGN_ROWS[name], temp))
    with tarfile.open(data / ODD_INPUTS) as archive:
        archive.extractall(temp / "odd", filter="data")
    yield Corpus("odd", temp / "odd", temp / "odd" / ALIGN_ODD_FOLDER)


def _head(path: Path, rows: int, temp: Path) -> Path | None:
    """Write the first rows of a compressed JSONL file to a file in ``temp``; return None for 0 rows."""
    if rows == 0:
        return None
    part = temp / f"first-{rows}-{path.name.removesuffix('.gz')}"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        part.write_text("".join(itertools.islice(lines, rows)), encoding="utf-8")
    return part


def compare(before: Path, after: Path) -> int:
    """Print the differences between two folders of output, and return the number of files that differ."""
    differences = 0
    names = sorted(
        {path.relative_to(root).as_posix() for root in (before, after) for path in root.rglob("*.*") if path.is_file()}
    )
    for name in names:
        left, right = before / name, after / name
        if not (left.is_file() and right.is_file()):
            found = [f"only in {before if left.is_file() else after}"]
        elif name.endswith(".parquet"):
            found = list(_table_differences(left, right))
        else:
            found = list(_run_differences(left, right))
        for line in found:
            print(f"{name}: {line}")
        differences += bool(found)
    print(f"{len(names)} files, {differences} differ")
    return differences


def _table_differences(before: Path, after: Path) -> Iterator[str]:
    """Describe the differences between two Parquet files."""
    left, right = pq.read_table(before), pq.read_table(after)
    if left.schema != right.schema:
        yield "columns or types differ"
    elif left.num_rows != right.num_rows:
        yield f"{left.num_rows} rows before, {right.num_rows} after"
    elif not left.equals(right):
        columns = [name for name in left.column_names if not left[name].equals(right[name])]
        # Arrow never regards NaN as equal to NaN, so compare the Python values.
        columns = [name for name in columns if repr(left[name].to_pylist()) != repr(right[name].to_pylist())]
        if columns:
            yield f"values differ in {', '.join(columns)}"


def _run_differences(before: Path, after: Path) -> Iterator[str]:
    """Describe the differences between two files `run.json`."""
    left, right = (_stable(json.loads(path.read_bytes())) for path in (before, after))
    for key in sorted(left.keys() | right.keys()):
        if left.get(key) != right.get(key):
            yield f"{key}: {left.get(key)} before, {right.get(key)} after"


def _stable(run: dict[str, Any]) -> dict[str, Any]:
    """Remove the keys that differ between two runs of the same version."""
    return {key: value for key, value in run.items() if key not in UNSTABLE_KEYS}


def main() -> int:
    """Parse the command line, run the command, and return the exit status."""
    parser = argparse.ArgumentParser(description="Compare the output of two versions of dedup.")
    commands = parser.add_subparsers(dest="command", required=True)
    write_parser = commands.add_parser("write", help="run the commands and write their output")
    write_parser.add_argument("out", type=Path, help="folder for the output")
    compare_parser = commands.add_parser("compare", help="list the differences between two folders of output")
    compare_parser.add_argument("before", type=Path, help="output of the first version")
    compare_parser.add_argument("after", type=Path, help="output of the second version")
    arguments = parser.parse_args()
    if arguments.command == "compare":
        return int(compare(arguments.before, arguments.after) > 0)
    write(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
