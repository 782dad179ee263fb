"""What a run tells: frozen facts, ready for JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any


class Watch:
    """Someone who is told how a run goes; this one does not listen."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Tell that a step begins, and how much of what there is to do, if that is known."""

    def advance(self, amount: int) -> None:
        """Tell that so much more of the step is done."""

    def note(self, text: str) -> None:
        """Tell something worth knowing."""

    def close(self) -> None:
        """Tell that the run is over."""


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
    """"scan" or "clean"."""
    settings: dict[str, Any]
    fingerprint: str
    versions: dict[str, str]
    counts: dict[str, int]
    removed: dict[str, Tally]
    """By "documents", "paragraphs within" and "paragraphs across"."""
    seconds: dict[str, float]
    """By step."""
    expected_recall: float
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
