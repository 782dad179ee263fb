"""Sketch units: their spans, hashes, signatures and shingle sets, in files."""
