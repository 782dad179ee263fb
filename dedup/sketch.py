"""Texts to sketches: what is known of each document and paragraph without its text."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.kernels import minhash, segment, sketch
from dedup.kernels.fold import fold_table
from dedup.kernels.tokens import tokenise
from dedup.parallel import in_order
from dedup.store import Spool

BY = {"line": segment.LINE, "blank-line": segment.BLANK_LINE, "auto": segment.AUTO}
# Columns of `Units.info`, beside the span's.
DOC, SPAN, TOKENS, SEQUENCE, CONTENT = 0, 1, 9, 10, 11
START, END, CUT_START, CUT_END, BYTE_START, BYTE_END, BYTE_CUT_START, BYTE_CUT_END = range(1, 9)

# Rows that are looked up before the pages that they touched are given back.
LOOKED_UP = 1 << 16


@dataclass(frozen=True)
class Units:
    """The sketches of all documents, or of all paragraphs, a row each, by (document, start)."""

    info: Spool
    """int64, 12 columns: document, span (see `dedup.kernels.segment`), tokens, hash of tokens, hash of text."""
    signature: Spool
    """uint64, eight permutations to a column: low 8 bits of the signature."""
    keys: Spool
    """uint64, a column for each band."""

    @classmethod
    def create(cls, temp: Path, name: str, permutations: int, bands: int) -> "Units":
        """Begin with none, in files of a folder."""
        return cls(
            Spool(temp / f"{name}.info", np.int64, 12),
            Spool(temp / f"{name}.signature", np.uint64, (permutations + 7) // 8),
            Spool(temp / f"{name}.keys", np.uint64, bands),
        )

    def __len__(self) -> int:
        """How many units there are."""
        return len(self.info)

    def column(self, index: int) -> NDArray[np.int64]:
        """Read one column of ``info``, without mapping the others."""
        values = np.empty(len(self), np.int64)
        for first, chunk in self.info.chunks():
            values[first : first + len(chunk)] = chunk[:, index]
        return values

    def look_up(self, rows: NDArray[np.int64], columns: list[int]) -> NDArray[np.int64]:
        """Read some columns of ``info`` for some rows, shape (rows, columns), a few at a time."""
        found = np.empty((rows.size, len(columns)), np.int64)
        info = self.info.map()
        for first in range(0, rows.size, LOOKED_UP):
            part = slice(first, first + LOOKED_UP)
            found[part] = info[rows[part]][:, columns]
            self.info.release()
        return found

    def append(self, first_doc: int, rows: sketch.Rows, count: int) -> None:
        """Add the first rows of a batch's sketches."""
        info = np.empty((count, 12), np.int64)
        info[:, DOC] = rows.doc[:count] + first_doc
        info[:, SPAN:TOKENS] = rows.spans[:count]
        info[:, TOKENS] = rows.tokens[:count]
        info[:, SEQUENCE] = rows.sequence[:count].view(np.int64)
        info[:, CONTENT] = rows.content[:count].view(np.int64)
        self.info.append(info)
        self.signature.append(rows.signature[:count].view(np.uint64))
        self.keys.append(rows.keys[:count])


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


def buffers(texts: pa.LargeStringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Look at the bytes and offsets of a column of texts, null ones as empty, without copying.

    Args:
        texts: UTF-8 texts.

    Returns:
        The bytes, and where each text begins and the last ends, shape (texts + 1,).
    """
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, data = texts.buffers()
    first = texts.offset
    return (
        np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8),
        np.frombuffer(offsets, np.int64)[first : first + len(texts) + 1] if len(texts) else np.zeros(1, np.int64),
    )


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
        data, offsets, fold_table(), plan.permutations, plan.rows, plan.shingle_documents,
        plan.shingle_paragraphs, plan.by, plan.min_tokens, float(plan.repeats_at), documents, units,
        sketch.make_space(longest, most, width, plan.repeats_at >= 0),
    )  # fmt: skip
    return first_doc, documents, units, counts


def sketch_corpus(
    batches: Iterable[tuple[int, pa.LargeStringArray]], plan: Plan, temp: Path, workers: int
) -> Sketches:
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
