"""Results of `scan`, `clean` and `align`: the record of the run, groups and stories."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.contained import SearchedItems
from dedup.runtime.storage.paths import AnyPath, parse_path
from dedup.runtime.views.display import Displayed
from dedup.runtime.views.frames import Tabular
from dedup.runtime.workspace import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.alignment.conflicts import Conflict

# The record of a run: the same for every command.

RUN_SCHEMAS = {"scan": 2, "clean": 2, "align": 4, "tune": 1}
"""Version of the tables and of the record of a run, by command."""


@dataclass(frozen=True)
class RemovalCounts:
    """Numbers of removed units of one kind, and the length of their text."""

    exact: int = 0
    """Units with the same characters as the kept unit."""
    near: int = 0
    """Other units at or above the threshold."""
    emptied: int = 0
    """Documents in which no token is left."""
    characters: int = 0
    """Code points removed."""
    contained: int = 0
    """Units that contain a document of the reference, or a part of one."""

    @property
    def units(self) -> int:
        """Number of all removed units."""
        return self.exact + self.near + self.emptied + self.contained


@dataclass(frozen=True)
class IndexVersion:
    """A version of an index."""

    path: str
    """The index as the user named it."""
    version: int
    """Number of commits, this one included."""
    segments: int
    """Number of segments: one for each addition since they were last merged."""


@dataclass(frozen=True, repr=False)
class Run(Displayed):
    """Settings, counts and notes of a run; the content of ``run.json``."""

    command: str
    """"scan", "clean", "align" or "tune"."""
    settings: dict[str, Any]
    """Options that determine the result, by name."""
    fingerprint: str
    """Hash of the settings; equal for equal settings."""
    versions: dict[str, str]
    """Version of each package that the result depends on, and of the rules for tokens (``token_rules``), by name."""
    counts: dict[str, int]
    """Numbers of documents, paragraphs, pairs and inputs, by name."""
    removed: dict[str, RemovalCounts]
    """By kind: "documents", "paragraphs within" and "paragraphs across"; empty for "align"."""
    seconds: dict[str, float]
    """Duration of each step, by name."""
    expected_recall: float | None
    """Probability that a pair exactly at the threshold is found; None for "align"."""
    columns: dict[str, str | None]
    """Column of the input used as "text", "id", "date", "outlet", "title", "url" and "author"; None for none."""
    encodings: dict[str, int]
    """Number of inputs read in each guessed encoding."""
    notes: tuple[str, ...] = ()
    """Remarks on the input."""
    differing: dict[str, int] = field(default_factory=dict)
    """Number of removed documents whose value in another column is not that of the kept document, by column."""
    skipped: tuple[dict[str, Any], ...] = ()
    """Inputs and rows that were not read: ``path``, ``row``, ``line`` and ``reason`` of each."""
    references: tuple[str, ...] = ()
    """The references that the documents were compared with, as named with ``--against``."""
    index: IndexVersion | None = None
    """The version of the index that the documents are in; None if they were not added to an index."""
    contained: SearchedItems | None = None
    """What was found of the reference inside documents; None without ``--contained``."""

    @property
    def removed_documents(self) -> int:
        """Number of documents removed; 0 for "align"."""
        return self.removed.get("documents", RemovalCounts()).units

    @property
    def removed_paragraphs(self) -> int:
        """Number of paragraphs removed from other documents; 0 for "align"."""
        return sum(counts.units for kind, counts in self.removed.items() if kind != "documents")

    @property
    def has_duplicates(self) -> bool:
        """Whether anything was removed."""
        return any(counts.units for counts in self.removed.values())

    def _summary(self) -> dict[str, object]:
        return {"command": self.command, **self.sizes()}

    def sizes(self) -> dict[str, object]:
        """Return the numbers of documents and, except for "align", of removed documents and paragraphs."""
        documents = self.counts["documents"]
        if not self.removed:
            return {"documents": documents}
        removed = {"removed_documents": self.removed_documents, "removed_paragraphs": self.removed_paragraphs}
        return {"documents": documents, **removed}

    def to_dict(self) -> dict[str, Any]:
        """Return the run as plain values for JSON."""
        return {"dedup": self.versions["dedup-text"], "schema": RUN_SCHEMAS[self.command], **asdict(self)}


# Results of `scan`.


@dataclass(frozen=True)
class UnitLocation:
    """Document and span of a unit."""

    id: str | None
    """Id of the document."""
    doc: int | None
    """Rank of the document; None for a document of a reference."""
    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""


@dataclass(frozen=True)
class GroupMember:
    """A removed unit of a group of duplicates."""

    place: UnitLocation
    """Location of the removed unit."""
    reason: str
    """"exact", "near" or "contained"."""
    jaccard: float | None
    """Similarity to the kept unit, in [threshold, 1]; None for "contained"."""
    kept_containment: float | None = None
    """Share of the runs of the kept unit that was found; None except for "contained"."""

    @property
    def similarity(self) -> float | None:
        """Jaccard, or the share that was found."""
        return self.jaccard if self.reason != "contained" else self.kept_containment


@dataclass(frozen=True)
class ScanGroup:
    """A kept unit and the units removed as its duplicates."""

    unit: str
    """"document" or "paragraph"."""
    kept: UnitLocation
    """Location of the kept unit."""
    members: tuple[GroupMember, ...]
    """Removed units; at most a few, see ``size``."""
    size: int
    """Number of removed units."""
    excerpt: str
    """Beginning of the kept unit."""


@dataclass(frozen=True, repr=False)
class Scan(Displayed, Tabular):
    """Duplicates in a corpus."""

    run: Run
    """Settings, counts and notes of the run."""
    default: RemovalCounts
    """Units that `clean` removes with these options, but ``paragraphs="within"`` instead of "all"; with ``contained``
    the same as `everything`."""
    everything: RemovalCounts
    """Units that `clean` removes with these options."""
    groups: tuple[ScanGroup, ...] = field(default=())
    """The largest groups of duplicates, largest first."""
    group_count: int = 0
    """Number of groups in the corpus."""
    near_within: int = 0
    """Paragraphs that resemble another of their document, which `clean` removes only with ``near_within=True``."""

    def to_arrow(self) -> "pa.Table":
        """Return the members of the groups as an Arrow table, with the kept unit of each; see `groups`."""
        import pyarrow as pa

        text, number = pa.string(), pa.int64()
        place = {"doc": number, "id": text, "start": number, "end": number}
        kinds = {"group": number, "unit": text, **place, **{f"kept_{name}": kind for name, kind in place.items()}}
        rows = [
            {
                "group": rank,
                "unit": group.unit,
                **{name: getattr(member.place, name) for name in place},
                **{f"kept_{name}": getattr(group.kept, name) for name in place},
                "reason": member.reason,
                "jaccard": member.jaccard,
                "kept_containment": member.kept_containment,
            }
            for rank, group in enumerate(self.groups, 1)
            for member in group.members
        ]
        return pa.Table.from_pylist(
            rows, pa.schema({**kinds, "reason": text, **dict.fromkeys(("jaccard", "kept_containment"), pa.float64())})
        )

    def _summary(self) -> dict[str, object]:
        return {**self.run.sizes(), "groups": self.group_count}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON."""
        return {**asdict(self), "run": self.run.to_dict()}


# Results of `align`.

# Code points of a headline in the description of a story.
MAX_HEADLINE = 60


@dataclass(frozen=True)
class StoryDocument:
    """A document of a story."""

    doc: int
    """Rank of the document."""
    id: str | None
    """Id of the document."""
    path: str
    """Path of its input."""
    row: int | None
    """Row in the file; None if the document is a whole file."""
    outlet: str | None
    """Value of the outlet column or folder."""
    date: str | None
    """Value of the date column."""
    stretches: tuple[tuple[int, int], ...]
    """Spans of the original that belong to the story: half-open, in code points."""
    cites: tuple[str, ...] | None
    """Sources credited in these spans; then the outlets of other documents of the story that are credited elsewhere.
    None if credits are not read in the language of the document."""
    facts: tuple[str, ...]
    """Facts in these spans that another document of the story states in its spans too."""
    title: str | None = None
    """Value of the title column."""
    url: str | None = None
    """Value of the URL column."""
    author: str | None = None
    """Value of the author column; several are joined by "; "."""
    opening: str = ""
    """First words of the text, which name the document where it has no title."""
    time: str | None = None
    """The date in ISO 8601, as precise as it is stated: "2024-10", "2024-10-08", "2024-10-08T14:03"; if a time zone is
    stated, in UTC with a "Z". None if there is no date, or if it is not understood."""
    role: str = "unknown"
    """What the document is to the others of the story, by the evidence in the story:

    * "origin": another document credits its outlet, while it credits no outlet of the others; or its date is before all
      others, and it credits no outlet of the others and no known medium.
    * "credits": it is not an origin, and it credits the outlet of another document, a known medium, or a source that
      another document credits too.
    * "uncredited": it credits no source, although others have its text: its date is after that of a document with
      which it shares text, or others credit sources of which at least one is not the document itself, and it is before
      no document that credits one.
    * "unknown": the evidence does not decide, or credits are not read in its language.
    """
    changed: tuple[str, ...] = ()
    """Numbers in these spans for which another document has another value in the same role."""
    only: tuple[str, ...] = ()
    """Other facts in these spans, which no other document of the story states in its spans."""


@dataclass(frozen=True)
class StoryLink:
    """Aligned sentences of two documents of a story."""

    left_doc: int
    """Rank of the left document."""
    left_start: int
    """Offset of the first code point in it."""
    left_end: int
    """Offset after the last code point in it."""
    left_text: str
    """The sentences of the left document."""
    right_doc: int
    """Rank of the right document."""
    right_start: int
    """Offset of the first code point in it."""
    right_end: int
    """Offset after the last code point in it."""
    right_text: str
    """The sentences of the right document."""
    score: float
    """Score in [0, 1]: about the share of links with this score that are right, in texts with known links."""
    kind: str
    """"verbatim", "light", "heavy" or "related"."""
    shared: tuple[str, ...]
    """Facts and rare words of both sides."""
    conflicting: tuple["Conflict", ...]
    """Numbers that differ in the same role."""


@dataclass(frozen=True)
class StorySource:
    """A source that documents of a story credit."""

    name: str
    """Its name or description, in the first spelling."""
    docs: tuple[int, ...]
    """Ranks of the documents that credit it, in the order of the documents of the story."""
    outlet_docs: tuple[int, ...] = ()
    """Ranks of the documents of the story whose outlet it is."""


@dataclass(frozen=True, repr=False)
class Story(Displayed):
    """Documents that report the same event or statement."""

    number: int
    """Number in the tables, from 1."""
    documents: tuple[StoryDocument, ...]
    """In order of date if every document has one, else of rank."""
    facts: tuple[str, ...]
    """Facts of at least two documents, those that most documents state first."""
    conflicting: tuple["Conflict", ...]
    """Numbers that differ in the same role."""
    links: tuple[StoryLink, ...]
    """In order of left document, right document and offset; at most a few per pair of documents."""
    link_count: int
    """Number of links of the story."""
    first: int | None
    """Rank of the document whose date is before all others, in UTC; None if the dates do not decide."""
    headline: str = ""
    """The title nearest to all documents, or the sentence nearest to them where no title shares words with them."""
    started: str | None = None
    """Earliest date of its documents, in the form of `StoryDocument.time`; None if none has a date."""
    undated: int = 0
    """Number of documents without a date; any of them may be earlier than `started`."""
    sources: tuple[StorySource, ...] = ()
    """Sources that its documents credit, those that most documents credit first."""
    evidence: float = 0.0
    """The rank key of stories: the sum of the weights of the facts that several documents state, each counted
    for each of these documents; a number of many digits or a quotation weighs 1, a name or a date less."""

    @property
    def outlets(self) -> tuple[str, ...]:
        """Outlets of its documents, without repetition, in the order of the documents."""
        return tuple(dict.fromkeys(item.outlet for item in self.documents if item.outlet is not None))

    def _summary(self) -> dict[str, object]:
        sizes = {"documents": len(self.documents), "outlets": len(self.outlets), "links": self.link_count}
        headline = self.headline if len(self.headline) <= MAX_HEADLINE else f"{self.headline[: MAX_HEADLINE - 1]}…"
        return {"number": self.number, "headline": headline, **sizes}


@dataclass(frozen=True)
class OutletPair:
    """What one outlet took over from another in the stories that both reported.

    Letters are those of the documents of `outlet`, in sentences that are linked to documents of `source` in a story. A
    sentence counts once in a story, with the closest of its links. It is taken over if the document of `outlet` is
    later by its date, or credits `source`; it is undecided if the dates are equal, vague or missing and no credit
    decides, or if a credit contradicts the dates. See `docs/stories.md`.
    """

    outlet: str
    """The outlet that takes over; if there are no outlets, the id or path of the document."""
    source: str
    """The outlet that it takes over from; or the id or path of a document."""
    stories: int
    """Number of stories with documents of both."""
    source_first: int
    """Stories in which `source` came first: the dates say that one of its documents is before all of `outlet`."""
    outlet_first: int
    """Stories in which `outlet` came first; in the rest the dates do not decide."""
    median_delay: float | None
    """Median number of seconds from the first document of `source` to the first of `outlet`, over the stories in which
    `source` came first and both dates are equally precise; None if there are none."""
    verbatim: int
    """Letters taken over in the same words."""
    light: int
    """Letters taken over in mostly the same words."""
    heavy: int
    """Letters taken over in other words."""
    credited: int
    """Letters taken over by documents that credit `source`; with the next three, these are all letters taken over."""
    common_source: int
    """Letters taken over by documents that do not credit `source`, but a source that the other document credits too."""
    uncredited: int
    """Letters taken over by documents that credit neither."""
    credit_unknown: int
    """Letters taken over by documents in a language in which credits are not read."""
    undecided: int
    """Shared letters for which it is not decided which document took them over."""
    undecided_credited: int
    """Undecided letters in documents that credit `source`, or a source that the other document credits too."""
    outlet_doc: int | None = None
    """Rank of the document, if there are no outlets."""
    source_doc: int | None = None
    """Rank of the document, if there are no outlets."""

    @property
    def taken(self) -> int:
        """All letters taken over."""
        return self.verbatim + self.light + self.heavy

    @property
    def is_notable(self) -> bool:
        """Whether there is anything to show: letters taken over or shared, or stories in which `source` came first."""
        return bool(self.taken or self.undecided or self.source_first)


@dataclass(frozen=True)
class TemplateFamily:
    """Documents that share a template but not a story: the same sentences with other facts in them."""

    documents: int
    """Number of documents."""
    ids: tuple[str | None, ...]
    """Ids of some of them."""
    example: str
    """A sentence of the template, as one of the documents has it, or with its facts masked."""


@dataclass(frozen=True, repr=False)
class Stories(Displayed):
    """Stories in a corpus."""

    run: Run
    """Settings, counts and notes of the run."""
    stories: tuple[Story, ...]
    """The stories with the most evidence, in this order; see `Story.evidence`."""
    count: int
    """Number of stories in the corpus."""
    nearest: float | None
    """Score of the best sentence pair; None if no documents were compared."""
    threshold: float
    """Minimum score of a link."""
    outlets: tuple[OutletPair, ...] = ()
    """Pairs of outlets, those with the most text taken over first, at most 1,000; pairs of linked documents if no
    document of the corpus has an outlet."""
    outlet_pair_count: int = 0
    """Number of these pairs in the corpus."""
    by_outlet: bool = True
    """Whether the pairs are of outlets; otherwise they are of documents."""
    without_outlet: int = 0
    """Number of documents in stories without an outlet, where others have one; they are not in any pair."""
    templates: tuple[TemplateFamily, ...] = ()
    """Families of documents that share a template, the largest first."""

    def _summary(self) -> dict[str, object]:
        described = {} if self.count == len(self.stories) else {"described": len(self.stories)}
        return {**self.run.sizes(), "stories": self.count, **described}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON."""
        return {**asdict(self), "run": self.run.to_dict()}


@contextmanager
def destination(out: str | os.PathLike[str] | None, temp_dir: Path | None = None) -> Iterator[AnyPath]:
    """Yield the folder to write: the output folder, or a temporary one if that is None.

    Args:
        out: The output folder.
        temp_dir: Where to create the temporary folder; None for the system's directory.
    """
    if out is not None:
        yield parse_path(out, "The output folder")
        return
    with temporary_folder(temp_dir) as temp:
        yield temp / "out"
