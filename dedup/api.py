"""The commands as functions. Everything heavy is imported when a function is called, not before."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from dedup.options import InputOptions, Inputs, Options, listed, sort_options
from dedup.results import Aligned, Cleaned, Scan, written
from dedup.runtime.progress import Progress
from dedup.settings import Settings

if TYPE_CHECKING:
    import datasketch
    import pyarrow as pa

    from dedup.alignment.diff import Diff
    from dedup.duplicates.explain import Explanation
    from dedup.outputs.restore import Restored


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
    from dedup.duplicates import pipeline as flow

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
    from dedup.duplicates import pipeline as flow

    chosen, names = sort_options({**options}), ("clean", "removed", "pairs")
    return Cleaned(*written(out, names, lambda folder: flow.clean(listed(inputs), folder, **chosen)))


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
    from dedup.outputs import restore as originals

    yield from originals.restore(Path(out))


def restore_to(out: str | os.PathLike[str], folder: str | os.PathLike[str], *, overwrite: bool = False) -> "Restored":
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
    from dedup.outputs import restore as unpack

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
    from dedup.duplicates import explain as evidence

    return evidence.explain(Path(out), name)


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
    >>> [(document.id, document.cites, document.facts[:2]) for document in aligned.found.stories[0].documents]
    [('a', ('NHK',), ('Russie', '25000')), ('b', (), ('Russie', '25000'))]
    """
    from dedup.stories import pipeline as aligning

    chosen = {**sort_options({**options}), "stories": stories, "language": language}
    del chosen["settings"]
    return Aligned(*written(out, ("stories", "links"), lambda folder: aligning.align(listed(inputs), folder, **chosen)))


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
    from dedup.alignment import diff as difference

    return difference.diff(left, right, language)


def page(found: "Diff", names: tuple[str, str] = ("A", "B")) -> str:
    """Draw an alignment as one HTML page that needs nothing else.

    Args:
        found: What `diff` found.
        names: What to call the left and the right text.

    >>> drawn = page(diff("It rains. The council voted.", "The council voted."), ("one.txt", "other.txt"))
    >>> "<title>one.txt and other.txt" in drawn
    True
    """
    from dedup.render.html.diff import draw_comparison

    return draw_comparison(found, names)


def report(
    outs: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    to: str | os.PathLike[str] = "report.html",
    *,
    passages: int = 20_000,
    stories: int = 1_000,
    diffs: int = 250,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Draw what runs left as one HTML page that needs nothing else.

    Args:
        outs: Folders that `clean`, `align` or `scan` wrote.
        to: The file to write; a page that `dedup` wrote there before is replaced.
        passages: How many removed passages to show of a folder, those of the largest groups.
        stories: How many stories to show of a folder, those of most documents.
        diffs: How many pairs of documents of stories to align, the best linked of each story first.
        overwrite: Replace any file.
        progress: Who is told how it goes.

    Raises:
        DedupError: A folder is no such one or damaged, or the file cannot be written.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaned = clean(pa.table({"text": ["The same words again.", "The same words again."]}), f"{folder}/out")
    ...     "The same words again." in report(cleaned.out, f"{folder}/report.html").read_text("utf-8")
    True
    """
    from dedup.render.html.page import check_target, write_page
    from dedup.render.html.report import draw_report
    from dedup.reports.gather import gather

    target = Path(to)
    check_target(target, overwrite=overwrite)
    progress = progress or Progress()
    folders = [outs] if isinstance(outs, (str, os.PathLike)) else list(outs)
    try:
        gathered = gather(list(map(Path, folders)), passages=passages, stories=stories, diffs=diffs, progress=progress)
        progress.step("draw")
        page = draw_report(gathered)
    finally:
        progress.close()
    write_page(page, target, overwrite=overwrite)
    return target


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

    from dedup.duplicates import signatures as sketch

    settings = Settings(shingle_documents=shingle, permutations=permutations, seed=seed)
    return datasketch.MinHash(
        num_perm=permutations,
        seed=seed,
        scheme="affine32",
        hashvalues=sketch.signature(text, settings.shingle_documents, settings.permutations, settings.seed),
    )
