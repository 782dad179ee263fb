"""Run dedup, its peers and a plain copy on the same corpora in turn, for `speed.py peers`.

Each size of a corpus is its first megabytes. A tool that exceeds the time limit or fails at a size is not run at larger
sizes. A tool gets no further round at a size once its rounds there have together taken longer than the limit.
"""

import statistics
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
from correctness import (
    LOWER_THRESHOLD,
    SHINGLE,
    THRESHOLD,
    ToolScores,
    UnusualCounts,
    count_unusual,
    dedup_shingles,
    evaluate,
    index_shingles,
    read_shingle_sets,
    similar_pairs,
)
from cost import Cost, empty, measure
from data import Row, read, unusual_texts, write
from markdown_tables import markdown_table
from peers import COPY, DEDUP, RUNNERS, TOOLS, Tool
from plot import Panel

TINY = [(str(number), f"A text, number {number}, of few words, like the others of them.") for number in range(20)]
# A corpus that ends before this multiple of the previous size is not run again in full.
MIN_GROWTH = 1.2
# Packages whose versions are listed beside the tool's own; the JSON file has all of them.
LISTED_PACKAGES = ("dedup-text", "numpy", "numba", "duckdb", "pyarrow", "datasets", "spacy")


class Corpus(NamedTuple):
    """The first megabytes of a corpus."""

    name: str
    megabytes: float
    file: Path
    folder: Path
    """The same texts in several files."""


class Entry(NamedTuple):
    """A tool with a number of workers."""

    tool: Tool
    workers: int


class Run(NamedTuple):
    """The costs of a tool on one size of a corpus."""

    corpus: str
    megabytes: float
    tool: str
    workers: int
    costs: list[Cost]
    """Costs of the rounds that succeeded."""
    error: str
    """Why there are no rounds or fewer rounds; empty if none failed."""
    kept: int
    """Number of texts kept."""

    def median(self, field: str) -> float:
        """Return the median of a field of the costs."""
        return float(statistics.median(getattr(cost, field) for cost in self.costs))


def prepare(name: str, rows: Iterable[Row], size: float, parts: int, folder: Path) -> Corpus:
    """Write the first bytes of a corpus as one file and as several.

    Args:
        name: Name of the corpus.
        rows: Ids and texts.
        size: Bytes of text.
        parts: Number of files in the folder of several.
        folder: Folder to write to.
    """
    parts_folder, file = empty(folder / "parts"), folder / "corpus.parquet"
    written = write(rows, file, int(size))
    remaining = read(file)
    for number in range(parts):
        write(remaining, parts_folder / f"{number}.parquet", -(-written // parts))
    return Corpus(name, written / 1e6, file, parts_folder)


def check_source(source: Path) -> None:
    """Exit with a message if the file is not a corpus."""
    if not source.is_file() or not {"id", "text"} <= set(pq.read_schema(source).names):
        raise SystemExit(f"{source} is no Parquet file with columns id and text. Create one with benchmarks/data.py.")


class Comparison:
    """The compared tools and the settings that all rounds share."""

    def __init__(self, tools: dict[Tool, Path], workers: list[int], limit: float, temp: Path) -> None:
        """Set up a comparison.

        Args:
            tools: Tools with the interpreters of their environments.
            workers: Numbers of workers to run parallel tools with.
            limit: Seconds a run may take.
            temp: Working folder.
        """
        self.pythons = {tool.name: python for tool, python in tools.items()}
        self.entries = [Entry(tool, count) for tool in tools for count in (workers if tool.parallel else [1])]
        self.workers, self.limit, self.temp = workers, limit, temp
        self.kept: dict[str, set[str]] = {}
        """Ids that each tool kept in its last successful run."""

    def run_once(self, entry: Entry, corpus: Corpus) -> Cost:
        """Run a tool once, print its cost and store the ids it kept."""
        tool, folder = entry.tool, empty(self.temp / "run")
        source, out = corpus.folder if tool.takes_folder else corpus.file, folder / "out"
        command = tool.command(self.pythons[tool.name], source, out, entry.workers)
        cost = measure(command, self.limit, folder / "log", empty(folder / "scratch"))
        result = cost.error or f"{cost.seconds:.2f} s, {cost.cpu:.2f} s CPU, {cost.peak:,.0f} MB"
        label = f"{corpus.name} {corpus.megabytes:.1f} MB: {tool.name}, workers: {entry.workers}"
        print(f"{label}: {result}", file=sys.stderr)
        if cost.error.startswith("failed"):
            print((folder / "log").read_text("utf-8", "replace")[-2000:], file=sys.stderr)
        if not cost.error:
            files = [out] if tool is COPY else sorted(out.glob(tool.kept))
            columns = [pq.read_table(file, columns=["id"])["id"].to_pylist() for file in files]
            self.kept[tool.name] = {name for column in columns for name in column}
        return cost

    def rounds(self, corpus: Corpus, entries: list[Entry], count: int) -> list[Run]:
        """Run tools in turn for several rounds."""
        costs: dict[Entry, list[Cost]] = {entry: [] for entry in entries}
        errors: dict[Entry, str] = {}
        kept: dict[Entry, int] = {}
        for _ in range(count):
            for entry in entries:
                if entry in errors or sum(cost.seconds for cost in costs[entry]) > self.limit:
                    continue
                cost = self.run_once(entry, corpus)
                if cost.error:
                    errors[entry] = cost.error
                else:
                    costs[entry].append(cost)
                    kept[entry] = len(self.kept[entry.tool.name])
        return [
            Run(
                corpus.name,
                corpus.megabytes,
                entry.tool.name,
                entry.workers,
                costs[entry],
                errors.get(entry, ""),
                kept.get(entry, 0),
            )
            for entry in entries
        ]

    def startup(self, count: int) -> list[Run]:
        """Run all tools on a tiny corpus to measure startup time, after a warm-up round."""
        runs = self.rounds(prepare("tiny", TINY, 1e6, max(self.workers), self.temp), self.entries, count + 1)
        return [run._replace(costs=run.costs[1:]) for run in runs]

    def all_sizes(self, source: Path, sizes: list[float], count: int) -> Iterator[tuple[Corpus, list[Run]]]:
        """Run the tools on increasing sizes of a corpus, each tool until it fails.

        Args:
            source: Parquet file of the corpus.
            sizes: Megabytes of text, ascending.
            count: Rounds at each size.

        Yields:
            The corpus and the runs of each size.
        """
        entries, previous = self.entries, 0.0
        for size in sizes:
            corpus = prepare(source.stem, read(source), size * 1e6, max(self.workers), self.temp)
            if corpus.megabytes < MIN_GROWTH * previous:
                return
            if not previous and DEDUP.name in self.pythons:  # compiles kernels that the tiny corpus did not need
                self.run_once(Entry(DEDUP, self.workers[0]), corpus)
            self.kept.clear()
            runs = self.rounds(corpus, entries, count)
            yield corpus, runs
            entries = [entry for entry, run in zip(entries, runs, strict=True) if not run.error]
            previous = corpus.megabytes

    def evaluate(self, corpus: Corpus, tools: Iterable[Tool]) -> Iterator[ToolScores]:
        """Check the last run of each tool against exact Jaccard similarity."""
        ids, texts = (list(column) for column in zip(*read(corpus.file), strict=True))
        pairs = {"": similar_pairs(index_shingles(*dedup_shingles(texts, SHINGLE)), LOWER_THRESHOLD)}
        for tool in tools:
            if tool is COPY or tool.name not in self.kept:
                continue
            kept = np.array([name in self.kept[tool.name] for name in ids])
            if tool.tokens not in pairs and (shingles := self.own_shingles(tool, corpus)):
                pairs[tool.tokens] = similar_pairs(read_shingle_sets(shingles), LOWER_THRESHOLD)
            scores = {name: evaluate(pairs[name], kept, THRESHOLD) for name in ("", tool.tokens) if name in pairs}
            tokens = min(scores, key=lambda name: scores[name].unjustified + scores[name].missed)
            yield ToolScores(corpus.name, corpus.megabytes, tool.name, tokens or "dedup's", scores[tokens])

    def own_shingles(self, tool: Tool, corpus: Corpus) -> Path | None:
        """Write the shingles of a corpus in the tool's own tokenisation; returns None if that fails."""
        folder = empty(self.temp / "run")
        command = [self.pythons[tool.name], RUNNERS / tool.runner, "shingles", corpus.file, folder / "shingles"]
        cost = measure(list(map(str, command)), self.limit, folder / "log", empty(folder / "scratch"))
        if not cost.error:
            return folder / "shingles"
        print(f"{tool.name}: own tokenisation {cost.error}; checked with dedup's tokens only", file=sys.stderr)
        return None

    def unusual(self) -> dict[str, dict[str, UnusualCounts]]:
        """Count for each tool what it does with unusual texts."""
        rows = list(unusual_texts())
        self.kept.clear()
        self.rounds(prepare("unusual", rows, 1e6, max(self.workers), self.temp), self.entries, 1)
        return {name: count_unusual(rows, kept) for name, kept in self.kept.items() if name != COPY.name}


def growth(runs: Iterable[Run], startup: float) -> float | None:
    """Fit the exponent by which the time without startup grows with the size (least squares of logarithms).

    Args:
        runs: Runs of a tool on several sizes.
        startup: Seconds of startup.

    Returns:
        The exponent, or None if fewer than two runs take longer than the startup.
    """
    points = [(run.megabytes, run.median("seconds") - startup) for run in runs if run.costs]
    sizes, seconds = np.log([point for point in points if point[1] > 0]).reshape(-1, 2).T
    return float(np.polyfit(sizes, seconds, 1)[0]) if sizes.size > 1 else None


def heading(results: dict[str, Any]) -> str:
    """Format the command, the machine, and the versions and settings of the tools."""
    rows = []
    for tool, versions in results["versions"].items():
        packages = ["pyarrow"] if tool == COPY.name else [tool, *LISTED_PACKAGES]
        listed = [f"{name} {versions[name]}" for name in packages if name in versions]
        rows.append([tool, ", ".join(listed), results["settings"][tool]])
    return (
        f"`{results['command']}`\n\nMachine: {results['machine']}. dedup: {results['commit'] or 'this checkout'}.\n\n"
        + markdown_table(["tool", "versions", "settings"], rows)
    )


def plain(value: Any) -> Any:
    """Convert named tuples to dictionaries, for JSON."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def times_table(runs: list[Run]) -> str:
    """Format the costs of all tools on a corpus, with ratios to dedup and to the plain copy."""
    most = max(run.workers for run in runs)
    medians = {(run.megabytes, run.tool, run.workers): run.median("seconds") for run in runs if run.costs}
    # Heading, tool and number of workers; 0: as many as the run.
    references = [
        ("times dedup, same workers", DEDUP.name, 0),
        (f"times dedup, {most} workers", DEDUP.name, most),
        ("times plain copy", COPY.name, 1),
    ]

    def row(run: Run) -> list[str]:
        first = [f"{run.megabytes:,.0f}", run.tool, str(run.workers)]
        if not run.costs:
            return [*first, f"{run.error}; not run at larger sizes", *[""] * 6]
        seconds = [cost.seconds for cost in run.costs]
        others = [medians.get((run.megabytes, tool, workers or run.workers)) for _, tool, workers in references]
        return [
            *first,
            f"{run.median('seconds'):,.2f} ({min(seconds):,.2f} to {max(seconds):,.2f})"
            + f"; then {run.error}; not run at larger sizes" * bool(run.error),
            f"{run.median('cpu'):,.1f}",
            f"{run.median('peak'):,.0f}",
            f"{run.kept:,}",
            *(f"{run.median('seconds') / other:,.2f}" if other else "" for other in others),
        ]

    header = ["MB", "tool", "workers", "seconds: median (min to max)", "CPU s", "peak MB", "texts kept"]
    return markdown_table([*header, *(name for name, _, _ in references)], map(row, runs))


def growth_table(runs: list[Run], startups: list[Run]) -> str:
    """Format the startup time of each tool, the growth of its time and its throughput at the largest size."""
    rows = []
    for corpus in dict.fromkeys(run.corpus for run in runs):
        for startup in startups:
            key = (corpus, startup.tool, startup.workers)
            done = [run for run in runs if (run.corpus, run.tool, run.workers) == key and run.costs]
            if done and startup.costs:
                base, last = startup.median("seconds"), done[-1]
                exponent = growth(done, base)
                rows.append(
                    [
                        corpus,
                        startup.tool,
                        startup.workers,
                        f"{base:.2f}",
                        "" if exponent is None else f"{exponent:.2f}",
                        f"{done[0].megabytes:,.0f} to {last.megabytes:,.0f}",
                        f"{last.megabytes / last.median('seconds'):,.1f}",
                    ]
                )
    header = ["corpus", "tool", "workers", "startup, s", "exponent, without startup", "MB", "MB/s at the largest size"]
    return markdown_table(header, rows)


def panels(runs: list[Run]) -> list[Panel]:
    """Arrange the times for a plot: a panel for each corpus and number of workers."""
    worker_counts = sorted({run.workers for run in runs if TOOLS[run.tool].parallel} or {1})

    def points(corpus: str, tool: str, workers: int) -> list[tuple[float, float]]:
        key = (corpus, tool, workers if TOOLS[tool].parallel else 1)
        chosen = [run for run in runs if (run.corpus, run.tool, run.workers) == key and run.costs]
        return [(run.megabytes, run.median("seconds")) for run in chosen]

    tools = dict.fromkeys(run.tool for run in runs)
    return [
        Panel(f"{corpus}, {count} worker{'s' * (count > 1)}", {tool: points(corpus, tool, count) for tool in tools})
        for corpus in dict.fromkeys(run.corpus for run in runs)
        for count in worker_counts
    ]
