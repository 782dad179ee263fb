"""Group the facts of a story: those that documents share, those that differ, and those of a single document."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from dedup.alignment.align import MAX_NAMED_WORDS
from dedup.alignment.document_frequency import RARE, CorpusStatistics
from dedup.alignment.shared_facts import specificity
from dedup.stories.description.members import StoryMember
from dedup.stories.links import PairLink
from dedup.text.analysis import sentence_at
from dedup.text.facts.dates.find import same_date
from dedup.text.facts.extract import label, prefix_words, quotation_words, same_fact
from dedup.text.facts.names.spelling import reference_keys
from dedup.text.features import term_id
from dedup.text.spans import Fact
from dedup.text.tokens import token_forms

# Maximum share of the documents of the corpus with a word that is named as shared.
MAX_NAMED_WORD_SHARE = 0.8


@dataclass
class FactClass:
    """Facts of a story that are the same, in all their spellings."""

    facts: list[Fact]
    """The fact in each of its spellings."""
    docs: dict[int, None] = field(default_factory=dict)
    """Ranks of the documents that state it, in their order."""

    @property
    def name(self) -> str:
        """The fact as displayed, with other spellings after "≈"."""
        return " ≈ ".join(map(label, self.facts))

    @property
    def weight(self) -> float:
        """The weight of the fact as evidence, from 0 to 1."""
        return specificity(self.facts[0])


def fact_classes(members: Sequence[StoryMember]) -> list[FactClass]:
    """Group the facts of a story that are the same.

    Args:
        members: The documents of the story.

    Returns:
        The groups in the order of their first facts. A fact belongs to the first group that has a spelling of it.
    """
    stated = [(fact, member) for member in members for fact in member.facts]
    class_of_date = _date_classes([fact for fact, _ in stated if fact.kind == "date"])
    classes: list[FactClass] = []
    by_key: dict[object, list[int]] = {}
    for fact, member in stated:
        # Facts that are the same share a key, so that each is compared with few others.
        keys = class_of_date[fact.value] if fact.kind == "date" else _class_keys(fact)
        candidates = sorted({index for key in keys for index in by_key.get((fact.kind, key), ())})
        language = member.language
        found = next(
            (
                index
                for index in candidates
                if fact.kind == "date" or any(same_fact(fact, old, language) for old in classes[index].facts)
            ),
            None,
        )
        if found is None:
            found = len(classes)
            classes.append(FactClass([]))
        matching = classes[found]
        matching.docs[member.doc] = None
        if all(label(fact).casefold() != label(other).casefold() for other in matching.facts):
            matching.facts.append(fact)
            for key in keys:
                indexes = by_key.setdefault((fact.kind, key), [])
                if found not in indexes[-1:]:
                    indexes.append(found)
    return classes


class StatedWords:
    """Finds the words of a fact in the passages of the other documents of a story.

    A fact is read in one text and not in another with the same words, if its noun or its name differs there. Then it
    is not certain that only one document states it.
    """

    def __init__(self, members: Sequence[StoryMember]) -> None:
        """Index the words of the passages.

        Args:
            members: The documents of the story.
        """
        self._members = {member.doc: member for member in members}
        self._texts: dict[int, str] = {}
        self._docs_of: dict[str, set[int]] = defaultdict(set)
        for member in members:
            words = token_forms(" ".join(member.texts))
            self._texts[member.doc] = f" {' '.join(words)} "
            for word in words:
                self._docs_of[word].add(member.doc)

    def are_elsewhere(self, doc: int, fact: Fact) -> bool:
        """Return whether another document has the words of a fact of a document one after the other."""
        member = self._members[doc]
        rank = sentence_at(member.spans, fact.start)
        offset = member.spans[rank].start
        words = token_forms(member.texts[rank][fact.start - offset : fact.end - offset])
        if not words:
            return False
        rarest = min((self._docs_of[word] for word in words), key=len)
        return any(f" {' '.join(words)} " in self._texts[other] for other in rarest if other != doc)


def _class_keys(fact: Fact) -> Iterable[str]:
    """Return lookup keys; two facts of a kind that are the same have at least one key in common."""
    if fact.kind == "name":
        return reference_keys(fact.value)
    if fact.kind == "number":
        return (fact.value,)
    return prefix_words(sorted(quotation_words(fact.value)))


def _date_classes(dates: Iterable[Fact]) -> dict[str, frozenset[str]]:
    """Group the dates of a story: all dates of a class are the same as each other.

    A date with few parts, such as "2 April", joins the dates that have more if these are the same as each other; if it
    fits several dates that differ, such as those of two years, it has a class of its own.

    Args:
        dates: Facts of the kind "date".

    Returns:
        For each value the values of its class.

    >>> values = ["1991-04-02", "--04-02", "1992-04-02", "2024-06", "--06"]
    >>> classes = _date_classes(Fact("date", 0, 1, value) for value in values)
    >>> sorted(map(sorted, {*classes.values()}))
    [['--04-02'], ['--06', '2024-06'], ['1991-04-02'], ['1992-04-02']]
    """
    distinct_dates = {fact.value: fact for fact in dates}
    classes: list[list[Fact]] = []
    # Figures of a value: the more it has, the more precise it is.
    for fact in sorted(distinct_dates.values(), key=lambda fact: (-sum(map(str.isdigit, fact.value)), fact.value)):
        fitting = [found for found in classes if all(same_date(fact, other) for other in found)]
        joined = [
            found
            for found in fitting
            if all(same_date(one, other) for rest in fitting for one in found for other in rest)
        ]
        if joined:
            joined[-1].append(fact)
        else:
            classes.append([fact])
    return {fact.value: frozenset(other.value for other in found) for found in classes for fact in found}


def common_words(members: Sequence[StoryMember], statistics: CorpusStatistics) -> list[str]:
    """Find the words outside facts that are shared by the greatest number of documents of a story.

    Args:
        members: The documents of the story.
        statistics: Document frequencies of the corpus; words of nearly all its documents are not named.

    Returns:
        Words as written in the first document, at most MAX_NAMED_WORDS.
    """
    docs: dict[str, set[int]] = defaultdict(set)
    occurrences: Counter[str] = Counter()
    written: dict[str, str] = {}
    for member in members:
        for word, stem in _outside_facts(member):
            docs[stem].add(member.doc)
            occurrences[stem] += 1
            written.setdefault(stem, word.lower())
    shared = [stem for stem in docs if len(docs[stem]) > 1]
    frequent = _frequent(shared, {stem: len(docs[stem]) for stem in shared}, statistics)
    shared = sorted(
        (stem for stem in shared if stem not in frequent), key=lambda stem: (-len(docs[stem]), -occurrences[stem])
    )
    most = max((len(docs[stem]) for stem in shared), default=0)
    return [written[stem] for stem in shared if len(docs[stem]) == most][:MAX_NAMED_WORDS]


def _outside_facts(member: StoryMember) -> Iterator[tuple[str, str]]:
    """Yield the content words of a document that are in no fact but a quotation, as written, with their stems."""
    facts = iter(sorted((fact.start, fact.end) for fact in member.facts if fact.kind != "quotation"))
    start, end = next(facts, (0, 0))
    for text, span, words in zip(member.texts, member.spans, member.words, strict=True):
        for word_start, word_end, stem in words:
            while end and word_start >= end:  # these facts do not overlap
                start, end = next(facts, (0, 0))
            if not start <= word_start < end:
                yield text[word_start - span.start : word_end - span.start], stem


def _frequent(stems: Sequence[str], docs: dict[str, int], statistics: CorpusStatistics) -> set[str]:
    """Return the stems that more than `MAX_NAMED_WORD_SHARE` of the documents of the corpus have.

    Args:
        stems: Stems.
        docs: Number of documents of the story that have each of them.
        statistics: Document frequencies of the corpus.
    """
    if statistics.documents <= RARE:  # the statistics have no frequencies up to this number
        return {stem for stem in stems if docs[stem] > MAX_NAMED_WORD_SHARE * statistics.documents}
    frequencies = statistics.frequencies_of(np.array([term_id(stem) for stem in stems], np.int64)).tolist()
    most = MAX_NAMED_WORD_SHARE * statistics.documents
    return {stem for stem, frequency in zip(stems, frequencies, strict=True) if frequency > most}


def changed_values(links: Iterable[PairLink]) -> dict[int, dict[tuple[str, str], None]]:
    """Return for each document the values and nouns of the numbers for which another document has another value.

    Args:
        links: The links of a story.
    """
    found: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    for left, right, link in links:
        for conflict in link.conflicting:
            found[left][conflict.left, conflict.noun] = None
            found[right][conflict.right, conflict.noun] = None
    return found
