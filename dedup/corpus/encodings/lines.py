"""Decode a file line by line."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from dedup.corpus.encodings.detect import (
    CONTEXT_BYTES,
    CONTEXT_LINES,
    DETECTION_BYTES,
    HIGH_BYTE,
    Utf8Count,
    choose_encoding,
    context_of,
    count_utf8,
    cut_window,
    detect_unicode,
    is_utf8,
)
from dedup.corpus.encodings.guess import UTF8
from dedup.corpus.encodings.mixed import MixedDecoder, choose_line_encoding, count_kinds, guess_other, is_other
from dedup.corpus.encodings.raw_lines import RawLines, recode
from dedup.corpus.report import Unreadable
from dedup.corpus.streams import Buffered

# Guesses for lines that are not in the encoding of the file; each takes as long as reading thousands of lines. After
# this number of failed guesses, the next one is made when the file has twice as many lines.
_MAX_FAILED_GUESSES = 8
# Number of invalid sequences from which a line is in another encoding rather than damaged.
_SEVERAL = 2


class LineDecoder:
    """Decodes the lines of a file; the first line that is not ASCII and the lines after it determine the encoding.

    A file in UTF-8 may have damaged lines, which are read with U+FFFD. Lines in UTF-8 and in another encoding may be
    mixed.
    """

    def __init__(self, stream: Buffered, encoding: str = UTF8, *, is_guessed: bool = False) -> None:
        """Start with an unknown encoding, or with one of UTF-16 and UTF-32.

        Args:
            stream: The file after its byte order mark.
            encoding: Python's name of the encoding; "utf-8" if it is not known.
            is_guessed: Whether an encoding other than UTF-8 is guessed.
        """
        self.guessed = encoding if is_guessed else None  # encoding, if it was guessed
        self.replaced = 0  # number of characters U+FFFD for invalid bytes and lone surrogates
        self.replaced_line: int | None = None  # line of the first of them, from 1
        self.lines = RawLines(stream if encoding == UTF8 else recode(stream, encoding, self._add_recoded))
        self._last_replaced = 0  # the last line with some of them
        self._is_settled = encoding != UTF8  # whether the encoding was determined, or a guess has failed
        self._other: MixedDecoder | None = None  # if lines are in another encoding
        self._expected = 0  # invalid sequences in the lines by which the encoding was determined as UTF-8
        self._failed_guesses = self._failed_at = 0  # their number, and the line of the last one
        self._recent: deque[bytes] = deque(maxlen=CONTEXT_LINES)  # last lines, while all are ASCII
        self._continuation = self._invalid = 0  # as in Utf8Count, over the lines so far

    @property
    def mixed(self) -> bool:
        """Whether there were lines in UTF-8 and lines in the encoding that was guessed."""
        return self._other is not None and self._other.mixed

    def __call__(self, line: bytes) -> str:
        """Decode a line; raises Unreadable."""
        if self._other is not None:
            return self._decode_other(line, self._other)
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            return self._decode_damaged(line, error.reason)
        if len(text) != len(line):
            if not self._is_settled:
                with suppress(Unreadable):  # this line is valid in any case
                    self._settle(line)
                if self._other is not None:
                    return self(line)
            self._continuation += len(line) - len(text)
        elif not self._is_settled:
            self._recent.append(line if len(line) <= CONTEXT_BYTES else line[-CONTEXT_BYTES:])
        return text

    def decode_next(self, size: int) -> tuple[list[str], list[bytes]] | None:
        """Take and decode the next lines at once; it is faster than line by line.

        Args:
            size: Bytes of lines to take; fewer if the file ends.

        Returns:
            The lines, decoded and as bytes; None if they must be decoded one by one, and then none is taken.
        """
        if self._other is not None:
            return None
        lines = self.lines.peek(size)
        try:
            texts = [*map(bytes.decode, lines)]
        except UnicodeDecodeError:
            return None
        more_bytes = sum(map(len, lines)) - sum(map(len, texts))
        if more_bytes and not self._is_settled:
            return None
        self.lines.take_all()
        self._continuation += more_bytes
        if not self._is_settled:
            self._recent.extend(line[-CONTEXT_BYTES:] for line in lines[-CONTEXT_LINES:])
        return texts, lines

    def _add_recoded(self, count: int, line: int) -> None:
        """Count characters U+FFFD in lines that are recoded."""
        self.replaced_line = self.replaced_line or line
        self.replaced += count

    def _add_replaced(self, count: int, line: bytes) -> None:
        """Count characters U+FFFD in a line, unless it was decoded before."""
        number = self.lines.number_of(line)
        if count and number > self._last_replaced:
            self._last_replaced = number
            self._add_recoded(count, number)

    def _settle(self, line: bytes) -> None:
        """Determine the encoding by a line and the lines after it; raises Unreadable."""
        self._is_settled = True
        window = self._window(line)
        if is_utf8(window):
            return
        encoding, is_mixed = choose_line_encoding(window)
        if encoding == UTF8:
            self._expected = count_utf8(window).invalid
        else:
            self._set_other(encoding, window, is_mixed=is_mixed)

    def _set_other(self, encoding: str, window: bytes, *, is_mixed: bool) -> None:
        """Decode the lines that are not in UTF-8 in another encoding."""
        self._other = MixedDecoder(encoding, (count_kinds(window).sample if is_mixed else b"") or window)
        self._other.mixed = is_mixed
        self.guessed = self._other.encoding

    def _window(self, line: bytes) -> bytes:
        """Return the part of the text from which its encoding is guessed."""
        match = HIGH_BYTE.search(line)
        at = match.start() if match else 0
        ahead = self.lines.after(line, max(0, DETECTION_BYTES - (len(line) - at)))
        self._recent.append(line[max(0, at - CONTEXT_BYTES) : at])
        context = context_of(b"".join(self._recent))
        self._recent.clear()
        return context + cut_window(line[at : at + DETECTION_BYTES] + ahead)

    def _decode_damaged(self, line: bytes, reason: str) -> str:
        """Decode a line that is not valid UTF-8."""
        if not self._is_settled:
            self._settle(line)
            if self._other is not None:
                return self(line)
        count = count_utf8(line)
        if self._continuation and self._is_other_from(line, count):
            return self(line)
        total = Utf8Count(self._continuation + count.continuation, self._invalid + count.invalid)
        if not (total.may_be_utf8 or total.invalid <= self._expected or self._is_utf8_from(line)):
            raise Unreadable(f"not UTF-8 ({reason})")
        self._continuation, self._invalid = total
        text = line.decode(UTF8, "replace")
        self._add_replaced(text.count("\ufffd") - line.count(b"\xef\xbf\xbd"), line)
        return text

    def _is_other_from(self, line: bytes, count: Utf8Count) -> bool:
        """Return whether a line in a file in UTF-8, and perhaps some after it, are in another encoding."""
        if not is_other(count) or count.invalid < _SEVERAL or not self._may_guess():
            return False
        window = self._window(line)
        encoding = guess_other(count_kinds(window).sample or window)
        if encoding is None:
            self._add_failed(line)
            return False
        self._set_other(encoding, window, is_mixed=True)
        return True

    def _may_guess(self) -> bool:
        return self._failed_guesses < _MAX_FAILED_GUESSES or self.lines.number >= 2 * self._failed_at

    def _add_failed(self, line: bytes) -> None:
        self._failed_guesses += 1
        self._failed_at = self.lines.number_of(line)

    def _is_utf8_from(self, line: bytes) -> bool:
        """Return whether a line and those after it are UTF-8 with damage."""
        if not self._may_guess():
            return False
        with suppress(Unreadable):
            if choose_encoding(self._window(line)) == UTF8:
                return True
        self._add_failed(line)
        return False

    def _decode_other(self, line: bytes, other: MixedDecoder) -> str:
        """Decode a line in a file with lines that are not in UTF-8."""
        text, replaced = other.decode(line)
        if replaced:
            self._add_replaced(replaced, line)
        return text


def open_lines(stream: Buffered) -> tuple[LineDecoder, Iterator[bytes]]:
    r"""Return a decoder for the lines of a file, and the lines as bytes; only "\n" ends a line.

    The decoder must get the lines in their order, at most one line after they were taken from the iterator; some may be
    left out, and the last one decoded again. A last line that is cut, since the stream breaks off, is not yielded.

    >>> import io
    >>> decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(b"a\nb")))
    >>> [decoder(line) for line in raw_lines]
    ['a\n', 'b']
    """
    mark_size, encoding, is_guessed = detect_unicode(stream.peek(DETECTION_BYTES)[:DETECTION_BYTES])
    stream.read(mark_size)
    decoder = LineDecoder(stream, encoding, is_guessed=is_guessed)
    return decoder, iter(decoder.lines)
