"""Score how similar two texts are as reports; rare words and words at the beginning have more weight."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import sqrt
from typing import NamedTuple

from dedup.text.features import grams
from dedup.text.function_words import function_words
from dedup.text.language import stem
from dedup.text.rarity import MAX_BITS, rarity
from dedup.text.tokens import tokens

# Chosen on the development pairs of SemEval 2022 Task 8 in English, Spanish, German, Polish, Turkish and Arabic, with
# the same values for all languages; the mean correlation changes by less than .01 if a value is halved or doubled.
# Reports state the main facts first: at this position a word has half the weight of the first word.
HALF_WEIGHT_POSITION = 8
# Weight of a capitalised word, in languages that do not capitalise all nouns.
CAPITALISED_WEIGHT = 1.25
# Letters of a stem that are compared as its beginning.
PREFIX_LETTERS = 5
# Exponent of the weights: a word that is repeated counts more, but less than in proportion.
WEIGHT_EXPONENT = 0.6
# Similarity that unrelated texts of a language reach; the score is 0 up to it.
UNRELATED_SIMILARITY = 0.25
# Factor of the weight of words of web pages, and of sentences about web pages ("We use cookies …").
PAGE_WEIGHT = 0.1
# Words that occur on web pages of any subject.
PAGE_WORDS = frozenset(
    [
        *["afp", "ap", "click", "cookies", "copyright", "dpa", "e", "email", "facebook", "foto", "fotos", "getty"],
        *["http", "https", "images", "instagram", "linkedin", "mail", "newsletter", "photo", "photos", "pinterest"],
        *["reuters", "telegram", "tumblr", "twitter", "whatsapp", "www", "youtube"],
    ]
)
# Parts of words in notices to visitors of a page.
_NOTICE = re.compile(
    "cookie|javascript|newsletter|[cç]erez|ciasteczk|datenschutz(?:erkl|bestimm|richtl)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?:[^.!?|\n]|[.!?](?!\s))+[.!?|\n]*|[.!?|\n]+")


class _Word(NamedTuple):
    """A word with its weight in the text."""

    stem: str
    weight: float


def similarity(left: str, right: str, language: str) -> float:
    """Return how similar two texts are.

    The score is the mean of two cosines, of stems cut to `PREFIX_LETTERS` letters and of character 4-grams of stems,
    so that compounds and inflections that the stemmer does not know are similar.

    Args:
        left: A text.
        right: Another text.
        language: ISO 639-1 code of both.

    Returns:
        From 0 (nothing in common) to 1 (the same words); the same for (right, left).

    >>> similarity("Two dead in Krefeld zoo fire.", "Krefeld: zoo fire leaves two dead", "en") > 0.5
    True
    """
    sides = [_weigh_words(text, language) for text in (left, right)]
    if not all(sides):
        return 0.0
    cosines = [_cosine(*(_sum_parts(words, split) for words in sides)) for split in (_prefix, grams)]
    mean = sum(map(sqrt, cosines)) / len(cosines)
    return max(0.0, (mean - UNRELATED_SIMILARITY) / (1 - UNRELATED_SIMILARITY))


def _weigh_words(text: str, language: str) -> list[_Word]:
    """Return the content words with positive weights; all words with equal weights if no word has a positive weight."""
    ignored = function_words(language)
    words: list[_Word] = []
    all_words: list[_Word] = []
    position = 0
    for sentence, is_notice in _sentences(text):
        for token in tokens(sentence):
            base = stem(sentence[token.start : token.end], language)
            all_words.append(_Word(base, 1.0))
            weight = rarity(base, language) / MAX_BITS / (1 + position / HALF_WEIGHT_POSITION)
            if position and language != "de" and sentence[token.start].isupper():
                weight *= CAPITALISED_WEIGHT
            if is_notice or token.form in PAGE_WORDS:
                weight *= PAGE_WEIGHT
            if weight > 0 and token.form not in ignored:
                words.append(_Word(base, weight))
            position += not is_notice
    return words or all_words


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the sentences of a text, and whether each is a notice to the visitors of a web page."""
    if not _NOTICE.search(text):
        yield text, False
        return
    for match in _SENTENCE.finditer(text):
        yield match[0], _NOTICE.search(match[0]) is not None


def _sum_parts(words: Iterable[_Word], split: Callable[[str], Iterable[str]]) -> dict[str, float]:
    """Return the weight of each part of the words, dampened.

    Args:
        words: Words with their weights.
        split: Returns the parts of a stem that are compared.
    """
    weights: dict[str, float] = defaultdict(float)
    for base, weight in words:
        for part in split(base):
            weights[part] += weight
    return {part: weight**WEIGHT_EXPONENT for part, weight in weights.items()}


def _prefix(base: str) -> Iterable[str]:
    return (base[:PREFIX_LETTERS],)


def _cosine(left: dict[str, float], right: dict[str, float]) -> float:
    # Sums of sorted values, so that the result does not depend on the order of the words.
    product = sum(sorted(weight * right[part] for part, weight in left.items() if part in right))
    norms = [sqrt(sum(sorted(weight * weight for weight in side.values()))) for side in (left, right)]
    return min(1.0, product / (norms[0] * norms[1]))
