"""Measure how often links and stories of a score are right.

    python benchmarks/quality.py calibration --data FOLDER

A link of each set is right

* DEplain: if it covers a pair of sentences that was aligned by hand;
* MTRef: in a pair of sentences with the same meaning, not in as many pairs of unrelated sentences;
* SemEval: in a pair of articles rated as the same story, not in one rated as different;
* planted passages: if half of its letters are in a planted passage and its source, in both documents;
* story cases: if it has a story and its documents share a true one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import planted
import pyarrow as pa
from baselines import words
from evaluation_sets import OTHER_STORY, SAME_STORY, MissingSetError, Part, Row, Table, load, text_table
from measures import covered_spans, joined_spans, short
from reuse_measures import link_matches, passage_counts
from story_quality import case_table, grouped, labels

from dedup import align, diff

# The last bin contains only the score 1 to two decimals.
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.995)
SEED = 1


class Scored(NamedTuple):
    """A link or a pair of documents, and whether it is right."""

    score: float
    right: bool
    related: bool = False
    """Whether its kind is `related`."""
    same_words: bool = False
    """Whether both sides have the same words."""


def calibration(data: Path, part: Part) -> Table:
    """Measure the share of right links and stories by score."""
    lines: list[list[str]] = []
    used, missing = [], []
    for name, source, score in (
        ("DEplain", "deplain", lambda: deplain_links(load(data, "deplain", part))),
        ("MTRef", "mtref", lambda: mtref_links(load(data, "mtref", part))),
        ("SemEval, links", "semeval", lambda: semeval_links(load(data, "semeval", part))),
        ("planted passages", "novels", lambda: planted_links(data)),
        (
            "story cases, links with a story",
            "story-cases",
            lambda: case_links(grouped(load(data, "story-cases", "all"))),
        ),
        (
            "story cases, pairs of documents by best link",
            "",
            lambda: case_pairs(grouped(load(data, "story-cases", "all"))),
        ),
    ):
        try:
            found = score()
        except MissingSetError as error:
            missing.append(f"Omitted: {error}")
            continue
        used += [source] * bool(source)
        lines.append(score_line(name, [one for one in found if not one.related]))
        if any(one.related for one in found):
            lines.append(score_line(f"{name}, `related` only", [one for one in found if one.related]))
    return Table(
        "calibration: share of links that are right, by score",
        used,
        [
            "in parentheses the number of links; “same words”: share of the links scored 1.00 that have the same words "
            "on both sides; “error”: expected calibration error, the mean difference of score and share over the bins",
            "MTRef, SemEval: half of the pairs or the rated pairs are unrelated; a corpus has many more of these",
            *dict.fromkeys(missing),
        ],
        ["set", *(f"{low:g} to {high:g}" for low, high in pairwise(EDGES)), "1.00", "same words", "error", "goal"],
        lines,
    )


def score_line(name: str, found: Sequence[Scored]) -> list[str]:
    """Format a line: the share that is right in each bin, of the score 1 with the same words, and the error."""
    bins: dict[int, list[Scored]] = defaultdict(list)
    for one in found:
        bins[int(np.searchsorted(EDGES, one.score, side="right")) - 1].append(one)
    cells = [f"{short(right_share(bins[at]))} ({len(bins[at])})" if bins[at] else "" for at in range(len(EDGES))]
    top = bins[len(EDGES) - 1]
    same = short(sum(one.same_words for one in top) / len(top)) if top else ""
    goal = "≥ .9 from .9" if len(bins[len(EDGES) - 2]) + len(top) else ""
    return [name, *cells, same, short(calibration_error(bins.values())) if found else "", goal]


def right_share(found: Sequence[Scored]) -> float:
    """Return the share that is right."""
    return sum(one.right for one in found) / len(found)


def calibration_error(bins: Iterable[Sequence[Scored]]) -> float:
    """Return the mean difference of mean score and share that is right over bins, by number in the bin.

    Source: Naeini, Cooper and Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning".
    """
    filled = [found for found in bins if found]
    errors = [abs(sum(one.score for one in found) - sum(one.right for one in found)) for found in filled]
    return float(sum(errors) / max(1, sum(map(len, filled))))


def deplain_links(rows: Sequence[Row]) -> list[Scored]:
    """Score the links of DEplain documents; a link is right if it covers a gold pair of sentences."""
    scored = []
    for row in rows:
        lefts, rights = joined_spans(row["original"], "\n"), joined_spans(row["simplification"], "\n")
        gold = set(map(tuple, row["links"]))
        found = diff("\n".join(row["original"]), "\n".join(row["simplification"]))
        for pair in found.pairs:
            covered = {
                (left, right) for left in covered_spans(pair.left, lefts) for right in covered_spans(pair.right, rights)
            }
            same = words(found.left[slice(*pair.left)]) == words(found.right[slice(*pair.right)])
            scored.append(Scored(pair.score, bool(covered & gold), pair.kind == "related", same))
    return scored


def mtref_links(rows: Sequence[Row]) -> list[Scored]:
    """Score the links of sentences with the same meaning, and of sentences with the next row's right side."""
    texts = [(" ".join(row["left"]), " ".join(row["right"])) for row in rows]
    scored = []
    for at, (left, right) in enumerate(texts):
        scored += _pair_links(left, right, True)
        if len(texts) > 1:
            scored += _pair_links(left, texts[(at + len(texts) // 2) % len(texts)][1], False)
    return scored


def semeval_links(rows: Sequence[Row]) -> list[Scored]:
    """Score the links of articles rated as the same story or as different."""
    return [
        link
        for row in rows
        if row["lang1"] == row["lang2"] and not SAME_STORY < row["overall"] < OTHER_STORY
        for link in _pair_links(row["text1"], row["text2"], row["overall"] <= SAME_STORY)
    ]


def _pair_links(left: str, right: str, is_right: bool) -> list[Scored]:
    """Score the links of two texts, which are all right or all wrong."""
    return [
        Scored(
            pair.score,
            is_right,
            pair.kind == "related",
            words(left[slice(*pair.left)]) == words(right[slice(*pair.right)]),
        )
        for pair in diff(left, right).pairs
    ]


def planted_links(data: Path) -> list[Scored]:
    """Score the links of documents with planted passages."""
    corpus = planted.planted_corpus(data, seed=SEED)
    links = align(text_table(corpus.texts)).links
    gold = defaultdict(list)
    for passage in corpus.passages:
        gold[passage.match.pair].append(passage.match)
    scored = []
    for found, score, kind in zip(
        link_matches(links, related=True), links["score"].to_pylist(), links["kind"].to_pylist(), strict=True
    ):
        counts = passage_counts(corpus.texts, gold[found.pair], [found])[found.pair]
        left = corpus.texts[found.left][found.left_start : found.left_end]
        right = corpus.texts[found.right][found.right_start : found.right_end]
        scored.append(Scored(score, counts.found_right == 1, kind == "related", words(left) == words(right)))
    return scored


def case_links(cases: dict[str, list[Row]]) -> list[Scored]:
    """Score the links with a story in the story cases; a link is right if its documents share a true story."""
    return [Scored(score, right) for rows in cases.values() for _, score, right in _story_links(rows)]


def case_pairs(cases: dict[str, list[Row]]) -> list[Scored]:
    """Score the pairs of documents of the story cases that have links with a story, by the best of these links."""
    scored = []
    for rows in cases.values():
        best: dict[tuple[int, int], Scored] = {}
        for pair, score, right in _story_links(rows):
            best[pair] = max(best.get(pair, Scored(score, right)), Scored(score, right))
        scored += best.values()
    return scored


def _story_links(rows: Sequence[Row]) -> list[tuple[tuple[int, int], float, bool]]:
    """Run `align` on a case; returns the documents, the score and the correctness of each link with a story."""
    links: pa.Table = align(case_table(rows)).links
    gold = [labels(row["story"]) for row in rows]
    columns = (links[name].to_pylist() for name in ("left_doc", "right_doc", "score", "story"))
    return [
        ((left, right), score, bool(gold[left] & gold[right]))
        for left, right, score, story in zip(*columns, strict=True)
        if story is not None
    ]
