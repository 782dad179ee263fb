"""Texts to sketches: what is known of each document and paragraph without its text."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.units import Units
from dedup.kernels import minhash, sketch
from dedup.kernels import paragraphs as segment
from dedup.kernels.folding import fold_table
from dedup.kernels.tokens import tokenise
from dedup.runtime.arrow import buffers
from dedup.runtime.threads import in_order

BY = {"line": segment.LINE, "blank-line": segment.BLANK_LINE, "auto": segment.AUTO}


@dataclass(frozen=True)
class Plan:
    """How a corpus is sketched."""

    permutations: sketch.Permutations
    """What signatures are made with."""
    bands: int
    """Number of bands."""
    rows: int
    """Rows of a band."""
    shingle_documents: int
    """Tokens in a shingle of a document; 0 leaves documents uncompared."""
    shingle_paragraphs: int
    """Tokens in a shingle of a paragraph; 0 leaves paragraphs out."""
    by: int
    """How paragraphs are told apart."""
    min_tokens: int
    """Paragraphs of fewer tokens are left out."""
    repeats_at: float
    """Leave out paragraphs that resemble none of their own document at this Jaccard; negative keeps all."""


@dataclass(frozen=True)
class Sketches:
    """A sketched corpus."""

    documents: Units
    """Every document, also those without tokens."""
    paragraphs: Units
    """The paragraphs that are compared."""
    seen: int
    """All paragraphs, compared or not."""
    short: int
    """Those of too few tokens."""


def permutations(count: int, seed: int) -> sketch.Permutations:
    """Make the permutations that datasketch's scheme "affine32" makes of a seed.

    Args:
        count: How many.
        seed: As in ``datasketch.MinHash(seed=...)``.

    >>> permutations(2, seed=1).a.tolist()
    [3582191691, 4270784983]
    """
    generator = np.random.RandomState(seed)
    a = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return sketch.Permutations(a, generator.randint(0, 1 << 32, count, dtype=np.uint32))


def sketch_batch(
    first_doc: int, texts: pa.LargeStringArray, plan: Plan
) -> tuple[int, sketch.Rows, sketch.Rows, tuple[int, int, int]]:
    """Sketch the documents and paragraphs of one batch.

    Args:
        first_doc: Rank of the first text.
        texts: UTF-8 texts.
        plan: How.

    Returns:
        ``first_doc``, the sketches of documents and of paragraphs, and the counts of `kernels.sketch.sketch`.
    """
    data, offsets = buffers(texts)
    width = plan.permutations.a.size
    lines, most = sketch.count_units(data, offsets) if plan.shingle_paragraphs else (0, 1)
    longest = int(np.diff(offsets).max(initial=0))
    documents = sketch.make_rows(len(texts), width, plan.bands)
    units = sketch.make_rows(lines, width, plan.bands)
    counts = sketch.sketch(
        data,
        offsets,
        fold_table(),
        plan.permutations,
        plan.rows,
        plan.shingle_documents,
        plan.shingle_paragraphs,
        plan.by,
        plan.min_tokens,
        float(plan.repeats_at),
        documents,
        units,
        sketch.make_space(longest, most, width, plan.repeats_at >= 0),
    )
    return first_doc, documents, units, counts


def sketch_corpus(batches: Iterable[tuple[int, pa.LargeStringArray]], plan: Plan, temp: Path, workers: int) -> Sketches:
    """Sketch a whole corpus into files.

    Args:
        batches: Rank of the first text, and texts, in rank order.
        plan: How.
        temp: Folder for the sketches.
        workers: Threads.
    """
    width = plan.permutations.a.size
    documents = Units.create(temp, "documents", width, plan.bands)
    paragraphs = Units.create(temp, "paragraphs", width, plan.bands)
    seen = short = 0
    job = partial(_sketch_one, plan=plan)
    for first_doc, whole, units, (written, more, shorter) in in_order(job, batches, workers):
        documents.append(first_doc, whole, len(whole.doc))
        paragraphs.append(first_doc, units, written)
        seen += more
        short += shorter
    return Sketches(documents, paragraphs, seen, short)


def _sketch_one(
    batch: tuple[int, pa.LargeStringArray], plan: Plan
) -> tuple[int, sketch.Rows, sketch.Rows, tuple[int, int, int]]:
    return sketch_batch(*batch, plan)


def signature(text: str, n: int, count: int, seed: int) -> NDArray[np.uint32]:
    """Sign one text.

    Args:
        text: Any text.
        n: Tokens in a shingle.
        count: Permutations.
        seed: Of the permutations.

    Returns:
        Least values, shape (count,); all 2^32 - 1 if the text has no token, as in datasketch.
    """
    data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    tokens = np.empty(data.size // 2 + 1, np.uint64)
    hashes = np.empty(tokens.size, np.uint64)
    values = np.empty(tokens.size + minhash.WIDTH, np.uint32)
    out = np.empty(count, np.uint32)
    last = tokenise(data, 0, data.size, fold_table(), tokens, 0)
    shingles = minhash.shingle(tokens, 0, last, n, hashes)
    minhash.sign(values, minhash.premix(hashes, shingles, values), *permutations(count, seed), out)
    return out
