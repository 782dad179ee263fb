"""What was found of the documents of a reference inside longer documents."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FoundItem:
    """An item, a document of the reference, that was found inside documents."""

    id: str | None
    """Id of the item."""
    path: str
    """Path of its input."""
    row: int | None
    """Row in the input; None if the item is a whole file."""
    documents: int
    """Number of documents that contain it."""
    places: int
    """Number of places in them."""
    share: float
    """Greatest share of its runs in one place."""
    excerpt: str
    """Beginning of its text."""


@dataclass(frozen=True)
class ItemSet:
    """How many items of a reference were found inside documents."""

    against: str
    """The reference as the user named it."""
    items: int
    """Number of its documents that are kept."""
    too_short: int
    """Items of too few tokens to be searched for."""
    only_templates: int
    """Items that were not searched for, since each of their runs occurs in many items."""
    found: int
    """Items that were found."""
    documents: int
    """Documents that contain one of them."""
    places: int
    """Places in these documents."""
    by_share: dict[str, int]
    """Items found by their greatest share, rounded down to tenths: "1.0" are those found whole."""
    most_copied: tuple[FoundItem, ...]
    """Those found in most documents, at most a few."""


@dataclass(frozen=True)
class SearchedItems:
    """The items that were searched for with ``--contained``, and how many were found."""

    runs: int
    """Different runs that were searched for."""
    templates: int
    """Different runs that were not, since they occur in many items."""
    bytes: int
    """Size of the index of the runs in memory."""
    sets: tuple[ItemSet, ...]
    """By reference."""
