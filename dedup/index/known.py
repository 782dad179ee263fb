"""Find what of an addition the index has already: inputs with the same place and content, and ids."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.corpus import Corpus
from dedup.corpus.corpus import ids_of
from dedup.corpus.inputs import Input, named_paths
from dedup.duplicates.references.base import distinct
from dedup.duplicates.sketches.units import Units
from dedup.errors import InputError
from dedup.index.storage import hashes
from dedup.index.storage.hashes import hash_strings
from dedup.index.storage.segments import KeyRows
from dedup.index.storage.snapshot import IndexSnapshot
from dedup.runtime.storage.paths import parse_remote

# Documents named in a message.
LISTED = 3
_ID_COLUMNS = ["id", "path", "row"]
# Paths of documents from standard input and from tables.
_NO_FILE = re.compile(r"-|table(-[0-9]+)?")


def hash_inputs(inputs: Sequence[Input], corpus: Corpus, documents: Units) -> dict[int, str]:
    """Return the place of each file, by a hash of the place and of the texts that were read from it.

    Tables and standard input have no place: they are left out.

    Args:
        inputs: The inputs named by the user.
        corpus: The documents.
        documents: The documents as units.
    """
    contents = documents.column("content")
    found: dict[int, str] = {}
    for path, first, count in _files(corpus):
        place = _place(path, inputs)
        if place is not None:
            content = hashlib.blake2b(contents[first : first + count].tobytes(), digest_size=16).hexdigest()
            [key] = hash_strings(pa.array([f"{content} {place}"])).tolist()
            found[key] = path
    return found


def _files(corpus: Corpus) -> Iterator[tuple[str, int, int]]:
    """Yield the path, the rank of the first document and the number of documents of each input."""
    paths = (path for _, batch in corpus.batches(["path"]) for path in batch.column(0).to_pylist())
    first = 0
    for path, rows in groupby(paths):
        count = sum(1 for _ in rows)
        yield path, first, count
        first += count


def _place(path: str, inputs: Sequence[Input]) -> str | None:
    """Return the place of a file, whatever the current folder and the spelling of the path; None if it has none."""
    named = named_paths(inputs)
    if len(named) < len(inputs) and _NO_FILE.fullmatch(path):
        return None
    place = path
    if len(inputs) == 1 and named:  # the paths are relative to the only input
        if parse_remote(named[0]) is not None:
            return f"{named[0]}/{path}"
        root = Path(named[0])
        place = str((root if root.is_dir() else root.parent) / path)
    if parse_remote(place) is not None:
        return place
    return os.fsencode(os.path.realpath(place)).decode("utf-8", "backslashreplace")


def refuse_known(files: dict[int, str], snapshot: IndexSnapshot, name: str) -> None:
    """Raise InputError if an index has some of the files already.

    Args:
        files: The files, as `hash_inputs` returns them.
        snapshot: The index.
        name: The index as the user named it.
    """
    found, _ = snapshot.find("inputs", np.sort(np.array(list(files), np.uint64)))
    known = [files[key] for key in dict.fromkeys(found.tolist())]
    if known:
        listed = ", ".join(sorted(known)[:LISTED]) + (", …" if len(known) > LISTED else "")
        raise InputError(
            f"{len(known):,} of {len(files):,} inputs are in the index {name} already, with the same place and "
            f"content: {listed}. Nothing was added. Name only new ones, or add them once more with --again."
        )


def hash_ids(corpus: Corpus, first_doc: int) -> KeyRows:
    """Return the hashes of the ids, and the ranks of their documents; without ids that were made from path and row.

    Args:
        corpus: The documents.
        first_doc: Rank in the index of the first document.
    """
    parts = [hashes.hash_ids(_given_ids(batch), first_doc + first) for first, batch in corpus.batches(_ID_COLUMNS)]
    ids, docs = (np.concatenate(column) for column in zip(*parts, strict=True))
    return ids, docs


def _given_ids(batch: pa.RecordBatch) -> pa.Array:
    """Return the ids of documents, null for those that were made from path and row."""
    ids, paths, rows = (batch.column(name).cast(pa.large_string()) for name in _ID_COLUMNS)
    is_made = pc.equal(ids, pc.binary_join_element_wise(paths, rows, pa.scalar("#", pa.large_string())))
    return pc.if_else(pc.fill_null(is_made, False), pa.scalar(None, pa.large_string()), ids)


def note_known_ids(ids: KeyRows, snapshot: IndexSnapshot, corpus: Corpus, first_doc: int) -> None:
    """Add a note to a corpus on the ids that an index has already.

    Args:
        ids: As `hash_ids` returns them.
        snapshot: The index.
        corpus: The documents.
        first_doc: Rank in the index of the first document.
    """
    found, _ = snapshot.find("ids", distinct(ids[0]))
    docs = ids[1][np.isin(ids[0], found)]
    if docs.size:
        [example] = ids_of(corpus, docs[:1] - first_doc).to_pylist()
        have = "1 document has" if docs.size == 1 else f"{docs.size:,} documents have"
        corpus.add_note(f"{have} an id that the index has already, such as {example!r}")
