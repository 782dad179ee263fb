"""Read the lines of a stream as bytes: with a look-ahead, without a line that is cut, and recoded from UTF-16."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from dedup.corpus import streams
from dedup.corpus.encodings.detect import SURROGATE, replace_surrogates
from dedup.corpus.packed.pieces import DamagedData, PieceReader, TrailingGarbage
from dedup.corpus.streams import Buffered

# Lines that a reader may have taken after the line that it decodes.
_MOST_READ_AHEAD = 1
_LINE_END = ord("\n")
_RECODED_BYTES = 256 << 10


class RawLines:
    r"""The lines of a stream, which can be read ahead; only "\n" ends a line.

    An error of the stream is raised after all complete lines before it. A last line without a line end is yielded only
    if the stream ends there: if it breaks off, the line is cut.

    >>> import io
    >>> lines = RawLines(io.BufferedReader(io.BytesIO(b"a\nb")))
    >>> [(line, lines.after(line, 9)) for line in lines]
    [(b'a\n', b'b'), (b'b', b'')]
    """

    def __init__(self, stream: Buffered) -> None:
        """Start at the position of a stream."""
        self._limit = streams.MAX_TEXT_BYTES
        self._lines = iter(partial(stream.readline, self._limit + 1), b"")
        self._ahead: deque[bytes | Exception] = deque()  # an error is the last item
        self._is_ended = False  # whether an error or the last line was read
        self.number = 0  # number of the last line that was taken, from 1
        self._taken: deque[bytes] = deque(maxlen=_MOST_READ_AHEAD + 1)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines."""
        ahead, taken, limit, end = self._ahead, self._taken, self._limit, _LINE_END
        while True:
            while ahead:
                item = ahead.popleft()
                if isinstance(item, Exception):
                    raise item
                self.number += 1
                taken.append(item)
                yield item
            for line in self._lines:
                if line[-1] != end or len(line) > limit:
                    self._add_last(line)
                    break
                self.number += 1
                taken.append(line)
                yield line
                if ahead:
                    break
            else:
                return

    def peek(self, size: int) -> list[bytes]:
        """Return the next lines without taking them: at least `size` bytes, or fewer at the end."""
        self._read_ahead(size)
        return self._lines_ahead()

    def take_all(self) -> None:
        """Take all lines that were read ahead."""
        lines = self._lines_ahead()
        self.number += len(lines)
        self._taken.extend(lines)
        error = self._ahead[-1] if len(lines) < len(self._ahead) else None
        self._ahead.clear()
        if error is not None:
            self._ahead.append(error)

    def number_of(self, line: bytes) -> int:
        """Return the number of one of the last lines that were taken, from 1."""
        return self.number - self._taken_after(line)

    def after(self, line: bytes, size: int) -> bytes:
        """Return what follows one of the last lines that were taken: `size` bytes, or fewer at the end."""
        taken = list(self._taken)[len(self._taken) - self._taken_after(line) :]
        self._read_ahead(size - sum(map(len, taken)))
        return b"".join((*taken, *self._lines_ahead()))[:size]

    def _lines_ahead(self) -> list[bytes]:
        items = [*self._ahead]
        if items and isinstance(items[-1], Exception):
            items.pop()
        return cast("list[bytes]", items)

    def _read_ahead(self, size: int) -> None:
        """Read ahead until there are `size` bytes of lines. An error is kept until the lines before it are taken."""
        found = sum(map(len, self._lines_ahead()))
        append, limit, end = self._ahead.append, self._limit, _LINE_END
        if found >= size or self._is_ended:
            return
        try:
            for line in self._lines:
                if line[-1] != end or len(line) > limit:
                    self._add_last(line)
                    return
                append(line)
                found += len(line)
                if found >= size:
                    return
            self._is_ended = True
        except Exception as error:
            append(error)
            self._is_ended = True

    def _add_last(self, line: bytes) -> None:
        """Add a line without a line end, unless it is cut or too long, and the error after it."""
        self._is_ended = True
        try:
            streams.check_size(len(line))
            next(self._lines, b"")
        except TrailingGarbage as error:  # the data are complete
            self._ahead.extend((line, error))
        except Exception as error:
            self._ahead.append(error)
        else:
            self._ahead.append(line)

    def _taken_after(self, line: bytes) -> int:
        """Return the number of lines that were taken after a line."""
        return next((back for back, taken in enumerate(reversed(self._taken)) if taken is line), 0)


def recode(stream: Buffered, encoding: str, report_replaced: Callable[[int, int], None]) -> Buffered:
    """Return a stream of the UTF-8 of a stream in UTF-16 or UTF-32.

    Args:
        stream: The stream after its byte order mark.
        encoding: Python's name of its encoding.
        report_replaced: Receives the number of characters U+FFFD that replace lone surrogates and a last character
            that is cut, and the line of the first of them.
    """
    return PieceReader(_recode_pieces(stream, encoding, report_replaced), _RECODED_BYTES)


def _recode_pieces(stream: Buffered, encoding: str, report_replaced: Callable[[int, int], None]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    line = 1
    while raw := stream.read(_RECODED_BYTES):
        try:
            text = decoder.decode(raw)
        except UnicodeDecodeError as error:
            raise DamagedData(f"not {encoding.rsplit('-', 1)[0].upper()} ({error.reason})") from None
        found = SURROGATE.search(text)
        if found is None:
            yield text.encode()
        else:
            clean, count = replace_surrogates(text)
            report_replaced(count, line + text.count("\n", 0, found.start()))
            yield clean.encode()
        line += text.count("\n")
    if decoder.getstate()[0]:
        report_replaced(1, line)
        yield "\ufffd".encode()
