"""Measure alignment of whole documents: stories, copied answers, similarity of articles, and the time of `align`."""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import baselines
import measures
import numpy as np
from evaluation_sets import (
    COPIED,
    MissingSetError,
    Mixture,
    Part,
    Row,
    Table,
    in_language,
    languages,
    load,
    mix_clough,
    mix_deplain,
    mix_newswire,
    mix_semeval,
    size,
    text_table,
)
from measures import Rows, interval, short
from numpy.typing import NDArray

from dedup import align, diff

Mask = NDArray[np.bool_]
TIMED_RUNS = 3
SIMILARITY_GOALS = {"en": "≥ .82", "es": "≥ .78", "de": "≥ .63"}


def stories(data: Path, part: Part) -> Table:
    """Measure how documents of several stories are clustered."""
    mixers: list[tuple[list[str], Callable[..., list[Mixture]]]] = [
        (["clough"], lambda rows: [mix_clough(rows, COPIED), mix_clough(rows, ("non", *COPIED))]),
        (["clough", "reuters"], lambda rows, news: [mix_newswire(rows, news)]),
        (["deplain"], lambda rows: [mix_deplain(rows)]),
        (["semeval"], lambda rows: [mix_semeval(rows, language) for language in ("en", "de", "es")]),
    ]
    used: dict[str, None] = {}
    missing: dict[str, None] = {}
    lines: list[list[str]] = []
    for names, mix in mixers:
        try:
            mixtures = mix(*(load(data, name, part) for name in names))
        except MissingSetError as error:
            missing[f"Omitted: {error}"] = None
            continue
        used |= dict.fromkeys(names)
        lines += [line for mixture in mixtures for line in _clustering_lines(mixture)]
    return Table(
        "stories: BCubed F1 of documents of several stories",
        list(used),
        [
            "the baselines use average linkage, cut at the height that is best on each mixture",
            "news articles of different pairs have no human rating; some report the same story, so 1 cannot be reached",
            *missing,
        ],
        ["mixture", "size", "system", "F1", "precision", "recall", "goal"],
        lines,
    )


def _clustering_lines(mixture: Mixture) -> list[list[str]]:
    """Cluster a mixture with all systems; returns the lines of the table."""
    found = {"dedup": _stories(mixture.texts)}
    for name, similarity in (
        ("tf-idf cosine, words", baselines.document_cosine(baselines.words, mixture.texts)),
        ("MinHash Jaccard, 3-grams", baselines.minhash(mixture.texts, mixture.texts)),
    ):
        candidates = baselines.clusterings(similarity)
        found[name] = max(candidates, key=lambda labels: measures.bcubed_f1(measures.bcubed(mixture.stories, labels)))
    lines = []
    for name, labels in found.items():
        rows = measures.bcubed(mixture.stories, labels)
        means = [short(float(value)) for value in rows.mean(axis=0)]
        is_dedup = name == "dedup"
        first = [mixture.name, size(mixture)] if is_dedup else ["", ""]
        goal = "≥ .98, above tf-idf" if is_dedup and mixture.has_goal else ""
        lines.append([*first, name, str(interval(rows, measures.bcubed_f1)), *means, goal])
    return lines


def _stories(texts: Sequence[str]) -> list[int]:
    """Return the largest story of each document; a document without a story gets a number of its own."""
    found = align(text_table(texts)).to_arrow("stories")
    numbers, docs = found["story"].to_pylist(), found["doc"].to_pylist()
    labels = [-1 - index for index in range(len(texts))]
    for number, doc in sorted(zip(numbers, docs, strict=True), key=lambda pair: (numbers.count(pair[0]), -pair[0])):
        labels[doc] = number
    return labels


def clough(data: Path, part: Part) -> Table:
    """Measure how well coverage shows whether an answer was copied, and how much."""
    rows = load(data, "clough", "all")
    chosen, tune = ({row["id"] for row in load(data, "clough", half)} for half in (part, "tune"))
    evaluated, tuned = (np.array([row["id"] in ids for row in rows]) for ids in (chosen, tune))
    degree = np.array([("non", *COPIED).index(row["category"]) for row in rows])
    lines = []
    for name, scores in _answer_scores(rows).items():
        right = _correct(scores, degree > 0, evaluated, tuned, held_out=part == "report")
        copied = evaluated & (degree > 0)
        ranks = np.column_stack([scores[copied], degree[copied]])
        parts = [scores[evaluated & (degree == category)] for category in range(4)]
        lines.append(
            [
                name,
                str(interval(right[:, None].astype(float), measures.mean)),
                *(f"{short(float(part.mean()))} / {short(float(np.median(part)))}" for part in parts),
                str(interval(ranks, measures.spearman)),
                "accuracy ≥ .95, heavy < light < cut" if name.startswith("dedup") else "",
            ]
        )
    others = "the half `tune`" if part == "report" else "all other answers (leave-one-out)"
    return Table(
        "clough: share of an answer that is in its source",
        ["clough"],
        [
            f"{evaluated.sum()} answers; accuracy of `non` against the rest, with the best threshold on {others}",
            "mean / median of each category; Spearman's rank correlation over heavy, light and cut",
        ],
        ["system", "accuracy", "non", *COPIED, "Spearman", "goal"],
        lines,
    )


def _answer_scores(rows: Sequence[Row]) -> dict[str, Rows]:
    """Score with each system how much of each answer is in its source."""
    pairs = [(row["text"], row["source"]) for row in rows]
    systems: dict[str, Callable[[str, str], float]] = {
        "dedup, coverage": lambda answer, source: diff(answer, source).coverage[0],
        "containment of 3-grams": baselines.containment,
        **baselines.DOCUMENTS,
    }
    cosines = {"tf-idf cosine, 5-letter stems": _cosines(pairs)}
    return {name: np.array([score(*pair) for pair in pairs]) for name, score in systems.items()} | cosines


def _cosines(pairs: Sequence[tuple[str, str]]) -> Rows:
    """Compute the tf-idf cosine of each pair, with weights counted over the texts of all pairs."""
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    matrix = baselines.document_cosine(baselines.stems, texts)
    return np.array([matrix[texts.index(left), texts.index(right)] for left, right in pairs])


def _correct(scores: Rows, gold: Mask, evaluated: Mask, tuned: Mask, held_out: bool) -> Mask:
    """Mark the evaluated answers that are classified correctly.

    Args:
        scores: Score of each answer, shape (answers,).
        gold: Whether each answer was copied, shape (answers,).
        evaluated: Which answers to classify, shape (answers,).
        tuned: Which answers are in the half `tune`, shape (answers,).
        held_out: Whether to choose the threshold on the half `tune`, instead of on all other evaluated answers.
    """
    if held_out:
        threshold = measures.best_accuracy_threshold(scores[tuned], gold[tuned])
        return (scores[evaluated] >= threshold) == gold[evaluated]
    return measures.leave_one_out(scores[evaluated], gold[evaluated])


def semeval(data: Path, part: Part) -> Table:
    """Correlate similarity with the human score, for pairs in the same original language."""
    all_rows, rows = load(data, "semeval", "all"), load(data, "semeval", part)
    lines = []
    for language in languages(all_rows):
        all_pairs, chosen = in_language(all_rows, language), in_language(rows, language)
        pairs = [(row["text1"], row["text2"]) for row in chosen]
        all_cosines = _cosines([(row["text1"], row["text2"]) for row in all_pairs])
        cosines = {row["pair_id"]: cosine for row, cosine in zip(all_pairs, all_cosines, strict=True)}
        scores = {
            "dedup": [diff(*pair).similarity for pair in pairs],
            "cosine": [cosines[row["pair_id"]] ** 0.5 for row in chosen],
            **{name: [score(*pair) for pair in pairs] for name, score in baselines.DOCUMENTS.items()},
        }
        human = [-row["overall"] for row in chosen]
        cells = [str(interval(np.column_stack([found, human]), measures.pearson)) for found in scores.values()]
        lines.append([f"{language}, {len(chosen)} pairs", *cells, SIMILARITY_GOALS.get(language, "")])
    return Table(
        "semeval: Pearson's correlation of similarity with the human score",
        ["semeval"],
        ["pairs whose articles were both written in the language; tf-idf weights are counted over all its articles"],
        ["language", "dedup", "√ tf-idf cosine, 5-letter stems", *baselines.DOCUMENTS, "goal"],
        lines,
    )


def semeval_time(data: Path, part: Part) -> Table:
    """Time `align` on all articles as a single corpus, several times after a short run that loads everything."""
    rows = load(data, "semeval", part)
    texts = list(dict.fromkeys(row[side] for row in rows for side in ("text1", "text2")))
    align(text_table(texts[:20]))
    seconds: list[float] = []
    processor: list[float] = []
    links = 0
    for _ in range(TIMED_RUNS):
        start, started = time.perf_counter(), time.process_time()
        links = align(text_table(texts)).links.num_rows
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - started)
    median = statistics.median(seconds)
    numbers = [f"{median:.1f}", f"{min(seconds):.1f} to {max(seconds):.1f}", f"{1000 * median / len(texts):.1f}"]
    numbers.append(f"{statistics.median(processor):.1f}")
    return Table(
        "semeval-time: time of `align` on all articles as a single corpus",
        ["semeval"],
        [
            f"wall time of {TIMED_RUNS} runs, and processor time of this process, which other programs disturb less; "
            "nothing else should run at the same time"
        ],
        ["articles", "Mcharacters", "links", "seconds, median", "range", "ms per article", "processor seconds"],
        [[str(len(texts)), f"{sum(map(len, texts)) / 1e6:.1f}", str(links), *numbers]],
    )
