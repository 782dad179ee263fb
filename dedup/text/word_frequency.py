"""General frequencies of words: how often a word occurs in a language, independent of the corpus."""

from functools import cache

from dedup.text.tokens import distinct_token_forms

# Frequency of a word that the list of its language lacks: below 1 per million words, where the lists end.
UNLISTED_FREQUENCY = 4e-7
# Frequency of every word of a language without a list.
UNKNOWN_FREQUENCY = 4e-6
# Languages that are listed under the code of another.
_LISTS = {"no": "nb", "nn": "nb", "hr": "sh", "bs": "sh", "sr": "sh"}


def word_frequency(form: str, language: str) -> float:
    """Return how often a word occurs in a language, as a share of all words.

    The frequencies are those of the small lists of wordfreq (Robyn Speer, "rspeer/wordfreq: v3.0", 2022), for about 40
    languages.

    Args:
        form: Folded form of the word, as in `dedup.text.tokens.Token.form`.
        language: ISO 639-1 code.

    >>> word_frequency("president", "en") > 100 * word_frequency("howitzer", "en") > 0
    True
    """
    frequencies = _frequencies(language)
    return frequencies.get(form, UNLISTED_FREQUENCY) if frequencies else UNKNOWN_FREQUENCY


@cache
def _frequencies(language: str) -> dict[str, float]:
    """Return the frequency of each folded form that a language lists; empty for a language without a list."""
    from wordfreq import available_languages, cB_to_freq, read_cBpack

    path = available_languages("small").get(_LISTS.get(language, language))
    if path is None:
        return {}
    found: dict[str, float] = {}
    for centibels, words in enumerate(read_cBpack(path)):
        # These words have the same frequency, so it does not matter which of them a token is from.
        frequency = cB_to_freq(-centibels)
        for form in distinct_token_forms("\n".join(words)):
            found[form] = found[form] + frequency if form in found else frequency
    return found
