"""Kernels on the bytes of texts: folding, tokens, paragraphs, hashes."""
