"""A batch of texts to the sketches of its documents and paragraphs, in one pass over the bytes."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.folding import FoldTable
from dedup.kernels.minhash import WIDTH, band_keys, count_shingles, premix, sequence_hash, shingle, sign
from dedup.kernels.paragraphs import (
    BYTE_CUT_END,
    BYTE_CUT_START,
    BYTE_END,
    BYTE_START,
    COLUMNS,
    count_lines,
    paragraphs,
    trim,
)
from dedup.kernels.tokens import S29, SEED, U0, absorb, load, mix, tokenise

NOBODY = np.uint32(0)
SHARED = np.uint32(0xFFFFFFFF)
COUNTED = np.uint32(0x80000000)


class Permutations(NamedTuple):
    """What a signature is made with."""

    a: NDArray[np.uint32]
    """Odd multipliers, shape (permutations,)."""
    b: NDArray[np.uint32]
    """Increments, shape (permutations,)."""


class Rows(NamedTuple):
    """Sketches of units, a row each."""

    doc: NDArray[np.int64]
    """Which document of the batch, shape (n,)."""
    spans: NDArray[np.int64]
    """Where it stands, shape (n, COLUMNS); see `dedup.kernels.paragraphs`."""
    tokens: NDArray[np.int64]
    """How many tokens, shape (n,)."""
    sequence: NDArray[np.uint64]
    """Hash of the sequence of tokens, shape (n,)."""
    content: NDArray[np.uint64]
    """Hash of the trimmed text, shape (n,)."""
    signature: NDArray[np.uint8]
    """Low 8 bits of the signature, and zeros up to a multiple of 8, shape (n, at least permutations)."""
    keys: NDArray[np.uint64]
    """Band keys, shape (n, bands)."""


class Space(NamedTuple):
    """Work space of one thread, as large as the batch's largest document needs."""

    tokens: NDArray[np.uint64]
    shingles: NDArray[np.uint64]
    values: NDArray[np.uint32]
    signature: NDArray[np.uint32]
    spans: NDArray[np.int64]
    widths: NDArray[np.int64]
    words: NDArray[np.int64]
    first_tokens: NDArray[np.int64]
    owners: NDArray[np.uint32]


@njit(nogil=True, cache=True)
def count_units(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[int, int]:
    """Bound from above the lines of a batch, and the lines of its longest document."""
    total = most = 0
    for doc in range(offsets.size - 1):
        lines = count_lines(data, offsets[doc], offsets[doc + 1])
        total += lines
        most = max(most, lines)
    return total, most


def make_space(longest: int, lines: int, permutations: int, repeats: bool) -> Space:
    """Make work space for documents of so many bytes and lines; untouched pages cost no memory."""
    tokens = longest // 2 + 2
    slots = max(16, 1 << (4 * tokens).bit_length()) if repeats else 1
    return Space(
        tokens=np.empty(tokens, np.uint64),
        shingles=np.empty(tokens, np.uint64),
        values=np.empty(tokens + WIDTH, np.uint32),
        signature=np.empty(permutations, np.uint32),
        spans=np.empty((lines, COLUMNS), np.int64),
        widths=np.empty(lines, np.int64),
        words=np.empty(lines, np.int64),
        first_tokens=np.empty(lines + 1, np.int64),
        owners=np.empty(slots, np.uint32),
    )


def make_rows(count: int, permutations: int, bands: int) -> Rows:
    """Make room for the sketches of so many units; untouched pages cost no memory."""
    return Rows(
        doc=np.empty(count, np.int64),
        spans=np.empty((count, COLUMNS), np.int64),
        tokens=np.empty(count, np.int64),
        sequence=np.empty(count, np.uint64),
        content=np.empty(count, np.uint64),
        signature=np.zeros((count, (permutations + 7) // 8 * 8), np.uint8),
        keys=np.zeros((count, bands), np.uint64),
    )


@njit(nogil=True, cache=True)
def hash_bytes(data: NDArray[np.uint8], start: int, stop: int) -> np.uint64:
    """Hash bytes eight at a time."""
    state = SEED + np.uint64(stop - start)
    index = start
    while index + 8 <= stop:
        state = absorb(state, load(data, index))
        index += 8
    word = U0
    while index < stop:
        word = word << np.uint64(8) | np.uint64(data[index])
        index += 1
    return mix(absorb(state, word) ^ (state >> S29))


@njit(nogil=True, cache=True)
def sketch_unit(
    at: int, rows: Rows, first: int, last: int, n: int, band_rows: int, made_with: Permutations, space: Space
) -> None:
    """Write the sketch of the unit that has the tokens from first to last to row ``at``."""
    rows.tokens[at] = last - first
    rows.sequence[at] = sequence_hash(space.tokens, first, last)
    if last == first:
        return
    count = shingle(space.tokens, first, last, n, space.shingles)
    count = premix(space.shingles, count, space.values)
    sign(space.values, count, made_with.a, made_with.b, space.signature)
    band_keys(space.signature, band_rows, rows.keys[at])
    for k in range(space.signature.size):
        rows.signature[at, k] = np.uint8(space.signature[k] & np.uint32(0xFF))


@njit(nogil=True, cache=True)
def place(at: int, rows: Rows, doc: int, span: NDArray[np.int64], data: NDArray[np.uint8], start: int) -> None:
    """Write where a unit stands, and the hash of its text, to row ``at``."""
    rows.doc[at] = doc
    rows.spans[at] = span
    rows.content[at] = hash_bytes(data, start + span[BYTE_START], start + span[BYTE_END])


@njit(nogil=True, cache=True)
def mark_long(space: Space, units: int, min_tokens: int) -> int:
    """Leave in only the paragraphs of enough tokens: ``space.widths`` says 1 for in, 0 for out.

    Returns:
        How many are out.
    """
    out = 0
    for unit in range(units):
        space.widths[unit] = space.first_tokens[unit + 1] - space.first_tokens[unit] >= min_tokens
        out += 1 - space.widths[unit]
    return out


@njit(nogil=True, cache=True)
def mark_repeats(space: Space, units: int, n: int, threshold: float) -> None:
    """Leave in only the paragraphs of a document that may resemble another one of it.

    Two paragraphs of Jaccard >= t share at least t of each one's distinct shingles; so one is out once more
    than 1 - t of its shingles occur in no other. ``owners`` says who has a shingle, by its hash's low bits:
    a collision can only leave a paragraph in.
    """
    total = 0
    for unit in range(units):
        total += space.widths[unit] * (space.first_tokens[unit + 1] - space.first_tokens[unit])
    slots = 16
    while slots < 4 * total:
        slots *= 2
    mask = np.uint64(slots - 1)
    space.owners[:slots] = 0
    # No branch depends on the owner found: which it is cannot be predicted.
    for unit in range(units):
        if space.widths[unit]:
            first, last = space.first_tokens[unit], space.first_tokens[unit + 1]
            owner = np.uint32(unit + 1)
            for index in range(first, first + shingle(space.tokens, first, last, n, space.shingles[first:])):
                slot = space.shingles[index] & mask
                found = space.owners[slot]
                space.owners[slot] = owner if (found == NOBODY) | (found == owner) else SHARED
    for unit in range(units):
        if space.widths[unit]:
            first = space.first_tokens[unit]
            owner = np.uint32(unit + 1)
            count = count_shingles(space.first_tokens[unit + 1] - first, n)
            alone = 0
            for index in range(first, first + count):
                slot = space.shingles[index] & mask
                found = space.owners[slot]
                space.owners[slot] = found | (COUNTED if found == owner else NOBODY)
                alone += found == owner
            space.widths[unit] = alone <= (1.0 - threshold) * count + 1e-9


@njit(nogil=True, cache=True)
def sketch(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    table: FoldTable,
    made_with: Permutations,
    band_rows: int,
    n_document: int,
    n_paragraph: int,
    by: int,
    min_tokens: int,
    repeats_at: float,
    documents: Rows,
    units: Rows,
    space: Space,
) -> tuple[int, int, int]:
    """Sketch the documents and paragraphs of a batch.

    Args:
        data: UTF-8 bytes of all texts.
        offsets: Where each text begins and the last ends, shape (documents + 1,).
        table: From `fold_table`.
        made_with: The permutations.
        band_rows: Rows of a band.
        n_document: Tokens in a shingle of a document; 0 leaves documents without a signature.
        n_paragraph: Likewise for paragraphs; 0 leaves them out.
        by: How paragraphs are told apart; see `dedup.kernels.paragraphs`.
        min_tokens: Paragraphs of fewer tokens are left out.
        repeats_at: Leave out the paragraphs that resemble no other of their document at this Jaccard;
            negative keeps them all.
        documents: Where the sketches of the documents go, a row each.
        units: Where those of the paragraphs go; as many rows as `count_units` says.
        space: Work space.

    Returns:
        Rows of ``units`` written, paragraphs seen, and how many of those had fewer than ``min_tokens``.
    """
    written = seen = short = 0
    for doc in range(offsets.size - 1):
        start, stop = offsets[doc], offsets[doc + 1]
        trim(data, start, stop, table, space.spans[0])
        place(doc, documents, doc, space.spans[0], data, start)
        count = 1  # without paragraphs, the document's own span is the only one
        if n_paragraph:
            count = paragraphs(data, start, stop, by, table, space.spans, space.widths, space.words)
        tokens = 0
        for unit in range(count):
            space.first_tokens[unit] = tokens
            first_byte, last_byte = space.spans[unit, BYTE_CUT_START], space.spans[unit, BYTE_CUT_END]
            tokens = tokenise(data, start + first_byte, start + last_byte, table, space.tokens, tokens)
        space.first_tokens[count] = tokens
        documents.tokens[doc] = tokens
        if n_document:
            sketch_unit(doc, documents, 0, tokens, n_document, band_rows, made_with, space)
        if not n_paragraph:
            continue
        seen += count
        short += mark_long(space, count, max(1, min_tokens))
        if count == 0 or (count == 1 and n_document):  # a document of one paragraph is judged as a document
            continue
        if repeats_at >= 0:
            mark_repeats(space, count, n_paragraph, repeats_at)
        for unit in range(count):
            if space.widths[unit]:
                place(written, units, doc, space.spans[unit], data, start)
                first, last = space.first_tokens[unit], space.first_tokens[unit + 1]
                sketch_unit(written, units, first, last, n_paragraph, band_rows, made_with, space)
                written += 1
    return written, seen, short
