"""Sketch the documents and paragraphs of a batch of texts, in one pass over the bytes."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.minhash import WIDTH, band_keys, count_shingles, premix, sequence_hash, shingle, sign
from dedup.kernels.text.folding import FoldTable
from dedup.kernels.text.hashing import hash_bytes
from dedup.kernels.text.lines import LINE, Lines
from dedup.kernels.text.paragraphs import NO_BLOCKS, SPAN, Spans, count_lines, paragraphs, trim
from dedup.kernels.text.tokens import tokenise

# Owners of a shingle within a document: no paragraph yet, several paragraphs, or a paragraph that counted it already.
NO_OWNER = np.uint32(0)
SEVERAL_OWNERS = np.uint32(0xFFFFFFFF)
COUNTED = np.uint32(0x80000000)
# Value of `SketchSettings.repeats_at`; over 1, since units of Jaccard 1 may differ in the order of their tokens.
SAME_TOKENS = 2.0


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
    """How paragraphs are separated: LINE, BLANK_LINE or AUTO of `dedup.kernels.text.paragraphs`."""
    min_tokens: int
    """Paragraphs of fewer tokens are left out."""
    exact: bool
    """Whether units are the same only if all their characters are; they get no signature."""
    repeats_at: float
    """Leave out paragraphs that resemble no other of their document at this Jaccard; `SAME_TOKENS`: those that have the
    tokens of no other; negative: keep all."""


class UnitRows(NamedTuple):
    """Sketches of units, one row per unit."""

    doc: NDArray[np.int64]
    """Number of the document within the batch, shape (n,)."""
    spans: Spans
    """Span of the unit in its document, records of dtype `dedup.kernels.text.paragraphs.SPAN`, shape (n,)."""
    tokens: NDArray[np.int64]
    """Number of tokens, shape (n,)."""
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
    lines: Lines
    first_tokens: NDArray[np.int64]
    hashes: NDArray[np.uint64]
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
    tokens = longest // 2 + 2
    slots = max(16, 1 << (4 * tokens).bit_length()) if repeats else 1
    return SketchWorkspace(
        tokens=np.empty(tokens, np.uint64),
        shingles=np.empty(tokens, np.uint64),
        values=np.empty(tokens + WIDTH, np.uint32),
        signature=np.empty(permutations, np.uint32),
        spans=np.recarray(lines, SPAN),
        widths=np.empty(lines, np.int64),
        lines=np.recarray(lines, LINE),
        first_tokens=np.empty(lines + 1, np.int64),
        hashes=np.empty(lines, np.uint64),
        owners=np.empty(slots, np.uint32),
    )


def make_rows(count: int, permutations: int, bands: int) -> UnitRows:
    """Allocate the rows of ``count`` units. Pages that are not touched take no memory."""
    return UnitRows(
        doc=np.empty(count, np.int64),
        spans=np.recarray(count, SPAN),
        tokens=np.empty(count, np.int64),
        sequence=np.empty(count, np.uint64),
        content=np.empty(count, np.uint64),
        signature=np.zeros((count, (permutations + 7) // 8 * 8), np.uint8),
        keys=np.zeros((count, bands), np.uint64),
    )


@njit(nogil=True, cache=True)
def sketch_unit(
    row: int, rows: UnitRows, first: int, last: int, n: int, settings: SketchSettings, space: SketchWorkspace
) -> None:
    """Write the sketch of the unit with the tokens ``first`` to ``last`` to row ``row``; no signature if n is 0."""
    rows.tokens[row] = last - first
    if settings.exact:
        rows.sequence[row] = rows.content[row]
        if last == first and rows.spans[row].end > rows.spans[row].start:
            rows.tokens[row] = 1  # such a unit is compared too
        return
    rows.sequence[row] = sequence_hash(space.tokens, first, last)
    if last == first or n == 0:
        return
    count = shingle(space.tokens, first, last, n, space.shingles)
    count = premix(space.shingles, count, space.values)
    sign(space.values, count, settings.permutations.a, settings.permutations.b, space.signature)
    band_keys(space.signature, settings.band_rows, rows.keys[row])
    for k in range(space.signature.size):
        rows.signature[row, k] = np.uint8(space.signature[k] & np.uint32(0xFF))


@njit(nogil=True, cache=True)
def write_place(row: int, rows: UnitRows, doc: int, span: Any, raw: NDArray[np.uint8], start: int) -> None:
    """Write the document, the span and the hash of the text of a unit to row ``row``."""
    rows.doc[row] = doc
    rows.spans[row] = span
    rows.content[row] = hash_bytes(raw, start + span.byte_start, start + span.byte_end)


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
def mark_same(space: SketchWorkspace, units: int, raw: NDArray[np.uint8], start: int, exact: bool) -> None:
    """Unmark the paragraphs of a document that have the tokens (or the characters) of no other of its paragraphs."""
    count = 0
    for unit in range(units):
        if space.widths[unit]:
            first, last = space.first_tokens[unit], space.first_tokens[unit + 1]
            span = space.spans[unit]
            space.shingles[first] = (
                hash_bytes(raw, start + span.byte_start, start + span.byte_end)
                if exact
                else sequence_hash(space.tokens, first, last)
            )
            space.hashes[count] = space.shingles[first]
            count += 1
    hashes = np.sort(space.hashes[:count])
    for unit in range(units):
        if space.widths[unit]:
            own = space.shingles[space.first_tokens[unit]]
            at = np.searchsorted(hashes, own)
            space.widths[unit] = at + 1 < count and hashes[at + 1] == own


@njit(nogil=True, cache=True)
def mark_compared(
    space: SketchWorkspace, units: int, settings: SketchSettings, raw: NDArray[np.uint8], start: int
) -> None:
    """Unmark the paragraphs of a document that repeat no other of its paragraphs, if only such are compared."""
    if settings.repeats_at < 0:
        return
    if units < 2:
        space.widths[:units] = 0
    elif settings.repeats_at >= SAME_TOKENS:
        mark_same(space, units, raw, start, settings.exact)
    else:
        mark_repeats(space, units, settings.shingle_paragraphs, settings.repeats_at)


@njit(nogil=True, cache=True)
def sketch(
    data: NDArray[np.uint8],
    raw: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    table: FoldTable,
    settings: SketchSettings,
    documents: UnitRows,
    units: UnitRows,
    space: SketchWorkspace,
) -> tuple[int, int, int, int]:
    """Sketch the documents and paragraphs of a batch.

    Args:
        data: UTF-8 bytes of all texts, with blanks for what is not compared.
        raw: The bytes without these blanks.
        offsets: Start of each text, and the end of the last, shape (documents + 1,).
        table: From `fold_table`.
        settings: How to sketch.
        documents: Where the documents are written, a row each.
        units: Where the paragraphs are written; as many rows as `count_units` returns.
        space: Workspace from `make_workspace`.

    Returns:
        Rows of ``units`` written, number of paragraphs, number of those with fewer than ``min_tokens`` tokens, and
        number of documents of more tokens that have only such paragraphs.
    """
    n_document, n_paragraph = settings.shingle_documents, settings.shingle_paragraphs
    min_tokens = max(1, settings.min_tokens)
    written = seen = short = all_short = 0
    for doc in range(offsets.size - 1):
        start, stop = offsets[doc], offsets[doc + 1]
        trim(data, start, stop, table, space.spans[0])
        write_place(doc, documents, doc, space.spans[0], raw, start)
        count = 1  # without paragraphs, the only span is that of the document
        if n_paragraph:
            count = paragraphs(data, start, stop, settings.split_by, table, space.spans, space.lines, NO_BLOCKS)
        tokens = 0
        for unit in range(count):
            space.first_tokens[unit] = tokens
            first_byte, last_byte = space.spans[unit].byte_cut_start, space.spans[unit].byte_cut_end
            tokens = tokenise(data, start + first_byte, start + last_byte, table, space.tokens, tokens)
        space.first_tokens[count] = tokens
        documents.tokens[doc] = tokens
        if n_document:
            sketch_unit(doc, documents, 0, tokens, n_document, settings, space)
        if not n_paragraph:
            continue
        seen += count
        too_short = mark_long(space, count, min_tokens)
        short += too_short
        all_short += too_short == count and tokens >= min_tokens
        mark_compared(space, count, settings, raw, start)
        n_signed = 0 if settings.repeats_at >= SAME_TOKENS else n_paragraph
        for unit in range(count):
            if space.widths[unit]:
                write_place(written, units, doc, space.spans[unit], raw, start)
                first, last = space.first_tokens[unit], space.first_tokens[unit + 1]
                sketch_unit(written, units, first, last, n_signed, settings, space)
                written += 1
    return written, seen, short, all_short
