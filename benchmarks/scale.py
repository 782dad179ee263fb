"""What `dedup clean` finds of known duplicates at any size, how long each step takes, and how much memory and disk.

    python benchmarks/scale.py french_novels.jsonl.gz reuters21578.jsonl.gz --size 5000 --memory 1GB --out results.json

First a corpus is grown from real text, with duplicates planted in it (`benchmarks/planting.py` says how), by streaming:
memory does not grow with the size. Then `dedup clean` runs on it as a process of its own, and is judged by what
was planted (`benchmarks/recall.py`). With --keep FOLDER corpus, truth and result stay there.
"""

import argparse
import json
import multiprocessing
import os
import shlex
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import planting
import pyarrow as pa
import pyarrow.parquet as pq
import recall
from data import Page, read_pages, write
from exact import table
from planting import Stock
from speed import commit, machine, run

LOG_ROWS = 10_000
SAMPLED_EVERY = 0.2  # seconds
SEEDS = Path(__file__).parent.parent / "seeds"
FEWEST_WORDS = 2 * planting.MOST_WORDS

TRUTH = pa.schema(
    [
        ("doc", pa.int64()),
        ("source", pa.int64()),
        ("kind", pa.string()),
        ("share", pa.float64()),
        ("jaccard", pa.float64()),
    ]
)
REPEATS = pa.schema(
    [
        *((f"{side}{what}", pa.int64()) for side in ("", "source_") for what in ("doc", "start", "end")),
        ("edits", pa.int64()),
        ("jaccard", pa.float64()),
    ]
)


class Log:
    """Rows that go to a Parquet file, some thousands at a time."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Begin the file."""
        self._writer = pq.ParquetWriter(path, schema)
        self._schema = schema
        self._rows: list[dict[str, Any]] = []

    def add(self, **row: float | str) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) == LOG_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows = []

    def close(self) -> None:
        """Write what is left, and close the file."""
        self._flush()
        self._writer.close()


def read_stock(sources: list[Path], seed: int) -> Stock:
    """Read the words of some JSONL files, equal ones held once."""
    pieces: Page = []
    for source in sources:
        for page in read_pages(source):
            pieces += map(sys.intern, page if len(page) % 2 == 0 else [*page, "\n\n"])
    if len(pieces) < 2 * FEWEST_WORDS:
        raise SystemExit(f"The sources hold {len(pieces) // 2:,} words; name some that hold {FEWEST_WORDS:,} or more.")
    return Stock(pieces, seed)


def texts(stock: Stock, truth: Log, repeats: Log) -> Iterator[tuple[str, str]]:
    """Yield text after text with its id, and note what is known of it."""
    for doc in count():
        if planting.is_planted(doc):
            text, known = planting.planted(stock, doc)
            truth.add(**known._asdict())
        else:
            made = planting.ordinary(stock, doc)
            text = "".join(made.pieces)
            for repeat in made.repeats:
                source = {f"source_{name}": value for name, value in repeat.source._asdict().items()}
                repeats.add(**repeat.place._asdict(), **source, edits=repeat.edits, jaccard=repeat.jaccard)
        yield f"text-{doc}", text


def grow(sources: list[Path], folder: Path, size: int, seed: int) -> None:
    """Write a corpus of so many bytes of text to a folder, and what is known of it."""
    stock = read_stock(sources, seed)
    truth, repeats = Log(folder / "truth.parquet", TRUTH), Log(folder / "repeats.parquet", REPEATS)
    with closing(truth), closing(repeats):
        write(texts(stock, truth, repeats), folder / "corpus.parquet", size)


def disk_bytes(folder: Path) -> int:
    """Say what the files of a folder take on disk; some may vanish meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(parent, name).stat().st_blocks * 512
    return total


@contextmanager
def greatest_size(folder: Path) -> Iterator[Callable[[], int]]:
    """Look at a folder again and again; what is given says the most that it took on disk so far."""
    most, done = 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not done.wait(SAMPLED_EVERY):
            most = max(most, disk_bytes(folder))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: most
    finally:
        done.set()
        thread.join()


def clean(command: list[str], folder: Path, spill: Path) -> dict[str, float]:
    """Run `dedup clean` on the corpus of a folder, and say what that took."""
    with greatest_size(spill) as greatest:
        wall, cpu, peak = run([*command, "--temp-dir", str(spill), str(folder / "corpus.parquet")])
    disk = {"spill, MB": greatest() / 1e6, "output, MB": disk_bytes(folder / "out") / 1e6}
    return {"wall, s": wall, "CPU, s": cpu, "peak memory, MB": peak, **disk}


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Grow a corpus in a folder, clean it, and say what was found and what it took."""
    command = [sys.executable, "-m", "dedup", "clean", "--quiet", "--overwrite", "-o", str(folder / "out")]
    command += ["--memory", given.memory, "--workers", str(given.workers), "--paragraphs", given.paragraphs]
    run([*command, str(SEEDS)])  # compiles the kernels, if need be
    # In a process of its own, since a process's peak begins at what the one that starts it holds then.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(grow, given.sources, folder, given.size * 10**6, given.seed).result()
    with tempfile.TemporaryDirectory(dir=folder) as spill:
        took = clean(command, folder, Path(spill))
        found = recall.judge(folder, Path(spill))
    told = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    words = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    return {
        "command": f"python benchmarks/scale.py {shlex.join(words)}",
        "machine": machine(),
        "commit": commit(),
        "versions": told["versions"],
        "took": took,
        "seconds": told["seconds"],
        **found,
    }


def show(results: dict[str, Any]) -> None:
    """Print results as Markdown."""
    print(f"`{results['command']}`, commit {results['commit'] or 'unknown'}\n\nMachine: {results['machine']}.")
    print(f"Versions: {', '.join(f'{name} {version}' for name, version in results['versions'].items())}.\n")
    for head, values in (("the whole", results["took"]), ("step", results["seconds"])):
        print(table([head, "s" if head == "step" else ""], ((name, f"{value:,.2f}") for name, value in values.items())))
    recall.show(results)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path, help="JSONL, gzipped, with a column `text`")
    parser.add_argument("--size", type=int, default=100, help="megabytes of text (default: 100)")
    parser.add_argument("--memory", default="1GB", help="for dedup clean (default: 1GB)")
    parser.add_argument("--workers", type=int, default=2, help="for dedup clean (default: 2)")
    parser.add_argument("--paragraphs", choices=["none", "within", "all"], default="within", help="(default: within)")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus (default: 1)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave corpus, truth and result there")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the figures there too")
    given = parser.parse_args()
    for source in given.sources:
        if not source.is_file():
            parser.error(f"{source} is not a file; name gzipped JSONL files with a column `text`")
    with tempfile.TemporaryDirectory() as temp:
        folder = given.keep or Path(temp)
        folder.mkdir(parents=True, exist_ok=True)
        results = measure(given, folder)
    show(results)
    if given.out:
        given.out.write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
