"""How similar two texts are as reports, as a person would say: mostly by how they begin."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import sqrt

from dedup.text.features import grams
from dedup.text.function_words import function_words
from dedup.text.tokens import Token, tokens

# Chosen on half of the pairs of SemEval 2022 Task 8 in English, Spanish and German.
# Reports tell the main thing first: a word this many words in counts half of the first.
HALF = 10
# A capitalised word counts so much, where not all nouns are capitalised.
NAME = 2.0
# Letters of a word's beginning.
BEGINNING = 5
# What unrelated texts of a language reach, and so counts for nothing.
FLOOR = 0.25
# What stands on pages whatever they report.
PAGE = frozenset(
    [
        *["afp", "ap", "click", "cookies", "copyright", "dpa", "e", "email", "facebook", "foto", "fotos", "getty"],
        *["http", "https", "images", "instagram", "linkedin", "mail", "newsletter", "photo", "photos", "pinterest"],
        *["reuters", "telegram", "tumblr", "twitter", "whatsapp", "www", "youtube"],
    ]
)


def similarity(left: str, right: str, language: str) -> float:
    """Tell how similar two texts are.

    Args:
        left: One text.
        right: The other.
        language: ISO 639-1 code of both.

    Returns:
        From 0, nothing in common, to 1, the same words; the same for (right, left).

    >>> similarity("Two dead in Krefeld zoo fire.", "Krefeld: zoo fire leaves two dead", "en") > 0.5
    True
    """
    both = [(text, list(_content(text, language))) for text in (left, right)]
    if not all(found for _, found in both):
        return 0.0
    cosines = [
        _cosine(*(_weigh(text, found, split, language) for text, found in both)) for split in (_beginning, grams)
    ]
    return max(0.0, (sum(map(sqrt, cosines)) / len(cosines) - FLOOR) / (1 - FLOOR))


def _content(text: str, language: str) -> Iterable[tuple[int, Token]]:
    """Take the words with content, numbered from the first word; all of them, if there are no others."""
    passed = function_words(language) | PAGE
    numbered = list(enumerate(tokens(text)))
    return [(rank, token) for rank, token in numbered if token.form not in passed] or numbered


def _weigh(
    text: str, found: Iterable[tuple[int, Token]], split: Callable[[str], Iterable[str]], language: str
) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for rank, token in found:
        name = rank and language != "de" and text[token.start].isupper()
        for part in split(token.form):
            weights[part] += (NAME if name else 1) / (1 + rank / HALF)
    return {part: sqrt(weight) for part, weight in weights.items()}


def _beginning(form: str) -> Iterable[str]:
    return (form[:BEGINNING],)


def _cosine(left: dict[str, float], right: dict[str, float]) -> float:
    product = sum(sorted(weight * right[part] for part, weight in left.items() if part in right))
    norms = [sqrt(sum(sorted(weight * weight for weight in side.values()))) for side in (left, right)]
    return min(1.0, product / (norms[0] * norms[1]))
