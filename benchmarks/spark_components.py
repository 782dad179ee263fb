"""Measure what Spark is worst at: one giant component in one task, and components of many edges in SQL.

    python benchmarks/spark_components.py chain --texts 1000000 --memory 512MB --out chain.json
    python benchmarks/spark_components.py edges --edges 10000000 --out edges.json

`chain`: texts that follow each other in a chain, each with a Jaccard similarity of .85 to the next and less than .8 to
all others, in random order. They are one component, which one task compares, without Spark. In random order, the share
of kept texts tends to (1 - 1/e²)/2 = .4323, as for Rényi's and Flory's sequential adsorption on a line.

`edges`: random edges, as between the texts of a corpus, whose components are found by the driver and by Spark SQL.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from markdown_tables import markdown_table
from numpy.typing import NDArray
from spark_costs import event_log, read_steps, run_measured
from speed import commit, machine

from dedup.corpus.report import Columns
from dedup.duplicates.distributed.plan import Plan
from dedup.duplicates.distributed.storage.pieces import StoredPieces
from dedup.duplicates.distributed.tasks.deciding import decide
from dedup.duplicates.distributed.tasks.unit_rows import UNIT_ROW
from dedup.engine.spark.grouping import ROW_BITS, EdgeFiles, assign_components, connect
from dedup.engine.spark.jobs import Jobs
from dedup.engine.spark.session import open_session
from dedup.runtime.progress import Progress
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import GroupedTable, read_table, write_table
from dedup.settings import Reading, Resources, Settings, parse_size

# Words of a text, and words after which the next text of the chain begins: 74 shingles, of which 68 are shared.
LENGTH, STEP = 78, 6
VOCABULARY = 50_000
BATCH = 10_000
EXPECTED_KEPT = (1 - np.exp(-2)) / 2
# Of the pairs at .85, about 2 in 10,000 share no band.
TOLERANCE = 0.005
# Random edges: units for each edge, the greatest distance of two units that an edge joins, pieces, and files.
SPREAD, GROUP, PIECES, FILES = 4, 4, 16, 8


def chain(texts: int, seed: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a chain of texts in random order, as a task receives them.

    Args:
        texts: Number of texts.
        seed: Seed of words and order.
    """
    random = np.random.default_rng(seed)
    words = random.integers(0, VOCABULARY, (texts - 1) * STEP + LENGTH, np.int32)
    order = random.permutation(texts)
    for first in range(0, texts, BATCH):
        places = order[first : first + BATCH]
        rows = [b" ".join(b"w%d" % word for word in words[STEP * place : STEP * place + LENGTH]) for place in places]
        yield unit_rows(first, rows).cast(UNIT_ROW)


def unit_rows(first: int, texts: list[bytes]) -> pa.RecordBatch:
    """Return documents with the columns of `UNIT_ROW`."""

    units = np.arange(first, first + len(texts))
    zeros, lengths = np.zeros(units.size, np.int64), np.array([len(text) for text in texts])
    columns: dict[str, Any] = {
        "component": zeros,
        "unit": units,
        "doc": units,
        "start": zeros,
        "end": lengths,
        "cut_start": zeros,
        "cut_end": lengths,
        "byte_cut_start": zeros,
        "byte_cut_end": lengths,
        "tokens": zeros + LENGTH,
        "content": units,
        "block": zeros.astype(np.bool_),
        "text": texts,
        "id": units.astype(str).tolist(),
        "path": ["chain.parquet"] * units.size,
        "precedence": zeros,
        "scope": pa.nulls(units.size, pa.string()),
        "others": pa.nulls(units.size, pa.binary()),
    }
    return pa.RecordBatch.from_arrays([pa.array(columns[name]) for name in UNIT_ROW.names], names=UNIT_ROW.names)


def compare_chain(texts: int, memory: int, seed: int, folder: Path) -> dict[str, Any]:
    """Compare a chain as one task does, and return the seconds and the share of kept texts."""

    work = SharedFolder(folder / "work")
    columns = pa.schema([(name, pa.large_string()) for name in ("id", "path", "text")])
    pieces = StoredPieces(work, "none", (0,), texts, columns, Columns("text", "id"), Resources())
    settings = Settings(unit="documents", paragraphs="none")
    plan = Plan("clean", settings, Reading(), memory, work, SharedFolder(folder / "out"), pieces)
    begun = time.perf_counter()
    found = decide(plan, "documents", chain(texts, seed))
    seconds = time.perf_counter() - begun
    removed = sum(batch.num_rows for batch in read_table(work, f"documents-decided/{found.name}.arrow"))
    kept = 1 - removed / texts
    if abs(kept - EXPECTED_KEPT) > TOLERANCE:
        raise SystemExit(f"{kept:.4f} of the texts are kept, but {EXPECTED_KEPT:.4f} are expected")
    return {"texts": texts, "seconds": seconds, "pairs": found.pairs, "kept": kept}


def random_edges(edges: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return edges between units that are close to each other; many form longer components.

    Args:
        edges: Number of edges.
        seed: Seed of the edges.

    Returns:
        The earlier and the later unit of each edge, numbered by piece and row, shape (edges,).
    """
    random = np.random.default_rng(seed)
    former = random.integers(0, SPREAD * edges, edges)
    latter = former + random.integers(1, 1 + GROUP, edges)
    rows = SPREAD * edges // PIECES + 1
    first, second = (((place // rows) << ROW_BITS) + place % rows for place in (former, latter))
    return first, second


def join_edges(edges: int, seed: int, folder: Path) -> dict[str, Any]:
    """Find the components of random edges by the driver and by Spark SQL, and return the seconds of both."""

    former, latter = random_edges(edges, seed)
    begun = time.perf_counter()
    units, components = connect(former, latter)
    driver_seconds = time.perf_counter() - begun
    work = SharedFolder(folder / "work")
    names = [f"edges/{number}.arrow" for number in range(FILES)]
    for number, name in enumerate(names):
        rows = pa.record_batch({"former": former[number::FILES], "latter": latter[number::FILES]})
        write_table(work, name, [rows], rows.schema)
    table = GroupedTable(work, "components", PIECES)
    (folder / "events").mkdir()
    with open_session("local[2]", {**event_log(folder / "events"), "spark.local.dir": str(folder)}) as session:
        files, jobs = EdgeFiles(work, names, edges), Jobs(session, Progress())
        begun = time.perf_counter()
        assign_components(jobs, "components", files, table, driver_edges=0)
        joined_seconds = time.perf_counter() - begun
    parts = [part for piece in range(PIECES) if (part := table.read(piece)) is not None]
    joined = pa.concat_tables(parts).sort_by("unit")
    if not (np.array_equal(joined["unit"], units) and np.array_equal(joined["component"], components)):
        raise SystemExit("Spark SQL and the driver found other components")
    [log] = (folder / "events").iterdir()
    steps = read_steps(log)
    return {
        "edges": edges,
        "units": units.size,
        "largest": int(np.unique(components, return_counts=True)[1].max()),
        "rounds": sum(", round" in name for name in steps),
        "driver, s": driver_seconds,
        "SQL, s": joined_seconds,
        "shuffle, MB": sum(step.shuffle_bytes for step in steps.values()) / 1e6,
    }


def run_alone(options: argparse.Namespace) -> dict[str, Any]:
    """Run this script in a process of its own, and return its results with its peak memory and disk space."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, __file__, options.part, "--inside", name, "--seed", str(options.seed)]
        command += ["--texts", str(options.texts), "--memory", options.memory, "--edges", str(options.edges)]
        costs = run_measured(command, {"temporary": folder}, {"TMPDIR": name})
        results: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    peaks = costs.peaks
    memory = {"memory, MB": peaks.memory / 1e6, "of it Java, MB": peaks.jvm / 1e6}
    return {**results, "process, s": costs.seconds, **memory, "disk, MB": peaks.disk["temporary"] / 1e6}


def main() -> None:
    """Parse the command line and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["chain", "edges"])
    parser.add_argument("--texts", type=int, default=1_000_000, help="texts of the chain (default: 1,000,000)")
    parser.add_argument("--memory", default="1GB", help="memory of the task (default: 1GB)")
    parser.add_argument("--edges", type=int, default=10_000_000, help="number of edges (default: 10,000,000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of texts and edges (default: 1)")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the results to this file too")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside is None:
        results = run_alone(options)
        print(f"{machine()}, commit {commit() or 'unknown'}\n")
        print(
            markdown_table(results, [[f"{value:,.4g}" if value < 1 else f"{value:,.0f}" for value in results.values()]])
        )
        if options.out:
            options.out.write_text(json.dumps(results, indent=2), "utf-8")
        return
    if options.part == "chain":
        results = compare_chain(options.texts, parse_size(options.memory), options.seed, options.inside)
    else:
        results = join_edges(options.edges, options.seed, options.inside)
    (options.inside / "results.json").write_text(json.dumps(results), "utf-8")


if __name__ == "__main__":
    main()
