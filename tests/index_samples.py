"""Random content for indexes, and an index in memory as the reference."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.columns.values import hash_strings
from dedup.duplicates.sketches.units import UNIT, Units
from dedup.index.storage.commit import commit
from dedup.index.storage.hashes import hash_ids
from dedup.index.storage.layout import TEXTS, KeyKind, UnitKind
from dedup.index.storage.locks import writer_lock
from dedup.index.storage.manifest import Manifest, new_manifest
from dedup.index.storage.segments import KeptUnits, SegmentContent, write_segment
from dedup.index.storage.snapshot import IndexSnapshot
from dedup.runtime.workspace import Workspace
from dedup.settings import Settings

SETTINGS = Settings(permutations=20, paragraphs="all")
WORDS = (SETTINGS.permutations + 7) // 8
BANDS = 3
# Few different keys, so that several units have the same, also at the limits of the unsigned range.
KEYS = np.array([0, 1, 5, 2**31, 2**63 - 1, 2**63, 2**63 + 7, 2**64 - 1], np.uint64)
KEY_KINDS: tuple[KeyKind, ...] = ("documents", "paragraphs", "ids", "inputs")
UNIT_KINDS: tuple[UnitKind, ...] = ("documents", "paragraphs")


def workspace(folder: Path, workers: int = 1) -> Workspace:
    folder.mkdir(parents=True, exist_ok=True)
    return Workspace(folder, 64 << 20, workers, lambda *_: nullcontext())


@dataclass
class Stored:
    """The content of an index, in lists."""

    documents: int = 0
    pairs: dict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: {"documents": [], "paragraphs": [], "ids": [], "inputs": []}
    )
    units: dict[str, list[tuple[Any, list[int]]]] = field(default_factory=lambda: {"documents": [], "paragraphs": []})
    texts: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Addition:
    """What one addition gets: arrays of a run, and which rows are kept."""

    docs: int
    info: dict[str, NDArray[Any]]
    signatures: dict[str, NDArray[np.uint64]]
    keys: dict[str, NDArray[np.uint64]]
    kept: dict[str, NDArray[np.int64]]
    ids: list[str | None]
    inputs: list[str]
    texts: list[str]

    def part(self, first: int, last: int) -> "Addition":
        """Return what an addition of some of the documents gets; the inputs go to the first one."""
        info, signatures, keys, kept = {}, {}, {}, {}
        for kind, rows in self.info.items():
            low, high = np.searchsorted(rows["doc"], (first, last))
            info[kind] = rows[low:high].copy()
            info[kind]["doc"] -= first
            signatures[kind], keys[kind] = self.signatures[kind][low:high], self.keys[kind][low:high]
            kept[kind] = self.kept[kind][(self.kept[kind] >= low) & (self.kept[kind] < high)] - low
        inputs = [] if first else self.inputs
        return Addition(
            last - first, info, signatures, keys, kept, self.ids[first:last], inputs, self.texts[first:last]
        )


def make_addition(seed: int, docs: int, few_keys: bool = True) -> Addition:
    """Make random units: a document each, and some paragraphs."""
    chance = np.random.default_rng(seed)
    doc_of = {"documents": np.arange(docs), "paragraphs": np.sort(chance.integers(0, max(docs, 1), 2 * docs))}
    info, signatures, keys, kept = {}, {}, {}, {}
    for kind, doc in doc_of.items():
        info[kind] = np.zeros(doc.size, UNIT)
        for name in UNIT.names or ():
            info[kind][name] = chance.integers(0, 2, doc.size) if name == "block" else chance.integers(0, 9, doc.size)
        info[kind]["doc"] = doc
        info[kind]["sequence"] = draw_keys(chance, (doc.size,), few_keys)
        info[kind]["content"] = chance.integers(0, 2**64, doc.size, np.uint64)
        signatures[kind] = chance.integers(0, 2**64, (doc.size, WORDS), np.uint64)
        keys[kind] = draw_keys(chance, (doc.size, BANDS), few_keys)
        kept[kind] = np.flatnonzero(chance.random(doc.size) < 0.7)
    ids = [None if chance.random() < 0.2 else f"id {chance.integers(0, 40)}" for _ in range(docs)]
    texts = ["word " * int(chance.integers(0, 40)) + "ü𝄞" for _ in range(docs)]
    inputs = [f"input {chance.integers(0, 99)}" for _ in range(int(chance.integers(0, 4)))]
    return Addition(docs, info, signatures, keys, kept, ids, inputs, texts)


def draw_keys(chance: np.random.Generator, shape: tuple[int, ...], few: bool) -> NDArray[np.uint64]:
    return chance.choice(KEYS, shape) if few else chance.integers(0, 2**64, shape, np.uint64)


def content_of(addition: Addition, first_doc: int, temp: Path, step: int = 7) -> SegmentContent:
    """Store the arrays of an addition in files, and its texts in batches of some documents."""
    kept = {}
    temp.mkdir(parents=True, exist_ok=True)
    for kind in ("documents", "paragraphs"):
        units = Units.create(temp, kind, SETTINGS.permutations, BANDS)
        units.info.append(addition.info[kind])
        units.signature.append(addition.signatures[kind])
        units.keys.append(addition.keys[kind])
        kept[kind] = KeptUnits(units, addition.kept[kind], first_doc)
    rows = pa.Table.from_pylist(text_rows(addition, first_doc), TEXTS)
    return SegmentContent(
        addition.docs,
        kept["documents"],
        kept["paragraphs"],
        rows.to_batches(max_chunksize=step),
        [
            hash_ids(pa.array(addition.ids[first : first + step], pa.string()), first_doc + first)
            for first in range(0, addition.docs, step)
        ],
        hash_strings(pa.array(addition.inputs, pa.string())),
    )


def text_rows(addition: Addition, first_doc: int) -> list[dict[str, Any]]:
    return [
        {
            "doc": first_doc + doc,
            "id": addition.ids[doc],
            "path": f"file {(first_doc + doc) % 3}",
            "row": first_doc + doc if (first_doc + doc) % 2 else None,
            "per": None if (first_doc + doc) % 5 else "a",
            "text": addition.texts[doc],
        }
        for doc in addition.kept["documents"].tolist()
    ]


def add(index: Path, addition: Addition, temp: Path, workers: int = 1, step: int = 7) -> Manifest:
    """Add to an index, and commit."""
    with writer_lock(index, "index add") as before:
        manifest = before or new_manifest(SETTINGS)
        content = content_of(addition, manifest.documents, temp / "run", step)
        return commit(index, manifest, write_segment(index, manifest, content, workspace(temp / "work", workers)))


def add_to(stored: Stored, addition: Addition) -> None:
    """Add to the reference."""
    for kind in ("documents", "paragraphs"):
        for row in addition.kept[kind].tolist():
            info = addition.info[kind][row].copy()
            info["doc"] += stored.documents
            number = len(stored.units[kind])
            stored.units[kind].append((info, addition.signatures[kind][row].tolist()))
            if info["tokens"] > 0:
                keys = [*addition.keys[kind][row].tolist(), int(info["sequence"])]
                stored.pairs[kind] += [(key, number) for key in keys]
    hashes = hash_strings(pa.array([identity or "" for identity in addition.ids], pa.string())).tolist()
    for doc, identity in enumerate(addition.ids):
        if identity is not None:
            stored.pairs["ids"].append((hashes[doc], stored.documents + doc))
    for key in hash_strings(pa.array(addition.inputs, pa.string())).tolist():
        stored.pairs["inputs"].append((key, len(stored.pairs["inputs"])))
    stored.texts += text_rows(addition, stored.documents)
    stored.documents += addition.docs


def check_content(opened: IndexSnapshot, stored: Stored, seed: int) -> None:
    """Compare all that is found with the reference, for all and for some keys, units and documents."""
    chance = np.random.default_rng(seed)
    assert opened.manifest.documents == stored.documents
    assert opened.manifest.kept_documents == len(stored.texts)
    for kind in KEY_KINDS:
        known = np.array([key for key, _ in stored.pairs[kind]], np.uint64)
        for keys in (KEYS, known, chance.permutation(known)[:3], chance.integers(0, 2**64, 5, np.uint64)):
            wanted = np.unique(keys)
            found = zip(*(column.tolist() for column in opened.find(kind, wanted)), strict=True)
            assert list(found) == sorted(pair for pair in stored.pairs[kind] if pair[0] in set(wanted.tolist()))
    for unit_kind in UNIT_KINDS:
        expected = stored.units[unit_kind]
        for units in (np.arange(len(expected)), np.flatnonzero(chance.random(len(expected)) < 0.2)):
            records, signatures = opened.read_units(unit_kind, units)
            assert records.dtype == UNIT
            assert records.tolist() == [expected[unit][0].item() for unit in units]
            assert signatures.tolist() == [expected[unit][1] for unit in units]
    for docs in (np.arange(stored.documents), np.flatnonzero(chance.random(stored.documents) < 0.2)):
        rows = [row for batch in opened.read_documents(docs) for row in batch.to_pylist()]
        assert rows == [row for row in stored.texts if row["doc"] in set(docs.tolist())]
        texts = [row for batch in opened.read_documents(docs, ["text"]) for row in batch.to_pylist()]
        assert texts == [{"text": row["text"]} for row in rows]
