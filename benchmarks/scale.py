"""Measure recall, time, memory and disk use of `dedup clean` on a generated corpus of any size.

    python benchmarks/scale.py french_novels.jsonl.gz reuters21578.jsonl.gz --size 5000 --memory 1GB --out results.json

The corpus is generated from real text with planted duplicates (see `benchmarks/synthetic.py`) and streamed to disk, so
that memory does not grow with its size. `dedup clean` runs on it in a process of its own. `benchmarks/recall.py`
evaluates the output against the planted duplicates. --keep FOLDER keeps the corpus, the planted duplicates and the
output. --engine spark measures the engines `local` and `spark` in turn instead; see `benchmarks/spark_scale.py`.
"""

import argparse
import json
import multiprocessing
import shlex
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import recall
import spark_scale
import synthetic
from cost import disk_bytes
from data import Page, read_pages, write
from markdown_tables import markdown_table
from speed import commit, machine, run
from synthetic import MAX_WORDS, MIN_WORDS, BaseText

BUFFER_ROWS = 10_000
SAMPLE_SECONDS = 0.2
SEEDS = Path(__file__).parent.parent / "seeds"

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
        *((f"{side}{column}", pa.int64()) for side in ("", "source_") for column in ("doc", "start", "end")),
        ("edits", pa.int64()),
        ("jaccard", pa.float64()),
    ]
)


class RowWriter:
    """Buffers rows and writes them to a Parquet file."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Create the file."""
        self._writer = pq.ParquetWriter(path, schema)
        self._schema = schema
        self._rows: list[dict[str, Any]] = []

    def add(self, **row: float | str) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) == BUFFER_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows = []

    def close(self) -> None:
        """Write the buffered rows and close the file."""
        self._flush()
        self._writer.close()


def read_base_text(files: list[Path], seed: int, lengths: tuple[int, int] = (MIN_WORDS, MAX_WORDS)) -> BaseText:
    """Read the words of gzipped JSONL files.

    Args:
        files: Files with a column `text`.
        seed: Seed of the generated texts.
        lengths: Least and greatest number of words of an ordinary text.
    """
    least = 2 * lengths[1]
    pieces: Page = []
    for file in files:
        for page in read_pages(file):
            pieces += map(sys.intern, page if len(page) % 2 == 0 else [*page, "\n\n"])
    if len(pieces) < 2 * least:
        raise SystemExit(f"The files contain {len(pieces) // 2:,} words; give files with at least {least:,} words.")
    return BaseText(pieces, seed, lengths)


def texts(base: BaseText, truth: RowWriter, repeats: RowWriter) -> Iterator[tuple[str, str]]:
    """Yield ids and texts without end, and write how they were made."""
    for doc in count():
        if synthetic.is_planted(doc):
            text, planted = synthetic.planted(base, doc)
            truth.add(**planted._asdict())
        else:
            ordinary = synthetic.ordinary(base, doc)
            text = "".join(ordinary.pieces)
            for repeat in ordinary.repeats:
                source = {f"source_{name}": value for name, value in repeat.source._asdict().items()}
                repeats.add(**repeat.location._asdict(), **source, edits=repeat.edits, jaccard=repeat.jaccard)
        yield f"text-{doc}", text


def generate(
    files: list[Path], folder: Path, size: int, seed: int, lengths: tuple[int, int] = (MIN_WORDS, MAX_WORDS)
) -> None:
    """Write a corpus with planted duplicates, `truth.parquet` and `repeats.parquet`.

    Args:
        files: Gzipped JSONL files to take words from.
        folder: Folder to write to.
        size: Bytes of text.
        seed: Seed of the texts.
        lengths: Least and greatest number of words of an ordinary text.
    """
    base = read_base_text(files, seed, lengths)
    truth, repeats = RowWriter(folder / "truth.parquet", TRUTH), RowWriter(folder / "repeats.parquet", REPEATS)
    with closing(truth), closing(repeats):
        write(texts(base, truth, repeats), folder / "corpus.parquet", size)


@contextmanager
def peak_disk_bytes(folder: Path) -> Iterator[Callable[[], int]]:
    """Sample the disk space of a folder; yields a function that returns the maximum so far."""
    peak, stopped = 0, threading.Event()

    def sample() -> None:
        nonlocal peak
        while not stopped.wait(SAMPLE_SECONDS):
            peak = max(peak, disk_bytes(folder))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield lambda: peak
    finally:
        stopped.set()
        thread.join()


def clean(command: list[str], folder: Path, temp: Path) -> dict[str, float]:
    """Run `dedup clean` on the corpus and return its costs by name."""
    with peak_disk_bytes(temp) as peak_temp:
        wall, cpu, peak = run([*command, "--temp-dir", str(temp), str(folder / "corpus.parquet")])
    disk = {"temporary files, MB": peak_temp() / 1e6, "output, MB": disk_bytes(folder / "out") / 1e6}
    return {"wall time, s": wall, "CPU, s": cpu, "peak memory, MB": peak, **disk}


def prepare(options: argparse.Namespace, folder: Path) -> None:
    """Generate a corpus, and compile the kernels if they are not cached."""
    run([sys.executable, "-m", "dedup", "clean", "--quiet", "--overwrite", "-o", str(folder / "out"), str(SEEDS)])
    # The corpus is generated in another process, since the peak memory of a new process starts at that of its parent.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(generate, options.sources, folder, options.size * 10**6, options.seed).result()


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Generate a corpus, clean it and evaluate the output."""
    command = [sys.executable, "-m", "dedup", "clean", "--quiet", "--overwrite", "-o", str(folder / "out")]
    command += ["--memory", options.memory, "--workers", str(options.workers), "--paragraphs", options.paragraphs]
    prepare(options, folder)
    with tempfile.TemporaryDirectory(dir=folder) as temp:
        costs = clean(command, folder, Path(temp))
        evaluation = recall.evaluate(folder, Path(temp))
    run_info = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    return {
        **conditions(),
        "versions": run_info["versions"],
        "costs": costs,
        "seconds": run_info["seconds"],
        **evaluation,
    }


def measure_spark(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Generate a corpus, clean it with both engines, and return their costs."""
    prepare(options, folder)
    corpus = folder / "corpus.parquet"
    columns = pq.read_table(corpus, columns=["text"])["text"]
    size = {"megabytes": options.size, "texts": len(columns), "text_bytes": pc.sum(pc.binary_length(columns)).as_py()}
    del columns
    return (
        conditions()
        | size
        | spark_scale.compare_engines(corpus, folder, options.workers, options.memory, options.paragraphs)
    )


def conditions() -> dict[str, str]:
    """Return the command, the machine and the commit."""
    arguments = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    command = f"python benchmarks/scale.py {shlex.join(arguments)}"
    return {"command": command, "machine": machine(), "commit": commit()}


def show(results: dict[str, Any]) -> None:
    """Print results as Markdown."""
    print(f"`{results['command']}`, commit {results['commit'] or 'unknown'}\n\nMachine: {results['machine']}.")
    print(f"Versions: {', '.join(f'{name} {version}' for name, version in results['versions'].items())}.\n")
    for header, values in ((["total", ""], results["costs"]), (["step", "s"], results["seconds"])):
        print(markdown_table(header, ((name, f"{value:,.2f}") for name, value in values.items())))
    recall.show(results)


def main() -> None:
    """Parse the command line and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path, help="gzipped JSONL files with a column `text`")
    parser.add_argument("--size", type=int, default=100, help="megabytes of text (default: 100)")
    parser.add_argument("--memory", default="1GB", help="option of dedup clean (default: 1GB)")
    parser.add_argument("--workers", type=int, default=2, help="option of dedup clean (default: 2)")
    parser.add_argument("--paragraphs", choices=["none", "within", "all"], default="within", help="(default: within)")
    parser.add_argument("--engine", choices=["local", "spark"], default="local", help="spark: both (default: local)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the corpus (default: 1)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep corpus, planted duplicates and output there")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the results to this file too")
    options = parser.parse_args()
    for source in options.sources:
        if not source.is_file():
            parser.error(f"{source} is not a file; give gzipped JSONL files with a column `text`")
    with tempfile.TemporaryDirectory() as temp:
        folder = options.keep or Path(temp)
        folder.mkdir(parents=True, exist_ok=True)
        results = (measure_spark if options.engine == "spark" else measure)(options, folder)
    if options.engine == "spark":
        spark_scale.show([results])
        if options.out:
            spark_scale.add_results(options.out, results)
        return
    show(results)
    if options.out:
        options.out.write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
