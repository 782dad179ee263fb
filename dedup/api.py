"""The commands as functions. Everything heavy is imported when a function is called, not before."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, Unpack

from dedup.model import Run, Scan, Stories
from dedup.options import InputOptions, Inputs, Options, listed, sort_options
from dedup.settings import Settings

if TYPE_CHECKING:
    import datasketch
    import pyarrow as pa

    from dedup.difference import Diff
    from dedup.evidence import Explanation
    from dedup.unpack import Restored

T = TypeVar("T")


class _Written:
    """A result whose tables are in memory, or in the folder that was written."""

    out: Path | None
    _tables: dict[str, "pa.Table"]

    def _table(self, name: str) -> "pa.Table":
        import pyarrow.parquet as pq

        if self.out is not None and name not in self._tables:
            self._tables[name] = pq.read_table(self.out / f"{name}.parquet")
        return self._tables[name]


@dataclass(frozen=True)
class Cleaned(_Written):
    """What `clean` made; tables that were written to a folder are read from there when asked for."""

    run: Run
    """What happened."""
    out: Path | None
    """The folder that was written, if one was named."""
    _tables: dict[str, "pa.Table"] = field(default_factory=dict, repr=False)

    @property
    def clean(self) -> "pa.Table":
        """The documents that stay."""
        return self._table("clean")

    @property
    def removed(self) -> "pa.Table":
        """The units taken out, with the evidence."""
        return self._table("removed")

    @property
    def pairs(self) -> "pa.Table":
        """The verified pairs."""
        return self._table("pairs")


def scan(
    inputs: Inputs, out: str | os.PathLike[str] | None = None, *, groups: int = 10, **options: Unpack[Options]
) -> Scan:
    """Find what is repeated, where and how much.

    Args:
        inputs: Paths of files and folders, "-" for standard input, tables; or a list of such.
        out: Folder for ``pairs.parquet`` and ``run.json``; none is written otherwise.
        groups: How many of the largest groups to describe.
        options: See `Options`; ``paragraphs`` is "all" by default.

    Raises:
        DedupError: The input, an option or the folder is not usable.

    >>> import pyarrow as pa
    >>> texts = ["one two three four five six", "One, two, three, four, five, six!", "something else"]
    >>> scan(pa.table({"text": texts})).run.removed["documents"].near
    1
    """
    from dedup import flow

    return flow.scan(
        listed(inputs),
        Path(out) if out is not None else None,
        groups=groups,
        **sort_options({"paragraphs": "all", **options}),
    )


def clean(inputs: Inputs, out: str | os.PathLike[str] | None = None, **options: Unpack[Options]) -> Cleaned:
    """Remove what is repeated, and keep the evidence.

    Args:
        inputs: Paths of files and folders, "-" for standard input, tables; or a list of such.
        out: Folder to write; without one the tables are only returned.
        options: See `Options`.

    Raises:
        DedupError: The input, an option or the folder is not usable.

    >>> import pyarrow as pa
    >>> table = pa.table({"id": ["a", "b"], "text": ["The same words again.", "The same words again."]})
    >>> cleaned = clean(table)
    >>> cleaned.clean["id"].to_pylist(), cleaned.removed["kept_id"].to_pylist()
    (['a'], ['a'])
    """
    from dedup import flow

    chosen, names = sort_options({**options}), ("clean", "removed", "pairs")
    return Cleaned(*_write(out, names, lambda folder: flow.clean(listed(inputs), folder, **chosen)))


def restore(out: str | os.PathLike[str]) -> Iterator["pa.RecordBatch"]:
    """Rebuild the originals from what `clean` left, by rank, without holding them all.

    Args:
        out: A folder that `clean` wrote.

    Yields:
        Documents: doc, id, path, row, text as it was read, and every other input column.

    Raises:
        DedupError: The folder is no such one, or damaged.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaned = clean(pa.table({"text": ["The same words again.", "The same words again."]}), f"{folder}/out")
    ...     [text for batch in restore(cleaned.out) for text in batch["text"].to_pylist()]
    ['The same words again.', 'The same words again.']
    """
    from dedup import originals

    yield from originals.restore(Path(out))


def restore_to(
    out: str | os.PathLike[str], folder: str | os.PathLike[str], *, overwrite: bool = False
) -> "Restored":
    """Write the originals to files again: documents to their paths, the rows of each table to a ".jsonl".

    Args:
        out: A folder that `clean` wrote.
        folder: Where to write; it may exist.
        overwrite: Replace files that are there.

    Raises:
        DedupError: OUT is no such folder, or a file is there already, or a path would leave the folder.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = clean(pa.table({"text": ["one", "two"]}), f"{folder}/out")
    ...     restore_to(f"{folder}/out", f"{folder}/back").tables
    ('table.jsonl',)
    """
    from dedup import unpack

    return unpack.restore_to(Path(out), Path(folder), overwrite=overwrite)


def explain(out: str | os.PathLike[str], name: str) -> list["Explanation"]:
    """Tell why a document was removed or kept, what was taken out of it and what stays in its place.

    Args:
        out: A folder that `clean` wrote.
        name: Its id; else its rank as "#7"; else its path, or how the path or the file name begins or ends.

    Returns:
        One explanation, or several where documents share the id.

    Raises:
        DedupError: The folder is no such one, or no document, or more than one, fits.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> table = pa.table({"id": ["a", "b"], "text": ["The same words again.", "The same words again."]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaned = clean(table, f"{folder}/out")
    ...     [b] = explain(cleaned.out, "b")
    >>> b.stays, b.passages[0].kept.id
    (False, 'a')
    """
    from dedup import evidence

    return evidence.explain(Path(out), name)


@dataclass(frozen=True)
class Aligned(_Written):
    """What `align` found; tables that were written to a folder are read from there when asked for."""

    found: Stories
    """The stories, and the run."""
    out: Path | None
    """The folder that was written, if one was named."""
    _tables: dict[str, "pa.Table"] = field(default_factory=dict, repr=False)

    @property
    def stories(self) -> "pa.Table":
        """The documents of each story."""
        return self._table("stories")

    @property
    def links(self) -> "pa.Table":
        """The links between sentences."""
        return self._table("links")


def align(
    inputs: Inputs,
    out: str | os.PathLike[str] | None = None,
    *,
    stories: int = 10,
    language: str | None = None,
    **options: Unpack[InputOptions],
) -> Aligned:
    """Find which documents report the same story, passage by passage.

    Args:
        inputs: Paths of files and folders, "-" for standard input, tables; or a list of such.
        out: Folder for ``stories.parquet``, ``links.parquet`` and ``run.json``; without one tables are only returned.
        stories: How many of the largest stories to tell.
        language: ISO 639-1 code of all documents; each one's is detected otherwise.
        options: See `InputOptions`.

    Raises:
        DedupError: The input, an option or the folder is not usable.

    >>> import pyarrow as pa
    >>> one = "Selon NHK, la Russie attend 25 000 ouvriers nord-coréens dans son usine de drones de Lelabouga."
    >>> other = "Environ 25.000 ouvriers nord-coréens travaillent à l'usine de drones d'Alabuga, en Russie."
    >>> aligned = align(pa.table({"id": ["a", "b"], "text": [one, other]}))
    >>> [(teller.id, teller.cites, teller.facts[:2]) for teller in aligned.found.stories[0].tellers]
    [('a', ('NHK',), ('Russie', '25000')), ('b', (), ('Russie', '25000'))]
    """
    from dedup import aligning

    chosen = {**sort_options({**options}), "stories": stories, "language": language}
    del chosen["settings"]
    return Aligned(*_write(out, ("stories", "links"), lambda folder: aligning.align(listed(inputs), folder, **chosen)))


def diff(left: str, right: str, language: str | None = None) -> "Diff":
    """Align two texts for reading: sentences, and inside them words.

    Args:
        left: One text.
        right: The other.
        language: ISO 639-1 code of both; it is detected otherwise.

    Raises:
        SettingsError: The language is no code of two or three letters.

    >>> one, other = "It rains. The council voted to build a bridge.", "For a bridge the council voted."
    >>> found = diff(one, other)
    >>> [(pair.kind, pair.left, pair.right) for pair in found.pairs]
    [('heavy', Span(start=10, end=46), Span(start=0, end=31))]
    """
    from dedup import difference

    return difference.diff(left, right, language)


def minhash(text: str, *, shingle: int = 5, permutations: int = 216, seed: int = 1) -> "datasketch.MinHash":
    """Make the signature of a text as datasketch has it, to compare or index there.

    Args:
        text: Any text.
        shingle: Tokens in a shingle.
        permutations: Length of the signature.
        seed: Seed of the permutations.

    Raises:
        SettingsError: A value makes no sense.

    >>> minhash("one two three four five six").jaccard(minhash("One two, three four, five six."))
    1.0
    """
    import datasketch

    from dedup import sketch

    settings = Settings(shingle_documents=shingle, permutations=permutations, seed=seed)
    return datasketch.MinHash(
        num_perm=permutations,
        seed=seed,
        scheme="affine32",
        hashvalues=sketch.signature(text, settings.shingle_documents, settings.permutations, settings.seed),
    )


def _write(
    out: str | os.PathLike[str] | None, names: Sequence[str], run: Callable[[Path], T]
) -> tuple[T, Path | None, dict[str, "pa.Table"]]:
    """Run what writes a folder; without one, write to a temporary folder and hold its tables."""
    import tempfile

    import pyarrow.parquet as pq

    if out is not None:
        return run(Path(out)), Path(out), {}
    with tempfile.TemporaryDirectory(prefix="dedup-") as temp:
        folder = Path(temp) / "out"
        made = run(folder)
        return made, None, {name: pq.read_table(folder / f"{name}.parquet") for name in names}
