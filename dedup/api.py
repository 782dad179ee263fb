"""The commands as Python functions. Slow imports are deferred until a function is called."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from dedup.errors import SettingsError
from dedup.options import (
    InputOptions,
    Inputs,
    RunOptions,
    Texts,
    TuneOptions,
    list_inputs,
    make_request,
    show_options,
    take_engine,
)
from dedup.outputs.files import OUTPUT_NAMES
from dedup.outputs.loaded import Aligned, Cleaned, load_cleaned, load_tables
from dedup.results import Scan, destination
from dedup.runtime.progress import Progress
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import parse_local, parse_path
from dedup.runtime.views.display import Displayed, draw_with
from dedup.settings import Settings, Tokens, check_flag, check_number, check_text, option_name

if TYPE_CHECKING:
    import datasketch
    import pyarrow as pa

    from dedup.alignment.diff import Diff
    from dedup.duplicates.explain import Explanation
    from dedup.duplicates.tuning.results import Tuning
    from dedup.outputs.unpack import Restored
    from dedup.text.found import TextAnalysis

_ALIGN_TABLES = ("stories", "links", "outlets")
# Why `tune` refuses options of `clean`.
_NOT_IN_TUNE = {
    "threshold": "It compares all thresholds from 0.5 to 0.95.",
    "exact": "Identical texts are removed at every threshold.",
    **dict.fromkeys(("contained", "contained_share"), "What contains a document of a reference is always removed."),
    "against": "Put the reference before the corpus, as an input, to see what both repeat.",
}


def _draw(result: Displayed) -> str | None:
    """Return a result as HTML for a notebook."""
    from dedup.render.html.notebook import draw_result

    return draw_result(result)


draw_with(_draw)


@show_options(RunOptions, paragraphs="all")
def scan(
    inputs: "Inputs | None" = None,
    out: str | os.PathLike[str] | None = None,
    *,
    texts: Texts | None = None,
    groups: int = 10,
    **options: Unpack[RunOptions],
) -> Scan:
    """Report duplicates in a corpus.

    Args:
        inputs: Paths of files and folders, local or such as "s3://bucket/folder"; "-" for standard input; "@" and the
            path of a list of paths; or tables. One input or a sequence of inputs.
        out: Folder, local or in an object store, for ``pairs.parquet`` and ``run.json``; None writes nothing.
        texts: Texts in place of `inputs`: each a `str`, or a mapping such as ``{"id": "a", "text": "It rained."}``.
        groups: Number of groups of duplicates to describe, largest first.
        options: As of ``dedup scan --help``; `RunOptions` lists them.

    Returns:
        Counts of the duplicates and the largest groups.

    Raises:
        DedupError: The input, an option or the output folder cannot be used.

    >>> texts = ["one two three four five six", "One, two, three, four, five, six!", "something else"]
    >>> scan(texts=texts).run.removed["documents"].near
    1
    """
    from dedup.duplicates import pipeline
    from dedup.index.references import open_references

    check_number("--groups", groups, 0)
    # With `contained`, documents are removed as by `clean`, unless their paragraphs are to be cut out.
    usual = "all" if options.get("contained") is None else Settings.paragraphs
    chosen: dict[str, Any] = {"paragraphs": usual, **options}
    engine = take_engine(chosen)
    request, listed = make_request(chosen), list_inputs(inputs, texts)
    folder = None if out is None else parse_path(out, "The output folder")
    if engine is not None:
        from dedup.index import distributed

        return distributed.scan(listed, folder, request, engine, groups)
    return pipeline.scan(listed, folder, request, groups, open_references(listed, request, folder))


@show_options(RunOptions)
def clean(
    inputs: "Inputs | None" = None,
    out: str | os.PathLike[str] | None = None,
    *,
    texts: Texts | None = None,
    **options: Unpack[RunOptions],
) -> Cleaned:
    """Remove duplicates from a corpus and keep the evidence.

    Args:
        inputs: Paths of files and folders, local or such as "s3://bucket/folder"; "-" for standard input; "@" and the
            path of a list of paths; or tables. One input or a sequence of inputs.
        out: Folder to write, local or in an object store; None keeps the tables in memory.
        texts: Texts in place of `inputs`: each a `str`, or a mapping such as ``{"id": "a", "text": "It rained."}``.
        options: As of ``dedup clean --help``; `RunOptions` lists them.

    Returns:
        The run and the tables of kept documents, removed units and verified pairs.

    Raises:
        DedupError: The input, an option or the output folder cannot be used.

    >>> cleaned = clean(texts=[{"id": "a", "text": "The same again."}, {"id": "b", "text": "The same again."}])
    >>> cleaned.clean["id"].to_pylist(), cleaned.removed["kept_id"].to_pylist()
    (['a'], ['a'])
    """
    from dedup.duplicates import pipeline
    from dedup.index.references import open_references

    chosen: dict[str, Any] = {**options}
    engine = take_engine(chosen)
    request, listed = make_request(chosen), list_inputs(inputs, texts)
    target = None if out is None else parse_path(out, "The output folder")
    with destination(out, request.resources.temp_dir) as folder:
        if engine is not None:
            from dedup.index import distributed

            run = distributed.clean(listed, folder, request, engine)
        else:
            run = pipeline.clean(listed, folder, request, open_references(listed, request, target))
        return load_cleaned(run, folder, out)


@show_options(TuneOptions)
def tune(
    inputs: "Inputs | None" = None,
    *,
    texts: Texts | None = None,
    sample: int | None = None,
    examples: int = 3,
    **options: Unpack[TuneOptions],
) -> "Tuning":
    """Show what each threshold from 0.5 to 0.95 would remove, with pairs that only just reach it.

    The corpus is read and sketched once. The counts are those of `clean` with that threshold.

    Args:
        inputs: Paths of files and folders, local or such as "s3://bucket/folder"; "-" for standard input; "@" and the
            path of a list of paths; or tables. One input or a sequence of inputs.
        texts: Texts in place of `inputs`: each a `str`, or a mapping such as ``{"id": "a", "text": "It rained."}``.
        sample: Number of documents to draw at random and compare; the results are then estimates with intervals. None
            compares all.
        examples: Number of pairs to show for each threshold.
        options: As of ``dedup tune --help``; `TuneOptions` lists them.

    Returns:
        What each threshold removes.

    Raises:
        DedupError: The input or an option cannot be used.

    >>> texts = ["one two three four five six seven", "one two three four five six eight", "something else"]
    >>> tuned = tune(texts=texts, min_tokens=0)
    >>> [(item.threshold, item.removed.documents) for item in tuned.thresholds][:2]
    [(0.5, 1), (0.55, 0)]
    """
    from dedup.duplicates.tuning import runs

    if sample is not None:
        check_number("--sample", sample, 1)
    check_number("--examples", examples, 0)
    for name, reason in _NOT_IN_TUNE.items():
        if options.get(name) is not None:
            raise SettingsError(f"{option_name(name)} cannot be used with tune. {reason}")
    return runs.tune(list_inputs(inputs, texts), make_request(options), sample, examples)


def restore(out: str | os.PathLike[str]) -> Iterator["pa.RecordBatch"]:
    """Rebuild the original documents from an output of `clean`.

    Documents are streamed in order of rank, so memory does not grow with the corpus.

    Args:
        out: Folder written by `clean`.

    Yields:
        Record batches with doc, id, path, row, the original text, and the other columns of the input.

    Raises:
        DedupError: The folder was not written by `clean`, or it is damaged.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaned = clean(pa.table({"text": ["The same words again.", "The same words again."]}), f"{folder}/out")
    ...     [text for batch in restore(cleaned.out) for text in batch["text"].to_pylist()]
    ['The same words again.', 'The same words again.']
    """
    from dedup.outputs import restore as restoring

    with local_copy(parse_path(out), OUTPUT_NAMES) as folder:
        yield from restoring.restore(folder)


def restore_to(out: str | os.PathLike[str], folder: str | os.PathLike[str], *, overwrite: bool = False) -> "Restored":
    """Write the original documents to files: each file to its path, the rows of each table to a ".jsonl" file.

    Args:
        out: Folder written by `clean`.
        folder: Folder to write to; created if it does not exist.
        overwrite: Replace existing files.

    Returns:
        Number of files and names of the tables written.

    Raises:
        DedupError: OUT was not written by `clean`, a file exists, or a path points outside the folder.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = clean(pa.table({"text": ["one", "two"]}), f"{folder}/out")
    ...     restore_to(f"{folder}/out", f"{folder}/back").tables
    ('table.jsonl',)
    """
    from dedup.outputs import unpack

    check_flag("overwrite", overwrite)
    target = parse_local(folder, "The folder to restore to")
    with local_copy(parse_path(out), OUTPUT_NAMES) as local:
        return unpack.restore_to(local, target, overwrite=overwrite)


def explain(out: str | os.PathLike[str], name: str) -> list["Explanation"]:
    """Return the evidence for a document: why it was kept or removed, and which of its paragraphs were removed.

    Args:
        out: Folder written by `clean`.
        name: Id of the document; or its rank as "#7"; or its path, or the beginning or end of its path or file name.

    Returns:
        One explanation for each document with that id.

    Raises:
        DedupError: The folder was not written by `clean`, or the name is not an id and matches no document, or several.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> table = pa.table({"id": ["a", "b"], "text": ["The same words again.", "The same words again."]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaned = clean(table, f"{folder}/out")
    ...     [b] = explain(cleaned.out, "b")
    >>> b.kept, b.passages[0].kept.id
    (False, 'a')
    """
    from dedup.duplicates import explain as explaining

    check_text("name", name)
    with local_copy(parse_path(out), OUTPUT_NAMES) as folder:
        return explaining.explain(folder, name)


@show_options(InputOptions)
def align(
    inputs: "Inputs | None" = None,
    out: str | os.PathLike[str] | None = None,
    *,
    texts: Texts | None = None,
    stories: int | None = None,
    language: str | None = None,
    csv: bool = False,
    **options: Unpack[InputOptions],
) -> Aligned:
    """Find the documents that report the same story, and align their sentences.

    Args:
        inputs: Paths of files and folders, local or such as "s3://bucket/folder"; "-" for standard input; "@" and the
            path of a list of paths; or tables. One input or a sequence of inputs.
        out: Folder for ``stories.parquet``, ``links.parquet``, ``outlets.parquet``, ``texts.parquet`` and
            ``run.json``; None keeps the tables in memory.
        texts: Texts in place of `inputs`: each a `str`, or a mapping such as ``{"id": "a", "text": "It rained."}``.
        stories: Number of stories to describe, those with the most evidence first; None describes all. The tables have
            all stories in any case, and take less memory.
        language: ISO 639-1 code of all documents; None detects the language of each document. Of documents in different
            languages only the sentences with the same words are aligned; a note of the run has the number of pairs.
        csv: Write the tables as CSV too, in UTF-8 with a byte order mark; lists and structs are JSON in a cell, and
            text that a spreadsheet would run as a formula begins with an apostrophe. It needs `out`.
        options: As of ``dedup align --help``; `InputOptions` lists them.

    Returns:
        The stories and the tables of story documents, links and pairs of outlets.

    Raises:
        DedupError: The input, an option or the output folder cannot be used.

    >>> left = "Selon NHK, la Russie attend 25 000 ouvriers nord-coréens dans son usine de drones de Lelabouga."
    >>> right = "Environ 25.000 ouvriers nord-coréens travaillent à l'usine de drones d'Alabuga, en Russie."
    >>> aligned = align(texts=[{"id": "a", "text": left}, {"id": "b", "text": right}])
    >>> [(document.id, document.cites, document.facts[:2]) for document in aligned.stories[0].documents]
    [('a', ('NHK',), ('Russie', '25000')), ('b', (), ('Russie', '25000'))]
    """
    from dedup.stories import pipeline

    if stories is not None:
        check_number("--stories", stories, 0)
    check_flag("--csv", csv)
    if csv and out is None:
        raise SettingsError("--csv needs -o: nothing is written without it. Add -o, or remove --csv.")
    request = make_request(options, settings=False)
    with destination(out, request.resources.temp_dir) as folder:
        result = pipeline.align(
            list_inputs(inputs, texts), folder, request, language=language, stories=stories, csv=csv
        )
        return Aligned(result, folder) if out is not None else Aligned(result, None, load_tables(folder, _ALIGN_TABLES))


def diff(left: str, right: str, language: str | None = None) -> "Diff":
    """Align the sentences of two texts, and the words of aligned sentences.

    Args:
        left: The left text.
        right: The right text.
        language: ISO 639-1 code of both texts; None detects it. If the texts are found to be in different languages,
            only the sentences with the same words are aligned.

    Returns:
        Aligned pairs, shared and conflicting facts, and credited sources.

    Raises:
        SettingsError: The language is not a code of two or three letters.

    >>> found = diff("It rains. The council voted to build a bridge.", "For a bridge the council voted.")
    >>> [(pair.kind, pair.left, pair.right) for pair in found.pairs]
    [('heavy', Span(start=10, end=46), Span(start=0, end=31))]
    """
    from dedup.alignment import diff as aligning

    check_text("left", left)
    check_text("right", right)
    return aligning.diff(left, right, language)


def analyze(text: str, language: str | None = None) -> "TextAnalysis":
    """Read the sentences, facts and credited sources of a text.

    Args:
        text: Any text.
        language: ISO 639-1 code; None detects it.

    Returns:
        Language, sentences, facts and credits.

    Raises:
        SettingsError: The language is not a code of two or three letters.

    >>> found = analyze("According to Reuters, 25,000 workers arrived on 8 October 2024.")
    >>> [(fact.kind, fact.value, fact.noun) for fact in found.facts]
    [('name', 'Reuters', ''), ('number', '25000', 'workers'), ('date', '2024-10-08', '')]
    >>> [credit.source for credit in found.credits]
    ['Reuters']
    """
    from dedup.text.analysis import analyse, describe
    from dedup.text.language import check_language_code

    check_language_code(language)
    return describe(analyse(text, language))


def page(found: "Diff", names: tuple[str, str] = ("A", "B")) -> str:
    """Render an alignment of two texts as one self-contained HTML page.

    Args:
        found: Result of `diff`.
        names: Titles of the left and the right text.

    Returns:
        The HTML of the page.

    >>> html = page(diff("It rains. The council voted.", "The council voted."), ("one.txt", "other.txt"))
    >>> "<title>one.txt and other.txt" in html
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
    """Write one self-contained HTML page of results.

    Args:
        outs: One folder or several folders written by `clean`, `align` or `scan`.
        to: File to write. An existing page of dedup is replaced.
        passages: Number of removed passages to show per folder, those of the largest groups first.
        stories: Number of stories to show per folder, those with the most evidence first.
        diffs: Number of document pairs to align per folder, the pair with the most links of each story first.
        overwrite: Replace any existing file.
        progress: Receives the progress of the run.

    Returns:
        Path of the page.

    Raises:
        DedupError: A folder was not written by dedup or is damaged, or the file cannot be written.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaned = clean(pa.table({"text": ["The same words again.", "The same words again."]}), f"{folder}/out")
    ...     "The same words again." in report(cleaned.out, f"{folder}/report.html").read_text("utf-8")
    True
    """
    from dedup.render.html.writing import write_report

    for name, number in (("--passages", passages), ("--stories", stories), ("--diffs", diffs)):
        check_number(name, number, 0)
    check_flag("overwrite", overwrite)
    target = parse_local(to, "The page")
    folders = list(map(parse_path, [outs] if isinstance(outs, (str, os.PathLike)) else outs))
    limits = {"passages": passages, "stories": stories, "diffs": diffs}
    write_report(folders, folders, target, overwrite=overwrite, progress=progress or Progress(), **limits)
    return target


def minhash(
    text: str, *, shingle: int = 5, permutations: int = 216, seed: int = 1, tokens: Tokens = "words"
) -> "datasketch.MinHash":
    """Compute the MinHash signature of a text as a datasketch object.

    Args:
        text: Any text.
        shingle: Tokens in a shingle.
        permutations: Length of the signature.
        seed: Seed of the permutations, in [0, 2**32).
        tokens: "words", or "signs": words as they are written, and each punctuation mark and symbol.

    Returns:
        The signature in datasketch's scheme "affine32".

    Raises:
        SettingsError: An argument is out of range.

    >>> minhash("one two three four five six").jaccard(minhash("One two, three four, five six."))
    1.0
    """
    import datasketch

    from dedup.duplicates.sketches import signatures

    check_text("text", text)
    settings = Settings(shingle_documents=shingle, permutations=permutations, seed=seed, tokens=tokens)
    return datasketch.MinHash(
        num_perm=permutations,
        seed=seed,
        scheme="affine32",
        hashvalues=signatures.signature(text, shingle, permutations, seed, settings.by_signs),
    )
