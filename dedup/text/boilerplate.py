"""Find the sentences of a page that are about the outlet, not about the news: bylines, subscriptions, navigation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dedup.text.language import language_data
from dedup.text.spans import Span
from dedup.text.tokens import Token, token_forms

# Maximum number of tokens of a sentence that is boilerplate because of a phrase or an address, or of a single word.
MAX_PHRASE_TOKENS, MAX_WORD_TOKENS = 25, 6
# Number of different phrases or services that make a sentence boilerplate.
MIN_PHRASES = 2
# Number of services, and their share of the tokens, that make a sentence of any length boilerplate.
MIN_SERVICES, MIN_SERVICE_SHARE = 4, 0.2
# Tokens of the longest byline, and number of sentences at the beginning in which one is looked for.
MAX_BYLINE_TOKENS, BYLINE_SENTENCES = 12, 4
# Share of the sentences of a line that make the whole line boilerplate.
MIN_LINE_SHARE = 0.65
# Services that pages name in any language.
SERVICES = frozenset(
    [
        *["bluesky", "facebook", "instagram", "linkedin", "pinterest"],
        *["telegram", "tiktok", "twitter", "whatsapp", "youtube"],
    ]
)
# An e-mail address, or the address of a page.
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\bhttps?://|\bwww\.")


@dataclass(frozen=True)
class _Cues:
    """Words of boilerplate in a language, as folded tokens."""

    phrases: dict[str, list[tuple[str, ...]]]
    """The phrases, by their first token."""
    bylines: frozenset[tuple[str, ...]]


@cache
def _cues(language: str) -> _Cues:
    table = language_data(language).get("boilerplate", {})
    found, bylines = (
        frozenset(tuple(token_forms(phrase)) for phrase in table.get(key, ())) for key in ("phrases", "bylines")
    )
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in found:
        phrases.setdefault(phrase[0], []).append(phrase)
    return _Cues(phrases, bylines)


def boilerplate_sentences(
    text: str, sentences: Sequence[Span], words: Sequence[Sequence[Token]], language: str
) -> list[bool]:
    """Return whether each sentence is a byline, subscription, navigation, an address or a copyright notice.

    A line that consists mostly of these is boilerplate as a whole.

    Args:
        text: A text.
        sentences: Its sentences, in order.
        words: Tokens of each sentence, with offsets in the text.
        language: ISO 639-1 code; the phrases of a language without a data file are not known.

    >>> from dedup.text.tokens import tokens
    >>> text = "Rain floods Ennis\\nBy Ann Roe, weather reporter\\nSign up for our newsletter."
    >>> spans = [Span(0, 17), Span(18, 46), Span(47, 74)]
    >>> boilerplate_sentences(text, spans, [tokens(text[slice(*span)]) for span in spans], "en")
    [False, True, True]
    """
    cues = _cues(language)
    found = [
        _is_boilerplate(text[slice(*span)], [token.form for token in line], rank, cues)
        for rank, (span, line) in enumerate(zip(sentences, words, strict=True))
    ]
    if not any(found):
        return found
    for first, last in _lines(text, sentences):
        if sum(found[first:last]) >= MIN_LINE_SHARE * (last - first):
            found[first:last] = [True] * (last - first)
    return found


def _is_boilerplate(sentence: str, forms: Sequence[str], rank: int, cues: _Cues) -> bool:
    if rank < BYLINE_SENTENCES and 1 < len(forms) <= MAX_BYLINE_TOKENS and _is_byline(sentence, forms, cues):
        return True
    services = len(SERVICES.intersection(forms))
    if len(forms) > MAX_PHRASE_TOKENS:
        return services >= max(MIN_SERVICES, MIN_SERVICE_SHARE * len(forms))
    phrases = {
        phrase
        for start, form in enumerate(forms)
        for phrase in cues.phrases.get(form, ())
        if tuple(forms[start : start + len(phrase)]) == phrase
    }
    if len(phrases) + services >= MIN_PHRASES or _ADDRESS.search(sentence):
        return True
    longest = max(map(len, phrases), default=0)
    return longest > 1 or (longest == 1 and len(forms) <= MAX_WORD_TOKENS)


def _is_byline(sentence: str, forms: Sequence[str], cues: _Cues) -> bool:
    """Return whether a sentence without a full stop is "By", then words with capitals: "By Ann Roe, Reporter"."""
    if sentence.rstrip()[-1:] in ".!?":
        return False
    for cue in cues.bylines:
        if tuple(forms[: len(cue)]) == cue:
            following = re.findall(r"\w+", sentence)[len(cue) : len(cue) + 2]
            return bool(following) and all(word[0].isupper() for word in following)
    return False


def _lines(text: str, sentences: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the sentences of each line, as half-open ranges of ranks."""
    starts = [
        rank for rank, span in enumerate(sentences) if rank == 0 or "\n" in text[sentences[rank - 1].end : span.start]
    ]
    return list(zip(starts, [*starts[1:], len(sentences)], strict=True))
