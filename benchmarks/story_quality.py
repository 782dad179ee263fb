"""Measure the stories that `align` makes of the story cases: formula news and small scenarios with few stories.

    python benchmarks/story_quality.py --data FOLDER [--pairs] [CASE …]
    python benchmarks/quality.py story-cases --data FOLDER

Each case is a corpus of its own. BCubed F1 of a case is the harmonic mean of the mean precision and the mean recall of
its documents, and of all cases the mean of the F1 of the cases (macro). A document without a story is a cluster of its
own. Pairs of documents are the same if they share a story; they are counted over all cases (micro).
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import measures
import numpy as np
import pyarrow as pa
from evaluation_sets import Part, Row, Table, data_folder, load
from markdown_tables import markdown_table
from measures import Rows, short

from dedup import align

Clusters = frozenset[object]
Pair = tuple[int, int]
COLUMNS = ("id", "text", "outlet", "date")
FIRST_LINE = 90  # code points of a text that are printed


@dataclass(frozen=True)
class CaseResult:
    """Stories found in a case, compared with the true stories."""

    name: str
    rows: list[Row]
    bcubed: Rows
    """Precision and recall of each document, shape (documents, 2)."""
    right: list[Pair]
    """Pairs of documents that share a true and a found story; indices of rows, the lower first."""
    false: list[Pair]
    """Pairs that share only a found story."""
    missed: list[Pair]
    """Pairs that share only a true story."""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of true positives, false positives and false negatives."""
        return len(self.right), len(self.false), len(self.missed)


def evaluate(data: Path, names: Sequence[str] = ()) -> list[CaseResult]:
    """Run `align` on each story case.

    Args:
        data: Folder of the sets.
        names: Cases to evaluate; all if empty.
    """
    cases = grouped(load(data, "story-cases", "all"))
    unknown = set(names) - cases.keys()
    if unknown:
        raise ValueError(f"unknown case: {', '.join(sorted(unknown))}; choose from {', '.join(cases)}")
    return [
        compare(name, rows, story_numbers(case_table(rows)))
        for name, rows in cases.items()
        if not names or name in names
    ]


def grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group documents by their case."""
    cases: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        cases[row["case"]].append(row)
    return cases


def case_table(rows: Sequence[Row]) -> pa.Table:
    """Return the documents of a case as a corpus."""
    return pa.table({column: pa.array([row[column] for row in rows], pa.string()) for column in COLUMNS})


def story_numbers(table: pa.Table) -> list[set[int]]:
    """Run `align` on a corpus; returns the numbers of the stories of each document."""
    stories = align(table).to_arrow("stories")
    found: list[set[int]] = [set() for _ in range(len(table))]
    for story, doc in zip(stories["story"].to_pylist(), stories["doc"].to_pylist(), strict=True):
        found[doc].add(story)
    return found


def compare(name: str, rows: Sequence[Row], found: Sequence[set[int]]) -> CaseResult:
    """Compare the found stories of a case with the true stories.

    Args:
        name: Name of the case.
        rows: Documents, with the true stories in the field `story`: a label, a list of labels, or None.
        found: Numbers of the found stories of each document.
    """
    gold = [labels(row["story"]) for row in rows]
    right: list[Pair] = []
    false: list[Pair] = []
    missed: list[Pair] = []
    for left, right_doc in combinations(range(len(rows)), 2):
        is_gold, is_found = bool(gold[left] & gold[right_doc]), bool(found[left] & found[right_doc])
        if is_gold or is_found:
            (right if is_gold and is_found else false if is_found else missed).append((left, right_doc))
    bcubed = measures.bcubed_overlapping(with_singles(gold), with_singles(found))
    return CaseResult(name, list(rows), bcubed, right, false, missed)


def labels(story: str | list[str] | None) -> set[str]:
    """Return the labels of a document.

    >>> labels(None), labels("a"), sorted(labels(["a", "b"]))
    (set(), {'a'}, ['a', 'b'])
    """
    return set() if story is None else {story} if isinstance(story, str) else set(story)


def with_singles(clusters: Sequence[Iterable[object]]) -> list[Clusters]:
    """Give each document without a cluster a cluster of its own."""
    return [frozenset(own) or frozenset({("single", document)}) for document, own in enumerate(clusters)]


def mean_f1(results: Sequence[CaseResult]) -> float:
    """Return the mean BCubed F1 of the cases."""
    return float(np.mean([measures.bcubed_f1(result.bcubed) for result in results]))


def story_cases(data: Path, _: Part) -> Table:
    """Measure the stories found in each story case; the set has no halves."""
    return cases_table(evaluate(data))


def cases_table(results: Sequence[CaseResult]) -> Table:
    """Return the table of the measures of each case and of all."""
    lines = [_line(f"{result.name}, {len(result.rows)}", result.bcubed, result.counts) for result in results]
    counts = np.array([result.counts for result in results], np.float64)
    total = _line("all, documents together", np.concatenate([result.bcubed for result in results]), counts.sum(axis=0))
    mean = [short(float(np.mean([r.bcubed[:, column].mean() for r in results]))) for column in (0, 1)]
    lines += [total, ["all, mean of cases", f"{mean_f1(results):.3f}", *mean, "", "", "", "", "", "≥ .96"]]
    total[-1] = "pairs F1 ≥ .75"
    return Table(
        "story-cases: stories of formula news and small scenarios",
        ["story-cases"],
        [
            "each case is a corpus of its own; BCubed extended to several stories of a document; a document without a "
            "story is a cluster of its own",
            "the figure of BCubed F1 is the mean of the cases; pairs are counted over all cases",
        ],
        [
            "case, documents",
            "BCubed F1",
            "precision",
            "recall",
            "pairs F1",
            "precision",
            "recall",
            "false",
            "missed",
            "goal",
        ],
        lines,
        whole=True,
    )


def _line(name: str, bcubed: Rows, counts: Iterable[float]) -> list[str]:
    """Format a line of the table."""
    right, false, missed = (int(count) for count in counts)
    rows = np.array([[right, false, missed]], np.float64)
    pairs = [f"{measure(rows):.3f}" for measure in (measures.f1, measures.precision, measures.recall)]
    if not rows.any():  # nothing to find and nothing found
        pairs = ["", "", ""]
    means = [short(float(value)) for value in bcubed.mean(axis=0)]
    return [name, f"{measures.bcubed_f1(bcubed):.3f}", *means, *pairs, str(false), f"{missed} of {right + missed}", ""]


def print_pairs(results: Sequence[CaseResult]) -> None:
    """Print the false and the missed pairs with the beginnings of their texts."""
    for result in results:
        for kind, pairs in (("false", result.false), ("missed", result.missed)):
            for pair in pairs:
                print(f"\n{kind} pair in {result.name}")
                for document in pair:
                    row = result.rows[document]
                    story = ", ".join(sorted(labels(row["story"]))) or "no story"
                    print(f"  {row['id']} ({story}): {' '.join(row['text'].split())[:FIRST_LINE]}")


def main() -> None:
    """Parse the command line and print the table, and the wrong pairs if wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="cases to run (default: all)")
    parser.add_argument("--data", type=Path, help="folder of the evaluation sets (default: $DEDUP_DATA)")
    parser.add_argument("--pairs", action="store_true", help="print the false and the missed pairs")
    options = parser.parse_args()
    data = data_folder(parser, options.data)
    results = evaluate(data, options.cases)
    table = cases_table(results)
    print(markdown_table(table.header, table.lines))
    if options.pairs:
        print_pairs(results)


if __name__ == "__main__":
    main()
