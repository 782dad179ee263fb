"""Score how similar two texts are as reports; words at the beginning have more weight."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import sqrt

from dedup.text.features import grams
from dedup.text.function_words import function_words
from dedup.text.tokens import Token, tokens

# Chosen on half of the pairs of SemEval 2022 Task 8 in English, Spanish and German.
# Reports state the main facts first: at this position a word has half the weight of the first word.
HALF_WEIGHT_POSITION = 10
# Weight of a capitalised word, in languages that do not capitalise all nouns.
CAPITALISED_WEIGHT = 2.0
# Letters of a word that are compared as its beginning.
PREFIX_LETTERS = 5
# Similarity that unrelated texts of a language reach; it scores 0.
UNRELATED_SIMILARITY = 0.25
# Words that occur on web pages whatever they report.
PAGE_WORDS = frozenset(
    [
        *["afp", "ap", "click", "cookies", "copyright", "dpa", "e", "email", "facebook", "foto", "fotos", "getty"],
        *["http", "https", "images", "instagram", "linkedin", "mail", "newsletter", "photo", "photos", "pinterest"],
        *["reuters", "telegram", "tumblr", "twitter", "whatsapp", "www", "youtube"],
    ]
)


def similarity(left: str, right: str, language: str) -> float:
    """Return how similar two texts are.

    Args:
        left: A text.
        right: Another text.
        language: ISO 639-1 code of both.

    Returns:
        From 0 (nothing in common) to 1 (the same words); the same for (right, left).

    >>> similarity("Two dead in Krefeld zoo fire.", "Krefeld: zoo fire leaves two dead", "en") > 0.5
    True
    """
    sides = [(text, _content_words(text, language)) for text in (left, right)]
    if not all(words for _, words in sides):
        return 0.0
    cosines = [_cosine(*(_weigh(text, words, split, language) for text, words in sides)) for split in (_prefix, grams)]
    mean = sum(map(sqrt, cosines)) / len(cosines)
    return max(0.0, (mean - UNRELATED_SIMILARITY) / (1 - UNRELATED_SIMILARITY))


def _content_words(text: str, language: str) -> list[tuple[int, Token]]:
    """Return the content words with their positions in the text, from 0; all words if there are no content words."""
    ignored = function_words(language) | PAGE_WORDS
    numbered = list(enumerate(tokens(text)))
    return [(position, token) for position, token in numbered if token.form not in ignored] or numbered


def _weigh(
    text: str, words: Iterable[tuple[int, Token]], split: Callable[[str], Iterable[str]], language: str
) -> dict[str, float]:
    """Return the square root of the weight of each part of the words.

    Args:
        text: The text.
        words: Its words with their positions.
        split: Returns the parts of a word that are compared.
        language: ISO 639-1 code.
    """
    weights: dict[str, float] = defaultdict(float)
    for position, token in words:
        is_name = position and language != "de" and text[token.start].isupper()
        for part in split(token.form):
            weights[part] += (CAPITALISED_WEIGHT if is_name else 1) / (1 + position / HALF_WEIGHT_POSITION)
    return {part: sqrt(weight) for part, weight in weights.items()}


def _prefix(form: str) -> Iterable[str]:
    return (form[:PREFIX_LETTERS],)


def _cosine(left: dict[str, float], right: dict[str, float]) -> float:
    # Sums of sorted values, so that the result does not depend on the order of the words.
    product = sum(sorted(weight * right[part] for part, weight in left.items() if part in right))
    norms = [sqrt(sum(sorted(weight * weight for weight in side.values()))) for side in (left, right)]
    return min(1.0, product / (norms[0] * norms[1]))
