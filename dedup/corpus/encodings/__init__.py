"""Encodings of text: detect the encoding of bytes, and decode them as a whole, by lines or by blocks."""
