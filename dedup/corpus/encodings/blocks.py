"""Decode a file block by block."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import suppress

from dedup.corpus.encodings.detect import (
    CONTEXT_BYTES,
    DETECTION_BYTES,
    Utf8Count,
    are_few,
    choose_encoding,
    count_utf8,
    detect_unicode,
    is_utf8,
    narrowest,
    window_of,
)
from dedup.corpus.encodings.guess import UTF8
from dedup.corpus.report import Unreadable
from dedup.corpus.streams import Buffered

DECODED_BLOCK_BYTES = 1 << 20
"""Maximum number of bytes of a file that `decode_blocks` reads for one block of text."""


def decode_blocks(
    stream: Buffered, report_guess: Callable[[str], None], report_replaced: Callable[[int, int], None] | None = None
) -> Iterator[str]:
    """Decode a file block by block; raises Unreadable.

    Args:
        stream: The file.
        report_guess: Receives the encoding if it is guessed.
        report_replaced: Receives the number of characters U+FFFD for invalid bytes in a block, and the line of the
            first of them.

    >>> import io
    >>> list(decode_blocks(io.BufferedReader(io.BytesIO(b"abc")), print))
    ['abc', '']
    """
    mark_size, encoding, is_guessed = detect_unicode(stream.peek(DETECTION_BYTES)[:DETECTION_BYTES])
    stream.read(mark_size)
    if is_guessed:
        report_guess(encoding)
    decoder = _BlockDecoder(encoding, report_guess, report_replaced)
    while True:
        raw = stream.read(DECODED_BLOCK_BYTES)
        if decoder.must_settle(raw):
            while raw and len(raw) < DETECTION_BYTES + DECODED_BLOCK_BYTES and (more := stream.read(DETECTION_BYTES)):
                raw += more
            decoder.settle(raw)
        yield decoder.decode(raw)
        if not raw:
            return


class _BlockDecoder:
    """Decodes the blocks of a file; the first block that is not ASCII determines the encoding."""

    def __init__(
        self,
        encoding: str,
        report_guess: Callable[[str], None],
        report_replaced: Callable[[int, int], None] | None,
    ) -> None:
        self._encoding = self._wider = encoding
        self._report_guess, self._report_replaced = report_guess, report_replaced
        self._is_settled = encoding != UTF8
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._before = b""  # end of the last block, while all are ASCII
        self._line = 1
        self._expected = 0  # invalid sequences in the part by which the encoding was determined as UTF-8
        self._continuation = self._invalid = 0  # as in Utf8Count, over the blocks so far

    def must_settle(self, raw: bytes) -> bool:
        """Return whether the encoding is to be determined by a block and what follows it."""
        if self._is_settled or raw.isascii():
            self._before = b"" if self._is_settled else (self._before + raw[-CONTEXT_BYTES:])[-CONTEXT_BYTES:]
            return False
        return True

    def settle(self, raw: bytes) -> None:
        """Determine the encoding; raises Unreadable."""
        self._is_settled = True
        window = window_of(self._before + raw)
        if is_utf8(window):
            return
        encoding = choose_encoding(window)
        if encoding == UTF8:
            self._expected = count_utf8(window).invalid
        else:
            self._wider, self._encoding = encoding, narrowest(encoding, window)
            self._decoder = codecs.getincrementaldecoder(self._encoding)()
            self._report_guess(self._encoding)

    def decode(self, raw: bytes) -> str:
        """Decode a block; an empty one is the end of the file. Raises Unreadable."""
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            text = self._decode_damaged(raw, state, error)
        else:
            self._continuation += len(raw) - len(text) if self._encoding == UTF8 else 0
        self._line += text.count("\n")
        return text

    def _decode_damaged(self, raw: bytes, state: tuple[bytes, int], error: UnicodeDecodeError) -> str:
        """Decode a block with invalid bytes."""
        if self._wider != self._encoding:
            self._encoding = self._wider
            self._decoder = codecs.getincrementaldecoder(self._wider)()
            self._decoder.setstate(state)
            with suppress(UnicodeDecodeError):
                return self._decoder.decode(raw, final=not raw)
        replacing = codecs.getincrementaldecoder(self._encoding)("replace")
        replacing.setstate(state)
        text = replacing.decode(raw, final=not raw)
        data = state[0] + raw
        count = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if self._encoding == UTF8 else 0)
        if not self._is_damage(data, count):
            raise Unreadable(f"not {self._encoding.upper()} ({error.reason})") from None
        if self._report_replaced is not None:
            self._report_replaced(count, self._line + data.count(b"\n", 0, error.start))
        self._decoder.setstate(replacing.getstate())
        return text

    def _is_damage(self, data: bytes, invalid: int) -> bool:
        """Return whether the invalid sequences of a block are few; count them."""
        if self._encoding != UTF8:
            return are_few(invalid, data)
        count = count_utf8(data)
        self._continuation += count.continuation
        self._invalid += count.invalid
        total = Utf8Count(self._continuation, self._invalid)
        return total.may_be_utf8 or total.invalid <= self._expected
