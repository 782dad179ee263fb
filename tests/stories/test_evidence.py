"""Evidence that two documents report the same: against a slow reference, and properties of all documents."""

from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment.document_frequency import EMPTY_CORPUS, CorpusStatistics
from dedup.alignment.shared_facts import find_shared_facts
from dedup.stories.evidence import measure as module
from dedup.stories.evidence.frames import SlotCounts
from dedup.stories.evidence.measure import Evidence, EvidenceMeasure, EvidenceScale, EvidenceSide
from dedup.stories.evidence.profile import Profile, make_profile
from dedup.text.analysis import analyse
from dedup.text.features import term_id

SENTENCES = [
    "NHK counted 25,000 workers in Alabuga on 8 October 2024.",
    "The workers of Alabuga build drones, Ana Sol said.",
    "The International Atomic Energy Agency inspected 3 reactors.",
    "Inspectors of the IAEA came on 8 October.",
    "Ana Sol Verde resigned after 14 cracks were found in the northern pillar.",
    "Sign up for our newsletter.",
    "The bridge was closed on Tuesday.",
    "In Alabuga 25 thousand people work.",
    "Nobody knows why.",
    "Norvik Steel reported a loss.",
    "They melt steel in the old works.",
    "Farmers counted 120 sheep and 12 sheep near Ennis.",
]
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(" ".join)


def side_of(text: str, corpus: CorpusStatistics = EMPTY_CORPUS) -> EvidenceSide:
    analysis = analyse(text, "en")
    profile = make_profile(analysis)
    no_templates = np.zeros(profile.lengths.size, np.bool_)
    return EvidenceSide(analysis, profile, corpus.other_documents(profile.ids), no_templates)


def no_slots(sides: Sequence[EvidenceSide], differing: int = 0) -> SlotCounts:
    left, right = (np.zeros(side.profile.lengths.size, np.bool_) for side in sides)
    return SlotCounts(0, differing, (left, right))


def whole(sides: Sequence[EvidenceSide]) -> tuple[range, range]:
    left, right = (range(side.profile.lengths.size) for side in sides)
    return left, right


def shared_facts(left: EvidenceSide, right: EvidenceSide) -> tuple[tuple[int, int], ...]:
    return find_shared_facts(left.analysis, right.analysis, EMPTY_CORPUS).pairs


def evidence(one: str, other: str, statistics: CorpusStatistics = EMPTY_CORPUS, differing: int = 0) -> Evidence:
    sides = side_of(one, statistics), side_of(other, statistics)
    found = EvidenceMeasure(sides, shared_facts(*sides), EvidenceScale(statistics.documents))
    return found.measure(whole(sides), no_slots(sides, differing))


@st.composite
def corpora(draw: st.DrawFn) -> CorpusStatistics:
    """Document frequencies in which some words of the sentences are frequent."""
    terms = {term for text in SENTENCES for term in side_of(text).profile.ids.tolist()}
    chosen = sorted(draw(st.sets(st.sampled_from(sorted(terms)), max_size=9)))
    documents = draw(st.integers(10, 500))
    counts = draw(st.lists(st.integers(3, documents), min_size=len(chosen), max_size=len(chosen)))
    return CorpusStatistics(np.array(chosen, np.int64), np.array(counts, np.int64), documents)


class SlowSide:
    """The words and numbers of a stretch of a document, by id."""

    def __init__(self, side: EvidenceSide, stretch: range, templates: Sequence[bool], length: int, corpus: object):
        self.profile, self.corpus, self.length = side.profile, corpus, length
        profile = side.profile
        self.words: dict[int, tuple[float, float, bool]] = {}
        """Information, share and whether it is in a name."""
        self.live: set[int] = set()
        for row, column in zip(profile.rows.tolist(), profile.columns.tolist(), strict=True):
            if row in stretch:
                name = bool(profile.names[column])
                word = int(profile.ids[column])
                self.words[word] = self.information(column), float(profile.shares[column]), name
                if not templates[row]:
                    self.live.add(word)
        self.numbers = {
            value: information
            for row, value, information in zip(
                profile.fact_rows.tolist(),
                profile.fact_values.tolist(),
                profile.fact_information.tolist(),
                strict=True,
            )
            if row in stretch
        }

    def information(self, column: int) -> float:
        assert isinstance(self.corpus, CorpusStatistics)
        known = dict(zip(self.corpus.terms.tolist(), self.corpus.frequencies.tolist(), strict=True))
        found = max(known.get(int(self.profile.ids[column]), 2) - 2, 0)
        frequency = min(float(self.profile.frequencies[column]), module.MAX_FREQUENCY)
        expected = 1 - (1 - frequency) ** max(self.length, 1)
        others = max(self.corpus.documents - 2, 0) + module.PRIOR_DOCUMENTS
        return min(-log((found + module.PRIOR_DOCUMENTS * expected) / others), module.MAX_INFORMATION)

    def possible(self) -> float:
        words = sum(
            information * share * (module.NAME_WEIGHT if name else 1)
            for information, share, name in self.words.values()
        )
        return words + module.NUMBER_WEIGHT * sum(self.numbers.values())


def slow_spellings(
    sides: Sequence[EvidenceSide], stretches: Sequence[range], slow: Sequence[SlowSide], pairs: Sequence[Sequence[int]]
) -> float:
    """Information of the names that are the same without a common word."""
    names: dict[tuple[str, ...], float] = {}
    for pair in pairs:
        facts = [side.analysis.facts[rank] for side, rank in zip(sides, pair, strict=True)]
        rows = [side.analysis.fact_sentences[rank] for side, rank in zip(sides, pair, strict=True)]
        if facts[0].kind != "name" or any(row not in stretch for row, stretch in zip(rows, stretches, strict=True)):
            continue
        columns = []
        for side, fact, row in zip(sides, facts, rows, strict=True):
            words = zip(side.analysis.words[row], side.analysis.stems[row], strict=True)
            ids = {term_id(stem) for token, stem in words if fact.start <= token.start < fact.end}
            columns.append({column for column, word in enumerate(side.profile.ids.tolist()) if word in ids})
        ids = [{int(side.profile.ids[at]) for at in part} for side, part in zip(sides, columns, strict=True)]
        if all(ids) and not ids[0] & ids[1]:
            best = (max(map(side.information, part)) for side, part in zip(slow, columns, strict=True))
            names[facts[0].value, facts[1].value] = min(best)
    return sum(names.values())


def slow_numbers(sides: Sequence[EvidenceSide], stretches: Sequence[range], pairs: Sequence[Sequence[int]]) -> float:
    """Information of the shared numbers and days: each value once, of the side that says less with them."""
    found: tuple[dict[int, float], dict[int, float]] = {}, {}
    for pair in pairs:
        places = []
        for side, rank, stretch in zip(sides, pair, stretches, strict=True):
            ranks = side.profile.fact_ranks.tolist()
            if rank in ranks and side.profile.fact_rows[ranks.index(rank)] in stretch:
                places.append(ranks.index(rank))
        if len(places) == 2:
            least = min(float(side.profile.fact_information[at]) for side, at in zip(sides, places, strict=True))
            for values, side, at in zip(found, sides, places, strict=True):
                values[int(side.profile.fact_values[at])] = least
    return min(sum(values.values()) for values in found)


@given(TEXTS, TEXTS, corpora(), st.data())
def test_measure_matches_reference(one: str, other: str, corpus: CorpusStatistics, data: st.DataObject) -> None:
    sides = side_of(one, corpus), side_of(other, corpus)
    stretches = []
    masks = []
    for side in sides:
        count = side.profile.lengths.size
        first, last = sorted((data.draw(st.integers(0, count)), data.draw(st.integers(0, count))))
        stretches.append(range(first, last))
        masks.append(np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), np.bool_))
    pairs = shared_facts(*sides)
    slots = SlotCounts(0, 1, (masks[0], masks[1]))
    found = EvidenceMeasure(sides, pairs, EvidenceScale(corpus.documents)).measure((stretches[0], stretches[1]), slots)
    length = max(
        int(sum(side.profile.lengths[row] for row in part)) for side, part in zip(sides, stretches, strict=True)
    )
    left, right = (
        SlowSide(side, part, mask.tolist(), length, corpus)
        for side, part, mask in zip(sides, stretches, masks, strict=True)
    )
    words = names = 0.0
    for word in left.words.keys() & right.words.keys():
        least = min(left.words[word][0], right.words[word][0]) * min(left.words[word][1], right.words[word][1])
        if left.words[word][2] or right.words[word][2]:
            names += least
        elif word in left.live & right.live:
            words += least
    assert found.words == pytest.approx(words)
    assert found.names == pytest.approx(names + slow_spellings(sides, stretches, (left, right), pairs))
    assert found.numbers == pytest.approx(slow_numbers(sides, stretches, pairs))
    assert found.possible == pytest.approx(min(left.possible(), right.possible()))
    keys = {
        word
        for word in left.words.keys() & right.words.keys()
        if min(left.words[word][0], right.words[word][0]) >= module.KEY_INFORMATION
    }
    assert {key for key in found.keys if key in left.words} == keys


@given(TEXTS, TEXTS, corpora())
def test_order_of_the_documents_does_not_matter(one: str, other: str, corpus: CorpusStatistics) -> None:
    found, swapped = evidence(one, other, corpus), evidence(other, one, corpus)
    for name in ("words", "names", "numbers", "possible", "probability"):
        assert getattr(found, name) == pytest.approx(getattr(swapped, name)), name
    assert found.keys == swapped.keys


@given(TEXTS, TEXTS, st.integers(0, 9))
def test_probability_is_one(one: str, other: str, differing: int) -> None:
    assert 0 < evidence(one, other, differing=differing).probability < 1


def found_twice(found: Evidence) -> float:
    """Share that names add that a document has in two spellings ("IAEA"), both ways, besides their words."""
    return 2 * module.NAME_WEIGHT * module.MAX_INFORMATION / max(found.possible, 1.0)


@given(TEXTS, corpora())
def test_document_covers_itself(text: str, corpus: CorpusStatistics) -> None:
    found = evidence(text, text, corpus)
    assert found.coverage <= 1 + found_twice(found) + 1e-9
    if found.possible >= 1:
        assert found.coverage >= 1 - 1e-9


@given(TEXTS, TEXTS)
def test_coverage_is_a_share(one: str, other: str) -> None:
    """A word that is in a name on one side only counts as a name where it is shared: up to a quarter more."""
    found = evidence(one, other)
    assert 0 <= found.coverage <= module.NAME_WEIGHT + found_twice(found) + 1e-9


@given(TEXTS, TEXTS, st.integers(0, len(SENTENCES) - 1))
def test_more_shared_text_is_not_less_evidence(one: str, other: str, rank: int) -> None:
    """A sentence is added that both share, while the length by which words occur by chance stays the same."""
    sides = side_of(f"{one} {SENTENCES[rank]}"), side_of(f"{other} {SENTENCES[rank]}")
    less = tuple(range(side_of(text).profile.lengths.size) for text in (one, other))
    found = EvidenceMeasure(sides, shared_facts(*sides), EvidenceScale(0))
    more = found.measure(whole(sides), no_slots(sides))
    before = found.measure((less[0], less[1]), no_slots(sides))
    assert more.keys >= before.keys or more.amount > 0
    assert more.numbers >= before.numbers - 1e-9
    longest = max(side.length(stretch) for side, stretch in zip(sides, whole(sides), strict=True))
    # Words are less surprising in longer texts: by at most the logarithm of the ratio of the lengths, each.
    shortest = max(1, max(side.length(stretch) for side, stretch in zip(sides, less, strict=True)))
    loss = log(max(longest / shortest, 1)) * (sides[0].profile.ids.size) * module.NAME_WEIGHT
    assert more.amount >= before.amount - loss - 1e-9


@given(st.floats(0, 500), st.floats(0, 500), st.floats(1, 500), st.integers(0, 9))
def test_probability_rises_with_what_is_shared(amount: float, more: float, possible: float, differing: int) -> None:
    found = Evidence(amount, 0, 0, possible, differing, frozenset())
    assert replace(found, words=amount + more).probability >= found.probability
    assert replace(found, differing=differing + 1).probability <= found.probability


def test_words_of_templates_do_not_count() -> None:
    sides = side_of("The bridge was closed on Tuesday."), side_of("The bridge was closed on Tuesday.")
    measure = EvidenceMeasure(sides, (), EvidenceScale(0))
    assert measure.measure(whole(sides), no_slots(sides)).words > 5
    masked = SlotCounts(0, 2, (np.ones(1, np.bool_), np.zeros(1, np.bool_)))
    assert measure.measure(whole(sides), masked).words == 0


def test_names_in_other_spellings_count() -> None:
    found = evidence("The IAEA came.", "The International Atomic Energy Agency left.")
    assert found.names > 3


def test_frequent_words_say_little() -> None:
    """A word is frequent in the language, or in the corpus."""
    word = int(side_of("Zebras!").profile.ids[0])
    rare, language = evidence("Zebras!", "Zebras!"), evidence("People!", "People!")
    frequent = CorpusStatistics(np.array([word]), np.array([90]), 100)
    assert rare.words > 2 * evidence("Zebras!", "Zebras!", frequent).words > 0
    assert rare.words > language.words


def words_of(profile: Profile) -> set[int]:
    return set(profile.ids.tolist())


def test_profile_leaves_out_boilerplate_and_function_words() -> None:
    side = side_of("The bridge was closed. Sign up for our newsletter.")
    assert words_of(side.profile) == words_of(side_of("Bridge closed!").profile)
    assert side.profile.lengths.tolist() == [4, 0]
    assert side.profile.boilerplate == {int(side.analysis.terms.wordings[1])}
    assert not side.profile.frames[1].words


def test_words_of_long_names_count_less() -> None:
    profile = side_of("The mayor was Ana Verde Blanco.").profile
    shares = profile.shares[profile.names]
    assert shares.tolist() == [0.5, 0.5, 0.5]  # (1 + 2 / 4) / 3
    assert (profile.shares[~profile.names] == 1).all()


@pytest.mark.parametrize(("number", "nats"), [("7", 2.5), ("27", 4.5), ("120", 5.2), ("1,234,567", 7.0), ("50", 3.2)])
def test_information_of_numbers(number: str, nats: float) -> None:
    profile = side_of(f"They counted {number} sheep.").profile
    assert profile.fact_information.tolist() == pytest.approx([nats])


def test_beginning_ends_after_200_words() -> None:
    profile = side_of(" ".join(["We saw nine words in this short sentence here."] * 40)).profile
    assert profile.lengths[0] == 9
    assert profile.lead == range(23)  # 22 sentences have 198 words
    assert side_of("We left.").profile.lead == range(1)
