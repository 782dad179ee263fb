"""Why a document was removed or kept, with the evidence: what went, what stays in its place, what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.alignment.word_diff import Span, words
from dedup.outputs.lookup import find
from dedup.outputs.reader import CLEAN, REMOVED, check_output, groups
from dedup.outputs.restore import restore
from dedup.results import UnitLocation

if TYPE_CHECKING:
    import pyarrow as pa

# Documents named in a message.
NAMED = 5


@dataclass(frozen=True)
class Passage:
    """Something taken out of a document."""

    unit: str
    """"document" or "paragraph"."""
    start: int
    """First code point in the original."""
    end: int
    """One past the last."""
    cut_start: int
    """First code point taken out."""
    cut_end: int
    """One past the last: after the separator that follows."""
    text: str
    """The characters from start to end."""
    reason: str
    """"exact", "near" or "emptied"."""
    scope: str | None
    """"within" its document or "across" documents; None for an emptied one, as all that follows."""
    jaccard: float | None
    containment: float | None
    kept: UnitLocation | None
    """Where the kept unit stands in its original."""
    kept_path: str | None
    kept_text: str | None
    words: tuple[Span, ...]
    """What differs between the two texts; see `dedup.alignment.word_diff.words`."""


@dataclass(frozen=True)
class Replaced:
    """Units of other documents that went in favour of a document."""

    unit: str
    """"document" or "paragraph"."""
    count: int
    """How many."""
    first: tuple[UnitLocation, ...]
    """The first few."""


@dataclass(frozen=True)
class Explanation:
    """What became of a document."""

    doc: int
    id: str | None
    path: str
    row: int | None
    stays: bool
    """Whether the document, or what is left of it, stays."""
    characters: int
    """Code points of its original."""
    passages: tuple[Passage, ...]
    """What was taken out: the document itself, or paragraphs of it, by start."""
    replaced: tuple[Replaced, ...]
    """What went of other documents in favour of this one."""

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return asdict(self)


def explain(out: Path, name: str) -> list[Explanation]:
    """Explain the documents of a name; see `dedup.explain`."""
    check_output(out)
    found = find(lambda: documents_of(out), name, str(out))
    rows: dict[int, list[dict[str, Any]]] = {doc: [] for doc in found}
    for table in groups(out / REMOVED, docs=sorted(found)):
        for row in table.to_pylist():
            rows[row["doc"]].append(row)
    kept = KeptTexts.of(out, [row for removed in rows.values() for row in removed])
    originals = {row["doc"]: row for batch in restore(out, sorted(found)) for row in batch.to_pylist()}
    return [_explanation(out, originals[doc], rows[doc], kept) for doc in found]


def _explanation(out: Path, original: dict[str, Any], removed: list[dict[str, Any]], kept: KeptTexts) -> Explanation:
    return Explanation(
        **{name: original[name] for name in ("doc", "id", "path", "row")},
        stays=all(row["unit"] == "paragraph" for row in removed),
        characters=len(original["text"] or ""),
        passages=tuple(passage_of(row, kept) for row in removed),
        replaced=_replaced(out, original["doc"]),
    )


def passage_of(row: dict[str, Any], kept: KeptTexts) -> Passage:
    """Give the evidence for a row of removed.parquet.

    Args:
        row: The row.
        kept: The kept units, that one's among them.
    """
    text = row["text"][row["start"] - row["cut_start"] : row["end"] - row["cut_start"]]
    path, kept_text = kept.at(row)
    same = ("unit", "start", "end", "cut_start", "cut_end", "reason", "scope", "jaccard", "containment")
    return Passage(
        **{name: row[name] for name in same},
        text=text,
        kept=UnitLocation(row["kept_id"], row["kept_doc"], row["kept_start"], row["kept_end"]) if path else None,
        kept_path=path,
        kept_text=kept_text,
        words=tuple(words(text, kept_text)) if kept_text is not None else (),
    )


@dataclass(frozen=True)
class KeptTexts:
    """The kept units that some removed ones name; only these stretches of their documents are held."""

    paths: dict[int, str]
    texts: dict[tuple[int, int, int], str]

    @classmethod
    def of(cls, out: Path, removed: Sequence[dict[str, Any]]) -> KeptTexts:
        """Look them up: places are those of the original, so that is rebuilt."""
        wanted: dict[int, set[tuple[int, int]]] = {}
        for row in removed:
            if row["kept_doc"] is not None:
                wanted.setdefault(row["kept_doc"], set()).add((row["kept_start"], row["kept_end"]))
        paths: dict[int, str] = {}
        texts: dict[tuple[int, int, int], str] = {}
        for batch in restore(out, sorted(wanted)):
            for doc, path, text in zip(*(batch[name].to_pylist() for name in ("doc", "path", "text")), strict=True):
                paths[doc] = path
                texts |= {(doc, start, end): text[start:end] for start, end in wanted[doc]}
        return cls(paths, texts)

    def at(self, row: dict[str, Any]) -> tuple[str | None, str | None]:
        """Give the path and the text of the kept unit that a removed one names, if it names one."""
        place = row["kept_doc"], row["kept_start"], row["kept_end"]
        return self.paths.get(row["kept_doc"]), self.texts.get(place)


def _replaced(out: Path, doc: int) -> tuple[Replaced, ...]:
    """Count the units of other documents that went in favour of one, and list the first."""
    import pyarrow.compute as pc

    counts: Counter[str] = Counter()
    first: dict[str, list[UnitLocation]] = {"document": [], "paragraph": []}
    for table in groups(out / REMOVED, ["doc", "id", "unit", "start", "end", "kept_doc"]):
        mine = table.filter(pc.and_(pc.equal(table["kept_doc"], doc), pc.not_equal(table["doc"], doc)))
        for unit, places in first.items():
            some = mine.filter(pc.equal(mine["unit"], unit))
            counts[unit] += some.num_rows
            rows = some.slice(0, NAMED - len(places)).to_pylist()
            places += [UnitLocation(row["id"], row["doc"], row["start"], row["end"]) for row in rows]
    return tuple(Replaced(unit, counts[unit], tuple(first[unit])) for unit in first if counts[unit])


def documents_of(out: Path) -> Iterator[pa.Table]:
    """Read the names of all documents, those that stay and those that went."""
    import pyarrow.compute as pc

    names = ["doc", "id", "path"]
    yield from groups(out / CLEAN, names)
    for table in groups(out / REMOVED, [*names, "unit"]):
        yield table.filter(pc.equal(table["unit"], "document")).select(names)
