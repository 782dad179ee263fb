"""Plant edited copies of passages of some documents in others.

Host documents are Reuters stories and stretches of French novels that share no wording. A passage of consecutive
sentences of a host is copied, edited, and inserted between two sentences of another host in the same language. Each
pair of documents shares a single passage at most. The same seed gives the same corpus.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from baselines import document_cosine, shingles, words
from evaluation_sets import load
from reuse_measures import Match, match
from synthetic import OCR_CONFUSIONS

PASSAGES, DOCUMENTS = 400, 300
EDITS = (0.0, 0.05, 0.10, 0.15, 0.20, 0.25)  # shares of the words
MAX_NOISE = 0.10  # share of the characters
MIN_SENTENCES, MAX_SENTENCES = 2, 8
MIN_HOST, MAX_HOST = 1000, 6000  # code points
MIN_SENTENCE = 30  # code points; shorter ones are joined with the next
# Hosts of a corpus share at most this many word 3-grams, so that nothing is reused but what is planted.
MAX_SHARED_SHINGLES = 8
# Above this tf-idf cosine, Reuters stories often report the same event or the same affair.
MAX_COSINE = 0.1
POOL = 5  # texts to choose each host from
ATTEMPTS = 100_000

_SENTENCE = re.compile(r".{%d,}?(?:[.!?…]+[»\"”]?\s+|\Z)|.+\Z" % MIN_SENTENCE, re.DOTALL)  # noqa: UP031 - many braces


class Planted(NamedTuple):
    """A passage and its edited copy."""

    match: Match
    edits: float
    """Share of the words that were edited."""
    noise: float
    """Share of the characters that were changed."""


class PlantedCorpus(NamedTuple):
    """Documents with planted passages."""

    texts: list[str]
    passages: list[Planted]


@dataclass
class _Host:
    """A document in the making."""

    sentences: list[str]
    sources: list[tuple[int, int]]
    """Spans of sentences that are copied elsewhere."""
    insertions: dict[int, tuple[int, str]]
    """Passage to insert before a sentence: its number and text."""

    def can_copy(self, first: int, end: int) -> bool:
        """Return whether the sentences are there, not copied yet, and have nothing inserted between them."""
        return end <= len(self.sentences) and not (
            any(first < other_end and other < end for other, other_end in self.sources)
            or any(first < at < end for at in self.insertions)
        )

    def can_insert(self, at: int) -> bool:
        """Return whether nothing is inserted before the sentence and no copied passage would be split."""
        return at not in self.insertions and not any(first < at < end for first, end in self.sources)


def sentences(text: str) -> list[str]:
    """Split a text after the ends of sentences, roughly; white space belongs to the sentence before it.

    >>> sentences("He went to the market in the town.  No. She did not want to go there with him!")
    ['He went to the market in the town.  ', 'No. She did not want to go there with him!']
    """
    return _SENTENCE.findall(text)


def planted_corpus(data: Path, passages: int = PASSAGES, documents: int = DOCUMENTS, seed: int = 1) -> PlantedCorpus:
    """Generate a corpus with planted passages, half of it English and half French.

    Args:
        data: Folder of the sets.
        passages: Number of passages.
        documents: Number of documents.
        seed: Seed of all choices.
    """
    random = np.random.default_rng(seed)
    english = choose_hosts([row["text"] for row in load(data, "reuters", "all")], documents // 2, random)
    french = choose_hosts(
        stretches([row["text"] for row in load(data, "novels", "all")], random), documents // 2, random
    )
    hosts = [_Host(sentences(text), [], {}) for text in (*english, *french)]
    vocabularies = [[word for text in texts for word in text.split()] for texts in (english, french)]
    placed: list[tuple[int, tuple[int, int], int, int, float, float]] = []
    pairs: set[tuple[int, int]] = set()
    for number in range(passages):
        for _ in range(ATTEMPTS):
            language = number % 2
            source, target = (int(doc) for doc in random.integers(len(english), size=2) + language * len(english))
            count = int(random.integers(MIN_SENTENCES, MAX_SENTENCES + 1))
            first = int(random.integers(len(hosts[source].sentences)))
            at = int(random.integers(1, len(hosts[target].sentences)))
            is_free = source != target and (min(source, target), max(source, target)) not in pairs
            if is_free and hosts[source].can_copy(first, first + count) and hosts[target].can_insert(at):
                break
        else:
            raise ValueError(f"no place for passage {number}: plant fewer passages or use more documents")
        edits = EDITS[int(random.integers(len(EDITS)))]
        noise = float(random.random() * MAX_NOISE) if random.random() < 0.5 else 0.0
        original = "".join(hosts[source].sentences[first : first + count]).rstrip()
        copy = add_noise(edit(original, edits, vocabularies[language], random), noise, random)
        hosts[source].sources.append((first, first + count))
        hosts[target].insertions[at] = number, copy
        pairs.add((min(source, target), max(source, target)))
        placed.append((source, (first, first + count), target, at, edits, noise))
    return _assemble(hosts, placed)


def _assemble(
    hosts: Sequence[_Host], placed: Sequence[tuple[int, tuple[int, int], int, int, float, float]]
) -> PlantedCorpus:
    """Write the documents with their insertions and find the spans of all passages."""
    texts, starts, inserted = [], [], {}
    for host in hosts:
        text, offsets = "", []
        for index, sentence in enumerate(host.sentences):
            if index in host.insertions:
                number, copy = host.insertions[index]
                inserted[number] = len(text), len(text) + len(copy)
                text += copy + " "
            offsets.append(len(text))
            text += sentence
        texts.append(text)
        starts.append(offsets)
    passages = []
    for number, (source, (first, end), target, _, edits, noise) in enumerate(placed):
        last = starts[source][end - 1] + len(hosts[source].sentences[end - 1].rstrip())
        passages.append(Planted(match(source, (starts[source][first], last), target, inserted[number]), edits, noise))
    return PlantedCorpus(texts, passages)


def choose_hosts(texts: Sequence[str], count: int, random: np.random.Generator) -> list[str]:
    """Choose long enough texts of other events, with hardly any shared word 3-grams, cut to a maximum length."""
    shuffled = (texts[at].strip()[:MAX_HOST] for at in random.permutation(len(texts)).tolist())
    pool = list(islice((text for text in shuffled if len(text) >= MIN_HOST), POOL * count))
    similarity = document_cosine(words, pool)
    own = [set(shingles(text)) for text in pool]
    chosen: list[int] = []
    for at in range(len(pool)):
        is_apart = not chosen or similarity[at, chosen].max() <= MAX_COSINE
        if is_apart and all(len(own[at] & own[other]) <= MAX_SHARED_SHINGLES for other in chosen):
            chosen.append(at)
            if len(chosen) == count:
                return [pool[at] for at in chosen]
    raise ValueError(f"{len(chosen)} of {count} documents found that share no wording and no subject")


def stretches(texts: Sequence[str], random: np.random.Generator) -> list[str]:
    """Cut texts into stretches of whole sentences."""
    found = []
    for text in texts:
        part, wanted = "", int(random.integers(MIN_HOST, MAX_HOST))
        for sentence in sentences(text):
            part += sentence
            if len(part) >= wanted:
                found.append(part)
                part, wanted = "", int(random.integers(MIN_HOST, MAX_HOST))
    return found


def edit(text: str, share: float, vocabulary: Sequence[str], random: np.random.Generator) -> str:
    """Substitute, delete, insert or swap a share of the words.

    Args:
        text: A passage.
        share: Share of the words to edit.
        vocabulary: Words to substitute and insert, by frequency.
        random: Random numbers.
    """
    pieces = re.findall(r"\S+\s*", text)
    for at in sorted(random.choice(len(pieces), round(share * len(pieces)), replace=False).tolist(), reverse=True):
        word = vocabulary[int(random.integers(len(vocabulary)))]
        space = pieces[at][len(pieces[at].rstrip()) :]
        kind = int(random.integers(4))
        if kind == 0:
            pieces[at] = word + space
        elif kind == 1 and len(pieces) > 1:
            del pieces[at]
        elif kind == 2:
            pieces.insert(at, f"{word} ")
        elif at + 1 < len(pieces):
            pieces[at : at + 2] = [pieces[at + 1].rstrip() + " ", pieces[at].rstrip() + " "]
    return "".join(pieces).strip()


def add_noise(text: str, share: float, random: np.random.Generator) -> str:
    """Change a share of the characters as OCR does: confused letters, lost, added and replaced characters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    result = ""
    for at, character in enumerate(text):
        if random.random() >= share:
            result += character
            continue
        confused = [new for old, new in OCR_CONFUSIONS if text.startswith(old, at) and len(old) == 1]
        kind = random.random()
        if confused and kind < 0.6:
            result += confused[int(random.integers(len(confused)))]
        elif kind < 0.75:
            continue
        elif kind < 0.85:
            result += character + letters[int(random.integers(len(letters)))]
        else:
            result += letters[int(random.integers(len(letters)))]
    return result
