"""How fast and how big: `dedup clean` beside a plain read and write of the same data, or its peers, in turn in one run.

    python benchmarks/speed.py kernel french_novels.jsonl.gz
    python benchmarks/speed.py clean --rounds 5 ordinary.parquet --unit documents --paragraphs none
    python benchmarks/speed.py clean --rounds 3 linux-source-6.1/
    python benchmarks/speed.py start
    python benchmarks/speed.py align reuters21578.jsonl.gz
    python benchmarks/speed.py peers linux.parquet novels.parquet --out results.json --plot peers.svg

`benchmarks/data.py` makes the Parquet files. Ratios are of medians; nothing else should run meanwhile. `peers` makes a
virtual environment for each tool, and also says how right each was, by exact Jaccard.
"""

import argparse
import gzip
import json
import math
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

GROUP_BYTES = 32 << 20


def floor_parquet(source: Path, out: Path) -> None:
    """Read a Parquet file and write it again, zstd level 1."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    with pq.ParquetWriter(out, file.schema_arrow, compression="zstd", compression_level=1) as writer:
        for group in range(file.num_row_groups):
            writer.write_table(file.read_row_group(group))


def floor_folder(source: Path, out: Path) -> None:
    """Read all files of a folder and write them as Parquet, zstd level 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("path", pa.string()), ("text", pa.binary())])
    paths: list[str] = []
    texts: list[bytes] = []
    with pq.ParquetWriter(out, schema, compression="zstd", compression_level=1) as writer:
        for folder, _, names in os.walk(source):
            for name in names:
                path = Path(folder, name)
                if not path.is_symlink():
                    paths.append(str(path))
                    texts.append(path.read_bytes())
            if sum(map(len, texts)) > GROUP_BYTES:
                writer.write_table(pa.table([paths, texts], schema=schema))
                paths, texts = [], []
        writer.write_table(pa.table([paths, texts], schema=schema))


def run(command: list[str]) -> tuple[float, float, float]:
    """Run a command: wall seconds, CPU seconds, peak memory in MB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def compare(source: Path, rounds: int, options: list[str]) -> None:
    """Print `dedup clean` beside the floor, after a round that does not count."""
    with tempfile.TemporaryDirectory() as temp:
        floor = [sys.executable, __file__, "floor", str(source), f"{temp}/floor.parquet"]
        clean = [sys.executable, "-m", "dedup", "clean", str(source), "-o", f"{temp}/out", "--overwrite", "--quiet"]
        figures = [(run(floor), run([*clean, *options])) for _ in range(rounds + 1)][1:]
    print(f"{source} {' '.join(options)}: {rounds} rounds, medians (least to most)")
    for name, side in (("floor", 0), ("clean", 1)):
        parts = []
        for unit, column in (("s", 0), ("s CPU", 1), ("MB peak", 2)):
            values = [figure[side][column] for figure in figures]
            parts.append(f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) {unit}")
        print(f"  {name}  {', '.join(parts)}")
    ratios = [clean[0] / floor[0] for floor, clean in figures]
    print(f"  ratio  {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def median_seconds(task: Callable[[], object], rounds: int) -> float:
    """Time a task several times, after once that does not count."""
    task()
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def kernel(source: Path, rounds: int) -> None:
    """Print how fast documents are sketched, on one thread and on two."""
    import pyarrow as pa

    from dedup.duplicates.signatures import Plan, permutations, sketch_batch

    with gzip.open(source, "rt", encoding="utf-8") as lines:
        whole = "\n".join(json.loads(line)["text"] for line in lines)
    pages = [whole[start : start + 5000] for start in range(0, len(whole), 5000)]
    batches = [pa.array(pages[start : start + 400], pa.large_string()) for start in range(0, len(pages), 400)]
    size = sum(len(page.encode()) for page in pages) / 1e6
    plan = Plan(permutations(216, 1), 27, 8, 5, 0, 2, 20, -1.0)
    rates = []
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            task = partial(_sketch_all, pool, batches, partial(sketch_batch, 0, plan=plan))
            rates.append(size / median_seconds(task, rounds))
    print(f"{source}: {size:.1f} MB, 216 permutations, 5-token shingles, {rounds} rounds")
    print(f"  one thread {rates[0]:.0f} MB/s, two {rates[1]:.0f} MB/s, ratio {rates[1] / rates[0]:.2f}")


def _sketch_all(pool: ThreadPoolExecutor, batches: list[object], sketch: Callable[[object], object]) -> None:
    for _ in pool.map(sketch, batches):
        pass


def start(rounds: int) -> None:
    """Print how long the program takes to begin."""
    seeds = str(Path(__file__).parent.parent / "seeds")
    with tempfile.TemporaryDirectory() as temp:
        for name, command in (
            ("import dedup", [sys.executable, "-c", "import dedup"]),
            ("dedup --help", [sys.executable, "-m", "dedup", "--help"]),
            ("dedup clean seeds", [sys.executable, "-m", "dedup", "clean", seeds, "-o", f"{temp}/out", "--overwrite"]),
        ):
            print(f"{name}: {median_seconds(partial(run, command), rounds):.3f} s")


def align(source: Path, rounds: int, sizes: tuple[int, ...] = (1000, 2000, 4000)) -> None:
    """Print how long `dedup align` takes on the first articles of a set, how much memory, and how that grows."""
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        articles = [line for line, _ in zip(lines, range(max(sizes)), strict=False)]
    seconds = []
    with tempfile.TemporaryDirectory() as temp:
        for size in sizes:
            corpus = Path(temp, f"{size}.jsonl")
            corpus.write_text("".join(articles[:size]), "utf-8")
            command = [sys.executable, "-m", "dedup", "align", str(corpus), "-o", f"{temp}/out", "--overwrite", "-q"]
            figures = [run(command) for _ in range(rounds)]
            seconds.append(statistics.median(figure[0] for figure in figures))
            peak = statistics.median(figure[2] for figure in figures)
            print(f"{size:,} articles of {source.name}: {seconds[-1]:.1f} s, {peak:.0f} MB peak, {rounds} rounds")
    exponent = math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
    print(f"  from {sizes[0]:,} to {sizes[-1]:,}: exponent {exponent:.2f}")


def machine() -> str:
    """Say on what this runs."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def commit() -> str:
    """Say which commit this is, with "-dirty" after it if files have changed since; empty where git cannot tell."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError):
        return ""


def peers(given: argparse.Namespace) -> None:
    """Print how dedup, its peers and the floor fare on the same corpora, and write figures and plot where asked."""
    import exact
    import race
    from peers import TOOLS, environment, versions
    from plot import draw

    if unknown := set(given.tools or ()) - TOOLS.keys():
        raise SystemExit(f"--tools: there is no {', '.join(sorted(unknown))}. There are {', '.join(TOOLS)}.")
    for source in given.sources:
        race.check(source)
    tools = {TOOLS[name]: environment(TOOLS[name], given.environments) for name in given.tools or TOOLS}
    words = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    results: dict[str, object] = {
        "command": f"python benchmarks/speed.py {shlex.join(words)}",
        "machine": machine(),
        "commit": commit(),
        "settings": {tool.name: tool.settings for tool in tools},
        "versions": {tool.name: versions(python) for tool, python in tools.items()},
    }
    print(race.heading(results), flush=True)
    with tempfile.TemporaryDirectory() as temp:
        contest = race.Race(tools, given.workers, given.limit, Path(temp))
        starts = contest.start(given.rounds)
        runs: list[race.Run] = []
        judged: list[exact.Judged] = []
        for source in given.sources:
            for corpus, more in contest.grow(source, given.sizes, given.rounds):
                runs += more
                if corpus.megabytes <= given.judge * 1.25:  # a last long text may go far beyond the size
                    judged += contest.judge(corpus, tools)
                results |= {"starts": starts, "runs": runs, "judged": judged}
                if given.out:
                    given.out.write_text(json.dumps(race.plain(results), indent=1), "utf-8")
                if given.plot:
                    given.plot.write_text(draw(race.panels(runs), "MB of text", "seconds"), "utf-8")
            print(race.times([run for run in runs if run.corpus == source.stem]), flush=True)
        lost = contest.lose()
    print(race.growths(runs, starts), exact.verdicts(judged), exact.odds(lost), sep="\n")
    if given.out:
        given.out.write_text(json.dumps(race.plain({**results, "lost": lost}), indent=1), "utf-8")


def listed(kind: Callable[[str], object]) -> Callable[[str], list[object]]:
    """Read values with commas between them."""
    return lambda words: [kind(word) for word in words.split(",")]


def peers_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `peers` takes."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "dedup-benchmarks"
    parser.add_argument("sources", type=Path, nargs="+", help="Parquet files with the columns id and text")
    parser.add_argument("--sizes", type=listed(float), default=[10, 30, 100, 300, 1000], help="megabytes of text")
    parser.add_argument("--workers", type=listed(int), default=[1, 2])
    parser.add_argument("--limit", type=float, default=600, help="seconds a run may take (default: 600)")
    parser.add_argument("--judge", type=float, default=30, help="say up to which size how right each tool is (30 MB)")
    parser.add_argument("--tools", type=listed(str), help="only these, as dedup,rensa,floor (default: all)")
    parser.add_argument("--environments", type=Path, default=cache, help="folder for virtual environments, kept there")
    parser.add_argument("--out", type=Path, help="JSON file for all figures")
    parser.add_argument("--plot", type=Path, help="SVG file for a plot of time against size")
    parser.add_argument("--rounds", type=int, default=3)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for name in ("kernel", "clean", "floor", "start", "align"):
        kind = kinds.add_parser(name)
        if name != "start":
            kind.add_argument("source", type=Path)
        if name == "floor":
            kind.add_argument("out", type=Path)
        if name == "clean":
            kind.add_argument("options", nargs=argparse.REMAINDER, help="options of dedup clean")
        kind.add_argument("--rounds", type=int, default=5)
    peers_arguments(kinds.add_parser("peers"))
    given = parser.parse_args()
    if given.kind == "floor":
        (floor_folder if given.source.is_dir() else floor_parquet)(given.source, given.out)
    elif given.kind == "clean":
        compare(given.source, given.rounds, given.options)
    elif given.kind == "align":
        align(given.source, given.rounds)
    elif given.kind == "peers":
        peers(given)
    elif given.kind == "kernel":
        kernel(given.source, given.rounds)
    else:
        start(given.rounds)


if __name__ == "__main__":
    main()
