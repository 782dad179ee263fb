"""Look up texts in the indexes of dedup, datasketch and datatrove, for `index_speed.py peers`.

The texts are those that follow the indexed ones, and are compared as documents. dedup verifies each match by exact
Jaccard similarity and returns the text; the peers trust the signatures, and their indexes contain no texts.
"""

import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import index_corpus
import peers
from cost import Cost, empty
from data import read, write
from index_costs import Lookups, checked, measure_lookups
from markdown_tables import markdown_table
from peers import RUNNERS

WARM_UP = 20  # lookups whose times do not count
NOTE = """
texts found: with a match among the earlier texts; "all texts at once" of dedup counts those removed for an earlier
text. datatrove looks up all texts at once.
"""


@dataclass(frozen=True)
class IndexTool:
    """A tool with an index."""

    name: str
    runner: str
    """Script in `runners/`; the first line of its docstring describes the settings."""
    package: str = ""
    """Name in `peers.TOOLS` of the tool whose environment it needs; empty for this one."""
    takes_folder: bool = False
    """Whether a corpus is a folder of files, which are distributed among workers."""


class PeerCosts(NamedTuple):
    """What an index costs to build and to use."""

    size: int
    """Number of earlier texts."""
    tool: str
    build: Cost
    index_bytes: int
    lookups: Lookups
    """Lookups of all later texts."""


TOOLS = {
    tool.name: tool
    for tool in (
        IndexTool("dedup", "dedup_index.py"),
        IndexTool("dedup, all texts at once", "dedup_batch.py"),
        IndexTool("datasketch", "datasketch_index.py", "datasketch"),
        IndexTool("datatrove", "datatrove_index.py", "datatrove", takes_folder=True),
    )
}


def installed(names: Iterable[str], environments: Path) -> dict[IndexTool, str]:
    """Return the tools that can run, with their interpreters; prints which cannot, and why.

    Args:
        names: Names of tools.
        environments: Folder of virtual environments.
    """
    found = {}
    for name in names:
        if name not in TOOLS:
            raise SystemExit(f"--tools: {name} is unknown; choose from {'; '.join(TOOLS)}.")
        tool = TOOLS[name]
        try:
            package = tool.package and peers.environment(peers.TOOLS[tool.package], environments)
        except SystemExit as error:
            print(f"{name} is left out, since it cannot be installed: {error}", file=sys.stderr)
            continue
        found[tool] = str(package or sys.executable)
    return found


def measure_peers(folder: Path, size: int, tools: dict[IndexTool, str], workers: int) -> list[PeerCosts]:
    """Build an index of the earlier texts with each tool, and look up the later ones, once.

    Args:
        folder: Folder of the corpora.
        size: Number of earlier texts.
        tools: Tools and their interpreters.
        workers: Number of workers of the tools that distribute work.
    """
    results = []
    with tempfile.TemporaryDirectory(dir=folder) as temp:
        scratch, options = Path(temp, "scratch"), ["--workers", str(workers), "--warm-up", str(WARM_UP)]
        sources = index_corpus.earlier(folder, size), index_corpus.later(folder, size)
        parts = tuple(split_corpus(source, workers, empty(Path(temp, source.stem))) for source in sources)
        for tool, python in tools.items():
            index, runner = Path(temp, tool.runner), [python, str(RUNNERS / tool.runner)]
            earlier, later = parts if tool.takes_folder else sources
            build = checked([*runner, "build", str(earlier), str(index), *options], empty(scratch))
            lookups = measure_lookups(runner, index, later, empty(scratch), options)
            results.append(PeerCosts(size, tool.name, build, total_bytes(index), lookups))
            seconds = f"build {build.seconds:.1f} s, lookups {lookups.cost.seconds:.1f} s"
            print(f"{size:,} texts: {tool.name}: {seconds}", file=sys.stderr)
    return results


def split_corpus(source: Path, parts: int, folder: Path) -> Path:
    """Write a corpus as several files of as many bytes of text; returns their folder."""
    rows, size = read(source), sum(len(text.encode()) for _, text in read(source))
    for number in range(parts):
        write(rows, folder / f"{number}.parquet", -(-size // parts))
    return folder


def total_bytes(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def peers_table(results: Sequence[PeerCosts]) -> str:
    """Format the costs of all tools as Markdown."""
    header = ["earlier texts", "tool", "build, s", "peak, MB", "index, MB", "lookups: command, s", "peak, MB"]
    header += ["load, s", "ms a text: median", "95%", "max", "texts found"]
    rows = []
    for result in results:
        build, (query, times) = result.build, result.lookups
        row = [f"{result.size:,}", result.tool, f"{build.seconds:.1f}", f"{build.peak:,.0f}"]
        row += [f"{result.index_bytes / 1e6:,.1f}", f"{query.seconds:.1f}", f"{query.peak:,.0f}"]
        row += [f"{times[name]:.2f}" if name in times else "" for name in ("load", "median", "high", "max")]
        rows.append([*row, f"{times['known']:,} of {times['texts']:,}"])
    return markdown_table(header, rows) + NOTE
