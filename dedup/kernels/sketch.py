"""Sketch the documents and paragraphs of a batch of texts, in one pass over the bytes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.minhash import WIDTH, band_keys, count_shingles, premix, sequence_hash, shingle, sign
from dedup.kernels.rows import stable_order
from dedup.kernels.text.folding import HYPHEN, FoldTable, TokenTables
from dedup.kernels.text.hashing import hash_bytes
from dedup.kernels.text.lines import LINE, Lines
from dedup.kernels.text.paragraphs import SPAN, Spans, count_lines, paragraphs, trim
from dedup.kernels.text.tokens import has_word, kind_of, last_code, tokenise, tokenise_document

# Owners of a shingle within a document: no paragraph yet, several paragraphs, or a paragraph that counted it already.
NO_OWNER = np.uint32(0)
SEVERAL_OWNERS = np.uint32(0xFFFFFFFF)
COUNTED = np.uint32(0x80000000)
# Value of `SketchSettings.repeats_at`; over 1, since units of Jaccard 1 may differ in the order of their tokens.
SAME_TOKENS = 2.0
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
    """Rows of a band; 0: the keys are the values of the signature."""
    shingle_documents: int
    """Tokens in a shingle of a document; 0: documents get no signature."""
    shingle_paragraphs: int
    """Tokens in a shingle of a paragraph; 0: paragraphs are left out."""
    split_by: int
    """How paragraphs are separated: LINE, BLANK_LINE or AUTO of `dedup.kernels.text.paragraphs`."""
    min_tokens: int
    """Paragraphs of fewer tokens are left out."""
    nested: int
    """Which blocks are units: NO_BLOCKS, PARTIAL_BLOCKS or ALL_BLOCKS of `dedup.kernels.text.paragraphs`."""
    by_signs: bool
    """Whether each sign is a token."""
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
    paragraph_tokens: NDArray[np.int64]
    """Tokens of the paragraphs of a document that have a letter or digit, shape (n,); only of documents."""
    block: NDArray[np.bool_]
    """Whether the unit is a block of several paragraphs, shape (n,)."""
    sequence: NDArray[np.uint64]
    """Hash of the sequence of tokens, shape (n,)."""
    content: NDArray[np.uint64]
    """Hash of the trimmed text, shape (n,)."""
    signature: NDArray[np.uint8]
    """Low 8 bits of the signature, padded with zeros to a multiple of 8, shape (n, permutations + padding)."""
    keys: NDArray[np.uint64]
    """Band keys, shape (n, bands); or the signatures, shape (n, permutations), if a band has 0 rows."""


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
    last_tokens: NDArray[np.int64]
    blocks: NDArray[np.bool_]
    hashes: NDArray[np.uint64]
    owners: NDArray[np.uint32]


@kernel
def count_units(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[int, int]:
    """Return upper bounds of the paragraphs and blocks of a batch, and of those of any one of its documents."""
    total = most = 0
    for doc in range(offsets.size - 1):
        lines = count_lines(data, offsets[doc], offsets[doc + 1])
        total += 2 * lines
        most = max(most, 2 * lines)
    return total, most


def make_workspace(longest: int, units: int, permutations: int, repeats: bool) -> SketchWorkspace:
    """Allocate the workspace for documents of at most ``longest`` bytes and ``units`` paragraphs and blocks.

    Pages that are not touched take no memory.
    """
    tokens = 2 * longest + 2  # as many as bytes if signs are tokens, and twice for paragraphs and blocks
    slots = max(16, 1 << (4 * tokens).bit_length()) if repeats else 1
    return SketchWorkspace(
        tokens=np.empty(tokens, np.uint64),
        shingles=np.empty(tokens, np.uint64),
        values=np.empty(tokens + WIDTH, np.uint32),
        signature=np.empty(permutations, np.uint32),
        spans=np.recarray(units, SPAN),
        widths=np.empty(units, np.int64),
        lines=np.recarray(units, LINE),
        first_tokens=np.empty(units, np.int64),
        last_tokens=np.empty(units, np.int64),
        blocks=np.empty(units, np.bool_),
        hashes=np.empty(units, np.uint64),
        owners=np.empty(slots, np.uint32),
    )


def make_rows(count: int, permutations: int, bands: int) -> UnitRows:
    """Allocate the rows of ``count`` units. Pages that are not touched take no memory."""
    return UnitRows(
        doc=np.empty(count, np.int64),
        spans=np.recarray(count, SPAN),
        tokens=np.empty(count, np.int64),
        paragraph_tokens=np.zeros(count, np.int64),
        block=np.zeros(count, np.bool_),
        sequence=np.empty(count, np.uint64),
        content=np.empty(count, np.uint64),
        signature=np.zeros((count, (permutations + 7) // 8 * 8), np.uint8),
        keys=np.zeros((count, bands), np.uint64),
    )


@kernel
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
    if settings.band_rows:
        band_keys(space.signature, settings.band_rows, rows.keys[row])
    else:
        for k in range(space.signature.size):
            rows.keys[row, k] = space.signature[k]
    for k in range(space.signature.size):
        rows.signature[row, k] = np.uint8(space.signature[k] & np.uint32(0xFF))


@kernel
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


@kernel
def breaks_words(data: NDArray[np.uint8], start: int, spans: Spans, count: int, words: FoldTable) -> bool:
    """Return whether a word may be broken at the end of a paragraph."""
    for unit in range(count - 1):
        end = start + spans[unit].byte_end
        if data[end - 1] in LAST_BYTES and kind_of(last_code(data, start, end)[0], words) == HYPHEN:
            return True
    return False


@kernel
def tokenise_units(
    data: NDArray[np.uint8],
    start: int,
    tables: TokenTables,
    count: int,
    by_signs: bool,
    apart: bool,
    space: SketchWorkspace,
) -> int:
    """Tokenise the paragraphs of a document, then its blocks; note which spans are blocks.

    Unless ``apart``, the tokens of a block are those of its paragraphs, which are not written again.

    Returns:
        The number of tokens of the paragraphs; they come first in ``space.tokens``.
    """
    # Local names: numba counts a reference at each access to an array of a tuple.
    spans, is_block, out = space.spans, space.blocks, space.tokens
    first_tokens, last_tokens, table, words = space.first_tokens, space.last_tokens, tables.tokens, tables.words
    for unit in range(count):  # a block comes directly before its paragraphs
        is_block[unit] = unit + 1 < count and spans[unit + 1].byte_start < spans[unit].byte_end
    tokens = of_paragraphs = 0
    for blocks in (False, True):
        block = -1
        for unit in range(count):
            first, last = start + spans[unit].byte_start, start + spans[unit].byte_end
            if is_block[unit]:
                block = unit
            if is_block[unit] == blocks and (apart or not blocks):
                first_tokens[unit] = tokens
                # A paragraph without letters and digits is never removed on its own: it gets no tokens.
                if not by_signs or has_word(data, first, last, words):
                    tokens = tokenise(data, first, last, table, out, tokens)
                last_tokens[unit] = tokens
                if block >= 0 and not apart and last <= start + spans[block].byte_end:
                    last_tokens[block] = tokens
            elif is_block[unit] and not blocks:
                first_tokens[unit] = last_tokens[unit] = tokens
        if not blocks:
            of_paragraphs = tokens
    return of_paragraphs


@kernel
def write_place(row: int, rows: UnitRows, doc: int, span: Any, raw: NDArray[np.uint8], start: int) -> None:
    """Write the document, the span and the hash of the text of a unit to row ``row``."""
    rows.doc[row] = doc
    rows.spans[row] = span
    rows.content[row] = hash_bytes(raw, start + span.byte_start, start + span.byte_end)


@kernel
def mark_long(space: SketchWorkspace, units: int, min_tokens: int) -> tuple[int, int]:
    """Mark the units of enough tokens: ``space.widths`` becomes 1 for them and 0 for the others.

    A block is not marked if a single one of its paragraphs has all its tokens.

    Returns:
        The number of paragraphs, and of those of too few tokens.
    """
    paragraphs = short = block = 0
    for unit in range(units):
        tokens = space.last_tokens[unit] - space.first_tokens[unit]
        space.widths[unit] = tokens >= min_tokens
        if space.blocks[unit]:
            block = unit
            continue
        paragraphs += 1
        short += 1 - space.widths[unit]
        is_inside = space.blocks[block] and space.spans[unit].byte_start < space.spans[block].byte_end
        if is_inside and tokens == space.last_tokens[block] - space.first_tokens[block]:
            space.widths[block] = 0
    return paragraphs, short


@kernel
def mark_repeats(space: SketchWorkspace, units: int, blocks: bool, n: int, threshold: float) -> None:
    """Mark the paragraphs (or blocks) of a document that may resemble another of them; unmark the others.

    Two paragraphs of Jaccard >= t share at least t of the distinct shingles of each. So a paragraph is unmarked if
    more than 1 - t of its shingles occur in no other. ``owners`` contains the paragraph of each shingle, by the low
    bits of its hash; a collision can only leave a paragraph marked.
    """
    total = 0
    for unit in range(units):
        total += space.widths[unit] * (space.last_tokens[unit] - space.first_tokens[unit])
    slots = 16
    while slots < 4 * total:
        slots *= 2
    mask = np.uint64(slots - 1)
    space.owners[:slots] = 0
    # No branch depends on the owner: the processor could not predict it.
    for unit in range(units):
        if space.widths[unit] and space.blocks[unit] == blocks:
            first, last = space.first_tokens[unit], space.last_tokens[unit]
            owner = np.uint32(unit + 1)
            for index in range(first, first + shingle(space.tokens, first, last, n, space.shingles[first:])):
                slot = space.shingles[index] & mask
                found = space.owners[slot]
                space.owners[slot] = owner if (found == NO_OWNER) | (found == owner) else SEVERAL_OWNERS
    for unit in range(units):
        if space.widths[unit] and space.blocks[unit] == blocks:
            first = space.first_tokens[unit]
            owner = np.uint32(unit + 1)
            count = count_shingles(space.last_tokens[unit] - first, n)
            alone = 0
            for index in range(first, first + count):
                slot = space.shingles[index] & mask
                found = space.owners[slot]
                space.owners[slot] = found | (COUNTED if found == owner else NO_OWNER)
                alone += found == owner
            space.widths[unit] = alone <= (1.0 - threshold) * count + 1e-9


@kernel
def mark_same(
    space: SketchWorkspace, units: int, blocks: bool, raw: NDArray[np.uint8], start: int, exact: bool
) -> None:
    """Unmark the paragraphs (or blocks) of a document that have the tokens of no other; if exact, the characters."""
    count = 0
    members = np.empty(units, np.int64)
    for unit in range(units):
        if space.widths[unit] and space.blocks[unit] == blocks:
            span = space.spans[unit]
            space.hashes[count] = (
                hash_bytes(raw, start + span.byte_start, start + span.byte_end)
                if exact
                else sequence_hash(space.tokens, space.first_tokens[unit], space.last_tokens[unit])
            )
            members[count] = unit
            count += 1
    order = stable_order(space.hashes[:count])
    for at in range(count):
        own = space.hashes[order[at]]
        after = at + 1 < count and space.hashes[order[at + 1]] == own
        before = at > 0 and space.hashes[order[at - 1]] == own
        space.widths[members[order[at]]] = after or before


@kernel
def mark_compared(
    space: SketchWorkspace, units: int, settings: SketchSettings, raw: NDArray[np.uint8], start: int
) -> None:
    """Unmark the paragraphs and blocks of a document that repeat no other of it, if only such are compared."""
    if settings.repeats_at < 0:
        return
    for blocks in (False, True):
        if settings.repeats_at >= SAME_TOKENS:
            mark_same(space, units, blocks, raw, start, settings.exact)
        else:
            mark_repeats(space, units, blocks, settings.shingle_paragraphs, settings.repeats_at)


@kernel
def sketch(  # noqa: C901 - the rows of documents and paragraphs are written in one pass
    data: NDArray[np.uint8],
    raw: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    tables: TokenTables,
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
        tables: From `token_tables`.
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
        trim(data, start, stop, tables.words, space.spans[0])
        write_place(doc, documents, doc, space.spans[0], raw, start)
        if settings.exact and not n_paragraph:  # tokens are not needed
            sketch_unit(doc, documents, 0, 0, 0, settings, space)
            continue
        count = 1  # without paragraphs, the only span is that of the document
        if n_paragraph:
            split_by, nested = settings.split_by, settings.nested
            count = paragraphs(data, start, stop, split_by, tables.words, space.spans, space.lines, nested)
        whole = settings.by_signs or (count > 1 and breaks_words(data, start, space.spans, count, tables.words))
        if whole:
            sketch_document(doc, documents, data, start, stop, tables, settings, space)
        tokens = tokenise_units(data, start, tables, count, settings.by_signs, whole, space)
        documents.paragraph_tokens[doc] = tokens
        if not whole and tokens == 0:
            sketch_document(doc, documents, data, start, stop, tables, settings, space)
        elif not whole:
            documents.tokens[doc] = tokens
            if n_document:
                sketch_unit(doc, documents, 0, tokens, n_document, settings, space)
        if not n_paragraph:
            continue
        paragraph_count, too_short = mark_long(space, count, min_tokens)
        seen += paragraph_count
        short += too_short
        all_short += too_short == paragraph_count and tokens >= min_tokens
        mark_compared(space, count, settings, raw, start)
        n_signed = 0 if settings.repeats_at >= SAME_TOKENS else n_paragraph
        for unit in range(count):
            if space.widths[unit]:
                write_place(written, units, doc, space.spans[unit], raw, start)
                units.block[written] = space.blocks[unit]
                first, last = space.first_tokens[unit], space.last_tokens[unit]
                sketch_unit(written, units, first, last, n_signed, settings, space)
                written += 1
    return written, seen, short, all_short
