"""Read the evaluation sets, split them into halves, and combine them into pairs and mixtures."""

import argparse
import gzip
import json
import os
import random
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa
from baselines import shingles

Row = dict[str, Any]
Part = Literal["all", "tune", "report"]

UNRELATED_TEXTS = 3
REUTERS_PAIRS = 400
MIN_REUTERS_LENGTH = 200  # code points
REUTERS_SINGLES = 300
# Human scores of SemEval range from 1 (same story) to 4 (different).
SAME_STORY = 1.5
OTHER_STORY = 3.5
# From this Jaccard similarity of word 3-grams on, two articles of SemEval are versions of the same article.
SAME_ARTICLE = 0.25
COPIED = ("heavy", "light", "cut")


def data_folder(parser: argparse.ArgumentParser, named: Path | None) -> Path:
    """Return the named folder of the evaluation sets, or that of DEDUP_DATA; exit with a message if there is none."""
    data = named or (Path(os.environ["DEDUP_DATA"]) if os.environ.get("DEDUP_DATA") else None)
    if data is None:
        parser.error("give the folder of the evaluation sets with --data or in DEDUP_DATA")
    return data


class EvaluationSet(NamedTuple):
    """An evaluation set and its source."""

    name: str
    file: str
    paper: str
    licence: str
    tuned: str | None
    """What the half `tune` contains; the rest is `report`. None if the set is not split."""


EVALUATION_SETS = {
    "deplain": EvaluationSet(
        "DEplain-web, 67 documents aligned by hand",
        "deplain_alignments.jsonl.gz",
        "Stodden, Momen and Kallmeyer (2023), “DEplain: A German Parallel Corpus with Intralingual Translations into "
        "Plain Language for Sentence and Document Simplification”, ACL; https://github.com/rstodden/DEPlain",
        "by document (CC BY 4.0, CC BY-SA 3.0, CC BY-NC-ND 4.0; others for research)",
        "the first 34 documents after shuffling with seed 7",
    ),
    "clough": EvaluationSet(
        "Corpus of plagiarised short answers, 95 answers to five tasks and their sources",
        "clough_stevenson/pairs.jsonl",
        "Clough and Stevenson (2011), “Developing a corpus of plagiarised short answers”, Language Resources and "
        "Evaluation 45; https://ir.shef.ac.uk/cloughie/resources/plagiarism_corpus.html",
        "for research",
        "answers with even ids",
    ),
    "semeval": EvaluationSet(
        "SemEval-2022 Task 8, pairs of news articles of the training set",
        "semeval2022_news_similarity_train.jsonl.gz",
        "Chen et al. (2022), “SemEval-2022 Task 8: Multilingual news article similarity”, SemEval; "
        "https://zenodo.org/records/6507872",
        "publishers' text, for research",
        "every other pair of a language, from the first",
    ),
    "mtref": EvaluationSet(
        "MTRef (in MultiMWA), 800 English sentence pairs with aligned words",
        "mtref_word_alignments.jsonl.gz",
        "Lan, Jiang and Xu (2021), “Neural semi-Markov CRF for Monolingual Word Alignment”, ACL",
        "for research",
        "the first 400 pairs",
    ),
    "reuters": EvaluationSet(
        "Reuters-21578, Distribution 1.0",
        "reuters21578.jsonl.gz",
        "Lewis (1997), https://www.daviddlewis.com/resources/testcollections/reuters21578/",
        "for research",
        "stories with even ids",
    ),
    "novels": EvaluationSet(
        "26 long French texts",
        "french_novels.jsonl.gz",
        "novels of the 19th century",
        "public domain",
        None,
    ),
    "story-cases": EvaluationSet(
        "story cases, 195 texts in 15 cases: formula news and small scenarios with few stories",
        "story_cases.jsonl",
        "written for this project; others of the same kinds are kept back",
        "written for this project",
        None,
    ),
}


class MissingSetError(Exception):
    """A set is not in the data folder."""


class Table(NamedTuple):
    """A table of results."""

    title: str
    used: list[str]
    """Names of the sets, keys of `EVALUATION_SETS`."""
    notes: list[str]
    header: list[str]
    lines: list[list[str]]
    whole: bool = False
    """Whether all of each set is used, whichever part is wanted."""


class UnrelatedPairs(NamedTuple):
    """A text paired with texts on other events."""

    left: str
    rights: list[str]


class Mixture(NamedTuple):
    """Documents of several stories."""

    name: str
    texts: list[str]
    stories: list[int]
    """Number of the story of each document."""
    has_goal: bool = True
    """Whether the goal applies: independent texts on the same subject are not the same story."""


def load(data: Path, name: str, part: Part) -> list[Row]:
    """Read a set or half of it.

    Args:
        data: Folder of the sets.
        name: Key of `EVALUATION_SETS`.
        part: Which rows to return.

    Raises:
        MissingSetError: The folder does not contain the set.
    """
    path = data / EVALUATION_SETS[name].file
    if not path.is_file():
        raise MissingSetError(f"{EVALUATION_SETS[name].file} is not in the data folder")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if EVALUATION_SETS[name].tuned is None:
        return rows
    wanted = {"all": (True, False), "tune": (True,), "report": (False,)}[part]
    return [row for row, tuned in zip(rows, _tuned(name, rows), strict=True) if tuned in wanted]


def _tuned(name: str, rows: Sequence[Row]) -> list[bool]:
    """Mark the rows in the half `tune`."""
    if name == "deplain":
        order = list(range(len(rows)))
        random.Random(7).shuffle(order)  # noqa: S311 - reproducible, not secret
        first = set(order[:34])
        return [index in first for index in range(len(rows))]
    if name == "mtref":
        return [index < 400 for index in range(len(rows))]
    if name == "semeval":
        seen: dict[tuple[str, str, bool], int] = {}
        ranks = []
        for row in rows:
            kind = row["lang1"], row["lang2"], row["original"]
            ranks.append(seen.setdefault(kind, 0))
            seen[kind] += 1
        return [rank % 2 == 0 for rank in ranks]
    return [int(row["id"]) % 2 == 0 for row in rows]


def text_table(texts: Sequence[str]) -> pa.Table:
    """Return texts as a corpus."""
    return pa.table({"id": [str(number) for number in range(len(texts))], "text": list(texts)})


def in_language(rows: Sequence[Row], language: str) -> list[Row]:
    """Select the SemEval pairs whose articles were both written in the language."""
    return [row for row in rows if row["lang1"] == row["lang2"] == language and row["original"]]


def languages(rows: Sequence[Row]) -> list[str]:
    """List the languages of the monolingual SemEval pairs by descending number of pairs."""
    found = [row["lang1"] for row in rows if row["lang1"] == row["lang2"] and row["original"]]
    return sorted(set(found), key=lambda language: (-found.count(language), language))


def unrelated_pairs(name: str, rows: Sequence[Row], seed: int = 1) -> list[UnrelatedPairs]:
    """Pair texts with texts on other events.

    Args:
        name: Key of `EVALUATION_SETS`.
        rows: Rows of the set.
        seed: Seed of the random choice; the same seed gives the same pairs.
    """
    choice = random.Random(seed)  # noqa: S311 - reproducible, not secret
    if name == "clough":
        sources = sorted({row["source"] for row in rows})
        return [UnrelatedPairs(row["text"], [source for source in sources if source != row["source"]]) for row in rows]
    if name == "deplain":
        found = []
        for row in rows:
            others = [other for other in rows if other["original"] != row["original"]]
            rights = ["\n".join(other["simplification"]) for other in choice.sample(others, UNRELATED_TEXTS)]
            found.append(UnrelatedPairs("\n".join(row["original"]), rights))
        return found
    if name == "semeval":
        found = []
        for language in languages(rows):
            pairs = in_language(rows, language)
            for row in pairs:
                others = [other for other in pairs if not _articles(row) & _articles(other)]
                found.append(UnrelatedPairs(row["text1"], [choice.choice(others)["text2"]]))
        return found
    texts = [row["text"] for row in rows if len(row["text"]) >= MIN_REUTERS_LENGTH]
    chosen = choice.sample(texts, 2 * REUTERS_PAIRS)
    return [UnrelatedPairs(left, [right]) for left, right in zip(chosen[::2], chosen[1::2], strict=True)]


def without_signature(pairs: Sequence[UnrelatedPairs]) -> list[UnrelatedPairs]:
    """Remove the agency's name, which ends nearly every Reuters story."""
    name = re.compile(r"\breuter\W*\Z", re.IGNORECASE)
    return [UnrelatedPairs(name.sub("", left), [name.sub("", right) for right in rights]) for left, rights in pairs]


def _articles(row: Row) -> set[str]:
    """Return the ids of the two articles of a SemEval pair."""
    return set(row["pair_id"].split("_"))


def mix_clough(rows: Sequence[Row], categories: Sequence[str]) -> Mixture:
    """Mix the answers of some categories with the five sources; a story is a task."""
    sources = list(dict.fromkeys(row["source"] for row in rows))
    chosen = [row for row in rows if row["category"] in categories]
    texts = [*(row["text"] for row in chosen), *sources]
    stories = [*(sources.index(row["source"]) for row in chosen), *range(len(sources))]
    return Mixture(f"answers ({', '.join(categories)}) and sources", texts, stories, "non" not in categories)


def mix_deplain(rows: Sequence[Row]) -> Mixture:
    """Mix originals and simplifications; a story is an original with its simplifications."""
    originals = list(dict.fromkeys("\n".join(row["original"]) for row in rows))
    texts = [*originals, *("\n".join(row["simplification"]) for row in rows)]
    stories = [*range(len(originals)), *(originals.index("\n".join(row["original"])) for row in rows)]
    return Mixture("originals and plain versions", texts, stories)


def mix_newswire(rows: Sequence[Row], news: Sequence[Row], seed: int = 1) -> Mixture:
    """Mix rewritten answers and their sources with Reuters articles, each a story of its own."""
    answers = mix_clough(rows, COPIED)
    texts = [row["text"] for row in news if len(row["text"]) >= MIN_REUTERS_LENGTH]
    singles = random.Random(seed).sample(texts, REUTERS_SINGLES)  # noqa: S311 - reproducible, not secret
    first = len(set(answers.stories))
    stories = [*answers.stories, *range(first, first + REUTERS_SINGLES)]
    return Mixture(f"{answers.name}, among Reuters news", [*answers.texts, *singles], stories)


def mix_semeval(rows: Sequence[Row], language: str) -> Mixture:
    """Mix articles rated as the same story with articles rated as different.

    Articles with the same id or nearly the same text are versions of the same article.
    """
    story_of: dict[str, int] = {}
    first_version: dict[str, str] = {}
    same_story: list[tuple[str, str]] = []
    for row in in_language(rows, language):
        if row["overall"] <= SAME_STORY or row["overall"] >= OTHER_STORY:
            for article, side in zip(row["pair_id"].split("_"), ("text1", "text2"), strict=True):
                story_of.setdefault(row[side], len(story_of))
                same_story.append((row[side], first_version.setdefault(article, row[side])))
            if row["overall"] <= SAME_STORY:
                same_story.append((row["text1"], row["text2"]))
    shingle_sets = {text: set(shingles(text)) for text in story_of}
    same_story += [
        (left, right)
        for left, right in combinations(story_of, 2)
        if len(shingle_sets[left] & shingle_sets[right]) >= SAME_ARTICLE * len(shingle_sets[left] | shingle_sets[right])
    ]
    for left, right in same_story:
        merged, into = story_of[left], story_of[right]
        story_of = {text: into if story == merged else story for text, story in story_of.items()}
    return Mixture(f"news, {language}", list(story_of), list(story_of.values()))


def size(mixture: Mixture) -> str:
    """Describe the size of a mixture.

    >>> size(Mixture("", ["a", "b", "c"], [0, 0, 2]))
    '3 documents, 2 stories, 1 with a single document'
    """
    singles = sum(mixture.stories.count(story) == 1 for story in set(mixture.stories))
    return f"{len(mixture.texts)} documents, {len(set(mixture.stories))} stories, {singles} with a single document"
