"""Decode streams of gzip, DEFLATE, bzip2, xz and lzma."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Any

from dedup.corpus.packed.pieces import Source, cut_off, damaged

# Decoded bytes of one piece. At an error the decoders of bzip2 and xz lose the piece that they are decoding.
_PIECE_BYTES = 1 << 20
_SMALL_PIECE_BYTES = 1 << 10


def decode_deflate(source: Source, codec: str, window_bits: int) -> Iterator[bytes]:
    """Decode a gzip member, or raw DEFLATE data. Everything before damage is yielded.

    Args:
        source: The compressed bytes.
        codec: Name for messages.
        window_bits: As for `zlib.decompressobj`.

    Raises:
        DamagedData: The data is damaged or cut.
    """
    decoder, data = zlib.decompressobj(window_bits), b""
    is_new = True
    while not decoder.eof:
        data = decoder.unconsumed_tail or source.chunk()
        if not data:
            yield decoder.flush()
            raise cut_off(codec)
        before = zlib.decompressobj(window_bits) if is_new else decoder.copy()
        is_new = False
        try:
            yield decoder.decompress(data, _PIECE_BYTES)
        except zlib.error as error:
            yield _decode_before_damage(before, data)
            raise damaged(codec, str(error).rpartition(": ")[2]) from None
    source.put_back(decoder.unused_data)


def _decode_before_damage(before: Any, data: bytes) -> bytes:
    """Decode the longest prefix of some data that can be decoded.

    Args:
        before: Decoder in the state before the data; it is not changed.
        data: Data with damage.
    """
    found, sound, damaged = b"", 0, len(data)  # numbers of bytes that can and that cannot be decoded
    while damaged - sound > 1:
        middle = (sound + damaged) // 2
        try:
            found = before.copy().decompress(data[:middle], _PIECE_BYTES)
        except zlib.error:
            damaged = middle
        else:
            sound = middle
    return found


def decode_stdlib(source: Source, codec: str, decoder: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> Iterator[bytes]:
    """Decode a stream with a decoder of the standard library. At most `_SMALL_PIECE_BYTES` before damage are lost.

    Args:
        source: The compressed bytes.
        codec: Name for messages.
        decoder: A new decoder.

    Raises:
        DamagedData: The data is damaged or cut.
    """
    while not decoder.eof:
        data = source.chunk() if decoder.needs_input else b""
        if decoder.needs_input and not data:
            raise cut_off(codec)
        try:
            yield decoder.decompress(data, _SMALL_PIECE_BYTES)
        except (OSError, ValueError, lzma.LZMAError) as error:
            raise damaged(codec, _first_lower(error)) from None
    source.put_back(decoder.unused_data)


def _first_lower(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
