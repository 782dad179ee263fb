"""Analyse a text: sentences, tokens, stems, facts and credits."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, overload

import numpy as np

from dedup.text.facts.extract import facts
from dedup.text.features import SentenceTerms, content_terms, gram_terms, stem_terms, stems, term_id
from dedup.text.found import FoundCredit, FoundFact, TextAnalysis
from dedup.text.language import detect
from dedup.text.sentences.split import split
from dedup.text.sources.attribution import find_credits
from dedup.text.spans import Credit, Fact, Span
from dedup.text.tokens import Token, tokens

T = TypeVar("T")

# The dash between the ends of a range in the value of a fact.
_RANGE = "\u2013"


class OnDemand(Sequence[T]):
    """A sequence whose items are computed when they are first read.

    >>> OnDemand(3, str)[1]
    '1'
    """

    def __init__(self, size: int, compute: Callable[[int], T]) -> None:
        """Set the number of items, and the function that returns the item of an index from 0."""
        self._items: list[T | None] = [None] * size
        self._compute = compute

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        """Return an item, or the items of a slice."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        found = self._items[index]
        if found is None:
            found = self._items[index] = self._compute(index % len(self._items))
        return found


@dataclass(frozen=True, eq=False)
class Analysis:
    """Sentences and facts of a text; its tokens, stems, terms and credits are read when they are needed."""

    text: str
    """Original text, which all offsets index."""
    language: str
    """ISO 639 code; "und" if undetermined."""
    sentences: tuple[Span, ...]
    """Spans of the sentences, in order."""
    facts: tuple[Fact, ...]
    """Facts, sorted by start."""
    fact_sentences: tuple[int, ...]
    """Index of the sentence of each fact, parallel to `facts`."""

    @cached_property
    def words(self) -> Sequence[tuple[Token, ...]]:
        """Tokens of each sentence, with offsets in the text."""
        text, sentences = self.text, self.sentences  # not `self`: a cycle would keep it in memory
        return OnDemand(len(sentences), lambda rank: tuple(tokens(text, *sentences[rank])))

    @cached_property
    def stems(self) -> Sequence[tuple[str, ...]]:
        """Stems of each sentence, parallel to `words`."""
        text, words, language = self.text, self.words, self.language
        return OnDemand(len(words), lambda rank: tuple(stems(words[rank], text, language)))

    def sentences_with(self, stem: str) -> int:
        """Return the number of sentences with a stem."""
        return self._stem_counts[stem]

    @cached_property
    def _stem_counts(self) -> Counter[str]:
        return Counter(stem for sentence in self.stems for stem in set(sentence))

    @cached_property
    def terms(self) -> SentenceTerms:
        """Terms of the sentences, from which links are scored."""
        return SentenceTerms(
            stems=stem_terms(self.stems),
            grams=gram_terms(self.words),
            content=content_terms(self.words, self.stems, self.language),
            sizes=np.array([sum(len(token.form) for token in sentence) for sentence in self.words], np.int64),
            wordings=np.array([self.wording(rank) for rank in range(len(self.sentences))], np.int64),
        )

    def wording(self, sentence: int) -> int:
        """Return the hash of the words of a sentence; see `wording_id`."""
        forms = [token.form for token in self.words[sentence]]
        return wording_id(forms, self.text[slice(*self.sentences[sentence])])

    @cached_property
    def credits(self) -> tuple[Credit, ...]:
        """Credits, sorted by start."""
        return tuple(find_credits(self.text, self.sentences, self.language))

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
    """Find the sentences and facts of a text.

    Args:
        text: Any text.
        language: ISO 639-1 code; None to detect the language.

    >>> analysis = analyse("Selon NHK, 25 000 ouvriers arrivent. Ils viennent de Pyongyang.")
    >>> analysis.language, [fact.value for fact in analysis.facts], [credit.source for credit in analysis.credits]
    ('fr', ['NHK', '25000', 'Pyongyang'], ['NHK'])
    """
    language = language or detect(text)
    spans = split(text, language)
    found = facts(text, spans, language)
    return Analysis(
        text=text,
        language=language,
        sentences=tuple(spans),
        facts=tuple(found),
        fact_sentences=tuple(sentence_at(spans, fact.start) for fact in found),
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


def wording_id(forms: Sequence[str], sentence: str) -> int:
    """Return a 32-bit hash of the folded words of a sentence, or of its characters if it has no words.

    Args:
        forms: Folded words of the sentence.
        sentence: The sentence.

    >>> wording_id(["oui"], "Oui !") == wording_id(["oui"], "« oui »")
    True
    """
    return term_id(" ".join(forms) or f"\0{sentence}")


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
