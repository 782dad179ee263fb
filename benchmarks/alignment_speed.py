"""Time `dedup align` of this checkout, of other checkouts, and of tf-idf with nearest neighbours, run in turn.

    python benchmarks/speed.py align --base ../before --data FOLDER [CORPUS …]

The commands are those of a user. Memory is that of all processes of a
command together; pages that they share count once. Each checkout runs once on the seeds before, which compiles its
kernels.
"""

import argparse
import json
import math
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from alignment_corpora import CORPORA, ROOT, SEEDS, Corpus, align_command, chosen, data_folder
from cost import Cost, measure
from grown import Planted, found_pairs
from markdown_tables import markdown_table
from measures import best_f1_threshold
from peers import RUNNERS, Tool, environment

DEFAULT = ["semeval", "reuters-1000", "reuters-4000", "reuters", "grown-100000", "long"]
THIS = "this checkout"
TFIDF = Tool("scikit-learn", ("scikit-learn==1.*",), "tfidf_neighbours.py", parallel=True)
NOTE = (
    "passim: according to its paper (Smith, Cordell and Mullen, “Computational Methods for Uncovering Reprinted Texts "
    "in Antebellum Newspapers”, American Literary History 27, 2015), its index selects, of 52,177 issues, 36 million "
    "of 1.36 billion pairs to align, and 10 alignments per second are “somewhat optimistic”."
)


class Counts(NamedTuple):
    """What a program found in a corpus."""

    articles: str
    pairs: str
    """Number of pairs compared."""
    stories: str
    recall: str
    """Share of the planted pairs that were found; empty if none are planted."""


NO_COUNTS = Counts("", "", "", "")


@dataclass(frozen=True)
class Program:
    """A program to time."""

    name: str
    command: Callable[[Path, Path], list[str]]
    """The command, given the input and the file or folder to write."""
    count: Callable[[Path, Sequence[Planted]], Counts]
    """Reads what it wrote, given the file or folder and the planted pairs."""


@dataclass
class Timed:
    """Costs of a program on a corpus, one a round."""

    program: Program
    costs: list[Cost] = field(default_factory=list)
    counts: Counts = NO_COUNTS

    @property
    def error(self) -> str:
        """Return why a run failed, or nothing."""
        return next((cost.error for cost in self.costs if cost.error), "")

    @property
    def seconds(self) -> float:
        """Return the median of the wall times."""
        return statistics.median(cost.seconds for cost in self.costs)


def align_program(name: str, checkout: Path, workers: int) -> Program:
    """Return the program `dedup align` of a checkout."""
    return Program(name, lambda source, out: align_command(checkout, source, out, workers), count_aligned)


def count_aligned(out: Path, planted: Sequence[Planted]) -> Counts:
    """Read the counts of a run of `align`, and look for the planted pairs in its stories."""
    counts = json.loads((out / "run.json").read_bytes())["counts"]
    recall = ""
    if planted:
        found = found_pairs(planted, out)["all"]
        recall = f"{found.same_story / found.planted:.3f}, linked {found.linked / found.planted:.3f}"
    cells = (f"{counts[name]:,}" if name in counts else "" for name in ("documents", "pairs", "stories"))
    return Counts(*cells, recall)


def tfidf_program(python: Path, workers: int) -> Program:
    """Return the program that finds nearest neighbours, run by an interpreter with scikit-learn."""
    script = str(RUNNERS / TFIDF.runner)
    return Program(
        "tf-idf",
        lambda source, out: [str(python), script, str(source), str(out), "--workers", str(workers)],
        count_neighbours,
    )


def count_neighbours(out: Path, planted: Sequence[Planted]) -> Counts:
    """Look for the planted pairs among the neighbours, and at the cosine that separates them best from other pairs."""
    with out.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    cosines = {frozenset((row["left"], row["right"])): row["cosine"] for row in rows}
    articles = len({row["left"] for row in rows})
    if not planted:
        return Counts(f"{articles:,}", f"{len(cosines):,} neighbours", "", "")
    wanted = {frozenset(pair[:2]) for pair in planted}
    found = wanted & cosines.keys()
    values = np.array(list(cosines.values()))
    gold = np.array([pair in wanted for pair in cosines])
    threshold, _ = best_f1_threshold(values, gold, len(wanted) - len(found))
    above = sum(cosines[pair] >= threshold for pair in found)
    recall = f"{len(found) / len(wanted):.3f}; {above / len(wanted):.3f} at {threshold:.2f}"
    return Counts(f"{articles:,}", f"{len(cosines):,} neighbours", "", recall)


def time_corpus(corpus: Corpus, programs: Sequence[Program], options: argparse.Namespace) -> list[Timed]:
    """Run all programs on a corpus, in turn in each round.

    Args:
        corpus: Corpus.
        programs: Programs, of which one that fails or exceeds the limit is not run again.
        options: Options `data`, `inputs`, `rounds` and `limit`.
    """
    source, planted = corpus.path(options.data, options.inputs), corpus.truth(options.data, options.inputs)
    timed = [Timed(program) for program in programs]
    with tempfile.TemporaryDirectory() as temp:
        for _ in range(options.rounds):
            for number, entry in enumerate(timed):
                if not entry.error:
                    out, log = Path(temp, f"out-{number}"), Path(temp, f"log-{number}")
                    entry.costs.append(measure(entry.program.command(source, out), options.limit, log, Path(temp)))
                    if not entry.error:
                        entry.counts = entry.program.count(out, planted)
    return timed


def table_rows(corpus: Corpus, timed: Sequence[Timed]) -> list[list[str]]:
    """Return the rows of a corpus in the table; ratios are medians of the ratios of each round."""
    rows = []
    for entry in timed:
        row = [corpus.name, entry.program.name]
        if entry.error:
            rows.append([*row, entry.error, "", "", "", *entry.counts])
            continue
        ratios = [ours.seconds / its.seconds for ours, its in zip(timed[0].costs, entry.costs, strict=False)]
        ratio = "" if entry is timed[0] else f"{statistics.median(ratios):.3f}"
        cpu, peak = (statistics.median(getattr(cost, name) for cost in entry.costs) for name in ("cpu", "peak"))
        rows.append([*row, f"{entry.seconds:.1f}", ratio, f"{cpu:.1f}", f"{peak:.0f}", *entry.counts])
    return rows


def growth_lines(first_times: dict[str, Timed]) -> list[str]:
    """Describe how the time of this checkout grows with the number of articles, for corpora of several sizes.

    Args:
        first_times: Costs of this checkout by name of the corpus.
    """
    families: dict[str, list[tuple[int, float]]] = {}
    for name, entry in first_times.items():
        if not entry.error:
            size = int(entry.counts.articles.replace(",", "") or 0)
            families.setdefault(name.split("-")[0], []).append((size, entry.seconds))
    lines = []
    for name, points in families.items():
        (first, fast), (last, slow) = min(points), max(points)
        if 0 < first < last:
            exponent = math.log(slow / fast) / math.log(last / first)
            lines.append(f"{name}, from {first:,} to {last:,} articles: exponent {exponent:.2f}")
    return lines


def compare(options: argparse.Namespace) -> None:
    """Time the programs on each corpus and print the table."""
    options.data, options.inputs = data_folder(options.data), options.inputs.absolute()
    checkouts = {THIS: ROOT, **{path.name: path.absolute() for path in options.base}}
    programs = [align_program(name, path, options.workers) for name, path in checkouts.items()]
    corpora = chosen(options.corpora, DEFAULT)
    with tempfile.TemporaryDirectory() as temp:
        for program in programs:
            measure(program.command(SEEDS, Path(temp, "out")), options.limit, Path(temp, "log"), Path(temp))
    if not options.without_tfidf:
        programs.append(tfidf_program(environment(TFIDF, options.environments), options.workers))
    rows, first_times = [], {}
    for corpus in corpora:
        timed = time_corpus(corpus, programs, options)
        first_times[corpus.name] = timed[0]
        rows += table_rows(corpus, timed)
        print(" | ".join(" ".join(row) for row in rows[-len(timed) :]), flush=True)
    header = ["corpus", "program", "seconds", f"{THIS} ÷ it", "CPU s", "peak, MB", "articles", "pairs", "stories"]
    print(f"\n{options.workers} workers, medians of {options.rounds} rounds\n")
    print(markdown_table([*header, "recall of planted pairs"], rows))
    print(*growth_lines(first_times), NOTE, sep="\n")


def add_arguments(parser: argparse.ArgumentParser, cache: Path) -> None:
    """Add the arguments of `speed.py align`.

    Args:
        parser: Parser of the command.
        cache: Default folder of inputs and virtual environments.
    """
    parser.description = __doc__
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=f"of {', '.join(CORPORA)}; default: {DEFAULT}")
    parser.add_argument("--base", type=Path, action="append", default=[], help="another checkout of the project")
    parser.add_argument("--data", type=Path, help="folder of the sets (default: DEDUP_DATA)")
    parser.add_argument("--inputs", type=Path, default=cache / "inputs", help="folder for the inputs, kept")
    parser.add_argument("--environments", type=Path, default=cache, help=f"virtual environments (default: {cache})")
    parser.add_argument("--without-tfidf", action="store_true", help="run only dedup")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=1800, help="seconds a run may take (default: 1800)")
    parser.add_argument("--rounds", type=int, default=3)
