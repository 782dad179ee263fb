"""Results of the methods of the index."""

from dataclasses import asdict, dataclass
from typing import Any

from dedup.results import UnitLocation
from dedup.runtime.views.display import Displayed
from dedup.settings import Settings


@dataclass(frozen=True)
class IndexInfo:
    """What an index contains."""

    version: int
    """Number of commits so far."""
    segments: int
    """Number of segments."""
    documents: int
    """Number of documents that were added, kept or not."""
    kept_documents: int
    """Number of kept documents."""
    kept_paragraphs: int
    """Number of kept paragraphs that are stored."""
    inputs: int
    """Number of inputs that were read."""
    settings: Settings
    """Settings of the first addition, which hold for all others."""
    created: str
    """When the first version was committed, in ISO 8601, UTC."""
    updated: str
    """When the present version was committed."""
    bytes: int
    """Size of all segments."""
    text_bytes: int
    """Size of the texts, compressed."""
    unit_bytes: int
    """Size of units and signatures."""
    key_bytes: int
    """Size of band keys and hashes."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Compaction:
    """What a compaction did."""

    version: int
    """Present version of the index."""
    segments: int
    """Number of segments before; with 1 there was nothing to merge."""
    bytes_before: int
    """Size of these segments."""
    bytes_after: int
    """Size of the segment that they were merged into."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class KnownUnit:
    """A document or a paragraph of a text that an index has already."""

    unit: str
    """"document" or "paragraph"."""
    start: int
    """Offset of the first code point in the text."""
    end: int
    """Offset after its last code point."""
    kept: UnitLocation
    """The most similar unit that the index keeps."""
    kept_path: str
    """Path of the document of the kept unit."""
    kept_row: int | None
    """Row of that document; None if it was a whole file."""
    kept_text: str
    """Text of the kept unit."""
    reason: str
    """"exact": the same characters; or "near"."""
    jaccard: float
    """Similarity of the two units."""
    containment: float
    """Share of the shingles of this unit that the kept unit has."""


@dataclass(frozen=True, repr=False)
class QueryResult(Displayed):
    """The matches of a text in an index."""

    document: KnownUnit | None
    """The text as a document, if the index has it."""
    paragraphs: tuple[KnownUnit, ...] = ()
    """Paragraphs of a text that is not known as a document, by start; only of indexes with paragraphs."""

    @property
    def known(self) -> bool:
        """Whether the index has the text as a document."""
        return self.document is not None

    def _summary(self) -> dict[str, object]:
        return {"known": self.known, "paragraphs": len(self.paragraphs)}
