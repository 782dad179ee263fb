"""Decompress streams, recognised by their first bytes: gzip, bzip2, xz, lzma, lz4 and zstd.

A compressed file is a sequence of members: streams of gzip, bzip2 or xz, frames of lz4 or zstd. The members are decoded
in turn. If a file is cut, all data before the cut are returned, and only the next read raises an error. If it is
damaged, the last data before the damage are left out too, since they may be wrong: see `hold_back`.
"""

from __future__ import annotations

import bz2
import contextlib
import lzma
import zlib
from collections.abc import Callable, Iterator

from dedup.corpus.packed.frames import ZstdFrames, decode_lz4
from dedup.corpus.packed.pieces import (
    BUFFER_BYTES,
    CutOff,
    DamagedData,
    PieceReader,
    Source,
    TrailingGarbage,
    cut_off,
    hold_back,
)
from dedup.corpus.packed.streams import decode_deflate, decode_stdlib
from dedup.corpus.streams import Buffered, check_size

HEAD_BYTES = 32
"""First bytes of a stream from which compression is recognised."""
MAX_NESTING = 3
"""Times that one file may be compressed: a .gz of a .gz is decompressed twice."""

_GZIP, _XZ, _ZSTD, _LZ4 = b"\x1f\x8b", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"
# Files of bzip2 continue with a block, or with the end if they are empty.
_BZIP2 = tuple(b"BZh%d" % level + mark for level in range(1, 10) for mark in (b"1AY&SY", b"\x17rE8P\x90"))
# Maximum number of bytes that a block decodes to: 900,000 before runs are expanded, of which 5 give up to 259.
_BZIP2_BLOCK_BYTES = 48 << 20
_SKIPPABLE = tuple(bytes([first]) + b"\x2a\x4d\x18" for first in range(0x50, 0x60))

_ENDINGS = (b".gz", b".gzip", b".bgz", b".bz2", b".xz", b".lzma", b".lz4", b".zst", b".zstd")
_JOINED_ENDINGS = {
    b".tgz": b".tar",
    b".tbz": b".tar",
    b".tbz2": b".tar",
    b".txz": b".tar",
    b".tlz": b".tar",
    b".tzst": b".tar",
    b".svgz": b".svg",
}


def is_compressed(head: bytes) -> bool:
    """Return whether a stream is compressed.

    Args:
        head: Its first bytes, at least `HEAD_BYTES` of them if there are as many.

    >>> is_compressed(bz2.compress(b"a")), is_compressed(b"BZh9 is a text")
    (True, False)
    """
    return _codec_of(head) is not None


def strip_compression(name: bytes) -> bytes:
    """Remove the endings of compression from the name of a file.

    >>> strip_compression(b"a/News.CSV.zst"), strip_compression(b"a.tgz"), strip_compression(b"a/.gz")
    (b'a/News.CSV', b'a.tar', b'a/.gz')
    """
    for _ in range(MAX_NESTING):
        folder, slash, base = name.rpartition(b"/")
        stem, _, ending = base.rpartition(b".")
        ending = b"." + ending.lower()
        if not stem or (ending not in _ENDINGS and ending not in _JOINED_ENDINGS):
            break
        name = folder + slash + stem + _JOINED_ENDINGS.get(ending, b"")
    return name


@contextlib.contextmanager
def decompressed(stream: Buffered) -> Iterator[Buffered]:
    """Decompress a stream, recognised by its first bytes; yield other streams unchanged.

    The stream that is yielded raises `DamagedData` or `TrailingGarbage` in the first read after all data before it.

    Raises:
        OSError: The stream is compressed more than `MAX_NESTING` times.
    """
    with contextlib.ExitStack() as readers:
        for _ in range(MAX_NESTING):
            if not is_compressed(stream.peek(HEAD_BYTES)[:HEAD_BYTES]):
                break
            stream = readers.enter_context(PieceReader(decode_members(Source(stream))))
        else:
            if is_compressed(stream.peek(HEAD_BYTES)[:HEAD_BYTES]):
                raise OSError(f"compressed more than {MAX_NESTING} times; decompress it first")
        yield stream


def read_sound(stream: Buffered) -> tuple[bytes, DamagedData | TrailingGarbage | None]:
    """Read the rest of a stream up to damage of compressed data.

    Returns:
        The bytes before the damage; and what is wrong, or None. After `TrailingGarbage` the bytes are complete.

    Raises:
        OSError: The stream cannot be read, or is too long for one text.

    >>> import io
    >>> with decompressed(io.BufferedReader(io.BytesIO(bz2.compress(b"text") + b"more"))) as stream:
    ...     read_sound(stream)
    (b'text', TrailingGarbage('4 bytes after the end of the compressed data were not read'))
    """
    pieces, size = [], 0
    try:
        while piece := stream.read(BUFFER_BYTES):
            pieces.append(piece)
            size += len(piece)
            check_size(size)
    except (DamagedData, TrailingGarbage) as damage:
        return b"".join(pieces), damage
    return b"".join(pieces), None


def _codec_of(head: bytes) -> str | None:
    """Return the name of the compression, by the first bytes of the data."""
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith(_BZIP2):
        return "bzip2"
    if head.startswith(_XZ):
        return "xz"
    if head.startswith(_ZSTD):
        return "zstd"
    if head.startswith(_LZ4):
        return "lz4"
    if head.startswith(_SKIPPABLE):
        return "skippable"
    return "lzma" if _is_lzma(head) else None


def _is_lzma(head: bytes) -> bool:
    """Return whether some first bytes are those of an .lzma file, which has no magic number.

    The conditions are those of the command xz: default properties, a dictionary of 2**n or 2**n + 2**(n-1) bytes, and
    an unknown size or one below 256 GiB. The first byte of the data is always zero.
    """
    if len(head) < 14 or head[0] != 0x5D or head[13] != 0:
        return False
    dictionary, size = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    is_usual = bin(dictionary).lstrip("0b").rstrip("0") in ("1", "11") and dictionary >= 4096
    return is_usual and (size == (1 << 64) - 1 or size < 1 << 38)


def decode_members(source: Source) -> Iterator[bytes]:
    """Yield the data of all members.

    Args:
        source: The compressed bytes.

    Raises:
        DamagedData: A member is damaged or cut.
        TrailingGarbage: Other bytes follow the last member.
    """
    zstd = ZstdFrames(source)
    decoders: dict[str, Callable[[], Iterator[bytes]]] = {
        "gzip": lambda: hold_back(decode_deflate(source, "gzip", zlib.MAX_WBITS + 16)),
        "bzip2": lambda: _decode_bzip2(source),
        "xz": lambda: hold_back(decode_stdlib(source, "xz", lzma.LZMADecompressor(lzma.FORMAT_XZ))),
        "lzma": lambda: hold_back(decode_stdlib(source, "lzma", lzma.LZMADecompressor(lzma.FORMAT_ALONE))),
        "lz4": lambda: hold_back(decode_lz4(source)),
        "zstd": lambda: hold_back(zstd.decode()),
        "skippable": zstd.skip,
    }
    while True:
        codec = _codec_of(source.peek(HEAD_BYTES))
        if codec is None:
            return _check_end(source)
        try:
            yield from decoders[codec]()
        except TrailingGarbage:  # the source is itself decompressed, and ended within this member
            raise cut_off(codec) from None
        if source.peek(1) == b"\0":
            source.skip_zeros()


def _decode_bzip2(source: Source) -> Iterator[bytes]:
    """Decode a stream of bzip2: a block is yielded when its checksum is right, which is when more input is needed."""
    decoder = bz2.BZ2Decompressor()
    return hold_back(decode_stdlib(source, "bzip2", decoder), _BZIP2_BLOCK_BYTES, lambda: decoder.needs_input)


def _check_end(source: Source) -> None:
    """Raise an error if there are further bytes."""
    head = source.peek(HEAD_BYTES)
    if head and any(magic.startswith(head) for magic in (_GZIP, _XZ, _ZSTD, _LZ4, *_BZIP2, *_SKIPPABLE)):
        raise CutOff("the compressed data is cut off: its end is missing")
    if count := source.count_rest():
        plural = "byte" if count == 1 else "bytes"
        verb = "was" if count == 1 else "were"
        raise TrailingGarbage(f"{count} {plural} after the end of the compressed data {verb} not read")
