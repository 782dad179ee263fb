"""A text to all that alignment needs of it, found once."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dedup.text.facts.extract import facts
from dedup.text.features import Sentences, content_terms, gram_terms, stem_terms, stems, term_id
from dedup.text.language import detect
from dedup.text.sentences.split import split
from dedup.text.sources import attribution
from dedup.text.spans import Credit, Fact, Span
from dedup.text.tokens import Token, tokens


@dataclass(frozen=True)
class Analysis:
    """What was found in a text."""

    text: str
    language: str
    """ISO 639-1 code."""
    sentences: tuple[Span, ...]
    words: tuple[tuple[Token, ...], ...]
    """The words of each sentence, by code points of the text."""
    stems: tuple[tuple[str, ...], ...]
    """The stem of each word."""
    terms: Sentences
    """What links are found by."""
    facts: tuple[Fact, ...]
    """By start."""
    places: tuple[int, ...]
    """The sentence of each fact."""
    credits: tuple[Credit, ...]
    """By start."""

    def facts_in(self, sentences: range) -> range:
        """Give the ranks of the facts in some sentences."""
        return range(bisect_left(self.places, sentences.start), bisect_left(self.places, sentences.stop))


def analyse(text: str, language: str | None = None) -> Analysis:
    """Find sentences, words, facts and credited sources.

    Args:
        text: Any text.
        language: ISO 639-1 code; None detects it.

    >>> analysis = analyse("Selon NHK, 25 000 ouvriers arrivent. Ils viennent de Pyongyang.")
    >>> analysis.language, [fact.value for fact in analysis.facts], [credit.source for credit in analysis.credits]
    ('fr', ['NHK', '25000', 'Pyongyang'], ['NHK'])
    """
    language = language or detect(text)
    spans = split(text, language)
    words = [[_moved(token, span.start) for token in tokens(text[span.start : span.end])] for span in spans]
    stemmed = [stems(found, text, language) for found in words]
    found = facts(text, spans, language)
    return Analysis(
        text=text,
        language=language,
        sentences=tuple(spans),
        words=tuple(map(tuple, words)),
        stems=tuple(map(tuple, stemmed)),
        terms=Sentences(
            stems=stem_terms(stemmed),
            grams=gram_terms(words),
            content=content_terms(words, stemmed, language),
            sizes=np.array([sum(len(token.form) for token in found) for found in words], np.int64),
            wordings=np.array([wording(found, text[slice(*span)]) for found, span in zip(words, spans, strict=True)]),
        ),
        facts=tuple(found),
        places=tuple(place(spans, fact.start) for fact in found),
        credits=tuple(attribution.credits(text, spans, language)),
    )


def place(sentences: Sequence[Span], position: int) -> int:
    """Tell in which sentence a code point is, or after which.

    >>> place([Span(0, 5), Span(6, 9)], 7)
    1
    """
    return max(0, bisect_right(sentences, position, key=lambda span: span.start) - 1)


def sentences_in(sentences: Sequence[Span], extent: Span) -> range:
    """Give the ranks of the sentences in an extent that begins and ends with one.

    >>> sentences_in([Span(0, 5), Span(6, 9), Span(10, 12)], Span(6, 12))
    range(1, 3)
    """
    return range(place(sentences, extent.start), place(sentences, extent.end - 1) + 1)


def _moved(token: Token, by: int) -> Token:
    return Token(token.start + by, token.end + by, token.form)


def wording(words: Sequence[Token], sentence: str) -> int:
    """Name what a sentence says word for word; or sign by sign, if it has no words.

    >>> wording(tokens("Oui !"), "Oui !") == wording(tokens("« oui »"), "« oui »")
    True
    """
    return term_id(" ".join(token.form for token in words) or f"\0{sentence}")
