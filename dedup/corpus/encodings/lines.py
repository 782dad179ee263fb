"""Decode a file line by line."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from dedup.corpus import streams
from dedup.corpus.encodings.detect import (
    CONTEXT_BYTES,
    CONTEXT_LINES,
    DETECTION_BYTES,
    HIGH_BYTE,
    Utf8Count,
    are_few,
    choose_encoding,
    context_of,
    count_utf8,
    cut_window,
    detect_bom,
    is_utf8,
    narrowest,
    replace_surrogates,
)
from dedup.corpus.encodings.guess import UTF8
from dedup.corpus.report import Unreadable
from dedup.corpus.streams import Buffered

# Guesses for lines that are not in the encoding of the file; each takes as long as reading thousands of lines.
_MAX_FAILED_GUESSES = 8
# Lines that a reader may have taken after the line that it decodes.
_MOST_READ_AHEAD = 1


class _Lines:
    """The lines of a stream, which can be read ahead."""

    def __init__(self, stream: Buffered) -> None:
        self._limit = streams.MAX_TEXT_BYTES
        self._lines = iter(partial(stream.readline, self._limit + 1), b"")
        self._ahead: deque[bytes] = deque()
        self._number = 0  # number of the last line that was taken, from 1
        self._taken: deque[bytes] = deque(maxlen=_MOST_READ_AHEAD + 1)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines."""
        ahead, taken, limit = self._ahead, self._taken, self._limit
        for line in self._lines:
            if len(line) > limit:
                streams.check_size(len(line))
            self._number += 1
            taken.append(line)
            yield line
            while ahead:
                self._number += 1
                taken.append(ahead[0])
                yield ahead.popleft()

    def number_of(self, line: bytes) -> int:
        """Return the number of one of the last lines that were taken, from 1."""
        return self._number - self._taken_after(line)

    def after(self, line: bytes, size: int) -> bytes:
        """Return what follows one of the last lines that were taken: `size` bytes, if there are so many."""
        taken = list(self._taken)[len(self._taken) - self._taken_after(line) :]
        found = sum(map(len, self._ahead)) + sum(map(len, taken))
        while found < size and (following := next(self._lines, b"")):
            streams.check_size(len(following))
            self._ahead.append(following)
            found += len(following)
        return b"".join((*taken, *self._ahead))[:size]

    def _taken_after(self, line: bytes) -> int:
        """Return the number of lines that were taken after a line."""
        return next((back for back, taken in enumerate(reversed(self._taken)) if taken is line), 0)


class LineDecoder:
    """Decodes the lines of a file; the first line that is not ASCII and the lines after it determine the encoding.

    A file in UTF-8 may have damaged lines, which are read with U+FFFD.
    """

    def __init__(self, lines: _Lines, *, is_recoded: bool = False) -> None:
        """Start with an unknown encoding.

        Args:
            lines: The lines of the file.
            is_recoded: Whether the lines come from another Unicode encoding.
        """
        self.guessed: str | None = None  # encoding, if it was guessed
        self.replaced = 0  # number of characters U+FFFD for invalid bytes and lone surrogates
        self.replaced_line: int | None = None  # line of the first of them, from 1
        self._last_replaced = 0  # the last of them
        self._lines = lines
        self._is_settled = is_recoded  # whether the encoding was determined, or a guess has failed
        self._wider = UTF8  # superset of the guessed encoding
        self._expected = 0  # invalid sequences in the lines by which the encoding was determined as UTF-8
        self._failed_guesses = 0
        self._recent: deque[bytes] = deque(maxlen=CONTEXT_LINES)  # last lines, while all are ASCII
        self._continuation = self._invalid = 0  # as in Utf8Count, over the lines so far

    def __call__(self, line: bytes) -> str:
        """Decode a line; raises Unreadable."""
        if self.guessed is not None:
            return self._decode_guessed(line, self.guessed)
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            return self._decode_damaged(line, error.reason)
        if len(text) != len(line):
            if not self._is_settled:
                with suppress(Unreadable):  # this line is valid in any case
                    self._settle(line)
                if self.guessed is not None:
                    return self(line)
            self._continuation += len(line) - len(text)
        elif not self._is_settled:
            self._recent.append(line if len(line) <= CONTEXT_BYTES else line[-CONTEXT_BYTES:])
        return text

    def add_replaced(self, count: int, line: int) -> None:
        """Count characters U+FFFD in a line, unless it was decoded before."""
        if count and line > self._last_replaced:
            self._last_replaced = line
            self.replaced_line = self.replaced_line or line
            self.replaced += count

    def _settle(self, line: bytes) -> None:
        """Determine the encoding by a line and the lines after it; raises Unreadable."""
        self._is_settled = True
        window = self._window(line)
        if is_utf8(window):
            return
        encoding = choose_encoding(window)
        if encoding == UTF8:
            self._expected = count_utf8(window).invalid
        else:
            self._wider, self.guessed = encoding, narrowest(encoding, window)

    def _window(self, line: bytes) -> bytes:
        """Return the part of the text from which its encoding is guessed."""
        match = HIGH_BYTE.search(line)
        at = match.start() if match else 0
        ahead = self._lines.after(line, max(0, DETECTION_BYTES - (len(line) - at)))
        self._recent.append(line[max(0, at - CONTEXT_BYTES) : at])
        context = context_of(b"".join(self._recent))
        self._recent.clear()
        return context + cut_window(line[at : at + DETECTION_BYTES] + ahead)

    def _decode_damaged(self, line: bytes, reason: str) -> str:
        """Decode a line that is not valid UTF-8."""
        if not self._is_settled:
            self._settle(line)
            if self.guessed is not None:
                return self(line)
        count = count_utf8(line)
        total = Utf8Count(self._continuation + count.continuation, self._invalid + count.invalid)
        if not (total.may_be_utf8 or total.invalid <= self._expected or self._is_utf8_from(line)):
            raise Unreadable(f"not UTF-8 ({reason})")
        self._continuation, self._invalid = total
        text = line.decode(UTF8, "replace")
        self.add_replaced(text.count("\ufffd") - line.count(b"\xef\xbf\xbd"), self._lines.number_of(line))
        return text

    def _is_utf8_from(self, line: bytes) -> bool:
        """Return whether a line and those after it are UTF-8 with damage."""
        if self._failed_guesses >= _MAX_FAILED_GUESSES:
            return False
        with suppress(Unreadable):
            if choose_encoding(self._window(line)) == UTF8:
                return True
        self._failed_guesses += 1
        return False

    def _decode_guessed(self, line: bytes, encoding: str) -> str:
        """Decode a line that is not in UTF-8."""
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            text = line.decode(self._wider, "replace")
            count = text.count("\ufffd")
            if not are_few(count, line):
                raise Unreadable(f"not {encoding} ({error.reason})") from None
        self.add_replaced(count, self._lines.number_of(line))
        return text


def open_lines(stream: Buffered) -> tuple[LineDecoder, Iterator[bytes]]:
    r"""Return a decoder for the lines of a file, and the lines as bytes; only "\n" ends a line.

    The decoder must get the lines in their order, at most one line after they were taken from the iterator; some may be
    left out, and the last one decoded again.

    >>> decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(b"a\nb")))
    >>> [decoder(line) for line in raw_lines]
    ['a\n', 'b']
    """
    mark_size, encoding = detect_bom(stream.peek(4)[:4])
    stream.read(mark_size)
    if encoding == UTF8:
        lines = _Lines(stream)
        return LineDecoder(lines), iter(lines)
    decoder = LineDecoder(_Lines(stream), is_recoded=True)
    return decoder, _recode_lines(stream, encoding, decoder)


def _recode_lines(stream: Buffered, encoding: str, decoder: LineDecoder) -> Iterator[bytes]:
    """Yield the lines of a UTF-16 or UTF-32 file in UTF-8; count replaced surrogates in the decoder."""
    wrapper = io.TextIOWrapper(stream, encoding, "surrogatepass", newline="\n")
    try:
        for number, line in enumerate(streams.read_lines(wrapper), 1):
            clean, count = replace_surrogates(line)
            decoder.add_replaced(count, number)
            yield clean.encode()
    finally:
        with suppress(ValueError):  # the stream may be closed already
            wrapper.detach()  # else the wrapper would close the stream
