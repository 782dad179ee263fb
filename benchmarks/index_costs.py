"""Measure additions to an index and lookups in it, beside `dedup clean`, for `index_speed.py add`."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import index_corpus
from cost import Cost, empty, measure
from data import read
from markdown_tables import markdown_table
from peers import RUNNERS

import dedup

DEDUP = [sys.executable, "-m", "dedup"]
TEXTS = "texts.parquet"
LIMIT = 4 * 3600.0  # seconds a command may take
OWN_RUNNER = [sys.executable, str(RUNNERS / "dedup_index.py")]
COUNTS = ["--texts", "200", "--warm-up", "20"]


class Lookups(NamedTuple):
    """Lookups of texts in turn in a process of its own."""

    cost: Cost
    """Cost of the process."""
    times: dict[str, float]
    """Milliseconds and counts; see `runners/lookups.py`."""


class AddCosts(NamedTuple):
    """What an index of a number of documents costs."""

    size: int
    """Number of earlier documents."""
    build: Cost
    """`dedup index add` of the earlier documents."""
    clean: list[Cost]
    """`dedup clean` of the later documents alone."""
    add: list[Cost]
    """`dedup index add` of the later documents to the index of the earlier ones."""
    query: list[Cost]
    """`dedup index query` of a file with one text."""
    lookups: Lookups
    """`dedup.Index.query` of texts in turn, from Python."""
    units: int
    """Kept documents and paragraphs of the index."""
    files: dict[str, int]
    """Bytes of the files of the index by name."""


def checked(command: Sequence[str], scratch: Path) -> Cost:
    """Measure a command, and end the program with the last lines of its output if it fails."""
    log = scratch / "log"
    cost = measure(list(command), LIMIT, log, scratch)
    if cost.error:
        tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-10:])
        raise SystemExit(f"{' '.join(command)} {cost.error}:\n{tail}")
    return cost


def unit_options(paragraphs: str) -> list[str]:
    """Return the options of dedup for `--paragraphs`."""
    return ["--paragraphs", paragraphs, *(["--unit", "documents"] if paragraphs == "none" else [])]


def clean_command(source: Path, out: Path, options: Sequence[str]) -> list[str]:
    """Return the command that cleans a corpus."""
    return [*DEDUP, "clean", str(source), "-o", str(out), "--quiet", *options]


def add_command(index: Path, source: Path, out: Path | None, options: Sequence[str] = ()) -> list[str]:
    """Return the command that adds a corpus to an index."""
    output = ["-o", str(out)] if out else []
    return [*DEDUP, "index", "add", str(index), str(source), "--quiet", *output, *options]


def copy_index(index: Path, copy: Path) -> Path:
    """Copy an index; its segments, which never change, by hard links."""

    def copy_file(source: str, target: str) -> None:
        (os.link if source.endswith(".parquet") else shutil.copy2)(source, target)

    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(index, copy, copy_function=copy_file)
    return copy


def file_sizes(index: Path) -> dict[str, int]:
    """Return the bytes of the files of an index by name; those of several segments are added."""
    sizes: dict[str, int] = {}
    for path in sorted(path for path in index.rglob("*") if path.is_file()):
        sizes[path.name] = sizes.get(path.name, 0) + path.stat().st_size
    return sizes


def build_index(folder: Path, size: int, paragraphs: str, scratch: Path) -> tuple[Path, Cost]:
    """Build the index of the earlier documents in the folder of the corpora, replacing an existing one.

    Args:
        folder: Folder of the corpora.
        size: Number of earlier documents.
        paragraphs: Option of dedup.
        scratch: Folder for temporary files.
    """
    index = folder / f"index-{size}"
    shutil.rmtree(index, ignore_errors=True)
    command = add_command(index, index_corpus.earlier(folder, size), None, unit_options(paragraphs))
    return index, checked(command, scratch)


def measure_add(folder: Path, size: int, paragraphs: str, rounds: int) -> AddCosts:
    """Build the index of the earlier documents and measure additions and lookups.

    Args:
        folder: Folder of the corpora.
        size: Number of earlier documents.
        paragraphs: Option of dedup.
        rounds: Number of rounds after the warm-up round.
    """
    later, options = index_corpus.later(folder, size), unit_options(paragraphs)
    clean, add, query = [], [], []
    with tempfile.TemporaryDirectory(dir=folder) as temp:
        scratch, copy, text = Path(temp, "scratch"), Path(temp, "index"), Path(temp, "one.txt")
        index, build = build_index(folder, size, paragraphs, empty(scratch))
        text.write_text(next(read(later))[1], "utf-8")
        for _ in range(rounds + 1):
            clean.append(checked(clean_command(later, scratch / "out", options), empty(scratch)))
            copy_index(index, copy)
            add.append(checked(add_command(copy, later, scratch / "out"), empty(scratch)))
            query.append(checked([*DEDUP, "index", "query", str(index), str(text), "--quiet"], empty(scratch)))
        lookups = measure_lookups(OWN_RUNNER, index, later, empty(scratch), COUNTS)
    info = dedup.Index(index).info()
    units = info.kept_documents + info.kept_paragraphs
    return AddCosts(size, build, clean[1:], add[1:], query[1:], lookups, units, file_sizes(index))


def measure_lookups(
    runner: Sequence[str], index: Path, texts: Path, scratch: Path, counts: Sequence[str] = ()
) -> Lookups:
    """Look up texts in a process of its own.

    Args:
        runner: Interpreter and script of `runners/`.
        index: The index.
        texts: Parquet file, or folder of Parquet files.
        scratch: Folder for temporary files.
        counts: Options of the runner.
    """
    cost = checked([*runner, "query", str(texts), str(index), *counts], scratch)
    last_line = (scratch / "log").read_text("utf-8", "replace").splitlines()[-1]
    return Lookups(cost, json.loads(last_line))


def spread(values: Sequence[float]) -> str:
    """Format a median with minimum and maximum.

    >>> spread([1.5, 1.0, 3.0])
    '1.50 (1.00 to 3.00)'
    """
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def seconds_of(costs: Sequence[Cost]) -> list[float]:
    """Return the wall times."""
    return [cost.seconds for cost in costs]


def peak_of(costs: Sequence[Cost]) -> str:
    """Format the greatest peak memory in MB."""
    return f"{max(cost.peak for cost in costs):,.0f}"


def add_table(results: Sequence[AddCosts]) -> str:
    """Format time and memory of additions as Markdown."""
    header = ["earlier documents", "index add of these, s", "peak, MB", "clean of the later, s", "peak, MB"]
    header += ["index add of the later, s", "peak, MB", "add : clean", "add − clean, s"]  # noqa: RUF001 - minus
    rows = []
    for result in results:
        clean, add = median(seconds_of(result.clean)), median(seconds_of(result.add))
        rows.append(
            [
                f"{result.size:,}",
                f"{result.build.seconds:.1f}",
                peak_of([result.build]),
                spread(seconds_of(result.clean)),
                peak_of(result.clean),
                spread(seconds_of(result.add)),
                peak_of(result.add),
                f"{add / clean:.2f}",
                f"{add - clean:.2f}",
            ]
        )
    return markdown_table(header, rows)


def size_table(results: Sequence[AddCosts]) -> str:
    """Format the size of indexes as Markdown: bytes a kept unit, without the texts and by file, the largest first."""
    last = results[-1].files
    names = sorted((name for name in last if name.endswith(".parquet")), key=lambda name: -last[name])
    header = ["earlier documents", "kept units", "index, MB", "beside the texts, bytes a unit"]
    rows = []
    for result in results:
        total = sum(result.files.values())
        beside = (total - result.files[TEXTS]) / result.units
        by_file = (f"{result.files[name] / result.units:,.1f}" for name in names)
        rows.append([f"{result.size:,}", f"{result.units:,}", f"{total / 1e6:,.1f}", f"{beside:,.0f}", *by_file])
    return markdown_table([*header, *(name.removesuffix(".parquet") for name in names)], rows)


def lookup_table(results: Sequence[AddCosts]) -> str:
    """Format the times of lookups as Markdown."""
    header = ["earlier documents", "index query FILE, s", "peak, MB", "Index.query of a text, ms: median", "95%", "max"]
    header += ["first call, ms", "known", "peak, MB"]
    rows = []
    for result in results:
        times = result.lookups.times
        row = [f"{result.size:,}", spread(seconds_of(result.query)), peak_of(result.query)]
        row += [f"{times[name]:.1f}" for name in ("median", "high", "max", "first")]
        rows.append([*row, f"{times['known']} of {times['texts']}", peak_of([result.lookups.cost])])
    return markdown_table(header, rows)
