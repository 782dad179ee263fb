"""Buffer the decoded lines of a file, so that a reader can look ahead and go back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.corpus.encodings.lines import open_lines
from dedup.corpus.report import Unreadable
from dedup.corpus.streams import Buffered

_RETURN = re.compile(r"(?<=\r)(?!\n)")
_LONE_RETURN = re.compile(r"\r(?!\r*(?:\n|\Z))")


class LineBuffer:
    r"""The next decoded lines of a file, with their line ends.

    A line ends in "\n"; in a file whose first lines end in "\r" alone (classic Mac OS), in "\r" too.

    >>> import io
    >>> buffer = LineBuffer(io.BufferedReader(io.BytesIO(b"a\nb\nc")))
    >>> buffer.fill(3)
    >>> buffer.lines, buffer.at_end
    (['a\n', 'b\n'], False)
    """

    def __init__(self, stream: Buffered) -> None:
        """Start at the beginning of a stream."""
        self.decoder, raw_lines = open_lines(stream)
        self.lines: list[str] = []
        self.sizes: list[int] = []  # bytes of each line
        self.size = 0  # bytes of all lines
        self.first = 0  # number of the first line, from 0
        self.problems: dict[int, str] = {}  # why a line cannot be decoded, by its number
        self.at_end = False  # whether no more lines follow
        self.failure: Exception | None = None  # why the stream could not be read further
        self._raw_lines: Iterator[bytes] = raw_lines
        self._has_returns: bool | None = None  # whether lines end in "\r" alone
        self._parts: list[str] = []  # the next such lines, the last one first

    def fill(self, size: int) -> None:
        """Read lines until there are at least `size` bytes of them, or the file ends.

        An error of the stream ends the file; it is kept as `failure`, so that the lines before it can be read.
        """
        try:
            if self._has_returns is None and self.size < size and not self.at_end:
                self._read_first()
            if self._has_returns:
                self._fill_with_parts(size)
            elif self.size < size and not self.at_end:
                self._fill_with_lines(size)
        except Exception as error:  # the stream may be of any library
            self.failure = error
            self.at_end = True

    def _read_first(self) -> None:
        """Read the first line, by which it is known how lines end."""
        raw = next(self._raw_lines, None)
        if raw is None:
            self.at_end = True
            return
        line = self._decode(raw)
        self._has_returns = _ends_in_returns(line)
        if self._has_returns:
            self._parts = _split_at_returns(line)
        else:
            self._add(line, len(raw))

    def _fill_with_lines(self, size: int) -> None:
        """Read lines that end in "\\n"."""
        found = self.decoder.decode_next(size - self.size)
        if found is not None:
            lines, raw_lines = found
            self.lines += lines
            self.sizes += map(len, raw_lines)
            self.size += sum(map(len, raw_lines))
        while self.size < size:
            raw = next(self._raw_lines, None)
            if raw is None:
                self.at_end = True
                return
            self._add(self._decode(raw), len(raw))

    def _fill_with_parts(self, size: int) -> None:
        """Read lines that end in "\\r" alone."""
        while self.size < size and not self.at_end:
            if self._parts:
                part = self._parts.pop()
                self._add(part, len(part))
            elif (raw := next(self._raw_lines, None)) is not None:
                self._parts = _split_at_returns(self._decode(raw))
            else:
                self.at_end = True

    def _add(self, line: str, size: int) -> None:
        self.lines.append(line)
        self.sizes.append(size)
        self.size += size

    def _decode(self, raw: bytes) -> str:
        try:
            return self.decoder(raw)
        except Unreadable as error:
            return self._name_problem(raw, error)

    def _name_problem(self, raw: bytes, error: Unreadable) -> str:
        """Keep why the next line cannot be decoded; return text with its quotes and separators for the parser."""
        self.problems[self.first + len(self.lines)] = str(error)
        return raw.decode("utf-8", "replace")

    def drop(self, count: int) -> None:
        """Remove the first lines."""
        self.size -= sum(self.sizes[:count])
        for number in [number for number in self.problems if number < self.first + count]:
            del self.problems[number]
        del self.lines[:count], self.sizes[:count]
        self.first += count


def _split_at_returns(line: str) -> list[str]:
    """Return the lines that end in returns in a line, the last one first."""
    return [part for part in reversed(_RETURN.split(line)) if part]


def _ends_in_returns(line: str) -> bool:
    r"""Return whether the lines of a file end in "\r" alone, by the text up to its first "\n"."""
    found = _LONE_RETURN.search(line)
    if found is None:
        return False
    before = line[: found.start()]
    return not line.endswith("\n") or before.count('"') % 2 == 0 or before.replace('\\"', "").count('"') % 2 == 0
