"""Check that `dedup align` of this checkout writes the same rows as another checkout, on many inputs.

    python benchmarks/alignment_rows.py --base ../before --cache rows/ --data FOLDER [CORPUS …]

Prints one line for each corpus: whether the tables `stories`, `links`, `outlets` and `texts`, what is printed, and
`run.json` without durations and versions are equal, then the first differences of each table and column. Numbers may
differ by 1e-9. The inputs and the output of the other checkout stay in the cache, by its commit, so that the next check
runs only this checkout. The exit status is 1 if anything differs. Equal runs show the CPU time of both.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from alignment_corpora import CORPORA, ROOT, Corpus, align_command, chosen, data_folder
from cost import empty, measure

TABLES = ("stories", "links", "outlets", "texts")
TOLERANCE = 1e-9
MAX_SHOWN = 3  # differences that are listed of a column
MAX_VALUE = 100  # code points of a value that are shown
UNSTABLE_KEYS = {"seconds", "versions"}
LIMIT = 3600.0  # seconds a run may take
# The corpora on which a check takes a few minutes; the others are larger.
DEFAULT = [name for name in CORPORA if not name.startswith(("grown", "reuters-4", "long")) and name != "reuters"]
DEFAULT += ["grown-1000"]


class Output(NamedTuple):
    """What a run wrote."""

    folder: Path
    """Folder of the tables and of `run.json`."""
    printed: str
    """What it printed."""
    cpu: float
    """CPU seconds."""


def table_differences(before: pa.Table, after: pa.Table, tolerance: float = TOLERANCE) -> Iterator[str]:
    """Describe the differences between two tables: columns, types, numbers of rows, then the first of each column.

    Args:
        before: A table.
        after: The table to compare with it, row by row.
        tolerance: How much floating-point numbers may differ, absolute and relative.

    >>> left, right = pa.table({"a": [1, 2], "b": [0.5, 1.0]}), pa.table({"a": [1, 3], "b": [0.5 + 1e-12, 1.0]})
    >>> list(table_differences(left, right))
    ['a: 1 of 2 rows differ; row 1: 2 before, 3 after']
    """
    types = [{field.name: str(field.type) for field in table.schema} for table in (before, after)]
    for name in dict.fromkeys([*types[0], *types[1]]):
        if types[0].get(name) != types[1].get(name):
            yield f"{name}: {types[0].get(name, 'no column')} before, {types[1].get(name, 'no column')} after"
    if before.num_rows != after.num_rows:
        yield f"{before.num_rows} rows before, {after.num_rows} after"
    count = min(before.num_rows, after.num_rows)
    for name in before.column_names:
        if name in types[1]:
            yield from _column_differences(name, before[name][:count], after[name][:count], tolerance)


def _column_differences(name: str, before: pa.ChunkedArray, after: pa.ChunkedArray, tolerance: float) -> Iterator[str]:
    """Describe the first differences of a column, if there are any."""
    if before.equals(after):
        return
    pairs = enumerate(zip(before.to_pylist(), after.to_pylist(), strict=True))
    found = [(row, old, new) for row, (old, new) in pairs if not same(old, new, tolerance)]
    if found:
        shown = (f"row {row}: {_short(old)} before, {_short(new)} after" for row, old, new in found[:MAX_SHOWN])
        yield f"{name}: {len(found)} of {len(before)} rows differ; {'; '.join(shown)}"


def same(before: Any, after: Any, tolerance: float = TOLERANCE) -> bool:
    """Return whether two values are equal, floating-point numbers in them up to a tolerance.

    >>> same({"a": [1.0, None]}, {"a": [1.0 + 1e-12, None]}), same([1.0], [1.1]), same(1, 1.0)
    (True, False, False)
    """
    if type(before) is not type(after):
        return False
    if isinstance(before, float):
        is_nan = math.isnan(before) and math.isnan(after)
        return is_nan or math.isclose(before, after, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(same(before[key], after[key], tolerance) for key in before)
    if isinstance(before, list):
        return len(before) == len(after) and all(
            same(old, new, tolerance) for old, new in zip(before, after, strict=True)
        )
    return bool(before == after)


def _short(value: object) -> str:
    """Return a value as it is displayed, cut to `MAX_VALUE` code points."""
    text = repr(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"


def run_differences(before: Path, after: Path) -> Iterator[str]:
    """Describe the differences between two files `run.json`, without durations and versions."""
    left, right = (json.loads(path.read_bytes()) for path in (before, after))
    for key in sorted((left.keys() | right.keys()) - UNSTABLE_KEYS):
        if not same(left.get(key), right.get(key)):
            yield f"{key}: {_short(left.get(key))} before, {_short(right.get(key))} after"


def line_differences(before: str, after: str) -> Iterator[str]:
    """Describe the first lines that differ."""
    left, right = before.splitlines(), after.splitlines()
    if len(left) != len(right):
        yield f"{len(left)} lines before, {len(right)} after"
    differing = ((old, new) for old, new in zip(left, right, strict=False) if old != new)
    for (old, new), _ in zip(differing, range(MAX_SHOWN), strict=False):
        yield f"{_short(old)} before, {_short(new)} after"


def differences(before: Output, after: Output) -> Iterator[str]:
    """Describe all differences between two runs; each begins with the name of the table or file."""
    for name in TABLES:
        files = [output.folder / f"{name}.parquet" for output in (before, after)]
        if not all(file.is_file() for file in files):
            found = ["no file before or after"] if any(file.is_file() for file in files) else []
        else:
            found = list(table_differences(*map(pq.read_table, files)))
        yield from (f"{name}: {line}" for line in found)
    runs = [output.folder / "run.json" for output in (before, after)]
    if all(run.is_file() for run in runs):
        yield from (f"run.json: {line}" for line in run_differences(*runs))
    elif any(run.is_file() for run in runs):
        yield "run.json: no file before or after"
    yield from (f"printed: {line}" for line in line_differences(before.printed, after.printed))


def align(checkout: Path, source: Path, folder: Path, workers: int) -> Output:
    """Run `dedup align` of a checkout; a refusal is a result as well, and its message is what is printed.

    Args:
        checkout: Folder of a checkout of the project.
        source: Input.
        folder: Folder to write; an existing one is replaced.
        workers: Number of workers.
    """
    out, log = empty(folder) / "out", folder / "printed.txt"
    cost = measure(align_command(checkout, source, out, workers), LIMIT, log, folder)
    printed = log.read_text("utf-8", errors="replace").replace(str(folder), "FOLDER").replace(str(checkout), "CHECKOUT")
    log.write_text(printed + cost.error, "utf-8")
    (folder / "cpu.txt").write_text(str(cost.cpu), "utf-8")
    return read_output(folder)


def read_output(folder: Path) -> Output:
    """Return the output that `align` wrote to a folder."""
    return Output(
        folder / "out", (folder / "printed.txt").read_text("utf-8"), float((folder / "cpu.txt").read_text("utf-8"))
    )


def version(checkout: Path) -> tuple[str, bool]:
    """Return the commit of a checkout, and whether its files are those of the commit."""
    git = ["git", "-C", str(checkout)]
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)  # noqa: S603
    state = subprocess.run([*git, "status", "--porcelain", "dedup"], capture_output=True, text=True, check=True)  # noqa: S603
    return commit.stdout.strip()[:12], not state.stdout.strip()


def base_output(base: Path, corpus: Corpus, source: Path, cache: Path, workers: int) -> Output:
    """Return the output of the other checkout, from the cache if its commit was run on the corpus before."""
    commit, is_clean = version(base)
    folder = cache / commit / corpus.name
    if is_clean and (folder / "cpu.txt").is_file():
        return read_output(folder)
    return align(base, source, folder, workers)


def check(corpus: Corpus, options: argparse.Namespace) -> bool:
    """Run both checkouts on a corpus and print the differences; returns whether there are none."""
    cache = options.cache.absolute()
    source = corpus.path(options.data, cache / "inputs")
    before = base_output(options.base.absolute(), corpus, source, cache, options.workers)
    after = align(options.checkout.absolute(), source, cache / "this" / corpus.name, options.workers)
    found = list(differences(before, after))
    print(f"{corpus.name}: {_summary(after)}{'DIFFERENT' if found else 'equal'}", end="")
    print(f", {before.cpu:.1f} s CPU before, {after.cpu:.1f} after", flush=True)
    for line in found:
        print(f"  {line}", flush=True)
    return not found


def _summary(output: Output) -> str:
    """Return the numbers of documents, pairs, links and stories that a run wrote, if it wrote any."""
    if not (output.folder / "run.json").is_file():
        return "refused, "
    counts = json.loads((output.folder / "run.json").read_bytes())["counts"]
    links = pq.read_metadata(output.folder / "links.parquet").num_rows
    named = (("documents", "documents"), ("pairs", "pairs"), ("stories", "stories"))
    return "".join(f"{counts.get(key, 0):,} {name}, " for key, name in named) + f"{links:,} links, "


def main() -> int:
    """Parse the command line, check the corpora, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=f"(default: {', '.join(DEFAULT)})")
    parser.add_argument("--base", type=Path, required=True, help="another checkout of the project")
    parser.add_argument("--cache", type=Path, required=True, help="folder for inputs and outputs")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="checkout to compare (default: this one)")
    parser.add_argument("--data", type=Path, help="folder of the sets (default: DEDUP_DATA)")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    options.data = data_folder(options.data)
    results = [check(corpus, options) for corpus in chosen(options.corpora, DEFAULT)]
    print(f"{len(results)} corpora, {results.count(False)} differ")
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
