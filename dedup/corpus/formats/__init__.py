"""Readers of file formats, one module for each, and the decoding of bytes that they share."""
