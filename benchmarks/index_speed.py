"""Measure the index and `--against`: time, memory and size beside `dedup clean` and beside peers; recall.

    python benchmarks/index_speed.py write french_novels.jsonl.gz reuters21578.jsonl.gz corpora
    python benchmarks/index_speed.py add corpora
    python benchmarks/index_speed.py against corpora/later-100000.parquet corpora/earlier-100000.parquet
    python benchmarks/index_speed.py peers corpora --sizes 10000,100000
    python benchmarks/index_speed.py recall --halves reuters21578.jsonl.gz --years legi_fr_articles.jsonl.gz

`write` generates the corpora from real text with planted duplicates, on all cores: of N earlier documents
`earlier-N.parquet`, and the documents that follow, `later-N.parquet`. The other commands measure processes of their
own, in turn. The figures are medians after a warm-up round; nothing else should run at the same time. `--paragraphs` is
the option of `dedup`; with `none` only documents are compared (`--unit documents`).

`add` builds an index of the earlier documents, then compares `dedup index add` of the later documents to a copy of it
(hard links, not counted) with `dedup clean` of the later documents alone. The files of the index are in the page cache.
`against` compares `dedup clean NEW --against REF` with the steps "read" and "sketch" of `dedup clean REF NEW`.
`peers` looks up the later documents in an index of the earlier ones, and so do datasketch and datatrove. `recall`
compares `--against` with the exact Jaccard similarity of all pairs.
"""

import argparse
import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import index_corpus
import index_peers
import pyarrow as pa
import reference_recall
from against_costs import against_table, measure_against, steps_table
from index_costs import add_table, lookup_table, measure_add, size_table, unit_options
from speed import cache_folder, comma_separated, commit, machine


def heading(paragraphs: str, rounds: int) -> str:
    """Describe machine, versions and settings."""
    options = f"`{' '.join(unit_options(paragraphs))}`"
    figures = f"rounds: {rounds}; medians (minimum to maximum), and greatest peaks"
    return f"{machine()}, commit {commit() or 'unknown'}, pyarrow {pa.__version__}; {options}; {figures}\n"


def save(path: Path | None, results: Any) -> None:
    """Write results as JSON if a file is given."""
    if path:
        path.write_text(json.dumps(results, indent=1), "utf-8")


def write(options: argparse.Namespace) -> None:
    """Write the corpora."""
    options.folder.mkdir(parents=True, exist_ok=True)
    wanted = index_corpus.parts(options.folder, options.sizes, options.later)
    context, arguments = multiprocessing.get_context("spawn"), (options.sources, options.seed)
    with ProcessPoolExecutor(options.workers, context, index_corpus.read_base, arguments) as executor:
        size = index_corpus.write(wanted, executor)
    print(f"{max(part.last for part in wanted):,} texts, {size / 1e6:,.0f} MB, in {options.folder}")


def add(options: argparse.Namespace) -> None:
    """Measure additions and lookups for indexes of several sizes."""
    print(heading(options.paragraphs, options.rounds), flush=True)
    results = []
    for size in options.sizes:
        results.append(measure_add(options.folder, size, options.paragraphs, options.rounds))
        print(f"{size:,} earlier documents done", flush=True)
        save(options.out, [result._asdict() for result in results])
    print("", add_table(results), size_table(results), lookup_table(results), sep="\n")


def against(options: argparse.Namespace) -> None:
    """Measure `clean --against`."""
    print(heading(options.paragraphs, options.rounds), flush=True)
    measured = measure_against(options.new, options.reference, options.paragraphs, options.rounds)
    print(against_table(measured), steps_table(measured["against"]), sep="\n")
    save(options.out, {name: asdict(run) for name, run in measured.items()})


def peers(options: argparse.Namespace) -> None:
    """Look up the later documents in an index of the earlier ones, with dedup and with peers."""
    print(heading("none", 1), flush=True)
    results: list[index_peers.PeerCosts] = []
    tools = index_peers.installed(options.tools, options.environments)
    for size in options.sizes:
        results += index_peers.measure_peers(options.folder, size, tools, options.workers)
        save(options.out, [result._asdict() for result in results])
    print(index_peers.peers_table(results))


def recall(options: argparse.Namespace) -> None:
    """Compare `--against` with the exact Jaccard similarity of all pairs."""
    if not options.halves and not options.years:
        raise SystemExit("Give --halves FILE, --years FILE, or both: gzipped JSONL files.")
    results: list[reference_recall.Recall] = []
    for file in options.halves:
        results += reference_recall.evaluate_halves(file)
    for file in options.years:
        results += reference_recall.evaluate_years(file)
    print(reference_recall.recall_table(results))
    save(options.out, [result._asdict() for result in results])


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "write": write,
    "add": add,
    "against": against,
    "peers": peers,
    "recall": recall,
}


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    """Add the arguments of a command."""
    if name == "write":
        parser.add_argument("sources", type=Path, nargs="+", help="gzipped JSONL files with a column `text`")
        parser.add_argument("--later", type=int, default=10_000, help="number of later documents (default: 10000)")
        parser.add_argument("--seed", type=int, default=1, help="seed of the texts (default: 1)")
    if name in ("write", "add", "peers"):
        sizes = [10_000, 100_000, 1_000_000]
        parser.add_argument("folder", type=Path, help="folder of the corpora; indexes are written there too")
        parser.add_argument(
            "--sizes", type=comma_separated(int), default=sizes, help="numbers of earlier documents, as 10000,100000"
        )
    if name in ("write", "peers"):
        parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes (default: number of cores)")
    if name == "peers":
        tools = list(index_peers.TOOLS)
        parser.add_argument("--tools", type=comma_separated(str), default=tools, help=f"of {','.join(tools)}")
        parser.add_argument("--environments", type=Path, default=cache_folder(), help="folder of virtual environments")
    if name == "against":
        parser.add_argument("new", type=Path, help="the new documents")
        parser.add_argument("reference", type=Path, help="the reference")
    if name in ("add", "against"):
        default = "within" if name == "add" else "none"
        text = f"option of dedup (default: {default})"
        parser.add_argument("--paragraphs", choices=["none", "within", "all"], default=default, help=text)
        parser.add_argument("--rounds", type=int, default=5)
    if name == "recall":
        for option, text in (("--halves", "second half against the first"), ("--years", "each year of `date`")):
            parser.add_argument(option, type=Path, action="append", default=[], metavar="FILE", help=text)
    if name != "write":
        parser.add_argument("--out", type=Path, metavar="JSON", help="write the results to this file too")


def main() -> None:
    """Parse the command line and run a command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, task in COMMANDS.items():
        description = task.__doc__ or ""
        add_arguments(commands.add_parser(name, help=description, description=description), name)
    options = parser.parse_args()
    COMMANDS[options.command](options)


if __name__ == "__main__":
    main()
