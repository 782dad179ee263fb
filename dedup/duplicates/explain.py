"""Explain why a document was removed or kept: the removed units, the units kept instead, and the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.alignment.word_diff import DiffSpan, diff_words
from dedup.outputs.files import CLEAN_FILE, REMOVED_FILE
from dedup.outputs.lookup import find_documents
from dedup.outputs.reader import check_output, read_reference_units, read_tables
from dedup.outputs.restore import restore
from dedup.results import UnitLocation
from dedup.runtime.views.display import Displayed

if TYPE_CHECKING:
    import pyarrow as pa

# Units listed for each kind.
LISTED = 5


@dataclass(frozen=True)
class Passage:
    """A unit that was removed."""

    unit: str
    """"document" or "paragraph"."""
    start: int
    """Offset of the first code point in the original."""
    end: int
    """Offset after its last code point."""
    cut_start: int
    """Offset of the first code point that was cut."""
    cut_end: int
    """Offset after the last code point that was cut, which includes the separator that follows."""
    text: str
    """The text from ``start`` to ``end``."""
    reason: str
    """"exact", "near", "contained" or "emptied"."""
    scope: str | None
    """"within" its document, "across" documents, or "reference", for a kept unit of a reference; None for an emptied
    document, as are all attributes that follow."""
    jaccard: float | None
    """Similarity to the kept unit; None for "contained"."""
    containment: float | None
    """Share of the shingles of this unit that the kept unit has; None for "contained"."""
    kept: UnitLocation | None
    """The kept unit in its original document."""
    kept_path: str | None
    """Path of the document of the kept unit."""
    kept_text: str | None
    """Text of the kept unit."""
    words: tuple[DiffSpan, ...]
    """The differences between `compared_text` and the kept text."""
    kept_is_emptied: bool = False
    """Whether the document of the kept unit is emptied, so that its paragraphs stay in other documents."""
    kept_containment: float | None = None
    """Share of the runs of the kept unit that was found in this document; None except for "contained"."""
    found_start: int | None = None
    """First code point of the stretch of the original that contains the kept unit; None except for "contained"."""
    found_end: int | None = None
    """End of that stretch."""

    @property
    def similarity(self) -> float | None:
        """Jaccard, or for "contained" the share of the kept unit that was found."""
        return self.jaccard if self.reason != "contained" else self.kept_containment

    @property
    def compared_text(self) -> str:
        """The text; for "contained" the part of it that is in the stretch with the kept unit."""
        if self.found_start is None or self.found_end is None:
            return self.text
        return self.text[max(0, self.found_start - self.start) : self.found_end - self.start]


@dataclass(frozen=True)
class Replaced:
    """Units of other documents that were removed in favour of a document."""

    unit: str
    """"document" or "paragraph"."""
    count: int
    """Number of units."""
    first: tuple[UnitLocation, ...]
    """The first five of them."""


@dataclass(frozen=True, repr=False)
class Explanation(Displayed):
    """The verdicts on a document and its paragraphs."""

    doc: int
    """Rank of the document."""
    id: str | None
    """Id of the document."""
    path: str
    """Path of its input."""
    row: int | None
    """Row in the input; None if the document is a whole file."""
    kept: bool
    """Whether the document is kept."""
    characters: int
    """Code points of its original."""
    passages: tuple[Passage, ...]
    """Removed units: the document itself, or paragraphs of it, by start."""
    replaced: tuple[Replaced, ...]
    """Units of other documents that were removed in favour of this document."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    def _summary(self) -> dict[str, object]:
        sizes = {"passages": len(self.passages), "replaced": sum(item.count for item in self.replaced)}
        return {"doc": self.doc, "id": self.id, "kept": self.kept, **sizes}


def explain(out: Path, name: str) -> list[Explanation]:
    """Explain the documents with a name; see `dedup.explain`."""
    check_output(out)
    docs = find_documents(lambda: documents_of(out), name, str(out))
    rows: dict[int, list[dict[str, Any]]] = {doc: [] for doc in docs}
    for table in read_tables(out / REMOVED_FILE, docs=sorted(docs)):
        for row in table.to_pylist():
            rows[row["doc"]].append(row)
    kept = KeptTexts.of(out, [row for removed in rows.values() for row in removed])
    originals = {row["doc"]: row for batch in restore(out, sorted(docs)) for row in batch.to_pylist()}
    return [_explanation(out, originals[doc], rows[doc], kept) for doc in docs]


def _explanation(out: Path, original: dict[str, Any], removed: list[dict[str, Any]], kept: KeptTexts) -> Explanation:
    return Explanation(
        **{name: original[name] for name in ("doc", "id", "path", "row")},
        kept=all(row["unit"] == "paragraph" for row in removed),
        characters=len(original["text"] or ""),
        passages=tuple(passage_of(row, kept) for row in removed),
        replaced=_replaced(out, original["doc"]),
    )


def passage_of(row: dict[str, Any], kept: KeptTexts) -> Passage:
    """Return the evidence for a row of removed.parquet.

    Args:
        row: The row.
        kept: Kept units, including that of the row.
    """
    kept_text = kept.at(row)
    same = ("unit", "start", "end", "cut_start", "cut_end", "reason", "scope", "jaccard", "containment")
    passage = Passage(
        **{name: row[name] for name in same},
        text=row["text"][row["start"] - row["cut_start"] : row["end"] - row["cut_start"]],
        kept=UnitLocation(row["kept_id"], row["kept_doc"], row["kept_start"], row["kept_end"])
        if row["scope"]
        else None,
        kept_path=row["kept_path"],
        kept_text=kept_text,
        kept_is_emptied=row["kept_doc"] in kept.emptied,
        words=(),
        kept_containment=row.get("kept_containment"),
        found_start=row.get("found_start"),
        found_end=row.get("found_end"),
    )
    return passage if kept_text is None else replace(passage, words=tuple(diff_words(passage.compared_text, kept_text)))


@dataclass(frozen=True)
class KeptTexts:
    """The texts of the kept units that removed units name."""

    texts: dict[tuple[int, int, int], str]
    """Text by document, start and end of a kept unit in the output."""
    references: dict[tuple[str, int, int, int], str]
    """Text of the kept unit of a reference, by unit, document, start and end of the removed unit."""
    emptied: frozenset[int]
    """Documents of kept units that are emptied."""

    @classmethod
    def of(cls, out: Path, removed: Sequence[dict[str, Any]]) -> KeptTexts:
        """Read the texts of kept units from the restored original documents, and from ``reference.parquet``.

        Args:
            out: A folder that `clean` wrote.
            removed: Rows of removed.parquet, which name the kept units.
        """
        import pyarrow.compute as pc

        wanted: dict[int, set[tuple[int, int]]] = {}
        for row in removed:
            if row["kept_doc"] is not None:
                wanted.setdefault(row["kept_doc"], set()).add((row["kept_start"], row["kept_end"]))
        emptied: list[int] = []
        for table in read_tables(out / REMOVED_FILE, ["doc", "reason"], sorted(wanted)):
            emptied += table.filter(pc.equal(table["reason"], "emptied"))["doc"].to_pylist()
        texts: dict[tuple[int, int, int], str] = {}
        for batch in restore(out, sorted(wanted)):
            for doc, text in zip(batch["doc"].to_pylist(), batch["text"].to_pylist(), strict=True):
                texts |= {(doc, start, end): text[start:end] for start, end in wanted[doc]}
        return cls(texts, _reference_texts(out, {place_of(row) for row in removed}), frozenset(emptied))

    def at(self, row: dict[str, Any]) -> str | None:
        """Return the text of the kept unit of a row of removed.parquet, if it has one."""
        text = self.texts.get((row["kept_doc"], row["kept_start"], row["kept_end"]))
        return self.references.get(place_of(row)) if text is None else text


def place_of(row: dict[str, Any]) -> tuple[str, int, int, int]:
    """Return the unit, document, start and end of a row of removed.parquet; no two rows have the same."""
    return row["unit"], row["doc"], row["start"], row["end"]


def _reference_texts(out: Path, wanted: Collection[tuple[str, int, int, int]]) -> dict[tuple[str, int, int, int], str]:
    """Return the texts of units of references by the place of a removed unit that names them."""
    return {
        place: text
        for table in read_reference_units(out)
        for unit, text, places in zip(*(table[name].to_pylist() for name in ("unit", "text", "removed")), strict=True)
        for at in places
        if (place := (unit, at["doc"], at["start"], at["end"])) in wanted
    }


def _replaced(out: Path, doc: int) -> tuple[Replaced, ...]:
    """Return the units of other documents that were removed in favour of a document, by kind."""
    import pyarrow.compute as pc

    counts: Counter[str] = Counter()
    first: dict[str, list[UnitLocation]] = {"document": [], "paragraph": []}
    for table in read_tables(out / REMOVED_FILE, ["doc", "id", "unit", "start", "end", "kept_doc"]):
        matching = table.filter(pc.and_(pc.equal(table["kept_doc"], doc), pc.not_equal(table["doc"], doc)))
        for unit, places in first.items():
            some = matching.filter(pc.equal(matching["unit"], unit))
            counts[unit] += some.num_rows
            rows = some.slice(0, LISTED - len(places)).to_pylist()
            places += [UnitLocation(row["id"], row["doc"], row["start"], row["end"]) for row in rows]
    return tuple(Replaced(unit, counts[unit], tuple(first[unit])) for unit in first if counts[unit])


def documents_of(out: Path) -> Iterator[pa.Table]:
    """Yield the columns doc, id and path of all documents, kept and removed."""
    import pyarrow.compute as pc

    names = ["doc", "id", "path"]
    yield from read_tables(out / CLEAN_FILE, names)
    for table in read_tables(out / REMOVED_FILE, [*names, "unit"]):
        yield table.filter(pc.equal(table["unit"], "document")).select(names)
