"""Encodings of text: find out which one bytes are in, and decode them whole, by lines or by blocks."""
