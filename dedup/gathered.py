"""What a run left, gathered for a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dedup.difference import Diff
from dedup.duplicates import Duplicates
from dedup.model import Run
from dedup.storyboard import Board

# Number of a story, and places of two of its documents.
StoryPair = tuple[int, int, int]


@dataclass(frozen=True)
class Gathered:
    """What a run left; each command fills its own part."""

    out: Path
    run: Run
    duplicates: Duplicates | None = None
    """Of `clean`."""
    bars: tuple[int, ...] = ()
    """Of `scan`: pairs by similarity."""
    boards: tuple[Board, ...] = ()
    """Of `align`: the stories, as many as wanted."""
    story_count: int = 0
    """Of `align`: how many there are."""
    diffs: Mapping[StoryPair, Diff] = field(default_factory=dict)
    """Of `align`: the alignments of pairs of documents, as many as wanted."""
