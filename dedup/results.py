"""What the commands as functions give: what happened, and tables in memory or in the folder that was written."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dedup.runtime.workspace import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa
from dataclasses import asdict
from typing import Any


@dataclass(frozen=True)
class Tally:
    """How many units of a kind go, and how much text with them."""

    exact: int = 0
    """With the same characters as a kept one."""
    near: int = 0
    """At or above the threshold."""
    emptied: int = 0
    """Documents left without tokens."""
    characters: int = 0
    """Code points taken out."""


@dataclass(frozen=True)
class Place:
    """Where a unit stands."""

    id: str | None
    """Of its document."""
    doc: int
    """Rank of its document."""
    start: int
    """First code point."""
    end: int
    """One past the last."""


@dataclass(frozen=True)
class Member:
    """A removed unit of a group."""

    place: Place
    reason: str
    """"exact" or "near"."""
    jaccard: float
    """Similarity to the kept unit."""


@dataclass(frozen=True)
class Group:
    """A kept unit and those that go for it."""

    unit: str
    """"document" or "paragraph"."""
    kept: Place
    members: tuple[Member, ...]
    size: int
    """How many go (``members`` may list fewer)."""
    excerpt: str
    """How the kept unit begins."""


@dataclass(frozen=True)
class Run:
    """What happened in a run; ``run.json`` on disk."""

    command: str
    """"scan", "clean" or "align"."""
    settings: dict[str, Any]
    fingerprint: str
    versions: dict[str, str]
    counts: dict[str, int]
    removed: dict[str, Tally]
    """By "documents", "paragraphs within" and "paragraphs across"; empty for "align"."""
    seconds: dict[str, float]
    """By step."""
    expected_recall: float | None
    """Of pairs at the threshold; None for "align"."""
    columns: dict[str, str | None]
    encodings: dict[str, int]
    notes: tuple[str, ...] = ()
    skipped: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {"dedup": self.versions["dedup-text"], "schema": 1, **asdict(self)}


@dataclass(frozen=True)
class Scan:
    """What repeats in a corpus."""

    run: Run
    default: Tally
    """What `clean` would take out with its defaults."""
    everything: Tally
    """What `clean --paragraphs all` would take out."""
    groups: tuple[Group, ...] = field(default=())
    """The largest groups of duplicates, largest first."""
    group_count: int = 0
    """How many groups there are."""

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {**asdict(self), "run": self.run.to_dict()}


@dataclass(frozen=True)
class StoryDocument:
    """A document of a story."""

    doc: int
    """Its rank."""
    id: str | None
    path: str
    row: int | None
    outlet: str | None
    """As its column has it."""
    date: str | None
    """As its column has it."""
    stretches: tuple[tuple[int, int], ...]
    """What carries the story, in code points of the original, half-open."""
    cites: tuple[str, ...]
    """The sources it credits there."""
    facts: tuple[str, ...]
    """The facts it gives there that another document of the story gives or changes."""


@dataclass(frozen=True)
class StoryLink:
    """Sentences of two documents of a story that say the same."""

    left_doc: int
    left_start: int
    left_end: int
    left_text: str
    right_doc: int
    right_start: int
    right_end: int
    right_text: str
    score: float
    """From 0 to 1."""
    kind: str
    """"verbatim", "light", "heavy" or "related"."""
    shared: tuple[str, ...]
    conflicting: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """Documents that report the same, and what they have in common."""

    number: int
    """From 1; as in the tables."""
    documents: tuple[StoryDocument, ...]
    """By date where all have one, else by rank."""
    facts: tuple[str, ...]
    """Facts that several of them give, those of most documents first."""
    conflicting: tuple[str, ...]
    """Numbers that differ in the same role."""
    links: tuple[StoryLink, ...]
    """By left document, right document and place; at most a few a pair of documents."""
    link_count: int
    """How many there are."""
    first: int | None
    """Rank of the document with the earliest date, where all have dates that differ."""


@dataclass(frozen=True)
class Stories:
    """Which documents report the same, passage by passage."""

    run: Run
    stories: tuple[Story, ...]
    """Those of most documents first."""
    count: int
    """How many there are."""
    nearest: float | None
    """Score of the best sentence pair, if there is any."""
    threshold: float
    """Least score of a link."""

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return {**asdict(self), "run": self.run.to_dict()}


T = TypeVar("T")


class _Written:
    """A result whose tables are in memory, or in the folder that was written."""

    out: Path | None
    _tables: dict[str, "pa.Table"]

    def _table(self, name: str) -> "pa.Table":
        import pyarrow.parquet as pq

        if self.out is not None and name not in self._tables:
            self._tables[name] = pq.read_table(self.out / f"{name}.parquet")
        return self._tables[name]


@dataclass(frozen=True)
class Cleaned(_Written):
    """What `clean` made; tables that were written to a folder are read from there when asked for."""

    run: Run
    """What happened."""
    out: Path | None
    """The folder that was written, if one was named."""
    _tables: dict[str, "pa.Table"] = field(default_factory=dict, repr=False)

    @property
    def clean(self) -> "pa.Table":
        """The documents that stay."""
        return self._table("clean")

    @property
    def removed(self) -> "pa.Table":
        """The units taken out, with the evidence."""
        return self._table("removed")

    @property
    def pairs(self) -> "pa.Table":
        """The verified pairs."""
        return self._table("pairs")


@dataclass(frozen=True)
class Aligned(_Written):
    """What `align` found; tables that were written to a folder are read from there when asked for."""

    found: Stories
    """The stories, and the run."""
    out: Path | None
    """The folder that was written, if one was named."""
    _tables: dict[str, "pa.Table"] = field(default_factory=dict, repr=False)

    @property
    def stories(self) -> "pa.Table":
        """The documents of each story."""
        return self._table("stories")

    @property
    def links(self) -> "pa.Table":
        """The links between sentences."""
        return self._table("links")


def written(
    out: str | os.PathLike[str] | None, names: Sequence[str], run: Callable[[Path], T]
) -> tuple[T, Path | None, dict[str, "pa.Table"]]:
    """Run what writes a folder; without one, write to a temporary folder and hold its tables.

    Args:
        out: The folder to write, if one is named.
        names: The tables that it gets.
        run: Writes a folder.

    Returns:
        What that gives, the folder if one was named, and the tables if none was.
    """
    import pyarrow.parquet as pq

    if out is not None:
        return run(Path(out)), Path(out), {}
    with temporary_folder() as temp:
        folder = temp / "out"
        made = run(folder)
        return made, None, {name: pq.read_table(folder / f"{name}.parquet") for name in names}
