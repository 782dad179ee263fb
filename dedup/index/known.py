"""Find which inputs of an addition, with the same path and content, and which ids are in the index already."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.corpus import Corpus
from dedup.corpus.corpus import ids_of
from dedup.corpus.inputs import Input, named_paths, real_path
from dedup.duplicates.columns.values import hash_strings
from dedup.duplicates.sketches.units import Units
from dedup.errors import InputError
from dedup.index.storage import hashes
from dedup.index.storage.segments import KeyRows
from dedup.index.storage.snapshot import IndexSnapshot
from dedup.runtime.ordered import distinct
from dedup.runtime.storage.paths import parse_remote, path_text

# Documents named in a message.
LISTED = 3
_ID_COLUMNS = ["id", "path", "row"]
# Paths of documents from standard input and from tables.
_NO_FILE = re.compile(r"-|table(-[0-9]+)?")


class _File(NamedTuple):
    """An input."""

    path: str
    """Its path in the corpus."""
    first: int
    """Rank of its first document."""
    documents: int
    """Number of its documents."""


def hash_inputs(inputs: Sequence[Input], corpus: Corpus, documents: Units) -> dict[int, str]:
    """Return the path of each file, by a hash of its absolute path or address and of the texts that were read from it.

    Tables and standard input are left out.

    Args:
        inputs: The inputs named by the user.
        corpus: The documents.
        documents: The documents as units.
    """
    contents = documents.column("content")
    names, paths = [], []
    for file, place in _placed(_files(corpus), inputs):
        texts = contents[file.first : file.first + file.documents]
        names.append(f"{hashlib.blake2b(texts.tobytes(), digest_size=16).hexdigest()} {place}")
        paths.append(file.path)
    return dict(zip(hash_strings(pa.array(names, pa.large_string())).tolist(), paths, strict=True))


def _placed(files: Iterable[_File], inputs: Sequence[Input]) -> Iterator[tuple[_File, str]]:
    """Yield each file with its place, whatever the current folder and the spelling of its path."""
    named, folders = named_paths(inputs), dict[str, str]()
    root, is_only = "", len(inputs) == 1 and len(named) == 1
    if is_only:  # the paths are relative to the only input
        is_folder = parse_remote(named[0]) is not None or Path(named[0]).is_dir()
        root = named[0] if is_folder else str(Path(named[0]).parent)
    for file in files:
        if len(named) < len(inputs) and _NO_FILE.fullmatch(file.path):
            continue
        place = f"{root}/{file.path}" if is_only else file.path
        if parse_remote(place) is None:
            place = path_text(real_path(place, folders))
        yield file, place


def _files(corpus: Corpus) -> Iterator[_File]:
    """Yield the files, and other inputs, in order."""
    paths = (path for _, batch in corpus.batches(["path"]) for path in batch.column(0).to_pylist())
    first = 0
    for path, rows in groupby(paths):
        count = sum(1 for _ in rows)
        yield _File(path, first, count)
        first += count


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
        inputs = "The only input is" if len(files) == 1 else f"{len(known):,} of {len(files):,} inputs are"
        raise InputError(
            f"{inputs} already in the index {name}, with the same path and content: {listed}. Nothing was added. Name "
            "only new ones, or add them once more with --again."
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
    is_made = pc.or_(pc.fill_null(is_made, False), pc.and_(pc.equal(paths, "-"), pc.is_null(rows)))  # standard input
    return pc.if_else(is_made, pa.scalar(None, pa.large_string()), ids)


def note_known_ids(ids: KeyRows, snapshot: IndexSnapshot, corpus: Corpus, first_doc: int) -> None:
    """Add a note to a corpus on the ids that an index already has.

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
        corpus.add_note(f"{have} an id that the index already has, such as {example!r}")
