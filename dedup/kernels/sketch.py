"""Sketch the documents and paragraphs of a batch of texts, in one pass over the bytes."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.folding import HYPHEN, FoldTable, TokenTables
from dedup.kernels.minhash import WIDTH, band_keys, count_shingles, premix, sequence_hash, shingle, sign
from dedup.kernels.paragraphs import SPAN, Spans, count_lines, paragraphs, trim
from dedup.kernels.tokens import (
    S29,
    SEED,
    U0,
    absorb,
    has_word,
    kind_of,
    last_code,
    load,
    mix,
    tokenise,
    tokenise_document,
)

# Owners of a shingle within a document: no paragraph yet, several paragraphs, or a paragraph that counted it already.
NO_OWNER = np.uint32(0)
SEVERAL_OWNERS = np.uint32(0xFFFFFFFF)
COUNTED = np.uint32(0x80000000)
LAST_BYTES = (0x2D, 0x90, 0xAD)  # of the hyphens that may break a word, in UTF-8


class Permutations(NamedTuple):
    """The parameters of the hash functions of a signature."""

    a: NDArray[np.uint32]
    """Odd multipliers, shape (permutations,)."""
    b: NDArray[np.uint32]
    """Increments, shape (permutations,)."""


class SketchSettings(NamedTuple):
    """Settings of the sketch kernel. The types must not vary: numba compiles a kernel for each combination."""

    permutations: Permutations
    """The hash functions of a signature."""
    bands: int
    """Number of bands."""
    band_rows: int
    """Rows of a band."""
    shingle_documents: int
    """Tokens in a shingle of a document; 0: documents get no signature."""
    shingle_paragraphs: int
    """Tokens in a shingle of a paragraph; 0: paragraphs are left out."""
    split_by: int
    """How paragraphs are separated: LINE, BLANK_LINE or AUTO of `dedup.kernels.paragraphs`."""
    min_tokens: int
    """Paragraphs of fewer tokens are left out."""
    repeats_at: float
    """Leave out paragraphs that resemble no other of their document at this Jaccard; negative: keep all."""
    by_signs: bool = False
    """Whether each sign is a token."""


class UnitRows(NamedTuple):
    """Sketches of units, one row per unit."""

    doc: NDArray[np.int64]
    """Number of the document within the batch, shape (n,)."""
    spans: Spans
    """Span of the unit in its document, records of dtype `dedup.kernels.paragraphs.SPAN`, shape (n,)."""
    tokens: NDArray[np.int64]
    """Number of tokens, shape (n,)."""
    paragraph_tokens: NDArray[np.int64]
    """Tokens of the paragraphs of a document that have a letter or digit, shape (n,); only of documents."""
    sequence: NDArray[np.uint64]
    """Hash of the sequence of tokens, shape (n,)."""
    content: NDArray[np.uint64]
    """Hash of the trimmed text, shape (n,)."""
    signature: NDArray[np.uint8]
    """Low 8 bits of the signature, padded with zeros to a multiple of 8, shape (n, permutations + padding)."""
    keys: NDArray[np.uint64]
    """Band keys, shape (n, bands)."""


class SketchWorkspace(NamedTuple):
    """Workspace of one thread, sized for the largest document of a batch."""

    tokens: NDArray[np.uint64]
    shingles: NDArray[np.uint64]
    values: NDArray[np.uint32]
    signature: NDArray[np.uint32]
    spans: Spans
    widths: NDArray[np.int64]
    words: NDArray[np.int64]
    first_tokens: NDArray[np.int64]
    owners: NDArray[np.uint32]


@njit(nogil=True, cache=True)
def count_units(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[int, int]:
    """Return upper bounds of the lines of a batch, and of the lines of any one of its documents."""
    total = most = 0
    for doc in range(offsets.size - 1):
        lines = count_lines(data, offsets[doc], offsets[doc + 1])
        total += lines
        most = max(most, lines)
    return total, most


def make_workspace(longest: int, lines: int, permutations: int, repeats: bool) -> SketchWorkspace:
    """Allocate the workspace for documents of at most ``longest`` bytes and ``lines`` lines.

    Pages that are not touched take no memory.
    """
    tokens = longest + 2  # as many as bytes if signs are tokens
    slots = max(16, 1 << (4 * tokens).bit_length()) if repeats else 1
    return SketchWorkspace(
        tokens=np.empty(tokens, np.uint64),
        shingles=np.empty(tokens, np.uint64),
        values=np.empty(tokens + WIDTH, np.uint32),
        signature=np.empty(permutations, np.uint32),
        spans=np.recarray(lines, SPAN),
        widths=np.empty(lines, np.int64),
        words=np.empty(lines, np.int64),
        first_tokens=np.empty(lines + 1, np.int64),
        owners=np.empty(slots, np.uint32),
    )


def make_rows(count: int, permutations: int, bands: int) -> UnitRows:
    """Allocate the rows of ``count`` units. Pages that are not touched take no memory."""
    return UnitRows(
        doc=np.empty(count, np.int64),
        spans=np.recarray(count, SPAN),
        tokens=np.empty(count, np.int64),
        paragraph_tokens=np.zeros(count, np.int64),
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
    row: int, rows: UnitRows, first: int, last: int, n: int, settings: SketchSettings, space: SketchWorkspace
) -> None:
    """Write the sketch of the unit with the tokens ``first`` to ``last`` to row ``row``."""
    rows.tokens[row] = last - first
    rows.sequence[row] = sequence_hash(space.tokens, first, last)
    if last == first:
        return
    count = shingle(space.tokens, first, last, n, space.shingles)
    count = premix(space.shingles, count, space.values)
    sign(space.values, count, settings.permutations.a, settings.permutations.b, space.signature)
    band_keys(space.signature, settings.band_rows, rows.keys[row])
    for k in range(space.signature.size):
        rows.signature[row, k] = np.uint8(space.signature[k] & np.uint32(0xFF))


@njit(nogil=True, cache=True)
def sketch_document(
    doc: int,
    rows: UnitRows,
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    tables: TokenTables,
    settings: SketchSettings,
    space: SketchWorkspace,
) -> None:
    """Write the sketch of a document whose tokens are not simply those of its paragraphs."""
    tokens = tokenise_document(data, start, stop, tables, space.tokens)
    rows.tokens[doc] = tokens
    if settings.shingle_documents:
        sketch_unit(doc, rows, 0, tokens, settings.shingle_documents, settings, space)


@njit(nogil=True, cache=True)
def breaks_words(data: NDArray[np.uint8], start: int, spans: Spans, count: int, words: FoldTable) -> bool:
    """Return whether a word may be broken at the end of a paragraph."""
    for unit in range(count - 1):
        end = start + spans[unit].byte_end
        if data[end - 1] in LAST_BYTES and kind_of(last_code(data, start, end)[0], words) == HYPHEN:
            return True
    return False


@njit(nogil=True, cache=True)
def write_place(row: int, rows: UnitRows, doc: int, span: Any, data: NDArray[np.uint8], start: int) -> None:
    """Write the document, the span and the hash of the text of a unit to row ``row``."""
    rows.doc[row] = doc
    rows.spans[row] = span
    rows.content[row] = hash_bytes(data, start + span.byte_start, start + span.byte_end)


@njit(nogil=True, cache=True)
def mark_long(space: SketchWorkspace, units: int, min_tokens: int) -> int:
    """Mark the paragraphs of enough tokens: ``space.widths`` becomes 1 for them and 0 for the others.

    Returns:
        The number of paragraphs of too few tokens.
    """
    short = 0
    for unit in range(units):
        space.widths[unit] = space.first_tokens[unit + 1] - space.first_tokens[unit] >= min_tokens
        short += 1 - space.widths[unit]
    return short


@njit(nogil=True, cache=True)
def mark_repeats(space: SketchWorkspace, units: int, n: int, threshold: float) -> None:
    """Mark the paragraphs of a document that may resemble another of its paragraphs; unmark the others.

    Two paragraphs of Jaccard >= t share at least t of the distinct shingles of each. So a paragraph is unmarked if
    more than 1 - t of its shingles occur in no other. ``owners`` contains the paragraph of each shingle, by the low
    bits of its hash; a collision can only leave a paragraph marked.
    """
    total = 0
    for unit in range(units):
        total += space.widths[unit] * (space.first_tokens[unit + 1] - space.first_tokens[unit])
    slots = 16
    while slots < 4 * total:
        slots *= 2
    mask = np.uint64(slots - 1)
    space.owners[:slots] = 0
    # No branch depends on the owner: the processor could not predict it.
    for unit in range(units):
        if space.widths[unit]:
            first, last = space.first_tokens[unit], space.first_tokens[unit + 1]
            owner = np.uint32(unit + 1)
            for index in range(first, first + shingle(space.tokens, first, last, n, space.shingles[first:])):
                slot = space.shingles[index] & mask
                found = space.owners[slot]
                space.owners[slot] = owner if (found == NO_OWNER) | (found == owner) else SEVERAL_OWNERS
    for unit in range(units):
        if space.widths[unit]:
            first = space.first_tokens[unit]
            owner = np.uint32(unit + 1)
            count = count_shingles(space.first_tokens[unit + 1] - first, n)
            alone = 0
            for index in range(first, first + count):
                slot = space.shingles[index] & mask
                found = space.owners[slot]
                space.owners[slot] = found | (COUNTED if found == owner else NO_OWNER)
                alone += found == owner
            space.widths[unit] = alone <= (1.0 - threshold) * count + 1e-9


@njit(nogil=True, cache=True)
def sketch(  # noqa: C901 - the rows of documents and paragraphs are written in one pass
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    tables: TokenTables,
    settings: SketchSettings,
    documents: UnitRows,
    units: UnitRows,
    space: SketchWorkspace,
) -> tuple[int, int, int]:
    """Sketch the documents and paragraphs of a batch.

    Args:
        data: UTF-8 bytes of all texts.
        offsets: Start of each text, and the end of the last, shape (documents + 1,).
        tables: From `token_tables`.
        settings: How to sketch.
        documents: Where the documents are written, a row each.
        units: Where the paragraphs are written; as many rows as `count_units` returns.
        space: Workspace from `make_workspace`.

    Returns:
        Rows of ``units`` written, number of paragraphs, and number of those with fewer than ``min_tokens`` tokens.
    """
    n_document, n_paragraph = settings.shingle_documents, settings.shingle_paragraphs
    written = seen = short = 0
    for doc in range(offsets.size - 1):
        start, stop = offsets[doc], offsets[doc + 1]
        trim(data, start, stop, tables.words, space.spans[0])
        write_place(doc, documents, doc, space.spans[0], data, start)
        count = 1  # without paragraphs, the only span is that of the document
        if n_paragraph:
            count = paragraphs(
                data, start, stop, settings.split_by, tables.words, space.spans, space.widths, space.words
            )
        whole = settings.by_signs or (count > 1 and breaks_words(data, start, space.spans, count, tables.words))
        if whole:
            sketch_document(doc, documents, data, start, stop, tables, settings, space)
        tokens = 0
        for unit in range(count):
            space.first_tokens[unit] = tokens
            first, last = start + space.spans[unit].byte_start, start + space.spans[unit].byte_end
            # A paragraph without letters and digits is never removed on its own: it gets no tokens.
            if not settings.by_signs or has_word(data, first, last, tables.words):
                tokens = tokenise(data, first, last, tables.tokens, space.tokens, tokens)
        space.first_tokens[count] = documents.paragraph_tokens[doc] = tokens
        if not whole and tokens == 0:
            sketch_document(doc, documents, data, start, stop, tables, settings, space)
        elif not whole:
            documents.tokens[doc] = tokens
            if n_document:
                sketch_unit(doc, documents, 0, tokens, n_document, settings, space)
        if not n_paragraph:
            continue
        seen += count
        short += mark_long(space, count, max(1, settings.min_tokens))
        if count == 0 or (count == 1 and n_document):  # a document of one paragraph is compared as a document
            continue
        if settings.repeats_at >= 0:
            mark_repeats(space, count, n_paragraph, settings.repeats_at)
        for unit in range(count):
            if space.widths[unit]:
                write_place(written, units, doc, space.spans[unit], data, start)
                first, last = space.first_tokens[unit], space.first_tokens[unit + 1]
                sketch_unit(written, units, first, last, n_paragraph, settings, space)
                written += 1
    return written, seen, short
