"""The reference implementation of containment: which items stand inside a document, by tuples of words and plain loops.

An item is found in a stretch of a document that has enough of its runs of n words, is no longer than its own words
divided by the share, and overlaps no stretch before it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

Run = tuple[str, ...]
LEAST_WORDS, MOST_ITEMS = 5, 10


class Stretch(NamedTuple):
    doc: int
    item: int
    first: int
    stop: int
    runs: int


def runs_of(words: Sequence[str], n: int) -> list[Run]:
    """Return the runs of n words; an item of fewer words is its only run, and of too few words it has none."""
    if len(words) < LEAST_WORDS:
        return []
    width = min(n, len(words))
    return [tuple(words[at : at + width]) for at in range(len(words) - width + 1)]


def searched_runs_of(runs: Sequence[set[Run]]) -> list[set[Run]]:
    """Return the different runs of each item, without templates."""
    counts = Counter(run for own in runs for run in own)
    return [{run for run in own if counts[run] <= MOST_ITEMS} for own in runs]


def stretches(
    documents: Sequence[Sequence[str]], items: Sequence[Sequence[str]], n: int, share: float
) -> list[Stretch]:
    searched = searched_runs_of([set(runs_of(item, n)) for item in items])
    return [
        stretch
        for doc, words in enumerate(documents)
        for number, item in enumerate(items)
        for stretch in stretches_of(doc, words, number, len(item), searched[number], n, share)
    ]


def stretches_of(
    doc: int, words: Sequence[str], item: int, size: int, runs: set[Run], n: int, share: float
) -> list[Stretch]:
    """Return the stretches of a document that contain an item of some words."""
    if not runs:
        return []
    wanted = math.ceil(share * len(runs) - 1e-9)
    window = math.floor(size / share + 1e-9)
    return [Stretch(doc, item, *found) for found in _find(words, runs, min(n, size), wanted, window)]


def _find(words: Sequence[str], runs: set[Run], width: int, wanted: int, window: int) -> list[tuple[int, int, int]]:
    """Return the first word, the end and the number of different runs of each stretch that has enough runs."""
    at_runs = [(at, run) for at in range(len(words) - width + 1) if (run := tuple(words[at : at + width])) in runs]
    found = []
    begin = 0
    for right in range(len(at_runs)):
        if right < begin:
            continue
        end = at_runs[right][0] + width
        hits = [hit for hit in at_runs[begin : right + 1] if end - hit[0] <= window]
        if len({run for _, run in hits}) < wanted:
            continue
        hits = _without_repeated(hits)
        seen = list(hits)
        for hit in at_runs[right + 1 :]:
            if hit[0] + width - hits[0][0] > window:
                break
            seen.append(hit)
            if hit[1] not in {run for _, run in hits}:
                hits = _without_repeated([other for other in seen if other >= hits[0]])
        first, stop = hits[0][0], hits[-1][0] + width
        found.append((first, stop, len({run for _, run in hits})))
        begin = next((index for index, hit in enumerate(at_runs) if hit[0] >= stop), len(at_runs))
    return found


def _without_repeated(hits: list[tuple[int, Run]]) -> list[tuple[int, Run]]:
    """Leave out the first hits whose run comes again."""
    while hits[0][1] in {run for _, run in hits[1:]}:
        hits = hits[1:]
    return hits
