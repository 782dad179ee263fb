"""Figures of links between sentences and between words."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import baselines
import measures
import numpy as np
from measures import interval, percent, short, spans_of, touched
from numpy.typing import NDArray
from sets import Missing, Part, Row, Strangers, Table, load, strangers, unsigned

from dedup import diff
from dedup.alignment.diff import Diff
from dedup.alignment.words.align import align_words

Cells = set[tuple[int, int]]


class Cut(NamedTuple):
    """How a baseline links sentences."""

    score: float
    """From which on."""
    partners: bool
    """Whether one sentence must be the best partner of the other."""


def deplain(data: Path, part: Part) -> Table:
    """Measure the links between sentences that are not identical, end to end."""
    rows = load(data, "deplain", part)
    found = [diff("\n".join(row["original"]), "\n".join(row["simplification"])) for row in rows]
    lines = []
    for name, related, goal in (("dedup", False, "≥ .53"), ("dedup, with `related`", True, "")):
        linked = [_linked(row, one, related) for row, one in zip(rows, found, strict=True)]
        lines.append([name, "", *_f1([_counts(row, cells) for row, cells in zip(rows, linked, strict=True)]), goal])
    for name, cut in cuts(data).items():
        linked = [_over(baselines.SENTENCES[name](row["original"], row["simplification"]), cut) for row in rows]
        rule = f"{cut.score:.3f}{', best partners' if cut.partners else ''}"
        lines.append([name, rule, *_f1([_counts(row, cells) for row, cells in zip(rows, linked, strict=True)]), ""])
    return Table(
        "deplain: links between sentences that are not identical",
        ["deplain"],
        [f"{len(rows)} documents; the sentences of each joined by line breaks, links traced back by overlap"],
        ["system", "cut", "F1", "precision", "recall", "goal"],
        lines,
    )


def _f1(counts: Sequence[tuple[int, int, int]]) -> list[str]:
    rows = np.array(counts, np.float64)
    return [str(interval(rows, measures.f1)), short(measures.precision(rows)), short(measures.recall(rows))]


def _linked(row: Row, found: Diff, related: bool) -> Cells:
    """List the pairs of given sentences that the links cover."""
    lefts, rights = spans_of(row["original"], "\n"), spans_of(row["simplification"], "\n")
    return {
        (one, other)
        for pair in found.pairs
        if related or pair.kind != "related"
        for one in touched(pair.left, lefts)
        for other in touched(pair.right, rights)
    }


def _counts(row: Row, found: Cells) -> tuple[int, int, int]:
    """Count what is right, wrong and missed among sentences that are not identical."""
    differing = _differing(row)
    gold = {(one, other) for one, other in row["links"] if differing[one, other]}
    return measures.counts(gold, {cell for cell in found if differing[cell]})


def _differing(row: Row) -> NDArray[np.bool_]:
    lefts, rights = (np.array([text.strip() for text in row[side]]) for side in ("original", "simplification"))
    return lefts[:, None] != rights[None, :]


def _over(scores: baselines.Matrix, cut: Cut) -> Cells:
    """List the pairs of sentences that a baseline links."""
    linked = scores >= cut.score
    if cut.partners:
        linked &= _partners(scores)
    return {(int(one), int(other)) for one, other in np.argwhere(linked)}


def _partners(scores: baselines.Matrix) -> NDArray[np.bool_]:
    """Mark the pairs where one sentence is the best partner of the other."""
    return (scores >= scores.max(axis=1, keepdims=True)) | (scores >= scores.max(axis=0, keepdims=True))


@cache
def cuts(data: Path) -> dict[str, Cut]:
    """Choose on the half `tune` of DEplain from which score on each baseline links, and which pairs."""
    rows = load(data, "deplain", "tune")
    chosen: dict[str, Cut] = {}
    for name, compare in baselines.SENTENCES.items():
        matrices = [compare(row["original"], row["simplification"]) for row in rows]
        chosen[name] = max(_cut(rows, matrices, partners) for partners in (False, True))[1]
    return chosen


def _cut(rows: Sequence[Row], matrices: Sequence[baselines.Matrix], partners: bool) -> tuple[float, Cut]:
    """Find the best cut under a rule; gives F1 and the cut."""
    scores, right, missed = [], [], 0
    for row, matrix in zip(rows, matrices, strict=True):
        gold = np.zeros(matrix.shape, bool)
        gold[tuple(np.array(row["links"]).T)] = True
        gold &= _differing(row)
        considered = _differing(row) & _partners(matrix) if partners else _differing(row)
        scores.append(matrix[considered])
        right.append(gold[considered])
        missed += int((gold & ~considered).sum())
    score, value = measures.best_f1_cut(np.concatenate(scores), np.concatenate(right), missed)
    return value, Cut(score, partners)


def false(data: Path, part: Part) -> Table:
    """Measure how many pairs of texts on different events get a link."""
    used, missing = [], []
    pairs: dict[str, list[Strangers]] = {}
    for name in ("semeval", "deplain", "clough", "reuters"):
        try:
            pairs[name] = strangers(name, load(data, name, part))
            used.append(name)
        except Missing as error:
            missing.append(f"Left out: {error}")
    if "reuters" in pairs:
        pairs["reuters, unsigned"] = unsigned(pairs["reuters"])
    flags = {
        name: [[_flags(diff(left, right), data) for right in rights] for left, rights in texts]
        for name, texts in pairs.items()
    }
    lines = []
    for system in next(iter(flags.values()))[0][0] if flags else ():
        counts = [[(sum(one[system] for one in found), len(found)) for found in column] for column in flags.values()]
        figures = [percent(interval(np.array(rows, np.float64), measures.rate)) for rows in counts]
        lines.append([system, *figures, "≤ 2%" if system == "dedup" else ""])
    return Table(
        "false: pairs of texts on different events that get a link",
        used,
        [
            "the same pairs for all, shuffled with seed 1; the cuts of the baselines are those of deplain",
            "nearly all stories of Reuters end with the agency's name, which unsigned ones are without",
            *missing,
        ],
        ["system", *(f"{name}: {sum(map(len, column))}" for name, column in flags.items()), "goal"],
        lines,
    )


def _flags(found: Diff, data: Path) -> dict[str, bool]:
    """Tell of each system whether it links any sentences."""
    flags = {"dedup": any(pair.kind != "related" for pair in found.pairs), "dedup, with `related`": bool(found.pairs)}
    texts = zip((found.left, found.right), found.sentences, strict=True)
    lefts, rights = ([text[start:end] for start, end in spans] for text, spans in texts)
    try:
        known = cuts(data)
    except Missing:
        known = {}
    for name, cut in known.items():
        flags[name] = bool((baselines.SENTENCES[name](lefts, rights) >= cut.score).any())
    return flags


def mtref(data: Path, part: Part) -> Table:
    """Measure the links between words."""
    rows = load(data, "mtref", part)
    systems: dict[str, Callable[[Sequence[str], Sequence[str]], Cells]] = {"dedup": _words, **baselines.WORDS}
    lines = []
    for name, link in systems.items():
        counts = [measures.counts(set(map(tuple, row["links"])), link(row["left"], row["right"])) for row in rows]
        lines.append([name, *_f1(counts), "≥ .80" if name == "dedup" else ""])
    return Table(
        "mtref: links between words",
        ["mtref"],
        [f"{len(rows)} pairs; a link of several words to several counts as each to each"],
        ["system", "F1", "precision", "recall", "goal"],
        lines,
    )


def _words(left: Sequence[str], right: Sequence[str]) -> Cells:
    """Link words as inside a pair of sentences."""
    lefts, rights = spans_of(left, " "), spans_of(right, " ")
    return {
        (one, other)
        for link in align_words(" ".join(left), " ".join(right), "en")
        for one in touched((link.left_start, link.left_end), lefts)
        for other in touched((link.right_start, link.right_end), rights)
    }
