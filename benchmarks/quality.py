"""Measure the quality of alignment and of baselines; print tables with 95% intervals.

    python benchmarks/quality.py --data FOLDER
    python benchmarks/quality.py deplain mtref --data FOLDER --part all

Intervals are percentile bootstrap intervals of 1,000 draws of documents or pairs. The thresholds of the baselines are
chosen on the half `tune` of a set, unless a table says otherwise; `benchmarks/evaluation_sets.py` defines the halves. A
set that is not in the folder is listed as omitted. All tables take about ten minutes on one core; name some to save
time. The package that is measured is the installed one, or that in PYTHONPATH.
"""

import argparse
import sys
import time
from pathlib import Path

import calibration
import cluster_quality
import document_quality
import reuse_quality
import sentence_quality
import story_quality
from evaluation_sets import EVALUATION_SETS, MissingSetError, Table, data_folder
from markdown_tables import markdown_table

TABLES = {
    "deplain": sentence_quality.deplain,
    "false-links": sentence_quality.false_links,
    "stories": document_quality.stories,
    "clough": document_quality.clough,
    "semeval": document_quality.semeval,
    "semeval-time": document_quality.semeval_time,
    "mtref": sentence_quality.mtref,
    "story-cases": story_quality.story_cases,
    "headlines": cluster_quality.headline_stories,
    "rewrites": cluster_quality.rewritten_stories,
    "planted": reuse_quality.planted,
    "books": reuse_quality.books,
    "quotes": reuse_quality.quotes,
    "calibration": calibration.calibration,
}


def show(table: Table, part: str) -> None:
    """Print a table as Markdown with the sources of its sets."""
    print(f"## {table.title}\n")
    for name in table.used:
        used = EVALUATION_SETS[name]
        half = f"{part} ({used.tuned} are `tune`, the rest is `report`)" if used.tuned and not table.whole else "all"
        print(f"* {name}: {used.name}. {used.paper}. Licence: {used.licence}. Part: {half}.")
    for note in table.notes:
        print(f"* {note}")
    print()
    if table.lines:
        print(markdown_table(table.header, table.lines))


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"{', '.join(TABLES)} (default: all)")
    parser.add_argument("--data", type=Path, help="folder of the evaluation sets (default: $DEDUP_DATA)")
    parser.add_argument("--part", choices=["all", "tune", "report"], default="report", help="(default: report)")
    options = parser.parse_args()
    unknown = set(options.tables) - TABLES.keys()
    if unknown:
        parser.error(f"unknown table: {', '.join(sorted(unknown))}; choose from {', '.join(TABLES)}")
    data = data_folder(parser, options.data)
    for name in options.tables or TABLES:
        start = time.perf_counter()
        try:
            show(TABLES[name](data, options.part), options.part)
        except MissingSetError as error:
            print(f"## {name}\n\nOmitted: {error}.\n")
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
