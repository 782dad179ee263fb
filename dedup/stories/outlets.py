"""Count what outlets take over from each other: stories, which was first, and letters, with credit and without."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple, TypeAlias

from dedup.results import OutletPair
from dedup.stories.dates import Period, is_before
from dedup.stories.description.credits import StoryCredits
from dedup.stories.description.members import StoryMember
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.description.names import outlet_key
from dedup.stories.links import PairLink

Unit: TypeAlias = str | int
"""An outlet, as `outlet_key` gives it; or the rank of a document if there are no outlets."""

# Kinds of links whose sentences share text, the closest first.
KINDS = ("verbatim", "light", "heavy")
# Which side took over the text of a sentence, the most certain first.
TAKEN, UNDECIDED = 0, 1
# What the document credits, for text that it takes over.
CREDITS = ("credited", "common_source", "uncredited", "credit_unknown")
# Text that either side may have taken over: all of it, and the part in documents with credits.
OPEN = ("undecided", "undecided_credited")
# What letters are counted by.
LETTERS = (*KINDS, *CREDITS, *OPEN)


@dataclass(slots=True)
class PairCounts:
    """What is counted for an outlet and the outlet that it takes over from."""

    stories: int = 0
    source_first: int = 0
    outlet_first: int = 0
    delays: list[float] = field(default_factory=list)
    letters: list[int] = field(default_factory=lambda: [0] * len(LETTERS))
    """Letters and digits by index in `LETTERS`."""

    def add(self, other: "PairCounts") -> None:
        """Add the counts of other stories."""
        self.stories += other.stories
        self.source_first += other.source_first
        self.outlet_first += other.outlet_first
        self.delays += other.delays
        self.letters = [one + more for one, more in zip(self.letters, other.letters, strict=True)]


class StoryCounts(NamedTuple):
    """What is counted in a story."""

    names: dict[Unit, str]
    """The outlets as written."""
    without_outlet: list[int]
    """Ranks of the documents without an outlet, where others have one."""
    pairs: dict[tuple[Unit, Unit], PairCounts]
    """The counts of pairs of an outlet and a source."""


@dataclass(frozen=True)
class _UnitDates:
    """The dates of the documents of a unit in a story."""

    first: Period | None
    """The period that ends first; None if no document has a date."""
    start: Period | None
    """The period that starts first; None if a document has no date, since it can be earlier."""


class OutletCounter:
    """Counts for each ordered pair of outlets what the first takes over from the second; see `dedup.OutletPair`."""

    def __init__(self, metadata: Sequence[DocumentMetadata]) -> None:
        """Start without stories.

        Args:
            metadata: Metadata of all documents, by rank.
        """
        self.by_outlet = any(document.outlet is not None for document in metadata)
        """Whether outlets are counted; otherwise documents."""
        self._names: dict[Unit, str] = {}
        self._counts: dict[tuple[Unit, Unit], PairCounts] = defaultdict(PairCounts)
        self._without_outlet: set[int] = set()

    @property
    def without_outlet(self) -> int:
        """Number of documents in stories without an outlet, where others have one."""
        return len(self._without_outlet)

    def add(self, story: StoryCounts) -> None:
        """Add the counts of a story; an outlet is named as in the first story with it."""
        for unit, name in story.names.items():
            self._names.setdefault(unit, name)
        self._without_outlet.update(story.without_outlet)
        for pair, counts in story.pairs.items():
            self._counts[pair].add(counts)

    def pairs(self) -> list[OutletPair]:
        """Return the pairs in descending order of letters taken over, then of undecided letters, then of stories."""
        found = [
            OutletPair(
                outlet=self._names[outlet],
                source=self._names[source],
                stories=counts.stories,
                source_first=counts.source_first,
                outlet_first=counts.outlet_first,
                median_delay=median(counts.delays) if counts.delays else None,
                **dict(zip(LETTERS, counts.letters, strict=True)),
                outlet_doc=outlet if isinstance(outlet, int) else None,
                source_doc=source if isinstance(source, int) else None,
            )
            for (outlet, source), counts in self._counts.items()
        ]
        return sorted(
            found,
            key=lambda pair: (
                *(-pair.taken, -pair.undecided, -pair.stories),
                *(pair.outlet, pair.source, pair.outlet_doc or 0, pair.source_doc or 0),
            ),
        )


def count_story(
    links: Iterable[PairLink],
    members: Sequence[StoryMember],
    credits_: StoryCredits,
    *,
    by_outlet: bool,
) -> StoryCounts:
    """Count a story, in time in proportion to the linked sentences and to the square of the number of outlets.

    Args:
        links: Its links.
        members: Its documents.
        credits_: Their credits and dates.
        by_outlet: Count outlets; otherwise documents.
    """
    names: dict[Unit, str] = {}
    units: dict[int, Unit | None] = {}
    docs_of: dict[Unit, list[int]] = defaultdict(list)
    for member in members:
        document = credits_.metadata[member.doc]
        name = document.outlet if by_outlet else document.name
        units[member.doc] = None
        if name is not None:
            unit = units[member.doc] = outlet_key(name) if by_outlet else member.doc
            names.setdefault(unit, name)
            docs_of[unit].append(member.doc)
    found: dict[tuple[Unit, Unit], PairCounts] = defaultdict(PairCounts)
    linked = _count_letters(found, links, {member.doc: member for member in members}, units, credits_)
    dates = {unit: _unit_dates([credits_.period(doc) for doc in docs]) for unit, docs in docs_of.items()}
    # Documents that are in a story without a link between them have nothing to count.
    pairs = linked if not by_outlet else {(one, other) for one in docs_of for other in docs_of if one != other}
    for outlet, source in pairs:
        counts = found[outlet, source]
        counts.stories += 1
        if is_before(dates[source].first, dates[outlet].start):
            counts.source_first += 1
            counts.delays.extend(_delay(dates[source].first, dates[outlet].start))
        elif is_before(dates[outlet].first, dates[source].start):
            counts.outlet_first += 1
    return StoryCounts(names, [doc for doc, unit in units.items() if unit is None], dict(found))


def _count_letters(
    counts: Mapping[tuple[Unit, Unit], PairCounts],
    links: Iterable[PairLink],
    members: Mapping[int, StoryMember],
    units: Mapping[int, Unit | None],
    credits_: StoryCredits,
) -> set[tuple[Unit, Unit]]:
    """Add the letters of the sentences that are taken over or undecided; return the pairs of linked units."""
    status: dict[tuple[int, int], tuple[int, int] | None] = {}
    # The most certain and closest link of each sentence with each other unit: direction, kind, credit.
    best: dict[tuple[int, int, Unit], tuple[int, int, int]] = {}
    linked: set[tuple[Unit, Unit]] = set()
    for left, right, link in links:
        if link.kind not in KINDS:
            continue
        kind = KINDS.index(link.kind)
        for doc, other, sentences in ((left, right, link.left_sentences), (right, left, link.right_sentences)):
            unit, other_unit = units[doc], units[other]
            if unit is None or other_unit is None or unit == other_unit:
                continue
            linked.add((unit, other_unit))
            if (doc, other) not in status:
                status[doc, other] = _status(credits_, doc, other)
            found = status[doc, other]
            if found is None:
                continue
            for sentence in sentences:
                value = (found[0], kind, found[1])
                key = (doc, sentence, other_unit)
                best[key] = min(value, best.get(key, value))
    sizes = {doc: dict(zip(member.sentences, member.letters, strict=True)) for doc, member in members.items()}
    for (doc, sentence, other_unit), (direction, kind, credit) in best.items():
        unit = units[doc]
        letters = counts[unit, other_unit].letters  # type: ignore[index]  # None is left out above
        size = sizes[doc][sentence]
        is_credited = CREDITS[credit] in ("credited", "common_source")
        for name in (KINDS[kind], CREDITS[credit]) if direction == TAKEN else OPEN[: 1 + is_credited]:
            letters[LETTERS.index(name)] += size
    return linked


def _status(credits_: StoryCredits, doc: int, other: int) -> tuple[int, int] | None:
    """Return whether a document takes over from another, and its credit as an index of `CREDITS`.

    Returns:
        Direction and credit; None if the other document takes over from it.
    """
    if credits_.credits_outlet(doc, other):
        credit = "credited"
    elif credits_.credits_common_source(doc, other):
        credit = "common_source"
    else:
        credit = "credit_unknown" if doc in credits_.unread else "uncredited"
    if credits_.takes_over(doc, other):
        return TAKEN, CREDITS.index(credit)
    return None if credits_.takes_over(other, doc) else (UNDECIDED, CREDITS.index(credit))


def _unit_dates(periods: Sequence[Period | None]) -> _UnitDates:
    dated = [period for period in periods if period is not None]
    return _UnitDates(
        first=min(dated, key=lambda period: (period.end, period.start), default=None),
        start=min(dated) if len(dated) == len(periods) else None,
    )


def _delay(earlier: Period | None, later: Period | None) -> Iterable[float]:
    """Yield the seconds from the start of one period to that of another, if both are equally long."""
    if earlier is None or later is None or _length(earlier) != _length(later):
        return
    yield later.start[0] - earlier.start[0] + float(later.start[1] - earlier.start[1])


def _length(period: Period) -> float:
    """Return the length of a period in seconds."""
    return period.end[0] - period.start[0]
