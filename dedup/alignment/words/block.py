"""Adjacent word groups of two sentences that correspond."""

from typing import NamedTuple


class MatchedBlock(NamedTuple):
    """Adjacent groups of the left sentence that are matched with adjacent groups of the right sentence."""

    start: int
    """Rank of the first left group."""
    end: int
    """Rank after the last left group."""
    right_start: int
    """Rank of the first right group."""
    right_end: int
    """Rank after the last right group."""
    similarity: float = 0.0
    """Similarity of the groups; 0 if they are matched by position only."""
