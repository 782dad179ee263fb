"""Measure speed and memory: `dedup clean` against a plain copy of the same data or against peers, run in turn.

    python benchmarks/speed.py kernel french_novels.jsonl.gz
    python benchmarks/speed.py clean --rounds 5 ordinary.parquet --unit documents --paragraphs none
    python benchmarks/speed.py clean --rounds 3 linux-source-6.1/
    python benchmarks/speed.py start
    python benchmarks/speed.py read french_novels.jsonl.gz --base ../before
    python benchmarks/speed.py align --base ../before semeval reuters-4000
    python benchmarks/speed.py peers linux.parquet novels.parquet --out results.json --plot peers.svg

`benchmarks/data.py` writes the Parquet files. A plain copy reads the data and writes it as Parquet with pyarrow. The
figures are medians; nothing else should run at the same time. `peers` creates a virtual environment for each tool, and
also checks the output of each tool by exact Jaccard similarity. `align` compares with other checkouts of the project.
"""

import argparse
import gzip
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import alignment_speed
from reading import compare_readers

# The last text may be long and exceed the wanted size.
SIZE_TOLERANCE = 1.25


def run(command: list[str]) -> tuple[float, float, float]:
    """Run a command.

    Returns:
        Wall seconds, CPU seconds and peak memory in MB.
    """
    start_time = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - commands are built by the benchmarks
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed with status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start_time, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def clean(source: Path, rounds: int, options: list[str]) -> None:
    """Print the costs of `dedup clean` and of a plain copy, after a warm-up round."""
    with tempfile.TemporaryDirectory() as temp:
        copy = [sys.executable, str(Path(__file__).with_name("copying.py")), str(source), f"{temp}/copy.parquet"]
        dedup = [sys.executable, "-m", "dedup", "clean", str(source), "-o", f"{temp}/out", "--overwrite", "--quiet"]
        costs = [(run(copy), run([*dedup, *options])) for _ in range(rounds + 1)][1:]
    print(f"{source} {' '.join(options)}: {rounds} rounds, medians (min to max)")
    for index, name in enumerate(("copy", "clean")):
        parts = []
        for column, unit in enumerate(("s", "s CPU", "MB peak")):
            values = [cost[index][column] for cost in costs]
            parts.append(f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) {unit}")
        print(f"  {name}  {', '.join(parts)}")
    ratios = [clean_cost[0] / copy_cost[0] for copy_cost, clean_cost in costs]
    print(f"  ratio  {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def median_seconds(task: Callable[[], object], rounds: int) -> float:
    """Return the median time of a task, after a warm-up round."""
    task()
    seconds = []
    for _ in range(rounds):
        start_time = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start_time)
    return statistics.median(seconds)


def kernel(source: Path, rounds: int) -> None:
    """Print the throughput of sketching documents with one and two threads."""
    import pyarrow as pa

    from dedup.duplicates.sketches.signatures import sketch_batch, sketch_settings
    from dedup.settings import Settings

    with gzip.open(source, "rt", encoding="utf-8") as lines:
        text = "\n".join(json.loads(line)["text"] for line in lines)
    pages = [text[start : start + 5000] for start in range(0, len(text), 5000)]
    batches = [pa.array(pages[start : start + 400], pa.large_string()) for start in range(0, len(pages), 400)]
    size = sum(len(page.encode()) for page in pages) / 1e6
    settings = Settings(unit="documents", paragraphs="none")
    sketch = partial(sketch_batch, 0, settings=sketch_settings(settings))
    rates = []
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            rates.append(size / median_seconds(partial(_map_all, pool, batches, sketch), rounds))
    description = f"{settings.permutations} permutations, {settings.shingle_documents}-token shingles"
    print(f"{source}: {size:.1f} MB, {description}, {rounds} rounds")
    print(f"  one thread {rates[0]:.0f} MB/s, two {rates[1]:.0f} MB/s, ratio {rates[1] / rates[0]:.2f}")


def _map_all(pool: ThreadPoolExecutor, batches: list[object], sketch: Callable[[object], object]) -> None:
    """Sketch all batches and discard the results."""
    for _ in pool.map(sketch, batches):
        pass


def start(rounds: int) -> None:
    """Print the startup time of the program."""
    seeds = str(Path(__file__).parent.parent / "seeds")
    with tempfile.TemporaryDirectory() as temp:
        for name, command in (
            ("import dedup", [sys.executable, "-c", "import dedup"]),
            ("dedup --help", [sys.executable, "-m", "dedup", "--help"]),
            ("dedup clean seeds", [sys.executable, "-m", "dedup", "clean", seeds, "-o", f"{temp}/out", "--overwrite"]),
        ):
            print(f"{name}: {median_seconds(partial(run, command), rounds):.3f} s")


def machine() -> str:
    """Describe the machine."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def commit() -> str:
    """Return the current commit, with "-dirty" if files have changed, or "" without git."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - a fixed command
    except (OSError, subprocess.CalledProcessError):
        return ""
    return result.stdout.strip()


def peers(options: argparse.Namespace) -> None:
    """Print a comparison of dedup, its peers and a plain copy; write results and plot if requested."""
    import peer_comparison as comparison
    from correctness import ToolScores, scores_table, unusual_table
    from peers import TOOLS, environment, versions
    from plot import draw

    if unknown := set(options.tools or ()) - TOOLS.keys():
        raise SystemExit(f"--tools: unknown: {', '.join(sorted(unknown))}; choose from {', '.join(TOOLS)}")
    for source in options.sources:
        comparison.check_source(source)
    tools = {TOOLS[name]: environment(TOOLS[name], options.environments) for name in options.tools or TOOLS}
    arguments = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    results: dict[str, object] = {
        "command": f"python benchmarks/speed.py {shlex.join(arguments)}",
        "machine": machine(),
        "commit": commit(),
        "settings": {tool.name: tool.settings for tool in tools},
        "versions": {tool.name: versions(python) for tool, python in tools.items()},
    }
    print(comparison.heading(results), flush=True)
    with tempfile.TemporaryDirectory() as temp:
        compared = comparison.Comparison(tools, options.workers, options.limit, Path(temp))
        startups = compared.startup(options.rounds)
        runs: list[comparison.Run] = []
        scores: list[ToolScores] = []
        for source in options.sources:
            for corpus, more in compared.all_sizes(source, options.sizes, options.rounds):
                runs += more
                if corpus.megabytes <= options.check_up_to * SIZE_TOLERANCE:
                    scores += compared.evaluate(corpus, tools)
                results |= {"startups": startups, "runs": runs, "scores": scores}
                if options.out:
                    options.out.write_text(json.dumps(comparison.plain(results), indent=1), "utf-8")
                if options.plot:
                    options.plot.write_text(draw(comparison.panels(runs), "MB of text", "seconds"), "utf-8")
            print(comparison.times_table([run for run in runs if run.corpus == source.stem]), flush=True)
        unusual = compared.unusual()
    print(comparison.growth_table(runs, startups), scores_table(scores), unusual_table(unusual), sep="\n")
    if options.out:
        options.out.write_text(json.dumps(comparison.plain({**results, "unusual": unusual}), indent=1), "utf-8")


def comma_separated(kind: Callable[[str], object]) -> Callable[[str], list[object]]:
    """Return a parser of comma-separated values."""
    return lambda text: [kind(value) for value in text.split(",")]


def cache_folder() -> Path:
    """Return the folder of virtual environments and inputs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "dedup-benchmarks"


def add_peers_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `peers`."""
    cache = cache_folder()
    parser.add_argument("sources", type=Path, nargs="+", help="Parquet files with columns id and text")
    parser.add_argument(
        "--sizes", type=comma_separated(float), default=[10, 30, 100, 300, 1000], help="megabytes of text"
    )
    parser.add_argument("--workers", type=comma_separated(int), default=[1, 2])
    parser.add_argument("--limit", type=float, default=600, help="seconds a run may take (default: 600)")
    parser.add_argument("--check-up-to", type=float, default=30, help="check output up to this size, MB (default: 30)")
    parser.add_argument("--tools", type=comma_separated(str), help="only these, as dedup,rensa,copy (default: all)")
    parser.add_argument("--environments", type=Path, default=cache, help=f"virtual environments (default: {cache})")
    parser.add_argument("--out", type=Path, help="JSON file for all results")
    parser.add_argument("--plot", type=Path, help="SVG file for a plot of time against size")
    parser.add_argument("--rounds", type=int, default=3)


def main() -> None:
    """Parse the command line and run a benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    benchmarks = parser.add_subparsers(dest="benchmark", required=True)
    for name in ("kernel", "clean", "start"):
        benchmark = benchmarks.add_parser(name)
        if name != "start":
            benchmark.add_argument("source", type=Path)
        if name == "clean":
            benchmark.add_argument("options", nargs=argparse.REMAINDER, help="options of dedup clean")
        benchmark.add_argument("--rounds", type=int, default=5)
    reading = benchmarks.add_parser("read")
    reading.add_argument("source", type=Path)
    reading.add_argument("--rounds", type=int, default=5)
    reading.add_argument("--size", type=float, default=200, help="megabytes of text (default: 200)")
    reading.add_argument("--base", type=Path, help="another checkout of the project to compare with")
    alignment_speed.add_arguments(benchmarks.add_parser("align"), cache_folder())
    add_peers_arguments(benchmarks.add_parser("peers"))
    options = parser.parse_args()
    tasks: dict[str, Callable[[], None]] = {
        "clean": lambda: clean(options.source, options.rounds, options.options),
        "align": lambda: alignment_speed.compare(options),
        "peers": lambda: peers(options),
        "read": lambda: print(compare_readers(options.source, options.rounds, options.size, options.base)),
        "kernel": lambda: kernel(options.source, options.rounds),
        "start": lambda: start(options.rounds),
    }
    tasks[options.benchmark]()


if __name__ == "__main__":
    main()
