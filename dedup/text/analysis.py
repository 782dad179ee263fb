"""Analyse a text: sentences, tokens, stems, facts and credits."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dedup.text.facts.extract import facts
from dedup.text.features import SentenceTerms, content_terms, gram_terms, stem_terms, stems, term_id
from dedup.text.found import FoundCredit, FoundFact, TextAnalysis
from dedup.text.language import detect
from dedup.text.sentences.split import split
from dedup.text.sources.attribution import find_credits
from dedup.text.spans import Credit, Fact, Span
from dedup.text.tokens import Token, tokens

# The dash between the ends of a range in the value of a fact.
_RANGE = "\u2013"


@dataclass(frozen=True)
class Analysis:
    """Sentences, tokens, facts and credits of a text."""

    text: str
    """Original text, which all offsets index."""
    language: str
    """ISO 639 code; "und" if undetermined."""
    sentences: tuple[Span, ...]
    """Spans of the sentences, in order."""
    words: tuple[tuple[Token, ...], ...]
    """Tokens of each sentence, with offsets in the text."""
    stems: tuple[tuple[str, ...], ...]
    """Stems of each sentence, parallel to `words`."""
    terms: SentenceTerms
    """Terms of the sentences, from which links are scored."""
    facts: tuple[Fact, ...]
    """Facts, sorted by start."""
    fact_sentences: tuple[int, ...]
    """Index of the sentence of each fact, parallel to `facts`."""
    credits: tuple[Credit, ...]
    """Credits, sorted by start."""

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Values of the numbers of the text."""
        return frozenset(fact.value for fact in self.facts if fact.kind == "number")

    def facts_in(self, sentences: range) -> range:
        """Return the indices of the facts in consecutive sentences."""
        return range(
            bisect_left(self.fact_sentences, sentences.start), bisect_left(self.fact_sentences, sentences.stop)
        )


def analyse(text: str, language: str | None = None) -> Analysis:
    """Find the sentences, tokens, facts and credits of a text.

    Args:
        text: Any text.
        language: ISO 639-1 code; None to detect the language.

    >>> analysis = analyse("Selon NHK, 25 000 ouvriers arrivent. Ils viennent de Pyongyang.")
    >>> analysis.language, [fact.value for fact in analysis.facts], [credit.source for credit in analysis.credits]
    ('fr', ['NHK', '25000', 'Pyongyang'], ['NHK'])
    """
    language = language or detect(text)
    spans = split(text, language)
    words = [[_shift(token, span.start) for token in tokens(text[span.start : span.end])] for span in spans]
    stemmed = [stems(sentence, text, language) for sentence in words]
    found = facts(text, spans, language)
    return Analysis(
        text=text,
        language=language,
        sentences=tuple(spans),
        words=tuple(map(tuple, words)),
        stems=tuple(map(tuple, stemmed)),
        terms=SentenceTerms(
            stems=stem_terms(stemmed),
            grams=gram_terms(words),
            content=content_terms(words, stemmed, language),
            sizes=np.array([sum(len(token.form) for token in sentence) for sentence in words], np.int64),
            wordings=np.array(
                [wording_id(sentence, text[slice(*span)]) for sentence, span in zip(words, spans, strict=True)]
            ),
        ),
        facts=tuple(found),
        fact_sentences=tuple(sentence_at(spans, fact.start) for fact in found),
        credits=tuple(find_credits(text, spans, language)),
    )


def sentence_at(sentences: Sequence[Span], offset: int) -> int:
    """Return the index of the sentence that contains an offset, or else of the last sentence before it.

    >>> sentence_at([Span(0, 5), Span(6, 9)], 7)
    1
    """
    return max(0, bisect_right(sentences, offset, key=lambda span: span.start) - 1)


def sentences_in(sentences: Sequence[Span], extent: Span) -> range:
    """Return the indices of the sentences in an extent that starts and ends at sentence boundaries.

    >>> sentences_in([Span(0, 5), Span(6, 9), Span(10, 12)], Span(6, 12))
    range(1, 3)
    """
    return range(sentence_at(sentences, extent.start), sentence_at(sentences, extent.end - 1) + 1)


def _shift(token: Token, offset: int) -> Token:
    return Token(token.start + offset, token.end + offset, token.form)


def wording_id(words: Sequence[Token], sentence: str) -> int:
    """Return a 32-bit hash of the folded words of a sentence, or of its characters if it has no words.

    >>> wording_id(tokens("Oui !"), "Oui !") == wording_id(tokens("« oui »"), "« oui »")
    True
    """
    return term_id(" ".join(token.form for token in words) or f"\0{sentence}")


def describe(analysis: Analysis) -> TextAnalysis:
    """Return what was read in a text.

    >>> [(fact.value, fact.high, fact.unit) for fact in describe(analyse("It rose 8 to 13 pct.", "en")).facts]
    [('8', '13', '%')]
    """
    return TextAnalysis(
        language=analysis.language,
        sentences=analysis.sentences,
        facts=tuple(map(_describe_fact, analysis.facts)),
        credits=tuple(FoundCredit(credit.source, credit.start, credit.end) for credit in analysis.credits),
    )


def _describe_fact(fact: Fact) -> FoundFact:
    if fact.kind != "number":
        return FoundFact(fact.kind, fact.value, fact.start, fact.end)
    value, _, high = fact.value.partition(_RANGE)
    noun = "" if fact.unit else fact.noun
    return FoundFact("number", value, fact.start, fact.end, high or None, fact.unit, noun, fact.qualifier)
