"""Function words and articles of a language."""

from functools import cache
from typing import Any

from dedup.text.language import language_data
from dedup.text.tokens import fold


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the words of a language that carry no content: articles, pronouns, prepositions and similar words.

    Args:
        language: ISO 639-1 code; a language without a data file has no function words.

    Returns:
        Folded forms, as in `dedup.text.tokens.Token.form`.

    >>> "aux" in function_words("fr"), "etait" in function_words("fr"), function_words("xx")
    (True, True, frozenset())
    """
    return frozenset(map(fold, _table(language).get("function", ())))


@cache
def articles(language: str) -> frozenset[str]:
    """Return the definite articles of a language, folded.

    >>> sorted(articles("es"))
    ['el', 'la', 'las', 'los']
    """
    return frozenset(map(fold, _table(language).get("articles", ())))


def _table(language: str) -> dict[str, Any]:
    words: dict[str, Any] = language_data(language).get("words", {})
    return words
