"""How good the alignment is, beside what one would otherwise use: tables of figures, each with a 95% interval.

    python benchmarks/quality.py --data FOLDER
    python benchmarks/quality.py deplain mtref --data FOLDER --part all

Intervals are of 1,000 draws of documents or pairs with replacement. Cuts of the baselines are chosen on the half `tune`
of a set, unless a table says otherwise; `benchmarks/sets.py` says which half that is. A set that is not in the folder
is left out, and named. Takes about two minutes on one core.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import document_figures
import sentence_figures
from sets import SOURCES, Missing, Table

MAKERS = {
    "deplain": sentence_figures.deplain,
    "false": sentence_figures.false,
    "stories": document_figures.stories,
    "clough": document_figures.clough,
    "semeval": document_figures.semeval,
    "mtref": sentence_figures.mtref,
}


def show(table: Table, part: str) -> None:
    """Print a table as Markdown, with where its sets come from."""
    print(f"## {table.title}\n")
    for name in table.used:
        source = SOURCES[name]
        half = f"{source.tuned} are `tune`, the rest is `report`"
        print(f"* {name}: {source.name}. {source.paper}. Licence: {source.licence}. Part: {part} ({half}).")
    for note in table.notes:
        print(f"* {note}")
    print()
    for line in _aligned([table.head, ["---"] * len(table.head), *table.lines]) if table.lines else []:
        print(line)
    print()


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        [cell.ljust(width, "-" if cell == "---" else " ") for cell, width in zip(line, widths, strict=True)]
        for line in lines
    ]
    return [f"| {' | '.join(line)} |" for line in padded]


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="*", metavar="SET", help=f"{', '.join(MAKERS)} (default: all)")
    parser.add_argument("--data", type=Path, help="folder of the sets (default: that in DEDUP_DATA)")
    parser.add_argument("--part", choices=["all", "tune", "report"], default="report", help="(default: report)")
    given = parser.parse_args()
    unknown = set(given.figures) - MAKERS.keys()
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(MAKERS)}")
    data = given.data or (Path(os.environ["DEDUP_DATA"]) if os.environ.get("DEDUP_DATA") else None)
    if data is None:
        parser.error("name the folder of the sets with --data or in DEDUP_DATA")
    for name in given.figures or MAKERS:
        begun = time.perf_counter()
        try:
            show(MAKERS[name](data, given.part), given.part)
        except Missing as error:
            print(f"## {name}\n\nLeft out: {error}.\n")
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
