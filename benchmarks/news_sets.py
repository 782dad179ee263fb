"""Generate headlines of a day and rewrites of news, with the story of each text."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import baselines
import headline_templates
import numpy as np
from evaluation_sets import Mixture, Row, in_language, load
from planted import choose_hosts, sentences

# Human scores of SemEval range from 1 (same story) to 4 (different).
SAME_STORY, OTHER_STORY = 1.75, 3.0
MAX_TITLE_WORDS = 25
REUTERS_TITLES = 2000
REPEATED = 0.12  # share of the titles that are published more than once
MAX_COPIES = 3
FRENCH_STORIES, FRENCH_FORMULAS = 350, 900
# What outlets add to a title that they take over.
ADDITIONS: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str.upper,
    lambda title: f"{title} - Morning Post",
    lambda title: f"VIDEO. {title}",
    lambda title: f"LIVE: {title}",
    lambda title: title.rstrip(".!?"),
    lambda title: title.replace('"', "'").replace("„", "«").replace("“", "»"),
)
REWRITTEN_STORIES, VERSIONS = 190, 3  # as many versions as levels
MAX_SOURCE_SENTENCES = 12


class Level(NamedTuple):
    """How much a rewrite changes."""

    words: float
    """Share of the words in lower case, without digits, that are replaced by another word everywhere in a version."""
    dropped: float
    """Share of the sentences that are dropped."""
    moved: float
    """Share of the sentences that change places, and of those with a comma whose first clause moves to the end."""


LEVELS = {"light": Level(0.15, 0.1, 0.1), "medium": Level(0.35, 0.25, 0.3), "heavy": Level(0.55, 0.4, 0.5)}


def headline(text: str) -> str:
    r"""Return the title of an article: its first line, sentence, or `MAX_TITLE_WORDS` words.

    >>> headline(" Rain in Rome  It rained."), headline("Heavy rain in Rome today. More")
    ('Rain in Rome', 'Heavy rain in Rome today.')
    """
    line = re.split(r"\s\s|\n", text.strip(), maxsplit=1)[0]
    sentence = re.match(r".{20,}?[.!?](?=\s|\Z)", line)
    return " ".join((sentence[0] if sentence else line).split()[:MAX_TITLE_WORDS])


def headlines(data: Path, language: str | None, seed: int = 1) -> Mixture:
    """Mix titles of articles rated as the same story with titles of others, and repeat some of them.

    Args:
        data: Folder of the sets.
        language: Of the articles; None for all of them. With English there are titles of Reuters stories too.
        seed: Seed of all choices.

    Returns:
        The titles in random order. Titles with the same words are the same story.
    """
    random = np.random.default_rng(seed)
    rows = load(data, "semeval", "all")
    names = sorted({row["lang1"] for row in rows if row["lang1"] == row["lang2"]}) if language is None else [language]
    titles = _Titles()
    for name in names:
        for row in in_language(rows, name):
            titles.add_pair(row)
    if "en" in names:
        others = [row["title"] for row in load(data, "reuters", "all") if row["title"]]
        for index in random.choice(len(others), min(REUTERS_TITLES, len(others)), replace=False).tolist():
            titles.add(others[index])
    known = [(title, titles.story_of[key]) for key, title in titles.titles.items()]
    return _published(f"headlines, {language or 'all languages'}", known, random)


def french_headlines(seed: int = 1) -> Mixture:
    """Generate French headlines of events in several phrasings and of formulas, and repeat some of them."""
    known = headline_templates.generate(FRENCH_STORIES, FRENCH_FORMULAS, seed)
    return _published("headlines, French, generated", known, np.random.default_rng(seed))


def _published(name: str, titles: Sequence[tuple[str, int]], random: np.random.Generator) -> Mixture:
    """Repeat some of the titles, with additions, and put all in random order."""
    texts: list[str] = []
    stories: list[int] = []
    for title, story in titles:
        copies = int(random.integers(1, MAX_COPIES + 1)) if random.random() < REPEATED else 0
        texts += [title, *(ADDITIONS[int(random.integers(len(ADDITIONS)))](title) for _ in range(copies))]
        stories += [story] * (1 + copies)
    order = random.permutation(len(texts)).tolist()
    return Mixture(name, [texts[i] for i in order], [stories[i] for i in order])


class _Titles:
    """Distinct titles and their stories; a title is identified by its words."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.story_of: dict[str, int] = {}
        self.articles: dict[str, str] = {}

    def add(self, title: str) -> str:
        """Add a title as a story of its own, unless it is known; returns its words."""
        key = " ".join(baselines.words(title))
        self.titles.setdefault(key, title)
        self.story_of.setdefault(key, len(self.story_of))
        return key

    def add_pair(self, row: Row) -> None:
        """Add the titles of a SemEval pair if the human score is clear; an article in several pairs is one story."""
        if SAME_STORY < row["overall"] < OTHER_STORY:
            return
        keys = [self.add(headline(row[side])) for side in ("text1", "text2")]
        for key, article in zip(keys, row["pair_id"].split("_"), strict=True):
            self.merge(key, self.articles.setdefault(article, key))
        if row["overall"] <= SAME_STORY:
            self.merge(*keys)

    def merge(self, left: str, right: str) -> None:
        """Make two titles the same story."""
        old, new = self.story_of[left], self.story_of[right]
        for key, story in self.story_of.items():
            if story == old:
                self.story_of[key] = new


def rewrites(data: Path, level: str | None, seed: int = 1) -> Mixture:
    """Rewrite Reuters stories; the original is not in the mixture.

    Args:
        data: Folder of the sets.
        level: Key of `LEVELS`; None for a version of each level.
        seed: Seed of all choices.

    Returns:
        Three versions of each story, in random order.
    """
    random = np.random.default_rng(seed)
    hosts = choose_hosts([row["text"] for row in load(data, "reuters", "all")], REWRITTEN_STORIES, random)
    vocabulary = sorted({word for text in hosts for word in text.split() if _is_plain(word)})
    levels = [level] * VERSIONS if level else list(LEVELS)
    texts = [rewrite(text, LEVELS[name], vocabulary, random) for text in hosts for name in levels]
    stories = np.repeat(np.arange(len(hosts)), VERSIONS).tolist()
    order = random.permutation(len(texts)).tolist()
    return Mixture(f"rewrites, {level or 'mixed'}", [texts[i] for i in order], [stories[i] for i in order])


def _is_plain(word: str) -> bool:
    """Return whether a word may be replaced in a rewrite: in lower case, with letters only."""
    return word.isalpha() and word.islower()


def rewrite(text: str, level: Level, vocabulary: Sequence[str], random: np.random.Generator) -> str:
    """Rewrite a text: replace words, drop and move sentences, and move clauses.

    A replaced word is replaced everywhere in the text, as a writer prefers one synonym to another. Names, numbers and
    the first sentence stay.

    Args:
        text: A text.
        level: How much to change.
        vocabulary: Words in lower case to replace others with.
        random: Random numbers.
    """
    parts = [" ".join(sentence.split()) for sentence in sentences(text)[:MAX_SOURCE_SENTENCES]]
    kept = [part for at, part in enumerate(parts) if at == 0 or random.random() >= level.dropped]
    for at in range(1, len(kept) - 1):
        if random.random() < level.moved:
            kept[at], kept[at + 1] = kept[at + 1], kept[at]
    preferred: dict[str, str] = {}
    for word in dict.fromkeys(word for part in kept for word in part.split() if _is_plain(word)):
        changed = random.random() < level.words
        preferred[word] = vocabulary[int(random.integers(len(vocabulary)))] if changed else word
    rewritten = []
    for part in kept:
        clause, comma, rest = part.partition(", ")
        if comma and random.random() < level.moved:
            part = f"{rest.rstrip('.')}, {clause}."
        rewritten.append(" ".join(preferred.get(word, word) for word in part.split()))
    return " ".join(rewritten)
