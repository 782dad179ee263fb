"""Decode frames of zstd and lz4."""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from dedup.corpus.packed.pieces import RawPieces, Source, cut_off, damaged

# Maximum size of the data of a zstd block; source: RFC 8878, section 3.1.1.2.
_MAX_ZSTD_BLOCK_BYTES = 128 << 10
# zstd with --long=31 needs a window of 2 GiB.
_MAX_WINDOW_BYTES = 1 << 31
# The first frame of a WARC file compressed by zstd may be the dictionary of the others, itself compressed or not.
# Source: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
_DICTIONARY_FRAME, _DICTIONARY = b"\x5d\x2a\x4d\x18", b"\x37\xa4\x30\xec"
_MAX_DICTIONARY_BYTES = 64 << 20
_ZSTD = b"\x28\xb5\x2f\xfd"
# Decoded bytes of lz4 that are read at a time; if the end of the data is missing, they are lost.
_SMALL_PIECE_BYTES = 1 << 10


class ZstdFrames:
    """Decoder of zstd frames. They are decoded block by block, so that all blocks before damage are returned."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
        self._is_first = True

    def decode(self) -> Iterator[bytes]:
        """Decode a frame. Source of its layout: RFC 8878, section 3.1.1."""
        exactly, self._is_first = self._source.exactly, False
        descriptor = self._source.peek(5)[4:]
        if not descriptor:
            raise cut_off("zstd")
        flags = descriptor[0]
        is_single = bool(flags & 0x20)  # without a window size
        header_bytes = 5 + (not is_single) + (0, 1, 2, 4)[flags & 3] + (int(is_single), 2, 4, 8)[flags >> 6]
        frame = self._decompressor.decompressobj()
        try:
            yield frame.decompress(exactly(header_bytes, "zstd"))
            data, is_last = exactly(3, "zstd"), False
            while not is_last:
                header = int.from_bytes(data[-3:], "little")
                is_last, size = bool(header & 1), 1 if header >> 1 & 3 == 1 else header >> 3  # a repeated byte, or data
                if size > _MAX_ZSTD_BLOCK_BYTES:
                    raise damaged("zstd", "a block is too long")
                # With the block, read the header of the next.
                start, data = data[-3:], exactly(size + (0 if is_last else 3), "zstd")
                yield frame.decompress(start + data[:size])
            if flags & 4:
                yield frame.decompress(exactly(4, "zstd"))
        except zstandard.ZstdError as error:
            raise damaged("zstd", _zstd_reason(error)) from None

    def skip(self) -> Iterator[bytes]:
        """Skip a skippable frame; yields nothing."""
        header = self._source.exactly(8, "zstd")
        size = int.from_bytes(header[4:], "little")
        if self._is_first and header[:4] == _DICTIONARY_FRAME and size <= _MAX_DICTIONARY_BYTES:
            self._set_dictionary(self._source.exactly(size, "zstd"))
        else:
            self._source.skip(size, "zstd")
        self._is_first = False
        yield b""

    def _set_dictionary(self, data: bytes) -> None:
        try:
            if data.startswith(_ZSTD):
                data = self._decompressor.decompressobj().decompress(data)
            if data.startswith(_DICTIONARY):
                dictionary = zstandard.ZstdCompressionDict(data)
                self._decompressor = zstandard.ZstdDecompressor(dictionary, max_window_size=_MAX_WINDOW_BYTES)
        except zstandard.ZstdError as error:
            raise damaged("zstd", f"its dictionary: {_zstd_reason(error)}") from None


def _zstd_reason(error: Exception) -> str:
    reason = str(error).rpartition(": ")[2]
    if "Dictionary mismatch" in reason:
        return "it needs a dictionary that is not in the file"
    return reason[:1].lower() + reason[1:]


def decode_lz4(source: Source) -> Iterator[bytes]:
    """Decode an lz4 frame. At most `_SMALL_PIECE_BYTES` before a missing end are lost."""
    import pyarrow as pa

    frame = RawPieces(_lz4_parts(source))
    with pa.CompressedInputStream(pa.PythonFile(frame, "r"), "lz4") as plain:
        while True:
            try:
                piece = plain.read(_SMALL_PIECE_BYTES)
            except OSError as error:
                raise frame.error or damaged("lz4", str(error).rpartition(": ")[2]) from None
            if not piece:
                break
            yield piece
    while frame.read(_SMALL_PIECE_BYTES):  # to the end of the frame
        pass
    if frame.error:  # the frame is cut within its header
        raise frame.error


def _lz4_parts(source: Source) -> Iterator[bytes]:
    """Yield the compressed header, blocks and end of an lz4 frame.

    Source of the layout: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
    """
    head = source.peek(6)
    if len(head) < 6:
        raise cut_off("lz4")
    flags, block_bytes = head[4], 1 << (8 + 2 * (head[5] >> 4 & 7))
    yield source.exactly(7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0), "lz4")
    while True:
        header = source.exactly(4, "lz4")
        size = int.from_bytes(header, "little") & 0x7FFFFFFF
        if size > block_bytes:
            raise damaged("lz4", "a block is too long")
        if not size:
            yield header + source.exactly(4 if flags & 4 else 0, "lz4")
            return
        yield header + source.exactly(size + (4 if flags & 16 else 0), "lz4")
