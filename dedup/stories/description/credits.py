"""Find the sources and outlets that the documents of a story credit, the first document, and the role of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dedup.results import StorySource
from dedup.stories.dates import Period, earliest, is_before, order_by_date
from dedup.stories.description.members import StoryMember
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.description.names import (
    NameGroups,
    OutletNames,
    is_known_medium,
    is_outlet,
    outlet_key,
    same_outlet,
)
from dedup.text.sources.cues import reads_credits


@dataclass(frozen=True)
class StoryCredits:
    """The sources that the documents of a story credit, and the dates and outlets that decide which took over text.

    A document credits a source if it does so in its sentences of the story (or in one that these continue). It credits
    the outlet of another document, or a known medium, also if it does so elsewhere: "first reported by …" and "with
    AFP" are often sentences of their own. Its own outlet is not a source.
    """

    docs: tuple[int, ...]
    """Ranks of the documents."""
    metadata: Mapping[int, DocumentMetadata]
    """Metadata by rank; of other documents too."""
    partners: Mapping[int, frozenset[int]]
    """For each document those with which it shares text."""
    names: tuple[str, ...]
    """The sources."""
    cited: Mapping[int, frozenset[int]]
    """For each document the indexes of the sources that it credits in the story."""
    media: Mapping[int, frozenset[int]]
    """For each document the indexes of the sources that it credits anywhere and that are media or outlets."""
    outlets: Mapping[int, frozenset[str]]
    """For each document the outlets of other documents of the story that it credits, as `outlet_key` gives them."""
    outlet_sources: frozenset[int]
    """Indexes of the sources that are outlets of the documents."""
    unread: frozenset[int]
    """Documents in a language in which credits are not read: what they credit is unknown."""

    def outlet(self, doc: int) -> str | None:
        """Return the outlet of a document."""
        return self.metadata[doc].outlet

    def period(self, doc: int) -> Period | None:
        """Return the period of a document."""
        return self.metadata[doc].period

    def credits_outlet(self, doc: int, other: int) -> bool:
        """Return whether a document credits the outlet of another one."""
        outlet = self.outlet(other)
        return outlet is not None and outlet_key(outlet) in self.outlets[doc]

    def credits_common_source(self, doc: int, other: int) -> bool:
        """Return whether two documents credit the same source."""
        return not (self.cited[doc] | self.media[doc]).isdisjoint(self.cited[other] | self.media[other])

    def takes_over(self, doc: int, other: int) -> bool:
        """Return whether dates or credits decide that a document took over what it shares with another one.

        It does if it is later by its date, or if it credits the outlet of the other one. If a document credits the
        other and is before it, or if only the earlier one credits, nothing is decided.
        """
        credits_other, credited_by_other = self.credits_outlet(doc, other), self.credits_outlet(other, doc)
        if is_before(self.period(other), self.period(doc)):
            return credits_other or not credited_by_other
        return credits_other and not credited_by_other and not is_before(self.period(doc), self.period(other))

    @cached_property
    def first(self) -> int | None:
        """The document whose date is before all others; None if the dates do not decide."""
        return earliest({doc: self.period(doc) for doc in self.docs})

    def roles(self) -> dict[int, str]:
        """Return the role of each document; see `dedup.StoryDocument.role`."""
        roles = {doc: "origin" for doc in self.docs if self._is_credited_origin(doc)}
        if not roles and self.first is not None and not self._may_credit_a_medium(self.first):
            roles[self.first] = "origin"
        credits_of = Counter(source for doc in self.docs for source in self.cited[doc])
        for doc in self.docs:
            if doc not in roles:
                roles[doc] = self._role(doc, credits_of)
        return roles

    def _may_credit_a_medium(self, doc: int) -> bool:
        return doc in self.unread or bool(self.outlets[doc] or self.media[doc])

    def _is_credited_origin(self, doc: int) -> bool:
        """Return whether other documents credit the outlet of a document that credits none of their outlets.

        Of several documents of this outlet it must be the first, and not after the documents that credit it.
        """
        if self.outlets[doc] or not any(
            self.credits_outlet(other, doc) and not is_before(self.period(other), self.period(doc))
            for other in self._crediting.get(self._outlet_key(doc), ())
        ):
            return False
        rivals = self._docs_of_outlet[self._outlet_key(doc)]
        return len(rivals) == 1 or earliest({rival: self.period(rival) for rival in rivals}) == doc

    def _role(self, doc: int, credits_of: Mapping[int, int]) -> str:
        """Return the role of a document that is not an origin.

        Args:
            doc: Rank of the document.
            credits_of: Number of documents that credit each source.
        """
        cited = self.cited[doc]
        is_common = any(credits_of[source] > 1 for source in cited)
        if self.outlets[doc] or is_common or not cited.isdisjoint(self.media[doc]):
            return "credits"
        if cited or self.media[doc] or doc == self.first or doc in self.unread:
            return "unknown"
        if any(self.takes_over(doc, other) for other in self.partners[doc] if not self._same_outlet(doc, other)):
            return "uncredited"
        return "uncredited" if self._lacks_a_source(doc, credits_of) else "unknown"

    def _lacks_a_source(self, doc: int, credits_of: Mapping[int, int]) -> bool:
        """Return whether a document without credits cannot be all the sources that several others credit.

        A single source can be the outlet of the document, if that is not known.
        """
        outlet, period = self.outlet(doc), self.period(doc)
        common = [
            source
            for source, count in credits_of.items()
            if count > 1 and not (outlet and is_outlet(self.names[source], outlet))
        ]
        if len(common) < (1 if outlet else 2):
            return False
        return not any(is_before(period, self.period(other)) for other in self.docs if self.cited[other])

    def _same_outlet(self, left: int, right: int) -> bool:
        return same_outlet(self.outlet(left), self.outlet(right))

    def _outlet_key(self, doc: int) -> str:
        return outlet_key(self.outlet(doc) or "")

    @cached_property
    def _docs_of_outlet(self) -> dict[str, list[int]]:
        """The documents of each outlet."""
        found: dict[str, list[int]] = defaultdict(list)
        for doc in self.docs:
            if self.outlet(doc) is not None:
                found[self._outlet_key(doc)].append(doc)
        return found

    @cached_property
    def _crediting(self) -> dict[str, list[int]]:
        """The documents that credit each outlet."""
        found: dict[str, list[int]] = defaultdict(list)
        for doc in self.docs:
            for key in self.outlets[doc]:
                found[key].append(doc)
        return found

    def sources_of(self, doc: int, cited: Sequence[str]) -> tuple[str, ...] | None:
        """Return the sources of a document as `dedup.StoryDocument.cites`.

        Args:
            doc: Rank of the document.
            cited: The sources that it credits in its sentences of the story.
        """
        elsewhere = (self.names[index] for index in sorted(self._elsewhere(doc)))
        return None if doc in self.unread else (*cited, *elsewhere)

    def _elsewhere(self, doc: int) -> frozenset[int]:
        # Only the outlets of the story are certain to be credited for it.
        return (self.media[doc] & self.outlet_sources) - self.cited[doc]

    def sources(self, order: Sequence[int]) -> tuple[StorySource, ...]:
        """Return the credited sources, those that most documents credit first.

        Args:
            order: The documents in the order in which they are listed.
        """
        names = OutletNames(outlet for doc in order if (outlet := self.outlet(doc)))
        found = []
        for index, name in enumerate(self.names):
            outlet_docs = [doc for outlet in names.find(name) for doc in self._docs_of_outlet[outlet_key(outlet)]]
            docs = [doc for doc in order if index in self.cited[doc] or index in self._elsewhere(doc)]
            if docs:
                found.append(StorySource(name, tuple(docs), tuple(dict.fromkeys(outlet_docs))))
        return tuple(sorted(found, key=lambda source: -len(source.docs)))


def read_credits(
    members: Sequence[StoryMember],
    metadata: Mapping[int, DocumentMetadata],
    pairs: Iterable[tuple[int, int]],
) -> StoryCredits:
    """Read the credits of the documents of a story.

    Args:
        members: The documents.
        metadata: Metadata of these documents, by rank.
        pairs: Pairs of ranks of documents that share text.
    """
    outlets = [outlet for member in members if (outlet := metadata[member.doc].outlet)]
    lookup = OutletNames(outlets)
    groups = NameGroups()
    partners: dict[int, set[int]] = {member.doc: set() for member in members}
    for left, right in pairs:
        partners[left].add(right)
        partners[right].add(left)
    cited: dict[int, frozenset[int]] = {}
    media: dict[int, frozenset[int]] = {}
    credited_outlets: dict[int, frozenset[str]] = {}
    outlet_sources: set[int] = set()
    for member in members:
        own = metadata[member.doc].outlet
        cited[member.doc] = frozenset(groups.add(name) for name in member.cites if not _is_own(name, own))
        found = {name: lookup.find(name) for name in member.credits if not _is_own(name, own)}
        credited_outlets[member.doc] = frozenset(outlet_key(outlet) for names in found.values() for outlet in names)
        outlet_sources.update(groups.add(name) for name, names in found.items() if names)
        media[member.doc] = frozenset(
            groups.add(name) for name, names in found.items() if names or is_known_medium(name)
        )
    return StoryCredits(
        docs=tuple(member.doc for member in members),
        metadata=metadata,
        partners={doc: frozenset(found) for doc, found in partners.items()},
        names=tuple(groups.names),
        cited=cited,
        media=media,
        outlets=credited_outlets,
        outlet_sources=frozenset(outlet_sources),
        unread=frozenset(member.doc for member in members if not reads_credits(member.language)),
    )


def _is_own(source: str, outlet: str | None) -> bool:
    return outlet is not None and is_outlet(source, outlet)


def order_documents(members: Sequence[StoryMember], metadata: Mapping[int, DocumentMetadata]) -> list[int]:
    """Return the documents of a story by date if all have one, else by rank."""
    docs = [member.doc for member in members]
    return order_by_date({doc: metadata[doc].period for doc in docs}) or sorted(docs)


def start_of(docs: Iterable[int], metadata: Mapping[int, DocumentMetadata]) -> tuple[str | None, int]:
    """Return the earliest date of some documents in ISO 8601, and the number of documents without a date."""
    dated: list[tuple[Period, str | None]] = []
    undated = 0
    for doc in docs:
        period = metadata[doc].period
        if period is None:
            undated += 1
        else:
            dated.append((period, metadata[doc].time))
    earliest_date = min(dated, key=lambda item: item[0], default=None)
    return (earliest_date[1] if earliest_date else None), undated
