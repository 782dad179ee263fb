"""Separate lines in UTF-8 from lines in another encoding in the same file, and decode both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dedup.corpus.encodings.detect import (
    SURROGATE,
    Utf8Count,
    are_few,
    choose_encoding,
    count_utf8,
    is_utf8,
    narrowest,
)
from dedup.corpus.encodings.guess import MULTI_BYTE, UTF8, compare_utf8, mean_in_utf8
from dedup.corpus.report import Unreadable

# Numbers of multi-byte sequences that show that a line is in UTF-8: in any case; if they are more likely than their
# characters in the other encoding; and if they are much more likely.
_CERTAIN_SEQUENCES, _FEW_SEQUENCES, _FEW_IN_MULTI_BYTE = 8, 2, 4
_MUCH_LIKELIER = 4.0
# Minimum mean score of a byte of these sequences: in a language that is known; in any text if there are many; and in
# anything but noise. A line of another encoding that happens to be valid UTF-8 gives letters of no language.
_KNOWN_LANGUAGE, _ANY_LANGUAGE, _NO_NOISE = -2.8, -3.2, -4.0
# Minimum ratios of sequences in UTF-8 to others: for many of them, and for more than occur by chance.
_MANY_SHARE, _CHANCE_SHARE = 1 / 20, 1 / 500
# Invalid sequences that show that a line, or lines together, are not UTF-8; and those in a part of a line
# whose other part is certainly in UTF-8.
_SEVERAL, _SEVERAL_IN_PART = 2, 4
# How much more likely another encoding must be than UTF-8 with damage.
_CLEARLY_LIKELIER = 8.0
_MAX_SAMPLE_BYTES = 64 << 10
_LAST_SURROGATE = re.compile("[\ud800-\udfff][^\ud800-\udfff]*\\Z")
_NOT_ASCII = re.compile("[^\x00-\x7f]")


class Choice(NamedTuple):
    """The encoding of lines."""

    encoding: str
    """Python's name; "utf-8" if the lines are UTF-8, perhaps with damage."""
    is_mixed: bool
    """Whether some of the lines are in UTF-8 and the others in `encoding`."""


def choose_line_encoding(sample: bytes) -> Choice:
    """Return the encoding of the lines that are not valid UTF-8; raises Unreadable if it is unknown.

    Args:
        sample: The lines, or those around the first one that is not ASCII.

    >>> lines = ["Voilà les élèves de Noël.", "Où était-ce déjà, là-bas ?"]
    >>> choose_line_encoding("\\n".join(lines).encode("cp1252"))
    Choice(encoding='cp1252', is_mixed=False)
    >>> choose_line_encoding(lines[0].encode() + b"\\n" + lines[1].encode("cp1252"))
    Choice(encoding='cp1252', is_mixed=True)
    """
    kinds = count_kinds(sample)
    found = guess_in_mixed(kinds)
    if found is not None:
        return Choice(found, is_mixed=True)
    return Choice(choose_encoding(sample), is_mixed=False)


class Kinds(NamedTuple):
    """Which lines of a text are in UTF-8, and which are not."""

    utf8: int
    """Valid sequences of several bytes in the lines that have at least two of them and are valid."""
    other: int
    """Invalid sequences in the lines that have hardly any valid ones."""
    sample: bytes
    """The lines that have hardly any valid ones, and those in ASCII; at most 64 KiB."""
    valid_sample: bytes
    """The lines that are counted in `utf8`; at most 64 KiB."""


def count_kinds(data: bytes) -> Kinds:
    """Count the sequences in lines of each kind; none, and no samples, if there are not several of both kinds.

    >>> count_kinds("né à\\n".encode() + b"n\\xe9 \\xe0")
    Kinds(utf8=2, other=2, sample=b'n\\xe9 \\xe0', valid_sample=b'n\\xc3\\xa9 \\xc3\\xa0')
    """
    total = count_utf8(data + b"\n")  # a last character that is cut counts too
    if total.continuation < _FEW_SEQUENCES or total.invalid < _SEVERAL:
        return Kinds(0, 0, b"", b"")
    valid = invalid = 0
    plain, other, in_utf8 = _Sample(), _Sample(), _Sample()
    for line in data.split(b"\n"):
        if line.isascii():
            plain.add(line)
            continue
        for part in split_kinds(line):
            sequences = count_sequences(part)
            if sequences is None:
                count = count_utf8(part + b"\n")
                if is_other(count):
                    invalid += count.invalid
                    other.add(part)
            elif sequences >= _FEW_SEQUENCES:
                valid += sequences
                in_utf8.add(part)
    return Kinds(valid, invalid, b"\n".join(other.lines + plain.lines), b"\n".join(in_utf8.lines))


class _Sample:
    """The first lines that are added, up to a size."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._free = _MAX_SAMPLE_BYTES // 2

    def add(self, line: bytes) -> None:
        if self._free > 0:
            self.lines.append(line[: self._free])
            self._free -= len(line)


def count_sequences(line: bytes) -> int | None:
    """Return the number of sequences of several bytes in UTF-8; None if the line is not valid UTF-8."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    return sum(map(len, _NOT_ASCII.findall(text))) if len(text) != len(line) else 0


def is_other(count: Utf8Count) -> bool:
    """Return whether a line that is not valid UTF-8 is in another encoding rather than damaged."""
    return count.invalid > 0 and 2 * count.continuation <= count.invalid


def may_be_mixed(kinds: Kinds) -> bool:
    """Return whether more lines are valid UTF-8 than would be by chance, and these have letters of a language."""
    if kinds.utf8 < _FEW_SEQUENCES or kinds.other < _SEVERAL:
        return False
    share = kinds.utf8 / kinds.other
    least = _ANY_LANGUAGE if share >= _MANY_SHARE else _KNOWN_LANGUAGE
    return share >= _CHANCE_SHARE and mean_in_utf8(kinds.valid_sample) >= least


def guess_in_mixed(kinds: Kinds, declared: str | None = None) -> str | None:
    """Return the encoding of the lines that are not in UTF-8; None if it is not clear that there are lines of both."""
    if not may_be_mixed(kinds):
        return None
    encoding = guess_other(kinds.sample, declared)
    if encoding is None or compare_utf8(kinds.valid_sample, encoding) < _MUCH_LIKELIER:
        return None
    return encoding


def guess_other(sample: bytes, declared: str | None = None) -> str | None:
    """Return the encoding of lines that are not UTF-8 in a file with others that are; None if it is not clear."""
    try:
        encoding = choose_encoding(sample, declared)
    except Unreadable:
        return None
    return encoding if encoding != UTF8 and compare_utf8(sample, encoding) <= -_CLEARLY_LIKELIER else None


def split_kinds(line: bytes) -> list[bytes]:
    """Split a line into a part in UTF-8 and a part that is not, in their order; most lines are of one part.

    Such a line is in the middle of a text that was joined from two files.

    >>> split_kinds("été, déjà, ".encode() + b"\\xe0 c\\xf4t\\xe9, l\\xe0")
    [b'\\xc3\\xa9t\\xc3\\xa9, d\\xc3\\xa9j\\xc3\\xa0', b', \\xe0 c\\xf4t\\xe9, l\\xe0']
    """
    if is_utf8(line) or not count_utf8(line).continuation:
        return [line]
    text = line.decode(UTF8, "surrogateescape")
    first, last = SURROGATE.search(text), _LAST_SURROGATE.search(text)
    if first is None or last is None:
        return [line]
    for head, tail, is_first in ((text[: first.start()], text[first.start() :], True), _ends(text, last.start())):
        valid, other = (head, tail) if is_first else (tail, head)
        found = list(_NOT_ASCII.finditer(valid))
        if len(found) < _FEW_SEQUENCES:
            continue
        escaped = len(SURROGATE.findall(other))
        least = _SEVERAL if len(found) < _CERTAIN_SEQUENCES else _SEVERAL_IN_PART  # otherwise they may be damage
        if escaped >= least and 2 * (len(_NOT_ASCII.findall(other)) - escaped) <= escaped:
            at = found[-1].end() if is_first else len(head) + found[0].start()
            return [part.encode(UTF8, "surrogateescape") for part in (text[:at], text[at:])]
    return [line]


def _ends(text: str, last: int) -> tuple[str, str, bool]:
    return text[: last + 1], text[last + 1 :], False


class MixedDecoder:
    """Decodes the lines of a file of which some are in UTF-8 and the others in another encoding."""

    def __init__(self, encoding: str, sample: bytes) -> None:
        """Start for an encoding.

        Args:
            encoding: Python's name.
            sample: Some of the lines, by which a narrower encoding is chosen.
        """
        self.encoding = narrowest(encoding, sample)
        self.mixed = False  # whether lines in UTF-8 were decoded
        self._wider = encoding
        self._is_split = encoding not in MULTI_BYTE  # whether a line may have parts in both
        self._few = _FEW_IN_MULTI_BYTE if encoding in MULTI_BYTE else _FEW_SEQUENCES

    def decode(self, line: bytes) -> tuple[str, int]:
        """Return the text of a line, and the number of characters U+FFFD for invalid bytes; raises Unreadable."""
        sequences = count_sequences(line)
        if sequences and self._is_utf8(line, sequences):
            self.mixed = True
            return line.decode(), 0
        if sequences is None and self.mixed and (count := count_utf8(line)).continuation >= _FEW_SEQUENCES:
            parts = split_kinds(line) if self._is_split else [line]
            if len(parts) > 1:
                texts = [self.decode(part) for part in parts]
                return "".join(text for text, _ in texts), sum(replaced for _, replaced in texts)
            if count.may_be_utf8:
                text = line.decode(UTF8, "replace")
                return text, text.count("\ufffd") - line.count("\ufffd".encode())
        try:
            return line.decode(self.encoding), 0
        except UnicodeDecodeError as error:
            text = line.decode(self._wider, "replace")
            replaced = text.count("\ufffd")
            if not are_few(replaced, line):
                raise Unreadable(f"not {self.encoding} ({error.reason})") from None
        return text, replaced

    def _is_utf8(self, line: bytes, sequences: int) -> bool:
        """Return whether a line that is valid UTF-8 is in UTF-8 rather than in the other encoding."""
        mean = mean_in_utf8(line)
        if sequences >= _CERTAIN_SEQUENCES:
            return mean >= _NO_NOISE
        if mean < (_ANY_LANGUAGE if self.mixed else _KNOWN_LANGUAGE):
            return False
        least = 0.0 if sequences >= self._few else _MUCH_LIKELIER
        return compare_utf8(line, self._wider) > least


def decode_mixed(data: bytes, decoder: MixedDecoder) -> Iterator[tuple[str, int]]:
    """Yield the text of each line, with its line end, and the number of invalid sequences in it."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield decoder.decode(data[start:end])
        start = end
