"""Measure the lasting index and `--against`: time, memory and size beside `dedup clean` and beside peers; recall.

    python benchmarks/index_speed.py write french_novels.jsonl.gz reuters21578.jsonl.gz corpora
    python benchmarks/index_speed.py add corpora
    python benchmarks/index_speed.py against corpora/later-100000.parquet corpora/earlier-100000.parquet

`write` generates the corpora from real text with planted duplicates, on all cores. They are named by the number of
earlier documents: `earlier-10000.parquet` and the documents that follow, `later-10000.parquet`. All commands measure
processes of their own, in turn, after a warm-up round. The figures are medians; nothing else should run at the same
time. `--paragraphs` is the option of `dedup`; with `none` only documents are compared (`--unit documents`).

`add` builds an index of the earlier documents, then compares `dedup index add` of the later documents to a copy of it
(hard links, not counted) with `dedup clean` of the later documents alone. The files of the index are in the page cache.
`against` compares `dedup clean NEW --against REF` with the steps "read" and "sketch" of two runs of `dedup clean`, one
of NEW and one of REF.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import index_corpus
import pyarrow.parquet as pq
from cost import Cost, empty, measure
from data import read
from index_lookups import time_lookups
from markdown_tables import markdown_table
from speed import comma_separated, commit, machine

import dedup

DEDUP = [sys.executable, "-m", "dedup"]
SEEDS = Path(__file__).parent.parent / "seeds"
LIMIT = 4 * 3600.0  # seconds a command may take
LOOKUPS, WARM_UP = 200, 20


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
    lookups: dict[str, float]
    """Of `dedup.Index.query` from Python; see `index_lookups.time_lookups`."""
    units: int
    """Kept documents and paragraphs of the index."""
    files: dict[str, int]
    """Bytes of the files of the index by name."""


class AgainstCosts(NamedTuple):
    """What `clean --against` costs."""

    against: list[Cost]
    """`dedup clean NEW --against REF`."""
    steps: list[dict[str, float]]
    """Seconds of the steps of these runs."""
    alone: dict[str, list[dict[str, float]]]
    """Seconds of the steps of `dedup clean` of "NEW" and of "REF"."""


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
        lookups = measure_lookups(index, later, empty(scratch))
    info = dedup.Index(index).info()
    units = info.kept_documents + info.kept_paragraphs
    return AddCosts(size, build, clean[1:], add[1:], query[1:], lookups, units, file_sizes(index))


def measure_lookups(index: Path, texts: Path, scratch: Path) -> dict[str, float]:
    """Time `dedup.Index.query` in a process of its own; returns also its peak memory, in MB, as "peak"."""
    cost = checked([sys.executable, __file__, "lookups", str(index), str(texts)], scratch)
    last_line = (scratch / "log").read_text("utf-8").splitlines()[-1]
    return {**json.loads(last_line), "peak": cost.peak}


def read_seconds(out: Path) -> dict[str, float]:
    """Return the seconds of the steps of a run by name."""
    seconds: dict[str, float] = json.loads((out / "run.json").read_text("utf-8"))["seconds"]
    return seconds


def sketching(seconds: dict[str, float]) -> float:
    """Return the seconds that a run took for reading and sketching."""
    return sum(value for name, value in seconds.items() if name.partition(",")[0] in ("read", "sketch"))


def measure_against(new: Path, reference: Path, paragraphs: str, rounds: int) -> AgainstCosts:
    """Measure `dedup clean NEW --against REF`, and `dedup clean` of both for the seconds of their steps.

    Args:
        new: Parquet file of the new documents.
        reference: Parquet file of the reference.
        paragraphs: Option of dedup.
        rounds: Number of rounds after the warm-up round.
    """
    costs = AgainstCosts([], [], {"NEW": [], "REF": []})
    options = unit_options(paragraphs)
    with tempfile.TemporaryDirectory(dir=new.parent) as temp:
        scratch, out = Path(temp, "scratch"), Path(temp, "scratch", "out")
        checked(clean_command(SEEDS, out, options), empty(scratch))  # compiles the kernels if they are not cached
        for _ in range(rounds + 1):
            command = [*clean_command(new, out, options), "--against", str(reference)]
            costs.against.append(checked(command, empty(scratch)))
            costs.steps.append(read_seconds(out))
            for name, source in (("NEW", new), ("REF", reference)):
                checked(clean_command(source, out, options), empty(scratch))
                costs.alone[name].append(read_seconds(out))
    return AgainstCosts(costs.against[1:], costs.steps[1:], {name: runs[1:] for name, runs in costs.alone.items()})


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
    """Format the size of indexes as Markdown: bytes a kept unit by file, in order of size."""
    names = sorted({name for result in results for name in result.files}, key=lambda name: -results[-1].files[name])
    header = ["earlier documents", "kept units", "index, MB", "beside the texts, bytes a unit"]
    rows = []
    for result in results:
        total = sum(result.files.values())
        beside = total - result.files["texts.parquet"]
        first = [f"{result.size:,}", f"{result.units:,}", f"{total / 1e6:,.1f}", f"{beside / result.units:,.0f}"]
        rows.append([*first, *(f"{result.files.get(name, 0) / result.units:,.1f}" for name in names)])
    return markdown_table([*header, *names], rows)


def lookup_table(results: Sequence[AddCosts]) -> str:
    """Format the times of lookups as Markdown."""
    header = ["earlier documents", "index query FILE, s", "peak, MB", "Index.query of a text, ms: median", "95%", "max"]
    header += ["first call, ms", "known", "peak, MB"]
    rows = []
    for result in results:
        found = result.lookups
        row = [f"{result.size:,}", spread(seconds_of(result.query)), peak_of(result.query)]
        row += [f"{found[name]:.1f}" for name in ("median", "high", "max", "first")]
        rows.append([*row, f"{found['known']:.0f} of {found['texts']:.0f}", f"{found['peak']:,.0f}"])
    return markdown_table(header, rows)


def against_table(costs: AgainstCosts) -> str:
    """Format the costs of `clean --against` as Markdown."""
    alone = [sketching(new) + sketching(reference) for new, reference in zip(*costs.alone.values(), strict=True)]
    rows = [["read and sketch of NEW and REF, in two runs of clean", spread(alone), "1", ""]]
    for name, values, peak in (
        ("clean NEW --against REF: whole command", seconds_of(costs.against), peak_of(costs.against)),
        ("its steps", [sum(steps.values()) for steps in costs.steps], ""),
        ("its steps read and sketch", [sketching(steps) for steps in costs.steps], ""),
    ):
        rows.append([name, spread(values), f"{median(values) / median(alone):.2f}", peak])
    return markdown_table(["", "seconds", "ratio", "peak, MB"], rows)


def steps_table(costs: AgainstCosts) -> str:
    """Format the seconds of the steps of `clean --against` as Markdown."""
    names = dict.fromkeys(name for steps in costs.steps for name in steps)
    rows = ([name, spread([steps.get(name, 0.0) for steps in costs.steps])] for name in names)
    return markdown_table(["step", "seconds"], rows)


def heading(paragraphs: str, rounds: int) -> str:
    """Describe machine, versions and settings."""
    rows = f"{rounds} rounds, medians (minimum to maximum), greatest peaks"
    options = " ".join(unit_options(paragraphs))
    return f"{machine()}, commit {commit() or 'unknown'}; pyarrow {pq.core.pa.__version__}\n`{options}`, {rows}\n"


def write(options: argparse.Namespace) -> None:
    """Write the corpora."""
    options.folder.mkdir(parents=True, exist_ok=True)
    wanted = index_corpus.parts(options.folder, options.sizes, options.later)
    context = multiprocessing.get_context("spawn")
    arguments = options.sources, options.seed
    with ProcessPoolExecutor(options.workers, context, index_corpus.read_base, arguments) as executor:
        size = index_corpus.write(wanted, executor)
    print(f"{max(part.last for part in wanted):,} texts, {size / 1e6:,.0f} MB, in {options.folder}")


def add(options: argparse.Namespace) -> None:
    """Print the costs of indexes of several sizes."""
    print(heading(options.paragraphs, options.rounds), flush=True)
    results = []
    for size in options.sizes:
        results.append(measure_add(options.folder, size, options.paragraphs, options.rounds))
        print(add_table(results[-1:]), flush=True)
    print("All sizes\n", add_table(results), size_table(results), lookup_table(results), sep="\n")
    save(options.out, [result._asdict() for result in results])


def against(options: argparse.Namespace) -> None:
    """Print the costs of `clean --against`."""
    print(heading(options.paragraphs, options.rounds), flush=True)
    costs = measure_against(options.new, options.reference, options.paragraphs, options.rounds)
    print(against_table(costs), steps_table(costs), sep="\n")
    save(options.out, costs._asdict())


def save(path: Path | None, results: Any) -> None:
    """Write results as JSON if a file is given."""
    if path:
        path.write_text(json.dumps(results, indent=1), "utf-8")


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    """Add the arguments of a command."""
    if name == "write":
        parser.add_argument("sources", type=Path, nargs="+", help="gzipped JSONL files with a column `text`")
        parser.add_argument("folder", type=Path, help="folder to write to")
        parser.add_argument("--later", type=int, default=10_000, help="number of later documents (default: 10,000)")
        parser.add_argument("--seed", type=int, default=1, help="seed of the texts (default: 1)")
        parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes (default: number of cores)")
    if name == "add":
        parser.add_argument("folder", type=Path, help="folder of the corpora; the indexes are written there too")
    if name == "against":
        parser.add_argument("new", type=Path, help="Parquet file")
        parser.add_argument("reference", type=Path, help="Parquet file")
    if name == "lookups":
        parser.add_argument("index", type=Path)
        parser.add_argument("texts", type=Path, help="Parquet file")
    if name in ("write", "add"):
        sizes = [10_000, 100_000, 1_000_000]
        parser.add_argument("--sizes", type=comma_separated(int), default=sizes, help="numbers of earlier documents")
    if name in ("add", "against"):
        parser.add_argument("--paragraphs", choices=["none", "within", "all"], default="within", help="option of dedup")
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument("--out", type=Path, metavar="JSON", help="write the results to this file too")


def lookups(options: argparse.Namespace) -> None:
    """Print the times of lookups from Python as JSON."""
    texts = [text for _, text in read(options.texts)][: WARM_UP + LOOKUPS]
    print(json.dumps(time_lookups(options.index, texts, WARM_UP)))


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "write": write,
    "add": add,
    "against": against,
    "lookups": lookups,
}


def main() -> None:
    """Parse the command line and run a command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, task in COMMANDS.items():
        description = (task.__doc__ or "").rstrip(".")
        add_arguments(commands.add_parser(name, help=description, description=f"{description}."), name)
    options = parser.parse_args()
    COMMANDS[options.command](options)


if __name__ == "__main__":
    main()
