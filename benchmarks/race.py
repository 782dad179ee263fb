"""The race behind `speed.py peers`: dedup, its peers and a plain read and write on the same corpora, taken in turn.

Each size of a corpus is its first megabytes. A tool that runs out of time at one size is not run at larger ones, and
it gets no further round at a size where its rounds together have taken longer than the limit.
"""

import statistics
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
from data import Row, odd, read, write
from exact import (
    LOWER,
    THRESHOLD,
    Judged,
    Loss,
    dedup_sets,
    ids_and_texts,
    judge,
    losses,
    read_sets,
    similar_pairs,
    table,
)
from peers import DEDUP, FLOOR, RUNNERS, TOOLS, Cost, Tool, empty, measure
from plot import Panel

TINY = [(str(number), f"A text, number {number}, of few words, like the others of them.") for number in range(20)]
# A corpus that ends at less than so many times the size before is not run as a whole.
GROWS = 1.2
# What versions are told of, beside a tool's own; all are in the figures.
PARTS = ("dedup-text", "numpy", "numba", "duckdb", "pyarrow", "datasets", "spacy")


class Corpus(NamedTuple):
    """The first megabytes of a corpus."""

    name: str
    megabytes: float
    file: Path
    folder: Path
    """The same in several files."""


class Entry(NamedTuple):
    """A tool with so many workers."""

    tool: Tool
    workers: int


class Run(NamedTuple):
    """What a tool took for one size of a corpus."""

    corpus: str
    megabytes: float
    tool: str
    workers: int
    costs: list[Cost]
    """Of each round that came to its end."""
    ended: str
    """Why there is none, or no more; empty if the tool did all that was asked."""
    kept: int

    def median(self, side: str) -> float:
        """Give the median of the rounds' seconds, or another figure of theirs."""
        return float(statistics.median(getattr(cost, side) for cost in self.costs))


def prepare(name: str, rows: Iterable[Row], size: float, parts: int, home: Path) -> Corpus:
    """Write the first bytes of a corpus as one file, and as a folder of several."""
    folder, file = empty(home / "parts"), home / "corpus.parquet"
    done = write(rows, file, int(size))
    again = read(file)
    for number in range(parts):
        write(again, folder / f"{number}.parquet", -(-done // parts))
    return Corpus(name, done / 1e6, file, folder)


def check(source: Path) -> None:
    """Refuse what is no corpus."""
    if not source.is_file() or not {"id", "text"} <= set(pq.read_schema(source).names):
        raise SystemExit(f"{source}: no Parquet file with the columns id and text. Make one with benchmarks/data.py.")


class Race:
    """Who runs, and what all rounds have in common."""

    def __init__(self, tools: dict[Tool, Path], workers: list[int], limit: float, temp: Path) -> None:
        """Take tools with their Pythons, numbers of workers, the limit in seconds, and a folder to work in."""
        self.pythons = {tool.name: python for tool, python in tools.items()}
        self.entries = [Entry(tool, count) for tool in tools for count in (workers if tool.parallel else [1])]
        self.workers, self.limit, self.temp = workers, limit, temp
        self.kept: dict[str, set[str]] = {}
        """Ids that each tool kept when it last came to its end."""

    def once(self, entry: Entry, corpus: Corpus) -> Cost:
        """Run a tool, and say so."""
        tool, home = entry.tool, empty(self.temp / "run")
        source, out = corpus.folder if tool.takes_folder else corpus.file, home / "out"
        command = tool.command(self.pythons[tool.name], source, out, entry.workers)
        cost = measure(command, self.limit, home / "log", empty(home / "scratch"))
        said = cost.ended or f"{cost.seconds:.2f} s, {cost.cpu:.2f} s CPU, {cost.peak:,.0f} MB"
        print(f"{corpus.name} {corpus.megabytes:.1f} MB: {tool.name}, {entry.workers} workers: {said}", file=sys.stderr)
        if cost.ended.startswith("failed"):
            print((home / "log").read_text("utf-8", "replace")[-2000:], file=sys.stderr)
        if not cost.ended:
            files = [out] if tool is FLOOR else sorted(out.glob(tool.kept))
            columns = [pq.read_table(file, columns=["id"])["id"].to_pylist() for file in files]
            self.kept[tool.name] = {name for column in columns for name in column}
        return cost

    def rounds(self, corpus: Corpus, entries: list[Entry], count: int) -> list[Run]:
        """Run tools in turn, several times."""
        costs: dict[Entry, list[Cost]] = {entry: [] for entry in entries}
        ended: dict[Entry, str] = {}
        kept: dict[Entry, int] = {}
        for _ in range(count):
            for entry in entries:
                if entry in ended or sum(cost.seconds for cost in costs[entry]) > self.limit:
                    continue
                cost = self.once(entry, corpus)
                if cost.ended:
                    ended[entry] = cost.ended
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
                ended.get(entry, ""),
                kept.get(entry, 0),
            )
            for entry in entries
        ]

    def start(self, count: int) -> list[Run]:
        """Run all tools on next to nothing, after a round that does not count."""
        runs = self.rounds(prepare("tiny", TINY, 1e6, max(self.workers), self.temp), self.entries, count + 1)
        return [run._replace(costs=run.costs[1:]) for run in runs]

    def grow(self, source: Path, sizes: list[float], count: int) -> Iterator[tuple[Corpus, list[Run]]]:
        """Run all tools on more and more of a corpus, as far as each gets."""
        entries, before = self.entries, 0.0
        for size in sizes:
            corpus = prepare(source.stem, read(source), size * 1e6, max(self.workers), self.temp)
            if corpus.megabytes < GROWS * before:
                return
            if not before and DEDUP.name in self.pythons:  # it may have to compile what the tiny corpus did not need
                self.once(Entry(DEDUP, self.workers[0]), corpus)
            self.kept.clear()
            runs = self.rounds(corpus, entries, count)
            yield corpus, runs
            entries = [entry for entry, run in zip(entries, runs, strict=True) if not run.ended]
            before = corpus.megabytes

    def judge(self, corpus: Corpus, tools: Iterable[Tool]) -> Iterator[Judged]:
        """Say how right the tools were that have just run."""
        ids, texts = ids_and_texts(corpus.file)
        pairs = {"": similar_pairs(dedup_sets(texts), LOWER)}
        for tool in tools:
            if tool is FLOOR or tool.name not in self.kept:
                continue
            stays = np.array([name in self.kept[tool.name] for name in ids])
            if tool.tokens not in pairs and (shingles := self.shingles(tool, corpus)):
                pairs[tool.tokens] = similar_pairs(read_sets(shingles), LOWER)
            verdicts = {name: judge(pairs[name], stays, THRESHOLD) for name in ("", tool.tokens) if name in pairs}
            tokens = min(verdicts, key=lambda name: verdicts[name].unlike + verdicts[name].missed)
            yield Judged(corpus.name, corpus.megabytes, tool.name, tokens or "dedup's", verdicts[tokens])

    def shingles(self, tool: Tool, corpus: Corpus) -> Path | None:
        """Have a peer cut a corpus by its own tokens; none if it cannot."""
        home = empty(self.temp / "run")
        command = [self.pythons[tool.name], RUNNERS / tool.runner, "shingles", corpus.file, home / "shingles"]
        cost = measure(list(map(str, command)), self.limit, home / "log", empty(home / "scratch"))
        if not cost.ended:
            return home / "shingles"
        print(f"{tool.name}: its own tokens {cost.ended}; it is judged by those of dedup only", file=sys.stderr)
        return None

    def lose(self) -> dict[str, dict[str, Loss]]:
        """Say what each tool loses of odd texts."""
        rows = list(odd())
        self.kept.clear()
        self.rounds(prepare("odd", rows, 1e6, max(self.workers), self.temp), self.entries, 1)
        return {name: losses(rows, kept) for name, kept in self.kept.items() if name != FLOOR.name}


def growth(runs: Iterable[Run], start: float) -> float | None:
    """Give the exponent by which the time above that of starting grows with the size (least squares of logarithms)."""
    points = [(run.megabytes, run.median("seconds") - start) for run in runs if run.costs]
    sizes, seconds = np.log([point for point in points if point[1] > 0]).reshape(-1, 2).T
    return float(np.polyfit(sizes, seconds, 1)[0]) if sizes.size > 1 else None


def heading(results: dict[str, Any]) -> str:
    """Write on what, with what and how all was run."""
    rows = []
    for tool, versions in results["versions"].items():
        parts = ["pyarrow"] if tool == FLOOR.name else [tool, *PARTS]
        named = [f"{name} {versions[name]}" for name in parts if name in versions]
        rows.append([tool, ", ".join(named), results["settings"][tool]])
    return (
        f"`{results['command']}`\n\nMachine: {results['machine']}. dedup: {results['commit'] or 'this checkout'}.\n\n"
        + table(["tool", "versions", "how"], rows)
    )


def plain(value: Any) -> Any:
    """Turn named tuples into dictionaries, for JSON."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def times(runs: list[Run]) -> str:
    """Write what each tool took on one corpus, beside dedup and the floor."""
    most = max(run.workers for run in runs)
    took = {(run.megabytes, run.tool, run.workers): run.median("seconds") for run in runs if run.costs}
    rivals = [("times dedup, as many workers", DEDUP.name, 0), (f"times dedup, {most} workers", DEDUP.name, most)]
    rivals.append(("times the floor", FLOOR.name, 1))

    def row(run: Run) -> list[str]:
        begin = [f"{run.megabytes:,.0f}", run.tool, str(run.workers)]
        if not run.costs:
            return [*begin, f"{run.ended}, so not run on more", *[""] * 6]
        seconds = [cost.seconds for cost in run.costs]
        beside = [took.get((run.megabytes, tool, workers or run.workers)) for _, tool, workers in rivals]
        return [
            *begin,
            f"{run.median('seconds'):,.2f} ({min(seconds):,.2f} to {max(seconds):,.2f})"
            + f"; then {run.ended}, so not run on more" * bool(run.ended),
            f"{run.median('cpu'):,.1f}",
            f"{run.median('peak'):,.0f}",
            f"{run.kept:,}",
            *(f"{run.median('seconds') / other:,.2f}" if other else "" for other in beside),
        ]

    head = ["MB", "tool", "workers", "seconds: median (least to most)", "CPU s", "peak MB", "texts kept"]
    return table([*head, *(name for name, _, _ in rivals)], map(row, runs))


def growths(runs: list[Run], starts: list[Run]) -> str:
    """Write how long each tool takes to start, how its time grows, and how far it got."""
    rows = []
    for corpus in dict.fromkeys(run.corpus for run in runs):
        for start in starts:
            done = [r for r in runs if (r.corpus, r.tool, r.workers) == (corpus, start.tool, start.workers) and r.costs]
            if done and start.costs:
                base, last = start.median("seconds"), done[-1]
                exponent = growth(done, base)
                rows.append(
                    [
                        corpus,
                        start.tool,
                        start.workers,
                        f"{base:.2f}",
                        "" if exponent is None else f"{exponent:.2f}",
                        f"{done[0].megabytes:,.0f} to {last.megabytes:,.0f}",
                        f"{last.megabytes / last.median('seconds'):,.1f}",
                    ]
                )
    head = ["corpus", "tool", "workers", "start, s", "exponent of time less start", "over MB", "MB/s at the last"]
    return table(head, rows)


def panels(runs: list[Run]) -> list[Panel]:
    """Arrange the times for a plot: for each corpus and number of workers, all tools."""
    asked = sorted({run.workers for run in runs if TOOLS[run.tool].parallel} or {1})

    def points(corpus: str, tool: str, workers: int) -> list[tuple[float, float]]:
        used = workers if TOOLS[tool].parallel else 1
        mine = [run for run in runs if (run.corpus, run.tool, run.workers) == (corpus, tool, used) and run.costs]
        return [(run.megabytes, run.median("seconds")) for run in mine]

    tools = dict.fromkeys(run.tool for run in runs)
    return [
        Panel(f"{corpus}, {count} worker{'s' * (count > 1)}", {tool: points(corpus, tool, count) for tool in tools})
        for corpus in dict.fromkeys(run.corpus for run in runs)
        for count in asked
    ]
