"""Compare two texts of one sentence each by their aligned words."""

from math import fsum

from dedup.alignment.words.align import align_words
from dedup.text.function_words import function_words
from dedup.text.language import stem
from dedup.text.rarity import MAX_BITS, rarity
from dedup.text.tokens import tokens

# Weight of a function word, relative to a content word of the same rarity.
FUNCTION_WORD_WEIGHT = 0.3
# Minimum share of both sentences that is the same or equivalent in sentences that say the same, and its minimum weight,
# in rare content words. Of 114 pairs of MTReference that have too few words in common for the evidence that long texts
# give, 9 in 10 reach it; of random pairs of sentences of Reuters stories, 1 in 200.
MIN_MATCHED_SHARE, MIN_MATCHED_WEIGHT = 0.25, 1.0


def matched_share(left: str, right: str, language: str) -> float:
    """Return the share of two sentences that is the same or equivalent in the other, by the rarity of the words.

    A text of one sentence has no other sentences that show which words are rare, or that compete for the link.

    Args:
        left: A sentence.
        right: Another sentence.
        language: ISO 639-1 code of both.

    Returns:
        From `MIN_MATCHED_SHARE` to 1; 0 if the sentences share less. The same for (right, left).

    >>> matched_share("Police sealed off the scene of the blast.", "The scene was sealed by officers.", "en") > 0.5
    True
    >>> matched_share("Police sealed off the scene of the blast.", "Wheat prices fell in Chicago.", "en")
    0.0
    """
    links = [link for link in align_words(left, right, language) if link.kind != "replaced"]
    matched = fsum(
        _weight(text, start, end, language)
        for link in links
        for text, start, end in ((left, *link[0:2]), (right, *link[2:4]))
    )
    total = fsum(_weight(text, 0, len(text), language) for text in (left, right))
    share = matched / total if total else 0.0
    return min(1.0, share) if share >= MIN_MATCHED_SHARE and matched / 2 >= MIN_MATCHED_WEIGHT else 0.0


def _weight(text: str, start: int, end: int, language: str) -> float:
    """Return the weight of the words of a span of a text."""
    return fsum(
        rarity(stem(text[start:end][token.start : token.end], language), language)
        / MAX_BITS
        * (FUNCTION_WORD_WEIGHT if token.form in function_words(language) else 1.0)
        for token in tokens(text[start:end])
    )
