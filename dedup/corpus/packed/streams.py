"""Decode streams of gzip, DEFLATE, bzip2, xz and lzma."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator

from dedup.corpus.packed.pieces import Source, cut_off, damaged

# Maximum number of decoded bytes of one piece.
_PIECE_BYTES = 256 << 10


def decode_deflate(source: Source, codec: str, window_bits: int) -> Iterator[bytes]:
    """Decode a gzip member, or raw DEFLATE data.

    Args:
        source: The compressed bytes.
        codec: Name for messages.
        window_bits: As for `zlib.decompressobj`.

    Raises:
        DamagedData: The data is damaged or cut.
    """
    decoder = zlib.decompressobj(window_bits)
    while not decoder.eof:
        data = decoder.unconsumed_tail or source.chunk()
        if not data:
            yield decoder.flush()
            raise cut_off(codec)
        try:
            yield decoder.decompress(data, _PIECE_BYTES)
        except zlib.error as error:
            raise damaged(codec, str(error).rpartition(": ")[2]) from None
    source.put_back(decoder.unused_data)


def decode_stdlib(source: Source, codec: str, decoder: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> Iterator[bytes]:
    """Decode a stream with a decoder of the standard library.

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
            yield decoder.decompress(data, _PIECE_BYTES)
        except (OSError, ValueError, lzma.LZMAError) as error:
            raise damaged(codec, _first_lower(error)) from None
    source.put_back(decoder.unused_data)


def _first_lower(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
