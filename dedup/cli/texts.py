"""Read the texts of `dedup diff` and `dedup analyze`: files, or documents of a corpus or of an output folder."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.corpus.compression import HEAD_BYTES, is_compressed
from dedup.corpus.encodings.decode import decode
from dedup.corpus.formats.detect import detect_format, is_plain_text, may_be_text
from dedup.corpus.report import Unreadable
from dedup.errors import InputError
from dedup.outputs.files import OUTPUT_NAMES, TEXTS_FILE
from dedup.outputs.lookup import find_document
from dedup.outputs.reader import command_of, read_run, read_tables
from dedup.outputs.restore import restore
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath, parse_path
from dedup.runtime.workspace import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.corpus import Corpus

# First bytes from which the format of a file is detected.
_DETECTED_BYTES = 1 << 20


def read_text(path: str) -> str:
    """Read the only document of a file, or of standard input for "-".

    Raises:
        DedupError: It cannot be read, or has several documents.
    """
    return _read_file(path if path == "-" else parse_path(path), "Write one of them to a file.")


def read_two_texts(left: str, right: str, folder: AnyPath | None) -> tuple[tuple[str, str], tuple[str, str]]:
    """Read two texts and their titles.

    Args:
        left: Path of a file; or, with a folder, a document in it: its id, its rank such as "#7", its path, or the
            beginning or end of its path.
        right: The same for the other text.
        folder: Folder or file with documents, or a folder written by `clean` or `align`.

    Returns:
        Left and right text, and left and right title.

    Raises:
        DedupError: A text cannot be found or read.
    """
    if folder is None:
        texts = [
            _read_file(parse_path(name), f"Name two of them: dedup diff --in {name} ID ID") for name in (left, right)
        ]
        return (texts[0], texts[1]), (left, right)
    with local_copy(folder, OUTPUT_NAMES) as local:
        return _read_from_folder(left, right, folder, local)


def _read_from_folder(left: str, right: str, named: AnyPath, folder: Path) -> tuple[tuple[str, str], tuple[str, str]]:
    """Read two texts of a folder.

    Args:
        left: A document in it; see `read_two_texts`.
        right: The same for the other text.
        named: The folder or file as the user named it.
        folder: Local copy of its files, if it was written by `dedup` and is in an object store.
    """
    command = command_of(folder)
    if command == "clean":
        return _read_cleaned(folder, left, right)
    if command == "align":
        return _read_aligned(folder, left, right)
    if command is not None:
        raise InputError(
            f"{named} was written by dedup {command} and has no texts. Name the input of that command instead."
        )
    from dedup.corpus import open_corpus

    with temporary_folder() as temp:
        corpus = open_corpus([named], temp=temp)
        docs = [find_document(lambda: _documents(corpus), name, str(named)) for name in (left, right)]
        return _select(corpus.batches(["id", "text"]), docs)


def _read_file(path: AnyPath | str, advice: str) -> str:
    """Read the only document of a file; `advice` says what to do if there are several."""
    text = _read_plain_text(path) if isinstance(path, Path) else None
    if text is not None:
        return text
    from dedup.corpus import open_corpus
    from dedup.render.format import count

    with temporary_folder() as temp:
        corpus = open_corpus([path], temp=temp)
        if (isinstance(path, Path) and path.is_dir()) or corpus.rows != 1:
            raise InputError(f"{path} contains {count(corpus.rows, 'document')}. {advice}")
        return next(batch["text"][0].as_py() or "" for _, batch in corpus.batches(["text"]))


def _read_plain_text(path: Path) -> str | None:
    """Return the text of a local file that is plain text, as `open_corpus` reads it; None for any other file.

    To open a corpus imports Arrow, and pandas if it is installed, which takes longer than a comparison.
    """
    name = os.fsencode(path.name)
    if not may_be_text(name) or not path.is_file():
        return None
    try:
        content = path.read_bytes()
        return decode(content).text if content and _is_text(name, content) else None
    except (OSError, Unreadable):
        return None


def _is_text(name: bytes, content: bytes) -> bool:
    """Return whether a file is plain text without front matter that is not compressed."""
    if is_plain_text(name, content):
        return True
    return not is_compressed(content[:HEAD_BYTES]) and detect_format(name, content[:_DETECTED_BYTES]).kind == "text"


def _read_cleaned(folder: Path, left: str, right: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Read the originals of two documents of an output of `clean`."""
    from dedup.duplicates.explain import documents_of

    docs = [find_document(lambda: documents_of(folder), name, str(folder)) for name in (left, right)]
    return _select(_split_rows(restore(folder, sorted({*docs}))), docs)


def _read_aligned(folder: Path, left: str, right: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Read two documents of the stories in an output of `align`."""
    read_run(folder)
    names = partial(read_tables, folder / TEXTS_FILE, ["doc", "id", "path"])
    docs = [find_document(names, name, f"the stories of {folder}") for name in (left, right)]
    tables = read_tables(folder / TEXTS_FILE, docs=sorted({*docs}))
    return _select(_split_rows(batch for table in tables for batch in table.to_batches()), docs)


def _split_rows(batches: Iterable["pa.RecordBatch"]) -> Iterator[tuple[int, "pa.RecordBatch"]]:
    """Yield the value of the column doc of each row, and a batch with only this row."""
    for batch in batches:
        for row in range(batch.num_rows):
            yield batch["doc"][row].as_py(), batch.slice(row, 1)


def _documents(corpus: "Corpus") -> Iterator["pa.Table"]:
    """Yield the columns doc, id and path of a corpus."""
    import pyarrow as pa

    for first, batch in corpus.batches(["id", "path"]):
        ranks = pa.array(range(first, first + batch.num_rows), pa.int64())
        yield pa.table({"doc": ranks, "id": batch["id"], "path": batch["path"]})


def _select(
    batches: Iterator[tuple[int, "pa.RecordBatch"]], docs: list[int]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the texts and the titles of two documents.

    Args:
        batches: Rank of the first document of each batch, and the batch with the columns id and text.
        docs: Ranks of both documents; they may be equal.
    """
    documents: dict[int, tuple[str, str]] = {}
    for first, batch in batches:
        for doc in {*docs}:
            if first <= doc < first + batch.num_rows:
                name = batch["id"][doc - first].as_py()
                documents[doc] = batch["text"][doc - first].as_py() or "", f"#{doc}" if name is None else name
    left, right = (documents[doc] for doc in docs)
    return (left[0], right[0]), (left[1], right[1])
