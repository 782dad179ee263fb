"""Measure the links between sentences and between words."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import baselines
import measures
import numpy as np
from evaluation_sets import MissingSetError, Part, Row, Table, UnrelatedPairs, load, unrelated_pairs, without_signature
from measures import covered_spans, interval, joined_spans, percent, short
from numpy.typing import NDArray

from dedup import diff
from dedup.alignment.diff import Diff
from dedup.alignment.words.align import WordLink, align_words

IndexPairs = set[tuple[int, int]]


class LinkRule(NamedTuple):
    """The rule by which a baseline links sentences."""

    threshold: float
    """Least score of a link."""
    best_only: bool
    """Whether at least one of the two sentences must have its highest score in the pair."""


def deplain(data: Path, part: Part) -> Table:
    """Measure the links between sentences that are not identical, end to end."""
    rows = load(data, "deplain", part)
    diffs = [diff("\n".join(row["original"]), "\n".join(row["simplification"])) for row in rows]
    lines = []
    for name, related, goal in (("dedup", False, "≥ .53"), ("dedup, with `related`", True, "")):
        linked = [_linked(row, found, related) for row, found in zip(rows, diffs, strict=True)]
        lines.append([name, "", *_f1([_counts(row, pairs) for row, pairs in zip(rows, linked, strict=True)]), goal])
    for name, rule in link_rules(data).items():
        linked = [_apply(rule, baselines.SENTENCES[name](row["original"], row["simplification"])) for row in rows]
        label = f"{rule.threshold:.3f}{', best pairs only' if rule.best_only else ''}"
        lines.append([name, label, *_f1([_counts(row, pairs) for row, pairs in zip(rows, linked, strict=True)]), ""])
    return Table(
        "deplain: links between sentences that are not identical",
        ["deplain"],
        [f"{len(rows)} documents; sentences joined by line breaks, links assigned to sentences by overlap"],
        ["system", "threshold", "F1", "precision", "recall", "goal"],
        lines,
    )


def _f1(counts: Sequence[tuple[int, int, int]]) -> list[str]:
    """Format F1 with its interval, precision and recall."""
    rows = np.array(counts, np.float64)
    return [str(interval(rows, measures.f1)), short(measures.precision(rows)), short(measures.recall(rows))]


def _linked(row: Row, found: Diff, related: bool) -> IndexPairs:
    """List the pairs of given sentences that the links cover."""
    lefts, rights = joined_spans(row["original"], "\n"), joined_spans(row["simplification"], "\n")
    return {
        (left, right)
        for pair in found.pairs
        if related or pair.kind != "related"
        for left in covered_spans(pair.left, lefts)
        for right in covered_spans(pair.right, rights)
    }


def _counts(row: Row, found: IndexPairs) -> tuple[int, int, int]:
    """Count true positives, false positives and false negatives among sentences that are not identical."""
    differing = _differing(row)
    gold = {(left, right) for left, right in row["links"] if differing[left, right]}
    return measures.counts(gold, {pair for pair in found if differing[pair]})


def _differing(row: Row) -> NDArray[np.bool_]:
    """Mark the pairs of sentences that are not identical, shape (original, simplification)."""
    lefts, rights = (np.array([text.strip() for text in row[side]]) for side in ("original", "simplification"))
    return lefts[:, None] != rights[None, :]


def _apply(rule: LinkRule, scores: baselines.Matrix) -> IndexPairs:
    """List the pairs of sentences that a baseline links."""
    linked = scores >= rule.threshold
    if rule.best_only:
        linked &= _best_pairs(scores)
    return {(int(left), int(right)) for left, right in np.argwhere(linked)}


def _best_pairs(scores: baselines.Matrix) -> NDArray[np.bool_]:
    """Mark the pairs that have the highest score of their row or of their column."""
    return (scores >= scores.max(axis=1, keepdims=True)) | (scores >= scores.max(axis=0, keepdims=True))


@cache
def link_rules(data: Path) -> dict[str, LinkRule]:
    """Choose the link rule of each baseline on the half `tune` of DEplain."""
    rows = load(data, "deplain", "tune")
    chosen: dict[str, LinkRule] = {}
    for name, compare in baselines.SENTENCES.items():
        matrices = [compare(row["original"], row["simplification"]) for row in rows]
        chosen[name] = max(_best_rule(rows, matrices, best_only) for best_only in (False, True))[1]
    return chosen


def _best_rule(rows: Sequence[Row], matrices: Sequence[baselines.Matrix], best_only: bool) -> tuple[float, LinkRule]:
    """Find the threshold with the highest F1; returns F1 and the rule."""
    scores, right, missed = [], [], 0
    for row, matrix in zip(rows, matrices, strict=True):
        gold = np.zeros(matrix.shape, bool)
        gold[tuple(np.array(row["links"]).T)] = True
        gold &= _differing(row)
        considered = _differing(row) & _best_pairs(matrix) if best_only else _differing(row)
        scores.append(matrix[considered])
        right.append(gold[considered])
        missed += int((gold & ~considered).sum())
    threshold, value = measures.best_f1_threshold(np.concatenate(scores), np.concatenate(right), missed)
    return value, LinkRule(threshold, best_only)


def false_links(data: Path, part: Part) -> Table:
    """Measure how many pairs of texts on different events get a link."""
    used, missing = [], []
    pairs: dict[str, list[UnrelatedPairs]] = {}
    for name in ("semeval", "deplain", "clough", "reuters"):
        try:
            pairs[name] = unrelated_pairs(name, load(data, name, part))
            used.append(name)
        except MissingSetError as error:
            missing.append(f"Omitted: {error}")
    if "reuters" in pairs:
        pairs["reuters, no signature"] = without_signature(pairs["reuters"])
    flags = {
        name: [[_has_links(diff(left, right), data) for right in rights] for left, rights in texts]
        for name, texts in pairs.items()
    }
    lines = []
    for system in next(iter(flags.values()))[0][0] if flags else ():
        counts = [[(sum(flag[system] for flag in found), len(found)) for found in column] for column in flags.values()]
        cells = [percent(interval(np.array(rows, np.float64), measures.rate)) for rows in counts]
        lines.append([system, *cells, "≤ 2%" if system == "dedup" else ""])
    return Table(
        "false-links: pairs of texts on different events that get a link",
        used,
        [
            "the same pairs for all systems, shuffled with seed 1; the baselines use their thresholds of deplain",
            "nearly all Reuters stories end with the agency's name; “no signature” is without it",
            *missing,
        ],
        ["system", *(f"{name}: {sum(map(len, column))}" for name, column in flags.items()), "goal"],
        lines,
    )


def _has_links(found: Diff, data: Path) -> dict[str, bool]:
    """Return for each system whether it links any sentences of the two texts."""
    flags = {"dedup": any(pair.kind != "related" for pair in found.pairs), "dedup, with `related`": bool(found.pairs)}
    texts = zip((found.left, found.right), found.sentences, strict=True)
    lefts, rights = ([text[start:end] for start, end in spans] for text, spans in texts)
    try:
        rules = link_rules(data)
    except MissingSetError:
        rules = {}
    for name, rule in rules.items():
        flags[name] = bool((baselines.SENTENCES[name](lefts, rights) >= rule.threshold).any())
    return flags


def mtref(data: Path, part: Part) -> Table:
    """Measure the links between words."""
    rows = load(data, "mtref", part)
    systems: dict[str, Callable[[Sequence[str], Sequence[str]], IndexPairs]] = {
        "dedup": _words_of_diff,
        "dedup, sentences given": _words,
        **baselines.WORDS,
    }
    lines = []
    for name, link in systems.items():
        counts = [measures.counts(set(map(tuple, row["links"])), link(row["left"], row["right"])) for row in rows]
        lines.append([name, *_f1(counts), "≥ .80" if name == "dedup" else ""])
    return Table(
        "mtref: links between words",
        ["mtref"],
        [
            f"{len(rows)} pairs; a link between groups of words counts as a link between each two of their words",
            "dedup compares the sentences as two texts; “sentences given”: it need not find that they correspond",
        ],
        ["system", "F1", "precision", "recall", "goal"],
        lines,
    )


def _words_of_diff(left: Sequence[str], right: Sequence[str]) -> IndexPairs:
    """Link the words of two texts of a sentence each as `dedup diff` does."""
    pairs = diff(" ".join(left), " ".join(right), "en").pairs
    return _word_indexes(left, right, [link for pair in pairs for link in pair.words])


def _words(left: Sequence[str], right: Sequence[str]) -> IndexPairs:
    """Link the words of two sentences that are known to correspond."""
    return _word_indexes(left, right, align_words(" ".join(left), " ".join(right), "en"))


def _word_indexes(left: Sequence[str], right: Sequence[str], links: Sequence[WordLink]) -> IndexPairs:
    """Return the pairs of words that links cover."""
    lefts, rights = joined_spans(left, " "), joined_spans(right, " ")
    return {
        (left_word, right_word)
        for link in links
        for left_word in covered_spans((link.left_start, link.left_end), lefts)
        for right_word in covered_spans((link.right_start, link.right_end), rights)
    }
