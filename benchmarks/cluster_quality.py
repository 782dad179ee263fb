"""Measure the stories of headlines and of rewrites next to clusterings by tf-idf.

python benchmarks/quality.py headlines rewrites --data FOLDER
"""

from collections.abc import Sequence
from pathlib import Path

import baselines
import measures
import numpy as np
from evaluation_sets import Mixture, Part, Table, languages, load, size, text_table
from news_sets import LEVELS, OTHER_STORY, SAME_STORY, french_headlines, headlines, rewrites
from story_quality import story_numbers, with_singles

SEED = 1
# Similarities to cut the trees of the baselines at.
CUTS = tuple(np.arange(0.04, 1, 0.02).tolist())


def headline_stories(data: Path, _: Part) -> Table:
    """Measure the stories of titles, by language and of all languages together."""
    names = [*languages(load(data, "semeval", "all"))[:4], None]
    mixtures = [*(headlines(data, name, SEED) for name in names), french_headlines(SEED)]
    lines = [line for mixture in mixtures for line in clustering_lines(mixture, "≥ .92, above tf-idf")]
    return Table(
        "headlines: BCubed F1 of titles as documents",
        ["semeval", "reuters"],
        [
            f"titles of articles rated {SAME_STORY} or lower are a story, those of articles rated "
            f"{OTHER_STORY} or higher and of Reuters stories are not; the French ones are events in "
            f"several phrasings and formulas with other facts; some are published again, with additions; seed {SEED}",
            *NOTES,
        ],
        ["set", "size", "system", "F1", "precision", "recall", "goal"],
        lines,
        whole=True,
    )


def rewritten_stories(data: Path, _: Part) -> Table:
    """Measure the stories of generated rewrites, by level."""
    lines = [
        line
        for level in (*LEVELS, None)
        for line in clustering_lines(rewrites(data, level, SEED), "≥ .99, above tf-idf")
    ]
    return Table(
        "rewrites: BCubed F1 of three rewrites of each story",
        ["reuters"],
        [
            "rewrites with words replaced, sentences dropped and moved, clauses moved: "
            + "; ".join(
                f"{name}: {level.words:.0%} of the common words, {level.dropped:.0%}, {level.moved:.0%}"
                for name, level in LEVELS.items()
            )
            + f"; mixed: one of each level; seed {SEED}",
            *NOTES,
        ],
        ["set", "size", "system", "F1", "precision", "recall", "goal"],
        lines,
        whole=True,
    )


NOTES = ("the trees of tf-idf cosine are cut at the similarity that is best on each set, from .04 to .98",)


def clustering_lines(mixture: Mixture, goal: str) -> list[list[str]]:
    """Cluster a mixture with all systems; returns the lines of the table."""
    gold = with_singles([{story} for story in mixture.stories])
    rows = {"dedup": measures.bcubed_overlapping(gold, with_singles(story_numbers(text_table(mixture.texts))))}
    similarity = baselines.document_cosine(baselines.words, mixture.texts)
    for method in ("average", "single"):
        rows[f"tf-idf cosine, {method} linkage"] = max(
            (measures.bcubed(mixture.stories, found) for found in baselines.clusterings(similarity, method, CUTS)),
            key=measures.bcubed_f1,
        )
    rows["equal words"] = measures.bcubed(mixture.stories, equal_texts(mixture.texts))
    lines = []
    for name, found in rows.items():
        first = [mixture.name, size(mixture)] if name == "dedup" else ["", ""]
        means = [f"{value:.3f}" for value in (measures.bcubed_f1(found), *found.mean(axis=0))]
        lines.append([*first, name, *means, goal if name == "dedup" else ""])
    return lines


def equal_texts(texts: Sequence[str]) -> list[str]:
    """Cluster texts with the same words in the same order.

    >>> equal_texts(["Rain, again!", "rain again"])
    ['rain again', 'rain again']
    """
    return [" ".join(baselines.words(text)) for text in texts]
