"""Measure `dedup clean --engine spark` beside the engine of one machine, and estimate larger corpora.

    python benchmarks/scale.py french_novels.jsonl.gz reuters21578.jsonl.gz --engine spark --size 300 --out spark.json
    python benchmarks/scale.py french_novels.jsonl.gz reuters21578.jsonl.gz --engine spark --size 1000 --out spark.json
    python benchmarks/spark_scale.py spark.json

Each run of `scale.py --engine spark` measures one size, and adds its results to the file at once. The last command
prints the tables. Both engines clean the same corpus in turn, and must write the same rows.
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
from markdown_tables import markdown_table
from spark_costs import Costs, event_log, read_steps, run_measured

TABLES = ("clean", "removed", "pairs")
CORES = (10, 100, 1000)
TERABYTES = (1, 100)
Results = dict[str, Any]


def compare_engines(corpus: Path, folder: Path, cores: int, memory: str, paragraphs: str) -> Results:
    """Clean a corpus with both engines and return the costs, and whether the outputs have the same rows.

    Args:
        corpus: A Parquet file.
        folder: Where the outputs and temporary files are written.
        cores: Number of threads or tasks at a time.
        memory: Option of dedup clean.
        paragraphs: Option of dedup clean.
    """
    common = [sys.executable, "-m", "dedup", "clean", "--quiet", "--overwrite", "--memory", memory]
    common += ["--paragraphs", paragraphs, str(corpus)]
    results: Results = {}
    with tempfile.TemporaryDirectory(dir=folder) as name:
        temp, outs = Path(name), {engine: folder / f"out-{engine}" for engine in ("local", "spark")}
        local = [*common, "-o", str(outs["local"]), "--workers", str(cores), "--temp-dir", str(temp / "local")]
        (temp / "local").mkdir()
        results["local"] = _costs(run_measured(local, {"temporary files": temp / "local"}), outs["local"])
        results["spark"] = _clean_on_spark([*common, "-o", str(outs["spark"])], outs["spark"], temp, cores)
    results["same_rows"] = {table: _digest(outs["local"], table) == _digest(outs["spark"], table) for table in TABLES}
    return results


def _clean_on_spark(command: list[str], out: Path, temp: Path, cores: int) -> Results:
    """Clean a corpus on `local[cores]`, and return the costs with those of each step."""
    for folder in ("events", "shuffle", "python"):
        (temp / folder).mkdir()
    settings = event_log(temp / "events") | {"spark.local.dir": str(temp / "shuffle")}
    command += ["--engine", "spark", "--master", f"local[{cores}]"]
    for name, value in settings.items():
        command += ["--spark-conf", f"{name}={value}"]
    base = out.with_name(f".{out.name}.spark")
    folders = {"work folder": base / "work", "shuffle": temp / "shuffle", "temporary files": temp / "python"}
    costs = run_measured(command, folders, {"TMPDIR": str(temp / "python")})
    [log] = (temp / "events").iterdir()
    return _costs(costs, out) | {"steps": {name: asdict(step) for name, step in read_steps(log).items()}}


def _costs(costs: Costs, out: Path) -> Results:
    run = json.loads((out / "run.json").read_text("utf-8"))
    kept = {name: run["counts"][name] for name in ("documents", "pairs") if name in run["counts"]}
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return costs.to_dict() | {"run_seconds": run["seconds"], "counts": kept, "output_bytes": size}


def _digest(out: Path, table: str) -> tuple[Any, ...]:
    """Return the number of rows of a table and a digest that does not depend on their order."""
    path = out / f"{table}.parquet"
    files = f"{path}/*.parquet" if path.is_dir() else str(path)
    query = f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM read_parquet('{files}') t"  # noqa: S608 - our paths
    [row] = duckdb.sql(query).fetchall()
    return tuple(row)


def add_results(path: Path, results: Results) -> None:
    """Add the results of a size to a file, in place of earlier ones of that size."""
    others = [item for item in read_results(path) if item["megabytes"] != results["megabytes"]]
    ordered = sorted([*others, results], key=lambda item: float(item["megabytes"]))
    path.write_text(json.dumps(ordered, indent=2), "utf-8")


def read_results(path: Path) -> list[Results]:
    """Read the results of all sizes, the smallest first; none if there is no file."""
    return list(json.loads(path.read_text("utf-8"))) if path.exists() else []


def show(results: Sequence[Results]) -> None:
    """Print all tables as Markdown."""
    for item in results:
        print(f"`{item['command']}`, commit {item['commit'] or 'unknown'}. {item['machine']}.\n")
        same = [table for table, is_same in item["same_rows"].items() if is_same]
        print(f"The engines wrote the same rows to: {', '.join(same) or 'no table'}.\n")
        print(_step_table(item))
    print(_growth_table(results))
    if len(results) > 1:
        print(_exponents(results))
    print(_estimates(results[-1]))


def _step_table(item: Results) -> str:
    spark, local = item["spark"], item["local"]["run_seconds"]
    seconds, steps = spark["run_seconds"], spark["steps"]
    rows = []
    for name in dict.fromkeys([*seconds, *steps, *local]):
        step = steps.get(name, {})
        shuffle = step.get("shuffle_bytes", 0) / 1e6
        cells = [_number(seconds.get(name)), _number(step.get("tasks"), 0), _number(step.get("task_seconds"))]
        rows.append((name, *cells, _number(shuffle or None), _number(local.get(name))))
    header = ["step", "Spark, s", "tasks", "task seconds", "shuffle, MB", "local engine, s"]
    return markdown_table(header, rows)


def _growth_table(results: Sequence[Results]) -> str:
    header = [
        "MB of text",
        "texts",
        "local, s (CPU)",
        "Spark, s (CPU)",
        "ratio",
        "outside the steps, s",
        "shuffle, B a text",
    ]
    header += ["work folder, B a text", "peak of JVM, of Python workers, of the largest, of all, MB", "local peak, MB"]
    return markdown_table(header, [_growth_row(item) for item in results])


def _growth_row(item: Results) -> list[str]:
    local, spark = item["local"], item["spark"]
    texts, peaks = item["texts"], spark["peaks"]
    memory = (peaks[name] / 1e6 for name in ("jvm", "workers", "worker", "memory"))
    return [
        f"{item['megabytes']:,}",
        f"{texts:,}",
        *(f"{engine['seconds']:.1f} ({engine['cpu_seconds']:.1f})" for engine in (local, spark)),
        f"{spark['seconds'] / local['seconds']:.1f}",
        f"{spark['seconds'] - sum(spark['run_seconds'].values()):.1f}",
        f"{_shuffle_bytes(item) / texts:,.0f}",
        f"{peaks['disk']['work folder'] / texts:,.0f}",
        ", ".join(f"{size:,.0f}" for size in memory),
        f"{local['peaks']['memory'] / 1e6:,.0f}",
    ]


def _exponents(results: Sequence[Results]) -> str:
    """Return the exponents of growth from the smallest to the largest size: 1 is linear."""
    first, last = results[0], results[-1]
    ratio = math.log(last["megabytes"] / first["megabytes"])
    measures = {
        "time of Spark in its steps": lambda item: sum(item["spark"]["run_seconds"].values()),
        "task seconds": _task_seconds,
        "CPU of Spark": lambda item: item["spark"]["cpu_seconds"],
        "shuffle": _shuffle_bytes,
        "time of the local engine": lambda item: item["local"]["seconds"],
    }
    parts = (f"{name} {math.log(of(last) / of(first)) / ratio:.2f}" for name, of in measures.items())
    return f"Exponents of growth from {first['megabytes']:,} to {last['megabytes']:,} MB: {', '.join(parts)}.\n"


def _estimates(item: Results) -> str:
    """Return what larger corpora would cost, in proportion to the bytes of text."""
    texts, size = item["texts"], item["text_bytes"]
    rates = {
        "task seconds": _task_seconds(item) / size,
        "shuffle": _shuffle_bytes(item) / size,
        "work folder": item["spark"]["peaks"]["disk"]["work folder"] / size,
        "output": item["spark"]["output_bytes"] / size,
    }
    a_text = {name: rate * size / texts for name, rate in rates.items()}
    line = (
        f"From {item['megabytes']:,} MB: {size / texts:,.0f} bytes of text, {1000 * a_text['task seconds']:.2f} ms of "
        f"a core, {a_text['shuffle']:,.0f} bytes of shuffle, {a_text['work folder']:,.0f} in the work folder and "
        f"{a_text['output']:,.0f} of output for each text. A gigabyte takes {1e9 * rates['task seconds']:,.0f} s of a "
        "core.\n"
    )
    rows = []
    for terabytes in TERABYTES:
        total = terabytes * 1e12
        hours = (_duration(total * rates["task seconds"] / cores) for cores in CORES)
        sizes = (_size(total * rates[name]) for name in ("shuffle", "work folder", "output"))
        rows.append((f"{terabytes} TB, {total * texts / size / 1e9:,.2f} billion texts", *hours, *sizes))
    header = ["corpus", *(f"{cores:,} cores" for cores in CORES), "shuffle", "work folder", "output"]
    return line + "\n" + markdown_table(header, rows)


def _task_seconds(item: Results) -> float:
    return sum(float(step["task_seconds"]) for step in item["spark"]["steps"].values())


def _shuffle_bytes(item: Results) -> int:
    return sum(int(step["shuffle_bytes"]) for step in item["spark"]["steps"].values())


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _duration(seconds: float) -> str:
    if seconds < 3600:
        return f"{seconds / 60:,.1f} min"
    hours = seconds / 3600
    return f"{hours:,.1f} h" if hours < 48 else f"{hours / 24:,.1f} days"


def _size(size: float) -> str:
    return f"{size / 1e12:,.2f} TB" if size >= 1e12 else f"{size / 1e9:,.0f} GB"


def main() -> None:
    """Print the tables of a file of results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="file that `scale.py --engine spark --out` wrote")
    options = parser.parse_args()
    results = read_results(options.results)
    if not results:
        parser.error(f"{options.results} has no results; write it with scale.py --engine spark --out")
    show(results)


if __name__ == "__main__":
    main()
