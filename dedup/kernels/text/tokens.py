"""Hash the tokens of UTF-8 bytes in one pass, without creating strings."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import inlined, kernel
from dedup.kernels.text.bits import BLOCK, classify, load, store, trailing_zeros
from dedup.kernels.text.folding import (
    ALONE,
    ENDS,
    HYPHEN,
    IGNORED,
    LETTER,
    MARK,
    NOTHING,
    NUMBER,
    OTHER,
    PAGE,
    PAGE_BITS,
    SINGLE,
    SMALL_LETTER,
    SPACE,
    STEP_SIZE,
    STEPS,
    FoldTable,
    TokenTables,
)
from dedup.kernels.text.token_hash import (
    CASE,
    SEED,
    U0,
    U1,
    U8,
    U63,
    alphanumeric,
    finish,
    hash_word,
    push,
    push_code,
    signed,
)

REPLACEMENT = 0xFFFD
SOFT_HYPHEN, QUOTE = 0xAD, ord(">")
# Letters and marks of Thai and Lao differ in one bit. SARA AM is a ring over the consonant before it and SARA AA.
LAO = 0x80
AA, AM, RING, FIRST_TONE, LAST_TONE = 0x0EB2, 0x0EB3, 0x0ECD, 0x0EC8, 0x0ECB
# Marks that are not dropped are sorted into canonical order. A longer run of marks, which no script uses, is sorted
# piece by piece.
MAX_PENDING = 64
# Longer tokens than this are hashed piece by piece.
BUFFER = 256


@kernel
def decode(data: NDArray[np.uint8], at: int, stop: int) -> tuple[int, int]:
    """Decode the code point that starts at a byte; each byte that is not valid UTF-8 is read as U+FFFD.

    Returns:
        The code point, and its length in bytes.
    """
    lead = int(data[at])
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        if lead >= 0xC2 and at + 1 < stop:
            last = int(data[at + 1]) ^ 0x80  # below 0x40 if it is a continuation byte
            if last < 0x40:
                return (lead & 0x1F) << 6 | last, 2
    elif lead < 0xF0:
        if at + 2 < stop:
            second, last = int(data[at + 1]) ^ 0x80, int(data[at + 2]) ^ 0x80
            code = (lead & 0x0F) << 12 | second << 6 | last
            if second | last < 0x40 and code >= 0x800:  # else it is an overlong encoding
                return code, 3
    elif lead < 0xF5 and at + 3 < stop:
        second, third, last = int(data[at + 1]) ^ 0x80, int(data[at + 2]) ^ 0x80, int(data[at + 3]) ^ 0x80
        code = (lead & 0x07) << 18 | second << 12 | third << 6 | last
        if second | third | last < 0x40 and 0x10000 <= code < 0x110000:
            return code, 4
    return REPLACEMENT, 1


@kernel
def insert_mark(pending: NDArray[np.uint32], count: int, value: np.uint32) -> int:
    """Insert a mark into the pending marks by combining class, after equal ones (Unicode Standard, D109)."""
    at = count
    while at > 0 and (pending[at - 1] >> np.uint32(24)) > (value >> np.uint32(24)):
        pending[at] = pending[at - 1]
        at -= 1
    pending[at] = value
    return count + 1


@kernel
def flush(
    state: np.uint64, word: np.uint64, fill: np.uint64, pending: NDArray[np.uint32], count: int
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Append the pending marks to a token."""
    for mark in range(count):
        state, word, fill = push_code(state, word, fill, np.uint64(pending[mark] & np.uint32(0xFFFFFF)))
    return state, word, fill


@kernel
def end_token(
    state: np.uint64,
    word: np.uint64,
    fill: np.uint64,
    pending: NDArray[np.uint32],
    count: int,
    out: NDArray[np.uint64],
    at: int,
) -> int:
    """Write the hash of a token to ``out[at]``; return the next index."""
    state, word, fill = flush(state, word, fill, pending, count)
    out[at] = finish(state, word, fill)
    return at + 1


@kernel
def push_fold(
    state: np.uint64,
    word: np.uint64,
    fill: np.uint64,
    code: int,
    entry: np.uint32,
    table: FoldTable,
    pending: NDArray[np.uint32],
    count: int,
) -> tuple[np.uint64, np.uint64, np.uint64, int]:
    """Append the folded code point to a token; marks stay pending until their order is known."""
    length = int(entry >> np.uint32(24))
    offset = int(entry & np.uint32(0xFFFFFF))
    if length == NOTHING:
        return state, word, fill, count
    single = length in (0, SINGLE)
    for step in range(1 if single else length):
        value = np.uint32(offset if length else code) if single else table.folded[offset + step]
        if value >> np.uint32(24) and count < MAX_PENDING:
            count = insert_mark(pending, count, value)
            continue
        state, word, fill = flush(state, word, fill, pending, count)
        count = 0
        if value >> np.uint32(24):
            count = insert_mark(pending, count, value)
        else:
            state, word, fill = push_code(state, word, fill, np.uint64(value))
    return state, word, fill, count


@kernel
def push_above(
    state: np.uint64,
    word: np.uint64,
    fill: np.uint64,
    data: NDArray[np.uint8],
    index: int,
    stop: int,
    vowel: int,
    table: FoldTable,
    pending: NDArray[np.uint32],
    count: int,
) -> tuple[np.uint64, np.uint64, np.uint64, int, int]:
    """Append the ring of SARA AM, and the tone marks typed after SARA AM or SARA AA, to the consonant before it.

    ``index`` is the first byte after the vowel; the last value returned is the first byte after the tone marks.
    """
    above, length = (RING & ~LAO) | (vowel & LAO) if vowel | LAO == AM else 0, 0
    while True:
        if above:
            entry = table.fold[(int(table.fold_index[above >> PAGE_BITS]) << PAGE_BITS) | (above & (PAGE - 1))]
            state, word, fill, count = push_fold(state, word, fill, above, entry, table, pending, count)
        index += length
        above = 0
        if index < stop:
            above, length = decode(data, index, stop)
        if not FIRST_TONE <= above | LAO <= LAST_TONE:
            return state, word, fill, count, index


@inlined
def kind_of(code: int, table: FoldTable) -> int:
    """Return the class of a code point for the tokeniser."""
    return int(table.kind[(int(table.kind_index[code >> PAGE_BITS]) << PAGE_BITS) | (code & (PAGE - 1))])


@inlined
def breaks_line(code: int) -> bool:
    """Return whether a code point ends a line (Unicode UAX 14, classes BK, CR, LF and NL)."""
    return 0x0A <= code <= 0x0D or code == 0x85 or code == 0x2028 or code == 0x2029


@kernel
def last_code(data: NDArray[np.uint8], start: int, stop: int) -> tuple[int, int]:
    """Decode the last code point of ``data[start:stop]``, which is not empty; return it and its first byte."""
    at = stop - 1
    while at > start and data[at] & 0xC0 == 0x80:
        at -= 1
    return decode(data, at, stop)[0], at


@kernel
def rest_of_word(data: NDArray[np.uint8], start: int, hyphen: int, stop: int, table: FoldTable) -> int:
    """Find the rest of a word that is broken by a hyphen at a line end.

    The hyphen follows a letter. After it come white space, one line end, indent and quote marks, and a small letter, or
    after a soft hyphen any letter.

    Args:
        data: UTF-8 bytes.
        start: First byte of the text.
        hyphen: First byte of the hyphen.
        stop: One past the last byte of the text.
        table: From `fold_table`.

    Returns:
        First byte of the rest of the word; 0 if the hyphen breaks no word.
    """
    code, length = decode(data, hyphen, stop)
    least = LETTER if code == SOFT_HYPHEN else SMALL_LETTER
    rest, broken, kind = hyphen + length, False, SPACE
    while rest < stop:
        code, length = decode(data, rest, stop)
        kind = kind_of(code, table)
        if breaks_line(code):
            if broken:
                return 0  # a blank line
            broken = True
            if code == 0x0D and rest + 1 < stop and data[rest + 1] == 0x0A:
                length = 2
        elif kind != SPACE and not (broken and code == QUOTE):
            break
        rest += length
    if not broken or rest >= stop or not least <= kind <= SMALL_LETTER:
        return 0
    while hyphen > start:
        code, hyphen = last_code(data, start, hyphen)
        kind = kind_of(code, table)
        if kind not in (MARK, IGNORED) and code != SOFT_HYPHEN:
            return rest if LETTER <= kind <= SMALL_LETTER else 0
    return 0


# This function reads tables inline, not in inlined functions that take arrays: numba counts a reference for
# each array passed to an inlined function, which made this loop three times slower.
@kernel
def tokenise_any(  # noqa: C901 - one pass over the bytes is one state machine
    data: NDArray[np.uint8], start: int, stop: int, table: FoldTable, out: NDArray[np.uint64], at: int
) -> tuple[int, int]:
    """Hash the tokens of ``data[start:stop]`` of any script into ``out[at:]``, as `tokenise` does, one after the other.

    Args:
        data: UTF-8 bytes.
        start: First byte, within no token.
        stop: One past the last byte.
        table: From `fold_table`.
        out: Where the hashes are written.
        at: First index of ``out`` to write.

    Returns:
        Where `tokenise` goes on: the end, or a byte within no token, after which other scripts are frequent; and one
        past the last index written.
    """
    pending = np.empty(MAX_PENDING, np.uint32)
    index, inside, alone = start, False, False
    case = CASE if table.fold[(int(table.fold_index[0]) << PAGE_BITS) | ord("A")] else U0
    state, word, fill, count = SEED, U0, U0, 0
    while index < stop:
        if index + 8 <= stop:  # words of ASCII, eight bytes at a time
            chunk, size = alphanumeric(load(data, index), case)
            if size:
                if alone:
                    at = end_token(state, word, fill, pending, count, out, at)
                    inside = alone = False
                if not inside:
                    state, word, fill, count = SEED, U0, U0, 0
                    inside = True
                elif count:
                    state, word, fill = flush(state, word, fill, pending, count)
                    count = 0
                state, word, fill = push(state, word, fill, chunk, size)
                index += int(size)
                if size == U8:
                    continue
        code, length = int(data[index]), 1
        if code >= 0x80:
            code, length = decode(data, index, stop)
        index += length
        kind = table.kind[(int(table.kind_index[code >> PAGE_BITS]) << PAGE_BITS) | (code & (PAGE - 1))]
        if kind == ALONE or (kind >= NUMBER and (alone or not inside)):
            if inside and AA <= code | LAO <= AM:
                state, word, fill, count, index = push_above(
                    state, word, fill, data, index, stop, code, table, pending, count
                )
            if inside:
                at = end_token(state, word, fill, pending, count, out, at)
            inside, alone = True, kind == ALONE
            state, word, fill, count = SEED, U0, U0, 0
        elif kind == IGNORED or not inside:
            continue
        elif kind < MARK:
            # The byte after most hyphens is an ASCII character but no white space: that spares a call.
            if kind == HYPHEN and (code == SOFT_HYPHEN or (index < stop and not 0x20 < data[index] < 0x80)):
                rest = rest_of_word(data, start, index - length, stop, table)
                if rest or code == SOFT_HYPHEN:
                    index = max(index, rest)
                    continue
            at = end_token(state, word, fill, pending, count, out, at)
            inside = alone = False
            if case and index < stop and data[index] < 0xE0:  # not a script that the table of steps lacks
                return index, at
            continue
        entry = table.fold[(int(table.fold_index[code >> PAGE_BITS]) << PAGE_BITS) | (code & (PAGE - 1))]
        if count == 0 and entry >> np.uint32(24) in (0, SINGLE):
            folded = np.uint64(entry & np.uint32(0xFFFFFF)) if entry else np.uint64(code)
            state, word, fill = push_code(state, word, fill, folded)
        else:
            state, word, fill, count = push_fold(state, word, fill, code, entry, table, pending, count)
    return index, end_token(state, word, fill, pending, count, out, at) if inside else at


@inlined
def read_step(data: NDArray[np.uint8], index: int, steps: NDArray[np.uint64]) -> tuple[np.uint64, int]:
    """Look up the step of a code point of two or three bytes; return it and its length; `OTHER` if it has none."""
    lead, second = int(data[index]), int(data[index + 1]) ^ 0x80  # below 0x40 if it is a continuation byte
    if 0xC2 <= lead < 0xE0 and second < 0x40:
        return steps[(lead & 0x1F) << 6 | second], 2
    third = int(data[index + 2]) ^ 0x80
    code = (lead & 0x1F) << 12 | second << 6 | third
    if lead >= 0xE0 and second | third < 0x40 and 0x800 <= code < STEPS:
        return steps[code], 3
    return np.uint64(OTHER), 1


@kernel
def fold_word(
    data: NDArray[np.uint8], index: int, stop: int, steps: NDArray[np.uint64], out: NDArray[np.uint8]
) -> tuple[int, int]:
    """Fold a token by the table of steps.

    Args:
        data: UTF-8 bytes.
        index: First byte of the token, or a character that separates tokens.
        stop: One past the last byte of the text.
        steps: From `fold_table`.
        out: Where the folded bytes are written.

    Returns:
        One past the character that ends the token, and the number of bytes written; -1 if only `tokenise_any` can tell
        the token.
    """
    size = 0
    while index < stop:
        if size > out.size - 16 or index + 16 > data.size:
            return index, -1
        if data[index] >= 0x80:
            entry, length = read_step(data, index, steps)
            index += length
            if entry >= np.uint64(ENDS) or index > stop:
                return index, size if entry == np.uint64(ENDS) and index <= stop else -1
            store(out, size, entry)
            size += signed(entry >> np.uint64(STEP_SIZE))
            continue
        chunk, count = alphanumeric(load(data, index), CASE)
        if count == U0:
            breaks = data[index] == ord("-") and size and (index + 1 == stop or not 0x20 < data[index + 1] < 0x80)
            return index + 1, -1 if breaks else size
        step = min(signed(count), stop - index)
        store(out, size, chunk)
        size += step
        index += step
    return index, size


@kernel
def tokenise(data: NDArray[np.uint8], start: int, stop: int, table: FoldTable, out: NDArray[np.uint64], at: int) -> int:
    """Hash the tokens of ``data[start:stop]`` into ``out[at:]``.

    A token is a maximal run of letters and digits with their marks, folded, even if a hyphen breaks it at a line end.
    In scripts written without spaces each character is a token; where signs are tokens, so is each sign.

    Args:
        data: UTF-8 bytes.
        start: First byte.
        stop: One past the last byte.
        table: From `fold_table`.
        out: Where the hashes are written; needs ``(stop - start) // 2 + 1`` elements from ``at`` on, and ``stop -
            start`` if signs are tokens.
        at: First index of ``out`` to write.

    Returns:
        One past the last index written.
    """
    folds = table.fold[(int(table.fold_index[0]) << PAGE_BITS) | ord("A")] != 0
    steps, folded = table.steps, np.empty(BUFFER, np.uint8)
    index = start
    while index < stop:
        if index + BLOCK + 16 > data.size or not folds:  # no room to read ahead, or signs are tokens
            index, at = tokenise_any(data, index, stop, table, out, at)
            continue
        # Masks of 64 bytes give the bounds of their tokens (Langdale and Lemire, Parsing gigabytes of JSON per second,
        # 2019). The last bit means that the text goes on.
        plain, wide, hyphen, visible = classify(data, index)
        limit = min(BLOCK - 1, stop - index)
        within = (U1 << np.uint64(limit)) - U1
        plain &= within
        special = (wide | (hyphen & ((plain | wide) << U1) & ~(visible >> U1))) & within
        rest, following = plain | special, index + limit
        special |= np.uint64(following < stop) << U63
        while rest:
            first = trailing_zeros(rest)
            size = trailing_zeros(~(plain >> first))
            last, here = first + size, index + signed(first)
            if not (special >> last) & U1:
                out[at] = hash_word(data, here, size, CASE)
                at += 1
            elif last == U63 and first:
                following = here
                break
            else:
                end, length = fold_word(data, here, stop, steps, folded)
                if length > 0:
                    out[at] = hash_word(folded, 0, np.uint64(length), U0)
                    at += 1
                elif length < 0:
                    end, at = tokenise_any(data, here, stop, table, out, at)
                if end >= index + BLOCK - 1:
                    following = end
                    break
                last = np.uint64(end - index)
            rest = rest >> last << last
        index = following
    return at


@kernel
def tokenise_document(
    data: NDArray[np.uint8], start: int, stop: int, tables: TokenTables, out: NDArray[np.uint64]
) -> int:
    """Hash the tokens of a document into ``out``; without letters and digits, its tokens are its signs.

    Args:
        data: UTF-8 bytes.
        start: First byte.
        stop: One past the last byte.
        tables: From `token_tables`.
        out: Where the hashes are written; needs ``stop - start + 1`` elements.

    Returns:
        The number of tokens.
    """
    count = tokenise(data, start, stop, tables.tokens, out, 0)
    return count if count else tokenise(data, start, stop, tables.signs, out, 0)


@kernel
def has_word(data: NDArray[np.uint8], start: int, stop: int, words: FoldTable) -> bool:
    """Return whether there is a letter or digit in ``data[start:stop]``."""
    while start < stop:
        code, length = decode(data, start, stop)
        if kind_of(code, words) >= NUMBER:
            return True
        start += length
    return False
