"""Sketch a corpus: compute the signature, band keys and span of each document and paragraph."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.sketches.masking import mask
from dedup.duplicates.sketches.units import Units
from dedup.kernels import minhash, sketch
from dedup.kernels.sketch import SAME_TOKENS, Permutations, SketchSettings, UnitRows
from dedup.kernels.text import paragraphs
from dedup.kernels.text.folding import token_tables
from dedup.kernels.text.tokens import tokenise_document
from dedup.runtime.arrow import buffers
from dedup.runtime.threads import map_in_order
from dedup.settings import Settings

BLOCKS = {"none": paragraphs.NO_BLOCKS, "within": paragraphs.PARTIAL_BLOCKS, "all": paragraphs.ALL_BLOCKS}
SPLIT_BY = {"line": paragraphs.LINE, "blank-line": paragraphs.BLANK_LINE, "auto": paragraphs.AUTO}


@dataclass(frozen=True)
class Sketches:
    """A sketched corpus."""

    documents: Units
    """All documents, including those without tokens."""
    paragraphs: Units
    """The paragraphs that are compared."""
    paragraph_count: int
    """Number of all paragraphs, compared or not."""
    short_count: int
    """Number of paragraphs of too few tokens to be compared."""
    all_short_count: int
    """Number of documents of enough tokens that have only such paragraphs."""


class SketchedBatch(NamedTuple):
    """The units of one batch of texts."""

    first_doc: int
    """Rank of the first document."""
    documents: UnitRows
    """All documents of the batch."""
    paragraphs: UnitRows
    """Its paragraphs; only the first ``written`` rows are filled."""
    written: int
    """Number of compared paragraphs."""
    paragraph_count: int
    """Number of all paragraphs."""
    short_count: int
    """Number of paragraphs of too few tokens."""
    all_short_count: int
    """Number of documents of enough tokens that have only such paragraphs."""


def make_permutations(count: int, seed: int) -> Permutations:
    """Return the permutations of datasketch's scheme "affine32".

    Args:
        count: Number of permutations.
        seed: As in ``datasketch.MinHash(seed=...)``.

    >>> make_permutations(2, seed=1).a.tolist()
    [3582191691, 4270784983]
    """
    generator = np.random.RandomState(seed)
    a = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return Permutations(a, generator.randint(0, 1 << 32, count, dtype=np.uint32))


def sketch_settings(settings: Settings, near_within: bool | None = None) -> SketchSettings:
    """Return the settings of the sketch kernel.

    With ``paragraphs="within"`` the kernel leaves out the paragraphs that cannot resemble another paragraph of
    their document.

    Args:
        settings: The settings of the run.
        near_within: Whether near-duplicates within a document are wanted; None: as in the settings.
    """
    if near_within is None:
        near_within = settings.near_within
    is_within = settings.paragraphs == "within"
    return SketchSettings(
        permutations=make_permutations(settings.permutations, settings.seed),
        bands=settings.bands,
        band_rows=settings.rows,
        shingle_documents=settings.shingle_documents if settings.compares_documents else 0,
        shingle_paragraphs=settings.shingle_paragraphs if settings.compares_paragraphs else 0,
        split_by=SPLIT_BY[settings.paragraphs_by],
        min_tokens=settings.min_tokens,
        nested=BLOCKS[settings.paragraphs],
        by_signs=settings.by_signs,
        exact=settings.exact,
        repeats_at=(float(settings.threshold) if near_within else SAME_TOKENS) if is_within else -1.0,
    )


def sketch_batch(
    first_doc: int, texts: pa.LargeStringArray, settings: SketchSettings, ignore: Sequence[str] = ()
) -> SketchedBatch:
    """Sketch the documents and paragraphs of one batch.

    Args:
        first_doc: Rank of the first text.
        texts: UTF-8 texts.
        settings: How to sketch.
        ignore: Patterns of what is not compared.

    Returns:
        The units of the batch.
    """
    raw, offsets = buffers(texts)
    data = mask(texts, ignore)
    width = settings.permutations.a.size
    lines, most_lines = sketch.count_units(data, offsets) if settings.shingle_paragraphs else (0, 1)
    longest = int(np.diff(offsets).max(initial=0))
    documents = sketch.make_rows(len(texts), width, settings.bands)
    units = sketch.make_rows(lines, width, settings.bands)
    space = sketch.make_workspace(longest, most_lines, width, 0 <= settings.repeats_at < SAME_TOKENS)
    counts = sketch.sketch(data, raw, offsets, token_tables(settings.by_signs), settings, documents, units, space)
    return SketchedBatch(first_doc, documents, units, *counts)


Visit = Callable[[SketchedBatch, pa.LargeStringArray], NDArray[np.int64]]
"""Takes a batch and its texts, in any thread; returns the rows of its paragraphs that are compared, ascending."""


def sketch_corpus(
    batches: Iterable[tuple[int, pa.LargeStringArray]],
    settings: SketchSettings,
    temp: Path,
    workers: int,
    ignore: Sequence[str] = (),
    visit: Visit | None = None,
) -> Sketches:
    """Sketch a whole corpus into files.

    Args:
        batches: Rank of the first text and texts of each batch, in rank order.
        settings: How to sketch.
        temp: Directory for the files.
        workers: Threads.
        ignore: Patterns of what is not compared.
        visit: Called with each batch, and decides which of its paragraphs are compared. None: all.

    Returns:
        The units of the corpus, in files.
    """
    width = settings.permutations.a.size
    key_type = np.uint64 if settings.band_rows else np.uint32
    documents = Units.create(temp, "documents", width, settings.bands, key_type)
    units = Units.create(temp, "paragraphs", width, settings.bands, key_type)
    paragraph_count = short_count = all_short_count = 0
    job = partial(_sketch_one, settings=settings, ignore=ignore, visit=visit)
    for batch, compared in map_in_order(job, batches, workers):
        documents.append(batch.first_doc, batch.documents, slice(None))
        units.append(batch.first_doc, batch.paragraphs, compared)
        paragraph_count += batch.paragraph_count
        short_count += batch.short_count
        all_short_count += batch.all_short_count
    return Sketches(documents, units, paragraph_count, short_count, all_short_count)


def _sketch_one(
    batch: tuple[int, pa.LargeStringArray], settings: SketchSettings, ignore: Sequence[str], visit: Visit | None
) -> tuple[SketchedBatch, slice | NDArray[np.int64]]:
    """Sketch a batch; return it, and the rows of its paragraphs that are compared."""
    sketched = sketch_batch(*batch, settings, ignore)
    return sketched, slice(sketched.written) if visit is None else visit(sketched, batch[1])


def signature(text: str, n: int, count: int, seed: int, by_signs: bool) -> NDArray[np.uint32]:
    """Return the MinHash signature of one text.

    Args:
        text: Any text.
        n: Tokens in a shingle.
        count: Number of permutations.
        seed: Seed of the permutations.
        by_signs: Whether each sign is a token.

    Returns:
        Least values, shape (count,); all 2^32 - 1 if the text has no token, as in datasketch.
    """
    data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    tokens = np.empty(data.size + 1, np.uint64)
    hashes = np.empty(tokens.size, np.uint64)
    values = np.empty(tokens.size + minhash.WIDTH, np.uint32)
    out = np.empty(count, np.uint32)
    last = tokenise_document(data, 0, data.size, token_tables(by_signs), tokens)
    shingles = minhash.shingle(tokens, 0, last, n, hashes)
    minhash.sign(values, minhash.premix(hashes, shingles, values), *make_permutations(count, seed), out)
    return out
