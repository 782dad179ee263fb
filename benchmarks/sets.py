"""The sets that figures are taken on: where they come from, their halves, and what is made of them."""

import gzip
import json
import random
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, NamedTuple

from baselines import shingles

Row = dict[str, Any]
Part = Literal["all", "tune", "report"]

STRANGERS = 3
REUTERS_PAIRS = 400
REUTERS_LETTERS = 200
REUTERS_ALONE = 300
# Human scores of SemEval: 1 the same story … 4 another.
SAME_STORY = 1.5
OTHER_STORY = 3.5
# Jaccard of runs of three words from which on two articles of SemEval are versions of one.
SAME_ARTICLE = 0.25
COPIED = ("heavy", "light", "cut")


class Source(NamedTuple):
    """Where a set comes from."""

    name: str
    file: str
    paper: str
    licence: str
    tuned: str
    """What is in the half `tune`; the rest is `report`."""


SOURCES = {
    "deplain": Source(
        "DEplain-web, 67 documents aligned by hand",
        "deplain_alignments.jsonl.gz",
        "Stodden, Momen and Kallmeyer (2023), “DEplain: A German StoryLink Corpus with Intralingual Translations into "
        "Plain Language for Sentence and Document Simplification”, ACL; https://github.com/rstodden/DEPlain",
        "by document (CC BY 4.0, CC BY-SA 3.0, CC BY-NC-ND 4.0; others for research)",
        "the first 34 documents once shuffled with seed 7",
    ),
    "clough": Source(
        "Corpus of plagiarised short answers, 95 answers to five tasks and their sources",
        "clough_stevenson/pairs.jsonl",
        "Clough and Stevenson (2011), “Developing a corpus of plagiarised short answers”, Language Resources and "
        "Evaluation 45; https://ir.shef.ac.uk/cloughie/resources/plagiarism_corpus.html",
        "for research",
        "answers with even ids",
    ),
    "semeval": Source(
        "SemEval-2022 Task 8, pairs of news articles of the training set",
        "semeval2022_news_similarity_train.jsonl.gz",
        "Chen et al. (2022), “SemEval-2022 Task 8: Multilingual news article similarity”, SemEval; "
        "https://zenodo.org/records/6507872",
        "publishers' text, for research",
        "every other pair of a language, from the first",
    ),
    "mtref": Source(
        "MTRef (in MultiMWA), 800 English sentence pairs with aligned words",
        "mtref_word_alignments.jsonl.gz",
        "Lan, Jiang and Xu (2021), “Neural semi-Markov CRF for Monolingual Word Alignment”, ACL",
        "for research",
        "the first 400 pairs",
    ),
    "reuters": Source(
        "Reuters-21578, Distribution 1.0",
        "reuters21578.jsonl.gz",
        "Lewis (1997), https://www.daviddlewis.com/resources/testcollections/reuters21578/",
        "for research",
        "stories with even ids",
    ),
}


class Missing(Exception):  # noqa: N818 - says what is wrong
    """A set is not in the folder."""


class Table(NamedTuple):
    """Figures to print."""

    title: str
    used: list[str]
    """Sets, by their names in `SOURCES`."""
    notes: list[str]
    head: list[str]
    lines: list[list[str]]


class Strangers(NamedTuple):
    """A text beside texts on other events."""

    left: str
    rights: list[str]


class Mixture(NamedTuple):
    """Documents of several stories in one folder."""

    name: str
    texts: list[str]
    stories: list[int]
    """The story of each document, by number."""
    goal: bool = True
    """Whether the goal counts here: texts on one subject that nobody took from another are no one story."""


def load(data: Path, name: str, part: Part) -> list[Row]:
    """Read a set, or half of it.

    Args:
        data: Folder of the sets.
        name: Of the set, in `SOURCES`.
        part: Which rows.

    Raises:
        Missing: The folder does not have it.
    """
    path = data / SOURCES[name].file
    if not path.is_file():
        raise Missing(f"{SOURCES[name].file} is not in the folder of the sets")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    wanted = {"all": (True, False), "tune": (True,), "report": (False,)}[part]
    return [row for row, tuned in zip(rows, _tuned(name, rows), strict=True) if tuned in wanted]


def _tuned(name: str, rows: Sequence[Row]) -> list[bool]:
    """Tell of each row whether it is in the half `tune`."""
    if name == "deplain":
        order = list(range(len(rows)))
        random.Random(7).shuffle(order)  # noqa: S311 - the same each time
        first = set(order[:34])
        return [at in first for at in range(len(rows))]
    if name == "mtref":
        return [at < 400 for at in range(len(rows))]
    if name == "semeval":
        seen: dict[tuple[str, str, bool], int] = {}
        ranks = []
        for row in rows:
            kind = row["lang1"], row["lang2"], row["original"]
            ranks.append(seen.setdefault(kind, 0))
            seen[kind] += 1
        return [rank % 2 == 0 for rank in ranks]
    return [int(row["id"]) % 2 == 0 for row in rows]


def in_language(rows: Sequence[Row], language: str) -> list[Row]:
    """Pick the pairs of articles of SemEval that were both written in a language."""
    return [row for row in rows if row["lang1"] == row["lang2"] == language and row["original"]]


def languages(rows: Sequence[Row]) -> list[str]:
    """List the languages of SemEval with pairs in one language, those with most pairs first."""
    found = [row["lang1"] for row in rows if row["lang1"] == row["lang2"] and row["original"]]
    return sorted(set(found), key=lambda language: (-found.count(language), language))


def strangers(name: str, rows: Sequence[Row], seed: int = 1) -> list[Strangers]:
    """Put texts beside texts on other events, the same each time.

    Args:
        name: Of the set.
        rows: Of the set.
        seed: Of the choice.
    """
    choice = random.Random(seed)  # noqa: S311 - the same each time
    if name == "clough":
        sources = sorted({row["source"] for row in rows})
        return [Strangers(row["text"], [source for source in sources if source != row["source"]]) for row in rows]
    if name == "deplain":
        found = []
        for row in rows:
            others = [other for other in rows if other["original"] != row["original"]]
            rights = ["\n".join(other["simplification"]) for other in choice.sample(others, STRANGERS)]
            found.append(Strangers("\n".join(row["original"]), rights))
        return found
    if name == "semeval":
        found = []
        for language in languages(rows):
            pairs = in_language(rows, language)
            for row in pairs:
                others = [other for other in pairs if not _articles(row) & _articles(other)]
                found.append(Strangers(row["text1"], [choice.choice(others)["text2"]]))
        return found
    chosen = choice.sample([row["text"] for row in rows if len(row["text"]) >= REUTERS_LETTERS], 2 * REUTERS_PAIRS)
    return [Strangers(left, [right]) for left, right in zip(chosen[::2], chosen[1::2], strict=True)]


def unsigned(pairs: Sequence[Strangers]) -> list[Strangers]:
    """Take off the agency's name, which ends nearly every story of Reuters."""
    sign = re.compile(r"\breuter\W*\Z", re.IGNORECASE)
    return [Strangers(sign.sub("", left), [sign.sub("", right) for right in rights]) for left, rights in pairs]


def _articles(row: Row) -> set[str]:
    return set(row["pair_id"].split("_"))


def mix_clough(rows: Sequence[Row], categories: Sequence[str]) -> Mixture:
    """Mix answers of some categories with the five sources; a story is a task."""
    sources = list(dict.fromkeys(row["source"] for row in rows))
    chosen = [row for row in rows if row["category"] in categories]
    texts = [*(row["text"] for row in chosen), *sources]
    stories = [*(sources.index(row["source"]) for row in chosen), *range(len(sources))]
    return Mixture(f"answers ({', '.join(categories)}) and sources", texts, stories, "non" not in categories)


def mix_deplain(rows: Sequence[Row]) -> Mixture:
    """Mix originals and simplifications; a story is an original, once, with what was made of it."""
    originals = list(dict.fromkeys("\n".join(row["original"]) for row in rows))
    texts = [*originals, *("\n".join(row["simplification"]) for row in rows)]
    stories = [*range(len(originals)), *(originals.index("\n".join(row["original"])) for row in rows)]
    return Mixture("originals and plain versions", texts, stories)


def mix_newswire(rows: Sequence[Row], news: Sequence[Row], seed: int = 1) -> Mixture:
    """Mix rewritten answers and their sources with stories of Reuters, each alone."""
    answers = mix_clough(rows, COPIED)
    texts = [row["text"] for row in news if len(row["text"]) >= REUTERS_LETTERS]
    alone = random.Random(seed).sample(texts, REUTERS_ALONE)  # noqa: S311 - the same each time
    first = len(set(answers.stories))
    stories = [*answers.stories, *range(first, first + REUTERS_ALONE)]
    return Mixture(f"{answers.name}, among news of Reuters", [*answers.texts, *alone], stories)


def mix_semeval(rows: Sequence[Row], language: str) -> Mixture:
    """Mix articles that people found to tell the same story with articles rated as different.

    Articles with one id, or nearly the same text, are versions of one article.
    """
    texts: dict[str, int] = {}
    version: dict[str, str] = {}
    alike: list[tuple[str, str]] = []
    for row in in_language(rows, language):
        if row["overall"] <= SAME_STORY or row["overall"] >= OTHER_STORY:
            for article, side in zip(row["pair_id"].split("_"), ("text1", "text2"), strict=True):
                texts.setdefault(row[side], len(texts))
                alike.append((row[side], version.setdefault(article, row[side])))
            if row["overall"] <= SAME_STORY:
                alike.append((row["text1"], row["text2"]))
    shared = {text: set(shingles(text)) for text in texts}
    alike += [
        (one, other)
        for one, other in combinations(texts, 2)
        if len(shared[one] & shared[other]) >= SAME_ARTICLE * len(shared[one] | shared[other])
    ]
    for one, other in alike:
        joined, into = texts[one], texts[other]
        texts = {text: into if story == joined else story for text, story in texts.items()}
    return Mixture(f"news, {language}", list(texts), list(texts.values()))


def size(mixture: Mixture) -> str:
    """Describe a mixture by its size.

    >>> size(Mixture("", ["a", "b", "c"], [0, 0, 2]))
    '3 documents, 2 stories, 1 of them alone'
    """
    alone = sum(mixture.stories.count(story) == 1 for story in set(mixture.stories))
    return f"{len(mixture.texts)} documents, {len(set(mixture.stories))} stories, {alone} of them alone"
