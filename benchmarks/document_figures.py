"""Figures of whole documents: what is one story, how much is taken over, how alike two articles are."""

from collections.abc import Callable, Sequence
from pathlib import Path

import baselines
import measures
import numpy as np
import pyarrow as pa
from measures import Rows, interval, short
from numpy.typing import NDArray
from sets import (
    COPIED,
    Missing,
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
)

from dedup import align, diff

Marks = NDArray[np.bool_]
SIMILARITY_GOALS = {"en": "≥ .82", "es": "≥ .78", "de": "≥ .63"}


def stories(data: Path, part: Part) -> Table:
    """Measure how documents of several stories in one folder are grouped."""
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
        except Missing as error:
            missing[f"Left out: {error}"] = None
            continue
        used |= dict.fromkeys(names)
        lines += [line for mixture in mixtures for line in _grouped(mixture)]
    return Table(
        "stories: BCubed F1 of documents of several stories in one folder",
        list(used),
        [
            "the baselines have the cut of average linkage that is best on each mixture itself",
            "people rated no articles of different pairs of news; some of those tell the same, so no system can have 1",
            *missing,
        ],
        ["mixture", "size", "system", "F1", "precision", "recall", "goal"],
        lines,
    )


def _grouped(mixture: Mixture) -> list[list[str]]:
    """Group a mixture by all systems; gives the lines of the table."""
    found = {"dedup": _stories(mixture.texts)}
    for name, similarity in (
        ("tf-idf cosine, words", baselines.document_cosine(baselines.words, mixture.texts)),
        ("MinHash Jaccard, 3-grams", baselines.minhash(mixture.texts, mixture.texts)),
    ):
        tried = baselines.groupings(similarity)
        found[name] = max(tried, key=lambda groups: measures.bcubed_f1(measures.bcubed(mixture.stories, groups)))
    lines = []
    for name, groups in found.items():
        rows = measures.bcubed(mixture.stories, groups)
        means = [short(float(value)) for value in rows.mean(axis=0)]
        ours = name == "dedup"
        first = [mixture.name, size(mixture)] if ours else ["", ""]
        goal = "≥ .98, above tf-idf" if ours and mixture.goal else ""
        lines.append([*first, name, str(interval(rows, measures.bcubed_f1)), *means, goal])
    return lines


def _stories(texts: Sequence[str]) -> list[int]:
    """Give the largest story of each document; one in none has a number of its own."""
    table = pa.table({"id": [str(at) for at in range(len(texts))], "text": list(texts)})
    told = align(table).stories
    numbers, docs = told["story"].to_pylist(), told["doc"].to_pylist()
    groups = [-1 - at for at in range(len(texts))]
    for number, doc in sorted(zip(numbers, docs, strict=True), key=lambda pair: (numbers.count(pair[0]), -pair[0])):
        groups[doc] = number
    return groups


def clough(data: Path, part: Part) -> Table:
    """Measure how well the part of an answer that is in its source tells who copied, and how much."""
    rows = load(data, "clough", "all")
    chosen, tune = ({row["id"] for row in load(data, "clough", half)} for half in (part, "tune"))
    asked, tuned = (np.array([row["id"] in ids for row in rows]) for ids in (chosen, tune))
    degree = np.array([("non", *COPIED).index(row["category"]) for row in rows])
    lines = []
    for name, scores in _answers(rows).items():
        right = _right(scores, degree > 0, asked, tuned, apart=part == "report")
        copied = asked & (degree > 0)
        ranks = np.column_stack([scores[copied], degree[copied]])
        parts = [scores[asked & (degree == category)] for category in range(4)]
        lines.append(
            [
                name,
                str(interval(right[:, None].astype(float), measures.mean)),
                *(f"{short(float(part.mean()))} / {short(float(np.median(part)))}" for part in parts),
                str(interval(ranks, measures.spearman)),
                "accuracy ≥ .95, heavy < light < cut" if name.startswith("dedup") else "",
            ]
        )
    others = "the half `tune`" if part == "report" else "all others for each answer"
    return Table(
        "clough: how much of an answer is in its source",
        ["clough"],
        [
            f"{asked.sum()} answers; accuracy of `non` against the rest, at the cut best on {others}",
            "mean / median of each category; Spearman's rank correlation over heavy, light and cut",
        ],
        ["system", "accuracy", "non", *COPIED, "Spearman", "goal"],
        lines,
    )


def _answers(rows: Sequence[Row]) -> dict[str, Rows]:
    """Score how much each answer takes from its source, by all systems."""
    pairs = [(row["text"], row["source"]) for row in rows]
    ways: dict[str, Callable[[str, str], float]] = {
        "dedup, coverage": lambda answer, source: diff(answer, source).coverage[0],
        "containment of 3-grams": baselines.containment,
        **baselines.DOCUMENTS,
    }
    cosines = {"tf-idf cosine, 5-letter stems": _cosines(pairs)}
    return {name: np.array([score(*pair) for pair in pairs]) for name, score in ways.items()} | cosines


def _cosines(pairs: Sequence[tuple[str, str]]) -> Rows:
    """Compare pairs by tf-idf cosine, with weights counted over the texts of all."""
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    matrix = baselines.document_cosine(baselines.stems, texts)
    return np.array([matrix[texts.index(left), texts.index(right)] for left, right in pairs])


def _right(scores: Rows, gold: Marks, asked: Marks, tuned: Marks, apart: bool) -> Marks:
    """Tell which answers are judged rightly, by a cut chosen on the half `tune` or else on all other answers."""
    if apart:
        return (scores[asked] >= measures.best_split(scores[tuned], gold[tuned])) == gold[asked]
    return measures.leave_one_out(scores[asked], gold[asked])


def semeval(data: Path, part: Part) -> Table:
    """Correlate similarity with the human score, pairs in one original language."""
    everything, rows = load(data, "semeval", "all"), load(data, "semeval", part)
    lines = []
    for language in languages(everything):
        whole, chosen = in_language(everything, language), in_language(rows, language)
        pairs = [(row["text1"], row["text2"]) for row in chosen]
        known = _cosines([(row["text1"], row["text2"]) for row in whole])
        cosines = {row["pair_id"]: cosine for row, cosine in zip(whole, known, strict=True)}
        scores = {
            "dedup": [diff(*pair).similarity for pair in pairs],
            "cosine": [cosines[row["pair_id"]] ** 0.5 for row in chosen],
            **{name: [score(*pair) for pair in pairs] for name, score in baselines.DOCUMENTS.items()},
        }
        human = [-row["overall"] for row in chosen]
        figures = [str(interval(np.column_stack([found, human]), measures.pearson)) for found in scores.values()]
        lines.append([f"{language}, {len(chosen)} pairs", *figures, SIMILARITY_GOALS.get(language, "")])
    return Table(
        "semeval: Pearson's correlation of similarity with the human score",
        ["semeval"],
        ["pairs whose articles were both written in the language; tf-idf over all its articles"],
        ["language", "dedup", "√ tf-idf cosine, 5-letter stems", *baselines.DOCUMENTS, "goal"],
        lines,
    )
