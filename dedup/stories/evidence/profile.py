"""Describe a document as arrays, from which the evidence for a common story is measured."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import repeat
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
# Number of first letters that all forms of a weekday share; abbreviations count as other words.
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
    def occurrence_offsets(self) -> list[int]:
        """Index of the first occurrence of a word in each sentence, and the number of occurrences."""
        return [*map(int, np.searchsorted(self.rows, np.arange(self.lengths.size + 1)))]

    @cached_property
    def fact_offsets(self) -> list[int]:
        """Index of the first number or day in each sentence, and the number of them."""
        return [*map(int, np.searchsorted(self.fact_rows, np.arange(self.lengths.size + 1)))]

    @cached_property
    def words_before(self) -> list[int]:
        """Number of words before each sentence, and of all words."""
        return [0, *np.cumsum(self.lengths).tolist()]

    @cached_property
    def fact_indexes(self) -> dict[int, int]:
        """Index of each number and day, by its rank in `Analysis.facts`."""
        return {rank: index for index, rank in enumerate(self.fact_ranks.tolist())}

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
    words = _Words(analysis.language)
    frames: list[Frame] = []
    for row, skipped in enumerate(excluded):
        if skipped:
            frames.append(Frame((), ()))
            continue
        tokens, stems = analysis.words[row], analysis.stems[row]
        located = list(_by_token(tokens, _sentence_facts(analysis, row)))
        words.add(row, tokens, stems, located)
        frames.append(_frame(tokens, stems, located, analysis.language))
    ids = np.fromiter(words.columns, np.int64, len(words.columns))
    order = np.argsort(ids)
    new_columns = np.empty_like(order)
    new_columns[order] = np.arange(order.size)
    name_sizes = np.array(words.name_sizes, np.int64)[order]
    facts = list(_numbers_and_days(analysis, excluded))
    return Profile(
        ids=ids[order],
        frequencies=np.array(words.frequencies, np.float64)[order],
        shares=(1 + FURTHER_NAME_WORD * (np.maximum(name_sizes, 1) - 1)) / np.maximum(name_sizes, 1),
        names=name_sizes > 0,
        rows=np.array(words.occurrence_rows, np.int64),
        columns=new_columns[np.array(words.occurrence_columns, np.int64)],
        lengths=np.array(
            [0 if skipped else len(line) for skipped, line in zip(excluded, analysis.words, strict=True)], np.int64
        ),
        fact_ranks=np.array([rank for rank, _ in facts], np.int64),
        fact_rows=np.array([analysis.fact_sentences[rank] for rank, _ in facts], np.int64),
        fact_values=np.array([term_id(f"{fact.kind} {fact.value}") for _, fact in facts], np.int64),
        fact_information=np.array([_information(fact) for _, fact in facts], np.float64),
        frames=tuple(frames),
        boilerplate=frozenset(analysis.wording(row) for row, skipped in enumerate(excluded) if skipped),
    )


# A fact with its rank in `Analysis.facts`.
_RankedFact = tuple[int, Fact]


class _Words:
    """The content words of a document outside numbers and dates, as they are read sentence by sentence."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._is_content = content_test(language)
        self._read: dict[tuple[str, str], int] = {}
        self.columns: dict[int, int] = {}
        """Column of each word, by its id."""
        self.frequencies: list[float] = []
        """General frequency of each column."""
        self.name_sizes: list[int] = []
        """Number of words of the longest name in which the word of each column occurs; 0 if it occurs in none."""
        self.occurrence_rows: list[int] = []
        self.occurrence_columns: list[int] = []

    def add(
        self, row: int, tokens: Sequence[Token], stems: Sequence[str], located: Sequence[_RankedFact | None]
    ) -> None:
        """Add the words of a sentence.

        Args:
            row: Rank of the sentence.
            tokens: Its tokens.
            stems: Their stems.
            located: The fact that each is in.
        """
        for (_, _, form), stem, fact in zip(tokens, stems, located, strict=True):
            kind = fact[1].kind if fact else None
            if kind == "date" or form[0].isdigit() or not self._is_content(form):
                continue
            column = self._read.get((form, stem))
            if column is None:
                column = self._read[form, stem] = self._add_form(form, stem)
            if kind == "name":
                self.name_sizes[column] = max(self.name_sizes[column], located.count(fact))
            self.occurrence_rows.append(row)
            self.occurrence_columns.append(column)

    def _add_form(self, form: str, stem: str) -> int:
        """Return the column of a word, with the frequency of its most frequent form so far."""
        column = self.columns.setdefault(term_id(stem), len(self.columns))
        if column == len(self.frequencies):
            self.frequencies.append(0.0)
            self.name_sizes.append(0)
        self.frequencies[column] = max(self.frequencies[column], word_frequency(form, self._language))
        return column


def _sentence_facts(analysis: Analysis, row: int) -> list[_RankedFact]:
    """Return the numbers, dates and names of a sentence with their ranks."""
    ranks = analysis.facts_in(range(row, row + 1))
    return [(rank, analysis.facts[rank]) for rank in ranks if analysis.facts[rank].kind in FACT_CODES]


def _by_token(tokens: Sequence[Token], facts: Sequence[_RankedFact]) -> Iterator[_RankedFact | None]:
    """Yield for each token the fact that it is in."""
    if not facts:
        yield from repeat(None, len(tokens))
        return
    at = 0
    for start, _, _ in tokens:
        while at < len(facts) and facts[at][1].end <= start:
            at += 1
        yield facts[at] if at < len(facts) and facts[at][1].start <= start else None


@cache
def _weekdays(language: str) -> frozenset[str]:
    """Return the folded names of the weekdays in all their forms, without abbreviations."""
    named = language_data(language).get("dates", {}).get("weekdays", ())
    return frozenset(form for form in map(fold, named) if len(form) >= _WEEKDAY_LETTERS)


def _frame(
    tokens: Sequence[Token], stems: Sequence[str], located: Sequence[_RankedFact | None], language: str
) -> Frame:
    """Return a sentence with its facts masked.

    Args:
        tokens: Its tokens.
        stems: Their stems.
        located: The fact that each is in.
        language: ISO 639-1 code.
    """
    words: list[int] = []
    places: list[int] = []
    weekdays = _weekdays(language)
    for (_, _, form), stem, fact in zip(tokens, stems, located, strict=True):
        if fact is None and form in weekdays:
            words.append(WEEKDAY_CODE)
            places.append(-2 - term_id(form[:_WEEKDAY_LETTERS]))
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
