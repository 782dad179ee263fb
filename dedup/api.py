"""The commands as functions. Everything heavy is imported when a function is called, not before."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict, TypeVar, Unpack

from dedup.errors import SettingsError
from dedup.model import Run, Scan, Watch
from dedup.settings import Paragraphs, ParagraphsBy, Reading, Resources, Settings, Unit, parse_size

if TYPE_CHECKING:
    import datasketch
    import pyarrow as pa

    from dedup.evidence import Explanation
    from dedup.unpack import Restored


class ArrowStream(Protocol):
    """A table of any library that speaks Arrow: pyarrow, Polars, pandas 3, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the table as a stream of Arrow."""


Input = str | os.PathLike[str] | ArrowStream
Inputs = Input | Sequence[Input]


class Options(TypedDict, total=False):
    """What `scan` and `clean` take beside their input; see `Settings`, `Reading` and `Resources`."""

    threshold: float
    shingle: int | tuple[int, int]
    """Tokens in a shingle, of documents and of paragraphs."""
    unit: Unit
    paragraphs: Paragraphs
    paragraphs_by: ParagraphsBy
    min_tokens: int
    keep: str
    permutations: int
    seed: int
    text_column: str | None
    id_column: str | None
    date_column: str | None
    outlet_column: str | None
    outlet_level: int | None
    html: Literal["all", "main"]
    workers: int
    memory: int | str
    temp_dir: str | os.PathLike[str]
    batch_bytes: int
    overwrite: bool
    watch: Watch


@dataclass(frozen=True)
class Cleaned:
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

    def _table(self, name: str) -> "pa.Table":
        import pyarrow.parquet as pq

        if self.out is not None and name not in self._tables:
            self._tables[name] = pq.read_table(self.out / f"{name}.parquet")
        return self._tables[name]


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
        _listed(inputs),
        Path(out) if out is not None else None,
        groups=groups,
        **_sorted({"paragraphs": "all", **options}),
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
    import tempfile

    import pyarrow.parquet as pq

    from dedup import flow

    if out is not None:
        return Cleaned(flow.clean(_listed(inputs), Path(out), **_sorted(dict(options))), Path(out))
    with tempfile.TemporaryDirectory(prefix="dedup-") as temp:
        folder = Path(temp) / "out"
        run = flow.clean(_listed(inputs), folder, **_sorted(dict(options)))
        names = ("clean", "removed", "pairs")
        return Cleaned(run, None, {name: pq.read_table(folder / f"{name}.parquet") for name in names})


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


def _listed(inputs: Inputs) -> list[Input]:
    if isinstance(inputs, (str, os.PathLike)) or hasattr(inputs, "__arrow_c_stream__"):
        return [inputs]
    return list(inputs)


T = TypeVar("T")


def _sorted(options: dict[str, Any]) -> dict[str, Any]:
    """Sort options into settings, reading and resources, and check them."""
    shingle = options.pop("shingle", None)
    if shingle is not None:
        both = (shingle, shingle) if isinstance(shingle, int) else tuple(shingle)
        if len(both) != 2:
            raise SettingsError(f"--shingle is {shingle}; give one number, or two: of documents and of paragraphs.")
        options["shingle_documents"], options["shingle_paragraphs"] = both
    if "memory" in options and isinstance(options["memory"], str):
        options["memory"] = parse_size(options["memory"])
    if "temp_dir" in options:
        options["temp_dir"] = Path(options["temp_dir"])
    sorted_options = {
        "settings": _take(Settings, options),
        "reading": _take(Reading, options),
        "resources": _take(Resources, options),
        "overwrite": options.pop("overwrite", False),
        "watch": options.pop("watch", None) or Watch(),
    }
    if options:
        raise SettingsError(f"There is no option {next(iter(options))!r}; see help(dedup.Options).")
    return sorted_options


def _take(kind: type[T], options: dict[str, Any]) -> T:
    names = {item.name for item in fields(kind)} & options.keys()  # type: ignore[arg-type]  # three dataclasses
    return kind(**{name: options.pop(name) for name in names})
