"""List the function words of a language."""

from functools import cache
from typing import Any

from dedup.text.language import knowledge
from dedup.text.tokens import fold


@cache
def function_words(language: str) -> frozenset[str]:
    """Give the words of a language that carry no content of their own: articles, pronouns, prepositions and such.

    Args:
        language: ISO 639-1 code; a language without a data file has none.

    Returns:
        Their folded forms, as `dedup.text.tokens` gives them.

    >>> "aux" in function_words("fr"), "etait" in function_words("fr"), function_words("xx")
    (True, True, frozenset())
    """
    return frozenset(map(fold, _table(language).get("function", ())))


@cache
def articles(language: str) -> frozenset[str]:
    """Give the definite articles of a language, folded.

    >>> sorted(articles("es"))
    ['el', 'la', 'las', 'los']
    """
    return frozenset(map(fold, _table(language).get("articles", ())))


def _table(language: str) -> dict[str, Any]:
    words: dict[str, Any] = knowledge(language).get("words", {})
    return words
