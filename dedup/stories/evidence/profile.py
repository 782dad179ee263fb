"""Describe what a document states, as arrays from which the evidence for a common story is measured."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedup.text.analysis import Analysis
from dedup.text.boilerplate import boilerplate_sentences
from dedup.text.features import content_test, term_id
from dedup.text.language import language_data
from dedup.text.spans import Fact
from dedup.text.tokens import Token, fold
from dedup.text.word_frequency import word_frequency

# Information of a shared number, in nats: that of one digit, more for each further digit, more again if it is not zero.
# On the numbers of 1,500 news articles (SemEval 2022 Task 8, training pairs) the negative logarithm of the share of
# other articles with the same number is 2.5 for one digit, 4.0 for two, 6.9 for three, 5.9 for 120, 5.3 for 10,000.
DIGIT_INFORMATION, MORE_DIGITS, MORE_SIGNIFICANT, MAX_NUMBER_INFORMATION = 2.5, 0.7, 1.3, 7.0
# Information of a shared day or month, in nats.
DATE_INFORMATION = 3.0
# The words of a name depend on each other: the first counts in full, each further one by this share.
FURTHER_NAME_WORD = 0.25
# Codes of facts in frames; words have the ids of their stems, which are not negative.
FACT_CODES = {"number": -1, "date": -2, "name": -3}
WEEKDAY_CODE = -4
# Minimum number of words and places of a frame that can be a template.
MIN_FRAME_WORDS = 4
# Letters by which a weekday is the same in all its forms; abbreviations are words.
_WEEKDAY_LETTERS = 4
_RANGE = "\u2013"


@dataclass(frozen=True)
class Frame:
    """A sentence with its facts masked."""

    words: tuple[int, ...]
    """Ids of the stems, and a code of FACT_CODES in the place of each number, date and name."""
    facts: tuple[int, ...]
    """Rank of the fact at each place, in `Analysis.facts`; -1 at a word; below -1, a number for each weekday."""


@dataclass(frozen=True)
class Profile:
    """The content words, facts and frames of a document, without its boilerplate sentences."""

    ids: NDArray[np.int64]
    """Ids of the distinct stems of content words outside numbers and dates, ascending, shape (words,)."""
    frequencies: NDArray[np.float64]
    """General frequency of each word in its language: of its most frequent form, shape (words,)."""
    shares: NDArray[np.float64]
    """Share of its information that a word counts, less than 1 in names of several words, shape (words,)."""
    names: NDArray[np.bool_]
    """Whether each word occurs in a name, shape (words,)."""
    rows: NDArray[np.int64]
    """Sentence of each occurrence of a word, ascending, shape (occurrences,)."""
    columns: NDArray[np.int64]
    """Index in `ids` of each occurrence, shape (occurrences,)."""
    lengths: NDArray[np.int64]
    """Number of words of each sentence; 0 for boilerplate, shape (sentences,)."""
    fact_ranks: NDArray[np.int64]
    """Rank of each number and day in `Analysis.facts`, ascending, shape (facts,)."""
    fact_rows: NDArray[np.int64]
    """Sentence of each, ascending, shape (facts,)."""
    fact_values: NDArray[np.int64]
    """Id of the value of each, shape (facts,)."""
    fact_information: NDArray[np.float64]
    """Information of each in nats, shape (facts,)."""
    frames: Sequence[Frame]
    """Frame of each sentence; empty for boilerplate."""
    boilerplate: frozenset[int]
    """Wordings (see `dedup.text.features.SentenceTerms`) of the boilerplate sentences."""

    @cached_property
    def frame_hashes(self) -> tuple[int, ...]:
        """Hash of the frame of each sentence; -1 for a frame without facts, or too short to be a template."""
        return tuple(
            crc32(array("q", frame.words).tobytes())
            if len(frame.words) >= MIN_FRAME_WORDS and any(rank >= 0 for rank in frame.facts)
            else -1
            for frame in self.frames
        )

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """The weekdays in the document, as in `Frame.facts`."""
        return frozenset(place for frame in self.frames for place in frame.facts if place < -1)

    @cached_property
    def lead(self) -> range:
        """The first sentences, up to LEAD_WORDS words: news states first what it is about."""
        reached = int(np.searchsorted(np.cumsum(self.lengths), LEAD_WORDS)) + 1
        return range(min(reached, self.lengths.size))


LEAD_WORDS = 200
"""Words of the beginning of a document that are compared as a whole."""


def make_profile(analysis: Analysis) -> Profile:
    """Return the profile of a document.

    >>> from dedup.text.analysis import analyse
    >>> profile = make_profile(analyse("NHK counted 25,000 workers in Alabuga.", "en"))
    >>> profile.names.tolist().count(True), profile.fact_information.round(1).tolist()
    (2, [6.6])
    """
    excluded = boilerplate_sentences(analysis.text, analysis.sentences, analysis.words, analysis.language)
    index: dict[int, int] = {}
    frequencies: list[float] = []
    sizes: list[int] = []
    rows: list[int] = []
    columns: list[int] = []
    frames: list[Frame] = []
    for row, skipped in enumerate(excluded):
        frames.append(Frame((), ()) if skipped else _frame(analysis, row))
        if skipped:
            continue
        for form, stem, size in _content_words(analysis, row):
            column = index.setdefault(term_id(stem), len(index))
            if column == len(sizes):
                sizes.append(0)
                frequencies.append(0.0)
            sizes[column] = max(sizes[column], size)
            frequencies[column] = max(frequencies[column], word_frequency(form, analysis.language))
            rows.append(row)
            columns.append(column)
    ids = np.fromiter(index, np.int64, len(index))
    order = np.argsort(ids)
    new_columns = np.empty_like(order)
    new_columns[order] = np.arange(order.size)
    name_sizes = np.array(sizes, np.int64)[order] if sizes else np.empty(0, np.int64)
    facts = list(_numbers_and_days(analysis, excluded))
    return Profile(
        ids=ids[order],
        frequencies=np.array(frequencies)[order] if sizes else np.empty(0),
        shares=(1 + FURTHER_NAME_WORD * (np.maximum(name_sizes, 1) - 1)) / np.maximum(name_sizes, 1),
        names=name_sizes > 0,
        rows=np.array(rows, np.int64),
        columns=new_columns[np.array(columns, np.int64)],
        lengths=np.array(
            [0 if skipped else len(line) for skipped, line in zip(excluded, analysis.words, strict=True)], np.int64
        ),
        fact_ranks=np.array([rank for rank, _ in facts], np.int64),
        fact_rows=np.array([analysis.fact_sentences[rank] for rank, _ in facts], np.int64),
        fact_values=np.array([term_id(f"{fact.kind} {fact.value}") for _, fact in facts], np.int64),
        fact_information=np.array([_information(fact) for _, fact in facts]),
        frames=tuple(frames),
        boilerplate=frozenset(
            int(wording) for wording, skipped in zip(analysis.terms.wordings, excluded, strict=True) if skipped
        ),
    )


def _sentence_facts(analysis: Analysis, row: int) -> list[tuple[int, Fact]]:
    """Return the numbers, dates and names of a sentence with their ranks."""
    ranks = analysis.facts_in(range(row, row + 1))
    return [(rank, analysis.facts[rank]) for rank in ranks if analysis.facts[rank].kind in FACT_CODES]


def _by_token(tokens: Sequence[Token], facts: Sequence[tuple[int, Fact]]) -> Iterator[tuple[int, Fact] | None]:
    """Yield for each token the fact that it is in."""
    at = 0
    for token in tokens:
        while at < len(facts) and facts[at][1].end <= token.start:
            at += 1
        yield facts[at] if at < len(facts) and facts[at][1].start <= token.start else None


def _content_words(analysis: Analysis, row: int) -> Iterator[tuple[str, str, int]]:
    """Yield the form and stem of the content words of a sentence, and the number of words of the name each is in."""
    is_content = content_test(analysis.language)
    tokens, stems = analysis.words[row], analysis.stems[row]
    located = list(_by_token(tokens, _sentence_facts(analysis, row)))
    for token, stem, fact in zip(tokens, stems, located, strict=True):
        kind = fact[1].kind if fact else None
        if kind != "date" and not token.form[0].isdigit() and is_content(token.form):
            yield token.form, stem, located.count(fact) if kind == "name" else 0


@cache
def _weekdays(language: str) -> frozenset[str]:
    """Return the folded names of the weekdays in all their forms, without abbreviations."""
    named = language_data(language).get("dates", {}).get("weekdays", ())
    return frozenset(form for form in map(fold, named) if len(form) >= _WEEKDAY_LETTERS)


def _frame(analysis: Analysis, row: int) -> Frame:
    words: list[int] = []
    places: list[int] = []
    tokens, facts = analysis.words[row], _sentence_facts(analysis, row)
    weekdays = _weekdays(analysis.language)
    for token, stem, fact in zip(tokens, analysis.stems[row], _by_token(tokens, facts), strict=True):
        if fact is None and token.form in weekdays:
            words.append(WEEKDAY_CODE)
            places.append(-2 - term_id(token.form[:_WEEKDAY_LETTERS]))
        elif fact is None:
            words.append(term_id(stem))
            places.append(-1)
        elif not places or places[-1] != fact[0]:
            words.append(FACT_CODES[fact[1].kind])
            places.append(fact[0])
    return Frame(tuple(words), tuple(places))


def _numbers_and_days(analysis: Analysis, excluded: Sequence[bool]) -> Iterator[tuple[int, Fact]]:
    """Yield the numbers, and the dates with a month, outside excluded sentences, with their ranks."""
    for rank, (fact, row) in enumerate(zip(analysis.facts, analysis.fact_sentences, strict=True)):
        if not excluded[row] and (fact.kind == "number" or (fact.kind == "date" and "-" in fact.value)):
            yield rank, fact


def _information(fact: Fact) -> float:
    """Return the information of a shared number or day in nats."""
    if fact.kind == "date":
        return DATE_INFORMATION
    found = 0.0
    for end in fact.value.split(_RANGE):
        digits = "".join(filter(str.isdigit, end)).lstrip("0")
        significant = len(digits.rstrip("0"))
        size = DIGIT_INFORMATION + MORE_DIGITS * (len(digits) - 1) + MORE_SIGNIFICANT * (significant - 1)
        found = max(found, size)
    return min(found, MAX_NUMBER_INFORMATION)
