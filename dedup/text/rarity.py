"""Rarity of the words of a language: how few news articles contain them."""

from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from dedup.text.features import term_id
from dedup.text.language import WORD_CACHE_SIZE

MAX_BITS = 6.0
"""Rarity of a word that is in at most one of 64 articles, and of any word of a language without a table."""
STEPS_PER_BIT = 32
"""The tables contain the rarity in this fraction of a bit."""


@lru_cache(WORD_CACHE_SIZE)
def rarity(stem: str, language: str) -> float:
    """Return how rare a word is: the binary logarithm of the number of news articles per article that contains it.

    Args:
        stem: Stem of the word, as from `dedup.text.language.stem`.
        language: ISO 639-1 code; in a language without a table all words are equally rare.

    Returns:
        Bits, from 0 (in every article) to `MAX_BITS`.

    >>> rarity("the", "en") < 0.5 < rarity("presid", "en") < rarity("tugboat", "en"), rarity("the", "xx")
    (True, 6.0)
    """
    return _table(language).get(term_id(stem), MAX_BITS)


@cache
def _table(language: str) -> dict[int, float]:
    """Return the rarity in bits of the frequent stems of a language by the hash of the stem."""
    table: dict[int, float] = {}
    # Made by benchmarks/rarity_tables.py: hashes of stems, ascending, and their rarities.
    with files("dedup.text").joinpath("rarity.npz").open("rb") as file, np.load(file) as arrays:
        if f"{language}_ids" in arrays:
            ids, steps = arrays[f"{language}_ids"].tolist(), arrays[f"{language}_steps"].tolist()
            table = {stem_id: step / STEPS_PER_BIT for stem_id, step in zip(ids, steps, strict=True)}
    return table
