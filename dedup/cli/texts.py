"""What a person names to its text: a file, or a document of a folder, of a table, or of what a run left."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.corpus import Corpus, open_corpus
from dedup.errors import InputError
from dedup.outputs.lookup import find
from dedup.outputs.reader import TEXTS, command_of, groups, read_run
from dedup.outputs.restore import restore
from dedup.runtime.workspace import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa


def two_texts(left: str, right: str, folder: Path | None) -> tuple[tuple[str, str], tuple[str, str]]:
    """Read two texts.

    Args:
        left: A file; or with a folder the name of a document in it: its id, its rank as "#7", or its path or how
            that begins or ends.
        right: Another.
        folder: A folder or file of articles, or what `clean` or `align` wrote.

    Returns:
        The texts, and what they are called.

    Raises:
        DedupError: One cannot be read, or is not there.
    """
    if folder is None:
        one, other = _of_file(Path(left)), _of_file(Path(right))
        return (one, other), (left, right)
    command = command_of(folder)
    if command == "clean":
        return _of_cleaned(folder, left, right)
    if command == "align":
        return _of_stories(folder, left, right)
    if command is not None:
        raise InputError(f"{folder} was written by dedup {command}: it has no texts. Name the folder of the articles.")
    with temporary_folder() as temp:
        corpus = open_corpus([folder], temp=temp)
        docs = [find(lambda: _documents(corpus), name, str(folder))[0] for name in (left, right)]
        return _chosen(corpus.batches(["id", "text"]), docs)


def _of_file(path: Path) -> str:
    with temporary_folder() as temp:
        corpus = open_corpus([path], temp=temp)
        if path.is_dir() or corpus.rows != 1:
            raise InputError(f"{path} holds {corpus.rows:,} documents; name two of them: dedup diff --in {path} ID ID")
        return next(batch["text"][0].as_py() or "" for _, batch in corpus.batches(["text"]))


def _of_cleaned(folder: Path, left: str, right: str) -> tuple[tuple[str, str], tuple[str, str]]:
    from dedup.duplicates.explain import documents_of

    docs = [find(lambda: documents_of(folder), name, str(folder))[0] for name in (left, right)]
    rows = (batch.slice(row, 1) for batch in restore(folder, sorted({*docs})) for row in range(batch.num_rows))
    return _chosen(((row["doc"][0].as_py(), row) for row in rows), docs)


def _of_stories(folder: Path, left: str, right: str) -> tuple[tuple[str, str], tuple[str, str]]:
    read_run(folder)
    names = partial(groups, folder / TEXTS, ["doc", "id", "path"])
    docs = [find(names, name, f"the stories of {folder}")[0] for name in (left, right)]
    tables = groups(folder / TEXTS, docs=sorted({*docs}))
    rows = (batch.slice(row, 1) for table in tables for batch in table.to_batches() for row in range(batch.num_rows))
    return _chosen(((row["doc"][0].as_py(), row) for row in rows), docs)


def _documents(corpus: Corpus) -> Iterator["pa.Table"]:
    """Read the names of all documents of a corpus."""
    import pyarrow as pa

    for first, batch in corpus.batches(["id", "path"]):
        ranks = pa.array(range(first, first + batch.num_rows), pa.int64())
        yield pa.table({"doc": ranks, "id": batch["id"], "path": batch["path"]})


def _chosen(
    batches: Iterator[tuple[int, "pa.RecordBatch"]], docs: list[int]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Take the texts of two documents, and what they are called."""
    found: dict[int, tuple[str, str]] = {}
    for first, batch in batches:
        for doc in {*docs}:
            if first <= doc < first + batch.num_rows:
                name = batch["id"][doc - first].as_py()
                found[doc] = batch["text"][doc - first].as_py() or "", f"#{doc}" if name is None else name
    left, right = (found[doc] for doc in docs)
    return (left[0], right[0]), (left[1], right[1])
